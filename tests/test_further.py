"""A second look at single sentences: which further values are heard. The readings are made by hand, the articles are invented."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

import pytest

from index.encoder import HashEncoder
from index.sentences import sentence_spans
from index.types import Newer, Passage
from rag.builtin.further import Look
from rag.builtin.pool import Given, sentence_of
from rag.facts.affiliations import affiliations
from rag.facts.counted import asked_to_count, counted
from rag.question import read_question
from rag.reader import Reader, Reading, Span, Support

WHEN = "When did the ferry Ilse reach Brigg?"
HOW_MANY = "How many boats left Brigg?"


class Hearing(Reader):
    """Hears the given words in whatever sentence has them, with these logits, and supports them as likely as told."""

    def __init__(self, logits: Mapping[str, float], support: float = 0.95) -> None:
        self._logits = logits
        self._support = support

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        return [self._one(passage) for _, passage in pairs]

    def _one(self, passage: str) -> Reading:
        spans = [Span(passage.find(words), passage.find(words) + len(words), logit) for words, logit in self._logits.items()]
        return Reading(tuple(span for span in spans if span.start >= 0), 0.0, Support(self._support, 0.0, 1 - self._support))


def passage(text: str, article: str, *, published: str | None = "2024-03-05", title: str | None = None) -> Passage:
    return Passage(
        article_id=article, doc_id=article, start=0, end=len(text), text=text, score=1.0, label=article, path=article, root="/",
        title=title, published=published, text_hash=article, sentences=sentence_spans(text),
    )  # fmt: skip


def given(words: str, of: Passage) -> Given:
    start = of.text.index(words)
    return Given(
        passage=of, text=words, start=start, end=start + len(words), sentence=sentence_of(of, start), key=words.lower(), margin=5.0,
        score=20.0, of_kind=True,
    )  # fmt: skip


def heard(question: str, best: str, own: Passage, *others: Passage, reader: Reader) -> list[tuple[str, str]]:
    look = Look(asked=read_question(question), passages=(own, *others), weights={}, reader=reader, encoder=HashEncoder())
    return [(item.text, item.passage.doc_id) for item in look.further(given(best, own))]


OWN = passage("The ferry Ilse reached Brigg on 2 March 2024.", "a")
OTHER = passage("It was on 4 March 2024 that the Ilse came in at Brigg, a ferry full of goats.", "b")


def test_a_sentence_of_another_article_is_heard_alone() -> None:
    assert heard(WHEN, "2 March 2024", OWN, OTHER, reader=Hearing({"4 March 2024": 1.0})) == [("4 March 2024", "b")]


@pytest.mark.parametrize(
    "other",
    [
        replace(OTHER, text_hash="a"),
        replace(OTHER, superseded=Newer(kind="correction", label="b", article_id="c", doc_id="c", published="2024-03-06")),
        replace(OTHER, published="2024-08-05"),
        passage("It was on 2 March 2024 that the Ilse came in at Brigg, a ferry full of goats.", "b"),
        passage("It was on 4 March 2019 that the Ilse came in at Brigg, a ferry full of goats.", "b"),
        passage("It was on 4 March 2024 that the goats came home.", "b"),
        passage("It was on 4 March 2024 that the ferry came in at Skarn.", "b"),
    ],
    ids=["a copy", "replaced", "told long after", "the same", "far off", "other words", "another place"],
)
def test_what_is_no_account_of_the_same_thing(other: Passage) -> None:
    logits = {"4 March 2024": 1.0, "2 March 2024": 1.0, "4 March 2019": 1.0}
    assert heard(WHEN, "2 March 2024", OWN, other, reader=Hearing(logits)) == []


@pytest.mark.parametrize(("logit", "support"), [(-3.0, 0.95), (1.0, 0.8)])
def test_a_value_that_the_reader_doubts_is_not_heard(logit: float, support: float) -> None:
    assert heard(WHEN, "2 March 2024", OWN, OTHER, reader=Hearing({"4 March 2024": logit}, support)) == []


def test_a_number_that_counts_what_is_asked_for_needs_no_reader() -> None:
    own, other = passage("Forty boats left Brigg at dawn.", "a"), passage("By noon 62 boats had left Brigg.", "b")
    goats = passage("By noon 62 goats had left Brigg.", "c")
    assert heard(HOW_MANY, "Forty", own, other, goats, reader=Hearing({})) == [("62", "b")]


def test_a_name_that_every_article_has_need_not_be_said_again() -> None:
    own, other = passage("Forty boats left Brigg at dawn.", "a"), passage("Brigg is windy. It rained. A clerk put the boats at 62.", "b")
    look = Look(asked=read_question(HOW_MANY), passages=(own, other), weights={}, reader=Hearing({}), encoder=HashEncoder())
    assert look.further(given("Forty", own)) == []
    everywhere = replace(look, weights={"brigg": 0.1, "left": 0.1})
    assert [item.text for item in everywhere.further(given("Forty", own))] == ["62"]


def test_for_whom_else_somebody_works() -> None:
    own = passage("“No,” said Una Marsh of the Skarn Line.", "a")
    other = passage("Una Marsh, who sails for Corran University, was late. Ada Finch of the Brigg Line was not.", "b")
    assert heard("Who employs Una Marsh?", "Skarn Line", own, other, reader=Hearing({})) == [("Corran University", "b")]


def test_a_witness_has_every_name_of_the_question() -> None:
    look = Look(asked=read_question(WHEN), passages=(OWN, OTHER), weights={}, reader=Hearing({"March 2024": 1.0}), encoder=HashEncoder())
    best = given("2 March 2024", OWN)
    assert look.is_witnessed(best, [given("4 March 2024", OTHER)])
    assert not look.is_witnessed(best, [])
    assert not look.is_witnessed(best, [given("4 March", passage("It came on 4 March 2024.", "c"))])
    deaf = replace(look, reader=Hearing({}))
    assert not deaf.is_witnessed(best, [given("4 March 2024", OTHER)])


@pytest.mark.parametrize(
    ("sentence", "number", "words"),
    [
        ("Hawa counted about 40 trucks at the gate.", "about 40", ["trucks"]),
        ("Some 2.4 million Danish soldiers stayed on.", "2.4", ["Danish", "soldiers", "stayed"]),
        ("He puts the number of Russian instructors at 400.", "400", ["number", "Russian", "instructors"]),
        ("The dead numbered more than 500.", "500", ["dead"]),
        ("Sixty-two of them came.", "Sixty-two", []),
        ("It was 7.", "7", []),
    ],
)
def test_what_a_number_counts(sentence: str, number: str, words: list[str]) -> None:
    start = sentence.index(number)
    assert counted(sentence, start, start + len(number)) == words


@pytest.mark.parametrize(
    ("question", "noun"),
    [
        ("How many armoured vehicles did they see?", "vehicles"),
        ("How many boats left Brigg?", "boats"),
        ("How many people died in Brigg?", "people"),
        ("How many miles is it to Brigg?", ""),
        ("How much does it cost?", ""),
        ("Who counted them?", ""),
    ],
)
def test_what_a_question_wants_counted(question: str, noun: str) -> None:
    assert asked_to_count(question) == noun


@pytest.mark.parametrize(
    ("sentence", "bodies"),
    [
        ("Una Marsh of the Skarn Line was late.", ["Skarn Line"]),
        ("Una Marsh, a pilot at Corran University, said so.", ["Corran University"]),
        ("said Una Marsh, a fellow of the Center for Tides and Winds in Brigg.", ["Center for Tides and Winds"]),
        ("Una Marsh left for Brigg.", []),
        ("Una Marsh said that the Skarn Line was late.", []),
        ("Ada Finch of the Skarn Line was late.", []),
    ],
)
def test_for_whom_somebody_works(sentence: str, bodies: list[str]) -> None:
    assert [value.text for value in affiliations(sentence, "Una Marsh")] == bodies
