"""The result of a run: its value types, as JSON data, as files.

It is told everything: what counts as right is in `judge`, how rows become numbers in `summary`, how two runs differ in `compare`, and
how a terminal shows it in `render`.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from eval.cases import Kind
from eval.metrics import Interval
from index.errors import BadPath

Metrics = Mapping[str, float | int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedCitation:
    """One citation of an answer, and whether it is right."""

    number: int
    article_id: str
    doc_id: str
    label: str
    quote: str
    start: int
    end: int
    right: bool | None
    """Whether the document is one of the case's `doc_ids`; None where a case has none."""
    exact: bool | None
    """Whether the quote is the article's `text[start:end]`; None where no article could be looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """One case that was answered, or rightly or wrongly not answered."""

    id: str
    kind: Kind
    question: str
    right: bool
    status: Literal["answered", "no_evidence"]
    short: str
    citations: tuple[JudgedCitation, ...]
    expected: str
    why: str
    """One line that says what is wrong; empty when right."""
    seconds: float
    """The time of asking alone."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """The measures that this case has, by name, each in 0..1; `summary` averages them."""
    tokens_in: int = 0
    tokens_out: int = 0
    """What a language model read and wrote."""
    cost: float | None = None
    """Of that, in US dollars; None where no price is known."""

    def to_dict(self) -> dict[str, Any]:
        """This row as plain JSON data."""
        return {**asdict(self), "citations": [asdict(citation) for citation in self.citations], "error": None}


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFailure:
    """One case that crashed: neither right nor wrong, and never left out."""

    id: str
    kind: Kind
    question: str
    error: str
    """Exception class and message."""

    def to_dict(self) -> dict[str, Any]:
        """This row as plain JSON data, with the names that a result has."""
        return {**asdict(self), "right": None, "short": "", "citations": []}


@dataclass(frozen=True, kw_only=True, slots=True)
class Below:
    """A bar of the baseline that was missed."""

    metric: str
    value: float | int | None
    """None where the run could not measure it."""
    bar: float
    side: Literal["min", "max"]

    def __str__(self) -> str:
        """The miss on one line."""
        return f"{self.metric} is {number(self.value)}, the bar is at {'least' if self.side == 'min' else 'most'} {number(self.bar)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One measure of two runs, over the cases that both were asked to the end."""

    metric: str
    value: float | int | None
    beside: float | int | None
    """The same of the other run."""
    difference: float | None
    """The first less the second; of a mean over cases, over those that have it in both runs."""
    interval: Interval | None
    """95 % interval of the paired difference; None for a measure that is no mean over cases."""
    cases: int
    """How many cases the interval is made from."""

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data; the run in question is a language model's."""
        return {
            "metric": self.metric,
            "model": self.value,
            "built_in": self.beside,
            "difference": self.difference,
            "interval": None if self.interval is None else list(self.interval),
            "cases": self.cases,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A run beside another one."""

    cases: int
    """How many cases both were asked to the end; all that follows is over these."""
    metrics: tuple[Compared, ...]
    gained: tuple[str, ...]
    """The cases that only this run has right."""
    lost: tuple[str, ...]
    """The cases that only the other one has right."""

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data."""
        metrics = [compared.to_dict() for compared in self.metrics]
        return {"cases": self.cases, "metrics": metrics, "gained": list(self.gained), "lost": list(self.lost)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A whole run."""

    metrics: Metrics
    """Every name of `summary.METRIC_NAMES`; None where nothing was there to measure."""
    rows: tuple[CaseResult | CaseFailure, ...]
    """One a case, in the order of the cases."""
    below: tuple[Below, ...] = ()
    model: str = "built-in"
    """What answered."""
    beside: Report | None = None
    """The built-in answers to the same cases, where a language model was asked."""
    comparison: Comparison | None = None
    """This run less `beside`."""

    @property
    def failures(self) -> tuple[CaseFailure, ...]:
        """The rows that crashed."""
        return tuple(row for row in self.rows if isinstance(row, CaseFailure))

    @property
    def wrong(self) -> tuple[CaseResult, ...]:
        """The rows that were judged wrong."""
        return tuple(row for row in self.rows if isinstance(row, CaseResult) and not row.right)

    @property
    def passed(self) -> bool:
        """Whether every bar was met and nothing crashed."""
        return not self.below and not self.failures

    def to_dict(self) -> dict[str, Any]:
        """This report as plain JSON data; what the built-in answers reached is in it where a language model was asked."""
        data = {
            "metrics": dict(self.metrics),
            "cases": [row.to_dict() for row in self.rows],
            "below": [asdict(below) for below in self.below],
        }
        if self.beside is None or self.comparison is None:
            return data
        built_in = {name: value for name, value in self.beside.to_dict().items() if name != "below"}
        return {**data, "model": self.model, "built_in": built_in, "comparison": self.comparison.to_dict()}


def write_report(report: Report, folder: str | Path) -> list[Path]:
    """Write `report.json` (all of it) and `cases.jsonl` (one row a line) into `folder`, which is made if need be.

    Raises:
        BadPath: the folder cannot be made or written to.
    """
    data = report.to_dict()
    contents = {
        "report.json": json.dumps(data, ensure_ascii=False, indent=2) + "\n",
        "cases.jsonl": "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in data["cases"]),
    }
    target = report_folder(folder)
    try:
        for name, content in contents.items():
            (target / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise BadPath(f"cannot write the report to {folder}: {error.strerror}", hint="name another folder: --report DIR") from None
    return [target / name for name in contents]


def report_folder(folder: str | Path) -> Path:
    """Make the folder of a report if it is not there.

    Raises:
        BadPath: it cannot be made, or is a file.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadPath(f"cannot make the report folder {folder}: {error.strerror}", hint="name another folder: --report DIR") from None
    return Path(folder)


def number(value: float | int | None) -> str:
    """A measure as people read it."""
    if value is None:
        return "not measured"
    return str(value) if isinstance(value, int) else f"{value:.4g}"
