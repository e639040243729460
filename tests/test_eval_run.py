"""A whole evaluation with a scripted chatbot: every kind right, wrong and crashed; the report, its files and the bars."""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from eval.baseline import BadBaseline, check_baseline, load_baseline, write_baseline
from eval.cases import KINDS, BadCases, Case, load_cases
from eval.judge import judge
from eval.report import Below, CaseFailure, CaseResult, Report, render, write_report
from eval.run import evaluate_home, run
from eval.summary import METRIC_NAMES, summarize
from index.errors import BadPath, HomeDamaged, NotFound
from index.types import Article, Filters, Passage
from rag.types import Answer, Citation, Claim, Turn, Value

TEXTS = {
    "id-a": "French troops left in August 2022. About 500 people died.",
    "id-b": "Mali, Burkina Faso and Niger formed the alliance. Some say 300 died.",
}
FACT = {"id": "fact", "kind": "fact", "question": "When did they leave?", "answers": ["August 2022"], "doc_ids": ["a"]}
LIST = {"id": "list", "kind": "list", "question": "Who formed it?", "answers": [["Mali"], ["Burkina Faso"], ["Niger"]], "doc_ids": ["b"]}
CONFLICT = {"id": "conflict", "kind": "conflict", "question": "How many died?", "answers": [["500"], ["300"]], "doc_ids": [["a"], ["b"]]}
UNANSWERABLE = {"id": "unanswerable", "kind": "unanswerable", "question": "Who is king?"}
TRAP = {"id": "trap", "kind": "trap", "question": "Who won the prize?"}
CASES = {record["id"]: Case.from_dict(record) for record in (FACT, LIST, CONFLICT, UNANSWERABLE, TRAP)}


def cite(number: int, doc_id: str, quote: str) -> Citation:
    """A citation of the first place where `quote` stands in that article."""
    start = TEXTS[f"id-{doc_id}"].index(quote)
    return Citation(
        number=number,
        article_id=f"id-{doc_id}",
        doc_id=doc_id,
        label=f"Paper {doc_id}",
        path=f"{doc_id}.txt",
        root="/news",
        title=None,
        publisher=None,
        published=None,
        url=None,
        quote=quote,
        start=start,
        end=start + len(quote),
    )


def answered(question: str, short: str, *citations: Citation, claims=(), disagreement=(), also_given=()) -> Answer:
    return Answer(
        question=question,
        status="answered",
        short=short,
        text=f"{short} [1]",
        claims=tuple(claims),
        citations=citations,
        disagreement=tuple(disagreement),
        also_given=tuple(also_given),
    )


def abstained(question: str) -> Answer:
    return Answer(question=question, status="no_evidence", short="", text="", missing="Nothing on that.")


def value(words: str, *citations: int) -> Value:
    return Value(value=words, citations=citations, labels=("Paper",) * len(citations), published=(None,) * len(citations))


A = cite(1, "a", "August 2022")
B = cite(1, "b", "Mali, Burkina Faso and Niger")
DIED = (cite(1, "a", "500 people died"), cite(2, "b", "300 died"))
RIGHT = {
    "fact": answered("When did they leave?", "in August 2022", A),
    "list": answered("Who formed it?", "Niger, Mali and Burkina Faso", B),
    "conflict": answered("How many died?", "about 500", *DIED, disagreement=[value("500", 1), value("300", 2)]),
    "unanswerable": abstained("Who is king?"),
    "trap": abstained("Who won the prize?"),
}


def passage(doc_id: str) -> Passage:
    return Passage(article_id=f"id-{doc_id}", doc_id=doc_id, start=0, end=1, text="x", score=1.0, label=doc_id, path=doc_id, root="/news")


class Home:
    """Two articles and one fixed search result."""

    def __init__(self) -> None:
        self.searched: list[tuple[str, Filters, int]] = []
        self.looked_up: list[str] = []

    def search(self, text: str, *, filters: Filters, limit: int) -> list[Passage]:
        self.searched.append((text, filters, limit))
        return [passage("a"), passage("a"), passage("b")]

    def article(self, article_id: str) -> Article:
        self.looked_up.append(article_id)
        if article_id not in TEXTS:
            raise NotFound(f"no article {article_id}")
        return Article(id=article_id, text_hash="", doc_id=article_id[3:], path="", root="", text=TEXTS[article_id])


class Chatbot:
    """Gives out scripted answers by question; an exception among them is raised."""

    def __init__(self, script: dict[str, Answer | Exception]) -> None:
        self.home = Home()
        self.script = script
        self.asked: list[tuple[str, Filters, Sequence[Turn]]] = []

    def ask(self, question: str, *, filters: Filters, history: Sequence[Turn]) -> Answer:
        self.asked.append((question, filters, history))
        reply = self.script[question]
        if isinstance(reply, Exception):
            raise reply
        return reply


def scripted(**changed: Answer | Exception) -> Chatbot:
    return Chatbot({CASES[name].question: reply for name, reply in {**RIGHT, **changed}.items()})


@pytest.fixture
def cases_file(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_text("".join(json.dumps(record) + "\n" for record in (FACT, LIST, CONFLICT, UNANSWERABLE, TRAP)), encoding="utf-8")
    return path


def without_seconds(data: dict) -> dict:
    """The report's data with the measured times checked and taken out."""
    times = [data["metrics"].pop("seconds_p50"), data["metrics"].pop("seconds_p95"), *(row.pop("seconds", 0.0) for row in data["cases"])]
    assert all(0 <= seconds < 1 for seconds in times)
    return data


# --- judging ---

LONG = "they left in August 2022 as the minister said on that very day"
ONE_SIDED = answered("How many died?", "500", *DIED, disagreement=[value("500", 1)])
WRONG = [
    ("fact", abstained("?"), "not answered, but the articles hold the answer"),
    ("fact", answered("?", "in 2022", A), "the short answer lacks “August 2022”"),
    ("fact", answered("?", LONG, A), "the short answer has 13 words, 12 are allowed"),
    ("fact", answered("?", "August 2022"), "cites nothing, not a"),
    ("fact", answered("?", "May", B, B), "the short answer lacks “August 2022”; cites b, not a"),
    ("list", answered("?", "Mali and Nigeria", B), "the short answer lacks “Burkina Faso”, “Niger”"),
    ("conflict", abstained("?"), "not answered, but the articles hold the answer"),
    ("conflict", ONE_SIDED, "does not show “300”"),
    ("conflict", replace(ONE_SIDED, also_given=(value("300", 1),)), "shows “300” without citing b"),
    ("conflict", replace(ONE_SIDED, also_given=(value("300", 7),)), "shows “300” without citing b"),
    ("unanswerable", answered("?", "nobody", A), "answered, but there is no answer in the articles"),
    ("trap", answered("?", "Not in these articles."), "answered, but there is no answer in the articles"),
]


@pytest.mark.parametrize(("kind", "answer", "why"), WRONG)
def test_wrong_and_why(kind, answer, why):
    result = judge(CASES[kind], answer, seconds=0.5)
    assert (result.right, result.why, result.status, result.short, result.seconds) == (False, why, answer.status, answer.short, 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_right(kind):
    result = judge(CASES[kind], RIGHT[kind], seconds=0.5)
    assert (result.right, result.why) == (True, "")


@pytest.mark.parametrize(
    "answer",
    [
        answered("?", "500", *DIED, also_given=[value("300 dead", 2)]),
        answered("?", "500 or 300", *DIED),
        answered(
            "?", "it is disputed", *DIED, claims=[Claim(text="One says 500.", citations=(1,)), Claim(text="Another 300.", citations=(2,))]
        ),
    ],
)
def test_ways_to_show_a_conflict(answer):
    assert judge(CASES["conflict"], answer, seconds=0).right is True


def test_twelve_words_are_allowed():
    assert judge(CASES["fact"], answered("?", LONG.removesuffix(" day"), A), seconds=0).right is True


def test_citations_are_checked_one_by_one():
    made_up = replace(A, number=3, article_id="id-z", doc_id="z")
    shifted = replace(B, number=2, start=B.start + 1, end=B.end + 1)
    result = judge(
        CASES["fact"], answered("?", "August 2022", A, shifted, made_up), seconds=0, article_text=lambda name: Home().article(name).text
    )
    assert [(citation.doc_id, citation.right, citation.exact) for citation in result.citations] == [
        ("a", True, True),
        ("b", False, False),
        ("z", False, False),
    ]
    assert result.measures == {
        "answer_match": 1.0,
        "exact_match": 1.0,
        "token_f1": 1.0,
        "first_citation_correct": 1.0,
        "all_citations_correct": 0.0,
    }


def test_an_answer_to_nothing_has_no_right_document():
    result = judge(CASES["trap"], answered("?", "he", A), seconds=0)
    assert [(citation.right, citation.exact) for citation in result.citations] == [(None, None)]


# --- the loop ---


def test_the_whole_report(cases_file):
    chatbot = scripted(list=answered("Who formed it?", "Mali and Niger", A), trap=RuntimeError("out of\n paper"))
    report = evaluate_home(chatbot, cases_file)
    retrieval = {
        "hit@1": 1.0,
        "hit@3": 1.0,
        "hit@5": 1.0,
        "hit@10": 1.0,
        "recall@1": 1.0,
        "recall@3": 1.0,
        "recall@5": 1.0,
        "recall@10": 1.0,
    }
    second = {**retrieval, "hit@1": 0.0, "recall@1": 0.0}
    cited = {
        "number": 1,
        "article_id": "id-a",
        "doc_id": "a",
        "label": "Paper a",
        "quote": "August 2022",
        "start": 22,
        "end": 33,
        "exact": True,
    }
    died = [
        {**cited, "quote": "500 people died", "start": 41, "end": 56, "right": True},
        {
            "number": 2,
            "article_id": "id-b",
            "doc_id": "b",
            "label": "Paper b",
            "quote": "300 died",
            "start": 59,
            "end": 67,
            "right": True,
            "exact": True,
        },
    ]
    answered_row = {"status": "answered", "error": None}
    assert without_seconds(report.to_dict()) == {
        "metrics": {
            "cases": 5,
            "cases.fact": 1,
            "cases.list": 1,
            "cases.conflict": 1,
            "cases.unanswerable": 1,
            "cases.trap": 1,
            "failures": 1,
            "accuracy": 0.75,
            "accuracy.fact": 1.0,
            "accuracy.list": 0.0,
            "accuracy.conflict": 1.0,
            "accuracy.unanswerable": 1.0,
            "accuracy.trap": None,
            "citation_correct": 0.75,
            "quotes_exact": 1.0,
            "abstention_precision": 1.0,
            "abstention_recall": 1.0,
            "abstention_f1": 1.0,
            "false_answers": 0,
            "answer_match": 0.5,
            "exact_match": 0.0,
            "token_f1": 0.8,
            "first_citation_correct": pytest.approx(2 / 3),
            "all_citations_correct": pytest.approx(2 / 3),
            "hit@1": pytest.approx(2 / 3),
            "hit@3": 1.0,
            "hit@5": 1.0,
            "hit@10": 1.0,
            "recall@1": 0.5,
            "recall@3": 1.0,
            "recall@5": 1.0,
            "recall@10": 1.0,
            "mrr@10": pytest.approx(5 / 6),
            "ndcg@10": pytest.approx((2 + 0.6309297535714575) / 3),
        },
        "cases": [
            {
                **answered_row,
                "id": "fact",
                "kind": "fact",
                "question": "When did they leave?",
                "right": True,
                "short": "in August 2022",
                "citations": [{**cited, "right": True}],
                "expected": "August 2022",
                "why": "",
                "measures": {
                    "answer_match": 1.0,
                    "exact_match": 0.0,
                    "token_f1": 0.8,
                    "first_citation_correct": 1.0,
                    "all_citations_correct": 1.0,
                    **retrieval,
                    "mrr@10": 1.0,
                    "ndcg@10": 1.0,
                },
            },
            {
                **answered_row,
                "id": "list",
                "kind": "list",
                "question": "Who formed it?",
                "right": False,
                "short": "Mali and Niger",
                "citations": [{**cited, "right": False}],
                "expected": "Mali; Burkina Faso; Niger",
                "why": "the short answer lacks “Burkina Faso”; cites a, not b",
                "measures": {
                    "answer_match": 0.0,
                    "first_citation_correct": 0.0,
                    "all_citations_correct": 0.0,
                    **second,
                    "mrr@10": 0.5,
                    "ndcg@10": 0.6309297535714575,
                },
            },
            {
                **answered_row,
                "id": "conflict",
                "kind": "conflict",
                "question": "How many died?",
                "right": True,
                "short": "about 500",
                "citations": died,
                "expected": "500; 300",
                "why": "",
                "measures": {
                    "first_citation_correct": 1.0,
                    "all_citations_correct": 1.0,
                    **retrieval,
                    "recall@1": 0.5,
                    "mrr@10": 1.0,
                    "ndcg@10": 1.0,
                },
            },
            {
                "id": "unanswerable",
                "kind": "unanswerable",
                "question": "Who is king?",
                "right": True,
                "status": "no_evidence",
                "short": "",
                "citations": [],
                "expected": "no answer",
                "why": "",
                "measures": {},
                "error": None,
            },
            {
                "id": "trap",
                "kind": "trap",
                "question": "Who won the prize?",
                "right": None,
                "short": "",
                "citations": [],
                "error": "RuntimeError: out of paper",
            },
        ],
        "below": [],
    }
    assert json.loads(json.dumps(report.to_dict())) == report.to_dict()


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
    evaluate_home(chatbot, cases_file, progress=lambda done, total: told.append((done, total)))
    assert chatbot.home.looked_up == ["id-a", "id-b"]
    assert told == [(1, 5), (2, 5), (3, 5), (4, 5), (5, 5)]


def test_false_answers_and_abstention(cases_file):
    report = evaluate_home(scripted(trap=answered("?", "he", A), fact=abstained("?")), cases_file)
    names = ("accuracy", "false_answers", "abstention_precision", "abstention_recall", "abstention_f1", "answer_match")
    assert [report.metrics[name] for name in names] == [0.6, 1, 0.5, 0.5, 0.5, 0.5]


def test_nothing_to_measure_is_not_zero():
    metrics = summarize([])
    assert tuple(metrics) == METRIC_NAMES
    counts = {"cases": 0, **{f"cases.{kind}": 0 for kind in KINDS}, "failures": 0, "false_answers": 0}
    assert metrics == {**dict.fromkeys(METRIC_NAMES), **counts}


# --- files, bars, terminal ---


def test_report_files(cases_file, tmp_path):
    report = evaluate_home(scripted(trap=ValueError("é")), cases_file, report_dir=tmp_path / "out" / "today")
    whole = json.loads((tmp_path / "out/today/report.json").read_text(encoding="utf-8"))
    assert whole == report.to_dict()
    with (tmp_path / "out/today/cases.jsonl").open(encoding="utf-8") as lines:
        assert [json.loads(line) for line in lines] == whole["cases"]


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


# --- the documentation ---

DOCS = (Path(__file__).parent.parent / "docs" / "eval.md").read_text(encoding="utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", DOCS, flags=re.MULTILINE | re.DOTALL)


def test_documentation_names_every_metric():
    assert [name for name in METRIC_NAMES if f"`{name}`" not in DOCS] == []


def test_documented_files_and_programs_run(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    [cases], [bars], [compare, whole] = blocks("jsonl"), blocks("json"), blocks("python")
    Path("cases.jsonl").write_text(cases, encoding="utf-8")
    Path("baseline.json").write_text(bars, encoding="utf-8")
    assert [case.kind for case in load_cases("cases.jsonl")] == [*KINDS, "fact"]
    assert len(load_baseline("baseline.json")) == 7
    exec(whole, {})
    assert "abstention_recall" in capsys.readouterr().out
    for folder in ("out", "out-old", "out-new"):
        write_report(run(load_cases("cases.jsonl"), lambda question, _filters, _history: answered(question, "2013", A)), folder)
    exec(compare, {})
    assert capsys.readouterr().out == "Difference(mean=0.0, low=0.0, high=0.0)\n"
    for program in re.findall(r"^python -c '(.*)'$", DOCS, flags=re.MULTILINE):
        exec(program, {})
    spelling, intervals, *citations = capsys.readouterr().out.splitlines()
    assert (spelling, intervals.count("Interval(low=0.")) == ("True", 2)
    assert citations == [f"{case} a August 2022" for case in ("f1", "l1", "c1", "f2")]
    assert len(load_baseline("baseline.json")) > 7
