"""A conversation with a home: question in, checked answer out.

`stream` is the one path; `ask` consumes it. With no language model the built-in extractor answers, and neither llama-index
nor tiktoken is loaded.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date, datetime
from functools import partial
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from index.home import Home
from index.types import Filters, SyncReport
from rag.builtin.compare import values_beside
from rag.builtin.extract import extract
from rag.builtin.further import LOOKED
from rag.builtin.missing import what_is_missing
from rag.errors import BadQuestion
from rag.followup.context import without_topic
from rag.followup.rewriting import stand_alone
from rag.metering import Meter
from rag.reader import built_in_reader
from rag.settings import Settings
from rag.times.window import Window, window_for
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
        self,
        home: Home,
        *,
        settings: Settings,
        llm: LLM | None = None,
        model: str = "built-in",
        tracer: Tracer | None = None,
        key: str | None = None,
    ) -> None:
        """Ask `home` by a language model, or by the built-in answerer; what is said never holds the model's `key`."""
        self.home = home
        self.settings = settings
        self.llm = llm
        self.model = model
        self._tracer = tracer
        self._key = key

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

    def ask(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        clock: date | None = None,
        all_dates: bool = False,
        any_order: bool = False,
        rewritten: str | None = None,
        tracer: Tracer | None = None,
    ) -> Answer:
        """Answer a question: the last item of `stream`."""
        *_, answer = self.stream(
            question, filters=filters, history=history, clock=clock, all_dates=all_dates, any_order=any_order, rewritten=rewritten,
            tracer=tracer,
        )  # fmt: skip
        if not isinstance(answer, Answer):
            raise TypeError(f"a stream must end in an Answer, not {answer!r}")
        return answer

    def stream(
        self,
        question: str,
        *,
        filters: Filters | None = None,
        history: Sequence[Turn] = (),
        clock: date | None = None,
        all_dates: bool = False,
        any_order: bool = False,
        rewritten: str | None = None,
        tracer: Tracer | None = None,
    ) -> Iterator[str | Answer]:
        """Yield pieces of the answer's text as they come, then the whole `Answer`.

        Days of publication that the question names ("since last Friday") fill what `filters` leave open; where no article of these
        days answers it and `filters` name no day, all are searched, and a note says so.

        Args:
            question: in plain words.
            filters: which articles may answer.
            history: earlier turns, oldest first.
            clock: the day, or day and time, that "today" means in the question; None for now.
            all_dates: let no words of the question become a filter.
            any_order: let no words of the question put the newest first.
            rewritten: the question that stands alone, where somebody chose its words; the question itself takes it as typed. None to make
                it from `history`.
            tracer: called with every search, prompt and completion of this question alone, beside the chatbot's own.

        Raises:
            BadQuestion: the question is empty or longer than `MAX_QUESTION`.
            ModelUnavailable: the language model failed.
        """
        question, today, meter, trace = _checked(question), _day(clock), Meter(), traced(self._tracer, tracer)
        chosen = None if rewritten is None else _checked(rewritten)
        asked = chosen or stand_alone(question, history, model=self._model(), meter=meter, trace=trace)
        window = window_for(asked, filters or Filters(), today, all_dates=all_dates, any_order=any_order)
        earlier = history if asked == question else ()  # a question that stands alone needs no more of it
        answer = yield from self._answered(window, earlier, today, meter, trace)
        if answer.status == "no_evidence" and window.may_widen:
            answer = window.beyond((yield from self._answered(window.widened(), earlier, today, meter, trace)))
        yield replace(
            answer, question=question, rewritten=None if asked == question else asked, usage=meter.usage(self.model, self.settings.prices)
        )

    def _answered(self, window: Window, history: Sequence[Turn], today: date, meter: Meter, trace: Tracer) -> Generator[str, None, Answer]:
        """The answer from the articles of a window, which says what was searched."""
        began, filters = time.perf_counter(), window.filters
        with meter.stage("search"), self.home.catalogue.snapshot() as generation:
            passages = self.home.search(window.text, filters=filters, limit=max(self.settings.candidates, self.settings.passages, LOOKED))
            weights = self.home.term_weights(window.text)
            undated = self.home.catalogue.undated(filters) if window.is_dated or window.latest else 0
        trace("search", {"question": window.text, "filters": filters, "passages": passages, "seconds": time.perf_counter() - began})
        means: dict[str, Any] = {
            "passages": passages, "weights": weights, "encoder": self.home.encoder, "reader": built_in_reader(), "settings": self.settings,
        }  # fmt: skip
        lacks = partial(what_is_missing, window.text, self.home, passages[: self.settings.candidates], filters)
        built_in = partial(extract, without_topic(window.text), **means, latest=window.latest, lacks=lacks)
        with meter.stage("answer"):
            if self.llm is None or not passages:
                answer = built_in()
                yield answer.text
            else:
                beside = partial(values_beside, question=window.text, **means)
                shown = passages[: self.settings.passages]
                answer = yield from self._generated(window, shown, history, today, meter, trace, built_in, lacks=lacks, beside=beside)
        return window.told(replace(answer, generation=generation), undated)

    def _generated(
        self,
        window: Window,
        passages: Sequence[Passage],
        history: Sequence[Turn],
        today: date,
        meter: Meter,
        trace: Tracer,
        built_in: Callable[[], Answer],
        **hooks: Any,
    ) -> Generator[str, None, Answer]:
        """The answer of the language model, or in its place the built-in one where the settings allow that."""
        from rag.llm.generate import generate

        assert self.llm is not None  # without one the built-in answerer answers
        return (
            yield from _but_last(
                generate(
                    window.question, passages, llm=self.llm, model=self.model, history=history, settings=self.settings, trace=trace,
                    reader=built_in_reader(), instead=built_in if self.settings.fallback else None, meter=meter,
                    today=today, latest=window.latest, key=self._key, **hooks,
                )
            )
        )  # fmt: skip

    def _model(self) -> Model | None:
        if self.llm is None:
            return None
        from rag.llm.completion import Model

        return Model(llm=self.llm, name=self.model, timeout=self.settings.llm_timeout, key=self._key)


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


def _day(clock: date | None) -> date:
    """The day of a clock, which may tell the time as well; None is now."""
    if clock is None or isinstance(clock, datetime):
        return (clock or datetime.now()).date()
    if not isinstance(clock, date):
        raise TypeError(f"clock must be a date or a datetime, not {clock!r}")
    return clock


def _language_model(llm: str | LLM | None, settings: Settings) -> tuple[str, LLM | None]:
    """A model's name for the answer, and the model itself; ("built-in", None) for none."""
    if llm is None or llm == "built-in":
        return "built-in", None
    from rag.llm.specs import open_llm

    if isinstance(llm, str):
        return llm, open_llm(llm, timeout=settings.llm_timeout)
    return llm.metadata.model_name or type(llm).__name__, llm
