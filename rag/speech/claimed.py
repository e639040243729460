"""What a quote only reports, and whether who says it has a side in it.

>>> quote = "The army said it had killed 40 fighters on Friday."
>>> speech = Speech(speaker="The army", start=0, end=8, verb="said", kind="said")
>>> is_reported(quote, speech, quote.index("40")), is_one_sided(quote, speech)
(True, True)
"""

from __future__ import annotations

import re

from index.types import Span
from rag.speech.attribution import CLOSED
from rag.types import Speech

_SIDE = re.compile(
    r"\b(?:army|armed forces|military|navy|air force|troops|soldiers|forces|defen[cs]e (?:ministry|minister|department|secretary)|rebels?"
    r"|militants?|insurgents?|jihadists?|extremists?|fighters?|gunmen|militias?|separatists?|mercenar(?:y|ies)|kidnappers|hijackers|warlord"
    r"|junta|regime|coup leaders?|police|prosecutors?|prosecution|lawyers?|attorneys?|plaintiffs?|defendants?|suspects?|accusers?|critics"
    r"|opponents?|rivals?|activists|protesters|campaigners|strikers|union)\b",
    re.I,
)
"""Who fights, accuses or defends: a side, whatever it speaks of."""
_OF_ITSELF = re.compile(r"[\s,:]*(?:that )?(?:it|he|she|they|its|his|her|their|we|our|I|my)\b", re.I)
_FIRST_PERSON = re.compile(r"\b(?:[Ww]e|[Oo]ur|ours|us|[Mm]y)\b")
_QUOTED = re.compile(r"[“\"«]([^”\"»]+)[”\"»]?")


def reported_parts(quote: str, speech: Speech) -> list[Span]:
    """The parts of a quote that somebody is reported to say.

    Args:
        quote: a sentence of an article.
        speech: who says it, as `speaker_of` found it.
    """
    whole = [Span(0, len(quote))]
    if speech.start is None or speech.end is None:
        return whole
    verbs = [Span(*match.span()) for match in re.finditer(rf"\b{re.escape(speech.verb or '')}\b", quote)] if speech.verb else []
    verb = _nearest(verbs, speech.start, speech.end)
    if verb is None or speech.kind == "according_to" or (speech.kind == "alleged" and verb.end <= speech.start):
        return _without(quote, speech.start, speech.end)
    if verb.end <= speech.start:
        return [Span(0, verb.start), *_quotations(quote, speech.end)]
    if _follows(quote, speech.start, verb.end):
        return [Span(verb.end, len(quote))]
    return [Span(0, speech.start), *([Span(verb.end, len(quote))] if quote[verb.end :].startswith(",") else [])]


def is_reported(quote: str, speech: Speech, place: int) -> bool:
    """Whether the code point `place` of a quote belongs to what somebody is reported to say."""
    return any(part.start <= place < part.end for part in reported_parts(quote, speech))


def is_one_sided(quote: str, speech: Speech) -> bool:
    """Whether who says it accuses, denies or claims, is a side in a fight, or speaks about itself."""
    if speech.kind in ("alleged", "denied") or _SIDE.search(speech.resolved or speech.speaker or ""):
        return True
    said = [quote[part.start : part.end] for part in reported_parts(quote, speech)]
    quoted = [quote] if speech.speaker is None else [match[1] for match in _QUOTED.finditer(quote)]
    return any(_OF_ITSELF.match(part) for part in said) or any(map(_FIRST_PERSON.search, quoted))


def _nearest(verbs: list[Span], start: int, end: int) -> Span | None:
    """The verb that stands nearest to the speaker."""
    return min(verbs, key=lambda verb: min(abs(verb.start - end), abs(start - verb.end)), default=None)


def _follows(quote: str, start: int, after: int) -> bool:
    """Whether what is said follows the verb that ends at `after`, rather than going before the speaker at `start`."""
    return quote[:start].rstrip()[-1:] not in tuple(",”\"»’'—–") or not CLOSED.match(quote, after)


def _without(quote: str, start: int, end: int) -> list[Span]:
    return [part for part in (Span(0, start), Span(end, len(quote))) if part.start < part.end]


def _quotations(quote: str, start: int) -> list[Span]:
    return [Span(*match.span()) for match in _QUOTED.finditer(quote, start)]
