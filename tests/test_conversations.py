"""Conversations kept in the home: across restarts, threads and processes, and what becomes of a file that does not read."""

from __future__ import annotations

import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.conversations
from index.errors import HomeDamaged, HomeError, HomeMismatch, NotFound, UsageError
from index.folder import writing
from index.side_file import Execute, SideFile
from rag.conversations import FILE_NAME, Conversations, Heading, shortened
from rag.types import Answer, Citation, Claim, Turn

REPOSITORY = Path(__file__).parents[1]
CITATION = Citation(
    number=1, article_id="a1", doc_id="harbour", label="The Fennick Daily", path="harbour.txt", root="/news", title=None, publisher=None,
    published="2024-03-04", url=None, quote="Forty boats left.", start=7, end=24,
)  # fmt: skip


def answer(question: str, text: str = "Forty boats left.") -> Answer:
    return Answer(
        question=question,
        status="answered",
        short=text,
        text=f"{text} [1]",
        claims=(Claim(text=text, citations=(1,)),),
        citations=(CITATION,),
    )


_OPENED: list[Conversations] = []


def opened(home: Path, **options: str) -> Conversations:
    """Conversations that are closed after the test."""
    _OPENED.append(Conversations(home, **options))
    return _OPENED[-1]


@pytest.fixture(autouse=True)
def _closed() -> Iterator[None]:
    yield
    while _OPENED:
        _OPENED.pop().close()


@pytest.fixture
def kept(tmp_path: Path) -> Conversations:
    return opened(tmp_path)


def titles(found: list[Heading]) -> list[str]:
    return [heading.title for heading in found]


def test_a_conversation_is_as_it_was_after_a_restart(kept: Conversations, tmp_path: Path):
    asked = datetime(2026, 11, 21, 22, 30, 15, 250_000, tzinfo=UTC)
    first, second = answer("How many boats left?"), answer("And when?", "On Monday.")
    name = kept.keep(first, asked=asked)
    assert kept.keep(second, conversation=name) == name
    kept.close()
    again = opened(tmp_path).load(name)
    assert [turn.answer for turn in again.turns] == [first, second]
    assert (again.heading.id, again.heading.title, again.heading.turns) == (name, "How many boats left?", 2)
    assert again.turns[0].asked == again.heading.created == "2026-11-21T22:30:15.250Z"
    assert again.heading.changed == again.turns[1].answered
    assert again.history == (Turn(question="How many boats left?", answer=first.text), Turn(question="And when?", answer=second.text))
    assert opened(tmp_path).listed() == [again.heading]


def test_nothing_is_written_before_something_is_kept(kept: Conversations, tmp_path: Path):
    assert (kept.listed(), kept.listed("boats")) == ([], [])
    for attempt in (lambda: kept.load("ab12"), lambda: kept.delete("ab12"), lambda: kept.rename("ab12", "x"), lambda: kept.find("ab12")):
        with pytest.raises(NotFound, match="there is no conversation 'ab12'") as caught:
            attempt()
        assert caught.value.hint == "`dateline conversations` lists them with their ids"
    assert list(tmp_path.iterdir()) == []


def test_the_one_that_was_asked_in_last_stands_first(kept: Conversations):
    names = [kept.keep(answer(f"Question {number}?")) for number in range(3)]
    kept.keep(answer("And?"), conversation=names[0])
    kept.rename(names[1], "Another title")
    assert [heading.id for heading in kept.listed()] == [names[0], names[2], names[1]]
    assert [heading.id for heading in kept.listed(limit=2)] == [names[0], names[2]]


@pytest.mark.parametrize(
    ("search", "found"),
    [
        ("harbour", ["When did the harbour reopen?"]),
        ("HARB reop", ["When did the harbour reopen?"]),
        ("cafe", ["Who owns the Café Zoé?"]),
        ("boats", ["When did the harbour reopen?", "Who owns the Café Zoé?"]),
        ("boats monday", ["Who owns the Café Zoé?"]),
        ("oats", []),
        ("bo%", ["When did the harbour reopen?", "Who owns the Café Zoé?"]),
        ("1,200", ["Who owns the Café Zoé?"]),
        ("?!", ["When did the harbour reopen?", "Who owns the Café Zoé?"]),
    ],
)
def test_search_finds_words_by_their_beginnings(search: str, found: list[str], kept: Conversations):
    name = kept.keep(answer("Who owns the Café Zoé?"))
    kept.keep(answer("And for how much?", "1,200 crowns, on Monday."), conversation=name)
    kept.keep(answer("When did the harbour reopen?"))
    assert titles(kept.listed(search)) == found


def test_a_title_is_renamed_and_found_by_its_new_words_only(kept: Conversations):
    name = kept.keep(answer("When?"))
    heading = kept.rename(name[:5], "  The storm \n of March ")
    assert heading == kept.find(name)
    assert heading.title == "The storm of March"
    assert (titles(kept.listed("storm")), titles(kept.listed("march when"))) == (["The storm of March"], ["The storm of March"])
    with pytest.raises(UsageError, match="a title needs a word"):
        kept.rename(name, " \n")


@given(st.text())
def test_a_title_is_short_and_stands_on_one_line(text: str):
    title = shortened(text)
    assert len(title) <= rag.conversations.MAX_TITLE
    assert title == " ".join(title.split())
    assert title.encode() is not None
    assert shortened(title) == title


def test_a_long_title_is_cut_at_a_word():
    assert shortened("boats " * 40) == " ".join(["boats"] * 13) + "…"
    assert shortened("x" * 200) == "x" * 79 + "…"


def test_what_is_deleted_is_gone_from_the_file(kept: Conversations, tmp_path: Path):
    name, other = kept.keep(answer("Where is the quillhaven dossier?")), kept.keep(answer("When?"))
    assert kept.delete(name[:6]).title == "Where is the quillhaven dossier?"
    with pytest.raises(NotFound):
        kept.load(name)
    with pytest.raises(NotFound):
        kept.keep(answer("And?"), conversation=name)
    assert [heading.id for heading in kept.listed()] == [other]
    kept.close()
    assert b"quillhaven" not in b"".join(path.read_bytes() for path in tmp_path.iterdir())


def test_a_beginning_that_fits_several_names_none(kept: Conversations):
    names = [kept.keep(answer("When?")) for _ in range(40)]
    first = next(name[0] for name in names if sum(other[0] == name[0] for other in names) > 1)
    count = sum(name[0] == first for name in names)
    with pytest.raises(NotFound, match=f"{count} conversations begin with '{first}'"):
        kept.load(first)
    assert kept.load(names[7]).heading.id == names[7]


@pytest.mark.parametrize("reference", ["", "%", "ABCDEF12", "0" * 9, "a_", "ab cd", "'; DROP TABLE turns"])
def test_what_is_no_id_finds_nothing(reference: str, kept: Conversations):
    kept.keep(answer("When?"))
    with pytest.raises(NotFound):
        kept.load(reference)


def test_nobody_sees_the_conversations_of_another(tmp_path: Path):
    ada, bea, nobody = (opened(tmp_path, owner=owner) for owner in ("ada", "bea", ""))
    name = ada.keep(answer("Who paid?"))
    for other in (bea, nobody):
        assert (other.listed(), other.listed("paid")) == ([], [])
        for attempt in (
            lambda other=other: other.load(name),
            lambda other=other: other.rename(name, "mine"),
            lambda other=other: other.delete(name),
            lambda other=other: other.keep(answer("And?"), conversation=name),
        ):
            with pytest.raises(NotFound):
                attempt()
    assert titles(ada.listed()) == ["Who paid?"]


# Many at once


def test_threads_keep_at_once_and_lose_nothing(kept: Conversations):
    name = kept.keep(answer("first"))

    def work(number: int) -> None:
        for turn in range(5):
            kept.keep(answer(f"{number} {turn}"), conversation=name if number % 2 else None)
            kept.listed("first")

    threads = [threading.Thread(target=work, args=(number,)) for number in range(6)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert kept.find(name).turns == 16
    assert len(kept.listed()) == 16
    assert sorted(turn.answer.question for turn in kept.load(name).turns[1:]) == sorted(
        f"{number} {turn}" for number in (1, 3, 5) for turn in range(5)
    )


def test_processes_that_begin_at_once_make_one_file(tmp_path: Path):
    program = (
        "import sys; from rag.conversations import Conversations; from rag.types import Answer\n"
        "kept = Conversations(sys.argv[1])\n"
        "for number in range(8): kept.keep(Answer(question=f'{sys.argv[2]} {number}', status='no_evidence', short='', text=''))\n"
    )
    command = [sys.executable, "-c", program, str(tmp_path)]
    running = [subprocess.Popen([*command, name], cwd=REPOSITORY, stderr=subprocess.PIPE) for name in ("ada", "bea", "cy")]
    errors = [process.communicate()[1] for process in running]
    assert [(process.returncode, error) for process, error in zip(running, errors, strict=True)] == [(0, b"")] * 3
    found = opened(tmp_path).listed()
    assert sorted(titles(found)) == sorted(f"{name} {number}" for name in ("ada", "bea", "cy") for number in range(8))


def test_a_sync_does_not_keep_anybody_from_keeping(kept: Conversations, tmp_path: Path):
    with writing(tmp_path, wait=0):
        kept.keep(answer("When?"))
    assert titles(kept.listed()) == ["When?"]


# A file that does not read


@pytest.mark.parametrize("damage", [b"no database " * 1000, b"\0" * 8192, b"SQLite format 3\0" + b"\xff" * 4096])
def test_a_file_that_does_not_read_is_set_aside(damage: bytes, tmp_path: Path):
    with Conversations(tmp_path) as before:  # while it is open, its log still has all of it
        before.keep(answer("before"))
    (tmp_path / FILE_NAME).write_bytes(damage)
    kept = opened(tmp_path)
    name = kept.keep(answer("after"))
    (aside,) = tmp_path.glob("conversations-damaged-*.sqlite")
    assert kept.notice == f"{tmp_path / FILE_NAME} did not read and was set aside as {aside.name}; a new one was begun."
    assert aside.read_bytes()[: len(damage)] == damage
    assert [heading.id for heading in kept.listed()] == [name]
    assert opened(tmp_path).notice == ""


def test_damage_within_is_noticed_when_it_is_met(tmp_path: Path):
    before = opened(tmp_path)
    for number in range(200):
        before.keep(answer(f"Question {number}?"))
    before.close()
    file = tmp_path / FILE_NAME
    content = bytearray(file.read_bytes())
    content[8192:] = b"\xaa" * (len(content) - 8192)
    file.write_bytes(content)
    kept = opened(tmp_path)
    assert kept.listed() == []
    assert "did not read and was set aside" in kept.notice
    assert len(list(tmp_path.glob("conversations-damaged-*.sqlite"))) == 1


def test_several_that_meet_a_damaged_file_set_it_aside_once(tmp_path: Path):
    (tmp_path / FILE_NAME).write_bytes(b"no database " * 1000)
    errors: list[Exception] = []

    def work() -> None:
        try:
            opened(tmp_path).keep(answer("When?"))
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test is to show it
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []
    assert len(opened(tmp_path).listed()) == 8
    assert len(list(tmp_path.glob("conversations-damaged-*.sqlite"))) == 1


def test_who_had_the_file_open_goes_on_in_the_new_one(tmp_path: Path):
    kept = opened(tmp_path)
    kept.keep(answer("before"))
    (tmp_path / FILE_NAME).rename(tmp_path / "elsewhere.sqlite")
    assert kept.listed() == []
    kept.keep(answer("after"))
    assert titles(opened(tmp_path).listed()) == ["after"]


def test_an_answer_that_does_not_read_is_named(tmp_path: Path):
    kept = opened(tmp_path)
    name = kept.keep(answer("When?"))
    SideFile(tmp_path / FILE_NAME, rag.conversations.STEPS).written(
        lambda execute: execute("UPDATE turns SET answer = '{\"question\": 1}'")
    )
    with pytest.raises(HomeDamaged, match=f"an answer of the conversation {name} does not read") as caught:
        kept.load(name)
    assert caught.value.hint == f"delete it: dateline conversations delete {name}"
    assert kept.delete(name).id == name


def test_a_home_that_cannot_be_written_says_so(tmp_path: Path):
    with pytest.raises(HomeError, match="cannot be written or opened by you") as caught:
        opened(tmp_path / "missing").keep(answer("When?"))
    assert str(caught.value).startswith(str(tmp_path / "missing" / FILE_NAME))


# Formats


def with_stars(execute: Execute) -> None:
    """A step that a later version might add."""
    execute("ALTER TABLE conversations ADD COLUMN stars INTEGER NOT NULL DEFAULT 5")


def test_an_older_file_takes_the_steps_that_it_lacks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    name = opened(tmp_path).keep(answer("When?"))
    monkeypatch.setattr(rag.conversations, "STEPS", (*rag.conversations.STEPS, with_stars))
    kept = opened(tmp_path)
    assert kept.load(name).turns[0].answer == answer("When?")
    file = SideFile(tmp_path / FILE_NAME, rag.conversations.STEPS)
    assert (file.rows("SELECT stars FROM conversations"), file.rows("PRAGMA user_version")) == ([(5,)], [(2,)])


def test_several_that_open_an_older_file_at_once_take_a_step_once(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    opened(tmp_path).keep(answer("When?"))
    monkeypatch.setattr(rag.conversations, "STEPS", (*rag.conversations.STEPS, with_stars))  # taking it twice would be an error
    errors: list[Exception] = []

    def work() -> None:
        try:
            assert len(opened(tmp_path).listed()) == 1
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test is to show it
            errors.append(error)

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_step_that_fails_changes_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    opened(tmp_path).keep(answer("When?"))

    def broken(execute: Execute) -> None:
        with_stars(execute)
        raise KeyboardInterrupt

    steps = rag.conversations.STEPS
    monkeypatch.setattr(rag.conversations, "STEPS", (*steps, broken))
    with pytest.raises(KeyboardInterrupt):
        opened(tmp_path).listed()
    monkeypatch.setattr(rag.conversations, "STEPS", steps)
    assert titles(opened(tmp_path).listed()) == ["When?"]


def test_a_newer_file_is_refused_and_left_alone(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    opened(tmp_path).keep(answer("When?"))
    monkeypatch.setattr(rag.conversations, "STEPS", ())
    for attempt in (lambda: opened(tmp_path).listed(), lambda: opened(tmp_path).keep(answer("And?"))):
        with pytest.raises(HomeMismatch, match="has format 1; this Dateline reads 0") as caught:
            attempt()
        assert caught.value.hint == "update Dateline, or choose another folder with --home"
    assert [path.name for path in tmp_path.iterdir() if "damaged" in path.name] == []
