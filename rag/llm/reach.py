"""Where the words go that a language model is sent: whether they leave this machine, and to whom."""

from __future__ import annotations

import ipaddress
import os
import re
from urllib.parse import urlsplit

OLLAMA = "http://localhost:11434"
"""Where Ollama is looked for unless $OLLAMA_HOST says otherwise."""
LIKE = re.compile(r"(?P<model>.+?)@(?P<address>https?://\S+)")
"""What follows `openai-like:` in a spec."""
_PROVIDERS = {"openai": "OpenAI", "anthropic": "Anthropic", "google": "Google"}


def goes_to(spec: str) -> str | None:
    """Whom a model's questions and passages are sent to; empty where they stay on this machine, None where that is not known.

    >>> goes_to("openai:some-model"), goes_to("openai-like:m@http://127.0.0.1:8000/v1"), goes_to("openai-like:m@http://gpu.example/v1")
    ('OpenAI', '', 'gpu.example')
    """
    provider, _, model = spec.partition(":")
    if spec == "built-in":
        return ""
    if provider == "ollama":
        return _outside(ollama_address())
    if provider == "openai-like" and (parts := LIKE.fullmatch(model.strip())):
        return _outside(parts["address"])
    return _PROVIDERS.get(provider)


def short_name(spec: str) -> str:
    """A model's own name, without its provider and its address.

    >>> short_name("ollama:llama3.2"), short_name("openai-like:org/m@http://127.0.0.1:8000/v1"), short_name("m")
    ('llama3.2', 'org/m', 'm')
    """
    provider, _, model = spec.partition(":")
    parts = LIKE.fullmatch(model) if provider == "openai-like" else None
    return parts["model"] if parts else model or provider


def ollama_address() -> str:
    """Where Ollama is looked for."""
    return os.environ.get("OLLAMA_HOST") or OLLAMA


def is_this_machine(host: str) -> bool:
    """Whether a host name or address can only be this machine.

    >>> [is_this_machine(host) for host in ("localhost", "127.0.0.1", "::1", "192.0.2.1", "localhost.example")]
    [True, True, True, False, False]
    """
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _outside(address: str) -> str | None:
    """The host of an address; empty for this machine."""
    try:
        host = urlsplit(address if "://" in address else f"//{address}").hostname
    except ValueError:
        return None
    return "" if host is not None and (is_this_machine(host) or host == "0.0.0.0") else host  # Ollama takes it for localhost
