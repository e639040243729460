"""Escaping, and the small pieces of HTML that several parts of a report use."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Sequence
from datetime import date

from eval.metrics import Interval
from eval.results import CaseFailure, CaseResult, number

Row = CaseResult | CaseFailure
_CONTROL = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_OUTCOMES = {"right": "Right", "wrong": "Wrong", "crashed": "Crashed"}


def escaped(text: object) -> str:
    """Words as HTML text or as the value of an attribute; nothing in them is markup, and no control character is left."""
    return html.escape(_CONTROL.sub("�", str(text)), quote=True)


def outcome(row: Row) -> str:
    """`right`, `wrong` or `crashed`."""
    if isinstance(row, CaseFailure):
        return "crashed"
    return "right" if row.right else "wrong"


def badge(row: Row) -> str:
    """What became of a case, as a coloured word."""
    name = outcome(row)
    return f'<span class="badge {name}">{_OUTCOMES[name]}</span>'


def link(row: Row, places: dict[str, int]) -> str:
    """A case's question, which leads to its page."""
    return f'<a href="#case-{places[row.id]}" dir="auto">{escaped(row.question)}</a>'


def table(heads: Sequence[str], rows: Iterable[Sequence[str]], *, name: str) -> str:
    """A table of cells that are HTML already; the first column names its row."""
    head = "".join(f'<th scope="col">{cell}</th>' for cell in heads)
    body = "".join(f'<tr><th scope="row">{first}</th>{"".join(f"<td>{cell}</td>" for cell in others)}</tr>' for first, *others in rows)
    return f'<div class="wide"><table class="{name}"><thead><tr>{head}</tr></thead><tbody>{body}</tbody></table></div>'


def share(value: float | None) -> str:
    """A share in per cent."""
    return "–" if value is None else f"{value:.1%}".replace("%", " %")


def shares(interval: Interval | None) -> str:
    """An interval of shares."""
    return "–" if interval is None else f"{100 * interval.low:.1f} to {100 * interval.high:.1f} %"


def value(amount: float | int | None) -> str:
    """A measure as people read it; a dash where there was nothing to measure."""
    return "–" if amount is None else number(amount)


def day(published: str | None) -> str:
    """`2025-06-07T08:15` as "7 June 2025"."""
    if not published:
        return "undated"
    told = date.fromisoformat(published[:10])
    return f"{told.day} {told:%B %Y}"
