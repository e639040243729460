"""Sentence spans: where each sentence of an article starts and ends.

Punkt (Kiss and Strunk 2006, as nltk implements it) on each line of its own, since a heading has no full stop. Its tables
ship with llama-index-core. They are read here with plain `open`: nltk's own loader refuses files that are hard links or
group-writable, which is how some installers lay them.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

from index.tokens import llama_index_file
from index.types import Span

_LINE = re.compile(r"\S[^\n]*")
_END = re.compile(r"[.!?][\"'”’)]* ")
_STOP = re.compile(r"[.!?]")
_MOST_AT_ONCE = 10_000
"""Characters. nltk gives each search five seconds, then raises; a line of an article is far shorter, one of a book can be longer."""
_ENOUGH_TO_TELL = 2_000
_FEW_LETTERS = 6


@cache
def _punkt() -> Any:
    from nltk.tabdata import PunktDecoder
    from nltk.tokenize.punkt import PunktParameters, PunktSentenceTokenizer

    folder = llama_index_file("nltk_cache", "tokenizers", "punkt_tab", "english")
    decoder, parameters = PunktDecoder(), PunktParameters()
    with (folder / "collocations.tab").open(encoding="utf-8") as file:
        parameters.collocations = set(decoder.tab2tups(file))
    with (folder / "sent_starters.txt").open(encoding="utf-8") as file:
        parameters.sent_starters = decoder.txt2set(file)
    with (folder / "abbrev_types.txt").open(encoding="utf-8") as file:
        parameters.abbrev_types = decoder.txt2set(file)
    with (folder / "ortho_context.tab").open(encoding="utf-8") as file:
        parameters.ortho_context = decoder.tab2intdict(file)
    return PunktSentenceTokenizer(parameters)


def sentence_spans(text: str) -> tuple[Span, ...]:
    r"""The sentences of `text`, in order and without overlap; together they hold every character but white space.

    >>> [text[a:b] for text in ["A heading\\nOne. Two."] for a, b in sentence_spans(text)]
    ['A heading', 'One.', 'Two.']
    """
    spans: list[Span] = []
    for line in _LINE.finditer(text):
        for offset, content in _portions(line.group().rstrip()):
            found = _punkt().span_tokenize(content) if _is_prose(content) else [(0, len(content))]
            for start, end in found:
                spans.extend(_trimmed(content, start, end, offset=line.start() + offset))
    return tuple(spans)


def _portions(line: str) -> Iterator[tuple[int, str]]:
    """(offset, words) of the parts of a line that Punkt gets at once: all of it, but for a very long one."""
    start = 0
    while len(line) - start > _MOST_AT_ONCE:
        window = line[start : start + _MOST_AT_ONCE]
        ends = [found.end() for found in _END.finditer(window, _MOST_AT_ONCE // 2)]
        cut = ends[-1] if ends else window.rfind(" ", _MOST_AT_ONCE // 2) + 1 or _MOST_AT_ONCE
        yield start, window[:cut]
        start += cut
    yield start, line[start:]


def _is_prose(content: str) -> bool:
    """Whether `content` is worth Punkt's time; a long text with a full stop every few letters is a drawing, or made to do harm."""
    return len(content) < _ENOUGH_TO_TELL or len(_STOP.findall(content)) * _FEW_LETTERS < len(content)


def _trimmed(content: str, start: int, end: int, *, offset: int) -> list[Span]:
    piece = content[start:end]
    lead = len(piece) - len(piece.lstrip())
    length = len(piece.strip())
    return [Span(offset + start + lead, offset + start + lead + length)] if length else []


def split_sentences(text: str) -> list[str]:
    """`text` cut where its sentences begin; the pieces joined are `text` again (the form that llama-index expects)."""
    starts = [0, *(span.start for span in sentence_spans(text)[1:]), len(text)]
    return [text[a:b] for a, b in itertools.pairwise(starts)]
