"""A small SQLite file of a home beside the catalogue, for what cannot be made again from the articles.

Its format is the number of steps that made it: a new file takes all of them, an older one those that it lacks, each step one
transaction. Nothing is written until something is. A file that does not read is set aside, never deleted, and a new one begun;
`notice` then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import datetime
from pathlib import Path
from typing import Any, TypeVar

from index.catalogue.connection import Connections
from index.errors import HomeDamaged, HomeMismatch
from index.locks import Busy, process_lock

Execute = Callable[..., list[Any]]
"""Runs one SQL statement with its values."""
Step = Callable[[Execute], None]
"""Makes the next format of one; it runs inside a transaction."""
Outcome = TypeVar("Outcome")

_LOCK_SECONDS = 10.0
_COMPANIONS = ("", "-wal", "-shm")
"""SQLite's own endings of the files that belong to one."""


class SideFile:
    """One such file. Safe to use from several threads; several processes may have it open."""

    def __init__(self, path: Path, steps: Sequence[Step]) -> None:
        """Open it; nothing is read or written yet.

        Args:
            path: where it is, or will be.
            steps: step k makes format k + 1 of format k; format 0 is an empty file.
        """
        self.path = path
        self.notice = ""
        """What was set aside because it did not read, on one line; empty as a rule."""
        self._steps = steps
        self._connections = Connections(path)
        self._opened: tuple[int, int] | None = None  # device and inode of the file that is open and has the present format

    def close(self) -> None:
        """Close it; using it again opens it again."""
        self._connections.close()
        self._opened = None

    def rows(self, sql: str, values: Sequence[Any] = ()) -> list[Any]:
        """All rows of a query; none while there is no file.

        Raises:
            HomeError: it cannot be read.
            HomeMismatch: a newer Dateline made it.
        """
        return self._attempted(lambda: self._connections.rows(sql, values)) if self.path.exists() else []

    def written(self, change: Callable[[Execute], Outcome]) -> Outcome:
        """The outcome of one transaction: all of it is kept, or nothing. It may be tried twice.

        Raises:
            HomeError: the file cannot be written.
            HomeMismatch: a newer Dateline made it.
        """

        def work() -> Outcome:
            with self._connections.writing():
                return change(self._connections.rows)

        return self._attempted(work)

    def _attempted(self, work: Callable[[], Outcome]) -> Outcome:
        """The outcome of some work on the file; where it does not read it is set aside, and the work done on a new one."""
        try:
            self._prepare()
            return work()
        except HomeDamaged as error:
            self._set_aside(error)
        try:
            self._prepare()
            return work()
        except HomeDamaged as error:
            raise HomeDamaged(str(error), hint=f"move {self.path} away and type the same again") from error

    def _prepare(self) -> None:
        """Bring the file to the present format, unless that was seen to already; another process may have put another in its place."""
        if self._opened is not None and self._opened == self._identity():
            return
        self._connections.close()
        found, wanted = self._format(), len(self._steps)
        if found > wanted:
            raise HomeMismatch(
                f"{self.path} has format {found}; this Dateline reads {wanted}",
                hint="update Dateline, or choose another folder with --home",
            )
        for _ in range(wanted - found):
            with self._connections.writing():
                version = self._format()  # another process may have taken the step meanwhile
                if version < wanted:
                    self._steps[version](self._connections.rows)
                    self._connections.rows(f"PRAGMA user_version = {version + 1}")
        self._opened = self._identity()

    def _format(self) -> int:
        return int(self._connections.rows("PRAGMA user_version")[0][0])

    def _identity(self) -> tuple[int, int] | None:
        try:
            facts = self.path.stat()
        except OSError:
            return None
        return facts.st_dev, facts.st_ino

    def _set_aside(self, error: HomeDamaged) -> None:
        """Move a file that does not read out of the way; nothing where another process was first."""
        self.close()
        try:
            with process_lock(self.path.with_suffix(".lock"), wait=_LOCK_SECONDS):
                if self._is_sound():
                    return
                name = f"{self.path.stem}-damaged-{datetime.now():%Y%m%d-%H%M%S-%f}{self.path.suffix}"
                for ending in _COMPANIONS:
                    part = self.path.with_name(self.path.name + ending)
                    if part.exists():
                        part.rename(self.path.with_name(name + ending))
        except (Busy, OSError) as failure:
            raise HomeDamaged(
                f"{error}, and it cannot be set aside ({failure})", hint=f"move {self.path} away and type the same again"
            ) from error
        self.notice = f"{self.path} did not read and was set aside as {name}; a new one was begun."

    def _is_sound(self) -> bool:
        try:
            return bool(self._connections.rows("PRAGMA integrity_check") == [("ok",)])
        except HomeDamaged:
            return False
        finally:
            self._connections.close()
