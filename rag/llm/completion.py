"""One request to a language model: its words as they come, within bounds of time and length, repeated where that may help.

A request is only repeated while no word has come. What comes late, breaks off or goes wrong ends in a `ModelUnavailable` of the
kind that fits (see `failures`).
"""

from __future__ import annotations

import gc
import itertools
import time
from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from tenacity import RetryCallState, Retrying, retry_if_exception, sleep_using_event, stop_after_attempt

from index.tokens import count
from rag.errors import ModelUnavailable
from rag.llm.blotting import blotted_stream
from rag.llm.failures import asked_to_wait, cause_of, may_pass, unavailable
from rag.llm.patience import Gone, Pipe, patiently
from rag.llm.replies import ending, grown, is_too_long, tells_its_end, token_counts, without_thoughts

if TYPE_CHECKING:
    from llama_index.core.base.llms.types import ChatResponse
    from llama_index.core.llms import LLM

    from rag.llm.prompts import Message
    from rag.metering import Meter

ATTEMPTS = 3
"""Times that a request is made at most."""
LONGEST_WAIT = 20.0
"""Seconds between two of them at most; a server that wants more is not asked again."""
FIRST_WAIT = 0.5
"""Seconds before the second; each later wait is twice as long."""
MOST_LETTERS = 12_000
"""Code points of an answer, about 3000 tokens; what comes after them is not waited for."""
PATIENCE = 5
"""Times the time-out that a whole answer may take."""
_GRACE = 0.5
"""Seconds that a library's own time-out may come late."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """A language model, what it is called, and how long we wait for its words."""

    llm: LLM
    name: str
    timeout: float
    """Seconds without a word."""
    key: str | None = None
    """Its key, where somebody gave it; not every library tells the one that it holds."""

    def say(self, messages: Sequence[Message]) -> Completion:
        """Ask it; iterate over what this returns for the answer."""
        return Completion(self, messages)

    @property
    def window(self) -> int:
        """Tokens of prompt and answer together."""
        return int(self.llm.metadata.context_window)

    @property
    def secrets(self) -> tuple[str, ...]:
        """Its keys, which nobody is to see."""
        key: Any = getattr(self.llm, "api_key", None)
        key = key.get_secret_value() if hasattr(key, "get_secret_value") else key
        return tuple({one for one in (key, self.key) if isinstance(one, str)})


class Completion:
    """One request: iterate for the model's words, then read the rest."""

    def __init__(self, model: Model, messages: Sequence[Message]) -> None:
        self._model = model
        self._messages = messages
        self._pieces: list[str] = []
        self._counted = (0, 0)
        self.too_long = False
        """Whether the answer was stopped at a bound of ours or of the server's."""
        self.seconds = 0.0
        """How long it took."""

    def __iter__(self) -> Iterator[str]:
        """Yield the model's words.

        Raises:
            ModelUnavailable: the model failed.
        """
        began = time.monotonic()
        timeout, secrets = self._model.timeout, self._model.secrets
        received = patiently(self._work, silence=timeout + _GRACE, whole=PATIENCE * timeout)
        try:
            for piece in blotted_stream(without_thoughts(self._pieces_of(received)), secrets):
                self._pieces.append(piece)
                yield piece
                if sum(map(len, self._pieces)) > MOST_LETTERS:
                    self.too_long = True
                    return
        except Exception as error:  # noqa: BLE001 -- each library raises its own, and all of them mean that the model failed
            raise unavailable(self._model.name, error, secrets=secrets) from cause_of(error, secrets=secrets)
        finally:
            self.seconds = time.monotonic() - began

    @property
    def text(self) -> str:
        """What the model has written so far."""
        return "".join(self._pieces)

    @property
    def tokens(self) -> tuple[int, int]:
        """Tokens asked and answered: the server's own counts, or tiktoken's where it gives none."""
        asked, answered = self._counted
        return asked or sum(count(message.content) for message in self._messages), answered or count(self.text)

    def _pieces_of(self, responses: Iterator[ChatResponse]) -> Iterator[str]:
        text, end, tells = "", None, False
        for response in responses:
            counted = token_counts(response.raw)
            # Some servers report them once, some as they grow.
            self._counted = (max(self._counted[0], counted[0]), max(self._counted[1], counted[1]))
            end, tells = ending(response.raw) or end, tells or tells_its_end(response.raw)
            piece = response.delta if response.delta is not None else grown(text, response.message.content or "")
            text += piece
            yield piece
        self.too_long = is_too_long(end)
        if tells and end is None:
            raise ModelUnavailable(
                f"the language model {self._model.name} failed: its answer broke off", hint="try again, or leave out --llm"
            )

    # In the thread that asks

    def _work(self, pipe: Pipe[ChatResponse]) -> None:
        retrying = Retrying(
            retry=retry_if_exception(self._is_worth_repeating),
            stop=stop_after_attempt(ATTEMPTS),
            wait=_wait,
            before=lambda _: pipe.alive(),
            before_sleep=lambda _: pipe.alive(),
            sleep=sleep_using_event(pipe.gone),
            reraise=True,
        )
        first, stream = retrying(self._begin)
        try:
            for response in itertools.chain(first, stream):
                pipe.put(response)
        except Gone:
            _hang_up(stream)
            del stream, first
            gc.collect()  # some libraries' streams are cycles of references, and close their connection when they are collected

    def _begin(self) -> tuple[list[ChatResponse], Iterator[ChatResponse]]:
        """The first response, and the stream of those that follow."""
        from llama_index.core.base.llms.types import ChatMessage

        messages = [ChatMessage(role=message.role, content=message.content) for message in self._messages]
        stream = iter(self._model.llm.stream_chat(messages))
        return list(itertools.islice(stream, 1)), stream

    def _is_worth_repeating(self, error: BaseException) -> bool:
        wanted = asked_to_wait(error)
        return may_pass(error) and (wanted is None or wanted <= min(LONGEST_WAIT, self._model.timeout))


def said(
    model: Model, messages: Sequence[Message], *, stage: str, meter: Meter, trace: Callable[[str, dict[str, Any]], None]
) -> Generator[str, None, Completion]:
    """One request, traced and counted: yield its words, return it.

    Raises:
        ModelUnavailable: the model failed.
    """
    trace("prompt", {"model": model.name, "stage": stage, "messages": [message._asdict() for message in messages]})
    completion = model.say(messages)
    try:
        yield from completion
    finally:
        asked, answered = completion.tokens
        meter.add((asked, answered), stage, completion.seconds)
        counts = {"tokens_in": asked, "tokens_out": answered, "seconds": round(completion.seconds, 4)}
        trace("completion", {"model": model.name, "stage": stage, "text": completion.text, **counts})
    return completion


def heard(model: Model, messages: Sequence[Message], *, stage: str, meter: Meter, trace: Callable[[str, dict[str, Any]], None]) -> str:
    """All the words of one request (see `said`).

    Raises:
        ModelUnavailable: the model failed.
    """
    return "".join(said(model, messages, stage=stage, meter=meter, trace=trace))


def _hang_up(stream: Any) -> None:
    """Close a stream that nobody reads any more."""
    close = getattr(stream, "close", None)
    if close is not None:
        close()


def _wait(state: RetryCallState) -> float:
    """Seconds before the next attempt: what the server asks for, else twice as long each time."""
    error: Any = state.outcome.exception() if state.outcome is not None else None
    wanted = asked_to_wait(error) if error is not None else None
    return FIRST_WAIT * 2.0 ** (state.attempt_number - 1) if wanted is None else wanted
