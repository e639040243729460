"""Two runs over the same cases, side by side: each measure of both, the difference case by case, and the cases that turned.

Search is the same for both and left out. All is over the cases that both runs were asked to the end, so that a model whose server
failed half way is not compared over other questions than the built-in answers. The intervals are of the paired difference; one
around 0 shows no difference. The sign test looks at the cases that turned alone.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from eval.metrics import Interval, paired_bootstrap, sign_test
from eval.results import CaseFailure, CaseResult, Compared, Comparison, Fallen
from eval.summary import METRIC_NAMES, SEARCHED, summarize

if TYPE_CHECKING:
    from eval.results import Report

Number = float | int | None
_SAME = ("cases", "failures", *SEARCHED)
"""Metrics, by their beginnings, that do not depend on what answers."""


def compare(report: Report, beside: Report) -> Comparison:
    """A run beside another one over the same cases.

    Args:
        report: the run in question; differences are its values less the others.
        beside: what it is compared with.
    """
    others = {row.id: row for row in beside.rows if isinstance(row, CaseResult)}
    both = [(row, others[row.id]) for row in report.rows if isinstance(row, CaseResult) and _is_same(row, others.get(row.id))]
    ours, theirs = (summarize([pair[side] for pair in both]) for side in (0, 1))
    metrics = [_compared(name, ours[name], theirs[name], both) for name in METRIC_NAMES if not name.startswith(_SAME)]
    gained = tuple(row.id for row, other in both if row.right and not other.right)
    lost = tuple(row.id for row, other in both if other.right and not row.right)
    return Comparison(
        cases=len(both),
        metrics=tuple(compared for compared in metrics if (compared.value, compared.beside) != (None, None)),
        gained=gained,
        lost=lost,
        p=sign_test(len(gained), len(lost)),
    )


def fallen(report: Report, earlier: Report) -> list[Fallen]:
    """What is wrong or crashed now, and was not so in an earlier run; a case that the earlier run does not have counts, too."""
    before = {row.id: row for row in earlier.rows}
    found = []
    for row in (row for row in report.rows if isinstance(row, CaseFailure) or not row.right):
        known = before.get(row.id)
        same = known if known is not None and known.question == row.question else None
        if same is not None and (isinstance(same, CaseFailure) or not same.right):
            continue
        why = "it crashed" if isinstance(row, CaseFailure) else row.why
        found.append(Fallen(id=row.id, kind=row.kind, question=row.question, before=same.given if same else "", now=row.given, why=why))
    return found


def _is_same(row: CaseResult, other: CaseResult | None) -> bool:
    """Whether both are of one case: the id, and the question that it had then."""
    return other is not None and row.question == other.question


def _compared(name: str, value: Number, beside: Number, both: Sequence[tuple[CaseResult, CaseResult]]) -> Compared:
    values = [(_of_case(name, row), _of_case(name, other)) for row, other in both]
    pairs = [(one, other) for one, other in values if one is not None and other is not None]
    paired = paired_bootstrap([one for one, _ in pairs], [other for _, other in pairs]) if pairs else None
    plain = None if value is None or beside is None else value - beside
    return Compared(
        metric=name,
        value=value,
        beside=beside,
        difference=plain if paired is None else paired.mean,
        interval=None if paired is None else Interval(paired.low, paired.high),
        cases=len(pairs),
    )


def _of_case(name: str, row: CaseResult) -> float | None:
    """What a case adds to a measure that is a mean over cases; None for other measures, and where a case has no part in it."""
    measure, _, kind = name.partition(".")
    if measure == "accuracy":
        return float(row.right) if kind in ("", row.kind) else None
    return row.measures.get(name)
