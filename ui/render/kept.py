"""The list of kept conversations as HTML."""

from __future__ import annotations

from datetime import date, datetime

from rag.conversations import MAX_TITLE, Heading
from ui.keeping import MOST_LISTED, Shelf
from ui.markup import Html, count, tag

_NOTHING = "Nothing has been asked yet. What you ask is kept in this home."
_NO_MATCH = "No conversation holds these words."
_FORMS = (("md", "Markdown"), ("html", "HTML"), ("json", "JSON"))


def head_html() -> Html:
    """The head of the panel: its name, and the search."""
    close = tag("button", "Close", type="button", data_kept="close", class_="dl-quiet-button")
    name = tag("label", "Search conversations", for_="dl-kept-search", class_="dl-unseen")
    field = tag("input", type="search", id="dl-kept-search", name_="search", placeholder="Search", class_="dl-typed", autocomplete="off")
    return tag(
        "div", tag("div", tag("h2", "Conversations", id="dl-kept-title"), close, class_="dl-settings-head"),
        tag("form", name, field, role="search"), class_="dl-kept-head",
    )  # fmt: skip


def shelf_html(shelf: Shelf, *, current: str | None = None, today: date | None = None) -> Html:
    """The conversations, and what was told of the last thing done.

    Args:
        shelf: what to show.
        current: the id of the one that is open.
        today: the day that "today" means; None for now.
    """
    told = tag("p", shelf.told, class_="dl-told", role="status") if shelf.told else None
    items = [tag("li", _item(heading, is_current=heading.id == current, today=today or date.today())) for heading in shelf.headings]
    empty = _NO_MATCH if shelf.search.strip() else _NOTHING
    found = tag("ul", *items, class_="dl-kept-list", role="list") if items else tag("p", empty, class_="dl-caption")
    more = tag("p", f"The {MOST_LISTED} newest are listed; search for older ones.", class_="dl-caption")
    save = None
    if shelf.download is not None:
        save = tag("span", shelf.download.text, data_download=shelf.download.name, hidden=True)
    return tag("div", told, found, more if len(items) == MOST_LISTED else None, save, class_="dl-kept")


def _item(heading: Heading, *, is_current: bool, today: date) -> Html:
    when = _moment(heading.changed, today)
    facts = tag("span", when, " · ", count(heading.turns, "question"), class_="dl-kept-facts")
    title = tag("span", heading.title, class_="dl-kept-name", dir="auto")
    current = "true" if is_current else None
    opener = tag("button", title, facts, type="button", class_="dl-kept-open", data_kept="open", data_id=heading.id, aria_current=current)
    return tag("div", opener, _more(heading), class_="dl-kept-item")


def _more(heading: Heading) -> Html:
    """What else can be done with a conversation, folded away."""
    typed = {"type": "text", "name_": "title", "maxlength": MAX_TITLE, "class_": "dl-typed", "aria_label": "Title", "dir": "auto"}
    button = tag("button", "Rename", type="submit", class_="dl-quiet-button")
    rename = tag(
        "form", tag("input", value=heading.title, **typed), button, data_kept="rename", data_id=heading.id, class_="dl-kept-rename"
    )
    exports = [
        tag("button", name, type="button", class_="dl-quiet-button", data_kept="export", data_id=heading.id, data_form=form)
        for form, name in _FORMS
    ]
    delete = tag("button", "Delete for good", type="button", class_="dl-quiet-button dl-danger", data_kept="delete", data_id=heading.id)
    label = tag("span", "Export as", class_="dl-caption")
    export = tag("div", label, *exports, class_="dl-kept-row", role="group", aria_label="Export as a memo")
    gone = tag("details", tag("summary", "Delete"), delete, class_="dl-kept-delete")
    return tag(
        "details", tag("summary", tag("span", "⋯", aria_hidden="true"), aria_label=f"More for {heading.title}"), rename, export, gone,
        class_="dl-kept-more",
    )  # fmt: skip


def _moment(changed: str, today: date) -> Html:
    """When something was last asked, in the server's time."""
    then = datetime.fromisoformat(changed).astimezone()
    words = f"{then:%H:%M}" if then.date() == today else f"{then.day} {then:%B}" + ("" if then.year == today.year else f" {then.year}")
    return tag("time", words, datetime=changed)
