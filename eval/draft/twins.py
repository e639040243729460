"""Questions like others, of a name or a year that the articles do not hold: the right answer is that there is none."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from hashlib import sha256
from typing import NamedTuple

from rag.drafting.questions import ORGANISED

_PLACES = tuple(
    "Velmora Ostrevik Caldrune Quellan Bresmore Hadrik Sorvane Draxholm Penwarrow Tavolny Ormesk Luskara Fendrel Morvath".split()
)
_PEOPLE = ("Tobin Aldercott", "Maren Skoglive", "Idris Valbrook", "Petra Oskanen", "Callum Thrace", "Nadia Westerholt", "Joren Amsfield")
_YEARS = tuple(str(year) for year in range(1931, 1990, 7))
_WORD = r"[A-ZÀ-Þ][\w-]+"
_END = r"(?=\?|,| (?!for |of |and )[a-z])"
_PLACE = re.compile(rf"\b(?:in|near|from) ({_WORD}(?: {_WORD})?){_END}")
_HEAD = (
    "Association|Institute|Center|Centre|Agency|University|Foundation|Museum|Bank|Commission|Club|Council|Society|Party|Hospital|College"
)
_BODY = re.compile(rf"\b(?:of|at) (?:the )?({_WORD})(?: {_WORD})* (?:{_HEAD}){_END}")
_PERSON = re.compile(rf"\b(?:did|was|will) ({_WORD} {_WORD})(?= [a-z])")
_YEAR = re.compile(r"\b((?:19|20)\d\d)\b")
_OF = re.compile(rf"\b(?:of|to) ({_WORD})(?=\?)")
_RULES = ((_PLACE, _PLACES), (_BODY, _PLACES), (_PERSON, _PEOPLE), (_YEAR, _YEARS), (_OF, _PLACES))
_CALENDAR = re.compile(r"(?:Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)|\w+day\b")


class _Place(NamedTuple):
    """Where a question can be changed, and for what."""

    start: int
    end: int
    choices: tuple[str, ...]


def twin_of(question: str, is_absent: Callable[[str], bool]) -> str | None:
    """The question with one name or year changed for one that is absent from the articles; None where nothing can be changed.

    Args:
        question: that the articles answer.
        is_absent: whether no article mentions a name or a year.
    """
    first = int(sha256(question.encode()).hexdigest(), 16)
    for start, end, choices in _places(question):
        ordered = (choices[(first + step) % len(choices)] for step in range(len(choices)))
        other = next((choice for choice in ordered if choice not in question and is_absent(choice)), None)
        if other is not None:
            return question[:start] + other + question[end:]
    return None


def _places(question: str) -> Iterator[_Place]:
    """Where the question can be changed: a place, a body's first word, a person, a year; the most telling first."""
    for pattern, choices in _RULES:
        for found in pattern.finditer(question):
            is_person = pattern is _PERSON
            if not _CALENDAR.match(found[1]) and not (is_person and ORGANISED & set(found[1].split())):
                yield _Place(*found.span(1), choices)
