"""`ask`: one question in one call. For more than one, keep a `Chatbot` open."""

from __future__ import annotations

import os
from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from index.types import Filters
from rag.types import Answer, Turn

if TYPE_CHECKING:
    from llama_index.core.llms import LLM


def ask(
    question: str,
    *,
    corpus: Path | str | None = None,
    home: Path | str | None = None,
    filters: Filters | None = None,
    history: Sequence[Turn] = (),
    llm: str | LLM | None = None,
    clock: date | None = None,
    all_dates: bool = False,
) -> Answer:
    """Answer a question from the articles of a home.

    Args:
        question: in plain words.
        corpus: a folder of articles, or one file: what changed in it is read first, and only it is searched.
        home: the folder where Dateline keeps what it knows; None for the one in the settings.
        filters: which articles may answer; `corpus` takes the place of its paths.
        history: earlier turns of the conversation, oldest first.
        llm: a llama-index `LLM`, or a spec such as `ollama:llama3.2`; None for the setting, by default the built-in answerer.
        clock: the day, or day and time, that "today" means in the question; None for now.
        all_dates: let no words of the question, such as "since last Friday", limit the days of publication.

    Raises:
        BadPath: `corpus` is missing or holds no article; or no corpus is given and there is no home.
        BadQuestion: the question is empty or far too long.
        DatelineError: whatever else a user can act on (see `index.errors` and `rag.errors`).
    """
    from rag.chatbot import Chatbot

    with Chatbot.open(home, llm=llm, create=corpus is not None) as chatbot:
        if corpus is not None:
            chatbot.sync(corpus)
            filters = replace(filters or Filters(), paths=(os.path.realpath(corpus),))
        return chatbot.ask(question, filters=filters, history=history, clock=clock, all_dates=all_dates)
