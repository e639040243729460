"""Whether a claim is a sentence at all, and shares its words with what it cites: a model that breaks down writes neither.

The reader was never taught what to say of such text, and finds some of it supported.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Sequence

from index.terms import question_stems, stems

_LEAST_WORDS = 12
"""Words from which on a text may be called repetitive."""
_LEAST_DISTINCT = 1 / 3
"""The share of different words below which it is."""
_UNREADABLE = "\ufffd"
"""Stands for bytes that are no character."""


def is_garbled(claim: str) -> bool:
    r"""Whether a claim holds what is no text, or says the same few words again and again.

    >>> is_garbled("Forty boats left in the first hour."), is_garbled("boats " * 40), is_garbled("bo\x05ats")
    (False, True, True)
    """
    if any(letter == _UNREADABLE or unicodedata.category(letter) == "Cc" for letter in " ".join(claim.split())):
        return True
    words = claim.casefold().split()
    return len(words) >= _LEAST_WORDS and len(set(words)) < _LEAST_DISTINCT * len(words)


def shared_words(claim: str, texts: Sequence[str]) -> tuple[int, float]:
    """How many of a claim's words the texts hold, and their share of its words; stop words do not count.

    >>> shared_words("The harbour was reopened.", ["It will reopen on Monday."])
    (1, 0.5)
    """
    said, held = set(question_stems(claim)), set(stems(" \n".join(texts)))
    shared = len(said & held)
    return shared, shared / len(said) if said else 0.0
