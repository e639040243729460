"""Every measure of a run with its 95 % interval and a line on what it means, for people who read a report and not its source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import NamedTuple

import numpy as np

from eval.cases import UNANSWERABLE_KINDS
from eval.metrics import Interval, bootstrap_interval, wilson_interval
from eval.report.curves import results
from eval.results import CaseResult, Report

_MEANING = {
    "accuracy": "cases that are right, whatever their kind",
    "answer_match": "facts and lists whose short answer holds what is accepted",
    "exact_match": "facts whose short answer is just that",
    "token_f1": "words that the short answer and the accepted one share",
    "citation_correct": "citations of an article that the case names",
    "first_citation_correct": "answers whose citation [1] is of such an article",
    "all_citations_correct": "answers of which every citation is",
    "quotes_exact": "quotes that are the article’s own characters",
    "claims_passed": "sentences of an answer that no check failed",
    "abstention_precision": "of the cases left unanswered, those that have no answer",
    "abstention_recall": "of the cases without an answer, those left unanswered",
    "false_answers": "cases without an answer that were answered",
    "hit@1": "search puts a right article first",
    "hit@5": "search puts one among the first five",
    "recall@10": "right articles among the first ten",
    "mrr@10": "1 / rank of the first right article",
    "ndcg@10": "discounted gain of the first ten",
    "seconds_p50": "an answer takes so long, median",
    "seconds_p95": "and the slowest twentieth longer than this",
    "cost": "US dollars for all cases",
}
_COUNTS = ("false_answers", "seconds_p50", "seconds_p95", "cost")
"""Those that are no share."""


class Measured(NamedTuple):
    """One measure of a run."""

    name: str
    meaning: str
    value: float | int
    interval: Interval | None
    """95 %; None where there is none to tell."""
    is_share: bool


def measured(report: Report) -> list[Measured]:
    """The measures that the run could take, in the order in which they are read."""
    rows = results(report.rows)
    return [
        Measured(name, meaning, value, _interval(name, rows), name not in _COUNTS)
        for name, meaning in _MEANING.items()
        if (value := report.metrics.get(name)) is not None
    ]


def _interval(name: str, rows: Sequence[CaseResult]) -> Interval | None:
    """Wilson's for shares of cases, else by resampling the cases."""
    if name in _SHARES:
        flags = [flag for row in rows if (flag := _SHARES[name](row)) is not None]
        return wilson_interval(sum(flags), len(flags)) if flags else None
    if name in _OF_CITATIONS:
        return _of_citations(rows, _OF_CITATIONS[name])
    if name in ("seconds_p50", "seconds_p95"):
        return bootstrap_interval([row.seconds for row in rows], statistic=_percentile(int(name[-2:]))) if rows else None
    values = [row.measures[name] for row in rows if name in row.measures]
    if set(values) <= {0.0, 1.0}:
        return wilson_interval(round(sum(values)), len(values)) if values else None
    return bootstrap_interval(values)


def _lacks_answer(row: CaseResult) -> bool:
    return row.kind in UNANSWERABLE_KINDS


_SHARES: dict[str, Callable[[CaseResult], bool | None]] = {
    "accuracy": lambda row: row.right,
    "abstention_precision": lambda row: _lacks_answer(row) if row.status == "no_evidence" else None,
    "abstention_recall": lambda row: row.status == "no_evidence" if _lacks_answer(row) else None,
}
"""Name -> whether a case counts for it; None where it has no part in it."""
_OF_CITATIONS = {"citation_correct": "right", "quotes_exact": "exact"}


def _of_citations(rows: Sequence[CaseResult], flag: str) -> Interval | None:
    """The interval of a share of citations: those of one case stand and fall together, so cases are resampled.

    Where every citation is right, no resampling could show a wrong one: then it is the share of such cases, by Wilson.
    """
    known = [[value for citation in row.citations if (value := getattr(citation, flag)) is not None] for row in rows]
    counts = np.array([(sum(values), len(values)) for values in known if values], dtype=np.float64)
    if not len(counts):
        return None
    if (counts[:, 0] == counts[:, 1]).all():
        return wilson_interval(len(counts), len(counts))
    draws = np.random.default_rng(0).integers(len(counts), size=(2000, len(counts)))
    right, every = counts[draws].sum(axis=1).T
    low, high = np.percentile(right / every, [2.5, 97.5])
    return Interval(float(low), float(high))


def _percentile(share: int) -> Callable[..., object]:
    return lambda data, axis: np.percentile(data, share, axis=axis)
