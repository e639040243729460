"""Postings: for each term, which articles of a segment hold it and how often. Pure arrays; the catalogue stores them.

A segment is a run of articles, the first at place 0. Terms are the 32-bit hashes of `index.terms`.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

RECORD = np.dtype([("place", "<u2"), ("body", "<u2"), ("title", "u1")])
"""An article's place in its segment, and how often its body and its title hold the term; counts stop at the largest number."""
MOST_COUNTED = 0xFFFF
"""Where the counts of a body stop."""
_WORD_BITS = 64


class Postings(NamedTuple):
    """The records of a segment, ordered by term, then place."""

    terms: NDArray[np.uint32]
    """The term of each record."""
    records: NDArray[np.void]

    def rows(self) -> Iterator[tuple[int, bytes]]:
        """Each term with its records, as they are stored."""
        if not len(self.terms):
            return
        starts = np.flatnonzero(np.concatenate([[True], self.terms[1:] != self.terms[:-1]]))
        ends = [*starts[1:].tolist(), len(self.terms)]
        data, size = self.records.tobytes(), RECORD.itemsize
        for term, start, end in zip(self.terms[starts].tolist(), starts.tolist(), ends, strict=True):
            yield term, data[start * size : end * size]

    @classmethod
    def of(cls, articles: Sequence[tuple[NDArray[np.uint32], NDArray[np.uint32]]]) -> Postings:
        """The postings of (title, body) term hashes, one pair an article."""
        (title_keys, title_counts), (body_keys, body_counts) = (_counted([pair[part] for pair in articles]) for part in (0, 1))
        keys = np.union1d(title_keys, body_keys)
        records = np.zeros(len(keys), RECORD)
        records["place"] = keys & 0xFFFF
        records["body"][np.searchsorted(keys, body_keys)] = np.minimum(body_counts, MOST_COUNTED)
        records["title"][np.searchsorted(keys, title_keys)] = np.minimum(title_counts, 0xFF)
        return cls((keys >> 16).astype(np.uint32), records)

    @classmethod
    def read(cls, rows: Sequence[tuple[int, bytes]]) -> Postings:
        """What `rows` gave, terms ascending."""
        records = np.frombuffer(b"".join(data for _, data in rows), RECORD)
        lengths = [len(data) // RECORD.itemsize for _, data in rows]
        return cls(np.repeat(np.array([term for term, _ in rows], np.uint32), lengths), records)

    @classmethod
    def merged(cls, parts: Sequence[tuple[Postings, NDArray[np.int64]]]) -> Postings:
        """Several as one; an array for each says where its places go, below 0 for articles that are no more."""
        terms, records = [], []
        for postings, moved in parts:
            places = moved[postings.records["place"]]
            some = postings.records[places >= 0].copy()
            some["place"] = places[places >= 0]
            terms.append(postings.terms[places >= 0])
            records.append(some)
        joined = np.concatenate([np.zeros(0, np.uint32), *terms])
        order = np.argsort(joined, kind="stable")
        return cls(joined[order], np.concatenate([np.zeros(0, RECORD), *records])[order])


def _counted(pieces: Sequence[NDArray[np.uint32]]) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """(term and place as one number, how often) of each term of each piece."""
    places = np.repeat(np.arange(len(pieces)), [len(piece) for piece in pieces])
    terms = np.concatenate([np.zeros(0, np.uint32), *pieces]).astype(np.int64)
    keys, counts = np.unique(terms << 16 | places, return_counts=True)
    return keys, counts


def sketched(vectors: NDArray[np.floating]) -> NDArray[np.uint64]:
    """The signs of vectors as bits, shape (rows, ceil(dimension / 64)); how many bits differ says how far apart two are."""
    bits = np.packbits(vectors > 0, axis=1)
    padding = -bits.shape[1] % (_WORD_BITS // 8)
    return np.ascontiguousarray(np.pad(bits, ((0, 0), (0, padding)))).view(np.uint64)


def distances(sketches: NDArray[np.uint64], sketch: NDArray[np.uint64], rows: NDArray[np.int64] | None = None) -> NDArray[np.uint16]:
    """How many bits each column of `sketches`, shape (words, rows), has different from `sketch`; only those of `rows` if they are given."""
    total = np.zeros(sketches.shape[1] if rows is None else len(rows), np.uint16)
    for column, word in zip(sketches, sketch, strict=True):
        total += np.bitwise_count((column if rows is None else column.take(rows)) ^ word)
    return total


def leanings(sketches: NDArray[np.uint64], vector: NDArray[np.float32]) -> NDArray[np.float32]:
    """How far each column of `sketches`, shape (words, rows), leans towards a vector: its numbers, each with the column's sign, summed up.

    Nearer to the product of the two vectors than the count of equal signs is: a number near zero hardly counts.
    """
    bits = np.unpackbits(np.ascontiguousarray(sketches.T).view(np.uint8), axis=1)[:, : len(vector)]
    return np.asarray(bits.astype(np.float32) @ (2 * vector) - vector.sum(), np.float32)
