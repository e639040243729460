"""Nothing leaves the machine: sync, ask and the page run where every address but loopback is refused, and none is even tried.

Each command runs in a process whose Python refuses and writes down what would leave (tests/guarded), beside a proxy that every HTTP
library is told to use, and that counts who calls.
"""

from __future__ import annotations

import json
import os
import socketserver
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from urllib.error import URLError
from urllib.request import ProxyHandler, Request, build_opener

import pytest

from index.telemetry import SWITCHES

ROOT = Path(__file__).parent.parent
GUARD = Path(__file__).parent / "guarded"
SILENCERS = ("no_proxy", "NO_PROXY", "CI", "ORT_RUNNING_UNIT_TESTS", "GITHUB_ACTIONS", "TF_BUILD", "TIKTOKEN_CACHE_DIR", *SWITCHES)
"""Variables that keep a library from the network by themselves."""
PROXIES = ("http_proxy", "https_proxy", "all_proxy", "HTTP_PROXY", "HTTPS_PROXY", "ALL_PROXY")
QUESTION = "Who is the harbour master?"
REMOTE = """<!DOCTYPE html PUBLIC "-//X//DTD X//EN" "http://dtd.example.invalid/x.dtd">
<html><head><title>Ferry returns</title><link rel="stylesheet" href="http://192.0.2.1/style.css"><base href="http://192.0.2.1/">
<script src="https://cdn.example.invalid/x.js"></script><meta http-equiv="refresh" content="0; url=http://192.0.2.1/"></head>
<body><article><p>The ferry to Port Ellery came back into service on 12 April 2024 after a refit of five weeks.</p>
<img src="http://192.0.2.1/pixel.gif"><iframe src="http://192.0.2.1/frame"></iframe>
<p>Captain Rosa Lind said that the engines had been replaced and that the first crossing was full.</p></article></body></html>"""
DIRECT = build_opener(ProxyHandler({}))


class Guarded:
    """Runs Python where nothing may leave."""

    def __init__(self, folder: Path, proxy: str) -> None:
        self.log = folder / "guard.log"
        user = folder / "user"
        user.mkdir()
        kept = {name: value for name, value in os.environ.items() if name not in SILENCERS and not name.startswith("XDG_")}
        ours = {"PYTHONPATH": f"{GUARD}{os.pathsep}{ROOT}", "GUARD_LOG": str(self.log), "HOME": str(user)}
        self.environment = kept | ours | dict.fromkeys(PROXIES, proxy)

    def run(self, *arguments: object) -> subprocess.CompletedProcess[str]:
        command = [sys.executable, *map(str, arguments)]
        return subprocess.run(command, env=self.environment, cwd=self.log.parent, capture_output=True, text=True, timeout=200)

    def dateline(self, *arguments: object) -> dict[str, Any]:
        """What a command answers with --json."""
        done = self.run("-m", "dateline", *arguments, "--json")
        assert done.returncode == 0, done.stdout + done.stderr
        return json.loads(done.stdout)

    @property
    def tried(self) -> list[str]:
        """What would have left; that the guard stood there is asserted, too."""
        lines = self.log.read_text().splitlines()
        assert "guarded" in lines
        return [line for line in lines if line != "guarded"]


@pytest.fixture
def calls() -> list[bytes]:
    """What the proxy was asked for."""
    return []


@pytest.fixture
def guarded(tmp_path: Path, calls: list[bytes]) -> Iterator[Guarded]:
    class Proxy(socketserver.StreamRequestHandler):
        def handle(self) -> None:
            calls.append(self.rfile.readline())

    with socketserver.ThreadingTCPServer(("127.0.0.1", 0), Proxy) as proxy:
        threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()
        yield Guarded(tmp_path, f"http://127.0.0.1:{proxy.server_address[1]}")
        proxy.shutdown()


@pytest.fixture
def articles(corpus: Path) -> Path:
    (corpus / "ferry.html").write_text(REMOTE)
    return corpus


@pytest.mark.parametrize(
    ("code", "event"),
    [
        ("import socket; socket.create_connection(('192.0.2.1', 80))", "socket.getaddrinfo '192.0.2.1'"),
        ("import socket; socket.socket().connect(('192.0.2.1', 80))", "socket.connect ('192.0.2.1', 80)"),
        ("import socket; socket.socket().connect_ex(('192.0.2.1', 80))", "socket.connect ('192.0.2.1', 80)"),
        ("import socket; socket.socket(type=2).sendto(b'x', ('192.0.2.1', 53))", "socket.sendto ('192.0.2.1', 53)"),
        ("import socket; socket.getaddrinfo('host.invalid', 80)", "socket.getaddrinfo 'host.invalid'"),
        ("import socket; socket.gethostbyname('host.invalid')", "socket.gethostbyname 'host.invalid'"),
        ("import socket; socket.socket().bind(('0.0.0.0', 0))", "socket.bind ('0.0.0.0', 0)"),
    ],
)
def test_the_guard_refuses_and_writes_down_what_would_leave(guarded: Guarded, code: str, event: str) -> None:
    done = guarded.run("-c", code)
    assert done.returncode == 1
    assert "PermissionError: a test refuses socket." in done.stderr
    assert guarded.tried == [event]


def test_the_guard_stands_in_the_children_of_a_process_too(guarded: Guarded) -> None:
    child = "import socket; socket.gethostbyname('host.invalid')"
    guarded.run("-c", f"import subprocess, sys; subprocess.run([sys.executable, '-c', {child!r}])")
    assert len(guarded.tried) == 1


def test_the_proxy_counts_what_goes_through_it(guarded: Guarded, calls: list[bytes]) -> None:
    guarded.run("-c", "from urllib.request import urlopen; urlopen('http://192.0.2.1/x', timeout=5)")
    assert (calls, guarded.tried) == ([b"GET http://192.0.2.1/x HTTP/1.1\r\n"], [])


def test_no_command_tries_to_leave(guarded: Guarded, calls: list[bytes], articles: Path, tmp_path: Path) -> None:
    home = ("--home", tmp_path / "home")
    assert guarded.dateline("sync", articles, *home)["articles"] == 4
    assert guarded.dateline("ask", QUESTION, *home)["short"] == "Ines Calloway"
    assert guarded.dateline("search", "ferry", *home)["passages"][0]["title"] == "Ferry returns"
    assert guarded.dateline("doctor", *home)["ok"]
    (articles / "tram.txt").write_text("The tram opened.")
    assert guarded.dateline("sync", articles, *home)["changed"] == 1
    assert (guarded.tried, calls) == ([], [])


def test_the_python_calls_do_not_try_either(guarded: Guarded, calls: list[bytes], articles: Path) -> None:
    """With what a language model needs loaded as well: llama-index and tiktoken, and a model of the program's own."""
    done = guarded.run(
        "-c",
        "import sys\nfrom rag import ask\nfrom rag.llm.scripted import ScriptedLLM\n"
        "llm = ScriptedLLM('Ines Calloway is harbour master [S1].')\n"
        "print([ask(sys.argv[1], corpus=sys.argv[2], home='home', llm=model).status for model in (None, llm)])",
        QUESTION,
        articles,
    )
    assert (done.stdout, done.returncode) == ("['answered', 'answered']\n", 0), done.stderr
    assert (guarded.tried, calls) == ([], [])


def test_the_page_does_not_try_either(guarded: Guarded, calls: list[bytes], articles: Path, tmp_path: Path) -> None:
    home = tmp_path / "home"
    guarded.dateline("sync", articles, "--home", home)
    with socketserver.TCPServer(("127.0.0.1", 0), socketserver.BaseRequestHandler) as free:
        port = free.server_address[1]
    command = [sys.executable, "-m", "dateline", "ui", "--home", str(home), "--port", str(port)]
    with (
        (tmp_path / "page.log").open("w") as log,
        subprocess.Popen(command, env=guarded.environment, cwd=tmp_path, stdout=log, stderr=log) as server,
    ):
        try:
            said = asked_on_the_page(f"http://127.0.0.1:{port}", server)
        finally:
            server.terminate()
            server.wait(60)
    assert "Ines Calloway" in said
    assert (guarded.tried, calls) == ([], [])


def asked_on_the_page(url: str, server: subprocess.Popen[bytes]) -> str:
    """Everything that the page sends when it is asked a question, as its own script asks it."""
    config = json.loads(waited_for(f"{url}/config", server))
    box = next(one["id"] for one in config["components"] if one["props"].get("label") == "Question")
    index = next(one["id"] for one in config["dependencies"] if [box, "submit"] in one["targets"])
    join = {"data": [QUESTION, None, None], "fn_index": index, "session_hash": "s1", "event_data": None, "trigger_id": box}
    posted = Request(f"{url}/gradio_api/queue/join", json.dumps(join).encode(), {"Content-Type": "application/json"})
    DIRECT.open(posted, timeout=30).close()
    said = ""
    with DIRECT.open(f"{url}/gradio_api/queue/data?session_hash=s1", timeout=100) as stream:
        for line in stream:
            said += line.decode()
            if '"process_completed"' in said:
                return said
    return said


def waited_for(url: str, server: subprocess.Popen[bytes]) -> bytes:
    deadline = time.monotonic() + 150
    while time.monotonic() < deadline and server.poll() is None:
        try:
            with DIRECT.open(url, timeout=5) as answer:
                return bytes(answer.read())
        except (URLError, ConnectionError, TimeoutError):
            time.sleep(0.2)
    raise AssertionError("the page did not start")
