"""Example questions for articles that nobody here has read: answered by the articles, or none."""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings
from ui.library import SAMPLE_QUESTIONS, Library
from ui.running import Running
from ui.suggesting import Suggestions

LEFT = "When did the last French soldiers leave Port Ellery?"
TOLD = "The soldiers\n\nThe last French soldiers left Port Ellery in August 2022. A band played.\n"


@pytest.fixture
def library(open_home: Callable[..., Home], corpus: Path) -> Library:
    (corpus / "soldiers.txt").write_text(TOLD, encoding="utf-8")
    home = open_home()
    home.sync(corpus)
    return Library(Chatbot(home, settings=Settings()))


def test_what_is_offered_is_answered_by_the_articles_and_follows_them(library: Library, corpus: Path) -> None:
    suggestions = Suggestions(library, Running())
    assert suggestions.known() == ()
    found = suggestions.find()
    assert LEFT in found
    assert suggestions.known() == found
    assert {library.chatbot.ask(question).status for question in found} == {"answered"}
    (corpus / "soldiers.txt").unlink()
    library.chatbot.sync(corpus)
    assert suggestions.known() == ()
    assert LEFT not in suggestions.find()


def test_a_draft_that_is_not_answered_with_its_sentence_is_not_offered(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    answer = library.chatbot.ask("What did the repairs cost?")
    monkeypatch.setattr(Chatbot, "ask", lambda self, question, **options: answer)
    assert Suggestions(library, Running()).find() == ()


def test_the_sample_keeps_the_questions_that_were_written_for_it(library: Library) -> None:
    suggestions = Suggestions(Library(library.chatbot, is_sample=True), Running())
    assert suggestions.known() == suggestions.find() == SAMPLE_QUESTIONS


# One answer a visitor


def test_a_visitors_next_question_ends_the_one_before_and_nobody_elses() -> None:
    running = Running()
    with running.answer("ada") as first, running.answer("bo") as other:
        assert [running.is_current("ada", first), bool(running)] == [True, True]
        with running.answer("ada") as second:
            assert (first.is_set(), second.is_set(), other.is_set()) == (True, False, False)
            assert (running.is_current("ada", first), running.is_current("ada", second)) == (False, True)
            running.stop("bo")
            running.stop("nobody")
            assert (second.is_set(), other.is_set()) == (False, True)
            running.drop("ada")
            assert (second.is_set(), running.is_current("ada", second)) == (True, False)
    assert not running


def test_suggestions_wait_for_visitors(library: Library) -> None:
    running = Running()
    suggestions, found = Suggestions(library, running), threading.Event()
    with running.answer("ada"):
        thread = threading.Thread(target=lambda: (suggestions.find(), found.set()))
        thread.start()
        assert not found.wait(0.5)
    thread.join(60)
    assert found.is_set()
