"""Chunks and sentences are exact slices that hold every word, for any text."""

from __future__ import annotations

import itertools
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.chunk import chunk_spans, search_prefix
from index.encoder import HashEncoder
from index.readers import read_file
from index.sentences import sentence_spans, split_sentences
from index.tokens import count, tokenizer
from index.types import Draft, Span

SAMPLE = Path(__file__).parents[1] / "eval" / "sample" / "articles"

TEXTS = st.text(alphabet=st.characters(exclude_categories=["Cs"]), max_size=400) | st.lists(
    st.sampled_from(
        [
            "A fox ran. ",
            "Dr. Hale said “no”.",
            "\n\n",
            "x" * 300,
            "🦊🦊",
            "你好世界。",
            " ",
            "\r\n",
            "é",
            "1,000.5 m",
            "A. B. C.\n",
            "\u00a0",
        ]
    ),
    max_size=60,
).map("".join)


def without_space(text: str) -> str:
    return "".join(text.split())


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_chunks_hold_every_word_once_and_in_order(text: str) -> None:
    spans = chunk_spans(text, size=20)
    assert without_space("".join(text[start:end] for start, end in spans)) == without_space(text)
    assert all(left.end <= right.start for left, right in itertools.pairwise(spans))


@given(TEXTS)
@settings(max_examples=300, deadline=None)
def test_sentences_hold_every_word_once_and_in_order(text: str) -> None:
    spans = sentence_spans(text)
    assert without_space("".join(text[start:end] for start, end in spans)) == without_space(text)
    assert all(text[start:end] == text[start:end].strip() for start, end in spans)
    assert "".join(split_sentences(text)) == text


@given(TEXTS, st.text(max_size=60))
@settings(max_examples=200, deadline=None)
def test_a_chunk_with_its_prefix_fits_the_window(text: str, title: str) -> None:
    def pieces(text: str) -> int:
        return len(text) + 2

    prefix = search_prefix(title, "The Fennick Daily", "2024-03-04", count=pieces, pieces=30)
    spans = chunk_spans(text, prefix=prefix, count=pieces, window=64)
    assert [len(prefix + text[start:end]) + 2 <= 64 for start, end in spans] == [True] * len(spans)
    assert without_space("".join(text[start:end] for start, end in spans)) == without_space(text)


def test_chunks_are_cut_where_llama_index_cuts() -> None:
    from llama_index.core.node_parser import SentenceSplitter

    splitter = SentenceSplitter(
        chunk_size=60, chunk_overlap=0, tokenizer=tokenizer(), paragraph_separator="\n", chunking_tokenizer_fn=split_sentences
    )
    texts = [draft.text for file in sorted(SAMPLE.iterdir()) for draft in read_file(file) if isinstance(draft, Draft)]
    cut = [[text[start:end] for start, end in chunk_spans(text, size=60)] for text in texts]
    assert (len(texts), cut) == (20, [splitter.split_text(text) for text in texts])


def test_a_short_text_is_one_chunk() -> None:
    assert chunk_spans("One fox. Two foxes.") == [Span(0, 19)]


def test_chunks_end_at_sentences() -> None:
    text = "The harbour reopened on Monday. Forty boats left in the first hour. Repairs go on until August."
    assert [text[start:end] for start, end in chunk_spans(text, size=16)] == [
        "The harbour reopened on Monday.",
        "Forty boats left in the first hour.",
        "Repairs go on until August.",
    ]


@pytest.mark.parametrize("text", ["", " \n\t "])
def test_no_words_no_chunks(text: str) -> None:
    assert chunk_spans(text) == []
    assert sentence_spans(text) == ()


def test_a_heading_is_a_sentence_of_its_own() -> None:
    text = "What comes next\nMr. Hale left in Aug. 2024 for Gao. He came back."
    assert [text[start:end] for start, end in sentence_spans(text)] == [
        "What comes next",
        "Mr. Hale left in Aug. 2024 for Gao.",
        "He came back.",
    ]


def test_the_prefix_is_cut_to_its_share_of_the_window() -> None:
    encoder = HashEncoder()
    assert search_prefix("Storm", None, "2024-03-04T10:00", count=encoder.count) == "Storm | 2024-03-04\n"
    assert search_prefix(None, None, None, count=encoder.count) == ""
    assert search_prefix("one two three four", "The Daily", None, count=encoder.count, pieces=5) == "one two three four | The\n"


def test_tokens_are_counted_without_the_network() -> None:
    assert count("French troops left in August 2022. <|endoftext|>") == 15
