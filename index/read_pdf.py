"""Reads PDF files with pypdf: lines become paragraphs, words divided at line ends are mended, page headers go.

A scanned page has no text, and no text recognition is done here.
"""

from __future__ import annotations

import io
import re
from collections import Counter
from collections.abc import Sequence

from index.files import Source, Unreadable
from index.found import Found
from index.text_head import read_head, sensible, split_names
from index.types import Draft, Removed

_DEFAULT_TITLES = frozenset(
    {"untitled", "untitled document", "(untitled)", "document", "title", "unspecified", "layout 1", "(unspecified)"}
)
_DEFAULT_AUTHORS = frozenset(
    {"anonymous", "(anonymous)", "unknown", "user", "admin", "administrator", "author", "unspecified", "(unspecified)"}
)
_PROGRAM_TITLE = re.compile(r"(?:microsoft (?:word|powerpoint)|powerpoint|print) ?[-–]|\w+://|[\w-]+\.\w{2,4}$", re.IGNORECASE)
_PARAGRAPH_END = re.compile(r"[.!?:…][\"'”’»)\]]*$")
_DIVIDED = re.compile(r"(\w+)[-\u00ad\u2010]$")
_PAGE_NUMBER = re.compile(r"(?:page )?\d{1,4}(?: ?(?:of|/) ?\d{1,4})?|- ?\d{1,4} ?-", re.IGNORECASE)
_LONGEST_WORD = 80
_SHORT_LINE = 0.75
_HEADER_PAGES = 3


def read_pdf(source: Source) -> list[Draft]:
    """The one article of a PDF file.

    Raises:
        Unreadable: it is damaged, needs a password, or holds pictures only.
    """
    pages, title, author = _extract(source.data)
    pages, headers = _without_headers([page for page in pages if page])
    text = join_lines([line for page in pages for line in page])
    if not any(map(str.isalnum, text)):
        raise Unreadable("it holds no text, only pictures of pages: run text recognition on it first (ocrmypdf IN OUT)")
    found = Found()
    if title and not _PROGRAM_TITLE.match(title):
        found.add("title", sensible(title, nonsense=_DEFAULT_TITLES), "document properties")
    found.add("authors", split_names(sensible(author, nonsense=_DEFAULT_AUTHORS) or ""), "document properties")
    read_head(found, text, source.path)
    return [found.draft(doc_id=source.stem, text=text, removed=headers)]


def join_lines(lines: Sequence[str]) -> str:
    """Paragraphs of the printed `lines`: a line that ends a sentence and falls short of the usual width ends its paragraph."""
    widths = sorted(len(line) for line in lines if line)
    width = widths[len(widths) * 9 // 10] if widths else 0
    words = Counter(word.casefold() for line in lines for word in re.findall(r"[\w-]+", line))
    paragraphs: list[str] = [""]
    previous = ""
    for line in lines:
        if not line or (previous and _ends_paragraph(previous, line, width)):
            paragraphs.append("")
        paragraphs[-1] = _append(paragraphs[-1], line, words)
        previous = line
    return "\n\n".join(paragraph for paragraph in paragraphs if paragraph)


def _extract(data: bytes) -> tuple[list[list[str]], str, str]:
    """The lines of each page, and the document's title and author."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import FileNotDecryptedError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)  # it logs every flaw of a file that it reads all the same
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Unreadable("it is protected by a password: save a copy without one")
        pages = [[line.strip() for line in page.extract_text().splitlines()] for page in reader.pages]
        information = reader.metadata
        return pages, str((information and information.title) or ""), str((information and information.author) or "")
    except Unreadable:
        raise
    except FileNotDecryptedError as error:
        raise Unreadable("it is protected by a password: save a copy without one") from error
    except Exception as error:
        raise Unreadable("it is no whole PDF file: open it in a viewer and print it to a new PDF, or copy it again") from error


def _ends_paragraph(line: str, following: str, width: int) -> bool:
    if following[:1].islower() or _DIVIDED.search(line[-_LONGEST_WORD:]):
        return False
    return len(line) < width * _SHORT_LINE if not _PARAGRAPH_END.search(line) else len(line) + len(following.split()[0]) < width * 0.95


def _append(paragraph: str, line: str, words: Counter[str]) -> str:
    """`paragraph` with `line` behind it; a divided word is joined unless the document writes it with a hyphen elsewhere."""
    divided = _DIVIDED.search(paragraph[-_LONGEST_WORD:])
    if not divided or not line[:1].islower():
        return f"{paragraph} {line}".strip()
    rest = re.match(r"\w*", line)
    second = rest[0] if rest else ""
    keeps_hyphen = f"{divided[1]}-{second}".casefold() in words and f"{divided[1]}{second}".casefold() not in words
    return paragraph + line if keeps_hyphen else paragraph[:-1] + line


def _without_headers(pages: list[list[str]]) -> tuple[list[list[str]], tuple[Removed, ...]]:
    """`pages` without page numbers and the first or last line that most pages share."""
    counts = Counter(key for page in pages for key in {_header_key(page[0]), _header_key(page[-1])})
    shared = {key for key, count in counts.items() if count >= _HEADER_PAGES and count * 2 > len(pages)}
    removed: list[str] = []
    kept: list[list[str]] = []
    for page in pages:
        lines = list(page)
        for end in (0, -1):
            if lines and (_header_key(lines[end]) in shared or (len(pages) > 1 and _PAGE_NUMBER.fullmatch(lines[end]))):
                removed.append(lines.pop(end))
        kept.append(lines)
    return kept, tuple(Removed(text=line, rule="page-header") for line in dict.fromkeys(removed) if line)


def _header_key(line: str) -> str:
    return re.sub(r"\d+", "0", line)
