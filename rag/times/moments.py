"""Words for a time, and the days that they name: "last week", "3 March 2024", "the first half of 2023".

English, by patterns. A moment is told either from a day (the clock's, or an article's day of publication) or by the calendar.

>>> [(moment.text, str(moment.first), str(moment.last)) for moment in find_moments("since March", date(2025, 6, 11))]
[('March', '2025-03-01', '2025-03-31')]
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import NamedTuple

from rag.times.days import (
    COUNTS,
    MONTH_OF,
    SEASON_STARTS,
    WEEKDAYS,
    Days,
    back,
    count_of,
    latest,
    months_from,
    span,
    thirds,
    weekday,
    yearly_of,
)  # fmt: skip

_ORDINALS = {"first": 0, "second": 1, "third": 2, "fourth": 3, "last": 3, "1": 0, "2": 1, "3": 2, "4": 3}
NAMES = frozenset([*MONTH_OF, *WEEKDAYS])
"""Words that are written with a capital wherever they stand."""

_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)(?!\d|[.,]\d|[-/]\d|s\b)"
_NO_COUNT = r"(?! (?!was\b|has\b|does\b|is\b|this\b|news\b|press\b|articles\b)[a-z]+s\b)"
"""A year is no number of things: "1990 tonnes"."""
_MONTH = rf"(?P<month>{'|'.join(sorted(MONTH_OF, key=len, reverse=True))})\b\.?"
_WEEKDAY = rf"(?P<weekday>{'|'.join(WEEKDAYS)})\b"
_UNIT = r"(?P<unit>day|week|weekend|fortnight|month|quarter|year|decade|hour)"
_NAMED_UNIT = rf"(?P<unit>week|weekend|month|quarter|year|decade|{'|'.join((*SEASON_STARTS, *WEEKDAYS, *MONTH_OF))})\b"
_SEASON = rf"(?P<season>{'|'.join(SEASON_STARTS)})\b"
_DAY = r"(?P<day>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_PART = r"(?:(?P<part>early|mid|late)(?: in)?[- ](?:the )?)"
_COUNT = rf"(?P<count>\d{{1,3}}|{'|'.join(sorted(COUNTS, key=len, reverse=True))})"

_BEFORE_DAY = re.compile(rf"\b(?:on|last|this|next|by|since|until|before|after|from|for|late|early) (?:{'|'.join(WEEKDAYS)})$", re.I)


class Moment(NamedTuple):
    """Words for a time, with their place."""

    text: str
    start: int
    end: int
    first: date
    last: date
    """The whole period, even where it is not over yet."""
    told: str
    """"clock": told from a day; "weekday": so, too, by the bare name of a weekday; "vague": "two weeks ago"; "calendar": by its date."""
    yearless: bool
    """Whether the year was left to the reader, who takes the most recent one."""


_Reader = Callable[["re.Match[str]", date], Days]


def find_moments(text: str, day: date) -> list[Moment]:
    """All moments in `text` from left to right, as told on `day`; of two that overlap, the one that begins first, or is longer."""
    found = (moment for form in _FORMS for moment in _scan(text, day, *form))
    kept: list[Moment] = []
    for moment in sorted(found, key=lambda moment: (moment.start, -moment.end)):
        if not kept or moment.start >= kept[-1].end:
            kept.append(moment)
    return kept


def is_word(text: str, start: int, end: int) -> bool:
    """Whether a phrase stands as plain words, not as part of a longer word, a title or a name."""
    if text[start - 1 : start].isalnum() or text[end : end + 1].isalnum():
        return False
    opens = re.search(r"(?:^|[.:;?!—–,(])\s*$", text[:start])
    words = [word for word in re.finditer(r"[a-z]+", text[start:end], re.I) if len(word.group()) > 1]
    words = [word for word in words if word.group().lower() not in NAMES]
    return text.isupper() or not any(word.group()[0].isupper() and not (opens and not word.start()) for word in words)


def _scan(text: str, day: date, told: str, pattern: re.Pattern[str], reader: _Reader) -> list[Moment]:
    found = []
    for match in pattern.finditer(text):
        try:
            first, last = reader(match, day)
        except (ValueError, OverflowError):
            continue  # no such day, as 31 June, or one before the year 1
        if is_word(text, match.start(), match.end()) and not _opens_name(text, match):
            yearless = told == "calendar" and not match.groupdict().get("year") and not match.groupdict().get("decade")
            found.append(Moment(match.group(), match.start(), match.end(), first, last, told, yearless))
    return found


def _opens_name(text: str, match: re.Match[str]) -> bool:
    """Whether a month's or weekday's name goes on as another name: "May Tolland", "the Friday Courier"."""
    last = re.split(r"[ -]", match.group())[-1].lower()
    if last not in NAMES or text.isupper() or not re.match(r" [A-Z]", text[match.end() :]):
        return False
    return last not in WEEKDAYS or not _BEFORE_DAY.search(text[: match.end()])


def _days_back(count: int) -> _Reader:
    return lambda match, day: (day - timedelta(days=count), day - timedelta(days=count))


def _ago(match: re.Match[str], day: date) -> Days:
    start = back(match["unit"], count_of(match["count"]), day)
    return (start, start)


def _rolling(match: re.Match[str], day: date) -> Days:
    return (back(match["unit"], count_of(match["count"]) if match["count"] else 1, day), day)


def _vaguely_ago(match: re.Match[str], day: date) -> Days:
    return span(match["unit"].lower(), back(match["unit"], count_of(match["count"]), day))


def _next(match: re.Match[str], day: date) -> Days:
    unit = match["unit"].lower()
    if unit in WEEKDAYS:
        return weekday(unit, day + timedelta(days=7))
    if yearly := yearly_of(unit):
        coming = yearly(day.year)
        return coming if coming[0] > day else yearly(day.year + 1)
    return span(unit, back(unit, -1, day))


def _before_last(match: re.Match[str], day: date) -> Days:
    return span(match["unit"].lower(), back(match["unit"], 2, day))


def _this_or_last(match: re.Match[str], day: date) -> Days:
    unit, earlier = match["unit"].lower(), match["which"].lower() != "this"
    if unit in WEEKDAYS:
        return weekday(unit, day - timedelta(days=1) if earlier else span("week", day)[1])
    if unit == "weekend":
        days = span(unit, day)
        return days if not earlier or days[1] < day else span(unit, day - timedelta(days=7))
    yearly = yearly_of(unit)
    if not yearly:
        return thirds(*span(unit, back(unit, int(earlier), day)), match["part"])
    begun = latest(yearly, day)
    if earlier:
        return begun if begun[1] < day else yearly(begun[0].year - 1)
    return begun if unit == "winter" and day.month < 6 else yearly(day.year)


def _weekday_of(match: re.Match[str], day: date) -> Days:
    monday = span("week", back("week", int(match["which"].lower() == "last"), day))[0]
    return weekday(match["weekday"], monday + timedelta(days=6))


def _weekend(match: re.Match[str], day: date) -> Days:
    days = span("weekend", day)
    return days if days[0] <= day else span("weekend", day - timedelta(days=7))


def _edge(match: re.Match[str], day: date) -> Days:
    """The start or the end of a period, as one day."""
    inner = match["whole"].lower()
    moments = find_moments(inner, day) if inner.removeprefix("the ") not in ("week", "month", "quarter", "year") else []
    first, last = moments[0][3:5] if moments else span(inner.removeprefix("the "), day)
    edge = last if match["edge"].lower() == "end" else first
    return (edge, edge)


def _numeric(match: re.Match[str], day: date) -> Days:
    first, second, year = int(match["first"]), int(match["second"]), int(match["year"])
    readings = {
        (year, month, number) for number, month in ((first, second), (second, first) if match["mark"] == "/" else (first, second))
        if month <= 12
    }  # fmt: skip
    if len(readings) != 1:
        raise ValueError
    only = date(*readings.pop())
    return (only, only)


def _day(match: re.Match[str], day: date) -> Days:
    month, numbers = MONTH_OF[match["month"].lower()], [int(match["day"]), int(match.groupdict().get("to") or match["day"])]
    if match["year"]:
        return (date(int(match["year"]), month, numbers[0]), date(int(match["year"]), month, numbers[1]))
    return latest(lambda year: (date(year, month, numbers[0]), date(year, month, numbers[1])), day)


def _iso(match: re.Match[str], day: date) -> Days:
    only = date(int(match["year"]), int(match["month"]), int(match["day"]))
    return (only, only)


def _week_of(match: re.Match[str], day: date) -> Days:
    return span("week", _day(match, day)[0])


def _named(match: re.Match[str], day: date) -> Days:
    """A month or a season, with or without its year."""
    yearly = yearly_of((match.groupdict().get("month") or match.groupdict().get("season") or "").lower())
    if not yearly:
        raise ValueError
    days = yearly(int(match["year"])) if match["year"] else latest(yearly, day)
    return thirds(*days, match["part"])


def _year(match: re.Match[str], day: date) -> Days:
    return thirds(date(int(match["year"]), 1, 1), date(int(match["year"]), 12, 31), match["part"])


def _decade(match: re.Match[str], day: date) -> Days:
    years = {"early": (0, 3), "mid": (4, 6), "late": (7, 9)}.get((match["part"] or "").lower(), (0, 9))
    return (date(int(match["decade"]) + years[0], 1, 1), date(int(match["decade"]) + years[1], 12, 31))


def _share(match: re.Match[str], day: date) -> Days:
    length = 6 if match["share"].lower() in ("half", "h") else 3
    which = 1 if length == 6 and match["which"].lower() == "last" else _ORDINALS[match["which"].lower()]
    if which * length >= 12:
        raise ValueError
    return months_from(date(int(match["year"]) if match["year"] else day.year, 1 + which * length, 1), length)


_FORMS: tuple[tuple[str, re.Pattern[str], _Reader], ...] = tuple(
    (told, re.compile(rf"(?<![\w’'-]){pattern}(?!\w|-\w)", re.I | re.A), reader)
    for told, pattern, reader in (
        ("clock", r"(?:(?:earlier )?today|tonight|this (?:morning|afternoon|evening))", _days_back(0)),
        ("clock", r"(?:yesterday(?: (?:morning|afternoon|evening|night))?|last night)", _days_back(1)),
        ("clock", r"the day before yesterday", _days_back(2)),
        ("clock", rf"{_COUNT} (?P<unit>day)s? ago(?: today)?", _ago),
        ("clock", rf"{_COUNT} (?P<unit>week|fortnight|month|year)s? ago today", _ago),
        ("clock", r"tomorrow(?: (?:morning|afternoon|evening|night))?", _days_back(-1)),
        ("clock", rf"next {_NAMED_UNIT}(?! of\b)", _next),
        ("vague", rf"(?<!since ){_COUNT} (?P<unit>week|month|year)s? ago(?! today)", _vaguely_ago),
        ("clock", r"the (?P<unit>week|weekend|month|quarter|year) before last", _before_last),
        (
            "clock",
            rf"(?<!this time )(?<!this day )(?<!later )(?:earlier |so far )?{_PART}?(?P<which>this(?: past)?|last) "
            rf"{_NAMED_UNIT}(?! of\b)(?!(?<!week|year)(?<!month)(?<!weekend) \d)",
            _this_or_last,
        ),
        ("clock", rf"(?:the )?(?:last|past) {_COUNT} {_UNIT}s?\b(?! of\b)", _rolling),
        ("clock", rf"(?:the|this) (?:last|past) (?P<count>){_UNIT}\b(?! of\b)", _rolling),
        ("clock", rf"(?<=older than ){_COUNT} {_UNIT}s?\b", _rolling),
        ("clock", rf"(?<=since ){_COUNT} {_UNIT}s? ago", _ago),
        ("clock", rf"{_WEEKDAY}(?: of)? (?P<which>this|last) week", _weekday_of),
        ("clock", r"(?P<unit>week|month|quarter|year) to date", lambda match, day: (span(match["unit"].lower(), day)[0], day)),
        ("clock", r"(?<=over )the weekend|(?<=at )the weekend|(?<=since )the weekend|(?<=on )the weekend", _weekend),
        (
            "weekday",
            rf"{_WEEKDAY}(?: (?:morning|afternoon|evening|night)\b)?(?! (?:morning|afternoon|evening|night|prayer|market)s\b)",
            lambda match, day: weekday(match["weekday"], day),
        ),
        (
            "clock",
            r"the (?P<edge>start|beginning|end|turn) of (?P<whole>(?:the|this|last) (?:week|month|quarter|year|decade))",
            _edge,
        ),
        ("calendar", rf"the (?P<edge>start|beginning|end|turn) of (?P<whole>(?:{_MONTH},? )?{_YEAR})", _edge),
        ("calendar", rf"the (?P<edge>start|beginning|end|turn) of (?P<whole>(?P<year>){_MONTH})", _edge),
        ("calendar", r"(?P<year>(?:19|20)\d\d)-(?P<month>\d\d)-(?P<day>\d\d)", _iso),
        ("calendar", r"(?P<first>\d{1,2})(?P<mark>[./])(?P<second>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d)", _numeric),
        ("calendar", rf"(?:the )?{_DAY} (?:of )?{_MONTH}(?:,? {_YEAR})?", _day),
        ("calendar", rf"{_DAY} ?(?:and|to|-|–) ?(?P<to>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)? {_MONTH}(?: {_YEAR})?", _day),
        ("calendar", rf"{_MONTH} {_DAY}(?:,? {_YEAR})?", _day),
        ("calendar", rf"the week (?:of|beginning|from) {_DAY} {_MONTH}(?: {_YEAR})?", _week_of),
        ("calendar", rf"{_PART}?{_MONTH}(?:,?(?: of)? {_YEAR})?", _named),
        ("calendar", rf"(?:the )?{_PART}?(?:the )?{_SEASON}(?:(?: of)? {_YEAR})?", _named),
        ("calendar", rf"{_PART}?{_YEAR}{_NO_COUNT}", _year),
        ("calendar", rf"(?:the )?{_PART}?(?P<decade>(?:1[5-9]|20)\d0)s", _decade),
        (
            "calendar",
            rf"the (?P<which>first|second|third|fourth|last) (?P<share>half|quarter) of {_YEAR}",
            _share,
        ),
        ("calendar", rf"(?P<share>Q|H)(?P<which>[1-4])(?: of)? {_YEAR}", _share),
    )
)
