"""The evidence pane as HTML: three tabs about one answer, and on the first a card for each source, or the article that is open."""

from __future__ import annotations

from rag.types import Answer, Citation
from rag.wording import carried_line, superseded_line
from ui.conversation import Conversation, Exchange, Opened, Place
from ui.markup import Html, count, day, join, tag, text
from ui.render.article import article_html, newer_button, superseded_html
from ui.render.making import making_html
from ui.render.timeline import timeline_html
from ui.sources import Source, sources, words_of

TABS = (("evidence", "Evidence"), ("timeline", "Timeline"), ("making", "How it was made"))
"""Name and label of each; evidence.js chooses among them."""
_HINTS = {
    "evidence": "The passages that an answer rests on appear here. Click one to read it in its article.",
    "timeline": "When the passages were published, and which days they speak of.",
    "making": "What was searched, what a language model was shown and replied, what was checked, and how long it took.",
}


def evidence_html(conversation: Conversation) -> Html:
    """The evidence pane, for the exchange that is shown."""
    index, opened = conversation.shown, conversation.opened
    exchange = conversation.exchanges[index] if conversation.exchanges and index >= 0 else None
    if exchange is None:
        return _pane({name: _hint(words) for name, words in _HINTS.items()})
    if not exchange.is_over:
        return _pane({name: _hint("Looking for passages …") for name, _ in TABS}, exchange)
    answer = exchange.answer
    panels = {
        "evidence": _evidence(exchange, answer, index, opened) if answer else _hint("There is no answer, and so no evidence for one."),
        "timeline": timeline_html(answer, index) if answer else _hint("There is no answer, and so no evidence to date."),
        "making": making_html(exchange, index),
    }
    return _pane(panels, exchange, is_open=opened is not None)


def _hint(words: str) -> Html:
    return tag("p", words, class_="dl-hint")


def _pane(panels: dict[str, Html], exchange: Exchange | None = None, *, is_open: bool = False) -> Html:
    """The tabs above their panels; the first is chosen until evidence.js says otherwise."""
    buttons = [
        tag("button", label, type="button", role="tab", id=f"dl-tab-{name}", aria_controls=f"dl-panel-{name}", class_="dl-tab",
            aria_selected=str(name == "evidence").lower(), tabindex=None if name == "evidence" else -1, data_tab=name)
        for name, label in TABS
    ]  # fmt: skip
    shown = [
        tag("div", panels[name], role="tabpanel", id=f"dl-panel-{name}", aria_labelledby=f"dl-tab-{name}", class_="dl-panel",
            tabindex=0, hidden=name != "evidence")
        for name, _ in TABS
    ]  # fmt: skip
    answer = exchange.answer if exchange else None
    asked = tag("p", tag("span", "For: "), answer.question, class_="dl-for", dir="auto") if answer else None
    tabs = tag("div", *buttons, class_="dl-tabs", role="tablist", aria_label="The answer")
    kind = "dl-evidence dl-reading" if is_open else "dl-evidence"
    return tag("section", tag("h2", "Evidence", class_="dl-unseen"), tabs, asked, *shown, class_=kind, aria_label="Evidence")


def _evidence(exchange: Exchange, answer: Answer, index: int, opened: Opened | None) -> Html:
    open_place = opened.place if opened else None
    cards = [
        tag("li", *_card(place, source, exchange, is_open=place == open_place), class_=f"dl-source dl-{place.kind}")
        for place, source in sources(answer, index)
    ]
    caption, listed = tag("p", _caption(answer), class_="dl-caption"), tag("ol", *cards, class_="dl-cards", role="list")
    return join(tag("div", caption, listed, class_="dl-list"), article_html(opened, dict(sources(answer, index))) if opened else None)


def _caption(answer: Answer) -> str:
    if answer.status == "no_evidence":
        return "Nearest passages — none answers the question" if answer.nearest else "No passage is near this question"
    articles = len({citation.article_id for citation in answer.citations})
    return f"{count(len(answer.citations), 'passage')} from {count(articles, 'article')}"


def _card(place: Place, source: Source, exchange: Exchange, *, is_open: bool) -> tuple[Html | None, ...]:
    """What opens the source, and beneath it what is known of it."""
    title = source.title if source.title != source.label else None
    number, label = tag("span", str(place.number), class_="dl-number"), tag("span", source.label, class_="dl-label")
    head = tag("span", number, label, day(source.published), class_="dl-card-head")
    origin = exchange.origins.get(source.article_id)
    dated = tag("span", f"date from {origin}", class_="dl-origin") if origin else None
    name = tag("span", tag("span", title, class_="dl-title", dir="auto") if title else None, dated, class_="dl-card-line")
    quote = tag("span", words_of(source), class_="dl-quote", dir="auto")
    expanded = str(is_open).lower()
    card = tag("button", head, name, quote, type="button", class_="dl-card", data_open=place, aria_expanded=expanded)
    return (card, _about(place, source))


def _about(place: Place, source: Source) -> Html | None:
    """Beneath a quote: its newer version, who says it, what its relative dates mean, who else carried it."""
    newer = source.superseded
    first = join(superseded_html(source, newer), text(" "), newer_button(place, newer)) if newer else None
    lines = source.context if isinstance(source, Citation) else tuple(filter(None, (superseded_line(source), carried_line(source))))
    rows = [tag("li", line, class_="dl-context", dir="auto") for line in lines if line != superseded_line(source)]
    if first:
        rows.insert(0, tag("li", first, class_="dl-context dl-superseded"))
    return tag("ul", *rows, class_="dl-about", role="list") if rows else None
