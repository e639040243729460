"""Which articles the page asks: the visitor's own home as soon as it holds some, the sample corpus until then."""

from __future__ import annotations

import threading
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from rag.chatbot import Chatbot
from ui.sample import open_sample

if TYPE_CHECKING:
    from index.sync import Progress
    from index.types import SyncReport

SAMPLE_QUESTIONS = (
    "When did French troops leave Mali?",
    "How many Russian instructors are there in Mali?",
    "Which ministry is the Africa Corps under?",
    "How many French soldiers died in Mali?",
)
"""What the page offers to ask of the sample; nothing in it answers the last one."""


class Library:
    """The chatbot that new questions go to, and the way from the sample to the visitor's own articles."""

    def __init__(self, chatbot: Chatbot, *, is_sample: bool = False, open_own: Callable[[], Chatbot] | None = None) -> None:
        """Ask `chatbot`; while it holds the sample, the first sync moves to the one that `open_own` makes."""
        self.chatbot = chatbot
        self.is_sample = is_sample
        self._open_own = open_own
        self._lock = threading.Lock()

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
        return cls(open_sample(llm=llm), is_sample=True, open_own=lambda: Chatbot.open(home, llm=llm, create=True))

    @property
    def questions(self) -> tuple[str, ...]:
        """Example questions; none for articles that nobody here has read."""
        return SAMPLE_QUESTIONS if self.is_sample else ()

    def sync(self, folder: Path, *, progress: Progress) -> SyncReport:
        """Sync a folder into the visitor's own home, and ask that home from now on.

        Raises:
            BadPath: `folder` is missing or holds no article; the page goes on with what it asked before.
            HomeLocked: another process is writing.
        """
        with self._lock:
            own = self._open_own() if self._open_own else self.chatbot
            try:
                report = own.sync(folder, progress=progress)
            except BaseException:
                if own is not self.chatbot:
                    own.close()
                raise
            if own is not self.chatbot and report.articles:
                self.chatbot, self.is_sample, self._open_own = own, False, None
            return report


def last_written(chatbot: Chatbot) -> datetime | None:
    """When a sync or forget last began to write this home; None where that is not known."""
    try:
        seconds = (chatbot.home.path / "writer.json").stat().st_mtime
    except OSError:
        return None
    return datetime.fromtimestamp(seconds)
