"""Which visitors' questions are being answered: one a visitor, and how to stop it."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager


class Running:
    """The answers under way. Safe to use from several threads."""

    def __init__(self) -> None:
        self._stops: dict[str, threading.Event] = {}
        self._lock = threading.Lock()

    @contextmanager
    def answer(self, visitor: str) -> Iterator[threading.Event]:
        """While this is open the visitor's answer is under way, and ends when the event is set; one that was before ends at once."""
        stop = threading.Event()
        with self._lock:
            before = self._stops.get(visitor)
            self._stops[visitor] = stop
        if before is not None:
            before.set()
        try:
            yield stop
        finally:
            stop.set()
            with self._lock:
                if self._stops.get(visitor) is stop:
                    del self._stops[visitor]

    def is_current(self, visitor: str, stop: threading.Event) -> bool:
        """Whether no later question of the visitor has taken this one's place."""
        with self._lock:
            return self._stops.get(visitor) is stop

    def stop(self, visitor: str) -> None:
        """Stop the visitor's answer, if one is under way."""
        with self._lock:
            stop = self._stops.get(visitor)
        if stop is not None:
            stop.set()

    def drop(self, visitor: str) -> None:
        """Stop it, and let nothing of it be shown any more."""
        with self._lock:
            stop = self._stops.pop(visitor, None)
        if stop is not None:
            stop.set()

    def __bool__(self) -> bool:
        """Whether any answer is under way."""
        return bool(self._stops)
