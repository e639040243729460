"""The middle pane: the conversation, and the box where questions are typed."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ui.asking import ask, ask_again
from ui.conversation import Conversation
from ui.library import Library
from ui.markup import Html
from ui.panes.parts import asset, html
from ui.preferences import Preferences
from ui.render.answer import answer_html, question_html
from ui.render.evidence import evidence_html

if TYPE_CHECKING:
    import gradio as gr

_PLACEHOLDER = "Ask a question. Every sentence of the answer is one click from the words that support it."


@dataclass(frozen=True, kw_only=True, slots=True)
class ChatPane:
    """Its components."""

    messages: "gr.Chatbot"
    question: "gr.Textbox"
    clicks: "gr.HTML"
    """Shows nothing; hears what is clicked in the messages (see chat.js)."""


def lay_out(library: Library) -> ChatPane:
    """Make the components, in the column that is open."""
    import gradio as gr

    messages = gr.Chatbot(
        label="Conversation", show_label=False, elem_id="dl-chat", height="100%", layout="panel", buttons=[], render_markdown=False,
        latex_delimiters=[], feedback_options=None, placeholder=_PLACEHOLDER, examples=examples(library),
    )  # fmt: skip
    question = gr.Textbox(
        label="Question", show_label=False, placeholder="Ask these articles …", submit_btn="Ask", lines=1, max_lines=4,
        autofocus=True, elem_id="dl-question", html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=True),
    )  # fmt: skip
    return ChatPane(messages=messages, question=question, clicks=html(Html(), "dl-chat-clicks", js_on_load=asset("chat.js")))


def examples(library: Library) -> list[Any]:
    """The questions that an empty conversation offers."""
    return [{"text": question} for question in library.questions]


def connect(library: Library, pane: ChatPane, conversation: "gr.State", preferences: "gr.State", evidence: "gr.HTML") -> None:
    """Let questions be answered; the evidence pane follows."""
    import gradio as gr

    def asked(words: str, now: Conversation, chosen: Preferences) -> Iterator[tuple[Any, ...]]:
        for step in ask(library, now, words, preferences=chosen):
            yield step, _messages(step), "", evidence_html(step)

    def example(now: Conversation, chosen: Preferences, event: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from asked(str(event.value["text"]), now, chosen)

    def again(now: Conversation, chosen: Preferences, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        given = event._data or {}
        for step in ask_again(now, given.get("again"), given.get("since", ""), given.get("until", ""), preferences=chosen):
            yield step, _messages(step), evidence_html(step)

    shown = [conversation, pane.messages, pane.question, evidence]
    known = [conversation, preferences]
    quiet: dict[str, Any] = {"show_progress": "hidden", "api_visibility": "private"}
    pane.question.submit(asked, [pane.question, *known], shown, **quiet)
    pane.messages.example_select(example, known, shown, **quiet)
    pane.clicks.submit(again, known, [conversation, pane.messages, evidence], **quiet)


def _messages(conversation: Conversation) -> list[dict[str, Any]]:
    """The exchanges as the chat component takes them, as markup of our own: it would take a plain string for markup too."""
    import gradio as gr

    def message(role: str, content: Html) -> dict[str, Any]:
        return {"role": role, "content": gr.HTML(content, render=False, apply_default_css=False)}

    messages = []
    for index, exchange in enumerate(conversation.exchanges):
        messages += [message("user", question_html(exchange)), message("assistant", answer_html(exchange, index))]
    return messages
