"""How much one file may put into the catalogue: articles, words, metadata, reasons. What is beyond a bound is no news article.

Titles, names and ids come from files that anyone may have written, so each is one line without invisible characters.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.files import Unreadable
from index.normalise import one_line
from index.types import Draft, Skipped

MOST_ARTICLES = 100_000
"""Records that one file may hold."""
MOST_CHARACTERS = 2_000_000
"""Characters that one article may have, with what its reader cut: some seven hundred printed pages."""
MOST_SKIPS = 100
"""Records of a file that are listed one by one when they are skipped."""
_LONGEST_TITLE = 500
_LONGEST_NAME = 200
_LONGEST_ADDRESS = 2_000
_LONGEST_REASON = 300
_MOST_AUTHORS = 50


def bounded(results: Sequence[Draft | Skipped], path: Path) -> list[Draft | Skipped]:
    """`results`, read from the file at `path`, with metadata within bounds.

    Raises:
        Unreadable: they are too many, or a file's only article is too long or holds no words.
    """
    if len(results) > MOST_ARTICLES:
        raise Unreadable(f"it holds {len(results)} records (the limit is {MOST_ARTICLES}): split it into smaller files")
    if len(results) == 1 and isinstance(results[0], Draft) and not results[0].key:
        return [_bounded(results[0])]
    return [_record(result, path) for result in results]


def one_reason(text: str) -> str:
    """`text` as one line of bearable length that shows no control character."""
    line = "".join(character if character.isprintable() else " " for character in one_line(text))
    line = " ".join(line.split())
    return line if len(line) <= _LONGEST_REASON else f"{line[:_LONGEST_REASON]}…"


def key_of(text: str) -> str:
    """A record's own id as the catalogue can hold it: one line, and a digest in place of what is too long."""
    key = one_line(text)
    return key if len(key) <= _LONGEST_NAME else f"{key[:40]}…{hashlib.blake2b(text.encode('utf-8', 'replace'), digest_size=8).hexdigest()}"


def _record(result: Draft | Skipped, path: Path) -> Draft | Skipped:
    if isinstance(result, Skipped):
        return replace(result, reason=one_reason(result.reason))
    try:
        return _bounded(result)
    except Unreadable as error:
        return Skipped(path=f"{path}:{key_of(result.key)}", reason=str(error))


def _bounded(draft: Draft) -> Draft:
    size = len(draft.text) + sum(len(piece.text) for piece in draft.removed)
    if size > MOST_CHARACTERS:
        limit = f"{MOST_CHARACTERS / 1e6:.0f}"
        raise Unreadable(f"it is too long for an article ({size / 1e6:.1f} million characters, the limit is {limit}): split it")
    if not any(map(str.isalnum, draft.text)):
        raise Unreadable("it holds no words: put the article's text into it, or delete it")
    values: dict[str, Any] = {
        "title": _line(draft.title, _LONGEST_TITLE),
        "publisher": _line(draft.publisher, _LONGEST_NAME),
        "url": _line(draft.url, _LONGEST_ADDRESS),
        "authors": tuple(name for author in draft.authors[:_MOST_AUTHORS] if (name := _line(author, _LONGEST_NAME))),
    }
    lost = {name for name, value in values.items() if getattr(draft, name) and not value}
    provenance = {name: origin for name, origin in draft.provenance.items() if name not in lost}
    return replace(draft, **values, doc_id=key_of(draft.doc_id), key=key_of(draft.key), provenance=provenance)


def _line(text: str | None, longest: int) -> str | None:
    """`text` on one line; None for what is too long to be what it claims to be."""
    return (one_line(text) or None) if text and len(text) <= longest else None
