"""The newest answer first, where a question asks for that: of answers that the reader finds about equally good, the latest in date.

An article's day of publication tells how new its answer is, the best one that it gives: what it says of former mayors is not its
answer. Articles without a date come last. How good an answer must be was set on half of tests/cases/latest.jsonl (docs/decisions.md).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from rag.builtin.evidence import Evidence
from rag.builtin.pool import Given, Group

_ALIKE = 5.0
"""Logits of the reader alone by which an answer may be less likely than the best, and still be the newest."""
_ABOUT = 0.25
"""The same for an article that explains, in confidence."""


def newest_first(groups: Sequence[Group]) -> tuple[list[Group], tuple[Group, ...]]:
    """The groups, the newest good one first, and the other good ones, newest first.

    Args:
        groups: best first, at least one.
    """
    own = _own_answers(groups)
    least = max((item.margin for item in own), default=0.0) - _ALIKE
    own = [item for item in own if item.margin > least]
    good = [(group, able) for group in groups if (able := _newest_of(item for item in group.members if item in own))]
    good.sort(key=lambda pair: _date(pair[1][0]), reverse=True)
    led = [replace(group, members=(*able, *(item for item in group.members if item not in able))) for group, able in good]
    others = [group for group in groups if all(group is not one for one, _ in good)]
    return [*led, *others], tuple(led[1:])


def newest_sentences(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The sentences of articles that are about as good as the best, the newest article first, each as it tells them.

    Args:
        evidence: best first, at least one.
    """
    best: dict[str, float] = {}
    for item in evidence:
        best.setdefault(item.passage.article_id, item.confidence)
    good = [item for item in evidence if best[item.passage.article_id] > evidence[0].confidence - _ABOUT]
    told = sorted(good, key=lambda item: (item.passage.article_id, item.span))
    return sorted(told, key=lambda item: item.passage.published or "", reverse=True)


def _own_answers(groups: Sequence[Group]) -> list[Given]:
    """The best answer of each article, of the kind that is asked for."""
    best: dict[str, Given] = {}
    for item in (item for group in groups for item in group.members if item.of_kind):
        known = best.get(item.passage.article_id)
        if known is None or item.margin > known.margin:
            best[item.passage.article_id] = item
    return list(best.values())


def _newest_of(items: Iterator[Given]) -> list[Given]:
    return sorted(items, key=_date, reverse=True)


def _date(item: Given) -> str:
    return item.passage.published or ""
