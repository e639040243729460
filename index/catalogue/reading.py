"""Questions to the catalogue. Several that belong together are asked inside one `snapshot()`."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from index.catalogue.complaints import damaged
from index.catalogue.database import Database
from index.catalogue.schema import ARTICLE_COLUMNS, FileRecord, Known, Totals, article_of, crc, unpack, vectors_of
from index.errors import HomeDamaged
from index.types import Article, Removed, Span, numbered_day

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

# At or under a location; `under_values` gives the values.
UNDER = "(location = ? OR (location >= ? AND location < ?))"
MANY = 500
"""Values bound in one statement."""


class Reader(Database):
    """The reading half of the catalogue."""

    # Counts

    def totals(self) -> Totals:
        """Corpus-wide counts."""
        facts = dict(self.rows("SELECT name, value FROM meta WHERE name IN ('articles', 'chunks', 'words')"))
        try:
            return Totals(**{name: int(facts.get(name, 0)) for name in ("articles", "chunks", "words")})
        except ValueError as error:
            raise damaged(self.path, f"its counts do not read ({error})") from error

    def publishers(self) -> list[tuple[str, int]]:
        """(publisher, articles), most articles first."""
        rows = self.rows("SELECT publisher, count(*) FROM articles WHERE publisher IS NOT NULL GROUP BY publisher ORDER BY 2 DESC, 1")
        return [(name, count) for name, count in rows]

    def dates(self) -> tuple[str | None, str | None, int]:
        """First and last publication day, and how many articles are undated."""
        sql = "SELECT (SELECT min(day) FROM articles), (SELECT max(day) FROM articles), (SELECT count(*) FROM articles WHERE day IS NULL)"
        ((first, last, undated),) = self.rows(sql)
        return first and numbered_day(first), last and numbered_day(last), int(undated)

    def days(self) -> list[tuple[str, int]]:
        """(day of publication, articles), earliest first."""
        rows = self.rows("SELECT day, count(*) FROM articles WHERE day IS NOT NULL GROUP BY day")
        return [(numbered_day(day), count) for day, count in rows]

    def root_sizes(self) -> list[tuple[str, int]]:
        """(root, articles) of every root, in order; by location, which needs no look at the articles themselves."""
        at, below = ("SELECT count(*) FROM articles WHERE " + place for place in ("location = ?", "location >= ? AND location < ?"))
        sql = f"SELECT ({at}) + ({below})"
        sizes = {root: self.rows(sql, under_values(root))[0][0] for root in self.roots()}
        return [(root, size - sum(sizes[inner] for inner in sizes if inner.startswith(f"{root}/"))) for root, size in sizes.items()]

    def publication(self, numbers: Sequence[int]) -> tuple[int, str | None]:
        """(how many of some articles are undated, the latest day on which another of them was published)."""
        sql = "SELECT sum(day IS NULL), max(substr(published, 1, 10)) FROM articles WHERE number IN ({marks})"
        rows = self.rows_among(sql, numbers)
        return sum(undated or 0 for undated, _ in rows), max((day for _, day in rows if day), default=None)

    # Roots, files and articles, as sync compares them

    def roots(self) -> list[str]:
        """The synced roots."""
        return [path for (path,) in self.rows("SELECT path FROM roots ORDER BY path")]

    def files(self, under: str) -> dict[str, FileRecord]:
        """Location -> record of the remembered files at or under a location."""
        try:
            return {str(row[0]): FileRecord.from_row(row) for row in self.rows(f"SELECT * FROM files WHERE {UNDER}", under_values(under))}
        except ValueError as error:
            raise damaged(self.path, f"what it remembers of a file does not read ({error})") from error

    def known(self, under: str) -> list[Known]:
        """The articles at or under a location."""
        columns = "number, id, location, root, key, text_hash, digest"
        return [
            Known(*row) for row in self.rows(f"SELECT {columns} FROM articles WHERE {UNDER} ORDER BY location, key", under_values(under))
        ]

    def id_taken(self, article_id: str, *, location: str, key: str) -> tuple[int, str] | None:
        """(row number, root) of the article of another place that has this id, if one has."""
        sql = "SELECT number, root FROM articles WHERE id = ? AND NOT (location = ? AND key = ?)"
        rows = self.rows(sql, [article_id, location, key])
        return rows[0] if rows else None

    def shared_vectors(self, search_hash: str, dimension: int) -> NDArray[np.float32] | None:
        """Stored vectors of an article with the same words and prefix, or None."""
        rows = self.rows("SELECT number FROM articles WHERE search_hash = ? LIMIT 1", [search_hash])
        return next((vectors for (number,) in rows for _, vectors in self.stored_vectors([number], dimension)), None)

    # What the vector store still has to learn

    def pending(self, limit: int) -> list[int]:
        """Numbers of articles whose vectors are not in the vector store yet, in order."""
        return [number for (number,) in self.rows("SELECT number FROM articles WHERE indexed = 0 ORDER BY number LIMIT ?", [limit])]

    def unsettled(self) -> int:
        """How many chunks the vector store still has to learn or to forget."""
        ((learn, forget),) = self.rows(
            "SELECT (SELECT ifnull(sum(chunks), 0) FROM articles WHERE indexed = 0), (SELECT count(*) FROM stale)"
        )
        return int(learn + forget)

    def horizon(self) -> int:
        """A number such that the vector store has learnt every article up to it."""
        rows = self.rows("SELECT (SELECT min(number) - 1 FROM articles WHERE indexed = 0), (SELECT max(number) FROM articles)")
        first_pending, last = rows[0]
        return int(first_pending if first_pending is not None else last or 0)

    def stale(self) -> list[str]:
        """Ids of chunks that are no more, which the vector store may still hold."""
        return [id_ for (id_,) in self.rows("SELECT chunk_id FROM stale ORDER BY chunk_id")]

    def chunk_ids(self, numbers: Sequence[int]) -> list[str]:
        """The ids of the chunks of some articles."""
        rows = self.rows_among("SELECT id, spans FROM articles JOIN chunks USING (number) WHERE number IN ({marks})", numbers)
        return [f"{id_}:{start}:{end}" for id_, spans in rows for start, end in unpack(spans)]

    def stored_chunks(self, numbers: Sequence[int], dimension: int) -> Iterator[tuple[list[str], NDArray[np.float32]]]:
        """(ids, vectors) of the chunks of each of some articles."""
        sql = "SELECT number, spans, vectors, chunks.crc, id FROM chunks JOIN articles USING (number) WHERE number IN ({marks})"
        for number, spans, vectors, check, id_ in self.rows_among(sql, numbers):
            self._require_sound("chunks", number, check, spans, vectors)
            yield [f"{id_}:{start}:{end}" for start, end in unpack(spans)], vectors_of(vectors, dimension)

    def stored_vectors(self, numbers: Sequence[int], dimension: int) -> Iterator[tuple[int, NDArray[np.float32]]]:
        """(row number, vectors) of some articles, those that are known; shape of the vectors (chunks, dimension)."""
        for number, spans, vectors, check in self.rows_among(
            "SELECT number, spans, vectors, crc FROM chunks WHERE number IN ({marks})", numbers
        ):
            self._require_sound("chunks", number, check, spans, vectors)
            yield number, vectors_of(vectors, dimension)

    def numbers(self, *, after: int = 0) -> list[int]:
        """The row numbers above `after`, in order."""
        return [number for (number,) in self.rows("SELECT number FROM articles WHERE number > ? ORDER BY number", [after])]

    def chunks_after(self, number: int) -> int:
        """How many chunks the articles above a row number have."""
        if not number:
            return self.totals().chunks
        return int(self.rows("SELECT ifnull(sum(chunks), 0) FROM articles WHERE number > ?", [number])[0][0])

    # Articles

    def find(self, reference: str) -> tuple[Article, tuple[Removed, ...]] | None:
        """The article with this id, doc_id, path or location (the first in that order), and what was cut from it."""
        for column in ("id", "doc_id", "path", "location"):
            rows = self.rows(f"SELECT number FROM articles WHERE {column} = ? ORDER BY number LIMIT 1", [reference])
            if rows:
                return self.numbered(rows[0][0])
        return None

    def numbered(self, number: int) -> tuple[Article, tuple[Removed, ...]]:
        """An article by its row number, and what was cut from it."""
        text, removed, _ = self._part("texts", "text, removed, sentences", number)
        article = article_of(self._head(number), text)
        return article, tuple(Removed(text=piece, rule=rule) for piece, rule in json.loads(removed))

    def whole(self, numbers: Sequence[int]) -> Iterator[tuple[int, Article, tuple[Span, ...], tuple[Span, ...]]]:
        """(row number, article, its sentences, its chunks) of some articles."""
        sql = (
            f"SELECT number, articles.crc, {ARTICLE_COLUMNS}, texts.crc, text, removed, sentences, chunks.crc, spans, vectors "
            "FROM articles JOIN texts USING (number) JOIN chunks USING (number) WHERE number IN ({marks})"
        )
        rows = self.rows_among(sql, numbers)
        for number, check, *head, text_check, text, removed, sentences, chunk_check, spans, vectors in rows:
            self._require_sound("facts", number, check, *head[1:])
            self._require_sound("texts", number, text_check, text, removed, sentences)
            self._require_sound("chunks", number, chunk_check, spans, vectors)
            yield number, article_of(head, text), unpack(sentences), unpack(spans)
        for number in {*numbers} - {row[0] for row in rows}:
            raise damaged(self.path, f"article {number} has lost some of its rows")

    def _head(self, number: int) -> Sequence[Any]:
        """The checked `ARTICLE_COLUMNS` of an article."""
        rows = self.rows(f"SELECT {ARTICLE_COLUMNS}, crc FROM articles WHERE number = ?", [number])
        if not rows:
            raise damaged(self.path, f"article {number} is missing")
        head: list[Any] = list(rows[0][:-1])
        self._require_sound("facts", number, rows[0][-1], *head[1:])
        return head

    def articles(self) -> Iterator[Article]:
        """Every article, in the order of their locations."""
        for (number,) in self.rows("SELECT number FROM articles ORDER BY location, key"):
            yield self.numbered(number)[0]

    def sentences(self, number: int) -> tuple[Span, ...]:
        """The sentence spans of an article."""
        return unpack(self._part("texts", "text, removed, sentences", number)[2])

    def spans(self, number: int) -> tuple[Span, ...]:
        """The chunk spans of an article."""
        return unpack(self._part("chunks", "spans, vectors", number)[0])

    def _part(self, table: str, columns: str, number: int) -> list[Any]:
        """The checked columns of one row."""
        rows = self.rows(f"SELECT {columns}, crc FROM {table} WHERE number = ?", [number])
        if not rows:
            raise damaged(self.path, f"article {number} has lost its {table}")
        values: list[Any] = list(rows[0][:-1])
        self._require_sound(table, number, rows[0][-1], *values)
        return values

    def _require_sound(self, table: str, number: int, check: int, *columns: str | bytes | None) -> None:
        if crc(*columns) != check:
            raise damaged(self.path, f"the {table} of article {number} are not as they were stored")

    def locate(self, article_ids: Sequence[str]) -> dict[str, int]:
        """Article id -> row number, for those that are known."""
        return dict(self.rows_among("SELECT id, number FROM articles WHERE id IN ({marks})", article_ids))

    def ids(self, numbers: Sequence[int]) -> dict[int, str]:
        """Row number -> article id, for those that are known."""
        return dict(self.rows_among("SELECT number, id FROM articles WHERE number IN ({marks})", numbers))

    def terms(self, numbers: Sequence[int]) -> list[tuple[int, bytes, bytes, bytes]]:
        """(row number, title hashes, body hashes, chunk bounds) of some articles, each an array of 32-bit numbers."""
        rows = self.rows_among("SELECT number, title, body, bounds, crc FROM terms WHERE number IN ({marks})", numbers)
        for number, title, body, bounds, check in rows:
            self._require_sound("terms", number, check, title, body, bounds)
        return [row[:4] for row in rows]

    def integrity(self) -> list[str]:
        """What SQLite's own checks and the check sums of the rows find wrong; empty when all is well."""
        return [line for (line,) in self.rows("PRAGMA integrity_check") if line != "ok"] or [*self._unsound_rows()]

    def _unsound_rows(self) -> Iterator[str]:
        for number in self.numbers():
            try:
                self._head(number)
                for table, columns in (
                    ("texts", "text, removed, sentences"),
                    ("chunks", "spans, vectors"),
                    ("terms", "title, body, bounds"),
                ):
                    self._part(table, columns, number)
            except HomeDamaged as error:
                yield str(error)

    def rows_among(self, sql: str, values: Sequence[Any]) -> list[Any]:
        """All rows of a statement whose `{marks}` are filled with `values`, a bounded number at a time."""
        groups = [values[start : start + MANY] for start in range(0, len(values), MANY)]
        return [row for group in groups for row in self.rows(sql.format(marks=marks(group)), list(group))]


def under_values(location: str) -> list[str]:
    """Values for `UNDER`: the location itself, and the range of what lies below it."""
    folder = location.rstrip("/")
    return [location, folder + "/", folder + "0"]  # "0" is the character after "/"


def marks(values: Sequence[Any]) -> str:
    """Question marks to bind values to."""
    return ", ".join("?" * len(values))
