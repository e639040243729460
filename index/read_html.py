"""Reads saved web pages: the main text by trafilatura, metadata from where pages declare it.

Comments below an article are left out. What the page holds besides its main text is recorded as removed, so that it can be checked.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from index.dates import parse_date
from index.encoding import declared_encoding, decode
from index.files import Source, Unreadable
from index.html_text import block_lines, parse_html
from index.text_head import Found, as_text, read_head, split_names
from index.titles import split_title, title_key
from index.types import Draft, Removed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_PUBLISHED = (
    "article:published_time og:article:published_time og:published_time datepublished publishdate pubdate date dc.date dc.date.issued"
    " dcterms.date dcterms.issued dcterms.created sailthru.date parsely-pub-date publish_date"
    " publication_date article.published citation_publication_date"
).split()
# The date of last change is no publication date, and a page's text is searched for dates elsewhere: only what the page declares.
_DATE_SEARCH = {"original_date": True, "extensive_search": False, "min_date": "1800-01-01", "max_date": "2999-12-31"}
_ENOUGH_WORDS = 12


def read_html(source: Source) -> list[Draft]:
    """The one article of an HTML page.

    Raises:
        Unreadable: it is binary, or no article is found in it.
    """
    page = _XML_DECLARATION.sub("", decode(source.data, declared=declared_encoding(source.data)))
    tree = parse_html(page)
    blocks = block_lines(tree) if tree is not None else []
    extracted = _extract(page) if blocks else None
    text = str(extracted.text or "") if extracted is not None else ""
    if len(text.split()) < _ENOUGH_WORDS:
        text = _all_prose(blocks) or text
    elif tree is not None:
        text = "\n".join(_restored(tree, _without_bullets(text.split("\n"), blocks)))
    if tree is None or not any(map(str.isalnum, text)):
        raise Unreadable("no article text was found in this page: open it in a browser and save it as text or PDF")
    found = Found()
    _read_declared(found, tree)
    if extracted is not None:
        _read_extracted(found, extracted)
    read_head(found, text, source.path)
    return [found.draft(doc_id=source.stem, text=text, removed=_left_out(blocks, text))]


def _extract(page: str) -> Any:
    """Trafilatura's document for `page`, or None where it finds no article."""
    import logging

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what the caller learns from the result
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    return bare_extraction(page, include_comments=False, include_tables=True, with_metadata=True, date_extraction_params=dict(_DATE_SEARCH))


def _read_declared(found: Found, tree: HtmlElement) -> None:
    """What the page says about itself in structured data, meta tags and time elements."""
    for item in _linked_data(tree):
        found.add("published", parse_date(str(item.get("datePublished") or "")), "JSON-LD datePublished")
        publisher = item.get("publisher")
        if isinstance(publisher, Mapping):
            found.add("publisher", as_text(publisher.get("name")), "JSON-LD publisher")
    metas = {
        str(meta.get("property") or meta.get("name") or meta.get("itemprop") or "").lower(): meta.get("content")
        for meta in tree.iter("meta")
    }
    for name in _PUBLISHED:
        found.add("published", parse_date(metas.get(name) or ""), f"meta {name}")
    found.add("publisher", as_text(metas.get("og:site_name")), "meta og:site_name")
    for time in tree.iter("time"):
        if time.get("pubdate") is not None or "published" in (time.get("itemprop") or time.get("class") or "").lower():
            found.add("published", parse_date(time.get("datetime") or ""), "time element")


def _read_extracted(found: Found, extracted: Any) -> None:
    url = as_text(extracted.url)
    found.add("url", url, "page metadata")
    title, outlet = split_title(as_text(extracted.title) or "", url=url, publisher=found.values.get("publisher"))
    found.add("title", title, "page metadata")
    site = as_text(extracted.sitename)
    found.add("publisher", outlet, "page title")
    found.add("publisher", site, "url" if title_key(site or "") in title_key(url or "") else "page metadata")
    found.add("published", parse_date(str(extracted.date or "")), "page metadata")
    found.add("authors", split_names(as_text(extracted.author) or ""), "page metadata")


def _linked_data(tree: HtmlElement) -> Iterator[Mapping[str, Any]]:
    """The objects of the page's JSON-LD, at most two levels down; a damaged block is passed over, as browsers do."""
    for script in tree.iter("script"):
        if (script.get("type") or "").lower() != "application/ld+json":
            continue
        try:
            data = json.loads(script.text or "null", strict=False)
        except (ValueError, RecursionError):
            continue
        for item in data if isinstance(data, list) else [data]:
            if isinstance(item, Mapping):
                yield item
                graph = item.get("@graph")
                yield from (part for part in graph if isinstance(part, Mapping)) if isinstance(graph, list) else ()


def _all_prose(blocks: list[str]) -> str:
    """The sentences of a page too small or plain for trafilatura."""
    prose = [line for line in blocks if len(line.split()) >= 5 and line.endswith((".", "!", "?", "”", '"'))]
    return "\n".join(blocks) if prose and len(prose) * 2 >= len(blocks) else "\n".join(prose)


def _without_bullets(lines: list[str], blocks: list[str]) -> list[str]:
    """`lines` without the dashes that trafilatura puts before list items; a dash that the page has itself stays."""
    own = set(blocks)
    return [line[2:] if line.startswith("- ") and line not in own else line for line in lines]


def _restored(tree: HtmlElement, lines: list[str]) -> list[str]:
    """`lines` with what trafilatura left out amid the article: section headings over kept text, paragraphs between kept ones."""
    keys = [title_key(line) for line in lines]
    restored = list(lines)
    position = -1
    for element in tree.iter("h2", "h3", "h4", "p", "li", "blockquote"):
        words = " ".join(element.text_content().split())
        key = title_key(words)
        if not key:
            continue
        if key in keys[position + 1 :]:
            position = keys.index(key, position + 1)
        elif position >= 0 and key not in keys and _belongs(element, frozenset(keys)):
            position += 1
            restored.insert(position, words)
            keys.insert(position, key)
    return restored


def _belongs(element: HtmlElement, kept: frozenset[str]) -> bool:
    """Whether a bare paragraph stands between kept siblings, or a heading right above a kept one."""
    before, after = element.getprevious(), element.getnext()
    if after is None or title_key(after.text_content()) not in kept:
        return False
    if element.tag == "p":
        return not element.attrib and element.find(".//a") is None and before is not None and title_key(before.text_content()) in kept
    return str(element.tag).startswith("h")


def _left_out(blocks: list[str], text: str) -> tuple[Removed, ...]:
    """The blocks of the page that the main text lacks, neighbours together."""
    kept = title_key(text)
    runs: list[list[str]] = [[]]
    for line in blocks:
        key = title_key(line)
        if not key:
            continue
        if key in kept:
            runs.append([])
        else:
            runs[-1].append(line)
    return tuple(Removed(text="\n".join(run), rule="outside-main-text") for run in runs if run)
