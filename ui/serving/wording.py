"""What a model reads of a reply: the lines that the command line shows, and how to name each article."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from ui.console import BLANK, Line
from ui.text import answer_lines, article_lines, passage_lines

if TYPE_CHECKING:
    from index.types import Passage
    from rag.types import Answer
    from ui.serving.service import ShownArticle

_INDENT = "    "


def answer_text(answer: Answer) -> str:
    """An answer with its sources, and where each quote stands."""
    places = [f"[{c.number}] article {c.article_id}, characters {c.start} to {c.end}" for c in answer.citations]
    return _plain([*answer_lines(answer), *_headed("Where the quotes stand (for get_article):", places)])


def passages_text(passages: list[Passage]) -> str:
    """Search results, and where each stands."""
    places = [f"{n}. article {p.article_id}, characters {p.start} to {p.end}" for n, p in enumerate(passages, start=1)]
    return (
        _plain([*passage_lines(passages, hint=False), *_headed("Where the passages stand (for get_article):", places)])
        or "No passage found."
    )


def article_text(shown: ShownArticle) -> str:
    """An article, or a part of it and how to get the next, without what was cut from its page."""
    end = shown.start + len(shown.article.text)
    part = [f"Characters {shown.start} to {end} of {shown.length}." + (f" The next begin at start={end}." if end < shown.length else "")]
    return _plain([*(map(Line, part) if shown.is_part else ()), *article_lines(shown.article, (), shown.story)])


def _headed(heading: str, lines: list[str]) -> Iterator[Line]:
    if lines:
        yield from (BLANK, Line(heading), *map(Line, lines))


def _plain(lines: Iterable[Line]) -> str:
    return "\n".join(textwrap.indent(line.text, _INDENT * line.indent) for line in lines)
