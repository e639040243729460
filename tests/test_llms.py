"""Language models by name: what is opened with what, and what a user reads when it cannot be."""

from __future__ import annotations

import sys
from types import ModuleType

import pytest

from index.errors import MissingExtra, UsageError
from rag.errors import ModelUnavailable
from rag.llm.failures import unavailable
from rag.llm.specs import MAX_ANSWER_TOKENS, WINDOW, open_llm

KEYS = ("OPENAI_API_KEY", "ANTHROPIC_API_KEY", "GOOGLE_API_KEY", "GEMINI_API_KEY", "OPENAI_LIKE_API_KEY", "OLLAMA_HOST")


@pytest.fixture(autouse=True)
def no_keys(monkeypatch):
    for name in KEYS:
        monkeypatch.delenv(name, raising=False)


@pytest.fixture
def installed(monkeypatch):
    """Puts a package in place of an integration; its class keeps what it was made with."""

    def install(module, class_name, error=None):
        class Model:
            def __init__(self, **options):
                if error:
                    raise error
                self.options = options

        package = ModuleType(f"llama_index.llms.{module}")
        setattr(package, class_name, Model)
        monkeypatch.setitem(sys.modules, "llama_index.llms", ModuleType("llama_index.llms"))
        monkeypatch.setitem(sys.modules, package.__name__, package)

    return install


@pytest.mark.parametrize("spec", ["", "llama3", "openai", "openai:", "ollama: ", "mistral:large", "OPENAI:gpt"])
def test_an_unknown_name_lists_the_known_ones(spec):
    with pytest.raises(UsageError) as caught:
        open_llm(spec, timeout=5)
    assert str(caught.value) == f"{spec!r} names no language model"
    assert caught.value.hint == (
        "write one of openai:MODEL, anthropic:MODEL, google:MODEL, ollama:MODEL, openai-like:MODEL@http://HOST/v1"
    )  # fmt: skip


def test_a_server_needs_an_address():
    with pytest.raises(UsageError, match="'openai-like:qwen' lacks the server's address"):
        open_llm("openai-like:qwen", timeout=5)


@pytest.mark.parametrize(
    ("spec", "module", "extra"),
    [
        ("openai:gpt", "openai", "openai"),
        ("anthropic:claude", "anthropic", "anthropic"),
        ("google:gemini", "google_genai", "google"),
        ("ollama:llama3.2", "ollama", "ollama"),
        ("openai-like:qwen@http://localhost:8000/v1", "openai_like", "openai-like"),
    ],
)
def test_a_package_that_is_not_installed_is_named(spec, module, extra, monkeypatch):
    class Missing:
        """Finds every integration missing, whatever is installed here."""

        def find_spec(self, name, path=None, target=None):
            if name == f"llama_index.llms.{module}":
                raise ModuleNotFoundError(f"No module named {name!r}", name=name)

    monkeypatch.delitem(sys.modules, f"llama_index.llms.{module}", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Missing(), *sys.meta_path])
    with pytest.raises(MissingExtra) as caught:
        open_llm(spec, timeout=5)
    assert str(caught.value) == f"{extra} language models need a package that is not installed"
    assert caught.value.hint == f'pip install "dateline[{extra}]"'


def test_a_broken_package_is_not_called_missing(monkeypatch):
    class Broken:
        def find_spec(self, name, path=None, target=None):
            if name.startswith("llama_index.llms"):
                raise ModuleNotFoundError("No module named 'httpy'", name="httpy")

    monkeypatch.delitem(sys.modules, "llama_index.llms", raising=False)
    monkeypatch.setattr(sys, "meta_path", [Broken(), *sys.meta_path])
    with pytest.raises(ModelUnavailable, match="httpy"):
        open_llm("ollama:llama3.2", timeout=5)


@pytest.mark.parametrize(
    ("spec", "module", "class_name", "variables", "options"),
    [
        (
            "openai:gpt-x",
            "openai",
            "OpenAI",
            {"OPENAI_API_KEY": " k1 "},
            {"model": "gpt-x", "api_key": "k1", "timeout": 5, "max_retries": 0},
        ),
        (
            "anthropic:claude-x",
            "anthropic",
            "Anthropic",
            {"ANTHROPIC_API_KEY": "k2"},
            {"model": "claude-x", "api_key": "k2", "timeout": 5, "max_retries": 0, "max_tokens": MAX_ANSWER_TOKENS},
        ),
        (
            "google:gemini-x",
            "google_genai",
            "GoogleGenAI",
            {"GEMINI_API_KEY": "k3"},
            {
                "model": "gemini-x",
                "api_key": "k3",
                "http_options": {"timeout": 5000},
                "max_retries": 0,
                "max_tokens": 4 * MAX_ANSWER_TOKENS,
                "context_window": 1_000_000,
            },
        ),
        (
            "ollama:llama3.2:1b",
            "ollama",
            "Ollama",
            {},
            {
                "model": "llama3.2:1b",
                "base_url": "http://localhost:11434",
                "request_timeout": 5,
                "context_window": WINDOW,
                "temperature": 0.0,
            },
        ),
        (
            "ollama:llama3.2",
            "ollama",
            "Ollama",
            {"OLLAMA_HOST": "box:1234"},
            {
                "model": "llama3.2",
                "base_url": "box:1234",
                "request_timeout": 5,
                "context_window": WINDOW,
                "temperature": 0.0,
            },
        ),
        (
            "openai-like:org/qwen@http://localhost:8000/v1",
            "openai_like",
            "OpenAILike",
            {"OPENAI_API_KEY": "not for strangers"},
            {
                "model": "org/qwen",
                "api_base": "http://localhost:8000/v1",
                "api_key": "none",
                "timeout": 5,
                "max_retries": 0,
                "is_chat_model": True,
                "temperature": 0.0,
            },
        ),
    ],
)
def test_what_a_model_is_opened_with(spec, module, class_name, variables, options, installed, monkeypatch):
    installed(module, class_name)
    for name, value in variables.items():
        monkeypatch.setenv(name, value)
    assert open_llm(spec, timeout=5).options == options


@pytest.mark.parametrize(
    ("spec", "module", "class_name", "message", "hint"),
    [
        ("openai:gpt", "openai", "OpenAI", "openai needs a key, and OPENAI_API_KEY is not set", "export OPENAI_API_KEY=…"),
        (
            "anthropic:claude",
            "anthropic",
            "Anthropic",
            "anthropic needs a key, and ANTHROPIC_API_KEY is not set",
            "export ANTHROPIC_API_KEY=…",
        ),
        (
            "google:gemini",
            "google_genai",
            "GoogleGenAI",
            "google needs a key, and GOOGLE_API_KEY or GEMINI_API_KEY is not set",
            "export GOOGLE_API_KEY=…",
        ),
    ],
)
def test_a_missing_key_is_named(spec, module, class_name, message, hint, installed):
    installed(module, class_name)
    with pytest.raises(ModelUnavailable) as caught:
        open_llm(spec, timeout=5)
    assert (str(caught.value), caught.value.hint) == (message, hint)


def test_a_library_that_refuses_the_model_is_one_line(installed, monkeypatch):
    installed("openai", "OpenAI", error=ValueError("unknown\nmodel"))
    monkeypatch.setenv("OPENAI_API_KEY", "k")
    with pytest.raises(ModelUnavailable, match=r"^the language model openai:gpt-x failed: unknown model$"):
        open_llm("openai:gpt-x", timeout=5)


class Refused(Exception):
    def __init__(self, status_code):
        super().__init__(f"Error code: {status_code}")
        self.status_code = status_code


class APIConnectionError(Exception):
    pass


@pytest.mark.parametrize(
    ("model", "error", "hint"),
    [
        ("openai:gpt", Refused(401), "check the key in OPENAI_API_KEY"),
        ("google:gemini", Refused(403), "check the key in GOOGLE_API_KEY or GEMINI_API_KEY"),
        ("gpt-x", Refused(401), "check the key in the environment"),
        ("ollama:llama3.2:1b", Refused(404), "get the model with `ollama pull llama3.2:1b`"),
        ("openai:gpt", Refused(404), "check the name of the model"),
        ("openai:gpt", Refused(429), "wait a little, or raise the limit at the provider"),
        ("ollama:llama3.2", ConnectionRefusedError(), "start it with `ollama serve`"),
        ("openai:gpt", APIConnectionError(), "check that the server runs and that this machine can reach it"),
        ("openai:gpt", TimeoutError(), "give it more time with DATELINE_LLM_TIMEOUT=SECONDS, or take a smaller model"),
        ("openai:gpt", Refused(500), "try again, or leave out --llm for the built-in answerer"),
    ],
)
def test_each_failure_has_a_way_out(model, error, hint):
    assert unavailable(model, error).hint == hint


def test_keys_are_blotted_out_and_long_errors_are_cut(monkeypatch):
    monkeypatch.setenv("OPENAI_API_KEY", "sk-secret")
    message = str(unavailable("openai:gpt", ValueError("bad header Bearer sk-secret " + "x" * 999)))
    assert message.startswith("the language model openai:gpt failed: bad header Bearer $OPENAI_API_KEY xxx")
    assert len(message) < 300


def test_an_error_without_words_is_told_by_what_caused_it():
    error = APIConnectionError()
    error.__cause__ = OSError("name not known")
    assert str(unavailable("openai:gpt", error)) == "the language model openai:gpt failed: name not known"
