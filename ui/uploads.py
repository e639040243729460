"""Files that a visitor gives through the browser: which are taken, under which name, and how they come into the home.

What the browser says is not believed: a file is taken only from the folder that receives uploads, only of a kind that Dateline reads,
only up to a size, and its name is made such that it can lead nowhere else. Files lie in the home's `uploads` folder, which is served to
nobody, and are synced from there like any folder.
"""

from __future__ import annotations

import os
import re
import shutil
import stat
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from dataclasses import dataclass
from filecmp import cmp
from pathlib import Path
from secrets import token_hex
from typing import Any, NamedTuple, NoReturn

from index.overrides import OVERRIDES_NAME
from index.readers import MAX_BYTES, SUFFIXES, is_article_file
from index.types import Skipped

FOLDER = "uploads"
"""Below the home."""
MOST_FILES = 1_000
MOST_BYTES = 500_000_000
"""Of all files that are given at once."""
MOST_FOLDERS = 20
"""Folders that may lie within each other."""
_LONGEST_NAME = 120
_LEFT_OUT = frozenset({"Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp"})
"""Characters that nobody sees in a name: controls, marks of direction, halves of characters."""
_UNSAFE = re.compile(r'[<>:"|?*\\]')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)
"""Names that mean no file on Windows."""
_RECEIVED = re.compile(r"[0-9a-f]{64}")
"""The folder that Gradio keeps a received file in: the digest of its content."""
_READ_ONLY = os.O_RDONLY | getattr(os, "O_NOFOLLOW", 0) | getattr(os, "O_BINARY", 0)
_KINDS = "txt, md, html, pdf, docx, epub, json, jsonl and csv"
_NOT_HERE = "it did not arrive: add it again"
_TOO_MANY = f"no more than {MOST_FILES:,} files and {MOST_BYTES // 10**6} MB come in at once: sync such a folder by its path"


class Upload(NamedTuple):
    """A file as the browser names it."""

    path: str
    """Where the server is said to have put it; empty where the browser did not send it."""
    name: str
    """What it was called, with the folders that it lay in, the outermost first."""
    size: int = 0
    """Its bytes, as the browser says; only believed of what it did not send."""


class Unsafe(Exception):
    """A file is not taken; the message says why, and what to do."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Taken:
    """What became of the files that were given."""

    paths: tuple[Path, ...] = ()
    """Where those lie that were taken."""
    refused: tuple[Skipped, ...] = ()


def uploads_of(data: object) -> list[Upload]:
    """The files that a browser's message names; none where the message is not of our making."""
    files = data.get("files") if isinstance(data, dict) else None
    named = [file for file in files if isinstance(file, dict)] if isinstance(files, list) else []
    given: list[tuple[Any, Any, Any]] = [(file.get("path"), file.get("name"), file.get("size")) for file in named]
    return [Upload(*each) for each in given if tuple(map(type, each)) == (str, str, int)]


def kinds() -> tuple[str, ...]:
    """The endings of the files that are taken."""
    return tuple(sorted(SUFFIXES))


def safe_parts(name: str) -> tuple[str, ...]:
    """The folders and the file name that an upload is kept under, none of which leads out of the folder that they lie in.

    >>> safe_parts("strike/2024:05/a?.txt")
    ('strike', '2024_05', 'a_.txt')

    Raises:
        Unsafe: the name leads elsewhere, is hidden, or is not of a kind that is read.
    """
    parts = [part for part in name.replace("\\", "/").split("/") if part not in ("", ".")]
    if not parts:
        raise Unsafe("it has no name: rename it")
    *folders, last = map(_safe_part, parts)
    if len(folders) > MOST_FOLDERS:
        raise Unsafe(f"it lies more than {MOST_FOLDERS} folders deep: add the inner folder")
    if last.lower() == OVERRIDES_NAME:
        if not folders:
            raise Unsafe("it says something of the files beside it: add the folder that they all lie in")
        return (*folders, OVERRIDES_NAME)
    if not is_article_file(Path(last)):
        raise Unsafe(f"it is of no kind that Dateline reads: {_KINDS}")
    return (*folders, last)


def _safe_part(part: str) -> str:
    kinds_of = [(character, unicodedata.category(character)) for character in unicodedata.normalize("NFC", part)]
    seen = "".join(" " if kind == "Zs" else character for character, kind in kinds_of if kind not in _LEFT_OUT)
    name = _UNSAFE.sub("_", seen).strip(" ").rstrip(". ")
    if not name:
        raise Unsafe("its name leads to another folder: rename it")
    if name.startswith((".", "~$")):
        raise Unsafe("it is hidden: rename it without the character in front")
    if _DEVICES.fullmatch(name):
        name = f"_{name}"
    if len(name) <= _LONGEST_NAME:
        return name
    ending = _ending(name)
    return f"{name[: _LONGEST_NAME - len(ending)]}{ending}"


def _ending(name: str) -> str:
    """The part of a file's name that says of which kind it is, as it is written."""
    longest = max((len(suffix) for suffix in SUFFIXES if name.lower().endswith(suffix)), default=0)
    return name[len(name) - longest :]


def take(uploads: Sequence[Upload], *, served: Path, folder: Path) -> Taken:
    """Move received files into `folder`; what cannot be taken is said by name, and the others go on.

    A file that comes by itself never takes another's place: where its name stands for other words already, it gets a number. A folder
    that comes again brings its files up to date.

    Args:
        uploads: the files, as the browser names them.
        served: where the server keeps what it receives; each file is deleted there, whatever becomes of it.
        folder: where they are to lie; made when the first is taken.
    """
    paths: list[Path] = []
    refused: list[Skipped] = []
    received: set[Path] = set()
    left = MOST_BYTES
    for number, upload in enumerate(uploads):
        try:
            if not upload.path:
                _refuse(upload)
            received.add(source := _received(upload.path, served))
            left -= _size(source)
            if number >= MOST_FILES or left < 0:
                raise Unsafe(_TOO_MANY)
            paths.append(_kept(source, safe_parts(upload.name), folder))
        except Unsafe as error:
            refused.append(Skipped(path=_shown(upload.name), reason=str(error)))
        except OSError as error:
            reason = f"it cannot be kept ({error.strerror or error}): see whether the disk is full"
            refused.append(Skipped(path=_shown(upload.name), reason=reason))
    for source in received:  # not before the end: files of one name and content are one file there
        with suppress(OSError):
            source.unlink()
            source.parent.rmdir()
    return Taken(paths=tuple(dict.fromkeys(paths)), refused=tuple(refused))


def _refuse(upload: Upload) -> NoReturn:
    """Say why the browser did not send a file.

    Raises:
        Unsafe: always.
    """
    safe_parts(upload.name)
    _require_small(upload.size)
    raise Unsafe(_NOT_HERE)


def _require_small(size: int) -> None:
    if size > MAX_BYTES:
        raise Unsafe(f"it is too large ({size / 1e6:.1f} MB, the limit is {MAX_BYTES / 1e6:.0f} MB): split it")


def _shown(name: str) -> str:
    """A name for a report: one line, and not too long."""
    line = "".join(character if character.isprintable() else " " for character in name)
    return line if len(line) <= 2 * _LONGEST_NAME else f"{line[: 2 * _LONGEST_NAME]}…"


def _received(path: str, served: Path) -> Path:
    """Where a file lies that the server received.

    Raises:
        Unsafe: not where the server puts what it receives.
    """
    source = Path(os.path.normpath(path))
    is_one = source.parent.parent == served and _RECEIVED.fullmatch(source.parent.name)
    if not is_one or "\0" in path or source.parent.is_symlink():
        raise Unsafe(_NOT_HERE)
    return source


def _size(source: Path) -> int:
    """The bytes of a received file.

    Raises:
        Unsafe: it is gone, is no plain file or is too large.
    """
    try:
        status = source.lstat()
    except FileNotFoundError as error:
        raise Unsafe(_NOT_HERE) from error
    if not stat.S_ISREG(status.st_mode):
        raise Unsafe(_NOT_HERE)
    _require_small(status.st_size)
    return status.st_size


def _kept(source: Path, parts: tuple[str, ...], folder: Path) -> Path:
    """Copy a file to its place below `folder`, whole or not at all."""
    target = folder.joinpath(*parts)
    if len(parts) == 1:
        target = _free(source, target)
        if target.exists():
            return target
    target.parent.mkdir(parents=True, exist_ok=True)
    if os.path.realpath(target.parent) != str(Path(os.path.realpath(folder)).joinpath(*parts[:-1])):
        raise Unsafe("its folder is a link to another one: rename the folder that you add")
    draft = target.with_name(f".{token_hex(8)}.part")
    try:
        with os.fdopen(os.open(source, _READ_ONLY), "rb") as content, draft.open("xb") as file:
            shutil.copyfileobj(content, file)
        draft.replace(target)
    finally:
        draft.unlink(missing_ok=True)
    return target


def _free(source: Path, target: Path) -> Path:
    """`target`, or the same with a number where other words have its name."""
    ending = _ending(target.name)
    stem, place, number = target.name.removesuffix(ending), target, 1
    while os.path.lexists(place) and not (place.is_file() and not place.is_symlink() and cmp(source, place, shallow=False)):
        number += 1
        place = target.with_name(f"{stem} ({number}){ending}")
    return place
