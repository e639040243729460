"""What the page does when somebody clicks a source: the passage opens in its article."""

from __future__ import annotations

import re
from dataclasses import replace

from index.errors import NotFound
from index.types import Passage
from rag.types import Citation
from ui.conversation import Conversation, Exchange, Opened, Place

_PLACE = re.compile(r"(\d{1,6}):([cn])(\d{1,6})", re.ASCII)
_LEFT = "This article has left the corpus since the answer was given."
_CHANGED = "This article has changed since the answer was given; the passage is not where it was."


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
