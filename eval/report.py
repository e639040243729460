"""The result of a run: its value types, as JSON data, as text for a terminal, as files.

It is told everything: what counts as right is in `judge`, how rows become numbers in `summary`.
"""

from __future__ import annotations

import io
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal

from eval.cases import KINDS, Kind
from eval.metrics import wilson_interval
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
        return f"{self.metric} is {_number(self.value)}, the bar is at {'least' if self.side == 'min' else 'most'} {_number(self.bar)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A whole run."""

    metrics: Metrics
    """Every name of `summary.METRIC_NAMES`; None where nothing was there to measure."""
    rows: tuple[CaseResult | CaseFailure, ...]
    """One a case, in the order of the cases."""
    below: tuple[Below, ...] = ()

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
        """This report as plain JSON data."""
        return {
            "metrics": dict(self.metrics),
            "cases": [row.to_dict() for row in self.rows],
            "below": [asdict(below) for below in self.below],
        }


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


def render(report: Report, *, width: int = 100) -> str:
    """The report as text for a terminal `width` columns wide: counts with 95 % Wilson intervals, measures, wrong cases, crashes, bars."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=width, markup=False, emoji=False, highlight=False, color_system=None, legacy_windows=False)
    console.print(_table(("", "cases", "right", "share", "95 % interval", "crashed"), _share_rows(report)))
    skipped = ("cases", "failures", "accuracy")
    rows = [(name, _number(value)) for name, value in report.metrics.items() if value is not None and not name.startswith(skipped)]
    console.print(_table(("measure", "value"), rows))
    for title, lines in _sections(report):
        console.print(f"{title}\n")
        for line in lines:
            console.print(f"{line}\n", soft_wrap=True)
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n") + "\n"


def _table(heads: Sequence[str], rows: Sequence[Sequence[str]]) -> Any:
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    table = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        table.add_column(head, justify="right" if place else "left")
    for row in rows:
        table.add_row(*row)
    return table


def _share_rows(report: Report) -> list[tuple[str, ...]]:
    groups = {kind: [row for row in report.rows if row.kind == kind] for kind in KINDS} | {"all": list(report.rows)}
    return [_share_row(name, rows) for name, rows in groups.items() if rows]


def _share_row(name: str, rows: Sequence[CaseResult | CaseFailure]) -> tuple[str, ...]:
    judged = [row for row in rows if isinstance(row, CaseResult)]
    right = sum(row.right for row in judged)
    low, high = wilson_interval(right, len(judged))
    share, interval = (f"{right / len(judged):.1%}", f"{low:.1%} to {high:.1%}") if judged else ("-", "-")
    return name, str(len(rows)), str(right), share, interval, str(len(rows) - len(judged))


def _sections(report: Report) -> list[tuple[str, list[str]]]:
    """The lists that follow the tables, without the empty ones."""
    wrong = [
        f"  {row.id} ({row.kind}) {row.question}\n"
        f"    expected: {row.expected}\n"
        f"    given:    {row.short or row.status}\n"
        f"    why:      {row.why}"
        for row in report.wrong
    ]
    failures = [f"  {row.id} ({row.kind}) {row.question}\n    {row.error}" for row in report.failures]
    below = [f"  {below}" for below in report.below]
    notes = ["  No search found a document that the cases name: was the right folder synced?"] if report.metrics.get("hit@10") == 0 else []
    titled = [("Wrong", wrong), ("Crashed: neither right nor wrong", failures), ("Below the bar", below), ("Note", notes)]
    return [(title, lines) for title, lines in titled if lines]


def _number(value: float | int | None) -> str:
    if value is None:
        return "not measured"
    return str(value) if isinstance(value, int) else f"{value:.4g}"
