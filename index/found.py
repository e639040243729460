"""Metadata on its way from a file to a draft: each value with its source, and of several dates of publication the right one.

The first value found for a field stays, but for the date. Dates are collected with how surely they tell the day of first
publication, and weighed at the end: what the page names so first, then what stands unnamed under the headline, then the address,
the first sentence's dateline and the file's name. The original publication wins over a later one, so among equals the earliest does.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from enum import IntEnum
from typing import Any

from index.types import Draft


class Sureness(IntEnum):
    """How surely a date is the day of publication; lower is surer."""

    ORIGINAL = 0
    """Said to be the first publication, of a text that was printed again."""
    NAMED = 1
    """Named as the day of publication."""
    PLAIN = 2
    """A date in the place where one stands."""
    ADDRESS = 3
    """In the web address."""
    DATELINE = 4
    """In the dateline before the first sentence."""
    FILE_NAME = 5


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """One date of publication that was found."""

    value: str
    source: str
    sureness: Sureness
    is_utc: bool = False
    """Whether its time is given in UTC, so that the page's own day may be the next."""
    is_visible: bool = False
    """Whether it is read from the words that a reader sees."""

    @property
    def day(self) -> str:
        """The day alone."""
        return self.value[:10]


# What programs write where they know no date.
_PLACEHOLDERS = frozenset({"1970-01-01", "1969-12-31", "1900-01-01", "1899-12-30", "1899-12-31", "1904-01-01", "1980-01-01", "0001-01-01"})
_MOST_OTHERS = 5
_SOME_DAYS = timedelta(days=2)


@dataclass(kw_only=True)
class Found:
    """Metadata that is being collected."""

    values: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)
    dates: list[Dated] = field(default_factory=list)
    changes: list[Dated] = field(default_factory=list)
    """Dates of the last change."""

    def add(self, name: str, value: Any, source: str) -> None:
        """Keeps `value` for the field `name`, unless it is empty or the field has one."""
        if value and name not in self.values:
            self.values[name] = value
            self.provenance[name] = source

    def add_date(
        self, value: str | None, source: str, sureness: Sureness = Sureness.NAMED, *, is_utc: bool = False, is_visible: bool = False
    ) -> None:
        """Keeps a date of publication, unless it is none or a program's placeholder for one."""
        if value and value[:10] not in _PLACEHOLDERS:
            self.dates.append(Dated(value=value, source=source, sureness=sureness, is_utc=is_utc, is_visible=is_visible))

    def add_change(self, value: str | None, source: str) -> None:
        """Keeps a date of change."""
        if value and value[:10] not in _PLACEHOLDERS:
            self.changes.append(Dated(value=value, source=source, sureness=Sureness.NAMED))

    def draft(self, *, doc_id: str, text: str, **more: Any) -> Draft:
        """The draft of these values; dates that lost are kept in its provenance, and so is the last change."""
        values, provenance = dict(self.values), dict(self.provenance)
        if best := settle(self.dates):
            values["published"], provenance["published"] = best.value, best.source
            others = {dated.day: f"{dated.day} ({dated.source})" for dated in self.dates if dated.day != best.day}
            if others:
                provenance["published_others"] = ", ".join(list(others.values())[:_MOST_OTHERS])
        if self.changes:
            last = max(self.changes, key=lambda dated: dated.value)
            provenance["updated"] = f"{last.value} ({last.source})"
        return Draft(doc_id=doc_id, text=text, provenance=provenance, **values, **more)


def settle(dates: Sequence[Dated]) -> Dated | None:
    """Of all dates of publication that were found, the one to believe."""
    if not dates:
        return None
    surest = min(dated.sureness for dated in dates)
    best = min((dated for dated in dates if dated.sureness == surest), key=lambda dated: dated.day)
    if surest == Sureness.NAMED:
        best = _own_day(best, dates) or _before_the_move(best, dates) or best
    same = [dated for dated in dates if dated.day == best.day and dated.sureness <= Sureness.PLAIN and "T" in dated.value]
    return best if "T" in best.value or best.sureness > Sureness.PLAIN or not same else same[0]


def _own_day(best: Dated, dates: Sequence[Dated]) -> Dated | None:
    """The day that the page shows, where the declared one is the day before or after in UTC."""
    if not best.is_utc or any(dated.is_visible and dated.day == best.day for dated in dates):
        return None
    return next((dated for dated in dates if dated.is_visible and abs(_date(dated) - _date(best)) == timedelta(days=1)), None)


def _before_the_move(best: Dated, dates: Sequence[Dated]) -> Dated | None:
    """An earlier day that the page shows, or has in its address: a program declares the day on which it got the article."""
    if best.is_visible or any(dated.is_visible and dated.day == best.day for dated in dates):
        return None
    earlier = [dated for dated in dates if _date(dated) + _SOME_DAYS <= _date(best)]
    shown = [dated for dated in earlier if dated.is_visible and dated.sureness == Sureness.PLAIN]
    address = [dated for dated in earlier if dated.sureness == Sureness.ADDRESS and not dated.day.endswith("-01-01")]
    return min(shown or address, key=lambda dated: dated.day, default=None)


def _date(dated: Dated) -> date:
    return date.fromisoformat(dated.day)
