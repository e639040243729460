"""The HTTP API and the MCP server beside the page: what its server carries besides."""

from __future__ import annotations

from importlib.metadata import version
from typing import TYPE_CHECKING, Any

from starlette.routing import Mount, Route

from ui.serving.access import Check, SignedIn
from ui.serving.api import api
from ui.serving.mcp_server import OverHttp
from ui.serving.service import Service
from ui.serving.slots import Slots

if TYPE_CHECKING:
    from ui.library import Library


def beside(library: Library, check: Check | None) -> dict[str, Any]:
    """What to make the page's FastAPI application with: routes that come before the page's, and what runs while it serves.

    Args:
        library: what the page asks.
        check: who may come in; None for everybody who reaches the server.
    """
    service, slots = Service(lambda: library.chatbot), Slots()
    mcp = OverHttp(service, slots, version=version("dateline"))
    routes = [
        Mount("/api", SignedIn(api(service, slots), check)),
        Route("/mcp", SignedIn(mcp.app, check), methods=["POST"]),
    ]
    return {"routes": routes, "lifespan": mcp.running}
