"""What the page shows of an error: its own words where a user can act on it."""

from __future__ import annotations

import logging

from index.errors import DatelineError

_log = logging.getLogger(__name__)
_FAULT = "Something went wrong in Dateline itself."
_FAULT_HINT = "The terminal that runs the page shows the details."


def explained(error: Exception) -> tuple[str, str]:
    """The problem and what to do about it; an error that no user can act on is logged and shown as a fault of ours."""
    if isinstance(error, DatelineError):
        return str(error), error.hint
    _log.error("the page failed", exc_info=error)
    return _FAULT, _FAULT_HINT
