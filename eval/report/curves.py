"""The numbers behind the plots: what a higher threshold would answer, how confidence and truth agree, and how long answers take."""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from eval.metrics import Interval, wilson_interval
from eval.results import CaseFailure, CaseResult

BINS = 10


class Point(NamedTuple):
    """What is answered when every answer below a threshold is held back."""

    threshold: float
    answered: float
    """Share of all cases."""
    right: float
    """Share of the answers."""


class Bin(NamedTuple):
    """The answers whose confidence lies within some bounds."""

    low: float
    high: float
    confidence: float
    """The mean of theirs."""
    right: float
    interval: Interval
    """95 %, of `right`."""
    cases: int


class Share(NamedTuple):
    """How many of some cases are right."""

    kind: str
    right: int
    cases: int
    interval: Interval


def results(rows: Sequence[CaseResult | CaseFailure]) -> list[CaseResult]:
    """The rows that did not crash."""
    return [row for row in rows if isinstance(row, CaseResult)]


def sure(rows: Sequence[CaseResult | CaseFailure]) -> list[tuple[float, bool]]:
    """(confidence, whether it is right) of every answer that has a confidence; the surest first."""
    pairs = [(row.confidence, row.right) for row in results(rows) if row.status == "answered" and row.confidence is not None]
    return sorted(pairs, reverse=True)


def abstention_curve(rows: Sequence[CaseResult | CaseFailure]) -> list[Point]:
    """What each possible threshold would answer, from the surest answer alone to all that were given.

    Answers that were held back in the run are not known; a run with `DATELINE_ABSTAIN_BELOW=0` gives them as well.
    """
    pairs, cases = sure(rows), len(results(rows))
    points, right = [], 0
    for place, (confidence, is_right) in enumerate(pairs, start=1):
        right += is_right
        if place == len(pairs) or pairs[place][0] < confidence:  # equal confidences are answered together
            points.append(Point(confidence, place / cases, right / place))
    return points


def reliability(rows: Sequence[CaseResult | CaseFailure]) -> list[Bin]:
    """The answers by tenths of confidence, without the empty tenths."""
    pairs, bins = sure(rows), []
    for place in range(BINS):
        inside = [pair for pair in pairs if min(int(pair[0] * BINS), BINS - 1) == place]
        if inside:
            right, count = sum(is_right for _, is_right in inside), len(inside)
            mean = sum(confidence for confidence, _ in inside) / count
            bins.append(Bin(place / BINS, (place + 1) / BINS, mean, right / count, wilson_interval(right, count), count))
    return bins


def by_kind(rows: Sequence[CaseResult | CaseFailure], kinds: Sequence[str]) -> list[Share]:
    """How many cases of each kind are right, for the kinds that occur, and then of all."""
    judged = results(rows)
    groups = [(kind, [row for row in judged if row.kind == kind]) for kind in kinds]
    shares = []
    for kind, group in [*groups, ("all", judged)]:
        if group:
            right = sum(row.right for row in group)
            shares.append(Share(kind, right, len(group), wilson_interval(right, len(group))))
    return shares
