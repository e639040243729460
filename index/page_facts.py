"""What a web page declares about its article: JSON-LD, microdata and RDFa, meta tags, elements with a telling class.

Only what belongs to the article itself counts: not the declarations for related articles, comments, images, events or entries of a
live blog. A damaged block is passed over, as browsers do.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from typing import TYPE_CHECKING, Any

from index.dates import Order, date_in_url, parse_date, parse_record_date
from index.found import Found, Sureness
from index.names import bylines, is_person, people
from index.text_head import as_text
from index.titles import title_key

if TYPE_CHECKING:
    from lxml.html import HtmlElement

Node = Mapping[str, Any]

_ARTICLE = re.compile(r"article|blogposting|report$|posting|newsitem|review$|liveblog|column|h-entry", re.IGNORECASE)
_PAGE = re.compile(r"webpage|itempage|aboutpage", re.IGNORECASE)
_SITE = re.compile(r"website|organization|organisation|newsmedia|periodical|newspaper|corporation", re.IGNORECASE)
_PUBLISHED = (
    "article:published_time article:published og:article:published_time og:published_time datepublished publishdate article.published"
    " sailthru.date parsely-pub-date publish_date publish-date publication_date publication-date date-published citation_publication_date"
    " citation_online_date dc.date.issued dcterms.issued dc.issued dcterms.available prism.publicationdate originalpublicationdate"
    " article_date_original rnews:datepublished ptime pdate cxenseparse:recs:publishtime bt:pubdate displaydate"
).split()
_DATED = (
    "pubdate og:pubdate date dc.date dcterms.date dcterms.created dc.date.created citation_date creation_date created article:created"
).split()
_CHANGED = (
    "article:modified_time og:article:modified_time og:updated_time datemodified last-modified lastmod lastmodified dcterms.modified"
    " dc.date.modified article:modified revised updated_time moddate"
).split()
_PUBLISHERS = "og:site_name dc.publisher dcterms.publisher publisher application-name citation_journal_title cre".split()
_AUTHORS = "author article:author og:article:author parsely-author dc.creator dcterms.creator sailthru.author byl citation_author".split()
_UTC = re.compile(r"(?:z|\+00:?00|utc|gmt)$", re.IGNORECASE)
_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)
_MOST_NODES = 500
_MOST_ELEMENTS = 2_000
_MOST_PARENTS = 60


class Declared:
    """What one page declares; each method adds one kind of it to what was found."""

    def __init__(self, tree: HtmlElement, *, order: Order | None) -> None:
        self.tree = tree
        self.order = order
        self.nodes = list(islice(_nodes(tree), _MOST_NODES))
        self.by_id = {str(node["@id"]): node for node in reversed(self.nodes) if node.get("@id") and len(node) > 1}
        self.metas = list(_metas(tree))

    def title(self) -> str:
        """The article's headline, or the page's title."""
        node = self._article()
        head = self.tree.find(".//title")
        named = as_text(node.get("headline")) if node else None
        return named or self._meta("og:title") or (" ".join(head.text_content().split()) if head is not None else "")

    def url(self) -> str | None:
        """The page's own address."""
        links = (link.get("href") for link in self.tree.iter("link") if "canonical" in (link.get("rel") or "").lower().split())
        node = self._article() or {}
        own = (node.get("url"), node.get("mainEntityOfPage"), node.get("@id"))
        named = [*links, self._meta("og:url"), *(value.get("@id") if isinstance(value, Mapping) else value for value in own)]
        return next((value.strip() for value in named if isinstance(value, str) and _ADDRESS.fullmatch(value.strip())), None)

    def read(self, found: Found) -> None:
        """Adds everything, JSON-LD first."""
        self._read_linked_data(found)
        self._read_microdata(found)
        self._read_metas(found)
        self._read_linked_site(found)
        self._read_classes(found)
        found.add_date(date_in_url(self.url() or ""), "web address", Sureness.ADDRESS)

    def _article(self) -> Node | None:
        """The JSON-LD object of the article: of several, the one that is called what the page is."""
        articles = [node for node in self.nodes if _ARTICLE.search(_type(node))]
        head = self.tree.find(".//title")
        key = title_key(head.text_content()) if head is not None else ""
        named = [
            node for node in articles if (name := title_key(as_text(node.get("headline")) or "")) and key and (name in key or key in name)
        ]
        return next(iter(named or articles), None)

    def _read_linked_data(self, found: Found) -> None:
        article = self._article()
        pages = [node for node in self.nodes if _PAGE.search(_type(node)) or (not _type(node) and "datePublished" in node)]
        for node in [*([article] if article else []), *pages]:
            self._date(found, as_text(node.get("datePublished")), "JSON-LD datePublished")
            found.add_change(self._parsed(as_text(node.get("dateModified"))), "JSON-LD dateModified")
        if article:
            publisher = next(iter(self._names(article.get("publisher"))), None)
            found.add("publisher", publisher, "JSON-LD publisher")
            found.add("authors", people(self._names(article.get("author"), people_only=True), publisher=publisher), "JSON-LD author")
            found.add("authors", people(self._names(article.get("creator"), people_only=True), publisher=publisher), "JSON-LD creator")

    def _read_linked_site(self, found: Found) -> None:
        for node in self.nodes:
            for value in ([node] if _SITE.search(_type(node)) else []) + ([node.get("isPartOf")] if _ARTICLE.search(_type(node)) else []):
                found.add("publisher", next(iter(self._names(value)), None), "JSON-LD site")

    def _names(self, value: Any, *, people_only: bool = False, depth: int = 0) -> Iterator[str]:
        """The names of a person or an organization, or of a list of them; references are followed once."""
        if isinstance(value, list):
            for entry in value[:50]:
                yield from self._names(entry, people_only=people_only, depth=depth)
        elif isinstance(value, str):
            node = self.by_id.get(value)
            if node and not depth:
                yield from self._names(node, people_only=people_only, depth=1)
            elif "://" not in value and not value.startswith("#") and (name := as_text(value)):
                yield name
        elif isinstance(value, Mapping):
            known = self.by_id.get(str(value.get("@id"))) if not value.get("name") else value
            if known and not (people_only and _SITE.search(_type(known))) and (name := as_text(known.get("name"))):
                yield name

    def _read_microdata(self, found: Found) -> None:
        """`itemprop` and `property` of the first article on the page, and of the page itself."""
        scope: HtmlElement | None = None
        for element, name in _properties(self.tree):
            kind, owner = _scope(element)
            if not (_ARTICLE.search(kind) or _PAGE.search(kind) or not kind):
                continue
            scope = owner if scope is None else scope
            if owner is not scope or (element.tag == "meta" and not kind):
                continue
            if name == "datepublished":
                self._date(found, _value(element), "microdata datePublished")
            elif name == "datemodified":
                found.add_change(self._parsed(_value(element)), "microdata dateModified")
            elif name == "publisher":
                found.add("publisher", self._party(element), "microdata publisher")
            elif name in {"author", "creator"} and kind:
                self._add_author(found, self._party(element), "microdata author")

    def _party(self, element: HtmlElement) -> str | None:
        """The name of a person or an organization that an element holds or points to."""
        target = element.get("href") or element.get("resource") or ""
        holder = element
        if target.startswith("#") and not element.text_content().strip():
            holder = next((other for other in islice(self.tree.iter(), _MOST_ELEMENTS) if other.get("id") == target[1:]), element)
        for inner in islice(holder.iter(), 1, 50):
            if "name" in (inner.get("itemprop") or inner.get("property") or "").lower().replace("schema:", "").split():
                return as_text(inner.get("content") or inner.text_content())
        return as_text(holder.get("content") or holder.text_content() or holder.get("title"))

    def _add_author(self, found: Found, name: str | None, source: str) -> None:
        """Keeps an author beside those of the same source."""
        names = people([name or ""], publisher=found.values.get("publisher"))
        if names and found.provenance.get("authors") == source:
            found.values["authors"] = tuple(dict.fromkeys((*found.values["authors"], *names)))
        else:
            found.add("authors", names, source)

    def _read_metas(self, found: Found) -> None:
        for names, sureness in ((_PUBLISHED, Sureness.NAMED), (_DATED, Sureness.PLAIN)):
            for name in names:
                self._date(found, self._meta(name), f"meta {name}", sureness)
        for name in _CHANGED:
            found.add_change(self._parsed(self._meta(name)), f"meta {name}")
        for name in _PUBLISHERS:
            value = self._meta(name)
            found.add("publisher", value if value and "://" not in value and not value.startswith("@") else None, f"meta {name}")
        for name in _AUTHORS:
            values = [content for key, content in self.metas if key == name]
            found.add("authors", people(values, publisher=found.values.get("publisher")), f"meta {name}")

    def _read_classes(self, found: Found) -> None:
        """Writers in `rel="author"` and in elements whose class says byline."""
        for element in islice(self.tree.iter("a", "span", "p", "div", "address", "cite", "strong", "em", "i", "b"), _MOST_ELEMENTS):
            names = set(re.findall(r"[a-z]+", f"{element.get('class') or ''} {element.get('rel') or ''}".lower()[:200]))
            if not names & {"author", "byline", "auth", "autor", "auteur", "writer", "reporter", "fn"} or names & {
                "comment",
                "bio",
                "box",
                "avatar",
            }:
                continue
            if any(_is_others(parent) for parent in islice(element.iterancestors(), _MOST_PARENTS)):
                continue
            words = " ".join(element.text_content()[:300].split())
            written = bylines(words) or (people([words], publisher=found.values.get("publisher")) if is_person(words) else ())
            found.add("authors", written, "byline")

    def _meta(self, name: str) -> str | None:
        return next((content for key, content in self.metas if key == name and content), None)

    def _date(self, found: Found, value: str | None, source: str, sureness: Sureness = Sureness.NAMED) -> None:
        found.add_date(self._parsed(value), source, sureness, is_utc=bool(_UTC.search((value or "").strip())))

    def _parsed(self, value: str | None) -> str | None:
        return (parse_date(value, order=self.order) or parse_record_date(value)) if value else None


def _nodes(tree: HtmlElement) -> Iterator[Node]:
    """The objects of the page's JSON-LD: those at the top, in lists and graphs, and what a page names as its main thing."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower().split(";")[0].strip() != "application/ld+json":
            continue
        try:
            data = json.loads(
                re.sub(r"^\s*(?:<!--|//<!\[CDATA\[|<!\[CDATA\[)|(?:-->|//\]\]>|\]\]>)\s*$", "", script.text or "null"), strict=False
            )
        except (ValueError, RecursionError):
            continue
        yield from _unfold(data, depth=0)


def _unfold(data: Any, *, depth: int) -> Iterator[Node]:
    if depth > 4:
        return
    if isinstance(data, list):
        for item in data:
            yield from _unfold(item, depth=depth + 1)
    elif isinstance(data, Mapping):
        yield data
        for name in ("@graph", "mainEntity"):
            yield from _unfold(data.get(name), depth=depth + 1)


def _type(node: Node) -> str:
    kind = node.get("@type")
    return " ".join(map(str, kind[:5])) if isinstance(kind, list) else str(kind or "")


def _metas(tree: HtmlElement) -> Iterator[tuple[str, str]]:
    for meta in tree.iter("meta"):
        content = (meta.get("content") or "").strip()
        name = meta.get("property") or meta.get("name") or (meta.get("itemprop") if _scope(meta)[1] is None else "") or ""
        if content and len(content) < 500:
            for key in name.lower().split():
                yield key, content


def _properties(tree: HtmlElement) -> Iterator[tuple[HtmlElement, str]]:
    """Elements with one of the properties that matter; beyond so many elements a page is no article."""
    wanted = {"datepublished", "datemodified", "publisher", "author", "creator"}
    for element in tree.iter():
        if not isinstance(element.tag, str):
            continue
        names: Sequence[str] = f"{element.get('itemprop') or ''} {element.get('property') or ''}".lower().replace("schema:", "").split()
        for name in names:
            if name in wanted:
                yield element, name


def _scope(element: HtmlElement) -> tuple[str, HtmlElement | None]:
    """The type of the thing whose property an element is, and that thing's own element."""
    for parent in islice(element.iterancestors(), _MOST_PARENTS):
        if parent.get("itemscope") is not None or parent.get("typeof"):
            return str(parent.get("itemtype") or parent.get("typeof") or "thing"), parent
    return "", None


def _value(element: HtmlElement) -> str | None:
    return as_text(element.get("content") or element.get("datetime") or element.get("title") or element.text_content()[:100])


def _is_others(element: HtmlElement) -> bool:
    """Whether an element holds what belongs to other articles or to readers."""
    names = set(re.findall(r"[a-z]+", f"{element.get('class') or ''} {element.get('id') or ''}".lower()[:200]))
    is_page = element.tag in {"html", "body"}
    return not is_page and bool(names & {"comment", "comments", "related", "sidebar", "older", "archive", "teaser", "teasers", "footer"})
