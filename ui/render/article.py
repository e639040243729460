"""The open article as HTML: the whole text, the opened quote marked strongest, the other quotes of the same answer lightly."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise
from pathlib import PurePath

from index.types import Article, Newer
from rag.types import Citation
from ui.conversation import Opened, Place, Quoted
from ui.markup import Html, day, is_web, join, link, tag, text
from ui.showing import CLOSE
from ui.sources import Source, words_of

QUOTE_ID = "dl-quote"
"""The id of the highlighted passage where it begins; one that runs over several lines is one `mark.dl-mark` a line, or more."""
_KINDS = {"correction": "correction", "update": "updated version"}


def article_html(opened: Opened, sources: Mapping[Place, Source]) -> Html:
    """An article with the opened passage marked, and where its date comes from.

    Args:
        opened: what is open.
        sources: those of the answer, by place.
    """
    problem = tag("p", opened.problem, class_="dl-failed", role="status") if opened.problem else None
    source = sources.get(opened.place._replace(newer=False))
    bar = tag("div", _bar(opened, source), _versions(opened, source), _told(opened, source), class_="dl-bar")
    article = opened.article
    if article is None:
        return tag("article", bar, problem, class_="dl-article")
    body = tag("div", *_lines(article.text, opened), class_="dl-text", dir="auto")
    name = article.title or article.label
    return tag("article", bar, _head(article), problem, body, class_="dl-article", aria_label=name, tabindex=0)


def superseded_html(source: Source, newer: Newer) -> Html:
    """What took the place of a source's article, with both days (see `rag.wording.superseded_line`)."""
    done = "corrected" if newer.kind == "correction" else "updated"
    by = text(f" by {newer.label}") if newer.label != source.label else None
    return join(text("Superseded: this version of "), day(source.published), text(f" was {done} on "), day(newer.published), by, text("."))


def newer_button(place: Place, newer: Newer) -> Html:
    """What opens the article that took the place of a source's."""
    return tag("button", f"Open the {_KINDS[newer.kind]}", type="button", class_="dl-newer", data_open=place._replace(newer=True))


# The bar


def _bar(opened: Opened, source: Source | None) -> Html:
    """What the article was opened for, and the ways on and back."""
    copied = tag("span", class_="dl-unseen", role="status")
    copy = tag("button", "Copy", type="button", class_="dl-copy", data_copy=_copied(source),
               aria_label="Copy the quote and its source")  if source and not opened.place.newer else None  # fmt: skip
    back = tag("button", "‹ Answer", type="button", class_="dl-back", data_open=CLOSE, aria_label="Back to the answer")
    close = tag("button", "Close", type="button", class_="dl-close", data_open=CLOSE)
    return tag("div", back, _steps(opened), copy, copied, close, class_="dl-bar-row")


def _steps(opened: Opened) -> Html:
    """Which quote is open, and the ways to those before and after it in the same article."""
    number = tag("span", str(opened.place.number), class_=f"dl-number dl-{opened.place.kind}")
    if opened.place.newer:
        return tag("span", number, tag("span", f"its {_KINDS[opened.newer.kind] if opened.newer else 'article'}"), class_="dl-steps")
    places = [quoted.place for quoted in opened.quotes]
    if len(places) < 2 or opened.place not in places:
        label = tag("span", opened.article.label, class_="dl-whose") if opened.article else None
        return tag("span", number, label, class_="dl-steps")
    at = places.index(opened.place)
    ways = [
        tag("button", sign, type="button", class_="dl-step", data_open=places[(at + step) % len(places)], data_step=name,
            aria_label=f"{name} quote in this article")
        for sign, name, step in (("‹", "Previous", -1), ("›", "Next", 1))
    ]  # fmt: skip
    return tag("span", number, tag("span", f"{at + 1} of {len(places)}", tag("span", " here", class_="dl-here")), *ways, class_="dl-steps")


def _versions(opened: Opened, source: Source | None) -> Html | None:
    """That the article was superseded, with the way to what took its place, or the way back from there."""
    if source is None or opened.newer is None:
        return None
    if opened.place.newer:
        old = opened.place._replace(newer=False)
        words = f"This {_KINDS[opened.newer.kind]} took the place of the quoted article. "
        back = tag("button", "Open the quoted one", type="button", class_="dl-newer", data_open=old)
        return tag("p", words, back, class_="dl-version")
    return tag("p", superseded_html(source, opened.newer), " ", newer_button(opened.place, opened.newer), class_="dl-version dl-superseded")


def _told(opened: Opened, source: Source | None) -> Html | None:
    """Who says the opened quote, and what its relative dates mean, to be read beside it."""
    if not isinstance(source, Citation) or opened.place.newer:
        return None
    lines = [*([source.speech.display] if source.speech else []), *(one.display for one in source.dates)]
    return tag("p", " · ".join(lines), class_="dl-beside", dir="auto") if lines else None


def _copied(source: Source) -> str:
    """A quote with its source line, for the clipboard."""
    title = f"“{source.title}”" if source.title and source.title != source.label else None
    where = source.url if is_web(source.url) else source.path
    return f"“{words_of(source)}”\n— {', '.join(part for part in (source.label, title, source.published, where) if part)}"


# The article


def _head(article: Article) -> Html:
    origin = article.provenance.get("published")
    dated = join(day(article.published), text(f" (from {origin})") if article.published and origin else None)
    facts = [text(article.publisher) if article.publisher else None, dated, _updated(article.provenance.get("updated")),
             text(", ".join(article.authors)) if article.authors else None, link(article.url, "Web page")]  # fmt: skip
    meta = tag("ul", *(tag("li", fact) for fact in facts if fact), class_="dl-facts", role="list")
    return tag("header", tag("h3", article.title or article.doc_id, dir="auto"), meta, tag("p", _file(article), class_="dl-path"))


def _updated(updated: str | None) -> Html | None:
    """When it was last changed; `updated` is as in `Draft.provenance`, "2025-06-06 (source)"."""
    if not updated:
        return None
    when, _, origin = updated.partition(" ")
    return join(text("updated "), day(when), text(f" {origin.replace('(', '(from ', 1)}") if origin else None)


def _file(article: Article) -> str:
    """Where the file lies; a root may be the file itself."""
    root = PurePath(article.root)
    return str(root if root.name == article.path else root / article.path)


def _lines(words: str, opened: Opened) -> Iterator[Html]:
    """Each line as a block of its own with its marks; every character is kept, so that the strong marks together read as the quote."""
    several = len(opened.quotes) > 1
    begun: set[Place | None] = set()
    at = 0
    for line in words.splitlines(keepends=True):
        pieces = []
        for first, last in _cuts(at, at + len(line), opened):
            piece = words[first:last]
            quoted = _covering(first, opened)
            if quoted is None:
                pieces.append(text(piece))
                continue
            place, is_first = quoted.place, quoted.place not in begun
            begun.add(place)
            pieces.append(_mark(piece, place, opened, number=place.number if is_first and several else None, is_first=is_first))
        yield tag("span", *pieces, class_="dl-line" if line.strip() else "dl-line dl-blank")
        at += len(line)


def _mark(piece: str, place: Place, opened: Opened, *, number: int | None, is_first: bool) -> Html:
    if place == opened.place:
        begins = {"id": QUOTE_ID, "tabindex": -1} if is_first else {}
        return tag("mark", piece, class_="dl-mark", data_number=number, **begins)
    return tag("mark", piece, class_="dl-also", data_open=place, data_number=number)


def _cuts(start: int, end: int, opened: Opened) -> Iterator[tuple[int, int]]:
    """A line cut wherever a quote begins or ends."""
    edges = {opened.start, opened.end, *(edge for quoted in opened.quotes for edge in (quoted.start, quoted.end))}
    places = [start, *sorted(edge for edge in edges if start < edge < end), end]
    return pairwise(places)


def _covering(at: int, opened: Opened) -> Quoted | None:
    """The quote that the character at an offset belongs to, the opened one before any other."""
    if opened.start <= at < opened.end:
        return Quoted(opened.place, opened.start, opened.end)
    return next((quoted for quoted in opened.quotes if quoted.start <= at < quoted.end), None)
