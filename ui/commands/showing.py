"""`demo` and `ui`: a first answer from the sample corpus, and the chat page."""

from __future__ import annotations

import os
import sys
from contextlib import redirect_stdout
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.types import Filters
from ui.commands.options import HomeOption, JsonOption, LlmOption, settings_for
from ui.console import BLANK, Line, show, waiting, write_json

if TYPE_CHECKING:
    from rag.chatbot import Chatbot

QUESTION = "When did French troops leave Mali?"
NEXT = (
    ("dateline ui", "the chat page, with these articles until you sync your own"),
    ("dateline sync YOUR_FOLDER", "read your own articles"),
    ('dateline ask "YOUR QUESTION"', "and ask them"),
)


def demo(home: HomeOption = None, as_json: JsonOption = False) -> int:
    """Answer one question from the sample corpus, and say what to type next."""
    from ui.sample import sample_articles

    with waiting("Reading the sample articles"):
        chatbot = _sample_chatbot(home)
    with chatbot:
        answer = chatbot.ask(QUESTION, filters=Filters(paths=(str(sample_articles()),)))
        folder = str(chatbot.home.path)
    if as_json:
        write_json({"home": folder, "answer": answer.to_dict(), "next": [command for command, _ in NEXT]})
        return 0
    from ui.text import answer_lines

    show([Line(f"> {QUESTION}"), BLANK, *answer_lines(answer)])
    width = max(len(command) for command, _ in NEXT)
    show([BLANK, Line("What to type next:"), *(Line(f"{command:<{width}}   {what}", "", 1) for command, what in NEXT)])
    return 0


def page(
    host: Annotated[
        str,
        typer.Option(
            "--host", metavar="HOST", help="Address to serve on; others than this machine's own need --auth-file or --open-to-everyone."
        ),
    ] = "127.0.0.1",
    port: Annotated[int, typer.Option("--port", metavar="N", min=1, max=65535, help="Port to serve on.")] = 7860,
    llm: LlmOption = None,
    auth_file: Annotated[
        Path | None, typer.Option("--auth-file", metavar="FILE", help="Who may come in; `python -m ui.auth` writes it.")
    ] = None,
    open_to_everyone: Annotated[
        bool, typer.Option("--open-to-everyone", help="Let everybody who reaches --host read and ask these articles, without a password.")
    ] = False,
    name: Annotated[
        list[str] | None,
        typer.Option("--name", metavar="NAME", help="A further name by which browsers may reach the page; may be repeated."),
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Serve the chat page until Ctrl+C; it opens in your browser."""
    from ui.page import launch

    folder = settings_for(home).home
    with redirect_stdout(sys.stderr):  # Gradio says goodbye on standard output
        launch(
            folder, host=host, port=port, llm=llm, auth_file=auth_file, open_to_everyone=open_to_everyone, names=name or (),
            open_browser=_has_browser(),
        )  # fmt: skip
    if as_json:
        write_json({"home": str(folder), "url": f"http://{host}:{port}/"})
    return 0


def _sample_chatbot(home: Path | None) -> Chatbot:
    """A chatbot with the sample synced: in its own home in the user's cache, else beside what `home` holds."""
    from rag.chatbot import Chatbot
    from ui.sample import open_sample, sample_articles

    if home is None:
        return open_sample(llm="built-in")
    chatbot = Chatbot.open(settings=settings_for(home, llm="built-in"), create=True)
    chatbot.sync(sample_articles())
    return chatbot


def _has_browser() -> bool:
    """Whether somebody sits at this machine with a window to open."""
    screen = sys.platform in ("darwin", "win32") or "DISPLAY" in os.environ or "WAYLAND_DISPLAY" in os.environ
    return screen and sys.stderr.isatty()
