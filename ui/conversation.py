"""What one visitor of the page has asked and is looking at: plain data, kept in the browser session.

Each exchange remembers the chatbot that answered it, since the page moves from the sample to the visitor's own articles
while older answers stay on the screen.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import Literal, NamedTuple

from index.types import Article, Filters
from rag.chatbot import Chatbot
from rag.types import Answer, Turn


class Place(NamedTuple):
    """A source on the page: the passage that a card or an [n] marker stands for."""

    exchange: int
    """Which question of the conversation, from 0."""
    kind: Literal["c", "n"]
    """Citation, or nearest passage of an answer without evidence."""
    number: int
    """As the visitor sees it, from 1."""

    def __str__(self) -> str:
        return f"{self.exchange}:{self.kind}{self.number}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Opened:
    """A passage shown in its article."""

    place: Place
    article: Article | None = None
    start: int = 0
    end: int = 0
    problem: str = ""
    """Why the passage cannot be shown in its article; empty when it can."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Exchange:
    """One question and what became of it."""

    question: str
    chatbot: Chatbot
    filters: Filters = field(default_factory=Filters)
    """The days that the visitor chose."""
    all_dates: bool = False
    """Whether words of the question may not choose any."""
    partial: str = ""
    """The answer's text as far as it has come."""
    answer: Answer | None = None
    problem: str = ""
    """Why there is no answer."""
    hint: str = ""
    """What to do about the problem."""

    @property
    def is_over(self) -> bool:
        """Whether nothing more will come."""
        return self.answer is not None or bool(self.problem)


@dataclass(frozen=True, kw_only=True, slots=True)
class Conversation:
    """The exchanges of one visitor, and whose evidence is shown."""

    exchanges: tuple[Exchange, ...] = ()
    shown: int = -1
    """The exchange whose evidence is shown; -1 for none."""
    opened: Opened | None = None

    def begin(self, exchange: Exchange) -> Conversation:
        """With one more exchange, whose evidence will be shown."""
        return Conversation(exchanges=(*self.exchanges, exchange), shown=len(self.exchanges))

    def update(self, exchange: Exchange) -> Conversation:
        """With the last exchange replaced."""
        return replace(self, exchanges=(*self.exchanges[:-1], exchange))

    def history(self, before: int | None = None) -> tuple[Turn, ...]:
        """The answered exchanges, as the chatbot takes them; only those before one of them if that is named."""
        return tuple(Turn(question=e.question, answer=e.answer.text) for e in self.exchanges[:before] if e.answer is not None)
