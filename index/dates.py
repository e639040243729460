"""Turns a written date into `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, and nothing else into anything.

A time is kept as the article wrote it, without its zone; a midnight that is only a placeholder is dropped. There is no clock here:
a date in the future is a date. Which of an article's dates is its publication date is not decided here.

>>> parse_date("Friday, 6 June 2025, 3:18 p.m. ET")
'2025-06-06T15:18'
>>> parse_date("2025-06-31") is None
True
"""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import PurePath

_MONTH_NAMES = (
    *("january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug"),
    *("september sept sep", "october oct", "november nov", "december dec"),
)
_MONTHS = {
    name: number
    for number, names in enumerate(
        (
            "january jan",
            "february feb",
            "march mar",
            "april apr",
            "may",
            "june jun",
            "july jul",
            "august aug",
            "september sept sep",
            "october oct",
            "november nov",
            "december dec",
        ),
        start=1,
    )
    for name in names.split()
}
_MONTH = rf"(?P<month>{'|'.join(sorted(_MONTHS, key=len, reverse=True))})\.?"
_WEEKDAY = r"(?:(?:mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?|sun)(?:day)?\.?,? +)?"
_ZONE = r"(?: *(?:z|utc|gmt|bst|[ecmp][sd]?t|c?est|cet|wat|eat|ist|local time)| *[+-]\d\d:?\d\d)?"
_TIME = (
    rf"(?:(?:,? *(?:at|@|\||·|-|–|—)? +|t|,)(?P<hour>\d{{1,2}})[:.](?P<minute>\d\d)(?::\d\d(?:[.,]\d+)?)?"
    rf"(?: ?(?P<half>[ap])\.?m\.?)?{_ZONE}(?: *\([a-z ]+\))?)?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
_FORMS = tuple(
    re.compile(_WEEKDAY + form + _TIME, re.IGNORECASE)
    for form in (
        rf"{_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark){_DAY}",
        rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
        rf"{_DAY}(?: of)?[ -]{_MONTH},?[ -]{_YEAR}",
        rf"{_MONTH} {_DAY},? {_YEAR}",
        rf"{_DAY}\.(?P<month>\d{{1,2}})\.{_YEAR}",
        rf"(?P<first>\d{{1,2}})/(?P<second>\d{{1,2}})/{_YEAR}",
    )
)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_IN_NAME = re.compile(r"(?<!\d)(?:19|20)\d\d([-_.]?)\d\d\1\d\d(?!\d)")
_LABEL = re.compile(r"(?:first )?(?:published|posted|date|publication date|date published)(?: on| at)?\s*[:\-–—]?\s+(?=\S)", re.IGNORECASE)
_PARTS = re.compile(r"\s+[|·•—–-]\s+|\s*[|·•]\s*|,?\s+(?:published|posted|updated)(?: on| at)?:?\s+|\s+by\s+", re.IGNORECASE)
_LONGEST = 80


def parse_date(text: str) -> str | None:
    """The one date that `text` is, or None: also for impossible dates, months without a day, and 03/04/2025 (which may be either)."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        found = form.fullmatch(text)
        if found and (date := _from_parts(found.groupdict())):
            return date
    return None


def parse_record_date(value: object) -> str | None:
    """The date of a record's field: as `parse_date`, and seconds or milliseconds since 1970 (UTC)."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if date := parse_date(text):
        return date
    if not _EPOCH.fullmatch(text):
        return None
    number = float(text)
    moment = datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, tz=UTC)
    return _format(moment)


def date_in_name(path: PurePath) -> str | None:
    """The day that a file name such as `2025-06-06-bridge.txt` holds."""
    found = _IN_NAME.search(path.name)
    return parse_date(found[0].replace("_", "-")) if found else None


def find_date(line: str) -> str | None:
    """The date of a line that gives little else: "Published: 6 June 2025", "By A. Writer | 6 June 2025", or a bare date."""
    line = line.strip()
    if len(line) > 2 * _LONGEST:
        return None
    label = _LABEL.match(line)
    if label:
        return parse_date(line[label.end() :]) or next(filter(None, map(parse_date, _PARTS.split(line[label.end() :]))), None)
    if date := parse_date(line):
        return date
    parts = _PARTS.split(line)
    if line.lower().startswith("by ") and ", " in line:
        parts = [*parts, line.split(", ", 1)[1]]
    return next(filter(None, map(parse_date, parts)), None) if 2 <= len(parts) <= 4 else None


def _from_parts(parts: dict[str, str | None]) -> str | None:
    year = int(parts["year"] or 0)
    if "first" in parts:
        month, day = _order(int(parts["first"] or 0), int(parts["second"] or 0))
    else:
        name = (parts["month"] or "").lower()
        month, day = _MONTHS.get(name) or int(name), int(parts["day"] or 0)
    try:
        moment = datetime(year, month, day, *_time(parts))
    except ValueError:
        return None
    return _format(moment)


def _order(first: int, second: int) -> tuple[int, int]:
    """Month and day of `first/second`; the impossible (0, 0) where both orders are possible."""
    if first == second or second > 12:
        return first, second
    return (second, first) if first > 12 else (0, 0)


def _time(parts: dict[str, str | None]) -> tuple[int, int]:
    if not parts["hour"]:
        return 0, 0
    hour, minute, half = int(parts["hour"]), int(parts["minute"] or 0), (parts["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"no such hour: {hour} {half}m")
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute


def _format(moment: datetime) -> str:
    return moment.strftime("%Y-%m-%dT%H:%M" if moment.hour or moment.minute else "%Y-%m-%d")
