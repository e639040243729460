"""Who may use a page that other machines can reach: names with salted password hashes, one a line, in a file of yours.

    python -m ui.auth NAME >> users.txt     asks for a password, and writes `NAME:SALT:HASH`
    dateline ui --host 0.0.0.0 --auth-file users.txt

The hash is scrypt; passwords are kept nowhere. Lines that are empty or begin with # are ignored.
"""

from __future__ import annotations

import hashlib
import hmac
import os
from collections.abc import Callable
from pathlib import Path

from index.errors import BadPath, UsageError

_SALT_BYTES = 16


def read_users(path: Path) -> Callable[[str, str], bool]:
    """The check of a name and a password that an auth file stands for.

    Raises:
        BadPath: the file cannot be read.
        UsageError: it holds no user, or a line that does not fit.
    """
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as error:
        raise BadPath(f"{path} cannot be read as an auth file ({error})", hint="make one with `python -m ui.auth NAME >> FILE`") from None
    users = dict(_user(line, f"{path}:{number}") for number, line in enumerate(lines, start=1) if line.strip() and not line.startswith("#"))
    if not users:
        raise UsageError(f"{path} names no user", hint=f"add one with `python -m ui.auth NAME >> {path}`")
    nobody = (os.urandom(_SALT_BYTES), b"")

    def check(name: str, password: str) -> bool:
        salt, expected = users.get(name, nobody)  # an unknown name takes as long as a wrong password
        return hmac.compare_digest(_digest(password, salt), expected)

    return check


def user_line(name: str, password: str) -> str:
    """The line of an auth file for one user.

    Raises:
        UsageError: the name is empty or holds a colon or a line break, or the password is empty.
    """
    if not name.strip() or not password or set(name) & set(":\r\n"):
        raise UsageError("a user needs a name without a colon, and a password", hint="python -m ui.auth NAME")
    salt = os.urandom(_SALT_BYTES)
    return f"{name}:{salt.hex()}:{_digest(password, salt).hex()}"


def _user(line: str, place: str) -> tuple[str, tuple[bytes, bytes]]:
    try:
        name, salt, digest = line.strip().split(":")
        return name, (bytes.fromhex(salt), bytes.fromhex(digest))
    except ValueError:
        raise UsageError(f"{place} is not NAME:SALT:HASH", hint="make such a line with `python -m ui.auth NAME`") from None


def _digest(password: str, salt: bytes) -> bytes:
    return hashlib.scrypt(password.encode(), salt=salt, n=2**14, r=8, p=1)


if __name__ == "__main__":
    import sys
    from getpass import getpass

    try:
        _, _name = sys.argv
        sys.stdout.write(user_line(_name, getpass()) + "\n")
    except (ValueError, UsageError):
        sys.exit("usage: python -m ui.auth NAME   (a name without a colon; then a password that is not empty)")
