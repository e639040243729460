"""What happens on the page when somebody asks, clicks or syncs, without a browser."""

from __future__ import annotations

import os
import socket
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from index.errors import UsageError
from index.home import Home
from index.types import Filters, SyncReport
from rag.chatbot import Chatbot
from rag.settings import Settings
from rag.types import Turn
from ui.asking import ask, ask_again, edit
from ui.auth import read_users, user_line
from ui.conversation import Conversation
from ui.library import Library
from ui.page import launch
from ui.sample import open_sample
from ui.showing import show
from ui.syncing import Syncing, SyncState


@pytest.fixture
def home(open_home: Callable[..., Home], corpus: Path) -> Home:
    home = open_home()
    home.sync(corpus)
    return home


@pytest.fixture
def library(home: Home) -> Library:
    return Library(Chatbot(home, settings=Settings()))


def last(library: Library, conversation: Conversation, question: str) -> Conversation:
    *_, conversation = ask(library, conversation, question)
    return conversation


# Asking


def test_a_question_is_shown_at_once_and_ends_in_the_chatbots_answer(library: Library) -> None:
    steps = list(ask(library, Conversation(), "  Who is the\n harbour master? "))
    assert [(step.exchanges[0].question, step.exchanges[0].is_over) for step in (steps[0], steps[-1])] == [
        ("Who is the harbour master?", False),
        ("Who is the harbour master?", True),
    ]
    answer = steps[-1].exchanges[0].answer
    assert answer is not None
    assert answer.short == library.chatbot.ask("Who is the harbour master?").short
    assert steps[-1].exchanges[0].partial == answer.text


def test_an_empty_question_changes_nothing(library: Library) -> None:
    assert list(ask(library, Conversation(), " \n ")) == []


def test_the_next_question_knows_the_earlier_ones(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    given: list[object] = []
    stream = library.chatbot.stream

    def noting(question: str, history: tuple[Turn, ...], **options: Any) -> object:
        given.append(history)
        return stream(question, history=history, **options)

    monkeypatch.setattr(library.chatbot, "stream", noting)
    conversation = last(library, conversation, "What did the repairs cost?")
    answer = conversation.exchanges[0].answer
    assert answer is not None
    assert given == [(Turn(question="Who is the harbour master?", answer=answer.text),)]
    assert (len(conversation.exchanges), conversation.shown) == (2, 1)


def test_a_question_that_is_too_long_says_so(library: Library) -> None:
    exchange = last(library, Conversation(), "x" * 3000).exchanges[0]
    assert "2000 are allowed" in exchange.problem
    assert exchange.hint == "ask for one thing at a time"


def test_a_fault_is_logged_and_not_shown(library: Library, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture) -> None:
    def broken(question: str, **options: object) -> None:
        raise ZeroDivisionError("inside")

    monkeypatch.setattr(library.chatbot, "stream", broken)
    exchange = last(library, Conversation(), "Who?").exchanges[0]
    assert (exchange.problem, "inside" in exchange.hint) == ("Something went wrong in Dateline itself.", False)
    assert "ZeroDivisionError: inside" in caplog.text


# Asking again


DAYS: dict[str, object] = {"what": "days", "since": "2024-01-01", "until": "2024-12-31"}
ALL_DATES: dict[str, object] = {"what": "days", "since": "", "until": ""}


def test_an_earlier_question_is_asked_again_at_the_end_for_other_dates(library: Library) -> None:
    conversation = last(library, Conversation(), "How many visitors has the Fennick museum had since last week?")
    conversation = last(library, conversation, "Who is the harbour master?")
    *_, conversation = ask_again(conversation, "0", ALL_DATES)
    *_, conversation = ask_again(conversation, "0", DAYS)
    answers = [exchange.answer for exchange in conversation.exchanges[2:]]
    assert [exchange.question for exchange in conversation.exchanges[2:]] == [conversation.exchanges[0].question] * 2
    assert [answer.status for answer in answers if answer] == ["answered", "no_evidence"]
    assert [(answer.filters, answer.time and answer.time.applied) for answer in answers if answer] == [
        (Filters(), False), (Filters(since="2024-01-01", until="2024-12-31"), False),
    ]  # fmt: skip
    assert (conversation.shown, len(conversation.exchanges)) == (3, 4)


def test_the_last_question_gets_its_new_answer_in_its_place(library: Library) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    *_, again = ask_again(conversation, "0", {"what": "same"})
    (before,), (after,) = conversation.exchanges, again.exchanges
    assert (after.question, after.answer, again.shown) == (before.question, before.answer, 0)
    *_, again = ask_again(again, "0", {"what": "publisher", "value": "The Fennick Daily"})
    (exchange,) = again.exchanges
    assert exchange.answer is not None
    assert (exchange.answer.status, exchange.answer.filters) == ("no_evidence", Filters(publishers=("The Fennick Daily",)))


def test_what_was_understood_is_worded_anew_or_taken_as_typed(library: Library) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    conversation = last(library, conversation, "When did he say that?")
    for words, understood in (("When did boats leave Port Ellery?", "When did boats leave Port Ellery?"), ("When did he say that?", None)):
        *_, conversation = ask_again(conversation, "1", {"what": "words", "value": f" {words} "})
        answer = conversation.exchanges[1].answer
        assert answer is not None
        assert (answer.question, answer.rewritten) == ("When did he say that?", understood)


def test_an_earlier_question_is_edited_and_what_came_after_it_goes(library: Library) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    conversation = last(library, conversation, "What did the repairs cost?")
    assert list(edit(library, conversation, "2", "Who?")) == list(edit(library, conversation, "0", None)) == []
    *_, conversation = edit(library, conversation, "0", "Who is the museum's director?")
    (exchange,) = conversation.exchanges
    assert exchange.answer is not None
    assert (exchange.question, exchange.answer.short) == ("Who is the museum's director?", "Oskar Lindqvist")


def test_an_answer_that_is_stopped_keeps_what_had_come_and_tells_the_next_question_nothing(
    library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    stop, go_on = threading.Event(), threading.Event()

    def slow(question: str, **options: Any) -> Any:
        yield "The first words "
        go_on.wait(60)
        yield "and more."

    with monkeypatch.context() as patched:
        patched.setattr(library.chatbot, "stream", slow)
        steps = ask(library, Conversation(), "Who is the harbour master?", stop=stop)
        assert [next(steps).exchanges[0].partial for _ in range(2)] == ["", "The first words "]
        stop.set()
        (conversation,) = steps
        go_on.set()
    (exchange,) = conversation.exchanges
    assert (exchange.partial, exchange.stopped, exchange.is_over, conversation.history()) == ("The first words ", True, True, ())


def test_a_question_asked_again_knows_only_what_went_before_it(library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    conversation = last(library, conversation, "What did the repairs cost?")
    conversation = last(library, conversation, "When was the whale restored?")
    given: list[object] = []
    stream = library.chatbot.stream

    def noting(question: str, history: tuple[Turn, ...], **options: Any) -> object:
        given.append((question, [turn.question for turn in history]))
        return stream(question, history=history, **options)

    monkeypatch.setattr(library.chatbot, "stream", noting)
    list(ask_again(conversation, "1", {"what": "same"}))
    assert given == [("What did the repairs cost?", ["Who is the harbour master?"])]


def test_dates_the_wrong_way_round_say_so(library: Library) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    *_, conversation = ask_again(conversation, "0", {"what": "days", "since": "2024-02-01", "until": "2024-01-01"})
    exchange = conversation.exchanges[-1]
    assert (exchange.problem, exchange.hint) == ("since 2024-02-01 is after until 2024-01-01", "swap the two dates")


@pytest.mark.parametrize("index", [None, 0, "1", "", "-1", "٠", ["0"], "0; drop"])
def test_what_names_no_question_is_not_asked_again(library: Library, index: object) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    assert list(ask_again(conversation, index, {"what": "same"})) == []


@pytest.mark.parametrize(
    "change",
    [
        {}, {"what": "drop"}, {"what": None}, {"what": "days"}, {"what": "days", "since": "2024"},
        {"what": "days", "since": 7, "until": ""},
        {"what": "order", "value": "x"}, {"what": "publisher"}, {"what": "publisher", "value": " "}, {"what": "path", "value": ["/"]},
    ],
)  # fmt: skip
def test_what_is_no_change_is_not_asked_again(library: Library, change: dict[str, object]) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    assert list(ask_again(conversation, "0", change)) == []


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (
            {"what": "publisher", "value": "The Fennick Dayly"},
            "No article is by the publisher 'The Fennick Dayly'; close names: The Fennick Daily",
        ),
        ({"what": "path", "value": "/nowhere/at/all"}, "Nothing was synced from /nowhere/at/all"),
        ({"what": "path", "value": "~nobody-of-this-name/x"}, "'~nobody-of-this-name/x' is no path here"),
        ({"what": "days", "since": "yesterday", "until": ""}, "since 'yesterday' is not a date"),
    ],
)  # fmt: skip
def test_a_filter_that_fits_nothing_says_so(library: Library, change: dict[str, object], problem: str) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    *_, conversation = ask_again(conversation, "0", change)
    assert (len(conversation.exchanges), conversation.exchanges[0].problem, conversation.exchanges[1].problem) == (2, "", problem)


# Looking at the evidence


def test_a_click_opens_the_quote_in_its_article_and_a_second_one_closes_it(library: Library) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    answer = conversation.exchanges[0].answer
    assert answer is not None
    opened = show(conversation, "0:c1").opened
    assert opened is not None
    assert opened.article is not None
    assert opened.article.text[opened.start : opened.end] == answer.citations[0].quote
    assert show(show(conversation, "0:c1"), "0:c1") == conversation


def test_the_nearest_passages_open_too(library: Library) -> None:
    conversation = last(library, Conversation(), "How many elephants live in Antarctica?")
    answer = conversation.exchanges[0].answer
    assert answer is not None
    assert answer.status == "no_evidence"
    opened = show(conversation, "0:n1").opened
    assert opened is not None
    assert opened.article is not None
    assert opened.article.text[opened.start : opened.end] == answer.nearest[0].text


@pytest.mark.parametrize("reference", [None, 7, "", "0:c99", "9:c1", "0:x1", "0:c1; drop", "-1:c1", "0:n1", ["0:c1"], "٠:c1"])
def test_a_reference_that_names_nothing_changes_nothing(library: Library, reference: object) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    assert show(conversation, reference) == conversation


def test_an_article_that_changed_or_left_since_is_not_marked(library: Library, home: Home, corpus: Path) -> None:
    conversation = last(library, Conversation(), "Who is the harbour master?")
    file = corpus / "harbour.txt"
    file.write_text(file.read_text().replace("The harbour of Port Ellery", "At last the harbour of Port Ellery"))
    home.sync(corpus)
    changed = show(conversation, "0:c1").opened
    assert changed is not None
    assert (changed.start, changed.end, changed.article is not None) == (0, 0, True)
    assert "has changed" in changed.problem
    file.unlink()
    home.sync(corpus)
    left = show(conversation, "0:c1").opened
    assert left is not None
    assert (left.article, "has left the corpus" in left.problem) == (None, True)


# Syncing


def synced(library: Library, folder: str) -> SyncState:
    """How a sync of a folder ends."""
    syncing = Syncing(library)
    begun = syncing.sync(folder)
    return _end(syncing) if begun.number else begun


def _end(syncing: Syncing) -> SyncState:
    assert syncing.wait(60)
    state = syncing.now[1]
    assert state is not None
    return state


def test_a_sync_tells_how_far_it_is_and_ends_in_its_report(library: Library, tmp_path: Path) -> None:
    folder = tmp_path / "more"
    folder.mkdir()
    (folder / "ferry.txt").write_text("Ferry returns\n\nThe ferry to Skarholm sails again from Tuesday, said its captain, Ruth Amsel.")
    (folder / "empty.txt").write_text("")
    end = synced(library, f' "{folder}" ')
    assert end.report is not None
    assert (end.done, end.total, end.base) == (2, 2, str(folder))
    assert (end.report.added, end.report.articles, [Path(skip.path).name for skip in end.report.skipped]) == (1, 4, ["empty.txt"])


@pytest.mark.parametrize(("folder", "problem"), [("  ", "No folder was given."), ("/nowhere/at/all", "/nowhere/at/all does not exist")])
def test_a_sync_that_cannot_be_done_says_why(library: Library, folder: str, problem: str) -> None:
    end = synced(library, folder)
    assert (end.problem, end.report, bool(end.hint)) == (problem, None, True)


def test_the_folder_of_a_user_who_does_not_exist(library: Library) -> None:
    assert "names a user that does not exist" in synced(library, "~nobody-of-this-name/articles").problem


def test_a_second_sync_is_told_of_the_first_which_may_be_cancelled(library: Library, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    go_on, stopped = threading.Event(), threading.Event()

    def slow(folder: Path, *, cancelled: Callable[[], bool], **options: Any) -> SyncReport:
        go_on.wait(60)
        stopped.wait(60)
        return SyncReport(generation=1, articles=3, chunks=3, cancelled=cancelled())

    monkeypatch.setattr(library.chatbot.home, "sync", slow)
    syncing = Syncing(library)
    syncing.cancel()
    assert (syncing.now, syncing.wait(0)) == ((0, None), True)
    assert syncing.sync(str(corpus)).number == 1
    for second in (syncing.sync("/other"), syncing.forget(str(corpus)), syncing.add([], served=corpus)):
        assert (second.number, second.problem, bool(second.hint)) == (0, f"A sync is under way: {corpus}.", True)
    go_on.set()
    syncing.cancel()
    state = syncing.now[1]
    assert state is not None
    assert (state.is_stopping, state.is_over, syncing.wait(0)) == (True, False, False)
    stopped.set()
    report = _end(syncing).report
    assert report is not None
    assert report.cancelled
    assert syncing.sync(str(corpus)).number == 2
    second_report = _end(syncing).report
    assert second_report is not None
    assert not second_report.cancelled


def test_another_process_that_writes_is_named(library: Library, home: Home, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("ui.library._WAIT", 0.1)
    with home.writing():
        end = synced(library, str(corpus))
    assert (f"process {os.getpid()} on" in end.problem, end.hint.startswith("wait for it to finish")) == (True, True)


def test_a_root_is_forgotten_and_one_that_is_none_is_not(library: Library, corpus: Path) -> None:
    syncing = Syncing(library)
    assert syncing.forget(str(corpus.parent)).number == 1
    assert "is no folder of this corpus any more" in _end(syncing).problem
    syncing.forget(str(corpus))
    report = _end(syncing).report
    assert report is not None
    assert (report.deleted, report.articles) == (3, 0)


def test_a_first_sync_that_fails_leaves_the_sample_in_place(open_home: Callable[..., Home], corpus: Path) -> None:
    sample, own = (Chatbot(open_home(name), settings=Settings()) for name in ("sample", "own"))
    sample.sync(corpus)
    library = Library(sample, is_sample=True, open_own=lambda: own)
    assert synced(library, "/nowhere").problem == "/nowhere does not exist"
    assert (library.is_sample, library.chatbot, bool(library.questions)) == (True, sample, True)


def test_the_first_sync_moves_to_the_visitors_own_home_and_old_evidence_still_opens(
    open_home: Callable[..., Home], corpus: Path, tmp_path: Path
) -> None:
    sample, own = (Chatbot(open_home(name), settings=Settings()) for name in ("sample", "own"))
    sample.sync(corpus)
    library = Library(sample, is_sample=True, open_own=lambda: own)
    conversation = last(library, Conversation(), "Who is the harbour master?")
    folder = tmp_path / "mine"
    folder.mkdir()
    (folder / "ferry.txt").write_text("Ferry returns\n\nThe ferry to Skarholm sails again from Tuesday, said its captain, Ruth Amsel.")
    assert synced(library, str(folder)).report is not None
    assert (library.is_sample, library.chatbot, library.questions) == (False, own, ())
    assert sample.home.stats().articles == 3
    opened = show(conversation, "0:c1").opened
    assert opened is not None
    assert opened.problem == ""


def test_the_sample_home_holds_the_sample_and_nothing_else(tmp_path: Path, corpus: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path))
    with open_sample() as chatbot:
        articles = chatbot.home.stats().articles
        chatbot.sync(corpus)  # as if another installation's sample had been synced
    with open_sample() as chatbot:
        assert articles >= 14
        assert chatbot.home.stats().articles == articles
        chatbot.home.vectors.close()


# Starting


def test_a_port_in_use_says_which_option_to_type(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        with pytest.raises(UsageError) as caught:
            launch(tmp_path / "home", port=port, open_browser=False)
    assert (str(caught.value), caught.value.hint) == (f"port {port} is in use already", f"choose another one: --port {port + 1}")


@pytest.mark.parametrize("host", ["0.0.0.0", "192.0.2.1", "example.org", "::"])
def test_a_host_that_others_can_reach_needs_an_auth_file(host: str, tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        launch(tmp_path / "home", host=host, open_browser=False)
    assert "--auth-file" in caught.value.hint


@pytest.mark.parametrize(("host", "port"), [("127.0.0.1", 0), ("127.0.0.1", 70000)])
def test_a_port_that_is_none_is_refused(host: str, port: int, tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="is no port"):
        launch(tmp_path / "home", host=host, port=port, open_browser=False)


def test_an_auth_file_lets_its_users_in_and_nobody_else(tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    file.write_text("# who may read\n" + user_line("ada", "pässword:1") + "\n\n" + user_line("bo", "x") + "\n", encoding="utf-8")
    check = read_users(file)
    tried = {(name, word): check(name, word) for name in ("ada", "bo", "eve", "") for word in ("pässword:1", "x", "")}
    assert [pair for pair, let_in in tried.items() if let_in] == [("ada", "pässword:1"), ("bo", "x")]
    assert "pässword" not in file.read_text(encoding="utf-8")
    assert user_line("ada", "x") != user_line("ada", "x")


@pytest.mark.parametrize("words", ["", "# nobody\n", "ada:plain-password\n", "ada:zz:zz\n"])
def test_an_auth_file_that_does_not_fit_is_refused(words: str, tmp_path: Path) -> None:
    file = tmp_path / "users.txt"
    file.write_text(words)
    with pytest.raises(UsageError, match=r"names no user|is not NAME:SALT:HASH") as caught:
        read_users(file)
    assert "python -m ui.auth NAME" in caught.value.hint
