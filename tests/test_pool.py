"""From spans to one answer: shaping, grouping, weighing. The readings are made by hand, so every score is known."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
from numpy.typing import NDArray

from index.types import Passage, Span
from rag.builtin.pool import Group, pooled
from rag.builtin.rank import ReadPassage
from rag.question import read_question
from rag.reader import Reading, Support
from rag.reader import Span as Found

UNSURE = Support(0.0, 0.0, 1.0)
NONE: dict[str, float] = {}


class Far:
    """An encoder to which every sentence is as far from every question."""

    name, dimension, window = "far", 2, 1000

    def count(self, text: str) -> int:
        return len(text)

    def encode(self, texts: Sequence[str], *, progress: object = None) -> NDArray[np.float32]:
        return np.array([[1, 0]] * len(texts), np.float32).reshape(-1, 2)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        return np.array([0, 1], np.float32)


ENCODER = Far()


def read(text: str, *answers: tuple[str, float], article: str = "a", relevance: float = 0.0, start: int = 100) -> ReadPassage:
    """A passage at `start` of its article, and the answers that the reader found in it with their scores."""
    ends = [at + 1 for at, letter in enumerate(text) if letter == "."]
    sentences = tuple(Span(start + begin, start + end) for begin, end in zip([0, *(end + 1 for end in ends)], ends, strict=False))
    passage = Passage(
        article_id=article, doc_id=article, start=start, end=start + len(text), text=text, score=0.0, label=article, path=f"{article}.txt",
        root="/", text_hash=article, sentences=sentences,
    )  # fmt: skip
    spans = tuple(Found(text.index(words), text.index(words) + len(words), score) for words, score in answers)
    return ReadPassage(passage, Reading(spans, relevance, UNSURE), 1.0)


def shown(question: str, *passages: ReadPassage) -> list[tuple[str, float]]:
    return [(group.best.text, round(group.score, 2)) for group in pooled(read_question(question), passages, NONE, ENCODER)]


@pytest.mark.parametrize(
    ("question", "text", "found", "whole"),
    [
        ("When did the ferry stop?", "The ferry stopped in August 2022.", "2022", "August 2022"),
        ("How many seals were counted?", "Wardens counted 2,400 seals.", "400", "2,400"),
        ("How long was the pier shut?", "The pier was shut for nearly three years.", "three", "nearly three years"),
        ("Who runs the pier?", "The pier is run by Una Marsh.", "by Una Marsh", "by Una Marsh"),
        ("Who runs the pier?", "The pier is run by (Una Marsh).", "(Una Marsh)", "Una Marsh"),
        ("Who employs Una Marsh?", "A word from Una Marsh of the Skarn Line.", "Skarn", "Skarn"),
        ("When did the ferry stop?", "The ferry stopped on Monday, 9 June.", "Monday", "9 June"),
        ("When did the ferry stop?", "The ferry stopped on Monday, the 9 June.", "9 June", "9 June"),
        ("When did the ferry stop?", "The ferry stopped on Monday.", "Monday", "Monday"),
        ("Where does Una Marsh work?", "She is at the Center for Tides and Winds.", "Tides", "Center for Tides and Winds"),
        ("Where does Una Marsh work?", "She is with Ada Finch and Oren Valk.", "Ada Finch", "Ada Finch"),
        ("Who employs the pilot?", "A word from Una Marsh of the Skarn Line.", "Skarn", "Una Marsh of the Skarn Line"),
    ],
)
def test_a_span_grows_to_the_value_that_it_touches(question: str, text: str, found: str, whole: str) -> None:
    (group,) = pooled(read_question(question), [read(text, (found, 2.0))], NONE, ENCODER)
    assert group.best.text == whole
    assert text[group.best.start - 100 : group.best.end - 100] == whole


def test_the_sentence_of_an_answer_is_the_one_that_holds_it() -> None:
    text = "The pier is old. It is run by Una Marsh. She is 60."
    (group,) = pooled(read_question("Who runs the pier?"), [read(text, ("Una Marsh", 3.0))], NONE, ENCODER)
    assert text[group.best.sentence.start - 100 : group.best.sentence.end - 100] == "It is run by Una Marsh."


def test_a_weekday_is_no_rival_of_its_own_date() -> None:
    found = shown("When did the ferry stop?", read("The ferry stopped on Monday, 9 June.", ("Monday", 3.0), ("9 June", 2.0)))
    assert [text for text, _ in found] == ["9 June"]


def test_answers_that_say_the_same_support_each_other() -> None:
    one = read("It sank in 2021.", ("2021", 2.0), article="a")
    two = read("It sank in May 2021.", ("May 2021", 1.5), article="b")
    other = read("It was built in 1990.", ("1990", 2.2), article="c")
    assert [text for text, _ in shown("When did it sink?", other, one, two)] == ["May 2021", "1990"]


def test_two_passages_of_one_article_are_no_agreement() -> None:
    alone = pooled(read_question("Who won?"), [read("Ada Finch won.", ("Ada Finch", 2.0))], NONE, ENCODER)
    again = [read("Ada Finch won.", ("Ada Finch", 2.0), start=start) for start in (100, 500)]
    twice = pooled(read_question("Who won?"), again, NONE, ENCODER)
    assert alone[0].score == twice[0].score


def test_relevance_lifts_the_answers_of_a_passage() -> None:
    assert shown("Who won?", read("Ada Finch won.", ("Ada Finch", 2.0), relevance=3.0)) == [("Ada Finch", 7.5)]


def test_what_the_question_says_is_no_answer() -> None:
    assert shown("Who is Ada Finch?", read("Ada Finch is a diver.", ("Ada Finch", 5.0), ("a diver", 1.0))) == [("a diver", 5.0)]


def test_a_value_of_the_wrong_kind_costs() -> None:
    assert shown("When did it sink?", read("It went down at sea.", ("at sea", 4.0))) == [("at sea", -6.0)]


def test_no_passages_give_no_groups() -> None:
    nothing: list[Group] = pooled(read_question("Who won?"), [], NONE, ENCODER)
    assert nothing == []
