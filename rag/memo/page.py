"""A memo as one HTML file: nothing in it is fetched or run, and it prints well.

Its data stand in a block of JSON at the end, in which no markup can end it. All text is escaped; the style sheet is the only other part
that is not made of the data.
"""

from __future__ import annotations

import html
import json
import re
from collections.abc import Iterable, Mapping
from typing import Any

from rag.memo.data import Memo
from rag.memo.told import Block, Kind, Run, Style, told

OPENING = '<script type="application/json" id="dateline-memo">'
CLOSING = "</script>"
_TAGS: dict[Kind, str] = {
    "title": "h1", "question": "h2", "heading": "h3", "quote": "blockquote", "answer": "section", "source": "article", "value": "p"
}  # fmt: skip
_STYLES: dict[Style, str] = {"strong": "strong", "number": "b", "quiet": "span", "failed": "span", "cite": "a"}
_UNPRINTABLE = re.compile(r"[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff]")
_MARKUP = str.maketrans({"<": "\\u003c", ">": "\\u003e", "&": "\\u0026"})

_STYLE = """\
:root { color-scheme: light dark; --ink: #23211d; --quiet: #5d574b; --paper: #faf8f4; --card: #fffefb; --rule: #e6e1d6; --accent: #214c68;
  --on-accent: #fff; --warn: #8c2f1b; --serif: Charter, "Bitstream Charter", "Iowan Old Style", "Palatino Linotype", Georgia,
  "Liberation Serif", serif; --sans: -apple-system, "Segoe UI", "Noto Sans", "Liberation Sans", system-ui, sans-serif; }
@media (prefers-color-scheme: dark) { :root { --ink: #ebe7de; --quiet: #b3ac9d; --paper: #151412; --card: #1e1c19; --rule: #3a362f;
  --accent: #8fb0c8; --on-accent: #0e2130; --warn: #f0a48f; } }
* { box-sizing: border-box; overflow-wrap: anywhere; }
body { margin: 0; background: var(--paper); color: var(--ink); font: 400 15px/1.55 var(--sans); }
main { max-width: 46rem; margin: 0 auto; padding: 40px 24px 56px; }
p { margin: 0; }
.kicker, .heading { font: 600 11.5px/1.3 var(--sans); letter-spacing: .07em; text-transform: uppercase; color: var(--quiet); }
.title { margin: 6px 0 4px; font: 700 30px/1.2 var(--serif); letter-spacing: -.01em; text-wrap: balance; }
.byline, .meta { font-size: 13px; color: var(--quiet); }
.answer { margin-top: 30px; padding-top: 24px; border-top: 1px solid var(--rule); }
.question { margin: 0 0 4px; font: italic 400 20px/1.35 var(--serif); text-wrap: balance; }
.remark { margin-top: 10px; font-style: italic; color: var(--quiet); }
.short { margin-top: 8px; font: 700 24px/1.3 var(--serif); letter-spacing: -.005em; }
.sentences, .missing { margin-top: 10px; font: 400 17px/1.6 var(--serif); }
.quiet { color: var(--quiet); }
.cite { font: 600 12.5px/1 var(--sans); color: var(--accent); text-decoration: none; }
.cite:hover { text-decoration: underline; }
.warning, .failed, .superseded { color: var(--warn); font: 400 13px/1.45 var(--sans); }
.heading { margin: 24px 0 8px; }
.value { margin-top: 4px; }
.source { margin-top: 8px; padding: 10px 14px 12px; border: 1px solid var(--rule); border-radius: 5px; background: var(--card); }
.source:target { border-color: var(--accent); box-shadow: inset 3px 0 0 var(--accent); }
.source-head { display: flex; flex-wrap: wrap; align-items: baseline; gap: 2px 8px; font-size: 13px; }
.source-head .strong { flex: 1 1 auto; }
.number { min-width: 19px; padding: 0 4px; border-radius: 3px; text-align: center;
  font-variant-numeric: tabular-nums; background: var(--accent); color: var(--on-accent); }
.source-title { margin-top: 3px; font-size: 13px; color: var(--quiet); }
.quote { margin: 6px 0 0; font: 400 16px/1.55 var(--serif); white-space: pre-line; }
.context, .superseded { margin-top: 4px; font-size: 13px; line-height: 1.4; }
.context { color: var(--quiet); }
.place { margin-top: 1px; font-size: 11.5px; line-height: 1.45; color: var(--quiet); }
:not(.place) + .place { margin-top: 8px; padding-top: 6px; border-top: 1px solid var(--rule); }
.check { font-size: 12.5px; line-height: 1.5; color: var(--quiet); }
.made { margin-top: 12px; font-size: 12.5px; color: var(--quiet); }
.end { max-width: 46rem; font-size: 11.5px; line-height: 1.5; color: var(--quiet); }
.answer + .end { margin-top: 30px; padding-top: 14px; border-top: 1px solid var(--rule); }
@media print { :root { color-scheme: light; --ink: #000; --quiet: #444; --paper: #fff; --card: #fff; --rule: #bbb; --accent: #214c68;
    --on-accent: #fff; --warn: #8c2f1b; }
  @page { margin: 18mm 16mm; }
  body { font-size: 10.5pt; } main { max-width: none; padding: 0; } .source, .check { break-inside: avoid; }
  .question, .heading { break-after: avoid; } .number { border: 1px solid var(--accent); print-color-adjust: exact; } }
"""
_HEAD = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="generator" content="Dateline">
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<meta name="referrer" content="no-referrer">
<title>{title}</title>
<style>
{style}</style>
</head>
<body>
<main>
"""


def to_html(data: Mapping[str, Any]) -> str:
    """A memo's data as an HTML file."""
    memo = Memo.from_dict(data)
    head = _HEAD.format(title=_text(" ".join(memo.title.split())), style=_STYLE)
    written = json.dumps(data, ensure_ascii=True).translate(_MARKUP)
    return f"{head}{_written(told(memo, str(data.get('digest'))))}</main>\n{OPENING}\n{written}\n{CLOSING}\n</body>\n</html>\n"


def _written(blocks: Iterable[Block]) -> str:
    return "".join(map(_block, blocks))


def _block(block: Block) -> str:
    name = _TAGS.get(block.kind, "p")
    anchor = f' id="{_text(block.anchor)}"' if block.anchor else ""
    own = "" if block.blocks else ' dir="auto"'
    inside = "\n" + _written(block.blocks) if block.blocks else "".join(map(_run, block.runs))
    return f'<{name} class="{block.kind}"{anchor}{own}>{inside}</{name}>\n'


def _run(run: Run) -> str:
    name = _STYLES.get(run.style)
    if name is None:
        return _text(run.text)
    target = f' href="#{_text(run.target)}"' if run.target else ""
    return f'<{name} class="{run.style}"{target}>{_text(run.text)}</{name}>'


def _text(words: str) -> str:
    return html.escape(_UNPRINTABLE.sub("\ufffd", words.replace("\r\n", "\n").replace("\r", "\n")))
