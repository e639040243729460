"""Another year, another way: what is asked of one occasion is not answered from another."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.home import Home
from rag.builtin.occasion import is_other_way, is_other_year
from rag.chatbot import Chatbot
from rag.settings import Settings


@pytest.mark.parametrize(
    ("question", "texts", "published", "other"),
    [
        ("How many fell ill in 2023?", ["In March 2022 at least 500 fell ill."], "2025-06-07", True),
        ("How many fell ill in 2022?", ["In March 2022 at least 500 fell ill."], "2025-06-07", False),
        ("How many fell ill in 2023?", ["At least 500 fell ill."], "2025-06-07", False),
        ("How many fell ill in 2023?", ["At least 500 fell ill, against 40 in 2020."], "2023-06-07", False),
        ("How many fell ill in 2023?", ["At least 500 fell ill, against 40 in 2020.", "So ended 2023."], None, False),
        ("How many fell ill?", ["In March 2022 at least 500 fell ill."], None, False),
        ("Ida Quist will not run in 2024. What year was she first elected?", ["She was first elected in 1992."], None, False),
        ("What did he make in the 1950s?", ["In 1960, he made Harbour Lights."], None, False),
        ("Who won in 2021?", ["Of 2,021 runners who began in 2019 Ida Quist won."], None, True),
    ],
)
def test_another_year(question: str, texts: list[str], published: str | None, other: bool) -> None:
    assert is_other_year(question, texts, published) is other


@pytest.mark.parametrize(
    ("question", "sentence", "other"),
    [
        ("When did the troops leave Niger?", "On 15 August the last convoy crossed the border into Niger.", True),
        ("When did the troops leave Niger?", "On 15 August the last convoy left Niger.", False),
        ("When did the troops leave Niger?", "The convoy drove into Niger in May and out of Niger in June.", False),
        ("When did the troops leave Niger?", "The last convoy left on 15 August.", False),
        ("When did the troops leave Niger?", "Troops deployed in Niger since 2013 completed their withdrawal in 2022.", False),
        ("When did the ferry reach Port Ellery?", "The ferry sailed from Port Ellery on Monday.", True),
        ("When did the ferry reach Port Ellery?", "The ferry came to Port Ellery on Monday.", False),
        ("When did the guards enter Tarn?", "They withdrew from northern Tarn in 2020.", True),
        ("When did the guards enter Tarn?", "The guards of Tarn marched in 2020.", False),
        ("Who withdrew from the race?", "He walked to the race.", False),
    ],
)
def test_another_way(question: str, sentence: str, other: bool) -> None:
    assert is_other_way(question, sentence) is other


def test_what_is_told_of_another_occasion_is_no_answer(open_home: Callable[..., Home], tmp_path: Path) -> None:
    text = (
        "The ferry strike\n\nIn March 2022 the strike at Port Ellery lasted nine days. "
        "The last guards drove over the border into Tarn on 3 May 2022.\n"
    )
    (tmp_path / "strike.txt").write_text(text, encoding="utf-8")
    home = open_home()
    home.sync(tmp_path)
    chatbot = Chatbot(home, settings=Settings())
    asked = ("How long did the strike at Port Ellery last in 2022?", "How long did the strike at Port Ellery last in 2021?")
    assert [chatbot.ask(question).short for question in asked] == ["nine days", ""]
    assert chatbot.ask("When did the last guards leave Tarn?").status == "no_evidence"
