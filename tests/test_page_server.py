"""The page as a server, over plain HTTP: who comes in, from which site, what is served, and how much of it one visitor can take."""

from __future__ import annotations

import asyncio
import itertools
import re
import secrets
import socket
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor, as_completed
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.browser import free_port
from index.encoder import HashEncoder
from index.errors import UsageError
from index.home import Home
from index.readers import MAX_BYTES
from rag.chatbot import Chatbot
from rag.settings import Settings
from ui.auth import read_users, user_line
from ui.guard import BOUNDED, MOST_AT_ONCE, MOST_OF_PROGRAMS, MOST_TRIES, Rules
from ui.library import Library
from ui.page import build_page, launch, serve
from ui.requests import LARGEST_BODY

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Gradio's own use of pandas

API = "/gradio_api"
PASSWORD = "four-plain-words-here"
QUESTION = "Who is the harbour master?"
ARTICLE = (
    "Harbour reopens after storm\n\nThe harbour of Port Ellery reopened on Monday, three weeks after a storm had closed it. "
    "Forty boats left in the first hour, harbour master Ines Calloway said."
)
FOR_ANYONE = {"/", "/login", "/favicon.ico", "/theme.css", f"{API}/theme.css", "/manifest.json"}
"""The routes of the login page, beside its scripts and styles."""


class PausingChatbot(Chatbot):
    """Yields a first piece, then waits until it may go on, when a question mentions a pause."""

    go_on = threading.Event()

    def stream(self, question: str, **options: Any) -> Iterator[Any]:
        if "pause" in question:
            yield "The first words "
            self.go_on.wait(60)
        yield from super().stream(question, **options)


class Site:
    """A page that is served, and requests to it."""

    def __init__(self, port: int, page: Any, home: Path) -> None:
        self.url = f"http://127.0.0.1:{port}"
        self.page = page
        self.home = home
        self.config: dict[str, Any] = page.config

    def client(self, address: str | None = None, **headers: str) -> httpx.Client:
        """A visitor; of another address than ours if one is given, as a proxy on this machine would say."""
        said = {"X-Forwarded-For": address} if address else {}
        return httpx.Client(base_url=self.url, headers=said | headers, trust_env=False, timeout=60)

    @contextmanager
    def signed_in(self, user: str = "ada", address: str | None = None) -> Iterator[httpx.Client]:
        """A visitor who has logged in."""
        with self.client(address) as client:
            assert client.post("/login", data={"username": user, "password": PASSWORD}).json() == {"success": True}
            yield client

    def function(self, label: str, event: str) -> dict[str, Any]:
        """What answers an event of a component."""
        box = next(one["id"] for one in self.config["components"] if one["props"].get("label") == label)
        return next(one for one in self.config["dependencies"] if (box, event) in one["targets"])

    def question(self, words: str, session: str) -> dict[str, Any]:
        """The request that asks a question."""
        function = self.function("Question", "submit")
        data = [words, *[None] * (len(function["inputs"]) - 1)]
        return {
            "data": data,
            "fn_index": function["id"],
            "session_hash": session,
            "event_data": None,
            "trigger_id": function["targets"][0][0],
        }

    def asked(self, client: httpx.Client, words: str, session: str) -> str:
        """Everything that the page sends in answer to a question."""
        assert client.post(f"{API}/queue/join", json=self.question(words, session)).status_code == 200
        return self.heard(client, session)

    def heard(self, client: httpx.Client, session: str) -> str:
        said = ""
        with client.stream("GET", f"{API}/queue/data", params={"session_hash": session}) as stream:
            for line in stream.iter_lines():
                said += line
                if '"process_completed"' in line:
                    return said
        return said


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """A home of one article, with somebody's feedback and users beside them."""
    folder = tmp_path_factory.mktemp("served")
    articles = folder / "articles"
    articles.mkdir()
    (articles / "harbour.txt").write_text(ARTICLE)
    opened = Home.open(folder / "home", encoder=HashEncoder(), create=True)
    opened.sync(articles)
    (opened.path / "feedback.jsonl").write_text('{"secret": "feedback"}\n')
    (folder / "users.txt").write_text("\n".join(user_line(name, PASSWORD) for name in ("ada", "bo")))
    yield opened
    opened.close()
    opened.vectors.close()


@contextmanager
def site_of(home: Home, *, may_sync: bool = True, check: Any = None, **rules: Any) -> Iterator[Site]:
    library, port = Library(PausingChatbot(home, settings=Settings())), free_port()

    async def started() -> Any:
        page = build_page(library, may_sync=may_sync)
        serve(page, library, host="127.0.0.1", port=port, check=check, rules=Rules(needs_login=check is not None, **rules))
        return page

    page = asyncio.run(started())  # without a running loop Gradio makes one for each of its locks, and closes none
    try:
        yield Site(port, page, home.path)
    finally:
        page.close(verbose=False)


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[Site]:
    """The page as it is served to its own machine."""
    with site_of(home) as served:
        yield served


@pytest.fixture(scope="module")
def locked(home: Home) -> Iterator[Site]:
    """The page as it is served to others, with a password, and under a name."""
    users = read_users(home.path.parent / "users.txt")
    with site_of(home, may_sync=False, check=users, names=frozenset({"news.example"}), takes_files=False) as served:
        yield served


# Who may come in


def routes_of(site: Site) -> list[tuple[str, str]]:
    """Every method and path that the server knows, and those of the programs' API."""
    routes = [
        one for route in site.page.app.routes for one in (route.original_router.routes if hasattr(route, "original_router") else [route])
    ]
    known = [(method, route.path) for route in routes for method in getattr(route, "methods", None) or ()]
    return [
        *known,
        ("POST", "/api/ask"),
        ("POST", "/api/search"),
        ("GET", "/api/article/x"),
        ("GET", "/api/health"),
        ("GET", "/api/schema"),
    ]


def status(client: httpx.Client, method: str, path: str) -> int:
    """How a request is answered, without waiting for what does not end."""
    filled = re.sub(r"{[^}]*}", "x", path)
    with client.stream(method, filled, json={}) as answer:
        return answer.status_code


def test_every_route_refuses_without_a_login(locked: Site) -> None:
    with locked.client() as stranger:
        answers = {(method, path): status(stranger, method, path) for method, path in routes_of(locked)}
    assert len(answers) > 70
    let_in = {path for (_, path), code in answers.items() if code not in (401, 404)}
    assert let_in == FOR_ANYONE
    assert {answers["GET", "/config"], answers["POST", f"{API}/queue/join"], answers["GET", f"{API}/queue/data"]} == {401}
    assert {answers["POST", f"{API}/upload"], answers["GET", f"{API}/file={{path_or_url:path}}"], answers["POST", "/mcp"]} == {401}
    assert answers["POST", "/api/ask"] == 401


def test_the_login_page_tells_nothing_of_the_articles(locked: Site, home: Home) -> None:
    with locked.client() as stranger:
        page = stranger.get("/").text
        refused = stranger.get("/config")
        scripts = re.findall(r'(?:src|href)="\./(assets/[^"]+)"', page)
        assert [stranger.get(f"/{script}").status_code for script in scripts] == [200, 200]
    assert refused.json() == {"detail": "Log in first."}
    assert "gradio_config" in page
    assert not [word for word in ("harbour", "Port Ellery", str(home.path), "article in") if word in page + refused.text]


def test_a_login_opens_the_page_and_a_logout_closes_it(locked: Site) -> None:
    with locked.client() as client:
        wrong = client.post("/login", data={"username": "ada", "password": "wrong"}, headers={"X-Forwarded-For": "192.0.2.50"})
        assert (wrong.status_code, wrong.json()) == (400, {"detail": "Incorrect credentials."})
        right = client.post("/login", data={"username": "ada", "password": PASSWORD})
        assert all(cookie.endswith("; SameSite=lax") for cookie in right.headers.get_list("set-cookie"))
        assert [cookie.count("SameSite") for cookie in right.headers.get_list("set-cookie")] == [1, 1]
        assert client.get("/config").json()["username"] == "ada"
        assert "Ines Calloway" in locked.asked(client, QUESTION, secrets.token_hex(5))
        client.get("/logout")
        assert client.get("/config").status_code == 401


def test_passwords_cannot_be_tried_for_long(locked: Site) -> None:
    guesses = {"username": "ada", "password": "guess"}
    with locked.client("192.0.2.66") as guesser, locked.client("192.0.2.67") as other:
        codes = [guesser.post("/login", data=guesses).status_code for _ in range(MOST_TRIES)]
        assert codes == [400] * MOST_TRIES
        late = guesser.post("/login", data={"username": "ada", "password": PASSWORD})
        assert (late.status_code, late.json()) == (429, {"detail": "Too many wrong passwords; wait a minute."})
        assert guesser.get("/api/health", auth=("ada", PASSWORD)).status_code == 429
        assert other.get("/api/health", auth=("ada", PASSWORD)).status_code == 200


def test_a_host_that_others_reach_needs_a_decision(tmp_path: Path) -> None:
    with pytest.raises(UsageError) as caught:
        launch(tmp_path / "home", host="0.0.0.0", open_browser=False)
    assert str(caught.value) == "0.0.0.0 can be reached from other machines"
    with pytest.raises(UsageError, match=r"^news\.example can be reached from other machines$"):
        launch(tmp_path / "home", names=["news.example"], open_browser=False)
    assert {"--auth-file", "--open-to-everyone"} <= set(caught.value.hint.split())


def test_a_page_for_others_takes_no_files_and_knows_its_names(home: Home, monkeypatch: pytest.MonkeyPatch) -> None:
    served: dict[str, Any] = {}
    built: list[dict[str, Any]] = []

    class Page:
        local_url = "http://localhost/"

        def block_thread(self) -> None:
            """Serve for no time at all."""

    monkeypatch.setattr("ui.page.serve", lambda page, library, **options: served.update(options))
    monkeypatch.setattr("ui.page.build_page", lambda library, **options: built.append(options) or Page())
    monkeypatch.setattr(Library, "open", lambda path, **options: None)
    launch(home.path, host="0.0.0.0", port=free_port(), open_to_everyone=True, names=("News.Example",), open_browser=False)
    machine = socket.gethostname().lower()
    names = frozenset({"0.0.0.0", machine, f"{machine}.local", "news.example"})
    assert (served["rules"], served["check"], built) == (
        Rules(names=names, needs_login=False, takes_files=False),
        None,
        [{"may_sync": False, "keeps": False}],
    )


# From which site


EVIL = "http://evil.example"


@pytest.mark.parametrize(
    ("host", "code"),
    [
        ("127.0.0.1:1", 200), ("localhost", 200), ("LOCALHOST:7860", 200), ("[::1]:7860", 200), ("192.0.2.7:7860", 200),
        ("evil.example", 421), ("localhost.evil.example:7860", 421), ("127.0.0.1.evil.example", 421), ("news.example", 421),
        ("evil.example:7860@localhost:x", 421), ("", 421),
    ],
)  # fmt: skip
def test_a_name_that_somebody_gave_to_the_address_is_refused(host: str, code: int, site: Site) -> None:
    with site.client(Host=host) as client:
        assert [client.get(path).status_code for path in ("/", "/config", "/api/health")] == [code] * 3
        if code == 421:
            refused = client.post(f"{API}/queue/join", json=site.question(QUESTION, "rebound"))
            line = "This page is not served under that name. Start it with --name NAME if it should be."
            assert (refused.status_code, refused.json()) == (421, {"detail": line})


@pytest.mark.parametrize(
    ("headers", "code"),
    [
        ({}, 200),
        ({"Origin": "http://127.0.0.1:{port}"}, 200),
        ({"Origin": EVIL}, 403),
        ({"Origin": "null"}, 403),
        ({"Origin": "http://127.0.0.1:1"}, 403),
        ({"Origin": "http://127.0.0.1:{port}.evil.example"}, 403),
        ({"Origin": "http://[bad"}, 403),
        ({"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "no-cors"}, 403),
        ({"Sec-Fetch-Site": "same-site", "Sec-Fetch-Mode": "cors"}, 403),
        ({"Sec-Fetch-Site": "same-origin", "Sec-Fetch-Mode": "cors"}, 200),
    ],
)
def test_another_website_can_neither_ask_nor_sync_nor_read(headers: dict[str, str], code: int, site: Site) -> None:
    port = site.url.rpartition(":")[2]
    session = secrets.token_hex(5)
    with site.client(**{name: value.format(port=port) for name, value in headers.items()}) as client:
        answers = [
            client.get("/config"),
            client.post(f"{API}/queue/join", json=site.question("", session)),
            client.post("/api/search", json={"query": "harbour"}),
        ]
    assert [answer.status_code for answer in answers] == [code] * 3
    if code == 403:
        said = "Other websites may not use this page."
        assert [answer.json().get("detail") or answer.json()["error"]["message"] for answer in answers] == [said] * 3


def test_a_link_from_another_website_opens_the_page(site: Site) -> None:
    link = {"Sec-Fetch-Site": "cross-site", "Sec-Fetch-Mode": "navigate"}
    with site.client(**link) as client:
        assert [client.get("/").status_code, client.get("/config").status_code, client.post("/login").status_code] == [200, 403, 403]


def test_a_name_that_was_given_is_served(locked: Site) -> None:
    with locked.client(Host="news.example", Origin="https://news.example") as client:
        assert client.get("/").status_code == 200
    with locked.client(Origin="https://news.example") as behind_a_proxy_that_changes_the_host:
        assert behind_a_proxy_that_changes_the_host.get("/").status_code == 200


# What is served


def test_no_file_is_served_but_the_scripts_and_styles(site: Site, home: Home) -> None:
    folder = home.path
    with site.client() as client:
        uploaded = client.post(f"{API}/upload", files={"files": ("note.txt", b"a secret note")}).json()[0]
        targets = [
            str(folder / "catalogue.sqlite"),
            str(folder / "feedback.jsonl"),
            str(folder.parent / "users.txt"),
            uploaded,
            "/etc/passwd",
        ]
        ways = [
            f"{API}/file=",
            f"{API}/file/",
            "/file=",
            f"{API}/proxy=",
            "/static/",
            "/assets/",
            "/static/../../../../../../../..",
            "/svelte/",
        ]
        paths = [way + target for way in ways for target in targets]
        paths += [f"/static/..%2f..%2f..%2f..{target}" for target in targets]
        paths += [f"{API}/file={site.url}/config", f"{API}/deep_link?session_hash=x", f"{API}/custom_component/x/client/x/x.js"]
        answers = [client.get(path) for path in paths]
    assert len(answers) == 48
    assert {answer.status_code for answer in answers} <= {403, 404}
    assert not [answer for answer in answers if b"secret" in answer.content or b"SQLite" in answer.content or b"root:" in answer.content]


def test_uploads_are_bounded_and_not_taken_from_others(site: Site, locked: Site) -> None:
    with site.client() as client, locked.signed_in() as other:
        site.page.max_file_size, before = 1000, site.page.max_file_size
        large = client.post(f"{API}/upload", files={"files": ("large.txt", b"x" * 1001)})
        site.page.max_file_size = before
        refused = other.post(f"{API}/upload", files={"files": ("note.txt", b"x")})
    assert before == MAX_BYTES
    assert (large.status_code, refused.status_code) == (413, 404)


def test_gradios_own_interface_shows_and_does_nothing(site: Site) -> None:
    asks = site.function("Question", "submit")
    request = site.question(QUESTION, "direct")
    with site.client() as client:
        assert client.get(f"{API}/info").json() == {"named_endpoints": {}, "unnamed_endpoints": {}}
        answers = [
            client.post(f"{API}/run/predict", json=request),
            *(client.post(f"{API}/{way}/{asks['api_name']}", json=request) for way in ("call", "run", "api", "call/v2")),
            *(
                client.get(path)
                for path in ("/monitoring", "/monitoring/summary", f"{API}/openapi.json", f"{API}/runs", "/docs", "/openapi.json")
            ),
            client.post(f"{API}/component_server", json={"data": [], "component_id": 1, "session_hash": "x", "fn_name": "x"}),
        ]
    assert [answer.status_code for answer in answers] == [404] * len(answers)


@pytest.mark.parametrize(
    "body",
    [b"", b"{", b"[]", b"1", b'{"fn_index": 0}', b'{"fn_index": 9999, "session_hash": "x"}', b'{"fn_index": [], "session_hash": "x"}'],
)
def test_a_request_that_the_page_never_makes_is_refused(body: bytes, site: Site) -> None:
    with site.client() as client:
        answer = client.post(f"{API}/queue/join", content=body, headers={"Content-Type": "application/json"})
    assert (answer.status_code, answer.json()) == (400, {"detail": "The page does not do that."})


def test_a_question_as_large_as_an_upload_is_refused(site: Site) -> None:
    with site.client() as client:
        for content in (b"x" * (LARGEST_BODY + 1), iter([b"x" * LARGEST_BODY, b"x"])):
            answer = client.post(f"{API}/queue/join", content=content)
            assert (answer.status_code, answer.json()) == (413, {"detail": "This is more than a question can be."})


# Headers


def test_every_answer_says_what_a_browser_may_do_with_it(site: Site) -> None:
    with site.client() as client:
        script = next(iter(re.findall(r'src="\./(assets/[^"]+)"', client.get("/").text)))
        answers = [client.get(path) for path in ("/", "/config", f"/{script}", "/nowhere", "/api/health")]
    for answer in answers:
        policy = dict(part.split(" ", 1) for part in answer.headers["content-security-policy"].split("; "))
        assert (policy["default-src"], policy["connect-src"], policy["frame-ancestors"]) == ("'none'", "'self'", "'none'")
        assert "unsafe-inline" not in policy["script-src"]
        assert not re.search(r"https?:|\*", answer.headers["content-security-policy"])
        assert (answer.headers["x-content-type-options"], answer.headers["referrer-policy"]) == ("nosniff", "no-referrer")
        assert (answer.headers["x-frame-options"], answer.headers["cross-origin-resource-policy"]) == ("DENY", "same-origin")
    assert [answer.headers.get("cache-control") == "no-store" for answer in answers] == [True, True, False, True, True]


def test_each_script_of_the_page_has_the_word_of_the_day_and_no_day_has_the_same(site: Site) -> None:
    words = []
    with site.client() as client:
        for _ in range(2):
            page = client.get("/")
            word = re.search(r"'nonce-([^']+)'", page.headers["content-security-policy"])
            assert word is not None
            scripts = re.findall(r"<script\b[^>]*>", page.text)
            assert len(scripts) > 3
            assert all(f'nonce="{word[1]}"' in script for script in scripts)
            words.append(word[1])
    assert words[0] != words[1]


# How much of it


def test_one_visitor_cannot_keep_the_others_waiting(site: Site) -> None:
    PausingChatbot.go_on.clear()
    with site.client("192.0.2.1") as greedy, site.client("192.0.2.2") as other:

        def join(number: int) -> httpx.Response:
            return greedy.post(f"{API}/queue/join", json=site.question("pause: who is the harbour master?", f"greedy{number}"))

        with ThreadPoolExecutor(12) as pool:
            answers = list(pool.map(join, range(24)))
        assert sorted(answer.status_code for answer in answers) == [200] * MOST_AT_ONCE + [429] * (24 - MOST_AT_ONCE)
        refused = next(answer.json() for answer in answers if answer.status_code == 429)
        assert refused == {"detail": "2 requests of yours are at work already. Wait for one of them, or stop it."}
        assert "Ines Calloway" in site.asked(other, QUESTION, "other")
        PausingChatbot.go_on.set()
        for number in (number for number, answer in enumerate(answers) if answer.status_code == 200):
            assert "Ines Calloway" in site.heard(greedy, f"greedy{number}")
        assert "Ines Calloway" in site.asked(greedy, QUESTION, "later")


def test_one_program_cannot_take_every_place(site: Site) -> None:
    PausingChatbot.go_on.clear()
    with site.client("192.0.2.5") as greedy, ThreadPoolExecutor(8) as pool:
        asked = [pool.submit(greedy.post, "/api/ask", json={"question": "pause: who is the harbour master?"}) for _ in range(8)]
        refused = [answer.result() for answer in itertools.islice(as_completed(asked), 8 - MOST_OF_PROGRAMS)]
        assert {answer.status_code for answer in refused} == {429}
        assert refused[0].json()["error"]["message"] == "Too many requests from this address at once; wait for some of them."
        PausingChatbot.go_on.set()
        assert sorted(answer.result().status_code for answer in asked) == [200] * MOST_OF_PROGRAMS + [429] * (8 - MOST_OF_PROGRAMS)


def test_a_user_is_one_visitor_wherever_the_questions_come_from(locked: Site) -> None:
    PausingChatbot.go_on.clear()
    with (
        locked.signed_in("ada", "192.0.2.3") as here,
        locked.signed_in("ada", "192.0.2.4") as there,
        locked.signed_in("bo", "192.0.2.4") as bo,
    ):
        codes = [
            client.post(f"{API}/queue/join", json=locked.question("pause: who is it?", f"page{number}")).status_code
            for number, client in enumerate((here, there, here, bo))
        ]
        PausingChatbot.go_on.set()
        assert codes == [200, 200, 429, 200]
        for number, client in ((0, here), (1, there), (3, bo)):
            locked.heard(client, f"page{number}")


def test_whatever_answers_stands_in_a_bounded_queue(site: Site) -> None:
    chat = next(one["id"] for one in site.config["components"] if one["props"].get("elem_id") == "dl-chat")
    question = next(one["id"] for one in site.config["components"] if one["props"].get("elem_id") == "dl-question")
    answers = [
        one for one in site.config["dependencies"] if {chat, question} <= set(one["outputs"]) and one["types"]["generator"] and one["queue"]
    ]
    assert len(answers) >= 3
    assert {site.page.fns[one["id"]].concurrency_id for one in answers} == {"ask"}
    assert {function.concurrency_id for function in site.page.fns.values()} >= set(BOUNDED)


def test_the_servers_own_start_is_over_before_anybody_comes(locked: Site) -> None:
    with locked.client() as stranger:
        assert stranger.get(f"{API}/startup-events").status_code == 401
    assert (locked.page.analytics_enabled, locked.page.enable_monitoring, locked.page.share) == (False, False, False)
