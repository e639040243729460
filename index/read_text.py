"""Reads plain text and Markdown: front matter if there is any, the head of the text for the rest."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from typing import Any

from index.encoding import decode
from index.files import Source, Unreadable
from index.found import Found
from index.read_records import fill_fields, record_id
from index.text_head import read_head
from index.types import Draft

_FRONT_MATTER = re.compile(r"---[ \t]*\n(.*?)(?:^|\n)(?:---|\.\.\.)[ \t]*(?:\n|\Z)", re.DOTALL)
_TOML = re.compile(r"\+\+\+[ \t]*\n(.*?)(?:^|\n)\+\+\+[ \t]*(?:\n|\Z)", re.DOTALL)
_BLOCKS = frozenset({"paragraph_close", "heading_close", "table_close", "fence", "code_block"})
_LONGEST_FRONT_MATTER = 20_000
_DEEPEST_FRONT_MATTER = 10
_LINES = frozenset({"tr_close", "bullet_list_close", "ordered_list_close"})


def read_text(source: Source) -> list[Draft]:
    """The one article of a .txt file.

    Raises:
        Unreadable: it is binary or its encoding is unknown.
    """
    text = decode(source.data)
    found = Found()
    read_head(found, text, source.path)
    return [found.draft(doc_id=source.stem, text=text)]


def read_markdown(source: Source) -> list[Draft]:
    """The one article of a Markdown file, its body as plain text: links become their words, list items lines of their own.

    Raises:
        Unreadable: it is binary, its encoding is unknown, or its front matter is no YAML or TOML.
    """
    document = decode(source.data).replace("\r\n", "\n")
    front, toml = _FRONT_MATTER.match(document), _TOML.match(document)
    found = Found()
    doc_id = source.stem
    if matter := front or toml:
        document = document[matter.end() :]
        values = _front_matter(matter[1]) if front else _toml_matter(matter[1])
        fill_fields(found, values, source="front matter")
        doc_id = record_id(values) or doc_id
    text, heading = render_markdown(document)
    found.add("title", heading, "first heading")
    read_head(found, text, source.path)
    return [found.draft(doc_id=doc_id, text=text)]


def render_markdown(document: str) -> tuple[str, str | None]:
    """Plain text of a Markdown document, and its heading of the first level if it begins with one."""
    from markdown_it import MarkdownIt

    tokens = MarkdownIt("commonmark", {"html": True}).enable("table").parse(document)
    parts: list[str] = []
    for token in tokens:
        if token.type == "inline":
            parts.append(_inline_text(token.children or []))
        elif token.type in {"fence", "code_block"}:
            parts.append(token.content.rstrip("\n"))
        elif token.type in {"td_close", "th_close"}:
            parts.append(" | ")
        if token.type in _BLOCKS and not token.hidden:
            parts.append("\n\n")
        elif token.type in _LINES or token.hidden:
            parts.append("\n" if token.nesting < 0 else "")
    lines = "".join(parts).split("\n")
    heading = _inline_text(tokens[1].children or []) if tokens and tokens[0].type == "heading_open" and tokens[0].tag == "h1" else None
    return "\n".join(line.removesuffix(" | ") for line in lines).strip(), heading


def _inline_text(children: list[Any]) -> str:
    """The words of inline tokens; a soft break is a space, since Markdown joins the lines of a paragraph."""
    words = {"softbreak": " ", "hardbreak": "\n"}
    return "".join(words.get(child.type) or (child.content if child.type in {"text", "code_inline", "image"} else "") for child in children)


def _refuse_unfolding(events: Iterable[Any]) -> None:
    """Front matter that costs more than its length: an alias can stand for a list of aliases, and so on; nesting takes quadratic time."""
    import yaml

    depth = 0
    for event in events:
        depth += isinstance(event, yaml.CollectionStartEvent) - isinstance(event, yaml.CollectionEndEvent)
        if isinstance(event, yaml.AliasEvent) or depth > _DEEPEST_FRONT_MATTER:
            raise Unreadable("its front matter uses YAML aliases (*name) or is nested deeply: write each value out")


def _front_matter(text: str) -> Mapping[str, Any]:
    import yaml

    if len(text) > _LONGEST_FRONT_MATTER:
        raise Unreadable("its front matter is too long: close it with a line of three hyphens, and put the article below")
    try:
        _refuse_unfolding(yaml.parse(text, Loader=yaml.SafeLoader))
        values = yaml.safe_load(text)
    except (yaml.YAMLError, ValueError, RecursionError) as error:
        mark = getattr(error, "problem_mark", None)
        line = f", line {mark.line + 2}" if mark else ""
        raise Unreadable(f"its front matter is no valid YAML{line}: correct it, or put quotes around values with a colon") from error
    return values if isinstance(values, Mapping) else {}


def _toml_matter(text: str) -> Mapping[str, Any]:
    import tomllib

    if len(text) > _LONGEST_FRONT_MATTER:
        raise Unreadable("its front matter is too long: close it with a line of three plus signs, and put the article below")
    try:
        return tomllib.loads(text)
    except (tomllib.TOMLDecodeError, RecursionError, ValueError) as error:
        raise Unreadable("its front matter is no valid TOML: correct it, or put quotes around its values") from error
