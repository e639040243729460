"""Locks between threads (many readers or one writer) and between processes (one at a time)."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path


class ReadersWriterLock:
    """Many reading threads or one writing thread; a waiting writer goes before new readers."""

    def __init__(self) -> None:
        self._condition = threading.Condition()
        self._readers = 0
        self._writer = False
        self._waiting = 0

    @contextmanager
    def reading(self) -> Iterator[None]:
        """Be one of the readers for the block."""
        with self._condition:
            self._condition.wait_for(lambda: not self._writer and not self._waiting)
            self._readers += 1
        try:
            yield
        finally:
            with self._condition:
                self._readers -= 1
                self._condition.notify_all()

    @contextmanager
    def writing(self) -> Iterator[None]:
        """Be the only one for the block."""
        with self._condition:
            self._waiting += 1
            try:
                self._condition.wait_for(lambda: not self._writer and not self._readers)
            finally:
                self._waiting -= 1
                self._condition.notify_all()
            self._writer = True
        try:
            yield
        finally:
            with self._condition:
                self._writer = False
                self._condition.notify_all()


class Busy(Exception):
    """Another thread or process did not let go of a lock in time."""


@contextmanager
def process_lock(path: Path, *, wait: float) -> Iterator[None]:
    """Be the only holder of a lock file, among all threads of all processes, for the block.

    The system lets go of it when a process ends, however that happens; the file itself stays and means nothing.

    Raises:
        Busy: it was not to be had within `wait` seconds.
        OSError: the file cannot be made.
    """
    from filelock import FileLock, Timeout

    lock = FileLock(path)
    try:
        lock.acquire(timeout=wait, poll_interval=0.01)
    except Timeout:
        raise Busy(str(path)) from None
    try:
        yield
    finally:
        lock.release()
