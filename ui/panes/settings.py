"""The panel that opens from the masthead, and the masthead itself: who answers, and how."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.choosing import try_out, use
from ui.library import Library
from ui.markup import Html
from ui.panes.parts import asset, html
from ui.preferences import Preferences
from ui.render.masthead import masthead_html
from ui.render.settings import settings_html, told_html

if TYPE_CHECKING:
    import gradio as gr


_TOLD = """element.setAttribute("role", "status"); watch("value", () => element.scrollIntoView({ block: "nearest" }));"""
"""What came of a choice is read out, and in sight."""


@dataclass(frozen=True, kw_only=True, slots=True)
class SettingsPanel:
    """Its components."""

    masthead: "gr.HTML"
    form: "gr.HTML"
    told: "gr.HTML"
    is_private: bool
    keeps: bool


def lay_out(library: Library, *, is_private: bool, keeps: bool) -> SettingsPanel:
    """Make the components: the masthead, and below it the panel, which settings.js opens."""
    import gradio as gr

    model = library.chatbot.model
    masthead = html(masthead_html(model, is_private=is_private, keeps=keeps), "dl-masthead")
    with gr.Column(elem_id="dl-settings", min_width=0):
        value = settings_html(first_preferences(library), model=model, is_private=is_private)
        form = html(value, "dl-settings-form", js_on_load=asset("settings.js"))
        told = html(Html(), "dl-settings-told", js_on_load=_TOLD)
    return SettingsPanel(masthead=masthead, form=form, told=told, is_private=is_private, keeps=keeps)


def first_preferences(library: Library) -> Preferences:
    """Those of a visitor who has chosen nothing yet."""
    return Preferences(style=library.chatbot.settings.style)


def connect(library: Library, panel: SettingsPanel, preferences: "gr.State") -> None:
    """Let a visitor choose, and try a language model out."""
    import gradio as gr

    def sent(before: Preferences, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        form = event._data or {}
        is_trial = isinstance(form, dict) and form.get("what") == "test"
        yield told_html("Asking the model for one word …" if is_trial else "One moment …"), before, gr.skip()
        outcome = (try_out if is_trial else use)(library, form, before, is_private=panel.is_private)
        head = masthead_html(outcome.model, is_private=panel.is_private, keeps=panel.keeps) if outcome.model else gr.skip()
        yield told_html(outcome.words, kind=outcome.kind), outcome.preferences, head

    panel.form.submit(
        sent, [preferences], [panel.told, preferences, panel.masthead],
        show_progress="hidden", api_visibility="private", concurrency_id="settings",
    )  # fmt: skip
