"""The three things that other programs can ask, whatever carries the question; without Gradio, and without a server."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from rag.errors import BadQuestion
from rag.strict import strict
from rag.types import Answer
from ui.commands.options import idle_filters

if TYPE_CHECKING:
    from index.types import Article, Carried, Filters, Passage, Removed
    from rag.chatbot import Chatbot
    from ui.serving.requests import ArticleRequest, Question, SearchRequest


@dataclass(frozen=True, kw_only=True, slots=True)
class ShownArticle:
    """An article, or the part of it that was asked for."""

    article: Article
    """Its text is the part that was asked for."""
    removed: tuple[Removed, ...]
    story: Carried
    start: int
    """Where that part begins in the whole text."""
    length: int
    """Code points of the whole text."""

    @property
    def is_part(self) -> bool:
        """Whether some of the text is missing."""
        return len(self.article.text) < self.length

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data: as `dateline show --json` prints it, and `excerpt` where it is a part."""
        cut = [{"text": piece.text, "rule": piece.rule} for piece in self.removed]
        data = {"article": self.article.to_dict(), "removed": cut, "story": self.story.to_dict()}
        part = {"start": self.start, "end": self.start + len(self.article.text), "length": self.length}
        return {**data, "excerpt": part} if self.is_part else data


class Service:
    """Answers requests from the articles of a chatbot. Safe to use from several threads."""

    def __init__(self, chatbot: Callable[[], Chatbot]) -> None:
        """Ask what `chatbot` gives, which may be another one at each request."""
        self._chatbot = chatbot

    def ask(self, request: Question) -> Answer:
        """Answer a question.

        Raises:
            DatelineError: see `Chatbot.stream`.
        """
        *_, answer = self.stream(request)
        assert isinstance(answer, Answer)
        return answer

    def stream(self, request: Question) -> Generator[str | Answer, None, None]:
        """Pieces of the answer's text as they come, then the `Answer`, which alone counts.

        Raises:
            DatelineError: see `Chatbot.stream`.
        """
        options: dict[str, Any] = {"history": request.turns, "clock": request.clock, "all_dates": request.all_dates}
        pieces = self._chatbot().stream(request.question, filters=request.filters, **options)
        for piece in pieces:
            yield strict(piece) if isinstance(piece, Answer) and request.strict else piece

    def search(self, request: SearchRequest) -> list[Passage]:
        """The passages that fit best, best first.

        Raises:
            BadQuestion: there are no words.
            DatelineError: the home does not read.
        """
        if not request.query.strip():
            raise BadQuestion("there are no words to search for", hint="send some as query")
        return self._chatbot().home.search(request.query, filters=request.filters, limit=request.limit)

    def article(self, request: ArticleRequest) -> ShownArticle:
        """An article as it is searched and cited.

        Raises:
            NotFound: there is none of this name.
        """
        home = self._chatbot().home
        article, removed = home.show(request.id)
        end = None if request.limit is None else request.start + request.limit
        part = replace(article, text=article.text[request.start : end])
        return ShownArticle(article=part, removed=removed, story=home.carried(article), start=request.start, length=len(article.text))

    def idle_filters(self, filters: Filters) -> list[str]:
        """A sentence for each filter value that fits no article, since it is likely mistyped."""
        return idle_filters(filters, self._chatbot().home)

    def health(self) -> dict[str, Any]:
        """What is asked, and by whom it is answered."""
        chatbot = self._chatbot()
        stats = chatbot.home.stats()
        names = ("generation", "articles", "chunks", "first", "last", "undated")
        return {"ok": True, "version": _version(), "model": chatbot.model, **{name: getattr(stats, name) for name in names}}


def passages_dict(passages: list[Passage]) -> dict[str, Any]:
    """Search results as plain JSON data, as `dateline search --json` prints them."""
    return {"passages": [passage.to_dict() for passage in passages]}


def _version() -> str:
    from importlib.metadata import version

    return version("dateline")
