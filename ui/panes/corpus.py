"""The left pane: what the articles are, how more are added, and how a sync goes.

All visitors look at one corpus. A timer asks every few seconds whether it changed, by whomever, and more often while a sync is under way;
nothing is sent where nothing did.
"""

from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import HomeError
from ui.library import Library, last_written
from ui.markup import Html
from ui.panes.parts import asset, html
from ui.render.corpus import corpus_html, sync_html
from ui.render.uploads import zone_html
from ui.syncing import Syncing, SyncState
from ui.uploads import uploads_of

if TYPE_CHECKING:
    import gradio as gr

News = dict[Any, Any]
"""Component -> what it shows now, for those that change."""
_CALM, _BUSY = 3.0, 0.4
"""Seconds between two looks."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Adding:
    """The components for adding articles."""

    zone: "gr.HTML"
    folder: "gr.Textbox"
    button: "gr.Button"
    state: "gr.HTML"
    cancel: "gr.Button"


@dataclass(frozen=True, kw_only=True, slots=True)
class CorpusPane:
    """The components of the pane; those for adding articles are None where visitors may not."""

    card: "gr.HTML"
    timer: "gr.Timer"
    seen: "gr.State"
    begun: "gr.State"
    """The number of the last work that the visitor began; apart from `seen`, which a look under way may write after a click."""
    adding: Adding | None = None


@dataclass(frozen=True, kw_only=True, slots=True)
class Seen:
    """What one visitor's pane shows."""

    version: tuple[object, ...] | None = None
    """Of the corpus; None before the first look."""
    step: int = 0
    """Of the work on it."""


def lay_out(library: Library, *, may_sync: bool) -> CorpusPane:
    """Make the components, in the column that is open."""
    import gradio as gr

    card = html(card_html(library, may_sync=may_sync), "dl-corpus", js_on_load=asset("corpus.js"))
    pane = CorpusPane(card=card, timer=gr.Timer(_CALM), seen=gr.State(Seen()), begun=gr.State(0))
    if not may_sync:
        return pane
    adding = Adding(
        zone=html(zone_html(), "dl-zone", js_on_load=asset("uploads.js")),
        folder=gr.Textbox(label="Folder of articles", placeholder="~/articles", lines=1, max_lines=1, elem_id="dl-folder"),
        button=gr.Button("Sync", elem_id="dl-sync", size="sm"),
        state=html(Html(), "dl-sync-state", js_on_load=asset("syncing.js")),
        cancel=gr.Button("Cancel", elem_id="dl-cancel", size="sm", visible=False),
    )
    return replace(pane, adding=adding)


def card_html(library: Library, *, may_sync: bool) -> Html:
    """What is in the library now."""
    home = library.chatbot.home
    with home.catalogue.snapshot():
        stats, spread = home.stats(), home.spread()
    written = last_written(library.chatbot)
    return corpus_html(
        stats, is_sample=library.is_sample, spread=spread, uploads=library.uploads, may_change=may_sync, written=written
    )  # fmt: skip


class _View:
    """What the pane shows of a library and of the work on it."""

    def __init__(self, library: Library, pane: CorpusPane) -> None:
        self.syncing = Syncing(library)
        self._library = library
        self._pane = pane

    def look(self, seen: Seen, number: int) -> News:
        """What is new since the last look of a visitor, whose last work has a number."""
        self._library.refresh()
        step, state = self.syncing.now
        news: News = {}
        if state and step != seen.step:
            news = {**self._shown(self._words(seen, state, is_own=state.number == number)), **self._means(is_busy=not state.is_over)}
        is_waiting = state and not state.is_over and seen.version  # while a work goes on, the card stays as it is
        version = seen.version if is_waiting else self._version(seen)
        if version != seen.version:
            news[self._pane.card] = card_html(self._library, may_sync=self._pane.adding is not None)
        return {**news, self._pane.seen: Seen(version=version, step=step)}

    def begun(self, seen: Seen, number: int, state: SyncState) -> News:
        """What is new for a visitor who began a work, or could not."""
        if not state.number:
            return {**self.look(seen, number), **self._shown(sync_html(state))}
        return {**self.look(seen, state.number), self._pane.begun: state.number}

    def _version(self, seen: Seen) -> tuple[object, ...] | None:
        try:
            return self._library.version
        except HomeError:  # it is being put back, perhaps: what was read of it stays on the screen
            return seen.version

    def _words(self, seen: Seen, state: SyncState, *, is_own: bool) -> Html:
        if state.is_over and not is_own and (state.problem or seen.version is None):
            return Html()  # somebody else's failure, or what was over before this visitor came
        return sync_html(state, is_own=is_own)

    def _shown(self, words: Html) -> News:
        return {self._pane.adding.state: words} if self._pane.adding else {}

    def _means(self, *, is_busy: bool) -> News:
        """Sync or cancel, and how soon to look again."""
        import gradio as gr

        timer: News = {self._pane.timer: gr.Timer(_BUSY if is_busy else _CALM)}
        if self._pane.adding is None:
            return timer
        return {**timer, self._pane.adding.button: gr.Button(interactive=not is_busy), self._pane.adding.cancel: gr.Button(visible=is_busy)}


def connect(library: Library, pane: CorpusPane, page: "gr.Blocks") -> None:
    """Show what the corpus is, from the moment when the page is opened, and let articles be added."""
    import gradio as gr

    view = _View(library, pane)
    syncing, adding = view.syncing, pane.adding
    known, shown = [pane.seen, pane.begun], [pane.seen, pane.begun, pane.timer, pane.card]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private", "queue": False}
    if adding is None:
        for event in (page.load, pane.timer.tick):
            event(view.look, known, shown, **quiet)
        return
    shown += [adding.state, adding.button, adding.cancel]

    def typed(folder: str, seen: Seen, number: int) -> News:
        return view.begun(seen, number, syncing.sync(folder))

    def given(seen: Seen, number: int, event: gr.EventData) -> News:
        return view.begun(seen, number, syncing.add(uploads_of(event._data), served=Path(adding.zone.GRADIO_CACHE)))

    def chosen(seen: Seen, number: int, event: gr.EventData) -> News:
        roots, data = library.chatbot.home.stats().roots, event._data if isinstance(event._data, dict) else {}
        if data.get("sync") in roots:
            return view.begun(seen, number, syncing.sync(data["sync"]))
        return view.begun(seen, number, syncing.forget(data["forget"])) if data.get("forget") in roots else view.look(seen, number)

    def cancelled(seen: Seen, number: int) -> News:
        syncing.cancel()
        return view.look(seen, number)

    for event in (page.load, pane.timer.tick):
        event(view.look, known, shown, **quiet)
    for event in (adding.button.click, adding.folder.submit):
        event(typed, [adding.folder, *known], shown, **quiet)
    adding.zone.upload(given, known, shown, **quiet)
    adding.cancel.click(cancelled, known, shown, **quiet)
    pane.card.submit(chosen, known, shown, **quiet)
