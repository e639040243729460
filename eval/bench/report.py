"""The result of a run over a set: as data, and as text for a terminal."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from eval.bench.measures import Measure, Row
from eval.metrics import Interval
from eval.terminal import as_text, table

if TYPE_CHECKING:
    from rich.table import Table

    from eval.bench.types import Part

Metrics = Mapping[str, float | None]

_MOST_COLUMNS = 5
"""Measures that a table shows side by side."""


@dataclass(frozen=True, slots=True)
class Absent:
    """A split whose file the folder does not have."""

    file: str

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data."""
        return {"count": 0, "absent": True}


@dataclass(frozen=True, kw_only=True, slots=True)
class Split:
    """What was measured on some rows."""

    count: int
    metrics: Metrics
    """None where there was nothing to measure."""
    intervals: Mapping[str, Interval]
    """Metric -> 95 % interval."""
    groups: Mapping[str, tuple[int, Metrics]] = field(default_factory=dict)
    """Group -> (rows, metrics)."""
    failures: int = 0
    """Records that crashed; they are in no metric."""

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data."""
        groups = {name: {"count": count, "metrics": dict(metrics)} for name, (count, metrics) in self.groups.items()}
        return {
            "count": self.count,
            "failures": self.failures,
            "metrics": dict(self.metrics),
            "intervals": {name: list(interval) for name, interval in self.intervals.items()},
            **({"groups": groups} if groups else {}),
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Result:
    """A whole run."""

    name: str
    whole: Split
    """Over all parts that count."""
    splits: Mapping[str, Split | Absent]
    count: int
    """Records that were judged, in all parts."""
    seconds: float

    @classmethod
    def of(cls, name: str, splits: Mapping[str, Split | Absent], rows: Sequence[tuple[Part, Sequence[Row]]], *, seconds: float) -> Result:
        """Put the parts together: each measure over the rows of the parts that have it and count, or of all where none counts."""
        counting = [(part, found) for part, found in rows if part.counts] or rows
        measures: dict[str, Measure] = {}
        over: dict[str, list[Row]] = {}
        for part, found in counting:
            for metric, measure in part.measures.items():
                measures.setdefault(metric, measure)
                over.setdefault(metric, []).extend(found)
        parts = {metric: measured(over[metric], {metric: measure}) for metric, measure in measures.items()}
        whole = Split(
            count=sum(len(found) for _, found in counting),
            metrics={metric: split.metrics[metric] for metric, split in parts.items()},
            intervals={metric: interval for split in parts.values() for metric, interval in split.intervals.items()},
        )
        return cls(name=name, whole=whole, splits=splits, count=sum(len(found) for _, found in rows), seconds=seconds)

    def to_dict(self) -> dict[str, Any]:
        """This result as plain JSON data; shares are in 0..1."""
        return {
            "name": self.name,
            "metrics": dict(self.whole.metrics),
            "splits": {name: split.to_dict() for name, split in self.splits.items()},
            "count": self.count,
            "seconds": round(self.seconds, 2),
        }


def measured(rows: Sequence[Row], measures: Mapping[str, Measure], *, failures: int = 0) -> Split:
    """Every measure over the rows, and over each group of them where there are several."""
    groups: dict[str, list[Row]] = {}
    for row in rows:
        groups.setdefault(row.group, []).append(row)
    intervals = {name: measure.interval(rows) for name, measure in measures.items()}
    return Split(
        count=len(rows),
        metrics=_values(rows, measures),
        intervals={name: interval for name, interval in intervals.items() if interval is not None},
        groups={name: (len(groups[name]), _values(groups[name], measures)) for name in sorted(groups)} if len(groups) > 1 else {},
        failures=failures,
    )


def _values(rows: Sequence[Row], measures: Mapping[str, Measure]) -> dict[str, float | None]:
    return {name: measure.value(rows) for name, measure in measures.items()}


def render(result: Result, *, width: int = 120) -> str:
    """The result as text for a terminal: the whole with intervals, then splits and groups."""
    parts: list[Table | str] = [f"{result.name}: {result.count:,} records in {result.seconds:.0f} s"]
    parts.append(table(("measure", "value", "95 % interval"), _measure_rows(result.whole)))
    for name, split in result.splits.items():
        if isinstance(split, Absent):
            parts.append(f"{name}: absent, the folder has no {split.file}")
        elif len(result.splits) > 1 or split.groups:
            parts.append(table(*_split_table(name, split)))
    return as_text(parts, width=width)


def _measure_rows(split: Split) -> list[tuple[str, ...]]:
    return [(name, _number(value), _range(split.intervals.get(name))) for name, value in split.metrics.items()]


def _split_table(name: str, split: Split) -> tuple[Sequence[str], Sequence[Sequence[str]]]:
    """Heads and rows: a row for the split and each of its groups, or a column where there are many measures."""
    lines = [("all", split.count, split.metrics), *((group or "-", count, metrics) for group, (count, metrics) in split.groups.items())]
    columns = [
        (name, "records", *split.metrics),
        *((line, f"{count:,}", *(_number(value) for value in metrics.values())) for line, count, metrics in lines),
    ]
    heads, *rows = columns if len(split.metrics) <= _MOST_COLUMNS else zip(*columns, strict=True)
    return heads, rows


def _number(value: float | None) -> str:
    return "-" if value is None else f"{value:.3f}"


def _range(interval: Interval | None) -> str:
    return "-" if interval is None else f"{interval.low:.3f} to {interval.high:.3f}"
