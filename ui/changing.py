"""How a visitor changes what was understood of a question: its days, publishers, paths, order, or its words.

A change comes from the browser, so it may hold anything: one that is none of those below is no change.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from index.errors import BadFilter
from index.types import Filters
from rag.chatbot import MAX_QUESTION
from ui.conversation import Exchange

_MOST_FILTERS = 20


def changed(exchange: Exchange, change: Mapping[str, object]) -> Exchange | None:
    """The exchange to ask, with one thing changed and without its answer; None where `change` is none.

        {"what": "same"}
        {"what": "days", "since": "2024-01-01", "until": ""}        empty for open; both empty for all dates
        {"what": "days", "value": "understood"}                     as the question's own words say
        {"what": "order", "value": "any" or "understood"}
        {"what": "words", "value": "the question that stands alone"}  empty for the one that we make of it
        {"what": "publisher" or "path", "value": "…"}               taken out where it is in force, else put in

    Args:
        exchange: what was asked.
        change: what the browser sent.

    Raises:
        BadFilter: a day is none, they are the wrong way round, or no article is by the publisher or in the folder.
    """
    fields = {name: value.strip()[: MAX_QUESTION + 1] for name, value in change.items() if isinstance(value, str)}
    if len(fields) != len(change):
        return None
    afresh = Exchange(
        question=exchange.question, chatbot=exchange.chatbot, filters=exchange.filters, all_dates=exchange.all_dates,
        any_order=exchange.any_order, rewritten=exchange.rewritten,
    )  # fmt: skip
    value = fields.get("value", "")
    match fields.get("what"):
        case "same":
            return afresh
        case "days":
            return _days(afresh, fields)
        case "order" if value in ("any", "understood"):
            return replace(afresh, any_order=value == "any")
        case "words":
            return replace(afresh, rewritten=" ".join(value.split()) or None)
        case "publisher" if value:
            return _toggled(afresh, "publishers", value)
        case "path" if value:
            return _toggled(afresh, "paths", value if value in afresh.filters.paths else _location(value))
    return None


def _days(exchange: Exchange, fields: Mapping[str, str]) -> Exchange | None:
    if fields.get("value") == "understood":
        return replace(exchange, all_dates=False, filters=replace(exchange.filters, since=None, until=None))
    if not {"since", "until"} <= fields.keys():
        return None
    filters = replace(exchange.filters, since=fields["since"] or None, until=fields["until"] or None)
    return replace(exchange, all_dates=True, filters=filters)


def _toggled(exchange: Exchange, name: str, value: str) -> Exchange | None:
    had: tuple[str, ...] = getattr(exchange.filters, name)
    if value in had:
        return replace(exchange, filters=_with(exchange.filters, name, tuple(one for one in had if one != value)))
    if len(had) >= _MOST_FILTERS:
        return None
    _require_some(exchange, _with(Filters(), name, (value,)))
    return replace(exchange, filters=_with(exchange.filters, name, (*had, value)))


def _location(words: str) -> str:
    """The path that somebody typed, as the catalogue knows it."""
    try:
        return os.path.realpath(Path(words).expanduser())
    except (RuntimeError, ValueError):
        raise BadFilter(f"{words!r} is no path here", hint="type the path of a folder or file in full") from None


def _with(filters: Filters, name: str, values: tuple[str, ...]) -> Filters:
    changes: dict[str, Any] = {name: values}
    return replace(filters, **changes)


def _require_some(exchange: Exchange, filters: Filters) -> None:
    from ui.commands.options import idle_filters

    for sentence in idle_filters(filters, exchange.chatbot.home):
        raise BadFilter(sentence.removesuffix("."), hint="the corpus pane names the publishers; a folder is given by its path")
