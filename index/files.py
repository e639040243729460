"""Reads files within bounds: only regular files, only so many bytes, only so much out of an archive.

What the bytes mean is for `encoding` and the readers.
"""

from __future__ import annotations

import errno
import gzip
import io
import os
import stat
import zipfile
import zlib
from dataclasses import dataclass
from pathlib import Path

MOST_INFLATED = 50_000_000
"""Bytes that one compressed file may unfold to."""
_READ_ONLY = os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0) | getattr(os, "O_CLOEXEC", 0)
_OPEN_FAILURES = {
    errno.ENOENT: "there is no such file: check the path",
    errno.EACCES: "no permission to read it: allow it with `chmod u+r` on the file",
    errno.EPERM: "no permission to read it: allow it with `chmod u+r` on the file",
    errno.ELOOP: "the link leads back to itself: remove it or point it at a file",
    errno.ENXIO: "it is not a regular file: leave it out, or copy its content into one",
}


class Unreadable(Exception):
    """A file holds no article that can be read; the message is one line that says what is wrong and what to do.

    Never leaves `index.readers`, which turns it into a `Skipped`.
    """


class KeptWaiting(Unreadable):
    """A file could not be read now, for no fault of its own."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """A file's bytes on their way to a reader."""

    path: Path
    data: bytes
    stem: str
    """The file name without suffixes: the article's doc_id where nothing better is known."""


def read_bytes(path: Path, *, max_bytes: int) -> bytes:
    """The content of a regular file.

    Raises:
        Unreadable: it is missing, forbidden, not a regular file, empty, or larger than `max_bytes`.
    """
    try:
        if not stat.S_ISREG(path.stat().st_mode):
            raise Unreadable(_OPEN_FAILURES[errno.ENXIO])
        # Opened without waiting and looked at again: the file may have been replaced by a pipe since.
        with os.fdopen(os.open(path, _READ_ONLY), "rb") as file:
            status = os.fstat(file.fileno())
            if not stat.S_ISREG(status.st_mode):
                raise Unreadable(_OPEN_FAILURES[errno.ENXIO])
            data = b"" if status.st_size > max_bytes else file.read(max_bytes + 1)
    except OSError as error:
        reason = error.strerror or type(error).__name__
        raise Unreadable(_OPEN_FAILURES.get(error.errno or 0, f"it cannot be read ({reason}): check the disk and the path")) from error
    if status.st_size > max_bytes or len(data) > max_bytes:
        size = max(status.st_size, len(data)) / 1e6
        raise Unreadable(f"it is too large ({size:.1f} MB, the limit is {max_bytes / 1e6:.0f} MB): split it into smaller files")
    if not data:
        raise Unreadable("it is empty: put the article into it, or delete it")
    return data


def gunzip(data: bytes) -> bytes:
    """The content of a gzip file.

    Raises:
        Unreadable: it is damaged or unfolds to more than `MOST_INFLATED` bytes.
    """
    try:
        with gzip.GzipFile(fileobj=io.BytesIO(data)) as file:
            content = file.read(MOST_INFLATED + 1)
    except (gzip.BadGzipFile, EOFError, zlib.error) as error:
        raise Unreadable("it is no whole gzip file: copy or download it again") from error
    if len(content) > MOST_INFLATED:
        raise Unreadable(f"it unpacks to more than {MOST_INFLATED / 1e6:.0f} MB: split it into smaller files")
    return content


class Archive:
    """A zip file whose members together may unfold to `MOST_INFLATED` bytes, whatever its directory claims."""

    def __init__(self, file: zipfile.ZipFile) -> None:
        self._file = file
        self._left = MOST_INFLATED

    @classmethod
    def open(cls, data: bytes, *, kind: str) -> Archive:
        """The archive in `data`; `kind` names what it should be.

        Raises:
            Unreadable: it is no zip file, or claims to hold too much.
        """
        try:
            file = zipfile.ZipFile(io.BytesIO(data))
        except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, OSError) as error:
            raise Unreadable(f"it is no whole {kind} file: copy it again, or save it anew") from error
        if sum(member.file_size for member in file.infolist()) > MOST_INFLATED:
            raise Unreadable(f"it unpacks to more than {MOST_INFLATED / 1e6:.0f} MB: split it into smaller files")
        return cls(file)

    def __contains__(self, name: str) -> bool:
        return name in self._file.NameToInfo

    def check(self) -> None:
        """Inflates every member once, within the bound, for libraries that open the archive themselves.

        Raises:
            Unreadable: a member is damaged, encrypted or too large.
        """
        for member in self._file.infolist():
            self.read(member.filename)

    def read(self, name: str) -> bytes:
        """The content of one member.

        Raises:
            Unreadable: it is missing, damaged, encrypted or too large.
        """
        try:
            with self._file.open(name) as member:
                content = member.read(self._left + 1)
        except RuntimeError as error:  # zipfile's word for "a password is needed"
            raise Unreadable("it is protected by a password: save a copy without one") from error
        except (KeyError, ValueError, zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, OSError) as error:
            raise Unreadable(f"a part of it is missing or damaged ({name}): copy it again, or save it anew") from error
        self._left -= len(content)
        if self._left < 0:
            raise Unreadable(f"it unpacks to more than {MOST_INFLATED / 1e6:.0f} MB: split it into smaller files")
        return content
