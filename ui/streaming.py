"""An answer read in a thread of its own, so that it can be stopped at any moment, even while a model has nothing to say."""

from __future__ import annotations

import queue
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TypeVar

from rag.llm.patience import Stopped, stoppable

T = TypeVar("T")
_LOOK = 0.1
"""Seconds after which a reader that has nothing to read looks whether it was stopped."""
_GATHER = 0.04
"""Seconds for which words are gathered before they are shown, so that a fast model costs no more than a slow one."""


@dataclass(frozen=True, slots=True)
class _End:
    error: Exception | None = None


def streamed(work: Callable[[], Iterator[T]], stop: threading.Event) -> Iterator[list[T]]:
    """Yield what `work` yields, in batches, until it ends or `stop` is set; a model's request that is under way then ends, too.

    Raises:
        Exception: whatever `work` raised.
    """
    items: queue.SimpleQueue[T | _End] = queue.SimpleQueue()
    threading.Thread(target=_read, args=(work, stop, items), name="dateline-answer", daemon=True).start()
    while not stop.is_set():
        batch, end = _gathered(items, stop)
        if batch:
            yield batch
        if end is not None:
            if end.error is not None:
                raise end.error
            return


def _read(work: Callable[[], Iterator[T]], stop: threading.Event, items: queue.SimpleQueue[T | _End]) -> None:
    try:
        with stoppable(stop):
            for item in work():
                items.put(item)
                if stop.is_set():
                    break
        items.put(_End())
    except Stopped:
        items.put(_End())
    except Exception as error:  # noqa: BLE001  raised again by the reader
        items.put(_End(error))


def _gathered(items: queue.SimpleQueue[T | _End], stop: threading.Event) -> tuple[list[T], _End | None]:
    """What has come, waiting for it a little; and the end, where that has."""
    batch: list[T] = []
    try:
        item = items.get(timeout=_LOOK)
        if not isinstance(item, _End):
            stop.wait(_GATHER)
        while not isinstance(item, _End):
            batch.append(item)
            item = items.get_nowait()
    except queue.Empty:
        return batch, None
    return batch, item
