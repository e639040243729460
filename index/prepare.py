"""From a reader's draft to all that the catalogue keeps of an article, but for its vectors."""

from __future__ import annotations

import hashlib
import json
import unicodedata
from bisect import bisect_left
from dataclasses import asdict, dataclass, replace
from typing import Any

from index.chunk import CHUNK_TOKENS, PREFIX_PIECES, chunk_spans, search_prefix
from index.clean import CLEANER_VERSION, clean
from index.credits import credits_of
from index.encoder import Encoder
from index.overrides import Override
from index.sentences import sentence_spans
from index.terms import stemmed, stems, words
from index.types import Article, Draft, Removed, Span

RECIPE_VERSION = 4
"""Counts changes to this module, the readers' metadata, the chunker, the sentence spans, the terms, and what makes two articles copies:
a change reads every file again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Place:
    """Where an article's file is."""

    location: str
    root: str
    path: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Prepared:
    """An article that is read and cleaned; `chunked` says how it is cut."""

    article: Article
    key: str
    location: str
    removed: tuple[Removed, ...]
    prefix: str
    search_hash: str
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunked:
    """How an article is cut, and the words it can be found by."""

    sentences: tuple[Span, ...]
    chunks: tuple[Span, ...]
    title_stems: tuple[str, ...]
    body_stems: tuple[str, ...]
    bounds: tuple[int, ...]


def recipe(encoder: Encoder, override: Override | None) -> str:
    """Names everything but the file itself that decides what is kept of it."""
    extra = f" {_hash(json.dumps(asdict(override)))}" if override else ""
    return f"{RECIPE_VERSION}/{CLEANER_VERSION}/{CHUNK_TOKENS}/{encoder.name}{extra}"


def prepare(draft: Draft, place: Place, *, encoder: Encoder, override: Override | None, salt: str = "") -> Prepared:
    """Clean a draft, apply its override, and name it.

    Args:
        draft: what a reader found.
        place: the file it was found in.
        encoder: counts the word pieces of the search prefix.
        override: what `dateline.csv` says of the file.
        salt: added to what is hashed for the id, where another root has an article of the same path.
    """
    known = _overridden(draft, override)
    cleaned = clean(known)
    text = _storable(cleaned.text)
    text_hash = _hash(text)
    article = Article(
        id=_hash(salt, place.path, draft.key),
        text_hash=text_hash,
        doc_id=_storable(draft.doc_id),
        path=place.path,
        root=place.root,
        text=text,
        title=_optional(cleaned.title),
        publisher=_optional(known.publisher),
        published=known.published,
        url=_optional(draft.url),
        authors=tuple(_storable(author) for author in draft.authors),
        provenance={**known.provenance, **credits_of(known, text)},
    )
    prefix = search_prefix(article.title, article.publisher, article.published, count=encoder.count)
    return Prepared(
        article=article,
        key=_storable(draft.key),
        location=place.location,
        removed=tuple(Removed(text=_storable(piece.text), rule=piece.rule) for piece in cleaned.removed),
        prefix=prefix,
        search_hash=_hash(encoder.name, str(RECIPE_VERSION), str(CHUNK_TOKENS), prefix, text),
        digest=_hash(
            json.dumps([asdict(article), [asdict(piece) for piece in cleaned.removed], encoder.name, RECIPE_VERSION], sort_keys=True)
        ),
    )


def chunked(prepared: Prepared, encoder: Encoder) -> Chunked:
    """Cut an article into sentences and chunks, and collect the stems it can be found by."""
    text = prepared.article.text
    window = None if encoder.window is None else max(encoder.window - PREFIX_PIECES, encoder.window // 2)
    chunks = tuple(chunk_spans(text, count=encoder.count, window=window))
    found = words(text)
    starts = [start for start, _ in found]
    bounds = [bisect_left(starts, chunk.start) for chunk in chunks]
    return Chunked(
        sentences=sentence_spans(text),
        chunks=chunks,
        title_stems=tuple(stems(prepared.article.title or "")),
        body_stems=tuple(stemmed(word for _, word in found)),
        bounds=(*bounds, len(starts)),
    )


def _overridden(draft: Draft, override: Override | None) -> Draft:
    if override is None:
        return draft
    given: dict[str, Any] = {name: value for name, value in asdict(override).items() if value}
    return replace(draft, **given, provenance={**draft.provenance, **dict.fromkeys(given, "dateline.csv")})


def _storable(text: str) -> str:
    """`text` in normal form C, lone surrogates (which no file can hold) replaced."""
    return unicodedata.normalize("NFC", text.encode("utf-8", "replace").decode() if not text.isascii() else text)


def _optional(text: str | None) -> str | None:
    return _storable(text) if text else None


def _hash(*parts: str) -> str:
    return hashlib.blake2b("\0".join(parts).encode("utf-8", "replace"), digest_size=12).hexdigest()
