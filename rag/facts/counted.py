"""What a number in a sentence counts: one of the words after it, or of those before it in "put the number of trucks at 40".

>>> counted("Hawa counted about 40 trucks at the gate.", 13, 21)
['trucks']
>>> counted("He put the instructors among them at 400.", 37, 40)
['put', 'instructors', 'among']
"""

from __future__ import annotations

import itertools
import re

from index.terms import STOP_WORDS, stems

_ASKED = re.compile(r"\bhow (?:many|much) (?P<what>(?:[\w’'-]+ ?){1,4})", re.I)
_WORD = re.compile(r"(?: |-)((?!\d)[^\W_][\w’'-]*)")
_NUMBER_WORD = re.compile(r"[ -]?(?:hundred|thousand|million|billion|trillion|bn|m|dozen)\b", re.I)
_LEADS = re.compile(
    r"(?P<what>(?:[\w’'-]+ ){1,5})(?:at|to|numbered|numbering|totalled|totaled|totalling|totaling|reached|is|are|was|were|of)"
    r"(?: (?:about|around|some|roughly|nearly|almost|over|more than|at least|up to|approximately|an estimated))? $",
    re.I,
)
_PLURAL = re.compile(r"[^s]s$|^(?:people|men|women|children|police|cattle|sheep|fish|aircraft|\w+(?:men|women|folk))$", re.I)
_MEASURES = frozenset(
    stems(
        "second minute hour day week month quarter year decade time inch foot feet yard mile metre meter kilometre kilometer acre hectare "
        "degree gram kilo kilogram pound ton tonne litre liter gallon barrel dollar euro franc cent point percent percentage number money"
    )
)
_MOST = 3
"""Words after a number that name what it counts."""


def asked_to_count(question: str) -> str:
    """The noun that a question wants counted: the first plural. Empty where there is none, or it is a measure, as in "how many miles".

    >>> asked_to_count("How many armoured vehicles did they see?")
    'vehicles'
    """
    match = _ASKED.search(question)
    asked = _until_stop(match["what"].split()) if match else []
    noun = next((word for word in asked if _PLURAL.search(word)), "")
    return "" if noun and stems(noun)[0] in _MEASURES else noun


def counted(sentence: str, start: int, end: int) -> list[str]:
    """The words of which one says what a number counts; none where nothing beside it does.

    Args:
        sentence: where it stands.
        start: its first letter, hedges included.
        end: one past its last.
    """
    unit = _NUMBER_WORD.match(sentence, end)
    place, following = unit.end() if unit else end, list[str]()
    while len(following) < _MOST and (word := _WORD.match(sentence, place)):
        following.append(word[1])
        place = word.end()
    if behind := _until_stop(following):
        return behind
    before = _LEADS.search(sentence[:start])
    return [word for word in before["what"].split() if word.lower() not in STOP_WORDS] if before else []


def _until_stop(words: list[str]) -> list[str]:
    """The words before the first that is too common to name anything."""
    return list(itertools.takewhile(lambda word: word.lower() not in STOP_WORDS, words))
