"""How one visitor of the page wants answers to be made, and how that is read from what the browser sends."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import NamedTuple, get_args

from pydantic import SecretStr

from index.errors import UsageError
from rag.settings import Style

_LONGEST = 300
"""Characters that a model's name, an address or a key may have."""


class Provider(NamedTuple):
    """Who can make the answers, as Settings offers it."""

    label: str
    needs: tuple[str, ...] = ()
    """What has to be typed for it."""
    may_need: tuple[str, ...] = ()
    """What can be typed for it."""
    reaches_in: bool = False
    """Whether it makes the page's machine open connections of the visitor's choice; only for those who sit at it."""


STARTED = "as-started"
"""The model that the page was started with."""
PROVIDERS = {
    "built-in": Provider("Built in: quotes the articles"),
    "ollama": Provider("Ollama", ("model",), reaches_in=True),
    "openai-like": Provider("A server that speaks OpenAI's protocol", ("model", "address"), ("key",), reaches_in=True),
    "openai": Provider("OpenAI", ("model",), ("key",)),
    "anthropic": Provider("Anthropic", ("model",), ("key",)),
    "google": Provider("Google", ("model",), ("key",)),
}
"""Who can make the answers: the beginning of a spec (see `rag.llm.specs`), and what is shown of it."""
_EXAMPLES = {
    "model": "the name by which its server knows it, such as llama3.2",
    "address": "where the server is, such as http://localhost:8000/v1",
    "key": "the one that the provider gave you",
}
_NAMES = {"model": "model", "address": "address of the server", "key": "key"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Preferences:
    """What a visitor chose; kept in the memory of the server for as long as the page is open, never written down."""

    strict: bool = False
    """Leave out every sentence of which a check failed."""
    style: Style = "standard"
    """How much an answer tells."""
    llm: str | None = None
    """The language model's spec, or `built-in`; None for the one that the page was started with."""
    key: SecretStr | None = field(default=None, repr=False)
    """That model's key; None for the one in the environment, if it needs any."""

    @property
    def answerer(self) -> Preferences:
        """What of it decides which chatbot answers."""
        return replace(self, strict=False)


def chosen(form: object, before: Preferences, *, is_private: bool) -> Preferences:
    """The preferences that a form stands for.

    Args:
        form: what the browser sent: provider, model, address, key, style, strict.
        before: the preferences so far; a key among them is kept for the same server only, where no other is typed.
        is_private: whether visitors sit at the machine that serves the page. Others may not make it call servers of their choice,
            nor use the keys in its environment.

    Raises:
        UsageError: something is missing or does not fit.
    """
    if not isinstance(form, Mapping):
        raise UsageError("no settings came with the request", hint="load the page again")
    style: Style | None = next((style for style in get_args(Style) if style == form.get("style")), None)
    if style is None:
        raise UsageError("no such answer style", hint=f"choose one of {', '.join(get_args(Style))}")
    llm = _spec(form, is_private=is_private)
    key = _key(form, llm, before, is_private=is_private)
    return Preferences(strict=form.get("strict") is True, style=style, llm=llm, key=key)


def _spec(form: Mapping[str, object], *, is_private: bool) -> str | None:
    name = form.get("provider")
    if name in (STARTED, "built-in"):
        return None if name == STARTED else "built-in"
    provider = PROVIDERS.get(name) if isinstance(name, str) else None
    if provider is None or (provider.reaches_in and not is_private):
        raise UsageError("no such language model is offered here", hint="choose another one from the list")
    typed = {what: _typed(form, what) for what in provider.needs}
    return f"{name}:{typed['model']}" + (f"@{typed['address']}" if "address" in typed else "")


def _key(form: Mapping[str, object], llm: str | None, before: Preferences, *, is_private: bool) -> SecretStr | None:
    provider = PROVIDERS.get((llm or "").partition(":")[0])
    if provider is None or "key" not in provider.may_need:
        return None
    kept = before.key if _server(llm) == _server(before.llm) else None
    is_needed = not is_private and kept is None
    typed = _typed(form, "key", is_needed=is_needed)
    return SecretStr(typed) if typed else kept


def _server(llm: str | None) -> str:
    """Whom a model's key is for: its provider, and its address if it has one."""
    provider, _, model = (llm or "").partition(":")
    return f"{provider}@{model.partition('@')[2]}"


def _typed(form: Mapping[str, object], what: str, *, is_needed: bool = True) -> str:
    """One line that was typed.

    Raises:
        UsageError: it is missing, too long, or holds what no name, address or key holds. The message never repeats it.
    """
    value = form.get(what)
    words = value.strip() if isinstance(value, str) else ""
    if not words and is_needed:
        raise UsageError(f"no {_NAMES[what]} was typed", hint=f"type it: {_EXAMPLES[what]}")
    if len(words) > _LONGEST or not (words.isascii() and words.isprintable()) or " " in words:
        raise UsageError(f"this is no {_NAMES[what]}", hint=f"type it without spaces: {_EXAMPLES[what]}")
    return words
