"""Docs that cannot rot: what is written from the code is as the code is now, and what is named exists."""

from __future__ import annotations

import re
import shlex
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from typer.main import get_command

from benchmarks.reference import written
from benchmarks.walk import PAGE, walk
from index.home import Home
from rag.chatbot import Chatbot
from rag.conversations import Conversations
from rag.settings import Settings
from ui.cli import build_app

ROOT = Path(__file__).parent.parent
PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", ROOT / "training" / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
LINK = re.compile(r"\]\(([^)\s]+)\)")
NAMED = re.compile(r"\b((?:index|rag|ui|eval|training|benchmarks|tests|docs)/[\w./-]+\.(?:py|md|jsonl|css|js|png|json))\b")
FENCE = re.compile(r"^```[a-z]*\n(.*?)^```", re.M | re.S)
MODULE = re.compile(r"python -m (benchmarks\.[\w.]+)")


@pytest.mark.parametrize("path", written(), ids=lambda path: path.name)
def test_what_is_written_from_the_code_is_as_the_code_is(path: Path) -> None:
    assert path.read_text(encoding="utf-8") == written()[path], "type  python -m benchmarks.reference"


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    links = [link.split("#")[0] for link in LINK.findall(page.read_text(encoding="utf-8")) if not link.startswith(("http", "#", "mailto:"))]
    assert [link for link in links if not (page.parent / link).exists()] == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_files_that_are_named_exist(page: Path) -> None:
    named = {name for name in NAMED.findall(page.read_text(encoding="utf-8")) if "/build/" not in name}  # what a command leaves
    assert [name for name in sorted(named) if not (ROOT / name).exists() and not list(ROOT.glob(name))] == []


def commands(page: Path) -> Iterator[list[str]]:
    """The lines of a page's code blocks that call `dateline`, in words."""
    for block in FENCE.findall(page.read_text(encoding="utf-8")):
        for line in block.splitlines():
            for part in re.split(r"\s&&\s|\s\|\s|;\s", line.removeprefix("$ ").split(" # ")[0]):
                if re.match(r"dateline [a-z-]", part.strip()):
                    yield shlex.split(part.strip().replace("…", ""))


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_commands_are_known_with_their_options(page: Path) -> None:
    group: Any = get_command(build_app())
    unknown = []
    for _, *words in commands(page):
        command = group.commands.get(words[0]) if words else None
        known = {flag for one in command.params for flag in one.opts} | {"--help"} if command else set()
        used = [word.split("=")[0] for word in words[1:] if word.startswith("--")]
        if (command is None and words[:1] != ["--version"]) or [flag for flag in used if flag not in known]:
            unknown.append(" ".join(words))
    assert unknown == []


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_modules_that_are_run_exist(page: Path) -> None:
    named = set(MODULE.findall(page.read_text(encoding="utf-8")))
    folders = [ROOT.joinpath(*name.rstrip(".").split(".")) for name in sorted(named)]
    assert [str(path) for path in folders if not path.with_suffix(".py").exists() and not (path / "__main__.py").exists()] == []


def test_make_has_the_targets_that_are_named() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    named = {target for page in PAGES for target in re.findall(r"`make ([a-z-]+)`", page.read_text(encoding="utf-8"))}
    assert sorted(target for target in named if f"\n{target}:" not in makefile) == []


def test_every_module_says_what_it_is() -> None:
    tracked = subprocess.run(["git", "ls-files", "*.py"], cwd=ROOT, capture_output=True, text=True, check=False).stdout.split()
    houses = ("index/", "rag/", "ui/", "eval/", "training/", "benchmarks/")
    texts = {name: (ROOT / name).read_text(encoding="utf-8").lstrip() for name in tracked if name.startswith(houses)}
    assert [name for name, text in texts.items() if not text.startswith(('"""', 'r"""'))] == []


def test_the_way_of_a_question_is_the_one_it_takes(tmp_path: Path) -> None:
    with Home.open(tmp_path / "home", create=True) as home:
        home.sync(ROOT / "eval" / "sample" / "articles")
        page = "\n\n".join(walk(home)) + "\n"
        home.vectors.close()
    # Logits and scores differ a little from processor to processor.
    told, taken = (re.sub(r"[+-]?\d+\.\d+", "…", text) for text in (PAGE.read_text(encoding="utf-8"), page))
    assert told == taken, "type  python -m benchmarks.walk"


def python_of(page: str) -> str:
    """The one block of Python in a page."""
    (block,) = re.findall(r"^```python\n(.*?)^```", (ROOT / page).read_text(encoding="utf-8"), re.M | re.S)
    return str(block)


def test_the_python_of_the_readme_answers_from_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    shutil.copytree(ROOT / "eval" / "sample" / "articles", tmp_path / "articles")
    exec(compile(python_of("README.md"), "README.md", "exec"), {})
    assert capsys.readouterr().out == "August 2022 The last French soldiers left in August 2022.\n"


def test_the_python_of_the_memos_page_keeps_a_conversation(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, corpus: Path) -> None:
    monkeypatch.chdir(tmp_path)
    with Chatbot.open(".dateline", settings=Settings(), create=True) as chatbot:
        chatbot.sync(corpus)
        answer, further = (chatbot.ask(question) for question in ("Who is the harbour master?", "Who is the museum's director?"))
        known: dict[str, Any] = {"chatbot": chatbot, "answer": answer, "further": further}
        exec(compile(python_of("docs/memos.md"), "memos.md", "exec"), known)
    with Conversations(".dateline") as kept:
        assert [turn.answer for turn in kept.load(known["name"]).turns] == [answer, further]
