"""Changes to the catalogue. Each method belongs inside `writing()`, so that an article changes wholly or not at all."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from typing import Any

from index.catalogue.linking import Linker
from index.catalogue.schema import ARTICLE_COLUMNS, Entry, FileRecord, crc, pack
from index.types import day_number


class Catalogue(Linker):
    """An open catalogue: what `Database`, `Reader`, `Finder`, `Folder` and `Linker` offer, and changes."""

    def set_root(self, path: str, *, absorbed: Iterable[str] = ()) -> None:
        """Record a root; `absorbed` roots lie inside it and are roots no more."""
        for old in absorbed:
            self.drop_root(old)
        self.rows("INSERT OR IGNORE INTO roots VALUES (?)", [path])

    def drop_root(self, path: str) -> None:
        """Forget a root; its articles go by `delete`."""
        self.rows("DELETE FROM roots WHERE path = ?", [path])

    def set_file(self, record: FileRecord) -> None:
        """Remember a file."""
        row = record.to_row()
        self.rows(f"INSERT OR REPLACE INTO files VALUES ({', '.join('?' * len(row))})", row)

    def drop_file(self, location: str) -> None:
        """Forget a file."""
        self.rows("DELETE FROM files WHERE location = ?", [location])

    def put(self, entry: Entry) -> None:
        """Insert an article, or replace the one of the same file and key."""
        for (number,) in self.rows("SELECT number FROM articles WHERE location = ? AND key = ?", [entry.location, entry.key]):
            self.delete(number)
        number = self._put_row(entry)
        removed = json.dumps([[piece.text, piece.rule] for piece in entry.removed])
        self._put_part("texts", number, entry.article.text, removed, pack(entry.sentences))
        self._put_part("chunks", number, pack(entry.chunks), entry.vectors.tobytes())
        self._put_terms(number, entry)
        self.link(number, entry.article.id, entry.body_stems)
        self._count(1, len(entry.chunks), len(entry.body_stems))
        self.fold()
        self.advance("generation")

    def _put_part(self, table: str, number: int, *columns: str | bytes) -> None:
        self.rows(f"INSERT INTO {table} VALUES (?, {'?, ' * len(columns)}?)", [number, *columns, crc(*columns)])

    def _put_row(self, entry: Entry) -> int:
        article = entry.article
        row: dict[str, Any] = {
            "id": article.id,
            "location": entry.location,
            "root": article.root,
            "path": article.path,
            "key": entry.key,
            "doc_id": article.doc_id,
            "title": article.title,
            "publisher": article.publisher,
            "published": article.published,
            "day": day_number(article.published),
            "url": article.url,
            "authors": json.dumps(article.authors),
            "provenance": json.dumps(dict(article.provenance)),
            "text_hash": article.text_hash,
            "search_hash": entry.search_hash,
            "digest": entry.digest,
            "words": len(entry.body_stems),
            "chunks": len(entry.chunks),
            "indexed": 0,
        }
        row["crc"] = crc(*(row[name] for name in ARTICLE_COLUMNS.split(", ")[1:]))
        marks = ", ".join("?" * len(row))
        return int(self.rows(f"INSERT INTO articles ({', '.join(row)}) VALUES ({marks}) RETURNING number", list(row.values()))[0][0])

    def _put_terms(self, number: int, entry: Entry) -> None:
        import numpy as np

        from index.terms import hashes

        bounds = np.asarray(entry.bounds, dtype=np.uint32).tobytes()
        title, body = hashes(entry.title_stems).tobytes(), hashes(entry.body_stems).tobytes()
        self._put_part("terms", number, title, body, bounds)

    def delete(self, number: int) -> None:
        """Delete an article, and note its chunks as stale."""
        self._mark_stale(number)
        for chunks, words in self.rows("SELECT chunks, words FROM articles WHERE number = ?", [number]):
            self._count(-1, -chunks, -words)
        self.bury(number)
        self.unlink(number)
        for table in ("texts", "chunks", "terms", "articles"):
            self.rows(f"DELETE FROM {table} WHERE number = ?", [number])
        self.advance("generation")

    def _count(self, articles: int, chunks: int, words: int) -> None:
        """Keep the corpus-wide counts, which would take a pass over all articles to find."""
        for name, change in (("articles", articles), ("chunks", chunks), ("words", words)):
            self.set_meta(name, str((self.number(name) or 0) + change))

    def _mark_stale(self, number: int) -> None:
        for chunk_id in self.chunk_ids([number]):
            self.rows("INSERT OR IGNORE INTO stale VALUES (?)", [chunk_id])

    def release_id(self, number: int) -> None:
        """Give an article a name of its own until it is put again, since another one needs its id."""
        self._mark_stale(number)
        self.rows("UPDATE articles SET id = ?, indexed = 0 WHERE number = ?", [f"moving-{number}", number])
        self.advance("generation")

    def mark_indexed(self, numbers: Sequence[int], forgotten: Sequence[str]) -> None:
        """Record that the vector store has learnt `numbers` and no longer holds the stale chunks."""
        self.rows_among("UPDATE articles SET indexed = 1 WHERE number IN ({marks})", numbers)
        self.rows_among("DELETE FROM stale WHERE chunk_id IN ({marks})", forgotten)
        self.advance("vectors_generation")

    def mark_all_pending(self) -> None:
        """Have every vector taught to the vector store again, since it is being rebuilt."""
        self.rows("UPDATE articles SET indexed = 0")
        self.rows("DELETE FROM stale")
