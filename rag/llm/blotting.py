"""The keys of language models, and how they are kept out of everything that is shown, logged, traced or answered."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping

KEYS = {
    "openai": ("OPENAI_API_KEY",),
    "anthropic": ("ANTHROPIC_API_KEY",),
    "google": ("GOOGLE_API_KEY", "GEMINI_API_KEY"),
    "openai-like": ("OPENAI_LIKE_API_KEY",),
}
"""Provider -> the environment variables that may hold its key."""
_LEAST = 8
"""Characters from which on a key is one; a shorter one would blot out ordinary words."""


def blotted(words: str, secrets: Iterable[str] = ()) -> str:
    """`words` without the keys in the environment, and without `secrets`.

    >>> blotted("no such key: a-secret-key", ["a-secret-key"])
    'no such key: (key)'
    """
    for secret, name in _known(secrets).items():
        words = words.replace(secret, name)
    return words


def blotted_stream(pieces: Iterable[str], secrets: Iterable[str] = ()) -> Iterator[str]:
    """The pieces without keys, wherever a key is cut; what may be the beginning of one waits for the next piece.

    >>> list(blotted_stream(["It is a-sec", "ret-key, ", "a-", "b"], ["a-secret-key"]))
    ['It is ', '(key), ', 'a-b']
    """
    known = _known(secrets)
    held = ""
    for piece in pieces:
        held += piece
        for secret, name in known.items():
            held = held.replace(secret, name)
        ready = held[: len(held) - max((_begun(held, secret) for secret in known), default=0)]
        held = held[len(ready) :]
        if ready:
            yield ready
    if held:
        yield held


def _begun(words: str, secret: str) -> int:
    """How many of the last characters of `words` are the first ones of `secret`."""
    return next((length for length in range(min(len(words), len(secret)), 0, -1) if words.endswith(secret[:length])), 0)


def _known(secrets: Iterable[str]) -> Mapping[str, str]:
    """Each secret, and what stands in its place."""
    named = {os.environ.get(name, "").strip(): f"${name}" for names in KEYS.values() for name in names}
    return {secret: name for secret, name in (dict.fromkeys(secrets, "(key)") | named).items() if len(secret) >= _LEAST}
