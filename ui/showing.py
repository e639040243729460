"""What the page does when somebody clicks a source: the passage opens in its article."""

from __future__ import annotations

import re
from dataclasses import replace

from index.errors import NotFound
from index.types import Article
from ui.conversation import Conversation, Exchange, Opened, Place, Quoted
from ui.sources import Source, sources, words_of

CLOSE = "close"
"""The reference of what closes the article."""
_EXCHANGE = re.compile(r"\d{1,6}", re.ASCII)
_PLACE = re.compile(r"(\d{1,6}):([cn])(\d{1,6})(\+?)", re.ASCII)
_LEFT = "This article has left the corpus since the answer was given."
_CHANGED = "This article has changed since the answer was given; the passage is not where it was."


def show(conversation: Conversation, reference: object) -> Conversation:
    """Open the passage that was clicked in its article, or close it when it is open already.

    `reference` comes from the browser: a source (see `Place`), the number of an exchange, whose sources are then shown, or `CLOSE`. One
    that names nothing of this conversation changes nothing.
    """
    if reference == CLOSE:
        return replace(conversation, opened=None)
    if isinstance(reference, str) and _EXCHANGE.fullmatch(reference):
        known = int(reference) < len(conversation.exchanges)
        return replace(conversation, shown=int(reference), opened=None) if known else conversation
    place = _place(reference)
    if place is None or place.exchange >= len(conversation.exchanges):
        return conversation
    exchange = conversation.exchanges[place.exchange]
    source = dict(_sources(exchange, place)).get(place._replace(newer=False))
    if source is None or (place.newer and source.superseded is None):
        return conversation
    if conversation.opened is not None and conversation.opened.place == place:
        return replace(conversation, opened=None)
    return replace(conversation, shown=place.exchange, opened=_opened(exchange, place, source))


def _place(reference: object) -> Place | None:
    match = _PLACE.fullmatch(reference) if isinstance(reference, str) else None
    return Place(int(match[1]), "c" if match[2] == "c" else "n", int(match[3]), bool(match[4])) if match else None


def _sources(exchange: Exchange, place: Place) -> list[tuple[Place, Source]]:
    return sources(exchange.answer, place.exchange) if exchange.answer else []


def _opened(exchange: Exchange, place: Place, source: Source) -> Opened:
    newer = source.superseded
    try:
        article = exchange.chatbot.home.article(newer.article_id if newer and place.newer else source.article_id)
    except NotFound:
        return Opened(place=place, problem=_LEFT, newer=newer)
    quotes = sorted(_quotes(exchange, place, article), key=lambda quoted: quoted.start)
    opened = Opened(place=place, article=article, quotes=tuple(quotes), newer=newer)
    if place.newer:
        return opened
    if not any(quoted.place == place for quoted in quotes):
        return replace(opened, problem=_CHANGED)
    return replace(opened, start=source.start, end=source.end)


def _quotes(exchange: Exchange, place: Place, article: Article) -> list[Quoted]:
    """The sources that stand in an article as it is now."""
    return [
        Quoted(known, source.start, source.end)
        for known, source in _sources(exchange, place)
        if source.article_id == article.id and article.text[source.start : source.end] == words_of(source)
    ]
