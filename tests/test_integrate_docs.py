"""docs/integrate.md: every block of code runs, against the sample corpus, and prints what the docs say."""

from __future__ import annotations

import json
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NamedTuple

import anyio
import httpx2
import pytest
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client

from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings
from tests.api_server import serving
from ui.serving.mcp_server import TOOLS
from ui.serving.requests import ArticleRequest, AskRequest, SearchRequest
from ui.serving.schema import ROUTES

ROOT = Path(__file__).parent.parent
TEXT = (ROOT / "docs" / "integrate.md").read_text(encoding="utf-8")
QUESTION = "When did French troops leave Mali?"


class Block(NamedTuple):
    """A block of code, and the block of output below it."""

    language: str
    code: str
    output: str | None


BLOCKS = [
    Block(language, code, output or None)
    for language, code, output in re.findall(r"^```(json|python|sh)\n(.*?)^```$(?:\n\n```text\n(.*?)^```$)?", TEXT, re.M | re.S)
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("integrate") / "home"
    with Home.open(folder, create=True) as opened:
        opened.sync(ROOT / "eval" / "sample" / "articles")
    return folder


@pytest.fixture(scope="module")
def site(home: Path) -> Iterator[str]:
    with Home.open(home) as opened, serving(Chatbot(opened, settings=Settings())) as url:
        yield url


def real(code: str, home: Path, site: str) -> str:
    """The code of the docs with this machine's own places in it."""
    return code.replace("/home/me/articles/.dateline", str(home)).replace("http://127.0.0.1:7860/", site)


def run(words: list[str]) -> str:
    """What a program prints; `dateline` is this one."""
    folder = Path.cwd() / "bin"
    folder.mkdir(exist_ok=True)
    command = folder / "dateline"
    command.write_text(f'#!/bin/sh\nPYTHONPATH="{ROOT}" exec "{sys.executable}" -m dateline "$@"\n')
    command.chmod(0o755)
    paths = {"PATH": f"{folder}{os.pathsep}{os.environ['PATH']}", "NAME": "ada", "PASSWORD": "two", "no_proxy": "*"}
    done = subprocess.run(words, env={**os.environ, **paths}, capture_output=True, text=True, check=True, timeout=200)
    return done.stdout


def test_the_docs_have_blocks_of_every_kind() -> None:
    assert sorted({block.language for block in BLOCKS}) == ["json", "python", "sh"]
    assert len(BLOCKS) == TEXT.count("\n```json") + TEXT.count("\n```python") + TEXT.count("\n```sh")
    assert sum(block.output is not None for block in BLOCKS) == TEXT.count("\n```text")


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language == "python"], ids=lambda block: block.code.split("\n")[0])
def test_the_python_of_the_docs_prints_what_they_say(block: Block, home: Path, site: str) -> None:
    program = real(block.code, home, site).replace('command="dateline"', f"command={str(Path.cwd() / 'bin' / 'dateline')!r}")
    assert run([sys.executable, "-c", program]) == block.output


@pytest.mark.skipif(shutil.which("curl") is None, reason="the examples need curl")
@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language == "sh"], ids=lambda block: block.code.split("\n")[0][:60])
def test_the_commands_of_the_docs_give_what_they_say(block: Block, home: Path, site: str) -> None:
    printed = run(["sh", "-ec", real(block.code, home, site)])
    if block.output is None:
        reply = json.loads(printed)
        assert "error" not in reply
        assert reply.get("status", "answered") == "answered"
    else:
        assert printed.strip() == block.output.strip()


@pytest.mark.parametrize("block", [block for block in BLOCKS if block.language == "json"], ids=["stdio", "http"])
def test_a_client_that_is_set_up_as_the_docs_say_gets_its_answer(block: Block, home: Path, site: str) -> None:
    (settings,) = json.loads(real(block.code, home, site))["mcpServers"].values()
    run(["true"])  # puts the command where a client finds it

    async def answer(transport: Any) -> str:
        async with Client(transport) as client:
            result = await client.call_tool("ask", {"question": QUESTION})
            return str(result.structured_content["short"])

    async def over_http() -> str:
        async with httpx2.AsyncClient(headers=settings["headers"], trust_env=False) as web:
            return await answer(streamable_http_client(settings["url"], http_client=web))

    if "url" in settings:
        assert anyio.run(over_http) == "August 2022"
    else:
        command = str(Path.cwd() / "bin" / settings["command"])
        assert anyio.run(answer, StdioServerParameters(command=command, args=settings["args"])) == "August 2022"


def test_the_tables_name_every_tool_route_and_field() -> None:
    rows = {row.split("`")[1]: row for row in re.findall(r"^\| `.*$", TEXT, re.M)}
    assert set(TOOLS) <= set(rows)
    assert {f"{route.method} {route.path.replace('{id}', 'ID')}" for route in ROUTES} <= set(rows)
    filters = {"since", "until", "publishers", "paths"}
    for row, fields in {
        "ask": set(TOOLS["ask"].takes.model_fields),
        "search": set(SearchRequest.model_fields) - filters,
        "get_article": set(ArticleRequest.model_fields),
        "POST /api/ask": set(AskRequest.model_fields),
        "POST /api/search": set(SearchRequest.model_fields) - filters,
        "GET /api/article/ID": set(ArticleRequest.model_fields) - {"id"},
    }.items():
        assert [name for name in fields if not re.search(rf"\b{name}\b", rows[row])] == [], row
