"""The storing half of a sync: while the texts of some articles are encoded, the next ones are read; each is then one transaction.

A file is remembered as read in the transaction that stores its last article, so a crash in between reads it again.
"""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, NamedTuple

from index.catalogue import Catalogue, Entry, FileRecord, Known
from index.encoder import Encoder
from index.prepare import Chunked, Prepared
from index.settle import is_due, settle
from index.types import Outcome
from index.vectors import Vectors

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

PREFIX_WEIGHT = 0.3
"""What the search prefix counts in the vector of a chunk, which itself counts 1; measured in docs/experiments.md."""
BATCH_CHUNKS = 256
"""Chunks that are encoded together."""
_FIRST_CHUNKS = 32
"""The first time, and twice as many each time after, so that encoding begins soon."""


@dataclass(slots=True)
class ReadFile:
    """A file that was read again: what it holds, and when all of it is stored."""

    record: FileRecord
    gone: list[Known] = field(default_factory=list)
    """Articles that the file no longer holds; known by the time it is complete."""
    waiting: int = 0
    """Articles that are not stored yet."""
    complete: bool = False
    """Whether all its articles were added."""


class _Waiting(NamedTuple):
    prepared: Prepared
    cut: Chunked
    file: ReadFile
    outcome: Outcome


@dataclass(frozen=True, kw_only=True, slots=True)
class _Running:
    """Articles that are being encoded."""

    articles: list[_Waiting]
    known: dict[str, NDArray[np.float32]]
    """Search hash -> vectors that were there before."""
    rows: dict[str, slice]
    """Search hash -> the rows of its chunks in what is being encoded."""
    prefixes: dict[str, int]
    """Search hash -> the row of its search prefix, if it has one."""
    encoded: Future[NDArray[np.float32]]

    def vectors(self) -> dict[str, NDArray[np.float32]]:
        """Search hash -> vectors of the chunks, once all are there."""
        encoded = self.encoded.result()
        vectors = {search_hash: encoded[rows] for search_hash, rows in self.rows.items()}
        turned = {search_hash: _turned(vectors[search_hash], encoded[row]) for search_hash, row in self.prefixes.items()}
        return self.known | vectors | turned


def _turned(chunks: NDArray[np.float32], prefix: NDArray[np.float32]) -> NDArray[np.float32]:
    """The vectors of chunks, turned towards that of their article's prefix.

    To encode the prefix once an article, and not with each chunk, saves one word piece in seven.
    """
    import numpy as np

    turned = chunks + np.float32(PREFIX_WEIGHT) * prefix
    return np.asarray(turned / np.linalg.norm(turned, axis=1, keepdims=True), np.float32)


class Cancelled(Exception):
    """Whoever asked for the sync wants no more of it."""


class Batch:
    """Articles on their way into the catalogue: some wait until they are enough, some are being encoded.

    Only the encoder works in the background. The caller holds the home's writer lock, and calls `stop` if it cannot go on. Every
    method may raise `Cancelled`.
    """

    def __init__(self, catalogue: Catalogue, vectors: Vectors, encoder: Encoder, *, cancelled: Callable[[], bool]) -> None:
        self.embedded = 0
        """Chunks that went through the encoder."""
        self.done: Counter[tuple[str, Outcome]] = Counter()
        """(file, what became of it) -> articles that are stored, or deleted since their file no longer held them."""
        self._cancelled = cancelled
        self._catalogue = catalogue
        self._vectors = vectors
        self._encoder = encoder
        self._waiting: list[_Waiting] = []
        self._chunks = 0
        self._enough = _FIRST_CHUNKS
        self._running: _Running | None = None
        self._background = ThreadPoolExecutor(1, thread_name_prefix="encoding")
        self._stopped = threading.Event()

    def add(self, prepared: Prepared, cut: Chunked, file: ReadFile, outcome: Outcome) -> None:
        """Have an article encoded and stored, now or with later ones."""
        self._waiting.append(_Waiting(prepared, cut, file, outcome))
        self._chunks += len(cut.chunks)
        file.waiting += 1
        if self._chunks >= self._enough:
            self._enough = min(2 * self._enough, BATCH_CHUNKS)
            self._next()

    def close(self, file: ReadFile) -> None:
        """Every article of `file` was added."""
        file.complete = True
        if not file.waiting:
            with self._catalogue.writing():
                self._close(file)

    def flush(self) -> None:
        """Encode and store everything; while the last batch is encoded, teach the vector store what came before."""
        if self._waiting:
            self._next()
        if self._running and is_due(self._catalogue) and self._catalogue.unsettled() >= BATCH_CHUNKS:
            settle(self._catalogue, self._vectors, self._encoder.dimension)
        self._next()

    def stop(self) -> None:
        """Give up what is not stored yet."""
        self._stopped.set()
        self._background.shutdown(wait=False, cancel_futures=True)

    def _next(self) -> None:
        """Have the encoder take what waits; meanwhile, store what it is done with."""
        done = self._running
        vectors = done.vectors() if done else {}
        self._running = self._begin(vectors) if self._waiting else None
        if done:
            self._store(done, vectors)

    def _begin(self, recent: Mapping[str, NDArray[np.float32]]) -> _Running:
        """What waits, on its way through the encoder; what is stored or `recent` does not go there again."""
        known: dict[str, NDArray[np.float32]] = {}
        rows: dict[str, slice] = {}
        prefixes: dict[str, int] = {}
        texts: list[str] = []
        for prepared, cut, _, _ in self._waiting:
            search_hash, text = prepared.search_hash, prepared.article.text
            stored = recent.get(search_hash)
            if stored is None:
                stored = self._catalogue.shared_vectors(search_hash, self._encoder.dimension)
            if stored is not None:
                known[search_hash] = stored
            elif search_hash not in rows:
                rows[search_hash] = slice(len(texts), len(texts) + len(cut.chunks))
                texts.extend(text[start:end] for start, end in cut.chunks)
                self.embedded += len(cut.chunks)
                if prepared.prefix:
                    prefixes[search_hash] = len(texts)
                    texts.append(prepared.prefix)
        articles, self._waiting, self._chunks = self._waiting, [], 0
        encoded = self._background.submit(self._encode, texts)
        return _Running(articles=articles, known=known, rows=rows, prefixes=prefixes, encoded=encoded)

    def _encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        return self._encoder.encode(texts, progress=self._go_on)

    def _go_on(self, done: int) -> None:
        if self._stopped.is_set() or self._cancelled():
            raise Cancelled

    def _store(self, done: _Running, vectors: Mapping[str, NDArray[np.float32]]) -> None:
        """Store articles, and teach the vector store when there is enough to be worth it."""
        import numpy as np

        for prepared, cut, file, outcome in done.articles:
            entry = Entry(
                article=prepared.article, key=prepared.key, location=prepared.location, search_hash=prepared.search_hash,
                digest=prepared.digest, removed=prepared.removed, sentences=cut.sentences, chunks=cut.chunks,
                vectors=vectors[prepared.search_hash].astype(np.float16), title_stems=cut.title_stems, body_stems=cut.body_stems,
                bounds=cut.bounds,
            )  # fmt: skip
            file.waiting -= 1
            with self._catalogue.writing():
                self._catalogue.put(entry)
                if file.complete and not file.waiting:
                    self._close(file)
            self.done[prepared.location, outcome] += 1
        if is_due(self._catalogue, amidst=True):
            settle(self._catalogue, self._vectors, self._encoder.dimension)

    def _close(self, file: ReadFile) -> None:
        """Delete what the file no longer holds and remember it as read; inside `writing()`."""
        for article in file.gone:
            self._catalogue.delete(article.number)
            self.done[article.location, "deleted"] += 1
        self._catalogue.set_file(file.record)
