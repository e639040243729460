"""The masthead as HTML: what this is, who answers, and whether anything leaves the machine."""

from __future__ import annotations

from rag.llm.reach import goes_to, short_name
from ui.markup import Html, tag


def masthead_html(model: str, *, is_private: bool, keeps: bool = True) -> Html:
    """The head of the page.

    Args:
        model: who answers: `built-in`, or a language model's spec.
        is_private: whether the visitor sits at the machine that serves the page.
        keeps: whether conversations are kept.
    """
    who = "Built-in answers" if model == "built-in" else f"Answers by {short_name(model)}"
    reach = reach_words(model, is_private=is_private)
    line = tag("p", " · ".join(words for words in (who, reach) if words), class_="dl-model")
    button = tag(
        "button",
        "Settings",
        type="button",
        data_settings="toggle",
        aria_expanded="false",
        aria_controls="dl-settings",
        class_="dl-quiet-button",
    )
    kept = tag(
        "button", "Conversations", type="button", data_kept="toggle", aria_expanded="false", aria_controls="dl-kept",
        class_="dl-quiet-button",
    )  # fmt: skip
    motto = tag("p", "Ask a folder of news articles", class_="dl-motto")
    return tag("header", tag("h1", "Dateline"), motto, line, kept if keeps else None, button, class_="dl-masthead")


def reach_words(model: str, *, is_private: bool) -> str:
    """Whether a model's questions and passages leave the machine; empty where that is not known."""
    receiver = goes_to(model)
    if receiver is None:
        return ""
    if receiver:
        return f"questions and passages go to {receiver}"
    return "nothing leaves this machine" if is_private else "nothing leaves the server"
