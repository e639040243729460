"""Words, stems and what a question is searched by."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from index.terms import hashes, question_stems, stems, words


def test_words_are_folded_and_keep_their_place() -> None:
    assert words("Mali’s café don't—2,400 men, 3.5%") == [(0, "mali"), (7, "cafe"), (12, "dont"), (18, "2400"), (24, "men"), (29, "3.5")]


def test_a_question_is_searched_by_its_telling_words_each_once() -> None:
    assert question_stems("When did the French troops leave, and which troops?") == ["french", "troop", "leav"]


def test_a_question_of_stop_words_is_searched_by_all_of_them() -> None:
    assert question_stems("Who is he?") == ["who", "is", "he"]


@given(st.text())
def test_every_word_has_one_stem_and_one_hash(text: str) -> None:
    assert len(words(text)) == len(stems(text)) == len(hashes(stems(text)))
