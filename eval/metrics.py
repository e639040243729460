"""The measures, as pure functions: strings, document names and numbers in, a number out.

What is asked of an answer as a whole (which of these must hold together) is in `judge`, averages over a run in `summary`.
Rankings are lists of distinct document names, best first; `gold` is the set of right ones. Every share lies in [0, 1].
"""

from __future__ import annotations

import math
import re
import string
import unicodedata
from collections import Counter
from collections.abc import Callable, Collection, Iterable, Sequence
from typing import NamedTuple

import numpy as np

_ARTICLES = re.compile(r"\b(a|an|the)\b")
_DECIMAL_POINT = re.compile(r"(?<=\d)\.(?=\d)")
_Z95 = 1.959963984540054
_RESAMPLES = 2000


class Interval(NamedTuple):
    """A 95 % interval, both ends included."""

    low: float
    high: float


class Difference(NamedTuple):
    """A mean difference and its 95 % interval."""

    mean: float
    low: float
    high: float


class Abstention(NamedTuple):
    """How well "not in these articles" is used; a share without a denominator is None."""

    precision: float | None
    """Of the abstentions, those where there was indeed no answer."""
    recall: float | None
    """Of the questions without an answer, those that met an abstention."""
    f1: float | None
    """Harmonic mean of the two."""


# --- answers ---


def normalize(text: str) -> str:
    """Lower case, without punctuation, English articles and surplus white space.

    Rajpurkar et al. 2016, "SQuAD: 100,000+ Questions for Machine Comprehension of Text", as in its evaluation script, with one
    addition: all Unicode punctuation goes, not ASCII only, since news is set with curly quotes and dashes.

    >>> normalize("The 2,000 “mercenaries”")
    '2000 mercenaries'
    """
    bare = "".join(char for char in text.lower() if char not in string.punctuation and not unicodedata.category(char).startswith("P"))
    return " ".join(_ARTICLES.sub(" ", bare).split())


def exact_match(given: str, accepted: Iterable[str]) -> bool:
    """Whether `given` equals an accepted answer after normalisation (Rajpurkar et al. 2016)."""
    return any(normalize(given) == normalize(answer) for answer in accepted)


def token_f1(given: str, accepted: Iterable[str]) -> float:
    """Best token F1 of `given` against the accepted answers after normalisation.

    Rajpurkar et al. 2016; where one side has no token, 1 if both have none and else 0, as in Rajpurkar et al. 2018 (SQuAD 2.0).
    """
    return max((_pair_f1(normalize(given).split(), normalize(answer).split()) for answer in accepted), default=0.0)


def _pair_f1(given: Sequence[str], answer: Sequence[str]) -> float:
    if not given or not answer:
        return float(given == answer)
    shared = (Counter(given) & Counter(answer)).total()
    return 2 * shared / (len(given) + len(answer))


def contains_answer(short: str, accepted: Iterable[str]) -> bool:
    """Whether an accepted string stands in `short`, from token edge to token edge, after normalisation.

    Normalisation makes 2,000 and 2000 the same; a decimal point is kept apart, or 3.5 would be found in 35.

    >>> contains_answer("about 2000 men", ["2,000"]), contains_answer("12,000 men", ["2,000"]), contains_answer("35 %", ["3.5"])
    (True, False, False)
    """
    tokens = f" {_with_points(short)} "
    return any(answer and f" {answer} " in tokens for answer in map(_with_points, accepted))


def _with_points(text: str) -> str:
    return normalize(_DECIMAL_POINT.sub("point", text))


def missing_groups(short: str, groups: Iterable[Sequence[str]]) -> list[Sequence[str]]:
    """The groups of which no spelling stands in `short` (see `contains_answer`); empty when a list is complete."""
    return [group for group in groups if not contains_answer(short, group)]


# --- citations and abstention ---


def citation_share(cited: Sequence[str], gold: Collection[str]) -> float | None:
    """Share of the citations whose document is a right one (citation precision, Gao et al. 2023, ALCE, by document); None without any."""
    return sum(doc_id in gold for doc_id in cited) / len(cited) if cited else None


def quote_is_exact(quote: str, start: int, end: int, text: str) -> bool:
    """Whether the quote is the very slice of the article that it claims to be: `text[start:end] == quote`, and not empty."""
    return 0 <= start < end and text[start:end] == quote


def abstention(pairs: Iterable[tuple[bool, bool]]) -> Abstention:
    """Precision, recall and F1 of abstaining.

    Args:
        pairs: for each question whether it has no answer, and whether the system abstained.
    """
    counts = Counter(pairs)
    right, missed, wrong = counts[True, True], counts[True, False], counts[False, True]
    return Abstention(_share(right, right + wrong), _share(right, right + missed), _share(2 * right, 2 * right + wrong + missed))


def _share(part: int, whole: int) -> float | None:
    return part / whole if whole else None


# --- retrieval ---


def recall_at(ranking: Sequence[str], gold: Collection[str], k: int) -> float:
    """Share of the right documents that stand among the first k (Manning et al. 2008, ch. 8)."""
    return len(set(ranking[:k]) & set(gold)) / len(set(gold)) if gold else 0.0


def hit_at(ranking: Sequence[str], gold: Collection[str], k: int) -> float:
    """1 if any right document stands among the first k, else 0; also called success@k."""
    return float(not set(ranking[:k]).isdisjoint(gold))


def mrr_at(ranking: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """1 / rank of the first right document among the first k, else 0 (Voorhees 1999, TREC-8 QA; cut at k as in MS MARCO)."""
    return next((1 / rank for rank, doc_id in enumerate(ranking[:k], start=1) if doc_id in gold), 0.0)


def ndcg_at(ranking: Sequence[str], gold: Collection[str], k: int = 10) -> float:
    """Discounted gain of the first k over that of the best ranking, a document being right or not (Järvelin & Kekäläinen 2002)."""
    gain = sum(1 / math.log2(rank + 1) for rank, doc_id in enumerate(ranking[:k], start=1) if doc_id in gold)
    ideal = sum(1 / math.log2(rank + 1) for rank in range(1, min(len(set(gold)), k) + 1))
    return min(gain / ideal, 1.0) if ideal else 0.0


# --- uncertainty ---


def wilson_interval(successes: int, trials: int) -> Interval:
    """95 % interval of a share (Wilson 1927); good for few cases, where the usual plus-minus is not. (0, 1) without trials.

    Raises:
        ValueError: `successes` is not within 0..`trials`.
    """
    if not 0 <= successes <= trials:
        raise ValueError(f"{successes} successes in {trials} trials")
    if not trials:
        return Interval(0.0, 1.0)
    share, square = successes / trials, _Z95**2
    centre = (share + square / (2 * trials)) / (1 + square / trials)
    reach = _Z95 / (1 + square / trials) * math.sqrt(share * (1 - share) / trials + square / (4 * trials**2))
    return Interval(max(0.0, centre - reach), min(1.0, centre + reach))


def bootstrap_interval(values: Sequence[float], *, seed: int = 0, statistic: Callable[..., object] = np.mean) -> Interval:
    """95 % percentile interval of a statistic of `values`, by resampling them 2,000 times (Efron 1979); the same for the same seed.

    Args:
        values: one number a case.
        seed: of the resampling.
        statistic: an array function that takes `axis`, such as numpy's mean or median.

    Raises:
        ValueError: there are no values.
    """
    if not len(values):
        raise ValueError("no values to resample")
    data = np.asarray(values, dtype=np.float64)
    draws = np.random.default_rng(seed).integers(len(data), size=(_RESAMPLES, len(data)))
    low, high = np.percentile(np.asarray(statistic(data[draws], axis=1)), [2.5, 97.5])
    return Interval(float(low), float(high))


def sign_test(gained: int, lost: int) -> float:
    """How likely so lopsided a split of `gained` and `lost` is by a fair coin: exact, two-sided (Dixon & Mood 1946).

    Pairs without a difference are left out, as the test has it; 1 where there is none with one.

    >>> sign_test(1, 1), sign_test(6, 0)
    (1.0, 0.03125)
    """
    turned = gained + lost
    tail = sum(math.comb(turned, k) for k in range(min(gained, lost) + 1))
    return min(1.0, 2 * tail / (1 << turned))


def paired_bootstrap(first: Sequence[float], second: Sequence[float], *, seed: int = 0) -> Difference:
    """Mean of `first - second` over the same cases, with its 95 % interval; an interval around 0 shows no difference (Koehn 2004).

    Raises:
        ValueError: the two are not of the same length, or are empty.
    """
    if len(first) != len(second):
        raise ValueError(f"{len(first)} values against {len(second)}: a paired comparison needs the same cases")
    differences = [left - right for left, right in zip(first, second, strict=True)]
    low, high = bootstrap_interval(differences, seed=seed)
    return Difference(float(np.mean(differences)), low, high)
