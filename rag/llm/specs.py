"""Language models by name: `ollama:llama3.2` becomes the llama-index `LLM` that speaks to it.

The integrations are extras: each is imported when its name is asked for, and its absence names what to install. Opening a
model does not reach the network. None of them repeats a request: that is done in `completion`, the same way for all.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable
from importlib import import_module
from typing import TYPE_CHECKING, Any

from index.errors import DatelineError, MissingExtra, UsageError
from index.telemetry import switch_off
from rag.errors import ModelUnavailable
from rag.llm.blotting import KEYS
from rag.llm.failures import cause_of, unavailable
from rag.llm.reach import LIKE, ollama_address

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

MAX_ANSWER_TOKENS = 2000
"""Tokens of an answer, where a provider wants a bound."""
WINDOW = 16_384
"""Tokens of prompt and answer that Ollama is told to make room for; its own default cuts prompts off without a word."""
_GOOGLE_WINDOW = 1_000_000
_PASSWORD = re.compile(r"://[^/]*@")


def open_llm(spec: str, *, timeout: float, key: str | None = None) -> LLM:
    """Open the language model that `spec` names, without reaching it.

    Args:
        spec: `openai:MODEL`, `anthropic:MODEL`, `google:MODEL`, `ollama:MODEL`, or `openai-like:MODEL@http://HOST/v1` for any
            server that speaks OpenAI's protocol. Ollama is looked for at `$OLLAMA_HOST`.
        timeout: seconds to wait for it.
        key: the provider's key; None for the one in the environment.

    Raises:
        UsageError: no such provider, or the spec is not complete.
        MissingExtra: the provider's package is not installed.
        ModelUnavailable: its key is not set, or its library refuses the model.
    """
    provider, _, model = spec.partition(":")
    if provider not in _OPENERS or not model.strip():
        raise UsageError(f"{spec!r} names no language model", hint=f"write one of {', '.join(_FORMS)}")
    try:
        llm: LLM = _OPENERS[provider](model.strip(), timeout, key)
    except DatelineError:
        raise
    except Exception as error:  # noqa: BLE001 -- each library refuses a model or an address in its own way
        secrets = (key,) if key else ()
        raise unavailable(spec, error, secrets=secrets) from cause_of(error, secrets=secrets)
    return llm


def _openai(model: str, timeout: float, key: str | None) -> Any:
    library = _integration("openai", "openai")
    return library.OpenAI(model=model, api_key=key or _key("openai"), timeout=timeout, max_retries=0)


def _anthropic(model: str, timeout: float, key: str | None) -> Any:
    library = _integration("anthropic", "anthropic")
    options = {"timeout": timeout, "max_retries": 0, "max_tokens": MAX_ANSWER_TOKENS}
    return library.Anthropic(model=model, api_key=key or _key("anthropic"), **options)


def _google(model: str, timeout: float, key: str | None) -> Any:
    library = _integration("google", "google_genai")
    options = {"timeout": round(timeout * 1000)}  # milliseconds
    # Without both bounds the integration asks Google for them while it is being made.
    bounds = {"max_tokens": 4 * MAX_ANSWER_TOKENS, "context_window": _GOOGLE_WINDOW}
    return library.GoogleGenAI(model=model, api_key=key or _key("google"), http_options=options, max_retries=0, **bounds)


def _ollama(model: str, timeout: float, _: str | None) -> Any:
    library = _integration("ollama", "ollama")
    return library.Ollama(model=model, base_url=ollama_address(), request_timeout=timeout, context_window=WINDOW, temperature=0.0)


def _openai_like(model: str, timeout: float, key: str | None) -> Any:
    parts = LIKE.fullmatch(model)
    if parts is None:
        raise UsageError(f"'openai-like:{model}' lacks the server's address", hint="write openai-like:MODEL@http://HOST:PORT/v1")
    if _PASSWORD.search(parts["address"]):  # it would be part of the model's name in every answer
        raise UsageError("the server's address holds a password", hint=f"leave it out, and export {KEYS['openai-like'][0]}=…")
    library = _integration("openai-like", "openai_like")
    key = key or os.environ.get(KEYS["openai-like"][0]) or "none"  # never OPENAI_API_KEY: the server may be anyone's
    return library.OpenAILike(
        model=parts["model"], api_base=parts["address"], api_key=key, timeout=timeout, max_retries=0, is_chat_model=True,
        temperature=0.0,
    )  # fmt: skip


_OPENERS: dict[str, Callable[[str, float, str | None], Any]] = {
    "openai": _openai,
    "anthropic": _anthropic,
    "google": _google,
    "ollama": _ollama,
    "openai-like": _openai_like,
}
_FORMS = ("openai:MODEL", "anthropic:MODEL", "google:MODEL", "ollama:MODEL", "openai-like:MODEL@http://HOST/v1")


def _integration(extra: str, module: str) -> Any:
    """The llama-index package of a provider."""
    name = f"llama_index.llms.{module}"
    try:
        switch_off()
        return import_module(name)
    except ModuleNotFoundError as error:
        if error.name is None or not f"{name}.".startswith(f"{error.name}."):
            raise  # the package is there, and something that it needs is not
        raise MissingExtra(
            f"{extra} language models need a package that is not installed", hint=f'pip install "dateline[{extra}]"'
        ) from None


def _key(provider: str) -> str:
    found = next((value for name in KEYS[provider] if (value := os.environ.get(name, "").strip())), None)
    if found is None:
        names = " or ".join(KEYS[provider])
        raise ModelUnavailable(f"{provider} needs a key, and {names} is not set", hint=f"export {KEYS[provider][0]}=…")
    return found
