"""Reads saved web pages: the main text by trafilatura, metadata from where pages declare it.

Comments below an article are left out. What the page holds besides its main text is recorded as removed, so that it can be checked.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from index.dates import date_in_name, numeric_order
from index.encoding import declared_encoding, decode
from index.files import Source, Unreadable
from index.found import Found, Sureness
from index.html_text import block_lines, parse_html
from index.names import is_outlet, people
from index.page_facts import Declared
from index.page_lines import around, page_lines, page_title, paper
from index.text_head import as_text, read_around, read_title, split_names
from index.titles import split_title, title_key
from index.types import Draft, Removed

if TYPE_CHECKING:
    from lxml.html import HtmlElement

_XML_DECLARATION = re.compile(r"^\s*<\?xml[^>]*\?>")
_ENOUGH_WORDS = 12
_DAY_FIRST = frozenset("de fr es it nl pt pl ru uk cs sk da sv nb no fi tr el ro hu bg hr sr sl et lv lt id vi ar".split())
"""Languages that write the day before the month in numbers; English writes both."""


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
    _read_page(found, tree, extracted, text)
    if "title" not in found.values:
        read_title(found, text)
    found.add_date(date_in_name(source.path), "file name", Sureness.FILE_NAME)
    return [found.draft(doc_id=source.stem, text=text, removed=_left_out(blocks, text))]


def _extract(page: str) -> Any:
    """Trafilatura's document for `page`, or None where it finds no article."""
    import logging

    from trafilatura import bare_extraction

    logging.getLogger("trafilatura").setLevel(logging.CRITICAL)  # it logs what the caller learns from the result
    logging.getLogger("htmldate").setLevel(logging.CRITICAL)
    return bare_extraction(
        page, include_comments=False, include_tables=True, with_metadata=True, date_extraction_params={"extensive_search": False}
    )


def _read_page(found: Found, tree: HtmlElement, extracted: Any, text: str) -> None:
    """What the page declares, then what its lines say, then what trafilatura makes of it; its dates are left out, as it takes any."""
    order = numeric_order(" ".join(tree.itertext())) or ("day first" if _language(tree) in _DAY_FIRST else None)
    declared = Declared(tree, order=order)
    lines = page_lines(tree, title=declared.title())
    found.add("url", declared.url() or (as_text(extracted.url) if extracted is not None else None), "page metadata")
    declared.read(found)
    _read_titles(found, tree, extracted)
    read_around(found, around(lines, title=page_title(tree)), text=text, order=order)
    if named := paper(lines, url=found.values.get("url") or ""):
        found.add("publisher", *named)
    if extracted is not None:
        site = as_text(extracted.sitename)
        found.add("publisher", site, "url" if title_key(site or "") in title_key(found.values.get("url") or "") else "page metadata")
        found.add("authors", people(split_names(as_text(extracted.author) or ""), publisher=found.values.get("publisher")), "page metadata")


def _read_titles(found: Found, tree: HtmlElement, extracted: Any) -> None:
    """The article's title, and the paper's name before or behind it in the page's title."""
    url, publisher = found.values.get("url"), found.values.get("publisher")
    named = as_text(extracted.title) if extracted is not None else None
    title, outlet = split_title(named or "", url=url, publisher=publisher)
    found.add("title", title, "page metadata")
    found.add("publisher", outlet, "page title")
    whole = page_title(tree)
    found.add("publisher", split_title(whole, url=url)[1], "page title")
    if title:
        found.add("publisher", _beside_title(whole, title), "page title")


def _beside_title(whole: str, title: str) -> str | None:
    """The site's name in a page title that is the headline and one name."""
    parts = [part.strip() for part in re.split(r"\s+[|·–—:-]+\s+|\s*\|\s*", whole)]
    if len(parts) != 2 or title_key(title) not in map(title_key, parts):
        return None
    name = next((part for part in parts if title_key(part) != title_key(title)), "")
    return name if is_outlet(name) else None


def _language(tree: HtmlElement) -> str:
    return (tree.get("lang") or "").lower().split("-")[0]


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
