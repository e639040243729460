"""How many articles were published when, as bars: by day, month, year or decade, whichever the pane has room for."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date
from typing import NamedTuple

from ui.markup import Html, count, tag

_MOST_BARS = 62
_STEPS = 20
"""Heights that a bar can have; corpus.css has a class for each."""


class _Unit(NamedTuple):
    name: str
    within: str
    """Its preposition."""
    place: Callable[[date], int]
    """Which bar a day belongs to; neighbours differ by one."""
    words: Callable[[int], str]
    """What a bar stands for."""


def _day(place: int) -> str:
    day = date.fromordinal(place)
    return f"{day.day} {day:%b} {day.year}"


def _month(place: int) -> str:
    return f"{date(place // 12, place % 12 + 1, 1):%b} {place // 12}"


_UNITS = (
    _Unit("day", "on", date.toordinal, _day),
    _Unit("month", "in", lambda day: day.year * 12 + day.month - 1, _month),
    _Unit("year", "in", lambda day: day.year, str),
    _Unit("decade", "in the", lambda day: day.year // 10, lambda place: f"{place}0s"),
)


def histogram_html(days: Sequence[tuple[str, int]]) -> Html | None:
    """Bars from the first to the last day of publication; None where all articles are of one day, or none is dated.

    The busiest time is told in words. Each bar says in words what it stands for when it is pointed at or focused (corpus.js moves the
    focus with the arrow keys), and so is read by a screen reader; a time without articles is a gap.

    Args:
        days: (day of publication, articles), earliest first.
    """
    dated = [(date.fromisoformat(day), articles) for day, articles in days]
    if len(dated) < 2:
        return None
    first, last = dated[0][0], dated[-1][0]
    unit = next((unit for unit in _UNITS if unit.place(last) - unit.place(first) < _MOST_BARS), _UNITS[-1])
    counts = Counter[int]()
    for day, articles in dated:
        counts[unit.place(day)] += articles
    top, most = max(counts.items(), key=lambda bar: (bar[1], -bar[0]))
    bars = [_bar(unit, place, counts[place], most, stop=place == top) for place in range(unit.place(first), unit.place(last) + 1)]
    busiest = tag("figcaption", f"By {unit.name} · most {most:,} {unit.within} {unit.words(top)}")
    ends = [(day, _day(day.toordinal())) for day in (first, last)]
    label = f"Articles by {unit.name} of publication, {ends[0][1]} to {ends[1][1]}"
    axis = tag("p", *(tag("time", words, datetime=str(day)) for day, words in ends), class_="dl-ends")
    return tag("figure", busiest, tag("ol", *bars, class_="dl-bars", role="list"), axis, class_="dl-histogram", aria_label=label)


def _bar(unit: _Unit, place: int, articles: int, most: int, *, stop: bool) -> Html:
    """One bar; only one of all is a stop of the tab key."""
    if not articles:
        return tag("li", class_="dl-h0", aria_hidden="true")
    words = tag("span", f"{unit.words(place)}: {count(articles, 'article')}", class_="dl-tip")
    return tag("li", words, class_=f"dl-h{-(-articles * _STEPS // most)}", tabindex="0" if stop else "-1")
