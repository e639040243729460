"""Nothing is sent and no device id is kept, whatever the libraries below would do by themselves."""

from __future__ import annotations

import ast
import os
import subprocess
import sys
from pathlib import Path

import pytest

from index.telemetry import SWITCHES

ROOT = Path(__file__).parent.parent
WITHOUT = ("CI", "ORT_RUNNING_UNIT_TESTS", "GITHUB_ACTIONS", "TF_BUILD", *SWITCHES)
"""Variables that silence a library by themselves."""
USE = """
import sys
from rag import ask
answer = ask("Who is the harbour master?", corpus=sys.argv[1], home=sys.argv[2])
assert answer.short == "Ines Calloway", answer
"""


def test_a_sync_and_an_answer_leave_nothing_in_the_users_folders(corpus: Path, tmp_path: Path) -> None:
    user = tmp_path / "user"
    user.mkdir()
    environment = {name: value for name, value in os.environ.items() if name not in WITHOUT and not name.startswith("XDG_")}
    environment |= {"HOME": str(user), "PYTHONPATH": str(ROOT), "http_proxy": "http://127.0.0.1:9", "https_proxy": "http://127.0.0.1:9"}
    subprocess.run([sys.executable, "-c", USE, str(corpus), str(tmp_path / "home")], check=True, env=environment, cwd=tmp_path, timeout=120)
    assert [str(path.relative_to(user)) for path in user.rglob("*")] == []


@pytest.mark.parametrize("library", ["onnxruntime", "chromadb", "gradio"])
def test_every_file_that_loads_such_a_library_switches_it_off_first(library: str) -> None:
    wrong = []
    for house in ("index", "rag", "ui", "eval"):
        for path in (ROOT / house).rglob("*.py"):
            source = path.read_text(encoding="utf-8")
            if _loads(ast.parse(source), library) and "switch_off()" not in source:
                wrong.append(str(path.relative_to(ROOT)))
    laid_out = ("ui/layout.py", "ui/theme.py", "ui/panes/")  # page.py switches it off, then calls these
    assert [name for name in wrong if not name.startswith(laid_out)] == []


def _loads(tree: ast.Module, library: str) -> bool:
    """Whether a function of the module imports the library (imports for type checkers stand at the top)."""
    functions = [node for node in ast.walk(tree) if isinstance(node, ast.FunctionDef)]
    imports = [node for function in functions for node in ast.walk(function) if isinstance(node, ast.Import)]
    return any(alias.name.split(".")[0] == library for node in imports for alias in node.names)
