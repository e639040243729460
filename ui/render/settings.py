"""Settings as HTML: the form, and the line that says what came of it."""

from __future__ import annotations

from ui.markup import Html, join, tag
from ui.preferences import PROVIDERS, STARTED, Preferences, Provider

STYLES = (
    ("brief", "Brief", "the short answer and one sentence"),
    ("standard", "Standard", "the short answer and its evidence"),
    ("detailed", "Detailed", "what else the articles tell of it"),
)
"""Each answer style: its value, its name, and what it gives."""
_FIELDS = (
    ("model", "Model", {"type": "text"}),
    ("address", "Address of the server", {"type": "text", "inputmode": "url", "placeholder": "http://localhost:8000/v1"}),
    ("key", "Key", {"type": "password"}),
)
_CAPTIONS = {
    "built-in": "Needs no model and no key, and answers at once.",
    "ollama": "A model on this machine, or where OLLAMA_HOST points: ollama pull llama3.2",
    "openai-like": "vLLM, llama.cpp, LM Studio and others. Your questions and the passages found for them are sent to its address.",
}
_SENT = "Your questions and the passages found for them are sent there."
_KEY = "Held in memory for this page only; never shown, logged or saved."
_KEY_OPTIONAL = " Empty: the one in the environment, or none."


def settings_html(preferences: Preferences, *, model: str, is_private: bool) -> Html:
    """The form, with what is in force chosen.

    Args:
        preferences: those in force when the page opens.
        model: who answers as the page was started: `built-in`, or a language model's spec.
        is_private: whether the visitor sits at the machine that serves the page; see `ui.preferences.chosen`.
    """
    offered = {name: provider for name, provider in PROVIDERS.items() if is_private or not provider.reaches_in}
    started = {} if model == "built-in" else {STARTED: Provider(f"As started: {model}")}
    close = tag("button", "Close", type="button", data_settings="close", class_="dl-quiet-button")
    head = tag("div", tag("h2", "Settings", id="dl-settings-title"), close, class_="dl-settings-head")
    fields = [_field(*field, offered, is_private=is_private) for field in _FIELDS]
    tested = f"{STARTED} {_for(offered, 'model')}"
    test = tag("button", "Test", type="button", data_settings="test", data_for=tested, hidden=True, class_="dl-plain-button")
    who = tag("div", _providers(started | offered), *fields, class_="dl-settings-part")
    styles = [_choice("radio", "style", *one, value=value, is_chosen=value == preferences.style) for value, *one in STYLES]
    strict = _choice("checkbox", "strict", "Strict", "leave out what fails a check", is_chosen=preferences.strict)
    use = tag("button", "Use these settings", type="submit", class_="dl-main-button")
    how = tag("fieldset", tag("legend", "Answers are", class_="dl-label"), *styles, strict)
    return tag(
        "form", head, who, how, tag("div", test, use, class_="dl-settings-foot"), class_="dl-settings", autocomplete="off", novalidate=True
    )


def told_html(words: str, *, kind: str = "") -> Html:
    """The line below the form: empty, under way, "good" or "bad"."""
    return tag("p", words, class_=f"dl-told {f'dl-{kind}' if kind else ''}".strip()) if words else Html()


def _providers(providers: dict[str, Provider]) -> Html:
    options = [tag("option", provider.label, value=name, selected=place == 0) for place, (name, provider) in enumerate(providers.items())]
    captions = [
        tag("p", _CAPTIONS.get(name, _SENT), data_for=name, hidden=True, class_="dl-caption") for name in providers if name != STARTED
    ]
    return join(
        tag("label", "Answers by", for_="dl-provider", class_="dl-label"),
        tag("select", *options, id="dl-provider", name_="provider", class_="dl-typed"),
        *captions,
    )


def _field(name: str, label: str, attributes: dict[str, str], offered: dict[str, Provider], *, is_private: bool) -> Html:
    """A labelled field, shown for the providers that take it."""
    options = {
        "autocomplete": "new-password" if name == "key" else "off",
        "autocapitalize": "none",
        "spellcheck": "false",
        "maxlength": "300",
    }
    field = tag(
        "input",
        name_=name,
        id=f"dl-{name}",
        class_="dl-typed",
        aria_describedby="dl-key-note" if name == "key" else None,
        **attributes,
        **options,
    )
    note = tag("p", _KEY + (_KEY_OPTIONAL if is_private else ""), id="dl-key-note", class_="dl-caption") if name == "key" else None
    return tag(
        "div",
        tag("label", label, for_=f"dl-{name}", class_="dl-label"),
        field,
        note,
        data_for=_for(offered, name),
        hidden=True,
        class_="dl-field",
    )


def _for(offered: dict[str, Provider], name: str) -> str:
    return " ".join(one for one, provider in offered.items() if name in provider.needs + provider.may_need)


def _choice(kind: str, name: str, label: str, what: str, *, is_chosen: bool, value: str = "on") -> Html:
    field = tag("input", type=kind, name_=name, value=value, checked=is_chosen)
    return tag("label", field, tag("span", tag("strong", label), tag("span", what)), class_="dl-choice")
