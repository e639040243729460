"""Answers, evidence and corpus as HTML: right markers, right marks, and nothing that an article says becomes markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date, datetime
from types import SimpleNamespace
from typing import Any, cast

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.home import Spread, Stats
from index.types import Article, Change, Filters, Newer, Passage, Skipped, SyncReport
from rag.chatbot import Chatbot
from rag.types import Answer, AskedTime, Check, Citation, Claim, RelativeDate, Speech, Value
from ui.conversation import Conversation, Exchange, Opened, Opinion, Place, Quoted
from ui.making import Making, Notes
from ui.markup import Html, count, day, is_web, link, tag, text
from ui.render.answer import answer_html, question_html
from ui.render.article import QUOTE_ID, article_html
from ui.render.chips import publishers_html
from ui.render.corpus import corpus_html, sync_html
from ui.render.evidence import evidence_html
from ui.render.histogram import histogram_html
from ui.syncing import SyncState
from ui.text import answer_lines

NOBODY = cast(Chatbot, SimpleNamespace(llm=None))
MODEL = cast(Chatbot, SimpleNamespace(llm=object()))
TEXT = "The council met on Monday.\n\nIt voted 7 to 2 for the bridge. Work begins in May."
QUOTE = "It voted 7 to 2 for the bridge."
EVIL = "<script>boom()</script>\"'><img src=x onerror=boom()> **b** [a](javascript:boom()) [7] ${boom()} {{boom}} </mark>"
TAGS = {
    "section",
    "h2",
    "h3",
    "p",
    "span",
    "ol",
    "ul",
    "li",
    "button",
    "article",
    "header",
    "div",
    "mark",
    "time",
    "strong",
    "a",
    "dl",
    "dt",
    "dd",
    "q",
    "pre",
    "table",
    "caption",
    "thead",
    "tbody",
    "tr",
    "th",
    "td",
    "svg",
    "g",
    "line",
    "rect",
    "circle",
    "text",
    "tspan",
    "title",
}


FORMS = {"form", "label", "input", "textarea", "fieldset", "legend", "b", "bdi"}


def article(body: str = TEXT, **facts: Any) -> Article:
    known = {
        "id": "a1",
        "text_hash": "h",
        "doc_id": "bridge",
        "path": "bridge.txt",
        "root": "/articles",
        "title": "Bridge wins vote",
        **facts,
    }
    return Article(text=body, **known)


def citation(number: int = 1, quote: str = QUOTE, **facts: Any) -> Citation:
    start = TEXT.find(quote)
    place = {"article_id": "a1", "doc_id": "bridge", "path": "bridge.txt", "root": "/articles", "start": start, "end": start + len(quote)}
    known = {"label": "Fennick Daily", "title": "Bridge wins vote", "publisher": "Fennick Daily", "published": "2024-03-04", "url": None}
    return Citation(number=number, quote=quote, **{**place, **known, **facts})


def passage(body: str = "Work begins in May.", **facts: Any) -> Passage:
    known = {"label": "Fennick Daily", "path": "bridge.txt", "root": "/articles", **facts}
    return Passage(article_id="a1", doc_id="bridge", start=0, end=len(body), text=body, score=1.0, **known)


def answered(**facts: Any) -> Answer:
    claims = (Claim(text="It voted for the bridge [7].", citations=(1,)), Claim(text="Work begins in May.", citations=(2, 1)))
    known = {"short": "7 to 2", "text": "…", "claims": claims, "citations": (citation(1), citation(2, "Work begins in May.")), **facts}
    return Answer(question="How did the vote go?", status="answered", **known)


def talk(answer: Answer | None, *, opened: Opened | None = None, **facts: Any) -> Conversation:
    return Conversation(
        exchanges=(Exchange(**{"question": "How did the vote go?", "chatbot": NOBODY, "answer": answer, **facts}),), shown=0, opened=opened
    )


def tree(markup: Html) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(markup, create_parent="div")


def texts(root: lxml.html.HtmlElement, path: str) -> list[str]:
    return [" ".join(node.text_content().split()) for node in root.xpath(path)]


def by_class(name: str) -> str:
    return f".//*[contains(concat(' ', @class, ' '), ' {name} ')]"


# Answers


def test_an_answer_shows_its_short_form_then_each_sentence_with_its_markers() -> None:
    root = tree(answer_html(talk(answered()).exchanges[0], 3))
    assert texts(root, by_class("dl-short")) == ["7 to 2"]
    assert texts(root, by_class("dl-sentences")) == ["It voted for the bridge [7]. [1] Work begins in May. [2][1]"]
    markers = root.xpath(by_class("dl-cite"))
    assert [(m.text, m.get("data-open"), m.get("aria-label")) for m in markers] == [
        ("[1]", "3:c1", "Source 1: Fennick Daily"),
        ("[2]", "3:c2", "Source 2: Fennick Daily"),
        ("[1]", "3:c1", "Source 1: Fennick Daily"),
    ]


def test_a_first_sentence_that_is_the_short_answer_is_said_once_as_the_lead() -> None:
    root = tree(answer_html(talk(answered(short="It voted for the bridge [7].")).exchanges[0], 3))
    assert texts(root, by_class("dl-short")) == []
    assert texts(root, by_class("dl-lead")) == ["It voted for the bridge [7]. [1]"]
    assert texts(root, by_class("dl-sentences")) == ["Work begins in May. [2][1]"]


@pytest.mark.parametrize(
    ("checks", "badge", "rows"),
    [
        (
            {"quote": Check(status="passed", reason="as it stands"), "support": Check(status="n/a", reason="as it stands")},
            ["✓ word for word"], ["✓as it stands"],
        ),
        (
            {"dates": Check(status="n/a", reason="no date"), "names": Check(status="n/a", reason="no name"),
             "quote": Check(status="passed", reason="cut"), "support": Check(status="passed", reason="<b> say so")},
            ["✓ checked"], ["✓quoted words cut", "✓meaning <b> say so", "–dates no date", "–names no name"],
        ),
        (
            {"quote": Check(status="passed", reason="cut"), "support": Check(status="n/a", reason="may say so")},
            ["✓ checked in part"], ["✓quoted words cut", "–meaning may say so"],
        ),
        ({"support": Check(status="n/a", reason="not checked")}, [], []),
        ({}, [], []),
    ],
)  # fmt: skip
def test_checks_that_passed_are_one_badge_that_unfolds(checks: dict[str, Check], badge: list[str], rows: list[str]) -> None:
    root = tree(answer_html(talk(answered(claims=(Claim(text="It voted.", citations=(1,), checks=checks),))).exchanges[0], 0))
    (summaries, items) = (texts(root, by_class("dl-badge") + part) for part in ("/summary", "//li"))
    assert (summaries, items, texts(root, by_class("dl-failed"))) == (badge, rows, [])


def test_a_failed_check_is_shown_with_its_reason() -> None:
    checks = {"numbers": Check(status="failed", reason="the article says 9"), "names": Check(status="passed")}
    root = tree(answer_html(talk(answered(claims=(Claim(text="It voted 7 to 2.", citations=(1,), checks=checks),))).exchanges[0], 0))
    assert texts(root, by_class("dl-failed")) == ["Check failednumbers the article says 9"]
    assert texts(root, by_class("dl-badge")) == []


def test_how_the_question_was_understood_comes_first_as_a_chip_and_notes_after_it() -> None:
    note = "The model server did not answer; this is the built-in answer."
    answer = answered(rewritten="How did the vote on the bridge go?", notes=(note,))
    root = tree(answer_html(talk(answer).exchanges[0], 0))
    assert chips(root) == ["Understood as How did the vote on the bridge go?"]
    assert texts(root, by_class("dl-remark")) == [note]
    assert [line.text for line in answer_lines(answer)][:5] == [f"Understood as: {answer.rewritten}", "", note, "", "7 to 2"]


def test_who_says_it_and_what_relative_dates_mean_stand_with_the_quote() -> None:
    said = Speech(speaker="She", start=0, end=3, verb="said", kind="said", resolved="Ina <Pell>")
    when = RelativeDate(text="Friday", start=4, end=10, first="2024-03-01", last="2024-03-01", display="Friday = 1 March 2024")
    claim = Claim(text="She left on Friday, she said.", citations=(1,), attribution="“She” is Ina <Pell>")
    answer = answered(claims=(claim,), citations=(citation(speech=said, dates=(when,)),))
    root = tree(answer_html(talk(answer).exchanges[0], 0))
    assert texts(root, by_class("dl-sentences")) == ["She left on Friday, she said. (“She” is Ina <Pell>) [1]"]
    expected = ["According to Ina <Pell> (“She”)", "Friday = 1 March 2024"]
    assert texts(tree(evidence_html(talk(answer))), by_class("dl-context")) == expected
    assert [(line.text, line.indent) for line in answer_lines(answer)][-2:] == [(words, 1) for words in expected]


def test_values_that_disagree_name_who_says_what() -> None:
    values = (
        Value(value="7", citations=(1,), labels=("Fennick Daily",), published=("2024-03-04",)),
        Value(value="9", citations=(2,), labels=("Ledger",), published=(None,)),
    )
    said = Speech(speaker="The army", start=0, end=8, verb="said", kind="said")
    answer = answered(disagreement=values, citations=(citation(1), citation(2, "Work begins in May.", speech=said)))
    root = tree(answer_html(talk(answer).exchanges[0], 0))
    assert texts(root, by_class("dl-disagree")) == [
        "Sources disagreeThese cannot all be true. Who said it, and when, is beside each."
        "7Fennick Daily, 4 March 2024 [1]9Ledger, undated; according to the army [2]"
    ]
    assert "9 [2] (Ledger; according to the army)" in [line.text for line in answer_lines(answer)]


def test_a_lack_of_evidence_says_why_and_offers_the_nearest_passages() -> None:
    answer = Answer(question="?", status="no_evidence", short="", text="", missing="No article names a mayor.", nearest=(passage(),))
    root = tree(answer_html(talk(answer).exchanges[0], 0))
    assert texts(root, by_class("dl-heading")) == ["Not in these articles"]
    assert "No article names a mayor." in texts(root, by_class("dl-missing"))[0]
    assert [(b.text, b.get("data-open")) for b in root.xpath(by_class("dl-near"))] == [("Fennick Daily", "0:n1")]
    assert root.xpath(by_class("dl-cite")) == []


def test_a_problem_shows_its_hint() -> None:
    root = tree(answer_html(talk(None, problem="no server answers", hint="start it").exchanges[0], 0))
    assert texts(root, by_class("dl-problem")) == ["No answerno server answersstart it"]


def test_an_answer_under_way_is_marked_busy_and_has_the_shape_it_will_have() -> None:
    def pending(partial: str, chatbot: Chatbot = NOBODY) -> lxml.html.HtmlElement:
        (block,) = tree(answer_html(talk(None, partial=partial, chatbot=chatbot).exchanges[0], 0)).xpath(by_class("dl-pending"))
        assert block.get("aria-busy") == "true"
        return block

    for block in (pending("It vo"), pending("", MODEL)):
        assert texts(block, by_class("dl-short")) == ["Reading the articles …"]
    assert texts(pending("It vo"), by_class("dl-sentences")) == ["It vo"]
    for partial, lead, rest in (
        ("It vo", "It vo", ""),
        ("It voted 7.5 to 2 [1]. Wor", "It voted 7.5 to 2 [1].", "Wor"),
        ("It voted. [1] Work begins.", "It voted. [1]", "Work begins."),
    ):
        block = pending(partial, MODEL)
        assert (texts(block, by_class("dl-lead")), texts(block, by_class("dl-sentences"))) == ([lead], [rest])


def test_an_answer_that_was_stopped_shows_what_had_come_and_can_be_asked_again() -> None:
    for partial, told in (("It vo", "Stopped. What stands above was not checked."), (" ", "Stopped.")):
        root = tree(answer_html(talk(None, partial=partial, stopped=True, chatbot=MODEL).exchanges[0], 2))
        assert texts(root, by_class("dl-remark")) == [told]
        (again,) = root.xpath(by_class("dl-actions") + "/button")
        assert [again.text, *(again.get(f"data-{name}") for name in ("do", "at", "what"))] == ["Retry", "again", "2", "same"]
        assert root.xpath(".//*[@aria-busy]") == []


# What can be done with an answer


def test_a_question_can_be_worded_anew() -> None:
    root = tree(question_html(Exchange(question="Who <b>?", chatbot=NOBODY), 4))
    assert texts(root, by_class("dl-asked")) == texts(root, ".//form[@data-do='edit'][@data-at='4']/textarea") == ["Who <b>?"]


def test_an_answer_is_copied_with_quotes_and_sources() -> None:
    root = tree(answer_html(talk(answered()).exchanges[0], 0))
    (copied,) = root.xpath(".//button/@data-copy")
    assert copied.splitlines()[:5] == ["How did the vote go?", "", "7 to 2", "", "…"]
    assert f"    “{QUOTE}”" in copied.splitlines()


def test_an_opinion_is_asked_for_and_then_stands_there() -> None:
    asked = tree(answer_html(talk(answered()).exchanges[0], 1))
    (form,) = asked.xpath(".//form[@data-do='judge']")
    assert (form.get("data-at"), form.get("data-liked")) == ("1", "no")
    assert {field.get("name") for field in form.xpath(".//input | .//textarea")} == {"reason", "words", "expected", "unanswerable"}
    given_ = tree(answer_html(talk(answered(), opinion=Opinion(liked=False)).exchanges[0], 1))
    assert (texts(given_, by_class("dl-noted")), given_.xpath(".//form[@data-do='judge']")) == (["Disliked · noted, thank you"], [])
    failed = tree(answer_html(talk(answered(), opinion_problem="<b> is full").exchanges[0], 1))
    assert (texts(failed, by_class("dl-failed")), len(failed.xpath(".//form[@data-do='judge']"))) == (["<b> is full"], 1)


# Evidence


def test_each_citation_has_a_card() -> None:
    root = tree(evidence_html(talk(answered()))).get_element_by_id("dl-panel-evidence")
    cards = root.xpath(by_class("dl-card"))
    assert [(c.get("data-open"), c.get("aria-expanded")) for c in cards] == [("0:c1", "false"), ("0:c2", "false")]
    assert texts(root, by_class("dl-quote")) == [QUOTE, "Work begins in May."]
    assert texts(root, ".//time") == ["4 March 2024", "4 March 2024"]
    assert texts(root, by_class("dl-caption")) == ["2 passages from 1 article"]


def test_the_opened_article_is_whole_and_marks_the_quote() -> None:
    start = TEXT.index(QUOTE)
    opened = Opened(
        place=Place(0, "c", 1),
        article=article(provenance={"published": "front matter"}, published="2024-03-04"),
        start=start,
        end=start + len(QUOTE),
    )
    root = tree(evidence_html(talk(answered(), opened=opened)))
    (mark,) = root.xpath(".//mark")
    assert (mark.get("id"), mark.get("class"), mark.text_content()) == (QUOTE_ID, "dl-mark", QUOTE)
    assert root.xpath(by_class("dl-text"))[0].text_content() == TEXT
    assert [c.get("aria-expanded") for c in root.xpath(by_class("dl-card"))] == ["true", "false"]
    assert texts(root, by_class("dl-facts")) == ["4 March 2024 (from front matter)"]
    assert texts(root, by_class("dl-path")) == ["/articles/bridge.txt"]


def test_an_article_that_is_gone_says_so() -> None:
    root = tree(article_html(Opened(place=Place(0, "c", 1), problem="This article has left the corpus."), {}))
    assert texts(root, by_class("dl-failed")) == ["This article has left the corpus."]


lines = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t<>&\"'"), max_size=60)


@given(before=lines, quote=lines.filter(bool), after=lines)
def test_any_article_keeps_every_character_and_any_quote_is_marked_exactly(before: str, quote: str, after: str) -> None:
    opened = Opened(place=Place(0, "c", 1), article=article(before + quote + after), start=len(before), end=len(before + quote))
    root = tree(article_html(opened, {}))
    assert root.xpath(by_class("dl-text"))[0].text_content() == before + quote + after
    assert "".join(mark.text_content() for mark in root.xpath(".//mark")) == quote
    assert len(root.xpath(f".//*[@id='{QUOTE_ID}']")) == 1


# Hostile text


def making(words: str) -> Making:
    notes = Notes()
    near = passage(words, label=words, title=words, published=words)
    notes("search", {"question": words, "filters": Filters(publishers=(words,), paths=(words,)), "passages": [near], "seconds": 0.1})
    notes("prompt", {"model": words, "stage": words, "messages": [{"role": words, "content": words}]})
    notes("completion", {"model": words, "stage": words, "text": words, "tokens_in": 1, "tokens_out": 1, "seconds": 0.1})
    return notes.making


def everything(words: str) -> Iterator[Html]:
    """All that the page can show, with the same words wherever an article, a model or a user can put some."""
    value = (Value(value=words, citations=(1,), labels=(words,), published=(words,)),)
    newer = Newer(kind="correction", label=words, article_id="a2", doc_id=words, published=words)
    named = {"label": words, "title": words + "!", "publisher": words, "published": words, "url": words, "path": words}
    source = citation(quote=words, superseded=newer, **named)
    claims = (Claim(text=words, citations=(1,), checks={words: Check(status="failed", reason=words)}),)
    full = answered(short=words, claims=claims, citations=(source,), disagreement=value, also_given=value, rejected=(words,))
    near = passage(words, label=words, title=words + "!", published=words)
    none = Answer(question=words, status="no_evidence", short="", text="", missing=words, nearest=(near,))
    page = article(
        words, title=words, publisher=words, published=words, url=words, authors=(words,), path=words, provenance={"published": words}
    )
    here, newest = Place(0, "c", 1), Place(0, "c", 1, newer=True)
    opened = Opened(place=here, article=page, start=0, end=len(words), problem=words, newer=newer,
                    quotes=(Quoted(here, 0, len(words)), Quoted(Place(0, "c", 2), 0, 2)))  # fmt: skip
    told: dict[str, Any] = {"making": making(words), "origins": {"a1": words}}
    for conversation in (
        talk(full, opened=opened, **told), talk(full, opened=replace(opened, place=newest), **told), talk(none, **told),
        talk(None, partial=words), talk(None, problem=words, hint=words, **told), talk(None, partial=words, stopped=True, chatbot=MODEL),
        talk(replace(full, rewritten=words), filters=Filters(publishers=(words,), paths=(words,)), opinion_problem=words, **told),
    ):  # fmt: skip
        yield answer_html(conversation.exchanges[0], 0)
        yield question_html(replace(conversation.exchanges[0], question=words), 0)
        if conversation.exchanges[0].answer:
            yield evidence_html(conversation)
    stats = Stats(generation=1, articles=2, chunks=3, roots=(words,), publishers=((words, 2),), first=words, last=words, undated=0)
    yield corpus_html(stats, is_sample=False, spread=Spread(days=(), roots=((words, 2),)), may_change=True)
    report = SyncReport(
        generation=1, articles=1, chunks=1, skipped=(Skipped(path=words, reason=words),), changes=(Change(path=words, what="added"),)
    )
    for state in (
        SyncState(folder=words, problem=words, hint=words),
        SyncState(folder=words, done=1, total=2),
        SyncState(folder=words, report=report),
        SyncState(folder=words, report=report, is_forgotten=True),
    ):
        yield sync_html(state, is_own=False)


@pytest.mark.parametrize(
    "words", [EVIL, "javascript:boom()", "\" onclick='boom()' x=\"", "\u202egnp.exe\u200b\u2066", "</span></button></li>", "[1] [2]"]
)
def test_hostile_words_stay_words(words: str) -> None:
    for markup in everything(words):
        root = tree(markup)
        for node in root.iter():
            assert node is root or node.tag in TAGS | {"progress", "details", "summary", "wbr"} | FORMS, markup
            assert not [name for name in node.attrib if name.startswith("on") or name == "style"], markup
            assert node.get("href") is None
        assert {button.text for button in root.xpath(by_class("dl-cite"))} <= {"[1]"}
        assert " ".join(words.split()) in " ".join(root.text_content().split())


@given(st.text())
def test_text_is_never_markup(words: str) -> None:
    assert not set(text(words)) & set("<>\"'\r\0")


def test_content_is_escaped_unless_it_is_markup() -> None:
    assert tag("p", "a < b", tag("b", "&"), None, class_="x", data_open="0:c1", hidden=False, id=None, open=True) == (
        '<p class="x" data-open="0:c1" open="">a &lt; b<b>&amp;</b></p>'
    )


@pytest.mark.parametrize(
    ("url", "safe"),
    [
        *((url, True) for url in ("https://example.org/a?b=1&c=2", "http://example.org", "HTTPS://EXAMPLE.ORG")),
        *(
            (url, False)
            for url in ("javascript:alert(1)", "data:text/html,x", "//example.org", "https:", " java\nscript:alert(1)", "http://[", None)
        ),
        *(
            (url, False)
            for url in ("https://bank.com@example.org", "https://a:b@example.org", "http://a\\@b.org", 'http://a"b=c', "http://:80")
        ),
        *((url, True) for url in ("http://127.0.0.1:80/", "https://[::1]:8080/x", "https://zeitung.köln", "https://example.org/@name")),
    ],
)
def test_links_lead_to_the_web_only(url: str | None, safe: bool) -> None:
    assert (is_web(url), link(url, "Web page") is not None) == (safe, safe)


# Corpus and sync


def test_the_corpus_card_says_what_there_is() -> None:
    stats = Stats(generation=4, articles=1200, chunks=9000, roots=("/a/x", "/b"), publishers=tuple((f"P{n}", 9) for n in range(10)),
                  first="2020-01-02", last="2024-05-06", undated=1)  # fmt: skip
    spread = Spread(days=(), roots=(("/a/x", 1000), ("/b", 200)))
    told = {"written": datetime(2024, 5, 7, 9, 5), "now": datetime(2024, 5, 7, 10, 0)}
    root = tree(corpus_html(stats, is_sample=False, spread=spread, uploads="/b", may_change=True, **told))
    assert texts(root, by_class("dl-total")) == ["1,200 articles in 9,000 passages"]
    assert dict(zip(texts(root, ".//dt"), texts(root, ".//dd"), strict=True)) == {
        "Dates": "2 January 2020 – 6 May 2024", "Undated": "1 article", "Last sync": "today, 09:05",
    }  # fmt: skip
    assert [len(part) for part in root.xpath(by_class("dl-publishers"))] == [6, 4]
    assert texts(root, by_class("dl-fold") + "/summary") == ["4 other publishers"]
    assert texts(root, by_class("dl-roots") + "//*[@class='dl-path']") == ["/a/x", "Added files"]
    assert [(b.text, b.get("data-sync"), b.get("data-forget"), b.get("aria-label")) for b in root.xpath(".//button")] == [
        ("Sync again", "/a/x", None, "Sync /a/x again"),
        ("Forget", None, "/a/x", "Forget /a/x"),
        ("Sync again", "/b", None, "Sync the added files again"),
        ("Forget", None, "/b", "Forget the added files"),
    ]
    assert texts(root, by_class("dl-forget") + "/p") == [
        "1,000 articles will leave the corpus; the files stay where they are.",
        "200 articles will leave the corpus; the copies in this home are deleted, your own files stay.",
    ]
    assert tree(corpus_html(stats, is_sample=False, spread=spread)).xpath(".//button") == []


def test_the_sample_says_that_it_is_the_sample() -> None:
    stats = Stats(generation=1, articles=1, chunks=1, roots=("/a",), publishers=(), first=None, last=None, undated=1)
    root = tree(corpus_html(stats, is_sample=True, spread=Spread(days=(), roots=(("/a", 1),)), may_change=True))
    assert texts(root, by_class("dl-kicker")) == ["Sample corpus — sync your own folder"]
    assert texts(root, ".//dd") == ["none found", "1 article"]
    assert root.xpath(".//button") == []


def test_the_users_own_folder_is_called_as_they_type_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/home/ada")
    stats = Stats(generation=1, articles=2, chunks=2, roots=(), publishers=(), first="2024-05-06", last="2024-05-06", undated=0)
    roots = (("/home/ada/articles", 1), ("/home/adam", 1))
    root = tree(corpus_html(stats, is_sample=False, spread=Spread(days=(("2024-05-06", 2),), roots=roots)))
    assert texts(root, by_class("dl-path")) == ["~/articles", "/home/adam"]
    assert texts(root, ".//dd") == ["6 May 2024"]


@pytest.mark.parametrize(
    ("days", "caption", "label", "bars"),
    [
        ((), None, None, []),
        ((("2024-05-06", 3),), None, None, []),
        (
            (("2024-02-28", 1), ("2024-03-01", 40)),
            "By day · most 40 on 1 Mar 2024",
            "Articles by day of publication, 28 Feb 2024 to 1 Mar 2024",
            [("dl-h1", "28 Feb 2024: 1 article", "-1"), ("dl-h0", "", None), ("dl-h20", "1 Mar 2024: 40 articles", "0")],
        ),
        (
            (("2023-12-31", 1), ("2024-02-01", 1), ("2024-02-29", 2), ("2024-03-15", 2)),
            "By month · most 3 in Feb 2024",
            "Articles by month of publication, 31 Dec 2023 to 15 Mar 2024",
            [("dl-h7", "Dec 2023: 1 article", "-1"), ("dl-h0", "", None), ("dl-h20", "Feb 2024: 3 articles", "0"),
             ("dl-h14", "Mar 2024: 2 articles", "-1")],
        ),
        (
            (("2018-12-31", 1), ("2024-03-15", 1)),
            "By year · most 1 in 2018",
            "Articles by year of publication, 31 Dec 2018 to 15 Mar 2024",
            [("dl-h20", "2018: 1 article", "0"), *[("dl-h0", "", None)] * 5, ("dl-h20", "2024: 1 article", "-1")],
        ),
        (
            (("1899-12-31", 4), ("1964-01-01", 5)),
            "By decade · most 5 in the 1960s",
            "Articles by decade of publication, 31 Dec 1899 to 1 Jan 1964",
            [("dl-h16", "1890s: 4 articles", "-1"), *[("dl-h0", "", None)] * 6, ("dl-h20", "1960s: 5 articles", "0")],
        ),
    ],
)  # fmt: skip
def test_the_histogram_has_the_finest_bars_that_fit(
    days: tuple[tuple[str, int], ...], caption: str | None, label: str | None, bars: list[tuple[str, str, str | None]]
) -> None:
    markup = histogram_html(days)
    if caption is None:
        assert markup is None
        return
    (figure,) = tree(markup).xpath("descendant-or-self::figure")
    assert (texts(figure, "./figcaption"), figure.get("aria-label")) == ([caption], label)
    assert [(bar.get("class"), bar.text_content(), bar.get("tabindex")) for bar in figure.xpath(".//li")] == bars
    assert {bar.get("aria-hidden") for bar in figure.xpath(".//li[@class='dl-h0']")} <= {"true"}


@given(st.dictionaries(st.dates(), st.integers(1, 10**6), min_size=2))
def test_no_article_is_missing_from_the_histogram(days: dict[date, int]) -> None:
    markup = histogram_html([(str(day), articles) for day, articles in sorted(days.items())])
    assert markup is not None
    told = [tip.split(": ")[1].split(" ")[0].replace(",", "") for tip in texts(tree(markup), by_class("dl-tip"))]
    assert sum(map(int, told)) == sum(days.values())
    heights = [int(bar.get("class").removeprefix("dl-h")) for bar in tree(markup).xpath(".//li")]
    assert max(heights) == 20
    assert sum(height > 0 for height in heights) == len(told)


def test_a_sync_shows_how_far_it_is_what_it_did_and_what_it_skipped() -> None:
    moving = tree(sync_html(SyncState(folder="/a", done=40, total=100, seconds=2.0)))
    assert [(bar.get("value"), bar.get("max")) for bar in moving.xpath(".//progress")] == [("40", "100")]
    assert texts(moving, by_class("dl-caption")) == ["40 of 100 files · 3 s left"]
    report = SyncReport(
        generation=2, articles=3, chunks=9, added=3, deleted=1, unchanged=1, seconds=0.25,
        skipped=(Skipped(path="/a/x.pdf", reason="is empty"),),
        changes=(Change(path="/a/news.jsonl", what="added", articles=2), Change(path="/a/in/b.txt", what="added"),
                 Change(path="/elsewhere.txt", what="deleted")),
    )  # fmt: skip
    done = tree(sync_html(SyncState(folder="/a", base="/a", report=report)))
    assert texts(done, ".//p") == ["Synced: 3 added, 1 deleted, 1 unchanged, 1 skipped in 0.2 s."]
    assert [(fold.get("open"), *texts(fold, "./summary | .//li")) for fold in done.xpath(".//details")] == [
        ("", "Skipped: 1 file", "x.pdf: is empty"),
        (None, "Added: 2 files", "news.jsonl 2 articles", "in/b.txt"),
        (None, "Deleted: 1 file", "/elsewhere.txt"),
    ]


@pytest.mark.parametrize(
    ("state", "words"),
    [
        ({}, ["Looking for articles …"]),
        ({"is_stopping": True}, ["Stopping …"]),
        ({"total": 3}, ["0 of 3 files"]),
        ({"total": 1, "done": 1, "seconds": 9.0}, ["1 of 1 file · storing the last ones"]),
        ({"total": 1000, "done": 1, "seconds": 2.0}, ["1 of 1,000 files · 33 min left"]),
        ({"total": 9, "done": 1, "is_stopping": True}, ["1 of 9 files · stopping …"]),
        ({"is_forgotten": True}, ["Forgetting /a …"]),
    ],
)
def test_a_work_under_way_says_what_it_does(state: dict[str, Any], words: list[str]) -> None:
    markup = tree(sync_html(SyncState(folder="/a", **state)))
    assert texts(markup, ".//p") == words
    bars = [str(state["done"]) if "done" in state else None] if "total" in state else []
    assert [bar.get("value") for bar in markup.xpath(".//progress")] == bars
    assert texts(tree(sync_html(SyncState(folder="/a", **state), is_own=False)), ".//p") == ["A sync is under way: /a", *words]


def test_a_cancelled_sync_says_that_what_was_done_is_kept() -> None:
    report = SyncReport(generation=2, articles=3, chunks=9, added=2, seconds=1.0, cancelled=True)
    assert texts(tree(sync_html(SyncState(folder="/a", report=report))), ".//p") == [
        "Cancelled: 2 added in 1.0 s.",
        "What was done is kept; the next sync of this folder goes on from there.",
    ]


@pytest.mark.parametrize(
    ("published", "shown"),
    [("2022-08-15", "15 August 2022"), ("2022-08-05T10:00", "5 August 2022, 10:00"), (None, "undated"), ("soon", "soon")],
)
def test_dates_read_as_people_write_them(published: str | None, shown: str) -> None:
    assert tree(day(published)).text_content() == shown


def test_counts_agree_with_their_nouns() -> None:
    assert [count(1, "article"), count(2, "article"), count(1000, "entry", "entries")] == ["1 article", "2 articles", "1,000 entries"]


# Chips


def chips(root: lxml.html.HtmlElement) -> list[str]:
    return texts(root, by_class("dl-chip-text"))


def dropped(root: lxml.html.HtmlElement) -> list[dict[str, str]]:
    """What the buttons of the chips send, and what they are called."""
    buttons = root.xpath(by_class("dl-off"))
    assert [(b.get("data-do"), b.get("data-at")) for b in buttons] == [("again", "3")] * len(buttons)
    return [
        {name.removeprefix("data-"): value for name, value in b.attrib.items() if name in SENT} | {"title": b.get("title")} for b in buttons
    ]


SENT = ("data-what", "data-value", "data-since", "data-until")
WEEK = AskedTime(words=("last week",), since="2025-06-02", until="2025-06-08", applied=True)
WITHIN = Filters(since="2025-06-02", until="2025-06-08")


@pytest.mark.parametrize(
    ("answer", "chosen", "shown", "sent"),
    [
        ({}, {}, [], []),
        (
            {"time": WEEK, "filters": WITHIN}, {},
            ["Published from 2 to 8 June 2025 (“last week”)"],
            [{"what": "days", "since": "", "until": "", "title": "Search all dates"}],
        ),
        (
            {"time": replace(WEEK, applied=False)}, {"all_dates": True},
            ["Published on any date"],
            [{"what": "days", "value": "understood", "title": "Search the days of “last week”"}],
        ),
        ({"time": replace(WEEK, applied=False)}, {}, ["Published on any date"], []),
        (
            {"filters": Filters(since="2023")}, {"filters": Filters(since="2023"), "all_dates": True},
            ["Published since 1 January 2023"],
            [{"what": "days", "since": "", "until": "", "title": "Search all dates"}],
        ),
        ({"time": AskedTime(latest=True)}, {}, ["Newest first"], [{"what": "order", "value": "any", "title": "Put the best match first"}]),
        ({}, {"any_order": True}, ["Best match first"], [{"what": "order", "value": "understood", "title": "Put the newest first"}]),
        (
            {"rewritten": "Who leads <Mali>?"}, {},
            ["Understood as Who leads <Mali>?"],
            [{"what": "words", "value": "Who leads it?", "title": "Take it as typed"}],
        ),
        (
            {}, {"rewritten": "Who leads it?"},
            ["Taken as typed"],
            [{"what": "words", "value": "", "title": "Understand it by what was said before"}],
        ),
        (
            {}, {"filters": Filters(publishers=("A & B",), paths=("/x",))},
            ["By A & B", "In /x"],
            [{"what": "publisher", "value": "A & B", "title": "Also search other publishers than A & B"},
             {"what": "path", "value": "/x", "title": "Also search outside /x"}],
        ),
    ],
)  # fmt: skip
def test_what_was_understood_and_chosen_are_chips(
    answer: dict[str, Any], chosen: dict[str, Any], shown: list[str], sent: list[dict[str, str]]
) -> None:
    exchange = Exchange(question="Who leads it?", chatbot=NOBODY, answer=answered(**answer), **chosen)
    root = tree(answer_html(exchange, 3))
    assert (chips(root), dropped(root)) == (shown, sent)


def fields_of(root: lxml.html.HtmlElement, what: str) -> list[list[tuple[str, str | None]]]:
    """The fields of each form of a kind, with their values."""
    forms = root.xpath(f".//form[@data-do='again'][@data-at='3'][@data-what='{what}']")
    return [[(f.get("name"), f.text or f.get("value")) for f in form.xpath(".//input | .//textarea")] for form in forms]


def test_chips_are_changed_in_forms_that_hold_what_is_in_force() -> None:
    answer = answered(time=WEEK, filters=Filters(since="2025-06", until="2025"), rewritten="Who leads it now?")
    root = tree(answer_html(Exchange(question="?", chatbot=NOBODY, answer=answer), 3))
    assert fields_of(root, "days") == [[("since", "2025-06-01"), ("until", "2025-12-31")]]
    assert fields_of(root, "words") == [[("value", "Who leads it now?")]]
    assert fields_of(root, "publisher") == fields_of(root, "path") == [[("value", None)]]
    unused = answered(time=replace(WEEK, applied=False))
    root = tree(answer_html(Exchange(question="?", chatbot=NOBODY, answer=unused), 3))
    assert [("since", "2025-06-02"), ("until", "2025-06-08")] in fields_of(root, "days")


def test_the_publishers_that_can_be_typed_are_listed() -> None:
    assert tree(publishers_html(("A <b>", "C"))).xpath(".//datalist[@id='dl-publishers']/option/@value") == ["A <b>", "C"]
