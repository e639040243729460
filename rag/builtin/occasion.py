"""Whether a sentence tells of another occasion than the question asks about: of another year, or of coming where it asks for leaving.

Two things that the reader, which has seen mostly questions that their passage answers, takes too lightly. By words, in English; where a
sentence says nothing of year or way, it passes.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

_YEAR = re.compile(r"(?<![\d.,-])(?:19|20)\d\d(?![\ds]|[.,]\d)")
_SENTENCE = re.compile(r"(?<=[.!?])\s+")
_NAME = r"(?:the )?(?P<name>[A-ZÀ-Þ][\w’'-]*(?: (?:of |the )?[A-ZÀ-Þ][\w’'-]*)*)"
_WORD_BEFORE = r"(?: (?:the|northern|southern|eastern|western|central|north|south|east|west|neighbouring|neighboring|nearby))*\s*$"
_OUT = (
    r"(?:leav\w+|left|quit\w*|exit\w*|depart\w*(?: from)?|with(?:draw\w*|drew)(?: from)?|pull\w* out of|fl(?:ee\w*|ed)(?: from)?"
    r"|evacuat\w+|out of|from)"
)
_IN = (
    r"(?:enter\w*|reach\w*|arriv\w+ (?:in|at)|came (?:in)?to|com(?:e|ing) (?:in)?to|invad\w+|deploy\w* to|return\w* to|land\w* in"
    r"|(?:mov|march|driv|drov|fl|cross)\w* (?:in)?to|into|to|towards?)"
)
_ASKS_OUT = re.compile(rf"\b(?:leave|left|quit|exit|depart(?: from)?|withdraw from|pull out of|flee|evacuate) {_NAME}")
_ASKS_IN = re.compile(rf"\b(?:enter|arrive (?:in|at)|reach|come to|move into|invade|deploy to|cross into) {_NAME}")


def is_another(question: str, sentence: str, around: Iterable[str], published: str | None) -> bool:
    """Whether a sentence is about another year or another way than a question.

    Args:
        question: in plain words.
        sentence: what might answer it.
        around: what else tells the sentence's time: the one before it, the title.
        published: the day of its article.
    """
    return is_other_year(question, [sentence, *around], published) or is_other_way(question, sentence)


def is_other_year(question: str, texts: list[str], published: str | None) -> bool:
    """Whether the first text names years, but neither it nor the others one that the question names, nor did its article appear in one.

    >>> is_other_year("How many fell ill in 2023?", ["In March 2022 at least 500 fell ill."], "2025-06-07")
    True
    """
    asked = set(_YEAR.findall(_SENTENCE.split(question.strip())[-1]))  # what goes before only leads up to it
    if not asked or not _YEAR.search(texts[0]):
        return False
    return not asked & {*_YEAR.findall(" ".join(texts)), (published or "")[:4]}


def is_other_way(question: str, sentence: str) -> bool:
    """Whether a question asks who left a place and the sentence only has somebody go there, or the other way round.

    >>> is_other_way("When did the troops leave Niger?", "On 15 August the last convoy crossed the border into Niger.")
    True
    """
    for asks, contrary, same in ((_ASKS_OUT, _IN, _OUT), (_ASKS_IN, _OUT, _IN)):
        match = asks.search(question)
        if match:
            before = [sentence[: found.start()] for found in re.finditer(rf"\b{re.escape(match['name'])}\b", sentence)]
            return bool(before) and all(_ends(text, contrary) and not _ends(text, same) for text in before)
    return False


def _ends(text: str, words: str) -> bool:
    return bool(re.search(rf"\b{words}{_WORD_BEFORE}", text, re.I))
