"""The noun phrases that can speak: where one begins and ends beside a verb, and whom a pronoun stands for.

>>> text = "On Monday Oren Valk, the defence minister, said"
>>> text[slice(*subject_before(text, text.index("said")))]
'Oren Valk'
"""

from __future__ import annotations

import re

from rag.speech import words

_LAST_NAME = re.compile(
    r"(?:\b[Tt]he )?[A-ZÀ-Þ][\w’'-]*(?: (?:of |of the |for |for the )?[A-ZÀ-Þ][\w’'-]*)*$"
    r"|\b(?:the|an?|its|his|her|their|one|two|three|some)(?: (?!(?:the|an?|its|his|her|their)\b)[\w’'-]+){1,6}$"
)
"""The last noun phrase of some words."""
PRONOUN = re.compile(r"(?:he|she|him|her|it|they|them)$", re.I)
_OPENER = re.compile(r"^(?:And|But|So|Or|Then|When|While|As|After|Before|In|On|At|For|With|Mr|Mrs|Ms) ")
_PERSON = re.compile(r"(?:[A-Z][\w’'-]+\.? )*[A-ZÀ-Þ][\w’'-]+ [A-ZÀ-Þ][\w’'-]+")
_PLACE = re.compile(r"\b(?:in|at|from|near|the) $", re.I)
_VERB = rf"(?= (?:{words.FINITE.pattern}|[a-z]+ly|gathered|met|sat|stood|spoke|gave|held|put|set|cut|said|told)\b|,)"
SUBJECT = re.compile(
    rf"(?:The|A|An|Some|Two|Three|Both|Its|Their|His|Her)(?: [\w’'-]+){{1,6}}?{_VERB}"
    rf"|[A-ZÀ-Þ][\w’'-]*(?: [\w’'-]+){{0,5}}?{_VERB}|[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*)*(?= [a-z]+[^s\W]s\b)"
)
"""How a sentence names its subject, up to its verb."""
_TIME_BESIDE = re.compile(rf" {words.TIME}$")
_PEOPLE = {"he": "m", "him": "m", "she": "f", "her": "f"}
_TITLE = re.compile(r"(Mr|Lord|Mrs|Ms|Miss|Lady|Dr|Prof|Captain|Sergeant|General|Colonel|Judge|President|Minister|Mayor)\b\.?")
_GENDERED = ("Mr", "Lord", "Mrs", "Ms", "Miss", "Lady")
_BODY = re.compile(
    r"\b(?:company|firm|bank|corporation|group|ministry|government|council|court|army|navy|force|corps|police|party|union|agency|office|"
    r"committee|commission|board|university|institute|association|foundation|charity|newspaper|report|study|survey|statement|network|junta|"
    r"militia|club|team|watch|watchdog|bureau|department|authority|organi[sz]ation|mission|embassy|parliament|senate|assembly|congress)\b",
    re.I,
)
"""What no "he" or "she" stands for."""
_LONGEST = 14
"""Words that a speaker's name with its title and place may have."""


def subject_before(text: str, end: int) -> tuple[int, int] | None:
    """The noun phrase before the verb that begins at `end`, without an apposition or a clause after a comma."""
    left, negated = _without_auxiliary(text[:end])
    if not left.endswith(" ") or (negated and not words.DENIES.match(text, end)):
        return None
    left = _TIME_BESIDE.sub("", re.sub(r" \([^()]*\)$", "", left.rstrip()))
    if left.endswith((" and", ", who", ", which")):
        return _subject_further_off(left)
    start = _apposed_start(left) if left.endswith(",") else phrase_start(left)
    if start is None:
        return None
    phrase = re.split(r",(?!\d)| who | whose ", left[start:])[0]
    noun = words.NOUNS.match(text, end) and not re.search(r"s\b| and ", phrase)
    return (start, start + len(phrase)) if speaks(phrase) and not noun and not re.search(r"[’']s$", phrase) else None


def _subject_further_off(left: str) -> tuple[int, int] | None:
    """The subject of "Harnow left and said", the name before ", who said"."""
    if left.endswith("and"):
        subject = None if re.search(r"\b(?:who|which|that)\b", left) else SUBJECT.match(left)
    else:
        subject = _LAST_NAME.search(_TIME_BESIDE.sub("", left.rpartition(",")[0]))
    return subject.span() if subject and speaks(subject.group()) else None


def _without_auxiliary(left: str) -> tuple[str, bool]:
    """The words before "has also", "did not" and the like, and whether they deny."""
    auxiliary = words.AUXILIARY.search(left)
    return (left[: auxiliary.start()], bool(words.NEGATED.search(auxiliary.group()))) if auxiliary else (left, False)


def _apposed_start(left: str) -> int | None:
    """Where a name begins that an apposition or a clause between commas follows."""
    segments = list(re.finditer(r"(?:[^,]|,(?=\d))+", left))
    named = (segment for segment in segments[:-1] if not segment.start() or is_person(segment.group()))
    first = next((segment for segment in named if speaks(segment.group().strip())), None)
    if first and not words.FINITE.search(re.sub(r", who[^,]+,", ",", left[first.start() :])):
        return first.end() - len(first.group().lstrip())
    return phrase_start(left[: segments[-1].start() - 1]) if len(segments) > 1 else None


def phrase_start(left: str) -> int:
    """Where the last noun phrase of `left` begins, past clauses and adverbials before it."""
    start = max((match.end() for match in re.finditer(r",(?!\d)|\((?![^()]*\))", left)), default=0)
    start = max([start, *(match.end() for match in words.CLAUSE.finditer(left))])
    joined = left.rfind(" and ", start)
    if joined > 0 and words.FINITE.search(left, start, joined):
        start = joined + len(" and ")
    while lead := words.LEAD.match(left, start):
        start = lead.end()
    return start


def phrase_end(text: str, start: int) -> int:
    """Where the noun phrase that begins at `start` ends."""
    stop = words.STOP.search(text, start)
    return start + len(text[start : stop.start() if stop else len(text)].rstrip())


def speaks(phrase: str) -> bool:
    """Whether a phrase can be somebody who speaks."""
    if phrase != phrase.strip() or len(phrase.split()) > _LONGEST or not re.search(r"[^\W\d_]", phrase) or re.search('["·]', phrase):
        return False
    if words.NOBODY.match(phrase) or words.NO_SPEAKER_END.search(phrase) or words.NO_SPEAKER_START.match(phrase):
        return False
    return not words.FINITE.search(phrase) and not re.search(r"\b(?:which|whom)\b|n[’']t$", phrase)


def person_or_subject(pronoun: str, before: str) -> str | None:
    """Whom a pronoun stands for, in the words of the sentence before; None where that is open."""
    if pronoun.lower() in ("he", "she", "him", "her"):
        people = [match.group() for match in _PERSON.finditer(_OPENER.sub("", before)) if not _PLACE.search(match.string, 0, match.start())]
        return people[0] if len(people) == 1 else None
    subject = SUBJECT.match(before)
    return subject.group() if subject and speaks(subject.group()) and not PRONOUN.match(subject.group()) else None


def bare_name(speaker: str) -> str:
    """A person's name without a description in small letters: "the ranger Ina Pell" is Ina Pell."""
    name = re.search(rf"^(?:the |an? )?[a-z ’'-]+ ({_PERSON.pattern})$", speaker)
    return name[1] if name else speaker


def is_person(phrase: str) -> bool:
    """Whether a phrase holds a first name and a surname."""
    return bool(_PERSON.search(phrase))


def can_be(pronoun: str, name: str, before: str) -> bool:
    """Whether a name can be what a pronoun stands for: he and she are people, and a name alone is one that had a first name before.

    Args:
        pronoun: as written.
        name: a noun phrase.
        before: the text in which it was named.
    """
    if re.search(r"[’']s?$", name) or not speaks(name):
        return False
    if pronoun.lower() not in _PEOPLE:
        return True
    title = _TITLE.match(name)
    if title:
        return (title[1] in ("Mr", "Lord")) == (_PEOPLE[pronoun.lower()] == "m") if title[1] in _GENDERED else True
    if " " not in name:
        return bool(re.search(rf"(?!The )[A-ZÀ-Þ][\w’'-]+ {re.escape(name)}\b(?! [A-Z])", before))
    return is_person(name) or not _BODY.search(name)
