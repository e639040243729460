"""The options that several commands share, and what they say together."""

from __future__ import annotations

import os
from difflib import get_close_matches
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.types import Filters

if TYPE_CHECKING:
    from index.home import Home
    from rag.settings import Settings

HomeOption = Annotated[
    Path | None,
    typer.Option("--home", metavar="DIR", help="The folder that Dateline keeps its index in (else $DATELINE_HOME, else .dateline)."),
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print exactly one JSON object.")]
SinceOption = Annotated[str | None, typer.Option("--since", metavar="DATE", help="Only articles of this day, month or year, or later.")]
UntilOption = Annotated[str | None, typer.Option("--until", metavar="DATE", help="Only articles of this day, month or year, or earlier.")]
PublisherOption = Annotated[list[str] | None, typer.Option("--publisher", metavar="NAME", help="Only this publisher; may be repeated.")]
PathOption = Annotated[list[str] | None, typer.Option("--path", metavar="PATH", help="Only this file or folder; may be repeated.")]
LlmOption = Annotated[
    str | None,
    typer.Option("--llm", metavar="SPEC", help="Language model: ollama:MODEL, openai:MODEL, anthropic:MODEL, …; built-in for none."),
]
WaitOption = Annotated[float, typer.Option("--wait", metavar="SECONDS", min=0, help="How long to wait for another writer.")]


def settings_for(home: Path | None, *, llm: str | None = None) -> Settings:
    """The settings in force, with what was typed going before them.

    Raises:
        BadSettings: one of them does not fit.
    """
    from rag.settings import Settings

    return Settings.load(home=home, llm=llm)


def open_home(home: Path | None, *, create: bool = False) -> Home:
    """The home that a command works on.

    Raises:
        BadSettings, BadPath, HomeDamaged, HomeMismatch: see `Settings.load` and `Home.open`.
    """
    from index.home import Home

    settings = settings_for(home)
    return Home.open(settings.home, encoder=settings.encoder, create=create)


def filters_of(since: str | None, until: str | None, publishers: list[str] | None, paths: list[str] | None) -> Filters:
    """The filters as typed; paths become the locations that the catalogue knows.

    Raises:
        BadFilter: a date is no date, or the dates are the wrong way round.
    """
    locations = tuple(os.path.realpath(path) for path in paths or ())
    return Filters(since=since, until=until, publishers=tuple(publishers or ()), paths=locations)


def idle_filters(filters: Filters, home: Home) -> list[str]:
    """A sentence for each filter value that fits no article of the home, since it is likely mistyped."""
    sentences = []
    known = {name.casefold(): name for name, _ in home.stats().publishers} if filters.publishers else {}
    for name in filters.publishers:
        if name.casefold() not in known:
            close = [known[key] for key in get_close_matches(name.casefold(), known, n=3)]
            sentences.append(f"No article is by the publisher {name!r}" + (f"; close names: {', '.join(close)}." if close else "."))
    for path in filters.paths:
        if not home.catalogue.matching(Filters(paths=(path,))):
            sentences.append(f"Nothing was synced from {path}.")
    return sentences
