"""All rows of a run to one flat table of numbers: what a baseline sets bars for.

The table always has every name of `METRIC_NAMES`; a value is None where nothing was there to measure, which is not the same as 0.
Cases that crashed are counted as `failures` and enter no share. What each name means is in docs/eval.md.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

import numpy as np

from eval.cases import KINDS, UNANSWERABLE_KINDS
from eval.judge import CUTOFFS
from eval.metrics import abstention
from eval.results import CaseFailure, CaseResult, JudgedCitation

SEARCHED = (*(f"hit@{k}" for k in CUTOFFS), *(f"recall@{k}" for k in CUTOFFS), "mrr@10", "ndcg@10")
"""The measures of search, which does not depend on what answers."""
AVERAGED = (
    "answer_match",
    "exact_match",
    "token_f1",
    "first_citation_correct",
    "all_citations_correct",
    "claims_passed",
    *SEARCHED,
)
"""The measures that a row carries itself; their mean is taken over the rows that have them."""
METRIC_NAMES = (
    "cases",
    *(f"cases.{kind}" for kind in KINDS),
    "failures",
    "accuracy",
    *(f"accuracy.{kind}" for kind in KINDS),
    "citation_correct",
    "quotes_exact",
    "abstention_precision",
    "abstention_recall",
    "abstention_f1",
    "false_answers",
    *AVERAGED,
    "seconds_p50",
    "seconds_p95",
    "tokens_in",
    "tokens_out",
    "cost",
)


def summarize(rows: Sequence[CaseResult | CaseFailure]) -> dict[str, float | int | None]:
    """The table of a run, in the order of `METRIC_NAMES`."""
    judged = [row for row in rows if isinstance(row, CaseResult)]
    citations = [citation for row in judged for citation in row.citations]
    abstained = abstention((row.kind in UNANSWERABLE_KINDS, row.status == "no_evidence") for row in judged)
    seconds = [row.seconds for row in judged]
    values: dict[str, float | int | None] = {
        "cases": len(rows),
        **{f"cases.{kind}": sum(row.kind == kind for row in rows) for kind in KINDS},
        "failures": len(rows) - len(judged),
        "accuracy": _mean(row.right for row in judged),
        **{f"accuracy.{kind}": _mean(row.right for row in judged if row.kind == kind) for kind in KINDS},
        "citation_correct": _mean(_flags(citations, "right")),
        "quotes_exact": _mean(_flags(citations, "exact")),
        "abstention_precision": abstained.precision,
        "abstention_recall": abstained.recall,
        "abstention_f1": abstained.f1,
        "false_answers": sum(row.kind in UNANSWERABLE_KINDS and row.status == "answered" for row in judged),
        **{name: _mean(row.measures[name] for row in judged if name in row.measures) for name in AVERAGED},
        "seconds_p50": _percentile(seconds, 50),
        "seconds_p95": _percentile(seconds, 95),
        "tokens_in": sum(row.tokens_in for row in judged),
        "tokens_out": sum(row.tokens_out for row in judged),
        "cost": _sum(row.cost for row in judged),
    }
    return {name: values[name] for name in METRIC_NAMES}


def _flags(citations: Iterable[JudgedCitation], name: str) -> list[bool]:
    """That field of every citation for which it could be said."""
    return [value for citation in citations if (value := getattr(citation, name)) is not None]


def _mean(values: Iterable[float]) -> float | None:
    numbers = list(values)
    return sum(numbers) / len(numbers) if numbers else None


def _sum(values: Iterable[float | None]) -> float | None:
    """None where any of them is not known."""
    numbers = list(values)
    known = [number for number in numbers if number is not None]
    return sum(known) if known and len(known) == len(numbers) else None


def _percentile(values: Sequence[float], share: int) -> float | None:
    return float(np.percentile(values, share)) if values else None
