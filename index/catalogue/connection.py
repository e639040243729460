"""Connections to the catalogue's file, and the transactions and snapshots that they serve.

A write-ahead log lets readers never wait for the writer. A thread borrows a connection for a transaction or a snapshot and
gives it back, so a long-lived page with many threads holds a few. A home that cannot be written is opened for reading. This
is the only module that imports sqlite3; its exceptions leave as ours.
"""

from __future__ import annotations

import sqlite3
import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any
from urllib.parse import quote

from index.catalogue.complaints import complaint, damaged, is_our_fault

_IDLE = 8
"""Connections that are kept for the next borrower."""
_CACHE_KIB = 8000
"""Memory for pages, a connection; SQLite's own 2,000 are too few for the upper levels of a large home's trees."""
_BUSY_SECONDS = 30.0
_RETRY_SECONDS = 0.01
_UNWRITABLE = (sqlite3.SQLITE_READONLY, sqlite3.SQLITE_CANTOPEN)


class Connections:
    """The connections of this process to one SQLite file. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.read_only = False
        """Whether the file could be opened for reading only; known once it was opened."""
        self._borrowed = threading.local()
        self._idle: list[sqlite3.Connection] = []
        self._lock = threading.Lock()
        self._access = "mode=rwc"
        self._epoch = 0

    # Connections

    @contextmanager
    def _connection(self) -> Iterator[sqlite3.Connection]:
        """The connection that this thread has borrowed already, or one borrowed for the block."""
        held: sqlite3.Connection | None = getattr(self._borrowed, "connection", None)
        if held is not None:
            yield held
            return
        connection, epoch = self._take()
        self._borrowed.connection = connection
        try:
            yield connection
        finally:
            self._borrowed.connection = None
            self._give_back(connection, epoch)

    def _take(self) -> tuple[sqlite3.Connection, int]:
        with self._lock:
            if self._idle:
                return self._idle.pop(), self._epoch
            epoch = self._epoch
        return self._connect(), epoch

    def _give_back(self, connection: sqlite3.Connection, epoch: int) -> None:
        with self._lock:
            # An immutable view never notices a change, so it serves one block only.
            if epoch == self._epoch and len(self._idle) < _IDLE and not connection.in_transaction and self._access != "immutable=1":
                self._idle.append(connection)
                return
        connection.close()

    def _connect(self) -> sqlite3.Connection:
        """A connection for reading and writing if that can be had, else for reading.

        SQLite's own waiting does not cover the moments when another process makes the file, turns its log on or removes the
        log: then opening fails at once with "busy", and is tried again here.
        """
        give_up = time.monotonic() + _BUSY_SECONDS
        while True:
            try:
                return _configured(self.path, self._access)
            except sqlite3.OperationalError as error:
                if _primary(error) == sqlite3.SQLITE_BUSY and time.monotonic() < give_up:
                    time.sleep(_RETRY_SECONDS)
                    continue
                weaker = self._weaker(error)
                if weaker is None:
                    raise
                self._access, self.read_only = weaker, True

    def _weaker(self, error: sqlite3.OperationalError) -> str | None:
        """The next lesser access after one that failed for want of permission."""
        if _primary(error) not in _UNWRITABLE or not self.path.is_file():
            return None
        if self._access == "mode=rwc":
            return "mode=ro"
        log = self.path.with_name(f"{self.path.name}-wal")
        return "immutable=1" if self._access == "mode=ro" and not (log.exists() and log.stat().st_size) else None

    def close(self) -> None:
        """Close the connections that are not in use, and each of the others when its thread is done with it."""
        with self._lock:
            self._epoch += 1
            idle, self._idle = self._idle, []
        for connection in idle:
            connection.close()

    # Transactions

    @contextmanager
    def writing(self) -> Iterator[None]:
        """One transaction: all of the block, or nothing of it. Not to be nested, nor inside `reading()`.

        Raises:
            HomeError: the file cannot be written (permissions, a full disk, another program, damage).
        """
        with translated(self.path), self._connection() as connection:
            if connection.in_transaction:
                raise RuntimeError("a transaction cannot begin inside another one or inside a snapshot")
            try:
                connection.execute("BEGIN IMMEDIATE")
                yield
                connection.execute("COMMIT")
            except BaseException:
                _rolled_back(connection)
                raise

    @contextmanager
    def reading(self) -> Iterator[bool]:
        """One unmoving view for all reads of the block. May be nested, and inside `writing()`; gives whether it is neither."""
        with translated(self.path), self._connection() as connection:
            if connection.in_transaction:
                yield False
                return
            try:
                connection.execute("BEGIN")
                yield True
            finally:
                _rolled_back(connection)

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query."""
        with translated(self.path), self._connection() as connection:
            return connection.execute(sql, values).fetchall()


def _configured(path: Path, access: str) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"file:{quote(str(path.absolute()))}?{access}", uri=True, timeout=_BUSY_SECONDS, isolation_level=None, check_same_thread=False
    )
    try:
        if access == "mode=rwc":
            connection.execute("PRAGMA journal_mode = WAL")
            connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
        connection.execute("SELECT count(*) FROM sqlite_master").fetchall()
    except BaseException:
        connection.close()
        raise
    return connection


def _rolled_back(connection: sqlite3.Connection) -> None:
    """End a transaction without keeping anything of it; one that cannot be ended goes with its connection."""
    if connection.in_transaction:
        with suppress(sqlite3.Error):
            connection.execute("ROLLBACK")


def _primary(error: sqlite3.Error) -> int:
    """SQLite's primary result code; 0 where the error is the module's own."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn SQLite's own complaints about the file into ours; wrong use of it stays what it is.

    Raises:
        HomeError: what is wrong with the file, and what to do.
    """
    try:
        yield
    except (sqlite3.ProgrammingError, sqlite3.NotSupportedError):
        raise
    except sqlite3.DatabaseError as error:
        if is_our_fault(_primary(error), str(error)):
            raise
        raise complaint(path, _primary(error), str(error)) from error
    except UnicodeDecodeError as error:
        raise damaged(path, "a text in it is no text") from error
