"""What the page does when somebody asks: plain functions over plain data, without Gradio.

Each takes the conversation and gives the next one, step by step as the answer comes. Errors that a user can act on become part of
what is shown.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from index.errors import BadFilter
from index.types import Filters
from rag.chatbot import MAX_QUESTION
from rag.strict import strict
from rag.types import Answer, Turn
from ui.conversation import Conversation, Exchange
from ui.library import Library
from ui.preferences import Preferences
from ui.problems import explained

_INDEX = re.compile(r"\d{1,6}", re.ASCII)
_PLAIN = Preferences()


def ask(library: Library, conversation: Conversation, question: str, *, preferences: Preferences = _PLAIN) -> Iterator[Conversation]:
    """Put a question to the library's chatbot; yields the conversation as the answer comes, nothing for an empty question."""
    question = " ".join(question.split())
    if not question:
        return
    exchange = Exchange(question=question[: MAX_QUESTION + 1], chatbot=library.chatbot)
    yield from _asked(conversation, exchange, question, conversation.history(), preferences)


def ask_again(
    conversation: Conversation, index: object, since: object = "", until: object = "", *, preferences: Preferences = _PLAIN
) -> Iterator[Conversation]:
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
    yield from _asked(conversation, exchange, before.question, conversation.history(place), preferences)


def _asked(
    conversation: Conversation, exchange: Exchange, question: str, history: tuple[Turn, ...], preferences: Preferences
) -> Iterator[Conversation]:
    conversation, stream = conversation.begin(exchange), exchange.chatbot.stream
    yield conversation
    try:
        for piece in stream(question, history=history, filters=exchange.filters, all_dates=exchange.all_dates):
            if isinstance(piece, Answer):
                exchange = replace(exchange, answer=strict(piece) if preferences.strict else piece)
            else:
                exchange = replace(exchange, partial=exchange.partial + piece)
            conversation = conversation.update(exchange)
            yield conversation
    except Exception as error:  # noqa: BLE001  the page's edge: shown, and logged where nobody can act on it
        problem, hint = explained(error)
        yield conversation.update(replace(exchange, problem=problem, hint=hint))
