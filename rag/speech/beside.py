"""Who says it, with the help of the sentences beside a quote: whom "he" stands for, and whose quotation goes on.

>>> text = "“The forest is gone. It will take ten years,” said Ina Pell. She blames the mine."
>>> spans = [Span(0, 20), Span(21, 60), Span(61, 81)]
>>> [speech_at(text, spans, *span).resolved for span in (spans[0], spans[2])]
['Ina Pell', 'Ina Pell']
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace

from index.types import Span
from rag.speech.attribution import speaker_of
from rag.speech.speakers import PRONOUN, bare_name, can_be
from rag.types import Speech

_MARK = re.compile(r"[“”«»\"]|\n\s*")
_EDGE = " \t\n\"“”«»'‘’.,;:!?…–—-"
_QUOTED = re.compile(r"[“«\"]")
_THINGS = ("it", "they")
_OUTER = re.compile(r"(?:^|[,”\"»’'] ?)(?:And |But |So )?$")
"""Before a pronoun that speaks for all of its sentence."""
_BACK = 3
"""Sentences before one that are looked through for the person whom a pronoun stands for."""


def speech_at(text: str, sentences: Sequence[Span], start: int, end: int) -> Speech | None:
    """Find who is reported to say the quote `text[start:end]`; None where it reports no speech.

    Args:
        text: a passage of an article.
        sentences: the sentences of `text`, in its own offsets.
        start: first code point of the quote.
        end: one past its last.
    """
    before = [text[span.start : span.end] for span in sentences if span.end <= start]
    own = speaker_of(text[start:end])
    if own and own.speaker:
        return replace(own, resolved=_person(text[start:end], own, before)) if PRONOUN.match(own.speaker) else own
    quotation = _quotation_round(text, start, end)
    if not quotation:
        return own
    name = _speaker_of_quotation(text, sentences, quotation, start, end)
    return Speech(speaker=None, start=None, end=None, verb=None, kind="quote", resolved=name)


def _person(sentence: str, speech: Speech, before: Sequence[str]) -> str | None:
    """Whom the pronoun of a sentence stands for, through sentences in which the same pronoun speaks on."""
    pronoun = speech.speaker or ""
    if pronoun.lower() in _THINGS and not _OUTER.search(sentence[: speech.start]):
        return None
    for index in range(len(before) - 1, max(-1, len(before) - 1 - _BACK), -1):
        speech_beside = speaker_of(before[index])
        name = speaker_of(f"{pronoun.capitalize()} said that it was so.", before[index])
        if name and name.resolved:
            return name.resolved if can_be(pronoun, name.resolved, " ".join(before)) else None
        if not speech_beside and _QUOTED.match(before[index]):
            continue
        if not speech_beside or (speech_beside.speaker or "").lower() != pronoun.lower():
            return None
    return None


def _speaker_of_quotation(text: str, sentences: Sequence[Span], quotation: Span, start: int, end: int) -> str | None:
    """Who speaks in the other sentences of a quotation, the one after a part of it before those that lead to it, or just before it."""
    inside = [index for index, span in enumerate(sentences) if span.start < quotation.end and quotation.start < span.end]
    others = [index for index in inside if sentences[index].end <= start or sentences[index].start >= end]
    words = [text[span.start : span.end] for span in sentences]
    near = sorted(others, key=lambda index: (sentences[index].start < start, abs(sentences[index].start - start)))
    follows = bool(inside and inside[0]) and not text[sentences[inside[0]].start : quotation.start].strip()
    for index in [*near, *([inside[0] - 1] if follows else [])]:
        speech = speaker_of(words[index])
        if speech and speech.speaker:
            return _person(words[index], speech, words[:index]) if PRONOUN.match(speech.speaker) else bare_name(speech.speaker)
    return None


def _quotation_round(text: str, start: int, end: int) -> Span | None:
    """The quotation that all words from `start` to `end` stand in."""
    words = text[start:end].strip(_EDGE)
    if not words:
        return None
    first = start + text[start:end].index(words)
    return next((span for span in _quotations(text) if span.start <= first and first + len(words) <= span.end), None)


def _quotations(text: str) -> Iterator[Span]:
    """What stands in quotation marks; a quotation that a new paragraph opens again goes on."""
    opened: int | None = None
    closed = False
    reopened = -1
    for mark in _MARK.finditer(text):
        place, sign = mark.start(), mark.group()
        if place == reopened:
            continue
        if sign[0] == "\n":
            if opened is not None and text[mark.end() : mark.end() + 1] not in ("“", "«", '"'):
                opened = None  # never closed: a mark too many
            reopened = mark.end() if opened is not None else -1
        elif sign in "“«" or (sign == '"' and opened is None):
            opened = place if opened is None else opened
        elif opened is not None or (sign in "”»" and not closed):
            yield Span(opened or 0, mark.end())
            opened, closed = None, True
    if opened is not None:
        yield Span(opened, len(text))
