"""The HTTP API beside the page: a real server on real sockets, every route, every error, and what may not bring it down."""

from __future__ import annotations

import asyncio
import json
import socket
import threading
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from functools import partial
from pathlib import Path
from typing import Any
from urllib.parse import quote, urlsplit

import anyio
import httpx
import httpx2
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator
from mcp import Client
from mcp.client.streamable_http import streamable_http_client

from benchmarks.browser import served
from index.encoder import HashEncoder
from index.home import Home
from rag.chatbot import Chatbot
from rag.errors import ModelBusy, ModelTimeout, ModelUnavailable
from rag.settings import Settings
from tests.api_server import serving
from tests.conftest import ARTICLES
from ui.serving.api import MAX_BODY
from ui.serving.problems import Busy
from ui.serving.slots import Slots

pytestmark = pytest.mark.filterwarnings("ignore::DeprecationWarning")  # Gradio's own use of pandas

QUESTION = "Who is the harbour master?"
USERS = {"ada": "päss:word", "bo": "two"}
FAILURES: dict[str, Callable[[], Exception]] = {
    "explode": lambda: RuntimeError("a secret detail"),
    "overrun": lambda: ModelBusy("the server is busy", hint="wait"),
    "linger": lambda: ModelTimeout("no answer in 60 seconds", hint="set llm_timeout"),
    "vanish": lambda: ModelUnavailable("no server at 127.0.0.1", hint="start it"),
}


class TrickyChatbot(Chatbot):
    """Fails, or waits after its first words, as the question says."""

    go_on = threading.Event()
    left = threading.Event()

    def stream(self, question: str, **options: Any) -> Iterator[Any]:
        if "begin" in question:
            yield "The first words "
        if "pause" in question:
            try:
                self.go_on.wait(60)
                yield "and more "
            finally:
                self.left.set()
        for word, failure in FAILURES.items():
            if word in question:
                raise failure()
        yield from super().stream(question, **options)


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder = tmp_path_factory.mktemp("api") / "articles"
    folder.mkdir()
    for name, text in ARTICLES.items():
        (folder / name).write_text(text, encoding="utf-8")
    with Home.open(folder.parent / "home", encoder=HashEncoder(), create=True) as home:
        home.sync(folder)
        yield TrickyChatbot(home, settings=Settings())


@pytest.fixture(scope="module")
def site(chatbot: Chatbot) -> Iterator[str]:
    with serving(chatbot) as url:
        yield url


@pytest.fixture(scope="module")
def guarded_site(chatbot: Chatbot) -> Iterator[str]:
    stack = ExitStack()

    async def started() -> str:  # without a running loop Gradio makes one for each of its locks, and closes none
        return stack.enter_context(served(chatbot, check=lambda name, password: USERS.get(name) == password))

    url = asyncio.run(started())
    with stack:
        yield url


def client(url: str, **options: Any) -> httpx.Client:
    return httpx.Client(base_url=url, trust_env=False, timeout=60, **options)


@pytest.fixture(scope="module")
def api(site: str) -> Iterator[httpx.Client]:
    with client(site) as opened:
        yield opened


@pytest.fixture(scope="module")
def fits(api: httpx.Client) -> Callable[[str, Any], bool]:
    """Whether some data fits a definition of the published schema."""
    schema = api.get("/api/schema").json()
    return lambda name, data: Draft202012Validator({"$ref": f"#/$defs/{name}", "$defs": schema["$defs"]}).is_valid(data)


def timeless(answer: dict[str, Any]) -> dict[str, Any]:
    """An answer without how long it took."""
    return {**answer, "usage": {**answer["usage"], "seconds": {}}}


def events(text: str) -> list[tuple[str, Any]]:
    """(name, data) of server-sent events."""
    found = [dict(line.split(": ", 1) for line in event.splitlines()) for event in text.split("\n\n") if event]
    return [(event["event"], json.loads(event["data"])) for event in found]


# What each route gives


def test_the_schema_is_one_and_its_definitions_tell_right_from_wrong(api: httpx.Client, fits: Callable[[str, Any], bool]) -> None:
    schema = api.get("/api/schema").json()
    assert schema["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    Draft202012Validator.check_schema(schema)
    referred = {part["$ref"].removeprefix("#/$defs/") for route in schema["routes"] for part in route.values() if isinstance(part, dict)}
    assert referred <= set(schema["$defs"])
    assert [(route["method"], route["path"]) for route in schema["routes"]] == [
        ("POST", "/api/ask"), ("POST", "/api/search"), ("GET", "/api/article/{id}"), ("GET", "/api/health"), ("GET", "/api/schema"),
    ]  # fmt: skip
    assert fits("AskRequest", {"question": "Who?"})
    assert not fits("AskRequest", {"question": "Who?", "nonsense": 1})
    assert not fits("Answer", {"question": "Who?"})
    assert not fits("Error", {"error": {"kind": "Fault"}})


def test_every_response_fits_the_schema(api: httpx.Client, fits: Callable[[str, Any], bool]) -> None:
    shown = dict.fromkeys(("article/harbour", "article/tram?limit=5"), "ShownArticle")
    for route, name in {"health": "Health", "schema": "Schema", **shown}.items():
        assert fits(name, api.get(f"/api/{route}").json()), route
    for asked in (QUESTION, "How many elephants live in Antarctica?", "When will the second tram line open?"):
        assert fits("Answer", api.post("/api/ask", json={"question": asked}).json()), asked
    assert fits("Passages", api.post("/api/search", json={"query": "harbour"}).json())
    assert fits("Error", api.get("/api/article/nothing").json())


def test_health_says_what_is_asked(api: httpx.Client) -> None:
    reply = api.get("/api/health")
    assert (reply.status_code, reply.headers["content-type"], reply.headers["cache-control"]) == (200, "application/json", "no-store")
    assert reply.json() == {
        "ok": True, "version": "0.1.0", "model": "built-in", "generation": 3, "articles": 3, "chunks": 3, "first": "2023-11-20",
        "last": "2024-03-04", "undated": 1,
    }  # fmt: skip


def test_ask_gives_the_answer_that_every_other_way_gives(api: httpx.Client, chatbot: Chatbot) -> None:
    reply = api.post("/api/ask", json={"question": QUESTION})
    assert (reply.status_code, reply.json()["short"]) == (200, "Ines Calloway")
    assert timeless(reply.json()) == timeless(chatbot.ask(QUESTION).to_dict())
    for citation in reply.json()["citations"]:
        text = api.get(f"/api/article/{citation['article_id']}").json()["article"]["text"]
        assert text[citation["start"] : citation["end"]] == citation["quote"]


def test_ask_says_so_where_there_is_no_evidence(api: httpx.Client) -> None:
    answer = api.post("/api/ask", json={"question": "How many elephants live in Antarctica?"}).json()
    assert (answer["status"], answer["citations"], answer["short"]) == ("no_evidence", [], "")


def test_ask_takes_filters_and_earlier_turns(api: httpx.Client) -> None:
    filters = {"since": "2024", "until": "2024-12", "publishers": ["Nobody"], "paths": ["/nowhere"]}
    answer = api.post("/api/ask", json={"question": QUESTION, **filters}).json()
    assert (answer["status"], answer["filters"]) == ("no_evidence", filters)
    turns = [{"question": "When did the harbour of Port Ellery reopen?", "answer": "The harbour of Port Ellery reopened on Monday. [1]"}]
    assert api.post("/api/ask", json={"question": "Who is its harbour master?", "history": turns}).json()["rewritten"] is not None
    dated = {"question": "Who has been harbour master since last year?", "clock": "2024-06-30"}
    assert api.post("/api/ask", json=dated).json()["filters"]["since"] == "2023-01-01"
    assert api.post("/api/ask", json={**dated, "all_dates": True}).json()["filters"]["since"] is None


def test_search_gives_the_passages_that_every_other_way_gives(api: httpx.Client, chatbot: Chatbot) -> None:
    expected = [passage.to_dict() for passage in chatbot.home.search("harbour storm", limit=2)]
    assert api.post("/api/search", json={"query": "harbour storm", "limit": 2}).json() == {"passages": expected}
    assert api.post("/api/search", json={"query": "harbour", "since": "2030"}).json() == {"passages": []}


def test_an_article_is_found_by_id_doc_id_and_path(api: httpx.Client, chatbot: Chatbot) -> None:
    article, removed = chatbot.home.show("museum")
    expected = {
        "article": article.to_dict(), "removed": [{"text": cut.text, "rule": cut.rule} for cut in removed],
        "story": {"agency": None, "carried_by": [], "superseded": None},
    }  # fmt: skip
    names = (article.id, "museum", "museum.md", f"{article.root}/museum.md")
    assert [api.get(f"/api/article/{quote(name, safe='')}").json() for name in names] == [expected] * 4


def test_a_part_of_an_article_says_which_part_it_is(api: httpx.Client, chatbot: Chatbot) -> None:
    text = chatbot.home.article("tram").text
    reply = api.get("/api/article/tram", params={"start": 5, "limit": 12}).json()
    assert (reply["article"]["text"], reply["excerpt"]) == (text[5:17], {"start": 5, "end": 17, "length": len(text)})
    assert "excerpt" not in api.get("/api/article/tram", params={"limit": len(text)}).json()
    beyond = api.get("/api/article/tram", params={"start": 10_000}).json()
    assert (beyond["article"]["text"], beyond["excerpt"]["length"]) == ("", len(text))


# Events


def test_events_give_the_text_as_it_comes_and_then_the_answer(api: httpx.Client, chatbot: Chatbot) -> None:
    reply = api.post("/api/ask", json={"question": f"begin: {QUESTION}"}, headers={"Accept": "text/event-stream"})
    assert (reply.status_code, reply.headers["content-type"]) == (200, "text/event-stream; charset=utf-8")
    first, *rest, (name, answer) = events(reply.text)
    assert (first, name) == (("text", {"text": "The first words "}), "answer")
    assert timeless(answer) == timeless(chatbot.ask(f"begin: {QUESTION}").to_dict())
    assert rest == [("text", {"text": answer["text"]})]


def test_events_come_while_the_answer_is_made(api: httpx.Client) -> None:
    TrickyChatbot.go_on.clear()
    asked = {"question": f"begin, pause: {QUESTION}"}
    with api.stream("POST", "/api/ask", json=asked, headers={"Accept": "text/event-stream"}) as reply:
        lines = reply.iter_lines()
        assert [next(lines), next(lines)] == ["event: text", 'data: {"text": "The first words "}']
        TrickyChatbot.go_on.set()
        assert [line for line in lines if line.startswith("event")] == ["event: text", "event: text", "event: answer"]


def test_what_goes_wrong_later_is_an_event_and_what_goes_wrong_first_a_status(api: httpx.Client, fits: Callable[[str, Any], bool]) -> None:
    wants = {"Accept": "text/event-stream"}
    later = api.post("/api/ask", json={"question": "begin and vanish"}, headers=wants)
    error = {"error": {"kind": "ModelUnavailable", "message": "no server at 127.0.0.1", "hint": "start it"}}
    assert (later.status_code, events(later.text)) == (200, [("text", {"text": "The first words "}), ("error", error)])
    at_once = api.post("/api/ask", json={"question": "vanish"}, headers=wants)
    assert (at_once.status_code, at_once.json()) == (502, error)
    assert all(fits("Event", data) for _, data in events(later.text))


def test_who_goes_away_during_an_answer_leaves_the_place_to_others(site: str, api: httpx.Client) -> None:
    TrickyChatbot.go_on.clear()
    TrickyChatbot.left.clear()
    for _ in range(4):
        body = json.dumps({"question": f"begin, pause: {QUESTION}"}).encode()
        head = f"POST /api/ask HTTP/1.1\r\nHost: {urlsplit(site).netloc}\r\nContent-Type: application/json\r\nAccept: text/event-stream\r\n"
        with socket.create_connection((urlsplit(site).hostname, urlsplit(site).port)) as gone:  # type: ignore[arg-type]
            gone.sendall(head.encode() + b"Content-Length: %d\r\n\r\n" % len(body) + body)
            assert gone.recv(100).startswith(b"HTTP/1.1 200 OK")
    TrickyChatbot.go_on.set()
    assert api.post("/api/ask", json={"question": QUESTION}).status_code == 200
    assert TrickyChatbot.left.wait(10)


# Errors


def problem(kind: str, message: str, hint: str) -> dict[str, Any]:
    return {"error": {"kind": kind, "message": message, "hint": hint}}


def unfit(message: str, takes: str) -> dict[str, Any]:
    return problem("BadRequest", message, takes)


IS_JSON = {"Content-Type": "application/json"}
ASK_TAKES = "it takes since, until, publishers, paths, question, all_dates, strict, clock, history"
SEARCH_TAKES = "it takes since, until, publishers, paths, query, limit"
ARTICLE_TAKES = "it takes id, start, limit"
LISTED = "GET /api/schema lists what there is"
WRONG: list[tuple[str, str, Any, int, dict[str, Any]]] = [
    ("POST", "ask", {}, 400, unfit("question: Field required", ASK_TAKES)),
    ("POST", "ask", [], 400, unfit("Input should be an object", ASK_TAKES)),
    ("POST", "ask", b"{", 400, unfit("Invalid JSON: EOF while parsing an object at line 1 column 1", ASK_TAKES)),
    ("POST", "ask", b"\xff", 400, unfit("Invalid JSON: expected value at line 1 column 1", ASK_TAKES)),
    ("POST", "ask", {"question": 5}, 400, unfit("question: Input should be a valid string", ASK_TAKES)),
    ("POST", "ask", {"question": ""}, 400, unfit("question: String should have at least 1 character", ASK_TAKES)),
    ("POST", "ask", {"question": "x" * 2001}, 400, unfit("question: String should have at most 2000 characters", ASK_TAKES)),
    ("POST", "ask", {"question": "Who?", "publisher": "x"}, 400, unfit("publisher: Extra inputs are not permitted", ASK_TAKES)),
    ("POST", "ask", {"question": "Who?", "strict": "yes"}, 400, unfit("strict: Input should be a valid boolean", ASK_TAKES)),
    (
        "POST", "ask", {"question": "Who?", "paths": ["a\0b"]}, 400,
        unfit(r"paths.0: String should match pattern '^[^\x00]*$'", ASK_TAKES),
    ),
    (
        "POST", "ask", {"question": "Who?", "since": "yesterday"}, 400,
        problem("BadFilter", "since 'yesterday' is not a date", "write it as 2022-08-15, 2022-08 or 2022"),
    ),
    (
        "POST", "ask", {"question": "Who?", "since": "2025", "until": "2024"}, 400,
        problem("BadFilter", "since 2025 is after until 2024", "swap the two dates"),
    ),
    (
        "POST", "ask", {"question": " "}, 400,
        problem("BadQuestion", "the question is empty", 'type one in quotes: dateline ask "When did French troops leave Mali?"'),
    ),
    ("POST", "search", {"query": " "}, 400, problem("BadQuestion", "there are no words to search for", "send some as query")),
    ("POST", "search", {"query": "x", "limit": 51}, 400,
     unfit("limit: Input should be less than or equal to 50", SEARCH_TAKES)),
    ("GET", "article/nothing", None, 404, problem(
        "NotFound", "no article is called 'nothing'", 'find one with `dateline search "WORDS"`, then show its id, doc_id or path')),
    ("GET", "article/tram?limit=0", None, 400,
     unfit("limit: Input should be greater than or equal to 1", ARTICLE_TAKES)),
    ("GET", "article/tram?lines=3", None, 400, unfit("lines: Extra inputs are not permitted", ARTICLE_TAKES)),
    ("GET", "article/a%00b", None, 400, unfit(r"id: String should match pattern '^[^\x00]*$'", ARTICLE_TAKES)),
    ("GET", "nothing", None, 404, problem("NotFound", "there is no /api/nothing", LISTED)),
    ("GET", "ask", None, 405, problem("UsageError", "/api/ask takes POST, not GET", LISTED)),
    ("POST", "ask", {"question": "explode"}, 500, problem(
        "Fault", "Something went wrong in Dateline itself.", "The terminal that runs the page shows the details.")),
    ("POST", "ask", {"question": "overrun"}, 503, problem("ModelBusy", "the server is busy", "wait")),
    ("POST", "ask", {"question": "linger"}, 504, problem("ModelTimeout", "no answer in 60 seconds", "set llm_timeout")),
    ("POST", "ask", {"question": "vanish"}, 502, problem("ModelUnavailable", "no server at 127.0.0.1", "start it")),
]  # fmt: skip


@pytest.mark.parametrize(("method", "path", "body", "status", "expected"), WRONG)
def test_every_error_has_a_kind_a_message_a_hint_and_its_status(
    api: httpx.Client, method: str, path: str, body: Any, status: int, expected: dict[str, Any]
) -> None:
    content = body if isinstance(body, bytes | None) else json.dumps(body).encode()
    reply = api.request(method, f"/api/{path}", content=content, headers=IS_JSON if content is not None else {})
    assert (reply.status_code, reply.json()) == (status, expected)


def test_a_fault_is_logged_and_a_model_that_is_busy_says_when_to_come_back(api: httpx.Client, caplog: pytest.LogCaptureFixture) -> None:
    api.post("/api/ask", json={"question": "explode"})
    assert [str(record.exc_info[1]) for record in caplog.records if record.exc_info] == ["a secret detail"]
    assert api.post("/api/ask", json={"question": "overrun"}).headers["retry-after"] == "5"


def test_only_json_is_taken_so_that_no_form_of_another_page_can_ask(api: httpx.Client) -> None:
    expected = problem("NotJson", "the body must be JSON", "send the header Content-Type: application/json")
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data", ""):
        reply = api.post("/api/ask", content=b'{"question": "Who?"}', headers={"Content-Type": kind})
        assert (reply.status_code, reply.json()) == (415, expected), kind
    fine = {"Content-Type": "Application/JSON; charset=utf-8"}
    assert api.post("/api/ask", content=b'{"question": "Who?"}', headers=fine).status_code == 200


def test_a_body_is_bounded_whether_it_says_its_length_or_not(api: httpx.Client) -> None:
    def pieces() -> Iterator[bytes]:
        for _ in range(MAX_BODY // 1000 + 1):
            yield b" " * 1000

    expected = problem("TooLarge", "the body has more than 1,000,000 bytes", "ask for one thing at a time")
    for content in (b" " * (MAX_BODY + 1), pieces()):
        reply = api.post("/api/ask", content=content, headers=IS_JSON)
        assert (reply.status_code, reply.json()) == (413, expected)
    longest = {"question": "harbour " * 250, "history": [{"question": "q" * 2000, "answer": "a" * 8000}] * 20}
    assert api.post("/api/ask", json=longest).status_code == 200


# Nothing brings it down

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner)
)
DAYS = st.sampled_from(["2024", "2024-02-30", "2023-11", "٢٠٢٤", "0000", "9999-12-31", "-1", "20240101"]) | st.text(max_size=10)
FILTERS = {"since": DAYS, "until": DAYS, "publishers": st.lists(st.text(), max_size=3), "paths": st.lists(st.text(), max_size=3)}
WORDS = st.text(max_size=80) | st.sampled_from(["harbour [1] “master”?", "since last week", "\u202e\u0000", "𝕳arbour", "a" * 2000])
TURNS = st.lists(st.fixed_dictionaries({"question": WORDS, "answer": WORDS}), max_size=3)
ASKED = st.fixed_dictionaries({"question": WORDS}, optional={**FILTERS, "history": TURNS, "strict": st.booleans()}) | JSON
SOUGHT = st.fixed_dictionaries({"query": WORDS}, optional={**FILTERS, "limit": st.integers(-1, 60)}) | JSON


@settings(max_examples=150)
@given(asked=ASKED, sought=SOUGHT)
def test_no_request_is_a_fault_and_what_is_taken_fits_the_schema(
    api: httpx.Client, fits: Callable[[str, Any], bool], asked: Any, sought: Any
) -> None:
    for route, request, data, gives in (("ask", "AskRequest", asked, "Answer"), ("search", "SearchRequest", sought, "Passages")):
        reply = api.post(f"/api/{route}", content=json.dumps(data).encode(), headers=IS_JSON)
        assert reply.status_code in (200, 400), reply.text
        assert fits(gives if reply.status_code == 200 else "Error", reply.json())
        assert reply.status_code == 400 or fits(request, data)


NAMES = st.text(min_size=1).filter(lambda name: "\n" not in name)
"""Names that a route can hold; an article whose name has a line break is asked for by its id."""


@settings(max_examples=150)
@given(body=st.binary(), name=NAMES, start=st.integers() | st.text(), limit=st.integers() | st.text())
def test_no_bytes_and_no_name_are_a_fault(
    api: httpx.Client, fits: Callable[[str, Any], bool], body: bytes, name: str, start: int | str, limit: int | str
) -> None:
    asked = api.post("/api/ask", content=body, headers=IS_JSON)
    assert (asked.status_code, asked.headers["content-type"]) == (400, "application/json"), asked.text
    reply = api.get(f"/api/article/{quote(name, safe='')}")
    assert (reply.status_code in (400, 404), reply.headers["content-type"]) == (True, "application/json"), reply.text
    assert fits("Error", reply.json()), reply.text
    part = api.get("/api/article/tram", params={"start": str(start), "limit": str(limit)})
    assert part.headers["content-type"] == "application/json", (part.status_code, part.text)
    assert fits("ShownArticle" if part.status_code == 200 else "Error", part.json())
    assert part.status_code in (200, 400)


# Who is next


def test_places_are_given_in_the_order_in_which_they_were_asked_for() -> None:
    served_next: list[int] = []

    async def main() -> None:
        slots = Slots(at_once=1, waiting=50)
        async with anyio.create_task_group() as group, slots.taken():
            for number in range(50):
                group.start_soon(slots.run, partial(served_next.append, number))
                await anyio.wait_all_tasks_blocked()
            with pytest.raises(Busy, match="too many questions are waiting"):
                await slots.run(lambda: None)
            served_next.append(-1)

    anyio.run(main)
    assert served_next == [-1, *range(50)]


# Who may come in


ASKED_FOR = ("api/ask", "api/search", "mcp")
SHOWN = ("api/article/tram", "api/health", "api/schema")


WHO = problem(
    "NotSignedIn", "nobody may ask here without a name and password", "send a name and password of the auth file: curl --user NAME ..."
)


def test_nobody_comes_in_without_a_name_and_password(guarded_site: str) -> None:
    with client(guarded_site) as stranger:
        for path in (*ASKED_FOR, *SHOWN):
            reply = stranger.post(path, json={}) if path in ASKED_FOR else stranger.get(path)
            assert (reply.status_code, reply.json()) == (401, WHO), path
            assert reply.headers["www-authenticate"] == 'Basic realm="Dateline", charset="UTF-8"'


@pytest.mark.parametrize("header", ["Basic", "Basic !", "Basic YWRh", "Bearer YWRhOnDDpHNzOndvcmQ=", "Basic YWRhOndyb25n"])
def test_nobody_comes_in_with_a_wrong_password_or_none_at_all(guarded_site: str, header: str) -> None:
    with client(guarded_site, headers={"Authorization": header}) as stranger:
        reply = stranger.get("api/health")
        assert (reply.status_code, reply.json()) == (401, WHO)


def test_a_name_and_password_or_the_cookie_of_the_page_let_in(guarded_site: str) -> None:
    with client(guarded_site, auth=("ada", "päss:word")) as known:
        assert known.get("api/health").status_code == 200
        assert known.post("api/ask", json={"question": QUESTION}).json()["short"] == "Ines Calloway"
    with client(guarded_site) as visitor:
        assert visitor.get("api/health").status_code == 401
        assert visitor.post("login", data={"username": "bo", "password": "two"}).status_code == 200
        assert visitor.get("api/health").status_code == 200
        assert visitor.post("api/ask", json={"question": QUESTION}).json()["short"] == "Ines Calloway"


@pytest.mark.parametrize(
    ("headers", "status"),
    [({"Host": "evil.example"}, 421), ({"Origin": "http://evil.example"}, 403), ({"Sec-Fetch-Site": "cross-site"}, 403)],
)
def test_no_other_website_can_ask(guarded_site: str, headers: dict[str, str], status: int) -> None:
    with client(guarded_site, auth=("ada", "päss:word"), headers=headers) as website:
        for path in (*ASKED_FOR, *SHOWN):
            reply = website.post(path, json={"question": QUESTION}) if path in ASKED_FOR else website.get(path)
            assert (reply.status_code, reply.json()["error"]["kind"]) == (status, "Refused"), path


def test_a_model_asks_beside_the_page_with_a_name_and_password(guarded_site: str) -> None:
    async def main() -> Any:
        web = httpx2.AsyncClient(auth=("ada", "päss:word"), trust_env=False)
        async with web, Client(streamable_http_client(f"{guarded_site}mcp", http_client=web)) as model:
            return await model.call_tool("ask", {"question": QUESTION})

    assert anyio.run(main).structured_content["short"] == "Ines Calloway"


def test_the_way_from_the_sample_to_somebodys_own_articles_is_followed(chatbot: Chatbot, corpus: Path, tmp_path: Path) -> None:
    from ui.library import Library
    from ui.serving.service import Service

    with Home.open(tmp_path / "own", encoder=HashEncoder(), create=True) as home:
        own = Chatbot(home, settings=Settings())
        library = Library(chatbot, is_sample=True, open_own=lambda: own)
        service = Service(lambda: library.chatbot)
        before = service.health()["articles"]
        library.sync(corpus / "tram.txt", progress=lambda *_: None, cancelled=lambda: False)
        assert (before, service.health()["articles"]) == (3, 1)
