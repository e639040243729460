"""The HTTP API and MCP on a server of their own, without the page: quick to start, real sockets."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from benchmarks.browser import free_port
from rag.chatbot import Chatbot
from ui.library import Library
from ui.serving.beside import beside


@contextmanager
def serving(chatbot: Chatbot) -> Iterator[str]:
    """Serve what is asked of a chatbot; yields the server's address."""
    port = free_port()
    config = uvicorn.Config(Starlette(**beside(Library(chatbot), None)), host="127.0.0.1", port=port, log_level="warning")
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run)
    thread.start()
    try:
        while not server.started:
            assert thread.is_alive()
            time.sleep(0.01)
        yield f"http://127.0.0.1:{port}/"
    finally:
        server.should_exit = True
        thread.join(30)
