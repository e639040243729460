"""Conversations on the page, without a browser: kept as they are answered, found again, taken up, renamed, exported, deleted."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest

from index.home import Home
from rag.chatbot import Chatbot
from rag.conversations import Conversations
from rag.memo.files import parse
from rag.memo.verify import verify
from rag.settings import Settings
from ui.asking import ask
from ui.conversation import Conversation
from ui.keeping import Shelf, acted, kept
from ui.library import Library
from ui.render.kept import shelf_html


@pytest.fixture
def library(open_home: Callable[..., Home], corpus: Path) -> Library:
    home = open_home()
    home.sync(corpus)
    return Library(Chatbot(home, settings=Settings()))


def asked(library: Library, question: str, before: Conversation | None = None, *, owner: str = "") -> Conversation:
    *_, conversation = ask(library, before or Conversation(), question)
    return kept(conversation, owner=owner)


def titles(shelf: Shelf) -> list[str]:
    return [heading.title for heading in shelf.headings]


def test_every_answer_is_kept_and_a_conversation_is_taken_up_again(library: Library) -> None:
    first = asked(library, "Who is the harbour master?")
    both = asked(library, "Who is the museum's director?", first)
    assert both.kept == first.kept
    (heading,) = acted(library, {"do": "list"}).headings
    assert (heading.title, heading.turns) == ("Who is the harbour master?", 2)
    opened = acted(library, {"do": "open", "id": heading.id}).opened
    assert opened is not None
    assert [exchange.answer for exchange in opened.exchanges] == [exchange.answer for exchange in both.exchanges]
    assert (opened.kept, opened.shown) == (both.kept, 1)
    assert opened.history() == both.history()
    third = asked(library, "Who is the harbour master?", opened)
    assert (third.kept, acted(library, {"do": "list"}).headings[0].turns) == (both.kept, 3)


def test_conversations_are_searched_renamed_exported_and_deleted(library: Library) -> None:
    for question in ("Who is the harbour master?", "Who is the museum's director?"):
        asked(library, question)
    assert titles(acted(library, {"do": "list"})) == ["Who is the museum's director?", "Who is the harbour master?"]
    found = acted(library, {"do": "list", "search": "harbour"})
    assert titles(found) == ["Who is the harbour master?"]
    name = found.headings[0].id
    renamed = acted(library, {"do": "rename", "id": name, "title": " The  port "})
    assert (titles(renamed)[1], renamed.told) == ("The port", "Renamed to “The port”.")
    for form in ("md", "html", "json"):
        memo = acted(library, {"do": "export", "id": name, "form": form}).download
        assert memo is not None
        assert memo.name == f"the-port.{form}"
        assert verify(parse(memo.text), home=library.chatbot.home).ok
        assert not verify(parse(memo.text.replace("Calloway", "Halloway")), home=library.chatbot.home).ok
    gone = acted(library, {"do": "delete", "id": name})
    assert (titles(gone), gone.told) == (["Who is the museum's director?"], "Deleted “The port”.")
    assert acted(library, {"do": "open", "id": name}).told == "That conversation is no longer there."


def test_what_is_asked_after_a_conversation_was_deleted_begins_a_new_one(library: Library) -> None:
    first = asked(library, "Who is the harbour master?")
    assert first.kept is not None
    acted(library, {"do": "delete", "id": first.kept.id})
    second = asked(library, "Who is the museum's director?", first)
    assert second.kept is not None
    assert second.kept.id != first.kept.id
    assert titles(acted(library, {"do": "list"})) == ["Who is the museum's director?"]


def test_nobody_sees_the_conversations_of_another(library: Library) -> None:
    asked(library, "Who is the harbour master?", owner="ada")
    assert titles(acted(library, {"do": "list"}, owner="ada")) == ["Who is the harbour master?"]
    assert titles(acted(library, {"do": "list"}, owner="una")) == []
    (heading,) = acted(library, {"do": "list"}, owner="ada").headings
    for action in ("open", "rename", "export", "delete"):
        fields = {"do": action, "id": heading.id, "title": "mine", "form": "md"}
        assert acted(library, fields, owner="una").told == "That conversation is no longer there."
    assert titles(acted(library, {"do": "list"}, owner="ada")) == ["Who is the harbour master?"]


def test_an_answer_that_cannot_be_kept_is_shown_all_the_same(library: Library) -> None:
    (library.chatbot.home.path / "conversations.sqlite").mkdir()
    conversation = asked(library, "Who is the harbour master?")
    (exchange,) = conversation.exchanges
    assert (exchange.answer is not None, conversation.kept) == (True, None)
    assert exchange.opinion_problem.startswith("This conversation is not kept: ")


@pytest.mark.parametrize(
    "given",
    [
        {},
        {"do": "open"},
        {"do": "open", "id": "%"},
        {"do": "export", "id": "../x", "form": "exe"},
        {"do": ["open"], "id": 7},
        {"do": "rename", "id": ""},
    ],
)
def test_what_makes_no_sense_does_nothing(library: Library, given: dict[str, object]) -> None:
    asked(library, "Who is the harbour master?")
    shelf = acted(library, given)
    assert (shelf.opened, shelf.download, titles(shelf)) == (None, None, ["Who is the harbour master?"])


def test_the_list_shows_titles_as_text_and_the_open_one(library: Library) -> None:
    conversation = asked(library, "Who is the harbour master?")
    assert conversation.kept is not None
    with Conversations(library.chatbot.home.path) as file:
        file.rename(conversation.kept.id, "<b>Port</b>")
    shelf = acted(library, {"do": "list"})
    page = shelf_html(shelf, current=conversation.kept.id)
    assert "&lt;b&gt;Port&lt;/b&gt;" in page
    assert "<b>" not in page
    assert page.count('aria-current="true"') == 1
    old = replace(shelf.headings[0], changed="2019-03-04T10:00:00.000Z")
    assert "4 March 2019" in shelf_html(Shelf(headings=(old,)), today=date(2024, 3, 4))
    assert "Nothing has been asked yet" in shelf_html(Shelf())
    assert "No conversation holds these words" in shelf_html(Shelf(search="x"))
