"""Rows of results to numbers: means, rates over labels and scores, and their 95 % intervals.

A measure takes what it needs of each row as a few numbers, and then computes one number from any choice of rows, so that the
bootstrap treats all measures alike. A row that lacks what a measure needs has no part in it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import numpy as np

from eval.metrics import Interval

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Numbers = NDArray[np.float64]

_RESAMPLES = 1000


@dataclass(frozen=True, kw_only=True, slots=True)
class Row:
    """What came of one record."""

    values: Mapping[str, float] = field(default_factory=dict)
    """Name -> number."""
    gold: str = ""
    """The right label, where there are labels."""
    given: str = ""
    """The label that was given."""
    group: str = ""
    """The part of its split that the record belongs to, such as its source."""


@dataclass(frozen=True, slots=True)
class Measure:
    """A number over rows."""

    columns: Callable[[Row], tuple[float, ...] | None]
    """What is needed of a row; None where it has no part in the measure."""
    statistic: Callable[[Numbers], float]
    """[rows, columns] -> the number; NaN where it has no meaning."""

    def value(self, rows: Sequence[Row]) -> float | None:
        """The number over these rows; None where there is nothing to measure."""
        data = self._data(rows)
        return _number(self.statistic(data)) if len(data) else None

    def interval(self, rows: Sequence[Row], *, seed: int = 0) -> Interval | None:
        """Its 95 % percentile interval, by resampling the rows a thousand times (Efron 1979); the same for the same seed."""
        data, random = self._data(rows), np.random.default_rng(seed)
        if not len(data):
            return None
        drawn = np.array([self.statistic(data[random.integers(len(data), size=len(data))]) for _ in range(_RESAMPLES)])
        drawn = drawn[~np.isnan(drawn)]
        return Interval(*(float(bound) for bound in np.percentile(drawn, [2.5, 97.5]))) if len(drawn) else None

    def _data(self, rows: Sequence[Row]) -> Numbers:
        return np.array([columns for row in rows if (columns := self.columns(row)) is not None], dtype=np.float64)


def _number(value: float) -> float | None:
    return None if np.isnan(value) else float(value)


# Over values


def mean(name: str, *, where: str | None = None) -> Measure:
    """The mean of a value, or of it in the rows whose value `where` is not 0."""
    return Measure(
        lambda row: (row.values[name],) if name in row.values and (where is None or row.values.get(where)) else None,
        lambda data: float(data.mean()),
    )


def micro_f1(hits: str, given: str, gold: str, *, gold_hits: str | None = None) -> Measure:
    """F1 of precision hits/given and recall hits/gold, each summed over all rows first.

    Args:
        hits: value that counts what was given and is right.
        given: value that counts what was given.
        gold: value that counts what is right.
        gold_hits: value that counts what is right and was given, where that is another number.
    """
    names = (hits, given, gold_hits or hits, gold)

    def statistic(data: Numbers) -> float:
        right, everything, found, wanted = data.sum(0)
        if not everything or not wanted:
            return float("nan") if not everything and not wanted else 0.0
        precision, recall = right / everything, found / wanted
        return float(2 * precision * recall / (precision + recall)) if precision + recall else 0.0

    return Measure(lambda row: tuple(row.values[name] for name in names) if set(names) <= row.values.keys() else None, statistic)


def auroc(score: str, positive: str) -> Measure:
    """The chance that a row whose value `positive` is 1 has a higher score than one where it is 0 (Hanley & McNeil 1982)."""

    def statistic(data: Numbers) -> float:
        _, place, counts = np.unique(data[:, 0], return_inverse=True, return_counts=True)
        ranks = (np.cumsum(counts) - (counts - 1) / 2)[place]
        positives = data[:, 1] > 0
        many, others = int(positives.sum()), int((~positives).sum())
        return float((ranks[positives].sum() - many * (many + 1) / 2) / (many * others)) if many and others else float("nan")

    return Measure(lambda row: (row.values[score], row.values[positive]) if {score, positive} <= row.values.keys() else None, statistic)


# Over labels


def accuracy() -> Measure:
    """The share of rows with the right label."""
    return Measure(lambda row: (row.gold == row.given,) if row.gold else None, lambda data: float(data.mean()))


def macro_f1(labels: Sequence[str]) -> Measure:
    """The mean over labels of each label's F1; labels that are neither right nor given anywhere are left out."""
    return Measure(_codes(labels), lambda data: _mean_of(_f1s(_confusion(data, len(labels)))))


def balanced_accuracy(labels: Sequence[str]) -> Measure:
    """The mean over labels of the share of their rows that got them."""
    return Measure(_codes(labels), lambda data: _mean_of(_recalls(_confusion(data, len(labels)))))


def only(positive: str, measure: Callable[[Sequence[str]], Measure]) -> Measure:
    """A measure over two labels: `positive`, and every other as one."""
    inner = measure((positive, "other"))

    def two(label: str) -> str:
        return positive if label == positive else "other"

    return Measure(lambda row: inner.columns(Row(gold=two(row.gold), given=two(row.given))) if row.gold else None, inner.statistic)


def _codes(labels: Sequence[str]) -> Callable[[Row], tuple[float, ...] | None]:
    code = {label: number for number, label in enumerate(labels)}
    return lambda row: (code[row.gold], code[row.given]) if row.gold in code and row.given in code else None


def _confusion(data: Numbers, size: int) -> Numbers:
    """[right label, given label] -> rows."""
    places = (data[:, 0] * size + data[:, 1]).astype(np.intp)
    return np.bincount(places, minlength=size * size).reshape(size, size).astype(np.float64)


def _f1s(confusion: Numbers) -> Numbers:
    both = confusion.sum(0) + confusion.sum(1)
    return _divided(2 * np.diag(confusion), both)


def _recalls(confusion: Numbers) -> Numbers:
    return _divided(np.diag(confusion), confusion.sum(1))


def _divided(part: Numbers, whole: Numbers) -> Numbers:
    """NaN where there is no whole."""
    return np.where(whole > 0, part / np.maximum(whole, 1), np.nan)


def _mean_of(values: Numbers) -> float:
    known = values[~np.isnan(values)]
    return float(known.mean()) if len(known) else float("nan")
