"""What an answer says the articles lack: true counts, within the filters and outside them, from a real home."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.encoder import HashEncoder
from index.home import Home
from index.mentions import Mentions
from index.types import Filters
from rag.builtin.missing import what_is_missing
from rag.chatbot import Chatbot
from rag.llm.prompts import NO_EVIDENCE
from rag.llm.scripted import ScriptedLLM
from rag.settings import Settings

OpenHome = Callable[..., Home]

CORPUS = {
    "fennick/kati-1.md": ("2024-01-10", "Fennick Daily", "Shots were heard at the Kati barracks on Tuesday. Nobody was hurt."),
    "fennick/kati-2.md": ("2024-03-02", "Fennick Daily", "Soldiers left the Kati barracks before dawn, a baker said."),
    "courier/kati-3.md": (None, "Corran Courier", "North of the city lie the Kati barracks, built of red brick."),
    "courier/kati-4.md": ("2024-05-20", "Corran Courier", "The market at Kati was full. The barracks of the fire brigade stood empty."),
    "courier/barkhane-1.md": ("2022-02-18", "Corran Courier", "Operation Barkhane will end, Paris said. Sévaré was told first."),
    "courier/barkhane-2.md": ("2023-08-01", "Corran Courier", "Barkhane left Gao a year ago, and its hangars are empty."),
    "fennick/barkhane-3.md": ("2024-05-14", "Fennick Daily", "A book on Barkhane sells well, its author Oskar Lindqvist said."),
    "courier/ferry.md": ("2021-06-03", "Corran Courier", "The ferry carries goats. It was painted blue."),
    "courier/nations.md": ("2021-07-03", "Corran Courier", "The United Nations sent tents to the Malian north, said Ada Voss."),
}


def written(folder: Path) -> Path:
    for name, (published, publisher, text) in CORPUS.items():
        file = folder / "news" / name
        file.parent.mkdir(parents=True, exist_ok=True)
        dated = f"date: {published}\n" if published else ""
        file.write_text(f"---\ntitle: Report\npublisher: {publisher}\n{dated}---\n\n{text}\n", encoding="utf-8")
    return folder / "news"


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    folder = tmp_path_factory.mktemp("missing")
    with Home.open(folder / "home", encoder=HashEncoder(), create=True) as home:
        home.sync(written(folder))
        yield home


def said(home: Home, question: str, filters: Filters, *, read: int | None = None) -> str:
    passages = home.search(question, filters=filters, limit=24)
    return what_is_missing(question, home, passages[:read], filters)


@pytest.mark.parametrize(
    ("question", "sentence"),
    [
        ("Who ruled Wagadou?", "No article mentions Wagadou."),
        ("What was Wagadou’s capital?", "No article mentions Wagadou."),
        ("Who ruled Wagadou and Takrur?", "No article mentions Wagadou or Takrur."),
        ("Did Barkhane reach Wagadou?", "No article mentions Wagadou."),
        ("How many soldiers live in the Kati barracks?", "3 articles mention the Kati barracks, none says how many."),
        ("How many people live in Kati?", "4 articles mention Kati, none says how many."),
        ("How much did the fence at the Kati barracks cost?", "3 articles mention the Kati barracks, none says how much."),
        ("When did Barkhane begin?", "3 articles mention Barkhane, none says when."),
        ("When did Operation Barkhane begin?", "1 article mentions Operation Barkhane and does not say when."),
        ("Why was Barkhane unpopular?", "3 articles mention Barkhane, none says why."),
        ("Is Barkhane coming back?", "3 articles mention Barkhane, none says whether that is so."),
        ("How many soldiers did Barkhane have in 2025?", "3 articles mention Barkhane, none after May 2024."),
        ("How many soldiers did Barkhane have in 2019?", "3 articles mention Barkhane, none says how many."),
        ("Who is married to Oskar Lindqvist?", "1 article mentions Oskar Lindqvist and does not say who."),
        ("Where was Oskar Petersen born?", "No article mentions Oskar Petersen."),
        ("Who runs the Kati bakery?", "No article mentions the Kati bakery; 4 mention Kati."),
        ("How many Danish soldiers came?", "No article mentions Danish soldiers."),
        ("When did the Kati soldiers arrive?", "4 articles mention the Kati, none says when."),
        ("When was Ada Lindqvist born?", "No article mentions Ada Lindqvist; 1 mentions Lindqvist."),
        ("Did Barkhane use the Kati barracks?", "3 articles mention Barkhane and 3 the Kati barracks, none both."),
        ("How long did Barkhane stay in Gao?", "1 article mentions both Barkhane and Gao and does not say how long."),
        ("Did Gao, Kati and Barkhane agree?", "No article mentions Gao, Kati and Barkhane together."),
        ("Who is the mayor of Sevare?", "1 article mentions Sevare and does not say who."),
        ("How many tents did the UN send?", "Articles touch on the subject, but none says how many."),
        ("Which tents did Mali get?", "Articles touch on the subject, but none says which."),
        ("Was the Kati barracks attacked?", "3 articles mention the Kati barracks, none says whether that is so."),
        ("When did the Kati barracks open?", "3 articles mention the Kati barracks, none says when."),
        ("When did the glacier melt?", "No article has the word “glacier” or “melt”."),
        ("How long is the ferry?", "1 article has the word “ferry” and does not say how long."),
        ("Does the ferry stop at the market?", "No article has the word “stop”."),
        ("Is the ferry by the market?", "No article has the words “ferry” and “market” together."),
        ("When?", "Articles touch on the subject, but none says when."),
    ],
)
def test_without_filters(home: Home, question: str, sentence: str) -> None:
    assert said(home, question, Filters()) == sentence


@pytest.mark.parametrize(
    ("question", "filters", "sentence"),
    [
        ("When did Barkhane end?", Filters(since="2024-06"), "No article since June 2024 mentions Barkhane; 3 before do."),
        ("When did Barkhane end?", Filters(until="2020"), "No article up to 2020 mentions Barkhane; 3 after do."),
        ("When did Barkhane end?", Filters(since="2021", until="2021"), "No article from 2021 mentions Barkhane; 3 of other times do."),
        ("When did Barkhane end?", Filters(since="2024-05-15"), "No article since 15 May 2024 mentions Barkhane; 3 before do."),
        ("When did Barkhane end?", Filters(since="2024"),
         "1 article since 2024 mentions Barkhane and does not say when; 2 before mention it."),
        ("How big is the Kati barracks?", Filters(since="2023"), "2 articles since 2023 mention the Kati barracks, none says how big."),
        ("When did Barkhane end?", Filters(publishers=("fennick daily",)),
         "1 article of fennick daily mentions Barkhane and does not say when; 2 of others mention it."),
        ("Why is Gao empty?", Filters(publishers=("Fennick Daily",)), "No article of Fennick Daily mentions Gao; 1 of others does."),
        ("Why is Gao empty?", Filters(publishers=("Fennick Daily",), since="2023"),
         "No article within the filters mentions Gao; 1 outside them does."),
        ("Who ruled Wagadou?", Filters(since="2024"), "No article mentions Wagadou."),
        ("Who ruled Wagadou?", Filters(publishers=("Nobody's Paper",)), "No article mentions Wagadou."),
        ("Who did it?", Filters(publishers=("Nobody's Paper",)), "No article passes the filters."),
        ("When will the ferry sail?", Filters(since="2023"), "No article has the word “sail”."),
        ("Is the ferry blue?", Filters(since="2023"), "No article since 2023 has the word “ferry”; 1 before does."),
    ],
)  # fmt: skip
def test_within_filters(home: Home, question: str, filters: Filters, sentence: str) -> None:
    assert said(home, question, filters) == sentence


def test_a_folder_is_a_filter_like_any_other(home: Home) -> None:
    (root,) = home.catalogue.roots()
    filters = Filters(paths=(f"{root}/fennick",))
    assert said(home, "Why is Gao empty?", filters) == "No article under the given path mentions Gao; 1 elsewhere does."


def test_what_was_not_read_is_not_spoken_of(home: Home) -> None:
    sentence = said(home, "When did Barkhane begin?", Filters(), read=2)
    assert sentence == "3 articles mention Barkhane; those read for this do not say when."


def test_an_empty_home_mentions_nothing(open_home: OpenHome) -> None:
    assert said(open_home(), "When did Barkhane end?", Filters()) == "There are no articles."


# The counts


@pytest.mark.parametrize(
    ("names", "filters", "expected"),
    [
        (["Kati"], Filters(), Mentions(4, 1, "2024-05-20")),
        (["kati BARRACKS"], Filters(), Mentions(3, 1, "2024-03-02")),
        (["Kati", "barracks"], Filters(), Mentions(4, 1, "2024-05-20")),
        (["Kati barracks"], Filters(since="2024-02"), Mentions(1, 0, "2024-03-02")),
        (["Barkhane", "Gao"], Filters(), Mentions(1, 0, "2023-08-01")),
        (["Report"], Filters(), Mentions(9, 1, "2024-05-20")),
        (["Report Shots"], Filters(), Mentions(0, 0, None)),
        (["Wagadou"], Filters(), Mentions(0, 0, None)),
        ([], Filters(), Mentions(9, 1, "2024-05-20")),
        (["?!"], Filters(), Mentions(0, 0, None)),
    ],
)
def test_how_many_articles_mention_a_name(home: Home, names: list[str], filters: Filters, expected: Mentions) -> None:
    assert home.mentions(names, filters=filters) == expected


WORDS = st.lists(st.sampled_from("kati barracks fire brigade the at of barkhane gao left operation".split()), min_size=1, max_size=3)


@given(WORDS.map(" ".join), st.sampled_from([Filters(), Filters(since="2024"), Filters(publishers=("Fennick Daily",))]))
def test_the_count_is_that_of_looking_into_every_article(home: Home, name: str, filters: Filters) -> None:
    allowed = set(home.catalogue.matching(filters))
    texts = [home.catalogue.numbered(number)[0] for number in home.catalogue.numbers() if number in allowed]
    pattern = re.compile(r"\b" + name.replace(" ", r"\W+") + r"\b", re.I)
    found = [article for article in texts if pattern.search(article.text)]
    assert home.mentions([name], filters=filters).articles == len(found)


def test_an_article_that_was_deleted_is_not_counted(tmp_path: Path, open_home: OpenHome) -> None:
    home, folder = open_home(), written(tmp_path)
    home.sync(folder)
    (folder / "fennick/barkhane-3.md").unlink()
    home.sync(folder)
    assert home.mentions(["Barkhane"]) == Mentions(2, 0, "2023-08-01")


# Both answerers


def test_both_answerers_say_the_same(tmp_path: Path) -> None:
    question = "How many cooks work in the Kati barracks?"
    with Chatbot.open(tmp_path / "home", settings=Settings(), create=True) as bot:
        bot.sync(written(tmp_path))
        own = bot.ask(question)
        model = Chatbot(bot.home, settings=Settings(), llm=ScriptedLLM(NO_EVIDENCE), model="scripted").ask(question)
    assert (own.status, model.status) == ("no_evidence", "no_evidence")
    assert own.missing == model.missing == "3 articles mention the Kati barracks, none says how many."
    assert own.nearest
    assert model.nearest


def test_a_models_failure_is_not_passed_off_as_a_lack_of_articles(tmp_path: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(written(tmp_path))
    bot = Chatbot(home, settings=Settings(), llm=ScriptedLLM("Many cooks work there."), model="scripted")
    answer = bot.ask("How many cooks work in the Kati barracks?")
    assert answer.missing == "The language model cited none of the articles, so what it wrote is not shown."
