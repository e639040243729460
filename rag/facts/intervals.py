"""What a date, number or length of time leaves open, as an interval; two of them contradict each other if no value is in both.

>>> contradict(interval("duration", "over three years"), interval("duration", "nearly three years"))
True
>>> contradict(interval("date", "August 2022"), interval("date", "15 August 2022"))
False
"""

from __future__ import annotations

import calendar
import math
import re
from datetime import date
from typing import NamedTuple

from rag.facts.values import number_key, numbers
from rag.question import Kind

_MONTHS = {name[:3].lower(): number for number, name in enumerate(calendar.month_name) if name}
_SEASONS = {"spring": (3, 5), "summer": (6, 8), "autumn": (9, 11), "winter": (12, 14)}
_PARTS = {
    "early": (1, 4), "beginning": (1, 4), "start": (1, 4), "mid": (5, 8), "middle": (5, 8), "late": (9, 12), "end": (9, 12),
}  # fmt: skip
"""First and last month of a part of a year."""
_DAYS = {"hour": 1 / 24, "minute": 1 / 1440, "day": 1.0, "week": 7.0, "month": 365.25 / 12, "year": 365.25, "decade": 3652.5}
_ISO = re.compile(r"(\d{4})-(\d\d)-(\d\d)")
_YEAR = re.compile(r"\b(?:19|20)\d\d\b")
_MONTH = re.compile(rf"\b({'|'.join(_MONTHS)})[a-z]*\b", re.I)
_DAY = re.compile(r"\b(\d{1,2})(?:st|nd|rd|th)?\b")
_PART = re.compile(rf"\b({'|'.join((*_PARTS, *_SEASONS))})\b", re.I)
_UNIT = re.compile(rf"\b({'|'.join(_DAYS)})s?\b", re.I)
_MORE = re.compile(r"\b(?:more than|over|at least|just over)\b", re.I)
_LESS = re.compile(r"\b(?:less than|fewer than|under|just under|up to|at most)\b", re.I)
_NEARLY = re.compile(r"\b(?:nearly|almost)\b", re.I)
_ABOUT = re.compile(r"\b(?:about|around|roughly|some|approximately|an estimated)\b", re.I)
_VAGUE = re.compile(r"\b(?:several|few)\b", re.I)
_HALF = re.compile(r"\band[ -]a[ -]half\b", re.I)
_ROUND = 0.1
"""How far "about" may be off, as a share."""
_SHORT = 0.15
"""How far "nearly" may be below."""


_FINER = 4.0
"""How many times finer the steps of a value must be for the other to be that value rounded."""
_SAME_SIZE = 2.5
"""How many times larger than the other one of two accounts of a number may be,"""
_SAME_EVENT, _SAME_YEAR = 31, 366
"""and how many days apart they may place an event, where one names the day, and where none does."""


class Interval(NamedTuple):
    """The values that a wording allows."""

    low: float
    high: float
    """Included, as `low` is."""
    unit: str
    """Only intervals of one unit compare: "day" for dates, "days" for lengths of time, "%" or "" for numbers."""
    exact: bool
    """Whether it was given without "over", "nearly" and the like."""
    step: float = 0.0
    """What it was counted in: days, weeks, thousands; 0 where that does not matter."""


def interval(kind: Kind, text: str, *, published: str | None = None) -> Interval | None:
    """What a value leaves open; None where it is no value of its kind.

    Args:
        kind: what the value answers; only dates, durations and numbers have intervals.
        text: the value with its hedge, such as "some 2,400".
        published: the article's day, which gives a date its year where it has none.
    """
    if kind == "date":
        return _date(text, published)
    if kind == "duration" or (kind == "number" and _UNIT.search(text)):
        return _duration(text)
    return _number(text) if kind == "number" else None


def contradict(one: Interval | None, other: Interval | None) -> bool:
    """Whether no value fits both; two hedges that meet in one point ("over three", "nearly three") do not fit each other.

    Of two values that were counted in unlike steps, the coarser may be the other one rounded: "six weeks" and "45 days", 8 and 7.99.
    """
    if one is None or other is None or one.unit != other.unit:
        return False
    if min(one.step, other.step) * _FINER <= max(one.step, other.step):
        one, other = _rounded(one), _rounded(other)
    low, high = max(one.low, other.low), min(one.high, other.high)
    return low > high or (low == high and not one.exact and not other.exact)


def _rounded(value: Interval) -> Interval:
    """What a value leaves open that may have been rounded; a limit is none that is."""
    return value._replace(low=value.low - value.step / 2, high=value.high + value.step / 2) if value.exact else value


def may_be_one(one: Interval | None, other: Interval | None) -> bool:
    """Whether two values could be accounts of one thing: numbers of one size, days of one month, months and years next to each other."""
    if one is None or other is None or one.unit != other.unit:
        return False
    if one.unit == "day":
        apart = max(one.low, other.low) - min(one.high, other.high)
        return apart <= (_SAME_EVENT if min(one.high - one.low, other.high - other.low) == 0 else _SAME_YEAR)
    small, large = sorted(value.low if math.isinf(value.high) else (value.low + value.high) / 2 for value in (one, other))
    return large <= _SAME_SIZE * small


def _date(text: str, published: str | None) -> Interval | None:
    if iso := _ISO.search(text):
        return _days(*(int(part) for part in iso.groups()))
    year_found = _YEAR.search(text)
    year = int(year_found[0]) if year_found else int(published[:4]) if published else None
    if year is None:
        return None
    month = _MONTH.search(text)
    if month:
        rest = _YEAR.sub(" ", text)
        day = _DAY.search(rest)
        number = _MONTHS[month[1].lower()]
        return _days(year, number, int(day[1])) if day else _months(year, number, number)
    part = _PART.search(text)
    first, last = _PARTS.get(part[1].lower()) or _SEASONS[part[1].lower()] if part else (1, 12)
    return _months(year, first, last)


def _days(year: int, month: int, day: int) -> Interval | None:
    try:
        place = date(year, month, day).toordinal()
    except ValueError:
        return None
    return Interval(place, place, "day", exact=True)


def _months(year: int, first: int, last: int) -> Interval:
    """From the first day of a month to the last day of another; months above 12 are of the next year."""
    after = date(year + last // 12, last % 12 + 1, 1).toordinal()
    return Interval(date(year, first, 1).toordinal(), after - 1, "day", exact=True)


def _duration(text: str) -> Interval | None:
    unit = _UNIT.search(text)
    if unit is None or _VAGUE.search(text):
        return None
    half, days = 0.5 if _HALF.search(text) else 0.0, _DAYS[unit[1].lower()]
    value = _value_of(text) + half
    return _hedged(text, value * days, "days", days * (half or 1.0)) if value else None


def _number(text: str) -> Interval | None:
    shares = [found.key for found in numbers(text) if found.key.endswith("%")]
    value = float(shares[0].rstrip("%")) if shares else _value_of(text)
    return _hedged(text, value, "%" if shares else "", _step(value)) if value else None


def _step(value: float) -> float:
    """The power of ten that a number was rounded to: 100 of 2,400, and .01 of 7.99; below a hundred, whole numbers are exact."""
    digits = f"{value:.6f}".rstrip("0").rstrip(".")
    if "." in digits:
        return 10.0 ** -len(digits.split(".")[1])
    return 10.0 ** (len(digits) - len(digits.rstrip("0"))) if value >= 100 else 1.0


def _value_of(text: str) -> float:
    return float(number_key(_HALF.sub(" ", text)).rstrip("%"))


def _hedged(text: str, value: float, unit: str, step: float) -> Interval:
    if _MORE.search(text):
        return Interval(value, math.inf, unit, exact=False, step=step)
    if _NEARLY.search(text):
        return Interval(value * (1 - _SHORT), value, unit, exact=False, step=step)
    if _LESS.search(text):
        return Interval(0.0, value, unit, exact=False, step=step)
    if _ABOUT.search(text):
        return Interval(value * (1 - _ROUND), value * (1 + _ROUND), unit, exact=False, step=step)
    return Interval(value, value, unit, exact=True, step=step)
