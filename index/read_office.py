"""Reads Word documents with python-docx and e-books from their own parts; both are zip files, unpacked within bounds.

A document's time of creation or change is the file's history, not the article's date, and is not read.
"""

from __future__ import annotations

import io
import posixpath
from collections.abc import Iterator
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

from index.dates import parse_date
from index.files import Archive, Source, Unreadable
from index.found import Found
from index.html_text import text_of_html
from index.text_head import as_text, read_head, sensible, split_names
from index.types import Draft

if TYPE_CHECKING:
    from lxml.etree import _Element

_DEFAULT_AUTHORS = frozenset("python-docx anonymous unknown user admin administrator author owner".split()) | {
    "microsoft office user",
    "windows user",
}
_DEFAULT_TITLES = frozenset({"word document", "document", "untitled", "title", "unknown", "[no title]"})
_OLD_WORD = b"\xd0\xcf\x11\xe0"
_BROKEN_DOCX = "it is no whole Word document (.docx): open it in a word processor and save it again"
_BROKEN_EPUB = "it is no whole e-book (.epub): copy it again, or convert it anew"


def read_docx(source: Source) -> list[Draft]:
    """The one article of a Word document, its tables row by row.

    Raises:
        Unreadable: it is damaged, needs a password, or holds no text.
    """
    if source.data.startswith(_OLD_WORD):
        raise Unreadable("it is an old or password-protected Word file: save it as .docx without a password")
    Archive.open(source.data, kind="Word (.docx)").check()
    parts, written_title, author = _open_docx(source.data)
    text = "\n\n".join(part for part, _ in parts)
    if not any(map(str.isalnum, text)):
        raise Unreadable("it holds no text: put the article's words into it as text, not as pictures")
    found = Found()
    styled = next((part for part, style in parts if style in {"Title", "Heading 1"}), None)
    found.add("title", sensible(written_title, nonsense=_DEFAULT_TITLES), "document properties")
    found.add("title", styled if styled in [part for part, _ in parts[:3]] else None, "first heading")
    found.add("authors", split_names(sensible(author, nonsense=_DEFAULT_AUTHORS) or ""), "document properties")
    read_head(found, text, source.path)
    return [found.draft(doc_id=source.stem, text=text)]


def read_epub(source: Source) -> list[Draft]:
    """The one article that an e-book's chapters make, in reading order.

    Raises:
        Unreadable: it is damaged, protected, or holds no text.
    """
    archive = Archive.open(source.data, kind="e-book (.epub)")
    package = _package_path(archive)
    tree = _xml(archive.read(package))
    chapters = list(_chapters(tree, package))
    _refuse_protected(archive, chapters)
    texts = [text_of_html(archive.read(name)) for name in chapters if name in archive]
    text = "\n\n".join(part for part in texts if part)
    if not any(map(str.isalnum, text)):
        raise Unreadable("it holds no text: only pictures, or no chapters at all")
    found = Found()
    for name, tag in (("title", "title"), ("publisher", "publisher")):
        found.add(name, sensible(_dublin_core(tree, tag)[:1] and _dublin_core(tree, tag)[0], nonsense=_DEFAULT_TITLES), "book metadata")
    found.add("authors", tuple(_dublin_core(tree, "creator")), "book metadata")
    found.add_date(next(filter(None, map(parse_date, _dublin_core(tree, "date"))), None), "book metadata")
    read_head(found, text, source.path)
    return [found.draft(doc_id=source.stem, text=text)]


def _open_docx(data: bytes) -> tuple[list[tuple[str, str]], str, str]:
    """The parts of a document (see `_docx_parts`), its title and its author."""
    from docx import Document
    from docx.opc.exceptions import OpcError
    from lxml.etree import XMLSyntaxError

    try:
        document = Document(io.BytesIO(data))
        properties = document.core_properties
        return list(_docx_parts(document)), properties.title, properties.author
    except (
        OpcError,
        XMLSyntaxError,
        LookupError,
        ValueError,
        AttributeError,
        TypeError,
    ) as error:  # a part is missing, or not what it should be
        raise Unreadable(_BROKEN_DOCX) from error


def _docx_parts(document: Any) -> Iterator[tuple[str, str]]:
    """(text, style name) of each paragraph and table that is not empty; a table row is one line."""
    from docx.table import Table

    for part in document.iter_inner_content():
        if isinstance(part, Table):
            rows = [" | ".join(dict.fromkeys(" ".join(cell.text.split()) for cell in row.cells)) for row in part.rows]
            text, style = "\n".join(row for row in rows if row.strip(" |")), "Table"
        else:
            text, style = part.text.strip(), part.style.name if part.style is not None else ""
        if text:
            yield text, style


def _package_path(archive: Archive) -> str:
    """Where the e-book's package file lies."""
    container = _xml(archive.read("META-INF/container.xml"))
    for element in container.iter("{*}rootfile"):
        path = element.get("full-path")
        if path and path in archive:
            return path
    raise Unreadable(_BROKEN_EPUB)


def _chapters(package: _Element, path: str) -> Iterator[str]:
    """Archive names of the chapters in reading order, without the table of contents."""
    items = {item.get("id"): item for item in package.iter("{*}item")}
    for reference in package.iter("{*}itemref"):
        item = items.get(reference.get("idref"))
        if item is None or "nav" in (item.get("properties") or "").split() or "html" not in (item.get("media-type") or ""):
            continue
        yield posixpath.normpath(posixpath.join(posixpath.dirname(path), unquote(item.get("href") or "")))


def _refuse_protected(archive: Archive, chapters: list[str]) -> None:
    """An encrypted chapter cannot be read; encrypted fonts do not matter."""
    if "META-INF/encryption.xml" in archive:
        locked = {unquote(element.get("URI") or "") for element in _xml(archive.read("META-INF/encryption.xml")).iter("{*}CipherReference")}
        if locked.intersection(chapters):
            raise Unreadable("it is protected against copying: only an e-book without protection can be read")


def _dublin_core(package: _Element, name: str) -> list[str]:
    texts = ("".join(str(part) for part in element.itertext()) for element in package.iter(f"{{http://purl.org/dc/elements/1.1/}}{name}"))
    return [text for raw in texts if (text := as_text(raw))]


def _xml(data: bytes) -> _Element:
    """A tree that loads nothing, expands no entity and has bounded depth."""
    from lxml import etree

    parser = etree.XMLParser(no_network=True, resolve_entities=False, load_dtd=False, huge_tree=False, remove_comments=True)
    try:
        return etree.fromstring(data, parser)
    except etree.XMLSyntaxError as error:
        raise Unreadable(_BROKEN_EPUB) from error
