"""The bars that a run must reach: which are missed, which are made from a run, and files that cannot be read."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from eval.baseline import BadBaseline, check_baseline, load_baseline, write_baseline
from eval.results import Below
from eval.run import evaluate_home
from eval.summary import METRIC_NAMES
from index.errors import BadPath
from tests.eval_script import A, answered, scripted, write_cases


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "cases.jsonl")


def test_bars(cases_file, tmp_path):
    baseline = tmp_path / "baseline.json"
    baseline.write_text(
        '{"accuracy": 0.9, "accuracy.fact": 1, "token_f1": {"min": 0.1, "max": 0.5}, "false_answers": {"max": 0}, "accuracy.list": 0.5}'
    )
    report = evaluate_home(scripted(trap=answered("?", "he", A), list=RuntimeError()), cases_file, baseline=baseline)
    assert report.below == (
        Below(metric="accuracy", value=0.75, bar=0.9, side="min"),
        Below(metric="token_f1", value=0.8, bar=0.5, side="max"),
        Below(metric="false_answers", value=1, bar=0, side="max"),
        Below(metric="accuracy.list", value=None, bar=0.5, side="min"),
        Below(metric="failures", value=1, bar=0, side="max"),
    )
    assert report.to_dict()["below"][0] == {"metric": "accuracy", "value": 0.75, "bar": 0.9, "side": "min"}
    assert report.passed is False


def test_a_bar_for_failures_replaces_the_silent_one(tmp_path):
    baseline = tmp_path / "baseline.json"
    baseline.write_text('{"failures": {"max": 2}}')
    assert check_baseline({"failures": 2}, baseline) == []
    assert check_baseline({"failures": 3}, baseline) == [Below(metric="failures", value=3, bar=2, side="max")]


def test_what_a_run_reached_becomes_the_next_bar(cases_file, tmp_path):
    report = evaluate_home(scripted(list=answered("Who formed it?", "Mali", A)), cases_file)
    baseline = tmp_path / "baseline.json"
    write_baseline(report, baseline)
    written = json.loads(baseline.read_text())
    assert {name: written[name] for name in ("accuracy", "first_citation_correct", "false_answers", "failures")} == {
        "accuracy": 0.8,
        "first_citation_correct": 0.6666,
        "false_answers": {"max": 0},
        "failures": {"max": 0},
    }
    assert not [name for name in written if name.startswith(("cases", "seconds"))]
    assert check_baseline(report.metrics, baseline) == []
    with pytest.raises(BadPath, match="cannot write the baseline"):
        write_baseline(report, tmp_path / "none" / "baseline.json")


@pytest.mark.parametrize(
    ("content", "message", "hint"),
    [
        ('{"acuracy": 1}', "unknown metric 'acuracy'", f"did you mean accuracy? known are: {', '.join(METRIC_NAMES)}"),
        ('{"zzz": 1}', "unknown metric 'zzz'", f"known are: {', '.join(METRIC_NAMES)}"),
        (
            '{"accuracy": "1"}',
            'has no bar that could be read: "1"',
            'write "accuracy": 0.9 for at least, "accuracy": {"max": 0.1} for at most',
        ),
        (
            '{"accuracy": {}}',
            "has no bar that could be read: {}",
            'write "accuracy": 0.9 for at least, "accuracy": {"max": 0.1} for at most',
        ),
        ('{"accuracy": {"mix": 1}}', '{"mix": 1}', 'write "accuracy": 0.9 for at least, "accuracy": {"max": 0.1} for at most'),
        ('{"accuracy": NaN}', "NaN", 'write "accuracy": 0.9 for at least, "accuracy": {"max": 0.1} for at most'),
        ('{"accuracy": true}', "true", 'write "accuracy": 0.9 for at least, "accuracy": {"max": 0.1} for at most'),
        ("{}", "sets no bar", 'write {"accuracy": 0.9, "false_answers": {"max": 0}}'),
        ("[", "is not JSON", 'write {"accuracy": 0.9, "false_answers": {"max": 0}}'),
    ],
)
def test_baselines_that_cannot_be_read(tmp_path, content, message, hint):
    path = tmp_path / "baseline.json"
    path.write_text(content)
    with pytest.raises(BadBaseline) as caught:
        load_baseline(path)
    assert str(path) in str(caught.value)
    assert message in str(caught.value)
    assert caught.value.hint == hint
