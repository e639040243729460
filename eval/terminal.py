"""Tables and lines as text for a terminal, without colours or markup."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from rich.table import Table


def table(heads: Sequence[str], rows: Iterable[Sequence[str]]) -> Table:
    """A table whose first column stands left and all others right."""
    from rich.box import SIMPLE_HEAD
    from rich.table import Table

    made = Table(box=SIMPLE_HEAD, pad_edge=False)
    for place, head in enumerate(heads):
        made.add_column(head, justify="right" if place else "left")
    for row in rows:
        made.add_row(*row)
    return made


def as_text(parts: Iterable[Table | str], *, width: int) -> str:
    """Tables `width` columns wide and lines as they are, one below another, ending in one line feed."""
    from rich.console import Console

    out = io.StringIO()
    console = Console(file=out, width=width, markup=False, emoji=False, highlight=False, color_system=None, legacy_windows=False)
    for part in parts:
        console.print(part, soft_wrap=isinstance(part, str))
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()).strip("\n") + "\n"
