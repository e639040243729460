"""Whether one text bears out the dates of another, in whatever form.

A coarser date is borne out by a finer one ("March
2024" by "4 March 2024"), never the other way round. "Yesterday" and "on Monday" of an article are worked out from the day it was
published. English, by patterns.

>>> lacking("It closed in March 2024.", "It closed on Monday.", "2024-03-06"), lacking("In May 2024.", "In March 2024.", None)
([], ['May 2024'])
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import replace
from datetime import date, timedelta

from rag.facts.amounts import Quantity, quantities
from rag.facts.date_words import MONTHS_OF, PARTS, Day, days, without_days

_RELATIVE_DAYS = {"the day before yesterday": -2, "yesterday": -1, "last night": -1, "tomorrow": 1}
_MOST = 300
"""Dates of the evidence that are looked at."""
_MOST_SPANNED = 40
"""Those whose distances are."""
_FAR = 100
"""Days, weeks or months that are counted from a date."""
_STEP_DAYS = {"day": 1, "week": 7, "fortnight": 14, "month": 1}
"""What each is in days; months are counted by themselves."""
_STEPS = {"last": -1, "the previous": -1, "next": 1, "the following": 1, "the new": 1}
_YEAR_STEP = re.compile(r"\b(?:the|that) (?:(?:previous|preceding|(?P<on>following|next)) year|year (?:before|(?P<after>after)))\b", re.I)
_PART_OF_DAY = "day|morning|afternoon|evening|night"
_SHIFT = re.compile(
    rf"\b(?:the (?:next|following|(?P<back>previous)) (?:{_PART_OF_DAY}|(?P<month>month))"
    rf"|the (?:{_PART_OF_DAY}|(?P<month2>month)) (?P<side>before|after)|the (?P<eve>eve) of|overnight)\b"
)


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
    numbers = quantities(without_days(evidence))
    given = _distinct(given)
    given += [
        replace(one, year=year, month=None, day=None, weekday=None)
        for one in given
        if one.year
        for year in _years_apart(one.year, numbers, evidence)
    ]
    steps = _steps(numbers, evidence)
    given = _distinct([*given, *(moved for one in _distinct(given) for unit, step in steps for moved in _moved(one, unit, step))])
    years = {one.year for one in given if one.year is not None} | ({today.year - 1, today.year + 1} if today else set())
    said = [(found, list(_worked_out(found, today))) for found in days(claim)]
    return list(dict.fromkeys(found.text for found, ways in said if not any(_holds(way, one, years) for way in ways for one in given)))


def as_numbers(text: str, published: Sequence[str] = ()) -> list[Quantity]:
    """What the dates of a text come to as numbers: the years, months and days between two, and days of a month ("the 4th").

    Args:
        text: what has dates.
        published: `YYYY-MM-DD` of its articles, from which is counted, too.
    """
    printed = [date.fromisoformat(day[:10]) for day in published]
    found = [one for day in days(text) for one in _worked_out(day, printed[0] if printed else None)]
    found += [Day(text="", year=day.year, month=day.month, day=day.day) for day in printed]
    spans: set[tuple[str, int]] = set()
    for one, later in itertools.permutations(_distinct(found)[:_MOST_SPANNED], 2):
        spans |= _apart(one, later)
    between = [Quantity(f"{number} {unit}", number, unit) for unit, number in sorted(spans)]
    return [*between, *(Quantity(one.text, one.day, "ordinal") for one in days(text) if one.day is not None)]


def _apart(one: Day, later: Day) -> set[tuple[str, int]]:
    """Years, months and days from one date to a later one, as far as both are known."""
    spans = {("year", later.year - one.year)} if one.year and later.year else set()
    if one.month and later.month:
        spans.add(("month", ((later.year or 0) - (one.year or 0)) * 12 * bool(one.year and later.year) + later.month - one.month))
    if one.weekday is not None and later.weekday is not None and not (one.day or later.day):
        spans.add(("day", (later.weekday - one.weekday) % 7))
    with suppress(ValueError):
        if one.month and one.day and later.month and later.day:
            begin, end = (date(day.year or one.year or later.year or 2023, day.month or 1, day.day or 1) for day in (one, later))
            spans.add(("day", (end - begin).days))
    return {(unit, number) for unit, number in spans if number > 0}


def _distinct(found: Sequence[Day]) -> list[Day]:
    """The dates, each once, however it is written; of very many, the first."""
    return list({replace(one, text="", start=0): one for one in found}.values())[:_MOST]


def _years_apart(year: int, numbers: Sequence[Quantity], evidence: str) -> Iterator[int]:
    """The years that lie as far from one as the evidence says: "twelve years", "two years ago"."""
    for one in numbers:
        if one.unit in ("year", "decade") and one.value == int(one.value):
            apart = int(one.value) * (10 if one.unit == "decade" else 1)
            yield from (year - apart, year + apart)
    yield from (year + (1 if match["on"] or match["after"] else -1) for match in _YEAR_STEP.finditer(evidence))


def _steps(numbers: Sequence[Quantity], evidence: str) -> set[tuple[str, int]]:
    """How many days or months the evidence counts from a date: "two weeks later", "the evening before", "a month earlier"."""
    steps = {
        ("month" if match["month"] or match["month2"] else "day", -1 if match["back"] or match["eve"] or match["side"] == "before" else 1)
        for match in _SHIFT.finditer(evidence.lower())
    }
    for number in numbers:
        if number.unit in _STEP_DAYS and number.value == int(number.value) < _FAR:
            length = int(number.value) * _STEP_DAYS[number.unit]
            steps |= {("month" if number.unit == "month" else "day", step * length) for step in (1, -1)}
    return steps


def _moved(one: Day, unit: str, step: int) -> Iterator[Day]:
    """A date some days or months on, as far as it is known."""
    if unit == "month" and one.month is not None:
        years, month = divmod(one.month - 1 + step, 12)
        yield replace(one, year=one.year + years if one.year else None, month=month + 1, weekday=None)
    elif unit == "day" and one.month is not None and one.day is not None:
        with suppress(ValueError):  # 31 February
            day = date(one.year or 2023, one.month, one.day) + timedelta(days=step)
            yield replace(one, year=day.year if one.year else None, month=day.month, day=day.day, weekday=None)
    elif unit == "day" and one.weekday is not None:
        yield replace(one, weekday=(one.weekday + step) % 7)


def _holds(said: Day, given: Day, years: set[int]) -> bool:
    """Whether a date is borne out by one that says as much or more."""
    if said.century is not None:
        return said.century == given.century or (given.year or given.decade or 0) // 100 + 1 == said.century
    if said.relative.endswith(" week"):
        return given.weekday is not None or given.relative.endswith((said.relative, "day"))
    if said.relative or said.part in MONTHS_OF:
        same = said.relative == given.relative and (said.part == given.part or given.month in MONTHS_OF.get(said.part, ()))
        return same and (said.year is None or said.year == given.year or (given.year is None and said.year in years))
    if said.decade is not None:
        length = 100 if said.decade % 100 == 0 else 10  # "the 1600s" are a century
        since = given.year or given.decade or 100 * ((given.century or 0) - 1)
        return since // length * length == said.decade and (length == 100 or given.century is None)
    if said.weekday is not None and said.weekday != _weekday(given):
        return False
    if any(wanted is not None and wanted != known for wanted, known in ((said.month, given.month), (said.day, given.day))):
        return False
    if said.year is not None and said.year != given.year and (given.year is not None or said.year not in years):
        return False
    return not said.part or PARTS[said.part] == PARTS.get(given.part) or _falls_in(said, given)


def _falls_in(said: Day, given: Day) -> bool:
    """Whether a finer date falls in the early, middle or late part of the year or month."""
    first, last = PARTS[said.part]
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
    if one.month is not None and one.year is None:
        near = (today.month - one.month + 6) // 12  # of its months in three years, the one that is nearest
        yield replace(one, year=today.year + near)
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
