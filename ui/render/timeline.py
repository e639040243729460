"""The timeline of an answer as HTML: a plot, one row a source, and the same days as a table in their order.

The plot is drawn here, and not by Gradio's plots, so that it needs no script, takes the page's colours, and every row opens its passage;
for those who do not see it the table says everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, timedelta
from typing import NamedTuple

from rag.times.days import shift_months, show_days
from rag.types import Answer
from ui.conversation import Place
from ui.markup import Html, count, join, tag, text
from ui.sources import Dated, Told, dated

_ROW = 42
"""Pixels of a row of the plot,"""
_TOP = 26
"""above the first,"""
_FOOT = 30
"""and of the legend below the last."""
_EDGE = 8
"""Per cent of the width that are free at either side."""
_TICKS = 4
_NARROW = 1.6
"""Per cent of the width below which a period is drawn as a day."""
_LABEL, _VALUE = 30, 22
"""Code points of a source's name and value in the plot."""
_STEPS = (("day", 1), ("day", 2), ("day", 7), ("day", 14), ("month", 1), ("month", 2), ("month", 3), ("month", 6),
          *(("year", years) for years in (1, 2, 5, 10, 20, 50, 100, 200, 500)))  # fmt: skip


class Axis(NamedTuple):
    """The days of a plot, from left to right."""

    first: date
    last: date

    def at(self, day: date) -> float:
        """Where a day lies, in per cent of the width."""
        share = (day - self.first).days / (self.last - self.first).days
        return round(_EDGE + share * (100 - 2 * _EDGE), 2)

    def ticks(self) -> list[tuple[date, str]]:
        """A few round days with their labels, as close together as they can be read."""
        for unit, step in _STEPS:
            found = list(_round_days(self, unit, step))
            if len(found) <= _TICKS:
                return [(day, _label(day, unit)) for day in found]
        return []


def timeline_html(answer: Answer, exchange: int) -> Html:
    """When the sources of an answer were published, and the days that their quotes speak of."""
    rows = dated(answer, exchange)
    axis = axis_of(rows)
    if axis is None:
        words = "None of the passages has a date, and none speaks of a day." if rows else "There is no passage to date."
        return tag("p", words, class_="dl-hint")
    return join(
        tag("p", _caption(rows, axis), class_="dl-caption"),
        tag("div", _plot([row for row in rows if row.published or row.told], axis), class_="dl-plot"),
        _table(rows),
    )


def axis_of(rows: Sequence[Dated]) -> Axis | None:
    """From the first of all days to the last, and never of no width; None where there is no day."""
    days = [day for row in rows for day in (row.published, *(end for told in row.told for end in (told.first, told.last))) if day]
    if not days:
        return None
    first, last = min(days), max(days)
    air = timedelta(days=max(0, 7 - (last - first).days))
    return Axis(max(first, date.min + air) - air, min(last, date.max - air) + air)


def _caption(rows: Sequence[Dated], axis: Axis) -> str:
    undated = sum(row.published is None for row in rows)
    published = sorted(row.published for row in rows if row.published)
    said = f"Published {show_days(published[0], published[-1])}" if published else f"Days from {show_days(axis.first, axis.last)}"
    return said + (f"; {count(undated, 'passage')} without a date" if undated else "")


def _round_days(axis: Axis, unit: str, step: int) -> Iterator[date]:
    """The days of an axis that begin a step."""
    day = axis.first
    if unit == "year":
        day = date(max(1, day.year - day.year % step), 1, 1)
    elif unit == "month":
        day = date(day.year, day.month - (day.month - 1) % step, 1)
    for _ in range(1000):
        if day > axis.last:
            return
        if day >= axis.first:
            yield day
        try:
            day = day + timedelta(days=step) if unit == "day" else shift_months(day, step * (12 if unit == "year" else 1))
        except (OverflowError, ValueError):  # behind the last day that there is
            return


def _label(day: date, unit: str) -> str:
    return {"year": f"{day.year}", "month": f"{day:%b} {day.year}", "day": f"{day.day} {day:%b}"}[unit]


# The plot


def _plot(rows: Sequence[Dated], axis: Axis) -> Html:
    height = _TOP + _ROW * len(rows) + _FOOT
    name = f"Timeline of {count(len(rows), 'passage')}; the table below holds the same days"
    drawn = [_row(row, _TOP + _ROW * place, axis) for place, row in enumerate(rows)]
    return tag("svg", *_ticks(axis, height - _FOOT), *drawn, _legend(rows, axis, height), class_="dl-timeline", role="img", aria_label=name,
               width="100%", height=height)  # fmt: skip


def _ticks(axis: Axis, bottom: int) -> Iterator[Html]:
    for day, words in axis.ticks():
        x = axis.at(day)
        yield tag("line", x1=f"{x}%", x2=f"{x}%", y1=_TOP - 6, y2=bottom, class_="dl-grid")
        yield tag("text", words, x=f"{x}%", y=12, text_anchor="middle", class_="dl-axis")


def _row(row: Dated, top: int, axis: Axis) -> Html:
    """A source: its name and value, and beneath them its days on one line."""
    value = tag("tspan", f"  {_cut(row.value, _VALUE)}", class_="dl-value") if row.value else None
    name = tag("text", tag("tspan", f"{row.place.number}  ", class_="dl-who"), _cut(row.label, _LABEL), value, x=0, y=top + 12)
    y = top + 27
    ends = [axis.at(day) for day in _days(row)]
    rail = tag("line", x1=f"{min(ends)}%", x2=f"{max(ends)}%", y1=y, y2=y, class_="dl-rail") if len(ends) > 1 else None
    told = [_told(one, y, axis) for one in row.told]
    published = tag("circle", cx=f"{axis.at(row.published)}%", cy=y, r=5, class_="dl-published") if row.published else None
    hit = tag("rect", x=0, y=top, width="100%", height=_ROW, class_="dl-hit")
    return tag("g", hit, name, rail, *told, published, class_=f"dl-row dl-{row.place.kind}", data_open=row.place)


def _told(one: Told, y: int, axis: Axis) -> Html:
    """Days that a quote speaks of: a ring for one, a bar for more."""
    first, last = axis.at(one.first), axis.at(one.last)
    name = tag("title", f"“{one.words}”: {show_days(one.first, one.last)}")
    if _is_narrow(one, axis):
        return tag("circle", name, cx=f"{round((first + last) / 2, 2)}%", cy=y, r=4.5, class_="dl-spoken")
    return tag("rect", name, x=f"{first}%", y=y - 3, width=f"{round(last - first, 2)}%", height=6, rx=3, class_="dl-spoken")


def _is_narrow(one: Told, axis: Axis) -> bool:
    return axis.at(one.last) - axis.at(one.first) < _NARROW


def _days(row: Dated) -> Iterator[date]:
    if row.published:
        yield row.published
    for told in row.told:
        yield from (told.first, told.last)


def _legend(rows: Sequence[Dated], axis: Axis, height: int) -> Html:
    """What the shapes mean, those that occur."""
    y, x, shown = height - 9, 6, []
    spans = [_is_narrow(told, axis) for row in rows for told in row.told]
    if any(row.published for row in rows):
        shown += [tag("circle", cx=x, cy=y, r=5, class_="dl-published"), tag("text", "published", x=x + 11, y=y + 4)]
        x += 93
    if any(spans):
        shown += [tag("circle", cx=x, cy=y, r=4.5, class_="dl-spoken"), tag("text", "day in a quote", x=x + 11, y=y + 4)]
        x += 116
    if not all(spans):
        shown += [
            tag("rect", x=x - 5, y=y - 3, width=20, height=6, rx=3, class_="dl-spoken"),
            tag("text", "days in a quote", x=x + 22, y=y + 4),
        ]
    return tag("g", *shown, class_="dl-legend")


def _cut(words: str, most: int) -> str:
    return words if len(words) <= most else words[: most - 1].rstrip() + "…"


# The table


def _table(rows: Sequence[Dated]) -> Html:
    """Every day in its order, with what it is and whose; the undated sources last."""
    events = sorted((event for row in rows for event in _events(row)), key=lambda event: event[:2])
    undated = [(None, row) for row in rows if row.published is None and not row.told]
    lines = [tag("tr", tag("th", shown, scope="row"), tag("td", what), tag("td", _opener(row.place, row.label)))
             for _, _, shown, what, row in events]  # fmt: skip
    lines += [tag("tr", tag("th", tag("span", "undated", class_="dl-undated"), scope="row"), tag("td", _value("Published", row)),
                  tag("td", _opener(row.place, row.label))) for _, row in undated]  # fmt: skip
    head = tag("tr", *(tag("th", name, scope="col") for name in ("Day", "What", "Source")))
    return tag("table", tag("caption", "In order", class_="dl-kicker-line"), tag("thead", head), tag("tbody", *lines), class_="dl-days")


def _events(row: Dated) -> Iterator[tuple[date, date, str, Html, Dated]]:
    if row.published:
        yield row.published, row.published, show_days(row.published, row.published), _value("Published", row), row
    for told in row.told:
        words = join(text("Says "), tag("q", told.words, dir="auto"))
        yield told.first, told.last, show_days(told.first, told.last), words, row


def _value(words: str, row: Dated) -> Html:
    return join(text(words), join(text("; gives "), tag("strong", row.value, dir="auto")) if row.value else None)


def _opener(place: Place, label: str) -> Html:
    number = f"[{place.number}]" if place.kind == "c" else f"{place.number}"
    return tag("button", tag("span", number, class_="dl-who"), f" {label}", type="button", class_="dl-opens", data_open=place)
