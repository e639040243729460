"""Every fault of a language model's server, played over real sockets: what the user gets, and that nothing is left hanging."""

from __future__ import annotations

import socket
import sys
import threading
import time
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the server stands beside this file
from openai_server import Client, OpenAIServer, Reply, good

from index.sentences import sentence_spans
from index.types import Passage
from rag.chatbot import Chatbot
from rag.errors import ModelBusy, ModelDenied, ModelTimeout, ModelUnavailable, ModelUnknown, PromptTooLong
from rag.llm.completion import MOST_LETTERS
from rag.llm.generate import CUT_OFF, generate
from rag.llm.prompts import NO_EVIDENCE
from rag.llm.refusals import DECLINED, EMPTY, FOREIGN, REFUSED, UNCITED, UNSOUND
from rag.llm.specs import open_llm
from rag.settings import Settings
from rag.strict import failed
from rag.types import Answer, Check

TEXT = "The harbour reopened on 4 March 2024. Forty boats left in the first hour. Repairs cost 1.2 million crowns."
PASSAGE = Passage(
    article_id="a1", doc_id="d1", start=0, end=len(TEXT), text=TEXT, score=1.0, label="The Fennick Daily", path="a.txt", root="/news",
    published="2024-03-05", sentences=sentence_spans(TEXT),
)  # fmt: skip
pytestmark = pytest.mark.usefixtures("short_waits")
QUESTION = "When did the harbour reopen?"
GOOD = ("It reopened", " on 4 March", " 2024 [", "S1", "]. Forty boats left [S2].")
TOLD = "It reopened on 4 March 2024 [1]. Forty boats left [2]."
BUILT_IN = Answer(question=QUESTION, status="answered", short="4 March 2024", text="The harbour reopened on 4 March 2024. [1]")
KEY = "sk-a-secret-key-of-mine"


@cache
def loaded():
    """Have the openai package load what it loads at its first request, which on a busy machine takes longer than a test waits."""
    from llama_index.core.base.llms.types import ChatMessage

    with OpenAIServer(good(*GOOD)) as server:
        return list(open_llm(f"openai-like:tiny@{server.url}", timeout=60).stream_chat([ChatMessage(content="hello")]))


@pytest.fixture(params=["our own", "openai-like"])
def model(request, monkeypatch):
    """Opens a model that speaks to a server: by the smallest client, and by llama-index's own integration where it is installed."""
    if request.param == "openai-like":
        pytest.importorskip("llama_index.llms.openai_like", reason='pip install "dateline[openai-like]"')
        monkeypatch.setenv("OPENAI_LIKE_API_KEY", KEY)
        loaded()
        return lambda server, timeout: open_llm(f"openai-like:tiny@{server.url}", timeout=timeout)
    return lambda server, timeout: Client(url=server.url, api_key=KEY, timeout=timeout)


def items(llm, *, instead=None, settings=None, trace=lambda what, facts: None, timeout=2.0):
    settings = settings or Settings(llm_timeout=timeout, repair=False)
    return list(
        generate(QUESTION, [PASSAGE], llm=llm, model="tiny", history=(), settings=settings, trace=trace, instead=instead)
    )  # fmt: skip


def played(model, *script, timeout=2.0, **options):
    """The server afterwards, and the answer or the error."""
    with OpenAIServer(*script) as server:
        try:
            outcome = items(model(server, timeout), timeout=timeout, **options)[-1]
        except ModelUnavailable as error:
            outcome = error
        assert server.idle()
    return server, outcome


def test_a_good_answer(model):
    server, answer = played(model, good(*GOOD, usage=(321, 12)))
    assert (answer.status, answer.text, answer.model, answer.fallback, answer.notes) == ("answered", TOLD, "tiny", False, ())
    assert (len(server.requests), server.keys) == (1, [f"Bearer {KEY}"])
    assert server.requests[0]["messages"][-1]["content"].endswith(f"Question: {QUESTION}")


def test_the_servers_token_counts_are_used():
    _, answer = played(lambda server, timeout: Client(url=server.url), good(*GOOD, usage=(321, 12)))
    assert (answer.usage.tokens_in, answer.usage.tokens_out) == (321, 12)
    assert set(answer.usage.seconds) == {"model", "check"}


def test_each_word_is_shown_before_the_server_says_the_next(model):
    """The server says a piece only when it is allowed one, so what is shown cannot have waited for what comes after it."""
    steps = threading.Semaphore(0)
    said = ["It reopened", " on 4 March", " 2024 ", "[", "S1", "]", ". Forty", " boats left [S2]."]
    shown = {1: "It reopened", 2: " on 4 March", 3: " 2024", 6: " [1]", 7: ". Forty", 8: " boats left [2]."}
    with OpenAIServer(good(*said, steps=steps)) as server:
        stream = generate(
            QUESTION, [PASSAGE], llm=model(server, 8), model="tiny", history=(), settings=Settings(llm_timeout=8, repair=False),
            trace=lambda what, facts: None,
        )  # fmt: skip
        for place, piece in shown.items():
            for _ in range(max(1, len(server.said)), place):
                steps.release()
            assert next(stream) == piece
            assert len(server.said) == place
        (answer,) = stream
    assert "".join(shown.values()) == answer.text == TOLD


@pytest.mark.parametrize(
    "script",
    [
        [good(*GOOD)],
        [good("It reopened on 5 May 2024 [S1]. Forty boats left [S2]."), good("1: It reopened on 4 March 2024 [S1].")],
        [good("It reopened on 5 May 2024 [S1]."), good("")],
        [good(NO_EVIDENCE)],
        [good("")],
        [Reply(status=404, error="no such model")],
    ],
    ids=["good", "repaired", "marked", "no answer", "empty", "failed"],
)
@pytest.mark.parametrize("fallback", [False, True])
def test_asking_gives_the_last_item_of_streaming(script, fallback, open_home, corpus):
    home = open_home()
    home.sync(corpus)

    def outcome(call):
        with OpenAIServer(*script) as server:
            bot = Chatbot(home, settings=Settings(fallback=fallback), llm=Client(url=server.url), model="tiny")
            try:
                answer = call(bot)
            except ModelUnavailable as error:
                return f"{type(error).__name__}: {error} ({error.hint})"
            assert set(answer.usage.seconds) >= {"search", "answer"}
            return replace(answer, usage=replace(answer.usage, seconds={}))

    asked = outcome(lambda bot: bot.ask(QUESTION))
    assert asked == outcome(lambda bot: list(bot.stream(QUESTION))[-1])
    assert isinstance(asked, str) == (script[0].status == 404 and not fallback)


@pytest.mark.parametrize("status", [429, 500, 502, 503])
def test_a_busy_server_is_asked_again(model, status):
    server, answer = played(model, Reply(status=status, error="try later"), good(*GOOD))
    assert (answer.text, len(server.requests)) == (TOLD, 2)


@pytest.mark.parametrize("status", [429, 500, 503])
def test_a_server_that_stays_busy_is_asked_three_times(model, status):
    server, error = played(model, Reply(status=status, error="try later"))
    assert (type(error), len(server.requests)) == (ModelBusy, 3)
    assert "try later" in str(error)


def test_the_wait_that_a_server_asks_for_is_kept(model):
    began = time.monotonic()
    server, answer = played(model, Reply(status=429, error="wait", headers={"Retry-After": "1"}), good(*GOOD))
    assert (answer.text, len(server.requests)) == (TOLD, 2)
    assert time.monotonic() - began >= 1


def test_a_server_that_wants_too_long_a_wait_is_not_asked_again(model):
    server, error = played(model, Reply(status=429, error="wait", headers={"Retry-After": "3600"}), good(*GOOD))
    assert (type(error), len(server.requests)) == (ModelBusy, 1)
    assert error.hint == "wait a little, or raise the limit at the provider"


def test_a_spent_account_is_not_asked_again(model):
    server, error = played(model, Reply(status=429, error="insufficient_quota: check your billing"), good(*GOOD))
    assert (type(error), len(server.requests)) == (ModelBusy, 1)


@pytest.mark.parametrize(
    ("reply", "kind", "hint"),
    [
        (Reply(status=401, error=f"Incorrect API key provided: {KEY}"), ModelDenied, "check the key in the environment"),
        (Reply(status=404, error="The model `tiny` does not exist"), ModelUnknown, "check the name of the model"),
        (Reply(status=400, error="temperature is not allowed"), ModelUnavailable, "try again, or leave out --llm"),
        (good("It reopened", end="dropped"), ModelUnavailable, ""),
        (good("It reopened", end="cut"), ModelUnavailable, "try again, or leave out --llm"),
        (good("It reopened", end="garbage"), ModelUnavailable, "try again, or leave out --llm"),
    ],
)
def test_a_fault_is_one_plain_error_or_the_built_in_answer(model, reply, kind, hint):
    server, error = played(model, reply)
    assert (type(error), len(server.requests)) == (kind, 1)
    assert "\n" not in str(error)
    assert KEY not in str(error)
    assert error.hint.startswith(hint)
    _, answer = played(model, reply, instead=lambda: BUILT_IN)
    assert (answer.fallback, answer.text, answer.model) == (True, BUILT_IN.text, "built-in")
    assert answer.notes[0].startswith("The language model tiny failed: ")
    assert answer.notes[0].endswith(" The built-in answerer answered in its place.")


def test_too_long_a_prompt_is_tried_with_less_evidence(model):
    overflow = Reply(status=400, error="This model's maximum context length is 300 tokens.")
    server, answer = played(model, overflow, good(*GOOD))
    assert (answer.text, len(server.requests)) == (TOLD, 2)
    server, error = played(model, overflow)
    assert (type(error), len(server.requests)) == (PromptTooLong, 3)


def test_a_connection_that_is_refused(model):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        closed = f"http://127.0.0.1:{free.getsockname()[1]}/v1"
    server = OpenAIServer(good(*GOOD))
    server._served.server_close()
    began = time.monotonic()
    with pytest.raises(ModelUnavailable) as caught:
        items(model(type("Closed", (), {"url": closed})(), 2.0))
    assert caught.value.hint == "check that the server runs and that this machine can reach it"
    assert time.monotonic() - began < 2


@pytest.mark.parametrize("reply", [good(*GOOD, wait=5), good(*GOOD, pause=5)], ids=["before the first word", "between two"])
def test_silence_ends_in_a_time_out(model, reply):
    began = time.monotonic()
    server, error = played(model, reply, timeout=1.0)
    assert (type(error), len(server.requests)) == (ModelTimeout, 1)
    assert error.hint.startswith("give it more time with DATELINE_LLM_TIMEOUT")
    assert time.monotonic() - began < 5


def test_a_client_without_a_time_out_is_not_waited_for():
    _, error = played(lambda server, timeout: Client(url=server.url, timeout=9), good(*GOOD, wait=1.5), timeout=0.2)
    assert type(error) is ModelTimeout


def test_drops_without_end_are_bounded_in_time(model):
    _, error = played(model, Reply(endless=" ", pause=0.05), timeout=0.5)
    assert type(error) is ModelTimeout


def test_words_without_end_are_cut_at_a_bound(model):
    server, answer = played(model, Reply(pieces=GOOD, endless=" Forty boats left in the first hour [S2]."), timeout=5.0)
    assert answer.status == "answered"
    assert answer.notes == (CUT_OFF,)
    assert len(answer.text) < 2 * MOST_LETTERS
    assert answer.claims[0].text == "It reopened on 4 March 2024."
    assert len(server.said) < 10_000


def test_a_loop_without_a_key_is_no_answer(model):
    _, answer = played(model, Reply(pieces=GOOD[:1], endless=" and on"), timeout=5.0)
    assert (answer.status, answer.missing, answer.text) == ("no_evidence", UNCITED, "")


def test_a_loop_with_a_key_is_marked(model):
    _, answer = played(model, good(*GOOD, " Boats", *[" and boats"] * 20, " [S2]."))
    assert [bool(failed(claim)) for claim in answer.claims] == [False, False, True]
    assert answer.claims[-1].checks["support"] == Check(status="failed", reason="it is no sentence")
    assert answer.text.endswith(" and boats [2]. (unsupported)")


@pytest.mark.parametrize(("sentences", "missing"), [(3, None), (4, UNSOUND), (8, UNSOUND)])
def test_an_answer_of_which_nothing_holds_is_marked_or_none(model, sentences, missing):
    wrong = [f" It cost {number} billion [S3]." for number in range(2, 2 + sentences)]
    _, answer = played(model, good(*wrong))
    assert (answer.status, answer.missing) == ("no_evidence" if missing else "answered", missing)
    assert answer.text.count("(unsupported)") == (0 if missing else sentences)


def test_an_answer_of_which_a_quarter_holds_is_shown(model):
    wrong = [f" It cost {number} billion [S3]." for number in range(2, 5)]
    _, answer = played(model, good("It reopened on 4 March 2024 [S1].", *wrong))
    assert (answer.status, answer.text.count("(unsupported)")) == ("answered", 3)


def test_an_answer_that_the_server_cut_loses_its_unfinished_sentence(model):
    _, answer = played(model, good(*GOOD, " The rep", end="length"))
    assert (answer.text, answer.notes) == (TOLD, (CUT_OFF,))


@pytest.mark.parametrize(
    ("words", "missing", "is_fault"),
    [
        ("", EMPTY, True),
        ("I'm sorry, but I can't help with that request.", DECLINED, True),
        ("Der Hafen wurde am 4. März 2024 wieder geöffnet, und die Boote sind ausgelaufen [S1].", FOREIGN, True),
        ("港口于2024年3月4日重新开放 [S1]。", FOREIGN, True),
        ("It has been open since Monday.", UNCITED, True),
        (NO_EVIDENCE, REFUSED, False),
    ],
)
def test_what_is_no_answer_is_said_or_answered_by_the_built_in_answerer(model, words, missing, is_fault):
    _, answer = played(model, good(words))
    assert (answer.status, answer.missing, answer.fallback, answer.citations) == ("no_evidence", missing, False, ())
    _, answer = played(model, good(words), instead=lambda: replace(BUILT_IN, notes=("n",)))
    assert (answer.status, answer.fallback) == (("answered", True) if is_fault else ("no_evidence", False))
    assert answer.notes == ((f"{missing} The built-in answerer answered in its place.", "n") if is_fault else ())


def test_the_tokens_of_a_model_that_failed_are_counted():
    _, answer = played(lambda server, _: Client(url=server.url), good("It reopened", end="cut"), instead=lambda: BUILT_IN)
    assert answer.usage.tokens_in > 100
    assert answer.usage.tokens_out == 2


def test_keys_are_in_no_error_and_no_trace(model):
    seen = []
    trace = lambda what, facts: seen.append((what, facts))  # noqa: E731
    _, error = played(model, Reply(status=401, error=f"Incorrect API key provided: {KEY}"), trace=trace)
    played(model, good(f"{KEY} is open [S1]."), trace=trace)
    assert KEY not in f"{error} {error.hint} {seen}"
    assert [what for what, _ in seen] == ["prompt", "completion"] * 2


def test_a_reader_who_leaves_ends_the_request(model):
    with OpenAIServer(Reply(pieces=GOOD, endless=" and on", pause=0.01)) as server:
        stream = generate(
            QUESTION, [PASSAGE], llm=model(server, 3), model="tiny", history=(), settings=Settings(llm_timeout=3),
            trace=lambda what, facts: None,
        )  # fmt: skip
        next(stream)
        stream.close()
        assert server.idle()
        assert server.lost == 1
