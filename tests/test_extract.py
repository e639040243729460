"""The built-in answerer on the invented corpus: what it answers, what it quotes, and when it says that it does not know."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from index.types import Filters
from rag.chatbot import Chatbot
from rag.errors import BadQuestion
from rag.markers import plain
from rag.settings import Settings
from rag.types import CHECK_NAMES, Answer


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("extract")


@pytest.fixture
def bot(folder: Path, corpus: Path) -> Iterator[Chatbot]:
    with Chatbot.open(folder / "home", settings=Settings(), create=True) as bot:
        bot.sync(corpus)
        yield bot
        bot.home.forget(corpus)


@pytest.mark.parametrize(
    ("question", "short", "quote"),
    [
        (
            "When did the harbour wall repairs end?",
            "August 2024",
            "Repairs to the north wall cost 1.2 million crowns and will go on until August 2024.",
        ),
        ("Who is the director of the Fennick museum?", "Oskar Lindqvist", None),
        ("How many visitors did the museum have?", "84,000", None),
        ("Who is the harbour master?", "Ines Calloway", "Forty boats left in the first hour, harbour master Ines Calloway said."),
        ("How long was the harbour closed?", "three weeks", None),
        ("Since when has the museum been free?", "2019", "It has been free to enter since 2019."),
    ],
)
def test_short_answers(bot: Chatbot, question: str, short: str, quote: str | None) -> None:
    answer = bot.ask(question)
    assert (answer.status, answer.short) == ("answered", short)
    if quote is not None:
        assert answer.citations[0].quote == quote


@pytest.mark.parametrize(
    "question",
    [
        "Who is the mayor of Gao?",
        "When did the ferry sink?",
        "How many people died in the storm?",
        "How much does a tram ticket cost in Oslo?",
    ],
)
def test_what_the_articles_do_not_say_is_not_answered(bot: Chatbot, question: str) -> None:
    answer = bot.ask(question)
    assert (answer.status, answer.short, answer.text, answer.claims, answer.citations) == ("no_evidence", "", "", (), ())
    assert answer.missing
    assert 0 < len(answer.nearest) <= 3


def test_every_sentence_is_quoted_from_its_place(bot: Chatbot) -> None:
    answer = bot.ask("Why is the tram line delayed?")
    assert answer.status == "answered"
    assert [citation.number for citation in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert answer.text == " ".join(f"{claim.text} [{claim.citations[0]}]" for claim in answer.claims)
    for citation in answer.citations:
        assert bot.home.article(citation.article_id).text[citation.start : citation.end] == citation.quote
    for claim in answer.claims:
        assert set(claim.checks) == set(CHECK_NAMES)
        assert claim.checks["quote"].status == "passed"


def test_ask_is_the_last_item_of_stream(bot: Chatbot) -> None:
    *texts, last = bot.stream("Who is the harbour master?")
    asked = bot.ask("Who is the harbour master?")
    assert isinstance(last, Answer)
    assert "".join(text for text in texts if isinstance(text, str)) == last.text
    assert {**last.to_dict(), "usage": None} == {**asked.to_dict(), "usage": None}


def test_filters_and_generation_are_in_the_answer(bot: Chatbot) -> None:
    filters = Filters(since="2024")
    answer = bot.ask("Who restored the whale skeleton?", filters=filters)
    assert (answer.status, answer.filters, answer.generation) == ("no_evidence", filters, bot.home.generation)
    assert answer.missing is not None
    assert answer.missing.endswith("1 article has no date and was left out by the date filter.")


@pytest.mark.parametrize(("question", "message"), [("  ", "the question is empty"), ("why " * 600, "2000 are allowed")])
def test_a_question_that_is_none(bot: Chatbot, question: str, message: str) -> None:
    with pytest.raises(BadQuestion, match=message):
        bot.ask(question)


def test_searches_are_traced(bot: Chatbot, folder: Path) -> None:
    seen: list[tuple[str, str]] = []
    with Chatbot.open(folder / "home", settings=Settings(), tracer=lambda what, facts: seen.append((what, facts["question"]))) as traced:
        traced.ask("Who is the harbour master?")
    assert seen == [("search", "Who is the harbour master?")]


def test_bracketed_numbers_of_an_article_are_no_markers(bot: Chatbot, corpus: Path) -> None:
    (corpus / "ferry.txt").write_text(
        "Ferry named\n\nThe ferry Ilse Brandt [1] was named on 9 May 2021 by the poet's niece [2, 3] in Fennick."
    )
    bot.sync(corpus)
    answer = bot.ask("When was the ferry Ilse Brandt named?")
    assert answer.citations[0].quote == "The ferry Ilse Brandt [1] was named on 9 May 2021 by the poet's niece [2, 3] in Fennick."
    assert answer.text == "The ferry Ilse Brandt (1) was named on 9 May 2021 by the poet's niece (2, 3) in Fennick. [1]"
    assert plain("no [marker] here, [4]") == "no [marker] here, (4)"
