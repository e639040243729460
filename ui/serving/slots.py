"""Who is next: so many questions are answered at once, in the order in which they came, and so many may wait."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Generator
from contextlib import asynccontextmanager
from typing import TypeVar

import anyio
import anyio.to_thread

from ui.serving.problems import Busy

_T = TypeVar("_T")
AT_ONCE = 4
WAITING = 64


class Slots:
    """Lets blocking work run beside an event loop, some at once, first come, first served."""

    def __init__(self, at_once: int = AT_ONCE, waiting: int = WAITING) -> None:
        self._limiter = anyio.CapacityLimiter(at_once)
        self._waiting = waiting

    @asynccontextmanager
    async def taken(self) -> AsyncIterator[None]:
        """Wait for a place and keep it.

        Raises:
            Busy: as many wait as may.
        """
        if self._limiter.statistics().tasks_waiting >= self._waiting:
            raise Busy("too many questions are waiting", hint="ask again in some seconds")
        async with self._limiter:
            yield

    async def run(self, work: Callable[[], _T]) -> _T:
        """What `work` gives, once a place is free.

        Raises:
            Busy: as many wait as may.
        """
        async with self.taken():
            return await anyio.to_thread.run_sync(work)


@asynccontextmanager
async def threaded(items: Generator[_T, None, None]) -> AsyncIterator[AsyncIterator[_T]]:
    """The items of a blocking generator, each made in a thread; it is closed at the end, whether all were wanted or not."""
    end = object()

    async def each() -> AsyncIterator[_T]:
        while (item := await anyio.to_thread.run_sync(next, items, end)) is not end:
            yield item  # type: ignore[misc]

    try:
        yield each()
    finally:
        with anyio.CancelScope(shield=True):
            await anyio.to_thread.run_sync(items.close)
