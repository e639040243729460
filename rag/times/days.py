"""Days, weeks, months and seasons by arithmetic: what a moment's words are worked out with.

>>> shift_months(date(2025, 3, 31), -1), show_days(date(2025, 6, 2), date(2025, 6, 8))
(datetime.date(2025, 2, 28), '2 to 8 June 2025')
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable
from datetime import date, timedelta

Days = tuple[date, date]
"""The first and the last day of a period."""
_MONTH_NAMES = (
    "january jan", "february feb", "march mar", "april apr", "may", "june jun", "july jul", "august aug", "september sept sep",
    "october oct", "november nov", "december dec",
)  # fmt: skip
MONTH_OF = {name: number for number, names in enumerate(_MONTH_NAMES, start=1) for name in names.split()}
WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
SEASON_STARTS = {"spring": 3, "summer": 6, "autumn": 9, "fall": 9, "winter": 12}
COUNTS = {
    word: count
    for count, words in enumerate(
        "a|an|one two|couple|couple_of three four five six seven eight nine ten eleven twelve thirteen fourteen".split(), start=1
    )
    for word in words.replace("_", " ").split("|")
} | {"twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}


def show_days(first: date, last: date) -> str:
    """A day or a period as people write it: "6 June 2025", "May 2025", "28 May to 3 June 2025"."""
    ends = _shown(last)
    if first == last:
        return ends
    if first.day == 1 and last.day == monthrange(last.year, last.month)[1]:
        if (first.year, first.month) == (last.year, last.month):
            return ends.split(" ", 1)[1]
        if (first.month, last.month) == (1, 12):
            return str(first.year) if first.year == last.year else f"{first.year} to {last.year}"
    kept = 3 if first.year != last.year else 2 if first.month != last.month else 1
    return f"{' '.join(_shown(first).split()[:kept])} to {ends}"


def _shown(day: date) -> str:
    return f"{day.day} {_MONTH_NAMES[day.month - 1].split()[0].title()} {day.year}"


def shift_months(day: date, months: int) -> date:
    """The same day some months on; a day that the month lacks becomes its last."""
    year, month = divmod(day.year * 12 + day.month - 1 + months, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def count_of(words: str) -> int:
    """A small number, in digits or in words."""
    return int(words) if words.isdigit() else COUNTS[words.lower()]


def span(unit: str, day: date) -> Days:
    """The week, month, quarter, year and so on that holds `day`."""
    if unit in ("week", "weekend", "fortnight"):
        monday = day - timedelta(days=day.weekday())
        return (monday + timedelta(days=5 if unit == "weekend" else 0), monday + timedelta(days=6))
    months = {"month": 1, "quarter": 3, "year": 12, "decade": 120}.get(unit)
    if months is None:
        return (day, day)
    first = date(day.year - day.year % 10, 1, 1) if unit == "decade" else date(day.year, (day.month - 1) // months * months + 1, 1)
    return months_from(first, months)


def back(unit: str, count: int, day: date) -> date:
    """The day that lies `count` units before `day`; hours are rounded up to days."""
    unit = unit.lower().removesuffix("s")
    if unit == "hour":
        return day - timedelta(days=-(-count // 24))
    if unit in ("day", "week", "fortnight", "weekend"):
        return day - timedelta(days=count * {"day": 1, "fortnight": 14}.get(unit, 7))
    return shift_months(day, -count * {"month": 1, "quarter": 3, "decade": 120}.get(unit, 12))


def thirds(first: date, last: date, part: str | None) -> Days:
    """The early, mid or late third of a period; all of it for None."""
    if not part:
        return (first, last)
    which = ("early", "mid", "late").index(part.lower())
    if (last - first).days > 300:
        return months_from(shift_months(first, 4 * which), 4)
    length = (last - first).days // 3 + (1 if (last - first).days < 31 and which < 2 else 0)
    bounds = [first, first + timedelta(days=length), first + timedelta(days=2 * length), last + timedelta(days=1)]
    return (bounds[which], bounds[which + 1] - timedelta(days=1))


def months_from(first: date, count: int) -> Days:
    """Some whole months from the first day of one."""
    return (first, shift_months(first, count) - timedelta(days=1))


def latest(make: Callable[[int], Days], day: date) -> Days:
    """The most recent of a yearly period that has begun."""
    days = make(day.year)
    return days if days[0] <= day else make(day.year - 1)


def yearly_of(name: str) -> Callable[[int], Days] | None:
    """What a month's or a season's name means in a year; None for any other word."""
    start = SEASON_STARTS.get(name) or MONTH_OF.get(name)
    return (lambda year: months_from(date(year, start, 1), 3 if name in SEASON_STARTS else 1)) if start else None


def weekday(name: str, day: date) -> Days:
    """The most recent such weekday, `day` among them."""
    found = day - timedelta(days=(day.weekday() - WEEKDAYS.index(name.lower())) % 7)
    return (found, found)
