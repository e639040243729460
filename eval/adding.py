"""Adds cases to a case file: none twice, and all of them or none, whatever happens on the way."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, NamedTuple

from eval.cases import Case, load_cases
from index.errors import BadPath, HomeLocked
from index.locks import Busy, process_lock

_WAIT = 10.0


class Added(NamedTuple):
    """What became of some cases."""

    added: tuple[str, ...]
    """The ids of those that are new in the file."""
    known: tuple[str, ...]
    """The ids of those that it has, as they are."""
    other: tuple[str, ...]
    """The ids of those that it has with another answer, and which stay as they are there."""


def add_cases(path: Path, cases: Sequence[Mapping[str, Any]], *, lock: Path) -> Added:
    """Append cases to a case file, which is made if need be.

    Args:
        path: the file, plain and not gzipped.
        cases: as they are written in a file, each with an id of its own; a field that a case does not know is kept.
        lock: a file that only one of those who add at the same time may hold.

    Raises:
        BadPath: the file cannot be read or written, or is gzipped.
        BadCases: what the file holds, or one of `cases`, is not a case.
        HomeLocked: another one is adding and does not finish.
    """
    file = Path(os.path.realpath(path))
    if file.suffix == ".gz":
        raise BadPath(f"{path} is gzipped, and nothing can be added to it", hint=f"unpack it first: gunzip {path}")
    try:
        with process_lock(lock, wait=_WAIT):
            return _added(file, cases)
    except Busy:
        raise HomeLocked(f"another program is adding cases to {path}", hint="type the same again in a moment") from None
    except OSError as error:
        raise BadPath(f"{path} cannot be written: {error.strerror}", hint="name a file in a folder where you may write") from None


def _added(file: Path, cases: Sequence[Mapping[str, Any]]) -> Added:
    held = file.read_bytes() if file.exists() else b""
    there = {case.id: case for case in load_cases(file)} if held.strip() else {}
    asked = {str(case["id"]): Case.from_dict(case) for case in cases}
    new = [case for case in cases if case["id"] not in there]
    if new:
        gap = b"" if not held or held.endswith(b"\n") else b"\n"
        _replace(
            file,
            held + gap + "".join(json.dumps(dict(case), ensure_ascii=False) + "\n" for case in new).encode("utf-8", "backslashreplace"),
        )
    same = {name for name, case in asked.items() if name in there and there[name].answers == case.answers}
    return Added(
        added=tuple(str(case["id"]) for case in new),
        known=tuple(name for name in asked if name in same),
        other=tuple(name for name in asked if name in there and name not in same),
    )


def _replace(file: Path, content: bytes) -> None:
    """Put `content` in the place of a file in one step."""
    draft = file.with_name(f".{file.name}.new")
    with draft.open("wb") as stream:
        stream.write(content)
        stream.flush()
        os.fsync(stream.fileno())
    if file.exists():
        shutil.copymode(file, draft)
    draft.replace(file)
