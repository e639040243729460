"""Turns a written date into `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`, and nothing else into anything.

A time is kept as the article wrote it, without its zone; a midnight that is only a placeholder is dropped. There is no clock here:
a date in the future is a date. Which of an article's dates is its publication date is not decided here, but in `stamps` and `found`.

>>> parse_date("Friday, 6 June 2025, 3:18 p.m. ET")
'2025-06-06T15:18'
>>> parse_date("2025-06-31") is None
True
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Literal

Order = Literal["day first", "month first"]
"""How a page writes 3/4/2025."""

# English, German, French, Spanish, Italian, Dutch, Portuguese: full names, then the usual short ones.
_MONTH_NAMES = (
    "january jan januar janvier enero gennaio januari janeiro jänner janv ene gen",
    "february feb februar février febrero febbraio februari fevereiro févr fevr fev",
    "march mar märz mars marzo maart março mär mrz mrt",
    "april apr avril abril aprile avr abr",
    "may mai mayo maggio mei maio mag",
    "june jun juni juin junio giugno junho giu",
    "july jul juli juillet julio luglio julho juil lug",
    "august aug août agosto augustus ago",
    "september sept sep septembre septiembre settembre setembro",
    "october oct oktober octobre octubre ottobre outubro okt ott",
    "november nov novembre noviembre novembro",
    "december dec dezember décembre diciembre dicembre dezembro dez déc dic",
)
_MONTHS = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
_WEEKDAYS = {
    name: number
    for number, names in enumerate(
        (
            "monday mon montag lundi lunes lunedì maandag",
            "tuesday tues tue dienstag mardi martes martedì dinsdag",
            "wednesday wednes wed mittwoch mercredi miércoles mercoledì woensdag",
            "thursday thurs thur thu donnerstag jeudi jueves giovedì donderdag",
            "friday fri freitag vendredi viernes venerdì vrijdag",
            "saturday satur sat samstag sonnabend samedi sábado sabato zaterdag",
            "sunday sun sonntag dimanche domingo domenica zondag",
        )
    )
    for name in names.split()
}


def _any_of(names: dict[str, int]) -> str:
    return "|".join(sorted(names, key=len, reverse=True))


_MONTH = rf"(?P<month>{_any_of(_MONTHS)})\b\.?"
_WEEKDAY = rf"(?:(?P<weekday>{_any_of(_WEEKDAYS)})\b\.?,? +(?:(?:le|el|den|de) +)?)?"
_ZONE = r"(?: *(?:z|utc|gmt|bst|[ecmp][sd]?t|c?est|cet|wat|eat|ist|uhr|local time)\b| *[+-]\d\d:?\d\d)?"
_TIME = (
    rf"(?:(?:,? *(?:at|um|à|@|\||·|-|–|—)? +|t|,)(?P<hour>\d{{1,2}})[:.h](?P<minute>\d\d)(?!\d)(?::\d\d(?:[.,]\d+)?)?"
    rf"(?: ?(?P<half>[ap])\.?m\b\.?)?{_ZONE}(?: *\([a-z ]+\))?)?"
)
_YEAR = r"(?P<year>(?:19|20)\d\d)"
_OLD_YEAR = r"(?P<year>(?:1[5-9]|20)\d\d)"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th|er|º|\.)?"
_BODIES = (
    rf"{_OLD_YEAR}(?P<mark>[-/.])(?P<month>\d{{1,2}})(?P=mark)(?P<day>\d{{1,2}})",
    rf"{_YEAR}(?P<month>\d\d)(?P<day>\d\d)",
    rf"{_DAY}(?: of| de)?[ -]?\b{_MONTH},?(?: de[l]?)?[ -]{_OLD_YEAR}",
    rf"{_MONTH} {_DAY},? {_OLD_YEAR}",
    r"(?P<first>\d{1,2})(?P<mark>[/.-])(?P<second>\d{1,2})(?P=mark)(?P<year>(?:19|20)\d\d|[4-9]\d)",
)
_YEARLESS = (rf"{_DAY}(?: of| de)?[ -]\b{_MONTH}", rf"{_MONTH} {_DAY}")
_FORMS = tuple(re.compile(_WEEKDAY + body + _TIME, re.IGNORECASE) for body in _BODIES)
# Inside a line: neither amid a word nor amid a longer number; eight digits in a row are a number there, not a day.
_INSIDE = tuple(
    re.compile(rf"(?<![\w/.:-]){_WEEKDAY}{body}(?!(?!t\d)[\w/-])(?!\.\d){_TIME}", re.IGNORECASE) for body in (_BODIES[0], *_BODIES[2:])
)
_INSIDE_YEARLESS = tuple(
    re.compile(rf"(?<![\w/.:-]){_WEEKDAY}{body}(?![\w/-])(?!,? \d{{4}}\b)(?!\.\d)", re.IGNORECASE) for body in _YEARLESS
)
_NUMERIC = re.compile(r"(?<![\d/.-])(\d{1,2})([/.-])(\d{1,2})\2(?:(?:19|20)\d\d)(?![\d/-])")
_FORMAT_NAMED = re.compile(r"\b(?:(?P<day>dd?[/.-]mm?)|mm?[/.-]dd?)[/.-]yy(?:yy)?\b", re.IGNORECASE)
_EPOCH = re.compile(r"\d{9,10}(?:\.\d+)?|\d{12,13}")
_IN_NAME = re.compile(r"(?<!\d)(?:(?:19|20)\d\d([-_.]?)\d\d\1\d\d|\d\d([-_.])\d\d\2(?:19|20)\d\d)(?!\d)")
_IN_PATH = (
    re.compile(rf"/{_YEAR}/(?P<month>\d{{1,2}}|[a-z]{{3,9}})/(?P<day>\d{{1,2}})(?=[/_.?-]|$)"),
    re.compile(rf"(?<=[/_=-]){_YEAR}[-_](?P<month>\d\d)[-_](?P<day>\d\d)(?=[/_.?&-]|$)"),
    re.compile(rf"(?<=[/_-]){_YEAR}(?P<month>\d\d)(?P<day>\d\d)(?=[/_.?-]|$)"),
)
_PART_OF_PATH = re.compile(r"(?:^|[/=])(\d{1,2})[-_]?(\d\d?|[a-z]{3,9})[-_]?((?:19|20)\d\d)(?=[/_.&]|$)")
_YEAR_IN_PATH = re.compile(r"/((?:19|20)\d\d)(?=[/-])")
_LABEL = re.compile(r"(?:first )?(?:published|posted|date|publication date|date published)(?: on| at)?\s*[:\-–—]?\s+(?=\S)", re.IGNORECASE)
_PARTS = re.compile(r"\s+[|·•—–-]\s+|\s*[|·•]\s*|,?\s+(?:published|posted|updated)(?: on| at)?:?\s+|\s+by\s+", re.IGNORECASE)
_LONGEST = 80


@dataclass(frozen=True, kw_only=True, slots=True)
class Written:
    """A date as it stands in a line."""

    start: int
    end: int
    value: str | None
    """The date, or None where the line alone does not tell: both orders are possible, or there is no year."""
    readings: tuple[str, ...] = ()
    """What it may be, where both orders are possible."""
    yearless: tuple[int, int] | None = None
    """Month and day, where there is no year."""
    weekday: int | None = None
    """0 for Monday, where it is written."""


def parse_date(text: str, *, order: Order | None = None) -> str | None:
    """The one date that `text` is, or None: also for impossible dates, months without a day, and 03/04/2025 unless `order` is known."""
    text = " ".join(text.split())
    if len(text) > _LONGEST:
        return None
    for form in _FORMS:
        found = form.fullmatch(text)
        if found and (readings := _readings(found.groupdict(), order)):
            return readings[0] if len(readings) == 1 else None
    return None


def parse_record_date(value: object) -> str | None:
    """The date of a record's field: as `parse_date`, and seconds or milliseconds since 1970 (UTC)."""
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        return None
    text = str(value).strip()
    if written := parse_date(text):
        return written
    if not _EPOCH.fullmatch(text):
        return None
    number = float(text)
    moment = datetime.fromtimestamp(number / 1000 if number >= 1e11 else number, tz=UTC)
    return _format(moment)


def date_in_name(path: PurePath) -> str | None:
    """The day that a file name such as `2025-06-06-bridge.txt` holds."""
    found = _IN_NAME.search(path.name)
    return parse_date(found[0].replace("_", "-")) if found else None


def date_in_url(url: str) -> str | None:
    """The day in the path of a web address such as `https://post.example/2025/06/06/bridge`; a year or a month is no day."""
    path = re.sub(r"^\w+://[^/]*", "", url).lower().split("#", 1)[0]
    for form in _IN_PATH:
        for found in form.finditer(path):
            parts = found.groupdict()
            if (parts["month"].isdigit() or parts["month"] in _MONTHS) and (readings := _readings(parts, None)):
                return readings[0]
    for first, second, year in _PART_OF_PATH.findall(path):
        if written := parse_date(f"{first} {second} {year}" if second.isalpha() else f"{first}-{second}-{year}"):
            return written
    return None


def year_in_url(url: str) -> int | None:
    """The year that is a folder of a web address's path, if there is just one."""
    years = set(_YEAR_IN_PATH.findall(re.sub(r"^\w+://[^/]*", "", url)))
    return int(years.pop()) if len(years) == 1 else None


def day_of(year: int, month: int, day: int) -> str | None:
    """That day as `YYYY-MM-DD`, if there is such a day."""
    try:
        return date(year, month, day).isoformat()
    except ValueError:
        return None


def numeric_order(text: str) -> Order | None:
    """How `text` writes numeric dates, by those that can be read in one way only; None where it does not tell, or tells both."""
    orders: set[Order] = set()
    for first, _, second in _NUMERIC.findall(text):
        if int(first) > 12 >= int(second):
            orders.add("day first")
        elif int(second) > 12 >= int(first):
            orders.add("month first")
    if not orders:
        orders = {"day first" if found["day"] else "month first" for found in _FORMAT_NAMED.finditer(text)}
    return orders.pop() if len(orders) == 1 else None


def find_dates(line: str, *, order: Order | None = None) -> list[Written]:
    """The dates in `line`, in their order; those without a year, too. They do not overlap."""
    if not any(map(str.isdigit, line)):
        return []
    found = sorted(_found_in(line, order), key=lambda written: (written.start, -written.end))
    kept: list[Written] = []
    for written in found:
        if not kept or written.start >= kept[-1].end:
            kept.append(written)
    return kept


def find_date(line: str) -> str | None:
    """The date of a line that gives little else: "Published: 6 June 2025", "By A. Writer | 6 June 2025", or a bare date."""
    line = line.strip()
    if len(line) > 2 * _LONGEST:
        return None
    label = _LABEL.match(line)
    if label:
        return parse_date(line[label.end() :]) or next(filter(None, map(parse_date, _PARTS.split(line[label.end() :]))), None)
    if written := parse_date(line):
        return written
    parts = _PARTS.split(line)
    if line.lower().startswith("by ") and ", " in line:
        parts = [*parts, line.split(", ", 1)[1]]
    return next(filter(None, map(parse_date, parts)), None) if 2 <= len(parts) <= 4 else None


def _found_in(line: str, order: Order | None) -> Iterator[Written]:
    for form in _INSIDE:
        for found in form.finditer(line):
            parts = found.groupdict()
            readings = _readings(parts, order)
            if readings:
                value = readings[0] if len(readings) == 1 else None
                yield Written(start=found.start(), end=found.end(), value=value, readings=readings, weekday=_weekday(parts))
    for form in _INSIDE_YEARLESS:
        for found in form.finditer(line):
            parts = found.groupdict()
            month, day = _MONTHS[(parts["month"] or "").lower()], int(parts["day"] or 0)
            if day_of(2000, month, day):
                yield Written(start=found.start(), end=found.end(), value=None, yearless=(month, day), weekday=_weekday(parts))


def _weekday(parts: dict[str, str | None]) -> int | None:
    return _WEEKDAYS.get((parts.get("weekday") or "").lower())


def _readings(parts: dict[str, str | None], order: Order | None) -> tuple[str, ...]:
    """The dates that the parts of one may mean: none, one, or both orders of 3/4/2025, of which the weekday may decide."""
    year = int(parts["year"] or 0)
    year += 1900 if year < 100 else 0
    if "first" in parts:
        days = _orders(int(parts["first"] or 0), int(parts["second"] or 0), order)
    else:
        name = (parts["month"] or "").lower()
        days = [(_MONTHS.get(name) or int(name), int(parts["day"] or 0))]
    moments: list[datetime] = []
    for month, day in days:
        try:
            moments.append(datetime(year, month, day, *_time(parts)))
        except ValueError:
            continue
    if len(moments) > 1 and (weekday := _weekday(parts)) is not None:
        moments = [moment for moment in moments if moment.weekday() == weekday]
    return tuple(map(_format, moments))


def _orders(first: int, second: int, order: Order | None) -> list[tuple[int, int]]:
    """The possible (month, day) of `first/second`."""
    if first == second or second > 12:
        return [(first, second)]
    if first > 12:
        return [(second, first)]
    if order is None:
        return [(second, first), (first, second)]
    return [(second, first) if order == "day first" else (first, second)]


def _time(parts: dict[str, str | None]) -> tuple[int, int]:
    if not parts.get("hour"):
        return 0, 0
    hour, minute, half = int(parts["hour"] or 0), int(parts["minute"] or 0), (parts["half"] or "").lower()
    if half:
        if not 1 <= hour <= 12:
            raise ValueError(f"no such hour: {hour} {half}m")
        hour = hour % 12 + (12 if half == "p" else 0)
    return hour, minute


def _format(moment: datetime) -> str:
    day = f"{moment.year:04}-{moment.month:02}-{moment.day:02}"
    return f"{day}T{moment.hour:02}:{moment.minute:02}" if moment.hour or moment.minute else day
