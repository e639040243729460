"""Times in a question, from the chatbot to the page: which articles are searched, what the answer says of it, and the newest first."""

from __future__ import annotations

import doctest
import json
from collections.abc import Iterator
from datetime import date, datetime
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.times.window
import rag.types
import ui.cli
from index.home import Home
from index.types import Filters, Passage, Span
from rag import ask
from rag.builtin.extract import extract
from rag.chatbot import Chatbot
from rag.llm.prompts import NO_EVIDENCE, build_prompt
from rag.llm.scripted import ScriptedLLM
from rag.reader import built_in_reader
from rag.settings import Settings
from rag.times.window import window_for
from rag.types import Answer, AskedTime, Citation, Claim, Turn, answer_schema

TODAY = date(2025, 6, 11)
"""A Wednesday."""
ARTICLES = {
    "brandvik": (
        "2022-03-01",
        "Ole Brandvik is the harbour master of Port Ellery. He warned sailors of the storm and let 12 boats leave.",
    ),
    "calloway": (
        "2024-03-04",
        "Ines Calloway is the harbour master of Port Ellery. She said that 40 boats had left in the first hour.",
    ),
    "amsel": (
        "2025-06-07",
        "Ruth Amsel is the harbour master of Port Ellery. She said that 95 boats had left for the regatta on Saturday.",
    ),
    "lind": (None, "Tove Lind is the harbour master of Port Ellery. She told us how 7 boats had left before the war."),
    "museum": ("2023-11-20", "The Fennick museum had 84,000 visitors last year, its director Oskar Lindqvist said."),
}
MASTER = "Who is the harbour master of Port Ellery"
NEWEST = [json.loads(line) for line in (Path(__file__).parent / "cases" / "latest.jsonl").read_text(encoding="utf-8").splitlines()]


def write(folder: Path, articles: dict[str, tuple[str | None, str]]) -> Path:
    """Write articles, name -> day and text; the first line of a text that has several is the title."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, (published, text) in articles.items():
        title, _, body = text.rpartition("\n")
        record = {"title": title or f"Told of {name}", "text": body, **({"date": published} if published else {})}
        (folder / f"{name}.json").write_text(json.dumps(record), encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a home of dated and undated articles, one of undated ones only, and the articles of both."""
    folder = tmp_path_factory.mktemp("times")
    for name, articles in (("home", ARTICLES), ("undated", {name: (None, text) for name, (_, text) in ARTICLES.items()})):
        with Chatbot.open(folder / name, settings=Settings(), create=True) as made:
            made.sync(write(folder / "articles" / name, articles))
    return folder


@pytest.fixture
def bot(site: Path) -> Iterator[Chatbot]:
    with Chatbot.open(site / "home", settings=Settings()) as bot:
        yield bot


def told(answer: Answer) -> tuple[object, ...]:
    """What an answer says of time, and its short answer."""
    return (answer.short, answer.filters.since, answer.filters.until, answer.time, answer.remarks)


# Filters that the question's words make

LEFT_OUT = "1 article has no date and was left out by the date filter."


@pytest.mark.parametrize(
    ("question", "short", "since", "until", "words", "searched"),
    [
        ("How many boats have left Port Ellery since last Friday?", "95", "2025-06-06", None, "since last Friday", "since 6 June 2025"),
        ("How many boats left Port Ellery last week?", "95", "2025-06-02", "2025-06-08", "last week", "from 2 to 8 June 2025"),
        (f"{MASTER}, according to articles before 2024?", "Ole Brandvik", None, "2023-12-31", "before 2024", "until 31 December 2023"),
        (
            "Who is named as harbour master of Port Ellery in articles between January and April 2024?", "Ines Calloway", "2024-01-01",
            "2024-04-30", "between January and April 2024", "from 1 January to 30 April 2024",
        ),
        (f"{MASTER}, in the news of 7 June 2025?", "Ruth Amsel", "2025-06-07", "2025-06-07", "7 June 2025", "on 7 June 2025"),
        (f"{MASTER}, in articles from March 2024?", "Ines Calloway", "2024-03-01", "2024-03-31", "from March 2024", "in March 2024"),
    ],
)  # fmt: skip
def test_words_for_a_time_become_the_filter(
    bot: Chatbot, question: str, short: str, since: str | None, until: str | None, words: str, searched: str
) -> None:
    answer = bot.ask(question, clock=TODAY)
    time = AskedTime(words=(words,), since=since, until=until, applied=True)
    assert told(answer) == (short, since, until, time, (f"Searched articles published {searched} (“{words}”).", LEFT_OUT))
    assert {citation.doc_id for citation in answer.citations} <= {"brandvik", "calloway", "amsel"}
    assert answer.question == question


def test_without_words_for_a_time_nothing_is_said_of_it(bot: Chatbot) -> None:
    answer = bot.ask("How many visitors did the Fennick museum have?", clock=TODAY)
    assert told(answer) == ("84,000", None, None, None, ())


def test_the_clock_may_tell_the_hour_and_is_now_by_default(bot: Chatbot) -> None:
    question = "How many boats left Port Ellery last week?"
    first, second = bot.ask(question, clock=TODAY), bot.ask(question, clock=datetime(2025, 6, 11, 23, 59))
    assert told(first) == told(second)
    now = bot.ask(question).time
    assert now is not None
    assert date.fromisoformat(now.until or "") < date.today()
    assert (date.today() - date.fromisoformat(now.since or "")).days <= 13


def test_a_clock_that_is_no_day_is_refused(bot: Chatbot) -> None:
    with pytest.raises(TypeError, match="clock must be a date or a datetime, not '2025-06-11'"):
        bot.ask("Who?", clock="2025-06-11")  # type: ignore[arg-type]


# What was given goes first


def test_given_dates_go_before_understood_ones(bot: Chatbot) -> None:
    answer = bot.ask("How many boats left Port Ellery last week?", filters=Filters(since="2024", until="2024"), clock=TODAY)
    time = AskedTime(words=("last week",), since="2025-06-02", until="2025-06-08")
    left_aside = "“last week” was left aside: the filter that was given names other dates."
    assert told(answer) == ("40", "2024", "2024", time, (left_aside, LEFT_OUT))


def test_an_end_that_was_left_open_is_filled(bot: Chatbot) -> None:
    answer = bot.ask(f"{MASTER}, according to articles before 2025?", filters=Filters(since="2023"), clock=TODAY)
    time = AskedTime(words=("before 2025",), until="2024-12-31", applied=True)
    searched = "Searched articles published from 2023 to 2024 (“before 2025”)."
    assert told(answer) == ("Ines Calloway", "2023", "2024-12-31", time, (searched, LEFT_OUT))


def test_words_that_contradict_what_was_given_are_left_aside(bot: Chatbot) -> None:
    answer = bot.ask(f"{MASTER}, according to articles before 2024?", filters=Filters(since="2025"), clock=TODAY)
    time = AskedTime(words=("before 2024",), until="2023-12-31")
    left_aside = "“before 2024” was left aside: the filter that was given names other dates."
    assert told(answer) == ("Ruth Amsel", "2025", None, time, (left_aside, LEFT_OUT))


def test_given_dates_are_never_widened(bot: Chatbot) -> None:
    answer = bot.ask("How many visitors did the Fennick museum have?", filters=Filters(since="2025"), clock=TODAY)
    assert (answer.status, answer.filters, answer.time, answer.notes) == ("no_evidence", Filters(since="2025"), None, ())
    assert answer.missing is not None
    assert answer.missing.endswith(LEFT_OUT)
    half = bot.ask("How many visitors did the Fennick museum have last week?", filters=Filters(since="2025-06-03"), clock=TODAY)
    assert (half.status, half.filters) == ("no_evidence", Filters(since="2025-06-03", until="2025-06-08"))


def test_all_dates_are_searched_where_that_is_wanted(bot: Chatbot) -> None:
    answer = bot.ask("How many visitors did the Fennick museum have last week?", clock=TODAY, all_dates=True)
    time = AskedTime(words=("last week",), since="2025-06-02", until="2025-06-08")
    assert told(answer) == ("84,000", None, None, time, ())
    given = bot.ask("How many boats left Port Ellery last week?", filters=Filters(until="2022"), clock=TODAY, all_dates=True)
    assert told(given) == ("12", None, "2022", time, (LEFT_OUT,))


# Nothing there


def test_a_time_without_an_answer_is_widened_and_the_answer_says_so(bot: Chatbot) -> None:
    answer = bot.ask("How many visitors did the Fennick museum have yesterday?", clock=TODAY)
    time = AskedTime(words=("yesterday",), since="2025-06-10", until="2025-06-10")
    note = "No dated article published on 10 June 2025 (“yesterday”) answers this; these come from all dates."
    assert told(answer) == ("84,000", None, None, time, (note,))


def test_where_no_time_has_an_answer_that_is_said(bot: Chatbot) -> None:
    answer = bot.ask("How many elephants were seen in Fennick last week?", clock=TODAY)
    assert (answer.status, answer.filters, answer.citations) == ("no_evidence", Filters(), ())
    assert answer.notes == ("No dated article published from 2 to 8 June 2025 (“last week”) answers this, nor does any other.",)


def test_an_archive_without_dates_still_answers(site: Path) -> None:
    with Chatbot.open(site / "undated", settings=Settings()) as bot:
        answer = bot.ask("How many visitors has the Fennick museum had since last Friday?", clock=TODAY)
        newest = bot.ask("Who is currently the director of the Fennick museum?", clock=TODAY)
    note = "No dated article published since 6 June 2025 (“since last Friday”) answers this; these come from all dates."
    time = AskedTime(words=("since last Friday",), since="2025-06-06")
    assert told(answer) == ("84,000", None, None, time, (note,))
    assert told(newest) == ("Oskar Lindqvist", None, None, AskedTime(latest=True), ("No article cited has a date.",))


# Follow-ups


def test_times_are_read_from_the_question_as_it_stands_alone(bot: Chatbot) -> None:
    history = [Turn(question="How many boats left Port Ellery last week?", answer="She said that 95 boats had left. [1]")]
    answer = bot.ask("And from Brennick?", history=history, clock=TODAY)
    assert answer.rewritten is not None
    assert "last week" in answer.rewritten
    assert answer.time is not None
    assert answer.time.words == ("last week",)


# The newest


def test_the_newest_of_equal_answers_goes_first_and_the_others_stay_visible(bot: Chatbot) -> None:
    answer = bot.ask("Who is the current harbour master of Port Ellery?", clock=TODAY)
    as_of = "As of 7 June 2025, the date of the newest article cited."
    undated = "1 article has no date and was taken to be older than any other."
    assert told(answer) == ("Ruth Amsel", None, None, AskedTime(latest=True), (as_of, undated))
    assert [(value.value, value.published) for value in answer.also_given] == [
        ("Ines Calloway", ("2024-03-04",)), ("Ole Brandvik", ("2022-03-01",)), ("Tove Lind", (None,)),
    ]  # fmt: skip


def test_the_newest_within_a_time(bot: Chatbot) -> None:
    answer = bot.ask("In articles before 2025, who is the current harbour master of Port Ellery?", clock=TODAY)
    time = AskedTime(words=("before 2025",), until="2024-12-31", applied=True, latest=True)
    searched = "Searched articles published until 31 December 2024 (“before 2025”)."
    as_of = "As of 4 March 2024, the date of the newest article cited."
    assert told(answer) == ("Ines Calloway", None, "2024-12-31", time, (searched, as_of, LEFT_OUT))


@pytest.fixture(scope="module")
def newest_home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """One home of every article of the cases, so that each is asked among all."""
    folder = tmp_path_factory.mktemp("newest")
    articles = {
        f"{case['id']}-{n}": (one["published"], f"{one['title']}\n{one['text']}")
        for case in NEWEST
        for n, one in enumerate(case["articles"])
    }
    with Home.open(folder / "home", create=True) as home:
        home.sync(write(folder / "articles", articles))
        yield home


def test_numbers_that_have_changed_are_shown_as_disagreement_newest_first(newest_home: Home) -> None:
    answer = Chatbot(newest_home, settings=Settings()).ask("How many soldiers are currently in Torrin?", clock=TODAY)
    assert [(value.value, value.published) for value in answer.disagreement][:2] == [("950", ("2024-11-19",)), ("400", ("2023-08-01",))]
    assert "250" in {value.value for value in (*answer.disagreement, *answer.also_given)}
    assert (answer.short, answer.remarks[0]) == ("950", "As of 19 November 2024, the date of the newest article cited.")


@pytest.mark.slow
@pytest.mark.parametrize(("part", "right", "by_relevance"), [(slice(26), 24, 12), (slice(26, 42), 11, 4), (slice(42, None), 13, 4)])
def test_cases_of_the_newest(newest_home: Home, part: slice, right: int, by_relevance: int) -> None:
    """The cases that set the rule, those that mended it, and those that were not looked at: all that were right, and hardly any without."""
    assert sum(is_right(newest_home, case, latest=True) for case in NEWEST[part]) >= right
    assert sum(is_right(newest_home, case, latest=False) for case in NEWEST[part]) <= by_relevance


def is_right(home: Home, case: dict[str, Any], *, latest: bool) -> bool:
    """Whether the short answer, or the first sentence of an explanation, is the newest one."""
    question = case["question"]
    answer = extract(
        question, home.search(question, limit=24), weights=home.term_weights(question), encoder=home.encoder, reader=built_in_reader(),
        settings=Settings(), latest=latest,
    )  # fmt: skip
    shown = [answer.short, *(claim.text for claim in answer.claims[:1] if case["explains"])]
    return any(accepted.casefold() in words.casefold() for accepted in case["short"] for words in shown)


# Language models


def sent(llm: ScriptedLLM) -> str:
    """The last message that the model was sent."""
    words: str = llm.chats[-1][-1][1]
    return words


def test_a_model_is_told_the_day_and_asked_again_without_the_filter(site: Path) -> None:
    llm = ScriptedLLM(NO_EVIDENCE, "It had 84,000 visitors [S1].")
    with Chatbot.open(site / "home", settings=Settings(repair=False), llm=llm) as bot:
        answer = bot.ask("How many visitors has the Fennick museum had since March 2024?", clock=TODAY)
    note = "No dated article published since 1 March 2024 (“since March 2024”) answers this; these come from all dates."
    assert (answer.status, answer.filters, answer.notes) == ("answered", Filters(), (note,))
    first, second = (chat[-1][1] for chat in llm.chats)
    assert "84,000" not in first
    assert "84,000" in second
    assert all("\nToday is 11 June 2025.\nQuestion: How many visitors has" in words for words in (first, second))


def test_a_model_is_shown_the_newest_first_where_that_is_asked(site: Path) -> None:
    llm = ScriptedLLM("Ruth Amsel is the harbour master of Port Ellery [S1].")
    with Chatbot.open(site / "home", settings=Settings(repair=False), llm=llm) as bot:
        answer = bot.ask("Who is the current harbour master of Port Ellery?", clock=TODAY)
    heads = [line for line in sent(llm).splitlines() if line.startswith("Article: ")]
    assert [head.rsplit(", ", 1)[-1] for head in heads] == ["2025-06-07", "2024-03-04", "2023-11-20", "2022-03-01", "Article: Told of lind"]
    assert "The newest answer is asked for" in sent(llm)
    assert answer.short == "Ruth Amsel is the harbour master of Port Ellery."
    assert answer.remarks[0] == "As of 7 June 2025, the date of the newest article cited."


def test_a_prompt_without_a_clock_says_nothing_of_time() -> None:
    text = "The ferry sank in 1911."
    passage = Passage(
        article_id="a", doc_id="d", start=0, end=23, text=text, score=1.0, label="Daily", path="p", root="/", sentences=(Span(0, 23),)
    )
    plain, dated = (build_prompt("When?", [passage], context_tokens=500, today=today) for today in (None, TODAY))
    (before, after), (key,) = plain.messages[-1].content.split("\nQuestion: "), plain.sources
    assert (before.splitlines()[-1], after) == (f"Valid keys: {key}", "When?")
    assert dated.messages[-1].content == f"{before}\nToday is 11 June 2025.\nQuestion: When?"


# What is kept and shown


def citation(number: int, published: str | None) -> Citation:
    return Citation(
        number=number, article_id="a", doc_id="d", label="Daily", path="p", root="/", title=None, publisher=None, published=published,
        url=None, quote="It sank.", start=0, end=8,
    )  # fmt: skip


@pytest.mark.parametrize(
    ("days", "as_of"), [(("2024-01-02", "2024-01-02T10:00"), "2024-01-02T10:00"), ((None, "2023-05-01"), "2023-05-01"), ((None,), None)]
)
def test_as_of_is_the_newest_that_a_sentence_cites(days: tuple[str | None, ...], as_of: str | None) -> None:
    cited = tuple(citation(number, day) for number, day in enumerate((*days, "2025-01-01"), start=1))
    claims = tuple(Claim(text="It sank.", citations=(number,)) for number in range(1, len(cited)))
    answer = Answer(question="When?", status="answered", short="", text="", claims=claims, citations=cited, time=AskedTime(latest=True))
    assert answer.as_of == as_of


def test_the_fields_in_json(bot: Chatbot) -> None:
    answer = bot.ask("How many boats left Port Ellery last week?", clock=TODAY)
    data = answer.to_dict()
    jsonschema.validate(data, answer_schema())
    assert data["time"] == {"words": ["last week"], "since": "2025-06-02", "until": "2025-06-08", "applied": True, "latest": False}
    assert data["filters"] == {"since": "2025-06-02", "until": "2025-06-08", "publishers": [], "paths": []}
    assert Answer.from_dict(json.loads(json.dumps(data))).to_dict() == data


def test_terminal_and_notebook_say_what_was_searched(bot: Chatbot) -> None:
    answer = bot.ask("How many boats left Port Ellery last week?", clock=TODAY)
    assert str(answer).startswith(f"Searched articles published from 2 to 8 June 2025 (“last week”).\n{LEFT_OUT}\n\n95\n\n")
    assert answer._repr_html_().startswith("<p><em>Searched articles published from 2 to 8 June 2025 (“last week”).</em></p>")


def test_ask_takes_the_clock(site: Path) -> None:
    question, options = "How many boats left Port Ellery last week?", {"corpus": site / "articles" / "home", "home": site / "home"}
    assert ask(question, clock=TODAY, **options).short == "95"  # type: ignore[arg-type]
    time = ask(question, clock=TODAY, all_dates=True, **options).time  # type: ignore[arg-type]
    assert time == AskedTime(words=("last week",), since="2025-06-02", until="2025-06-08")


def test_the_command_line(site: Path, capfd: pytest.CaptureFixture[str]) -> None:
    question, home = "How many boats left Port Ellery last week?", str(site / "home")

    def out(*options: str) -> str:
        assert ui.cli.main(["ask", question, "--home", home, *options]) == 0
        return capfd.readouterr().out

    assert out("--clock", "2025-06-11").splitlines()[:5] == [
        "Searched articles published from 2 to 8 June 2025 (“last week”).", "", LEFT_OUT, "", "95",
    ]  # fmt: skip
    data = json.loads(out("--clock", "2025-06-11", "--json"))
    assert (data["short"], data["time"]["applied"], data["filters"]["since"]) == ("95", True, "2025-06-02")
    data = json.loads(out("--clock", "2025-06-11", "--all-dates", "--json"))
    assert (data["time"]["applied"], data["filters"]["since"]) == (False, None)
    data = json.loads(out("--clock", "2024-03-06", "--since", "2024-03-04", "--until", "2024", "--json"))
    assert (data["short"], data["time"]["applied"], data["filters"]["until"]) == ("40", False, "2024")


# Windows


@given(
    st.sampled_from(["Who ran it last week?", "Who ran it since 2024?", "In articles before 2020, who ran it?", "Who ran it?"]),
    st.none() | st.dates(date(2000, 1, 1), date(2030, 1, 1)).map(str),
    st.booleans(),
    st.dates(date(2000, 1, 1), date(2030, 1, 1)),
)
def test_a_given_end_always_stays(question: str, end: str | None, is_since: bool, today: date) -> None:
    chosen = Filters(since=end) if is_since else Filters(until=end)
    window = window_for(question, chosen, today)
    assert (window.filters.since if is_since else window.filters.until) == end or end is None
    assert window_for(question, chosen, today, all_dates=True).filters == chosen
    assert (window.filters == chosen) == (window.asked is None or not window.asked.applied)
    assert window.text == question or "ran it" in window.text


@pytest.mark.parametrize(
    ("question", "text"),
    [
        ("From 2023 onward, who ran the port?", "Who ran the port?"),
        ("What did Monday's papers say about the dam?", "What did papers say about the dam?"),
        ("Nothing older than a month: who runs the mine?", "Who runs the mine?"),
        ("What's the latest this week on the rail strike?", "What's the latest on the rail strike?"),
        ("Yesterday?", "Yesterday?"),
    ],
)
def test_words_that_became_a_filter_are_not_searched_for(question: str, text: str) -> None:
    assert window_for(question, Filters(), TODAY).text == text


@pytest.mark.parametrize(
    ("question", "given", "text"),
    [
        ("How many fled since March 2024?", Filters(), "How many fled since March 2024?"),
        ("How many fled since March 2024?", Filters(until="2023"), "How many fled?"),
        ("How many fled since last Friday?", Filters(), "How many fled?"),
    ],
)
def test_words_that_an_article_may_hold_are_searched_for_where_no_days_are_chosen(question: str, given: Filters, text: str) -> None:
    assert window_for(question, given, TODAY, all_dates=True).text == text


@pytest.mark.parametrize("module", [rag.times.window, rag.types])
def test_examples(module: Any) -> None:
    assert doctest.testmod(module).failed == 0
