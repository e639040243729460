"""A whole evaluation with a scripted chatbot: every kind right, wrong and crashed; the report and its files."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path

import pytest

from eval.cases import KINDS, BadCases
from eval.report.files import write_report
from eval.results import CaseFailure, CaseResult, Report
from eval.run import evaluate_home, run
from eval.summary import METRIC_NAMES, summarize
from index.errors import BadPath, HomeDamaged
from index.types import Filters, Passage
from rag.errors import ModelUnavailable
from rag.types import Turn
from tests.eval_script import CASES, RIGHT, A, abstained, answered, scripted, write_cases


@pytest.fixture
def cases_file(tmp_path: Path) -> Path:
    return write_cases(tmp_path / "cases.jsonl")


# --- the report ---

FOUND_FIRST = {f"{name}@{k}": 1.0 for name in ("hit", "recall") for k in (1, 3, 5, 10)} | {"mrr@10": 1.0, "ndcg@10": 1.0}
FOUND_SECOND = {**FOUND_FIRST, "hit@1": 0.0, "recall@1": 0.0, "mrr@10": 0.5, "ndcg@10": 0.6309297535714575}
CITED = {
    **{"number": 1, "article_id": "id-a", "doc_id": "a", "label": "Paper a"},
    **{"quote": "August 2022", "start": 22, "end": 33, "exact": True},
    **{"title": None, "published": None, "before": "French troops left in ", "after": ". About 500 people died."},
}
ALL_RIGHT = {"first_citation_correct": 1.0, "all_citations_correct": 1.0}
COMMON = {
    **{"tokens_in": 0, "tokens_out": 0, "cost": None, "error": None, "confidence": None},
    "filters": {"since": None, "until": None, "publishers": [], "paths": []},
    **{"gold": [], "history": [], "claims": [], "disagreement": [], "missing": None, "nearest": []},
}
DIED = [
    {"value": "500", "citations": [1], "labels": ["Paper"], "published": [None]},
    {"value": "300", "citations": [2], "labels": ["Paper"], "published": [None]},
]
ROWS = {
    "fact": {
        **COMMON,
        "right": True,
        "status": "answered",
        "short": "in August 2022",
        "citations": [{**CITED, "right": True}],
        "expected": "August 2022",
        "gold": ["a"],
        "text": "in August 2022 [1]",
        "why": "",
        "measures": {"answer_match": 1.0, "exact_match": 0.0, "token_f1": 0.8, **ALL_RIGHT, **FOUND_FIRST},
    },
    "list": {
        **COMMON,
        "right": False,
        "status": "answered",
        "short": "Mali and Niger",
        "citations": [{**CITED, "right": False}],
        "expected": "Mali; Burkina Faso; Niger",
        "gold": ["b"],
        "text": "Mali and Niger [1]",
        "why": "the short answer lacks “Burkina Faso”; cites a, not b",
        "measures": {"answer_match": 0.0, **dict.fromkeys(ALL_RIGHT, 0.0), **FOUND_SECOND},
    },
    "conflict": {
        **COMMON,
        "right": True,
        "status": "answered",
        "short": "about 500",
        "citations": [
            {
                **CITED,
                **{"quote": "500 people died", "start": 41, "end": 56, "right": True},
                **{"before": "French troops left in August 2022. About ", "after": "."},
            },
            {
                **CITED,
                **{"number": 2, "article_id": "id-b", "doc_id": "b", "label": "Paper b"},
                **{"quote": "300 died", "start": 59, "end": 67, "right": True},
                **{"before": "Mali, Burkina Faso and Niger formed the alliance. Some say ", "after": "."},
            },
        ],
        "expected": "500; 300",
        "gold": ["a", "b"],
        "text": "about 500 [1]",
        "disagreement": DIED,
        "why": "",
        "measures": {**ALL_RIGHT, **FOUND_FIRST, "recall@1": 0.5},
    },
    "unanswerable": {
        **COMMON,
        "right": True,
        "status": "no_evidence",
        "short": "",
        "citations": [],
        "expected": "no answer",
        "text": "",
        "missing": "Nothing on that.",
        "why": "",
        "measures": {},
    },
    "trap": {"right": None, "short": "", "citations": [], "error": "RuntimeError: out of paper"},
}
METRICS = {
    **{"cases": 5, "cases.fact": 1, "cases.list": 1, "cases.conflict": 1, "cases.unanswerable": 1, "cases.trap": 1, "failures": 1},
    **{"accuracy": 0.75, "accuracy.fact": 1.0, "accuracy.list": 0.0, "accuracy.conflict": 1.0, "accuracy.unanswerable": 1.0},
    "accuracy.trap": None,
    **{"citation_correct": 0.75, "quotes_exact": 1.0},
    **{"abstention_precision": 1.0, "abstention_recall": 1.0, "abstention_f1": 1.0, "false_answers": 0},
    **{"answer_match": 0.5, "exact_match": 0.0, "token_f1": 0.8, "claims_passed": None},
    **{"first_citation_correct": pytest.approx(2 / 3), "all_citations_correct": pytest.approx(2 / 3)},
    **{"hit@1": pytest.approx(2 / 3), "hit@3": 1.0, "hit@5": 1.0, "hit@10": 1.0},
    **{"recall@1": 0.5, "recall@3": 1.0, "recall@5": 1.0, "recall@10": 1.0},
    **{"mrr@10": pytest.approx(5 / 6), "ndcg@10": pytest.approx((2 + 0.6309297535714575) / 3)},
    **{"tokens_in": 0, "tokens_out": 0, "cost": None},
}


@pytest.fixture
def report(cases_file: Path) -> Report:
    """A run with a wrong list and a crash at the trap."""
    return evaluate_home(scripted(list=answered("Who formed it?", "Mali and Niger", A), trap=RuntimeError("out of\n paper")), cases_file)


@pytest.mark.parametrize("kind", KINDS)
def test_the_row_of_each_kind(report, kind):
    row = dict(next(row.to_dict() for row in report.rows if row.id == kind))
    assert 0 <= row.pop("seconds", 0.0) < 1
    assert row == {"id": kind, "kind": kind, "question": CASES[kind].question, **ROWS[kind]}


def test_the_metrics_of_a_run(report):
    metrics = dict(report.metrics)
    assert all(0 <= metrics.pop(name) < 1 for name in ("seconds_p50", "seconds_p95"))
    assert metrics == METRICS


def test_a_report_as_json(report):
    data = json.loads(json.dumps(report.to_dict()))
    assert data == {"metrics": dict(report.metrics), "cases": [row.to_dict() for row in report.rows], "below": []}
    assert [row["id"] for row in data["cases"]] == list(CASES)


# --- the loop ---


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("crash", [ZeroDivisionError("division by zero"), KeyError("x"), TimeoutError()])
def test_a_crash_is_a_row_of_its_own_and_lowers_no_share(cases_file, kind, crash):
    report = evaluate_home(scripted(**{kind: crash}), cases_file)
    errors = {"ZeroDivisionError": "ZeroDivisionError: division by zero", "KeyError": "KeyError: 'x'", "TimeoutError": "TimeoutError"}
    assert report.failures == (CaseFailure(id=kind, kind=kind, question=CASES[kind].question, error=errors[type(crash).__name__]),)
    assert [row.id for row in report.rows] == list(CASES)
    assert (report.metrics["failures"], report.metrics["accuracy"], report.metrics[f"accuracy.{kind}"]) == (1, 1.0, None)
    assert (report.wrong, report.passed) == ((), False)


def test_a_crash_of_search_counts_too():
    def search(text: str, filters: Filters, limit: int) -> list[Passage]:
        raise OSError("disk")

    report = run([CASES["fact"], CASES["trap"]], lambda question, _filters, _history: RIGHT["fact"], search=search)
    assert [type(row) for row in report.rows] == [CaseFailure, CaseResult]
    assert report.failures[0].error == "OSError: disk"


def test_an_error_for_the_user_stops_the_run(cases_file):
    chatbot = scripted(list=HomeDamaged("the catalogue does not read", hint="run dateline doctor --repair"))
    with pytest.raises(HomeDamaged, match="does not read"):
        evaluate_home(chatbot, cases_file)
    assert len(chatbot.asked) == 2


def test_a_model_that_fails_at_the_first_case_stops_the_run(cases_file):
    chatbot = scripted("ollama:x", fact=ModelUnavailable("nobody is there", hint="start it"))
    with pytest.raises(ModelUnavailable, match="nobody is there"):
        evaluate_home(chatbot, cases_file)
    assert len(chatbot.asked) == 1


def test_a_model_that_fails_later_costs_the_cases_it_fails_at(cases_file):
    gone = ModelUnavailable("it has gone", hint="start it")
    report = evaluate_home(scripted("ollama:x", list=gone, trap=gone), cases_file)
    assert [(row.id, row.error) for row in report.failures] == [(name, "ModelUnavailable: it has gone") for name in ("list", "trap")]
    assert (report.model, report.metrics["failures"], report.metrics["accuracy"]) == ("ollama:x", 2, 1.0)


def test_what_is_asked_searched_and_looked_up():
    turn = Turn(question="Who?", answer="France.")
    filters = Filters(since="2022")
    follow_up = replace(CASES["fact"], id="follow-up", history=(turn,))
    chatbot = scripted()
    rows = []
    report = run(
        [replace(CASES["fact"], filters=filters), follow_up, CASES["trap"]],
        lambda question, filters, history: chatbot.ask(question, filters=filters, history=history),
        search=lambda text, filters, limit: chatbot.home.search(text, filters=filters, limit=limit),
        on_case=rows.append,
    )
    assert chatbot.asked == [
        ("When did they leave?", filters, ()),
        ("When did they leave?", Filters(), (turn,)),
        ("Who won the prize?", Filters(), ()),
    ]
    assert chatbot.home.searched == [("When did they leave?", filters, 50)]
    assert tuple(rows) == report.rows
    assert report.metrics["quotes_exact"] is None


def test_articles_are_looked_up_once_and_progress_is_told(cases_file):
    chatbot, told = scripted(), []
    evaluate_home(chatbot, cases_file, progress=lambda model, done, total: told.append((model, done, total)))
    assert chatbot.home.looked_up == ["id-a", "id-b"]
    assert told == [("built-in", done, 5) for done in (1, 2, 3, 4, 5)]


def test_false_answers_and_abstention(cases_file):
    report = evaluate_home(scripted(trap=answered("?", "he", A), fact=abstained("?")), cases_file)
    names = ("accuracy", "false_answers", "abstention_precision", "abstention_recall", "abstention_f1", "answer_match")
    assert [report.metrics[name] for name in names] == [0.6, 1, 0.5, 0.5, 0.5, 0.5]


def test_nothing_to_measure_is_not_zero():
    metrics = summarize([])
    assert tuple(metrics) == METRIC_NAMES
    counts = {"cases": 0, **{f"cases.{kind}": 0 for kind in KINDS}, "failures": 0, "false_answers": 0, "tokens_in": 0, "tokens_out": 0}
    assert metrics == {**dict.fromkeys(METRIC_NAMES), **counts}


# --- files ---


def test_report_files(cases_file, tmp_path):
    report = evaluate_home(scripted(trap=ValueError("é")), cases_file, report_dir=tmp_path / "out" / "today")
    assert json.loads((tmp_path / "out/today/results.json").read_text(encoding="utf-8")) == report.to_dict()
    assert sorted(path.name for path in (tmp_path / "out/today").iterdir()) == ["index.html", "junit.xml", "results.json"]


def test_all_files_are_checked_before_the_first_question(cases_file, tmp_path):
    chatbot = scripted()
    bad_cases = tmp_path / "bad.jsonl"
    bad_cases.write_text("{}")
    with pytest.raises(BadCases):
        evaluate_home(chatbot, bad_cases)
    with pytest.raises(BadPath, match="cannot read the baseline"):
        evaluate_home(chatbot, cases_file, baseline=tmp_path / "none.json")
    with pytest.raises(BadPath, match="cannot make the report folder"):
        evaluate_home(chatbot, cases_file, report_dir=cases_file)
    with pytest.raises(BadPath, match="cannot make the report folder"):
        write_report(Report(metrics={}, rows=()), cases_file / "under")
    assert chatbot.asked == []
