"""Teach the vector store what the catalogue holds; also the repair of whatever a crash left between the two.

A search looks at what is not taught yet by itself, so it can wait until there is enough of it to be worth the work, which
grows with what the store holds already. Nothing is encoded here.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from index.catalogue import Catalogue
from index.errors import HomeError, HomeLocked
from index.vectors import Vectors, VectorStoreBusy, VectorStoreError

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_ARTICLES = 2000
"""Articles that are handed over together."""
_WORTH = 50
"""One part in so many of the home's chunks is worth handing over."""
_WORTH_AMIDST = (5000, 10)
"""The same while a sync goes on: no fewer chunks than the first, and one part in the second."""


def is_due(catalogue: Catalogue, *, amidst: bool = False) -> bool:
    """Whether enough has changed to teach the vector store.

    Args:
        catalogue: what it is to be taught.
        amidst: more changes are to come.
    """
    waiting, chunks = catalogue.unsettled(), catalogue.totals().chunks
    if amidst:
        least, part = _WORTH_AMIDST
        return waiting >= max(least, chunks // part)
    return waiting > 0 and waiting >= chunks // _WORTH


def settle(catalogue: Catalogue, vectors: Vectors, dimension: int) -> None:
    """Hand over every pending article and forget the stale chunks; a store that refuses is rebuilt from the stored vectors.

    The caller holds the home's writer lock.

    Raises:
        HomeLocked: another process did not let go of the store.
        HomeError: the store cannot be written.
    """
    try:
        try:
            _settle(catalogue, vectors, dimension)
        except VectorStoreBusy:
            raise
        except VectorStoreError:
            rebuild(catalogue, vectors, dimension)
    except VectorStoreBusy as error:
        raise HomeLocked(str(error), hint="see who uses the home and whether you may write it, then sync again: nothing is lost") from error
    except VectorStoreError as error:
        raise HomeError(
            f"the vector store {vectors.path} cannot be written: {error}",
            hint="see whether the disk is full, then sync again: the articles are stored, and asking works",
        ) from error


def rebuild(catalogue: Catalogue, vectors: Vectors, dimension: int) -> None:
    """Set the vector store aside and fill a new one from the stored vectors.

    Raises:
        VectorStoreError: the new one refuses, too.
    """
    vectors.set_aside()
    with catalogue.writing():
        catalogue.mark_all_pending()
    _settle(catalogue, vectors, dimension)


def _settle(catalogue: Catalogue, vectors: Vectors, dimension: int) -> None:
    stale = catalogue.stale()
    while (numbers := catalogue.pending(_ARTICLES)) or stale:
        ids, stored = _pending_vectors(catalogue, numbers, dimension)
        vectors.update(forget=stale, ids=ids, vectors=stored, generation=catalogue.number("vectors_generation") or 0)
        with catalogue.writing():
            catalogue.mark_indexed(numbers, stale)
        vectors.confirm(catalogue.number("vectors_generation") or 0)
        stale = []


def _pending_vectors(catalogue: Catalogue, numbers: list[int], dimension: int) -> tuple[list[str], NDArray[np.float32]]:
    import numpy as np

    ids: list[str] = []
    rows: list[NDArray[np.float32]] = [np.zeros((0, dimension), dtype=np.float32)]
    for some, stored in catalogue.stored_chunks(numbers, dimension):
        ids.extend(some)
        rows.append(stored)
    return ids, np.concatenate(rows)
