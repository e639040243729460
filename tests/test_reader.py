"""The built-in reader: windows, spans, and what the shipped model says of plain passages."""

from __future__ import annotations

import shutil
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import verify_model
from index.errors import ModelError
from rag.reader import LONGEST_SPAN, MODEL_FOLDER, SPANS, Reader, Span, best_spans, built_in_reader, distinct, segments, windows

PASSAGE = (
    "The ferry to Skarn Island stopped sailing in August 2022. Its owner, Una Marsh, said 2,400 islanders had lost their way to work. "
    "The council denied that it had been asked for help."
)


@given(size=st.integers(0, 2000), room=st.integers(1, 300))
def test_windows_cover_every_piece_and_none_is_too_long(size: int, room: int) -> None:
    found = list(windows(size, room))
    assert all(end - begin <= room for begin, end in found)
    assert sorted({piece for begin, end in found for piece in range(begin, end)}) == list(range(size))
    assert found[-1][1] == size


def logits(size: int, **marked: tuple[int, float]) -> np.ndarray:
    made = np.full((size, 2), -5.0, np.float32)
    for name, (piece, value) in marked.items():
        made[piece, 0 if name.startswith("start") else 1] = value
    return made


def test_the_best_span_and_the_next_that_does_not_overlap_it() -> None:
    found = best_spans(logits(10, start=(2, 4.0), end=(3, 3.0), start_other=(6, 2.0), end_other=(7, 1.0)), nothing=1.0)
    assert found[:2] == [(2, 3, 6.0), (6, 7, 2.0)]
    assert len(found) == SPANS
    assert len({piece for first, last, _ in found for piece in range(first, last + 1)}) == sum(last - first + 1 for first, last, _ in found)


def test_an_answer_never_ends_before_it_starts_nor_runs_on() -> None:
    size = LONGEST_SPAN + 20
    backwards = best_spans(logits(size, start=(10, 9.0), end=(3, 9.0)), nothing=0.0)
    too_long = best_spans(logits(size, start=(0, 9.0), end=(size - 1, 9.0)), nothing=0.0)
    assert all(first <= last < first + LONGEST_SPAN for first, last, _ in backwards + too_long)


def test_no_pieces_hold_no_answer() -> None:
    assert best_spans(np.zeros((0, 2), np.float32), nothing=0.0) == []


def test_pieces_that_both_texts_have_are_marked() -> None:
    assert segments([101, 7, 8, 8, 102, 8, 9, 102], asked=5) == [0, 0, 2, 2, 0, 3, 1, 1]
    assert segments([101, 102, 9, 102], asked=2) == [0, 0, 1, 1]


def test_of_overlapping_spans_the_better_stays() -> None:
    spans = [Span(0, 4, 1.0), Span(3, 9, 2.0), Span(9, 12, 0.5)]
    assert distinct(spans) == [Span(3, 9, 2.0), Span(9, 12, 0.5)]


# The shipped model


@pytest.mark.parametrize(
    ("question", "answer"),
    [
        ("When did the ferry stop sailing?", "August 2022"),
        ("Who owns the ferry?", "Una Marsh"),
        ("How many islanders lost their way to work?", "2,400"),
    ],
)
def test_it_reads_values(question: str, answer: str) -> None:
    (reading,) = built_in_reader().read(question, [PASSAGE])
    best = reading.spans[0]
    assert PASSAGE[best.start : best.end] == answer
    assert best.score > 0
    assert reading.relevance > 0


def test_it_sees_that_nothing_answers() -> None:
    (reading,) = built_in_reader().read("Who won the cup final in Oslo?", [PASSAGE])
    assert reading.spans[0].score < 0
    assert reading.relevance < 0


def test_it_tells_a_supported_claim_from_a_refuted_one() -> None:
    right, wrong = built_in_reader().read_pairs(
        [("The ferry stopped sailing in August 2022.", PASSAGE), ("The ferry stopped sailing in March 2019.", PASSAGE)]
    )
    assert right.support.supported > 0.5
    assert wrong.support.refuted > 0.5
    assert sum(right.support) == pytest.approx(1)


def test_a_reading_is_the_same_alone_and_in_company() -> None:
    reader, question = built_in_reader(), "When did the ferry stop sailing?"
    passages = [PASSAGE, "Rain fell on the moor all night.", PASSAGE * 4]
    assert reader.read(question, passages) == [reader.read(question, [passage])[0] for passage in passages]


def test_a_long_passage_is_read_to_its_end() -> None:
    passage = "Rain fell on the moor all night and the sheep stood still. " * 60 + PASSAGE
    (reading,) = built_in_reader().read("Who owns the ferry?", [passage])
    assert passage[reading.spans[0].start : reading.spans[0].end] == "Una Marsh"


@pytest.mark.parametrize("passage", ["", " \n", "é́͂" * 700, "\x00" * 50, "\ud800 left"])
def test_any_passage_can_be_read(passage: str) -> None:
    (reading,) = built_in_reader().read("Who " * 300 + "?", [passage])
    assert all(0 <= span.start < span.end <= len(passage) for span in reading.spans)


def test_a_damaged_model_says_so(tmp_path: Path) -> None:
    folder = tmp_path / "reader"
    shutil.copytree(MODEL_FOLDER, folder)
    with (folder / "model.onnx").open("r+b") as file:
        file.truncate(1000)
    with pytest.raises(ModelError, match="is damaged") as caught:
        Reader.open(folder)
    assert caught.value.hint == "pip install --force-reinstall dateline"


def test_the_shipped_files_are_as_they_were_made() -> None:
    assert verify_model(MODEL_FOLDER) is None
