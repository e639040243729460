"""Plain text of HTML whose every word counts: a chapter of an e-book, a record's HTML body. Web pages go through `read_html`."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.html import HtmlElement

BLOCKS = frozenset(
    "address article aside blockquote body caption dd details div dl dt figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr html li"
    " main nav ol p pre section summary table tbody thead tfoot tr ul".split()
)
# Not "head": where a page opens no body, the parser puts its articles there.
SILENT = frozenset("script style noscript template title svg math iframe object button select textarea".split())
_TAG = re.compile(r"</?(?:p|div|br|a|h[1-6]|ul|ol|li|span|strong|em|b|i|img|table|figure|blockquote)\b[^<>]*>", re.IGNORECASE)
_CELLS = frozenset({"td", "th"})


def looks_like_html(text: str) -> bool:
    """Whether `text` carries HTML markup: at least two of the tags that articles are made of."""
    found = _TAG.finditer(text)
    return next(found, None) is not None and next(found, None) is not None


def parse_html(markup: str | bytes) -> HtmlElement | None:
    """The tree of an HTML document or fragment, or None where there is nothing in it. Loads nothing from anywhere."""
    from lxml import etree, html

    parser = html.HTMLParser(no_network=True, remove_comments=True, remove_pis=True, encoding="utf-8")
    if isinstance(markup, str):
        markup = markup.encode("utf-8", "ignore")
    try:
        return html.document_fromstring(markup, parser=parser)
    except (etree.ParserError, etree.XMLSyntaxError):  # lxml's words for an empty document
        return None


def text_of_html(markup: str | bytes) -> str:
    """All words of `markup`, one line for each block; cells of a table row are joined by bars."""
    tree = parse_html(markup)
    return "\n".join(block_lines(tree)) if tree is not None else ""


def block_lines(tree: HtmlElement) -> list[str]:
    """The text of each block under `tree`, in order, without scripts and forms."""
    lines = ("".join(_pieces(tree))).split("\n")
    return [line for line in (" ".join(line.split()).removesuffix(" |") for line in lines) if line]


def _pieces(element: HtmlElement) -> Iterator[str]:
    """Text in document order with line breaks around blocks; walks without recursion, since trees can be deep."""
    from lxml import etree

    silent = 0
    for event, node in etree.iterwalk(element, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if tag in SILENT:
            silent += 1 if event == "start" else -1
        elif tag in BLOCKS or (tag == "br" and event == "start"):
            yield "\n"
        elif tag in _CELLS and event == "end" and not silent:
            yield " | "
        words = node.text if event == "start" and not silent else None
        if event == "end" and not silent and node is not element:
            words = node.tail
        if words:
            yield re.sub(r"\s+", " ", words)
