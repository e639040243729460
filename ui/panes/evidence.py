"""The right pane: the passages that the shown answer rests on, and the article that is open."""

from typing import TYPE_CHECKING

from ui.conversation import Conversation
from ui.markup import Html
from ui.panes.parts import asset, html
from ui.render.evidence import evidence_html
from ui.showing import show

if TYPE_CHECKING:
    import gradio as gr


def lay_out() -> "gr.HTML":
    """Make the component, in the column that is open."""
    return html(evidence_html(Conversation()), "dl-evidence", js_on_load=asset("evidence.js"))


def connect(pane: "gr.HTML", conversation: "gr.State") -> None:
    """Open the article of what is clicked, in the chat or in the pane."""
    import gradio as gr

    def clicked(now: Conversation, event: gr.EventData) -> tuple[Conversation, Html]:
        after = show(now, (event._data or {}).get("open"))
        return after, evidence_html(after)

    pane.click(clicked, [conversation], [conversation, pane], show_progress="hidden", api_visibility="private")
