"""Answers, evidence and corpus as HTML: right markers, right marks, and nothing that an article says becomes markup."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any, cast

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.home import Stats
from index.types import Article, Filters, Passage, Skipped, SyncReport
from rag.chatbot import Chatbot
from rag.types import Answer, AskedTime, Check, Citation, Claim, RelativeDate, Speech, Value
from ui.conversation import Conversation, Exchange, Opened, Place
from ui.markup import Html, count, day, is_web, link, tag, text
from ui.render.answer import answer_html, question_html
from ui.render.corpus import corpus_html, sync_html
from ui.render.evidence import QUOTE_ID, evidence_html, opened_html
from ui.syncing import SyncState
from ui.text import answer_lines

NOBODY = cast(Chatbot, None)
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
}


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
        exchanges=(Exchange(question="How did the vote go?", chatbot=NOBODY, answer=answer, **facts),), shown=0, opened=opened
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


def test_a_failed_check_is_shown_with_its_reason() -> None:
    checks = {"numbers": Check(status="failed", reason="the article says 9"), "names": Check(status="passed")}
    root = tree(answer_html(talk(answered(claims=(Claim(text="It voted 7 to 2.", citations=(1,), checks=checks),))).exchanges[0], 0))
    assert texts(root, by_class("dl-failed")) == ["check failed (numbers: the article says 9)"]


def test_how_the_question_was_understood_comes_first() -> None:
    answer = answered(
        rewritten="How did the vote on the bridge go?", notes=("The model server did not answer; this is the built-in answer.",)
    )
    expected = ["Understood as: How did the vote on the bridge go?", "The model server did not answer; this is the built-in answer."]
    assert texts(tree(answer_html(talk(answer).exchanges[0], 0)), by_class("dl-remark")) == expected
    assert [line.text for line in answer_lines(answer)][:5] == [expected[0], "", expected[1], "", "7 to 2"]


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
        Value(value="7", citations=(1,), labels=("Fennick Daily",), published=(None,)),
        Value(value="9", citations=(2,), labels=("Ledger",), published=(None,)),
    )
    said = Speech(speaker="The army", start=0, end=8, verb="said", kind="said")
    answer = answered(disagreement=values, citations=(citation(1), citation(2, "Work begins in May.", speech=said)))
    root = tree(answer_html(talk(answer).exchanges[0], 0))
    assert texts(root, by_class("dl-disagree")) == ["Sources disagree7 Fennick Daily [1]9 Ledger, according to the army [2]"]
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


def test_an_answer_under_way_is_marked_busy() -> None:
    (block,) = tree(answer_html(talk(None, partial="It vo").exchanges[0], 0))
    assert (block.get("aria-busy"), block.text_content()) == ("true", "It vo")


# Evidence


def test_each_citation_has_a_card() -> None:
    root = tree(evidence_html(talk(answered())))
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
    assert (mark.get("id"), mark.text_content()) == (QUOTE_ID, QUOTE)
    assert root.xpath(by_class("dl-text"))[0].text_content() == TEXT
    assert [c.get("aria-expanded") for c in root.xpath(by_class("dl-card"))] == ["true", "false"]
    assert texts(root, by_class("dl-facts")) == ["4 March 2024 (from front matter)bridge.txt"]


def test_an_article_that_is_gone_says_so() -> None:
    root = tree(opened_html(Opened(place=Place(0, "c", 1), problem="This article has left the corpus.")))
    assert texts(root, by_class("dl-failed")) == ["This article has left the corpus."]


lines = st.text(st.characters(exclude_categories=["Cs", "Cc"], include_characters="\n\t<>&\"'"), max_size=60)


@given(before=lines, quote=lines.filter(bool), after=lines)
def test_any_article_keeps_every_character_and_any_quote_is_marked_exactly(before: str, quote: str, after: str) -> None:
    opened = Opened(place=Place(0, "c", 1), article=article(before + quote + after), start=len(before), end=len(before + quote))
    root = tree(opened_html(opened))
    assert root.xpath(by_class("dl-text"))[0].text_content() == before + quote + after
    assert "".join(mark.text_content() for mark in root.xpath(".//mark")) == quote
    assert len(root.xpath(f".//*[@id='{QUOTE_ID}']")) == 1


# Hostile text


def everything(words: str) -> Iterator[Html]:
    """All that the page can show, with the same words wherever an article, a model or a user can put some."""
    value = (Value(value=words, citations=(1,), labels=(words,), published=(words,)),)
    source = citation(quote=words, label=words, title=words + "!", publisher=words, published=words, url=words, path=words)
    claims = (Claim(text=words, citations=(1,), checks={words: Check(status="failed", reason=words)}),)
    full = answered(short=words, claims=claims, citations=(source,), disagreement=value, also_given=value, rejected=(words,))
    near = passage(words, label=words, title=words + "!", published=words)
    none = Answer(question=words, status="no_evidence", short="", text="", missing=words, nearest=(near,))
    page = article(
        words, title=words, publisher=words, published=words, url=words, authors=(words,), path=words, provenance={"published": words}
    )
    opened = Opened(place=Place(0, "c", 1), article=page, start=0, end=len(words), problem=words)
    for conversation in (talk(full, opened=opened), talk(none), talk(None, partial=words), talk(None, problem=words, hint=words)):
        yield answer_html(conversation.exchanges[0], 0)
        yield question_html(replace(conversation.exchanges[0], question=words))
        if conversation.exchanges[0].answer:
            yield evidence_html(conversation)
    stats = Stats(generation=1, articles=2, chunks=3, roots=(words,), publishers=((words, 2),), first=words, last=words, undated=0)
    yield corpus_html(stats, is_sample=False)
    report = SyncReport(generation=1, articles=1, chunks=1, skipped=(Skipped(path=words, reason=words),))
    for state in (
        SyncState(folder=words, problem=words, hint=words),
        SyncState(folder=words, what=words, done=1, total=2),
        SyncState(folder=words, report=report),
    ):
        yield sync_html(state)


@pytest.mark.parametrize(
    "words", [EVIL, "javascript:boom()", "\" onclick='boom()' x=\"", "\u202egnp.exe\u200b\u2066", "</span></button></li>", "[1] [2]"]
)
def test_hostile_words_stay_words(words: str) -> None:
    for markup in everything(words):
        root = tree(markup)
        for node in root.iter():
            assert node is root or node.tag in TAGS | {"progress", "details", "summary"}, markup
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
    ],
)
def test_links_lead_to_the_web_only(url: str | None, safe: bool) -> None:
    assert (is_web(url), link(url, "Web page") is not None) == (safe, safe)


# Corpus and sync


def test_the_corpus_card_says_what_there_is() -> None:
    stats = Stats(generation=4, articles=1200, chunks=9000, roots=("/a", "/b"), publishers=tuple((f"P{n}", 9) for n in range(10)),
                  first="2020-01-02", last="2024-05-06", undated=1)  # fmt: skip
    root = tree(corpus_html(stats, is_sample=False, written=datetime(2024, 5, 7, 9, 5), now=datetime(2024, 5, 7, 10, 0)))
    assert texts(root, by_class("dl-total")) == ["1,200 articles in 9,000 chunks"]
    assert dict(zip(texts(root, ".//dt"), texts(root, ".//dd"), strict=True)) == {
        "Dates": "2 January 2020 – 6 May 2024", "Undated": "1 article", "Last sync": "today, 09:05", "Folders": "/a/b",
    }  # fmt: skip
    assert len(root.xpath(".//li")) == 8
    assert texts(root, by_class("dl-caption")) == ["and 2 other publishers"]


def test_the_sample_says_that_it_is_the_sample() -> None:
    stats = Stats(generation=1, articles=1, chunks=1, roots=("/a",), publishers=(), first=None, last=None, undated=1)
    root = tree(corpus_html(stats, is_sample=True))
    assert texts(root, by_class("dl-kicker")) == ["Sample corpus — sync your own folder"]
    assert texts(root, ".//dd") == ["none found", "1 article"]


def test_a_sync_shows_how_far_it_is_what_it_did_and_what_it_skipped() -> None:
    moving = tree(sync_html(SyncState(folder="/a", what="files", done=40, total=100, seconds=2.0)))
    assert [(bar.get("value"), bar.get("max")) for bar in moving.xpath(".//progress")] == [("40", "100")]
    assert texts(moving, by_class("dl-caption")) == ["40 of 100 files · 20 a second · 3 s left"]
    report = SyncReport(
        generation=2, articles=3, chunks=9, added=2, unchanged=1, seconds=0.25, skipped=(Skipped(path="/a/x.pdf", reason="is empty"),)
    )
    done = tree(sync_html(SyncState(folder="/a", report=report)))
    assert texts(done, ".//p") == ["Synced: 2 added, 1 unchanged, 1 skipped in 0.2 s."]
    assert texts(done, ".//summary") == ["Skipped: 1 file"]
    assert texts(done, ".//li") == ["/a/x.pdf is empty"]


@pytest.mark.parametrize(
    ("published", "shown"),
    [("2022-08-15", "15 August 2022"), ("2022-08-05T10:00", "5 August 2022, 10:00"), (None, "undated"), ("soon", "soon")],
)
def test_dates_read_as_people_write_them(published: str | None, shown: str) -> None:
    assert tree(day(published)).text_content() == shown


def test_counts_agree_with_their_nouns() -> None:
    assert [count(1, "article"), count(2, "article"), count(1000, "entry", "entries")] == ["1 article", "2 articles", "1,000 entries"]


# The days that were searched


def dated(time: AskedTime, filters: Filters) -> lxml.html.HtmlElement:
    return lxml.html.fragment_fromstring(
        answer_html(Exchange(question="?", chatbot=NOBODY, answer=answered(time=time, filters=filters)), 3), "div"
    )


def test_days_that_were_understood_can_be_taken_back_or_changed() -> None:
    time = AskedTime(words=("last week",), since="2025-06-02", until="2025-06-08", applied=True)
    page = dated(time, Filters(since="2025-06-02", until="2025-06-08"))
    (group,) = page.xpath("//div[@role='group']")
    assert page.xpath("string(//p[@class='dl-remark'])") == "Searched articles published from 2 to 8 June 2025 (“last week”)."
    assert [(button.text, button.get("data-again")) for button in group.xpath("./button")] == [("Search all dates", "3")]
    assert group.xpath("string(.//summary)") == "Choose dates"
    assert group.xpath(".//form/@data-again") == ["3"]
    fields = [
        (field.getparent().text.strip(), field.get("type"), field.get("name"), field.get("value")) for field in group.xpath(".//input")
    ]
    assert fields == [("From", "date", "since", "2025-06-02"), ("To", "date", "until", "2025-06-08")]


def test_days_that_were_not_applied_can_be_chosen_again() -> None:
    page = dated(AskedTime(words=("since <May>",), since="2025-05-01"), Filters())
    assert page.xpath("//div[@role='group']/button") == []
    assert [field.get("value") for field in page.xpath("//input")] == ["2025-05-01", None]


def test_without_words_for_days_there_is_nothing_to_change() -> None:
    assert dated(AskedTime(latest=True), Filters(since="2025")).xpath("//form | //input | //div[@role='group']") == []


def test_a_question_asked_again_says_for_which_days() -> None:
    asked = Exchange(question="When?", chatbot=NOBODY, all_dates=True)
    assert question_html(asked).endswith('<p class="dl-scope">in articles of all dates</p>')
    assert question_html(replace(asked, filters=Filters(since="2025-06-06"))).endswith(
        '<p class="dl-scope">in articles published since 6 June 2025</p>'
    )
