"""What a request to the page says: whose it is, from which site it comes, and what it holds. For `guard`."""

from __future__ import annotations

import asyncio
import ipaddress
from collections.abc import Awaitable, Callable
from http.cookies import CookieError, SimpleCookie
from typing import Any
from urllib.parse import urlsplit

from ui.headers import Message

Scope = dict[str, Any]
Receive = Callable[[], Awaitable[Message]]

LARGEST_BODY = 1_000_000
"""Bytes of a request that is no upload."""
LARGEST_UPLOAD = 512_000_000
"""Bytes of one."""
_BODY_SECONDS = 30.0
"""Until a request that is no upload must have come."""


class Refused(Exception):
    """A request that goes no further."""

    def __init__(self, status: int, words: str) -> None:
        super().__init__(words)
        self.status = status


# Whose request it is


def headers_of(scope: Scope) -> dict[str, str]:
    """The headers of a request; of several with one name the last."""
    return {name.decode("latin-1").lower(): value.decode("latin-1") for name, value in scope["headers"]}


def address_of(scope: Scope) -> str:
    """The address that a request comes from, as a proxy on this machine tells it where there is one."""
    return scope["client"][0] if scope.get("client") else ""


def user_of(scope: Scope, headers: dict[str, str]) -> str | None:
    """Who has logged in, by the cookie that Gradio gave out."""
    app = scope["app"]
    try:
        cookies = SimpleCookie(headers.get("cookie", ""))
    except CookieError:
        return None
    names = (f"access-token-{app.cookie_id}", f"access-token-unsecure-{app.cookie_id}")
    user: str | None = next((app.tokens.get(cookies[name].value) for name in names if name in cookies), None)
    return user


def visitor_of(user: str | None, address: str, session: str) -> tuple[str, str]:
    """Who shares one bound: a user, an address; on this machine, where all have one address, a page."""
    if user is not None:
        return "user", user
    return ("page", session) if is_loopback(address) else ("address", address)


def is_loopback(address: str) -> bool:
    """Whether an address is this machine's own."""
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False


# Where it comes from


def require_own_site(scope: Scope, headers: dict[str, str], names: frozenset[str]) -> None:
    """Refuse what another website makes a visitor's browser send, and names that somebody gave to this machine's address.

    Args:
        scope: the request.
        headers: its headers.
        names: by which browsers may reach the page, beside addresses and localhost.

    Raises:
        Refused: it is one of those.
    """
    host = headers.get("host", "")
    name = _name(f"//{host}")
    if not (name == "localhost" or name in names or _is_address(name)):
        raise Refused(421, "This page is not served under that name. Start it with --name NAME if it should be.")
    origin = headers.get("origin")
    is_own = origin is None or origin.lower().partition("://")[2] == host.lower() or _name(origin) in names
    goes_there = scope["method"] == "GET" and scope["path"] == "/" and headers.get("sec-fetch-mode") == "navigate"
    if not is_own or (headers.get("sec-fetch-site") in ("cross-site", "same-site") and not goes_there):
        raise Refused(403, "Other websites may not use this page.")


def _name(address: str) -> str:
    """The host of an address; empty where there is none, or a user's name before it, which no browser sends."""
    try:
        parts = urlsplit(address)
        return "" if "@" in parts.netloc else (parts.hostname or "").rstrip(".")
    except ValueError:
        return ""


def _is_address(name: str) -> bool:
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


# What it holds


async def body_of(receive: Receive) -> bytes:
    """The whole body of a request that is no upload.

    Raises:
        Refused: it is too large, or does not come to an end.
    """
    body = bytearray()
    try:
        async with asyncio.timeout(_BODY_SECONDS):
            while True:
                message = await receive()
                body += message.get("body", b"")
                if len(body) > LARGEST_BODY:
                    raise Refused(413, "This is more than a question can be.")
                if not message.get("more_body"):
                    return bytes(body)
    except TimeoutError:
        raise Refused(408, "The request did not come to an end.") from None


def again(body: bytes, receive: Receive) -> Receive:
    """A `receive` that gives a body that was read, then goes on as before."""
    left = [body]

    async def given() -> Message:
        if left:
            return {"type": "http.request", "body": left.pop(), "more_body": False}
        return await receive()

    return given


def bounded(receive: Receive) -> Receive:
    """A `receive` that hangs up when an upload grows too large."""
    taken = 0

    async def counted() -> Message:
        nonlocal taken
        message = await receive()
        taken += len(message.get("body", b""))
        return message if taken <= LARGEST_UPLOAD else {"type": "http.disconnect"}

    return counted
