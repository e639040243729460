"""What the page does to keep conversations: each answer when it has come, and what a visitor does with the list of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from index.errors import HomeError, NotFound, UsageError
from index.home import Home
from rag.conversations import Conversations, Heading
from rag.memo.data import memo_of_kept
from rag.memo.files import FORMS, written
from ui.asking import origins
from ui.conversation import Conversation, Exchange, Kept
from ui.library import Library
from ui.problems import explained

MOST_LISTED = 50
"""Conversations that are listed at a time; a search finds the others."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Download:
    """A file for the browser to save."""

    name: str
    text: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Shelf:
    """The list of conversations as a visitor sees it, and what came of what was done with it."""

    headings: tuple[Heading, ...] = ()
    search: str = ""
    told: str = ""
    """What happened, or why it did not; empty as a rule."""
    opened: Conversation | None = None
    """The conversation to go on with; None to stay with the present one."""
    download: Download | None = None


def kept(conversation: Conversation, *, owner: str = "") -> Conversation:
    """The conversation with the answer that came last kept in the home that gave it.

    Where it cannot be kept, the exchange says so, and nobody loses the answer.

    Args:
        conversation: its shown exchange is the newest.
        owner: who logged in, where the page asks for that.
    """
    exchange = conversation.exchanges[conversation.shown]
    if exchange.answer is None:
        return conversation
    home, before = exchange.chatbot.home.path, conversation.kept
    known = before.id if before is not None and before.home == home else None
    try:
        with Conversations(home, owner=owner) as file:
            try:
                name = file.keep(exchange.answer, conversation=known)
            except NotFound:  # deleted meanwhile: what is asked further begins a new one
                name = file.keep(exchange.answer)
    except HomeError as error:
        return conversation.update(replace(exchange, opinion_problem=f"This conversation is not kept: {error}."), conversation.shown)
    return replace(conversation, kept=Kept(home=home, id=name))


def acted(library: Library, given: Mapping[str, object], *, owner: str = "") -> Shelf:
    """Do what a visitor asks of the kept conversations of the library's home, and list them.

    Args:
        library: whose home is asked.
        given: from the browser: `do` is "list", "open", "rename", "delete" or "export"; `id` names a conversation, `title` its new title,
            `form` the form of a memo; `search` narrows the list. What makes no sense does nothing.
        owner: who logged in.
    """
    fields = {name: value for name, value in given.items() if isinstance(value, str)}
    search = fields.get("search", "")
    try:
        with Conversations(library.chatbot.home.path, owner=owner) as file:
            try:
                shelf = _done(library, file, fields)
            except NotFound:
                shelf = Shelf(told="That conversation is no longer there.")
            except UsageError as error:
                shelf = Shelf(told=f"Not done: {error}.")
            told = " ".join(filter(None, (shelf.told, file.notice)))
            return replace(shelf, headings=tuple(file.listed(search, limit=MOST_LISTED)), search=search, told=told)
    except Exception as error:  # noqa: BLE001  the page's edge: shown, and logged where nobody can act on it
        return Shelf(search=search, told=". ".join(filter(None, explained(error))))


def _done(library: Library, file: Conversations, fields: Mapping[str, str]) -> Shelf:
    do, name = fields.get("do"), fields.get("id", "")
    if do == "open":
        return Shelf(opened=_opened(library, file, name))
    if do == "rename":
        return Shelf(told=f"Renamed to “{file.rename(name, fields.get('title', '')).title}”.")
    if do == "delete":
        return Shelf(told=f"Deleted “{file.delete(name).title}”.")
    if do == "export":
        return _exported(library.chatbot.home, file, name, fields.get("form", ""))
    return Shelf()


def _opened(library: Library, file: Conversations, name: str) -> Conversation:
    found = file.load(name)
    exchanges = tuple(
        Exchange(
            question=turn.answer.question, chatbot=library.chatbot, filters=turn.answer.filters, answer=turn.answer,
            origins=origins(library.chatbot, turn.answer),
        )
        for turn in found.turns
    )  # fmt: skip
    home = library.chatbot.home.path
    return Conversation(exchanges=exchanges, shown=len(exchanges) - 1, kept=Kept(home=home, id=found.heading.id))


def _exported(home: Home, file: Conversations, name: str, form: str) -> Shelf:
    chosen = next((one for one in FORMS if one == form), None)
    if chosen is None:
        return Shelf()
    found = file.load(name)
    words = "".join(letter if letter.isalnum() else "-" for letter in found.heading.title.lower())
    stem = "-".join(filter(None, words.split("-")))[:60] or "conversation"
    return Shelf(download=Download(name=f"{stem}.{chosen}", text=written(memo_of_kept(found, home), chosen)))
