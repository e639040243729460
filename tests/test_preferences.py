"""What a visitor chooses in Settings: how a form is read, which chatbot it means, and what becomes of a key."""

from __future__ import annotations

import gc
import re
import sys
import weakref
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import SecretStr

sys.path.insert(0, str(Path(__file__).parent))  # the server stands beside this file
from openai_server import OpenAIServer, Reply, good

from index.errors import UsageError
from rag.chatbot import Chatbot
from rag.llm.prompts import MORE
from rag.llm.reach import goes_to
from rag.llm.scripted import ScriptedLLM
from rag.settings import Settings
from ui import choosing
from ui.choosing import try_out, use
from ui.library import Library
from ui.preferences import Preferences, chosen
from ui.render.masthead import masthead_html
from ui.render.settings import settings_html

KEY = "canary-0123456789-of-a-visitor"
PLAIN = {"provider": "built-in", "style": "standard"}
LIKE = {"provider": "openai-like", "model": "tiny", "address": "http://127.0.0.1:9/v1", "style": "standard", "key": KEY}
OPENAI = {"provider": "openai", "model": "some", "style": "standard"}
QUESTION = "When did the harbour reopen?"


@pytest.fixture
def library(open_home, corpus) -> Library:
    home = open_home()
    home.sync(corpus)
    return Library(Chatbot(home, settings=Settings(repair=False)))


# How a form is read


@pytest.mark.parametrize(
    ("form", "preferences"),
    [
        (PLAIN, Preferences(llm="built-in")),
        ({"provider": "as-started", "style": "brief", "strict": True}, Preferences(style="brief", strict=True)),
        (
            {"provider": "ollama", "model": " llama3.2 ", "key": KEY, "style": "detailed"},
            Preferences(llm="ollama:llama3.2", style="detailed"),
        ),
        (LIKE, Preferences(llm="openai-like:tiny@http://127.0.0.1:9/v1", key=SecretStr(KEY))),
        (LIKE | {"key": ""}, Preferences(llm="openai-like:tiny@http://127.0.0.1:9/v1")),
        (OPENAI | {"strict": "on", "what": "use"}, Preferences(llm="openai:some")),
    ],
)
def test_a_form_stands_for_preferences(form: dict[str, Any], preferences: Preferences) -> None:
    assert chosen(form, Preferences(), is_private=True) == preferences


@pytest.mark.parametrize(
    ("form", "problem"),
    [
        (None, "no settings came with the request"),
        ([], "no settings came with the request"),
        ({}, "no such answer style"),
        (PLAIN | {"style": "loud"}, "no such answer style"),
        (PLAIN | {"style": []}, "no such answer style"),
        (PLAIN | {"provider": "skynet"}, "no such language model is offered here"),
        (PLAIN | {"provider": ["openai"]}, "no such language model is offered here"),
        (OPENAI | {"model": " "}, "no model was typed"),
        (OPENAI | {"model": 7}, "no model was typed"),
        (OPENAI | {"model": "two words"}, "this is no model"),
        (LIKE | {"address": ""}, "no address of the server was typed"),
        (LIKE | {"key": f"{KEY} {KEY}"}, "this is no key"),
        (LIKE | {"key": f"{KEY}\n{KEY}"}, "this is no key"),
        (LIKE | {"key": f"{KEY}é"}, "this is no key"),
        (LIKE | {"key": KEY * 20}, "this is no key"),
    ],
)
def test_a_form_that_does_not_fit_says_what_to_type_and_never_the_key(form: object, problem: str) -> None:
    with pytest.raises(UsageError) as caught:
        chosen(form, Preferences(), is_private=True)
    assert str(caught.value) == problem
    assert caught.value.hint
    assert KEY not in f"{caught.value!r} {caught.value.hint}"


@given(
    st.recursive(st.none() | st.text() | st.integers() | st.booleans(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner))
)
def test_no_form_is_more_than_wrong(form: object) -> None:
    with pytest.raises(UsageError):
        chosen(form, Preferences(), is_private=True)


@pytest.mark.parametrize(
    ("form", "is_kept"),
    [
        (LIKE | {"key": ""}, True),
        (LIKE | {"key": "", "model": "larger"}, True),
        (LIKE | {"key": "", "address": "http://192.0.2.9/v1"}, False),
        (OPENAI, False),
        (PLAIN, False),
    ],
)
def test_a_key_is_kept_for_its_own_server_alone(form: dict[str, Any], is_kept: bool) -> None:
    before = chosen(LIKE, Preferences(), is_private=True)
    assert (chosen(form, before, is_private=True).key == SecretStr(KEY)) == is_kept


def test_visitors_from_elsewhere_choose_no_servers_and_use_no_keys_of_the_machine(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OPENAI_API_KEY", "the-owners-own-key")
    problems = []
    for form in (LIKE, {"provider": "ollama", "model": "m", "style": "brief"}, OPENAI):
        with pytest.raises(UsageError) as caught:
            chosen(form, Preferences(), is_private=False)
        problems.append(str(caught.value))
    assert problems == ["no such language model is offered here"] * 2 + ["no key was typed"]
    typed = chosen(OPENAI | {"key": KEY}, Preferences(), is_private=False)
    assert typed == Preferences(llm="openai:some", key=SecretStr(KEY))
    assert chosen(OPENAI, typed, is_private=False) == typed


def test_a_key_is_in_no_form_of_the_preferences() -> None:
    preferences = chosen(LIKE, Preferences(), is_private=True)
    assert KEY not in f"{preferences!r} {preferences} {preferences.key!r} {preferences.key}"
    assert preferences != replace(preferences, key=None)


# Which chatbot it means


def test_who_chose_nothing_asks_the_pages_own_chatbot(library: Library) -> None:
    assert library.chatbot_for(Preferences()) is library.chatbot
    assert library.chatbot_for(Preferences(strict=True)) is library.chatbot
    assert library.chatbot_for(Preferences(llm="built-in")) is library.chatbot


def test_a_chatbot_is_made_once_over_the_same_home_and_goes_with_its_last_conversation(library: Library) -> None:
    preferences = chosen(LIKE, Preferences(), is_private=True)
    made = library.chatbot_for(preferences)
    assert library.chatbot_for(replace(preferences, strict=True)) is made
    assert made.home is library.chatbot.home
    assert (made.model, library.chatbot.model) == ("openai-like:tiny@http://127.0.0.1:9/v1", "built-in")
    assert library.chatbot_for(replace(preferences, key=None)) is not made
    gone = weakref.ref(made)
    del made
    gc.collect()
    assert gone() is None
    assert len(library._made) == 0


def test_a_choice_holds_for_the_articles_of_an_earlier_answer_too(library: Library, open_home) -> None:
    earlier = open_home("earlier")
    brief = library.chatbot_for(Preferences(style="brief"), home=earlier)
    assert (brief.home, brief.settings.style) == (earlier, "brief")
    assert library.chatbot_for(Preferences(), home=earlier).home is earlier


def test_the_style_is_a_number_of_sentences_for_the_built_in_answer(library: Library) -> None:
    styles = ("brief", "standard", "detailed")
    assert [library.chatbot_for(Preferences(style=style)).settings.sentences for style in styles] == [1, 3, 6]
    answers = [library.chatbot_for(Preferences(style=style)).ask("Why did the harbour close?") for style in ("brief", "detailed")]
    assert [len(answer.claims) for answer in answers] == [1, len(answers[1].claims)]
    assert len(answers[1].claims) > 1


def test_the_style_is_a_line_of_the_prompt_for_a_language_model(library: Library) -> None:
    base = library.chatbot
    told = Library(Chatbot(base.home, settings=base.settings, llm=ScriptedLLM("It reopened on Monday [S1]."), model="scripted"))
    for style, line in MORE.items():
        seen: list[dict[str, Any]] = []
        chatbot = told.chatbot_for(Preferences(style=style))
        chatbot.ask(QUESTION, tracer=lambda what, facts, seen=seen: seen.append(facts) if what == "prompt" else None)
        rules = seen[0]["messages"][0]["content"]
        assert [line in rules for line in MORE.values()] == [line == other for other in MORE.values()]
        assert chatbot.model == "scripted"


# What is tried and used


def told(outcome: choosing.Outcome) -> tuple[str, str]:
    assert KEY not in f"{outcome!r}"
    return outcome.kind, outcome.words


def test_a_model_that_works_says_in_how_long(library: Library) -> None:
    with OpenAIServer(good("Ok.")) as server:
        kind, words = told(try_out(library, LIKE | {"address": server.url}, Preferences(), is_private=True))
        assert server.keys == [f"Bearer {KEY}"]
    assert kind == "good"
    assert re.fullmatch(r"tiny works: it answered in \d+\.\d seconds\.", words)
    assert told(try_out(library, PLAIN, Preferences(), is_private=True)) == ("good", "The built-in answerer needs no model and no network.")


@pytest.mark.usefixtures("short_waits")
@pytest.mark.parametrize(
    ("reply", "words"),
    [
        (
            Reply(status=401, error=f"Incorrect key {KEY}"),
            "; check the key: the one typed in Settings, else the one that the page was started with.",
        ),
        (Reply(status=404, error="no such model"), "; check the name of the model."),
        (Reply(status=500, error=KEY), "; try again, or choose another model in Settings."),
        (good(""), "it said nothing; try again, or take another model."),
        (good("Ok", wait=9), "; try again, or choose a smaller model in Settings."),
        (good(KEY, end="cut"), "its answer broke off; try again, or choose another model in Settings."),
    ],
)
def test_a_model_that_fails_says_why_and_what_to_do(reply: Reply, words: str, library: Library, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choosing, "_TRIAL_SECONDS", 0.5)
    with OpenAIServer(reply) as server:
        kind, line = told(try_out(library, LIKE | {"address": server.url}, Preferences(), is_private=True))
    assert (kind, line.startswith("The language model openai-like:tiny@http://127.0.0.1:"), line.endswith(words)) == ("bad", True, True), (
        line
    )
    assert "\n" not in line


@pytest.mark.parametrize("act", [use, try_out])
@pytest.mark.parametrize(
    ("form", "line"),
    [
        (
            {"provider": "anthropic", "model": "some", "style": "brief", "key": KEY},
            'Anthropic language models need a package that is not installed; pip install "dateline[anthropic]".',
        ),
        (OPENAI, "Openai needs a key, and OPENAI_API_KEY is not set; type the key in Settings."),
        (
            LIKE | {"address": "nowhere"},
            "'openai-like:tiny@nowhere' lacks the server's address; write openai-like:MODEL@http://HOST:PORT/v1.",
        ),
        (LIKE | {"address": "http://me:secret-word@127.0.0.1/v1"}, "The server's address holds a password; type the key in Settings."),
        (OPENAI | {"model": ""}, "No model was typed; type it: the name by which its server knows it, such as llama3.2."),
    ],
)
def test_what_cannot_be_had_changes_nothing(
    act: Any, form: dict[str, Any], line: str, library: Library, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("OPENAI_API_KEY", raising=False)
    before = Preferences(strict=True)
    outcome = act(library, form, before, is_private=True)
    assert (*told(outcome), outcome.preferences, outcome.model) == ("bad", line, before, "")


def test_what_is_used_is_said(library: Library) -> None:
    outcome = use(library, LIKE, Preferences(), is_private=True)
    assert told(outcome) == ("good", "From now on tiny answers. Closing the page forgets this, and the key.")
    assert (outcome.model, outcome.preferences.key) == ("openai-like:tiny@http://127.0.0.1:9/v1", SecretStr(KEY))
    back = use(library, PLAIN, outcome.preferences, is_private=True)
    assert told(back) == ("good", "From now on the built-in answerer answers. Closing the page forgets this.")
    assert (back.model, back.preferences.key) == ("built-in", None)


# What the masthead says


@pytest.mark.parametrize(
    ("model", "receiver", "words"),
    [
        ("built-in", "", "Built-in answers · nothing leaves this machine"),
        ("ollama:llama3.2", "", "Answers by llama3.2 · nothing leaves this machine"),
        ("openai-like:org/m@http://[::1]:8000/v1", "", "Answers by org/m · nothing leaves this machine"),
        ("openai-like:m@https://gpu.example/v1", "gpu.example", "Answers by m · questions and passages go to gpu.example"),
        ("openai:gpt-some", "OpenAI", "Answers by gpt-some · questions and passages go to OpenAI"),
        ("anthropic:some", "Anthropic", "Answers by some · questions and passages go to Anthropic"),
        ("google:some", "Google", "Answers by some · questions and passages go to Google"),
        ("a model of the program's own", None, "Answers by a model of the program&#x27;s own"),
    ],
)
def test_the_masthead_says_who_answers_and_what_leaves(model: str, receiver: str | None, words: str) -> None:
    assert goes_to(model) == receiver
    line = f'<p class="dl-model">{words}</p>'
    assert line in masthead_html(model, is_private=True)
    if receiver == "":
        assert "nothing leaves the server" in masthead_html(model, is_private=False)


def test_ollama_may_be_elsewhere(monkeypatch: pytest.MonkeyPatch) -> None:
    found = {}
    for address in ("", "192.0.2.5:11434", "http://gpu.example:11434", "0.0.0.0", "127.0.0.1:9", "http://[bad"):
        monkeypatch.setenv("OLLAMA_HOST", address)
        found[address] = goes_to("ollama:m")
    assert found == {
        "": "",
        "192.0.2.5:11434": "192.0.2.5",
        "http://gpu.example:11434": "gpu.example",
        "0.0.0.0": "",
        "127.0.0.1:9": "",
        "http://[bad": None,
    }


def test_the_form_offers_what_may_be_chosen() -> None:
    offered = {
        (model, is_private): re.findall(r'<option value="([^"]*)"', settings_html(Preferences(), model=model, is_private=is_private))
        for model in ("built-in", "ollama:m")
        for is_private in (True, False)
    }
    every, hosted = ["built-in", "ollama", "openai-like", "openai", "anthropic", "google"], ["built-in", "openai", "anthropic", "google"]
    assert offered == {
        ("built-in", True): every, ("built-in", False): hosted,
        ("ollama:m", True): ["as-started", *every], ("ollama:m", False): ["as-started", *hosted],
    }  # fmt: skip
