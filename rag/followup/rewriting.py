"""A follow-up question made to stand alone by a language model, or by rules where there is none or it fails."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from rag.followup.rules import MOST_LETTERS, by_rules
from rag.types import Turn

if TYPE_CHECKING:
    from rag.llm.completion import Model
    from rag.metering import Meter

REWRITE = """\
You are given the last turns of a conversation about news articles. Write its last question so that it can be understood alone: put \
names and times in the place of words that point back. Add nothing that was not said. If it can be understood alone already, repeat \
it as it is. Write the question and nothing else."""
TURNS = 4
"""Earlier turns that are looked at, the latest ones."""
_MARKER = re.compile(r"\s*\[\d+\]")
_QUOTES = "\"'“”‘’«» "


def stand_alone(
    question: str, history: Sequence[Turn], *, model: Model | None, meter: Meter, trace: Callable[[str, dict[str, Any]], None]
) -> str:
    """The question as one that stands alone.

    Args:
        question: in plain words.
        history: earlier turns, oldest first.
        model: rewrites it; None for the rules.
        meter: counts what that takes.
        trace: called with the prompt and the completion.
    """
    latest = [Turn(question=turn.question, answer=_MARKER.sub("", turn.answer)) for turn in history[-TURNS:]]
    if not latest:
        return question
    by_model = _by_model(question, latest, model, meter, trace) if model is not None else None
    return by_model or by_rules(question, latest)


def _by_model(
    question: str, history: Sequence[Turn], model: Model, meter: Meter, trace: Callable[[str, dict[str, Any]], None]
) -> str | None:
    """What the model makes of it; None where that is no question, or the model fails."""
    from rag.errors import ModelUnavailable
    from rag.llm.completion import heard
    from rag.llm.packing import as_material
    from rag.llm.prompts import Message

    turns = "\n".join(f"Q: {as_material(turn.question)}\nA: {as_material(turn.answer)}" for turn in history)
    messages = (Message("system", REWRITE), Message("user", f"{turns}\nQ: {as_material(question)}"))
    try:
        words = heard(model, messages, stage="rewrite", meter=meter, trace=trace).strip()
    except ModelUnavailable:
        return None
    is_question = words.endswith("?") or words.strip(_QUOTES).endswith("?") or words.strip(_QUOTES) == question
    return as_material(words.strip(_QUOTES)) if is_question and "\n" not in words and len(words) <= MOST_LETTERS else None
