"""`ask`, `search` and `show`: they read a home and change nothing."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from index.errors import BadFilter
from index.types import day_bounds
from ui.commands.keeping import keep, save_memo
from ui.commands.options import (
    HomeOption,
    JsonOption,
    LlmOption,
    PathOption,
    PublisherOption,
    SinceOption,
    UntilOption,
    filters_of,
    idle_filters,
    open_home,
    settings_for,
)
from ui.console import note, show, waiting, write_json

_DAY_LENGTH = len("2025-06-06")


def ask(
    question: Annotated[str, typer.Argument(metavar="QUESTION", help="In plain words, between quotes.", show_default=False)],
    since: SinceOption = None,
    until: UntilOption = None,
    publisher: PublisherOption = None,
    path: PathOption = None,
    llm: LlmOption = None,
    strict: Annotated[bool, typer.Option("--strict", help="Leave out every sentence that failed a check.")] = False,
    show_prompt: Annotated[bool, typer.Option("--show-prompt", help="Print what the language model is sent, on standard error.")] = False,
    all_dates: Annotated[
        bool, typer.Option("--all-dates", help='Take no dates from the words of the question, such as "since last Friday".')
    ] = False,
    clock: Annotated[
        str | None, typer.Option("--clock", metavar="DATE", help='The day that "today" means in the question (else today).')
    ] = None,
    save: Annotated[
        Path | None,
        typer.Option("--save", metavar="FILE", help="Also write the answer as a memo: .md, .html or .json.", show_default=False),
    ] = None,
    no_keep: Annotated[bool, typer.Option("--no-keep", help="Keep no copy of the answer in the home.")] = False,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Answer a question from the articles, with the exact words that support each sentence."""
    from rag.chatbot import Chatbot
    from rag.memo.files import form_of
    from rag.strict import strict as only_checked

    filters = filters_of(since, until, publisher, path)
    today, asked = _day(clock), datetime.now(UTC)
    if save is not None:
        form_of(save)
    settings = settings_for(home, llm=llm)
    with Chatbot.open(settings=settings, tracer=_print_prompt if show_prompt else None) as chatbot:
        for sentence in idle_filters(filters, chatbot.home):
            note(sentence)
        if show_prompt and chatbot.llm is None:
            note("No prompt: the built-in answerer asks no language model.")
        with waiting(f"Asking {chatbot.model}"):
            answer = chatbot.ask(question, filters=filters, clock=today, all_dates=all_dates)
        if strict:
            answer = only_checked(answer)
        if save is not None:
            save_memo(answer, chatbot.home, save, asked)
    if not no_keep:
        keep(answer, settings.home, asked)
    if as_json:
        write_json(answer.to_dict())
    else:
        from ui.text import answer_lines

        show(answer_lines(answer))
    return 0


def search(
    words: Annotated[str, typer.Argument(metavar="WORDS", help="Words or a question, between quotes.", show_default=False)],
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many passages at most.")] = 10,
    since: SinceOption = None,
    until: UntilOption = None,
    publisher: PublisherOption = None,
    path: PathOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Find passages by words and by meaning, best first."""
    filters = filters_of(since, until, publisher, path)
    if not words.strip():
        from rag.errors import BadQuestion

        raise BadQuestion("there are no words to search for", hint='type some in quotes: dateline search "French troops"')
    with open_home(home) as opened:
        for sentence in idle_filters(filters, opened):
            note(sentence)
        passages = opened.search(words, filters=filters, limit=limit)
    if as_json:
        write_json({"passages": [passage.to_dict() for passage in passages]})
        return 0
    from ui.text import passage_lines

    show(passage_lines(passages))
    if not passages:
        note("No passage found.")
    return 0


def show_article(
    reference: Annotated[str, typer.Argument(metavar="ID|DOC_ID|PATH", help="An article's id, doc_id or path.", show_default=False)],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Show an article as it is searched and cited, and what was cut from its page."""
    with open_home(home) as opened:
        article, removed = opened.show(reference)
        carried = opened.carried(article)
    if as_json:
        cut = [{"text": piece.text, "rule": piece.rule} for piece in removed]
        write_json({"article": article.to_dict(), "removed": cut, "story": carried.to_dict()})
    else:
        from ui.text import article_lines

        show(article_lines(article, removed, carried))
    return 0


def _day(clock: str | None) -> date | None:
    if clock is None:
        return None
    day_bounds(clock, option="clock")
    if len(clock) != _DAY_LENGTH:
        raise BadFilter(f"clock {clock!r} is not a day", hint="write it as 2022-08-15")
    return date.fromisoformat(clock)


def _print_prompt(what: str, facts: dict[str, Any]) -> None:
    """Show the prompts among what a chatbot traces."""
    if what == "prompt":
        for message in facts["messages"]:
            note(f"--- {message['role']} to {facts['model']} ---\n{message['content']}", "dim")
