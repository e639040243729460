"""When one article's text is a copy of another's, told from the stored hashes of their words.

A copy may be cut, lightly rewritten, given a new headline, an agency's credit or furniture of the page. What it has not is a stretch
of its own: where two papers report one event and share quotes and background, each still has whole paragraphs that the other lacks.
So two articles are copies when most words of the shorter stand in runs of words that both have, and no long stretch lies between.

Pairs worth comparing are found by bottom-k MinHash (Broder 1997): of the hashes of all shingles, runs of a few words, an article is filed
under the smallest ones. Unlike bands of a signature they find a half again in its whole. What is filed where is in `catalogue.linking`.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING, NamedTuple

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WORDS = 4
"""Words of a shingle."""
KEYS = 24
"""Shingles that an article is filed under, at most."""
_SHARED, _MOSTLY_SHARED = 0.6, 0.75
"""Parts of the shorter text that both have. From the second on it may have a long stretch of its own; down to the first ever shorter
ones, since where words were exchanged all over a copy, what is not shared lies scattered. Chosen by `python -m benchmarks.copies`."""
_OWN_STRETCH = 40
"""Words in a row that the shorter of two copies has for itself, at most; chosen likewise."""
_NOTICE = 40
"""Words of a short notice: it is a copy only if the other has all of its words, since notices share their form and differ in a name."""
_SHORTEST = 0.25
"""A copy has at least this part of the other's words: a report that a digest of many took over whole is not that digest's copy."""
_NUMBERS = 0.5
"""Part of the numbers that both have, of the text with fewer: what a daily notice changes are its numbers alone."""
_NEW_WORDS = 15
"""Words in a row that make a passage say something that another article does not."""


class Shared(NamedTuple):
    """What a text has in common with another."""

    part: float
    """Of its words, those in runs that both have; 1 for a text without words."""
    own: int
    """The longest stretch of words that it has for itself."""


class Text(NamedTuple):
    """What is compared of an article."""

    terms: NDArray[np.uint32]
    """The hash of every word's stem, in order."""
    numbers: NDArray[np.uint32]
    """The hashes among them that are of numbers, each once, ascending."""


def shingles(terms: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The hash of the words from each place on; one for a text that is shorter than a shingle."""
    import numpy as np

    padded = terms if len(terms) >= WORDS or not len(terms) else np.pad(terms, (0, WORDS - len(terms)))
    count = max(len(padded) - WORDS + 1, 0)
    mixed = np.zeros(count, np.uint64)
    for word in range(WORDS):
        # The odd constants of splitmix64 (Steele, Lea and Flood 2014); what overflows is dropped.
        mixed = (mixed ^ padded[word : word + count]) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(31)
        mixed *= np.uint64(0x94D049BB133111EB)
    return (mixed >> np.uint64(1)).astype(np.int64)


def keys(terms: NDArray[np.uint32]) -> NDArray[np.int64]:
    """The smallest hashes of a text's shingles, ascending."""
    import numpy as np

    return np.unique(shingles(terms))[:KEYS]


def number_hashes(stems: Iterable[str]) -> NDArray[np.uint32]:
    """The hashes of the stems that are numbers, each once, ascending."""
    import numpy as np

    from index.terms import hashes

    return np.unique(hashes({stem for stem in stems if stem[:1].isdigit()}))


def shared(terms: NDArray[np.uint32], others: NDArray[np.int64]) -> Shared:
    """What a text has in common with the one of these shingles."""
    import numpy as np

    if not len(terms):
        return Shared(1.0, 0)
    edges = np.zeros(max(len(terms), WORDS) + 1, np.int64)
    found = np.flatnonzero(np.isin(shingles(terms), others))
    edges[found] += 1
    edges[found + WORDS] -= 1
    held = np.cumsum(edges)[: len(terms)] > 0
    ends = np.flatnonzero(np.concatenate([[True], held, [True]]))
    return Shared(float(held.mean()), int(np.diff(ends).max()) - 1)


def are_copies(one: Text, other: Text) -> bool:
    """Whether one of two texts was made from the other, whichever that is."""
    import numpy as np

    # Of equally long ones always the same is taken as the shorter, so that the answer is one however they are given.
    short, long = sorted((one, other), key=lambda text: (len(text.terms), text.terms.tobytes()))
    if len(short.terms) < _SHORTEST * len(long.terms) or not len(short.terms):
        return False
    fewer = min(len(short.numbers), len(long.numbers))
    if len(np.intersect1d(short.numbers, long.numbers, assume_unique=True)) < _NUMBERS * fewer:
        return False
    if len(short.terms) < _NOTICE and not np.isin(short.terms, long.terms).all():
        return False
    found = shared(short.terms, shingles(long.terms))
    return found.own <= _OWN_STRETCH * min((found.part - _SHARED) / (_MOSTLY_SHARED - _SHARED), 1.0)


def says_nothing_new(passage: Text, told: NDArray[np.uint32], others: NDArray[np.int64]) -> bool:
    """Whether a passage says what another article says, too: of a number that the other lacks, it does not.

    Args:
        passage: its words, and the numbers that are known to be among them.
        told: the terms of the other article.
        others: its shingles.
    """
    import numpy as np

    if not np.isin(passage.terms[np.isin(passage.terms, passage.numbers)], told).all():
        return False
    found = shared(passage.terms, others)
    return found.part >= _SHARED and found.own < _NEW_WORDS
