"""A report as text for a terminal: shares with 95 % intervals, measures, beside another run where there is one, and lists.

The lists are the part to read: what fell, every wrong case with the reason, what crashed, which bars were missed.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.cases import KINDS
from eval.metrics import wilson_interval
from eval.results import CaseFailure, CaseResult, Compared, Comparison, Report, number
from eval.summary import SEARCHED
from eval.terminal import as_text, table

if TYPE_CHECKING:
    from rich.table import Table

_TOLD = ("cases", "failures", "accuracy")
"""Metrics, by their beginnings, that the first table tells already."""


def render(report: Report, *, width: int = 100) -> str:
    """The report as text for a terminal `width` columns wide."""
    listed = (text for title, lines in _sections(report) for text in (f"{title}\n", *(f"{line}\n" for line in lines)))
    return as_text((_shares(report), *_measures(report), *_unreviewed(report), *listed), width=width)


def turned(comparison: Comparison) -> str:
    """How many cases turned between two runs, and how likely that is by chance."""
    gained, lost = len(comparison.gained), len(comparison.lost)
    return f"{gained} turned right and {lost} turned wrong (sign test: p = {comparison.p:.2g})"


def _shares(report: Report) -> Table:
    return table(("", "cases", "right", "share", "95 % interval", "crashed"), _share_rows(report))


def _unreviewed(report: Report) -> list[Table | str]:
    """The shares of the cases that nobody has reviewed, and which of them are wrong."""
    if report.unreviewed is None:
        return []
    lines: list[Table | str] = [f"  {row.id} ({row.kind}) {row.question} {row.given}: {row.why}" for row in report.unreviewed.wrong]
    lines += [f"  {row.id} ({row.kind}) {row.question} {row.given}" for row in report.unreviewed.failures]
    return ["Not reviewed yet, and in no measure or bar:\n", _shares(report.unreviewed), *lines, ""]


def _share_rows(report: Report) -> list[tuple[str, ...]]:
    groups = {kind: [row for row in report.rows if row.kind == kind] for kind in KINDS} | {"all": list(report.rows)}
    return [_share_row(name, rows) for name, rows in groups.items() if rows]


def _share_row(name: str, rows: Sequence[CaseResult | CaseFailure]) -> tuple[str, ...]:
    judged = [row for row in rows if isinstance(row, CaseResult)]
    right = sum(row.right for row in judged)
    low, high = wilson_interval(right, len(judged))
    share, interval = (f"{right / len(judged):.1%}", f"{low:.1%} to {high:.1%}") if judged else ("-", "-")
    return name, str(len(rows)), str(right), share, interval, str(len(rows) - len(judged))


def _measures(report: Report) -> list[Table | str]:
    """The measures of a run, or of both runs side by side."""
    values = [(name, number(value)) for name, value in report.metrics.items() if value is not None and not name.startswith(_TOLD)]
    since = _since(report)
    if report.comparison is None:
        return [table(("measure", "value"), values), *since]
    over = f"The model is {report.model}. Over the {report.comparison.cases} of {len(report.rows)} cases that both were asked to the end:"
    heads = ("measure", "cases", "built-in", "model", "difference", "95 % interval")
    searched = [(name, value) for name, value in values if name in SEARCHED]
    beside: list[Table | str] = [
        over,
        table(heads, map(_beside, report.comparison.metrics)),
        table(("search, the same for both", "value"), searched),
    ]
    return [*beside, f"Beside the built-in answers {turned(report.comparison)}.\n", *since]


def _since(report: Report) -> list[Table | str]:
    """What changed since the run that is the baseline."""
    if report.change is None:
        return []
    accuracy = [_beside(compared) for compared in report.change.metrics if compared.metric.startswith("accuracy")]
    heads = ("since the baseline", "cases", "then", "now", "difference", "95 % interval")
    return [table(heads, accuracy), f"Of {report.change.cases} cases in both {turned(report.change)}.\n"]


def _beside(compared: Compared) -> tuple[str, ...]:
    interval = "-" if compared.interval is None else f"{signed(compared.interval.low)} to {signed(compared.interval.high)}"
    difference = "-" if compared.difference is None else signed(compared.difference)
    cases = str(compared.cases) if compared.interval is not None else ""
    return compared.metric, cases, number(compared.beside), number(compared.value), difference, interval


def signed(value: float) -> str:
    """A difference with its sign."""
    return f"{value:+.3g}" if value else "0"


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
    fell = ["\n".join(f"  {fallen}" for fallen in report.fell)] if report.fell else []
    notes = ["  No search found a document that the cases name: was the right folder synced?"] if report.metrics.get("hit@10") == 0 else []
    titled = [("Wrong", wrong), ("Crashed: neither right nor wrong", failures), ("Below the bar", below), ("Fell", fell), ("Note", notes)]
    return [(title, lines) for title, lines in (*_changed(report), *titled) if lines]


def _changed(report: Report) -> list[tuple[str, list[str]]]:
    """The cases that only one of two runs has right."""
    if report.comparison is None or report.beside is None:
        return []
    ours, theirs = ({row.id: row for row in run.rows if isinstance(row, CaseResult)} for run in (report, report.beside))

    def lines(changed: Sequence[str]) -> list[str]:
        return [
            f"  {case} ({ours[case].kind}) {ours[case].question}\n"
            f"    built-in: {theirs[case].short or theirs[case].status}\n"
            f"    model:    {ours[case].short or ours[case].status}"
            for case in changed
        ]

    changed = report.comparison
    return [("Right by the model alone", lines(changed.gained)), ("Right by the built-in answers alone", lines(changed.lost))]
