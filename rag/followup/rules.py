"""A question that only makes sense after earlier ones, made into one that stands alone: by rules, or by a language model.

The rules carry what the last question was about: its names and its time. They leave a question as it is where they see nothing
that points back. English. What was searched in place of a question is shown to the user (`Answer.rewritten`).

>>> by_rules("And Niger?", [Turn(question="When did French troops leave Mali?", answer="In August 2022.")])
'When did French troops leave Niger?'
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from index.terms import stems
from rag.facts.dated import Day, days
from rag.followup.subjects import object_of, person_in, place_in, subject_of, topic_of
from rag.types import Turn

MOST_LETTERS = 400
"""Code points of a rewritten question; a longer one is not taken from a model."""
_FRAGMENT = re.compile(
    r"^(?:(?:and|but|ok(?:ay)?|so),? )*(?:what|how) about (?P<about>.+?)\??$"
    r"|^(?:and|but),? (?P<and>(?!(?:what|when|who|why|how|where|which|did|do|does|is|are|was|were|has|have|will|can)\b).+?)\??$",
    re.I,
)
_BARE = re.compile(
    r"^(?:(?:and|but|so|then),? )*(?P<ask>why(?: not)?|when|where|who|how(?: many| much| long| often)?|since when|until when)\s*\??$", re.I
)
_AUXILIARY = r"(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should)"
_ASKS = re.compile(rf"^(?:why|when|where|who|what|which|how)\b.*?(?=\b{_AUXILIARY}\b)", re.I)
_OPENER = re.compile(r"^(?:and|but|so|ok(?:ay)?),? (?=\w+ )", re.I)
_HE = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.I)
_IT = re.compile(r"\b(?:it|its|they|them|their|theirs)\b(?! (?:(?:is|was) )?(?:true|possible|likely|known|said|clear)\b)", re.I)
_THERE = re.compile(r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!will )(?<!be )\bthere\b(?! (?:is|are|was|were|be|any|a|an|been)\b)", re.I)
_THEN = re.compile(
    r"(?P<before>\b(?:since|until|before|after|from|by) )?\b(?:back then|at (?:that|the) time"
    r"|(?:in|during) (?:that|the same) (?:year|month|week)|on that day|that (?:year|month|day)|then)\b(?!,)",
    re.I,
)
_OWNED = {"his", "her", "its", "their", "theirs", "hers"}
_PREPOSED = re.compile(r"^(?:in|on|at|from|since|until|before|after|during|by|for|to)\b", re.I)


def by_rules(question: str, history: Sequence[Turn]) -> str:
    """The question as one that stands alone; as it is where nothing in it points back.

    Args:
        question: in plain words.
        history: earlier turns, oldest first.
    """
    last, answer = "", ""
    for turn in history:
        last, answer = _rewritten(turn.question, last, answer), turn.answer
    return _rewritten(question, last, answer)


def _rewritten(question: str, last: str, answer: str) -> str:
    question = " ".join(question.split())
    if not last or not question:
        return question
    bare = _BARE.match(question)
    if bare:
        return _asked_anew(bare["ask"], last)
    fragment = _FRAGMENT.match(question)
    if fragment:
        return _with_part(last, _with_pronouns((fragment["about"] or fragment["and"]).strip(" ?"), last, answer))
    return _capital(_with_pronouns(_OPENER.sub("", question), last, answer)) if _points_back(question) else question


def _points_back(question: str) -> bool:
    return any(pattern.search(question) for pattern in (_HE, _IT, _THERE, _THEN))


def _asked_anew(ask: str, last: str) -> str:
    """A question word alone: "Why?" after "When did they leave Mali?" is "Why did they leave Mali?"."""
    body = _ASKS.sub("", last, count=1) if _ASKS.match(last) else last
    if re.match(rf"{_AUXILIARY}\b", body, re.I) and ask.lower() != "who":
        return f"{_capital(ask)} {body[0].lower()}{body[1:]}"
    return f"{last} {_capital(ask)}?"


def _with_part(last: str, part: str) -> str:
    """The last question with a part of it replaced: what shares a word with the new part, its time, or its last name."""
    dated, old = days(part), days(last)
    if dated and old and _PREPOSED.match(part):
        head = re.sub(r"\b(?:in|on|at|from|since|until|before|after|during|by) $", "", last[: old[-1].start])
        return f"{head}{part}{last[old[-1].start + len(old[-1].text) :]}"
    if dated and old:
        return f"{last[: old[-1].start]}{dated[-1].text}{last[old[-1].start + len(old[-1].text) :]}"
    if dated:
        when = part if _PREPOSED.match(part) else f"in {part}"
        return f"{last.rstrip('?. ')} {when}?"
    bare = _PREPOSED.sub("", part).strip()
    alike = _phrase_like(last, bare)
    name = alike or topic_of(last)
    if not name:
        return f"{last.rstrip('?. ')}: {part}?"
    if _PREPOSED.match(part) and not alike:
        before = re.search(rf"\b(?:in|on|at|from|for|to|of) (?:the )?{re.escape(name)}", last)
        return last.replace(before.group(), part, 1) if before else f"{last.rstrip('?. ')} {part}?"
    return last.replace(name, bare, 1)


def _phrase_like(last: str, part: str) -> str:
    """The words of a question that stand where a part that shares its last word with them would: "French troops"."""
    head = part.split()[-1] if part.split() else ""
    match = re.search(rf"\b(?:the |a |an )?(?:[A-Z][\w’'-]* |\w+(?:an|ish|ese|ch) )*{re.escape(head)}\b", last) if head else None
    return match.group() if match and stems(head) and match.group() != part else ""


def _with_pronouns(question: str, last: str, answer: str) -> str:
    """The question with what its pronouns stand for."""
    person = person_in(last, answer)
    place = place_in(last) or place_in(answer) or topic_of(last)
    subject = subject_of(last) or topic_of(last)
    if subject == person and _HE.search(question):
        subject = object_of(last)
    when = [*days(last), *days(answer)]
    if when:
        question = _THEN.sub(lambda match: _when(match["before"], when[0]), question)
    if place:
        question = _THERE.sub(lambda _: f"in {place}", question)
    if person:
        question = _HE.sub(lambda match: _for(match.group(), person), question)
    return _IT.sub(lambda match: _for(match.group(), subject), question, count=1) if subject else question


def _when(before: str | None, when: Day) -> str:
    return (before or ("in " if when.day is None else "on ")) + when.text


def _for(pronoun: str, name: str) -> str:
    """A name in place of a pronoun, with a genitive where that has one; "her" is taken for one."""
    if pronoun.lower() not in _OWNED:
        return name
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
