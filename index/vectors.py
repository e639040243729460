"""The vector store: nearest chunks by meaning, from Chroma.

What Chroma holds is a projection of the catalogue and may be thrown away at any time. Chroma 1.5 itself is not made for two
processes on one folder: a process that opens it replays its log and writes index files, even if it only asks; one that opens
it while another writes ends in a segmentation fault and leaves a folder that ends every later process, too. Therefore:

- opening and writing happen under a lock among all processes, and only on files that are as the last writer left them;
- a writer has a client of its own, for one update, and leaves nothing unwritten: opening afterwards replays nothing;
- a reader asks the client that it has open, which lives in memory and takes no notice of later writers. How far it knows the
  catalogue is its horizon; what came later is for the caller to compare.

This is the only module that imports chromadb. Ids in, ids and similarities out: it knows no article.
"""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any, NamedTuple, TypeVar

from index.locks import Busy, ReadersWriterLock, process_lock
from index.seal import broken_seal, drop_seal, write_seal
from index.telemetry import switch_off

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

WRITE_SECONDS = 120.0
"""How long a writer waits for others to open or write the folder."""
READ_SECONDS = 0.2
"""How long a reader waits for that; it can do without."""
_RETRY_SECONDS = 1.0
_COLLECTION = "chunks"
_BATCH = 2000
_CONFIGURATION = {"hnsw": {"space": "cosine", "sync_threshold": 2, "batch_size": 2}}
"""A threshold of 2 has each update written out whole; Chroma's own of 1000 leaves a log that every opening replays."""
_T = TypeVar("_T")


class VectorStoreError(Exception):
    """Chroma could not do what was asked; the projection has to be rebuilt."""


class VectorStoreBusy(VectorStoreError):
    """Another process is at work on the folder, or it cannot be locked; nothing is wrong with it."""


class Nearest(NamedTuple):
    """An answer of the store."""

    found: list[tuple[str, float]]
    """(chunk id, cosine similarity), best first."""
    horizon: int
    """Every article up to this row number was considered."""


class _Refused(NamedTuple):
    """Why the store could not be opened for reading, and when that is worth another trial."""

    error: VectorStoreError
    generation: int | None
    """Not before the catalogue has left this one."""
    until: float
    """Not before this time of the monotonic clock."""


class Vectors:
    """The vector store in one folder, once a process; get it from `Vectors.at`."""

    _shared: dict[Path, Vectors] = {}  # noqa: RUF012 -- the registry that makes "one reading client a path" true
    _registry = threading.Lock()

    def __init__(self, path: Path) -> None:
        self.path = path
        self._lock = ReadersWriterLock()
        self._client: Any = None
        self._collection: Any = None
        self._generation: int | None = None
        self._horizon = 0
        self._refused: _Refused | None = None

    @classmethod
    def at(cls, path: Path) -> Vectors:
        """The store of a folder; nothing is opened yet."""
        with cls._registry:
            return cls._shared.setdefault(path.resolve(), cls(path.resolve()))

    # Reading

    @property
    def opened(self) -> tuple[int, int] | None:
        """(generation, horizon) of the client that is open for reading; None where none is."""
        generation, horizon = self._generation, self._horizon
        return None if generation is None else (generation, horizon)

    def nearest(self, vector: NDArray[np.float32], *, limit: int, generation: int, horizon: int, fresh: bool = True) -> Nearest:
        """The nearest chunks.

        Args:
            vector: shape (dimension,), unit length.
            limit: how many at most.
            generation: the catalogue's `vectors_generation`.
            horizon: the catalogue's `horizon()` at that generation, or one from before.
            fresh: open the store anew when it is open at another generation; else any that is open will do.

        Raises:
            VectorStoreBusy: it is not open, and cannot be opened now.
            VectorStoreError: the folder is damaged, or was never filled.
        """
        with self._reading(generation, horizon, fresh=fresh) as collection:
            found = _translated(lambda: collection.query(query_embeddings=[vector.tolist()], n_results=limit, include=["distances"]))
            reached = self._horizon
        return Nearest([(id_, 1.0 - distance) for id_, distance in zip(found["ids"][0], found["distances"][0], strict=True)], reached)

    def count(self, generation: int | str | None = None) -> int:
        """How many chunks the store holds; None takes whatever is open.

        Raises:
            VectorStoreError: see `nearest`.
        """
        wanted = self._generation or 0 if generation is None else int(generation)
        with self._reading(wanted, 0, fresh=generation is not None) as collection:
            return int(_translated(collection.count))

    def close(self) -> None:
        """Close the reading client once the running queries are done; the next one opens it anew, whatever was refused before."""
        with self._lock.writing():
            self._close()
            self._refused = None

    @contextmanager
    def _reading(self, generation: int, horizon: int, *, fresh: bool) -> Iterator[Any]:
        """The collection, held open for the block."""
        while True:
            with self._lock.reading():
                if self._collection is not None and not (fresh and self._generation != generation):
                    yield self._collection
                    return
            with self._lock.writing():
                if self._collection is None or (fresh and self._generation != generation):
                    self._reopen(generation, horizon)

    def _reopen(self, generation: int, horizon: int) -> None:
        if self._refused is not None and (self._refused.generation == generation or time.monotonic() < self._refused.until):
            raise self._refused.error
        self._close()
        try:
            with self._exclusive(READ_SECONDS):
                self._client, self._collection = self._sound_client(generation)
        except VectorStoreBusy as error:
            self._refused = _Refused(error, None, time.monotonic() + _RETRY_SECONDS)
            raise
        except VectorStoreError as error:
            self._refused = _Refused(error, generation, 0.0)
            raise
        self._generation, self._horizon, self._refused = generation, horizon, None

    def _sound_client(self, generation: int) -> tuple[Any, Any]:
        """A client that has read its files; by the only process at the folder."""
        if not self.path.exists():
            raise VectorStoreError(f"{self.path} was never filled")
        self._require_sound(generation)
        client, collection = _opened(str(self.path))
        try:
            _translated(collection.count)  # until it is asked something, Chroma reads nothing
        except BaseException:
            _closed(client, str(self.path))
            raise
        return client, collection

    def _close(self) -> None:
        client, self._client, self._collection, self._generation, self._horizon = self._client, None, None, None, 0
        if client is not None:
            _closed(client, str(self.path))

    # Writing

    def update(self, *, forget: Sequence[str], ids: Sequence[str], vectors: NDArray[np.float32], generation: int | str) -> None:
        """Forget some chunks and learn others; idempotent.

        Args:
            forget: ids to delete; unknown ones are no matter.
            ids: ids to insert or replace.
            vectors: their vectors, shape (len(ids), dimension).
            generation: the catalogue's `vectors_generation`; `confirm` notes the next one once the catalogue has it.

        Raises:
            VectorStoreBusy: another process did not finish in time, or the folder cannot be written.
            VectorStoreError: the folder is damaged, or Chroma refused.
        """
        with self._exclusive(WRITE_SECONDS):
            self._require_sound(int(generation))
            # Another spelling of the path is another client for Chroma, so the one that readers hold is left alone.
            path = f"{self.path}/."
            client, collection = _opened(path)
            try:
                for start in range(0, len(forget), _BATCH):
                    some = list(forget[start : start + _BATCH])
                    _translated(lambda some=some: collection.delete(ids=some))  # type: ignore[misc]
                for start in range(0, len(ids), _BATCH):
                    part = slice(start, start + _BATCH)
                    _translated(lambda part=part: collection.upsert(ids=list(ids[part]), embeddings=vectors[part]))  # type: ignore[misc]
            finally:
                _closed(client, path)
            write_seal(self.path, int(generation))

    def confirm(self, generation: int) -> None:
        """Note that the catalogue has recorded the last update as its `vectors_generation`."""
        with self._exclusive(WRITE_SECONDS):
            write_seal(self.path, generation)

    def set_aside(self) -> Path | None:
        """Move the folder out of the way, for a rebuild; gives where it went."""
        with self._lock.writing(), self._exclusive(WRITE_SECONDS):
            self._close()
            self._refused = None
            drop_seal(self.path)
            if not self.path.exists():
                return None
            for older in self.path.parent.glob(f"{self.path.name}.damaged-*"):
                shutil.rmtree(older, ignore_errors=True)
            aside = self.path.with_name(f"{self.path.name}.damaged-{time.strftime('%Y%m%d-%H%M%S')}")
            return self.path.rename(aside)

    # Both

    @contextmanager
    def _exclusive(self, wait: float) -> Iterator[None]:
        """Be the only process at the folder."""
        try:
            with process_lock(self.path.with_name("vectors.lock"), wait=wait):
                yield
        except Busy as error:
            raise VectorStoreBusy(f"{self.path} is being written by another process") from error
        except OSError as error:
            raise VectorStoreBusy(f"{self.path} cannot be written: {error.strerror or error}") from error

    def _require_sound(self, generation: int) -> None:
        if reason := broken_seal(self.path, generation):
            raise VectorStoreError(reason)


def _opened(path: str) -> tuple[Any, Any]:
    """A client and its collection."""
    switch_off()
    import chromadb
    from chromadb.config import Settings

    try:
        client = _translated(lambda: chromadb.PersistentClient(path=path, settings=Settings(anonymized_telemetry=False)))
    except BaseException:
        _forget(path)
        raise
    try:
        return client, _translated(
            lambda: client.get_or_create_collection(_COLLECTION, embedding_function=None, configuration=_CONFIGURATION)  # type: ignore[arg-type]
        )
    except BaseException:
        _closed(client, path)
        raise


def _closed(client: Any, path: str) -> None:
    """Close a client; one that cannot even be closed is done with all the same."""
    with suppress(VectorStoreError):
        _translated(client.close)
    _forget(path)


def _forget(path: str) -> None:
    """Have Chroma make a new client next time; of one that failed to open or close it would hand out the remains."""
    from chromadb.api.shared_system_client import SharedSystemClient

    SharedSystemClient._identifier_to_system.pop(path, None)
    SharedSystemClient._identifier_to_refcount.pop(path, None)


def _translated(call: Callable[[], _T]) -> _T:
    """The result of a call into Chroma, whose complaints become ours.

    A damaged folder makes it raise its own errors, built-in ones, and panics of its Rust half, which are no `Exception`.
    """
    try:
        return call()
    except BaseException as error:
        if isinstance(error, Exception) or type(error).__name__ == "PanicException":
            raise VectorStoreError(" ".join(str(error).split()) or type(error).__name__) from error
        raise
