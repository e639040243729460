"""The command line: which commands there are, and what becomes of an error.

The work is in `ui.commands`, the drawing in `ui.console` and `ui.text`. Whatever happens, `--json` prints exactly one JSON object,
people get one line that says what to do, and the exit code tells a program which kind of thing went wrong.
"""

from __future__ import annotations

import io
import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated, Any, NamedTuple

import typer
from typer.main import get_command

from index.errors import DatelineError, UsageError
from ui.commands.asking import ask, search, show_article
from ui.commands.checking import doctor
from ui.commands.keeping import conversations, export, verify
from ui.commands.measuring import bench, draft, evaluate, feedback
from ui.commands.serving import mcp
from ui.commands.showing import demo, page
from ui.commands.syncing import forget, sync
from ui.console import note, write_json

OVERVIEW = """\
Ask a folder of news articles; every sentence of the answer is one click from the exact words that support it.

  dateline demo                        see an answer from the sample articles
  dateline sync articles/              read your own folder of articles
  dateline ask "When did it happen?"   ask them
  dateline ui                          the chat page

Also: search, show, forget, conversations, export, verify, mcp, eval, feedback, draft, bench, doctor.
Each explains itself: dateline ask --help
"""
_TRACEBACK = "DATELINE_TRACEBACK"
_COMMANDS: tuple[tuple[str, Callable[..., int], str], ...] = (
    ("sync", sync, "dateline sync articles/ reports/2024"),
    ("ask", ask, 'dateline ask "When did French troops leave Mali?" --since 2022 --publisher "The Quillhaven Ledger"'),
    ("search", search, 'dateline search "Africa Corps" --limit 5'),
    ("show", show_article, "dateline show articles/2025-06-10-convoy.txt"),
    ("forget", forget, "dateline forget reports/2024"),
    ("conversations", conversations, "dateline conversations search harbour storm"),
    ("export", export, "dateline export --last --output memo.html"),
    ("verify", verify, "dateline verify memo.html"),
    ("ui", page, "dateline ui --port 8000"),
    ("mcp", mcp, "dateline mcp --home /home/me/articles/.dateline"),
    ("eval", evaluate, "dateline eval cases.jsonl --baseline baseline.json --report report/"),
    ("feedback", feedback, "dateline feedback --to cases.jsonl"),
    ("draft", draft, "dateline draft --count 20 --output drafts.jsonl"),
    ("bench", bench, "dateline bench squad2_dev --data bench/squad2_dev"),
    ("doctor", doctor, "dateline doctor --repair"),
    ("demo", demo, "dateline demo"),
)


class Failure(NamedTuple):
    """An error as it is shown."""

    kind: str
    message: str
    hint: str
    exit_code: int


def _overview(
    context: typer.Context,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Ask a folder of news articles; every sentence of the answer is one click from the exact words that support it."""
    if version:
        from importlib.metadata import version as installed

        sys.stdout.write(f"dateline {installed('dateline')}\n")
        raise typer.Exit
    if context.invoked_subcommand is None:
        sys.stdout.write(OVERVIEW)


def build_app() -> typer.Typer:
    """All commands, without typer's own decoration."""
    app = typer.Typer(
        name="dateline", add_completion=False, pretty_exceptions_enable=False, rich_markup_mode=None, invoke_without_command=True,
        context_settings={"help_option_names": ["-h", "--help"]},
    )  # fmt: skip
    app.callback()(_overview)
    for name, function, example in _COMMANDS:
        app.command(name, epilog=f"Example: {example}")(function)
    return app


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command.

    Args:
        arguments: what was typed after `dateline`; None for `sys.argv`.

    Returns:
        The exit code: 0 done, 1 below a bar or problems found, 2 wrong use or bad input, 3 home locked or damaged, 4 model or server
        failed, 70 a fault of ours, 130 interrupted.
    """
    given = list(sys.argv[1:] if arguments is None else arguments)
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="backslashreplace")  # a file name or a letter that the terminal cannot show
    try:
        code = _run(given)
        sys.stdout.flush()
    except BrokenPipeError:  # the reader, such as `head`, has seen enough
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except (Exception, KeyboardInterrupt) as error:  # noqa: BLE001 -- the one place where every error becomes words and an exit code
        return _report(error, given)
    return code


def _run(arguments: list[str]) -> int:
    command = get_command(build_app())
    try:
        with command.make_context("dateline", list(arguments)) as context:  # it empties the list
            return int(command.invoke(context) or 0)
    except typer.Exit as done:
        return done.exit_code


def _report(error: BaseException, arguments: Sequence[str]) -> int:
    """Show an error; gives its exit code."""
    failure = _failure(error, arguments)
    if os.environ.get(_TRACEBACK):
        import traceback

        note("".join(traceback.format_exception(error)))
    if "--json" in arguments:
        write_json({"error": {"kind": failure.kind, "message": failure.message, "hint": failure.hint}})
    else:
        note("; ".join(filter(None, (f"error: {failure.message}", failure.hint))), "red")
    return failure.exit_code


def _failure(error: BaseException, arguments: Sequence[str]) -> Failure:
    if isinstance(error, DatelineError):
        return Failure(error.kind, _one_line(error), error.hint, error.exit_code)
    if isinstance(error, typer.TyperException):
        message = _one_line(error.format_message()).rstrip(".")
        return Failure(UsageError.__name__, message[:1].lower() + message[1:], _usage_hint(error, arguments), UsageError.exit_code)
    if isinstance(error, KeyboardInterrupt | typer.Abort):
        return Failure("Interrupted", "stopped", "what was stored so far is kept; the same command goes on from there", 130)
    from rag.neighbours import ForeignPackage

    if isinstance(error, ForeignPackage):
        return Failure("ForeignPackage", _one_line(error), "", UsageError.exit_code)
    what = ": ".join(filter(None, (type(error).__name__, _one_line(error))))
    return Failure("Fault", f"a fault in Dateline: {what}", f"set {_TRACEBACK}=1 and repeat the command to see where", 70)


def _usage_hint(error: typer.TyperException, arguments: Sequence[str]) -> str:
    context: Any = getattr(error, "ctx", None)
    command = context.command_path if context is not None else "dateline"
    if command in ("dateline ask", "dateline search") and "unexpected extra argument" in str(error):
        return f'put the words between quotes: {command} "{" ".join(_words(arguments[1:]))}"'
    return f"`{command} --help` shows what it takes, with an example"


def _words(arguments: Sequence[str]) -> list[str]:
    return [argument for argument in arguments if not argument.startswith("-")]


def _one_line(text: object) -> str:
    return " ".join(str(text).split())
