"""A conversation with a home: question in, checked answer out.

`stream` is the one path; `ask` consumes it. With no language model the built-in extractor answers, and neither llama-index
nor tiktoken is loaded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from index.home import Home
from index.types import Filters, SyncReport
from rag.builtin.extract import extract
from rag.errors import BadQuestion
from rag.followup.rewriting import stand_alone
from rag.metering import Meter
from rag.reader import built_in_reader
from rag.settings import Settings
from rag.tracing import Tracer, traced
from rag.types import Answer, Turn

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from index.types import Passage
    from rag.llm.completion import Model

MAX_QUESTION = 2000
"""Code points that a question may have."""


class Chatbot:
    """Answers from one home. Safe to use from several threads."""

    def __init__(
        self, home: Home, *, settings: Settings, llm: LLM | None = None, model: str = "built-in", tracer: Tracer | None = None
    ) -> None:
        self.home = home
        self.settings = settings
        self.llm = llm
        self.model = model
        self._trace = traced(tracer)

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
        question, filters, meter = _checked(question), filters or Filters(), Meter()
        asked = stand_alone(question, history, model=self._model(), meter=meter, trace=self._trace)
        began = time.perf_counter()
        with meter.stage("search"), self.home.catalogue.snapshot() as generation:
            limit = self.settings.candidates if self.llm is None else self.settings.passages
            passages = self.home.search(asked, filters=filters, limit=limit)
            weights = self.home.term_weights(asked)
            undated = self.home.catalogue.undated(filters) if filters.since or filters.until else 0
        self._trace("search", {"question": asked, "filters": filters, "passages": passages, "seconds": time.perf_counter() - began})
        built_in = partial(
            extract, asked, passages, weights=weights, encoder=self.home.encoder, reader=built_in_reader(), settings=self.settings
        )
        with meter.stage("answer"):
            if self.llm is None or not passages:
                answer = built_in()
                yield answer.text
            else:
                earlier = history if asked == question else ()  # a question that stands alone needs no more of it
                answer = yield from self._generated(asked, passages, earlier, built_in, meter)
        yield replace(
            answer, question=question, rewritten=None if asked == question else asked, filters=filters, generation=generation,
            usage=meter.usage(self.model, self.settings.prices), missing=_with_undated(answer.missing, undated),
        )  # fmt: skip

    def _generated(
        self, question: str, passages: Sequence[Passage], history: Sequence[Turn], built_in: Callable[[], Answer], meter: Meter
    ) -> Generator[str, None, Answer]:
        """The answer of the language model, or in its place the built-in one where the settings allow that."""
        from rag.llm.generate import generate

        assert self.llm is not None  # without one the built-in answerer answers
        return (
            yield from _but_last(
                generate(
                    question, passages, llm=self.llm, model=self.model, history=history, settings=self.settings, trace=self._trace,
                    reader=built_in_reader(), instead=built_in if self.settings.fallback else None, meter=meter,
                )
            )
        )  # fmt: skip

    def _model(self) -> Model | None:
        if self.llm is None:
            return None
        from rag.llm.completion import Model

        return Model(llm=self.llm, name=self.model, timeout=self.settings.llm_timeout)


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
    from rag.llm.specs import open_llm

    if isinstance(llm, str):
        return llm, open_llm(llm, timeout=settings.llm_timeout)
    return llm.metadata.model_name or type(llm).__name__, llm
