"""What a question asks for, read from its words: a date, a number, a person, a list, a yes or no, an explanation.

English only, by rules; it understands no meaning. The rules look at how the question begins and at the noun that follows.

>>> read_question("In which years did the coups take place?").kind, read_question("How many troops left?").focus
('date', ('troop',))
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import Literal

from index.terms import question_stems, stems

Kind = Literal["date", "duration", "number", "person", "name", "polar", "explain", "thing"]

_OPENERS: tuple[tuple[str, Kind], ...] = (
    (r"\b(?:for )?how long\b|\bhow many (?:years|months|weeks|days|hours)\b", "duration"),
    (
        r"\bhow (?:many|much|old|far|high|tall|large|big)\b|\bwhat (?:number|share|percentage|proportion|percent|price|sum)\b"
        r"|^what (?:does|do|did|is|was|were|are) .*(?:\bcosts?\b|\bprices?\b|\bpopulation\b|\bdeath toll\b)",
        "number",
    ),
    (r"\bwhen\b|\b(?:what|which) (?:years?|months?|days?|dates?|time)\b", "date"),
    (r"^(?:who|whom|whose)\b|\b(?:by|to|with|from|of) whom\b", "person"),
    (r"^(?:where)\b", "name"),
    (
        r"^(?:(?:what(?: is|[’']s| are|[’']re)|tell me|give me|show me|any) )?(?:the )?(?:latest|newest|most recent) "
        r"(?:(?:news|developments?|updates?|story|stories|reports?|articles?|headlines?|coverage)\b|(?:on|about|from|in|with)\b)"
        r"|^(?:why|how|explain|describe|tell)\b|\bwhat (?:happened|happens|caused|led)\b|^what (?:is|are|was|were) (?:known|said)\b",
        "explain",
    ),
    (r"^(?:is|are|was|were|did|do|does|has|have|had|can|could|will|would|should)\b", "polar"),
    (
        r"\b(?:which|what) (?:\w+ ){0,2}?(?:countr|cit|town|region|organi[sz]ation|compan|group|ministr|newspaper|outlet|agenc|communit|"
        r"airport|river|state|publisher|think tank|university|institute|foundation|unit|mission|village|port|embassy)",
        "name",
    ),
)
_FOCUS = re.compile(r"\b(?:how (?:many|much)|which|what) ((?:[\w-]+ ){0,3}[\w-]+)", re.I)
_FOCUS_END = re.compile(r"\b(?:are|is|was|were|did|do|does|has|have|had|will|would|can|could|in|of|from|by|at|to|that|who)\b.*", re.I)
_PLURAL = r"(?:\w*[a-rt-z]ies|\w{2,}[^su\W]s)\b"
_MANY = re.compile(
    rf"\b(?:which|what)(?: (?:are )?the)?(?: \w+){{0,2}}? {_PLURAL}|^who (?:are|were) the\b|^(?:name|list)\b",
    re.I,
)
_VERBS = re.compile(r"\b(?:oversees|does|has|is|was|makes|says|gives|takes|comes|leads|runs|owns|belongs)\b", re.I)
"""Verbs that end like a plural; a plural counts only before them."""
_NEWEST = frozenset(stems("latest newest recent current currently"))
_SKIPPED = frozenset(
    "when where who whom whose which what why how since in on at for by to from with is are was were did do does has have had can could "
    "will would should name list about after before during until according of the a an tell explain describe".split()
)


@dataclass(frozen=True, kw_only=True, slots=True)
class Question:
    """A question as the built-in answerer reads it."""

    text: str
    kind: Kind
    many: bool
    """Whether several items are asked for."""
    names: tuple[str, ...]
    """Stems of the capitalised words: an answer must be about all of them."""
    stems: tuple[str, ...]
    """Stems of the words that carry meaning."""
    focus: tuple[str, ...]
    """Stems of what is counted, or of what "which" asks for."""


def read_question(text: str) -> Question:
    """Read a question's kind, names and focus."""
    lowered = text.strip().lower()
    kind: Kind = next((kind for pattern, kind in _OPENERS if re.search(pattern, lowered)), "thing")
    return Question(
        text=text,
        kind=kind,
        many=kind in ("date", "person", "name", "thing") and bool(_MANY.search(_VERBS.split(text)[0])),
        names=tuple(dict.fromkeys(stem for word in _capitalised(text) for stem in stems(word))),
        stems=tuple(question_stems(text)),
        focus=_focus(text),
    )


def about_subject(question: Question) -> Question:
    """The question without its words for "newest": they tell in which order articles count, and stand in none of them."""
    return replace(question, stems=tuple(stem for stem in question.stems if stem not in _NEWEST))


def _capitalised(text: str) -> list[str]:
    words = re.findall(r"[^\W_][\w’'.-]*", text)
    return [word for word in words if word[0].isupper() and word.lower() not in _SKIPPED]


def _focus(text: str) -> tuple[str, ...]:
    match = _FOCUS.search(text)
    if not match:
        return ()
    return tuple(question_stems(_FOCUS_END.sub("", match.group(1)))) if _FOCUS_END.sub("", match.group(1)).strip() else ()
