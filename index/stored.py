"""Comparison with the stored vectors themselves, without the vector store.

Thousands of chunks are compared exactly. Of more, the nearest by sketch (the signs of the vectors' numbers, a bit each) are found
first, and only these compared exactly. It serves most homes wholly, and of the largest what the vector store does not know yet.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from index.catalogue import Catalogue
from index.recent import Recent
from index.types import Filters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

KEPT = 20_000
"""Chunks whose vectors are kept in memory between searches; 30 MB for vectors of 384 numbers. More are compared by sketch."""
SKETCHED = 10
"""So many times the chunks that are wanted are found by equal signs,"""
READ = 2
"""and so many times of them are read, those whose sketches lean most towards the vector (docs/experiments.md)."""
_BLOCK = 384_000
"""Numbers that are multiplied at a time: few enough for numpy not to wake helper threads, which on a busy machine cost most."""
_NUMBERS_KEPT = 4_000_000
"""Numbers of single articles' vectors that are kept in memory; 4 bytes each."""


class _Kept(NamedTuple):
    """The vectors of all articles above a row number, as of a generation."""

    generation: int
    after: int
    numbers: NDArray[np.int64]
    """The articles, ascending."""
    bounds: NDArray[np.int64]
    """Article k has the rows [bounds[k], bounds[k + 1])."""
    vectors: NDArray[np.float32]


class StoredVectors:
    """The catalogue's own vectors. Called inside a snapshot; several threads may share one."""

    def __init__(self, catalogue: Catalogue, dimension: int) -> None:
        self._catalogue = catalogue
        self._dimension = dimension
        self._lock = threading.Lock()
        self._kept: _Kept | None = None
        self._recent: Recent[int, NDArray[np.float32]] = Recent(_NUMBERS_KEPT)

    def nearest(self, vector: NDArray[np.float32], *, limit: int, after: int = 0, filters: Filters | None = None) -> list[int]:
        """Row numbers of the articles that hold the nearest chunks.

        Args:
            vector: shape (dimension,), unit length.
            limit: how many chunks; more where the last are equally near.
            after: only articles above this row number.
            filters: only articles that pass them.
        """
        places = self._catalogue.places()
        wanted = self._catalogue.allowed(filters or Filters())
        if after:
            wanted = wanted & (places.numbers > after)
        if int(places.chunks[places.numbers.searchsorted(after, side="right") :].sum()) <= KEPT:
            return self._nearest_kept(vector, limit, after, places.numbers[wanted])
        return self._nearest_sketched(vector, limit, wanted)

    def of(self, numbers: Sequence[int]) -> list[NDArray[np.float32]]:
        """The vectors of some articles, which are known."""
        found: dict[int, NDArray[np.float32]] = {}
        kept = self._kept
        if kept is not None and len(kept.numbers):
            rows = kept.numbers.searchsorted(numbers).clip(max=len(kept.numbers) - 1)
            present = (kept.numbers[rows] == numbers).tolist()
            slices = zip(numbers, present, kept.bounds[rows].tolist(), kept.bounds[rows + 1].tolist(), strict=True)
            found = {number: kept.vectors[start:end] for number, here, start, end in slices if here}
        found.update(self._recent.among([number for number in numbers if number not in found], self._read))
        return [found[number] for number in numbers]

    def _read(self, numbers: Sequence[int]) -> Iterator[tuple[int, NDArray[np.float32], int]]:
        for number, rows in self._catalogue.stored_vectors(numbers, self._dimension):
            yield number, rows, rows.size

    # Few: every vector

    def _nearest_kept(self, vector: NDArray[np.float32], limit: int, after: int, wanted: NDArray[np.int64]) -> list[int]:
        import numpy as np

        kept = self._refreshed(after)
        scores = _compared(kept.vectors, vector)
        if np.array_equal(kept.numbers, wanted):
            rows = np.arange(len(scores))
        else:
            rows = np.flatnonzero(np.repeat(np.isin(kept.numbers, wanted), np.diff(kept.bounds)))
        best = rows[_best(scores[rows], limit)]
        return [int(number) for number in kept.numbers[np.unique(kept.bounds.searchsorted(best, side="right") - 1)]]

    def _refreshed(self, after: int) -> _Kept:
        import numpy as np

        generation = self._catalogue.generation
        with self._lock:
            kept = self._kept
            # What was kept at a later generation will do: whatever this snapshot does not know is not wanted.
            if kept is not None and kept.generation >= generation and kept.after <= after:
                return kept
            places = self._catalogue.places()
            numbers = places.numbers[places.live & (places.numbers > after)]
            known = set() if kept is None else set(kept.numbers.tolist())
            fresh = {number: rows for number, rows, _ in self._read([number for number in numbers.tolist() if number not in known])}
            old = dict(zip(known, self.of([*known]), strict=True))
            pieces = [fresh[number] if number in fresh else old[number] for number in numbers.tolist()]
            bounds = np.cumsum([0, *(len(piece) for piece in pieces)])
            vectors = np.concatenate([np.zeros((0, self._dimension), np.float32), *pieces])
            self._kept = _Kept(generation, after, numbers, bounds, vectors)
            return self._kept

    # Many: first by sketch

    def _nearest_sketched(self, vector: NDArray[np.float32], limit: int, wanted: NDArray[np.bool_]) -> list[int]:
        import numpy as np

        places = self._catalogue.places()
        bounds = np.concatenate([[0], np.cumsum(places.chunks)])
        rows = np.concatenate([self._near_sketches(vector, limit, wanted), _rows_of(wanted, bounds, places.loose)])
        owners = bounds.searchsorted(rows, side="right") - 1
        found, which = np.unique(owners, return_inverse=True)
        pieces = self.of(places.numbers[found].tolist())
        starts = np.cumsum([0, *(len(piece) for piece in pieces)])[:-1]
        vectors = np.concatenate([np.zeros((0, self._dimension), np.float32), *pieces])
        scores = np.vecdot(vectors[starts[which] + rows - bounds[owners]], vector)
        return [int(number) for number in places.numbers[np.unique(owners[_best(scores, limit)])]]

    def _near_sketches(self, vector: NDArray[np.float32], limit: int, wanted: NDArray[np.bool_]) -> NDArray[np.int64]:
        """The chunks of segments that are nearest by sketch, as rows of all chunks: `READ` times `limit`, more where the last are equal."""
        import numpy as np

        from index.postings import distances, leanings, sketched

        places = self._catalogue.places()
        (sketch,) = sketched(vector[None, :])
        segments = [self._catalogue.columns(segment).sketches for segment in places.starts]
        chosen = None if wanted[: places.loose].all() else np.flatnonzero(np.repeat(wanted[: places.loose], places.chunks[: places.loose]))
        parts = _by_segment(segments, chosen) if chosen is not None else ((sketches, None) for sketches in segments)
        apart = np.concatenate([np.zeros(0, np.uint16), *(distances(sketches, sketch, rows) for sketches, rows in parts)])
        count = min(SKETCHED * limit, len(apart))
        near = np.flatnonzero(apart <= np.partition(apart, count - 1)[count - 1]) if count else np.zeros(0, np.int64)
        rows = near if chosen is None else chosen[near]
        columns = [sketches[:, some] for sketches, some in _by_segment(segments, rows)]
        return rows[_best(leanings(np.concatenate(columns, axis=1), vector), READ * limit)] if len(rows) else rows


def _by_segment(segments: Sequence[NDArray[np.uint64]], rows: NDArray[np.int64]) -> Iterator[tuple[NDArray[np.uint64], NDArray[np.int64]]]:
    """The sketches of each segment, with those of some rows that lie in it; rows count through all segments, ascending."""
    import numpy as np

    ends = np.cumsum([0, *(sketches.shape[1] for sketches in segments)])
    cuts = rows.searchsorted(ends).tolist()
    for sketches, first, start, end in zip(segments, ends, cuts, cuts[1:], strict=False):
        yield sketches, rows[start:end] - first


def _rows_of(wanted: NDArray[np.bool_], bounds: NDArray[np.int64], start: int) -> NDArray[np.int64]:
    """The rows of all wanted articles from a place on."""
    import numpy as np

    return np.flatnonzero(np.repeat(wanted[start:], np.diff(bounds)[start:])) + int(bounds[start])


def _best(scores: NDArray[np.float32], limit: int) -> NDArray[np.int64]:
    """Where the `limit` best are, and all that equal the last of them."""
    import numpy as np

    if len(scores) <= limit:
        return np.arange(len(scores))
    last = np.partition(scores, len(scores) - limit)[len(scores) - limit]
    return np.flatnonzero(scores >= last)


def _compared(vectors: NDArray[np.float32], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """The similarity of each row."""
    import numpy as np

    rows = max(1, _BLOCK // max(1, len(vector)))
    blocks = [vectors[start : start + rows] @ vector for start in range(0, len(vectors), rows)]
    return np.concatenate(blocks) if blocks else np.zeros(0, np.float32)
