"""How one answer was made, as its tracer heard it: the searches, and what a language model was shown and replied.

Everything is cut to a size that a conversation can carry: `Notes` hears, `Making` is what is kept.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Any

from index.types import Filters, Passage

_MOST = 8
"""Searches, and requests to a language model, that are kept of one answer; an answer takes at most four of either."""
_PASSAGES = 20
"""Passages that are kept of one search, of some sixty."""
_SNIPPET = 220
_MESSAGES = 24
_WORDS = 24_000
"""Code points that are kept of one message or reply; a whole prompt of the usual size has fewer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Found:
    """A passage that a search found."""

    article_id: str
    start: int
    end: int
    label: str
    title: str | None
    published: str | None
    score: float
    """Higher is better; comparable within one search only."""
    words: str
    """How it begins."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Search:
    """One search."""

    question: str
    filters: Filters
    found: tuple[Found, ...]
    """The best, best first."""
    total: int
    """How many there were in all."""
    seconds: float


@dataclass(frozen=True, kw_only=True, slots=True)
class Request:
    """What a language model was shown, and what it wrote."""

    model: str
    stage: str
    messages: tuple[tuple[str, str], ...]
    """(role, words) of each."""
    reply: str | None = None
    """None where it never came to one."""
    tokens_in: int = 0
    tokens_out: int = 0
    seconds: float = 0.0


@dataclass(frozen=True, kw_only=True, slots=True)
class Making:
    """The searches and requests of one answer, in order."""

    searches: tuple[Search, ...] = ()
    requests: tuple[Request, ...] = ()


class Notes:
    """A tracer (see `rag.tracing`) that keeps what it hears of one question, within bounds."""

    def __init__(self) -> None:
        self._searches: list[Search] = []
        self._requests: list[Request] = []

    def __call__(self, what: str, facts: dict[str, Any]) -> None:
        """Hear of a search, a prompt or a completion."""
        if what == "search" and len(self._searches) < _MOST:
            self._searches.append(_search(facts))
        elif what == "prompt" and len(self._requests) < _MOST:
            self._requests.append(_request(facts))
        elif what == "completion":
            self._reply(facts)

    @property
    def making(self) -> Making:
        """Everything so far."""
        return Making(searches=tuple(self._searches), requests=tuple(self._requests))

    def _reply(self, facts: dict[str, Any]) -> None:
        """Put a completion to the prompt that waits for one."""
        for place, request in enumerate(self._requests):
            if request.reply is None and request.stage == facts["stage"]:
                self._requests[place] = Request(
                    model=request.model, stage=request.stage, messages=request.messages, reply=clipped(facts["text"], _WORDS),
                    tokens_in=facts["tokens_in"], tokens_out=facts["tokens_out"], seconds=facts["seconds"],
                )  # fmt: skip
                return


def clipped(words: str, most: int) -> str:
    """`words`, or their beginning and how many characters are left out."""
    return words if len(words) <= most else f"{words[:most]} … and {len(words) - most:,} more characters"


def _search(facts: dict[str, Any]) -> Search:
    passages: Sequence[Passage] = facts["passages"]
    return Search(
        question=facts["question"], filters=facts["filters"], found=tuple(map(_found, islice(passages, _PASSAGES))),
        total=len(passages), seconds=facts["seconds"],
    )  # fmt: skip


def _found(passage: Passage) -> Found:
    words = " ".join(passage.text.split())
    return Found(
        article_id=passage.article_id, start=passage.start, end=passage.end, label=passage.label, title=passage.title,
        published=passage.published, score=passage.score, words=words if len(words) <= _SNIPPET else words[:_SNIPPET].rstrip() + " …",
    )  # fmt: skip


def _request(facts: dict[str, Any]) -> Request:
    messages = tuple((message["role"], clipped(message["content"], _WORDS)) for message in facts["messages"][:_MESSAGES])
    return Request(model=facts["model"], stage=facts["stage"], messages=messages)
