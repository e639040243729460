"""From a file's bytes to drafts of articles, by the reader for its suffix. What it costs is bounded by `isolate`, not here."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from index.files import Source, Unreadable, gunzip
from index.read_html import read_html
from index.read_office import read_docx, read_epub
from index.read_pdf import read_pdf
from index.read_records import read_csv, read_json, read_json_lines
from index.read_text import read_markdown, read_text
from index.types import Draft, Skipped

READERS: dict[str, Callable[[Source], Sequence[Draft | Skipped]]] = {
    ".txt": read_text,
    ".text": read_text,
    ".md": read_markdown,
    ".markdown": read_markdown,
    ".html": read_html,
    ".htm": read_html,
    ".xhtml": read_html,
    ".pdf": read_pdf,
    ".docx": read_docx,
    ".epub": read_epub,
    ".json": read_json,
    ".jsonl": read_json_lines,
    ".ndjson": read_json_lines,
    ".csv": read_csv,
}
_COMPRESSIBLE = (".json", ".jsonl", ".ndjson", ".csv")
SUFFIXES = frozenset(READERS) | {f"{suffix}.gz" for suffix in _COMPRESSIBLE}
"""The endings, in lower case, of the files that hold articles."""


def suffix_of(path: Path) -> str:
    """The longest known suffix that `path` ends in, in lower case; empty where none fits or nothing stands before it."""
    name = path.name.lower()
    return max((suffix for suffix in SUFFIXES if name.endswith(suffix) and len(name) > len(suffix)), key=len, default="")


def stem_of(path: Path) -> str:
    """The file name without the suffix that decides its reader.

    Raises:
        Unreadable: no reader knows its kind.
    """
    suffix = suffix_of(path)
    if not suffix:
        raise Unreadable(f"its kind is not known: give it one of the endings {', '.join(sorted(READERS))}")
    return path.name[: -len(suffix)]


def parse(source: Source) -> list[Draft | Skipped]:
    """The articles in a file, and the records of it that hold none; at least one result.

    Raises:
        Unreadable: it holds no article that can be read.
    """
    suffix = suffix_of(source.path)
    if suffix.endswith(".gz"):
        source = Source(path=source.path, data=gunzip(source.data), stem=source.stem)
    return list(READERS[suffix.removesuffix(".gz")](source))
