"""What the page shows of an error: its own words where a user can act on it."""

from __future__ import annotations

import logging

from index.errors import DatelineError, ModelError
from rag.errors import ModelDenied, ModelTimeout

_log = logging.getLogger(__name__)
_FAULT = "Something went wrong in Dateline itself."
_FAULT_HINT = "The terminal that runs the page shows the details."


def explained(error: Exception) -> tuple[str, str]:
    """The problem and what to do about it; an error that no user can act on is logged and shown as a fault of ours."""
    if isinstance(error, DatelineError):
        return str(error), _hint(error)
    _log.error("the page failed", exc_info=error)
    return _FAULT, _FAULT_HINT


def _hint(error: DatelineError) -> str:
    """What to do about it on the page, where nobody types options or variables."""
    if isinstance(error, ModelDenied):
        return "check the key: the one typed in Settings, else the one that the page was started with"
    if isinstance(error, ModelTimeout):
        return "try again, or choose a smaller model in Settings"
    if "export " in error.hint:
        return "type the key in Settings"
    if isinstance(error, ModelError) and "--llm" in error.hint:
        return "try again, or choose another model in Settings"
    return error.hint
