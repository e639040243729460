"""What can be done with an answer, beneath it: copy it, ask again, and say what it is worth."""

from __future__ import annotations

from rag.types import Answer
from ui.conversation import Exchange
from ui.feedback import MOST_WORDS
from ui.markup import Html, tag
from ui.text import answer_lines

_WRONG = ("The answer is wrong", "The sources do not say it", "Something is missing", "It is out of date")
_NOT_MISSING = ("The articles do say it", "The question was misunderstood", "The nearest passages are far off")

_KEPT = "Kept beside these articles, sent nowhere"


def footer_html(exchange: Exchange, index: int) -> Html:
    """The buttons of an exchange that is over; one without an answer can only be asked again."""
    answer = exchange.answer
    again = tag("button", "Retry", type="button", data_do="again", data_at=index, data_what="same", title="Ask it again as it is")
    if answer is None:
        return tag("div", again, class_="dl-actions", role="group", aria_label="Without an answer")
    copy = tag("button", "Copy", type="button", data_copy=copied(exchange, answer), title="Copy the answer with its quotes and sources")
    return tag("div", copy, again, *_verdict(exchange, answer, index), class_="dl-actions", role="group", aria_label="This answer")


def copied(exchange: Exchange, answer: Answer) -> str:
    """A question and its answer as plain text, with quotes and sources."""
    lines = ["    " * line.indent + line.text for line in answer_lines(answer)]
    return "\n".join([exchange.question, "", *lines, ""])


def _verdict(exchange: Exchange, answer: Answer, index: int) -> tuple[Html | None, ...]:
    opinion = exchange.opinion
    problem = tag("p", exchange.opinion_problem, class_="dl-failed", role="status") if exchange.opinion_problem else None
    if opinion is not None:
        words = f"{'Liked' if opinion.liked else 'Disliked'} · noted, {opinion.case or 'thank you'}"
        noted = tag("span", words, class_="dl-noted", role="status")
        return noted, _case_button(index) if opinion.corrects and not opinion.case else None
    like = tag("button", "Like", type="button", data_do="judge", data_at=index, data_liked="yes", title="The answer is right")
    dislike = tag("details", tag("summary", "Dislike", title="Say what is wrong"), _form(answer, index), class_="dl-dislike")
    return like, dislike, problem


def _case_button(index: int) -> Html:
    """Makes a correction something that every later version of Dateline is held to."""
    title = "dateline eval asks it again, and says whether the answer is right by then"
    return tag("button", "Make it a test case", type="button", data_do="case", data_at=index, title=title)


def _form(answer: Answer, index: int) -> Html:
    reasons = _WRONG if answer.status == "answered" else _NOT_MISSING
    choices = [
        tag("label", tag("input", type="radio", name_="reason", value=reason, required=True), f" {reason}", class_="dl-reason")
        for reason in reasons
    ]
    missing = tag(
        "label", tag("input", type="checkbox", name_="unanswerable", value="yes"), " It is not in these articles", class_="dl-reason"
    )
    return tag(
        "form",
        tag("fieldset", tag("legend", "What is wrong?"), *choices),
        tag("label", "In your words (optional)", tag("textarea", name_="words", rows=2, maxlength=MOST_WORDS, dir="auto")),
        tag("label", "The right answer (optional)", tag("input", type="text", name_="expected", maxlength=MOST_WORDS, autocomplete="off")),
        missing if answer.status == "answered" else None,
        tag("div", tag("button", "Send", type="submit"), tag("span", _KEPT, class_="dl-caption"), class_="dl-send"),
        data_do="judge", data_at=index, data_liked="no",
    )  # fmt: skip
