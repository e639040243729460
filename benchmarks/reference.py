"""Writes docs/reference.md (every command with its options, every setting, the files of the house) and the schemas beside it.

    python -m benchmarks.reference

All of it is read from the code; tests/test_docs.py says when it has fallen behind.
"""

from __future__ import annotations

import ast
import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
DOCS = ROOT / "docs"
HOUSES = ("index", "rag", "ui", "eval", "training", "benchmarks")


def written() -> dict[Path, str]:
    """Each file and what should stand in it."""
    from rag.memo.data import memo_schema
    from rag.types import answer_schema

    head = "# Reference\n\nWritten by `python -m benchmarks.reference` from the code; do not edit it by hand.\n"
    page = "\n".join([head, *("\n".join(part) + "\n" for part in (_commands(), _settings(), _schemas(), _files()))])
    schemas = {"answer": answer_schema(), "memo": memo_schema()}
    files = {DOCS / f"{name}.schema.json": json.dumps(schema, indent=1, ensure_ascii=False) + "\n" for name, schema in schemas.items()}
    return {DOCS / "reference.md": page, **files}


def _commands() -> Iterator[str]:
    from typer.main import get_command

    from ui.cli import build_app

    group: Any = get_command(build_app())
    yield "## Commands\n\nWhat each prints with `--json`, and the exit codes: [cli.md](cli.md)."
    for name, command in group.commands.items():
        arguments = " ".join(_metavar(one) for one in command.params if one.param_type_name == "argument")
        yield f"\n### dateline {name}\n\n`{f'dateline {name} {arguments}'.strip()}`: {_first(command.help)}\n"
        rows = [(", ".join(f"`{flag}`" for flag in one.opts), one.help or "") for one in command.params if one.param_type_name == "option"]
        yield from _table(("option", "what it does"), rows)


def _metavar(argument: Any) -> str:
    return str(argument.metavar or argument.name.upper())


def _settings() -> Iterator[str]:
    from rag.settings import FILE_NAME, Settings

    yield f"## Settings\n\nIn `{FILE_NAME}` of the working directory, or as an environment variable, `DATELINE_` and the name in capitals,"
    yield "which goes first. What is typed on the command line goes before both.\n"
    rows = [(f"`{name}`", _default(field), field.description or "") for name, field in Settings.model_fields.items()]
    yield from _table(("setting", "default", "what it is"), rows)


def _default(field: Any) -> str:
    value = field.get_default(call_default_factory=True)
    return f"`{json.dumps(str(value) if isinstance(value, Path) else value)}`"


def _schemas() -> Iterator[str]:
    yield "## Schemas\n\nJSON Schema, 2020-12: of an answer, as `dateline ask --json` prints it, [answer.schema.json](answer.schema.json);"
    yield "of a memo, [memo.schema.json](memo.schema.json); of the HTTP API, at `/api/schema` of the page ([integrate.md](integrate.md))."


def _files() -> Iterator[str]:
    yield "## Files\n\nEach module with the first line of what it says of itself. The map with the ways between them: CONTRIBUTING.md."
    for house in HOUSES:
        for folder in sorted({path.parent for path in (ROOT / house).rglob("*.py")}):
            rows = [(f"`{path.name}`", _said_of(path)) for path in sorted(folder.glob("*.py")) if _said_of(path)]
            yield f"\n### {folder.relative_to(ROOT)}/\n"
            yield from _table(("file", "what it is"), rows)


def _said_of(path: Path) -> str:
    return _first(ast.get_docstring(ast.parse(path.read_text(encoding="utf-8"))))


def _first(text: str | None) -> str:
    """The first paragraph, on one line."""
    return " ".join((text or "").split("\n\n")[0].split())


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> Iterator[str]:
    yield f"| {' | '.join(head)} |"
    yield "|---" * len(head) + "|"
    for row in rows:
        yield f"| {' | '.join(cell.replace('|', chr(92) + '|') for cell in row)} |"


if __name__ == "__main__":
    for path, text in written().items():
        path.write_text(text, encoding="utf-8")
