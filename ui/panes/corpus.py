"""The left pane: what the articles are, and how more are added."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.library import Library, last_written
from ui.markup import Html
from ui.panes.parts import html
from ui.render.corpus import corpus_html, sync_html
from ui.syncing import sync

if TYPE_CHECKING:
    from collections.abc import Callable

    import gradio as gr


@dataclass(frozen=True, kw_only=True, slots=True)
class CorpusPane:
    """Its components; those for adding articles are None where visitors may not."""

    card: "gr.HTML"
    folder: "gr.Textbox | None" = None
    button: "gr.Button | None" = None
    state: "gr.HTML | None" = None


def lay_out(library: Library, *, may_sync: bool) -> CorpusPane:
    """Make the components, in the column that is open."""
    import gradio as gr

    card = html(card_html(library), "dl-corpus")
    if not may_sync:
        return CorpusPane(card=card)
    folder = gr.Textbox(label="Folder of articles", placeholder="~/articles", lines=1, max_lines=1, elem_id="dl-folder")
    return CorpusPane(card=card, folder=folder, button=gr.Button("Sync", elem_id="dl-sync", size="sm"), state=html(Html(), "dl-sync-state"))


def card_html(library: Library) -> Html:
    """What is in the library now."""
    return corpus_html(library.chatbot.home.stats(), is_sample=library.is_sample, written=last_written(library.chatbot))


def connect(
    library: Library, pane: CorpusPane, also: "list[gr.Blocks | gr.components.Component]", afresh: "Callable[[], tuple[Any, ...]]"
) -> None:
    """Let articles be added.

    Args:
        library: where they go.
        pane: the components.
        also: components elsewhere on the page that change when the articles do.
        afresh: their values then.
    """
    import gradio as gr

    if pane.folder is None or pane.button is None or pane.state is None:
        return

    def synced(path: str) -> Iterator[tuple[Any, ...]]:
        unchanged = (gr.skip(),) * (1 + len(also))
        for step in sync(library, path):
            news = (card_html(library), *afresh()) if step.is_over else unchanged
            yield sync_html(step), gr.Button("Sync", interactive=step.is_over), *news

    shown = [pane.state, pane.button, pane.card, *also]
    for event in (pane.button.click, pane.folder.submit):
        event(synced, [pane.folder], shown, show_progress="hidden", concurrency_limit=1, concurrency_id="sync", api_visibility="private")
