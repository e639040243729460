"""A home of invented articles and answers from it, for the tests of memos: built-in ones, and those of a scripted model."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from index.types import Filters
from rag.chatbot import Chatbot
from rag.llm.scripted import ScriptedLLM
from rag.settings import Settings
from rag.types import Answer
from tests.conftest import ARTICLES

WIRE = (
    "PORT ELLERY (AFP) — A ferry with 212 passengers ran aground off Port Ellery on Friday, the coast guard said. "
    "Nobody was hurt, captain Joris Venn told reporters. The ferry, the Marigold, was on its way from Quillhaven when its rudder failed. "
    "Two tugs pulled it free after nine hours, and it reached the harbour on Saturday morning. Its owners, the Ellery Line, said that "
    "they would pay for hotels. An inquiry was opened by the harbour office, which expects to report in September."
)
RECORDS = [
    {"id": "ferry-1", "title": "Ferry runs aground", "publisher": "The Quillhaven Ledger", "published": "2025-06-07", "text": WIRE,
     "url": "https://ledger.example/ferry?a=1&b=2", "authors": ["Ina Pell"]},
    {"id": "ferry-2", "title": "Ferry aground off Port Ellery", "publisher": "The Corran Standard", "published": "2025-06-07",
     "text": WIRE},
    {"id": "ferry-3", "title": "Ferry runs aground", "publisher": "The Quillhaven Ledger", "published": "2025-06-09",
     "text": WIRE.replace("212 passengers", "221 passengers") + " Correction: an earlier version gave the number of passengers as 212."},
    {"id": "mine-1", "title": "Mine flooded", "publisher": "The Fennick Daily", "published": "2025-05-02",
     "text": "The Alder mine was flooded on Thursday. It employed 340 miners, the company said. Pumps were brought from Corran."},
    {"id": "mine-2", "title": "The mine at Alder", "publisher": "Northmoor Dispatch", "published": "2025-05-20",
     "text": "The Alder mine employed 410 miners, according to the union. It was flooded in May. “We were not warned,” said Oren Valk."},
    {"id": "odd", "title": "<script>alert(1)</script> & ```", "publisher": "The *Odd* [1] Paper", "published": None,
     "text": "# Heading </script> of 3 things\n\nThe odd bridge of Fennick cost 5 crowns [7], said <b>Ada</b> & `Bea`. It shut | in 1999."},
]  # fmt: skip
BUILT_IN = (
    "When did the harbour of Port Ellery reopen?",
    "How many passengers did the ferry have?",
    "How many miners did the Alder mine employ?",
    "How much did the odd bridge of Fennick cost?",
    "What did Oren Valk say?",
    "Why is the museum of Fennick popular?",
    "Who won the chess tournament in Quillhaven?",
    "What happened since 1 June 2025 with the ferry?",
    "Was anybody hurt when the ferry ran aground?",
    "Which tugs were painted green?",
)
SCRIPTED = (
    ("How many miners did the Alder mine employ?", "The mine employed 340 miners [S2]. It was flooded in May [S1][S2]."),
    (
        "How many miners did the Alder mine employ?",
        "- 777 miners worked there [S2].\n- Pumps came from Corran [S3].\n\nNothing else is known.",
    ),
    ("How many passengers did the ferry have?", "The coast guard said that 212 people were aboard [S1]. Nobody was hurt [S2]. [S9]"),
    ("How much did the odd bridge cost?", "5 crowns [S2]."),
    ("Who won the chess tournament?", "The articles do not answer this question."),
)


def write_articles(folder: Path) -> Path:
    """A folder of the articles."""
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    (folder / "news.jsonl").write_text("\n".join(json.dumps(record, ensure_ascii=False) for record in RECORDS), encoding="utf-8")
    return folder


def open_bot(folder: Path) -> Chatbot:
    """A chatbot over a home of the articles; both lie under `folder`."""
    bot = Chatbot.open(folder / "home", settings=Settings(repair=False), create=True)
    bot.sync(write_articles(folder / "articles"))
    return bot


def ask_all(bot: Chatbot) -> list[Answer]:
    """The answers to all questions: the built-in ones first."""
    folder = str(bot.home.path.parent / "articles" / "news.jsonl")
    older = Filters(since="2025", until="2025-06-08", publishers=("The Quillhaven Ledger",), paths=(folder,))
    return [*map(bot.ask, BUILT_IN), bot.ask(BUILT_IN[1], filters=older), *by_model(bot, SCRIPTED)]


def by_model(bot: Chatbot, asked: Sequence[tuple[str, str]]) -> list[Answer]:
    """The answers of a model that says what it is told to say, from the same home."""
    return [
        Chatbot(bot.home, settings=bot.settings, llm=ScriptedLLM(words), model="scripted").ask(question)  # type: ignore[arg-type]
        for question, words in asked
    ]
