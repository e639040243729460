"""Hybrid search: keywords and meaning, joined into one list of passages.

Keywords find most of what news questions ask for; meaning finds what they phrase otherwise and breaks ties. Every candidate
gets both scores exactly, the similarity from the vectors that the catalogue stores, so nothing depends on which list a
passage came from. A story takes one slot (see `slots`). What the vector store knows and the catalogue does not is ignored.
"""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Iterator, Sequence
from itertools import groupby, islice
from operator import attrgetter
from typing import TYPE_CHECKING, NamedTuple

from index.catalogue import Catalogue
from index.catalogue.complaints import damaged
from index.encoder import Encoder
from index.keywords import Keywords
from index.recent import Recent
from index.slots import Hit, Slots
from index.stored import StoredVectors
from index.types import Article, Filters, Passage, Span
from index.vectors import Nearest, Vectors, VectorStoreBusy, VectorStoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

DENSE_WEIGHT = 0.25
"""What a cosine similarity of 1 adds to a keyword score between 0 and 1; measured in docs/experiments.md."""
NEIGHBOURS = 20
"""Chunks that are near enough to be candidates."""
EXACT_LIMIT = 500_000
"""Searches over no more chunks than this compare with the stored vectors: as quick, and nothing else to open. So do all that
have filters, since the vector store filters badly."""
MOST_UNKNOWN = 20_000
"""Chunks that the open vector store may not know before it is opened anew; they are compared one by one."""
_CHARACTERS_KEPT = 8_000_000
"""Characters of articles that are kept in memory."""


class _Whole(NamedTuple):
    """An article with its spans."""

    article: Article
    sentences: tuple[Span, ...]
    chunks: tuple[Span, ...]


class Searcher:
    """Search over one catalogue, its vector store and the encoder that made both."""

    def __init__(self, catalogue: Catalogue, vectors: Vectors, encoder: Encoder) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._encoder = encoder
        self._stored = StoredVectors(catalogue, encoder.dimension)
        self._recent: Recent[int, _Whole] = Recent(_CHARACTERS_KEPT)
        self._worn = False  # most of what the open vector store found is no more: it is to be opened anew
        self.fallback: str | None = None
        """Why the vector store could not be used, if it could not; the stored vectors were compared instead."""

    def search(self, question: str, *, filters: Filters, limit: int) -> list[Passage]:
        """The passages that match a question best, best first.

        Args:
            question: words in any form.
            filters: which articles may be found.
            limit: how many passages at most.
        """
        if not question.strip() or limit < 1:
            return []
        vector = self._encoder.encode_query(question)
        with self._catalogue.snapshot():
            hits = self._hits(question, vector, filters)
            slots = Slots(self._catalogue, hits)
            return list(self._passages(slots.chosen(self._ordered(hits)), slots, limit))

    def _hits(self, question: str, vector: NDArray[np.float32], filters: Filters) -> list[Hit]:
        """Every chunk of the candidates, best first."""
        import numpy as np

        keywords = Keywords(self._catalogue, question)
        places = self._catalogue.places()
        numbers = places.numbers[np.unique(places.of([*self._near(vector, filters), *keywords.candidates(filters)]))].tolist()
        if not numbers:
            return []
        vectors, terms = self._stored.of(numbers), self._catalogue.term_arrays(numbers)
        lengths = [len(some) for some in vectors]
        if lengths != [len(some.lengths) for some in terms]:
            raise damaged(self._catalogue.path, "an article has not as many vectors as chunks")
        lexical = keywords.scores(terms)
        # A product for each row, so that equal chunks have equal scores wherever they lie.
        scores = lexical / (lexical.max() or 1.0) + DENSE_WEIGHT * np.vecdot(np.concatenate(vectors), vector)
        owners = np.repeat(numbers, lengths).tolist()
        chunks = [chunk for length in lengths for chunk in range(length)]
        order = np.argsort(-scores, kind="stable").tolist()
        return [Hit(owners[row], chunks[row], score) for row, score in zip(order, scores[order].tolist(), strict=True)]

    def _ordered(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """The hits, those of equal score in the order of their articles' ids."""
        for _, group in groupby(hits, key=lambda hit: hit.score):
            equal = list(group)
            if len(equal) > 1:
                names = self._catalogue.ids([hit.number for hit in equal])
                equal.sort(key=lambda hit: (names[hit.number], hit.chunk))
            yield from equal

    def _near(self, vector: NDArray[np.float32], filters: Filters) -> list[int]:
        """Row numbers of the articles that hold the nearest chunks."""
        if filters != Filters() or self._catalogue.totals().chunks <= EXACT_LIMIT:
            return self._stored.nearest(vector, limit=NEIGHBOURS, filters=filters)
        generation, horizon = self._catalogue.number("vectors_generation") or 0, self._catalogue.horizon()
        opened = self._vectors.opened
        fresh = opened is None or self._worn or self._catalogue.chunks_after(min(opened[1], horizon)) > MOST_UNKNOWN
        try:
            answer = self._asked(vector, generation, horizon, fresh=fresh)
        except VectorStoreError as error:
            self.fallback = str(error)
            return self._stored.nearest(vector, limit=NEIGHBOURS)
        self.fallback = None
        ids = list(dict.fromkeys(id_.split(":")[0] for id_, _ in answer.found))
        known = self._catalogue.locate(ids)
        self._worn = 2 * len(known) < len(ids)
        late = self._stored.nearest(vector, limit=NEIGHBOURS, after=answer.horizon)
        return [*late, *known.values()]

    def _asked(self, vector: NDArray[np.float32], generation: int, horizon: int, *, fresh: bool) -> Nearest:
        """The vector store's answer, an older state of it where a fresh one cannot be had now."""
        try:
            return self._vectors.nearest(vector, limit=NEIGHBOURS, generation=generation, horizon=horizon, fresh=fresh)
        except VectorStoreBusy:
            if self._vectors.opened is None:
                raise
            return self._vectors.nearest(vector, limit=NEIGHBOURS, generation=generation, horizon=horizon, fresh=False)

    def _passages(self, hits: Iterable[Hit], slots: Slots, limit: int) -> Iterator[Passage]:
        """The hits as passages; of articles with equal text only the first found is kept."""
        texts: dict[str, int] = {}
        given = 0
        for hit, (article, sentences, chunks) in self._with_articles(hits, limit):
            if texts.setdefault(article.text_hash, hit.number) != hit.number:
                continue
            start, end = chunks[hit.chunk]
            carried = slots.carried(hit.number, article)
            yield Passage(
                article_id=article.id, doc_id=article.doc_id, start=start, end=end, text=article.text[start:end], score=hit.score,
                label=article.label, path=article.path, root=article.root, title=article.title, publisher=article.publisher,
                published=article.published, url=article.url, text_hash=article.text_hash,
                sentences=_within(sentences, start, end), story=slots.story_id(hit.number, article), agency=carried.agency,
                carried_by=carried.carried_by, superseded=carried.superseded,
            )  # fmt: skip
            given += 1
            if given == limit:
                return

    def _with_articles(self, hits: Iterable[Hit], at_once: int) -> Iterator[tuple[Hit, _Whole]]:
        """Each hit with its article, read for some hits at once."""
        rest = iter(hits)
        while some := list(islice(rest, at_once)):
            known = self._recent.among(list({hit.number: None for hit in some}), self._read)
            yield from ((hit, known[hit.number]) for hit in some)

    def _read(self, numbers: Sequence[int]) -> Iterator[tuple[int, _Whole, int]]:
        for number, article, sentences, chunks in self._catalogue.whole(numbers):
            yield number, _Whole(article, sentences, chunks), len(article.text)


def _within(sentences: Sequence[Span], start: int, end: int) -> tuple[Span, ...]:
    """The sentences of [start, end), those that cross an end cut there."""
    first, stop = bisect_right(sentences, start, key=attrgetter("end")), bisect_left(sentences, end, key=attrgetter("start"))
    return tuple(Span(max(span.start, start), min(span.end, end)) for span in sentences[first:stop])
