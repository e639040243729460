"""The middle pane: the conversation, and the box where questions are typed.

Buttons and forms inside the messages are markup of ours; chat.js sends what they hold to the pane's silent component, as one event.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from index.errors import DatelineError
from ui.asking import ask, ask_again, edit
from ui.conversation import Conversation
from ui.feedback import judge, make_case
from ui.keeping import kept
from ui.library import Library
from ui.markup import Html
from ui.panes.parts import asset, html
from ui.preferences import Preferences
from ui.render.answer import answer_html, question_html
from ui.render.chips import publishers_html
from ui.render.evidence import evidence_html
from ui.running import Running
from ui.suggesting import Suggestions

if TYPE_CHECKING:
    import threading

    import gradio as gr

_PLACEHOLDER = "Ask a question. Every sentence of the answer is one click from the words that support it."
_QUIET: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
_ASKING = _QUIET | {"concurrency_id": "ask"}
"""For what asks: `ui.guard` bounds how many of these one visitor has at work."""
_FIELDS = 8
"""Fields that a form of ours has at most, and then some."""


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatPane:
    """Its components."""

    messages: "gr.Chatbot"
    question: "gr.Textbox"
    new: "gr.Button"
    clicks: "gr.HTML"
    """Holds the publishers that a chip offers; hears what is clicked in the messages (see chat.js)."""


def lay_out(library: Library, suggestions: Suggestions) -> ChatPane:
    """Make the components, in the column that is open."""
    import gradio as gr

    messages = gr.Chatbot(
        label="Conversation", show_label=False, elem_id="dl-chat", height="100%", layout="panel", buttons=[], render_markdown=False,
        latex_delimiters=[], feedback_options=None, autoscroll=False, placeholder=_PLACEHOLDER, examples=examples(suggestions),
    )  # fmt: skip
    question = gr.Textbox(
        label="Question", show_label=False, placeholder="Ask these articles …", submit_btn="Ask", lines=1, max_lines=4,
        autofocus=True, elem_id="dl-question", html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=True),
    )  # fmt: skip
    new = gr.Button("New conversation", elem_id="dl-new", size="sm", variant="secondary")
    clicks = html(publishers(library), "dl-chat-clicks", js_on_load=asset("chat.js"))
    return ChatPane(messages=messages, question=question, new=new, clicks=clicks)


def examples(suggestions: Suggestions) -> list[Any]:
    """The questions that an empty conversation offers."""
    return [{"text": question} for question in suggestions.known()]


def publishers(library: Library) -> Html:
    """The publishers of the library, for the chip that takes one."""
    return publishers_html(tuple(name for name, _ in library.chatbot.home.stats().publishers))


@dataclass(frozen=True, kw_only=True, slots=True)
class Desk:
    """What the chat pane works with."""

    library: Library
    running: Running
    pane: ChatPane
    conversation: "gr.State"
    preferences: "gr.State"
    evidence: "gr.HTML"
    """Follows what is asked."""
    keeps: bool = True
    """Whether conversations are kept."""

    @property
    def shown(self) -> list[Any]:
        """What an answer changes."""
        return [self.conversation, self.pane.messages, self.pane.question, self.evidence]

    @property
    def known(self) -> list[Any]:
        """What it is made from."""
        return [self.conversation, self.preferences]


def connect(page: "gr.Blocks", desk: Desk) -> None:
    """Let questions be answered, stopped, asked again and judged."""
    _connect_questions(desk)
    _connect_clicks(desk)
    _connect_stops(page, desk)


def keep_current(desk: Desk, suggestions: Suggestions, events: Sequence[Callable[..., Any]]) -> None:
    """After any of some events, offer questions and publishers of the articles as they are then."""
    import gradio as gr

    def current() -> Iterator[tuple[Any, ...]]:
        yield gr.Chatbot(examples=examples(suggestions)), publishers(desk.library)
        with suppress(DatelineError):
            suggestions.find()
            yield gr.Chatbot(examples=examples(suggestions)), gr.skip()

    for event in events:
        event(current, None, [desk.pane.messages, desk.pane.clicks], concurrency_limit=1, concurrency_id="suggest", **_QUIET)


def _connect_questions(desk: Desk) -> None:
    import gradio as gr

    def asked(words: str, now: Conversation, chosen: Preferences, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        yield from _answered(desk, request, lambda stop: ask(desk.library, now, words, preferences=chosen, stop=stop), empties=True)

    def example(now: Conversation, chosen: Preferences, event: gr.SelectData, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        yield from asked(str(event.value["text"]), now, chosen, request)

    desk.pane.question.submit(asked, [desk.pane.question, *desk.known], desk.shown, **_ASKING)
    desk.pane.messages.example_select(example, desk.known, desk.shown, **_ASKING)


def _connect_clicks(desk: Desk) -> None:
    import gradio as gr

    def clicked(now: Conversation, chosen: Preferences, event: gr.EventData, request: gr.Request) -> Iterator[tuple[Any, ...]]:
        fields = _fields(event._data)
        do, at = fields.pop("do", None), fields.pop("at", None)
        if do == "judge":
            after = judge(now, at, fields)
            yield after, _messages(after), gr.skip(), gr.skip()
        elif do == "case":
            after = make_case(now, at)
            yield after, _messages(after), gr.skip(), gr.skip()
        elif do == "edit":
            words = fields.get("question")
            yield from _answered(desk, request, lambda stop: edit(desk.library, now, at, words, preferences=chosen, stop=stop))
        elif do == "again":
            options: dict[str, Any] = {"library": desk.library, "preferences": chosen}
            yield from _answered(desk, request, lambda stop: ask_again(now, at, fields, stop=stop, **options))

    desk.pane.clicks.submit(clicked, desk.known, desk.shown, **_ASKING)


def _connect_stops(page: "gr.Blocks", desk: Desk) -> None:
    import gradio as gr

    def stopped(request: gr.Request) -> None:
        desk.running.stop(str(request.session_hash))

    def cleared(request: gr.Request) -> tuple[Any, ...]:
        desk.running.drop(str(request.session_hash))
        return Conversation(), [], _box(""), evidence_html(Conversation())

    desk.pane.question.stop(stopped, None, None, queue=False, **_QUIET)
    desk.pane.new.click(cleared, None, desk.shown, queue=False, **_QUIET)
    page.unload(stopped)


def _answered(
    desk: Desk, request: "gr.Request", steps: Callable[["threading.Event"], Iterator[Conversation]], *, empties: bool = False
) -> Iterator[tuple[Any, ...]]:
    """Show each step of a visitor's answer, as long as no later question takes its place; `empties` the box where it was typed."""
    visitor, drawn = str(request.session_hash), _Drawn(empties=empties)
    with desk.running.answer(visitor) as stop:
        for step in steps(stop):
            if not desk.running.is_current(visitor, stop):
                return
            if desk.keeps and step.exchanges[step.shown].is_over:
                step = kept(step, owner=request.username or "")
            yield from drawn.shown(step)


def reopened(conversation: Conversation) -> tuple[Any, ...]:
    """The values of `Desk.shown` for a conversation that is taken up again."""
    return conversation, _messages(conversation), _box(""), evidence_html(conversation)


class _Drawn:
    """What one answer sends to the browser.

    The earlier messages are made once; the conversation is kept at the first step and the last, so that a source that is clicked in
    between stays open until then.
    """

    def __init__(self, *, empties: bool) -> None:
        self._empties = empties
        self._before: list[dict[str, Any]] | None = None

    def shown(self, step: Conversation) -> Iterator[tuple[Any, ...]]:
        """The outputs for one step: everything at the first and the last, the messages alone in between."""
        import gradio as gr

        is_first, is_over = self._before is None, step.exchanges[step.shown].is_over
        if self._before is None:
            self._before = _messages(step, slice(0, step.shown))
        messages = [*self._before, *_messages(step, slice(step.shown, None))]
        if is_first or is_over:
            box = _box("" if is_first and self._empties else None, is_busy=not is_over)
            yield step, messages, box, evidence_html(step)
        else:
            yield gr.skip(), messages, gr.skip(), gr.skip()


def _box(value: str | None = None, *, is_busy: bool = False) -> "gr.Textbox":
    """The box where questions are typed; while an answer comes it offers to stop that."""
    import gradio as gr

    words: dict[str, Any] = {} if value is None else {"value": value}
    return gr.Textbox(**words, submit_btn=False if is_busy else "Ask", stop_btn="Stop" if is_busy else False)


def _fields(data: object) -> dict[str, object]:
    """What a form or button sent, if it could be one of ours."""
    return dict(data) if isinstance(data, Mapping) and len(data) <= _FIELDS else {}


def _messages(conversation: Conversation, part: slice = slice(None)) -> list[dict[str, Any]]:
    """The exchanges as the chat component takes them, as markup of our own: it would take a plain string for markup too."""
    messages = []
    for index, exchange in list(enumerate(conversation.exchanges))[part]:
        messages += [_message("user", question_html(exchange, index)), _message("assistant", answer_html(exchange, index))]
    return messages


def _message(role: str, content: Html) -> dict[str, Any]:
    import gradio as gr

    return {"role": role, "content": gr.HTML(content, render=False, apply_default_css=False)}
