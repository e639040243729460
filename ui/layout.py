"""The page: its masthead, its three panes side by side, and what each tells the others.

Only this file, `page`, `theme` and the panes know Gradio. Everything that shows text is made in `render`; what happens on an event is in
`asking`, `showing` and `syncing`.
"""

from typing import TYPE_CHECKING

from ui.conversation import Conversation
from ui.library import Library
from ui.markup import tag
from ui.panes import chat, corpus, evidence, kept, settings
from ui.panes.parts import asset, html
from ui.running import Running
from ui.suggesting import Suggestions

if TYPE_CHECKING:
    import gradio as gr

_STYLES = ("page", "corpus", "chat", "evidence", "narrow", "settings", "kept")
"""In the order in which they count."""
_AT_ONCE = 4
_WAITING = 256
"""Events of all visitors together; a page that opens has several, so 64 would be too few for fifty at once."""
_ABANDONED = (600, 3600)
"""Every so many seconds, uploads are deleted that came so many ago and were never added."""


def styles() -> str:
    """The page's style sheets as one."""
    return "\n".join(asset(f"{name}.css") for name in _STYLES)


def build(library: Library, *, may_sync: bool = True, keeps: bool = True) -> "gr.Blocks":
    """Lay out the page and connect it.

    Args:
        library: what to ask.
        may_sync: whether visitors may sync folders of the machine that serves the page.
        keeps: whether conversations are kept and listed; only where visitors are told apart or all sit at the machine.
    """
    import gradio as gr

    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, fill_height=True, delete_cache=_ABANDONED)
    with page:
        suggestions = Suggestions(library, running := Running())
        conversation, preferences = gr.State(Conversation()), gr.State(settings.first_preferences(library))
        panel = settings.lay_out(library, is_private=may_sync, keeps=keeps)
        shelf = kept.lay_out() if keeps else None
        with gr.Row(elem_id="dl-panes"):
            with gr.Column(elem_id="dl-left", min_width=0):
                left = corpus.lay_out(library, may_sync=may_sync)
            with gr.Column(elem_id="dl-middle", min_width=0):
                middle = chat.lay_out(library, suggestions)
            with gr.Column(elem_id="dl-right", min_width=0):
                right = evidence.lay_out()
        html(tag("p", role="status"), "dl-aloud", js_on_load=asset("aloud.js"))

        desk = chat.Desk(
            library=library, running=running, pane=middle, conversation=conversation, preferences=preferences, evidence=right,
            keeps=keeps,
        )  # fmt: skip
        chat.connect(page, desk)
        chat.keep_current(desk, suggestions, [page.load, left.card.change])
        evidence.connect(right, conversation)
        settings.connect(library, panel, preferences)
        if shelf is not None:
            kept.connect(shelf, desk)
        corpus.connect(library, left, page)
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING, api_open=False)
    return page
