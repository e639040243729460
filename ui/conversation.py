"""What one visitor of the page has asked and is looking at: plain data, kept in the browser session.

Each exchange remembers the chatbot that answered it, since the page moves from the sample to the visitor's own articles
while older answers stay on the screen.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from pathlib import Path
from typing import Literal, NamedTuple

from index.types import Article, Filters, Newer
from rag.chatbot import Chatbot
from rag.types import Answer, Turn
from ui.making import Making

_INDEX = re.compile(r"\d{1,6}", re.ASCII)


class Place(NamedTuple):
    """A source on the page: the passage that a card or an [n] marker stands for."""

    exchange: int
    """Which question of the conversation, from 0."""
    kind: Literal["c", "n"]
    """Citation, or nearest passage of an answer without evidence."""
    number: int
    """As the visitor sees it, from 1."""
    newer: bool = False
    """Whether not the passage's article is meant, but the one that took its place."""

    def __str__(self) -> str:
        return f"{self.exchange}:{self.kind}{self.number}{'+' if self.newer else ''}"


class Quoted(NamedTuple):
    """Where a source of the answer stands in the opened article."""

    place: Place
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A passage shown in its article."""

    place: Place
    article: Article | None = None
    start: int = 0
    end: int = 0
    problem: str = ""
    """Why the passage cannot be shown in its article; empty when it can."""
    quotes: tuple[Quoted, ...] = ()
    """Every source of the same answer that stands in the article, in the order of the text."""
    newer: Newer | None = None
    """What took the place of the article's version; where `place.newer`, the opened article itself."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Opinion:
    """What somebody thinks of an answer."""

    liked: bool
    reason: str = ""
    expected: str = ""
    """The right answer, in few words."""
    unanswerable: bool = False
    """Whether the right answer is that the articles have none."""
    case: str = ""
    """What came of making it a case for `dateline eval`; empty where that was not asked for."""

    @property
    def corrects(self) -> bool:
        """Whether it says what would have been right."""
        return not self.liked and bool(self.expected or self.unanswerable)


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One question and what became of it."""

    question: str
    chatbot: Chatbot
    filters: Filters = field(default_factory=Filters)
    """The days that the visitor chose."""
    all_dates: bool = False
    """Whether words of the question may not choose any."""
    any_order: bool = False
    """Whether words of the question may not put the newest first."""
    rewritten: str | None = None
    """The stand-alone question as the visitor worded it, or the question itself to take it as typed; None to leave that to us."""
    partial: str = ""
    """The answer's text as far as it has come."""
    answer: Answer | None = None
    problem: str = ""
    """Why there is no answer."""
    hint: str = ""
    """What to do about the problem."""
    making: Making = field(default_factory=Making)
    """The searches and the requests to a language model."""
    origins: Mapping[str, str] = field(default_factory=dict)
    """An article's id -> where its date was read from, for the sources of the answer."""
    stopped: bool = False
    """Whether the visitor stopped it before it was answered."""
    opinion: Opinion | None = None
    """What the visitor thinks of the answer."""
    opinion_problem: str = ""
    """Why that, or the answer itself, could not be kept."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or self.stopped or bool(self.problem)


class Kept(NamedTuple):
    """Where a conversation is kept."""

    home: Path
    id: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """The exchanges of one visitor, and whose evidence is shown."""

    exchanges: tuple[Exchange, ...] = ()
    shown: int = -1
    """The exchange whose evidence is shown; -1 for none."""
    opened: Opened | None = None
    kept: Kept | None = None

    def begin(self, exchange: Exchange, place: int | None = None) -> Conversation:
        """With one more exchange, whose evidence will be shown; in a place that is given, whatever stood there and after it goes."""
        before = tuple(replace(e, stopped=True) if not e.is_over else e for e in self.exchanges[:place])
        return Conversation(exchanges=(*before, exchange), shown=len(before), kept=self.kept)

    def update(self, exchange: Exchange, place: int = -1) -> Conversation:
        """With the last exchange replaced, or the one in a place."""
        place %= len(self.exchanges)
        return replace(self, exchanges=(*self.exchanges[:place], exchange, *self.exchanges[place + 1 :]))

    def place(self, index: object) -> int | None:
        """The place of the exchange that the browser names; None where it names none."""
        place = int(index) if isinstance(index, str) and _INDEX.fullmatch(index) else len(self.exchanges)
        return place if place < len(self.exchanges) else None

    def history(self, before: int | None = None) -> tuple[Turn, ...]:
        """The answered exchanges, as the chatbot takes them; only those before one of them if that is named."""
        return tuple(Turn(question=e.question, answer=e.answer.text) for e in self.exchanges[:before] if e.answer is not None)
