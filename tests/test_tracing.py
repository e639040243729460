"""What tracing tells: to the user's function always, to OpenTelemetry only where the program has set it up."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from rag.chatbot import Chatbot
from rag.settings import Settings
from rag.tracing import traced

COMPLETION = {"model": "m", "stage": "model", "text": "It reopened.", "tokens_in": 7, "tokens_out": 3, "seconds": 0.5}


class Provider:
    """As much of a tracer provider as spans need."""

    def __init__(self):
        self.spans = []

    def get_tracer(self, name):
        self.name = name
        return self

    def start_span(self, name, start_time, attributes):
        self.spans.append({"name": name, "start": start_time, **attributes})
        return self

    def end(self, end_time):
        self.spans[-1]["seconds"] = round((end_time - self.spans[-1].pop("start")) / 1e9, 3)


class ProxyTracerProvider(Provider):
    """Its name says that nothing was set up."""


@pytest.fixture
def provided(monkeypatch):
    def provide(provider):
        library = ModuleType("opentelemetry.trace")
        library.get_tracer_provider = lambda: provider
        monkeypatch.setitem(sys.modules, "opentelemetry.trace", library)
        return provider

    return provide


def test_the_users_function_hears_everything():
    seen = []
    traced(lambda what, facts: seen.append((what, facts)))("completion", COMPLETION)
    assert seen == [("completion", COMPLETION)]


def test_without_opentelemetry_nothing_happens_and_nothing_is_imported(monkeypatch):
    monkeypatch.delitem(sys.modules, "opentelemetry.trace", raising=False)
    traced(None)("completion", COMPLETION)
    assert "opentelemetry.trace" not in sys.modules


def test_opentelemetry_that_was_not_set_up_hears_nothing(provided):
    provider = provided(ProxyTracerProvider())
    traced(None)("completion", COMPLETION)
    assert provider.spans == []


def test_spans_hold_counts_and_no_words(provided):
    provider = provided(Provider())
    trace = traced(None)
    trace("search", {"question": "When?", "filters": object(), "passages": [1, 2], "seconds": 0.25})
    trace("completion", COMPLETION)
    assert provider.name == "dateline"
    assert provider.spans == [
        {"name": "dateline.search", "dateline.passages": 2, "dateline.seconds": 0.25, "seconds": 0.25},
        {
            "name": "dateline.completion", "gen_ai.request.model": "m", "dateline.stage": "model", "gen_ai.usage.input_tokens": 7,
            "gen_ai.usage.output_tokens": 3, "dateline.seconds": 0.5, "seconds": 0.5,
        },
    ]  # fmt: skip


def test_spans_hold_the_words_on_request(provided, monkeypatch):
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")
    provider = provided(Provider())
    traced(None)("prompt", {"model": "m", "messages": [{"role": "user", "content": "When?"}]})
    (span,) = provider.spans
    assert span["dateline.messages"] == '[{"role": "user", "content": "When?"}]'


def test_every_function_hears_the_same_and_none_is_needed(provided):
    provider = provided(Provider())
    seen = []
    traced(None, lambda what, facts: seen.append(("a", what, facts)), None, lambda what, facts: seen.append(("b", what, facts)))(
        "completion", COMPLETION
    )
    assert seen == [("a", "completion", COMPLETION), ("b", "completion", COMPLETION)]
    assert len(provider.spans) == 1


def test_a_questions_own_tracer_hears_that_question_alone(open_home, corpus):
    home, whole, first, second = open_home(), [], [], []
    home.sync(corpus)
    chatbot = Chatbot(home, settings=Settings(), tracer=lambda what, facts: whole.append(facts["question"]))
    one = chatbot.stream("Who is the harbour master?", tracer=lambda what, facts: first.append(facts["question"]))
    two = chatbot.stream("Who is the museum's director?", tracer=lambda what, facts: second.append(facts["question"]))
    for _ in zip(one, two, strict=False):
        pass
    chatbot.ask("What did the repairs cost?")
    assert first == ["Who is the harbour master?"]
    assert second == ["Who is the museum's director?"]
    assert whole == [*first, *second, "What did the repairs cost?"]
