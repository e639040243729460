"""A sentence as questions with their answers: when, how long, how many, how much, who did it, who holds an office."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from typing import NamedTuple

from rag.drafting.clauses import Clause, clause_of
from rag.drafting.verbs import AUXILIARIES, BASES, PARTICIPLES
from rag.facts.values import Value, dates, durations, names, numbers

_LONGEST = 20
"""Words of a question."""
_PLURAL = re.compile(
    r"(?!(?:of|in|per|to|more|out|from|at|on|a|the)\b)"
    r"((?:[a-z][\w-]+ ){0,2}?(?:people|men|women|children|troops|police|[a-z]{2,}[^s\W]s))\b"
)
_NAME = r"[A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){1,2}"
_BODY = r"[A-ZÀ-Þ][\w’'-]+(?: (?:of |for |and )?[A-ZÀ-Þ][\w’'-]+)*"
_OFFICE = (
    r"(?:president|prime minister|chancellor|king|queen|mayor|governor|director|director general|head|leader|chairman|chairwoman|chair|"
    r"chief executive|secretary general|founder|commander|ambassador|captain|manager|head coach|speaker|archbishop|owner|author|"
    r"(?:foreign|defen[cs]e|finance|interior|health|justice|education) (?:minister|secretary))"
)
_HOLDS = re.compile(
    rf"\b({_NAME}), (?:the )?((?!currently |also |now )(?:[a-z-]+ )?{_OFFICE} (?:of|at) (?:the )?{_BODY})(?<! \w\w)(?<! \w\w\w)[,.]"
)
ORGANISED = frozenset(
    """Group Bank Ministry Council Union United University Company Party Police Army Agency Court Times Post News States Nations Kingdom
    House City Club Inc Ltd Corp Corporation Department Office Service League Committee Republic Airlines Institute School Museum Church
    North South East West New Saint Supreme World National International Federal Royal Association Foundation Parliament Congress
    Senate Trucks Series Hurricane Tropical""".split()
)
"""Words of names that are no person's."""
_AMOUNT = re.compile(
    r"(?:about |around |nearly |almost |over |more than |roughly )?"
    r"(?:[$£€]\S+(?: (?:thousand|million|billion))?|\S+ (?:thousand |million |billion )?(?:dollars|euros|pounds|crowns|francs))"
)
_HEDGE = re.compile(r"^(?:about|around|nearly|almost|over|more than|less than|fewer than|roughly|at least|up to|an estimated) ", re.I)
_FROM_TODAY = re.compile(
    r"\b(?:(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|yesterday|today|ago|(?:this|last|next) (?:week|month|year|season))\b"
)
_WHICH = re.compile(r"\bthe (?:[a-z-]+ ){0,2}[a-z-]+$")
"""An end without a name: "the mission" is another one in the next article."""
_DAY = re.compile(r"\b\d{1,2}\b")
_COMMON = frozenset("the a an in on at but and when for as some after by with from whether will obviously state central then while".split())
_TITLES = r"(?:Mr |Mrs |Ms |Dr |President |Mayor |King |Queen |Prime Minister )?"


class Drafted(NamedTuple):
    """A question and what answers it."""

    question: str
    answers: tuple[str, ...]
    """Accepted spellings, the fullest first."""


def questions_of(sentence: str, article: str = "") -> Iterator[Drafted]:
    """The questions that a sentence answers, those that a reader who does not know it would understand.

    Args:
        sentence: of a news article.
        article: the whole text, which tells a person's first name, and which words are names.
    """
    yield from (drafted for drafted in _all(sentence, article) if _stands_alone(drafted))


def _all(sentence: str, article: str) -> Iterator[Drafted]:
    for held in _HOLDS.finditer(sentence):
        if not ORGANISED & set(held[1].split()):
            yield Drafted(f"Who is the {held[2]}?", _person(held[1]))
    clause = clause_of(sentence)
    if clause is not None:
        clause = replace(clause, subject=_told_in_full(clause.subject, article))
        yield from _when(clause)
        yield from _how_long(clause)
        yield from _how_many_subject(clause)
        yield from _how_many_object(clause)
        yield from _who(clause)


def _told_in_full(subject: str, article: str) -> str:
    """A surname alone with its first name, and a first word in lower case where the article has it so."""
    first, _, rest = subject.partition(" ")
    if not rest and first[0].isupper():
        full = re.search(rf"\b([A-ZÀ-Þ][a-zà-þ]+) (?:[A-ZÀ-Þ]\. )?{re.escape(subject)}\b", article)
        if full is not None and not _is_word(full[1], article):
            return full.group()
    is_common = _number_at(subject.lower()) or (_is_word(first, article) and (first == "A" or not first.isupper()))
    return subject[0].lower() + subject[1:] if is_common else subject


def _is_word(name: str, article: str) -> bool:
    """Whether an article writes a capitalised word in lower case, too, or everybody does."""
    return name.lower() in _COMMON or re.search(rf"\b{re.escape(name.lower())}\b", article) is not None


def _when(clause: Clause) -> Iterator[Drafted]:
    """From "The line opened in June 2026": "When did the line open?"."""
    happened, date = clause.rest, clause.introduced
    if not date:
        last = next((value for value in dates(clause.rest) if value.end == len(clause.rest)), None)
        before = re.fullmatch(r"(.*?) ?\b(?:in|on)(?: the)?", clause.rest[: last.start].rstrip()) if last else None
        if last is None or before is None:
            return
        happened, date = before[1], last.text
    asked = _asked(clause, happened)
    if asked is not None and not dates(happened) and not dates(clause.subject):
        yield Drafted(f"When {asked}?", (date,))


def _how_long(clause: Clause) -> Iterator[Drafted]:
    """From "The strike of Port Ellery lasted for three weeks": "How long did the strike of Port Ellery last?"."""
    last = next((value for value in durations(clause.rest) if value.end == len(clause.rest)), None)
    before = re.fullmatch(r"(.*?) ?\b(?:for|lasted)", f"{clause.verb} {clause.rest[: last.start]}".strip()) if last else None
    if last is None or before is None:
        return
    happened = before[1].removeprefix(clause.verb).strip()
    asked = _asked(clause, happened)
    if asked is not None:
        yield Drafted(f"How long {asked}?", _bare(last.text))


def _asked(clause: Clause, happened: str) -> str | None:
    """The clause with its verb before its subject."""
    subject, verb, first = clause.subject, clause.verb, happened.split(" ")[0]
    if verb not in AUXILIARIES:
        return f"did {subject} {BASES[verb]} {happened}".rstrip()
    if verb == "will" or (first in PARTICIPLES and verb not in ("has", "have", "is", "are")):
        return f"{verb} {subject} {happened}"
    return f"did {subject} have {happened}" if verb == "had" and first and not first.endswith(("ed", "en")) else None


def _how_many_subject(clause: Clause) -> Iterator[Drafted]:
    """From "Forty boats left the harbour of Port Ellery": "How many boats left the harbour of Port Ellery?"."""
    number = _number_at(clause.subject)
    if number is not None and " and " not in clause.subject and _PLURAL.match(clause.subject[number.end :].lstrip()):
        yield Drafted(f"How many {clause.subject[number.end :].strip()} {clause.verb} {clause.rest}{_at(clause)}?", _bare(number.text))


def _how_many_object(clause: Clause) -> Iterator[Drafted]:
    """From "The museum had 84,000 visitors": "How many visitors did the museum have?"."""
    number, verb = _number_at(clause.rest), clause.verb
    does = {"has": "does", "have": "do"}.get(verb, "did")
    base = "have" if verb in ("has", "have", "had") else BASES.get(verb)
    if number is None or base is None:
        return
    rest, does = clause.rest[number.end :].strip(), f"{does} {clause.subject} {base}"
    if verb == "cost" and _AMOUNT.fullmatch(clause.rest):
        yield Drafted(f"How much {does}?", _bare(clause.rest))
        return
    counted = _PLURAL.match(rest)
    if counted is None or rest[counted.end() :].startswith((" and ", " to ")) or _AMOUNT.fullmatch(f"{number.text} {counted[1]}"):
        return
    asked = " ".join(f"How many {counted[1]} {does} {rest[counted.end() :]}".split())
    yield Drafted(f"{asked}{_at(clause)}?", _bare(number.text))


def _who(clause: Clause) -> Iterator[Drafted]:
    """From "Marta Hale restored the whale of Fennick": "Who restored the whale of Fennick?"."""
    named = re.fullmatch(rf"{_TITLES}((?!(?:The|Many|Some|Several|Most|Each|Other|Obviously) |\w+-[a-z]){_NAME})", clause.subject)
    if named is None or _number_at(named[1].lower()) or ORGANISED & set(named[1].split()):
        return
    if clause.verb not in AUXILIARIES and len(clause.rest.split()) > 2:
        yield Drafted(f"Who {clause.verb} {clause.rest}{_at(clause)}?", _person(named[1]))


def _at(clause: Clause) -> str:
    """The date that the sentence begins with, at the end of a question."""
    if not clause.introduced:
        return ""
    return f" {'on' if _DAY.search(clause.introduced) else 'in'} {clause.introduced}"


def _bare(value: str) -> tuple[str, ...]:
    """A value, and the same without "about"."""
    return tuple(dict.fromkeys((value, _HEDGE.sub("", value))))


def _person(name: str) -> tuple[str, ...]:
    """A name, and the surname alone."""
    return name, name.split(" ")[-1]


def _number_at(words: str) -> Value | None:
    """The number that words begin with."""
    return next((value for value in numbers(words) if value.start == 0 and not re.search(r"[$£€%]", value.text)), None)


def _stands_alone(drafted: Drafted) -> bool:
    """Whether a question names what it is about, is not too long, and does not hold its own answer."""
    question = drafted.question.removesuffix("?")
    named = [name for name in names(question) if name.start > 0 and name.text != drafted.answers[0]]
    if not named or _FROM_TODAY.search(question) or _WHICH.search(question) or len(question.split()) > _LONGEST:
        return False
    asked = f" {_plain(question)} "
    return not any(f" {_plain(answer)} " in asked for answer in drafted.answers)


def _plain(words: str) -> str:
    return " ".join(re.findall(r"[\w.,]*\w", words.casefold()))
