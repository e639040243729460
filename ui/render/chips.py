"""How a question was understood, as chips above its answer: each can be changed or taken back, and the question is asked again.

What a chip sends is read by `ui.changing`.
"""

from __future__ import annotations

from collections.abc import Iterator

from index.types import Filters, day_bounds
from rag.chatbot import MAX_QUESTION
from rag.wording import describe_days
from ui.conversation import Exchange
from ui.markup import Html, tag

PUBLISHERS_ID = "dl-publishers"
"""The id of the list of publishers that the page offers where one is typed."""


def chips_html(exchange: Exchange, index: int) -> Html:
    """The chips of an exchange, and what adds another; what is under way shows those that the visitor chose."""
    days = list(_days(exchange, index))
    chips = [*_words(exchange, index), *days, *_order(exchange, index), *_kept(exchange, index)]
    return tag("div", *chips, _more(index, with_days=not days), class_="dl-chips", role="group", aria_label="How it was understood")


def publishers_html(names: tuple[str, ...]) -> Html:
    """The list that a chip offers where a publisher is typed."""
    return tag("datalist", *(tag("option", value=name) for name in names), id=PUBLISHERS_ID)


def _words(exchange: Exchange, index: int) -> Iterator[Html]:
    """The question that stands alone, where that is not what was typed."""
    if exchange.rewritten == exchange.question:
        yield _chip("Taken", "as typed", _button(index, "words", "Understand it by what was said before", value=""))
        return
    words = exchange.rewritten or (exchange.answer.rewritten if exchange.answer else None)
    if not words:
        return
    box = tag("textarea", words, name_="value", rows=2, maxlength=MAX_QUESTION, required=True, dir="auto")
    form = _form(index, "words", tag("label", "As it stands alone", box))
    yield _chip("Understood as", words, _button(index, "words", "Take it as typed", value=exchange.question), form, index=index)


def _days(exchange: Exchange, index: int) -> Iterator[Html]:
    """The days of publication, where some were chosen or named."""
    answer = exchange.answer
    filters, time = (answer.filters, answer.time) if answer else (exchange.filters, None)
    words = time.quoted if time and time.words else ""
    days = describe_days(filters)
    meant = filters if days or not time else Filters(since=time.since, until=time.until)
    form = _form(index, "days", *_day_fields(meant))
    if days:
        named = f" ({words})" if time and time.applied else ""
        yield _chip("Published", days + named, _button(index, "days", "Search all dates", since="", until=""), form, index=index)
    elif words:
        back = _button(index, "days", f"Search the days of {words}", value="understood") if exchange.all_dates else None
        yield _chip("Published", "on any date", back, form, index=index)


def _order(exchange: Exchange, index: int) -> Iterator[Html]:
    """Whether the newest goes first, where the question asks for that."""
    if exchange.any_order:
        yield _chip("", "Best match first", _button(index, "order", "Put the newest first", value="understood"))
    elif exchange.answer and exchange.answer.time and exchange.answer.time.latest:
        yield _chip("", "Newest first", _button(index, "order", "Put the best match first", value="any"))


def _kept(exchange: Exchange, index: int) -> Iterator[Html]:
    """The publishers and paths that the visitor chose."""
    for name in exchange.filters.publishers:
        yield _chip("By", name, _button(index, "publisher", f"Also search other publishers than {name}", value=name))
    for path in exchange.filters.paths:
        yield _chip("In", path, _button(index, "path", f"Also search outside {path}", value=path))


def _more(index: int, *, with_days: bool) -> Html:
    """What adds a filter that is not there yet."""
    days = _form(index, "days", *_day_fields(Filters())) if with_days else None
    publisher = tag("input", type="text", name_="value", list=PUBLISHERS_ID, required=True, maxlength=200, autocomplete="off")
    path = tag("input", type="text", name_="value", required=True, maxlength=1000, autocomplete="off", placeholder="~/articles/2024")
    forms = (
        days,
        _form(index, "publisher", tag("label", "Publisher", publisher)),
        _form(index, "path", tag("label", "Folder or file", path)),
    )
    summary = tag("summary", tag("span", "+ ", aria_hidden="true"), "Filter", aria_label="Add a filter")
    return tag("details", summary, tag("div", *forms, class_="dl-pop"), class_="dl-add", name_=f"dl-chips-{index}")


def _chip(label: str, value: str, remove: Html | None, form: Html | None = None, *, index: int = 0) -> Html:
    head = (tag("span", label, class_="dl-chip-label") if label else None, " " if label else None, tag("bdi", value))
    if form is None:
        inside = tag("span", *head, class_="dl-chip-text")
    else:
        summary = tag("summary", *head, aria_label=f"{label} {value}: change".strip(), class_="dl-chip-text")
        inside = tag("details", summary, tag("div", form, class_="dl-pop"), name_=f"dl-chips-{index}")
    return tag("span", inside, remove, class_="dl-chip")


def _button(index: int, what: str, title: str, **values: str) -> Html:
    data = {f"data_{name}": value for name, value in values.items()}
    named: dict[str, object] = {"class_": "dl-off", "title": title, "aria_label": title}
    cross = tag("span", "×", aria_hidden="true")
    return tag("button", cross, type="button", **named, data_do="again", data_at=index, data_what=what, **data)


def _form(index: int, what: str, *fields: Html) -> Html:
    send = tag("button", "Ask again", type="submit")
    return tag("form", *fields, send, data_do="again", data_at=index, data_what=what, autocomplete="off")


def _day_fields(filters: Filters) -> tuple[Html, Html]:
    first, last = (day_bounds(value)[end] if value else None for end, value in enumerate((filters.since, filters.until)))
    return _day_field("From", "since", first), _day_field("To", "until", last)


def _day_field(label: str, name: str, day: int | None) -> Html:
    value = f"{day // 10_000:04}-{day // 100 % 100:02}-{day % 100:02}" if day else ""
    return tag("label", label, tag("input", type="date", name_=name, value=value))
