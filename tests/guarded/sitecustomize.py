"""Loaded by every Python that has this folder on PYTHONPATH: refuses all that would leave this machine, and writes down what was tried.

It listens to the interpreter's own audit events, so no library can go round it from Python.
"""

import os
import sys
from pathlib import Path

LOG = Path(os.environ["GUARD_LOG"])
LOCAL = {None, "", "localhost", "::1", b"localhost"}


def is_local(host: object) -> bool:
    return host in LOCAL or str(host).startswith("127.")


def place(arguments: tuple) -> tuple[object, ...] | None:
    """The address among the arguments of an event; None where it lies in the file system."""
    address = arguments[-1]
    return address if isinstance(address, tuple) else None


def asked(event: str, arguments: tuple) -> object:
    """What an event wants to reach, or whose name it wants to know; None for this machine alone."""
    if event in ("socket.connect", "socket.sendto", "socket.sendmsg", "socket.bind", "socket.getnameinfo"):
        address = place(arguments)
        return None if address is None or is_local(address[0]) else address
    if event in ("socket.getaddrinfo", "socket.gethostbyname", "socket.gethostbyaddr"):
        return None if is_local(arguments[0]) else arguments[0]
    return None


def note(line: str) -> None:
    with LOG.open("a") as log:
        log.write(f"{line}\n")


def guard(event: str, arguments: tuple) -> None:
    if event.startswith("socket.") and (wanted := asked(event, arguments)) is not None:
        note(f"{event} {wanted!r}")
        raise PermissionError(f"a test refuses {event} {wanted!r}")


note("guarded")
sys.addaudithook(guard)
