"""Conversations kept in the home: what was asked and answered, across restarts, for the page, the command line and Python.

    with Conversations(".dateline") as kept:
        name = kept.keep(answer)                       begins one, titled by its question
        kept.keep(further, conversation=name)          goes on with it
        kept.listed("harbour"), kept.load(name)        finds it again, and reads it

They lie in `conversations.sqlite` beside the catalogue, and nothing of them in the catalogue: that can be made again from the
articles, they cannot.
"""

from __future__ import annotations

import json
import re
import secrets
from collections.abc import Sequence
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self, TypeVar

from index.errors import HomeDamaged, NotFound, UsageError
from index.side_file import Execute, SideFile, Step
from index.terms import words
from rag.types import Answer, Turn

if TYPE_CHECKING:
    from pydantic import TypeAdapter

FILE_NAME = "conversations.sqlite"
MAX_TITLE = 80
"""Code points of a title."""
_ID = re.compile(r"[0-9a-f]{1,8}", re.ASCII)
Found = TypeVar("Found")
_BY_ID = "(SELECT number FROM conversations WHERE id = ?)"


@dataclass(frozen=True, kw_only=True, slots=True)
class Heading:
    """A conversation as a list shows it. Times are UTC: `2026-11-21T21:40:12.345Z`."""

    id: str
    title: str
    created: str
    changed: str
    """When something was last kept in it."""
    turns: int
    """Questions that were asked in it."""

    def to_dict(self) -> dict[str, Any]:
        """This heading as plain JSON data."""
        return asdict(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptTurn:
    """One question of a conversation with its answer."""

    asked: str
    """When it was asked, in UTC."""
    answered: str
    answer: Answer

    def to_dict(self) -> dict[str, Any]:
        """This turn as plain JSON data."""
        return {"asked": self.asked, "answered": self.answered, "answer": self.answer.to_dict()}


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptConversation:
    """A conversation with all its turns, oldest first."""

    heading: Heading
    turns: tuple[KeptTurn, ...] = field(repr=False)

    @property
    def history(self) -> tuple[Turn, ...]:
        """The turns as `Chatbot.ask` takes them."""
        return tuple(Turn(question=turn.answer.question, answer=turn.answer.text) for turn in self.turns)

    def to_dict(self) -> dict[str, Any]:
        """This conversation as plain JSON data; its turns take the place of their number."""
        return {**self.heading.to_dict(), "turns": [turn.to_dict() for turn in self.turns]}


class Conversations:
    """The conversations of one owner in one home. Safe to use from several threads; several processes may have them open."""

    def __init__(self, home: Path | str, *, owner: str = "") -> None:
        """Open them; nothing is read or written yet.

        Args:
            home: the home's folder.
            owner: whose they are, where several people use one home; nobody sees another's.
        """
        self.owner = owner
        self._file = SideFile(Path(home) / FILE_NAME, STEPS)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the file."""
        self._file.close()

    @property
    def notice(self) -> str:
        """What was set aside because it did not read, on one line; empty as a rule."""
        return self._file.notice

    # Writing

    def keep(self, answer: Answer, *, conversation: str | None = None, asked: datetime | None = None) -> str:
        """Keep an answer as the last of a conversation.

        Args:
            answer: with its question.
            conversation: its id; None begins a new one, titled by the question.
            asked: when it was asked; None for now.

        Returns:
            The conversation's id.

        Raises:
            NotFound: there is no such conversation (any more).
            HomeError: the home cannot be written.
        """
        now = _written_time(datetime.now(UTC))
        when = _written_time(asked) if asked else now
        turn = [when, now, json.dumps(answer.to_dict()), _searched(answer.question, answer.short, answer.text)]

        def change(execute: Execute) -> str:
            name = self._begun(execute, answer.question, when) if conversation is None else self._named(execute, conversation)
            execute(f"INSERT INTO turns (conversation, asked, answered, answer, words) VALUES ({_BY_ID}, ?, ?, ?, ?)", [name, *turn])
            execute("UPDATE conversations SET changed = ?, latest = last_insert_rowid() WHERE id = ?", [now, name])
            return name

        return self._file.written(change)

    def rename(self, conversation: str, title: str) -> Heading:
        """Give a conversation another title.

        Raises:
            NotFound: there is no such conversation.
            UsageError: the title is empty.
        """
        title = shortened(title)
        if not title:
            raise UsageError("a title needs a word", hint='type one in quotes: dateline conversations rename ID "The harbour"')

        def change(execute: Execute) -> str:
            name = self._named(execute, conversation)
            execute("UPDATE conversations SET title = ?, words = ? WHERE id = ?", [title, _searched(title), name])
            return name

        self.find(conversation)
        return self.find(self._file.written(change))

    def delete(self, conversation: str) -> Heading:
        """Delete a conversation with all its turns; their place in the file is overwritten.

        Returns:
            What was deleted.

        Raises:
            NotFound: there is no such conversation.
        """
        gone = self.find(conversation)

        def change(execute: Execute) -> None:
            execute("PRAGMA secure_delete = ON")
            execute(f"DELETE FROM turns WHERE conversation = {_BY_ID}", [gone.id])
            execute("DELETE FROM conversations WHERE id = ?", [gone.id])

        self._file.written(change)
        return gone

    # Reading

    def listed(self, search: str = "", *, limit: int | None = None) -> list[Heading]:
        """The conversations, the one that something was last kept in first.

        Args:
            search: only those in which every one of these words begins a word of the title, of a question or of an answer.
            limit: how many at most; None for all.
        """
        holds = "(instr(c.words, ?) OR EXISTS (SELECT 1 FROM turns WHERE conversation = c.number AND instr(turns.words, ?)))"
        starts = [f" {word}" for _, word in words(search)]
        where = "".join(f" AND {holds}" for _ in starts)
        values = [start for start in starts for _ in range(2)]
        return self._headings(f"{where} ORDER BY latest DESC LIMIT ?", *values, -1 if limit is None else limit)

    def find(self, reference: str) -> Heading:
        """The conversation that a reference stands for.

        Args:
            reference: its id, or the beginning of it where no other begins so.

        Raises:
            NotFound: there is none, or there are several.
        """
        return _only(self._headings(" AND id LIKE ?", f"{reference}%") if _ID.fullmatch(reference) else [], reference)

    def load(self, conversation: str) -> KeptConversation:
        """A conversation with its turns.

        Args:
            conversation: as for `find`.

        Raises:
            NotFound: there is no such conversation.
            HomeDamaged: an answer of it does not read.
        """
        heading = self.find(conversation)
        rows = self._file.rows(f"SELECT asked, answered, answer FROM turns WHERE conversation = {_BY_ID} ORDER BY number", [heading.id])
        turns = tuple(KeptTurn(asked=asked, answered=answered, answer=_answer(text, heading.id)) for asked, answered, text in rows)
        return KeptConversation(heading=heading, turns=turns)

    def _headings(self, where: str, *values: Any) -> list[Heading]:
        counted = "(SELECT count(*) FROM turns WHERE conversation = c.number)"
        rows = self._file.rows(
            f"SELECT id, title, created, changed, {counted} FROM conversations AS c WHERE owner = ?{where}", [self.owner, *values]
        )
        return [Heading(id=id_, title=title, created=created, changed=changed, turns=turns) for id_, title, created, changed, turns in rows]

    def _begun(self, execute: Execute, question: str, when: str) -> str:
        """The id of a new conversation."""
        name, title = secrets.token_hex(4), shortened(question)
        while execute("SELECT 1 FROM conversations WHERE id = ?", [name]):
            name = secrets.token_hex(4)
        columns = "id, owner, title, words, created, changed"
        execute(f"INSERT INTO conversations ({columns}) VALUES (?, ?, ?, ?, ?, ?)", [name, self.owner, title, _searched(title), when, when])
        return name

    def _named(self, execute: Execute, reference: str) -> str:
        """The id that a reference stands for."""
        rows = execute("SELECT id FROM conversations WHERE owner = ? AND id LIKE ?", [self.owner, f"{reference}%"])
        return str(_only(rows if _ID.fullmatch(reference) else [], reference)[0])


def _only(found: Sequence[Found], reference: str) -> Found:
    """The one thing that was found for a reference."""
    if len(found) > 1:
        raise NotFound(
            f"{len(found)} conversations begin with {reference!r}", hint="type more of the id; `dateline conversations` lists them"
        )
    if not found:
        raise NotFound(f"there is no conversation {reference!r}", hint="`dateline conversations` lists them with their ids")
    return found[0]


def shortened(title: str) -> str:
    r"""A title on one line, cut at a word where it is long.

    >>> shortened("  When did the harbour\nreopen? ")
    'When did the harbour reopen?'
    """
    title = " ".join(title.encode("utf-8", "replace").decode().split())
    if len(title) <= MAX_TITLE:
        return title
    head, _, _ = title[:MAX_TITLE].rpartition(" ")
    return f"{head or title[: MAX_TITLE - 1]}…"


def _searched(*texts: str) -> str:
    """What a search looks through: the words of some texts, each behind a space."""
    return "".join(f" {word}" for text in texts for _, word in words(text)).encode("utf-8", "replace").decode()


def _written_time(when: datetime) -> str:
    return when.astimezone(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")


@cache
def _answers() -> TypeAdapter[Answer]:
    """Made once: it takes longer than reading a hundred answers with it."""
    from pydantic import TypeAdapter

    return TypeAdapter(Answer)


def _answer(text: str, conversation: str) -> Answer:
    try:
        return _answers().validate_python(json.loads(text))
    except (ValueError, UsageError) as error:  # pydantic's is a ValueError
        raise HomeDamaged(
            f"an answer of the conversation {conversation} does not read", hint=f"delete it: dateline conversations delete {conversation}"
        ) from error


# The file's formats


def _conversations_and_turns(execute: Execute) -> None:
    """Format 1. `latest` is the last turn, by which conversations are ordered: clocks may stand still, or go back."""
    execute(
        """CREATE TABLE conversations (
        number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, owner TEXT NOT NULL, title TEXT NOT NULL,
        words TEXT NOT NULL, created TEXT NOT NULL, changed TEXT NOT NULL, latest INTEGER)"""
    )
    execute("CREATE INDEX conversations_latest ON conversations (owner, latest)")
    execute(
        """CREATE TABLE turns (
        number INTEGER PRIMARY KEY AUTOINCREMENT, conversation INTEGER NOT NULL REFERENCES conversations (number),
        asked TEXT NOT NULL, answered TEXT NOT NULL, answer TEXT NOT NULL, words TEXT NOT NULL)"""
    )
    execute("CREATE INDEX turns_conversation ON turns (conversation)")


STEPS: tuple[Step, ...] = (_conversations_and_turns,)
"""What made each format of the one before; a further one is added at the end, and has a test that starts from a file of the last."""
