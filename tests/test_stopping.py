"""An answer that is stopped ends at once; the model's request ends with its next word, and nothing is tried in its place."""

from __future__ import annotations

import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the server stands beside this file
from openai_server import Client, OpenAIServer, Reply, good

from index.home import Home
from rag.chatbot import Chatbot
from rag.llm.patience import Stopped, patiently, stoppable
from rag.settings import Settings
from ui.asking import ask
from ui.conversation import Conversation
from ui.library import Library
from ui.streaming import streamed

pytestmark = pytest.mark.usefixtures("short_waits")
SOON = 2.5
"""Seconds; the scripted server is silent for longer."""


@pytest.mark.parametrize(
    ("reply", "partial"),
    [
        (Reply(endless="and so on ", wait=5.0), ""),
        (Reply(pieces=("The harbour ",), endless="and so on ", steps=threading.Semaphore(0)), "The harbour"),
        (Reply(endless="and so on "), "and so on"),
    ],
    ids=["silent", "slow", "endless"],
)
def test_a_model_is_hung_up_on_and_the_built_in_answerer_does_not_step_in(
    reply: Reply, partial: str, open_home: Callable[..., Home], corpus: Path
) -> None:
    home = open_home()
    home.sync(corpus)
    with OpenAIServer(reply, good("It is Ines Calloway [S1].")) as server:
        library = Library(Chatbot(home, settings=Settings(fallback=True), llm=Client(url=server.url, timeout=60), model="tiny"))
        stop, stopped_at = threading.Event(), 0.0

        def ends() -> None:
            nonlocal stopped_at
            while not server.requests:
                time.sleep(0.02)
            stopped_at = time.monotonic()
            stop.set()

        steps = ask(library, Conversation(), "Who is the harbour master?", stop=stop)
        conversation = next(steps)
        while partial not in conversation.exchanges[0].partial:
            conversation = next(steps)
        threading.Thread(target=ends).start()
        *_, conversation = steps
        assert time.monotonic() - stopped_at < SOON
        (exchange,) = conversation.exchanges
        assert (exchange.stopped, exchange.answer, exchange.problem) == (True, None, "")
        assert exchange.partial.startswith(partial)
        if reply.steps is not None:
            reply.steps.release(20_000)
        assert server.idle()
        assert (server.lost, len(server.requests)) == (1, 1)


def test_what_is_read_patiently_stops_and_is_not_taken_for_a_failure() -> None:
    stop, over = threading.Event(), threading.Event()

    def work(pipe: object) -> None:
        over.wait(10)

    threading.Timer(0.2, stop.set).start()
    try:
        with stoppable(stop), pytest.raises(Stopped):
            list(patiently(work, silence=60, whole=60))
    finally:
        over.set()
    assert not issubclass(Stopped, Exception)


def test_words_come_in_order_and_errors_come_through() -> None:
    stop = threading.Event()
    assert [word for batch in streamed(lambda: iter("abcdef"), stop) for word in batch] == list("abcdef")
    assert list(streamed(lambda: iter(()), stop)) == []

    def broken() -> object:
        yield "a"
        raise ZeroDivisionError

    batches = streamed(broken, stop)  # type: ignore[arg-type]
    assert next(batches) == ["a"]
    with pytest.raises(ZeroDivisionError):
        next(batches)
