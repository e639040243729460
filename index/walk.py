"""The article files under a path, and the `dateline.csv` overrides that apply to each.

Hidden folders and folders that hold a home are not entered, links to folders are not followed.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from index.overrides import OVERRIDES_NAME, Override, read_overrides
from index.readers import is_article_file
from index.types import Skipped

CATALOGUE_NAME = "catalogue.sqlite"
"""A folder that holds a file of this name is a home."""


@dataclass(slots=True)
class Found:
    """What a walk met."""

    files: dict[str, Override | None] = field(default_factory=dict)
    """Absolute path of each article file, in order, with the override that applies."""
    skipped: list[Skipped] = field(default_factory=list)
    unreadable: list[str] = field(default_factory=list)
    """Folders that could not be listed: nothing is known of what is in them."""


def walk(scope: Path, *, root: Path) -> Found:
    """The article files at or under `scope`, which lies in `root`.

    A `dateline.csv` applies to its own folder and all below; the nearest one that names a file wins.
    """
    found = Found()
    overrides = _overrides_above(scope, root, found)
    if scope.is_file():
        found.files[str(scope)] = overrides.get(str(scope))
    else:
        _walk(scope, overrides, found)
    return found


def _overrides_above(scope: Path, root: Path, found: Found) -> dict[str, Override]:
    """What the folders from `root` down to the parent of `scope` override."""
    overrides: dict[str, Override] = {}
    if scope != root:
        for folder in reversed([parent for parent in scope.parents if parent == root or root in parent.parents]):
            overrides.update(_overrides_of(folder, found))
    return overrides


def _overrides_of(folder: Path, found: Found) -> dict[str, Override]:
    if not os.path.isfile(folder / OVERRIDES_NAME):  # noqa: PTH113  pathlib's raises where the path is too long
        return {}
    overrides = read_overrides(folder)
    found.skipped.extend(overrides.problems)
    return {os.path.normpath(folder / path): override for path, override in overrides.rows.items()}


def _walk(folder: Path, inherited: Mapping[str, Override], found: Found) -> None:
    """Depth first and without recursion, since folders can lie deeper within each other than Python's calls may."""
    entries = _listed(folder, inherited, found)
    while entries:
        entry, overrides = entries.pop()
        if entry.is_dir(follow_symlinks=False):
            entries.extend(_listed(Path(entry.path), overrides, found))
        elif is_article_file(Path(entry.path)) and not _is_link_to_folder(entry):
            _add(entry.path, overrides, found)


def _listed(folder: Path, inherited: Mapping[str, Override], found: Found) -> list[tuple[os.DirEntry[str], Mapping[str, Override]]]:
    """What of a folder is to be looked at, the last name first, each with the overrides that apply below it."""
    try:
        with os.scandir(folder) as listing:
            entries = sorted(listing, key=lambda entry: entry.name, reverse=True)
    except OSError as error:
        found.unreadable.append(str(folder))
        found.skipped.append(Skipped(path=str(folder), reason=f"the folder cannot be listed ({error.strerror}); check its permissions"))
        return []
    if any(entry.name == CATALOGUE_NAME for entry in entries):
        return []
    own = _overrides_of(folder, found)
    overrides = {**inherited, **own} if own else inherited
    return [(entry, overrides) for entry in entries if not entry.name.startswith(".") and entry.name != OVERRIDES_NAME]


def _is_link_to_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_symlink() and entry.is_dir()
    except OSError:  # a link that leads round in a circle; reading it says so
        return False


def _add(path: str, overrides: Mapping[str, Override], found: Found) -> None:
    try:
        path.encode()
    except UnicodeEncodeError:
        found.skipped.append(Skipped(path=ascii(path), reason="the file's name is not valid UTF-8; rename the file"))
        return
    found.files[path] = overrides.get(path)
