"""Values of other articles: contradicting, beside, or a copy's."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

import pytest

from index.types import Newer, Passage, Span
from rag.builtin.disagree import Others, others, shown
from rag.builtin.pool import Given, Group
from rag.chatbot import Chatbot
from rag.cite import Citer
from rag.llm.scripted import ScriptedLLM
from rag.question import read_question
from rag.settings import Settings
from rag.types import Value


def group(text: str, score: float, *, article: str, margin: float = 5.0, published: str | None = None, of_kind: bool = True) -> Group:
    passage = Passage(
        article_id=article, doc_id=article, start=0, end=len(text), text=text, score=1.0, label=article, path=article, root="/",
        title=None, publisher=None, published=published, url=None, text_hash=article, sentences=(Span(0, len(text)),),
    )  # fmt: skip
    given = Given(
        passage=passage,
        text=text,
        start=0,
        end=len(text),
        sentence=Span(0, len(text)),
        key=text,
        margin=margin,
        score=score,
        of_kind=of_kind,
    )
    return Group(members=(given,), score=score)


BEST = group("9 June", 20.0, article="a", published="2025-06-10")


@pytest.mark.parametrize(
    ("other", "contrary", "beside"),
    [
        (group("11 June", 16.0, article="b", published="2025-06-12"), 1, 0),
        (group("11 June", 16.0, article="a", published="2025-06-12"), 0, 0),
        (group("11 June", 16.0, article="b", published="2025-06-12", margin=1.0), 0, 0),
        (group("11 June", 14.0, article="b", published="2025-06-12"), 0, 0),
        (group("11 June", 16.0, article="b"), 0, 0),
        (group("June 2025", 19.0, article="b"), 0, 1),
        (group("June 2025", 17.0, article="b"), 0, 0),
        (group("the convoy", 19.0, article="b", of_kind=False), 0, 0),
    ],
)
def test_another_value(other: Group, contrary: int, beside: int) -> None:
    found = others(read_question("On what date did the convoy arrive?"), [BEST, other])
    assert found == ((other,) * contrary, (other,) * beside)


def test_names_stand_beside_each_other() -> None:
    best, other = group("Corran University", 20.0, article="a"), group("Fenwick Institute", 19.0, article="b")
    assert others(read_question("Who employs Una Marsh?"), [best, other]) == ((), (other,))


@pytest.mark.parametrize("text", ["11 September", "11 June 2019"])
def test_far_values_tell_of_something_else(text: str) -> None:
    other = group(text, 16.0, article="b", published="2025-06-12")
    assert others(read_question("On what date did the convoy arrive?"), [BEST, other]).contrary == ()


def test_what_was_replaced_contradicts_nothing() -> None:
    other = group("11 June", 16.0, article="b", published="2025-06-12")
    newer = Newer(kind="correction", label="b", article_id="c", doc_id="c", published="2025-06-13")
    (item,) = other.members
    old = replace(other, members=(replace(item, passage=replace(item.passage, superseded=newer)),))
    assert others(read_question("On what date did the convoy arrive?"), [BEST, old]) == Others()


def test_a_value_is_shown_with_all_its_sources_the_newest_first() -> None:
    def of(article: str, text: str, day: str | None, margin: float = 5.0) -> Given:
        return group(text, 20.0, article=article, published=day, margin=margin).best

    best = Group(
        members=(of("a", "9 June", None), of("a", "9 June", None), of("b", "9 June", "2025-06-10"), of("c", "9 June", None, 1.0)), score=1
    )
    contrary = Group(members=(of("d", "11 June", "2025-06-12"),), score=1)
    beside = Group(members=(of("e", "June 2025", "2025-07-01"),), score=1)
    citer = Citer()
    found = shown(best, Others((contrary,), (beside,)), citer)
    assert found.disagreement == (
        Value(value="11 June", citations=(3,), labels=("d",), published=("2025-06-12",)),
        Value(value="9 June", citations=(1, 2), labels=("a", "b"), published=(None, "2025-06-10")),
    )
    assert found.also_given == (Value(value="June 2025", citations=(4,), labels=("e",), published=("2025-07-01",)),)
    assert [citation.quote for citation in citer.citations] == ["9 June", "9 June", "11 June", "June 2025"]


def test_one_value_has_nothing_to_disagree_with() -> None:
    assert shown(BEST, Others(), Citer()).disagreement == ()


# Whole answers, on invented articles


ARTICLES = {
    "courier.txt": "The Courier\n\nPublished: 5 March 2024\n\nThe storm sank 40 boats in the harbour of Brigg on Monday. All slept.",
    "post.txt": "The Post\n\nPublished: 6 March 2024\n\nA storm sank 62 boats in the harbour of Brigg, more than ever.",
    "open.txt": "Open\n\nPublished: 8 March 2024\n\nThe lighthouse of Skarn is open again. A hundred came.",
    "closed.txt": "Closed\n\nPublished: 9 March 2024\n\nThe lighthouse of Skarn is still closed. Nobody came.",
    "goats.txt": "Goats\n\nPublished: 6 March 2024\n\nIn Skarn the market sold 55 goats. Una Marsh of the Skarn Line bought none of them.",
    "marsh.txt": "Tides\n\nPublished: 7 March 2024\n\n“The tide was early,” said Una Marsh, a pilot at Corran University.",
}
SUNK = "How many boats did the storm sink in the harbour of Brigg?"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    folder = tmp_path_factory.mktemp("disagree")
    (folder / "news").mkdir()
    for name, text in ARTICLES.items():
        (folder / "news" / name).write_text(text, encoding="utf-8")
    with Chatbot.open(folder / "home", settings=Settings(), create=True) as bot:
        bot.sync(folder / "news")
        yield bot


def values(shown: tuple[Value, ...]) -> list[tuple[str, tuple[str, ...], tuple[str | None, ...]]]:
    return [(value.value, value.labels, value.published) for value in shown]


def test_two_articles_that_disagree(bot: Chatbot) -> None:
    answer = bot.ask(SUNK)
    assert answer.status == "answered"
    assert values(answer.disagreement) == [("62", ("The Post",), ("2024-03-06",)), ("40", ("The Courier",), ("2024-03-05",))]
    quotes = {citation.number: citation.quote for citation in answer.citations}
    assert all(value.value in quotes[number] for value in answer.disagreement for number in value.citations)


def test_two_employers_of_one_person_stand_beside_each_other(bot: Chatbot) -> None:
    answer = bot.ask("For which university does Una Marsh work?")
    assert (answer.short, values(answer.disagreement)) == ("Corran University", [])
    assert values(answer.also_given) == [("Skarn Line", ("Goats",), ("2024-03-06",))]


@pytest.mark.parametrize(("asked", "yes", "no"), [("open", "Open", "Closed"), ("closed", "Closed", "Open")])
def test_yes_from_one_article_and_no_from_another(bot: Chatbot, asked: str, yes: str, no: str) -> None:
    answer = bot.ask(f"Is the lighthouse of Skarn {asked}?")
    days = {"Open": "2024-03-08", "Closed": "2024-03-09"}
    expected = [("Yes", (yes,), (days[yes],)), ("No", (no,), (days[no],))]
    assert (answer.short, values(answer.disagreement)) == ("Yes", sorted(expected, key=lambda value: value[2], reverse=True))


def test_a_question_for_one_fact_has_no_second_value(bot: Chatbot) -> None:
    answer = bot.ask("How many goats did the market in Skarn sell?")
    assert (answer.short, answer.disagreement, answer.also_given) == ("55", (), ())


def model_says(bot: Chatbot, words: str) -> Chatbot:
    """A chatbot whose language model answers with the key of the sentence that holds `words`."""
    llm = ScriptedLLM("Nothing [X].")
    Chatbot(bot.home, settings=Settings(repair=False), llm=llm, model="scripted").ask(SUNK)
    (key,) = re.findall(rf"\[(\w+)\] [^\n\[]*{words}", llm.prompts[0])
    told = ScriptedLLM(f"The storm sank {words} boats in the harbour of Brigg [{key}].")
    return Chatbot(bot.home, settings=Settings(repair=False), llm=told, model="scripted")


@pytest.mark.parametrize("stated", ["40", "62"])
def test_a_language_models_answer_shows_the_same_disagreement(bot: Chatbot, stated: str) -> None:
    answer, own = model_says(bot, stated).ask(SUNK), bot.ask(SUNK)
    assert (answer.model, answer.text) == ("scripted", f"The storm sank {stated} boats in the harbour of Brigg [1].")
    assert values(answer.disagreement) == values(own.disagreement)
    assert [citation.number for citation in answer.citations] == [1, 2]
    assert [citation.label for citation in answer.citations] == (
        ["The Courier", "The Post"] if stated == "40" else ["The Post", "The Courier"]
    )
    assert sorted(number for value in answer.disagreement for number in value.citations) == [1, 2]


def test_a_language_model_that_says_something_else_is_compared_with_nothing(bot: Chatbot) -> None:
    other = model_says(bot, "40")
    other.llm = ScriptedLLM("A storm sank boats in the harbour of Brigg.")
    assert other.ask(SUNK).disagreement == ()
