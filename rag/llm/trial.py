"""Whether a language model works: it is asked for one word, over the very path that answers take."""

from __future__ import annotations

import time

from rag.errors import ModelUnavailable
from rag.llm import specs
from rag.llm.completion import Model
from rag.llm.prompts import Message

_ASKED = "Say ok."


def seconds_for_a_word(spec: str, *, timeout: float, key: str | None = None) -> float:
    """Ask a language model for one word, and return the seconds that it took.

    Args:
        spec: see `open_llm`.
        timeout: seconds to wait for it.
        key: see `open_llm`.

    Raises:
        UsageError, MissingExtra: see `open_llm`.
        ModelUnavailable: the model failed, or said nothing.
    """
    model = Model(llm=specs.open_llm(spec, timeout=timeout, key=key), name=spec, timeout=timeout, key=key)
    began = time.monotonic()
    if not "".join(model.say([Message("user", _ASKED)])).strip():
        raise ModelUnavailable(f"the language model {spec} failed: it said nothing", hint="try again, or take another model")
    return time.monotonic() - began
