"""The panel of kept conversations, which opens from the masthead."""

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.conversation import Conversation
from ui.keeping import Shelf, acted
from ui.panes.chat import Desk, reopened
from ui.panes.parts import asset, html
from ui.render.kept import head_html, shelf_html

if TYPE_CHECKING:
    import gradio as gr


@dataclass(frozen=True, kw_only=True, slots=True)
class KeptPanel:
    """Its components."""

    head: "gr.HTML"
    shelf: "gr.HTML"


def lay_out() -> KeptPanel:
    """Make the components; kept.js opens and closes them."""
    import gradio as gr

    with gr.Column(elem_id="dl-kept", min_width=0):
        head = html(head_html(), "dl-kept-head", js_on_load=asset("kept.js"))
        shelf = html(shelf_html(Shelf()), "dl-kept-shelf", js_on_load=asset("download.js"))
    return KeptPanel(head=head, shelf=shelf)


def connect(panel: KeptPanel, desk: Desk) -> None:
    """Let conversations be found, opened, renamed, exported and deleted."""
    import gradio as gr

    def done(now: Conversation, event: gr.EventData, request: gr.Request) -> tuple[Any, ...]:
        given = event._data if isinstance(event._data, dict) else {}
        shelf = acted(desk.library, given, owner=request.username or "")
        current = shelf.opened or now
        listed = shelf_html(shelf, current=current.kept.id if current.kept else None)
        if shelf.opened is None:
            return listed, *(gr.skip() for _ in desk.shown)
        desk.running.drop(str(request.session_hash))
        return listed, *reopened(shelf.opened)

    panel.head.submit(done, [desk.conversation], [panel.shelf, *desk.shown], show_progress="hidden", api_visibility="private")
