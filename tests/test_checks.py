"""Checks of claims: numbers and dates, however they are spelled, and any text at all."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.checks import check_claim
from rag.types import CHECK_NAMES, Check, Citation


def citation(quote, published=None):
    return Citation(
        number=1, article_id="a", doc_id="d", label="l", path="p", root="/r", title=None, publisher=None, published=published, url=None,
        quote=quote, start=0, end=len(quote),
    )  # fmt: skip


@pytest.mark.parametrize(
    ("claim", "quote", "numbers", "dates"),
    [
        ("2400 left.", "Some 2,400 left.", "passed", "n/a"),
        ("2,400 left.", "Some 2400 left.", "passed", "n/a"),
        ("40 left.", "Forty left.", "passed", "n/a"),
        ("It cost 1,200,000.", "It cost 1.2 million.", "passed", "n/a"),
        ("It cost 1.2m.", "It cost 1.2 million.", "passed", "n/a"),
        ("It cost 1.2 million.", "It cost 1.2 billion.", "failed", "n/a"),
        ("1234567 left.", "1,234,568 left.", "failed", "n/a"),
        ("A rise of 5% to 12.", "It rose by 5 percent to 12.", "passed", "n/a"),
        ("On 4 March 2024.", "On March 4, 2024.", "n/a", "passed"),
        ("On 4 March 2024.", "On 2024-03-04.", "n/a", "passed"),
        ("In Mar 2024.", "In March 2024.", "n/a", "passed"),
        ("In May 2024.", "It may close in 2024.", "n/a", "passed"),  # a word of the quote can be taken for a month
        ("In March 2024.", "The market closed in 2024.", "n/a", "failed"),
        ("On 5 March 2024.", "On 4 March 2024.", "n/a", "failed"),
        ("Nothing to compare.", "1 2 3", "n/a", "n/a"),
    ],
)
def test_a_claim_is_compared_with_its_quote(claim, quote, numbers, dates):
    checks = check_claim(claim, [citation(quote)])
    assert (checks["numbers"].status, checks["dates"].status) == (numbers, dates)


def test_what_is_lacking_is_named():
    assert check_claim("From 7 to 12 in 2021.", [citation("From 8 to 13 in 2022.")])["numbers"] == Check(
        status="failed", reason="not in the quotes: 12, 7"
    )


def test_the_day_of_publication_counts_for_dates_and_not_for_numbers():
    checks = check_claim("On 4 March 2024, 2024 left.", [citation("On Monday they left.", published="2024-03-04T10:00")])
    assert (checks["dates"].status, checks["numbers"].status) == ("passed", "n/a")
    checks = check_claim("Some 24 left on 4 March 2024.", [citation("On Monday they left.", published="2024-03-04T10:24")])
    assert (checks["dates"].status, checks["numbers"].status) == ("passed", "failed")


@given(st.text() | st.from_regex(r"([\d,.]+ ?(million|May|bn)? ?){1,4}", fullmatch=True))
def test_a_quote_supports_its_own_numbers_and_dates(text):
    checks = check_claim(text, [citation(text)])
    assert set(checks) == set(CHECK_NAMES)
    assert {checks[name].status for name in ("numbers", "dates")} <= {"passed", "n/a"}


def test_absurdly_long_numbers_are_numbers_too():
    assert check_claim("9" * 5000, [citation("9" * 5000)])["numbers"].status == "passed"
