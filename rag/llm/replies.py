"""What a language model's server says beside the words: how it ended, what it counted, and thoughts that are not for readers.

llama-index hands the server's own reply on as `raw`: an object or a mapping, of a different shape for each provider.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

_TOKENS_IN = ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")
_TOKENS_OUT = ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count")
_ENDS = ("finish_reason", "stop_reason", "done_reason")
_CUT = frozenset({"length", "max_tokens", "max_output_tokens"})
_OPEN, _CLOSE = "<think>", "</think>"


def ending(raw: Any) -> str | None:
    """Why a server ended its answer with this reply, in lower case; None where it says nothing of an end.

    >>> ending({"choices": [{"finish_reason": "length"}]})
    'length'
    """
    choices = _field(raw, "choices") or _field(raw, "candidates") or []
    holders = [raw, _field(raw, "delta"), *(choices if isinstance(choices, list | tuple) else [])]
    found = (_field(holder, name) for holder in holders for name in _ENDS)
    return next((str(getattr(value, "value", value)).lower() for value in found if value), None)


def is_too_long(end: str | None) -> bool:
    """Whether an ending says that the server cut the answer off."""
    return end in _CUT


def tells_its_end(raw: Any) -> bool:
    """Whether servers of this kind say when they have ended, so that an answer without an end was cut off on its way."""
    choices = _field(raw, "choices")
    return isinstance(choices, list | tuple) and bool(choices) and (_field(raw, "object") or "") == "chat.completion.chunk"


def token_counts(raw: Any) -> tuple[int, int]:
    """Tokens of the prompt and of the answer as the server counted them; 0 where it did not."""
    places = [place for place in (raw, _field(raw, "usage"), _field(raw, "usage_metadata")) if place is not None]
    asked, answered = (
        max([0, *(value for place in places for name in names if isinstance(value := _field(place, name), int))])
        for names in (_TOKENS_IN, _TOKENS_OUT)
    )
    return asked, answered


def grown(before: str, now: str) -> str:
    """What is new in the text so far, for a model that streams without deltas."""
    return now[len(before) :] if now.startswith(before) else ""


def without_thoughts(pieces: Iterable[str]) -> Iterator[str]:
    r"""The pieces without a block of thoughts at the beginning, which some local models write before they answer.

    >>> "".join(without_thoughts(["<thi", "nk>Let me see</th", "ink>\n\nForty."]))
    'Forty.'
    """
    held, thinking, over = "", False, False
    for piece in pieces:
        if over:
            yield piece
            continue
        held += piece
        start = held.lstrip()
        thinking = thinking or start.startswith(_OPEN)
        if thinking and _CLOSE in held:
            held, thinking = held.partition(_CLOSE)[2].lstrip(), False
            over = bool(held)
        elif not thinking and not _OPEN.startswith(start[: len(_OPEN)]):
            over = True
        if over:
            yield held
    if not over and not thinking and held:
        yield held


def _field(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)
