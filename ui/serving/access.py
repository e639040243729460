"""Who may ask, where the page asks for a name and a password: the same people, by the same check."""

from __future__ import annotations

import base64
import binascii
from collections.abc import Callable
from functools import partial

import anyio.to_thread
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Receive, Scope, Send

from ui.serving.api import refusal
from ui.serving.problems import NotSignedIn

Check = Callable[[str, str], bool]
_HINT = "send a name and password of the auth file: curl --user NAME ..."


class SignedIn:
    """Lets those in who signed in to the page, by its cookie, or who send a name and password with the request (HTTP Basic)."""

    def __init__(self, app: ASGIApp, check: Check | None) -> None:
        """Guard `app` by `check`; None lets everybody in."""
        self._app = app
        self._check = check

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if self._check is None or _signed_in(scope) or await self._knows(HTTPConnection(scope)):
            await self._app(scope, receive, send)
        else:
            await refusal(NotSignedIn("nobody may ask here without a name and password", hint=_HINT))(scope, receive, send)

    async def _knows(self, request: HTTPConnection) -> bool:
        assert self._check is not None
        given = _credentials(request.headers.get("authorization", ""))
        return given is not None and await anyio.to_thread.run_sync(partial(self._check, *given))


def _signed_in(scope: Scope) -> bool:
    """Whether the request has the cookie that Gradio gave somebody who signed in."""
    page, cookies = scope["app"], HTTPConnection(scope).cookies
    names = (f"access-token-{page.cookie_id}", f"access-token-unsecure-{page.cookie_id}")
    return any(cookies[name] in page.tokens for name in names if name in cookies)


def _credentials(header: str) -> tuple[str, str] | None:
    """The name and password of an Authorization header; None where it has none.

    >>> _credentials("Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ==")
    ('Aladdin', 'open sesame')
    """
    scheme, _, encoded = header.partition(" ")
    try:
        name, colon, password = base64.b64decode(encoded.strip(), validate=True).decode().partition(":")
    except (binascii.Error, UnicodeDecodeError):
        return None
    return (name, password) if colon and scheme.lower() == "basic" else None
