"""What the panes are made with: our own markup as a component, and the files beside the code."""

from importlib.resources import files
from typing import TYPE_CHECKING, Any

from ui.markup import Html

if TYPE_CHECKING:
    import gradio as gr


def html(value: Html, elem_id: str, **options: Any) -> "gr.HTML":
    """A component that shows `value` as it is."""
    import gradio as gr

    return gr.HTML(value, elem_id=elem_id, apply_default_css=False, **options)


def asset(name: str) -> str:
    """The text of a file in `ui/assets`."""
    return files("ui").joinpath("assets", name).read_text(encoding="utf-8")
