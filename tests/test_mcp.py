"""The MCP server, as MCP clients meet it: the real command as their subprocess, and over HTTP; every tool, every error."""

from __future__ import annotations

import asyncio
import json
import os
import signal
import subprocess
import sys
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path
from typing import Any

import anyio
import httpx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from mcp import Client, StdioServerParameters
from mcp.client.streamable_http import streamable_http_client
from mcp.types import CallToolResult, TextContent

from index.encoder import HashEncoder
from index.home import Home
from rag.chatbot import Chatbot
from rag.settings import Settings
from tests.api_server import serving
from tests.conftest import ARTICLES
from ui.serving.mcp_server import INSTRUCTIONS, server
from ui.serving.service import Service
from ui.serving.slots import Slots

ROOT = Path(__file__).parent.parent
QUESTION = "Who is the harbour master?"
HOMELESS = "error: there is no home at {home} yet; make one with `dateline sync FOLDER`, where FOLDER holds your articles"
Talk = Callable[[Client], Awaitable[Any]]


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("mcp") / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(articles: Path) -> Path:
    folder = articles.parent / "home"
    with Home.open(folder, encoder=HashEncoder(), create=True) as opened:
        opened.sync(articles)
    return folder


@pytest.fixture(scope="module")
def chatbot(home: Path) -> Iterator[Chatbot]:
    with Home.open(home, encoder=HashEncoder()) as opened:
        yield Chatbot(opened, settings=Settings())


def environment() -> dict[str, str]:
    return {"PYTHONPATH": str(ROOT), "DATELINE_ENCODER": "hash"}


def command(home: Path) -> StdioServerParameters:
    """The real command, as a client's settings name it."""
    return StdioServerParameters(command=sys.executable, args=["-m", "dateline", "mcp", "--home", str(home)], env=environment())


def talk(to: Any, say: Talk, **options: Any) -> Any:
    """What comes of a talk with a server."""

    async def main() -> Any:
        async with asyncio.timeout(100), Client(to, **options) as client:
            return await say(client)

    return anyio.run(main)


def call(to: Any, tool: str, **arguments: Any) -> CallToolResult:
    """What comes of one call."""
    return talk(to, lambda client: client.call_tool(tool, arguments))


def words(result: CallToolResult) -> str:
    (content,) = result.content
    assert isinstance(content, TextContent)
    return content.text


def printed(*arguments: str) -> dict[str, Any]:
    """What a command prints with --json."""
    done = subprocess.run(
        [sys.executable, "-m", "dateline", *arguments, "--json"], env={**os.environ, **environment()}, capture_output=True, check=True
    )
    data: dict[str, Any] = json.loads(done.stdout)
    return data


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without how long it took."""
    return {**answer, "usage": {**answer["usage"], "seconds": {}}}


# The command


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_a_client_learns_what_there_is_and_how_to_treat_it(home: Path, mode: str) -> None:
    async def say(client: Client) -> None:
        assert client.server_info is not None
        assert (client.server_info.name, client.server_info.version, client.instructions) == ("dateline", "0.1.0", INSTRUCTIONS)
        tools = {tool.name: tool for tool in (await client.list_tools()).tools}
        assert list(tools) == ["ask", "search", "get_article"]
        for tool in tools.values():
            hints = tool.annotations
            assert hints is not None
            assert (hints.read_only_hint, hints.destructive_hint, hints.idempotent_hint, hints.open_world_hint) == (
                True,
                False,
                True,
                False,
            )
            for schema in (tool.input_schema, tool.output_schema):
                Draft202012Validator.check_schema(schema)
                assert schema["type"] == "object"
            assert tool.input_schema["additionalProperties"] is False
        assert "history" not in tools["ask"].input_schema["properties"]

    talk(command(home), say, mode=mode)
    assert "Every quote is exact" in INSTRUCTIONS
    assert "When the status is no_evidence, the articles do not hold the answer. Tell the user that" in " ".join(INSTRUCTIONS.split())


def test_each_tool_gives_the_json_of_the_command_line_and_a_text_to_read(home: Path) -> None:
    async def say(client: Client) -> list[CallToolResult]:
        return [
            await client.call_tool("ask", {"question": QUESTION}),
            await client.call_tool("search", {"query": "harbour storm", "limit": 1}),
            await client.call_tool("get_article", {"id": "tram"}),
        ]

    ask, search, article = talk(command(home), say)
    at = ("--home", str(home))
    assert timeless(ask.structured_content) == timeless(printed("ask", QUESTION, *at))
    assert search.structured_content == printed("search", "harbour storm", "--limit", "1", *at)
    assert article.structured_content == printed("show", "tram", *at)
    (cited,), (found,) = ask.structured_content["citations"], search.structured_content["passages"]
    assert words(ask).splitlines() == [
        "Ines Calloway", "", ask.structured_content["text"], "", "[1] Harbour reopens after storm, 2024-03-04, harbour.txt",
        f"    “{cited['quote']}”", "    According to harbour master Ines Calloway", "", "Where the quotes stand (for get_article):",
        f"[1] article {cited['article_id']}, characters {cited['start']} to {cited['end']}",
    ]  # fmt: skip
    assert words(search).splitlines() == [
        "1. Harbour reopens after storm, 2024-03-04, harbour.txt", f"    {' '.join(found['text'].split())}", "",
        "Where the passages stand (for get_article):", f"1. article {found['article_id']}, characters 0 to {found['end']}",
    ]  # fmt: skip
    assert words(article).endswith(article.structured_content["article"]["text"])


def test_what_is_quoted_is_what_get_article_shows(home: Path) -> None:
    async def say(client: Client) -> None:
        answer = (await client.call_tool("ask", {"question": QUESTION})).structured_content
        for citation in answer["citations"]:
            shown = await client.call_tool("get_article", {"id": citation["article_id"]})
            assert shown.structured_content["article"]["text"][citation["start"] : citation["end"]] == citation["quote"]

    talk(command(home), say)


def test_a_home_that_is_made_later_is_asked_without_a_new_start(articles: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"

    async def say(client: Client) -> tuple[CallToolResult, CallToolResult]:
        before = await client.call_tool("ask", {"question": QUESTION})
        with Home.open(home, encoder=HashEncoder(), create=True) as made:
            made.sync(articles)
        return before, await client.call_tool("ask", {"question": QUESTION})

    before, after = talk(command(home), say)
    assert (before.is_error, words(before)) == (True, HOMELESS.format(home=home))
    assert before.structured_content["error"]["kind"] == "BadPath"
    assert (after.is_error, after.structured_content["short"]) == (False, "Ines Calloway")


def test_a_sync_between_two_questions_is_seen_by_the_second(articles: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    with Home.open(home, encoder=HashEncoder(), create=True) as opened:
        opened.sync(articles / "tram.txt")

    async def say(client: Client) -> list[CallToolResult]:
        before = await client.call_tool("ask", {"question": QUESTION})
        with Home.open(home, encoder=HashEncoder()) as opened:
            opened.sync(articles)
        return [before, await client.call_tool("ask", {"question": QUESTION})]

    before, after = talk(command(home), say)
    assert (before.structured_content["status"], after.structured_content["short"]) == ("no_evidence", "Ines Calloway")


def test_standard_output_holds_the_protocol_and_nothing_else(home: Path) -> None:
    asked = {"name": "ask", "arguments": {"question": QUESTION}}
    start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    messages = [
        {"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": start},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
        {"jsonrpc": "2.0", "id": 2, "method": "tools/call", "params": asked},
        {"jsonrpc": "2.0", "id": 3, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": 5}}},
        {"jsonrpc": "2.0", "id": 4, "method": "tools/call", "params": {"name": "sync", "arguments": {}}},
        {"jsonrpc": "2.0", "id": 5, "method": "nonsense"},
    ]
    arguments = [sys.executable, "-m", "dateline", "mcp", "--home", str(home)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(arguments, env={**os.environ, **environment()}, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("this is no message\n" + "".join(json.dumps(message) + "\n" for message in messages))
        process.stdin.flush()
        replies = [json.loads(process.stdout.readline()) for _ in range(5)]
        process.stdin.close()
        assert (process.stdout.read(), process.wait(60)) == ("", 0)
        said = process.stderr.read()
    by_id = {reply["id"]: reply for reply in replies}
    assert [reply["jsonrpc"] for reply in replies] == ["2.0"] * 5
    assert by_id[2]["result"]["structuredContent"]["short"] == "Ines Calloway"
    assert by_id[3]["result"]["isError"] is True
    assert by_id[4]["error"]["message"] == "no tool is called 'sync'; there are ask, search, get_article"
    assert "error" in by_id[5]
    assert said.startswith(f"Dateline answers MCP requests from {home}")
    assert "Traceback" not in said


@pytest.mark.parametrize("leave", ["away", "interrupt"])
def test_a_client_that_goes_away_and_a_person_who_stops_it_end_it_with_a_line(home: Path, leave: str) -> None:
    arguments = [sys.executable, "-m", "dateline", "mcp", "--home", str(home)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE}
    ping = b'{"jsonrpc": "2.0", "id": 1, "method": "ping"}\n'
    with subprocess.Popen(arguments, env={**os.environ, **environment()}, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write(ping)
        process.stdin.flush()
        assert json.loads(process.stdout.readline())["id"] == 1
        if leave == "away":
            process.stdout.close()
            process.stdin.write(ping)
            process.stdin.close()
        else:
            process.send_signal(signal.SIGINT)
        said = process.stderr.read().decode()
        assert process.wait(60) == (0 if leave == "away" else 130)
    assert len(said.splitlines()) == 2
    assert said.splitlines()[1].startswith("The client went away" if leave == "away" else "stopped")


def test_what_cannot_work_at_all_is_said_before_anything_else(tmp_path: Path) -> None:
    bad = {**os.environ, **environment(), "DATELINE_PASSAGES": "many"}
    done = subprocess.run([sys.executable, "-m", "dateline", "mcp"], env=bad, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert done.stderr.startswith("error: the setting 'passages' does not fit")


def test_a_built_in_answer_over_mcp_loads_neither_gradio_nor_llama_index_nor_torch(home: Path) -> None:
    program = (
        "import sys; from ui.cli import main; code = main(sys.argv[1:]); heavy = {'gradio', 'llama_index', 'torch', 'chromadb', 'nltk'}; "
        "sys.stderr.write('loaded:' + ' '.join(sorted(heavy & set(sys.modules)))); sys.exit(code)"
    )
    ask = {"jsonrpc": "2.0", "id": 1, "method": "tools/call", "params": {"name": "ask", "arguments": {"question": QUESTION}}}
    start = {"protocolVersion": "2025-06-18", "capabilities": {}, "clientInfo": {"name": "test", "version": "1"}}
    messages = [
        {"jsonrpc": "2.0", "id": 0, "method": "initialize", "params": start},
        {"jsonrpc": "2.0", "method": "notifications/initialized"},
    ]
    arguments = [sys.executable, "-c", program, "mcp", "--home", str(home)]
    pipes: dict[str, Any] = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "stderr": subprocess.PIPE, "text": True}
    with subprocess.Popen(arguments, env={**os.environ, **environment()}, **pipes) as process:
        assert process.stdin is not None
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdin.write("".join(json.dumps(message) + "\n" for message in [*messages, ask]))
        process.stdin.flush()
        replies = [json.loads(process.stdout.readline()) for _ in range(2)]
        process.stdin.close()
        said = process.stderr.read()
    assert replies[1]["result"]["structuredContent"]["short"] == "Ines Calloway"
    assert said.endswith("loaded:")


# The tools


@pytest.fixture
def inside(chatbot: Chatbot) -> Any:
    """The server in this process."""
    return server(Service(lambda: chatbot), Slots(), version="0.1.0")


def test_no_evidence_says_so_in_both_forms(inside: Any) -> None:
    result = call(inside, "ask", question="How many elephants live in Antarctica?")
    assert (result.is_error, result.structured_content["status"], result.structured_content["citations"]) == (False, "no_evidence", [])
    assert words(result).startswith("Not in these articles.\n")


def test_filters_count_and_one_that_fits_nothing_is_named(inside: Any) -> None:
    result = call(inside, "ask", question=QUESTION, publishers=["The Fenick Daily"], since="2023", until="2025")
    assert result.structured_content["filters"] == {"since": "2023", "until": "2025", "publishers": ["The Fenick Daily"], "paths": []}
    assert words(result).startswith("No article is by the publisher 'The Fenick Daily'; close names: The Fennick Daily.\n\nNot in these")
    assert words(call(inside, "search", query="harbour", until="1900")) == "No passage found."


def test_a_long_article_comes_in_parts_that_say_how_to_go_on(inside: Any, chatbot: Chatbot) -> None:
    text = chatbot.home.article("museum").text
    first = call(inside, "get_article", id="museum", limit=40)
    assert words(first).startswith(f"Characters 0 to 40 of {len(text)}. The next begin at start=40.\n")
    rest = call(inside, "get_article", id="museum", start=40)
    assert words(rest).startswith(f"Characters 40 to {len(text)} of {len(text)}.\n")
    parts = [part.structured_content["article"]["text"] for part in (first, rest)]
    assert "".join(parts) == text
    assert rest.structured_content["excerpt"] == {"start": 40, "end": len(text), "length": len(text)}


WRITE_DAYS = "write it as 2022-08-15, 2022-08 or 2022"
ASK_TAKES = "it takes since, until, publishers, paths, question, all_dates, strict, clock"


@pytest.mark.parametrize(
    ("tool", "arguments", "kind", "message", "hint"),
    [
        ("ask", {}, "BadRequest", "question: Field required", ASK_TAKES),
        ("ask", {"question": "x" * 2001}, "BadRequest", "question: String should have at most 2000 characters", ASK_TAKES),
        ("ask", {"question": QUESTION, "llm": "openai:x"}, "BadRequest", "llm: Extra inputs are not permitted", ASK_TAKES),
        ("ask", {"question": QUESTION, "since": "May"}, "BadFilter", "since 'May' is not a date", WRITE_DAYS),
        ("ask", {"question": "x", "since": "2025", "until": "2024"}, "BadFilter", "since 2025 is after until 2024", "swap the two dates"),
        ("search", {"query": "\n"}, "BadQuestion", "there are no words to search for", "send some as query"),
        (
            "get_article", {"id": "nobody"}, "NotFound", "no article is called 'nobody'",
            'find one with `dateline search "WORDS"`, then show its id, doc_id or path',
        ),
    ],
)  # fmt: skip
def test_an_error_is_the_tools_own_and_says_what_to_do(
    inside: Any, tool: str, arguments: dict[str, Any], kind: str, message: str, hint: str
) -> None:
    result = call(inside, tool, **arguments)
    assert (result.is_error, words(result)) == (True, f"error: {message}; {hint}")
    assert result.structured_content == {"error": {"kind": kind, "message": message, "hint": hint}}


def test_a_fault_of_ours_is_told_without_its_details_and_logged(chatbot: Chatbot, caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> Chatbot:
        raise RuntimeError("a secret detail")

    result = call(server(Service(broken), Slots(), version="0.1.0"), "ask", question=QUESTION)
    assert (result.is_error, result.structured_content["error"]["kind"]) == (True, "Fault")
    assert "secret" not in words(result)
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["a secret detail"]


JSON = st.recursive(st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner), max_leaves=5)
NAMES = st.sampled_from(["question", "query", "id", "since", "until", "publishers", "paths", "limit", "start", "strict", "clock", "x"])
LIKELY = st.sampled_from(["harbour", "tram", "2024", "\u0000", "9999-12-31"]) | st.lists(st.text(), max_size=2) | st.integers() | JSON


@settings(max_examples=80)
@given(tool=st.sampled_from(["ask", "search", "get_article"]), arguments=st.dictionaries(NAMES, LIKELY, max_size=5))
def test_no_arguments_are_a_fault(chatbot: Chatbot, tool: str, arguments: dict[str, Any]) -> None:
    result = call(server(Service(lambda: chatbot), Slots(), version="0.1.0"), tool, **arguments)
    assert words(result)
    assert not result.is_error or result.structured_content["error"]["kind"] in ("BadRequest", "BadFilter", "BadQuestion", "NotFound")


# Over HTTP


@pytest.fixture(scope="module")
def site(chatbot: Chatbot) -> Iterator[str]:
    with serving(chatbot) as url:
        yield f"{url}mcp"


@pytest.mark.parametrize("mode", ["auto", "legacy"])
def test_over_http_the_same_is_answered(site: str, inside: Any, mode: str) -> None:
    async def say(client: Client) -> tuple[list[str], CallToolResult, CallToolResult]:
        names = [tool.name for tool in (await client.list_tools()).tools]
        return names, await client.call_tool("ask", {"question": QUESTION}), await client.call_tool("get_article", {"id": "nobody"})

    names, answer, error = talk(site, say, mode=mode)
    assert names == ["ask", "search", "get_article"]
    assert timeless(answer.structured_content) == timeless(call(inside, "ask", question=QUESTION).structured_content)
    assert (error.is_error, error.structured_content["error"]["kind"]) == (True, "NotFound")


def test_many_clients_at_once_each_get_their_own_answer(site: str) -> None:
    asked = {"harbour master": "Ines Calloway", "museum's director": "Oskar Lindqvist"}

    async def one(who: str, short: str) -> None:
        async with Client(streamable_http_client(site)) as client:
            for _ in range(3):
                result = await client.call_tool("ask", {"question": f"Who is the {who}?"})
                assert result.structured_content["short"] == short

    async def main() -> None:
        async with asyncio.timeout(100), anyio.create_task_group() as group:
            for who, short in [*asked.items()] * 5:
                group.start_soon(one, who, short)

    anyio.run(main)


def test_only_posted_json_is_taken_over_http(site: str) -> None:
    with httpx.Client(trust_env=False) as web:
        assert web.get(site).status_code == 405
        assert web.post(site, content=b"{}", headers={"Content-Type": "text/plain"}).status_code == 400
        large = b'"' + b" " * 5_000_000 + b'"'
        wants = {"Content-Type": "application/json", "Accept": "application/json"}
        assert web.post(site, content=large, headers=wants).status_code == 413
