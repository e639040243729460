"""Dates in a text, in any form, and whether one text bears out those of another.

A date is what is known of it: year, month, day, weekday, season or part, decade. A coarser date is borne out by a finer one ("March
2024" by "4 March 2024"), never the other way round. "Yesterday" and "on Monday" of an article are worked out from the day it was
published. English, by patterns.

>>> lacking("It closed in March 2024.", "It closed on Monday.", "2024-03-06"), lacking("In May 2024.", "In March 2024.", None)
([], ['May 2024'])
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, timedelta

from rag.facts.amounts import Quantity, quantities

MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "fall": (9, 10, 11), "winter": (12, 1, 2)}
_PARTS = {"early": (1, 4), "beginning": (1, 4), "start": (1, 4), "mid": (4, 9), "middle": (4, 9), "late": (9, 12), "end": (9, 12)}
_YEAR = r"(?P<{0}>1[5-9]\d\d|2[01]\d\d)"
_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<{0}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_PART = r"(?:(?:the )?(?P<{0}>early|late|mid|(?:end|beginning|start|middle)(?= of))(?: of)?[ -])?"
_SEASON = r"(?P<{0}>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)"
_PATTERNS = [
    r"\b(?P<iso>\d{4}-\d\d-\d\d)\b",
    r"\b(?P<numeric>\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d))\b",
    r"\b(?P<century>\d\d)(?:st|nd|rd|th)[ -]century\b",
    rf"\b{_DAY.format('d1')}(?:(?: and |, | to |[-–]){_DAY.format('d2')})? (?:of )?{_MONTH.format('m1')}(?:,? {_YEAR.format('y1')}\b)?",
    rf"\b{_MONTH.format('m2')} {_DAY.format('d3')}(?:(?: and | to |[-–]){_DAY.format('d4')})?\b(?! per| ?%|,\d)"
    rf"(?:,? {_YEAR.format('y2')}\b)?",
    rf"\b(?P<nth>{'|'.join(_NTH)}) of {_MONTH.format('m5')}(?:,? {_YEAR.format('y6')}\b)?",
    rf"\b{_PART.format('p1')}{_MONTH.format('m3')},? (?:of )?{_YEAR.format('y3')}\b",
    rf"\b(?:{_SEASON.format('s1')} (?:of )?{_YEAR.format('y4')}|{_SEASON.format('s2')})\b",
    rf"\b{_PART.format('p2')}(?P<decade>(?:1[5-9]|20)\d0)s\b",
    rf"(?<![\d.,$€£]){_PART.format('p3')}\b{_YEAR.format('y5')}\b(?![.,]\d| (?:people|visitors|boats))",
    rf"(?<!\w){_PART.format('p4')}(?:{_MONTH.format('m4')})(?![\w’']|\.\w)",
    r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day)(?:s\b)?",
    r"\b(?P<relative>(?i:(?:the day before )?yesterday|today|tonight|tomorrow|this (?:morning|afternoon|evening)"
    r"|(?:last|this|next|the previous|the new|the same|the following) (?:week|month|year|night)))\b",
]
_DATE = re.compile("|".join(_PATTERNS))
_MAY = 5
_IN = re.compile(r"\b(?:in|since|until|by|from|of|to|before|after|last|next|this|early|late|mid) $", re.I)
"""What stands before May where it is the month, and not the verb."""
_RELATIVE_DAYS = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1}
_FAR = 100
"""Days or weeks that are counted from a date."""
_STEPS = {"last": -1, "the previous": -1, "next": 1, "the following": 1, "the new": 1}
_ALIKE = {"the new year": "next year", "the following year": "next year", "the previous year": "last year", "tonight": "today"}
_SHIFT = re.compile(
    r"\b(?:the (?:next|following) (?:day|morning)|the day (?P<side>before|after)|the (?P<back>previous) day|the (?P<eve>eve) of)\b"
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What is known of a date."""

    text: str
    start: int = 0
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 for Monday."""
    part: str = ""
    """A season, or "early", "late", … of the year or month."""
    decade: int | None = None
    century: int | None = None
    relative: str = ""
    """"last week", "today", …"""


def days(text: str) -> list[Day]:
    """The dates of a text, in order; one of two days is two."""
    return [one for match in _DATE.finditer(text) for one in _read(text, match)]


def without_days(text: str) -> str:
    """`text` with its dates blanked."""
    for one in days(text):
        text = text[: one.start] + " " * len(one.text) + text[one.start + len(one.text) :]
    return text


def lacking(claim: str, evidence: str, published: str | None) -> list[str]:
    """The dates of a claim that the evidence does not bear out.

    Args:
        claim: a sentence.
        evidence: what it cites.
        published: `YYYY-MM-DD` of the article, if known.
    """
    today = date.fromisoformat(published[:10]) if published else None
    given = [one for found in days(evidence) for one in _worked_out(found, today)]
    if today is not None:
        given.append(Day(text=published or "", year=today.year, month=today.month, day=today.day, weekday=today.weekday()))
    given += [
        replace(one, year=year, month=None, day=None, weekday=None)
        for one in given
        if one.year
        for year in _years_apart(one.year, evidence)
    ]
    given += [found for one in given for found in _shifted(one, evidence)]
    years = {one.year for one in given if one.year is not None} | ({today.year - 1, today.year + 1} if today else set())
    said = [(found, list(_worked_out(found, today))) for found in days(claim)]
    return list(dict.fromkeys(found.text for found, ways in said if not any(_holds(way, one, years) for way in ways for one in given)))


def as_numbers(text: str) -> list[Quantity]:
    """What the dates of a text come to as numbers: the years between two, and days of a month ("the 4th")."""
    found = days(text)
    named = sorted({one.year for one in found if one.year is not None})
    between = [Quantity(f"{later} - {year}", later - year, "year") for year, later in itertools.combinations(named, 2)]
    return [*between, *(Quantity(one.text, one.day, "ordinal") for one in found if one.day is not None)]


def _years_apart(year: int, evidence: str) -> Iterator[int]:
    """The years that lie as far from one as the evidence says: "twelve years", "two years ago"."""
    for one in quantities(without_days(evidence)):
        if one.unit in ("year", "decade") and one.value == int(one.value):
            apart = int(one.value) * (10 if one.unit == "decade" else 1)
            yield from (year - apart, year + apart)


def _shifted(one: Day, evidence: str) -> Iterator[Day]:
    """The days that lie as far from one as the evidence says: "two weeks later", "the day before"."""
    if one.month is None or one.day is None:
        return
    steps = {1 if not (match["side"] == "before" or match["back"] or match["eve"]) else -1 for match in _SHIFT.finditer(evidence)}
    for number in quantities(without_days(evidence)):
        if number.unit in ("day", "week") and number.value == int(number.value) < _FAR:
            steps |= {step * int(number.value) * (7 if number.unit == "week" else 1) for step in (1, -1)}
    try:
        begin = date(one.year or 2023, one.month, one.day)
    except ValueError:
        return
    for step in steps:
        day = begin + timedelta(days=step)
        yield replace(one, year=day.year if one.year else None, month=day.month, day=day.day, weekday=None)


def _holds(said: Day, given: Day, years: set[int]) -> bool:
    """Whether a date is borne out by one that says as much or more."""
    if said.century is not None:
        return said.century == given.century or (given.year or given.decade or 0) // 100 + 1 == said.century
    if said.relative.endswith(" week"):
        return given.weekday is not None or given.relative.endswith((said.relative, "day"))
    if said.relative or said.part in _SEASONS:
        same = said.relative == given.relative and (said.part == given.part or given.month in _SEASONS.get(said.part, ()))
        return same and (said.year is None or said.year == given.year or (given.year is None and said.year in years))
    if said.decade is not None:
        return given.decade == said.decade or (given.year is not None and given.year // 10 * 10 == said.decade)
    if said.weekday is not None and said.weekday != _weekday(given):
        return False
    if any(wanted is not None and wanted != known for wanted, known in ((said.month, given.month), (said.day, given.day))):
        return False
    if said.year is not None and said.year != given.year and (given.year is not None or said.year not in years):
        return False
    return not said.part or _PARTS[said.part] == _PARTS.get(given.part) or _falls_in(said, given)


def _falls_in(said: Day, given: Day) -> bool:
    """Whether a finer date falls in the early, middle or late part of the year or month."""
    first, last = _PARTS[said.part]
    if said.month is None:
        return given.month is not None and first <= given.month <= last
    return given.day is not None and first * 2.2 - 2 <= given.day <= last * 2.6 + 1


def _weekday(one: Day) -> int | None:
    if one.weekday is not None or not (one.year and one.month and one.day):
        return one.weekday
    try:
        return date(one.year, one.month, one.day).weekday()
    except ValueError:  # 31 February
        return None


def _worked_out(one: Day, today: date | None) -> Iterator[Day]:
    """A date as it stands, and what it comes to, seen from `today`."""
    yield one
    if today is None:
        return
    for day in _reckoned(one, today):
        yield Day(text=one.text, start=one.start, year=day.year, month=day.month, day=day.day, weekday=day.weekday())
    match one.relative.rpartition(" "):
        case (when, _, "year"):
            yield replace(one, relative="", year=today.year + _STEPS.get(when, 0))
        case (when, _, "month"):
            months = today.year * 12 + today.month - 1 + _STEPS.get(when, 0)
            yield replace(one, relative="", year=months // 12, month=months % 12 + 1)


def _reckoned(one: Day, today: date) -> Iterator[date]:
    if one.relative and one.relative.split()[-1] not in ("year", "month", "week"):
        yield today + timedelta(days=_RELATIVE_DAYS.get(one.relative, 0))
    elif one.weekday is not None and one.day is None:
        back = (today.weekday() - one.weekday) % 7
        yield from (today - timedelta(days=back), today + timedelta(days=7 - back))


def _read(text: str, match: re.Match[str]) -> Iterator[Day]:
    got = {name: value for name, value in match.groupdict().items() if value}
    found = Day(text=match.group().strip(), start=match.start())
    if "century" in got:
        yield replace(found, century=int(got["century"]))
    elif "numeric" in got:
        yield from _numeric(found, got["numeric"])
    elif "iso" in got:
        year, month, day = map(int, got["iso"].split("-"))
        yield from [replace(found, year=year, month=month, day=day)] if 1 <= month <= 12 and 1 <= day <= 31 else []
    else:
        yield from _in_words(found, got, text[: match.start()])


def _in_words(found: Day, got: dict[str, str], before: str) -> Iterator[Day]:
    """The dates of a match whose month or year is named."""
    first = {name.rstrip("0123456789"): value for name, value in got.items()}
    month = _month(first["m"]) if "m" in first else None
    if month == _MAY and not first.keys() & {"d", "y"} and not _IN.search(before):
        return
    whole = replace(
        found, year=int(first["y"]) if "y" in first else None, month=month, part=(first.get("p") or first.get("s") or "").lower(),
        decade=int(got["decade"]) if "decade" in got else None, relative=_relative(got.get("relative", "").lower()),
        weekday=_WEEKDAYS.index(got["weekday"].lower()) if "weekday" in got else None,
    )  # fmt: skip
    numbers = (
        [_NTH.index(got["nth"]) + 1]
        if "nth" in got
        else [int(value) for name, value in got.items() if name[0] == "d" and name[1:].isdigit()]
    )
    yield from [replace(whole, day=number) for number in numbers] or [whole]


def _relative(words: str) -> str:
    return "today" if words.startswith("this ") and words.endswith(("ing", "noon")) else _ALIKE.get(words, words)


def _numeric(found: Day, words: str) -> Iterator[Day]:
    """A date in digits, with the day or the month first."""
    one, other, year = map(int, re.split(r"[./]", words))
    for day, month in dict.fromkeys([(one, other), (other, one)]):
        if 1 <= day <= 31 and 1 <= month <= 12:
            yield replace(found, year=year if year > 99 else 2000 + year, month=month, day=day)


def _month(word: str) -> int:
    return next(number for number, name in enumerate(MONTHS, start=1) if name.startswith(word.lower()[:3]))
