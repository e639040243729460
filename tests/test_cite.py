"""Citations: numbers in order of first use, quotes cut by code."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.types import Passage, Span
from rag.cite import Citer
from rag.types import Citation, RelativeDate, Speech

ARTICLE = "Lead. The ferry sank in 1911. Nobody drowned."


def passage(start=6, end=45, article_id="a1", text=ARTICLE):
    return Passage(
        article_id=article_id, doc_id="ferry", start=start, end=end, text=text[start:end], score=1.0, label="The Fennick Daily",
        path="old/ferry.txt", root="/news", title="Ferry lost", publisher="The Fennick Daily", published="1911-05-02", url="https://example.org/f",
    )  # fmt: skip


def test_a_citation_carries_all_that_is_known_of_its_article():
    citer = Citer()
    assert citer.cite(passage(), 6, 29) == 1
    assert citer.citations == (
        Citation(
            number=1, article_id="a1", doc_id="ferry", label="The Fennick Daily", path="old/ferry.txt", root="/news", title="Ferry lost",
            publisher="The Fennick Daily", published="1911-05-02", url="https://example.org/f", quote="The ferry sank in 1911.", start=6,
            end=29,
        ),
    )  # fmt: skip


def test_a_citation_says_who_speaks_and_which_days_are_meant():
    text = "Ina Pell was asked. She left on Friday, she said."
    told = Passage(
        article_id="a1", doc_id="pell", start=100, end=149, text=text, score=1.0, label="L", path="p", root="/r", published="2025-06-11",
        sentences=(Span(100, 119), Span(120, 149)),
    )  # fmt: skip
    citer = Citer()
    citer.cite(told, 120, 149)
    (citation,) = citer.citations
    assert citation.speech == Speech(speaker="she", start=20, end=23, verb="said", kind="said", resolved="Ina Pell")
    assert citation.dates == (
        RelativeDate(text="Friday", start=12, end=18, first="2025-06-06", last="2025-06-06", display="Friday = 6 June 2025"),
    )
    assert citation.context == ("According to Ina Pell (“she”)", "Friday = 6 June 2025")


def test_numbers_run_in_order_of_first_use_and_stay():
    citer = Citer()
    overlapping = passage(start=0)
    assert [
        citer.cite(passage(), 30, 45),
        citer.cite(passage(), 6, 29),
        citer.cite(overlapping, 30, 45),
        citer.cite(passage(article_id="a2"), 30, 45),
        citer.cite(passage(), 6, 29),
    ] == [1, 2, 1, 3, 2]
    assert [(c.number, c.article_id, c.quote) for c in citer.citations] == [
        (1, "a1", "Nobody drowned."),
        (2, "a1", "The ferry sank in 1911."),
        (3, "a2", "Nobody drowned."),
    ]


@pytest.mark.parametrize(("start", "end"), [(5, 29), (6, 46), (10, 10), (12, 11), (0, 5), (-3, 8)])
def test_a_span_outside_the_passage_is_refused(start, end):
    citer = Citer()
    with pytest.raises(ValueError, match="does not lie within the passage"):
        citer.cite(passage(), start, end)
    assert citer.citations == ()


@given(st.text(min_size=1), st.data())
def test_every_quote_is_the_exact_slice_of_its_article(text, data):
    start = data.draw(st.integers(0, len(text) - 1))
    end = data.draw(st.integers(start + 1, len(text)))
    first = data.draw(st.integers(start, end - 1))
    last = data.draw(st.integers(first + 1, end))
    citer = Citer()
    citer.cite(passage(start=start, end=end, text=text), first, last)
    (citation,) = citer.citations
    assert citation.quote == text[citation.start : citation.end] == text[first:last]
