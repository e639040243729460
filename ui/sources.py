"""What stands behind an answer, and the days that it speaks of: for the cards, the opened article and the timeline."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from index.types import Passage
from rag.facts.date_words import MONTHS_OF, PARTS, Day, days
from rag.times.days import months_from
from rag.types import Answer, Citation
from ui.conversation import Place

Source = Citation | Passage
_SHORT = 40
"""Code points of an answer that still is a value, and not a sentence."""


class Told(NamedTuple):
    """Days that a quote speaks of."""

    first: date
    last: date
    words: str
    """As they stand in the quote."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Dated:
    """A source on the timeline."""

    place: Place
    label: str
    published: date | None
    told: tuple[Told, ...] = ()
    value: str = ""
    """What it gives as the answer; empty where it only adds to it."""


def sources(answer: Answer, exchange: int) -> list[tuple[Place, Source]]:
    """The citations of an answer, or the nearest passages where there is none."""
    if answer.status == "answered":
        return [(Place(exchange, "c", citation.number), citation) for citation in answer.citations]
    return [(Place(exchange, "n", number), passage) for number, passage in enumerate(answer.nearest, start=1)]


def words_of(source: Source) -> str:
    """The words of its article that a source stands for."""
    return source.quote if isinstance(source, Citation) else source.text


def dated(answer: Answer, exchange: int) -> list[Dated]:
    """The sources of an answer by day of publication, those without one last, each with the days that its quote speaks of."""
    found = [
        Dated(
            place=place, label=source.label, published=_day(source.published), value=_value(answer, place.number),
            told=tuple(_told(source)) if isinstance(source, Citation) else (),
        )
        for place, source in sources(answer, exchange)
    ]  # fmt: skip
    return sorted(found, key=lambda one: (one.published is None, one.published or date.min, one.place.number))


def _day(published: str | None) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(published[:10]) if published else None
    return None


def _value(answer: Answer, number: int) -> str:
    """What a citation gives as the answer."""
    given = [value.value for value in (*answer.disagreement, *answer.also_given) if number in value.citations]
    if not given and answer.claims and number in answer.claims[0].citations and len(answer.short) <= _SHORT:
        given = [answer.short]
    return "; ".join(dict.fromkeys(given))


def _told(citation: Citation) -> Iterator[Told]:
    """The days that a quote names with their year, and those of its relative dates that could be resolved."""
    relative = [Told(date.fromisoformat(one.first), date.fromisoformat(one.last), one.text)
                for one in citation.dates if one.first and one.last]  # fmt: skip
    named = [(one, _bounds(one)) for one in days(citation.quote)]
    absolute = [Told(*bounds, one.text) for one, bounds in named if bounds and not _lies_in(one, citation)]
    yield from dict.fromkeys(sorted([*absolute, *relative]))


def _lies_in(one: Day, citation: Citation) -> bool:
    """Whether the words of a date belong to a relative one, which says more."""
    return any(known.start <= one.start < known.end for known in citation.dates if known.first)


def _bounds(one: Day) -> tuple[date, date] | None:
    """First and last day of a date as far as it is told; None where its year is not."""
    with suppress(ValueError):  # 31 February
        if one.decade is not None:
            return months_from(date(one.decade, 1, 1), 120)
        if one.year is None:
            return None
        if one.month is not None and one.day is not None:
            return (date(one.year, one.month, one.day),) * 2
        if one.month is not None:
            return months_from(date(one.year, one.month, 1), 1)
        months = MONTHS_OF.get(one.part) or PARTS.get(one.part) or (1, 12)
        if months[0] < months[-1]:  # winter lies in two years
            return months_from(date(one.year, months[0], 1), months[-1] - months[0] + 1)
        return months_from(date(one.year, months[0], 1), 3)
    return None
