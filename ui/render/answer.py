"""Questions and answers of the chat as HTML.

The [n] markers are made from `Claim.citations`, never read out of text, so that a "[7]" in an article stays three characters.
What is still being written has the shape that it will have in the end, so that nothing jumps when it is done.
"""

from __future__ import annotations

import re
from collections.abc import Iterable

from rag.chatbot import MAX_QUESTION
from rag.types import Answer, Claim, Value
from rag.wording import notes_on
from ui.conversation import Exchange, Place
from ui.markup import Html, day, join, tag, text
from ui.render.checks import badge_html
from ui.render.chips import chips_html
from ui.render.footer import footer_html

_FIRST_SENTENCE = re.compile(r"(.+?[.!?…][”\"’')]*(?:\s*\[\d+\])*)(?:\s+(?=\S)|$)", re.S)
_DISAGREE = "These cannot all be true. Who said it, and when, is beside each."
_ALSO = "These fit the answer."


def question_html(exchange: Exchange, index: int) -> Html:
    """What the chat shows of a question, and what words it anew."""
    box = tag(
        "textarea", exchange.question, name_="question", rows=2, maxlength=MAX_QUESTION, required=True, dir="auto", aria_label="New words"
    )
    hint = tag("span", "Later questions and answers go", class_="dl-caption")
    form = tag("form", box, tag("div", tag("button", "Ask", type="submit"), hint, class_="dl-send"), data_do="edit", data_at=index)
    edit = tag(
        "details",
        tag("summary", tag("span", "Cancel", class_="dl-cancel"), tag("span", "Edit"), aria_label="Edit and ask anew"),
        form,
        class_="dl-edit",
    )
    return tag("div", tag("p", exchange.question, class_="dl-asked", dir="auto"), edit, class_="dl-question")


def answer_html(exchange: Exchange, index: int) -> Html:
    """What the chat shows for an exchange: the answer, the lack of one, a problem, or what has come so far."""
    answer = exchange.answer
    if answer is None and not exchange.is_over:
        return join(chips_html(exchange, index), _pending(exchange))
    if answer is None:
        return join(chips_html(exchange, index), _unanswered(exchange), footer_html(exchange, index))
    notes = [tag("p", note, class_="dl-remark", dir="auto") for note in notes_on(answer)]
    shown = _no_evidence if answer.status == "no_evidence" else _answered
    return join(chips_html(exchange, index), *notes, shown(answer, index), footer_html(exchange, index))


# Without an answer


def _pending(exchange: Exchange) -> Html:
    """What has come so far: a model's first sentence stands where the answer's will stand; what is put together here comes whole."""
    waiting, words = tag("p", "Reading the articles …", class_="dl-short dl-waiting"), exchange.partial
    if exchange.chatbot.llm is None or not words.strip():
        body = join(waiting, tag("div", words, class_="dl-sentences", dir="auto"))
    else:
        body = _written(words)
    return tag("div", body, class_="dl-answer dl-pending", aria_busy="true")


def _unanswered(exchange: Exchange) -> Html:
    if exchange.problem:
        return _block("dl-problem", "No answer", tag("p", exchange.problem), tag("p", exchange.hint) if exchange.hint else None)
    written = tag("div", _written(exchange.partial), class_="dl-answer dl-pending") if exchange.partial.strip() else None
    words = "Stopped. What stands above was not checked." if written else "Stopped."
    return join(written, tag("p", words, class_="dl-remark", role="status"))


def _written(words: str) -> Html:
    """Words as a model writes them, the first sentence as the lead."""
    first = _FIRST_SENTENCE.match(words)
    lead, rest = (first[1], words[first.end() :]) if first else (words, "")
    return join(tag("div", lead, class_="dl-lead", dir="auto"), tag("div", rest, class_="dl-sentences", dir="auto"))


# Answers


def _answered(answer: Answer, index: int) -> Html:
    leads = bool(answer.claims) and answer.claims[0].text == answer.short
    sentences = [_claim(claim, answer, index) for claim in answer.claims]
    if leads:
        head: Html | None = tag("div", sentences.pop(0), class_="dl-lead", dir="auto")
    else:
        head = tag("p", tag("strong", answer.short), class_="dl-short", dir="auto") if answer.short else None
    body = tag("div", *sentences or [text(answer.text)], class_="dl-sentences", dir="auto") if sentences or not leads else None
    notes = (
        _values("Sources disagree", _DISAGREE, "dl-disagree", answer.disagreement, answer, index),
        _values("Also given", _ALSO, "dl-also", answer.also_given, answer, index),
        _rejected(answer.rejected),
    )
    return tag("div", head, body, *notes, class_="dl-answer")


def _claim(claim: Claim, answer: Answer, index: int) -> Html:
    said_by = tag("span", f"({claim.attribution}) ", class_="dl-said") if claim.attribution else None
    words, markers = tag("span", claim.text, class_="dl-claim"), _markers(claim.citations, answer, index)
    return join(words, text(" "), said_by, markers, text(" "), badge_html(claim), text(" "))


def _markers(numbers: Iterable[int], answer: Answer, index: int) -> Html:
    labels = {citation.number: citation.label for citation in answer.citations}
    return join(*(_marker(Place(index, "c", number), labels[number]) for number in numbers if number in labels))


def _marker(place: Place, label: str) -> Html:
    return tag(
        "button", f"[{place.number}]", type="button", class_="dl-cite", data_open=place, aria_label=f"Source {place.number}: {label}"
    )


def _values(heading: str, caption: str, kind: str, values: Iterable[Value], answer: Answer, index: int) -> Html | None:
    rows = [tag("li", tag("strong", value.value), _told(value, answer, index)) for value in values]
    return _block(kind, heading, tag("p", caption, class_="dl-caption"), tag("ul", *rows, role="list")) if rows else None


def _told(value: Value, answer: Answer, index: int) -> Html:
    """Who gives a value, and when."""
    dates = [*value.published, *[None] * len(value.labels)]
    sources = [join(text(label), text(", "), day(published)) for label, published in zip(value.labels, dates, strict=False)]
    lines = [*sources, *map(text, answer.told_by(value))]
    told = join(*(join(text("; ") if place else None, line) for place, line in enumerate(lines)))
    return tag("span", told, " ", _markers(value.citations, answer, index), class_="dl-givers")


def _rejected(keys: tuple[str, ...]) -> Html | None:
    return tag("p", f"The model named sources that do not exist: {', '.join(keys)}.", class_="dl-failed") if keys else None


def _no_evidence(answer: Answer, index: int) -> Html:
    why = tag("p", answer.missing or "Nothing in the articles answers this question.", class_="dl-why", dir="auto")
    nearest = [
        tag(
            "li", tag("button", passage.label, type="button", class_="dl-near", data_open=Place(index, "n", number)), " ",
            tag("span", day(passage.published), class_="dl-when"), tag("span", _clipped(passage.text), class_="dl-snippet", dir="auto"),
        )
        for number, passage in enumerate(answer.nearest, start=1)
    ]  # fmt: skip
    caption = tag("p", "Nearest passages, which do not answer it", class_="dl-caption")
    return _block("dl-missing", "Not in these articles", why, *((caption, tag("ul", *nearest, role="list")) if nearest else ()))


def _block(kind: str, heading: str, *content: Html | None) -> Html:
    return tag("div", tag("p", heading, class_="dl-heading"), *content, class_=f"dl-block {kind}")


def _clipped(words: str, limit: int = 150) -> str:
    words = " ".join(words.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"
