"""What values leave open, and which of them contradict each other."""

from __future__ import annotations

import math
from datetime import date
from typing import get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.facts.intervals import Interval, contradict, interval, may_be_one
from rag.question import Kind


def day(year: int, month: int, number: int) -> int:
    return date(year, month, number).toordinal()


@pytest.mark.parametrize(
    ("text", "published", "first", "last"),
    [
        ("15 August 2022", None, (2022, 8, 15), (2022, 8, 15)),
        ("August 15th, 2022", None, (2022, 8, 15), (2022, 8, 15)),
        ("2022-08-15", None, (2022, 8, 15), (2022, 8, 15)),
        ("Feb. 2024", None, (2024, 2, 1), (2024, 2, 29)),
        ("December 2023", None, (2023, 12, 1), (2023, 12, 31)),
        ("2022", None, (2022, 1, 1), (2022, 12, 31)),
        ("late 2021", None, (2021, 9, 1), (2021, 12, 31)),
        ("the end of 2023", None, (2023, 9, 1), (2023, 12, 31)),
        ("early 2024", None, (2024, 1, 1), (2024, 4, 30)),
        ("winter of 2022", None, (2022, 12, 1), (2023, 2, 28)),
        ("9 June", "2025-06-10", (2025, 6, 9), (2025, 6, 9)),
    ],
)
def test_dates(text: str, published: str | None, first: tuple[int, int, int], last: tuple[int, int, int]) -> None:
    assert interval("date", text, published=published) == Interval(day(*first), day(*last), "day", exact=True)


@pytest.mark.parametrize(
    ("kind", "text"), [("date", "9 June"), ("date", "31 February 2022"), ("duration", "several years"), ("name", "2022")]
)
def test_no_interval(kind: Kind, text: str) -> None:
    assert interval(kind, text) is None


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("2,400", Interval(2400, 2400, "", exact=True)),
        ("some two thousand", Interval(1800, 2200, "", exact=False)),
        ("more than 500", Interval(500, math.inf, "", exact=False)),
        ("nearly 100", Interval(85, 100, "", exact=False)),
        ("at most 12", Interval(0, 12, "", exact=False)),
        ("four fifths", Interval(80, 80, "%", exact=True)),
        ("35 per cent", Interval(35, 35, "%", exact=True)),
        ("two weeks", Interval(14, 14, "days", exact=True)),
    ],
)
def test_numbers(text: str, expected: Interval) -> None:
    found = interval("number", text)
    assert found is not None
    assert found._replace(step=0.0) == expected


@pytest.mark.parametrize(
    ("kind", "text", "step"),
    [
        ("number", "2,400", 100),
        ("number", "2,000", 1000),
        ("number", "40", 1),
        ("number", "7.99", 0.01),
        ("number", "1.5 million", 100_000),
        ("duration", "six weeks", 7),
        ("duration", "three and a half years", 182.625),
        ("date", "2022", 0),
    ],
)
def test_the_step_in_which_a_value_was_counted(kind: Kind, text: str, step: float) -> None:
    found = interval(kind, text)
    assert found is not None
    assert found.step == pytest.approx(step)


@pytest.mark.parametrize(
    ("kind", "one", "other", "one_thing"),
    [
        ("number", "40", "62", True),
        ("number", "40", "101", False),
        ("number", "more than 40", "30", True),
        ("number", "40", "40 per cent", False),
        ("duration", "five days", "eight days", True),
        ("duration", "five days", "nine years", False),
        ("date", "9 June 2025", "11 June 2025", True),
        ("date", "9 June 2025", "August 2025", False),
        ("date", "9 June 2025", "July 2025", True),
        ("date", "2021", "2022", True),
        ("date", "2013", "2022", False),
        ("date", "August 2022", "late 2021", True),
        ("name", "Brigg", "Gao", False),
    ],
)
def test_values_that_could_be_accounts_of_one_thing(kind: Kind, one: str, other: str, one_thing: bool) -> None:
    left, right = interval(kind, one), interval(kind, other)
    assert (may_be_one(left, right), may_be_one(right, left)) == (one_thing, one_thing)


@pytest.mark.parametrize(
    ("kind", "one", "other", "contradicts"),
    [
        ("duration", "over three years", "nearly three years", True),
        ("duration", "more than three years", "three and a half years", False),
        ("duration", "three years", "more than three years", False),
        ("duration", "five days", "eight days", True),
        ("duration", "one week", "7 days", False),
        ("number", "650", "400", True),
        ("number", "about 2,000", "1,950", False),
        ("number", "more than 500", "2,000", False),
        ("number", "40", "40 per cent", False),
        ("number", "80 per cent", "four fifths", False),
        ("number", "8", "7.99", False),
        ("number", "8", "7.49", True),
        ("number", "500", "483", False),
        ("number", "500", "430", True),
        ("number", "more than 500", "483", True),
        ("number", "20", "19", True),
        ("number", "32,000", "27,500", True),
        ("duration", "six weeks", "45 days", False),
        ("duration", "six weeks", "50 days", True),
        ("duration", "three and a half years", "three years", True),
        ("date", "2022", "August 2022", False),
        ("date", "9 June 2025", "11 June 2025", True),
        ("date", "late 2021", "December 2021", False),
        ("date", "July 2022", "late 2022", True),
        ("name", "Brigg", "Gao", False),
    ],
)
def test_contradictions(kind: Kind, one: str, other: str, contradicts: bool) -> None:
    left, right = interval(kind, one), interval(kind, other)
    assert (contradict(left, right), contradict(right, left)) == (contradicts, contradicts)


@given(st.sampled_from(get_args(Kind)), st.text(max_size=40) | st.from_regex(r"(over |about )?\d{1,4} (days|May|June 20\d\d|million)"))
def test_any_text_has_an_ordered_interval_or_none(kind: Kind, text: str) -> None:
    found = interval(kind, text, published="2024-05-06")
    assert found is None or (found.low <= found.high and not contradict(found, found))
