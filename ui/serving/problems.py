"""What other programs are told of an error: a stable word, a line, and what to do; over HTTP, a status as well."""

from __future__ import annotations

from typing import Any

from index.errors import DatelineError, HomeError, ModelError, NotFound, UsageError
from rag.errors import ModelBusy, ModelTimeout
from ui.problems import explained


class BadRequest(UsageError):
    """What a program sent does not fit the schema."""


class TooLarge(UsageError):
    """What a program sent is larger than anything that fits the schema."""


class NotJson(UsageError):
    """What a program sent says that it is no JSON."""


class NotSignedIn(UsageError):
    """Nobody may come in without a name and password, and these are not right."""


class Busy(DatelineError):
    """More questions wait than may."""


_STATUS: tuple[tuple[type[DatelineError], int], ...] = (
    (NotSignedIn, 401), (NotFound, 404), (TooLarge, 413), (NotJson, 415), (UsageError, 400), (ModelTimeout, 504), (ModelBusy, 503),
    (ModelError, 502), (HomeError, 503), (Busy, 503),
)  # fmt: skip
"""The first that an error is one of."""
_FAULT = 500


def problem(error: Exception) -> dict[str, dict[str, str]]:
    """An error as JSON data, as every command prints it too; one that no user can act on is logged and told as a fault of ours."""
    known = (error.kind, str(error), error.hint) if isinstance(error, DatelineError) else ("Fault", *explained(error))
    return {"error": dict(zip(("kind", "message", "hint"), known, strict=True))}


def status(error: Exception) -> int:
    """The HTTP status of an error."""
    return next((code for kind, code in _STATUS if isinstance(error, kind)), _FAULT)


def problem_schema() -> dict[str, Any]:
    """The JSON Schema of what `problem` gives."""
    facts = {
        "kind": {"type": "string", "description": "a stable word for programs"},
        "message": {"type": "string", "description": "what went wrong, in one line"},
        "hint": {"type": "string", "description": "what to do about it; may be empty"},
    }
    error = {"type": "object", "properties": facts, "required": [*facts], "additionalProperties": False}
    return {"type": "object", "properties": {"error": error}, "required": ["error"], "additionalProperties": False}
