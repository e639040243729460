"""A home's folder: whether there is one, and the lock that admits one writer at a time. Reading needs no lock."""

from __future__ import annotations

import json
import os
import socket
import time
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

from index.errors import BadPath, HomeError, HomeLocked
from index.locks import Busy, process_lock

_ROOTS = "roots.json"


def require_folder(folder: Path, *, create: bool = False) -> None:
    """Check that there is a home at `folder`, or that one can be made there.

    Raises:
        BadPath: there is none, or `folder` is a file or cannot be made.
    """
    if folder.exists() and not folder.is_dir():
        raise BadPath(f"{folder} is a file, and a home is a folder", hint="choose another place with --home FOLDER")
    if not (folder / "catalogue.sqlite").exists() and not create:
        raise BadPath(f"there is no home at {folder} yet", hint="make one with `dateline sync FOLDER`, where FOLDER holds your articles")
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadPath(f"{folder} cannot be made ({error.strerror})", hint="choose another place with --home FOLDER") from None


def is_apart(location: str, *, scope: str, home: str) -> bool:
    """Whether a place lies in the home and `scope` round it: what is kept there (uploads) belongs to no folder outside.

    All three are real paths.
    """
    inside = f"{home}/"
    return location.startswith(inside) and not scope.startswith(inside)


@contextmanager
def writing(folder: Path, *, wait: float) -> Iterator[None]:
    """Hold the writer lock of the home at `folder`.

    Raises:
        HomeLocked: another process holds it and did not let go within `wait` seconds.
        HomeError: the folder cannot be written.
    """
    holder = folder / "writer.json"
    with ExitStack() as held:
        try:
            held.enter_context(process_lock(folder / "writer.lock", wait=wait))
            holder.write_text(json.dumps({"pid": os.getpid(), "host": socket.gethostname(), "since": time.strftime("%H:%M:%S")}))
        except Busy:
            raise HomeLocked(
                f"{folder} is being written by {_holder(holder)}", hint="wait for it to finish, or choose another home with --home"
            ) from None
        except OSError as error:
            raise HomeError(
                f"{folder} cannot be written ({error.strerror or error})",
                hint="free some space on its disk or change its permissions; asking needs neither",
            ) from error
        yield


def note_roots(folder: Path, roots: Sequence[str]) -> None:
    """Keep a copy of what was synced beside the catalogue, for the day when that does not read."""
    draft = folder / "roots.new"
    with suppress(OSError):  # a copy, and of use only when all else fails
        draft.write_text(json.dumps(roots), encoding="utf-8")
        draft.replace(folder / _ROOTS)


def noted_roots(folder: Path) -> list[str]:
    """The roots that `note_roots` kept; empty where there are none or they do not read."""
    try:
        return [str(root) for root in json.loads((folder / _ROOTS).read_text(encoding="utf-8"))]
    except (OSError, ValueError, TypeError):
        return []


def _holder(path: Path) -> str:
    try:
        facts = json.loads(path.read_text())
        return f"process {facts['pid']} on {facts['host']} since {facts['since']}"
    except (OSError, ValueError, KeyError):
        return "another process"
