"""Questions and answers of the chat as HTML.

The [n] markers are made from `Claim.citations`, never read out of text, so that a "[7]" in an article stays three characters.
"""

from __future__ import annotations

from collections.abc import Iterable

from rag.types import Answer, Claim, Value
from rag.wording import describe_days
from ui.conversation import Exchange, Place
from ui.markup import Html, join, tag, text


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
