"""What the page does when somebody asks, clicks or syncs: plain functions over plain data, without Gradio.

Each takes the conversation and gives the next one, step by step where an answer or a sync takes time. Errors that a user can
act on become part of what is shown; any other is logged and shown as a fault of ours.
"""

from __future__ import annotations

import logging
import queue
import re
import threading
import time
from collections.abc import Iterator
from dataclasses import dataclass, replace
from pathlib import Path

from index.errors import BadFilter, BadPath, DatelineError, NotFound
from index.types import Filters, Passage, SyncReport
from rag.chatbot import MAX_QUESTION
from rag.types import Answer, Citation, Turn
from ui.conversation import Conversation, Exchange, Opened, Place
from ui.library import Library

_log = logging.getLogger(__name__)
_PLACE = re.compile(r"(\d{1,6}):([cn])(\d{1,6})", re.ASCII)
_INDEX = re.compile(r"\d{1,6}", re.ASCII)
_FAULT = "Something went wrong in Dateline itself."
_FAULT_HINT = "The terminal that runs the page shows the details."
_LEFT = "This article has left the corpus since the answer was given."
_CHANGED = "This article has changed since the answer was given; the passage is not where it was."
_REFRESH_SECONDS = 0.2


def _explained(error: Exception) -> tuple[str, str]:
    """What to show of an error: its own words when a user can act on it, else that it is in the log."""
    if isinstance(error, DatelineError):
        return str(error), error.hint
    _log.error("the page failed", exc_info=error)
    return _FAULT, _FAULT_HINT


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


# Asking


def ask(library: Library, conversation: Conversation, question: str) -> Iterator[Conversation]:
    """Put a question to the library's chatbot; yields the conversation as the answer comes, nothing for an empty question."""
    question = " ".join(question.split())
    if not question:
        return
    exchange = Exchange(question=question[: MAX_QUESTION + 1], chatbot=library.chatbot)
    yield from _asked(conversation, exchange, question, conversation.history())


def ask_again(conversation: Conversation, index: object, since: object = "", until: object = "") -> Iterator[Conversation]:
    """Put a question of the conversation once more, to articles of the given days, or of all dates where none is given.

    What the question itself says of days counts no longer. All arguments but the conversation come from the browser: an index that
    names no question of it, or days that are no text, yield nothing.
    """
    place = int(index) if isinstance(index, str) and _INDEX.fullmatch(index) else len(conversation.exchanges)
    if place >= len(conversation.exchanges) or not isinstance(since, str) or not isinstance(until, str):
        return
    before = conversation.exchanges[place]
    exchange = Exchange(question=before.question, chatbot=before.chatbot, all_dates=True)
    try:
        exchange = replace(exchange, filters=Filters(since=since or None, until=until or None))
    except BadFilter as error:
        yield conversation.begin(replace(exchange, problem=str(error), hint=error.hint))
        return
    yield from _asked(conversation, exchange, before.question, conversation.history(place))


def _asked(conversation: Conversation, exchange: Exchange, question: str, history: tuple[Turn, ...]) -> Iterator[Conversation]:
    conversation, stream = conversation.begin(exchange), exchange.chatbot.stream
    yield conversation
    try:
        for piece in stream(question, history=history, filters=exchange.filters, all_dates=exchange.all_dates):
            exchange = replace(exchange, answer=piece) if isinstance(piece, Answer) else replace(exchange, partial=exchange.partial + piece)
            conversation = conversation.update(exchange)
            yield conversation
    except Exception as error:  # noqa: BLE001  the page's edge: shown, and logged where nobody can act on it
        problem, hint = _explained(error)
        yield conversation.update(replace(exchange, problem=problem, hint=hint))


# Looking at the evidence


def show(conversation: Conversation, reference: object) -> Conversation:
    """Open the passage that was clicked in its article, or close it when it is open already.

    `reference` comes from the browser (see `Place`): one that names nothing of this conversation changes nothing.
    """
    place = _place(reference)
    if place is None or place.exchange >= len(conversation.exchanges):
        return conversation
    exchange = conversation.exchanges[place.exchange]
    source = _source(exchange, place)
    if source is None:
        return conversation
    if conversation.opened is not None and conversation.opened.place == place:
        return replace(conversation, opened=None)
    return replace(conversation, shown=place.exchange, opened=_opened(exchange, place, source))


def _place(reference: object) -> Place | None:
    match = _PLACE.fullmatch(reference) if isinstance(reference, str) else None
    return Place(int(match[1]), "c" if match[2] == "c" else "n", int(match[3])) if match else None


def _source(exchange: Exchange, place: Place) -> Citation | Passage | None:
    if exchange.answer is None:
        return None
    if place.kind == "c":
        return next((citation for citation in exchange.answer.citations if citation.number == place.number), None)
    return dict(enumerate(exchange.answer.nearest, start=1)).get(place.number)


def _opened(exchange: Exchange, place: Place, source: Citation | Passage) -> Opened:
    words = source.quote if isinstance(source, Citation) else source.text
    try:
        article = exchange.chatbot.home.article(source.article_id)
    except NotFound:
        return Opened(place=place, problem=_LEFT)
    if article.text[source.start : source.end] != words:
        return Opened(place=place, article=article, problem=_CHANGED)
    return Opened(place=place, article=article, start=source.start, end=source.end)


# Syncing


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
        problem, hint = _explained(error)
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
