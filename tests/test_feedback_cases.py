"""A disliked answer becomes a case: by the page's own function, through the real commands, into a gate that fails until it is right."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

import ui.cli
from eval.adding import Added, add_cases
from eval.cases import BadCases, load_cases
from eval.feedback import LeftOut, case_of, cases_from_feedback, read_feedback
from index.errors import BadPath, HomeLocked
from index.locks import process_lock
from rag.chatbot import Chatbot
from rag.settings import Settings
from rag.types import Turn
from ui.commands.measuring import cases_from_feedback as from_the_page
from ui.conversation import Opinion
from ui.feedback import FILE, keep

COST = "What did the repairs to the north wall cost?"
KING = "Who owns the airport of Quillhaven?"


def line(**changed: Any) -> dict[str, Any]:
    """One line of feedback, as the page writes it."""
    return {
        **{"time": "2026-11-21T21:00:00+00:00", "question": COST, "rewritten": None, "history": [], "filters": {}},
        **{"status": "answered", "short": "1.2 million", "text": "…", "citations": [], "liked": False, "reason": "wrong"},
        **{"expected": "1.5 million", "unanswerable": False, "generation": 1, "model": "built-in"},
        **changed,
    }


@pytest.fixture
def written(tmp_path: Path) -> Callable[..., Path]:
    """Writes feedback into a folder, and gives the folder."""

    def write(*lines: dict[str, Any] | str) -> Path:
        texts = [one if isinstance(one, str) else json.dumps(one) for one in lines]
        (tmp_path / FILE).write_text("".join(f"{text}\n" for text in texts), encoding="utf-8")
        return tmp_path

    return write


# The story


def test_from_a_disliked_answer_to_a_gate_that_fails_until_it_is_right(corpus, open_home, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("DATELINE_ENCODER", "hash")
    home, cases, bars = open_home(), tmp_path / "cases.jsonl", tmp_path / "bars.json"
    home.sync(corpus)
    bars.write_text('{"accuracy": 1}')

    def dateline(*arguments: object) -> tuple[int, str]:
        capfd.readouterr()
        code = ui.cli.main([*map(str, arguments), "--home", str(home.path)])
        return code, capfd.readouterr().out

    answer = Chatbot(home, settings=Settings()).ask(COST)
    assert answer.short == "1.2 million"
    keep(home.path, answer, Opinion(liked=False, reason="wrong", expected="1.5 million crowns | 1.5 million"))
    keep(home.path, Chatbot(home, settings=Settings()).ask(KING), Opinion(liked=True))

    code, out = dateline("feedback")
    assert code == 0
    assert f"disliked  {COST}  “1.2 million”  wrong  right is: 1.5 million crowns | 1.5 million\n" in out
    assert f"liked  {KING}  not answered\n" in out
    code, out = dateline("feedback", "--to", cases)
    assert (code, out) == (0, f"1 added to {cases}, 0 there already, 1 left out\n    left out: {KING} it was liked\n")

    code, out = dateline("eval", cases, "--baseline", bars)
    assert code == 1
    assert "    expected: 1.5 million crowns | 1.5 million\n    given:    1.2 million\n" in out
    assert "Below the bar\n\n  accuracy is 0, the bar is at least 1\n" in out

    harbour = corpus / "harbour.txt"
    harbour.write_text(harbour.read_text(encoding="utf-8").replace("1.2 million", "1.5 million"), encoding="utf-8")
    assert dateline("sync", corpus)[0] == 0
    assert dateline("eval", cases, "--baseline", bars)[0] == 0


def test_one_click_from_the_page(corpus, open_home, tmp_path):
    home = open_home()
    home.sync(corpus)
    keep(
        home.path,
        Chatbot(home, settings=Settings()).ask(COST),
        Opinion(liked=False, unanswerable=True),
        history=[Turn(question="A?", answer="B.")],
    )
    turned = from_the_page(home.path).to_dict()
    [case] = load_cases(home.path / "cases.jsonl")
    assert turned == {"cases": str(home.path / "cases.jsonl"), "added": [case.id], "known": [], "left_out": []}
    assert (case.kind, case.question, case.history) == ("unanswerable", COST, (Turn(question="A?", answer="B."),))
    assert from_the_page(home.path).to_dict() == {**turned, "added": [], "known": [case.id]}
    assert len(load_cases(home.path / "cases.jsonl")) == 1


# What becomes a case


def test_a_correction_is_a_case_with_its_conversation_and_filters(written):
    asked = {"history": [{"question": "A?", "answer": "B."}], "filters": {"since": "2024-03-01", "publishers": ["The Fennick Daily"]}}
    [feedback], broken = read_feedback(written(line(**asked)))
    case = case_of(feedback)
    assert broken == []
    assert case == {
        **{"id": case["id"], "kind": "fact", "question": COST, "answers": ["1.5 million"], "history": asked["history"], **asked["filters"]},
        "feedback": {"time": "2026-11-21T21:00:00+00:00", "given": "1.2 million", "reason": "wrong"},
    }
    others = [line(), line(**{**asked, "history": []}), line(**{**asked, "filters": {}}), line(**asked, question="Else?")]
    ids = {case_of(one)["id"] for one in read_feedback(written(line(**asked, short="x", expected="y"), *others))[0]}
    assert len(ids) == 5
    assert case["id"] in ids


@pytest.mark.parametrize(
    ("changed", "reason"),
    [
        ({"expected": "", "liked": True}, "it was liked"),
        ({"expected": ""}, "it does not say what would have been right"),
        ({"unanswerable": True}, "it says both what is right and that the articles do not hold it"),
        ({"expected": " ".join("word" for _ in range(13))}, "the expected answer has 13 words, and a short answer at most 12"),
        ({"expected": "the …"}, "answer 'the …' has no word that could be compared"),
        ({"question": "  "}, "question is not words"),
        ({"filters": {"since": "yesterday"}}, "since 'yesterday' is not a date"),
    ],
)
def test_what_becomes_no_case(written, changed, reason):
    [feedback], _ = read_feedback(written(line(**changed)))
    left = case_of(feedback)
    assert isinstance(left, LeftOut)
    assert left == LeftOut(feedback.question, left.reason)
    assert left.reason.startswith(reason)


def test_lines_that_do_not_read_are_told_and_the_others_count(written):
    folder = written("{", "[]", '{"question": 3}', line(), "", line(question="Another?", expected="x"))
    turned = cases_from_feedback(folder)
    assert [len(turned.added.added), [left.reason.split(" of ")[0] for left in turned.left_out]] == [2, ["line 1", "line 2", "line 3"]]


def test_of_two_corrections_the_later_counts_and_a_file_keeps_its_own(written):
    folder = written(line(expected="first"), line(expected="second"))
    turned = cases_from_feedback(folder)
    assert [case.expected for case in load_cases(folder / "cases.jsonl")] == ["second"]
    assert turned.left_out == ()
    again = cases_from_feedback(written(line(expected="third")))
    assert again.added == Added((), (), turned.added.added)
    assert [left.reason for left in again.left_out] == [f"{folder / 'cases.jsonl'} has another answer for it, as {turned.added.added[0]}"]
    assert [case.expected for case in load_cases(folder / "cases.jsonl")] == ["second"]


def test_no_feedback_yet(tmp_path, capfd):
    assert ui.cli.main(["feedback", "--home", str(tmp_path)]) == 2
    assert "nobody has judged an answer" in capfd.readouterr().err


@given(st.lists(st.tuples(st.text(max_size=20), st.text(max_size=20), st.booleans(), st.booleans()), max_size=6))
def test_whatever_is_written_the_case_file_can_be_read(tmp_path_factory, given_lines):
    folder = tmp_path_factory.mktemp("feedback")
    lines = [json.dumps(line(question=q, expected=e, unanswerable=u, liked=li)) + "\n" for q, e, u, li in given_lines]
    (folder / FILE).write_text("".join(lines), encoding="utf-8")
    turned = cases_from_feedback(folder)
    held = load_cases(folder / "cases.jsonl") if turned.added.added else []
    assert tuple(case.id for case in held) == turned.added.added


# Adding to a case file

CASE = {"id": "a", "kind": "unanswerable", "question": "Who?"}


def test_what_a_file_holds_stays_as_it_is_written(tmp_path):
    file = tmp_path / "cases.jsonl"
    file.write_text('{"id": "x",   "kind": "trap", "question": "Q?", "note": "é"}', encoding="utf-8")
    assert add_cases(file, [CASE], lock=tmp_path / "lock") == Added(("a",), (), ())
    assert file.read_text(encoding="utf-8") == (
        '{"id": "x",   "kind": "trap", "question": "Q?", "note": "é"}\n{"id": "a", "kind": "unanswerable", "question": "Who?"}\n'
    )
    before = file.read_bytes(), file.stat().st_mtime_ns
    assert add_cases(file, [CASE], lock=tmp_path / "lock") == Added((), ("a",), ())
    assert (file.read_bytes(), file.stat().st_mtime_ns) == before


def test_a_stop_half_way_leaves_the_old_file(tmp_path, monkeypatch):
    file = tmp_path / "cases.jsonl"
    add_cases(file, [CASE], lock=tmp_path / "lock")
    before = file.read_bytes()

    def stop(self: Path, target: Path) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Path, "replace", stop)
    with pytest.raises(KeyboardInterrupt):
        add_cases(file, [{**CASE, "id": "b"}], lock=tmp_path / "lock")
    assert file.read_bytes() == before


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real.jsonl").write_text("")
    (tmp_path / "link.jsonl").symlink_to(tmp_path / "real.jsonl")
    add_cases(tmp_path / "link.jsonl", [CASE], lock=tmp_path / "lock")
    assert (tmp_path / "link.jsonl").is_symlink()
    assert [case.id for case in load_cases(tmp_path / "real.jsonl")] == ["a"]


def test_many_at_once_lose_nothing(tmp_path):
    def add(number: int) -> None:
        add_cases(tmp_path / "cases.jsonl", [CASE, {**CASE, "id": f"n{number}"}], lock=tmp_path / "lock")

    threads = [threading.Thread(target=add, args=(number,)) for number in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(case.id for case in load_cases(tmp_path / "cases.jsonl")) == ["a", *(f"n{number}" for number in range(8))]


def test_files_that_cannot_be_added_to(tmp_path, monkeypatch):
    with pytest.raises(BadPath, match="is gzipped"):
        add_cases(tmp_path / "cases.jsonl.gz", [CASE], lock=tmp_path / "lock")
    with pytest.raises(BadPath, match="cannot be written"):
        add_cases(tmp_path / "none" / "cases.jsonl", [CASE], lock=tmp_path / "lock")
    (tmp_path / "bad.jsonl").write_text("{")
    with pytest.raises(BadCases, match="not JSON"):
        add_cases(tmp_path / "bad.jsonl", [CASE], lock=tmp_path / "lock")
    monkeypatch.setattr("eval.adding._WAIT", 0.01)
    with process_lock(tmp_path / "lock", wait=1), pytest.raises(HomeLocked, match="another program is adding"):
        add_cases(tmp_path / "cases.jsonl", [CASE], lock=tmp_path / "lock")


def test_a_home_is_told_its_json(written, capfd):
    folder = written(line(), "{")
    assert ui.cli.main(["feedback", "--home", str(folder), "--json"]) == 0
    data = json.loads(capfd.readouterr().out)
    assert [one["expected"] for one in data["feedback"]] == ["1.5 million"]
    assert data["unreadable"] == [f"line 2 of {folder / FILE} does not read"]
