"""Who may import whom, and which third-party library lives in which file. Read from the source, nothing is imported."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
HOUSES = {
    "index": {"index"},
    "rag": {"index", "rag"},
    "ui": {"index", "rag", "ui"},
    "eval": {"index", "rag", "eval"},
    "dateline": {"index", "rag", "ui", "dateline"},
}
HOMES = {
    "chromadb": {"index/vectors.py"},
    "sqlite3": {"index/catalogue/connection.py"},
    "onnxruntime": {"index/encoder.py", "rag/reader.py"},
    "tokenizers": {"index/encoder.py", "rag/reader.py"},
    "tiktoken": {"index/tokens.py"},
    "llama_index": {
        "index/chunk.py",
        "index/embedders.py",
        "rag/llm/specs.py",
        "rag/llm/completion.py",
        "rag/llm/generate.py",
        "rag/retriever.py",
        "rag/llm/scripted.py",
        "rag/chatbot.py",
        "rag/api.py",
    },
    "matplotlib": {"eval/report/figures.py"},
    "mcp": {"ui/serving/mcp_server.py"},
    "starlette": {"ui/serving/access.py", "ui/serving/api.py", "ui/serving/beside.py", "ui/page.py"},
    "torch": set(),
}


def sources(house: str) -> list[Path]:
    return sorted((ROOT / house).rglob("*.py"))


def imports(path: Path) -> Iterator[tuple[str, int]]:
    """(module, line) of every import, at the top or inside a function."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from ((alias.name, node.lineno) for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            yield node.module, node.lineno


@pytest.mark.parametrize("house", sorted(HOUSES))
def test_a_house_imports_only_what_it_stands_on(house: str) -> None:
    wrong = [
        f"{path.relative_to(ROOT)}:{line} imports {module}"
        for path in sources(house)
        for module, line in imports(path)
        if module.split(".")[0] in HOUSES and module.split(".")[0] not in HOUSES[house] and not _is_the_lazy_call(path, module)
    ]
    assert wrong == []


def _is_the_lazy_call(path: Path, module: str) -> bool:
    """The command line reaches eval through one lazy call."""
    return path.relative_to(ROOT).parts[:2] == ("ui", "commands") and module in ("eval.run", "eval.report")


@pytest.mark.parametrize("library", sorted(HOMES))
def test_a_library_is_wrapped_in_its_own_files(library: str) -> None:
    users = {
        path.relative_to(ROOT).as_posix()
        for house in HOUSES
        for path in sources(house)
        for module, _ in imports(path)
        if module.split(".")[0] == library
    }
    assert users <= HOMES[library]


def test_gradio_is_only_in_ui() -> None:
    users = {
        path.relative_to(ROOT).parts[0] for house in HOUSES for path in sources(house) for module, _ in imports(path) if module == "gradio"
    }
    assert users <= {"ui"}


def test_nobody_hides_the_builtin_eval() -> None:
    wrong = [str(path) for house in HOUSES for path in sources(house) for module, _ in imports(path) if module == "eval"]
    assert wrong == []


def test_the_check_sees_an_import_inside_a_function(tmp_path: Path) -> None:
    (tmp_path / "x.py").write_text("def f():\n    from rag import ask\n    import chromadb.api\n")
    assert list(imports(tmp_path / "x.py")) == [("rag", 2), ("chromadb.api", 3)]
