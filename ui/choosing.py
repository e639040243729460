"""What the page does in Settings: takes what a visitor chose, and tries a language model. Without Gradio."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from rag.llm.reach import short_name
from ui.library import Library
from ui.preferences import Preferences, chosen
from ui.problems import explained

_TRIAL_SECONDS = 10.0
"""Without a word from a model that is tried."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Outcome:
    """What came of it, in one line."""

    words: str
    kind: Literal["good", "bad"]
    preferences: Preferences
    """Those in force from now on."""
    model: str = ""
    """Who answers from now on, where that has changed."""


def use(library: Library, form: object, before: Preferences, *, is_private: bool) -> Outcome:
    """Answer as the form says from now on, where that can be had; the language model is opened, not asked."""
    try:
        preferences = chosen(form, before, is_private=is_private)
        model = library.chatbot_for(preferences).model
    except Exception as error:  # noqa: BLE001  the page's edge, as in `asking`
        return _failed(error, before)
    who = "the built-in answerer" if model == "built-in" else short_name(model)
    forgotten = "this, and the key" if preferences.key else "this"
    return Outcome(
        words=f"From now on {who} answers. Closing the page forgets {forgotten}.", kind="good", preferences=preferences, model=model
    )


def try_out(library: Library, form: object, before: Preferences, *, is_private: bool) -> Outcome:
    """Ask the language model of the form for one word; what is in force stays."""
    from rag.llm.trial import seconds_for_a_word

    try:
        wanted = chosen(form, before, is_private=is_private)
        spec = wanted.llm or library.chatbot.model
        key = wanted.key.get_secret_value() if wanted.key else None
        if spec == "built-in":
            return Outcome(words="The built-in answerer needs no model and no network.", kind="good", preferences=before)
        seconds = seconds_for_a_word(spec, timeout=_TRIAL_SECONDS, key=key)
    except Exception as error:  # noqa: BLE001  the page's edge, as in `asking`
        return _failed(error, before)
    return Outcome(words=f"{short_name(spec)} works: it answered in {seconds:.1f} seconds.", kind="good", preferences=before)


def _failed(error: Exception, before: Preferences) -> Outcome:
    problem, hint = explained(error)
    words = f"{problem[:1].upper()}{problem[1:].rstrip('.')}; {hint}".rstrip("; .")
    return Outcome(words=f"{words}.", kind="bad", preferences=before)
