"""What a question is about, for the next one to point back to: its subject, its last name, its place, and who is meant.

English, by patterns over the question's words.
"""

from __future__ import annotations

import itertools
import re

from rag.facts.date_words import days
from rag.facts.values import names

_AUXILIARY = r"(?:did|do|does|is|are|was|were|has|have|had|will|would|can|could|should)"
_SUBJECT = re.compile(
    rf"\b(?P<aux>(?i:{_AUXILIARY})) (?P<subject>(?!I\b)(?:(?:the|a|an|this|these)\b|[A-Z][\w’'-]*)(?: [\w’'-]+)*?)"
    r"(?= (?:of|in|on|at|from|for|to|by|with|after|before|since|until|during|over|under|about|between|because)\b|[?.!,]|$)"
)
_PLACE = re.compile(r"\b(?:in|at|from|to|near|of) (?:the )?(?P<place>[A-ZÀ-Þ][\w’'-]*(?: [A-ZÀ-Þ][\w’'-]*)*)")
_DOES = re.compile(r"(?:did|do|does|will|would|can|could|should)", re.I)
_CLAUSE = re.compile(r" (?:that|which|who|whose|the|a|an|any|some|his|her|its|their|only|also|ever|still|already|really|finally)\b.*")
"""What follows a subject or its verb."""
_PREDICATED = re.compile(rf"(?:why|when|how|{_AUXILIARY})\b", re.I)
"""Openings of a question that says something of its subject: "Why was the tram late?", unlike "What is the tram line?"."""
_VERBS = frozenset(
    "have make get take give use pay cost cause help need mean happen work want say go come become begin start end open close leave die "
    "win lose buy sell run lead hold keep hit reach rise fall cut sign build find show offer include affect change receive".split()
)
_ROLES = re.compile(r"^(?:Mayor|President|Minister|Prime Minister|Governor|Senator|Judge|Captain|General|Dr|Mr|Mrs|Ms|Sir) ")
_GROUPS = re.compile(
    r"\b(?:Council|Ministry|Board|Party|Union|Nations|Court|Bank|University|Museum|Port|River|Lake|Mount|Street|Company|States)\b"
)
_ASKING = re.compile(rf"^(?:{_AUXILIARY}|who|what|when|where|why|which|how) ", re.I)


def subject_of(question: str) -> str:
    """The subject of a question, with its article; empty where none is seen.

    >>> subject_of("When will the second tram line open?"), subject_of("Who is the director of the museum?")
    ('the second tram line', 'the director')
    """
    match = _SUBJECT.search(question)
    if match is None:
        return ""
    head, *rest = match["subject"].split(" ", 1)
    tokens = [head, *_CLAUSE.sub("", f" {rest[0]}").split()] if rest else [head]
    if tokens[0][0].isupper():
        return _named_subject(tokens, has_verb=bool(_DOES.fullmatch(match["aux"])))
    behind = question[match.end() :]
    has_verb = _DOES.fullmatch(match["aux"]) or re.search(r"(?:ed|en|ing)$", tokens[-1])
    if has_verb:
        tokens = _without_verb(tokens)
    elif len(tokens) > 2 and not behind.strip(" ?.!") and _PREDICATED.match(question):
        tokens = tokens[:-1]
    if not _DOES.fullmatch(match["aux"]) and behind.startswith(" of "):
        of = re.match(r" of (?:the |a )?[\w’'-]+(?: [A-Z][\w’'-]*)*", behind)
        return " ".join(tokens) + (of.group() if of and "Who" not in question[:4] else "")
    return " ".join(tokens)


def _without_verb(tokens: list[str]) -> list[str]:
    """A subject that ends before the first verb that we know, else before the last word, unless that is a name."""
    verb = next((place for place, token in enumerate(tokens) if place > 1 and token in _VERBS), None)
    if verb is not None:
        return tokens[:verb]
    return tokens[:-1] if len(tokens) > 1 and not tokens[-1][0].isupper() else tokens


def _named_subject(tokens: list[str], *, has_verb: bool) -> str:
    """The subject that begins with a name: "French troops" of "French troops leave Mali"."""
    capital = list(itertools.takewhile(lambda token: token[0].isupper(), tokens))
    common = list(itertools.takewhile(lambda token: not token[0].isupper() and token not in ("the", "a", "an"), tokens[len(capital) :]))
    return " ".join([*capital, *(common[:-1] if has_verb else [])])


def direct_object_of(question: str) -> str:
    """The thing with an article right behind a question's subject and verb; empty without one.

    >>> direct_object_of("Why did the council close the harbour?"), direct_object_of("When did the harbour reopen after the storm?")
    ('the harbour', '')
    """
    match = re.search(rf"{re.escape(subject_of(question))} [\w’'-]+ (?P<object>(?:the|an?) [\w’'-]+(?: [A-Z][\w’'-]*)*)", question)
    return match["object"] if match else ""


def object_of(question: str) -> str:
    """The last thing with an article in a question; empty without one.

    >>> object_of("Did Oskar Lindqvist close the museum?")
    'the museum'
    """
    found = re.findall(r"\b(?:the|a|an) [\w’'-]+(?: [A-Z][\w’'-]*)*", question)
    return found[-1] if found else ""


def topic_of(question: str) -> str:
    """The last name in a question that is no date; empty without one."""
    dated = {one.text for one in days(question)}
    found = [name for name in _names(question) if name not in dated]
    return found[-1] if found else ""


def place_in(text: str) -> str:
    """The last name behind a preposition of place."""
    dated = " ".join(one.text for one in days(text))
    found = [match["place"] for match in _PLACE.finditer(text) if match["place"] not in dated]
    return found[-1] if found else ""


def person_in(question: str, answer: str) -> str:
    """Who "he" or "she" is: a full name in the question, else in the answer, else the last name of the question."""
    for text in (question, answer):
        for name in _names(text):
            whole = _ROLES.sub("", name)
            if " " in whole and not _GROUPS.search(whole):
                return whole
    return topic_of(question)


def _names(text: str) -> list[str]:
    """The names in a text, without a question's own first word."""
    return [_ASKING.sub("", name.text) for name in names(text) if name.text != "I" and not _ASKING.fullmatch(f"{name.text} ")]
