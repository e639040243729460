"""Keyword search: BM25 over articles to find candidates, over articles and chunks to rank them.

Scores use Lucene's idf, which never reaches zero (Robertson and Zaragoza 2009; Kamphuis et al. 2020 compare the variants):
on a one-topic corpus every name that matters occurs in over half of the articles. A chunk's score is its own BM25 plus its
article's; a title counts as words of both, several times over.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.catalogue import Catalogue
from index.catalogue.segments import Pieces, Terms
from index.terms import hashes, question_stems
from index.types import Filters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

K1 = 1.5
"""Saturation of a term's frequency."""
B = 0.75
"""How much a long text is held back. Chosen with the two below by measurement: docs/experiments.md."""
TITLE_WEIGHT = 3.0
"""Occurrences in the text that one in the title is worth."""
CANDIDATES = 30
"""Articles whose chunks are ranked."""
_MOST_POSTINGS = 10_000
"""Articles, counted once for each word, that a search looks at to find its candidates."""


class Keywords:
    """The words of a question, as they weigh in one snapshot of a catalogue."""

    def __init__(self, catalogue: Catalogue, question: str) -> None:
        self._catalogue = catalogue
        self._frequencies = catalogue.document_frequencies(question_stems(question))
        totals = catalogue.totals()
        self._articles = totals.articles
        self._chunk_mean, self._article_mean = totals.words / max(totals.chunks, 1), totals.words / max(totals.articles, 1)

    def candidates(self, filters: Filters) -> list[int]:
        """Row numbers of the best matching articles.

        Where the words occur in very many articles, the rarer of them decide who is a candidate: the time that a search
        takes is that of its postings, and a word that is everywhere tells little.
        """
        import numpy as np

        if not self._frequencies:
            return []
        places, chosen = self._catalogue.places(), _rarest(self._frequencies)
        held = self._catalogue.holders(hashes(chosen).tolist())
        weights = np.array([self._idf(stem) for stem in chosen])[held.which]
        weights *= _saturated(TITLE_WEIGHT * held.title + held.body, places.words[held.places], self._article_mean)
        score = np.bincount(held.places, weights, minlength=len(places.numbers)) * self._catalogue.allowed(filters)
        found = np.flatnonzero(score)
        best = found[np.argsort(-score[found], kind="stable")[:CANDIDATES]]
        return [int(number) for number in places.numbers[best]]

    def scores(self, articles: Sequence[Terms]) -> NDArray[np.float64]:
        """The score of each chunk of some articles, one article after the other."""
        import numpy as np

        terms = hashes(self._frequencies).tolist()
        titles, bodies = Pieces.of([some.title for some in articles]), Pieces.of([some.body for some in articles])
        lengths = np.concatenate([some.lengths for some in articles])
        ends = np.concatenate([some.bounds[1:] + start for some, start in zip(articles, bodies.starts, strict=True)])
        owner = np.repeat(np.arange(len(articles)), [len(some.lengths) for some in articles])
        in_title = TITLE_WEIGHT * titles.counts(terms, titles.ends)
        counts = bodies.counts(terms, ends)
        up_to = np.pad(np.cumsum(counts, axis=1), ((0, 0), (1, 0)))
        stops = np.cumsum([0, *(len(some.lengths) for some in articles)])
        in_article = _saturated(in_title + up_to[:, stops[1:]] - up_to[:, stops[:-1]], bodies.ends - bodies.starts, self._article_mean)
        in_chunk = _saturated(in_title[:, owner] + counts, lengths, self._chunk_mean)
        weights = np.array([self._idf(stem) for stem in self._frequencies])
        # Added up a term at a time, so that equal chunks have equal scores wherever they lie.
        score: NDArray[Any] = (weights[:, None] * (in_chunk + in_article[:, owner])).sum(axis=0)
        return score

    def _idf(self, stem: str) -> float:
        return idf(self._articles, self._frequencies[stem])


def _rarest(frequencies: Mapping[str, int]) -> list[str]:
    """The stems by frequency, as many as there is time to look up; one at least."""
    chosen: list[str] = []
    postings = 0
    for stem, frequency in sorted(frequencies.items(), key=lambda item: (item[1], item[0])):
        postings += frequency
        if chosen and postings > _MOST_POSTINGS:
            break
        chosen.append(stem)
    return chosen


def idf(articles: int, frequency: int) -> float:
    """Lucene's inverse document frequency of a term that `frequency` of `articles` hold; never zero."""
    return math.log(1 + (articles - frequency + 0.5) / (frequency + 0.5))


def _saturated(counts: NDArray[Any], lengths: NDArray[np.int64], mean: float) -> NDArray[np.float64]:
    """BM25's part for one term without its idf."""
    held_back = K1 * (1 - B + B * lengths / max(mean, 1.0))
    saturated: NDArray[Any] = counts * (K1 + 1.0) / (counts + held_back)
    return saturated
