"""Reads dateline.csv: what a user knows better about the articles of a folder than their files say.

The columns are `path` (relative to the folder, forward slashes), `published`, `publisher` and `title`; an empty cell overrides
nothing. Applying the values is for `sync`.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path, PurePosixPath

from index.bounds import MOST_SKIPS, one_reason
from index.dates import parse_date
from index.encoding import decode
from index.files import Unreadable, read_bytes
from index.normalise import one_line
from index.types import Skipped

OVERRIDES_NAME = "dateline.csv"
_COLUMNS = ("path", "published", "publisher", "title")
_MOST_BYTES = 20_000_000
_MOST_ROWS = 200_000
_LONGEST_VALUE = 500


@dataclass(frozen=True, kw_only=True, slots=True)
class Override:
    """What replaces an article's own metadata; None leaves it."""

    published: str | None = None
    publisher: str | None = None
    title: str | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Overrides:
    """The rows of a dateline.csv."""

    rows: Mapping[str, Override] = field(default_factory=dict)
    """Path as the file writes it, normalised -> what to override."""
    problems: tuple[Skipped, ...] = ()
    """The rows that cannot be used; their path ends in `:LINE`."""


def read_overrides(folder: Path) -> Overrides:
    """The overrides in `folder`/dateline.csv; none where there is no such file. A bad row is reported, never raised."""
    path = folder / OVERRIDES_NAME
    if not path.is_file():
        return Overrides()
    try:
        table = csv.DictReader(io.StringIO(decode(read_bytes(path, max_bytes=_MOST_BYTES)), newline=""), strict=True)
        return _read_rows(table, path)
    except Unreadable as error:
        return Overrides(problems=(Skipped(path=str(path), reason=str(error)),))


def _read_rows(table: csv.DictReader[str], path: Path) -> Overrides:
    rows: dict[str, Override] = {}
    problems = _Problems(path)
    try:
        columns = tuple(name.strip().lower() for name in table.fieldnames or ())
        # A column that stands there twice means nothing, and a million of them would cost a million steps a row.
        if "path" not in columns or not set(columns) <= set(_COLUMNS) or len(set(columns)) < len(columns):
            raise Unreadable(f"its first line must name the columns {','.join(_COLUMNS)} (path is needed, the others as you like)")
        table.fieldnames = list(columns)
        for number, row in enumerate(table):
            if number == _MOST_ROWS:
                problems.add(table.line_num, f"it has more than {_MOST_ROWS} rows, and later ones are ignored: give subfolders their own")
                break
            try:
                name, override = _read_row(row)
                if name in rows:
                    raise Unreadable(f"{name} stands in an earlier row already: delete one of the two")
                rows[name] = override
            except Unreadable as error:
                problems.add(table.line_num, str(error))
    except csv.Error as error:
        problems.add(table.reader.line_num, f"it is no valid CSV ({error}): check its quotes; later rows are ignored")
    return Overrides(rows=rows, problems=problems.listed())


class _Problems:
    """The rows that cannot be used: so many one by one, the rest as a number."""

    def __init__(self, path: Path) -> None:
        self._path = path
        self._listed: list[Skipped] = []
        self._more = 0

    def add(self, line: int, reason: str) -> None:
        if len(self._listed) < MOST_SKIPS:
            self._listed.append(Skipped(path=f"{self._path}:{line}", reason=one_reason(reason)))
        else:
            self._more += 1

    def listed(self) -> tuple[Skipped, ...]:
        rest = f"{self._more} more of its rows cannot be used: see the ones before"
        return (*self._listed, *([Skipped(path=str(self._path), reason=rest)] if self._more else []))


def _read_row(row: Mapping[str | None, str | None]) -> tuple[str, Override]:
    if None in row:
        raise Unreadable("it has more cells than the first line names: put quotes around a value with a comma")
    cells = {str(name): one_line(cell) for name, cell in row.items() if cell and one_line(cell)}
    if any(len(cell) > _LONGEST_VALUE for name, cell in cells.items() if name != "path"):
        raise Unreadable(f"a value in it has more than {_LONGEST_VALUE} characters: shorten it")
    path = PurePosixPath(cells.get("path", ""))
    if not path.parts or path.is_absolute() or ".." in path.parts:
        raise Unreadable("its path must name a file in this folder, such as 2025/bridge.txt")
    published = parse_date(cells["published"]) if "published" in cells else None
    if "published" in cells and published is None:
        raise Unreadable(f"{cells['published']} is not a date: write it as 2025-06-06 or 2025-06-06T15:18")
    return path.as_posix(), Override(published=published, publisher=cells.get("publisher"), title=cells.get("title"))
