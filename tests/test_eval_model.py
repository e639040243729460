"""`dateline eval --llm`: a language model behind a real server, beside the built-in answers to the same cases."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import ui.cli
from eval.compare import compare
from eval.metrics import Interval
from eval.render import render
from eval.results import CaseFailure, CaseResult, Compared, Report
from eval.run import evaluate_home
from eval.summary import METRIC_NAMES, summarize
from index.home import Home
from rag.chatbot import Chatbot
from rag.llm.prompts import NO_EVIDENCE
from rag.settings import Settings
from tests.eval_script import A, abstained, answered, scripted, write_cases
from tests.openai_server import Client, OpenAIServer, Reply, good

COST = "What did the repairs to the north wall cost?"
TRAM = "When will the second tram line open?"
CASES = [
    {"id": "cost", "kind": "fact", "question": COST, "answers": ["1.2 million crowns"], "doc_ids": ["harbour"]},
    {"id": "owner", "kind": "unanswerable", "question": "Who owns the airport of Quillhaven?"},
    {"id": "tram", "kind": "fact", "question": TRAM, "answers": ["June 2026"], "doc_ids": ["tram"]},
]
RIGHT = good("Repairs to the north wall cost 1.2 million crowns [S1][S2][S3][S4].", usage=(400, 20))
REFUSES = good(NO_EVIDENCE, usage=(300, 5))
WRONG = good("It will open in May 2031 [S1].", usage=(350, 9))


@pytest.fixture
def home(corpus: Path, open_home: Callable[..., Home]) -> Home:
    opened = open_home()
    opened.sync(corpus)
    return opened


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(case) + "\n" for case in CASES), encoding="utf-8")
    return path


@pytest.fixture
def evaluated(
    home: Home, tmp_path: Path, cases_file: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
) -> Callable[..., Any]:
    """Runs `dateline eval` with a model behind a server that plays a script; gives exit code, output and errors."""
    monkeypatch.setenv("DATELINE_ENCODER", "hash")
    monkeypatch.setenv("DATELINE_REPAIR", "false")
    monkeypatch.setattr("rag.llm.specs.open_llm", lambda spec, timeout: Client(url=spec.partition("@")[2], timeout=timeout))

    def run(*script: Reply, options: tuple[str, ...] = ()) -> tuple[int, str, str]:
        with OpenAIServer(*script) as server:
            code = ui.cli.main(
                ["eval", str(cases_file), "--home", str(tmp_path / "home"), "--llm", f"openai-like:tiny@{server.url}", *options]
            )
        return code, *capfd.readouterr()

    return run


def test_the_terminal_shows_both_side_by_side(evaluated):
    code, out, err = evaluated(RIGHT, REFUSES, WRONG)
    tables, lists = out.split("Right by the model alone\n", 1)
    lines = [line.split() for line in tables.splitlines()]
    assert (code, err) == (0, "")
    assert "Over the 3 of 3 cases that both were asked to the end:" in tables
    for line in (
        "measure cases built-in model difference 95 % interval",
        "accuracy 3 0.6667 0.6667 0 -1 to +1",
        "accuracy.fact 2 0.5 0.5 0 -1 to +1",
        "false_answers 0 0 0 -",
        "answer_match 2 0.5 0.5 0 -1 to +1",
        "claims_passed 2 1 0.5 -0.5 -1 to 0",
        "tokens_in 0 1050 +1.05e+03 -",
        "hit@1 1",
    ):
        assert line.split() in lines
    assert lists == (
        "\n  cost (fact) What did the repairs to the north wall cost?\n"
        "    built-in: 1.2 million\n"
        "    model:    Repairs to the north wall cost 1.2 million crowns.\n"
        "\nRight by the built-in answers alone\n"
        "\n  tram (fact) When will the second tram line open?\n"
        "    built-in: June 2026\n"
        "    model:    It will open in May 2031.\n"
        "\nWrong\n"
        "\n  tram (fact) When will the second tram line open?\n"
        "    expected: June 2026\n"
        "    given:    It will open in May 2031.\n"
        "    why:      the short answer lacks “June 2026”\n"
    )


def test_json_has_both(evaluated):
    code, out, _ = evaluated(RIGHT, REFUSES, WRONG, options=("--json",))
    data = json.loads(out)
    assert (code, sorted(data)) == (0, ["below", "built_in", "cases", "comparison", "metrics", "model"])
    assert data["model"].startswith("openai-like:tiny@http://127.0.0.1:")
    assert [row["right"] for row in data["cases"]] == [True, True, False]
    assert [row["right"] for row in data["built_in"]["cases"]] == [False, True, True]
    assert [(row["tokens_in"], row["tokens_out"]) for row in data["cases"]] == [(400, 20), (300, 5), (350, 9)]
    assert sorted(data["built_in"]) == ["cases", "metrics"]
    comparison = data["comparison"]
    assert (comparison["cases"], comparison["gained"], comparison["lost"]) == (3, ["cost"], ["tram"])
    assert comparison["metrics"][1] == {
        "metric": "accuracy.fact",
        "model": 0.5,
        "built_in": 0.5,
        "difference": 0.0,
        "interval": [-1.0, 1.0],
        "cases": 2,
    }


def test_bars_and_the_exit_code_are_for_the_model(evaluated, tmp_path):
    bars = tmp_path / "bars.json"
    bars.write_text('{"exact_match": 0.5}')  # the built-in answers reach it
    code, out, _ = evaluated(RIGHT, REFUSES, WRONG, options=("--json", "--baseline", str(bars)))
    assert (code, json.loads(out)["below"]) == (1, [{"metric": "exact_match", "value": 0.0, "bar": 0.5, "side": "min"}])


def test_a_built_in_answer_never_counts_as_the_models(evaluated, monkeypatch):
    monkeypatch.setenv("DATELINE_FALLBACK", "true")
    code, out, _ = evaluated(RIGHT, Reply(status=401, error="no"), WRONG, options=("--json",))
    data = json.loads(out)
    assert (code, data["metrics"]["failures"], data["comparison"]["cases"]) == (0, 1, 2)
    assert data["cases"][1]["error"].startswith("ModelDenied: the language model openai-like:tiny@")


def test_a_model_that_is_not_there_stops_the_run(evaluated):
    code, out, err = evaluated(Reply(status=401, error="no"))
    assert (code, out) == (4, "")
    assert err.startswith("error: the language model openai-like:tiny@")


def test_when_the_server_goes_away_the_run_goes_on(home, cases_file):
    settings = Settings(llm_timeout=30, repair=False)
    with OpenAIServer(RIGHT) as server:
        model = Chatbot(home, settings=settings, llm=Client(url=server.url), model="tiny")

        def leave(name: str, done: int, total: int) -> None:
            if (name, done) == ("tiny", 1):
                server.__exit__()

        report = evaluate_home(model, cases_file, built_in=Chatbot(home, settings=settings), progress=leave)
    assert [type(row) for row in report.rows] == [CaseResult, CaseFailure, CaseFailure]
    assert all("refused" in row.error for row in report.failures)
    assert (report.comparison.cases, report.comparison.gained, report.passed) == (1, ("cost",), False)
    text = render(report)
    assert "The model is tiny. Over the 1 of 3 cases that both were asked to the end:" in text
    assert "Crashed: neither right nor wrong\n\n  owner (unanswerable)" in text


# --- the comparison ---


def test_only_cases_that_both_were_asked_to_the_end_are_compared(tmp_path):
    path = write_cases(tmp_path / "cases.jsonl")
    model = scripted("tiny", list=answered("Who formed it?", "Mali", A), trap=answered("?", "he", A), fact=RuntimeError())
    built_in = scripted(conflict=abstained("?"), unanswerable=RuntimeError())
    report = evaluate_home(model, path, built_in=built_in)
    assert report.comparison == compare(report, report.beside)
    assert (report.comparison.cases, report.comparison.gained, report.comparison.lost) == (3, ("conflict",), ("list", "trap"))
    found = {compared.metric: compared for compared in report.comparison.metrics}
    assert found["accuracy"] == Compared(
        metric="accuracy", value=1 / 3, beside=2 / 3, difference=-1 / 3, interval=Interval(-1.0, 1.0), cases=3
    )
    assert found["false_answers"] == Compared(metric="false_answers", value=1, beside=0, difference=1, interval=None, cases=0)
    assert not {"accuracy.fact", "accuracy.unanswerable", "hit@1", "cases"} & set(found)


def test_two_runs_without_a_common_case():
    crashed = CaseFailure(id="x", kind="fact", question="?", error="E")
    report = Report(metrics=summarize([crashed]), rows=(crashed,))
    comparison = compare(report, report)
    assert (comparison.cases, comparison.gained, comparison.lost) == (0, (), ())
    assert {compared.metric for compared in comparison.metrics} == {"false_answers", "tokens_in", "tokens_out"} <= set(METRIC_NAMES)
