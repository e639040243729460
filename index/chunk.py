"""Articles cut into chunks: exact slices that end at sentences and fit the encoder's window.

A chunk takes paragraphs, and sentences of those that are too long for it, for as long as the sum of their tiktoken tokens allows.
Chunks do not overlap. Word pieces, which the encoder counts, can be many more than tokens (rare scripts, digits): a
chunk too long for the window is halved. A sentence too long for a chunk is cut at its commas, else its spaces, else anywhere.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence

from index.sentences import split_sentences
from index.tokens import tokenizer
from index.types import Span

CHUNK_TOKENS = 160
"""tiktoken tokens a chunk may have; chosen by measured retrieval (docs/experiments.md)."""
PREFIX_PIECES = 48
"""Word pieces that the search prefix may take from the encoder's window."""
_MOST_COUNTED = 20_000
"""Characters; a longer text has too many tokens for a chunk, and is not counted."""
_SURELY_FITS = 40
"""Characters, which have at most four tokens each."""
_PARAGRAPH = re.compile(r"\n[^\n]*|[^\n]+")
_PHRASE = re.compile("[^,.;。？！]+[,.;。？！]*|[,.;。？！]+")
_WORD = re.compile(r"\s?\S+|\s+")


def _tokens(text: str) -> Sequence[int]:
    """The tokens of `text`; of one that is certainly too long for a chunk, as many numbers as it has characters."""
    return tokenizer()(text) if len(text) <= _MOST_COUNTED else range(len(text))


def _counted(text: str, size: int) -> Iterator[tuple[int, int]]:
    """(characters, tokens) of each paragraph, and of the parts of one that has more than `size` tokens; together they are `text`."""
    for paragraph in _PARAGRAPH.findall(text):
        tokens = len(_tokens(paragraph))
        if tokens <= size:
            yield len(paragraph), tokens
        else:
            yield from ((len(piece), len(_tokens(piece))) for piece in _pieces(paragraph, size))


def _pieces(text: str, size: int) -> list[str]:
    """`text` in sentences, and those of more than `size` tokens in phrases, words or less; joined, they are `text` again."""
    pieces = split_sentences(text)
    for form in (_PHRASE, _WORD, re.compile(f"(?s:.{{1,{_SURELY_FITS}}})")):
        pieces = [part for piece in pieces for part in (form.findall(piece) if len(_tokens(piece)) > size else [piece])]
    return pieces


def _cut(text: str, size: int) -> Iterator[Span]:
    """Spans of as many pieces each as `size` tokens hold, side by side."""
    start = end = filled = 0
    for length, tokens in _counted(text, size):
        if filled and filled + tokens > size:
            yield Span(start, end)
            start, filled = end, 0
        end += length
        filled += tokens
    if end > start:
        yield Span(start, end)


def chunk_spans(
    text: str, *, prefix: str = "", count: Callable[[str], int] | None = None, window: int | None = None, size: int = CHUNK_TOKENS
) -> list[Span]:
    """Cut `text` into spans that together hold every character but white space.

    Args:
        text: the cleaned article.
        prefix: what is put before each chunk for search; counts towards the window.
        count: word pieces of a text, as the encoder counts them.
        window: word pieces that prefix and chunk may have together; None for no bound.
        size: tiktoken tokens that a chunk may have.
    """
    stripped = (_stripped(text, span) for span in _cut(text, size))
    return [part for span in stripped if span for part in _fitted(text, span, prefix, count, window)]


def _fitted(text: str, span: Span, prefix: str, count: Callable[[str], int] | None, window: int | None) -> Iterator[Span]:
    """`span`, or its halves where it does not fit the window."""
    if count is None or window is None or span.end - span.start <= 1 or count(prefix + text[span.start : span.end]) <= window:
        yield span
        return
    middle = _middle(text, span)
    for part in (Span(span.start, middle), Span(middle, span.end)):
        stripped = _stripped(text, part)
        if stripped:
            yield from _fitted(text, stripped, prefix, count, window)


def _middle(text: str, span: Span) -> int:
    """A place to cut near the middle of `span`: after a space in its middle third if there is one."""
    third = (span.end - span.start) // 3
    space = text.rfind(" ", span.start + third, span.end - third)
    return space + 1 if space > span.start else (span.start + span.end) // 2


def _stripped(text: str, span: Span) -> Span | None:
    piece = text[span.start : span.end]
    start = span.start + len(piece) - len(piece.lstrip())
    return Span(start, start + len(piece.strip())) if piece.strip() else None


def search_prefix(
    title: str | None, publisher: str | None, published: str | None, *, count: Callable[[str], int], pieces: int = PREFIX_PIECES
) -> str:
    """The line put before a chunk when it is encoded, never shown: title, publisher and day, cut to `pieces` word pieces."""
    line = " | ".join(part for part in (title, publisher, published[:10] if published else None) if part)
    while line and count(line) > pieces:
        line = line[: min(len(line) - 1, len(line) * pieces // count(line))].rsplit(" ", 1)[0].rstrip(" |")
    return f"{line}\n" if line else ""
