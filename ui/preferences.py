"""How one visitor of the page wants answers to be made."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """What a visitor chose; kept in the memory of the server for as long as the page is open, never written down."""

    strict: bool = False
    """Leave out every sentence of which a check failed."""
