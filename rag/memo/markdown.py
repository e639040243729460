r"""A memo as Markdown: whatever the words of articles hold, none of it acts as markup, and its data stand in a fenced block at the end.

>>> plain("# 5 *stars* [1] <b>"), plain("3. place"), plain("-- a_b")
('\\# 5 \\*stars\\* \\[1\\] \\<b\\>', '3\\. place', '\\-- a\\_b')
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping
from itertools import pairwise
from typing import Any

from rag.memo.data import Memo
from rag.memo.told import Block, Kind, Run, told

OPENING = "```json dateline-memo"
CLOSING = "```"
_ACTIVE = re.compile(r"[\\`*_\[\]<>&#|~$!{}]")
_AT_HEAD = re.compile(r"([-+=])|(\d+)([.)])")
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\ud800-\udfff]")
_LISTED = frozenset[Kind]({"value", "context", "superseded", "place", "check"})
_BEFORE: dict[Kind, str] = {"title": "# ", "question": "## ", "heading": "### ", **dict.fromkeys(_LISTED, "- ")}
_ROUND: dict[Kind, str] = {"remark": "*", "short": "**", "byline": "*"}


def to_markdown(data: Mapping[str, Any]) -> str:
    """A memo's data as Markdown."""
    written = json.dumps(data, ensure_ascii=True).replace("`", "\\u0060")
    lines = [*_lines(told(Memo.from_dict(data), str(data.get("digest")))), "### Data", ""]
    body = "\n".join(line for before, line in pairwise(["", *lines]) if before or line)
    return f"{body}\n{OPENING}\n{written}\n{CLOSING}\n"


def plain(text: str) -> str:
    """Text on one line, in which nothing acts as markup."""
    line = _ACTIVE.sub(r"\\\g<0>", _UNPRINTABLE.sub("\ufffd", " ".join(text.split())))
    head = _AT_HEAD.match(line)
    if not head:
        return line
    place = head.start(1) if head[1] else head.start(3)
    return f"{line[:place]}\\{line[place:]}"


def _lines(blocks: Iterable[Block]) -> Iterator[str]:
    """The lines of some blocks, an empty one between them but not within a list."""
    for block in blocks:
        if block.kind not in _LISTED:
            yield ""
        yield from _lines(block.blocks) if block.blocks else _written(block)
        if block.kind not in _LISTED:
            yield ""


def _written(block: Block) -> Iterator[str]:
    if block.kind == "quote":
        lines = filter(None, map(plain, "".join(run.text for run in block.runs).splitlines()))
        yield "\n>\n".join(f"> {line}" for line in lines)
        return
    marks = _ROUND.get(block.kind, "")
    line = " ".join("".join(map(_run, block.runs)).split())
    yield f"{_BEFORE.get(block.kind, '')}{marks if line else ''}{line}{marks if line else ''}".rstrip()


def _run(run: Run) -> str:
    """Words with the spaces at their ends."""
    words = plain(run.text)
    if not words:
        return " " if run.text else ""
    if run.style in ("strong", "failed"):
        words = f"**{words}**"
    elif run.style == "number":
        words = f"\\[{words}\\]"
    return f"{' ' if run.text[0].isspace() else ''}{words}{' ' if run.text[-1].isspace() else ''}"
