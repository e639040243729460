"""HTML from text that cannot be trusted: the few helpers that everything on the page is made with.

Text goes in through `text` or an attribute of `tag`, both escaped; nothing else of this house writes angle brackets round
values. Markdown never comes into it.
"""

from __future__ import annotations

import html
import re
from datetime import date
from urllib.parse import urlsplit

_VOID = frozenset({"input", "wbr"})
"""Elements without an end."""
_HOST = re.compile(r"([\w.-]+|\[[\da-fA-F:.]+\])(:\d+)?")


class Html(str):
    """Markup that is safe to show as it is."""

    __slots__ = ()


def text(value: object) -> Html:
    """Any value as text: nothing in it acts as markup, and the page shows every character of it."""
    return Html(html.escape(str(value), quote=True).replace("\r", "&#13;").replace("\0", "\ufffd"))


def tag(name: str, *content: Html | str | None, **attributes: object) -> Html:
    """An element; content that is not `Html` is escaped, attributes that are None or False are left out.

    >>> tag("p", "a < b", class_="note", data_open="0:c1")
    '<p class="note" data-open="0:c1">a &lt; b</p>'
    """
    written = "".join(
        f' {key.rstrip("_").replace("_", "-")}="{text("" if value is True else value)}"'
        for key, value in attributes.items()
        if value is not None and value is not False
    )
    inside = "".join(piece if isinstance(piece, Html) else text(piece) for piece in content if piece is not None)
    return Html(f"<{name}{written}>" if name in _VOID else f"<{name}{written}>{inside}</{name}>")


def join(*pieces: Html | None) -> Html:
    """Pieces of markup one after the other."""
    return Html("".join(piece for piece in pieces if piece))


def link(url: str | None, words: str) -> Html | None:
    """A link that opens a new tab; None unless `url` is an http or https address."""
    if not is_web(url):
        return None
    return tag("a", words, href=url, target="_blank", rel="noopener noreferrer nofollow")


def is_web(url: str | None) -> bool:
    """Whether this is an http or https address of a host, and no other: `https://bank.com@example.org` leads to example.org."""
    try:
        parts = urlsplit(url or "")
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and _HOST.fullmatch(parts.netloc) is not None


def day(published: str | None) -> Html:
    """`2022-08-15T10:00` -> 15 August 2022, 10:00; "undated" for None."""
    if published is None:
        return tag("span", "undated", class_="dl-undated")
    try:
        then = date.fromisoformat(published[:10])
    except ValueError:
        return text(published)
    clock = f", {published[11:16]}" if len(published) > 10 else ""
    return tag("time", f"{then.day} {then:%B} {then.year}{clock}", datetime=published)


def count(number: int, one: str, many: str = "") -> str:
    """`count(1, "article")` -> 1 article; `count(2, "article")` -> 2 articles."""
    return f"{number:,} {one if number == 1 else many or one + 's'}"
