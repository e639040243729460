"""What stands behind an answer, without a browser: which days it speaks of, how it was made, the open article, the newer version."""

from __future__ import annotations

import shutil
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, cast

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.home import Home
from index.types import Article, Filters, Newer, Passage
from rag.chatbot import Chatbot
from rag.llm.scripted import ScriptedLLM
from rag.settings import Settings
from rag.types import Answer, Check, Citation, Claim, RelativeDate, Speech, Usage, Value
from ui.asking import ask
from ui.conversation import Conversation, Exchange, Opened, Place, Quoted
from ui.library import Library
from ui.making import Making, Notes, Request, clipped
from ui.markup import Html
from ui.render.article import article_html
from ui.render.evidence import evidence_html
from ui.render.timeline import Axis, axis_of, timeline_html
from ui.sample import sample_articles
from ui.showing import CLOSE, show
from ui.sources import Dated, Told, dated

NOBODY = cast(Chatbot, None)
SCHOOLS = "Where do most sit three to a bench?"


def citation(number: int = 1, quote: str = "It closed.", **facts: Any) -> Citation:
    known = {
        "label": "Gazette",
        "title": None,
        "publisher": "Gazette",
        "published": "2024-03-04",
        "url": None,
        "start": 0,
        "end": len(quote),
    }
    place = {"article_id": "a1", "doc_id": "a", "path": "a.txt", "root": "/articles"}
    return Citation(number=number, quote=quote, **{**place, **known, **facts})


def answered(*citations: Citation, **facts: Any) -> Answer:
    claims = (Claim(text="It closed.", citations=(1,)),)
    return Answer(question="When?", status="answered", text="…", **{"short": "4 March", "claims": claims, "citations": citations, **facts})


def passage(words: str = "It closed.", **facts: Any) -> Passage:
    known = {"article_id": "a1", "label": "Gazette", "path": "a.txt", "root": "/articles", **facts}
    return Passage(doc_id="a", start=0, end=len(words), text=words, score=1.0, **known)


def talk(answer: Answer | None, **facts: Any) -> Conversation:
    return Conversation(exchanges=(Exchange(question="When?", chatbot=NOBODY, answer=answer, **facts),), shown=0)


def tree(markup: Html) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(markup, create_parent="div")


def words(node: lxml.html.HtmlElement) -> str:
    return " ".join(node.text_content().split())


def panel(conversation: Conversation, name: str) -> lxml.html.HtmlElement:
    return tree(evidence_html(conversation)).get_element_by_id(f"dl-panel-{name}")


# The days that the evidence speaks of


@pytest.mark.parametrize(
    ("quote", "told"),
    [
        ("It closed on 15 August 2022.", [("2022-08-15", "2022-08-15", "15 August 2022")]),
        ("It closed in August 2022.", [("2022-08-01", "2022-08-31", "August 2022")]),
        ("It closed in late 2021.", [("2021-09-01", "2021-12-31", "late 2021")]),
        ("It closed in spring 2021.", [("2021-03-01", "2021-05-31", "spring 2021")]),
        ("It opened in 2019.", [("2019-01-01", "2019-12-31", "2019")]),
        ("It was built in the 1960s.", [("1960-01-01", "1969-12-31", "the 1960s")]),
        ("It closed on 5 May.", []),
        ("It closed on 31 February 2021.", []),
        ("Nothing happened.", []),
    ],
)
def test_days_that_a_quote_names_with_their_year(quote: str, told: list[tuple[str, str, str]]) -> None:
    (row,) = dated(answered(citation(quote=quote)), 0)
    assert [(str(one.first), str(one.last)) for one in row.told] == [(first, last) for first, last, _ in told]
    assert [one.words.removeprefix("the ") for one in row.told] == [shown.removeprefix("the ") for *_, shown in told]


def test_relative_dates_count_where_they_were_resolved() -> None:
    quote = "On Monday it closed, a week later it opened; in 2021 it was new."
    dates = (RelativeDate(text="Monday", start=3, end=9, first="2024-03-04", last="2024-03-04", display="Monday = 4 March 2024"),
             RelativeDate(text="a week later", start=21, end=33, first=None, last=None, display="not resolved"))  # fmt: skip
    (row,) = dated(answered(citation(quote=quote, dates=dates)), 0)
    assert row.told == (Told(date(2021, 1, 1), date(2021, 12, 31), "2021"), Told(date(2024, 3, 4), date(2024, 3, 4), "Monday"))


def test_sources_come_by_day_of_publication_with_what_they_give_as_the_answer() -> None:
    values = (Value(value="40", citations=(2,), labels=("Ledger",), published=(None,)),)
    answer = answered(
        citation(1), citation(2, published=None, label="Ledger"), citation(3, published="2023-01-02T08:15"), disagreement=values
    )
    assert dated(answer, 5) == [
        Dated(place=Place(5, "c", 3), label="Gazette", published=date(2023, 1, 2)),
        Dated(place=Place(5, "c", 1), label="Gazette", published=date(2024, 3, 4), value="4 March"),
        Dated(place=Place(5, "c", 2), label="Ledger", published=None, value="40"),
    ]


def test_the_nearest_passages_have_their_days_too() -> None:
    none = Answer(question="?", status="no_evidence", short="", text="", nearest=(passage(published="2024-03-04"), passage()))
    assert [(row.place, row.published) for row in dated(none, 0)] == [(Place(0, "n", 1), date(2024, 3, 4)), (Place(0, "n", 2), None)]


days = st.dates(min_value=date(1, 1, 1), max_value=date(9999, 12, 31))


@given(st.lists(days, min_size=1, max_size=5))
def test_every_day_lies_on_the_axis_which_has_few_round_ticks(found: list[date]) -> None:
    axis = axis_of([Dated(place=Place(0, "c", 1), label="", published=day) for day in found])
    assert axis is not None
    assert axis.first <= min(found) <= max(found) <= axis.last
    assert all(0 < axis.at(day) < 100 for day in found)
    ticks = [day for day, _ in axis.ticks()]
    assert ticks == sorted(set(ticks))
    assert len(ticks) <= 4


def test_days_lie_where_their_distance_puts_them() -> None:
    axis = Axis(date(2024, 1, 1), date(2024, 1, 1) + timedelta(days=100))
    assert [axis.at(axis.first), axis.at(date(2024, 1, 26)), axis.at(date(2024, 2, 20)), axis.at(axis.last)] == [8.0, 29.0, 50.0, 92.0]
    assert axis.ticks() == [(date(2024, month, 1), f"{name} 2024") for month, name in enumerate(("Jan", "Feb", "Mar", "Apr"), start=1)]


def test_the_timeline_holds_every_day_twice_as_a_plot_and_as_a_table() -> None:
    newest = citation(2, "It closed in August 2022.", published="2024-04-01", label="Ledger")
    page = tree(timeline_html(answered(citation(1), newest, citation(3, published=None)), 4))
    assert [[words(cell) for cell in row] for row in page.xpath(".//tbody/tr")] == [
        ["August 2022", "Says August 2022", "[2] Ledger"],
        ["4 March 2024", "Published; gives 4 March", "[1] Gazette"],
        ["1 April 2024", "Published", "[2] Ledger"],
        ["undated", "Published", "[3] Gazette"],
    ]
    assert page.xpath(".//tbody//button/@data-open") == ["4:c2", "4:c1", "4:c2", "4:c3"]
    (plot,) = page.xpath(".//svg")
    assert (plot.get("role"), plot.get("aria-label")) == ("img", "Timeline of 2 passages; the table below holds the same days")
    assert plot.xpath(".//g[@data-open]/@data-open") == ["4:c1", "4:c2"]
    axis = Axis(date(2022, 8, 1), date(2024, 4, 1))
    assert plot.xpath(".//g[@data-open]/circle[@class='dl-published']/@cx") == [f"{axis.at(day)}%" for day in (date(2024, 3, 4), axis.last)]
    assert words(page.xpath(".//p")[0]) == "Published 4 March to 1 April 2024; 1 passage without a date"


def test_without_days_the_timeline_says_so() -> None:
    assert words(tree(timeline_html(answered(citation(published=None)), 0))) == (
        "None of the passages has a date, and none speaks of a day."
    )
    none = Answer(question="?", status="no_evidence", short="", text="")
    assert words(tree(timeline_html(none, 0))) == "There is no passage to date."


# The open article


def opened(body: str, quote: str, *others: str, **facts: Any) -> Opened:
    article = Article(id="a1", text_hash="h", doc_id="a", path="a.txt", root="/articles", text=body, **facts)
    spans = [(body.index(words), body.index(words) + len(words)) for words in (quote, *others)]
    quotes = tuple(sorted((Quoted(Place(0, "c", n), *span) for n, span in enumerate(spans, start=1)), key=lambda one: one.start))
    return Opened(place=Place(0, "c", 1), article=article, start=spans[0][0], end=spans[0][1], quotes=quotes)


def test_other_quotes_of_the_answer_are_marked_lightly_and_lead_on() -> None:
    page = tree(article_html(opened("A one. B two. C three.\nD four.", "B two.", "D four.", "A one."), {}))
    assert [(mark.get("class"), mark.text_content(), mark.get("data-open"), mark.get("data-number")) for mark in page.xpath(".//mark")] == [
        ("dl-also", "A one.", "0:c3", "3"), ("dl-mark", "B two.", None, "1"), ("dl-also", "D four.", "0:c2", "2"),
    ]  # fmt: skip
    steps = [(button.get("aria-label"), button.get("data-open")) for button in page.xpath(".//button[@data-step]")]
    assert steps == [("Previous quote in this article", "0:c3"), ("Next quote in this article", "0:c2")]
    assert "2 of 3 here" in words(page)


def test_a_single_quote_has_nowhere_to_step_to() -> None:
    assert tree(article_html(opened("A one. B two.", "B two."), {})).xpath(".//button[@data-step] | .//mark[@data-number]") == []


spans = st.tuples(st.integers(0, 60), st.integers(1, 30)).map(lambda pair: (pair[0], pair[0] + pair[1]))


@given(body=st.text("ab \n\r\u2028<é", min_size=95, max_size=95), span=spans, others=st.lists(spans, max_size=4))
def test_quotes_may_overlap_and_the_strong_marks_still_read_as_the_opened_one(
    body: str, span: tuple[int, int], others: list[tuple[int, int]]
) -> None:
    quotes = [Quoted(Place(0, "c", number), *one) for number, one in enumerate([span, *others], start=1)]
    shown = Opened(place=Place(0, "c", 1), article=Article(id="a", text_hash="", doc_id="a", path="a", root="/", text=body), start=span[0],
                   end=span[1], quotes=tuple(sorted(quotes, key=lambda quoted: quoted.start)))  # fmt: skip
    page = tree(article_html(shown, {}))
    assert page.find_class("dl-text")[0].text_content() == body
    assert "".join(mark.text_content() for mark in page.find_class("dl-mark")) == body[slice(*span)]
    marked = {at for first, last in [span, *others] for at in range(first, last)}
    assert sum(len(mark.text_content()) for mark in page.xpath(".//mark")) == len(marked)
    assert len(page.xpath(".//*[@id='dl-quote']")) == 1


@pytest.mark.parametrize(
    ("url", "where"), [("https://gazette.example/1", "https://gazette.example/1"), ("javascript:boom()", "a.txt"), (None, "a.txt")]
)
def test_a_quote_is_copied_with_its_source_line(url: str | None, where: str) -> None:
    source = citation(quote="B “two”.", title="All letters", url=url)
    page = tree(article_html(opened("A one. B “two”.", "B “two”.", url=url), {Place(0, "c", 1): source}))
    assert page.xpath(".//button[@class='dl-copy']/@data-copy") == [f"“B “two”.”\n— Gazette, “All letters”, 2024-03-04, {where}"]
    assert page.xpath(".//a/@href") == ([url] if url == where else [])


def test_who_says_the_opened_quote_and_its_days_stand_beside_it() -> None:
    said = Speech(speaker="Ina Pell", start=0, end=8, verb="said", kind="said")
    dates = (RelativeDate(text="Monday", start=3, end=9, first="2024-03-04", last="2024-03-04", display="Monday = 4 March 2024"),)
    sources = {Place(0, "c", 1): citation(quote="A one.", speech=said, dates=dates)}
    page = tree(article_html(opened("A one.", "A one."), sources))
    assert words(page.find_class("dl-beside")[0]) == "According to Ina Pell · Monday = 4 March 2024"
    assert tree(article_html(opened("A one.", "A one."), {Place(0, "c", 1): citation(quote="A one.")})).find_class("dl-beside") == []


def test_where_the_file_lies_and_when_it_was_changed() -> None:
    facts = {"published": "2024-03-04", "provenance": {"published": "date line", "updated": "2024-03-06T10:00 (meta modified)"}}
    page = tree(article_html(opened("A one.", "A one.", **facts), {}))
    assert [words(fact) for fact in page.xpath(".//header//li")] == [
        "4 March 2024 (from date line)", "updated 6 March 2024, 10:00 (from meta modified)",
    ]  # fmt: skip
    assert words(page.find_class("dl-path")[0]) == "/articles/a.txt"


# The newer version


@pytest.fixture
def schools(open_home: Callable[..., Home], tmp_path: Path) -> Chatbot:
    """A report of the sample, and its correction."""
    folder = tmp_path / "schools"
    folder.mkdir()
    for file in sample_articles().glob("quillhaven-ledger-schools-*.md"):
        shutil.copy(file, folder)
    home = open_home()
    home.sync(folder)
    return Chatbot(home, settings=Settings())


def superseded(chatbot: Chatbot) -> tuple[Conversation, Place, Newer]:
    """A conversation, and a source in it that was superseded."""
    *_, conversation = ask(Library(chatbot), Conversation(), SCHOOLS)
    answer = conversation.exchanges[0].answer
    assert answer is not None
    cited = next(citation for citation in answer.citations if citation.superseded)
    assert cited.superseded is not None
    return conversation, Place(0, "c", cited.number), cited.superseded


def test_what_was_superseded_leads_to_what_took_its_place_and_back(schools: Chatbot) -> None:
    conversation, place, newer = superseded(schools)
    card = panel(conversation, "evidence").xpath(f".//li[button/@data-open='{place}']")[0]
    assert words(card.find_class("dl-superseded")[0]) == (
        "Superseded: this version of 10 June 2025 was corrected on 14 June 2025. Open the correction"
    )
    assert card.xpath(".//button[@class='dl-newer']/@data-open") == [f"{place}+"]
    after = show(conversation, f"{place}+")
    assert after.opened is not None
    assert after.opened.article is not None
    assert (after.opened.article.id, after.opened.start, after.opened.end) == (newer.article_id, 0, 0)
    page = panel(after, "evidence")
    assert page.xpath(".//*[@class='dl-version']//button/@data-open") == [str(place)]
    assert show(after, f"{place}+").opened is None
    assert show(show(after, str(place)), CLOSE) == conversation


def test_only_what_was_superseded_has_a_newer_version(schools: Chatbot) -> None:
    conversation, place, _ = superseded(schools)
    exchange = conversation.exchanges[0]
    assert exchange.answer is not None
    plain = tuple(replace(citation, superseded=None) for citation in exchange.answer.citations)
    without = conversation.update(replace(exchange, answer=replace(exchange.answer, citations=plain)))
    assert show(without, f"{place}+") == without


def test_an_earlier_exchange_is_shown_by_its_number(schools: Chatbot) -> None:
    conversation, place, _ = superseded(schools)
    *_, both = ask(Library(schools), conversation, "Who counted the schools?")
    assert show(show(both, str(place)), "1") == both
    assert show(both, "0").shown == 0
    assert show(both, "2") == both


def test_a_card_says_where_the_date_was_read(schools: Chatbot) -> None:
    conversation, *_ = superseded(schools)
    assert {words(node) for node in panel(conversation, "evidence").find_class("dl-origin")} == {"date from front matter"}


# How it was made


def searched(notes: Notes, *passages: Passage, question: str = "When?") -> None:
    notes("search", {"question": question, "filters": Filters(), "passages": passages, "seconds": 0.25})


def test_notes_keep_what_they_hear_in_order() -> None:
    notes = Notes()
    searched(notes, passage(title="T"))
    notes("prompt", {"model": "m", "stage": "model", "messages": [{"role": "user", "content": "Say."}]})
    notes("prompt", {"model": "m", "stage": "repair", "messages": [{"role": "user", "content": "Again."}]})
    notes("completion", {"model": "m", "stage": "repair", "text": "Four.", "tokens_in": 7, "tokens_out": 2, "seconds": 0.5})
    assert notes.making.requests == (
        Request(model="m", stage="model", messages=(("user", "Say."),)),
        Request(model="m", stage="repair", messages=(("user", "Again."),), reply="Four.", tokens_in=7, tokens_out=2, seconds=0.5),
    )
    (search,) = notes.making.searches
    assert (search.question, search.total, search.seconds, [found.words for found in search.found]) == ("When?", 1, 0.25, ["It closed."])


def test_notes_are_bounded() -> None:
    notes, long = Notes(), "x" * 1_000_000
    for _ in range(100):
        searched(notes, *[passage(long)] * 60)
        notes("prompt", {"model": "m", "stage": "model", "messages": [{"role": "user", "content": long}] * 100})
        notes("completion", {"model": "m", "stage": "model", "text": long, "tokens_in": 1, "tokens_out": 1, "seconds": 0.0})
    making = notes.making
    assert (len(making.searches), len(making.requests), making.searches[0].total) == (8, 8, 60)
    assert len(str(making)) < 8 * (20 * 600 + 25 * 24_200)
    assert making.requests[0].reply == clipped(long, 24_000) == f"{'x' * 24_000} … and 976,000 more characters"


def test_how_it_was_made_tells_searches_prompts_checks_and_cost() -> None:
    notes = Notes()
    searched(notes, passage(), *[passage(f"Other {number}.", article_id="a2") for number in range(7)], question="When did it close?")
    notes(
        "prompt", {"model": "m", "stage": "model", "messages": [{"role": "system", "content": "Cite."}, {"role": "user", "content": "?"}]}
    )
    notes("completion", {"model": "m", "stage": "model", "text": "It closed [S1].", "tokens_in": 1200, "tokens_out": 3, "seconds": 0.5})
    checks = {"numbers": Check(status="passed"), "dates": Check(status="passed"), "names": Check(status="failed", reason="no Ina")}
    usage = Usage(tokens_in=1200, tokens_out=3, cost=0.0012, seconds={"search": 0.25, "answer": 1.0, "model": 0.5})
    answer = answered(
        citation(end=5), claims=(Claim(text="It closed.", citations=(1,), checks=checks),), usage=usage, model="m", generation=9
    )
    page = panel(talk(answer, making=notes.making), "making")
    sections = {section.find("h3").text: section for section in page.iter("section")}
    assert list(sections) == ["Question", "Search", "Language model", "Checks", "What it took"]
    assert words(sections["Question"]) == "QuestionAskedWhen?Searched asWhen did it close?"
    rows = [words(row) for row in sections["Search"].xpath(".//tbody/tr")]
    assert (len(rows), rows[0]) == (8, "1Gazette, undated [1]It closed.1.000")
    assert "8 passages in 0.25 s, best first" in words(sections["Search"])
    assert sections["Search"].xpath(".//tr[@class='dl-used']//button/@data-open") == ["0:c1"]
    assert [words(part) for part in sections["Language model"].xpath(".//dt | .//dd")] == [
        "system", "Cite.", "user", "?", "reply", "It closed [S1].",
    ]  # fmt: skip
    assert words(sections["Language model"].find(".//summary")) == "Language model, m: 1,200 tokens in, 3 out, 0.5 s"
    assert [words(item) for item in sections["Checks"].xpath(".//ul/li")] == ["✗failed: names (no Ina)", "✓passed: numbers, dates"]
    took = dict(zip(map(words, sections["What it took"].iter("dt")), map(words, sections["What it took"].iter("dd")), strict=True))
    assert took == {
        "Model": "m",
        "Tokens": "1,200 in, 3 out",
        "Cost": "$0.0012",
        "State of the articles": "generation 9",
        "Seconds": "1.25",
    }
    assert [words(row) for row in sections["What it took"].iter("tr")] == ["Search0.25", "Answer1.00", "Language model0.50"]


def test_a_question_that_failed_still_tells_what_was_tried() -> None:
    notes = Notes()
    searched(notes)
    notes("prompt", {"model": "m", "stage": "model", "messages": [{"role": "user", "content": "?"}]})
    page = panel(talk(None, making=notes.making, problem="the model failed"), "making")
    assert "Problemthe model failed" in words(page)
    assert "Found0 passages in 0.25 s" in words(page)
    assert words(page.find(".//summary")) == "Language model, m: no reply"


def test_the_built_in_answerer_asks_nobody(schools: Chatbot) -> None:
    *_, conversation = ask(Library(schools), Conversation(), "Who counted the schools?")
    exchange = conversation.exchanges[0]
    assert [search.question for search in exchange.making.searches] == ["Who counted the schools?"]
    assert exchange.making.requests == ()
    assert "None was asked: the built-in answerer took the answer from the passages." in words(panel(conversation, "making"))


class Meeting(ScriptedLLM):
    """Waits in each answer until everybody has come."""

    def stream_chat(self, messages: Any, **options: Any) -> Any:
        BARRIER.wait(60)
        return super().stream_chat(messages, **options)


BARRIER = threading.Barrier(2)


def test_two_visitors_of_one_chatbot_see_their_own_searches_and_prompts_only(schools: Chatbot) -> None:
    seen: list[str] = []
    chatbot = Chatbot(schools.home, settings=Settings(repair=False), llm=Meeting("A circle [S1]."), model="m",
                      tracer=lambda what, facts: seen.append(what))  # fmt: skip
    questions = ("Who counted the schools?", "How many children are in class?")
    made: dict[str, Making] = {}

    def visit(question: str) -> None:
        *_, conversation = ask(Library(chatbot), Conversation(), question)
        made[question] = conversation.exchanges[0].making

    visitors = [threading.Thread(target=visit, args=(question,)) for question in questions]
    for visitor in visitors:
        visitor.start()
    for visitor in visitors:
        visitor.join(60)
    for question, other in (questions, reversed(questions)):
        assert [search.question for search in made[question].searches] == [question]
        (request,) = made[question].requests
        assert question in request.messages[-1][1]
        assert other not in str(made[question])
        assert request.reply is not None
    assert sorted(seen) == ["completion", "completion", "prompt", "prompt", "search", "search"]


# Nothing becomes markup


EVIL = "<script>boom()</script>\"'><img src=x onerror=boom()> </text></svg></mark></pre>${boom()} {{boom}}"


def hostile() -> Iterator[Html]:
    notes = Notes()
    evil: dict[str, Any] = {"label": EVIL, "title": EVIL, "published": EVIL}
    searched(notes, passage(EVIL, **evil), question=EVIL)
    notes("prompt", {"model": EVIL, "stage": EVIL, "messages": [{"role": EVIL, "content": EVIL}]})
    notes("completion", {"model": EVIL, "stage": EVIL, "text": EVIL, "tokens_in": 1, "tokens_out": 1, "seconds": 0.1})
    newer = Newer(kind="update", label=EVIL, article_id="a2", doc_id=EVIL, published=EVIL)
    told = RelativeDate(text=EVIL, start=0, end=3, first="2024-03-04", last="2024-03-04", display=EVIL)
    source = citation(quote=f"{EVIL} in 2021", url=EVIL, path=EVIL, superseded=newer, dates=(told,), **{**evil, "published": "2024-03-04"})
    answer = answered(
        source, short=EVIL[:30], claims=(Claim(text=EVIL, citations=(1,), checks={EVIL: Check(status="failed", reason=EVIL)}),)
    )
    for shown in (None, opened(EVIL, EVIL, title=EVIL, url=EVIL, authors=(EVIL,), provenance={"updated": EVIL, "published": EVIL})):
        conversation = talk(answer, making=notes.making, origins={"a1": EVIL})
        yield evidence_html(replace(conversation, opened=replace(shown, newer=newer) if shown else None))
    yield evidence_html(talk(Answer(question=EVIL, status="no_evidence", short="", text="", nearest=(passage(EVIL, **evil),))))


def test_hostile_words_stay_words() -> None:
    for markup in hostile():
        page = tree(markup)
        names = {name for node in page.iter() for name in node.attrib}
        assert not [name for name in names if name.startswith("on") or name in ("style", "href", "src")]
        assert page.xpath(".//script | .//img") == []
        assert EVIL in page.text_content()
