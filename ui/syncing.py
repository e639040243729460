"""What the page does when somebody syncs, adds files or forgets a folder: a thread of its own does the work.

A library has one work at a time. Every visitor sees how it goes, and may cancel it.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import BadPath
from index.types import SyncReport
from ui.library import Library
from ui.problems import explained
from ui.uploads import Upload

if TYPE_CHECKING:
    from index.sync import Progress

_UPLOADS = "the files that were added"
_BUSY_HINT = "Wait until it is done, or cancel it."


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncState:
    """How a work on the corpus stands: under way, done (`report`) or failed (`problem`)."""

    folder: str
    """What it is about, in words."""
    number: int = 0
    """Which work of the library it is, from 1; 0 where none began."""
    base: str = ""
    """The folder that the paths of its report are told from."""
    done: int = 0
    """Files so far."""
    total: int = 0
    seconds: float = 0.0
    is_stopping: bool = False
    report: SyncReport | None = None
    is_forgotten: bool = False
    """Whether the report is of a folder that was forgotten."""
    problem: str = ""
    hint: str = ""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.report is not None or bool(self.problem)


class Syncing:
    """The one work on a library's corpus. Safe to use from several threads."""

    def __init__(self, library: Library) -> None:
        self._library = library
        self._change = threading.Condition()
        self._stop = threading.Event()
        self._works = 0
        self._state: SyncState | None = None
        self._step = 0

    @property
    def now(self) -> tuple[int, SyncState | None]:
        """(a number that grows with every step, the state then); no state before the first work."""
        with self._change:
            return self._step, self._state

    @property
    def is_busy(self) -> bool:
        """Whether a work is under way."""
        with self._change:
            return self._state is not None and not self._state.is_over

    def sync(self, folder: str) -> SyncState:
        """Begin to sync a folder that somebody typed; gives what to show them at once."""
        words = folder.strip().strip("'\"")
        if not words:
            return SyncState(folder="", problem="No folder was given.", hint="Type the path of a folder of articles, such as ~/articles.")
        try:
            path = _path(words)
        except BadPath as error:
            return SyncState(folder=words, problem=str(error), hint=error.hint)
        state = SyncState(folder=words, base=str(path.resolve()))
        return self._begin(state, lambda: self._library.sync(path, progress=self._progress(), cancelled=self._stop.is_set))

    def add(self, uploads: Sequence[Upload], *, served: Path) -> SyncState:
        """Begin to take in files that the server received (see `Library.add`); gives what to show at once."""

        def work() -> SyncReport:
            report = self._library.add(uploads, served=served, progress=self._progress(), cancelled=self._stop.is_set)
            self._set(base=self._library.uploads)  # known now that the visitor's own home is open
            return report

        return self._begin(SyncState(folder=_UPLOADS), work)

    def forget(self, root: str) -> SyncState:
        """Begin to forget a root; gives what to show at once."""
        state = SyncState(folder=root, base=root, is_forgotten=True)
        return self._begin(state, lambda: self._library.forget(root))

    def cancel(self) -> None:
        """Have the work under way stop soon; what it has done is kept."""
        with self._change:
            if self._state is not None and not self._state.is_over:
                self._stop.set()
                self._set(is_stopping=True)

    def wait(self, seconds: float) -> bool:
        """Wait for the work to be over; whether it is."""
        with self._change:
            return self._change.wait_for(lambda: self._state is None or self._state.is_over, seconds)

    def _begin(self, state: SyncState, work: Callable[[], SyncReport]) -> SyncState:
        with self._change:
            if self._state is not None and not self._state.is_over:
                return replace(state, problem=f"A sync is under way: {self._state.folder}.", hint=_BUSY_HINT)
            self._works += 1
            self._step += 1
            self._state = state = replace(state, number=self._works)
            self._stop.clear()
        threading.Thread(target=self._run, args=(work,), name="dateline-sync", daemon=True).start()
        return state

    def _run(self, work: Callable[[], SyncReport]) -> None:
        try:
            report = work()
        except Exception as error:  # noqa: BLE001  the page's edge, as in `ask`
            problem, hint = explained(error)
            self._set(problem=problem, hint=hint)
        else:
            self._set(report=report)

    def _progress(self) -> Progress:
        began = time.monotonic()
        return lambda what, done, total: self._set(done=done, total=total, seconds=time.monotonic() - began)

    def _set(self, **news: Any) -> None:
        with self._change:
            if self._state is not None:
                self._state, self._step = replace(self._state, **news), self._step + 1
                self._change.notify_all()


def _path(folder: str) -> Path:
    try:
        return Path(folder).expanduser()
    except RuntimeError:
        raise BadPath(f"{folder} names a user that does not exist here", hint="type the path in full") from None
