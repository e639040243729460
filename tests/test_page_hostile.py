"""Hostile articles, questions and models on the page: whatever they say is shown as text, and does nothing else.

Whatever a payload would make (an element, a name, a request) is called "theirs", so that one look finds it.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

sys.path.insert(0, str(Path(__file__).parent))  # the server and the articles stand beside this file
from hostile_articles import ADDRESSES, FOLDER, LINE, PAYLOADS, PLAIN_ADDRESS, SKIPPED, write_hostile
from openai_server import Client, OpenAIServer, good

from benchmarks.browser import ask, served
from index.encoder import HashEncoder
from index.home import Home
from index.types import Article, Passage
from rag.chatbot import Chatbot
from rag.settings import Settings
from rag.types import Answer, Citation, Claim, Value

if TYPE_CHECKING:
    from playwright.sync_api import Page

pytestmark = [
    pytest.mark.browser,
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),  # Gradio's own use of pandas
    pytest.mark.usefixtures("browser"),  # before any other: without one nothing need be served
]


# A chatbot that cites every article


class Reciting(Chatbot):
    """Cites every article of its home: by the words around what each says, which is claim, short answer, value and note at once."""

    def stream(self, question: str, **options: Any) -> Iterator[Any]:
        if "nearest" in question:
            passages = tuple(_passage(article) for article in self._articles())
            yield Answer(question=question, status="no_evidence", short="", text="", missing=passages[0].text, nearest=passages)
            return
        if "everything" not in question:
            yield from super().stream(question, **options)
            return
        yield "".join(PAYLOADS.values())[:3000]
        citations = tuple(_citation(number, article) for number, article in enumerate(self._articles(), start=1))
        claims = tuple(Claim(text=c.quote[:3000], citations=(c.number,), attribution=c.quote[:60]) for c in citations)
        values = tuple(Value(value=c.quote[:300], citations=(c.number,), labels=(c.label,), published=(c.published,)) for c in citations)
        yield Answer(
            question=question, status="answered", short=citations[7].quote, text="…", claims=claims, citations=citations,
            disagreement=values[:9], also_given=values[9:], notes=tuple(PAYLOADS.values()), rejected=tuple(PAYLOADS.values())[:20],
            rewritten=citations[8].quote, model=PAYLOADS["image that fails"],
        )  # fmt: skip

    def _articles(self) -> list[Article]:
        return list(self.home.catalogue.articles())


def _citation(number: int, article: Article) -> Citation:
    names = ("doc_id", "label", "path", "root", "title", "publisher", "published", "url")
    facts: dict[str, Any] = {name: getattr(article, name) for name in names}
    start, end = _quoted(article)
    facts |= {"start": start, "end": end, "carried_by": (article.label,)}
    return Citation(number=number, article_id=article.id, quote=article.text[start:end], **facts)


def _passage(article: Article) -> Passage:
    names = ("doc_id", "label", "path", "root", "title", "publisher", "published", "url")
    facts: dict[str, Any] = {name: getattr(article, name) for name in names}
    start, end = _quoted(article)
    return Passage(article_id=article.id, start=start, end=end, text=article.text[start:end], score=1.0, **facts)


def _quoted(article: Article) -> tuple[int, int]:
    """All but the first and last two characters, of the first 3,000."""
    return 2, min(len(article.text), 3000) - 2


@dataclass(frozen=True)
class Site:
    """The page over hostile articles."""

    url: str
    home: Home
    folder: Path


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    folder = write_hostile(tmp_path_factory.mktemp("hostile") / FOLDER)
    home = Home.open(folder.parent / "home", encoder=HashEncoder(), create=True)
    first = folder.parent / "first.txt"
    first.write_text("The harbour of Port Ellery reopened on Monday, said the harbour master Ines Calloway.", encoding="utf-8")
    home.sync(first)
    with served(Reciting(home, settings=Settings())) as url:
        yield Site(url, home, folder)
    home.close()
    home.vectors.close()


# Looking for harm

TRESPASS = """() => {
    const found = [];
    if (window.theirs !== undefined) found.push("a script ran, or an element took a name");
    const bad = ".theirs, [id^=theirs], script, iframe, object, embed, base, marquee, math, plaintext, foreignObject,"
        + " [srcdoc], [formaction], video, audio, img, meta, link, .html-container style";
    const panes = [...document.querySelectorAll("#dl-panes, #dl-masthead, #dl-settings, #dl-kept")];
    for (const element of panes.flatMap((pane) => [...pane.querySelectorAll(bad)])) found.push(element.outerHTML.slice(0, 200));
    for (const element of panes.flatMap((pane) => [...pane.querySelectorAll(".html-container *")])) {
        for (const { name, value } of element.attributes) {
            if (name.startsWith("on") || (/href|src|action/.test(name) && !/^(https?:|#)/.test(value))) found.push(`${name}=${value}`);
        }
    }
    if (document.title !== "Dateline") found.push(`title ${document.title}`);
    return found;
}"""
SIZES = ((1440, 900), (1024, 768), (390, 844))
OPENED = "n => document.querySelectorAll('.dl-card')[n]?.ariaExpanded === 'true' && document.querySelector('.dl-text')"
MEMO = "[window.theirs === undefined, document.querySelectorAll('.theirs, script:not(#dateline-memo), img, iframe, [onload]').length]"
KINDS = "navigator.clipboard.read().then((items) => items.map(({ types }) => types))"
SPILLS = """() => {
    const spilt = [];
    if (document.documentElement.scrollWidth > innerWidth) spilt.push(`the page is ${document.documentElement.scrollWidth} wide`);
    for (const pane of document.querySelectorAll("#dl-left, #dl-middle, #dl-right, #dl-kept.is-open")) {
        const { left, right } = pane.getBoundingClientRect();
        for (const element of pane.querySelectorAll("*")) {
            if (element.closest("svg") && element.tagName !== "svg") continue;
            const box = element.getBoundingClientRect();
            if (box.width > 1 && box.height > 1 && (box.right > right + 1 || box.left < left - 1) && element.checkVisibility()) {
                spilt.push(`${pane.id} ${element.tagName}.${element.className} ${Math.round(box.left)}..${Math.round(box.right)}`);
            }
        }
    }
    return spilt.slice(0, 20);
}"""


def require_calm(page: Page) -> None:
    """Nothing of theirs is on the page but words, and these stay within their panes."""
    assert (page.evaluate(TRESPASS), page.evaluate(SPILLS)) == ([], [])


def requests_of(page: Page) -> list[str]:
    """The addresses that a page asks for from now on."""
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    return asked


def shown(words: str) -> str:
    """Words as an element holds them."""
    return words.replace("\0", "\ufffd")


def contents(page: Page, selector: str) -> list[str]:
    return page.locator(selector).all_text_contents()


# Articles


@pytest.mark.parametrize("every", [5, pytest.param(1, marks=pytest.mark.slow)])
def test_hostile_articles_are_synced_cited_and_read_as_text(every: int, site: Site, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    asked = requests_of(page)
    page.get_by_label("Folder of articles").fill(str(site.folder))
    page.get_by_role("button", name="Sync", exact=True).click()
    page.get_by_text("Synced:").wait_for()
    require_calm(page)
    corpus = page.locator("#dl-left").text_content() or ""
    names = [publisher for publisher, _ in site.home.stats().publishers[:8]]
    assert [words for words in (str(site.folder), *SKIPPED, *names) if shown(words) not in corpus] == []

    articles = list(site.home.catalogue.articles())
    assert len(articles) > len(PAYLOADS) + len(ADDRESSES)
    quotes = [article.text[slice(*_quoted(article))] for article in articles]
    ask(page, "Tell me everything")
    page.locator(".dl-card").nth(len(articles) - 1).wait_for()
    require_calm(page)
    assert contents(page, ".dl-card .dl-quote") == [shown(quote) for quote in quotes]
    assert contents(page, ".dl-card .dl-label") == [shown(article.label) for article in articles]
    assert contents(page, ".dl-claim") == [shown(quote) for quote in quotes]
    assert contents(page, ".dl-cite") == [f"[{n}]" for n in [*range(1, len(articles) + 1)] * 2]

    for number, article in list(enumerate(articles))[::every]:
        page.locator(".dl-card").nth(number).dispatch_event("click")
        page.wait_for_function(OPENED, arg=number)
        read = ["".join(contents(page, selector)) for selector in (".dl-text", "mark.dl-mark", ".dl-article h3")]
        assert read == [shown(article.text), shown(quotes[number]), shown(article.title or article.doc_id)], article.path
        facts = page.locator(".dl-facts").text_content() or ""
        assert [words for words in (article.publisher, *article.authors) if shown(words or "") not in facts] == [], article.path
        if len(article.text) > LINE // 2 or number % 10 == 0:
            require_calm(page)
    assert [address for address in asked if "theirs" in address] == []

    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.locator("#dl-chat").get_by_role("button", name="Copy", exact=True).click()
    page.locator("#dl-chat").get_by_text("Copied").wait_for()
    copied, kinds = page.evaluate("navigator.clipboard.readText()"), page.evaluate(KINDS)
    assert ([quote for quote in quotes if shown(" ".join(quote.split())) not in " ".join(copied.split())], kinds) == ([], [["text/plain"]])

    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(200)
        require_calm(page)
    page.keyboard.press("Escape")
    page.locator(".dl-text").wait_for(state="detached")
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        for tab in ("Timeline", "How it was made", "Evidence"):
            page.get_by_role("tab", name=tab).click()
            page.wait_for_timeout(200)
            require_calm(page)

    page.get_by_role("button", name="Conversations").click()
    kept = page.get_by_role("dialog", name="Conversations")
    kept.get_by_label("More for Tell me everything").click()
    with page.expect_download() as saved:
        kept.get_by_role("button", name="HTML").click()
    memo = page.context.new_page()
    asked = requests_of(memo)
    memo.set_content(saved.value.path().read_text(encoding="utf-8"))
    memo.wait_for_timeout(500)
    assert (memo.evaluate(MEMO), [address for address in asked if "theirs" in address]) == ([True, 0], [])
    written = " ".join((memo.locator("body").text_content() or "").split())
    assert [quote for quote in quotes if shown(" ".join(quote.split())) not in written] == []


def test_an_example_question_made_of_a_hostile_article_is_text(
    open_home: Callable[..., Home], tmp_path: Path, visit: Callable[[str], Page]
) -> None:
    said = "the last <img class=theirs src=x onerror=theirs> French soldiers"
    (tmp_path / "boats.txt").write_text(f"The boats\n\n{said.capitalize().replace('french', 'French')} left Port Ellery in August 2022.")
    home = open_home()
    home.sync(tmp_path / "boats.txt")
    question = f"When did {said} leave Port Ellery?"
    with served(Chatbot(home, settings=Settings())) as url:
        page = visit(url)
        example = page.get_by_role("button", name="Select example")
        example.wait_for()
        assert (example.text_content() or "").strip() == question
        require_calm(page)
        example.click()
        page.locator(".dl-card").first.wait_for()
        assert contents(page, ".dl-asked") == [question]
        require_calm(page)


def test_passages_that_are_near_and_hostile_are_shown_as_text(site: Site, visit: Callable[[str], Page]) -> None:
    site.home.sync(site.folder)
    page = visit(site.url)
    ask(page, "What is nearest?")
    articles = list(site.home.catalogue.articles())
    page.locator(".dl-near").nth(len(articles) - 1).wait_for()
    require_calm(page)
    assert contents(page, ".dl-near") == [shown(article.label) for article in articles]
    assert contents(page, ".dl-card .dl-quote") == [shown(article.text[slice(*_quoted(article))]) for article in articles]
    for width, height in SIZES:
        page.set_viewport_size({"width": width, "height": height})
        page.wait_for_timeout(300)
        require_calm(page)


def test_only_plain_web_addresses_become_links(site: Site, visit: Callable[[str], Page]) -> None:
    site.home.sync(site.folder)
    page = visit(site.url)
    ask(page, "Tell me everything")
    articles = list(site.home.catalogue.articles())
    page.locator(".dl-card").nth(len(articles) - 1).wait_for()
    links: dict[str, list[str | None]] = {}
    for number, article in enumerate(articles):
        if article.url:
            page.locator(".dl-card").nth(number).dispatch_event("click")
            page.wait_for_function(OPENED, arg=number)
            links[article.url] = [link.get_attribute("href") for link in page.locator(".dl-evidence a").all()]
    assert {url: found for url, found in links.items() if found} == {PLAIN_ADDRESS: [PLAIN_ADDRESS]}


# Questions

QUESTIONS = (
    "script", "image that fails", "drawing that loads", "style", "cover over the page", "link to a script", "closing tags", "entities",
    "templates", "formulas in dollars", "Markdown", "markers", "turns of a chat", "from right to left", "turned round", "no end",
)  # fmt: skip


def test_hostile_questions_are_shown_as_they_were_typed(site: Site, visit: Callable[[str], Page]) -> None:
    page = visit(site.url)
    asked = requests_of(page)
    typed = [f"Who is the harbour master {PAYLOADS[name]}"[:1500].strip() for name in QUESTIONS]
    for number, question in enumerate(typed):
        ask(page, question)
        page.locator("#dl-chat .bot-row").nth(number).locator(".dl-answer:not(.dl-pending), .dl-block").first.wait_for()
    assert contents(page, ".dl-asked") == typed
    assert typed[-1] in (page.locator(".dl-for").text_content() or "")
    require_calm(page)
    page.get_by_role("button", name="Conversations").click()
    page.get_by_role("dialog", name="Conversations").locator(".dl-kept-name").first.wait_for()
    require_calm(page)
    page.keyboard.press("Escape")
    page.set_viewport_size({"width": 390, "height": 844})
    page.wait_for_timeout(300)
    require_calm(page)
    assert [address for address in asked if "theirs" in address] == []


# Models

REPLIES = (
    "script", "image that fails", "frame", "drawing that loads", "formula that changes its mind", "style", "cover over the page",
    "link to a script", "closing tags", "ends of raw text", "end of an attribute", "names of ours", "templates", "Markdown", "turned round",
    "no end",
)  # fmt: skip


def test_a_hostile_model_is_shown_as_text_while_it_speaks_and_afterwards(
    open_home: Callable[..., Home], tmp_path: Path, visit: Callable[[str], Page]
) -> None:
    (tmp_path / "harbour.txt").write_text("The harbour of Port Ellery reopened on Monday, said the harbour master Ines Calloway.")
    home = open_home()
    home.sync(tmp_path / "harbour.txt")
    said = [f"It reopened on Monday {PAYLOADS[name]} [S1]. " for name in REPLIES]
    steps, spoken = threading.Semaphore(0), f"The harbour of Port Ellery reopened {PAYLOADS['image that fails']} on Monday [S1]."
    with OpenAIServer(good(*said, steps=steps)) as server:
        chatbot = Chatbot(home, settings=Settings(), llm=Client(url=server.url, timeout=60), model=PAYLOADS["image that fails"])
        with served(chatbot) as url:
            page = visit(url)
            asked = requests_of(page)
            assert PAYLOADS["image that fails"] in (page.locator("#dl-masthead").text_content() or "")
            ask(page, "When did the harbour of Port Ellery reopen?")
            page.get_by_text("It reopened on Monday").first.wait_for()
            for _ in said:
                steps.release()
                page.wait_for_timeout(50)
                require_calm(page)
            steps.release(1_000)  # the model may be asked once more
            rows = page.locator("#dl-chat .bot-row")
            rows.nth(0).locator(".dl-answer:not(.dl-pending), .dl-block").first.wait_for()
            require_calm(page)
            server.script[:] = [good("The harbour of Port Ellery reopened on Monday, said Ines Calloway [S1]. ", spoken)]
            ask(page, "When did it reopen?")
            rows.nth(1).locator(".dl-answer:not(.dl-pending), .dl-block").first.wait_for()
            require_calm(page)
            assert PAYLOADS["image that fails"] in (rows.nth(1).locator(".dl-sentences").text_content() or "")
            page.set_viewport_size({"width": 390, "height": 844})
            page.wait_for_timeout(300)
            require_calm(page)
            assert [address for address in asked if "theirs" in address] == []
