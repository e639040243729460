"""A set's folder: its records, and the pools of articles or passages that they refer to.

A set is a folder of JSON Lines files, each plain or gzipped. Files that are absent are None here, and listed in the report.
"""

from __future__ import annotations

import gzip
import json
from functools import cache
from pathlib import Path
from typing import Any

from index.errors import BadPath, UsageError

Record = dict[str, Any]


class BadSet(UsageError):
    """A file of a set is not written as it should be, or lacks something that its questions need."""


class Files:
    """The files of one set, some of which may lie in a second folder."""

    def __init__(self, name: str, data: Path, corpus: Path | None = None) -> None:
        """Find the set.

        Args:
            name: of the set.
            data: its folder, or the folder that its folder lies in.
            corpus: the same for the pools that `data` lacks.

        Raises:
            BadPath: a folder is missing.
        """
        self.folders = [_folder(name, place, option) for place, option in ((data, "--data"), (corpus, "--corpus")) if place is not None]
        self.records = cache(self._records)
        self.pool = cache(self._pool)
        self.texts = cache(self._texts)

    def _records(self, file: str) -> list[Record] | None:
        """The records of FILE.jsonl or FILE.jsonl.gz in the set's own folder; None where it has neither."""
        return read_records(self.folders[0], file)

    def _pool(self, file: str) -> list[Record]:
        """The same for what records refer to by `doc_ids`; what the set's own folder lacks comes from the second one.

        Raises:
            BadSet: neither folder has it.
        """
        for folder in self.folders:
            if (found := read_records(folder, file)) is not None:
                return found
        raise BadSet(f"{self.folders[0]} has no {file}.jsonl", hint="name a folder that has it: --corpus DIR")

    def _texts(self, file: str) -> dict[str, str]:
        """`doc_id` -> text of a pool; what its own folder has of it goes before what the second one has.

        Raises:
            BadSet: neither folder has the pool.
        """
        first = {record["doc_id"]: record["text"] for record in self.pool(file)}
        others = [read_records(folder, file) or [] for folder in self.folders[1:]]
        return {record["doc_id"]: record["text"] for records in others for record in records} | first


def read_records(folder: Path, file: str) -> list[Record] | None:
    """The records of FILE.jsonl or FILE.jsonl.gz in a folder; None where it has neither.

    Raises:
        BadSet: a line is no JSON object; the message names file and line.
    """
    path = next((path for path in (folder / f"{file}.jsonl", folder / f"{file}.jsonl.gz") if path.is_file()), None)
    if path is None:
        return None
    found: list[Record] = []
    try:
        with gzip.open(path, "rb") if path.suffix == ".gz" else path.open("rb") as lines:
            for number, line in enumerate(lines, start=1):
                if line.strip():
                    found.append(_parsed(line, f"{path}:{number}"))
    except (OSError, EOFError) as error:
        raise BadPath(f"{path} does not read: {error}", hint="fetch the file again") from None
    return found


def _parsed(line: bytes, place: str) -> Record:
    try:
        record = json.loads(line)
    except ValueError:
        record = None
    if not isinstance(record, dict):
        raise BadSet(f"{place}: not a JSON object", hint="a set is written one JSON object a line")
    return record


def _folder(name: str, place: Path, option: str) -> Path:
    inner = place / name
    folder = inner if inner.is_dir() else place
    if not folder.is_dir():
        raise BadPath(f"there is no folder {place}", hint=f"give {option} the folder of {name}, or the one that it lies in")
    return folder
