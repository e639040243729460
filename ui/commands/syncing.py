"""`sync` and `forget`: they change a home, and never an article."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from index.errors import BadPath, UsageError
from index.types import SyncReport
from ui.commands.options import HomeOption, JsonOption, WaitOption, open_home, settings_for
from ui.console import note, progress_bar, show, write_json
from ui.text import counted, sync_line

if TYPE_CHECKING:
    from index.home import Home

_SUMMED = ("added", "changed", "moved", "deleted", "unchanged", "embedded", "seconds", "skipped")


def sync(
    paths: Annotated[list[str], typer.Argument(metavar="PATH...", help="Folders of articles, or single files.", show_default=False)],
    allow_empty: Annotated[
        bool, typer.Option("--allow-empty", help="Delete what was synced from PATH although it is gone or holds no article any more.")
    ] = False,
    wait: WaitOption = 10.0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Bring the home up to date with folders of articles: add, change, move, delete."""
    _require_something(paths, home)
    reports, failures = [], []
    with open_home(home, create=True) as opened:
        for path in paths:
            try:
                reports.append(_synced(opened, path, allow_empty=allow_empty, wait=wait))
            except UsageError as error:
                if len(paths) == 1:
                    raise
                failures.append((path, error))
    if as_json:
        write_json({**(_summed(reports).to_dict() if reports else {}), **_failed(failures)})
    else:
        _tell(reports, failures)
    return failures[0][1].exit_code if failures else 0


def forget(
    path: Annotated[str, typer.Argument(metavar="PATH", help="A folder or file that was synced.", show_default=False)],
    wait: WaitOption = 10.0,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Remove what was synced from a path from the home; the files stay."""
    with open_home(home) as opened:
        report = opened.forget(path, wait=wait)
    if as_json:
        write_json(report.to_dict())
    else:
        left = "1 is" if report.articles == 1 else f"{report.articles:,} are"
        note(f"Forgot {counted(report.deleted, 'article')} of {path}; {left} left. The files are where they were.")
    return 0


def _require_something(paths: Sequence[str], home: Path | None) -> None:
    """Make no home for paths that are all mistyped."""
    folder = settings_for(home).home
    if folder.exists() or any(os.path.lexists(path) for path in paths):
        return
    raise BadPath(f"{paths[0]} does not exist", hint="type the path of a folder of articles, or of one article")


def _synced(home: Home, path: str, *, allow_empty: bool, wait: float) -> SyncReport:
    with progress_bar() as progress:
        return home.sync(path, allow_empty=allow_empty, wait=wait, progress=progress)


def _summed(reports: Sequence[SyncReport]) -> SyncReport:
    """The counts added up; the state of the home as it was after the last."""
    sums: dict[str, Any] = {name: getattr(reports[0], name) for name in _SUMMED}
    for report in reports[1:]:
        sums = {name: value + getattr(report, name) for name, value in sums.items()}
    return replace(reports[-1], **sums)


def _failed(failures: Sequence[tuple[str, UsageError]]) -> dict[str, Any]:
    """The errors of some paths among several, the first of them also where every command has its error."""
    errors = [{"path": path, "kind": error.kind, "message": str(error), "hint": error.hint} for path, error in failures]
    return {"error": {name: errors[0][name] for name in ("kind", "message", "hint")}, "failed": errors} if errors else {}


def _tell(reports: Sequence[SyncReport], failures: Sequence[tuple[str, UsageError]]) -> None:
    if reports:
        total = _summed(reports)
        show([sync_line(total)])
        for skipped in total.skipped:
            note(f"skipped {skipped.path}: {skipped.reason}")
    for _, error in failures:
        note(f"error: {error}; {error.hint}", "red")
