"""Cases proposed from articles: which sentences become which questions, what has no answer, and how drafts are measured."""

from __future__ import annotations

import json

import pytest

import ui.cli
from eval.cases import load_cases
from eval.draft.proposing import draft_cases
from eval.draft.twins import twin_of
from eval.run import evaluate_home
from index.home import Home
from rag.chatbot import Chatbot
from rag.drafting.clauses import Clause, clause_of
from rag.drafting.questions import questions_of
from rag.drafting.verbs import BASES, PARTICIPLES
from rag.settings import Settings

ASKED = {
    "The second tram line of Port Ellery will open in June 2026, a year later than planned.": (
        "When will the second tram line of Port Ellery open?", ["June 2026"],
    ),
    "In August 2022, the last French soldiers left Mali.": ("When did the last French soldiers leave Mali?", ["August 2022"]),
    "In June 2025 Wagner ended a stay of nearly three years in Mali.": (
        "When did Wagner end a stay of nearly three years in Mali?", ["June 2025"],
    ),
    "The Fennick museum was closed in 2019 and reopened in 2021.": ("When was the Fennick museum closed?", ["2019"]),
    "The Fennick museum had 84,000 visitors last year, its director Oskar Lindqvist said.": (
        "How many visitors did the Fennick museum have?", ["84,000"],
    ),
    "Oxbow Relief, a small charity that runs primary schools in the camp, has 74 classrooms.": (
        "How many classrooms does Oxbow Relief have?", ["74"],
    ),
    "About forty boats left the harbour of Port Ellery on Monday.": (
        "How many boats left the harbour of Port Ellery?", ["about forty", "forty"],
    ),
    "The north wall of Port Ellery cost 1.2 million crowns.": (
        "How much did the north wall of Port Ellery cost?", ["1.2 million crowns"],
    ),
    "Marta Hale restored the whale skeleton of Fennick.": ("Who restored the whale skeleton of Fennick?", ["Marta Hale", "Hale"]),
    "A European Union mission ran courses in Mali for eleven years, from 2013 until it closed in May 2024.": (
        "How long did a European Union mission run courses in Mali?", ["eleven years"],
    ),
    "“It is full,” said Ina Pell, director of the Fennick Museum, on Friday.": (
        "Who is the director of the Fennick Museum?", ["Ina Pell", "Pell"],
    ),
}  # fmt: skip


@pytest.mark.parametrize("sentence", ASKED)
def test_a_sentence_and_its_question(sentence):
    assert [(drafted.question, list(drafted.answers)) for drafted in questions_of(sentence)] == [ASKED[sentence]]


@pytest.mark.parametrize(
    "sentence",
    [
        "It was closed in 2019.",
        "She left Mali in August 2022.",
        "The company opened a plant in Fennick in 2019.",  # which company?
        "He said that the museum of Fennick was closed in 2019.",
        "Ina Pell said the museum of Fennick was closed in 2019.",
        "“The museum of Fennick was closed in 2019.”",
        "Was the museum of Fennick closed in 2019?",
        "The soldiers killed in Mali in 2013 were buried in Gao.",
        "The harbour reopened on Monday.",
        "The harbour reopened in March 2024.",  # of which town?
        "Cutter Gauthier had two goals and Logan Cooley, Ryan Ufko and Hughes also scored for the Americans.",
    ],
)
def test_sentences_that_are_left_alone(sentence):
    asked = [drafted.question for drafted in questions_of(sentence)]
    assert asked == []


def test_a_surname_gets_its_first_name_and_a_common_word_its_small_letter():
    article = "Ronald Greene drove home. Greene died in Monroe in 2019. The police in Monroe seized 30 guns in 2021."
    assert [drafted.question for drafted in questions_of("Greene died in Monroe in 2019.", article)] == [
        "When did Ronald Greene die in Monroe?",
        "Who died in Monroe in 2019?",
    ]
    assert [drafted.question for drafted in questions_of("Police in Monroe seized 30 guns in 2021.", article)] == [
        "When did police in Monroe seize 30 guns?",
        "How many guns did police in Monroe seize in 2021?",
    ]


def test_a_clause():
    assert clause_of("On 1 June fighters of JNIM, the Sahel branch of al-Qaida, stormed the garrison at Boulkessi.") == Clause(
        subject="fighters of JNIM", verb="stormed", rest="the garrison at Boulkessi", introduced="1 June"
    )


def test_verbs():
    assert {form: BASES[form] for form in ("opened", "closed", "married", "stopped", "left", "cost")} == {
        **{"opened": "open", "closed": "close", "married": "marry", "stopped": "stop"},
        **{"left": "leave", "cost": "cost"},
    }
    assert {"built", "closed", "won"} <= PARTICIPLES
    assert "went" not in PARTICIPLES


@pytest.mark.parametrize(
    ("question", "twin"),
    [
        ("How many facilities does Mack Trucks have in Pennsylvania?", r"How many facilities does Mack Trucks have in [A-Z][a-z]+\?"),
        ("Who is the president of the Retail Industry Association?", r"Who is the president of the [A-Z][a-z]+ Industry Association\?"),
        ("When did Tom Brady leave?", r"When did [A-Z][a-z]+ [A-Z][a-z]+ leave\?"),
        ("Who won the prize of Fennick in 2019?", r"Who won the prize of Fennick in 19[3-8]\d\?"),
        ("When did troops come to Mali?", r"When did troops come to [A-Z][a-z]+\?"),
    ],
)
def test_a_twin_differs_in_one_name_or_year(question, twin):
    import re

    other = twin_of(question, lambda name: True)
    assert other != question
    assert re.fullmatch(twin, other)
    assert twin_of(question, lambda name: True) == other
    assert twin_of(question, lambda name: False) is None


def test_nothing_to_change_is_no_twin():
    assert twin_of("Who is the director of the Centers for Disease Control and Prevention?", lambda name: True) is None
    assert twin_of("How many games will be played in June?", lambda name: True) is None


# Over a home


@pytest.fixture
def home(tmp_path, open_home) -> Home:
    folder = tmp_path / "news"
    folder.mkdir()
    for place, sentence in enumerate(ASKED):
        (folder / f"story-{place}.txt").write_text(f"Story {place}\n\n{sentence}\n\nNobody else was there.\n", encoding="utf-8")
    opened = open_home()
    opened.sync(folder)
    return opened


def test_drafts_are_right_unreviewed_and_never_proposed_twice(home, tmp_path):
    chatbot, file = Chatbot(home, settings=Settings()), tmp_path / "drafts.jsonl"
    told = []
    proposed = draft_cases(chatbot, file, count=5, progress=lambda what, done, total: told.append((what, done, total)))
    cases = load_cases(file)
    facts, twins = ([case for case in cases if case.kind == kind] for kind in ("fact", "unanswerable"))
    questions = {question for question, _ in ASKED.values()}
    assert (len(facts), proposed.kept, len(proposed.added.added)) == (5, 5, len(cases))
    assert {case.question for case in facts} <= questions
    assert {case.reviewed for case in cases} == {False}
    assert 1 <= len(twins) <= 3
    assert not {case.question for case in twins} & questions
    assert told == [("questions", done, 5) for done in range(1, 6)]
    written = [json.loads(line) for line in file.read_text(encoding="utf-8").splitlines()]
    assert {record["sentence"] for record in written if record["kind"] == "fact"} <= set(ASKED)

    before = file.read_bytes()
    more = draft_cases(chatbot, file, count=50)
    assert file.read_bytes().startswith(before)
    asked = [case.question for case in load_cases(file)]
    assert len(asked) == len(set(asked)) == len(cases) + len(more.added.added)
    assert draft_cases(chatbot, file, count=50).added.added == ()

    report = evaluate_home(chatbot, file)
    assert (report.metrics["cases"], report.metrics["accuracy"], report.rows) == (0, None, ())
    assert report.unreviewed.metrics["accuracy.fact"] == 1.0


def test_the_command(home, tmp_path, monkeypatch, capfd):
    monkeypatch.setenv("DATELINE_ENCODER", "hash")
    file = tmp_path / "drafts.jsonl"
    code = ui.cli.main(["draft", "--count", "2", "--output", str(file), "--home", str(home.path), "--json"])
    data = json.loads(capfd.readouterr().out)
    assert (code, data["output"], data["kept"], data["added"]) == (0, str(file), 2, [case.id for case in load_cases(file)])
    with file.open("a", encoding="utf-8") as cases:
        cases.write(json.dumps({"id": "mine", "kind": "unanswerable", "question": "Who owns the airport of Quillhaven?"}) + "\n")
    code = ui.cli.main(["eval", str(file), "--home", str(home.path)])
    out = capfd.readouterr().out
    assert code == 0
    assert "Not reviewed yet, and in no measure or bar:" in out
    assert ["all", "1", "1", "100.0%", "20.7%", "to", "100.0%", "0"] in [
        row.split() for row in out.split("Not reviewed yet")[0].splitlines()
    ]
