"""Segments as they are written: made of new articles, joined when there are several of a size, cleared of what is no more.

An article is written into a segment once for each size that it passes through, so the cost of one does not grow with the
catalogue but by a step for each eightfold of it. All of it happens within the transaction that stores or deletes the article,
so nothing that is read here is remembered: a number that is rolled back is given again.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import TYPE_CHECKING

from index.catalogue.finding import Finder
from index.catalogue.reading import marks
from index.catalogue.schema import crc
from index.catalogue.segments import Columns, Segment, posting_crc

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from index.postings import Postings

LOOSE = 32
"""Articles that wait in no segment; so many become one."""
FAN = 8
"""Segments of a level that are joined to one of the next."""
_LARGEST = 40_000
"""Articles in a segment, at most: what bounds the time that joining takes."""
_WORN = 4
"""A segment is written anew when more than one part in so many of its articles is no more."""
_AT_A_TIME = 2_000
"""Articles whose postings are joined at a time; of more, a part of all terms at a time."""
_ROWS = 1_000
"""Rows of `postings` in one statement."""


class Folder(Finder):
    """What `Finder` offers, and the making of segments; inside `writing()`."""

    def fold(self) -> None:
        """Make a segment of the articles that are in none, once there are enough; then larger ones of those of a size."""
        segments = self.segments()
        after = segments[-1].last if segments else 0
        numbers = [number for (number,) in self.rows("SELECT number FROM articles WHERE number > ? ORDER BY number", [after])]
        if len(numbers) < LOOSE:
            return
        self._make(numbers)
        level = 0
        while len(alike := [segment for segment in self.segments() if segment.level == level]) >= FAN:
            if sum(segment.articles for segment in alike) > _LARGEST:
                return
            self._join(alike, level + 1)
            level += 1

    def bury(self, number: int) -> None:
        """Note that an article is about to be deleted; its terms are still there."""
        import numpy as np

        for row in self.rows("SELECT * FROM segments WHERE first <= ? AND ? <= last", [number, number]):
            ((_, held, _),) = self._read_terms([number])
            terms = np.unique(np.concatenate([held.title, held.body])).tobytes()
            self.rows("INSERT INTO buried VALUES (?, ?, ?)", [number, terms, crc(terms)])
            self.rows("UPDATE segments SET dead = dead + 1 WHERE segment = ?", [row[0]])
            segment = Segment(*row)
            if _WORN * (segment.dead + 1) > segment.articles:
                self._join([segment], segment.level)

    def _make(self, numbers: Sequence[int]) -> None:
        """A segment of articles that are in none."""
        import numpy as np

        from index.postings import Postings, sketched

        facts = self.rows_among("SELECT words, chunks FROM articles WHERE number IN ({marks}) ORDER BY number", numbers)
        words, chunks = np.array(facts, np.int64).reshape(-1, 2).T
        dimension = self.number("dimension") or 1
        stored = dict(self.stored_vectors(numbers, dimension))
        sketches = sketched(np.concatenate([np.zeros((0, dimension), np.float32), *(stored[number] for number in numbers)]))
        segment = self._put_segment(0, numbers[0], numbers[-1], Columns(np.array(numbers, np.int64), words, chunks, sketches.T))
        self._put_postings(segment, Postings.of([(terms.title, terms.body) for _, terms, _ in self._read_terms(numbers)]))

    def _join(self, segments: Sequence[Segment], level: int) -> None:
        """One segment of several, without what is no more."""
        import numpy as np

        from index.postings import Postings

        held = [self.columns(segment.segment) for segment in segments]
        first, last = segments[0].first, segments[-1].last
        buried = [number for (number,) in self.rows("SELECT number FROM buried WHERE number BETWEEN ? AND ?", [first, last])]
        live = [~np.isin(columns.numbers, buried) for columns in held]
        if any(some.any() for some in live):
            joined = self._put_segment(level, first, last, _joined(held, live))
            moved = _moved(live)
            steps = 1 + sum(segment.articles for segment in segments) // _AT_A_TIME
            bounds = [part * (1 << 32) // steps for part in range(steps + 1)]
            for low, high in pairwise(bounds):
                parts = [self.segment_postings(segment.segment, low, high) for segment in segments]
                self._put_postings(joined, Postings.merged(list(zip(parts, moved, strict=True))))
        self.rows("DELETE FROM buried WHERE number BETWEEN ? AND ?", [first, last])
        numbers = [segment.segment for segment in segments]
        for table in ("segments", "columns", "postings"):
            self.rows(f"DELETE FROM {table} WHERE segment IN ({marks(numbers)})", numbers)

    def _put_segment(self, level: int, first: int, last: int, columns: Columns) -> int:
        sql = "INSERT INTO segments (level, first, last, articles, dead) VALUES (?, ?, ?, ?, 0) RETURNING segment"
        ((segment,),) = self.rows(sql, [level, first, last, len(columns.numbers)])
        blobs = [columns.numbers.tobytes(), columns.words.tobytes(), columns.chunks.tobytes(), columns.sketches.T.tobytes()]
        self.rows("INSERT INTO columns VALUES (?, ?, ?, ?, ?, ?)", [segment, *blobs, crc(*blobs)])
        return int(segment)

    def _put_postings(self, segment: int, postings: Postings) -> None:
        rows = [(segment, term, records, posting_crc(segment, term, records)) for term, records in postings.rows()]
        for start in range(0, len(rows), _ROWS):
            some = rows[start : start + _ROWS]
            self.rows(f"INSERT INTO postings VALUES {', '.join(['(?, ?, ?, ?)'] * len(some))}", [value for row in some for value in row])


def _joined(held: Sequence[Columns], live: Sequence[NDArray[np.bool_]]) -> Columns:
    """The columns of several segments, without what is no more."""
    import numpy as np

    pairs = list(zip(held, live, strict=True))
    return Columns(
        np.concatenate([columns.numbers[some] for columns, some in pairs]),
        np.concatenate([columns.words[some] for columns, some in pairs]),
        np.concatenate([columns.chunks[some] for columns, some in pairs]),
        np.concatenate([columns.sketches[:, np.repeat(some, columns.chunks)] for columns, some in pairs], axis=1),
    )


def _moved(live: Sequence[NDArray[np.bool_]]) -> list[NDArray[np.int64]]:
    """Where the places of each of several segments go in their joint one; -1 for what is no more."""
    import numpy as np

    moved, start = [], 0
    for some in live:
        moved.append(np.where(some, start + np.cumsum(some) - 1, -1))
        start += int(np.count_nonzero(some))
    return moved
