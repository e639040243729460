"""What the process that parses files and the process that asks it say to each other: length-prefixed frames, JSON within.

JSON, since a frame may come from a process that a hostile file has damaged: it can carry wrong words, but runs nothing.
"""

from __future__ import annotations

import json
import struct
from collections.abc import Mapping
from dataclasses import asdict
from typing import IO, Any

from index.types import Draft, Removed, Skipped

_LENGTH = struct.Struct(">Q")


class BrokenFrame(Exception):
    """The other side is gone, or what it sent is no frame."""


def send(file: IO[bytes], payload: bytes) -> None:
    """Writes one frame.

    Raises:
        BrokenFrame: nobody listens.
    """
    try:
        file.write(_LENGTH.pack(len(payload)))
        file.write(payload)
        file.flush()
    except (OSError, ValueError) as error:  # ValueError is Python's word for a closed file
        raise BrokenFrame("nobody listens") from error


def receive(file: IO[bytes], *, most: int) -> bytes:
    """Reads one frame of at most `most` bytes.

    Raises:
        BrokenFrame: the other side ended before or within it, or it is too long.
    """
    try:
        head = file.read(_LENGTH.size)
        length = _LENGTH.unpack(head)[0] if len(head) == _LENGTH.size else most + 1
        payload = file.read(length) if length <= most else b""
    except (OSError, ValueError) as error:
        raise BrokenFrame("nobody speaks") from error
    if length > most or len(payload) < length:
        raise BrokenFrame("the frame breaks off, or is too long")
    return payload


def to_json(value: Mapping[str, Any]) -> bytes:
    """`value` as JSON; lone surrogates survive, as file names may hold them."""
    return json.dumps(value, ensure_ascii=False).encode("utf-8", "surrogatepass")


def from_json(payload: bytes) -> dict[str, Any]:
    """The object in `payload`.

    Raises:
        BrokenFrame: it is no JSON object.
    """
    try:
        value = json.loads(payload.decode("utf-8", "surrogatepass"))
    except (ValueError, RecursionError) as error:
        raise BrokenFrame("it is no JSON") from error
    if not isinstance(value, dict):
        raise BrokenFrame("it is no object")
    return value


def pack_result(result: Draft | Skipped) -> dict[str, Any]:
    """A reader's result as plain data."""
    return asdict(result)


def unpack_result(data: Any) -> Draft | Skipped:
    """The result that `pack_result` took apart.

    Raises:
        BrokenFrame: it is none.
    """
    try:
        if "reason" in data:
            return Skipped(**data)
        removed = tuple(Removed(**piece) for piece in data["removed"])
        return Draft(**{**data, "authors": tuple(data["authors"]), "removed": removed})
    except (TypeError, KeyError) as error:
        raise BrokenFrame("it is no result") from error
