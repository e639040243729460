"""What the page does when somebody syncs: a thread of its own does the work, and the page hears how far it has come."""

from __future__ import annotations

import queue
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import BadPath
from index.types import SyncReport
from ui.library import Library
from ui.problems import explained

_REFRESH_SECONDS = 0.2


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncState:
    """How a sync stands: under way, done (`report`) or failed (`problem`)."""

    folder: str
    what: str = ""
    done: int = 0
    total: int = 0
    seconds: float = 0.0
    report: SyncReport | None = None
    problem: str = ""
    hint: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.report is not None or bool(self.problem)


def sync(library: Library, folder: str) -> Iterator[SyncState]:
    """Sync a folder that somebody typed; yields how far it has come, and last the report or the problem."""
    path = folder.strip().strip("'\"")
    state = SyncState(folder=path)
    if not path:
        yield replace(state, problem="No folder was given.", hint="Type the path of a folder of articles, such as ~/articles.")
        return
    steps: queue.SimpleQueue[SyncState] = queue.SimpleQueue()
    began = time.monotonic()
    threading.Thread(target=_sync, args=(library, state, steps, began), name="dateline-sync", daemon=True).start()
    yield state
    while not state.is_over:
        state = _latest(steps)
        yield state
        if not state.is_over:
            time.sleep(_REFRESH_SECONDS)


def _sync(library: Library, state: SyncState, steps: queue.SimpleQueue[SyncState], began: float) -> None:
    def progress(what: str, done: int, total: int) -> None:
        steps.put(replace(state, what=what, done=done, total=total, seconds=time.monotonic() - began))

    try:
        report = library.sync(_path(state.folder), progress=progress)
        steps.put(replace(state, report=report))
    except Exception as error:  # noqa: BLE001  the page's edge, as in `ask`
        problem, hint = explained(error)
        steps.put(replace(state, problem=problem, hint=hint))


def _path(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError:
        raise BadPath(f"{folder} names a user that does not exist here", hint="type the path in full") from None


def _latest(steps: queue.SimpleQueue[SyncState]) -> SyncState:
    """The newest step, waiting for one; a step that ends the sync is never passed over."""
    state = steps.get()
    while not state.is_over:
        try:
            state = steps.get_nowait()
        except queue.Empty:
            break
    return state
