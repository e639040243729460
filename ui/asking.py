"""What the page does when somebody asks: plain functions over plain data, without Gradio.

Each takes the conversation and gives the next one, step by step as the answer comes. Errors that a user can act on become part of
what is shown.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from functools import partial

from index.errors import BadFilter, NotFound
from rag.chatbot import MAX_QUESTION, Chatbot
from rag.strict import strict
from rag.types import Answer
from ui.changing import changed
from ui.conversation import Conversation, Exchange
from ui.library import Library
from ui.making import Notes
from ui.preferences import Preferences
from ui.problems import explained
from ui.sources import sources
from ui.streaming import streamed

_PLAIN = Preferences()


def ask(
    library: Library,
    conversation: Conversation,
    question: str,
    *,
    preferences: Preferences = _PLAIN,
    place: int | None = None,
    stop: threading.Event | None = None,
) -> Iterator[Conversation]:
    """Put a question to the library's chatbot; yields the conversation as the answer comes, nothing for an empty question.

    Args:
        library: what to ask.
        conversation: what was said before.
        question: as typed.
        preferences: how the answer should be made.
        place: the earlier question that this one is put in the place of; what came after it goes.
        stop: ends the answer when it is set.
    """
    question = " ".join(question.split())
    if question:
        exchange = Exchange(question=question[: MAX_QUESTION + 1], chatbot=library.chatbot)
        yield from _asked(conversation, exchange, place, preferences, stop, library=library)


def edit(
    library: Library,
    conversation: Conversation,
    index: object,
    question: object,
    *,
    preferences: Preferences = _PLAIN,
    stop: threading.Event | None = None,
) -> Iterator[Conversation]:
    """Put other words in the place of an earlier question, and ask anew from there (see `ask`).

    Both come from the browser: an index that names no question, or a question that is no text, yields nothing.
    """
    place = conversation.place(index)
    if place is not None and isinstance(question, str):
        yield from ask(library, conversation, question, preferences=preferences, place=place, stop=stop)


def ask_again(
    conversation: Conversation,
    index: object,
    change: Mapping[str, object],
    *,
    library: Library | None = None,
    preferences: Preferences = _PLAIN,
    stop: threading.Event | None = None,
) -> Iterator[Conversation]:
    """Put a question of the conversation once more, with one thing changed in how it is understood (see `changed`).

    The last question gets its new answer in its place; an earlier one is asked again at the end, so that nothing is lost. What names
    no question, and what is no change, yields nothing: both come from the browser. With a `library`, it is asked as the visitor prefers
    now, of the same articles; else as it was asked before.
    """
    place = conversation.place(index)
    if place is None:
        return
    before = conversation.exchanges[place]
    try:
        exchange = changed(before, change)
    except BadFilter as error:
        yield conversation.begin(replace(before, answer=None, problem=str(error), hint=error.hint))
        return
    if exchange is not None:
        is_last = place == len(conversation.exchanges) - 1
        yield from _asked(conversation, exchange, place if is_last else None, preferences, stop, before=place, library=library)


def _asked(
    conversation: Conversation,
    exchange: Exchange,
    place: int | None,
    preferences: Preferences,
    stop: threading.Event | None,
    *,
    before: int | None = None,
    library: Library | None = None,
) -> Iterator[Conversation]:
    """The conversation as an exchange is answered in a place, knowing the exchanges before that or another place."""
    history = conversation.history(place if before is None else before)
    conversation, notes, stop = conversation.begin(exchange, place), Notes(), stop or threading.Event()
    yield conversation
    try:
        if library is not None:
            exchange = replace(exchange, chatbot=library.chatbot_for(preferences, home=exchange.chatbot.home))
        work: Callable[[], Iterator[str | Answer]] = partial(
            exchange.chatbot.stream, exchange.question, history=history, filters=exchange.filters, all_dates=exchange.all_dates,
            any_order=exchange.any_order, rewritten=exchange.rewritten, tracer=notes,
        )  # fmt: skip
        for pieces in streamed(work, stop):
            for piece in pieces:
                if isinstance(piece, Answer):
                    answer = strict(piece) if preferences.strict else piece
                    exchange = replace(exchange, answer=answer, making=notes.making, origins=origins(exchange.chatbot, answer))
                else:
                    exchange = replace(exchange, partial=exchange.partial + piece)
            conversation = conversation.update(exchange)
            yield conversation
    except Exception as error:  # noqa: BLE001  the page's edge: shown, and logged where nobody can act on it
        problem, hint = explained(error)
        yield conversation.update(replace(exchange, problem=problem, hint=hint, making=notes.making))
        return
    if exchange.answer is None:
        yield conversation.update(replace(exchange, stopped=True, making=notes.making))


def origins(chatbot: Chatbot, answer: Answer) -> Mapping[str, str]:
    """Where the dates of an answer's sources were read from, by article; without those that left meanwhile."""
    found: dict[str, str] = {}
    for article_id in {source.article_id for _, source in sources(answer, 0) if source.published}:
        with suppress(NotFound):
            found[article_id] = chatbot.home.article(article_id).provenance.get("published", "")
    return found
