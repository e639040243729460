"""The public names of Dateline in one place.

    from dateline import ask
    print(ask("When did French troops leave Mali?", corpus="articles/"))

They live in `rag` and `index`, and are imported when they are first used.
"""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from index.errors import DatelineError
    from index.home import Home
    from index.types import Filters
    from rag.api import ask
    from rag.chatbot import Chatbot
    from rag.types import Answer, Citation, Claim

__all__ = ["Answer", "Chatbot", "Citation", "Claim", "DatelineError", "Filters", "Home", "__version__", "ask"]
__version__ = "0.1.0"

_MODULES = {
    "Answer": "rag.types",
    "Chatbot": "rag.chatbot",
    "Citation": "rag.types",
    "Claim": "rag.types",
    "DatelineError": "index.errors",
    "Filters": "index.types",
    "Home": "index.home",
    "ask": "rag.api",
}

if not TYPE_CHECKING:

    def __getattr__(name: str) -> object:
        if name not in _MODULES:
            raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
        _require_rag()
        value = getattr(import_module(_MODULES[name]), name)
        globals()[name] = value
        return value


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})


def _require_rag() -> None:
    """Check that `rag` is the package installed with this one; it then checks the others.

    Raises:
        ImportError: another package of that name comes before it on Python's path.
    """
    import rag

    ours = Path(__file__).resolve().parent.parent / "rag"
    found = Path(next(iter(getattr(rag, "__path__", [])), rag.__file__ or "")).resolve()
    if found != ours:
        raise ImportError(f"{found} hides Dateline's own package 'rag': rename it, or start Python from another folder (ours is {ours})")
