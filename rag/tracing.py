"""What an answer's making tells: every search, prompt and completion, to a function of the user's and as OpenTelemetry spans.

Spans are made only where the program has set up OpenTelemetry itself; nothing is imported for it. They hold counts and names, and the
words only if `OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT` is true, as its conventions for language models want it.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable, Mapping
from typing import Any

Tracer = Callable[[str, dict[str, Any]], None]
"""Called with ("search" | "prompt" | "completion", what was searched, asked or answered)."""
_CONTENT = "OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT"
_NAMES = {"model": "gen_ai.request.model", "tokens_in": "gen_ai.usage.input_tokens", "tokens_out": "gen_ai.usage.output_tokens"}
_WORDS = ("question", "messages", "text")


def traced(*tracers: Tracer | None) -> Tracer:
    """A tracer that tells those of `tracers` that there are, and OpenTelemetry, if it is set up."""
    told = [tracer for tracer in tracers if tracer is not None]

    def trace(what: str, facts: dict[str, Any]) -> None:
        for tracer in told:
            tracer(what, facts)
        _span(what, facts)

    return trace


def _span(what: str, facts: Mapping[str, Any]) -> None:
    """A span that ended just now, if the program has set up OpenTelemetry."""
    library = sys.modules.get("opentelemetry.trace")
    provider = library.get_tracer_provider() if library is not None else None
    if provider is None or type(provider).__name__ in ("ProxyTracerProvider", "NoOpTracerProvider"):
        return
    end = time.time_ns()
    begin = end - round(facts.get("seconds", 0.0) * 1e9)
    span = provider.get_tracer("dateline").start_span(f"dateline.{what}", start_time=begin, attributes=_attributes(facts))
    span.end(end_time=end)


def _attributes(facts: Mapping[str, Any]) -> dict[str, str | int | float]:
    words = os.environ.get(_CONTENT, "").lower() == "true"
    found: dict[str, str | int | float] = {}
    for name, value in facts.items():
        if name == "passages":
            found["dateline.passages"] = len(value)
        elif name in _WORDS:
            found |= {f"dateline.{name}": value if isinstance(value, str) else json.dumps(value)} if words else {}
        elif isinstance(value, str | int | float):
            found[_NAMES.get(name, f"dateline.{name}")] = value
    return found
