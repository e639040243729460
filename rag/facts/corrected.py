"""What a newspaper's correction puts right: the value that was wrong, and the one in its place.

By patterns, in English, over dates, lengths of time and numbers. Only sentences that take something back are read: "36, not 46" may
as well be a score.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from itertools import pairwise
from typing import NamedTuple

from rag.facts.values import Value, dates, durations, numbers

_ADVERB = r"(?:wrongly|incorrectly|mistakenly|erroneously|mis) ?(?:stated|reported|said|gave|given|put|identified)"
_VERSION = r"(?:earlier|previous|original|first) (?:version|report|article|story)"
_TAKES_BACK = re.compile(
    rf"\bcorrect(?:ion|ions|ed)\b|\bclarif|\b{_ADVERB}\b|\b(?:an?|the|our) {_VERSION}\b|\bwe (?:regret|apologi[sz]e)\b"
    r"|\ban? (?:report|article|story) (?:that )?we (?:published|ran)\b|\bshould have (?:been|said|read)\b|\b(?:an|the|our) error\b",
    re.I,
)
_EARLIER = re.compile(rf"\bwe regret\b|\b{_VERSION}\b|\bwe (?:wrote|reported|said|gave|stated|published|put|ran)\b|\b{_ADVERB}\b", re.I)
_IN_TRUTH = re.compile(
    r"\b(?:right|correct|actual|true|proper) (?:number|figure|date|year|amount|sum|total|count|one|day|age|price)?\b"
    r".{0,60}\b(?:is|was|are|were)\b"
    r"|^(?:It|They|The \w+(?: \w+)?|There) (?:is|was|are|were|in fact|actually|should have)\b|\b(?:in fact|actually|should have)\b",
    re.I,
)
_NOT = re.compile(r",? ?(?:and |but )?(?:not|rather than|instead of)(?: (?:the|in|on|at|about|as|by|for|an?|\w+ly))*\s*", re.I)
_NOT_BUT = re.compile(r",? but(?: (?:rather|in|on|at|about|the|an?))*\s*", re.I)
_NOT_BEFORE = re.compile(r"\bnot(?: \w+)?\s*$")
_TO = re.compile(r"(?: \w+)? to(?: (?:the|an?))?\s*", re.I)
_CHANGED = re.compile(r"\b(?:corrected|changed|amended|revised|updated)\b.{0,60}\bfrom\b", re.I)
_KINDS: tuple[Callable[[str], list[Value]], ...] = (dates, durations, numbers)


class PutRight(NamedTuple):
    """A value that was taken back."""

    wrong: Value
    right: Value
    told: int
    """The sentence that `wrong` stands in, by its place among those given; offsets are of their sentence."""
    sentence: int
    """The sentence that `right` stands in: the same, or the one after it."""


def takes_back(text: str) -> bool:
    """Whether a text takes back something that was published."""
    return bool(_TAKES_BACK.search(text))


def put_right(sentences: Sequence[str]) -> list[PutRight]:
    """What the sentences of a correction put right, in their order.

    >>> [(one.wrong.text, one.right.text) for one in put_right(["An earlier version gave the toll as 46.", "The right number is 36."])]
    [('46', '36')]
    """
    found = [one for at, sentence in enumerate(sentences) for one in _within(sentence, at)]
    found += [one for at, (told, after) in enumerate(pairwise(sentences), start=1) for one in _after(told, after, at)]
    return sorted(found, key=lambda one: one.sentence)


def _within(sentence: str, at: int) -> Iterator[PutRight]:
    """In one sentence: "36, not 46", "not 46 but 36", "from 46 to 36"."""
    for values in (kind(sentence) for kind in _KINDS):
        for first, second in pairwise(values):
            between, before = sentence[first.end : second.start], sentence[: first.start]
            is_turned = _NOT_BUT.fullmatch(between) and _NOT_BEFORE.search(before)
            if first.key == second.key:
                continue
            if _NOT.fullmatch(between):
                yield PutRight(second, first, at, at)
            elif is_turned or (_TO.fullmatch(between) and _CHANGED.search(before)):
                yield PutRight(first, second, at, at)


def _after(told: str, after: str, at: int) -> Iterator[PutRight]:
    """In two: "We gave the number as 46. The right one is 36."."""
    if not (_EARLIER.search(told) and _IN_TRUTH.search(after)):
        return
    for wrong, right in ((kind(told), kind(after)) for kind in _KINDS):
        if len(right) == 1 and wrong and right[0].key not in {value.key for value in wrong}:
            yield PutRight(wrong[-1], right[0], at - 1, at)
