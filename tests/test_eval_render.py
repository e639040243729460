"""A report as a person at a terminal reads it."""

from __future__ import annotations

from pathlib import Path

import pytest

from eval.render import render
from eval.run import evaluate_home, run
from tests.eval_script import CASES, B, abstained, answered, passage, scripted, write_cases


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "cases.jsonl")


def test_terminal_report(cases_file, tmp_path):
    baseline = tmp_path / "baseline.json"
    baseline.write_text('{"accuracy": 0.9, "accuracy.trap": 1}')
    chatbot = scripted(list=answered("Who formed it?", "[red]Mali[/red]", B), trap=RuntimeError("[1] :smile:"))
    text = render(evaluate_home(chatbot, cases_file, baseline=baseline))
    tables, details = text.split("Wrong\n", 1)
    assert [line.split() for line in tables.splitlines()[:8] if "─" not in line] == [
        ["cases", "right", "share", "95", "%", "interval", "crashed"],
        ["fact", "1", "1", "100.0%", "20.7%", "to", "100.0%", "0"],
        ["list", "1", "0", "0.0%", "0.0%", "to", "79.3%", "0"],
        ["conflict", "1", "1", "100.0%", "20.7%", "to", "100.0%", "0"],
        ["unanswerable", "1", "1", "100.0%", "20.7%", "to", "100.0%", "0"],
        ["trap", "1", "0", "-", "-", "1"],
        ["all", "5", "3", "75.0%", "30.1%", "to", "95.4%", "1"],
    ]
    assert details == (
        "\n"
        "  list (list) Who formed it?\n"
        "    expected: Mali; Burkina Faso; Niger\n"
        "    given:    [red]Mali[/red]\n"
        "    why:      the short answer lacks “Mali”, “Burkina Faso”, “Niger”\n"
        "\n"
        "Crashed: neither right nor wrong\n"
        "\n"
        "  trap (trap) Who won the prize?\n"
        "    RuntimeError: [1] :smile:\n"
        "\n"
        "Below the bar\n"
        "\n"
        "  accuracy is 0.75, the bar is at least 0.9\n"
        "\n"
        "  accuracy.trap is not measured, the bar is at least 1\n"
        "\n"
        "  failures is 1, the bar is at most 0\n"
    )


def test_terminal_report_of_the_wrong_folder():
    report = run(
        [CASES["fact"]], lambda question, _filters, _history: abstained(question), search=lambda _text, _filters, _limit: [passage("z")]
    )
    assert render(report).endswith("Note\n\n  No search found a document that the cases name: was the right folder synced?\n")


def test_terminal_report_when_all_is_right(cases_file):
    text = render(evaluate_home(scripted(), cases_file))
    assert "Wrong" not in text
    assert "quotes_exact" in text
