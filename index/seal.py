"""Tells whether the vector store's files are as the last writer left them.

Chroma reads its index files without checking them: one that is torn or has a flipped bit ends the process with a
segmentation fault, which nothing can catch. So whoever wrote them notes size and digest of each, and whoever opens them
compares first. Chroma's SQLite file is left out: it changes whenever it is opened, and complains for itself when damaged.
"""

from __future__ import annotations

import hashlib
import json
import os
from pathlib import Path
from typing import NamedTuple

_SELF_CHECKED = "chroma.sqlite3"


class Seal(NamedTuple):
    """What a writer left."""

    generation: int
    """`vectors_generation` of the catalogue that the files belong to."""
    files: dict[str, list[int | str]]
    """Name -> size, time of change in nanoseconds, and digest."""


def write_seal(folder: Path, generation: int) -> None:
    """Note the files of `folder` as they are, beside it; the old note stays until the new one is whole.

    Raises:
        OSError: the note cannot be written, or a file cannot be read.
    """
    last = read_seal(folder)
    known = last.files if last else {}
    note = json.dumps({"generation": generation, "files": {name: _noted(folder, name, known.get(name)) for name in _names(folder)}})
    path = _path(folder)
    draft = path.with_suffix(".new")
    with draft.open("w", encoding="utf-8") as file:
        file.write(note)
        file.flush()
        os.fsync(file.fileno())
    draft.replace(path)


def read_seal(folder: Path) -> Seal | None:
    """The note on `folder`; None where there is none or it does not read."""
    try:
        note = json.loads(_path(folder).read_text(encoding="utf-8"))
        return Seal(int(note["generation"]), {str(name): [*facts] for name, facts in note["files"].items()})
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def broken_seal(folder: Path, generation: int | None) -> str | None:
    """One line on why the files of `folder` cannot be trusted; None when they can, or when there are none yet.

    Args:
        folder: where the files are.
        generation: the catalogue's `vectors_generation`; files of a later one belong to a catalogue that is lost. None: any.
    """
    seal, names = read_seal(folder), _names(folder)
    if seal is None:
        return f"there is no note of what was written to {folder}" if folder.exists() else None
    if generation is not None and seal.generation > generation:
        return f"{folder} belongs to a later state of the catalogue"
    if names and not (folder / _SELF_CHECKED).exists():
        return f"{folder / _SELF_CHECKED} is missing"
    for name in sorted({*names, *seal.files}):
        try:
            if name not in seal.files or _noted(folder, name, None)[::2] != seal.files[name][::2]:
                return f"{folder / name} is not as it was written"
        except OSError as error:
            return f"{folder / name} does not read: {error.strerror}"
    return None


def drop_seal(folder: Path) -> None:
    """Forget the note, before the folder is set aside."""
    _path(folder).unlink(missing_ok=True)


def _path(folder: Path) -> Path:
    return folder.with_name("vectors.json")


def _names(folder: Path) -> list[str]:
    files = (file for file in folder.rglob("*") if file.is_file() and not file.name.startswith(_SELF_CHECKED))
    return sorted(file.relative_to(folder).as_posix() for file in files)


def _noted(folder: Path, name: str, known: list[int | str] | None) -> list[int | str]:
    """Size, time and digest of a file; the known digest where size and time are the known ones."""
    status = (folder / name).stat()
    if known and known[:2] == [status.st_size, status.st_mtime_ns]:
        return known
    with (folder / name).open("rb") as file:
        return [status.st_size, status.st_mtime_ns, hashlib.file_digest(file, hashlib.blake2b).hexdigest()[:32]]
