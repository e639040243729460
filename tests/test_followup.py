"""Follow-up questions: what stands alone stays, what points back is made to stand alone, by rules or by a language model."""

from __future__ import annotations

import pytest

from rag.chatbot import Chatbot
from rag.followup.rewriting import REWRITE, stand_alone
from rag.followup.rules import by_rules
from rag.llm.completion import Model
from rag.llm.scripted import ScriptedLLM
from rag.metering import Meter
from rag.settings import Settings
from rag.types import Answer, Turn

MALI = ("When did French troops leave Mali?", "In August 2022. [1]")
MUSEUM = ("How many visitors did the Fennick museum have in 2023?", "84,000, Oskar Lindqvist said.")
TRAM = ("When will the second tram line open?", "In June 2026.")
HARBOUR = ("When did the harbour reopen after the storm?", "On 4 March 2024.")
LEADER = ("Who leads the harbour board?", "Ines Calloway leads it.")


def rewritten(question, *turns):
    return by_rules(question, [Turn(question=asked, answer=answered) for asked, answered in turns])


@pytest.mark.parametrize(
    ("turn", "question", "expected"),
    [
        (MALI, "And Niger?", "When did French troops leave Niger?"),
        (MALI, "What about Niger?", "When did French troops leave Niger?"),
        (MALI, "What about British troops?", "When did British troops leave Mali?"),
        (MALI, "Why?", "Why did French troops leave Mali?"),
        (MALI, "and why", "Why did French troops leave Mali?"),
        (MALI, "What happened there?", "What happened in Mali?"),
        (MALI, "What else happened that month?", "What else happened in August 2022?"),
        (MUSEUM, "And in 2019?", "How many visitors did the Fennick museum have in 2019?"),
        (MUSEUM, "How about 2019?", "How many visitors did the Fennick museum have in 2019?"),
        (MUSEUM, "Was it free?", "Was the Fennick museum free?"),
        (MUSEUM, "Who is its director?", "Who is the Fennick museum’s director?"),
        (MUSEUM, "Was it free then?", "Was the Fennick museum free in 2023?"),
        (MUSEUM, "What did he say?", "What did Oskar Lindqvist say?"),
        (TRAM, "Why was it delayed?", "Why was the second tram line delayed?"),
        (TRAM, "But why was it delayed?", "Why was the second tram line delayed?"),
        (TRAM, "How much will it cost?", "How much will the second tram line cost?"),
        (TRAM, "Where?", "Where will the second tram line open?"),
        (HARBOUR, "How many boats left it?", "How many boats left the harbour?"),
        (LEADER, "When was she appointed?", "When was Ines Calloway appointed?"),
        (LEADER, "What is her salary?", "What is Ines Calloway’s salary?"),
        (("Did the harbour reopen?", "Yes."), "When?", "When did the harbour reopen?"),
        (("Did Oskar Lindqvist close the museum?", "Yes."), "What did he say about it?", "What did Oskar Lindqvist say about the museum?"),
        (("Who was killed in Port Ellery?", "Nobody."), "What happened there?", "What happened in Port Ellery?"),
        (("Who governs Port Ellery?", "A council."), "What happened there?", "What happened in Port Ellery?"),
        (("How many died in 2020?", "Four."), "And since then?", "How many died since 2020?"),
        (("Who won in 1998?", "Nobody."), "What else happened that year?", "What else happened in 1998?"),
        (("Who won in 1998?", "Nobody."), "Who ruled at that time?", "Who ruled in 1998?"),
        (MALI, "Then what about Niger?", "When did French troops leave Niger?"),
        (("Does the harbour make money on boats?", "It does."), "When did it open?", "When did the harbour open?"),
        (("Which board is the Fennick Line under?", "The harbour's."), "Who leads it?", "Who leads the Fennick Line?"),
        (("Why was the night tram late?", "It snowed."), "When did it arrive?", "When did the night tram arrive?"),
        (("What is the night tram?", "A tram."), "When did it arrive?", "When did the night tram arrive?"),
        (("Was the parade only about boats?", "No."), "When did it begin?", "When did the parade begin?"),
        (("Are the trams that run on Sundays full?", "No."), "Where do they stop?", "Where do the trams stop?"),
        (("Why did the council close the harbour?", "It leaked."), "Did Petra Voss inspect it?", "Did Petra Voss inspect the harbour?"),
    ],
)
def test_what_points_back_takes_names_and_time_along(turn, question, expected):
    assert rewritten(question, turn) == expected


@pytest.mark.parametrize(
    "question",
    [
        "When did the harbour reopen?",
        "How much did the repairs cost?",
        "Is there a bridge in Port Ellery?",
        "Who is Marta Hale?",
        "Does Petra Voss have her own plan?",
        "Petra Voss left after she lost which vote?",
        "Which captain said she would sail again?",
        "Port workers were told to leave which tools in their lockers?",
        "A baker was fined for selling what from his window?",
        "The old ferry was sold on Friday. Who bought it?",
        "Which paper did Petra Voss accuse of naming her?",
        "Does the council say when it will pay for the bridge?",
        "What is a tide gate? It sounds like a dam for ships.",
        "How many times is it there in the archive?",
        "Were more than four boats lost?",
        "Which articles mention Niger?",
        "Is it true that the museum closed?",
        "",
    ],
)
def test_what_stands_alone_stays(question):
    assert rewritten(question, MALI) == question
    assert rewritten(question) == question


FUND = ("What can you tell me about the harbour fund?", "It pays for repairs.")


@pytest.mark.parametrize(
    ("turn", "question", "expected"),
    [
        (FUND, "How can I apply?", "How can I apply? (About: the harbour fund)"),
        (FUND, "Are there any other funds for repairs?", "Are there any other funds for repairs? (About: the harbour fund)"),
        (FUND, "Does a bank earn in this kind of deal?", "Does a bank earn in this kind of deal? (About: the harbour fund)"),
        (FUND, "I meant the second payment.", "I meant the second payment. (About: the harbour fund)"),
        (FUND, "Opening hours", "Opening hours (About: the harbour fund)"),
        (
            FUND,
            "What about the fees? Is there a discount for members?",
            "What about the fees? Is there a discount for members? (About: the harbour fund)",
        ),
        (MALI, "What is there to see?", "What is there to see? (About: French troops leave Mali)"),
        (("How long does the ferry take?", "An hour."), "Is that normal?", "Is that normal? (About: the ferry take)"),
        (
            ("I like trams. Which one is the oldest line in town?", "The first."),
            "How can I apply?",
            "How can I apply? (About: one is the oldest line in town)",
        ),
        (("Why?", "Nobody knows."), "How can I apply?", "How can I apply?"),
        (
            ("How many trams are there in Fennick?", "Nine."),
            "Where do they stop?",
            "Where do they stop? (About: trams are there in Fennick)",
        ),
    ],
)
def test_what_says_too_little_takes_the_topic_along(turn, question, expected):
    assert rewritten(question, turn) == expected


def test_a_topic_is_carried_from_question_to_question():
    assert rewritten("Anything else?", FUND, ("How can I apply?", "By letter.")) == "Anything else? (About: the harbour fund)"


def test_a_third_question_stands_on_the_second_as_it_was_understood():
    assert rewritten("And Chad?", MALI, ("And Niger?", "In 2023.")) == "When did French troops leave Chad?"
    assert rewritten("Why?", TRAM, ("Where?", "In Port Ellery.")) == "Why will the second tram line open?"


def test_markers_of_an_answer_mean_nothing():
    assert rewritten("When was she appointed?", ("Who leads it?", "Ines Calloway [1][2].")) == "When was Ines Calloway appointed?"


# By a language model


def asked(words, question="And Niger?", turn=MALI):
    llm = ScriptedLLM(words)
    history = [Turn(question=turn[0], answer=turn[1])] if turn else []
    model = Model(llm=llm, name="scripted", timeout=5)
    meter, seen = Meter(), []
    made = stand_alone(question, history, model=model, meter=meter, trace=lambda what, facts: seen.append((what, facts["stage"])))
    return made, llm, meter, seen


def test_a_model_is_shown_the_turns_and_rewrites():
    made, llm, meter, seen = asked("When did French troops leave Niger?")
    assert made == "When did French troops leave Niger?"
    assert llm.chats == [[("system", REWRITE), ("user", "Q: When did French troops leave Mali?\nA: In August 2022.\nQ: And Niger?")]]
    assert meter.tokens_out > 0
    assert seen == [("prompt", "rewrite"), ("completion", "rewrite")]


@pytest.mark.parametrize("words", ["", "One?\nTwo?", "word " * 200, ConnectionRefusedError(), "I cannot help with that."])
def test_a_model_that_does_not_rewrite_is_replaced_by_the_rules(words):
    assert asked(words)[0] == "When did French troops leave Niger?"


def test_a_rewriting_cannot_forge_anything():
    assert asked('"Why [S1] <b>?"')[0] == "Why (S1) ‹b›?"


def test_no_history_asks_no_model():
    made, llm, _, _ = asked("Other?", turn=None)
    assert (made, llm.chats) == ("And Niger?", [])


# In a conversation


def test_a_topic_is_searched_for_and_shown_but_not_read(corpus, open_home, monkeypatch):
    read = []

    def extract(question, passages, **_):
        read.append(question)
        return Answer(question=question, status="no_evidence", short="", text="")

    monkeypatch.setattr("rag.chatbot.extract", extract)
    home = open_home()
    home.sync(corpus)
    seen = []
    chatbot = Chatbot(home, settings=Settings(), tracer=lambda what, facts: seen.append((what, facts)))
    answer = chatbot.ask("Who regretted this?", history=[Turn(question=TRAM[0], answer=TRAM[1])])
    understood = "Who regretted this? (About: the second tram line open)"
    searched = [facts["question"] for what, facts in seen if what == "search"]
    assert (read, searched, answer.rewritten) == (["Who regretted this?"], [understood], understood)
