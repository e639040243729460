"""What the page's server says beside its answers: what a browser may do with them.

The policy lets a page load, and send to, nothing but its own server, and no markup of an article could start a script: only scripts
with the word of the day, made for each page anew, run. Gradio compiles its components' scripts from text, hence 'unsafe-eval'.
"""

from __future__ import annotations

import re
import secrets
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any

Message = MutableMapping[str, Any]
Send = Callable[[Message], Awaitable[None]]
Header = tuple[bytes, bytes]

_POLICY = (
    "default-src 'none'; script-src 'self' 'nonce-{nonce}' 'unsafe-eval'; style-src 'self' 'unsafe-inline'; img-src 'self' data: blob:; "
    "font-src 'self' data:; connect-src 'self'; media-src 'self' blob:; worker-src 'self' blob:; manifest-src 'self'; "
    "base-uri 'self'; form-action 'self'; frame-ancestors 'none'"
)
_FIXED: tuple[Header, ...] = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"no-referrer"),
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=()"),
)
_SAME_SITE = re.compile(rb";\s*samesite=\w+", re.I)
_SCRIPT = re.compile(rb"<script\b")


def with_headers(send: Send, *, may_keep: bool) -> Send:
    """A `send` that adds the headers, and the nonce to the scripts of a page.

    Args:
        send: where the answer goes.
        may_keep: whether the browser may keep the answer on its disk.
    """
    nonce = secrets.token_urlsafe(16)
    page: list[Message] = []

    async def dressed(message: Message) -> None:
        if message["type"] == "http.response.start":
            message["headers"] = [*_kept(message["headers"], may_keep=may_keep), *_FIXED, _policy(nonce)]
            if _is_page(message["headers"]):
                page.append(message)
                return
        elif page:
            page.append(message)
            if not message.get("more_body"):
                for whole in _as_one(page, nonce):
                    await send(whole)
            return
        await send(message)

    return dressed


def _policy(nonce: str) -> Header:
    return b"content-security-policy", _POLICY.format(nonce=nonce).encode()


def _kept(headers: Iterable[Header], *, may_keep: bool) -> list[Header]:
    """The headers of the answer, with cookies that other sites cannot make a browser send."""
    kept = [(name, _SAME_SITE.sub(b"", value) + b"; SameSite=lax" if name.lower() == b"set-cookie" else value) for name, value in headers]
    return (
        kept
        if may_keep
        else [*((name, value) for name, value in kept if name.lower() != b"cache-control"), (b"cache-control", b"no-store")]
    )


def _is_page(headers: Iterable[Header]) -> bool:
    return any(name.lower() == b"content-type" and value.startswith(b"text/html") for name, value in headers)


def _as_one(page: list[Message], nonce: str) -> Iterable[Message]:
    """A page that came in pieces: its start and its body, with the nonce in each of its scripts.

    What is in the page as text or data has no `<script`: Gradio writes `<` in its configuration as an escape.
    """
    start, *pieces = page
    body = _SCRIPT.sub(b'<script nonce="%s"' % nonce.encode(), b"".join(piece.get("body", b"") for piece in pieces))
    lengths = (b"content-length", str(len(body)).encode())
    start["headers"] = [lengths if name.lower() == b"content-length" else (name, value) for name, value in start["headers"]]
    return start, {"type": "http.response.body", "body": body}
