"""What a run must reach, as a JSON file: bars for its measures, or an earlier run whose right cases must stay right.

    {"accuracy": 0.9, "false_answers": {"max": 0}, "seconds_p95": {"max": 2.5}, "recall@5": {"min": 0.95, "max": 1}}

A plain number is a minimum. A bar for something that the run could not measure counts as missed, and so does any crash, unless
the file sets a bar for `failures` itself: else a run in which nearly everything crashed could pass on the few that did not.

The `results.json` of an earlier run sets one bar alone, that no more cases crash than did then; which cases fell is told by `compare`.
"""

from __future__ import annotations

import json
import math
from dataclasses import dataclass
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, NamedTuple

from eval.results import Below, Metrics, Report, load_run
from eval.summary import METRIC_NAMES
from index.errors import BadPath, UsageError

_HIGH_IS_BAD = ("failures", "false_answers")
_UNGATED = ("cases", "seconds", "tokens", "cost")
_PRECISION = 10_000


class BadBaseline(UsageError):
    """A baseline file is not written as it should be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Bar:
    """The least or the most that a metric may be."""

    metric: str
    side: Literal["min", "max"]
    value: float

    def missed_by(self, value: float | int | None) -> bool:
        """Whether `value` is on the wrong side of this bar; what was not measured is."""
        return value is None or (value < self.value if self.side == "min" else value > self.value)


class Baseline(NamedTuple):
    """What a run is held against."""

    bars: list[Bar]
    earlier: Report | None = None
    """The earlier run that the file is; None where it is bars."""


def open_baseline(path: str | Path) -> Baseline:
    """Read a baseline: a file of bars, or the `results.json` of an earlier run.

    Raises:
        BadPath: there is no such file, or it is an earlier run that cannot be read.
        BadBaseline: it is neither, or names an unknown metric.
    """
    if not {"metrics", "cases"} <= _parsed(path).keys():
        return Baseline(load_baseline(path))
    earlier = load_run(path)
    return Baseline([Bar(metric="failures", side="max", value=len(earlier.failures))], earlier)


def check_baseline(metrics: Metrics, path: str | Path) -> list[Below]:
    """The bars of a baseline file that these metrics miss.

    Raises:
        BadPath: there is no such file.
        BadBaseline: it is not a baseline, or names an unknown metric.
    """
    return missed(metrics, load_baseline(path))


def missed(metrics: Metrics, bars: list[Bar]) -> list[Below]:
    """The bars that these metrics miss."""
    return [
        Below(metric=bar.metric, value=metrics.get(bar.metric), bar=bar.value, side=bar.side)
        for bar in bars
        if bar.missed_by(metrics.get(bar.metric))
    ]


def load_baseline(path: str | Path) -> list[Bar]:
    """Read the bars of a baseline file; "no crash" is added where it says nothing of `failures`.

    Raises:
        BadPath: there is no such file.
        BadBaseline: it is not a baseline, or names an unknown metric.
    """
    data = _parsed(path)
    bars = [bar for name, value in data.items() for bar in _bars(path, name, value)]
    return bars if "failures" in data else [*bars, Bar(metric="failures", side="max", value=0)]


def write_baseline(report: Report, path: str | Path) -> None:
    """Write what a run reached as the bars of the next: shares as minima, false answers and crashes as maxima.

    Counts, times, tokens and costs depend on the machine, the case file and the provider: they become no bars.

    Raises:
        BadPath: the file cannot be written.
    """
    bars: dict[str, Any] = {}
    for name, value in report.metrics.items():
        if value is not None and not name.startswith(_UNGATED):
            bars[name] = {"max": value} if name in _HIGH_IS_BAD else _rounded_down(value)
    try:
        Path(path).write_text(json.dumps(bars, indent=2) + "\n", encoding="utf-8")
    except OSError as error:
        raise BadPath(f"cannot write the baseline {path}: {error.strerror}", hint="name a file in a folder that exists") from None


def _parsed(path: str | Path) -> dict[str, Any]:
    try:
        data = json.loads(Path(path).read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise BadPath(f"cannot read the baseline {path}: {error.strerror}", hint="docs/eval.md shows how to make one") from None
    except ValueError as error:
        raise BadBaseline(f"{path} is not JSON: {error}", hint='write {"accuracy": 0.9, "false_answers": {"max": 0}}') from None
    if not isinstance(data, dict) or not data:
        raise BadBaseline(f"{path} sets no bar", hint='write {"accuracy": 0.9, "false_answers": {"max": 0}}')
    return data


def _bars(path: str | Path, name: str, value: Any) -> list[Bar]:
    if name not in METRIC_NAMES:
        near = get_close_matches(name, METRIC_NAMES, n=1)
        meant = f"did you mean {near[0]}? " if near else ""
        raise BadBaseline(f"{path}: unknown metric {name!r}", hint=f"{meant}known are: {', '.join(METRIC_NAMES)}")
    sides = value if isinstance(value, dict) else {"min": value}
    if not sides or not sides.keys() <= {"min", "max"} or not all(map(_is_number, sides.values())):
        hint = f'write "{name}": 0.9 for at least, "{name}": {{"max": 0.1}} for at most'
        raise BadBaseline(f"{path}: {name} has no bar that could be read: {json.dumps(value)}", hint=hint)
    both: tuple[Literal["min", "max"], ...] = ("min", "max")
    return [Bar(metric=name, side=side, value=sides[side]) for side in both if side in sides]


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and math.isfinite(value)


def _rounded_down(value: float) -> float:
    """A share to four digits, never above itself."""
    return math.floor(value * _PRECISION) / _PRECISION
