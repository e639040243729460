"""What stands before the page's server, and decides which requests reach it: an ASGI middleware.

Only what the page itself asks for is let through, so no file, no other function of Gradio and no upload is reachable but those it
needs. Another website that a visitor has open can neither ask nor sync, whatever name it gave this machine's address.
"""

from __future__ import annotations

import asyncio
import json
import time
from collections import Counter, defaultdict, deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass

from ui.headers import Message, Send, with_headers
from ui.requests import (
    Receive,
    Refused,
    Scope,
    address_of,
    again,
    body_of,
    bounded,
    headers_of,
    is_loopback,
    require_own_site,
    user_of,
    visitor_of,
)

App = Callable[[Scope, Receive, Send], Awaitable[None]]

BOUNDED = ("ask", "settings")
"""The queues (Gradio's concurrency ids) in which a visitor may have `MOST_AT_ONCE`, running and waiting."""
MOST_AT_ONCE = 2
MOST_OTHERS = 16
"""The same for everything else that the page does."""
MOST_CONNECTIONS = 400
"""Of one address, which may be a proxy's; a page holds two while it asks."""
MOST_OF_PROGRAMS = 4
"""The same for what other programs ask (`ui.serving`) from another address than this machine's."""
MOST_TRIES = 10
"""Wrong passwords from one address in `TRIES_SECONDS`."""
TRIES_SECONDS = 60.0

_API = "/gradio_api"
_JOIN = f"{_API}/queue/join"
_UPLOAD = f"{_API}/upload"
_STARTUP = f"{_API}/startup-events"
_ANYONE = {
    "GET": ("/", "/assets/", "/static/", "/favicon.ico", "/theme.css", f"{_API}/theme.css", "/manifest.json"),
    "POST": ("/login",),
}
"""What the login page takes. Those that end with / stand for all below them, but for the page itself."""
_VISITORS = {
    "GET": ("/config", "/logout", f"{_API}/info", f"{_API}/app_id", f"{_API}/queue/data", f"{_API}/heartbeat/", f"{_API}/upload_progress"),
    "POST": (_JOIN, _UPLOAD, f"{_API}/cancel", f"{_API}/reset", f"{_API}/run/predict"),
}
"""What the page itself takes."""
_BESIDE = ("/api/", "/mcp")
"""What other programs may ask (`ui.serving`), which checks names and passwords itself."""
_LASTING = ("/assets/", "/static/", "/favicon.ico")
"""What a browser may keep."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rules:
    """Who may come in, and what they may do."""

    names: frozenset[str] = frozenset()
    """Names by which browsers may reach the page, beside addresses and localhost."""
    needs_login: bool = False
    takes_files: bool = True


class Guard:
    """See the module."""

    def __init__(self, app: App, *, rules: Rules) -> None:
        self._app = app
        self._rules = rules
        self._open: Counter[tuple[str, bool]] = Counter()
        """Requests that are being answered, by address, those of other programs apart."""
        self._tries: defaultdict[str, deque[float]] = defaultdict(deque)
        self._joining = asyncio.Lock()
        """Held from the count of a visitor's questions to the new one's place in the queue."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer a request, or hand it on."""
        if scope["type"] == "lifespan":
            await self._app(scope, receive, send)
        elif scope["type"] == "websocket":
            await send({"type": "websocket.close", "code": 1008})
        else:
            path = scope["path"]
            source = (address_of(scope), _is_one_of(path, _BESIDE))
            send = with_headers(send, may_keep=_is_one_of(path, _LASTING))
            self._open[source] += 1
            try:
                await self._handled(scope, receive, send, is_one_too_many=self._open[source] > _most(*source))
            except Refused as refusal:
                await _answer(send, refusal, path)
            finally:
                self._open[source] -= 1
                if not self._open[source]:
                    del self._open[source]

    async def _handled(self, scope: Scope, receive: Receive, send: Send, *, is_one_too_many: bool) -> None:
        path, headers = scope["path"], headers_of(scope)
        require_own_site(scope, headers, self._rules.names)
        if is_one_too_many:
            raise Refused(429, "Too many requests from this address at once; wait for some of them.")
        if self._rules.needs_login and (path == "/login" or "authorization" in headers):
            send = self._tried(scope, send, wrong=400 if path == "/login" else 401)
        if _is_one_of(path, _BESIDE):
            await self._app(scope, receive, send)
            return
        self._require_route(scope, headers)
        if path == _UPLOAD:
            await self._app(scope, bounded(receive), send)
        elif path == _JOIN:
            body = await body_of(receive)
            async with self._joining:
                self._require_room(scope, headers, body)
                await self._app(scope, again(body, receive), send)
        elif scope["method"] == "POST":
            await self._app(scope, again(await body_of(receive), receive), send)
        else:
            await self._app(scope, receive, send)

    def _require_route(self, scope: Scope, headers: dict[str, str]) -> None:
        method, path = "GET" if scope["method"] == "HEAD" else scope["method"], scope["path"]
        if _is_one_of(path, _ANYONE.get(method, ())) or (path == _STARTUP and not scope["app"].startup_events_triggered):
            return
        if self._rules.needs_login and user_of(scope, headers) is None:
            raise Refused(401, "Log in first.")
        if not _is_one_of(path, _VISITORS.get(method, ())) or (path == _UPLOAD and not self._rules.takes_files):
            raise Refused(404, "There is nothing here.")

    def _require_room(self, scope: Scope, headers: dict[str, str], body: bytes) -> None:
        """Refuse what would be one too many of a visitor's in Gradio's queue, which is first come, first served."""
        blocks = scope["app"].get_blocks()
        try:
            join = json.loads(body)
            queue_name, session = blocks.fns[join["fn_index"]].concurrency_id, join["session_hash"]
        except (ValueError, KeyError, TypeError):
            raise Refused(400, "The page does not do that.") from None
        visitor = visitor_of(user_of(scope, headers), address_of(scope), session)
        events = list(blocks._queue.event_ids_to_events.values())
        mine = sum(
            event.concurrency_id == queue_name
            and visitor_of(event.username, address_of(event.request.scope), event.session_hash) == visitor
            for event in events
        )
        if mine >= (MOST_AT_ONCE if queue_name in BOUNDED else MOST_OTHERS):
            raise Refused(429, f"{mine} requests of yours are at work already. Wait for one of them, or stop it.")

    def _tried(self, scope: Scope, send: Send, *, wrong: int) -> Send:
        """A `send` that counts wrong passwords, which have the status `wrong`.

        Raises:
            Refused: there were too many from this address.
        """
        tries, now = self._tries[address_of(scope)], time.monotonic()
        while tries and tries[0] < now - TRIES_SECONDS:
            tries.popleft()
        if len(tries) >= MOST_TRIES:
            raise Refused(429, "Too many wrong passwords; wait a minute.")

        async def watched(message: Message) -> None:
            if message.get("status") == wrong:
                tries.append(now)
            await send(message)

        return watched


def _most(address: str, is_beside: bool) -> int:
    """Requests that one address may have at once."""
    return MOST_OF_PROGRAMS if is_beside and not is_loopback(address) else MOST_CONNECTIONS


def _is_one_of(path: str, known: tuple[str, ...]) -> bool:
    return any(path == one or (one != "/" and one.endswith("/") and path.startswith(one)) for one in known)


async def _answer(send: Send, refusal: Refused, path: str) -> None:
    """One line, in the form in which the page's script takes it, or in that of the HTTP API."""
    error = {"kind": "Refused", "message": str(refusal), "hint": ""}
    body = json.dumps({"error": error} if _is_one_of(path, _BESIDE) else {"detail": str(refusal)}).encode()
    headers = [(b"content-type", b"application/json"), (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": refusal.status, "headers": headers})
    await send({"type": "http.response.body", "body": body})
