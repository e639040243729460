"""The catalogue's tables, and what a row of them is in memory.

`texts`, `chunks` and `terms` are parts of an article that different readers need; they share its number. Spans, vectors and
hashes are packed arrays, since they are only ever read together. `segments`, `columns`, `postings` and `buried` are made from
them for the search (see `folding`).
"""

from __future__ import annotations

import json
import os
import zlib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index.types import Article, Removed, Skipped, Span

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

FORMAT = 2
"""Version of the schema below; a home made by a newer one is refused."""

IS_CORRECTION = """instr(provenance, '"correction": ') > 0"""
"""Written alike in the index and in the question that it answers."""
COPIES = (
    # Under which shingles an article is filed, where among their articles, and what numbers it names (see `linking`).
    """CREATE TABLE signatures (
    number INTEGER PRIMARY KEY, place INTEGER NOT NULL, shingles BLOB NOT NULL, numbers BLOB NOT NULL, crc INTEGER NOT NULL)""",
    """CREATE TABLE shingles (
    shingle INTEGER NOT NULL, place INTEGER NOT NULL, number INTEGER NOT NULL, PRIMARY KEY (shingle, place, number)) WITHOUT ROWID""",
    # Each pair of copies stands here twice, once for either.
    """CREATE TABLE copies (
    number INTEGER NOT NULL, other INTEGER NOT NULL, ways INTEGER NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (number, other)) WITHOUT ROWID""",
    f"CREATE INDEX articles_corrections ON articles (publisher, day) WHERE {IS_CORRECTION}",
)
"""The statements that make what format 2 has more: which articles are copies of each other, and which are corrected."""

SCHEMA = (
    "CREATE TABLE meta (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID",
    "CREATE TABLE roots (path TEXT PRIMARY KEY) WITHOUT ROWID",
    """CREATE TABLE files (
    location TEXT PRIMARY KEY, root TEXT NOT NULL, size INTEGER NOT NULL, modified INTEGER NOT NULL, seen INTEGER NOT NULL,
    digest TEXT NOT NULL, recipe TEXT NOT NULL, articles INTEGER NOT NULL, skipped TEXT NOT NULL) WITHOUT ROWID""",
    # A number is never given twice, so it names one version of an article.
    """CREATE TABLE articles (
    number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, location TEXT NOT NULL, root TEXT NOT NULL, path TEXT NOT NULL,
    key TEXT NOT NULL, doc_id TEXT NOT NULL, title TEXT, publisher TEXT, published TEXT, day INTEGER, url TEXT,
    authors TEXT NOT NULL, provenance TEXT NOT NULL, text_hash TEXT NOT NULL, search_hash TEXT NOT NULL,
    digest TEXT NOT NULL, words INTEGER NOT NULL, chunks INTEGER NOT NULL, indexed INTEGER NOT NULL, crc INTEGER NOT NULL,
    UNIQUE (location, key))""",
    "CREATE INDEX articles_doc_id ON articles (doc_id)",
    "CREATE INDEX articles_path ON articles (path)",
    "CREATE INDEX articles_search_hash ON articles (search_hash)",
    "CREATE INDEX articles_day ON articles (day, chunks)",
    "CREATE INDEX articles_publisher ON articles (publisher, chunks)",
    "CREATE INDEX articles_pending ON articles (number, chunks) WHERE indexed = 0",
    # crc is that of the columns before it, the number left out (above: of ARTICLE_COLUMNS but the id). SQLite itself does not
    # notice a flipped bit.
    """CREATE TABLE texts (
    number INTEGER PRIMARY KEY, text TEXT NOT NULL, removed TEXT NOT NULL, sentences BLOB NOT NULL, crc INTEGER NOT NULL)""",
    "CREATE TABLE chunks (number INTEGER PRIMARY KEY, spans BLOB NOT NULL, vectors BLOB NOT NULL, crc INTEGER NOT NULL)",
    "CREATE TABLE terms (number INTEGER PRIMARY KEY, title BLOB NOT NULL, body BLOB NOT NULL, bounds BLOB NOT NULL, crc INTEGER NOT NULL)",
    "CREATE TABLE stale (chunk_id TEXT PRIMARY KEY) WITHOUT ROWID",
    # A segment is a run of articles that is searched together; what it holds never changes. `dead` of them are no more.
    """CREATE TABLE segments (
    segment INTEGER PRIMARY KEY AUTOINCREMENT, level INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,
    articles INTEGER NOT NULL, dead INTEGER NOT NULL)""",
    """CREATE TABLE columns (
    segment INTEGER PRIMARY KEY, numbers BLOB NOT NULL, words BLOB NOT NULL, chunks BLOB NOT NULL, sketches BLOB NOT NULL,
    crc INTEGER NOT NULL)""",
    """CREATE TABLE postings (
    segment INTEGER NOT NULL, term INTEGER NOT NULL, records BLOB NOT NULL, crc INTEGER NOT NULL,
    PRIMARY KEY (segment, term)) WITHOUT ROWID""",
    "CREATE TABLE buried (number INTEGER PRIMARY KEY, terms BLOB NOT NULL, crc INTEGER NOT NULL)",
    *COPIES,
)
"""The statements that make an empty catalogue."""


_CLOCK_GRAIN = 2_000_000_000
"""Nanoseconds within which a second change of a file may leave its time as it was."""
ARTICLE_COLUMNS = "id, text_hash, doc_id, path, root, title, publisher, published, url, authors, provenance"


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """Everything that the catalogue keeps of one article."""

    article: Article
    key: str
    location: str
    """The absolute path of the file."""
    search_hash: str
    """Hash of what is encoded (words, search prefix, encoder); articles with equal hashes share vectors."""
    digest: str
    """Hash of all that is kept; a file read again changes nothing when it is equal."""
    removed: tuple[Removed, ...]
    sentences: tuple[Span, ...]
    chunks: tuple[Span, ...]
    vectors: NDArray[np.float16]
    """Shape (chunks, dimension)."""
    title_stems: tuple[str, ...]
    body_stems: tuple[str, ...]
    bounds: tuple[int, ...]
    """Chunk k holds the body's stems [bounds[k], bounds[k + 1])."""


@dataclass(frozen=True, kw_only=True, slots=True)
class FileRecord:
    """What is remembered of a file, to know it again unchanged."""

    location: str
    root: str
    size: int
    modified: int
    """Modification time in nanoseconds: only ever compared, never taken as a date."""
    seen: int
    """When it was read, in nanoseconds: a change within the clock's grain is looked at again."""
    digest: str
    recipe: str
    """Version of cleaner, chunker and encoder that read it, and the hash of its override."""
    articles: int
    """How many articles it holds."""
    skipped: tuple[Skipped, ...]

    @classmethod
    def from_row(cls, row: Sequence[Any]) -> FileRecord:
        """The record that `to_row` wrote."""
        *values, skipped = row
        names = [field.name for field in fields(cls)][:-1]
        pieces = tuple(Skipped(path=path, reason=reason) for path, reason in json.loads(skipped))
        return cls(**dict(zip(names, values, strict=True)), skipped=pieces)

    def fits(self, stat: os.stat_result, recipe: str) -> bool:
        """Whether a file looks as it did when it was read, and would be read the same way."""
        same = (self.size, self.modified, self.recipe) == (stat.st_size, stat.st_mtime_ns, recipe)
        return same and self.seen - self.modified > _CLOCK_GRAIN

    def unless_changed(self, path: Path) -> FileRecord:
        """This record of a file that was just read; if it changed meanwhile, one that has it read again."""
        try:
            stat = path.stat()
        except OSError:
            return replace(self, digest="")
        return self if (stat.st_size, stat.st_mtime_ns) == (self.size, self.modified) else replace(self, digest="", modified=-1)

    def to_row(self) -> list[Any]:
        """The values of a row of `files`."""
        *names, _ = [field.name for field in fields(self)]
        return [*(getattr(self, name) for name in names), json.dumps([[skip.path, skip.reason] for skip in self.skipped])]


class Known(NamedTuple):
    """An article that the catalogue holds, as sync compares it."""

    number: int
    id: str
    location: str
    root: str
    key: str
    text_hash: str
    digest: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Totals:
    """Corpus-wide counts, for the keyword scores and for people."""

    articles: int
    chunks: int
    words: int


def article_of(head: Sequence[Any], text: str) -> Article:
    """An article from the values of `ARTICLE_COLUMNS` and its text."""
    *values, authors, provenance = head
    names = ARTICLE_COLUMNS.split(", ")[:-2]
    known = dict(zip(names, values, strict=True))
    return Article(**known, text=text, authors=tuple(json.loads(authors)), provenance=json.loads(provenance))


def crc(*columns: str | bytes | None) -> int:
    """The check sum of a row."""
    total = 0
    for column in columns:
        total = zlib.crc32(column if isinstance(column, bytes) else f"{column}\0".encode("utf-8", "surrogatepass"), total)
    return total


def pack(spans: Iterable[Span]) -> bytes:
    """Spans as an array of 32-bit numbers."""
    import numpy as np

    return np.asarray([*spans], dtype=np.uint32).tobytes()


def unpack(blob: bytes) -> tuple[Span, ...]:
    """The spans that `pack` wrote."""
    import numpy as np

    return tuple(Span(start, end) for start, end in np.frombuffer(blob, dtype=np.uint32).reshape(-1, 2).tolist())


def vectors_of(blob: bytes, dimension: int) -> NDArray[np.float32]:
    """Stored vectors, shape (chunks, dimension)."""
    import numpy as np

    return np.frombuffer(blob, dtype=np.float16).reshape(-1, dimension).astype(np.float32)
