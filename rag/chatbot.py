"""A conversation with a home: question in, checked answer out.

`stream` is the one path; `ask` consumes it. With no language model the built-in extractor answers, and neither llama-index
nor tiktoken is loaded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from index.home import Home
from index.types import Filters, SyncReport
from rag.errors import BadQuestion
from rag.extract import extract
from rag.reader import built_in_reader
from rag.settings import Settings
from rag.types import Answer, Turn

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

MAX_QUESTION = 2000
"""Code points that a question may have."""
Tracer = Callable[[str, dict[str, Any]], None]
"""Called with ("search" | "prompt" | "completion", what was searched, asked or answered)."""


class Chatbot:
    """Answers from one home. Safe to use from several threads."""

    def __init__(
        self, home: Home, *, settings: Settings, llm: LLM | None = None, model: str = "built-in", tracer: Tracer | None = None
    ) -> None:
        self.home = home
        self.settings = settings
        self.llm = llm
        self.model = model
        self._trace = tracer or (lambda what, facts: None)

    @classmethod
    def open(
        cls,
        home: Path | str | None = None,
        *,
        llm: str | LLM | None = None,
        settings: Settings | None = None,
        tracer: Tracer | None = None,
        create: bool = False,
    ) -> Self:
        """Open a home to ask it.

        Args:
            home: its folder; None for the one in the settings.
            llm: a llama-index `LLM`, or a spec such as `ollama:llama3.2`; None for the setting, which by default is the built-in answerer.
            settings: None to load them.
            tracer: called with every search, prompt and completion.
            create: make the home if there is none.

        Raises:
            BadPath, HomeDamaged, HomeMismatch: see `Home.open`.
            MissingExtra, ModelUnavailable, UsageError: the language model cannot be had.
        """
        settings = settings or Settings.load()
        model, opened = _language_model(llm if llm is not None else settings.llm, settings)
        return cls(
            Home.open(home or settings.home, encoder=settings.encoder, create=create),
            settings=settings,
            llm=opened,
            model=model,
            tracer=tracer,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self.close()

    def close(self) -> None:
        """Close the home."""
        self.home.close()

    def sync(self, path: Path | str, **options: Any) -> SyncReport:
        """See `Home.sync`."""
        return self.home.sync(path, **options)

    def ask(self, question: str, *, filters: Filters | None = None, history: Sequence[Turn] = ()) -> Answer:
        """Answer a question: the last item of `stream`."""
        *_, answer = self.stream(question, filters=filters, history=history)
        if not isinstance(answer, Answer):
            raise TypeError(f"a stream must end in an Answer, not {answer!r}")
        return answer

    def stream(self, question: str, *, filters: Filters | None = None, history: Sequence[Turn] = ()) -> Iterator[str | Answer]:
        """Yield pieces of the answer's text as they come, then the whole `Answer`.

        Args:
            question: in plain words.
            filters: which articles may answer.
            history: earlier turns, oldest first.

        Raises:
            BadQuestion: the question is empty or longer than `MAX_QUESTION`.
            ModelUnavailable: the language model failed.
        """
        question, filters = _checked(question), filters or Filters()
        began = time.perf_counter()
        with self.home.catalogue.snapshot() as generation:
            limit = self.settings.candidates if self.llm is None else self.settings.passages
            passages = self.home.search(question, filters=filters, limit=limit)
            weights = self.home.term_weights(question)
            undated = self.home.catalogue.undated(filters) if filters.since or filters.until else 0
        found = time.perf_counter()
        self._trace("search", {"question": question, "filters": filters, "passages": passages})
        if self.llm is None or not passages:
            answer = extract(
                question, passages, weights=weights, encoder=self.home.encoder, reader=built_in_reader(), settings=self.settings
            )
            yield answer.text
        else:
            from rag.generate import generate

            answer = yield from _but_last(
                generate(question, passages, llm=self.llm, model=self.model, history=history, settings=self.settings, trace=self._trace)
            )
        seconds = {"search": found - began, "answer": time.perf_counter() - found}
        usage = replace(answer.usage, seconds={name: round(value, 4) for name, value in seconds.items()})
        yield replace(answer, filters=filters, generation=generation, usage=usage, missing=_with_undated(answer.missing, undated))


def _but_last(stream: Iterator[str | Answer]) -> Generator[str, None, Answer]:
    """Yield the texts of a stream and return the answer that ends it (for `yield from`)."""
    for item in stream:
        if isinstance(item, Answer):
            return item
        yield item
    raise TypeError("a stream must end in an Answer")


def _checked(question: str) -> str:
    question = " ".join(question.split())
    if not question:
        raise BadQuestion("the question is empty", hint='type one in quotes: dateline ask "When did French troops leave Mali?"')
    if len(question) > MAX_QUESTION:
        raise BadQuestion(f"the question has {len(question)} characters; {MAX_QUESTION} are allowed", hint="ask for one thing at a time")
    return question


def _with_undated(missing: str | None, undated: int) -> str | None:
    """Why nothing was found, plus what a date filter left out."""
    if missing is None or not undated:
        return missing
    what = "1 article has no date and was" if undated == 1 else f"{undated} articles have no date and were"
    return f"{missing} {what} left out by the date filter."


def _language_model(llm: str | LLM | None, settings: Settings) -> tuple[str, LLM | None]:
    """A model's name for the answer, and the model itself; ("built-in", None) for none."""
    if llm is None or llm == "built-in":
        return "built-in", None
    from rag.llms import open_llm

    if isinstance(llm, str):
        return llm, open_llm(llm, timeout=settings.llm_timeout)
    return llm.metadata.model_name or type(llm).__name__, llm
