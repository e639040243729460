"""A web page as the lines that a reader sees, each with the part of the page that it stands in.

Machine-readable dates of `<time>` and `<abbr>` elements stand in the lines where the visible words give no day.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Literal

from index.dates import find_dates, parse_date
from index.html_text import BLOCKS, SILENT
from index.names import about, copyright_owner, nameplate, outlet_in
from index.text_head import Around, lone_dates, long_line
from index.titles import title_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Place = Literal["text", "banner", "footer", "aside"]

_ASIDE_TAGS = frozenset({"nav", "aside", "form", "figcaption", "select", "button", "dialog"})
_ASIDE = frozenset(
    "related comment comments respond reply replies sidebar aside teaser teasers ticker promo newsletter recommend recommended"
    " recommendations widget most popular trending archive archives older also event events calendar agenda weather clock today programme"
    " menu nav navigation breadcrumb breadcrumbs cookie cookies consent gdpr ad ads advert banner social share latest next prev previous"
    " pagination outbrain taboola login search caption credit".split()
)
_BANNER = frozenset("masthead site title logo brand sitename topbar strip".split())
_FOOTER = frozenset("footer copyright colophon imprint".split())
_OWN = frozenset({"article", "main"})
_WORDS = re.compile(r"[a-z]+")
_HEADINGS = ("h1", "h2", "h3", "p", "b", "strong")
_MOST_HEADINGS = 60
_MOST_PARENTS = 40
_LONGEST_HEADING = 400
_UPDATED = re.compile(r"updat|modif|chang|revis|last", re.IGNORECASE)
_PUBLISHED = re.compile(r"publish|pubdate|entry-date|dt-pub|posted|created", re.IGNORECASE)
_MOST_LINES = 1_000
_BELOW_LINES = 14
_ABOVE_LINES = 8
_FOOT_LINES = 8


@dataclass(frozen=True, slots=True)
class PageLine:
    """One line of a page."""

    text: str
    place: Place
    is_headline: bool = False


def page_lines(tree: HtmlElement, *, title: str) -> list[PageLine]:
    """The lines of a page whose article is called `title`."""
    head = _headline(tree, title)
    around_head = frozenset([head, *head.iterancestors()]) if head is not None else frozenset()
    lines: list[PageLine] = []
    words: list[str] = []
    current: tuple[Place, bool] = ("text", False)

    def end_line() -> None:
        for text in "".join(words).split("\n"):
            if line := text.strip(" |\t"):
                lines.append(PageLine(line, *current))
        words.clear()

    for piece, place, is_head in _pieces(tree, around_head, head):
        if piece == "\n" or (place, is_head) != current:
            end_line()
            current = (place, is_head)
        if piece != "\n":
            words.append(piece)
    end_line()
    return lines


def page_title(tree: HtmlElement) -> str:
    """The words of the page's `<title>`."""
    element = tree.find(".//title")
    return " ".join(element.text_content().split()) if element is not None else ""


def around(lines: Sequence[PageLine], *, title: str = "") -> Around:
    """The lines around the article's text; the page's title counts as one above it."""
    number = next((position for position, line in enumerate(lines) if line.is_headline), None)
    own = [position for position, line in enumerate(lines) if line.place == "text" and not line.is_headline]
    own = [*own[:_MOST_LINES], *own[_MOST_LINES:][-_FOOT_LINES:]]
    texts = [line.text for line in lines]
    after = [position for position in own if number is None or position > number]
    prose = [position for position in after if long_line([texts[position]], 0)]
    start = prose[0] if prose else len(lines)
    above = [texts[position] for position in own if number is not None and position < number]
    below = [texts[position] for position in after if position < start]
    between = [texts[position] for position in after if len(prose) > 1 and start < position < prose[1]]
    foot = [texts[position] for position in after if prose and position > prose[-1]]
    count, is_timeline = lone_dates([texts[position] for position in own])
    return Around(
        above=[title, *above[-_ABOVE_LINES:]] if title else above[-_ABOVE_LINES:],
        below=below[:_BELOW_LINES],
        opening=texts[start] if prose else "",
        between=between[:_BELOW_LINES],
        foot=foot[:_FOOT_LINES],
        lone_dates=count,
        is_timeline=is_timeline,
        is_page=True,
    )


def paper(lines: Sequence[PageLine], *, url: str) -> tuple[str, str] | None:
    """The publisher that banner, head, address and footer tell, and where."""
    number = next((position for position, line in enumerate(lines) if line.is_headline), len(lines))
    banner = [line.text for line in lines[:number] if line.place in {"banner", "text"}]
    banner += [line.text for line in lines if line.place == "banner"]
    footer = [line.text for line in lines[number:] if line.place == "footer"] + [line.text for line in lines[-3:]]
    host = title_key(re.sub(r"^\w+://(?:www\.)?", "", url).split("/", 1)[0]) if url else ""
    for where, texts in (("masthead", banner), ("footer", footer)):
        for text in texts:
            if name := outlet_in(text) or _spelled_by(text, host):
                return name, where
    for text in footer:
        if name := copyright_owner(text) or about(text):
            return name, "footer"
    for line in lines[:number]:
        if line.place == "banner" and (name := nameplate(line.text)):
            return name, "masthead"
    for line in lines:
        if line.place != "text" and (name := outlet_in(line.text) or about(line.text)):
            return name, "page furniture"
    return None


def _spelled_by(line: str, host: str) -> str | None:
    """The part of `line` that a web host's name spells."""
    for part in re.split(r"\s+[|·–—:-]+\s+|\s*[|·•]\s*|\s{2,}", line[:_LONGEST_HEADING]):
        key = title_key(part)
        if len(key) > 4 and len(part.split()) <= 5 and host.startswith(key.removeprefix("the")):
            return part.strip()
    return None


def _headline(tree: HtmlElement, title: str) -> HtmlElement | None:
    """The element that holds the article's headline."""
    key = title_key(title)
    for tag in _HEADINGS:
        for element in islice(tree.iter(tag), _MOST_HEADINGS):
            words = title_key(element.text_content()[:_LONGEST_HEADING]) if key else ""
            if words and len(words) > 7 and (words == key or (tag in {"h1", "h2"} and (key.startswith(words) or words in key))):
                return element
    for tag in ("h1", "h2"):
        for element in islice(tree.iter(tag), _MOST_HEADINGS):
            words = " ".join(element.text_content()[:_LONGEST_HEADING].split())
            parents = islice(element.iterancestors(), _MOST_PARENTS)
            if words and not outlet_in(words) and not any(_own_place(parent, frozenset()) == "aside" for parent in parents):
                return element
    return None


def _pieces(tree: HtmlElement, around_head: frozenset[HtmlElement], head: HtmlElement | None) -> Iterator[tuple[str, Place, bool]]:
    """Words and line breaks in document order, each with its place and whether it is the headline's."""
    from lxml import etree

    open_elements: list[tuple[Place, bool]] = [("text", False)]
    silent = heads = own = dated = pre = 0
    for event, node in etree.iterwalk(tree, events=("start", "end")):
        tag = node.tag if isinstance(node.tag, str) else ""
        if event == "start":
            own += tag in _OWN
            pre += tag == "pre"
            silent += tag in SILENT
            heads += node is head
            place = _place(node, open_elements[-1][0], around_head, is_own=own > 0)
            date = _machine_date(node) if tag in {"time", "abbr"} and not silent and not dated else ""
            open_elements.append((place, bool(date)))
            if tag in BLOCKS or tag == "br":
                yield "\n", place, heads > 0
            if date:
                yield date, place, heads > 0
            elif node.text and not silent and not dated:
                yield _spaced(node.text, pre > 0), place, heads > 0
            dated += bool(date)
            continue
        dated -= open_elements.pop()[1]
        place = open_elements[-1][0]
        if tag in BLOCKS:
            yield "\n", place, heads > 0
        elif tag in {"td", "th"} or (tag == "a" and place != "text"):
            yield " | ", place, heads > 0
        heads -= node is head
        silent -= tag in SILENT
        own -= tag in _OWN
        pre -= tag == "pre"
        if node.tail and not silent and not dated and node is not tree:
            yield _spaced(node.tail, pre > 0), place, heads > 0


def _place(node: HtmlElement, parent: Place, around_head: frozenset[HtmlElement], *, is_own: bool) -> Place:
    if node in around_head:
        return "text"
    if parent != "text":
        return parent
    place = _own_place(node, around_head)
    return parent if place in {"banner", "footer"} and is_own else place


def _own_place(node: HtmlElement, around_head: frozenset[HtmlElement]) -> Place:
    """What an element says itself of its place."""
    tag = node.tag if isinstance(node.tag, str) else ""
    if node in around_head or tag in {"html", "body"}:
        return "text"
    names = set(_WORDS.findall(f"{node.get('class') or ''} {node.get('id') or ''}".lower()[:400]))
    if tag == "footer" or names & _FOOTER:
        return "footer"
    if tag in _ASIDE_TAGS or names & _ASIDE:
        return "aside"
    if tag == "header" or {"site", "title"} <= names or names & (_BANNER - {"site", "title"}):
        return "banner"
    return "text"


def _machine_date(node: HtmlElement) -> str:
    """The day of a `<time>` or `<abbr>` element whose own words give none, with the word that its class says."""
    value = parse_date(node.get("datetime") or node.get("title") or "")
    words = " ".join(node.text_content().split())
    if not value:
        return ""
    names = f"{node.get('class') or ''} {node.get('itemprop') or ''} {node.get('property') or ''}"
    name = " Updated" if _UPDATED.search(f"{names} {words}") else ""
    if not name and (_PUBLISHED.search(names) or node.get("pubdate") is not None):
        name = " Published"
    shown = [written.value for written in find_dates(words) if written.value]
    own = shown[0] if len(shown) == 1 else value
    return f" |{name} {own} | "


def _spaced(words: str, is_preformatted: bool) -> str:
    """Words with single spaces; line breaks and wide gaps count in preformatted text."""
    return re.sub(r"[ \t]{3,}", " | ", words) if is_preformatted else re.sub(r"\s+", " ", words)
