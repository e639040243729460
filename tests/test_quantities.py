"""Limits of a claim against the numbers and dates of its evidence."""

from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.intervals import Interval
from rag.facts.quantities import Quantity, limits_hold, quantities


@pytest.mark.parametrize(
    ("claim", "evidence", "holds"),
    [
        ("More than 30 boats left.", "31 boats left, and 400 people.", True),
        ("More than 30 boats left.", "30 boats left.", False),
        ("At least 30 boats left.", "Thirty boats left.", True),
        ("Up to 30 boats left.", "Some 40 boats left.", False),
        ("About 2,000 stayed.", "The count was 1,950.", True),
        ("Fewer than 50% voted.", "Fifty-six per cent voted; 48 were turned away.", False),
        ("It scored above 70%.", "It was given 75/100 by 12 critics.", True),
        ("Over 1.5 million saw it.", "1,480,000 people saw it.", False),
        ("Under 225 million views.", "It has more than 230 million views.", False),
        ("She was born before May 1970.", "Una Marsh (born 18 April 1970) is a pilot.", True),
        ("She was born after 1970.", "Una Marsh (born 18 April 1970) is a pilot.", False),
        ("More than 30 boats left.", "9,000 people watched.", None),
        ("More than 30 boats left.", "In 2031 they left.", None),
        ("30 boats left.", "31 boats left.", None),
        ("After the storm they left.", "They left in 2020.", None),
    ],
)
def test_limits(claim: str, evidence: str, holds: bool | None) -> None:
    assert limits_hold(claim, evidence) is holds


def test_quantities_of_a_text() -> None:
    assert quantities("Over 20 ferries, 5 % of 300, ran in 2021.") == [
        Quantity(737791, Interval(737791, 738155, "day", exact=True)),
        Quantity(20, Interval(math.nextafter(20, math.inf), math.inf, "", exact=False)),
        Quantity(5, Interval(5, 5, "%", exact=True)),
        Quantity(300, Interval(300, 300, "", exact=True)),
    ]


@given(st.integers(1, 10**9), st.sampled_from(["", " %", " million"]))
def test_a_number_is_at_least_and_at_most_itself_and_neither_more_nor_less(number: int, unit: str) -> None:
    said = {
        word: limits_hold(f"It was {word} {number}{unit}.", f"It was {number}{unit}.") for word in ("at least", "at most", "over", "under")
    }
    assert said == {"at least": True, "at most": True, "over": False, "under": False} or 1500 <= number <= 2099


@given(st.text(max_size=80), st.text(max_size=80))
def test_any_texts_compare(claim: str, evidence: str) -> None:
    assert limits_hold(claim, evidence) in (True, False, None)
