"""A sentence as subject, verb and rest, where it is simple enough to be turned round; most sentences of news are not."""

from __future__ import annotations

import re
from dataclasses import dataclass

from rag.drafting.verbs import AUXILIARIES, BASES, SPEECH
from rag.facts.values import dates, numbers

_WORDS = (5, 40)
"""Words that a sentence may have."""
_NOT_PLAIN = re.compile(r"[“”‘\"()\[\]?!:;…–—/\n]|--| - |\.\.\.|%\d\d|\b\w{1,3}\.$|\.\w\.$|\b(?:I|we|you|our|us|your|my)\b", re.I)
_INTRODUCED = re.compile(r"^(?:In|On) (?:the )?")
_ASIDE = re.compile(r"^([^,]+), [^,]+, (?=([a-z]+) )")
_UNCLEAR = frozenset(
    """he she it they his her its their him them this these that those there here who which what when where while because although as if
    since after before but so yet both each many most other others another such same also then earlier later meanwhile however
    instead""".split()
)
"""Words that point outside the sentence, or begin a clause of their own."""
_PREPOSITIONS = frozenset(
    """in on at by from with for to of during under over among between despite following including like near against into through without
    until and or nor not than about amid""".split()
)
_TRAILING = re.compile(
    r",? (?:(?:on |late on |early on |by )?(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day(?: (?:morning|afternoon|evening|night))?"
    r"|(?:last|this|next|earlier this|later this) (?:week|month|year|summer|winter|autumn|spring|morning|night)"
    r"|yesterday|today|tomorrow|recently|so far|overnight|(?:a|an|two|three|\d+) (?:day|week|month|year)s? (?:ago|earlier|later))$"
)


_OPEN_LIST = re.compile(r"\band (?:[a-z]+ )?[A-ZÀ-Þ][^ ]*(?: [A-ZÀ-Þ][^ ]*)*$")


@dataclass(frozen=True, kw_only=True, slots=True)
class Clause:
    """A plain main clause: `subject verb rest`."""

    subject: str
    verb: str
    """One word: a past form, or an auxiliary."""
    rest: str
    """What follows up to the end of the clause, without words for a time that only its day explains."""
    introduced: str = ""
    """A date before the subject: "In August 2022, …"."""


def clause_of(sentence: str) -> Clause | None:
    """The main clause of a sentence; None where it is not plain enough.

    >>> clause_of("The second tram line will open in June 2026, a year later than planned.")
    Clause(subject='The second tram line', verb='will', rest='open in June 2026', introduced='')
    """
    text = " ".join(sentence.split())
    if not _WORDS[0] <= len(text.split()) <= _WORDS[1] or not text.endswith(".") or _NOT_PLAIN.search(text):
        return None
    introduced, text = _introduced(text.removesuffix("."))
    words = _main(_without_aside(text)).split()
    place = next((place for place, word in enumerate(words) if _is_verb(word)), 0)
    subject, verb, rest = words[:place], words[place] if words else "", words[place + 1 :]
    rest = _until_second_verb(rest)
    if not subject or verb in SPEECH or not _is_subject(subject) or not _is_rest(rest):
        return None
    return Clause(subject=" ".join(subject), verb=verb, rest=" ".join(rest), introduced=introduced)


def _is_verb(word: str) -> bool:
    return word in BASES or word in AUXILIARIES or word in SPEECH


def _introduced(text: str) -> tuple[str, str]:
    """The date that a sentence begins with, and what follows it."""
    before = _INTRODUCED.match(text)
    date = next((date for date in dates(text) if before is not None and date.start <= before.end() <= date.end), None)
    if date is None:
        return "", text
    rest = text[date.end :].lstrip(", ")
    return date.text, rest[:1].upper() + rest[1:] if rest.split(" ")[0] in ("the", "a", "an") else rest


def _without_aside(text: str) -> str:
    """The text without what stands between commas after its subject: "Ina Pell, who leads it, resigned" to "Ina Pell resigned"."""
    aside = _ASIDE.match(text)
    return f"{aside[1]} {text[aside.end() :]}" if aside is not None and _is_verb(aside[2]) and aside[2] not in SPEECH else text


def _main(text: str) -> str:
    """The words before the first comma that is no part of a date, without a time that only its day explains.

    Empty where the comma parts a list, or begins an aside on its last name.
    """
    spans = [(date.start, date.end) for date in dates(text)]
    comma = next((found.start() for found in re.finditer(r",(?= )", text) if not any(a < found.start() < b for a, b in spans)), len(text))
    main = text[:comma]
    if comma < len(text) and _OPEN_LIST.search(main):
        return ""
    while (trailing := _TRAILING.search(main)) is not None:
        main = main[: trailing.start()]
    return main


def _until_second_verb(rest: list[str]) -> list[str]:
    """The rest up to "and" with a verb of its own: "opened in May and closed in June" to "opened in May"."""
    for place, word in enumerate(rest[:-1]):
        if word == "and" and _is_verb(rest[place + 1]):
            return rest[:place]
    return rest


def _is_subject(words: list[str]) -> bool:
    """Whether words are a noun with what belongs to it, and stand for themselves."""
    lower = [word.lower() for word in words]
    if lower[0] in ("the", "a", "an") and not any(word[0].isupper() for word in words[1:]):
        return False  # "the company" is another one in the next article
    if lower[0].endswith("ing"):
        return False
    is_counted = any(number.start == 0 for number in numbers(" ".join(words)))  # "about forty boats"
    if len(words) > 9 or (lower[0] in _PREPOSITIONS and not is_counted) or lower[-1] in _PREPOSITIONS or _UNCLEAR & set(lower):
        return False
    return not any(word.islower() and word.endswith(("ed", "ing", "ly")) for word in words) and not SPEECH & set(lower)


def _is_rest(words: list[str]) -> bool:
    """Whether what follows the verb has no clause of its own and points to nothing outside."""
    lower = {word.lower() for word in words}
    plain = not (_UNCLEAR | SPEECH | AUXILIARIES) & lower and not any(word in BASES for word in words[1:])
    return plain and (not words or words[-1].lower() not in _PREPOSITIONS | {"the", "a", "an"})
