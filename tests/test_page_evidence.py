"""The evidence pane in a real browser: the right words are marked, the newer version opens, tabs, timeline, and how it was made."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable, Iterator, Sequence
from typing import TYPE_CHECKING, Any

import pytest
from llama_index.core.llms import ChatMessage, ChatResponseGen

from benchmarks.browser import ask, served
from index.encoder import HashEncoder
from index.home import Home
from rag.chatbot import Chatbot
from rag.llm.prompts import NO_EVIDENCE
from rag.llm.scripted import ScriptedLLM
from rag.settings import Settings
from ui.sample import sample_articles

if TYPE_CHECKING:
    from playwright.sync_api import Locator, Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),  # before any other: without one nothing need be served
]

FERRY = (
    "Ferry returns\n\nThe Saltmarsh Courier\nPublished: 4 March 2024\n\nThe ferry to Skarholm sailed again on Friday, its captain said. "
    "It had last sailed in November 2023.\n\n"
    "Ruth Amsel has been its captain since 2019. Twelve cars were on board.\n\n" + "The sea was calm. " * 150
)
PORT = (
    "---\ntitle: הנמל נפתח מחדש\npublisher: עיתון הים\ndate: 2024-03-06\nurl: https://yam.example/port\n---\n\n"
    "הנמל של אלרי נפתח מחדש ביום שני, אמרה מנהלת הנמל אינס קלווי (60).\n"
    "ארבעים סירות יצאו בשעה הראשונה, ו-3 נשארו.\n\nהתיקונים יעלו 1.2 מיליון כתרים.\n\nIt said no more.\n"
)
QUOTED = {
    "When did the ferry to Skarholm sail?": ("The ferry to Skarholm sailed", "It had last sailed", "Twelve cars were on board"),
    "Who is the captain of the ferry?": ("Ruth Amsel has been",),
    "כמה סירות יצאו מהנמל של אלרי?": ("ארבעים סירות",),
    "Where do most of the school children sit?": ("The Circle says", "With 36 schools it means"),
}
"""A question -> how the sentences begin that the answer is made of."""
_AIR = (
    "line => { const words = document.createRange(); words.selectNodeContents(line);"
    " const [a, b] = [words.getBoundingClientRect(), line.getBoundingClientRect()]; return [a.left - b.left, b.right - a.right]; }"
)
"""How much of a line is free at its left and at its right."""
NOWHERE = "How many elephants live in Antarctica?"


class Quoting(ScriptedLLM):
    """Answers a question of `QUOTED` with those sentences of its prompt, each with its key."""

    def stream_chat(self, messages: Sequence[ChatMessage], **options: Any) -> ChatResponseGen:
        prompt = str(messages[-1].content)
        wanted = next((beginnings for question, beginnings in QUOTED.items() if question in prompt), ())
        found = [re.search(rf"^\[([A-Z]\d+)\] ({re.escape(words)}.*)$", prompt, re.M) for words in wanted]
        said = [f"{match[2].rstrip('.')} [{match[1]}]." for match in found if match]
        return ScriptedLLM(" ".join(said) or NO_EVIDENCE).stream_chat(messages, **options)


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Home]:
    """Articles with a quote over several lines, from right to left, and superseded."""
    folder = tmp_path_factory.mktemp("evidence")
    (folder / "articles").mkdir()
    (folder / "articles" / "ferry.txt").write_text(FERRY, encoding="utf-8")
    (folder / "articles" / "port.md").write_text(PORT, encoding="utf-8")
    for file in sample_articles().glob("quillhaven-ledger-schools-*.md"):
        shutil.copy(file, folder / "articles")
    with Home.open(folder / "home", encoder=HashEncoder(), create=True) as home:
        home.sync(folder / "articles")
        yield home
        home.vectors.close()


@pytest.fixture(scope="module")
def site(home: Home) -> Iterator[str]:
    chatbot = Chatbot(home, settings=Settings(repair=False), llm=Quoting(), model="quoting")
    with served(chatbot) as url:
        yield url


def answered(page: Page, question: str) -> Locator:
    """Ask, and wait for the cards."""
    ask(page, question)
    page.locator(".dl-for", has_text=question).wait_for()
    return page.locator(".dl-card")


def marked(page: Page) -> str:
    """The words that are marked strongest, as the page holds them."""
    return "".join(page.locator("mark.dl-mark").all_text_contents())


def in_view(page: Page) -> None:
    page.wait_for_function(
        "() => { const r = document.querySelector('#dl-quote')?.getBoundingClientRect(); return r && r.top > 0 && r.bottom < innerHeight }"
    )


def focus(page: Page) -> str:
    """What has the focus: its label, or its words."""
    return str(page.evaluate("document.activeElement.ariaLabel || document.activeElement.textContent"))


def chosen(page: Page) -> str:
    return page.locator("[role=tab][aria-selected=true]").inner_text().lower()


def test_quotes_open_step_copy_and_close(site: str, home: Home, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    cards = answered(page, "When did the ferry to Skarholm sail?")
    text, quotes = home.article("ferry").text, cards.locator(".dl-quote").all_text_contents()
    assert [quote.split(" ")[0] for quote in quotes] == ["The", "It", "Twelve"]
    assert all(quote in text for quote in quotes)
    assert page.locator(".dl-context").all_inner_texts()[:2] == ["According to its captain", "Friday = 1 March 2024"]
    page.locator("#dl-chat").get_by_role("button", name="Source 1:").first.click()
    in_view(page)
    assert marked(page) == quotes[0]
    assert page.locator(".dl-text").text_content() == text
    assert page.locator("mark.dl-also").all_text_contents() == quotes[1:]
    for number in (1, 2, 0):
        page.get_by_role("button", name="Next quote in this article").click()
        page.get_by_text(f"{number + 1} of 3").wait_for()
        assert marked(page) == quotes[number]
        in_view(page)
        page.wait_for_function("document.activeElement.dataset.step === 'Next'")
    page.locator("mark.dl-also").nth(1).click()
    page.get_by_text("3 of 3").wait_for()
    assert marked(page) == quotes[2]
    page.get_by_role("button", name="Copy the quote and its source").click()
    page.get_by_role("button", name="Copy the quote and its source").get_by_text("Copied").wait_for()
    copied = page.evaluate("navigator.clipboard.readText()")
    assert copied == f"“{quotes[2]}”\n— The Saltmarsh Courier, “Ferry returns”, 2024-03-04, ferry.txt"
    page.keyboard.press("Escape")
    page.locator("#dl-quote").wait_for(state="detached")
    page.wait_for_function("document.activeElement.ariaLabel?.startsWith('Source 1:')")


def test_a_quote_from_right_to_left_is_marked_and_its_page_linked(site: str, home: Home, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    cards = answered(page, "כמה סירות יצאו מהנמל של אלרי?")
    quote = str(cards.first.locator(".dl-quote").text_content())
    cards.first.click()
    in_view(page)
    assert marked(page) == quote == "ארבעים סירות יצאו בשעה הראשונה, ו-3 נשארו."
    assert page.locator(".dl-text").text_content() == home.article("port").text
    for words, is_from_right in (("התיקונים", True), ("It said no more", False)):
        left, right = page.locator(".dl-line", has_text=words).evaluate(_AIR)
        assert (right < 2 < left) if is_from_right else (left < 2 < right)
    link = page.get_by_role("link", name="Web page")
    assert (link.get_attribute("href"), link.get_attribute("rel")) == ("https://yam.example/port", "noopener noreferrer nofollow")


def test_the_nearest_passage_is_marked_over_paragraphs(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    cards = answered(page, NOWHERE)
    passage = next(card for card in cards.all() if "\n\n" in str(card.locator(".dl-quote").text_content()))
    passage.click()
    page.locator("#dl-quote").wait_for()
    in_top = "document.querySelector('#dl-quote').getBoundingClientRect().top"
    page.wait_for_function(f"{in_top} > 0 && {in_top} < innerHeight")
    assert marked(page) == passage.locator(".dl-quote").text_content()


def test_what_was_superseded_opens_the_newer_version_and_leads_back(site: str, home: Home, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    answered(page, "Where do most of the school children sit?")
    page.locator(".dl-source").get_by_role("button", name="Open the correction").first.click()
    page.get_by_text("This correction took the place of the quoted article.").wait_for()
    newer = home.article("quillhaven-ledger-schools-correction")
    assert page.locator(".dl-text").text_content() == newer.text
    assert (page.locator(".dl-article h3").inner_text(), marked(page)) == (newer.title, "")
    assert page.locator("mark.dl-also").all_text_contents() == [page.locator(".dl-card .dl-quote").nth(1).text_content()]
    page.get_by_role("button", name="Open the quoted one").click()
    page.locator("#dl-quote").wait_for()
    assert marked(page) == page.locator(".dl-card .dl-quote").first.text_content()
    assert page.locator(".dl-version").inner_text() == (
        "Superseded: this version of 10 June 2025 was corrected on 14 June 2025. Open the correction"
    )


def test_tabs_by_keyboard_and_the_timelines_days(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    answered(page, "When did the ferry to Skarholm sail?")
    page.get_by_role("tab", name="Evidence").focus()
    for key, name in (("ArrowRight", "timeline"), ("ArrowRight", "how it was made"), ("ArrowRight", "evidence"), ("End", "how it was made"),
                      ("Home", "evidence"), ("ArrowLeft", "how it was made"), ("ArrowLeft", "timeline")):  # fmt: skip
        page.keyboard.press(key)
        assert (chosen(page), focus(page).lower()) == (name, name)
        assert page.get_by_role("tabpanel").count() == 1
    rows = [[cell.inner_text() for cell in row.locator("th, td").all()] for row in page.locator(".dl-days tbody tr").all()]
    assert [(row[0], row[2]) for row in rows] == [
        ("November 2023", "[2] The Saltmarsh Courier"),
        ("1 March 2024", "[1] The Saltmarsh Courier"),
        ("4 March 2024", "[1] The Saltmarsh Courier"),
        ("4 March 2024", "[2] The Saltmarsh Courier"),
        ("4 March 2024", "[3] The Saltmarsh Courier"),
    ]
    assert (rows[0][1], rows[1][1]) == ("Says November 2023", "Says Friday")
    day = page.locator(".dl-row").nth(1)
    period, published = day.locator(".dl-spoken").bounding_box(), day.locator(".dl-published").bounding_box()
    assert period is not None
    assert published is not None
    assert period["width"] > published["width"]
    assert period["x"] + period["width"] < published["x"]
    day.click()
    page.get_by_text("2 of 3").wait_for()
    assert chosen(page) == "evidence"
    page.get_by_role("button", name="Close").click()
    page.locator("#dl-quote").wait_for(state="detached")
    assert chosen(page) == "timeline"


def test_how_it_was_made_shows_this_visitors_searches_and_no_others(site: str, visit: Callable[[str], Page]) -> None:
    questions = ("When did the ferry to Skarholm sail?", "Who is the captain of the ferry?")
    pages = [visit(site), visit(site)]
    for page, question in zip(pages, questions, strict=True):
        ask(page, question)
    for page, question, other in zip(pages, questions, reversed(questions), strict=True):
        page.locator(".dl-for", has_text=question).wait_for()
        page.get_by_role("tab", name="How it was made").click()
        panel = page.get_by_role("tabpanel")
        assert panel.locator("h3").all_inner_texts() == ["QUESTION", "SEARCH", "LANGUAGE MODEL", "CHECKS", "WHAT IT TOOK"]
        panel.get_by_text(re.compile("^Language model, quoting: ")).click()
        prompt, reply = panel.locator("pre").nth(-2).inner_text(), panel.locator("pre").last.inner_text()
        assert question in prompt
        assert all(beginning in reply for beginning in QUOTED[question])
        assert other not in page.locator("#dl-evidence").inner_text()
        assert panel.locator(".dl-used").count() >= 1
        assert panel.locator(".dl-checks > li").count() == len(QUOTED[question])


def test_on_a_phone_the_article_covers_the_page_and_leads_back_to_the_answer(site: str, visit: Callable[[str], Page]) -> None:
    page = visit(site)
    page.set_viewport_size({"width": 390, "height": 844})
    answered(page, "When did the ferry to Skarholm sail?")
    source = page.locator("#dl-chat").get_by_role("button", name="Source 3:").first
    source.scroll_into_view_if_needed()
    before = page.evaluate("scrollY")
    source.click()
    in_view(page)
    box = page.locator(".dl-article").bounding_box()
    assert box == {"x": 0, "y": 0, "width": 390, "height": 844}
    assert page.evaluate("document.documentElement.scrollWidth") <= 390
    assert page.locator("#dl-question").evaluate("e => e.closest('[inert]') !== null")
    page.get_by_role("button", name="Back to the answer").click()
    page.locator("#dl-quote").wait_for(state="detached")
    assert page.evaluate("scrollY") == before
    page.wait_for_function("document.activeElement.ariaLabel?.startsWith('Source 3:')")
    assert page.locator("[inert]").count() == 0
    for name in ("Timeline", "How it was made"):
        page.get_by_role("tab", name=name).click()
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
