"""What went wrong with a language model: whatever its library raised becomes one line, a kind, and what to do about it.

Libraries share no exceptions, so a failure is known by the HTTP status that it carries, by the names of its classes, and by what
it was raised from.
"""

from __future__ import annotations

import re
import time
from collections.abc import Iterable, Iterator
from email.utils import parsedate_to_datetime
from typing import Any

from rag.errors import ModelBusy, ModelDenied, ModelTimeout, ModelUnavailable, ModelUnknown, PromptTooLong
from rag.llm.blotting import KEYS, blotted

_SHOWN = 240
_BUSY = frozenset({408, 409, 429, 500, 502, 503, 504, 529})
"""Statuses of requests that may succeed a little later."""
_SLOW = frozenset({"TimeoutError", "TimeoutException", "APITimeoutError"})
_UNREACHED = frozenset({"ConnectionError", "ConnectError", "APIConnectionError", "TransportError"})
_REFUSED = frozenset({"ConnectionRefusedError", "gaierror"})
_OVERFLOW = re.compile(
    r"context[ _](?:length|window|size)|maximum (?:context|prompt|input)|too many (?:input )?tokens"
    r"|(?:prompt|input|request) is too (?:long|large)|exceeds? the (?:available|model'?s?) (?:context|maximum)",
    re.I,
)
_SPENT = re.compile(r"insufficient_quota|billing|credit balance", re.I)


def unavailable(model: str, error: BaseException, *, secrets: Iterable[str] = ()) -> ModelUnavailable:
    """What a language model's library raised, in one line, with what to do; keys are blotted out.

    Args:
        model: what the line calls it.
        error: what was raised.
        secrets: keys beyond those in the environment.
    """
    if isinstance(error, ModelUnavailable):
        return error
    causes = list(_causes(error))
    words = next((" ".join(str(cause).split()) for cause in causes if str(cause).strip()), type(error).__name__)
    words = blotted(words, secrets)
    kind, hint = _kind(model, causes)
    return kind(f"the language model {model} failed: {words if len(words) <= _SHOWN else f'{words[:_SHOWN]}…'}", hint=hint)


def cause_of(error: BaseException, *, secrets: Iterable[str] = ()) -> BaseException | None:
    """What a failure may name as its cause: `error`, unless it or what it was raised from holds a key, which a traceback would show."""
    words = "".join(f"{cause}{cause!r}" for cause in _causes(error))
    return error if blotted(words, secrets) == words else None


def may_pass(error: BaseException) -> bool:
    """Whether the same request may succeed a little later."""
    causes = list(_causes(error))
    status = _status(causes)
    if status is not None:
        return status in _BUSY and not _SPENT.search(_words(causes))
    kinds = _kinds(causes)
    return bool(kinds & (_UNREACHED | {"ReadError", "RemoteProtocolError"})) and not kinds & (_REFUSED | _SLOW)


def asked_to_wait(error: BaseException) -> float | None:
    """The seconds that a server wants to be left alone (its Retry-After header); None where it does not say."""
    for cause in _causes(error):
        headers = getattr(getattr(cause, "response", None), "headers", None)
        said = headers.get("retry-after") if headers is not None else None
        if said:
            return _seconds(str(said))
    return None


def _seconds(said: str) -> float | None:
    """A Retry-After header, which holds seconds or a date."""
    if re.fullmatch(r"\d+(?:\.\d+)?", said.strip()):
        return float(said)
    try:
        return max(0.0, parsedate_to_datetime(said).timestamp() - time.time())
    except ValueError:
        return None


def _kind(model: str, causes: list[BaseException]) -> tuple[type[ModelUnavailable], str]:
    provider, _, name = model.partition(":")
    status, words, kinds = _status(causes), _words(causes), _kinds(causes)
    if status in (401, 403):
        return ModelDenied, f"check the key in {' or '.join(KEYS.get(provider, ('the environment',)))}"
    if status in (400, 413, 422, 500) and _OVERFLOW.search(words):
        return PromptTooLong, "show it less with DATELINE_CONTEXT_TOKENS=1000, or start it with a larger window"
    if status == 404:
        return ModelUnknown, f"get the model with `ollama pull {name}`" if provider == "ollama" else "check the name of the model"
    if status == 429:
        return ModelBusy, "wait a little, or raise the limit at the provider"
    if kinds & _SLOW or status == 408:
        return ModelTimeout, "give it more time with DATELINE_LLM_TIMEOUT=SECONDS, or take a smaller model"
    if status is None and kinds & _UNREACHED:
        start = "start it with `ollama serve`" if provider == "ollama" else "check that the server runs and that this machine can reach it"
        return ModelUnavailable, start
    return ModelBusy if status in _BUSY else ModelUnavailable, "try again, or leave out --llm for the built-in answerer"


def _status(causes: Iterable[BaseException]) -> int | None:
    """The HTTP status of a failure."""
    holders: list[Any] = [holder for cause in causes for holder in (cause, getattr(cause, "response", None))]
    found = (getattr(holder, name, None) for holder in holders for name in ("status_code", "code"))
    return next((code for code in found if isinstance(code, int)), None)


def _words(causes: Iterable[BaseException]) -> str:
    return " ".join(f"{cause} {getattr(cause, 'code', '')}" for cause in causes)


def _kinds(causes: Iterable[BaseException]) -> set[str]:
    return {kind.__name__ for cause in causes for kind in type(cause).__mro__}


def _causes(error: BaseException) -> Iterator[BaseException]:
    """`error`, and what it was raised from."""
    seen: BaseException | None = error
    while seen is not None:
        yield seen
        seen = seen.__cause__ or seen.__context__
