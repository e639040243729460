"""Work that may hang, done in a thread of its own and read within bounds of time.

The reader takes items as they come. When it goes away, or when nothing comes for too long, the worker learns of it at its next
item and stops; a worker that is stuck for good is a daemon, which holds no process open.
"""

from __future__ import annotations

import contextvars
import queue
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass
from typing import Generic, TypeVar

T = TypeVar("T")
AHEAD = 64
"""Items that are fetched before anybody reads them."""
_LOOK = 0.1
"""Seconds after which one side that waits for the other looks whether it still should."""


class Gone(Exception):
    """Nobody reads any more."""


class Stopped(BaseException):
    """The reader was told to stop; no failure of the work, so nothing is tried in its place."""


_told: ContextVar[threading.Event | None] = ContextVar("stop", default=None)


@contextmanager
def stoppable(stop: threading.Event) -> Iterator[None]:
    """Let whatever is read patiently within end in `Stopped` soon after `stop` is set, even while nothing comes."""
    token = _told.set(stop)
    try:
        yield
    finally:
        _told.reset(token)


class Pipe(Generic[T]):
    """What a worker puts its items into."""

    def __init__(self) -> None:
        self.gone = threading.Event()
        """Set when nobody reads any more."""
        self.items: queue.Queue[T | _Last] = queue.Queue(maxsize=AHEAD)
        self.alive_at = time.monotonic()

    def put(self, item: T) -> None:
        """Hand an item to the reader.

        Raises:
            Gone: there is none.
        """
        self._offer(item)

    def alive(self) -> None:
        """Tell the reader that work goes on, though there is no item yet.

        Raises:
            Gone: there is none.
        """
        if self.gone.is_set():
            raise Gone
        self.alive_at = time.monotonic()

    def run(self, work: Callable[[Pipe[T]], None]) -> None:
        """Do the work; whatever it raises is raised again where the items are read."""
        last = _Last(None)
        try:
            work(self)
        except BaseException as error:  # noqa: BLE001
            last = _Last(error)
        try:
            self._offer(last)
        except Gone:
            return

    def _offer(self, item: T | _Last) -> None:
        while True:
            self.alive()
            try:
                return self.items.put(item, timeout=_LOOK)
            except queue.Full:
                continue


@dataclass(frozen=True, slots=True)
class _Last:
    """The end of the items."""

    error: BaseException | None


def patiently(work: Callable[[Pipe[T]], None], *, silence: float, whole: float) -> Iterator[T]:
    """Yield what `work` puts into its pipe, as it comes.

    Args:
        work: runs in a thread of its own, with the context variables of the reader.
        silence: seconds that it may take for an item.
        whole: seconds that it may take altogether.

    Raises:
        TimeoutError: it took longer.
        Stopped: see `stoppable`.
    """
    pipe: Pipe[T] = Pipe()
    over = time.monotonic() + whole
    context = contextvars.copy_context()
    threading.Thread(target=context.run, args=(pipe.run, work), name="patiently", daemon=True).start()
    try:
        while True:
            item = _next(pipe, silence, over)
            if isinstance(item, _Last):
                if item.error is not None:
                    raise item.error
                return
            yield item
            pipe.alive_at = max(pipe.alive_at, time.monotonic())
    finally:
        pipe.gone.set()


def _next(pipe: Pipe[T], silence: float, over: float) -> T | _Last:
    stop = _told.get()
    while True:
        if stop is not None and stop.is_set():
            raise Stopped
        now = time.monotonic()
        if now >= over:
            raise TimeoutError("it did not come to an end in time")
        left = pipe.alive_at + silence - now
        if left <= 0:
            raise TimeoutError(f"not a word for {silence:g} seconds")
        try:
            return pipe.items.get(timeout=min(left, over - now, _LOOK if stop is not None else left))
        except queue.Empty:
            continue
