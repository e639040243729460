"""Answers and their evidence as HTML: pure functions from values to markup.

The [n] markers are made from `Claim.citations`, never read out of text, so that a "[7]" in an article stays three characters.
What happens on a click is in `handlers.show`; the corpus card is in `render_corpus`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.types import Article, Passage
from rag.types import Answer, Citation, Claim, Value
from rag.wording import carried_line, describe_days, superseded_line
from ui.conversation import Conversation, Exchange, Opened, Place
from ui.markup import Html, count, day, join, link, tag, text

QUOTE_ID = "dl-quote"
"""The id of the highlighted passage where it begins; one that runs over several lines is one `mark.dl-mark` a line."""
_HINT = "The passages that an answer rests on appear here. Click one to read it in its article."

# The chat


def question_html(exchange: Exchange) -> Html:
    """What the chat shows of a question."""
    days = describe_days(exchange.filters)
    searched = f"in articles published {days}" if days else "in articles of all dates" if exchange.all_dates else None
    scope = tag("p", searched, class_="dl-scope") if searched else None
    return join(tag("p", exchange.question, class_="dl-asked", dir="auto"), scope)


def answer_html(exchange: Exchange, index: int) -> Html:
    """What the chat shows for an exchange: the answer, the lack of one, a problem, or what has come so far."""
    if exchange.problem:
        return _block("dl-problem", "No answer", tag("p", exchange.problem), tag("p", exchange.hint) if exchange.hint else None)
    if exchange.answer is None:
        return tag(
            "div", tag("p", exchange.partial or "Reading the articles …", dir="auto"), class_="dl-answer dl-pending", aria_busy="true"
        )
    remarks = [tag("p", tag("em", remark), class_="dl-remark", dir="auto") for remark in exchange.answer.remarks]
    shown = _no_evidence if exchange.answer.status == "no_evidence" else _answered
    return join(*remarks, _dates(exchange.answer, index), shown(exchange.answer, index))


def _dates(answer: Answer, index: int) -> Html | None:
    """What changes the days that were searched, where the question named some: each asks it again."""
    time = answer.time
    if time is None or not time.words:
        return None
    chosen = answer.filters if time.applied else time
    fields = [
        tag("label", f"{label} ", tag("input", type="date", name_=name, value=value))
        for label, name, value in (("From", "since", chosen.since), ("To", "until", chosen.until))
    ]
    form = tag("form", *fields, tag("button", "Ask again", type="submit"), data_again=index)
    every = tag("button", "Search all dates", type="button", data_again=index) if time.applied else None
    return tag(
        "div", every, tag("details", tag("summary", "Choose dates"), form), class_="dl-dates", role="group", aria_label="Dates searched"
    )


def _answered(answer: Answer, index: int) -> Html:
    short = tag("p", tag("strong", answer.short), class_="dl-short", dir="auto") if answer.short else None
    claims = join(*(_claim(claim, answer, index) for claim in answer.claims)) or tag("span", answer.text)
    notes = (
        _values("Sources disagree", "dl-disagree", answer.disagreement, answer, index),
        _values("Also given", "dl-also", answer.also_given, answer, index),
        _rejected(answer.rejected),
    )
    return tag("div", short, tag("p", claims, class_="dl-sentences", dir="auto"), *notes, class_="dl-answer")


def _claim(claim: Claim, answer: Answer, index: int) -> Html:
    failed = [f"{name}: {check.reason or 'not confirmed'}" for name, check in claim.checks.items() if check.status == "failed"]
    warning = tag("span", "check failed", tag("span", f" ({'; '.join(failed)})"), class_="dl-failed") if failed else None
    said_by = tag("span", f"({claim.attribution}) ", class_="dl-said") if claim.attribution else None
    words, markers = tag("span", claim.text, class_="dl-claim"), _markers(claim.citations, answer, index)
    return join(words, text(" "), said_by, markers, warning, text(" "))


def _markers(numbers: Iterable[int], answer: Answer, index: int) -> Html:
    labels = {citation.number: citation.label for citation in answer.citations}
    return join(*(_marker(Place(index, "c", number), labels[number]) for number in numbers if number in labels))


def _marker(place: Place, label: str) -> Html:
    return tag(
        "button", f"[{place.number}]", type="button", class_="dl-cite", data_open=place, aria_label=f"Source {place.number}: {label}"
    )


def _values(heading: str, kind: str, values: Iterable[Value], answer: Answer, index: int) -> Html | None:
    rows = [
        tag("li", tag("strong", value.value), " ", ", ".join([*value.labels, *answer.told_by(value)]), " ",
            _markers(value.citations, answer, index))
        for value in values
    ]  # fmt: skip
    return _block(kind, heading, tag("ul", *rows)) if rows else None


def _rejected(keys: tuple[str, ...]) -> Html | None:
    return tag("p", f"The model named sources that do not exist: {', '.join(keys)}.", class_="dl-failed") if keys else None


def _no_evidence(answer: Answer, index: int) -> Html:
    why = tag("p", answer.missing or "Nothing in the articles answers this question.", dir="auto")
    nearest = [
        tag("li", tag("button", passage.label, type="button", class_="dl-near", data_open=Place(index, "n", number)),
            " ", tag("span", _clipped(passage.text), class_="dl-snippet", dir="auto"))
        for number, passage in enumerate(answer.nearest, start=1)
    ]  # fmt: skip
    found = join(tag("p", "Nearest passages, which do not answer it:", class_="dl-caption"), tag("ul", *nearest)) if nearest else None
    return _block("dl-missing", "Not in these articles", why, found)


def _block(kind: str, heading: str, *content: Html | None) -> Html:
    return tag("div", tag("p", heading, class_="dl-heading"), *content, class_=f"dl-block {kind}")


def _clipped(words: str, limit: int = 90) -> str:
    words = " ".join(words.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"


# The evidence


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
