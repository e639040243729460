"""Answers: their JSON, their schema, and how they read."""

from __future__ import annotations

import json
from dataclasses import replace

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Filters, Passage
from rag.types import Answer, AskedTime, Check, Citation, Claim, RelativeDate, Speech, Usage, Value, answer_schema

TEXT = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=30)
MAYBE = st.none() | TEXT
SPEECHES = st.builds(
    Speech, speaker=MAYBE, start=st.none() | st.integers(0, 9), end=st.none() | st.integers(0, 9), verb=MAYBE,
    kind=st.sampled_from(["said", "according_to", "alleged", "denied", "quote"]), resolved=MAYBE,
)  # fmt: skip
DATES = st.builds(RelativeDate, text=TEXT, start=st.integers(0, 9), end=st.integers(0, 9), first=MAYBE, last=MAYBE, display=TEXT)
CITATIONS = st.builds(
    Citation, number=st.integers(1, 9), article_id=TEXT, doc_id=TEXT, label=TEXT, path=TEXT, root=TEXT, title=MAYBE, publisher=MAYBE,
    published=MAYBE, url=MAYBE, quote=TEXT, start=st.integers(0, 9), end=st.integers(0, 9),
    speech=st.none() | SPEECHES, dates=st.lists(DATES, max_size=2).map(tuple),
)  # fmt: skip
PASSAGES = st.builds(
    Passage, article_id=TEXT, doc_id=TEXT, start=st.integers(0, 9), end=st.integers(0, 9), text=TEXT, score=st.floats(-2, 2), label=TEXT,
    path=TEXT, root=TEXT, title=MAYBE, publisher=MAYBE, published=MAYBE, url=MAYBE, text_hash=st.just(""), sentences=st.just(()),
)  # fmt: skip
NUMBERS = st.lists(st.integers(1, 9), max_size=3).map(tuple)
CHECKS = st.dictionaries(
    st.sampled_from(["quote", "numbers"]), st.builds(Check, status=st.sampled_from(["passed", "failed", "n/a"]), reason=TEXT)
)
VALUES = st.builds(Value, value=TEXT, citations=NUMBERS, labels=st.lists(TEXT).map(tuple), published=st.lists(MAYBE).map(tuple))
ANSWERS = st.builds(
    Answer,
    question=TEXT,
    status=st.sampled_from(["answered", "no_evidence"]),
    short=TEXT,
    text=TEXT,
    claims=st.lists(st.builds(Claim, text=TEXT, citations=NUMBERS, checks=CHECKS), max_size=3).map(tuple),
    citations=st.lists(CITATIONS, max_size=3).map(tuple),
    disagreement=st.lists(VALUES, max_size=2).map(tuple),
    also_given=st.lists(VALUES, max_size=2).map(tuple),
    missing=MAYBE,
    nearest=st.lists(PASSAGES, max_size=2).map(tuple),
    filters=st.builds(
        Filters, since=st.sampled_from([None, "2021"]), until=st.sampled_from([None, "2022-08"]), publishers=st.lists(TEXT).map(tuple)
    ),
    time=st.none()
    | st.builds(AskedTime, words=st.lists(TEXT, max_size=2).map(tuple), since=MAYBE, applied=st.booleans(), latest=st.booleans()),
    rejected=st.lists(TEXT, max_size=2).map(tuple),
    confidence=st.none() | st.floats(0, 1),
    fallback=st.booleans(),
    rewritten=MAYBE,
    notes=st.lists(TEXT, max_size=2).map(tuple),
    usage=st.builds(
        Usage, tokens_in=st.integers(0, 9), cost=st.none() | st.floats(0, 9), seconds=st.dictionaries(TEXT, st.floats(0, 9), max_size=2)
    ),
)


@given(ANSWERS)
def test_an_answer_survives_json(answer: Answer) -> None:
    data = answer.to_dict()
    assert json.loads(json.dumps(data)) == data
    assert Answer.from_dict(json.loads(json.dumps(data))) == answer
    jsonschema.validate(data, answer_schema())


def test_the_schema_names_every_field_of_the_contract() -> None:
    assert sorted(answer_schema()["properties"]) == sorted(
        "question status short text claims citations disagreement also_given missing nearest filters time rejected model confidence "
        "fallback rewritten notes usage generation".split()
    )


def answered() -> Answer:
    citation = Citation(
        number=1, article_id="a", doc_id="tram", label="The <Gazette>", path="tram.txt", root="/r", title="Tram", publisher="The <Gazette>",
        published="2024-05-06", url=None, quote="It opens in <b>June</b>.", start=0, end=24,
    )  # fmt: skip
    return Answer(
        question="When?",
        status="answered",
        short="June",
        text="It opens in <b>June</b>. [1]",
        claims=(Claim(text="It opens in <b>June</b>.", citations=(1,)),),
        citations=(citation,),
    )


def test_an_answer_reads_well_in_a_terminal() -> None:
    assert str(answered()) == (
        "June\n\nIt opens in <b>June</b>. [1]\n\n[1] The <Gazette>, Tram, 2024-05-06, tram.txt\n    “It opens in <b>June</b>.”"
    )


def test_article_text_is_no_markup_in_a_notebook() -> None:
    assert answered()._repr_html_() == (
        "<p><strong>June</strong></p><p>It opens in &lt;b&gt;June&lt;/b&gt;. [1]</p>"
        "<ol><li value='1'>The &lt;Gazette&gt;, Tram, 2024-05-06, tram.txt"
        "<blockquote>It opens in &lt;b&gt;June&lt;/b&gt;.</blockquote></li></ol>"
    )


def test_no_evidence_reads_as_such() -> None:
    answer = Answer(question="When?", status="no_evidence", short="", text="", missing="No article says when.")
    assert str(answer) == "Not in these articles. No article says when."
    assert answer._repr_html_() == "<p><strong>Not in these articles.</strong> No article says when.</p>"


def test_answers_cannot_be_changed() -> None:
    with pytest.raises(AttributeError):
        answered().short = "July"  # type: ignore[misc]


def told() -> Answer:
    said = Speech(speaker="The <mine>", start=0, end=10, verb="said", kind="said")
    when = RelativeDate(text="Friday", start=20, end=26, first="2024-05-03", last="2024-05-03", display="Friday = 3 May 2024")
    return replace(answered(), citations=(replace(answered().citations[0], speech=said, dates=(when,)),))


def test_who_says_it_and_when_stand_beneath_the_quote_in_a_terminal() -> None:
    assert str(told()).endswith("“It opens in <b>June</b>.”\n    According to the <mine>\n    Friday = 3 May 2024")


def test_who_says_it_and_when_stand_beneath_the_quote_in_a_notebook() -> None:
    assert told()._repr_html_().endswith("</blockquote>According to the &lt;mine&gt;; Friday = 3 May 2024</li></ol>")
