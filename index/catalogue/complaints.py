"""What SQLite says of a file, in our words: one line on what is wrong, and one on what to do."""

from __future__ import annotations

from pathlib import Path

from index.errors import HomeDamaged, HomeError, HomeLocked

# SQLite's primary result codes; its documents name them SQLITE_BUSY and so on.
_ERROR, _BUSY, _LOCKED, _READONLY, _IOERR, _FULL, _CANTOPEN = 1, 5, 6, 8, 10, 13, 14
_OF_THE_FILE = ("no such table", "no such column", "malformed", "constructor", "unsupported file format", "fts5")
"""What a message of SQLITE_ERROR says when the file is to blame and not the statement."""


def is_our_fault(code: int, message: str) -> bool:
    """Whether SQLite blames the statement, not the file."""
    return code == _ERROR and not any(words in message for words in _OF_THE_FILE)


def complaint(path: Path, code: int, message: str) -> HomeError:
    """The error for one of SQLite's, by its primary result code."""
    file = _called(path)
    if code in (_BUSY, _LOCKED):
        return HomeLocked(f"{file} is in use by another program", hint="try again in a moment")
    if code == _FULL:
        return HomeError(
            f"the disk of {path.parent} is full", hint="free some space and type the same again: what was stored so far is kept"
        )
    if code == _IOERR:
        return HomeError(
            f"{file} cannot be read or written ({message})",
            hint="see whether the disk is full or fails, then type the same again: what was stored so far is kept",
        )
    if code in (_READONLY, _CANTOPEN):
        return HomeError(
            f"{file} cannot be written or opened by you ({message})",
            hint="change the permissions of the folder, or choose another home with --home; asking needs no write permission",
        )
    return damaged(path, message)


def damaged(path: Path, message: str) -> HomeDamaged:
    """The error for a file that does not read as a catalogue."""
    return HomeDamaged(
        f"{_called(path)} cannot be used: {message}",
        hint="type `dateline doctor --repair`: it sets the catalogue aside and says what to sync again; your articles are untouched",
    )


def _called(path: Path) -> str:
    """What a file is called: by its path, the catalogue also by what it is."""
    return f"the catalogue {path}" if path.stem == "catalogue" else str(path)
