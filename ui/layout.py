"""The page: its masthead, its three panes side by side, and what each tells the others.

Only this file, `page`, `theme` and the panes know Gradio. Everything that shows text is made in `render`; what happens on an event is in
`asking`, `showing` and `syncing`.
"""

from typing import TYPE_CHECKING, Any

from ui.conversation import Conversation
from ui.library import Library
from ui.markup import Html, tag
from ui.panes import chat, corpus, evidence
from ui.panes.parts import asset, html
from ui.preferences import Preferences

if TYPE_CHECKING:
    import gradio as gr

_STYLES = ("page", "corpus", "chat", "evidence", "narrow")
"""In the order in which they count."""
_AT_ONCE = 4
_WAITING = 64


def styles() -> str:
    """The page's style sheets as one."""
    return "\n".join(asset(f"{name}.css") for name in _STYLES)


def build(library: Library, *, may_sync: bool = True) -> "gr.Blocks":
    """Lay out the page and connect it.

    Args:
        library: what to ask.
        may_sync: whether visitors may sync folders of the machine that serves the page.
    """
    import gradio as gr

    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        conversation, preferences = gr.State(Conversation()), gr.State(Preferences())
        html(_masthead(library), "dl-masthead")
        with gr.Row(elem_id="dl-panes"):
            with gr.Column(elem_id="dl-left", min_width=0):
                left = corpus.lay_out(library, may_sync=may_sync)
            with gr.Column(elem_id="dl-middle", min_width=0):
                middle = chat.lay_out(library)
            with gr.Column(elem_id="dl-right", min_width=0):
                right = evidence.lay_out()

        def offered() -> tuple[Any, ...]:
            return (gr.Chatbot(examples=chat.examples(library)),)

        chat.connect(library, middle, conversation, preferences, right)
        evidence.connect(right, conversation)
        corpus.connect(library, left, [middle.messages], offered)
        page.load(
            lambda: (corpus.card_html(library), *offered()), None, [left.card, middle.messages],
            show_progress="hidden", api_visibility="private",
        )  # fmt: skip
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return page


def _masthead(library: Library) -> Html:
    model = library.chatbot.model
    how = "built-in answers, nothing leaves this machine" if model == "built-in" else f"answers by {model}"
    motto = tag("p", "Ask a folder of news articles")
    return tag("header", tag("h1", "Dateline"), motto, tag("p", how, class_="dl-model"), class_="dl-masthead")
