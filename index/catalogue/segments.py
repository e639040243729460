"""Segments as the search reads them: the articles of a generation by place, and which of them hold a word.

A segment never changes and its number is never given twice, so what was read of one is kept. The few articles that are in no
segment yet are looked at one by one.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple

from index.catalogue.complaints import damaged
from index.catalogue.reading import Reader, marks
from index.errors import HomeDamaged
from index.recent import Recent

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.postings import Postings

_TERMS_KEPT = 4_000_000
"""Terms of single articles that are kept in memory; 4 bytes each."""


class Segment(NamedTuple):
    """A row of `segments`."""

    segment: int
    level: int
    """How often it was joined from smaller ones."""
    first: int
    """The articles of this number to `last` are in it, or are no more."""
    last: int
    articles: int
    dead: int


class Columns(NamedTuple):
    """What a segment holds of each of its articles, in order."""

    numbers: NDArray[np.int64]
    words: NDArray[np.int64]
    chunks: NDArray[np.int64]
    """How many."""
    sketches: NDArray[np.uint64]
    """Shape (words, chunks of all); see `index.postings.sketched`."""


class Terms(NamedTuple):
    """The term hashes of an article."""

    title: NDArray[np.uint32]
    body: NDArray[np.uint32]
    bounds: NDArray[np.int64]
    """Chunk k holds the body's terms [bounds[k], bounds[k + 1])."""
    lengths: NDArray[np.int64]
    """How many terms each chunk holds."""


class Holders(NamedTuple):
    """Which articles hold some terms, an entry for each pair."""

    which: NDArray[np.int64]
    """The term, by its place among those asked for."""
    places: NDArray[np.int64]
    body: NDArray[np.int64]
    """How often the article holds it in its body."""
    title: NDArray[np.int64]


class Pieces(NamedTuple):
    """Arrays of term hashes laid end to end."""

    joined: NDArray[np.uint32]
    starts: NDArray[np.int64]
    ends: NDArray[np.int64]

    @classmethod
    def of(cls, pieces: Sequence[NDArray[np.uint32]]) -> Pieces:
        """Pieces of any number, one too."""
        import numpy as np

        lengths = np.array([len(piece) for piece in pieces], np.int64)
        ends = np.cumsum(lengths)
        return cls(np.concatenate([np.zeros(0, np.uint32), *pieces]), ends - lengths, ends)

    def counts(self, terms: Sequence[int], ends: NDArray[np.int64]) -> NDArray[np.int64]:
        """How often each term occurs in each of the stretches that end at `ends`, the first of which begins at 0."""
        import numpy as np

        asked = np.array(terms, np.uint32)
        order = np.argsort(asked)
        some = np.zeros(len(self.joined), np.bool_)
        for term in asked:
            some |= self.joined == term
        found = np.flatnonzero(some)
        which = order[np.searchsorted(asked, self.joined[found], sorter=order)]
        cells = which * len(ends) + np.searchsorted(ends, found, side="right")
        return np.bincount(cells, minlength=len(asked) * len(ends)).reshape(len(asked), len(ends))


@dataclass(frozen=True, slots=True)
class Places:
    """The articles of a generation, ordered by number: those of the segments, then those in none."""

    generation: int
    numbers: NDArray[np.int64]
    words: NDArray[np.int64]
    chunks: NDArray[np.int64]
    live: NDArray[np.bool_]
    """False for those that are no more."""
    starts: dict[int, int]
    """Segment -> the place of its first article."""
    loose: int
    """The first place that is in no segment."""
    titles: Pieces
    """The terms of the articles from `loose` on."""
    bodies: Pieces
    buried: NDArray[np.uint32]
    """The terms of those that are no more, each once an article."""

    def of(self, numbers: Sequence[int] | NDArray[np.int64]) -> NDArray[np.int64]:
        """The places of some row numbers, those that are known and live."""
        import numpy as np

        wanted = np.asarray(numbers, np.int64)
        places = np.minimum(np.searchsorted(self.numbers, wanted), max(len(self.numbers) - 1, 0))
        return places[(self.numbers[places] == wanted) & self.live[places]] if len(self.numbers) else places[:0]


class Segments(Reader):
    """What `Reader` offers, and the segments."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._columns: dict[int, Columns] = {}
        self._places: Places | None = None
        self._terms: Recent[int, Terms] = Recent(_TERMS_KEPT)

    def segments(self) -> list[Segment]:
        """All, in the order of their articles."""
        return [Segment(*row) for row in self.rows("SELECT * FROM segments ORDER BY first")]

    def columns(self, segment: int) -> Columns:
        """What a segment holds of its articles."""
        known = self._columns.get(segment)
        return known if known is not None else self._read_columns(segment)

    def places(self) -> Places:
        """The articles of this snapshot's generation."""
        with self.snapshot() as generation:
            known = self._places
            if known is not None and known.generation == generation:
                return known
            places = self._read_places(generation)
            if int(places.live.sum()) != self.totals().articles:
                raise self._astray()
        if known is None or known.generation < generation:
            self._places = places
        return places

    def term_arrays(self, numbers: Sequence[int]) -> list[Terms]:
        """The term hashes of some articles, which are known."""
        found = self._terms.among(numbers, self._read_terms)
        try:
            return [found[number] for number in numbers]
        except KeyError as error:
            raise damaged(self.path, f"article {error} has lost its terms") from error

    def holding(self, terms: Sequence[int]) -> dict[int, int]:
        """Term -> how many articles hold it, for those that any does."""
        import numpy as np

        from index.postings import RECORD

        places = self.places()
        sql = "SELECT term, sum(length(records)) FROM postings WHERE segment IN ({segments}) AND term IN ({terms}) GROUP BY term"
        held = {term: size // RECORD.itemsize for term, size in self._postings(sql, list(places.starts), terms)}
        body, title = _loose(places, terms)
        loose = np.count_nonzero(body + title, axis=1).tolist()
        buried = [int(np.count_nonzero(places.buried == np.uint32(term))) if len(places.buried) else 0 for term in terms]
        counts = {term: held.get(term, 0) + more - less for term, more, less in zip(terms, loose, buried, strict=True)}
        return {term: count for term, count in counts.items() if count}

    def holders(self, terms: Sequence[int]) -> Holders:
        """The articles that hold some terms, those that are no more among them; by term, then place."""
        import numpy as np

        from index.postings import RECORD

        places, order = self.places(), {term: number for number, term in enumerate(terms)}
        sql = "SELECT segment, term, records, crc FROM postings WHERE segment IN ({segments}) AND term IN ({terms})"
        rows = self._postings(sql, list(places.starts), terms)
        for row in rows:
            self._require_posting(*row)
        records = np.frombuffer(b"".join(row[2] for row in rows), RECORD)
        lengths = [len(row[2]) // RECORD.itemsize for row in rows]
        body, title = _loose(places, terms)
        which, loose = np.nonzero(body + title)
        all_which = np.concatenate([np.repeat(np.array([order[row[1]] for row in rows], np.int64), lengths), which])
        starts = np.repeat(np.array([places.starts[row[0]] for row in rows], np.int64), lengths)
        all_places = np.concatenate([starts + records["place"], places.loose + loose])
        by_term = np.lexsort((all_places, all_which))
        return Holders(
            all_which[by_term],
            all_places[by_term],
            np.concatenate([records["body"], body[which, loose]])[by_term],
            np.concatenate([records["title"], title[which, loose]])[by_term],
        )

    def segment_postings(self, segment: int, low: int, high: int) -> Postings:
        """The postings of a segment for the terms in [low, high)."""
        from index.postings import Postings

        rows = self.rows(
            "SELECT term, records, crc FROM postings WHERE segment = ? AND term >= ? AND term < ? ORDER BY term", [segment, low, high]
        )
        for term, records, check in rows:
            self._require_posting(segment, term, records, check)
        return Postings.read([row[:2] for row in rows])

    def integrity(self) -> list[str]:
        """What SQLite's own checks and the check sums of all rows find wrong; empty when all is well."""
        broken = super().integrity()
        try:
            return broken or [*self._unsound_segments()]
        except HomeDamaged as error:
            return [str(error)]

    def _unsound_segments(self) -> Iterator[str]:
        from index.postings import MOST_COUNTED

        for segment in self.segments():
            words = int(self._read_columns(segment.segment).words.sum())
            counts = self.segment_postings(segment.segment, 0, 1 << 32).records["body"]
            if int(counts.sum(dtype="int64")) != words and not (counts == MOST_COUNTED).any():
                yield f"segment {segment.segment} has lost some of its postings"
        with self.snapshot() as generation:
            places = self._read_places(generation)
            if places.numbers[places.live].tolist() != self.numbers():
                yield str(self._astray())

    def _postings(self, sql: str, segments: Sequence[int], terms: Sequence[int]) -> list[Any]:
        if not segments or not terms:
            return []
        return self.rows(sql.format(segments=marks(segments), terms=marks(terms)), [*segments, *terms])

    def _require_posting(self, segment: int, term: int, records: bytes, check: int) -> None:
        if posting_crc(segment, term, records) != check:
            raise damaged(self.path, f"the postings of segment {segment} are not as they were stored")

    def _read_columns(self, segment: int) -> Columns:
        import numpy as np

        rows = self.rows("SELECT numbers, words, chunks, sketches, crc FROM columns WHERE segment = ?", [segment])
        if not rows:
            raise damaged(self.path, f"segment {segment} has lost its columns")
        *blobs, check = rows[0]
        self._require_sound("columns", segment, check, *blobs)
        numbers, words, chunks = (np.frombuffer(blob, np.int64) for blob in blobs[:3])
        sketches = np.frombuffer(blobs[3], np.uint64)
        rows_held = int(chunks.sum())
        # A word of every chunk after the other: that is how they are compared.
        return Columns(numbers, words, chunks, np.ascontiguousarray(sketches.reshape(rows_held, -1 if rows_held else 0).T))

    def _astray(self) -> HomeDamaged:
        return damaged(self.path, "its segments do not hold the articles that it has")

    def _read_places(self, generation: int) -> Places:
        import numpy as np

        segments = self.segments()
        self._columns = {segment.segment: self.columns(segment.segment) for segment in segments}
        held = [self._columns[segment.segment] for segment in segments]
        after = segments[-1].last if segments else 0
        rows = self.rows("SELECT number, words, chunks FROM articles WHERE number > ? ORDER BY number", [after])
        fresh = np.array(rows, np.int64).reshape(-1, 3)
        terms = self.term_arrays(fresh[:, 0].tolist())
        numbers = np.concatenate([*(columns.numbers for columns in held), fresh[:, 0]])
        dead, buried = self._buried() if any(segment.dead for segment in segments) else ([], np.zeros(0, np.uint32))
        stops = np.cumsum([0, *(len(columns.numbers) for columns in held)]).tolist()
        return Places(
            generation=generation,
            numbers=numbers,
            words=np.concatenate([*(columns.words for columns in held), fresh[:, 1]]),
            chunks=np.concatenate([*(columns.chunks for columns in held), fresh[:, 2]]),
            live=~np.isin(numbers, dead),
            starts={segment.segment: start for segment, start in zip(segments, stops[:-1], strict=True)},
            loose=stops[-1],
            titles=Pieces.of([some.title for some in terms]),
            bodies=Pieces.of([some.body for some in terms]),
            buried=buried,
        )

    def _buried(self) -> tuple[list[int], NDArray[np.uint32]]:
        """(row numbers, terms) of the articles that segments hold and that are no more."""
        import numpy as np

        rows = self.rows("SELECT number, terms, crc FROM buried ORDER BY number")
        for number, terms, check in rows:
            self._require_sound("buried terms", number, check, terms)
        return [row[0] for row in rows], np.frombuffer(b"".join(row[1] for row in rows), np.uint32)

    def _read_terms(self, numbers: Sequence[int]) -> Iterator[tuple[int, Terms, int]]:
        import numpy as np

        for number, *blobs in self.terms(numbers):
            title, body, bounds = (np.frombuffer(blob, np.uint32) for blob in blobs)
            edges = bounds.astype(np.int64)
            yield number, Terms(title, body, edges, np.diff(edges)), len(title) + len(body)


def _loose(places: Places, terms: Sequence[int]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """How often the articles of no segment hold some terms, in the body and in the title; shape (terms, articles)."""
    return places.bodies.counts(terms, places.bodies.ends), places.titles.counts(terms, places.titles.ends)


def posting_crc(segment: int, term: int, records: bytes) -> int:
    """The check sum of a row of `postings`, its key included."""
    return zlib.crc32(records, zlib.crc32(b"%d %d" % (segment, term)))
