"""Steps from an older catalogue format to the present one, each one transaction of its own.

A step is found by the format that it starts from, and has a test that starts from a home of that format. Newer formats are refused
elsewhere.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from index.catalogue.schema import COPIES

Execute = Callable[..., list[Any]]
"""Runs one SQL statement with its values."""
Migration = Callable[[Execute], None]


def find_copies(execute: Execute) -> None:
    """From format 1 to 2: where copies are linked. The next sync fills it, since it reads every file again (see `RECIPE_VERSION`)."""
    for statement in COPIES:
        execute(statement)


MIGRATIONS: dict[int, Migration] = {1: find_copies}
"""Format -> the step that makes the next one of it. A step runs inside a transaction and leaves `meta.format` alone."""


def missing_step(found: int, wanted: int) -> int | None:
    """The first format on the way from `found` to `wanted` that no step starts from; None when the way is whole."""
    return next((version for version in range(found, wanted) if version not in MIGRATIONS), None)


def step(execute: Execute, version: int) -> None:
    """Take the step from `version` to the next format, and record it."""
    MIGRATIONS[version](execute)
    execute("UPDATE meta SET value = ? WHERE name = 'format'", [str(version + 1)])
