"""The HTTP API: a few routes that take and give JSON, for the server of the page to carry.

    POST /api/ask             a question -> an answer; with `Accept: text/event-stream` as events while it is made
    POST /api/search          words -> passages
    GET  /api/article/{id}    an article
    GET  /api/health          what is asked, by whom it is answered
    GET  /api/schema          the JSON Schema of all of that

Errors have the form that every command prints with `--json`. Who may come in is decided before (see `access`).
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from functools import partial
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.routing import Route
from starlette.types import Receive, Scope, Send

from index.errors import NotFound, UsageError
from rag.errors import ModelBusy
from rag.types import Answer
from ui.serving.problems import Busy, NotJson, NotSignedIn, TooLarge, problem, status
from ui.serving.requests import ArticleRequest, AskRequest, SearchRequest
from ui.serving.schema import ROUTES, api_schema
from ui.serving.service import Service, passages_dict
from ui.serving.slots import Slots, threaded

MAX_BODY = 1_000_000
"""Bytes of a request; a conversation of twenty long turns has fewer."""
_EVENTS = "text/event-stream"
_HINT_ROUTES = "GET /api/schema lists what there is"
Handler = Callable[[Request, Send], Awaitable[None]]


def api(service: Service, slots: Slots) -> Starlette:
    """The routes below `/api`, as an application of their own.

    Args:
        service: what is asked.
        slots: how many questions are answered at once.
    """
    handlers = Handlers(service, slots)
    served = {"/api/ask": handlers.ask, "/api/search": handlers.search, "/api/article/{id}": handlers.article,
              "/api/health": handlers.health, "/api/schema": handlers.schema}  # fmt: skip
    routes = [
        Route(path.removeprefix("/api").replace("{id}", "{id:path}"), Endpoint(served[path]), methods=[method])
        for method, path, _, _ in ROUTES
    ]
    return Starlette(routes=routes, exception_handlers={404: _no_route, 405: _wrong_method})


class Endpoint:
    """A handler whose errors become JSON."""

    def __init__(self, handle: Handler) -> None:
        self._handle = handle

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Handle a request."""
        request = Request(scope, receive)
        try:
            await self._handle(request, send)
        except ClientDisconnect:
            return
        except Exception as error:  # noqa: BLE001  the API's edge: told, and logged where nobody can act on it
            await refusal(error)(scope, receive, send)


class Handlers:
    """What each route does."""

    def __init__(self, service: Service, slots: Slots) -> None:
        self._service = service
        self._slots = slots

    async def ask(self, request: Request, send: Send) -> None:
        """Answer a question, at once or by events."""
        asked = AskRequest.parse(await _body(request))
        if _EVENTS in request.headers.get("accept", ""):
            await self._stream(asked, request, send)
            return
        answer = await self._slots.run(partial(self._service.ask, asked))
        await _send(request, send, _json(answer.to_dict()))

    async def search(self, request: Request, send: Send) -> None:
        """Find passages."""
        asked = SearchRequest.parse(await _body(request))
        passages = await self._slots.run(partial(self._service.search, asked))
        await _send(request, send, _json(passages_dict(passages)))

    async def article(self, request: Request, send: Send) -> None:
        """Give an article."""
        named = {name: value for name, value in request.query_params.items() if name != "id"}
        asked = ArticleRequest.parse_strings(id=request.path_params["id"], **named)
        shown = await self._slots.run(partial(self._service.article, asked))
        await _send(request, send, _json(shown.to_dict()))

    async def health(self, request: Request, send: Send) -> None:
        """Say what is asked."""
        await _send(request, send, _json(await self._slots.run(self._service.health)))

    async def schema(self, request: Request, send: Send) -> None:
        """Describe all of this."""
        await _send(request, send, _json(api_schema()))

    async def _stream(self, asked: AskRequest, request: Request, send: Send) -> None:
        """Send events while an answer is made; what goes wrong before the first has a status of its own."""
        async with self._slots.taken(), threaded(self._service.stream(asked)) as pieces:
            first = await anext(pieces)
            headers = {"Cache-Control": "no-store", "X-Accel-Buffering": "no"}
            await _send(request, send, StreamingResponse(_events(first, pieces), media_type=_EVENTS, headers=headers))


def refusal(error: Exception) -> Response:
    """The response that tells of an error."""
    return _json(problem(error), status=status(error), headers=_extra_headers(error))


async def _events(first: str | Answer, rest: AsyncIterator[str | Answer]) -> AsyncIterator[str]:
    yield _event(first)
    try:
        async for piece in rest:
            yield _event(piece)
    except Exception as error:  # noqa: BLE001  the status is sent already
        yield _one_event("error", problem(error))


def _event(piece: str | Answer) -> str:
    return _one_event("answer", piece.to_dict()) if isinstance(piece, Answer) else _one_event("text", {"text": piece})


def _one_event(name: str, data: Mapping[str, Any]) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False)}\n\n"


async def _body(request: Request) -> bytes:
    """The body of a request that says it is JSON.

    Raises:
        NotJson, TooLarge: it is something else, or more than `MAX_BODY`.
    """
    if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
        raise NotJson("the body must be JSON", hint="send the header Content-Type: application/json")
    body = bytearray()
    async for piece in request.stream():
        body += piece
        if len(body) > MAX_BODY:
            raise TooLarge(f"the body has more than {MAX_BODY:,} bytes", hint="ask for one thing at a time")
    return bytes(body)


async def _send(request: Request, send: Send, response: Response) -> None:
    await response(request.scope, request.receive, send)


def _json(data: Mapping[str, Any], *, status: int = 200, headers: Mapping[str, str] | None = None) -> Response:
    """A response that nobody keeps: it may be about somebody's own articles."""
    text = json.dumps(data, ensure_ascii=False)
    body = text.encode("utf-8", "backslashreplace")  # half of a surrogate pair is written as JSON writes it
    return Response(body, status_code=status, media_type="application/json", headers={"Cache-Control": "no-store", **(headers or {})})


def _extra_headers(error: Exception) -> dict[str, str]:
    if isinstance(error, NotSignedIn):
        return {"WWW-Authenticate": 'Basic realm="Dateline", charset="UTF-8"'}
    return {"Retry-After": "5"} if isinstance(error, Busy | ModelBusy) else {}


async def _no_route(request: Request, error: Exception) -> Response:
    return refusal(NotFound(f"there is no {request.url.path}", hint=_HINT_ROUTES))


async def _wrong_method(request: Request, error: Exception) -> Response:
    assert isinstance(error, HTTPException)
    allowed = (error.headers or {}).get("Allow", "")
    wrong = UsageError(f"{request.url.path} takes {allowed}, not {request.method}", hint=_HINT_ROUTES)
    return _json(problem(wrong), status=405, headers={"Allow": allowed})
