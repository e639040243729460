"""What other programs may send: typed, bounded, and described by JSON Schema. The same over HTTP and over MCP."""

from __future__ import annotations

import json
import os
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from index.types import Filters
from rag.chatbot import MAX_QUESTION
from rag.types import Turn
from ui.serving.problems import BadRequest

_NO_NULL = r"^[^\x00]*$"
_Name = Annotated[str, Field(min_length=1, max_length=200)]
_Location = Annotated[str, Field(min_length=1, max_length=1000, pattern=_NO_NULL)]
_Day = Annotated[str, Field(max_length=10)]


class Request(BaseModel):
    """What all requests share: names that are not known are refused, and no value is taken for one of another type."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @classmethod
    def parse(cls, text: str | bytes) -> Self:
        """The request that a JSON text holds.

        Raises:
            BadRequest: it holds no such request; the message names what does not fit.
        """
        try:
            return cls.model_validate_json(text)
        except ValidationError as error:
            raise _explained(error, cls.model_fields) from None

    @classmethod
    def parse_data(cls, data: Mapping[str, Any]) -> Self:
        """The request that JSON data holds.

        Raises:
            BadRequest: it holds no such request.
        """
        return cls.parse(json.dumps(data))

    @classmethod
    def parse_strings(cls, **values: str) -> Self:
        """The request that parts of a URL hold.

        Raises:
            BadRequest: they hold no such request.
        """
        try:
            return cls.model_validate_strings(values)
        except ValidationError as error:
            raise _explained(error, cls.model_fields) from None


class _Filtered(Request):
    """A request that may limit which articles are searched."""

    since: _Day | None = Field(None, description="only articles published on this day, month or year, or later: 2022-08-15, 2022-08, 2022")
    until: _Day | None = Field(None, description="only articles published on this day, month or year, or earlier")
    publishers: tuple[_Name, ...] = Field((), max_length=50, description="only articles of these publishers, whatever their case")
    paths: tuple[_Location, ...] = Field((), max_length=50, description="only articles at or under these files or folders; absolute paths")

    @property
    def filters(self) -> Filters:
        """The filters as the search takes them.

        Raises:
            BadFilter: a date is no date, or the dates are the wrong way round.
        """
        locations = tuple(os.path.realpath(path) for path in self.paths)
        return Filters(since=self.since, until=self.until, publishers=self.publishers, paths=locations)


class Question(_Filtered):
    """A question that stands on its own."""

    question: str = Field(min_length=1, max_length=MAX_QUESTION, description="the question, in plain words")
    all_dates: bool = Field(False, description='take no days of publication from words of the question such as "since last Friday"')
    strict: bool = Field(False, description="leave out every sentence that failed a check")
    clock: date | None = Field(None, description='the day that "today" means in the question, such as 2025-06-30; null for now')

    @property
    def turns(self) -> tuple[Turn, ...]:
        """Earlier turns of the conversation, as the chatbot takes them."""
        return ()


class PastTurn(Request):
    """An earlier question of the conversation, and its answer's text."""

    question: str = Field(min_length=1, max_length=MAX_QUESTION)
    answer: str = Field(max_length=8000)


class AskRequest(Question):
    """A question, perhaps one of a conversation."""

    history: tuple[PastTurn, ...] = Field((), max_length=20, description="earlier turns of the conversation, oldest first")

    @property
    def turns(self) -> tuple[Turn, ...]:
        """The earlier turns as the chatbot takes them."""
        return tuple(Turn(question=turn.question, answer=turn.answer) for turn in self.history)


class SearchRequest(_Filtered):
    """Words to look for."""

    query: str = Field(min_length=1, max_length=MAX_QUESTION, description="words or a question, to find passages by words and by meaning")
    limit: int = Field(10, ge=1, le=50, description="how many passages at most")


class ArticleRequest(Request):
    """An article, whole or in part."""

    id: _Location = Field(description="the article's id, doc_id or path, as in a citation or passage")
    start: int = Field(0, ge=0, le=2**31, description="the code point of the article's text to begin at")
    limit: int | None = Field(None, ge=1, le=2**31, description="how many code points of the text at most; null for all")


def _explained(error: ValidationError, fields: Iterable[str]) -> BadRequest:
    """The first thing that does not fit, on one line, without what was sent."""
    first = error.errors(include_url=False, include_context=False, include_input=False)[0]
    place = ".".join(map(str, first["loc"]))
    return BadRequest(f"{place}: {first['msg']}" if place else first["msg"], hint=f"it takes {', '.join(fields)}")
