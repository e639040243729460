"""What `rag` and `dateline` offer, that it costs nothing until it is used, and that foreign packages are noticed."""

from __future__ import annotations

import json
import os
import subprocess
import sys
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

import dateline
import rag
from index.errors import BadPath
from index.home import Home
from index.types import Filters
from rag.neighbours import ForeignPackage, require_ours

REPOSITORY = Path(__file__).parents[1]
HEAVY = {"llama_index", "chromadb", "gradio", "torch", "onnxruntime", "pydantic_settings", "pydantic", "numpy", "typer", "rich"}


def python(program: str, *, folder: Path = REPOSITORY, module: str = "") -> subprocess.CompletedProcess[str]:
    """A program in a Python of its own, whose path begins with `folder` and goes on with the repository."""
    command = [sys.executable, "-m", *module.split()] if module else [sys.executable, "-c", program]
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY)}
    return subprocess.run(command, cwd=folder, env=environment, capture_output=True, text=True, check=False)


@pytest.mark.parametrize("package", [rag, dateline])
def test_every_public_name_is_there(package: object):
    names = package.__all__  # type: ignore[attr-defined]
    assert sorted(names) == names
    assert [name for name in names if getattr(package, name) is None] == []
    assert set(names) <= set(dir(package))
    with pytest.raises(AttributeError, match="no attribute 'nonsense'"):
        package.nonsense  # type: ignore[attr-defined]  # noqa: B018


def test_dateline_names_are_those_of_the_houses():
    from index.errors import DatelineError
    from rag.api import ask
    from rag.chatbot import Chatbot

    assert (dateline.ask, dateline.Chatbot, dateline.Home, dateline.Filters, dateline.DatelineError) == (
        ask, Chatbot, Home, Filters, DatelineError,
    )  # fmt: skip
    assert (rag.ask, rag.Chatbot, rag.Answer) == (dateline.ask, dateline.Chatbot, dateline.Answer)


def test_the_version_is_that_of_the_project():
    project = tomllib.loads((REPOSITORY / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    assert dateline.__version__ == project["version"]


@pytest.mark.parametrize(
    "program", ["from rag import ask", "import dateline", "from dateline import ask", "from rag import Answer, Filters"]
)
def test_importing_loads_nothing_heavy(program: str):
    done = python(f"{program}; import sys; print(sorted({HEAVY!r} & set(sys.modules)))")
    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")


# ask()


def test_ask_syncs_its_corpus_and_asks_nothing_else(corpus: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATELINE_ENCODER", "hash")
    other = tmp_path / "other"
    other.mkdir()
    (other / "whale.txt").write_text("Whale\n\nThe whale skeleton of Quillhaven was brought ashore in 1899, said Rosa Fell.")
    rag.ask("When was the whale skeleton brought ashore?", corpus=other, home=tmp_path / "home")
    answer = rag.ask(
        "When was the whale skeleton brought ashore?", corpus=os.path.relpath(corpus), home=tmp_path / "home", filters=Filters(since="2020")
    )
    assert answer.filters == Filters(since="2020", paths=(str(corpus),))
    found = {citation.root for citation in answer.citations} | {passage.root for passage in answer.nearest}
    assert found == {str(corpus)}
    with Home.open(tmp_path / "home", encoder="hash") as home:
        assert home.stats().roots == (str(corpus), str(other))


def test_ask_makes_no_home_without_a_corpus(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("DATELINE_ENCODER", "hash")
    with pytest.raises(BadPath, match="there is no home at"):
        rag.ask("When?")
    assert list(Path.cwd().iterdir()) == []


# Foreign packages


def a_package(place: Path, name: str) -> Path:
    (place / name).mkdir()
    (place / name / "__init__.py").touch()
    return place / name


def a_module(place: Path, name: str) -> Path:
    (place / f"{name}.py").touch()
    return place / f"{name}.py"


@pytest.mark.parametrize("make", [a_package, a_module])
@pytest.mark.parametrize("program", ["from rag import ask", "from dateline import ask"])
def test_a_foreign_index_is_named_with_what_to_do(make: Callable[[Path, str], Path], program: str, tmp_path: Path):
    foreign = make(tmp_path, "index")
    done = python(program, folder=tmp_path)
    line = done.stderr.strip().splitlines()[-1]
    assert done.returncode == 1
    assert line == (
        f"rag.neighbours.ForeignPackage: {foreign} hides Dateline's own package 'index': "
        f"rename it, or start Python from another folder (ours is {REPOSITORY / 'index'})"
    )


@pytest.mark.parametrize("name", ["rag", "index", "ui"])
def test_the_command_line_names_a_foreign_package_in_one_line(name: str, tmp_path: Path):
    foreign = a_package(tmp_path, name)
    people, program = python("", folder=tmp_path, module="dateline demo"), python("", folder=tmp_path, module="dateline demo --json")
    assert (people.returncode, people.stdout, program.returncode, program.stderr) == (2, "", 2, "")
    assert people.stderr.startswith(f"error: {foreign} hides Dateline's own package {name!r}: rename it, or start Python from ")
    assert people.stderr.count("\n") == 1
    assert f"{foreign} hides" in json.loads(program.stdout)["error"]["message"]


def test_a_foreign_eval_stops_only_what_needs_ours(tmp_path: Path):
    foreign = a_package(tmp_path, "eval")
    assert python("from rag import ask", folder=tmp_path).returncode == 0
    done = python("", folder=tmp_path, module=f"dateline eval cases.jsonl --home {tmp_path / 'home'}")
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith(f"error: {foreign} hides Dateline's own package 'eval': rename it")


def test_a_folder_of_files_that_is_no_package_does_no_harm(tmp_path: Path):
    (tmp_path / "index").mkdir()
    assert python("from rag import ask", folder=tmp_path).stderr == ""


def test_a_package_that_is_not_installed():
    with pytest.raises(ForeignPackage, match="install dateline again"):
        require_ours("no_such_package_of_ours")
