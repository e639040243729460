"""A small server that speaks OpenAI's chat protocol over real sockets, and says what a test tells it to say.

Every fault of a server that we know of can be played: a slow one, one that breaks off, one that never ends. It is bounded in time
and requests, whatever its client does, and `Client` is the smallest llama-index model that can talk to it.
"""

from __future__ import annotations

import json
import select
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Literal

import httpx
from llama_index.core.base.llms.types import ChatMessage, ChatResponse, ChatResponseGen, CompletionResponse, CompletionResponseGen
from llama_index.core.llms import CustomLLM, LLMMetadata

from rag.llm.scripted import keyed

MOST_REQUESTS = 30
MOST_SECONDS = 10.0
MOST_PIECES = 20_000


@dataclass(frozen=True, kw_only=True)
class Reply:
    """What the server does with one request; by default it answers well."""

    pieces: Sequence[str] = ()
    """What it says; S1 stands for the first key of the prompt (see `keyed`)."""
    endless: str = ""
    """Said again and again until the client has gone."""
    status: int = 200
    headers: dict[str, str] = field(default_factory=dict)
    error: str = ""
    """The message of an error."""
    body: str | None = None
    """Sent as it is, in place of a stream."""
    wait: float = 0.0
    """Seconds before anything is sent."""
    pause: float = 0.0
    """Seconds before each piece but the first."""
    steps: threading.Semaphore | None = None
    """Acquired before each piece but the first."""
    end: Literal["stop", "length", "cut", "dropped", "garbage"] = "stop"
    """How the stream ends: as it should, at a limit, without a word, by a dropped connection, in something that is not JSON."""
    usage: tuple[int, int] | None = None


def good(*pieces: str, **options: Any) -> Reply:
    """A reply that says these pieces."""
    return Reply(pieces=pieces, **options)


class OpenAIServer:
    """Plays a script of replies, the last one again and again; use it in a `with`."""

    def __init__(self, *script: Reply) -> None:
        self.script = list(script)
        self.requests: list[dict[str, Any]] = []
        self.keys: list[str | None] = []
        """The Authorization header of each request."""
        self.said: list[str] = []
        """Every piece that was sent, or is about to be."""
        self.lost = 0
        """Streams whose client went away."""
        self.over = threading.Event()
        self._served = _Served(self)
        self._thread = threading.Thread(target=self._served.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)

    @property
    def url(self) -> str:
        """The address of the API."""
        return f"http://127.0.0.1:{self._served.server_port}/v1"

    def __enter__(self) -> OpenAIServer:
        self._thread.start()
        return self

    def __exit__(self, *_: object) -> None:
        self.over.set()
        self._served.shutdown()
        self._served.server_close()
        self._thread.join(MOST_SECONDS)

    def next_reply(self) -> Reply:
        """The reply to the request that just came."""
        if len(self.requests) > MOST_REQUESTS:
            return Reply(status=503, error="too many requests for a test")
        return self.script.pop(0) if len(self.script) > 1 else self.script[0]

    def idle(self) -> bool:
        """Whether no request is being answered, after waiting for it a little."""
        return self._served.idle.wait(MOST_SECONDS)


class _Served(ThreadingHTTPServer):
    daemon_threads = True

    def __init__(self, play: OpenAIServer) -> None:
        self.play = play
        self.idle = threading.Event()
        self.idle.set()
        super().__init__(("127.0.0.1", 0), _Handler)

    def handle_error(self, *_: Any) -> None:
        """Say nothing of clients that went away."""


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    timeout = MOST_SECONDS
    server: _Served

    def log_message(self, *_: Any) -> None:
        """Keep the tests' output clean."""

    def do_POST(self) -> None:
        play = self.server.play
        self.server.idle.clear()
        play.requests.append(json.loads(self.rfile.read(int(self.headers.get("Content-Length", 0)))))
        play.keys.append(self.headers.get("Authorization"))
        try:
            self._answer(play.next_reply())
        except (BrokenPipeError, ConnectionResetError):
            play.lost += 1
        finally:
            self.close_connection = True
            self.server.idle.set()

    def _answer(self, reply: Reply) -> None:
        self._wait(reply.wait)
        if reply.body is not None:
            self._whole(reply, reply.body)
        elif reply.status != 200:
            self._whole(reply, json.dumps({"error": {"message": reply.error, "type": "error", "code": None}}))
        else:
            self._stream(reply)

    def _stream(self, reply: Reply) -> None:
        play = self.server.play
        self._head(reply, {"Content-Type": "text/event-stream", "Transfer-Encoding": "chunked"})
        prompt = "\n".join(message["content"] for message in play.requests[-1]["messages"])
        for number, words in enumerate(self._pieces(reply)):
            piece = keyed(words, prompt)
            if number:
                self._wait(reply.pause)
                if reply.steps is not None:
                    reply.steps.acquire(timeout=MOST_SECONDS)
            play.said.append(piece)  # before the client can have it
            self._event(_chunk({"content": piece}))
        self._close(reply)

    def _wait(self, seconds: float) -> None:
        """Wait, as long as the client does."""
        over = time.monotonic() + min(seconds, MOST_SECONDS)
        while time.monotonic() < over and not self.server.play.over.wait(min(0.05, max(0, over - time.monotonic()))):
            if select.select([self.connection], [], [], 0)[0]:
                raise ConnectionResetError

    def _pieces(self, reply: Reply) -> Iterator[str]:
        yield from reply.pieces
        for _ in range(MOST_PIECES if reply.endless else 0):
            if self.server.play.over.is_set():
                return
            yield reply.endless

    def _close(self, reply: Reply) -> None:
        if reply.end == "dropped":
            return
        if reply.end == "garbage":
            self._event('{"choices": [{"delta": ')
        elif reply.end != "cut":
            self._event(_chunk({}, finish=reply.end))
            if reply.usage is not None:
                asked, answered = reply.usage
                self._event(_chunk(None, usage={"prompt_tokens": asked, "completion_tokens": answered, "total_tokens": asked + answered}))
            self._event("[DONE]")
        self.wfile.write(b"0\r\n\r\n")

    def _whole(self, reply: Reply, body: str) -> None:
        data = body.encode()
        self._head(reply, {"Content-Type": "application/json", "Content-Length": str(len(data))})
        self.wfile.write(data)

    def _head(self, reply: Reply, headers: dict[str, str]) -> None:
        self.send_response(reply.status)
        for name, value in {**headers, **reply.headers, "Connection": "close"}.items():
            self.send_header(name, value)
        self.end_headers()

    def _event(self, data: str) -> None:
        block = f"data: {data}\n\n".encode()
        self.wfile.write(f"{len(block):x}\r\n".encode() + block + b"\r\n")
        self.wfile.flush()


def _chunk(delta: dict[str, str] | None, *, finish: str | None = None, usage: dict[str, int] | None = None) -> str:
    choices = [] if delta is None else [{"index": 0, "delta": delta, "finish_reason": finish}]
    return json.dumps(
        {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "tiny", "choices": choices}
        | ({"usage": usage} if usage else {})
    )


class Client(CustomLLM):
    """The least that speaks the protocol; it repeats nothing and repairs nothing."""

    url: str
    api_key: str = "none"
    timeout: float = 5.0
    window: int = 8192

    @property
    def metadata(self) -> LLMMetadata:
        return LLMMetadata(model_name="tiny", context_window=self.window, is_chat_model=True)

    def stream_chat(self, messages: Sequence[ChatMessage], **_: Any) -> ChatResponseGen:
        return self._stream([{"role": message.role.value, "content": message.content} for message in messages])

    def _stream(self, messages: list[dict[str, Any]]) -> ChatResponseGen:
        request = {"model": "tiny", "stream": True, "messages": messages}
        text = ""
        with (
            httpx.Client(timeout=self.timeout, trust_env=False) as http,
            http.stream(
                "POST", f"{self.url}/chat/completions", json=request, headers={"Authorization": f"Bearer {self.api_key}"}
            ) as response,
        ):
            if response.status_code >= 400:
                response.read()
                raise httpx.HTTPStatusError(response.text, request=response.request, response=response)
            for line in response.iter_lines():
                data = line.removeprefix("data: ")
                if not line.startswith("data: ") or data == "[DONE]":
                    continue
                raw = json.loads(data)
                delta = (raw["choices"][0]["delta"].get("content") or "") if raw["choices"] else ""
                text += delta
                yield ChatResponse(message=ChatMessage(role="assistant", content=text), delta=delta, raw=raw)

    def complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponse:
        responses = list(self._stream([{"role": "user", "content": prompt}]))
        return CompletionResponse(text=responses[-1].message.content or "")

    def stream_complete(self, prompt: str, formatted: bool = False, **_: Any) -> CompletionResponseGen:
        raise NotImplementedError
