"""Settings: where a value comes from, and what is said of one that does not fit."""

from __future__ import annotations

from pathlib import Path

import pytest

from rag.errors import BadSettings
from rag.settings import Settings


def test_defaults() -> None:
    assert Settings.load().model_dump() == {
        "home": Path(".dateline"),
        "encoder": "built-in",
        "llm": None,
        "llm_timeout": 60.0,
        "fallback": False,
        "repair": True,
        "prices": {},
        "passages": 12,
        "context_tokens": 3000,
        "style": "standard",
        "sentences": 3,
        "candidates": 24,
        "abstain_below": 0.4,
        "explain_below": 0.45,
    }


def test_what_is_given_goes_before_the_environment_and_that_before_the_file(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("dateline.toml").write_text('passages = 5\nsentences = 2\nllm = "ollama:a"\n')
    monkeypatch.setenv("DATELINE_SENTENCES", "4")
    monkeypatch.setenv("DATELINE_LLM", "ollama:b")
    settings = Settings.load(llm="ollama:c", home=None)
    assert (settings.passages, settings.sentences, settings.llm, settings.home) == (5, 4, "ollama:c", Path(".dateline"))


@pytest.mark.parametrize(
    ("text", "message"), [("passages = 0", "'passages' does not fit"), ("passges = 3", "'passges' does not fit"), ("= 3", "does not read")]
)
def test_what_does_not_fit_is_said_in_one_line(text: str, message: str) -> None:
    Path("dateline.toml").write_text(text)
    with pytest.raises(BadSettings, match=message) as caught:
        Settings.load()
    assert "\n" not in str(caught.value)
