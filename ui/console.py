"""Where a command's words go: JSON and answers to standard output, everything that is said besides to standard error.

On a terminal rich draws them; elsewhere they are plain lines, and rich is not loaded. Article text is never read as markup, and
its control characters are left out, so that no article can colour, clear or retitle a terminal.
"""

from __future__ import annotations

import json
import sys
import textwrap
import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager, nullcontext
from typing import TYPE_CHECKING, Any, NamedTuple, TextIO

if TYPE_CHECKING:
    from contextlib import AbstractContextManager

    from rich.console import Console

_CONTROLS = dict.fromkeys([*range(9), *range(11, 32), *range(127, 160)])
"""Every control character but tab and line feed."""
_INDENT = 4


class Line(NamedTuple):
    """A line, or a paragraph that the terminal may wrap."""

    text: str
    style: str = ""
    """A rich style, such as "bold" or "dim"; only seen on a terminal."""
    indent: int = 0
    """Steps to the right."""


BLANK = Line("")


def write_json(data: Mapping[str, Any]) -> None:
    """Write one JSON object to standard output, on one line."""
    text = json.dumps(data, ensure_ascii=False)
    try:
        text.encode(sys.stdout.encoding or "utf-8")
    except UnicodeEncodeError:  # an old code page, or a file name that is no Unicode
        text = json.dumps(data)
    sys.stdout.write(text + "\n")


def show(lines: Iterable[Line]) -> None:
    """Write what was asked for, to standard output."""
    _write(sys.stdout, lines)


def note(text: str, style: str = "") -> None:
    """Say something to the person at the terminal, on standard error."""
    _write(sys.stderr, [Line(text, style)])


def waiting(what: str) -> AbstractContextManager[object]:
    """Show that work is going on, if a terminal is there to show it."""
    return _console(sys.stderr).status(f"{what} …") if sys.stderr.isatty() else nullcontext()


@contextmanager
def progress_bar() -> Iterator[Callable[[str, int, int], None]]:
    """A bar with rate and time left on standard error; gives a function to call with (what is counted, done, total).

    Without a terminal nothing is shown.
    """
    if not sys.stderr.isatty():
        yield lambda what, done, total: None
        return
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

    rate = TextColumn("{task.fields[rate]}")
    columns = (TextColumn("{task.description}"), BarColumn(), MofNCompleteColumn(), rate, TimeRemainingColumn())
    with Progress(*columns, console=_console(sys.stderr), transient=True) as progress:
        tasks: dict[str, Any] = {}
        began = time.monotonic()

        def update(what: str, done: int, total: int) -> None:
            if what not in tasks:
                tasks[what] = progress.add_task(what, total=total, rate="")
            speed = done / max(time.monotonic() - began, 0.001)
            progress.update(tasks[what], completed=done, total=total, rate=f"{speed:.1f}/s")

        yield update


def _write(stream: TextIO, lines: Iterable[Line]) -> None:
    if not stream.isatty():
        stream.writelines(textwrap.indent(_printable(text), " " * _INDENT * indent) + "\n" for text, _, indent in lines)
        return
    from rich.padding import Padding
    from rich.text import Text

    console = _console(stream)
    for text, style, indent in lines:
        console.print(Padding(Text(_printable(text), style=style), (0, 0, 0, _INDENT * indent), expand=False))


def _printable(text: str) -> str:
    return text.translate(_CONTROLS)


def _console(stream: TextIO) -> Console:
    from rich.console import Console

    return Console(file=stream, markup=False, emoji=False, highlight=False)
