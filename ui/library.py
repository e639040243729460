"""Which articles the page asks: the visitor's own home as soon as it holds some, the sample corpus until then."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING
from weakref import WeakValueDictionary

from index.errors import NotFound
from index.types import SyncReport
from rag.chatbot import Chatbot
from ui.preferences import Preferences
from ui.sample import open_sample
from ui.uploads import FOLDER, Upload, take

if TYPE_CHECKING:
    from index.home import Home
    from index.sync import Progress

SAMPLE_QUESTIONS = (
    "When did French troops leave Mali?",
    "How many Russian instructors are there in Mali?",
    "Which ministry is the Africa Corps under?",
    "How many French soldiers died in Mali?",
)
"""What the page offers to ask of the sample; nothing in it answers the last one."""
_DETAILED = 6
"""Sentences that a detailed built-in answer quotes at most."""
_WAIT = 3.0
"""Seconds that a change waits for another process that is writing."""
Cancelled = Callable[[], bool]
"""Whether a sync is to stop."""


class Library:
    """The chatbot that new questions go to, and the way from the sample to the visitor's own articles."""

    def __init__(
        self, chatbot: Chatbot, *, is_sample: bool = False, open_own: Callable[[], Chatbot] | None = None, own: Path | None = None
    ) -> None:
        """Ask `chatbot`; while it holds the sample, the first sync moves to the one that `open_own` makes, over the home at `own`."""
        self.chatbot = chatbot
        self.is_sample = is_sample
        self._open_own = open_own
        self._own = own
        self._own_written: datetime | None = None
        self._lock = threading.Lock()
        self._made: WeakValueDictionary[tuple[Home, Preferences], Chatbot] = WeakValueDictionary()
        self._making = threading.Lock()

    @classmethod
    def open(cls, home: Path, *, llm: str | None = None) -> Library:
        """The home at `home`, or the sample where that is missing or empty.

        Raises:
            DatelineError: the home, the sample or the language model cannot be had.
        """
        if (home / "catalogue.sqlite").exists() or home.is_file():
            chatbot = Chatbot.open(home, llm=llm)
            if chatbot.home.stats().articles:
                return cls(chatbot)
            chatbot.close()
        return cls(open_sample(llm=llm), is_sample=True, open_own=lambda: Chatbot.open(home, llm=llm, create=True), own=home)

    @property
    def questions(self) -> tuple[str, ...]:
        """Example questions; none for articles that nobody here has read."""
        return SAMPLE_QUESTIONS if self.is_sample else ()

    def chatbot_for(self, preferences: Preferences, *, home: Home | None = None) -> Chatbot:
        """The chatbot that answers as a visitor wants, over the home that is asked now, or over `home`.

        It is made once for everybody who wants the same, and is gone with the last conversation that it answered in, and with it
        the visitor's key.

        Raises:
            MissingExtra, ModelUnavailable, UsageError: the language model cannot be had.
        """
        base, wanted = self.chatbot, preferences.answerer
        home = home or base.home
        if wanted.llm == base.model and wanted.key is None:
            wanted = replace(wanted, llm=None)
        if home is base.home and wanted == Preferences(style=base.settings.style):
            return base
        with self._making:
            chatbot = self._made.get((home, wanted))
            if chatbot is None:
                chatbot = self._made[home, wanted] = _made(base, home, wanted)
            return chatbot

    @property
    def version(self) -> tuple[object, ...]:
        """Differs once the corpus has something new to show; costs next to nothing.

        Raises:
            HomeError: the home does not read.
        """
        return self.is_sample, self.chatbot.home.path, self.chatbot.home.generation, last_written(self.chatbot)

    @property
    def uploads(self) -> str:
        """The folder of the files that visitors gave, as the home calls it."""
        return os.path.realpath(self.chatbot.home.path / FOLDER)

    def sync(self, folder: Path, *, progress: Progress, cancelled: Cancelled) -> SyncReport:
        """Sync a folder into the visitor's own home, and ask that home from now on.

        Raises:
            BadPath: `folder` is missing or holds no article; the page goes on with what it asked before.
            HomeLocked: another process is writing.
        """
        return self._changed(lambda own: own.sync(folder, progress=progress, cancelled=cancelled, wait=_WAIT))

    def add(self, uploads: Sequence[Upload], *, served: Path, progress: Progress, cancelled: Cancelled) -> SyncReport:
        """Take files that the server received into the visitor's own home, and sync them; those without an article are not kept.

        Args:
            uploads: the files, as the browser names them (see `ui.uploads`).
            served: where the server keeps what it receives.
            progress: see `Home.sync`.
            cancelled: see `Home.sync`.

        Raises:
            HomeLocked: another process is writing; the files are kept for the next sync.
        """

        def work(own: Chatbot) -> SyncReport:
            taken = take(uploads, served=served, folder=own.home.path / FOLDER)
            if not taken.paths:
                totals = own.home.catalogue.totals()
                generation = own.home.generation
                return SyncReport(generation=generation, articles=totals.articles, chunks=totals.chunks, skipped=taken.refused)
            report = own.sync(own.home.path / FOLDER, progress=progress, cancelled=cancelled, wait=_WAIT)
            _drop_empty(own.home, taken.paths, report)
            return replace(report, skipped=(*taken.refused, *report.skipped))

        return self._changed(work)

    def forget(self, root: str) -> SyncReport:
        """Remove a root from the home; the files stay, but for copies of what visitors gave.

        Raises:
            NotFound: it is none.
            HomeLocked: another process is writing.
        """
        with self._lock:
            home = self.chatbot.home
            if root not in home.stats().roots:
                raise NotFound(f"{root} is no folder of this corpus any more", hint="reload the page to see which are")
            report = home.forget(root, wait=_WAIT)
            if root == self.uploads:
                shutil.rmtree(home.path / FOLDER, ignore_errors=True)  # which leaves a link, and what it leads to, alone
            return report

    def refresh(self) -> None:
        """Move from the sample to the visitor's own home once another process has filled that."""
        if self._own is None or not self.is_sample or not self._lock.acquire(blocking=False):
            return
        try:
            written = _written(self._own)
            if self._open_own and written and written != self._own_written:
                self._own_written = written
                self._move_if_filled(self._open_own())
        finally:
            self._lock.release()

    def _changed(self, work: Callable[[Chatbot], SyncReport]) -> SyncReport:
        """Have the visitor's own home changed, and ask it from now on if it holds articles then."""
        with self._lock:
            own = self._open_own() if self._open_own else self.chatbot
            try:
                return work(own)
            finally:
                if own is not self.chatbot:
                    self._move_if_filled(own)

    def _move_if_filled(self, own: Chatbot) -> None:
        if own.home.stats().articles:
            self.chatbot, self.is_sample, self._open_own = own, False, None
        else:
            own.close()


def _drop_empty(home: Home, paths: Sequence[Path], report: SyncReport) -> None:
    """Delete the copies of files that were given and hold no article, so that they are not spoken of again."""
    skipped = {skip.path for skip in report.skipped if not skip.passing}
    for path in paths:
        location = os.path.realpath(path)
        if location in skipped and not home.catalogue.known(location):
            path.unlink(missing_ok=True)


def _made(base: Chatbot, home: Home, wanted: Preferences) -> Chatbot:
    """A chatbot like `base`, over another home or with another model or style."""
    own = base.settings.sentences
    sentences = own if wanted.style == base.settings.style else {"brief": 1, "standard": own, "detailed": max(_DETAILED, own)}[wanted.style]
    settings = base.settings.model_copy(update={"style": wanted.style, "sentences": sentences})
    if wanted.llm is None:
        return Chatbot(home, settings=settings, llm=base.llm, model=base.model)
    if wanted.llm == "built-in":
        return Chatbot(home, settings=settings)
    from rag.llm.specs import open_llm

    key = wanted.key.get_secret_value() if wanted.key else None
    return Chatbot(home, settings=settings, llm=open_llm(wanted.llm, timeout=settings.llm_timeout, key=key), model=wanted.llm, key=key)


def last_written(chatbot: Chatbot) -> datetime | None:
    """When a sync or forget last began to write this home; None where that is not known."""
    return _written(chatbot.home.path)


def _written(home: Path) -> datetime | None:
    try:
        return datetime.fromtimestamp((home / "writer.json").stat().st_mtime)
    except OSError:
        return None
