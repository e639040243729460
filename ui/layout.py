"""The page itself: Gradio components, and which handler answers which event.

The only file besides `page` and `theme` that knows Gradio. Everything that shows text is made in `render` and `render_corpus`;
everything that happens is in `handlers`. Annotations are evaluated here, since Gradio reads those of event functions.
"""

from collections.abc import Iterator
from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ui.conversation import Conversation
from ui.handlers import ask, ask_again, show, sync
from ui.library import Library, last_written
from ui.markup import Html, tag
from ui.render import answer_html, evidence_html, question_html
from ui.render_corpus import corpus_html, sync_html

if TYPE_CHECKING:
    import gradio as gr

_PLACEHOLDER = "Ask a question. Every sentence of the answer is one click from the words that support it."
_AT_ONCE = 4
_WAITING = 64


def asset(name: str) -> str:
    """The text of a file in `ui/assets`."""
    return files("ui").joinpath("assets", name).read_text(encoding="utf-8")


def build(library: Library, *, may_sync: bool = True) -> "gr.Blocks":
    """Lay out the page and connect it.

    Args:
        library: what to ask.
        may_sync: whether visitors may sync folders of the machine that serves the page.
    """
    import gradio as gr

    page = gr.Blocks(title="Dateline", analytics_enabled=False, fill_width=True, fill_height=True)
    with page:
        conversation = gr.State(Conversation())
        _html(_masthead(library), "dl-masthead")
        with gr.Row(elem_id="dl-panes"):
            with gr.Column(elem_id="dl-left", min_width=0):
                corpus = _html(_corpus(library), "dl-corpus")
                box = _sync_box() if may_sync else None
            with gr.Column(elem_id="dl-middle", min_width=0):
                chat = _chat(library)
                question = gr.Textbox(
                    label="Question", show_label=False, placeholder="Ask these articles …", submit_btn="Ask", lines=1, max_lines=4,
                    autofocus=True, elem_id="dl-question", html_attributes=gr.InputHTMLAttributes(autocomplete="off", spellcheck=True),
                )  # fmt: skip
            with gr.Column(elem_id="dl-right", min_width=0):
                evidence = _html(evidence_html(Conversation()), "dl-evidence", js_on_load=asset("evidence.js"))
        _connect_chat(library, conversation, chat, question, evidence)
        if box is not None:
            _connect_sync(library, box, corpus, chat)
        page.load(lambda: _library(library), None, [corpus, chat], show_progress="hidden", api_visibility="private")
    page.queue(default_concurrency_limit=_AT_ONCE, max_size=_WAITING)
    return page


def _html(value: Html, elem_id: str, **options: Any) -> "gr.HTML":
    import gradio as gr

    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, **options)


def _masthead(library: Library) -> Html:
    model = library.chatbot.model
    how = "built-in answers, nothing leaves this machine" if model == "built-in" else f"answers by {model}"
    motto = tag("p", "Ask a folder of news articles")
    return tag("header", tag("h1", "Dateline"), motto, tag("p", how, class_="dl-model"), class_="dl-masthead")


def _corpus(library: Library) -> Html:
    return corpus_html(library.chatbot.home.stats(), is_sample=library.is_sample, written=last_written(library.chatbot))


def _library(library: Library) -> "tuple[Html, gr.Chatbot]":
    """What changes on the page when the library moves from the sample to the visitor's own articles."""
    import gradio as gr

    return _corpus(library), gr.Chatbot(examples=_examples(library))


def _examples(library: Library) -> list[Any]:
    return [{"text": question} for question in library.questions]


def _chat(library: Library) -> "gr.Chatbot":
    import gradio as gr

    return gr.Chatbot(
        label="Conversation", show_label=False, elem_id="dl-chat", height="100%", layout="panel", buttons=[], render_markdown=False,
        latex_delimiters=[], feedback_options=None, placeholder=_PLACEHOLDER, examples=_examples(library),
    )  # fmt: skip


def _messages(conversation: Conversation) -> list[dict[str, Any]]:
    """The exchanges as the chat component takes them, as markup of our own: it would take a plain string for markup too."""
    import gradio as gr

    def message(role: str, content: Html) -> dict[str, Any]:
        return {"role": role, "content": gr.HTML(content, render=False, apply_default_css=False)}

    messages = []
    for index, exchange in enumerate(conversation.exchanges):
        messages += [message("user", question_html(exchange)), message("assistant", answer_html(exchange, index))]
    return messages


def _connect_chat(library: Library, conversation: "gr.State", chat: "gr.Chatbot", question: "gr.Textbox", evidence: "gr.HTML") -> None:
    import gradio as gr

    def asked(words: str, now: Conversation) -> Iterator[tuple[Any, ...]]:
        for step in ask(library, now, words):
            yield step, _messages(step), "", evidence_html(step)

    def chosen(now: Conversation, event: gr.SelectData) -> Iterator[tuple[Any, ...]]:
        yield from asked(str(event.value["text"]), now)

    def clicked(now: Conversation, event: gr.EventData) -> tuple[Conversation, Html]:
        after = show(now, (event._data or {}).get("open"))
        return after, evidence_html(after)

    def again(now: Conversation, event: gr.EventData) -> Iterator[tuple[Any, ...]]:
        given = event._data or {}
        for step in ask_again(now, given.get("again"), given.get("since", ""), given.get("until", "")):
            yield step, _messages(step), evidence_html(step)

    shown = [conversation, chat, question, evidence]
    question.submit(asked, [question, conversation], shown, show_progress="hidden", api_visibility="private")
    chat.example_select(chosen, [conversation], shown, show_progress="hidden", api_visibility="private")
    evidence.click(clicked, [conversation], [conversation, evidence], show_progress="hidden", api_visibility="private")
    evidence.submit(again, [conversation], [conversation, chat, evidence], show_progress="hidden", api_visibility="private")


def _sync_box() -> "tuple[gr.Textbox, gr.Button, gr.HTML]":
    import gradio as gr

    folder = gr.Textbox(label="Folder of articles", placeholder="~/articles", lines=1, max_lines=1, elem_id="dl-folder")
    button = gr.Button("Sync", elem_id="dl-sync", size="sm")
    return folder, button, _html(Html(), "dl-sync-state")


def _connect_sync(library: Library, box: "tuple[gr.Textbox, gr.Button, gr.HTML]", corpus: "gr.HTML", chat: "gr.Chatbot") -> None:
    import gradio as gr

    folder, button, state = box

    def synced(path: str) -> Iterator[tuple[Any, ...]]:
        for step in sync(library, path):
            news = _library(library) if step.is_over else (gr.skip(), gr.skip())
            yield sync_html(step), gr.Button("Sync", interactive=step.is_over), *news

    shown = [state, button, corpus, chat]
    for event in (button.click, folder.submit):
        event(synced, [folder], shown, show_progress="hidden", concurrency_limit=1, concurrency_id="sync", api_visibility="private")
