"""Other values that other articles give: those that contradict the answer, and those that can stand beside it.

Dates, numbers and lengths of time contradict each other when no value fits both (see `rag.facts.intervals`). Names and the rest never do
here: a person can have two employers. What counts as another article is its text: a copy of a wire story is the same source.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.builtin.pool import Given, Group
from rag.facts.intervals import contradict, interval
from rag.question import Kind, Question

_ALIKE = 2.0
"""Logits by which another value may be less likely than the answer and still be shown beside it."""
_CONTRARY = 5.0
"""The same for one that contradicts it,"""
_SURE = 2.0
"""and what the reader alone must say of that one; both set for fewer than 3 % false alarms (docs/decisions.md)."""


class Others(NamedTuple):
    """What other articles say."""

    contrary: tuple[Group, ...]
    beside: tuple[Group, ...]


def others(asked: Question, groups: Sequence[Group]) -> Others:
    """Sort the groups after the first, best first, by whether they contradict it."""
    best, *rest = groups
    same = {item.passage.text_hash for item in best.members}
    foreign = [group for group in rest if group.best.passage.text_hash not in same and group.best.of_kind]
    contrary = [group for group in foreign if _is_heard(group, best) and _contradicts(asked.kind, group.best, best.best)]
    beside = [group for group in foreign if group not in contrary and _score(group) > max(_score(best) - _ALIKE, 0.0)]
    return Others(tuple(contrary), tuple(beside))


def _is_heard(group: Group, best: Group) -> bool:
    return _score(group) > _score(best) - _CONTRARY and max(item.margin for item in group.members) > _SURE


def _score(group: Group) -> float:
    """Of the likeliest member; how many articles agree is another matter."""
    return max(item.score for item in group.members)


def _contradicts(kind: Kind, one: Given, other: Given) -> bool:
    return contradict(*(interval(kind, item.text, published=item.passage.published) for item in (one, other)))
