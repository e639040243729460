"""The sentences of a model's answer: read out of its text with their markers, and written into a text again.

A sentence keeps what stood before it on its line (a bullet, a new line), so that an answer looks as the model laid it out also
where a sentence was replaced or marked.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from typing import NamedTuple

from index.sentences import sentence_spans
from index.types import Span
from rag.strict import failed, marked
from rag.types import Claim

UNSUPPORTED = "(unsupported)"
"""Stands behind a sentence of which a check failed."""
_MARKER = re.compile(r"\s*\[(\d+)\]")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+|\d+[.)])\s+")
_FINISHED = re.compile(r"[.!?…:;。！？][\"'”’»)\]]*$")


class Sentence(NamedTuple):
    """One sentence of an answer."""

    text: str
    """Without its markers."""
    numbers: tuple[int, ...]
    opening: str = ""
    """What stands before it: new lines and a bullet for the first of a line, else nothing."""


def read_sentences(text: str) -> list[Sentence]:
    """The sentences of a text, each with the numbers of its markers."""
    found: list[Sentence] = []
    breaks = ""
    for line in text.splitlines():
        bullet = _BULLET.match(line)
        opening = breaks + (bullet.group() if bullet else "")
        for sentence, numbers in _of_line(line[bullet.end() :] if bullet else line):
            found.append(Sentence(sentence, tuple(dict.fromkeys(numbers)), opening))
            opening, breaks = "", ""
        breaks += "\n"
    return found


def without_unfinished(sentences: Sequence[Sentence]) -> list[Sentence]:
    """The sentences of an answer that was cut off, without what lacks its end on the last line; at least one."""
    kept = list(sentences)
    while len(kept) > 1 and not _FINISHED.search(kept[-1].text):
        if kept.pop().opening:
            break
    return kept


def written(claims: Iterable[Claim], openings: Iterable[str]) -> str:
    """The text of an answer: each claim with its markers, one that failed a check marked as unsupported."""
    text = ""
    for claim, opening in zip(claims, openings, strict=True):
        shown = f"{_with_markers(claim)} {UNSUPPORTED}" if failed(claim) else _with_markers(claim)
        text += f"{opening}{shown}" if opening or not text else f" {shown}"
    return text.strip()


def _with_markers(claim: Claim) -> str:
    """A claim with its markers before its full stop."""
    end = re.search(r"[.!?…]$", claim.text)
    if not end or not claim.citations:
        return marked(claim)
    return marked(Claim(text=claim.text[: end.start()], citations=claim.citations)) + end.group()


def _of_line(line: str) -> Iterator[tuple[str, list[int]]]:
    """The sentences of a line without markers, each with its numbers; a marker after the full stop belongs to what it follows.

    >>> list(_of_line("Forty left [1]. Two stayed. [2][3]"))
    [('Forty left.', [1]), ('Two stayed.', [2, 3])]
    """
    bare, marks, position = "", [], 0
    for match in _MARKER.finditer(line):
        bare += line[position : match.start()]
        marks.append((len(bare), int(match[1])))
        position = match.end()
    bare += line[position:]
    spans = [span for span in sentence_spans(bare) if re.search(r"\w", bare[span.start : span.end])]
    found: list[tuple[str, list[int]]] = [(bare[span.start : span.end], []) for span in spans]
    for place, number in marks:
        if found:
            found[_owner(spans, place)][1].append(number)
    yield from found


def _owner(spans: Sequence[Span], place: int) -> int:
    """The last sentence that begins before `place`, else the first."""
    return max((index for index, span in enumerate(spans) if span.start < place), default=0)
