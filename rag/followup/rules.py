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
from rag.facts.date_words import Day, days
from rag.followup.context import leans, with_topic
from rag.followup.subjects import direct_object_of, object_of, person_in, place_in, subject_of, topic_of
from rag.types import Turn

MOST_LETTERS = 400
"""Code points of a rewritten question; a longer one is not taken from a model."""
_FRAGMENT = re.compile(
    r"^(?:(?:and|but|ok(?:ay)?|so|then),? )*(?:what|how) about (?P<about>[^?]+?)\??$"
    r"|^(?:and|but),? (?P<and>(?!(?:what|when|who|why|how|where|which|did|do|does|is|are|was|were|has|have|will|can|i|you|we|he|she|it|they"
    r"|there)\b)[^?]+?)\??$",
    re.I,
)
_BARE = re.compile(
    r"^(?:(?:and|but|so|then),? )*(?P<ask>why(?: not)?|when|where|who|how(?: many| much| long| often)?|since when|until when)\s*\??$", re.I
)
_AUXILIARY = r"(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should)"
_ASKS = re.compile(rf"^(?:why|when|where|who|what|which|how)\b.*?(?=\b{_AUXILIARY}\b)", re.I)
_OPENER = re.compile(r"^(?:and|but|so|ok(?:ay)?),? (?=\w+ )", re.I)
_HE = re.compile(r"\b(?:he|she|him|his|her|hers)\b", re.I)
_IT = re.compile(
    r"\b(?:it|its|they|them|their|theirs)\b(?! (?:(?:is|was|be) )?(?:not )?"
    r"(?:true|possible|likely|known|said|clear|easy|hard|better|best|necessary|safe|legal|allowed|make sense|makes sense|there)\b)",
    re.I,
)
_NAMED = re.compile(r"(?<!^)(?<![.?!] )\b(?!I\b)[A-Z]|^[A-Z][\w’'-]+ [A-Z]")
_OWN = re.compile(
    rf"\b(?i:the|an?|this|these|those|my|your|our|which|whose) \w|{_NAMED.pattern}"
    rf"|^(?!(?i:and|but|so|then|ok|okay|what|when|who|whose|why|how|where|which|{_AUXILIARY})\b)[\w’'-]+,? \w"
)
"""What a pronoun behind it may stand for: a thing, a name, the subject of words that do not begin as a question."""
_SAID = re.compile(r"\w[.?!] ")
"""An earlier sentence, which says what a pronoun stands for."""
_LAST = re.compile(r"\s*(?:[?.,!;]|$|(?:of|in|on|at|from|for|to|by|with|after|before|since|until|during|over|about|again|then)\b)")
"""What follows a pronoun that is an object."""
_SHUT = "\u02bd"
"""A letter that is put into a word so that no pattern finds it."""
_THERE = re.compile(
    r"(?<!is )(?<!are )(?<!was )(?<!were )(?<!will )(?<!be )\bthere\b"
    r"(?! (?:is|are|was|were|will|would|can|could|may|might|must|has|have|had|be|any|a|an|been|in|at|on|from)\b)",
    re.I,
)
_THEN = re.compile(
    r"(?P<before>\b(?:since|until|before|after|from|by) )?\b(?:back then|at (?:that|the) time"
    r"|(?:in|during) (?:that|the same) (?:year|month|week)|on that day|that (?:year|month|day)|then)\b(?![,-])",
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
    if not _points_back(question):
        return with_topic(question, last) if leans(question) else question
    made = _capital(_with_pronouns(_OPENER.sub("", question), last, answer))
    return with_topic(question, last) if made == question else made


def _points_back(question: str) -> bool:
    return any(pattern.search(_own_shut(question)) for pattern in (_HE, _IT, _THERE, _THEN))


def _own_shut(question: str) -> str:
    """The question with those pronouns shut that stand for something in it: "Does the prince have his own income?"."""

    def shut(match: re.Match[str]) -> str:
        return f"{match.group()[0]}{_SHUT}{match.group()[1:]}" if _is_own(match) else match.group()

    return _IT.sub(shut, _HE.sub(shut, question))


def _is_own(pronoun: re.Match[str]) -> bool:
    """Whether a pronoun stands for something in the question itself; an object does only where an earlier sentence or a name is there."""
    before = pronoun.string[: pronoun.start()]
    if _SAID.search(before) or not _OWN.search(before):
        return bool(_SAID.search(before))
    is_object = _LAST.match(pronoun.string, pronoun.end())
    return not is_object or bool(_HE.fullmatch(pronoun.group()) and _NAMED.search(before))


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
    question = _own_shut(question)
    person = person_in(last, answer)
    place = place_in(last) or place_in(answer) or topic_of(last)
    subject = subject_of(last)
    if subject == person and _HE.search(question):
        subject = object_of(last)
    when = [*days(last), *days(answer)]
    if when:
        question = _THEN.sub(lambda match: _when(match["before"], when[0]), question)
    if place:
        question = _THERE.sub(lambda _: f"in {place}", question)
    if person:
        question = _HE.sub(lambda match: _for(match.group(), person), question)
    if subject:
        question = _IT.sub(lambda match: _for(match.group(), _meant(match, subject, last)), question, count=1)
    return question.replace(_SHUT, "")


def _meant(pronoun: re.Match[str], subject: str, last: str) -> str:
    """What a pronoun stands for: as an object for that of the last question, if that has one, else for its subject."""
    is_object = pronoun.start() and _LAST.match(pronoun.string, pronoun.end())
    return (direct_object_of(last) if is_object else "") or subject


def _when(before: str | None, when: Day) -> str:
    return (before or ("in " if when.day is None else "on ")) + when.text


def _for(pronoun: str, name: str) -> str:
    """A name in place of a pronoun, with a genitive where that has one; "her" is taken for one."""
    if pronoun.lower() not in _OWNED:
        return name
    return f"{name}’" if name.endswith("s") else f"{name}’s"


def _capital(words: str) -> str:
    return words[:1].upper() + words[1:]
