"""docs/eval.md: every metric is there, and its files and programs run."""

from __future__ import annotations

import re
from pathlib import Path

from eval.baseline import load_baseline
from eval.cases import KINDS, load_cases
from eval.report.files import write_report
from eval.run import run
from eval.summary import METRIC_NAMES
from tests.eval_script import A, answered

DOCS = (Path(__file__).parent.parent / "docs" / "eval.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS, flags=re.MULTILINE | re.DOTALL)


def test_documentation_names_every_metric():
    assert [name for name in METRIC_NAMES if f"`{name}`" not in DOCS] == []


def test_documented_files_and_programs_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    [cases], [bars], [whole] = blocks("jsonl"), blocks("json"), blocks("python")
    Path("cases.jsonl").write_text(cases, encoding="utf-8")
    Path("baseline.json").write_text(bars, encoding="utf-8")
    assert [case.kind for case in load_cases("cases.jsonl")] == [*KINDS, "fact"]
    assert len(load_baseline("baseline.json")) == 7
    exec(whole, {})
    assert "abstention_recall" in capsys.readouterr().out
    write_report(run(load_cases("cases.jsonl"), lambda question, _filters, _history: answered(question, "2013", A)), "out")
    for program in re.findall(r"^python -c '(.*)'$", DOCS, flags=re.MULTILINE):
        exec(program, {})
    spelling, intervals, *citations, signs = capsys.readouterr().out.splitlines()
    assert (spelling, intervals.count("Interval(low=0.")) == ("True", 2)
    assert signs == "0.0703125 0.7265625"
    assert citations == [f"{case} a August 2022" for case in ("f1", "l1", "c1", "f2")]
    assert len(load_baseline("baseline.json")) > 7
