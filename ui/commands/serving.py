"""`mcp`: other programs ask, over standard input and output."""

from __future__ import annotations

import os
import signal
import threading
from collections.abc import Callable
from typing import TYPE_CHECKING, NoReturn

from ui.commands.options import HomeOption, LlmOption, settings_for
from ui.console import note

if TYPE_CHECKING:
    from rag.chatbot import Chatbot
    from rag.settings import Settings


def mcp(llm: LlmOption = None, home: HomeOption = None) -> int:
    """Let an MCP client ask the articles, over standard input and output; it starts this command by itself."""
    settings = settings_for(home, llm=llm)
    from importlib.metadata import version

    import anyio

    from ui.serving.mcp_server import serve_stdio
    from ui.serving.service import Service

    note(f"Dateline answers MCP requests from {settings.home.absolute()}  (it ends when its input does)")
    signal.signal(signal.SIGINT, _stop)
    try:
        anyio.run(lambda: serve_stdio(Service(opened_once(settings)), version=version("dateline")))
    except* BrokenPipeError:
        note("The client went away without waiting for a reply.")
    return 0


def _stop(*_: object) -> NoReturn:
    """End at once: a thread that waits for input can be woken by nothing else, and there is nothing to save."""
    note("stopped")
    os._exit(130)


def opened_once(settings: Settings) -> Callable[[], Chatbot]:
    """Gives the chatbot of some settings, opened at the first call that can: a home may be made after the server was started."""
    lock, opened = threading.Lock(), list["Chatbot"]()

    def chatbot() -> Chatbot:
        from rag.chatbot import Chatbot

        with lock:
            if not opened:
                opened.append(Chatbot.open(settings=settings))
            return opened[0]

    return chatbot
