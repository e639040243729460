"""The chat pane in a real browser: chips, checks, blocks, stop, retry, edit, copy and opinions, over the sample's articles."""

from __future__ import annotations

import json
import re
import sys
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the server stands beside this file
from openai_server import Client, OpenAIServer, Reply, good

from benchmarks.browser import ask, served
from rag.chatbot import Chatbot
from rag.settings import Settings

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),
]

ARTICLES = Path(__file__).parent.parent / "eval" / "sample" / "articles"
LEFT, INSTRUCTORS = "When did French troops leave Mali?", "How many Russian instructors are there in Mali?"
FOLLOW_UP, ALONE = "And how many soldiers died there since June 2025?", "How many soldiers died in Mali since June 2025?"


@pytest.fixture(scope="module")
def chatbot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    """The sample's articles, and the built-in answerer."""
    with Chatbot.open(tmp_path_factory.mktemp("chat") / "home", llm="built-in", create=True) as chatbot:
        chatbot.sync(ARTICLES)
        yield chatbot
        chatbot.home.vectors.close()


@pytest.fixture(scope="module")
def site(chatbot: Chatbot) -> Iterator[str]:
    with served(chatbot, is_sample=True) as url:
        yield url


@contextmanager
def modelled(chatbot: Chatbot, *script: Reply) -> Iterator[tuple[str, OpenAIServer]]:
    """The page over the same articles, answered by a scripted model on a server of its own."""
    with OpenAIServer(*script) as server:
        asking = Chatbot(chatbot.home, settings=Settings(), llm=Client(url=server.url), model="tiny")
        with served(asking) as url:
            yield url, server


def answered(page: Page, number: int) -> Locator:
    """The answer to a question, once it is whole; counted from 1."""
    page.locator(".bot-row").nth(number - 1).locator(".dl-actions").wait_for()
    return page.locator(".bot-row").nth(number - 1)


def chips(page: Page) -> list[str]:
    """The chips of the last answer."""
    return [" ".join(words.split()) for words in page.locator(".bot-row").last.locator(".dl-chip-text").all_inner_texts()]


def chips_become(page: Page, *expected: str) -> None:
    """Wait for the last answer with these chips."""
    page.wait_for_function(
        """(expected) => {
            const row = [...document.querySelectorAll('.bot-row')].pop() ?? document.body;
            const chips = [...row.querySelectorAll('.dl-chip-text')].map((chip) => chip.innerText.replace(/\\s+/g, ' ').trim());
            return row.querySelector('.dl-actions') && JSON.stringify(chips) === JSON.stringify(expected);
        }""",
        arg=list(expected),
    )


# Answers


def test_a_sentence_unfolds_its_checks_by_keyboard(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    ask(page, LEFT)
    answer = answered(page, 1)
    assert answer.locator(".dl-short").inner_text() == "August 2022"
    badge = answer.locator(".dl-badge").first
    assert badge.locator("summary").inner_text() == "✓ word for word"
    assert badge.locator("li").is_hidden()
    badge.locator("summary").focus()
    page.keyboard.press("Enter")
    assert badge.locator("li").inner_text().split("\n")[-1] == "the claim is the article's own sentence"


def test_what_disagrees_and_what_is_lacking_are_blocks_of_their_own(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    ask(page, INSTRUCTORS)
    block = answered(page, 1).locator(".dl-disagree")
    assert block.locator(".dl-heading").inner_text() == "Sources disagree"
    assert block.locator("strong").all_inner_texts() == ["about 650", "400"]
    assert block.locator(".dl-givers").first.inner_text().startswith("Northmoor Dispatch, 19 June 2025")
    ask(page, "How many French soldiers died in Mali?")
    block = answered(page, 2).locator(".dl-missing")
    assert block.locator(".dl-heading").inner_text() == "Not in these articles"
    assert block.locator(".dl-why").inner_text() != ""
    assert answered(page, 2).locator(".dl-cite").count() == 0
    block.locator(".dl-near").first.click()
    page.locator("#dl-quote").wait_for()
    assert block.locator(".dl-snippet").first.inner_text().removesuffix(" …") in " ".join(page.locator("mark.dl-mark").all_inner_texts())


# Chips


def test_what_was_understood_is_taken_back_and_changed_in_place(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    ask(page, INSTRUCTORS)
    answered(page, 1)
    ask(page, FOLLOW_UP)
    chips_become(page, f"Understood as {ALONE}", "Published since 1 June 2025 (“since June 2025”)")
    assert page.locator(".dl-remark").inner_text() == "2 articles have no date and were left out by the date filter."
    page.get_by_role("button", name="Search all dates").click()
    chips_become(page, f"Understood as {ALONE}", "Published on any date")
    page.get_by_text("Published on any date").click()
    page.get_by_label("From", exact=True).last.fill("2022-01-01")
    page.get_by_label("To", exact=True).last.fill("2022-12-31")
    page.keyboard.press("Enter")
    chips_become(page, f"Understood as {ALONE}", "Published in 2022")
    assert answered(page, 2).locator(".dl-heading").inner_text() == "Not in these articles"
    page.get_by_role("button", name="Take it as typed").click()
    chips_become(page, "Taken as typed", "Published in 2022")
    page.get_by_role("button", name="Search all dates").click()
    chips_become(page, "Taken as typed", "Published on any date")
    page.get_by_role("button", name="Understand it by what was said before").click()
    chips_become(page, f"Understood as {ALONE}", "Published on any date")
    page.get_by_text(f"Understood as {ALONE}").click()
    page.get_by_label("As it stands alone").fill("How many schools had closed in Mali?")
    page.keyboard.press("Enter")
    chips_become(page, "Understood as How many schools had closed in Mali?")
    assert page.locator(".user-row").count() == 2
    assert (page.locator(".dl-asked").last.inner_text(), page.url) == (FOLLOW_UP, site)


def test_a_publisher_is_added_and_taken_out_again(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    ask(page, LEFT)
    answered(page, 1)
    page.get_by_label("Add a filter").click()
    page.get_by_label("Publisher", exact=True).fill("The Quillhaven Ledger")
    page.keyboard.press("Enter")
    chips_become(page, "By The Quillhaven Ledger")
    assert set(page.locator(".dl-card .dl-label").all_inner_texts()) == {"The Quillhaven Ledger"}
    page.get_by_label("Add a filter").click()
    page.get_by_label("Publisher", exact=True).fill("The Quillhavn Ledger")
    page.keyboard.press("Enter")
    problem = "No article is by the publisher 'The Quillhavn Ledger'; close names: The Quillhaven Ledger"
    page.locator(".dl-problem").get_by_text(problem).wait_for()
    page.get_by_role("button", name="Also search other publishers than The Quillhaven Ledger").first.click()
    chips_become(page)


def test_newest_first_is_a_chip_that_can_be_taken_back(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    ask(page, "What is the latest number of Russian instructors in Mali?")
    chips_become(page, "Newest first")
    page.get_by_role("button", name="Put the best match first").click()
    chips_become(page, "Best match first")
    page.get_by_role("button", name="Put the newest first").click()
    chips_become(page, "Newest first")


# Stop, and how an answer grows


def test_a_slow_model_is_stopped_and_asked_again(chatbot: Chatbot, visit: Callable[[str], Page]) -> None:
    steps = threading.Semaphore(0)
    slow = Reply(pieces=("The French left ",), endless="in August 2022 [S1]. ", steps=steps)
    with modelled(chatbot, slow, good("The French left in August 2022 [S1].")) as (url, server):
        page = visit(url)
        ask(page, LEFT)
        page.get_by_text("The French left").wait_for()
        page.get_by_label("Question").fill("typed meanwhile")
        page.get_by_role("button", name="Stop").click()
        page.get_by_text("Stopped. What stands above was not checked.").wait_for()
        assert page.get_by_label("Question").input_value() == "typed meanwhile"
        assert page.get_by_role("button", name="Stop").count() == 0
        steps.release(20_000)
        assert server.idle()
        assert (server.lost, len(server.requests)) == (1, 1)
        page.get_by_role("button", name="Retry").click()
        page.locator(".dl-cite").wait_for()
        assert (page.locator(".user-row").count(), page.get_by_text("Stopped.").count()) == (1, 0)


def test_an_answer_grows_where_it_stands_and_the_pane_follows_unless_the_reader_scrolled_up(
    chatbot: Chatbot, visit: Callable[[str], Page]
) -> None:
    steps = threading.Semaphore(0)
    lead, rest = "The French left in August 2022 [S1].", " On 15 August the convoy rolled out of Gao [S1]." * 60
    pieces = (lead, *re.findall(r" .+?\]\.", rest))
    with modelled(chatbot, Reply(pieces=pieces, steps=steps), good(lead)) as (url, _):
        page = visit(url)
        ask(page, LEFT)
        page.locator(".dl-lead").wait_for()
        top = page.locator(".dl-lead").bounding_box()
        steps.release(5)
        page.get_by_text("out of Gao").wait_for()
        assert page.locator(".dl-lead").bounding_box() == top
        steps.release(45)
        page.wait_for_function("document.querySelector('.dl-sentences').innerText.split('Gao').length > 50")
        page.wait_for_function(
            "() => { const p = document.querySelector('#dl-chat .panel-wrap');"
            " return p.scrollTop > 50 && p.scrollHeight - p.scrollTop - p.clientHeight < 40 }"
        )
        page.evaluate("document.querySelector('#dl-chat .panel-wrap').scrollTop = 0")
        page.wait_for_timeout(200)
        steps.release(20)
        answered(page, 1)
        page.wait_for_timeout(300)
        assert page.evaluate("document.querySelector('#dl-chat .panel-wrap').scrollTop") == 0


# What can be done with an answer


def test_an_earlier_question_is_edited_and_what_came_after_it_goes(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    for number, question in enumerate((LEFT, INSTRUCTORS), start=1):
        ask(page, question)
        answered(page, number)
    page.locator(".user-row").first.hover()
    page.get_by_label("Edit and ask anew").first.click()
    assert page.get_by_label("New words").first.input_value() == LEFT
    page.get_by_label("New words").first.fill("Which ministry is the Africa Corps under?")
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelectorAll('.user-row').length === 1")
    assert "defence" in answered(page, 1).locator(".dl-short").inner_text().lower()
    assert page.locator(".dl-asked").all_inner_texts() == ["Which ministry is the Africa Corps under?"]
    page.get_by_role("button", name="New conversation").click()
    page.locator(".user-row").wait_for(state="detached")
    assert page.get_by_role("button", name="Select example").count() == 4


def test_an_answer_is_copied_with_its_quotes_and_sources(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    ask(page, LEFT)
    answer = answered(page, 1)
    answer.get_by_role("button", name="Copy").click()
    page.get_by_role("button", name="Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied.startswith(f"{LEFT}\n\nAugust 2022\n")
    quotes = page.locator(".dl-card .dl-quote").all_inner_texts()
    assert [quote in copied for quote in quotes] == [True] * len(quotes) != []


def test_what_a_visitor_thinks_of_an_answer_is_kept(site: str, chatbot: Chatbot, visit: Callable[[str], Page]) -> None:
    page, file = visit(site), chatbot.home.path / "feedback.jsonl"
    ask(page, LEFT)
    answered(page, 1).get_by_role("button", name="Like", exact=True).click()
    page.get_by_text("Liked · noted, thank you").wait_for()
    ask(page, INSTRUCTORS)
    answer = answered(page, 2)
    answer.locator(".dl-dislike summary").click()
    answer.get_by_label("It is out of date").check()
    answer.get_by_label("In your words (optional)").fill("a later count\nwas given")
    answer.get_by_label("The right answer (optional)").fill("400")
    answer.get_by_role("button", name="Send").click()
    page.get_by_text("Disliked · noted, thank you").wait_for()
    first, second = map(json.loads, file.read_text(encoding="utf-8").splitlines())
    assert (first["question"], first["liked"], first["history"]) == (LEFT, True, [])
    known = {name: second[name] for name in ("question", "liked", "reason", "expected", "unanswerable", "short", "model")}
    assert known == {
        "question": INSTRUCTORS, "liked": False, "reason": "It is out of date: a later count was given", "expected": "400",
        "unanswerable": False, "short": "about 650", "model": "built-in",
    }  # fmt: skip
    assert [turn["question"] for turn in second["history"]] == [LEFT]


def test_an_opinion_that_cannot_be_kept_says_so_and_the_answer_stays(site: str, chatbot: Chatbot, visit: Callable[[str], Page]) -> None:
    file = chatbot.home.path / "feedback.jsonl"
    file.unlink(missing_ok=True)
    file.mkdir()
    try:
        page = visit(site)
        ask(page, LEFT)
        answered(page, 1).get_by_role("button", name="Like", exact=True).click()
        page.get_by_text("your opinion was not kept").wait_for()
        assert page.locator(".dl-short").inner_text() == "August 2022"
    finally:
        file.rmdir()
