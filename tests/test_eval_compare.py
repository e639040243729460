"""A run against an earlier one: which cases turned, how likely that is by chance, and the gate that a damaged search does not pass."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from math import comb
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html

import ui.cli
from eval.baseline import BadBaseline, open_baseline
from eval.compare import compare, fallen
from eval.metrics import Interval, sign_test
from eval.render import render
from eval.report.files import write_report
from eval.results import Fallen, Report, load_run
from eval.run import evaluate_home
from index.errors import BadPath
from index.home import Home
from index.types import Passage
from tests.eval_script import A, abstained, answered, scripted, write_cases

COST = "What did the repairs to the north wall cost?"
QUESTIONS = [
    {"id": "cost", "kind": "fact", "question": COST, "answers": ["1.2 million"], "doc_ids": ["harbour"]},
    {"id": "tram", "kind": "fact", "question": "When will the second tram line open?", "answers": ["June 2026"], "doc_ids": ["tram"]},
    {"id": "king", "kind": "unanswerable", "question": "Who owns the airport of Quillhaven?"},
]  # fmt: skip
GIVEN = {"cost": "1.2 million", "tram": "June 2026"}


# The sign test


@given(st.integers(0, 60), st.integers(0, 60))
def test_the_sign_test_is_the_binomials_two_tails(gained, lost):
    turned = gained + lost
    as_lopsided = [k for k in range(turned + 1) if abs(2 * k - turned) >= abs(gained - lost)]
    assert sign_test(gained, lost) == pytest.approx(sum(comb(turned, k) for k in as_lopsided) / 2**turned)
    assert sign_test(gained, lost) == sign_test(lost, gained)


def test_the_sign_test_of_many_cases():
    assert sign_test(3000, 3000) == 1.0
    assert sign_test(0, 3000) < 1e-300


# Two runs


@pytest.fixture
def earlier(tmp_path: Path) -> Path:
    """The results of a run in which the list is wrong and the trap crashed."""
    report = evaluate_home(
        scripted(list=answered("Who formed it?", "Mali", A), trap=RuntimeError("x")), write_cases(tmp_path / "cases.jsonl")
    )
    write_report(report, tmp_path / "earlier")
    return tmp_path / "earlier" / "results.json"


def test_the_same_again_passes(earlier, tmp_path):
    chatbot = scripted(list=answered("Who formed it?", "Mali", A), trap=RuntimeError("x"))
    report = evaluate_home(chatbot, tmp_path / "cases.jsonl", baseline=earlier)
    assert (report.fell, report.below, report.change.gained, report.change.lost, report.change.p) == ((), (), (), (), 1.0)
    assert report.to_dict()["fell"] == []


def test_what_fell_is_named_with_both_answers(earlier, tmp_path):
    worse = scripted(
        fact=answered("When did they leave?", "2013", A), trap=answered("?", "he", A), unanswerable=RuntimeError("out of paper")
    )
    report = evaluate_home(worse, tmp_path / "cases.jsonl", baseline=earlier, report_dir=tmp_path / "now")
    assert report.fell == (
        Fallen(id="fact", kind="fact", question="When did they leave?", before="“in August 2022”", now="“2013”",
               why="the short answer lacks “August 2022”"),
        Fallen(id="unanswerable", kind="unanswerable", question="Who is king?", before="not answered",
               now="crashed (RuntimeError: out of paper)", why="it crashed"),
    )  # fmt: skip
    assert [str(below) for below in report.below] == []
    assert (report.change.gained, report.change.lost, report.change.p, report.change.cases) == (("list",), ("fact",), 1.0, 3)
    [accuracy] = [compared for compared in report.change.metrics if compared.metric == "accuracy"]
    assert (accuracy.value, accuracy.beside, accuracy.difference, accuracy.interval) == (2 / 3, 2 / 3, 0.0, Interval(-1.0, 1.0))
    text = render(report)
    assert (
        "Fell\n\n"
        "  fact (fact) When did they leave? “in August 2022” -> “2013”: the short answer lacks “August 2022”\n"
        "  unanswerable (unanswerable) Who is king? not answered -> crashed (RuntimeError: out of paper): it crashed\n"
    ) in text
    assert "Of 3 cases in both 1 turned right and 1 turned wrong (sign test: p = 1).\n" in text
    assert not report.passed
    page = (tmp_path / "now" / "index.html").read_text(encoding="utf-8")
    assert "Fell since the baseline" in page
    assert 'id="change"' in page


def test_a_language_model_has_a_page_beside_the_built_in_answers(tmp_path):
    cases = write_cases(tmp_path / "cases.jsonl")
    model = scripted("<tiny>", list=answered("Who formed it?", "Mali", A))
    evaluate_home(model, cases, built_in=scripted(fact=abstained("?")), report_dir=tmp_path / "out")
    document = html.document_fromstring((tmp_path / "out" / "index.html").read_text(encoding="utf-8"))
    [both] = document.xpath("//article[@id='built-in']")
    assert both.xpath("string(h2)") == "<tiny> beside the built-in answers"
    tables = [[cell.text_content() for cell in turned.xpath(".//tbody//*[self::th or self::td]")] for turned in both.xpath(".//table")]
    assert tables[:2] == [
        ["Who formed it?", "“Niger, Mali and Burkina Faso”", "“Mali”"],
        ["When did they leave?", "not answered", "“in August 2022”"],
    ]
    assert document.xpath("string(//section[@class='told'])") == (
        "Beside the built-in answers 1 turned right and 1 turned wrong (sign test: p = 1). Both, case by case"
    )


def test_more_crashes_than_then_are_below_the_bar(earlier, tmp_path):
    report = evaluate_home(scripted(list=RuntimeError("x"), trap=RuntimeError("x")), tmp_path / "cases.jsonl", baseline=earlier)
    assert [str(below) for below in report.below] == ["failures is 2, the bar is at most 1"]
    assert report.fell == ()


def test_a_new_case_must_be_right(earlier, tmp_path):
    with (tmp_path / "cases.jsonl").open("a", encoding="utf-8") as cases:
        cases.write(json.dumps({"id": "new", "kind": "unanswerable", "question": "Who is queen?"}) + "\n")
    chatbot = scripted(list=answered("Who formed it?", "Mali", A), trap=RuntimeError("x"))
    chatbot.script["Who is queen?"] = answered("Who is queen?", "she", A)
    report = evaluate_home(chatbot, tmp_path / "cases.jsonl", baseline=earlier)
    assert [str(fall) for fall in report.fell] == [
        "new (unanswerable) Who is queen? not in the baseline -> “she”: answered, but there is no answer in the articles"
    ]
    chatbot.script["Who is queen?"] = abstained("Who is queen?")
    assert evaluate_home(chatbot, tmp_path / "cases.jsonl", baseline=earlier).fell == ()


def test_another_question_under_an_old_id_is_a_new_case(earlier, tmp_path):
    run = load_run(earlier)
    asked = evaluate_home(scripted(fact=answered("?", "2013", A)), tmp_path / "cases.jsonl")
    renamed = Report(
        metrics=run.metrics,
        rows=tuple(row if row.id != "fact" else type(row)(**{**fields(row), "question": "Another?"}) for row in run.rows),
    )
    assert [(fall.id, fall.before) for fall in fallen(asked, renamed)] == [("fact", "")]
    assert "fact" not in compare(asked, renamed).lost


def fields(row: Any) -> dict[str, Any]:
    return {name: getattr(row, name) for name in row.__dataclass_fields__}


def test_a_baseline_is_bars_or_a_run(earlier, tmp_path):
    assert open_baseline(earlier).earlier.rows == load_run(earlier).rows
    (tmp_path / "bars.json").write_text('{"accuracy": 1}')
    assert open_baseline(tmp_path / "bars.json").earlier is None
    (tmp_path / "other.json").write_text('{"metrics": {}, "cases": 3}')
    with pytest.raises(BadPath, match="is not the result of a run"):
        open_baseline(tmp_path / "other.json")
    (tmp_path / "list.json").write_text("[3]")
    with pytest.raises(BadBaseline, match="sets no bar"):
        open_baseline(tmp_path / "list.json")


# The gate, by the real command


@pytest.fixture
def dateline(
    corpus: Path, open_home: Callable[..., Home], tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str]
):
    """Runs `dateline eval` over a real home; gives exit code and output."""
    open_home().sync(corpus)
    monkeypatch.setenv("DATELINE_ENCODER", "hash")
    cases = tmp_path / "cases.jsonl"
    cases.write_text("".join(json.dumps(case) + "\n" for case in QUESTIONS), encoding="utf-8")

    def run(*options: object) -> tuple[int, str]:
        code = ui.cli.main(["eval", str(cases), "--home", str(tmp_path / "home"), *map(str, options)])
        return code, capfd.readouterr().out

    return run


def test_a_damaged_search_does_not_pass_the_gate(dateline, tmp_path, monkeypatch):
    code, _ = dateline("--report", tmp_path / "good")
    results = tmp_path / "good" / "results.json"
    rows = {row.id: row for row in load_run(results).rows}
    assert (code, {name: (row.right, row.short) for name, row in rows.items()}) == (
        0, {"cost": (True, "1.2 million"), "tram": (True, "June 2026"), "king": (True, "")},
    )  # fmt: skip
    assert {name: row.confidence is not None and 0.4 <= row.confidence <= 1 for name, row in rows.items()} == {
        **dict.fromkeys(GIVEN, True), "king": False,
    }  # fmt: skip
    code, out = dateline("--baseline", results)
    assert (code, "Fell" in out) == (0, False)

    search = Home.search
    monkeypatch.setattr(Home, "search", lambda self, *args, **options: _without_best(search(self, *args, **options)))
    code, out = dateline("--baseline", results)
    assert code == 1
    fell = out.split("Fell\n\n")[1].splitlines()
    assert [line.split("?")[0] for line in fell[:2]] == [f"  {case['id']} (fact) {case['question'][:-1]}" for case in QUESTIONS[:2]]
    assert [f"“{GIVEN[name]}” -> " in line for name, line in zip(GIVEN, fell, strict=False)] == [True, True]
    code, out = dateline("--baseline", results, "--json")
    assert (code, [fall["id"] for fall in json.loads(out)["fell"]]) == (1, ["cost", "tram"])


def _without_best(passages: Sequence[Passage]) -> list[Passage]:
    """A search that drops the article which it finds first."""
    return [passage for passage in passages if passage.article_id != passages[0].article_id]


def test_bars_and_the_answers_that_miss_them(dateline, tmp_path):
    (tmp_path / "bars.json").write_text('{"accuracy": 1}')
    assert dateline("--baseline", tmp_path / "bars.json")[0] == 0
    QUESTIONS_WRONG = {**QUESTIONS[0], "answers": ["3 million"]}
    (tmp_path / "cases.jsonl").write_text(json.dumps(QUESTIONS_WRONG) + "\n")
    code, out = dateline("--baseline", tmp_path / "bars.json")
    assert code == 1
    assert "    expected: 3 million\n    given:    1.2 million\n" in out
