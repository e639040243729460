"""Keys of language models are in nothing that a person, a log, a trace or a program gets, whatever a server does with them."""

from __future__ import annotations

import logging
import sys
import traceback
from itertools import pairwise
from pathlib import Path

import lxml.html
import pytest
from hypothesis import given
from hypothesis import strategies as st
from opentelemetry import trace as opentelemetry
from opentelemetry.sdk.trace import TracerProvider
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter

sys.path.insert(0, str(Path(__file__).parent))  # the server stands beside this file
from openai_server import Client, OpenAIServer, Reply, good

from index.errors import UsageError
from rag.chatbot import Chatbot
from rag.errors import ModelUnavailable
from rag.llm import completion
from rag.llm.blotting import blotted, blotted_stream
from rag.llm.specs import open_llm
from rag.settings import Settings
from ui.asking import ask
from ui.cli import main
from ui.conversation import Conversation
from ui.library import Library
from ui.render.evidence import evidence_html

KEY = "sk-recognisable-0123456789-key"
QUESTION = "When did the harbour reopen?"
ECHO = f"Incorrect API key provided: Bearer {KEY}"
REPLIES = {
    "good": good("It reopened on Monday [S1]."),
    "key in the answer": good(f"The key {KEY} reopened on Monday [S1]."),
    "key cut in two": good("The key ", KEY[:9], KEY[9:], " reopened on Monday [S1]."),
    "key that is a marker": good(f"It reopened on Monday [{KEY}] [S1]."),
    "key in thoughts": good(f"<think>{KEY}</think>It reopened on Monday [S1]."),
    "nothing but the key": good(KEY),
    "empty": good(""),
    "cut": good(f"It is {KEY}", end="cut"),
    "dropped": good(f"It is {KEY}", end="dropped"),
    "garbage": good(f"It is {KEY}", end="garbage"),
    "cut at a length": good(f"It reopened on Monday [S1]. It is {KEY}", end="length"),
    "slow": good("It reopened", wait=9),
    "body that is no stream": Reply(body=f"<html>{ECHO}</html>"),
    **{str(status): Reply(status=status, error=ECHO) for status in (400, 401, 403, 404, 422, 429, 500, 503)},
    "overflow": Reply(status=400, error=f"{ECHO}: maximum context length is 300 tokens"),
    "redirect": Reply(status=307, error=ECHO, headers={"Location": "http://127.0.0.1:9/"}),
    "a long wait": Reply(status=503, error=ECHO, headers={"Retry-After": "3600"}),
}


@pytest.fixture(autouse=True)
def quick(monkeypatch):
    monkeypatch.setattr(completion, "FIRST_WAIT", 0.01)
    monkeypatch.setattr(completion, "_GRACE", 0.05)
    monkeypatch.setenv("OPENAI_LIKE_API_KEY", KEY)
    monkeypatch.setenv("DATELINE_TRACEBACK", "1")
    monkeypatch.setenv("DATELINE_LLM_TIMEOUT", "5")
    monkeypatch.setenv("OTEL_INSTRUMENTATION_GENAI_CAPTURE_MESSAGE_CONTENT", "true")


@pytest.fixture(scope="module")
def spans():
    """The spans of a program that has set up OpenTelemetry; that can be done once a process."""
    exporter = InMemorySpanExporter()
    provider = opentelemetry.get_tracer_provider()
    if not isinstance(provider, TracerProvider):
        provider = TracerProvider()
        opentelemetry.set_tracer_provider(provider)
    provider.add_span_processor(SimpleSpanProcessor(exporter))
    return exporter


@pytest.fixture
def home(open_home, corpus, tmp_path):
    open_home().sync(corpus)
    return tmp_path / "home"


@pytest.fixture
def built_in_home(corpus, tmp_path):
    """A home as the command line makes it."""
    assert main(["sync", str(corpus), "--home", str(tmp_path / "cli"), "--json"]) == 0
    return tmp_path / "cli"


def told(chatbot):
    """Everything that a program gets from a question: the pieces, the answer, or the whole traceback of an error."""
    try:
        *pieces, answer = chatbot.stream(QUESTION)
    except ModelUnavailable as error:
        return "".join(traceback.format_exception(error)) + repr(error) + str(error.hint)
    return "".join(pieces) + str(answer) + str(answer.to_dict()) + answer._repr_html_()


@pytest.mark.parametrize("name", REPLIES)
@pytest.mark.parametrize("kind", ["our own", "openai-like"])
def test_no_fault_of_a_server_brings_a_key_out(name, kind, home, open_home, spans, caplog):
    seen = []
    spans.clear()
    caplog.set_level(logging.DEBUG)
    with OpenAIServer(REPLIES[name]) as server:
        llm = Client(url=server.url, api_key=KEY)
        if kind == "openai-like":
            llm = open_llm(f"openai-like:tiny@{server.url}", timeout=5)
        chatbot = Chatbot(open_home(), settings=Settings(), llm=llm, model="tiny", tracer=lambda what, facts: seen.append((what, facts)))
        words = told(chatbot)
        assert server.idle()
    assert server.keys[0] == f"Bearer {KEY}"
    exported = [(span.name, dict(span.attributes or {})) for span in spans.get_finished_spans()]
    assert {span for span, _ in exported} == {"dateline.search", "dateline.prompt", "dateline.completion"}
    assert any("dateline.messages" in attributes for _, attributes in exported)
    assert KEY not in f"{words} {seen} {exported}"
    assert KEY not in caplog.text


@pytest.mark.parametrize("name", ["good", "key cut in two", "key in thoughts", "401", "503", "redirect", "cut", "overflow"])
def test_the_page_shows_no_key_in_how_an_answer_was_made(name, home, open_home):
    with OpenAIServer(REPLIES[name]) as server:
        chatbot = Chatbot(open_home(), settings=Settings(), llm=Client(url=server.url, api_key=KEY), model="tiny")
        *_, conversation = ask(Library(chatbot), Conversation(), QUESTION)
        assert server.idle()
    assert server.keys[0] == f"Bearer {KEY}"
    assert conversation.exchanges[0].making.requests
    shown = evidence_html(conversation)
    assert "Language model, tiny" in lxml.html.fromstring(shown).text_content()
    assert KEY not in f"{shown} {conversation}"


@pytest.mark.parametrize("name", ["key cut in two", "401", "redirect", "cut"])
@pytest.mark.parametrize("command", [["ask", QUESTION, "--show-prompt"], ["ask", QUESTION, "--json"], ["doctor"], ["doctor", "--json"]])
def test_no_command_prints_a_key(name, command, built_in_home, capsys, caplog):
    caplog.set_level(logging.DEBUG)
    with OpenAIServer(REPLIES[name]) as server:
        code = main([*command, "--home", str(built_in_home), "--llm", f"openai-like:tiny@{server.url}"])
    printed = capsys.readouterr()
    assert KEY not in f"{printed.out} {printed.err} {caplog.text}"
    assert code in ((0, 4) if command[0] == "ask" else (0, 1))
    assert (code == 0) == (name == "key cut in two")
    assert server.requests


def test_a_key_that_the_program_gave_is_kept_out_too(home, open_home, monkeypatch):
    monkeypatch.delenv("OPENAI_LIKE_API_KEY")
    with OpenAIServer(REPLIES["key cut in two"]) as server:
        llm = Client(url=server.url, api_key=KEY)
        answer = Chatbot(open_home(), settings=Settings(repair=False), llm=llm, model="tiny").ask(QUESTION)
    assert answer.text == "The key (key) reopened on Monday [1]."


def test_a_password_in_an_address_is_refused():
    with pytest.raises(UsageError) as caught:
        open_llm(f"openai-like:org/tiny@http://me:{KEY}@127.0.0.1:9/v1", timeout=1)
    assert (str(caught.value), caught.value.hint) == (
        "the server's address holds a password", "leave it out, and export OPENAI_LIKE_API_KEY=…",
    )  # fmt: skip


WORDS = f"It is {KEY}, not sk-rec or {KEY[:-1]} {KEY}{KEY}."


@given(st.lists(st.integers(0, len(WORDS)), max_size=12).map(sorted))
def test_a_key_is_found_however_it_is_cut(cuts):
    pieces = [WORDS[a:b] for a, b in pairwise([0, *cuts, len(WORDS)])]
    shown = list(blotted_stream(pieces, [KEY, "another-key"]))
    name = "$OPENAI_LIKE_API_KEY"
    assert "".join(shown) == f"It is {name}, not sk-rec or {KEY[:-1]} {name}{name}." == blotted(WORDS, [KEY])
    assert all(shown)


def test_only_what_may_begin_a_key_waits():
    shown = []
    pieces = (shown.append(f"<{piece}>") or piece for piece in ["The boats", " left", " at s", "ix."])
    for piece in blotted_stream(pieces, [KEY]):
        shown.append(piece)
    assert shown == ["<The boats>", "The boat", "< left>", "s left", "< at s>", " at ", "<ix.>", "six."]


@pytest.mark.parametrize("secret", ["", "none", "short"])
def test_what_is_too_short_for_a_key_is_not_blotted_out(secret):
    assert blotted("none of it was short", [secret]) == "none of it was short"
