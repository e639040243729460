"""The evidence pane as HTML: a card for each source, and the article that is open."""

from __future__ import annotations

from collections.abc import Iterator

from index.types import Article, Passage
from rag.types import Citation
from rag.wording import carried_line, superseded_line
from ui.conversation import Conversation, Opened, Place
from ui.markup import Html, count, day, join, link, tag, text

QUOTE_ID = "dl-quote"
"""The id of the highlighted passage where it begins; one that runs over several lines is one `mark.dl-mark` a line."""
_HINT = "The passages that an answer rests on appear here. Click one to read it in its article."


def evidence_html(conversation: Conversation) -> Html:
    """The evidence pane: a card for each source of the shown answer, and the opened article beneath."""
    exchange = conversation.exchanges[conversation.shown] if conversation.exchanges and conversation.shown >= 0 else None
    if exchange is None or exchange.answer is None:
        waiting = exchange is not None and not exchange.is_over
        words = "Looking for passages …" if waiting else _HINT
        return _pane(tag("p", words, class_="dl-hint"))
    answer, opened = exchange.answer, conversation.opened
    sources: list[tuple[Place, Citation | Passage, str]]
    if answer.status == "no_evidence":
        caption = "Nearest passages — none answers the question" if answer.nearest else "No passage is near this question"
        sources = [(Place(conversation.shown, "n", n), passage, passage.text) for n, passage in enumerate(answer.nearest, start=1)]
    else:
        articles = len({citation.article_id for citation in answer.citations})
        caption = f"{count(len(answer.citations), 'passage')} from {count(articles, 'article')}"
        sources = [(Place(conversation.shown, "c", c.number), c, c.quote) for c in answer.citations]
    cards = [
        tag("li", _card(place, source, words, is_open=opened is not None and opened.place == place)) for place, source, words in sources
    ]
    return _pane(
        tag("p", tag("span", "For: "), answer.question, class_="dl-for", dir="auto"),
        tag("p", caption, class_="dl-caption"),
        tag("ol", *cards, class_="dl-cards", role="list"),
        opened_html(opened) if opened else None,
        is_open=opened is not None,
    )


def _pane(*content: Html | None, is_open: bool = False) -> Html:
    return tag(
        "section", tag("h2", "Evidence"), *content, class_="dl-evidence dl-reading" if is_open else "dl-evidence", aria_label="Evidence"
    )


def _card(place: Place, source: Citation | Passage, words: str, *, is_open: bool) -> Html:
    title = source.title if source.title != source.label else None
    number, label = tag("span", str(place.number), class_="dl-number"), tag("span", source.label, class_="dl-label")
    head = tag("span", number, label, day(source.published), class_="dl-card-head")
    name = tag("span", title, class_="dl-title", dir="auto") if title else None
    quote = tag("span", words, class_="dl-quote", dir="auto")
    newer = superseded_line(source)
    lines = source.context if isinstance(source, Citation) else tuple(filter(None, (newer, carried_line(source))))
    context = [tag("span", line, class_="dl-context dl-superseded" if line == newer else "dl-context", dir="auto") for line in lines]
    kind, expanded = f"dl-card dl-{place.kind}", str(is_open).lower()
    return tag("button", head, name, quote, *context, type="button", class_=kind, data_open=place, aria_expanded=expanded)


def opened_html(opened: Opened) -> Html:
    """An article with the opened passage marked, and where its date comes from."""
    close = tag("button", "Close", type="button", class_="dl-close", data_open=opened.place)
    problem = tag("p", opened.problem, class_="dl-failed", role="status") if opened.problem else None
    article = opened.article
    if article is None:
        return tag("article", tag("div", close, class_="dl-bar"), problem, class_="dl-article")
    bar = tag("div", tag("span", article.label, class_="dl-label"), close, class_="dl-bar")
    body = tag("div", *_lines(article.text, opened.start, opened.end), class_="dl-text", dir="auto")
    return tag("article", bar, _article_head(article), problem, body, class_="dl-article", aria_label=article.title or article.label)


def _lines(words: str, start: int, end: int) -> Iterator[Html]:
    """Each line as a block of its own, `words[start:end]` marked; every character is kept, so that the marks together read as the quote."""
    name: str | None = QUOTE_ID
    at = 0
    for line in words.splitlines(keepends=True):
        first, last = (min(max(edge - at, 0), len(line)) for edge in (start, end))
        mark = tag("mark", line[first:last], id=name, class_="dl-mark", tabindex="-1" if name else None) if first < last else None
        name = None if mark else name
        yield tag("span", line[:first], mark, line[last:], class_="dl-line" if line.strip() else "dl-line dl-blank")
        at += len(line)


def _article_head(article: Article) -> Html:
    source = article.provenance.get("published")
    dated = join(day(article.published), text(f" (from {source})") if article.published and source else None)
    facts = [text(article.publisher) if article.publisher else None, dated, text(", ".join(article.authors)) if article.authors else None,
             tag("span", article.path, class_="dl-path"), link(article.url, "Web page")]  # fmt: skip
    meta = tag("ul", *(tag("li", fact) for fact in facts if fact), class_="dl-facts", role="list")
    return tag("header", tag("h3", article.title or article.doc_id, dir="auto"), meta)
