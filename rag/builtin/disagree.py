"""Other values that other articles give: those that contradict the answer, and those that can stand beside it.

They are taken from the answers that the reader found in whole passages, and from a second look at single sentences (`further`).

Dates, numbers and lengths of time contradict each other when no value fits both (see `rag.facts.intervals`). Names and the rest never do
here: a person can have two employers. What counts as another source is its story: whoever carried a copy of it says nothing more.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import NamedTuple

from rag.builtin.further import MEASURED, Look
from rag.builtin.pool import Given, Group
from rag.cite import Citer
from rag.facts.intervals import contradict, interval, may_be_one
from rag.markers import plain
from rag.question import Kind, Question
from rag.types import Value

_ALIKE = 2.0
"""Logits by which another value may be less likely than the answer and still be shown beside it."""
_CONTRARY = 5.0
"""The same for one that contradicts it,"""
_SOURCES = 4
"""Sources that are shown for one value."""
_SURE = 2.0
"""and what the reader alone must say of that one; both set for fewer than 3 % false alarms (docs/decisions.md)."""


class Others(NamedTuple):
    """What other articles say."""

    contrary: tuple[Group, ...] = ()
    beside: tuple[Group, ...] = ()


class Shown(NamedTuple):
    """The fields of an answer that show them."""

    disagreement: tuple[Value, ...] = ()
    also_given: tuple[Value, ...] = ()


def others(asked: Question, groups: Sequence[Group], look: Look | None = None) -> Others:
    """What other articles say than the first group.

    Args:
        asked: the question.
        groups: the answers in whole passages, best first.
        look: looks at single sentences of other articles as well.
    """
    best, *rest = groups
    same = {item.passage.source for item in best.members}
    foreign = [group for group in rest if _is_foreign(group.best, same)]
    contrary = [group for group in foreign if _is_heard(group, best) and _contradicts(asked.kind, group.best, best.best)]
    beside = [group for group in foreign if group not in contrary and _score(group) > max(_score(best) - _ALIKE, 0.0)]
    for item in look.further(best.best) if look else []:
        if item.passage.source not in same:
            _add(item, contrary if asked.kind in MEASURED else beside, asked.kind)
    return Others(tuple(contrary), tuple(group for group in beside if not _among(group, contrary, asked.kind)))


def shown(best: Group, found: Others, citer: Citer) -> Shown:
    """The values of a group and of the others, each with its sources; the newest first where they contradict each other."""
    values = [_value(group, citer) for group in (best, *found.contrary)] if found.contrary else []
    beside = tuple(_value(group, citer) for group in found.beside)
    return Shown(tuple(sorted(values, key=lambda value: max(day or "" for day in value.published), reverse=True)), beside)


def _value(group: Group, citer: Citer) -> Value:
    """A value with each source that gives it, the best first."""
    sources: dict[str, Given] = {}
    for item in group.members:
        if item is group.best or item.margin > _SURE:
            sources.setdefault(item.passage.source, item)
    given = list(sources.values())[:_SOURCES]
    return Value(
        value=plain(group.best.text),
        citations=tuple(citer.cite(item.passage, item.sentence.start, item.sentence.end) for item in given),
        labels=tuple(item.passage.label for item in given),
        published=tuple(item.passage.published for item in given),
    )


def _is_foreign(item: Given, own: set[str]) -> bool:
    """Whether an answer is another source's, of the kind that is asked for, and not of a version that was replaced."""
    return item.passage.source not in own and item.of_kind and item.passage.superseded is None


def _add(item: Given, groups: list[Group], kind: Kind) -> None:
    """Put a value to the group that says the same, or to a new one."""
    for place, group in enumerate(groups):
        if _is_same(group.best, item, kind):
            groups[place] = Group(members=(*group.members, item), score=group.score)
            return
    groups.append(Group(members=(item,), score=item.score))


def _among(group: Group, groups: Sequence[Group], kind: Kind) -> bool:
    return any(_is_same(group.best, other.best, kind) for other in groups)


def _is_same(one: Given, other: Given, kind: Kind) -> bool:
    """Whether two values are equal, or values of one size or time that do not contradict each other."""
    if one.key == other.key:
        return True
    values = [interval(kind, item.text, published=item.passage.published) for item in (one, other)]
    return None not in values and may_be_one(*values) and not contradict(*values)


def _is_heard(group: Group, best: Group) -> bool:
    return _score(group) > _score(best) - _CONTRARY and max(item.margin for item in group.members) > _SURE


def _score(group: Group) -> float:
    """Of the likeliest member; how many articles agree is another matter."""
    return max(item.score for item in group.members)


def _contradicts(kind: Kind, one: Given, other: Given) -> bool:
    values = [interval(kind, item.text, published=item.passage.published) for item in (one, other)]
    return contradict(*values) and may_be_one(*values)
