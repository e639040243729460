"""The catalogue as a database: how it is opened, made and migrated, and the facts of a home."""

from __future__ import annotations

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Self

from index.catalogue.complaints import damaged
from index.catalogue.connection import Connections
from index.catalogue.migrations import missing_step, step
from index.catalogue.schema import FORMAT, SCHEMA
from index.errors import HomeMismatch


class Database(Connections):
    """An open catalogue file. Safe to use from several threads."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._view = threading.local()  # the generation of this thread's snapshot, while it has one

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the catalogue at `path`, making it if there is none, and bring an older format up to date.

        Raises:
            HomeDamaged: the file does not read as a catalogue.
            HomeMismatch: a newer Dateline made it, or one so old that no migration is left.
            HomeError: it can neither be read nor made.
        """
        catalogue = cls(path)
        try:
            catalogue._prepare(existed=path.exists())
        except BaseException:
            catalogue.close()
            raise
        return catalogue

    def _prepare(self, *, existed: bool) -> None:
        if not self._tables():
            if existed and self.path.with_name("chroma").exists():
                raise damaged(self.path, "it is empty, though a sync had filled it")
            self._create()
        found = self._format()
        if found > FORMAT:
            raise HomeMismatch(
                f"{self.path} has format {found}; this Dateline reads {FORMAT}",
                hint="update Dateline, or choose another folder with --home",
            )
        if found < FORMAT:
            self._migrate(found)

    def _tables(self) -> int:
        return int(self.rows("SELECT count(*) FROM sqlite_master")[0][0])

    def _create(self) -> None:
        with self.writing():
            if self._tables():
                return  # another process was first
            for statement in SCHEMA:
                self.rows(statement)
            for name, value in (("format", str(FORMAT)), ("generation", "0"), ("vectors_generation", "0")):
                self.set_meta(name, value)

    def _format(self) -> int:
        version = self.number("format")
        if version is None:
            raise damaged(self.path, "it holds no format number")
        return version

    def _migrate(self, found: int) -> None:
        if missing_step(found, FORMAT) is not None:
            raise HomeMismatch(
                f"{self.path} has format {found}, which this Dateline reads no more",
                hint=f"move {self.path.parent} away and sync your articles again: it holds nothing that they do not",
            )
        if self.read_only:
            raise HomeMismatch(
                f"{self.path} has format {found} and cannot be written, so it cannot be brought to format {FORMAT}",
                hint="let someone who may write it run `dateline doctor`, or copy the folder",
            )
        for _ in range(FORMAT - found):
            with self.writing():
                version = self._format()  # another process may have taken the step meanwhile
                if version < FORMAT:
                    step(self.rows, version)

    @contextmanager
    def snapshot(self) -> Iterator[int]:
        """One unmoving view for all reads of the block; gives its generation. May be nested, and inside `writing()`."""
        seen: int | None = getattr(self._view, "generation", None)
        if seen is not None:
            yield seen
            return
        with self.reading() as outermost:
            generation = self.generation
            if not outermost:
                yield generation
                return
            self._view.generation = generation
            try:
                yield generation
            finally:
                self._view.generation = None

    # Facts about the home

    def meta(self, name: str) -> str | None:
        """The fact called `name`, or None."""
        rows = self.rows("SELECT value FROM meta WHERE name = ?", [name])
        return str(rows[0][0]) if rows else None

    def number(self, name: str) -> int | None:
        """The fact called `name`, which is a whole number, or None.

        Raises:
            HomeDamaged: it is none.
        """
        value = self.meta(name)
        if value is not None and not value.isdecimal():
            raise damaged(self.path, f"its {name} is {value!r}")
        return None if value is None else int(value)

    def set_meta(self, name: str, value: str) -> None:
        """Write a fact; inside `writing()`."""
        self.rows("INSERT OR REPLACE INTO meta VALUES (?, ?)", [name, value])

    @property
    def generation(self) -> int:
        """A number that grows with every change."""
        seen: int | None = getattr(self._view, "generation", None)
        return (self.number("generation") or 0) if seen is None else seen

    def advance(self, name: str = "generation") -> None:
        """Move a counter on; inside `writing()`."""
        self.set_meta(name, str((self.number(name) or 0) + 1))
