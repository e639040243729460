"""Questions to a home of articles, and answers whose every sentence can be checked.

    from rag import ask
    print(ask("When did French troops leave Mali?", corpus="articles/"))

What this package offers is imported when it is first used, so that `import rag` costs nothing.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING

from rag.neighbours import require_ours

if TYPE_CHECKING:
    from index.types import Filters, Passage
    from rag.api import ask
    from rag.chatbot import Chatbot
    from rag.settings import Settings
    from rag.strict import strict
    from rag.types import Answer, AskedTime, Check, Citation, Claim, Turn, Usage, Value, answer_schema

require_ours("index")

__all__ = [
    "Answer",
    "AskedTime",
    "Chatbot",
    "Check",
    "Citation",
    "Claim",
    "Filters",
    "Passage",
    "Settings",
    "Turn",
    "Usage",
    "Value",
    "answer_schema",
    "ask",
    "strict",
]

_MODULES = {
    "Chatbot": "rag.chatbot",
    "Filters": "index.types",
    "Passage": "index.types",
    "Settings": "rag.settings",
    "ask": "rag.api",
    "strict": "rag.strict",
}
"""Where a public name lives; the others are in `rag.types`."""

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in __all__:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        value = getattr(import_module(_MODULES.get(name, "rag.types")), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
