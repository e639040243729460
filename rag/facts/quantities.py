"""Limits that a claim sets ("more than 30", "before June 2010"), compared by arithmetic with what the evidence gives.

A cross-encoder of this size sees that claim and evidence speak of one number, and cannot tell which of the two is larger
(docs/experiments.md). Arithmetic can.

>>> limits_hold("Over 300 people fell ill.", "The clinic counted 216 patients.")
False
>>> limits_hold("The bridge was finished before 1950.", "It was opened on 3 May 1948.")
True
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import NamedTuple

from rag.facts.intervals import Interval, interval
from rag.facts.values import dates, number_key

_RELATIONS = {
    "more": r"more than|over|above|(?:higher|greater|larger|better|later) than|exceed(?:s|ed|ing)?|surpass(?:es|ed|ing)?|in excess of",
    "less": r"less than|under|below|fewer than|(?:lower|smaller|worse|earlier) than",
    "least": r"at least|no(?:t)? (?:less|fewer) than|a minimum of",
    "most": r"at most|no(?:t)? more than|up to|a maximum of",
    "about": r"about|around|roughly|approximately|some|nearly|almost|close to|an estimated",
}
_RELATION = "|".join(f"(?P<{name}>{words})" for name, words in _RELATIONS.items())
_ONES = (
    "two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|twenty|thirty|"
    "forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = re.compile(
    rf"(?<![\w.,/-])(?:(?:{_RELATION}) (?:an? |the )?)?(?:US)?[$£€]?"
    rf"(?P<number>(?:{_DIGITS})(?: (?:hundred|thousand|million|billion|trillion|bn|m)\b)?|\b(?:{_ONES})(?:[ -](?:and[ -])?(?:{_ONES}))*\b)"
    r"(?P<share> ?%| ?per ?cent| out of 100\b|/100\b)?(?P<plus>\+)?(?![\w/]|,\d|\.\d|-\d)",
    re.I,
)
_YEAR = re.compile(r"(?:1[5-9]|20)\d\d")
_BEFORE = re.compile(r"\b(?:before|prior to|earlier than) (?:the )?$", re.I)
_AFTER = re.compile(r"\b(?:after|later than|following) (?:the )?$", re.I)
_ROUND = 0.1
"""How far "about" may be off, as a share."""
_SAME_NUMBER = math.log(2)
"""Two numbers farther apart than this, as a logarithm of their ratio, count different things."""
_SAME_DATE = 12 * 366
"""The same for dates, in days."""


class Quantity(NamedTuple):
    """A number or date of a text, with what its wording leaves open."""

    place: float
    """The number itself, or the day."""
    interval: Interval

    @property
    def is_limit(self) -> bool:
        """Whether it says more or less than, about, before or after."""
        return not self.interval.exact


def limits_hold(claim: str, evidence: str) -> bool | None:
    """Whether the limits in a claim fit the evidence; None where it sets none for which the evidence has a value.

    Each limit is held against the nearest value of its kind: percentages, other numbers and dates do not compare.
    """
    given = quantities(evidence)
    pairs = [(limit, _nearest(limit, given)) for limit in quantities(claim) if limit.is_limit]
    fits = [_overlap(limit.interval, found.interval) for limit, found in pairs if found is not None]
    return all(fits) if fits else None


def quantities(text: str) -> list[Quantity]:
    """The numbers and dates of a text."""
    return [*_dated(text), *_counted(text)]


def _dated(text: str) -> Iterator[Quantity]:
    for value in dates(text):
        days = interval("date", value.text)
        if days is None:
            continue
        before, after = _BEFORE.search(text[: value.start]), _AFTER.search(text[: value.start])
        if before:
            yield Quantity(days.low, Interval(-math.inf, days.low - 1, "day", exact=False))
        elif after:
            yield Quantity(days.high, Interval(days.high + 1, math.inf, "day", exact=False))
        else:
            yield Quantity(days.low, days)


def _counted(text: str) -> Iterator[Quantity]:
    taken = [(value.start, value.end) for value in dates(text)]
    for match in _NUMBER.finditer(text):
        start, end = match.span("number")
        if any(left < end and start < right for left, right in taken) or _YEAR.fullmatch(match["number"]):
            continue
        value = float(number_key(match["number"]))
        if value > 0:
            yield Quantity(value, _limited(match, value, "%" if match["share"] else ""))


def _limited(match: re.Match[str], value: float, unit: str) -> Interval:
    """What a number leaves open; "more than" and "less than" exclude the number itself."""
    if match["more"]:
        return Interval(math.nextafter(value, math.inf), math.inf, unit, exact=False)
    if match["less"]:
        return Interval(-math.inf, math.nextafter(value, -math.inf), unit, exact=False)
    if match["least"] or match["plus"]:
        return Interval(value, math.inf, unit, exact=False)
    if match["most"]:
        return Interval(-math.inf, value, unit, exact=False)
    if match["about"]:
        return Interval(value * (1 - _ROUND), value * (1 + _ROUND), unit, exact=False)
    return Interval(value, value, unit, exact=True)


def _nearest(limit: Quantity, given: Sequence[Quantity]) -> Quantity | None:
    """The value of the same kind that is nearest, if it can be meant at all."""
    alike = [other for other in given if other.interval.unit == limit.interval.unit]
    near = min(alike, key=lambda other: _distance(limit, other), default=None)
    most = _SAME_DATE if limit.interval.unit == "day" else _SAME_NUMBER
    return near if near is not None and _distance(limit, near) <= most else None


def _distance(one: Quantity, other: Quantity) -> float:
    if one.interval.unit == "day":
        return abs(one.place - other.place)
    return abs(math.log(one.place / other.place))


def _overlap(one: Interval, other: Interval) -> bool:
    return max(one.low, other.low) <= min(one.high, other.high)
