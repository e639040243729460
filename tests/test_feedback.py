"""What visitors think of answers: a line each in the home's file, whatever state that is in, fit to become a case."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import Case, load_cases
from index.home import Home
from index.types import Filters
from rag.chatbot import Chatbot
from rag.settings import Settings
from rag.types import Answer, Citation, Turn
from ui.asking import ask, ask_again
from ui.conversation import Conversation, Opinion
from ui.feedback import MOST_WORDS, NotKept, judge, keep, make_case
from ui.library import Library
from ui.render.footer import footer_html

CITED = Citation(
    number=1, article_id="a1", doc_id="bridge", label="Fennick Daily", path="bridge.txt", root="/articles", title=None, publisher=None,
    published="2024-03-04", url=None, quote="It voted 7 to 2.", start=4, end=20,
)  # fmt: skip
ANSWER = Answer(
    question="How did it vote?", status="answered", short="7 to 2", text="It voted 7 to 2. [1]", citations=(CITED,),
    filters=Filters(since="2024"), rewritten="How did the council vote?", generation=9, model="tiny",
)  # fmt: skip
WRONG = Opinion(liked=False, reason="The answer is wrong: it was recounted", expected="8 to 1")
HISTORY = (Turn(question="Who met?", answer="The council. [1]"),)


def entries(home: Path) -> list[Any]:
    return [json.loads(line) for line in (home / "feedback.jsonl").read_text(encoding="utf-8").splitlines()]


def test_a_line_holds_what_it_takes_to_ask_and_judge_again(tmp_path: Path) -> None:
    keep(tmp_path, ANSWER, WRONG, history=HISTORY, now=datetime(2025, 6, 7, 8, 9, 10, 11, tzinfo=UTC))
    assert entries(tmp_path) == [
        {
            "time": "2025-06-07T08:09:10+00:00",
            "question": "How did it vote?",
            "rewritten": "How did the council vote?",
            "history": [{"question": "Who met?", "answer": "The council. [1]"}],
            "filters": {"since": "2024"},
            "status": "answered",
            "short": "7 to 2",
            "text": "It voted 7 to 2. [1]",
            "citations": [
                {
                    "number": 1, "doc_id": "bridge", "article_id": "a1", "label": "Fennick Daily", "published": "2024-03-04",
                    "quote": "It voted 7 to 2.", "start": 4, "end": 20,
                }
            ],
            "liked": False,
            "reason": "The answer is wrong: it was recounted",
            "expected": "8 to 1",
            "unanswerable": False,
            "generation": 9,
            "model": "tiny",
        }
    ]  # fmt: skip


def test_a_line_becomes_a_case(tmp_path: Path) -> None:
    keep(tmp_path, ANSWER, WRONG, history=HISTORY)
    keep(tmp_path, ANSWER, Opinion(liked=False, unanswerable=True))
    wrong, missing = entries(tmp_path)
    asked = {name: wrong[name] for name in ("question", "history")} | wrong["filters"]
    documents = [citation["doc_id"] for citation in wrong["citations"]]
    case = Case.from_dict({"id": "f1", "kind": "fact", "answers": [wrong["expected"]], "doc_ids": documents, **asked})
    assert (case.answers, case.doc_ids, case.filters, case.history) == ((("8 to 1",),), (("bridge",),), ANSWER.filters, HISTORY)
    assert (missing["unanswerable"], Case.from_dict({"id": "f2", "kind": "unanswerable", **asked}).unanswerable) == (True, True)


words = st.text(max_size=80) | st.sampled_from(["a\x85b", "\u2028", "\u2029\r\n\x0b\x1c", "\ud800"])


@given(question=words, reason=words, label=words)
def test_any_words_come_back_from_one_line(question: str, reason: str, label: str, tmp_path_factory: pytest.TempPathFactory) -> None:
    folder = tmp_path_factory.mktemp("home")
    answer = Answer(question=question, status="no_evidence", short="", text=label)
    keep(folder, answer, Opinion(liked=True, reason=reason))
    (entry,) = entries(folder)
    assert (entry["question"], entry["reason"], entry["text"]) == (question, reason, label)


def test_a_half_written_line_costs_no_other(tmp_path: Path) -> None:
    keep(tmp_path, ANSWER, WRONG)
    file = tmp_path / "feedback.jsonl"
    file.write_bytes(file.read_bytes() + b'{"time": "2025-06-07T08')
    keep(tmp_path, ANSWER, Opinion(liked=True))
    first, torn, last = file.read_text(encoding="utf-8").splitlines()
    assert (json.loads(first)["liked"], torn, json.loads(last)["liked"]) == (False, '{"time": "2025-06-07T08', True)


@pytest.mark.parametrize("state", ["a folder", "read only", "no home", "too long"])
def test_what_cannot_be_written_says_why(state: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home, file = tmp_path, tmp_path / "feedback.jsonl"
    if state == "a folder":
        file.mkdir()
    elif state == "no home":
        home = tmp_path / "gone"
    elif state == "too long":
        file.write_bytes(b"{}\n" * 100)
        monkeypatch.setattr("ui.feedback._MOST_BYTES", 200)
    else:
        if os.geteuid() == 0:
            pytest.skip("nothing is read only for root")
        file.touch()
        file.chmod(0o444)
    with pytest.raises(NotKept) as caught:
        keep(home, ANSWER, WRONG)
    assert (str(home / "feedback.jsonl") in str(caught.value), bool(caught.value.hint)) == (True, True)


# In a conversation


@pytest.fixture
def library(open_home: Callable[..., Home], corpus: Path) -> Library:
    home = open_home()
    home.sync(corpus)
    return Library(Chatbot(home, settings=Settings()))


def talk(library: Library, *questions: str) -> Conversation:
    conversation = Conversation()
    for question in questions:
        *_, conversation = ask(library, conversation, question)
    return conversation


def test_a_verdict_stands_with_its_answer_and_goes_with_it(library: Library) -> None:
    conversation = talk(library, "Who is the harbour master?", "Who is the museum's director?")
    given = {"liked": "no", "reason": "It is out of date", "words": " he\nleft ", "expected": "Ida", "unanswerable": "yes"}
    conversation = judge(conversation, "1", given)
    expected = Opinion(liked=False, reason="It is out of date: he left", unanswerable=True)
    assert [exchange.opinion for exchange in conversation.exchanges] == [None, expected]
    (entry,) = entries(library.chatbot.home.path)
    assert (entry["question"], [turn["question"] for turn in entry["history"]]) == (
        "Who is the museum's director?", ["Who is the harbour master?"],
    )  # fmt: skip
    *_, again = ask_again(conversation, "1", {"what": "same"})
    assert again.exchanges[1].opinion is None


@pytest.mark.parametrize(
    ("index", "given"),
    [
        ("2", {"liked": "yes"}),
        (0, {"liked": "yes"}),
        ("0", {}),
        ("0", {"liked": True}),
        ("0", {"liked": "perhaps"}),
        (None, {"liked": "no"}),
    ],
)
def test_what_judges_no_answer_changes_nothing(library: Library, index: object, given: dict[str, object]) -> None:
    conversation = talk(library, "Who is the harbour master?")
    assert judge(conversation, index, given) is conversation
    assert not (library.chatbot.home.path / "feedback.jsonl").exists()


def test_a_question_without_an_answer_is_not_judged(library: Library) -> None:
    conversation = talk(library, "x" * 3000)
    assert judge(conversation, "0", {"liked": "yes"}) is conversation


def test_words_without_end_are_cut(library: Library) -> None:
    conversation = judge(talk(library, "Who is the harbour master?"), "0", {"liked": "no", "reason": "x" * 9000, "expected": "y" * 9000})
    opinion = conversation.exchanges[0].opinion
    assert opinion == Opinion(liked=False, reason="x" * MOST_WORDS, expected="y" * MOST_WORDS)


def test_an_opinion_that_cannot_be_kept_leaves_the_answer(library: Library) -> None:
    conversation = talk(library, "Who is the harbour master?")
    (library.chatbot.home.path / "feedback.jsonl").mkdir()
    after = judge(conversation, "0", {"liked": "yes"})
    (before,), (exchange,) = conversation.exchanges, after.exchanges
    assert (exchange.answer, exchange.opinion) == (before.answer, None)
    assert exchange.opinion_problem.startswith("your opinion was not kept: ")
    assert exchange.opinion_problem.endswith("Check who may write there, then send it again.")


def test_a_correction_becomes_a_case_with_one_click(library: Library) -> None:
    home = library.chatbot.home.path
    conversation = judge(talk(library, "Who is the harbour master?"), "0", {"liked": "no", "reason": "wrong", "expected": "Ida Quist"})
    assert "Make it a test case" in footer_html(conversation.exchanges[0], 0)
    done = make_case(conversation, "0")
    opinion = done.exchanges[0].opinion
    assert opinion is not None
    assert opinion.case == f"a case in {home / 'cases.jsonl'}"
    assert "Make it a test case" not in footer_html(done.exchanges[0], 0)
    (case,) = load_cases(home / "cases.jsonl")
    assert (case.question, case.answers) == ("Who is the harbour master?", (("Ida Quist",),))
    assert make_case(done, "0") is done


@pytest.mark.parametrize("given", [{"liked": "yes", "expected": "Ida"}, {"liked": "no", "reason": "wrong"}])
def test_what_corrects_nothing_becomes_no_case(library: Library, given: dict[str, object]) -> None:
    conversation = judge(talk(library, "Who is the harbour master?"), "0", given)
    assert make_case(conversation, "0") is conversation
    assert make_case(conversation, "7") is conversation
    assert not (library.chatbot.home.path / "cases.jsonl").exists()


def test_a_case_that_cannot_be_written_says_why(library: Library) -> None:
    conversation = judge(talk(library, "Who is the harbour master?"), "0", {"liked": "no", "expected": "Ida Quist"})
    (library.chatbot.home.path / "cases.jsonl").mkdir()
    opinion = make_case(conversation, "0").exchanges[0].opinion
    assert opinion is not None
    assert opinion.case.startswith("no case was made: ")
