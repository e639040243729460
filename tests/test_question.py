"""What a question asks for, and the values that could answer it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import get_args

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.home import Home
from rag.chatbot import MAX_QUESTION, Chatbot
from rag.errors import BadQuestion
from rag.facts.values import dates, durations, names, number_key, numbers
from rag.question import Kind, read_question
from rag.settings import Settings

PIECES = (
    "which|what|who|whom|when|where|why|how many|how long|How much|did|is the|are the|name|List|in which years|countries|ministries"
    "|of|by whom|Port Ellery|the harbour's|O’Neil|AND|OR NOT|NEAR(|\"|*|'|(|)|^|:|{|-|.|..|?|!|\\|%|_|\x00|\u202e|\ud800|é|e\u0301|你好"
    "|🦊|1,200.5|2024-05-06|[1]|<b>|$x$|\n|\t|\u00a0|\u2028|a.b.c|s|ies"
).split("|")
QUESTIONS = st.text(max_size=300) | st.lists(st.sampled_from(PIECES), max_size=120).map(" ".join)


@pytest.mark.parametrize(
    ("text", "kind", "many"),
    [
        ("When did the harbour reopen?", "date", False),
        ("In which years was the bridge closed?", "date", True),
        ("How long was it closed?", "duration", False),
        ("How many days was the ferry late?", "duration", False),
        ("How many boats left?", "number", False),
        ("What does a sack of rice cost?", "number", False),
        ("What share of the stops is finished?", "number", False),
        ("Who is the mayor?", "person", False),
        ("Who were the founders?", "person", True),
        ("Which towns have a tram?", "name", True),
        ("Which ministry oversees the harbour?", "name", False),
        ("Where does Petra Voss work?", "name", False),
        ("Why was the tram late?", "explain", False),
        ("What happened in the harbour?", "explain", False),
        ("Did the harbour reopen?", "polar", False),
        ("What did the council blame?", "thing", False),
    ],
)
def test_kinds(text: str, kind: str, many: bool) -> None:
    question = read_question(text)
    assert (question.kind, question.many) == (kind, many)


def test_names_and_focus() -> None:
    question = read_question("How many French soldiers left Port Ellery in 2022?")
    assert (question.names, question.focus) == (("french", "port", "elleri"), ("french", "soldier", "left", "port"))


def test_values_of_a_sentence() -> None:
    sentence = (
        "Since 12 June 2025 some 2,400 men, or 35 per cent, have spent nearly three years in Gao and Kidal for the Konrad Foundation."
    )
    assert [value.text for value in dates(sentence)] == ["12 June 2025"]
    assert [value.text for value in durations(sentence)] == ["nearly three years"]
    assert [(value.text, value.key) for value in numbers(sentence)] == [("some 2,400", "2400"), ("35 per cent", "35%")]
    assert [value.text for value in names(sentence)] == ["Gao", "Kidal", "Konrad Foundation"]


@pytest.mark.parametrize(
    ("text", "dates_found"),
    [
        ("in late 2021", ["late 2021"]),
        ("by the end of 2023", ["the end of 2023"]),
        ("on March 3, 2024", ["March 3, 2024"]),
        ("on 3 March", ["3 March"]),
        ("in Aug. 2022", ["Aug. 2022"]),
        ("2024-05-06", ["2024-05-06"]),
        ("room 2400", []),
    ],
)
def test_dates(text: str, dates_found: list[str]) -> None:
    assert [value.text for value in dates(text)] == dates_found


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2,400", "2400"),
        ("two thousand", "2000"),
        ("1.5 million", "1500000"),
        ("1,234,567", "1234567"),
        ("thirty-six", "36"),
        ("0.5%", "0.5%"),
        ("500", "500"),
    ],
)
def test_numbers_are_equal_however_they_are_spelt(text: str, key: str) -> None:
    assert number_key(text) == key


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("about four fifths of what is sold abroad", [("about four fifths", "80%")]),
        ("two-thirds of them, or 66 per cent", [("two-thirds", "66.6667%"), ("66 per cent", "66%")]),
        ("half the town and a quarter of the valley", [("half", "50%"), ("a quarter", "25%")]),
        ("one in five, then nine out of ten", [("one in five", "20%"), ("nine out of ten", "90%")]),
        ("a third operation took a quarter of an hour", []),
        ("ten out of 0", [("ten out of 0", "ten out of 0")]),
    ],
)
def test_shares(text: str, shares: list[tuple[str, str]]) -> None:
    assert [(value.text, value.key) for value in numbers(text)] == shares


@given(st.text(max_size=200))
def test_values_are_cut_from_the_sentence(sentence: str) -> None:
    for find in (dates, durations, numbers, names):
        for value in find(sentence):
            assert sentence[value.start : value.end] == value.text


# Any question


@given(QUESTIONS)
@settings(max_examples=300)
def test_any_text_is_read_as_a_question(text: str) -> None:
    question = read_question(text)
    assert question == read_question(text)
    assert (question.text, question.kind in get_args(Kind)) == (text, True)
    assert not question.many or question.kind in ("date", "person", "name", "thing")
    assert len(set(question.names)) == len(question.names)
    assert all(stem and stem == stem.strip() for stem in (*question.names, *question.stems, *question.focus))
    assert read_question(f" {text}\n").kind == question.kind


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder = tmp_path_factory.mktemp("questions")
    (folder / "articles").mkdir()
    for number in range(3):
        words = f"Harbour {number} of Port Ellery reopened on {number + 1} March 2024, harbour master Ines Calloway said."
        (folder / "articles" / f"{number}.txt").write_text(words, encoding="utf-8")
    with Home.open(folder / "home", encoder=HashEncoder(), create=True) as home:
        home.sync(folder / "articles")
        yield Chatbot(home, settings=Settings())


@given(QUESTIONS)
@example("which " * 400)
@example("How many " + "s" * 2_000)
@example("Name the " + "a'" * 990)
def test_any_question_is_answered_or_refused(chatbot: Chatbot, text: str) -> None:
    asked = " ".join(text.split())
    try:
        answer = chatbot.ask(text)
    except BadQuestion:
        assert not 0 < len(asked) <= MAX_QUESTION
        return
    assert answer.question == asked
    for citation in answer.citations:
        assert chatbot.home.article(citation.article_id).text[citation.start : citation.end] == citation.quote
