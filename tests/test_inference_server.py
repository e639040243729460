"""A real inference server (llama.cpp's) with a model of random numbers: whatever it writes, none of it is shown as a checked claim.

`make inference` installs the server into an environment of its own; `make test-all` does so first.
"""

from __future__ import annotations

import json
import re
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from llama_index.llms.openai_like import OpenAILike

sys.path.insert(0, str(Path(__file__).parent))  # the model stands beside this file
from tiny_model import write_tiny_model

from index.home import Home
from rag.chatbot import Chatbot
from rag.errors import ModelUnavailable, PromptTooLong
from rag.llm.generate import INSTEAD
from rag.llm.packing import packed
from rag.llm.refusals import FAILED, UNSOUND
from rag.settings import Settings
from rag.strict import failed
from rag.types import Answer
from ui.cli import main

ROOT = Path(__file__).parent.parent
PYTHON = ROOT / ".venv-inference" / "bin" / "python"
SECONDS = 30
"""That the server may take to start, to answer, or to end."""
QUESTIONS = ("When did French troops leave Mali?", "How many people were killed at Moura?", "What did Wagner announce?")

pytestmark = [
    pytest.mark.slow,
    pytest.mark.skipif(not PYTHON.exists(), reason="the inference server is not installed: make inference"),
]


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("inference") / "home"
    with Home.open(folder, create=True) as home:
        home.sync(ROOT / "eval" / "sample" / "articles")
    return folder


@pytest.fixture(scope="module")
def models(home: Path) -> dict[str, Path]:
    """A model that knows letters, and one that knows the articles' words and all keys that it will be shown."""
    with Home.open(home) as opened:
        shown = {key: source for question in QUESTIONS for key, source in packed(opened.search(question, limit=12), 3000)[1].items()}
    words = [word for source in shown.values() for word in source.text.split()]
    keys = [written for key in shown for written in (f"[{key}]", f"[{key}].")]
    made = {"letters": home.parent / "letters.gguf", "words": home.parent / "words.gguf"}
    write_tiny_model(made["letters"], [], seed=1)
    write_tiny_model(made["words"], [*words, *keys, "."], seed=1)
    return made


@contextmanager
def served(model: Path, *, window: int = 8192, tokens: int = 200) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    """The address of a server with this model, and its process, which ends within bounds of time."""
    command = [PYTHON, Path(__file__).parent / "inference_server.py", model, str(window), str(tokens)]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as server:
        over = threading.Timer(10 * SECONDS, server.kill)
        over.start()
        try:
            assert server.stdout is not None
            address = server.stdout.readline().strip()
            assert re.fullmatch(r"http://127\.0\.0\.1:\d+", address), f"the server did not start: {address!r}"
            yield f"{address}/v1", server
        finally:
            over.cancel()
            server.kill()


def sampled(address: str) -> OpenAILike:
    """A model that takes its words by chance, as a server does by itself."""
    return OpenAILike(
        model="tiny", api_base=address, api_key="none", timeout=SECONDS, is_chat_model=True, temperature=1.0, max_retries=0
    )  # fmt: skip


@pytest.mark.parametrize("kind", ["letters", "words"])
def test_garbage_is_never_a_checked_claim(home: Path, models: dict[str, Path], kind: str) -> None:
    answers: list[Answer] = []
    written: list[str] = []
    tracer = lambda what, facts: written.append(facts["text"]) if what == "completion" else None  # noqa: E731
    with served(models[kind]) as (address, _):
        for llm in (f"openai-like:tiny@{address}", sampled(address)):
            with Chatbot.open(home, llm=llm, settings=Settings(llm_timeout=SECONDS), tracer=tracer) as bot:
                answers += [bot.ask(question) for question in QUESTIONS]
    assert [claim.text for answer in answers for claim in answer.claims if not failed(claim)] == []
    assert {answer.missing for answer in answers if answer.status == "no_evidence"} <= FAILED
    assert all(answer.usage.tokens_in > 500 and answer.usage.tokens_out > 0 for answer in answers)
    assert max(map(len, written)) > 100
    if kind == "words":  # it did cite what it was shown
        assert UNSOUND in {answer.missing for answer in answers}


def test_the_built_in_answer_takes_the_place_of_garbage(home: Path, models: dict[str, Path]) -> None:
    settings = Settings(llm_timeout=SECONDS, fallback=True)
    with served(models["words"]) as (address, _), Chatbot.open(home, llm=f"openai-like:tiny@{address}", settings=settings) as bot:
        answer = bot.ask(QUESTIONS[0])
    with Chatbot.open(home, llm="built-in") as bot:
        built_in = bot.ask(QUESTIONS[0])
    assert (answer.text, answer.status, answer.model, answer.fallback) == (built_in.text, built_in.status, "built-in", True)
    assert answer.notes[0].endswith(INSTEAD)
    assert answer.usage.tokens_in > 500


def test_a_window_that_is_too_small_is_asked_again_with_less(home: Path, models: dict[str, Path]) -> None:
    prompts: list[str] = []
    tracer = lambda what, facts: prompts.append(facts["messages"][-1]["content"]) if what == "prompt" else None  # noqa: E731
    settings = Settings(llm_timeout=SECONDS, repair=False)
    with served(models["words"], window=6144) as (address, _):
        with Chatbot.open(home, llm=f"openai-like:tiny@{address}", settings=settings, tracer=tracer) as bot:
            bot.ask(QUESTIONS[0])
        first, *others = [len(prompt) for prompt in prompts]
        assert others
        assert others[-1] < 0.6 * first
    with (
        served(models["letters"], window=512) as (address, _),
        Chatbot.open(home, llm=f"openai-like:tiny@{address}", settings=settings) as bot,
        pytest.raises(PromptTooLong, match="failed"),
    ):
        bot.ask(QUESTIONS[0])


def test_a_server_that_is_killed_while_it_answers(home: Path, models: dict[str, Path]) -> None:
    with (
        served(models["words"], tokens=4000) as (address, server),
        Chatbot.open(home, llm=f"openai-like:tiny@{address}", settings=Settings(llm_timeout=SECONDS)) as bot,
    ):
        stream = bot.stream(QUESTIONS[0])
        assert isinstance(next(stream), str)
        server.kill()
        with pytest.raises(ModelUnavailable):
            list(stream)
        with pytest.raises(ModelUnavailable) as refused:
            bot.ask(QUESTIONS[0])
    assert refused.value.hint == "check that the server runs and that this machine can reach it"


def test_doctor_tries_it(home: Path, models: dict[str, Path], capsys: pytest.CaptureFixture[str]) -> None:
    with served(models["letters"]) as (address, _):
        assert main(["doctor", "--home", str(home), "--llm", f"openai-like:tiny@{address}", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["problems"] == []
