"""The JSON Schema (2020-12) of what other programs send and get."""

from __future__ import annotations

from functools import cache
from typing import Any, NamedTuple

from pydantic import TypeAdapter

from index.types import Article, Carried
from rag.types import answer_schema
from ui.serving.problems import problem_schema
from ui.serving.requests import ArticleRequest, AskRequest, SearchRequest

DIALECT = "https://json-schema.org/draft/2020-12/schema"
_NOT_SENT = ("text_hash", "sentences")
"""What a passage keeps to itself (see `Passage.to_dict`)."""


class Route(NamedTuple):
    """One thing that can be asked over HTTP; a request and a response are names of definitions."""

    method: str
    path: str
    request: str | None
    response: str


ROUTES = (
    Route("POST", "/api/ask", "AskRequest", "Answer"),
    Route("POST", "/api/search", "SearchRequest", "Passages"),
    Route("GET", "/api/article/{id}", "ArticleRequest", "ShownArticle"),
    Route("GET", "/api/health", None, "Health"),
    Route("GET", "/api/schema", None, "Schema"),
)


@cache
def api_schema() -> dict[str, Any]:
    """Every request and response of the HTTP API, and which route has which."""
    definitions = {
        "AskRequest": _hoisted(AskRequest.model_json_schema()),
        "SearchRequest": SearchRequest.model_json_schema(),
        "ArticleRequest": ArticleRequest.model_json_schema(),
        **{name: _hoisted(schema) for name, schema in _replies().items()},
        "Event": _event_schema(),
        "Error": problem_schema(),
        "Schema": {"type": "object", "description": "this document"},
        **_shared(),
    }
    routes = [
        {"method": method, "path": path, "request": _reference(request), "response": _reference(response), "error": _reference("Error")}
        for method, path, request, response in ROUTES
    ]
    title = "What Dateline can be asked over HTTP"
    return {"$schema": DIALECT, "title": title, "routes": routes, "$defs": dict(sorted(definitions.items()))}


def reply_schema(name: str) -> dict[str, Any]:
    """The schema of one reply that needs no other document: `Answer`, `Passages` or `ShownArticle`."""
    used = {"Passages": ("Passage", "Newer"), "ShownArticle": ("Article", "Carried", "Newer")}
    if name == "Answer":
        return answer_schema()
    return {**_replies()[name], "$defs": {part: _shared()[part] for part in used[name]}}


def _replies() -> dict[str, dict[str, Any]]:
    text, number = {"type": "string"}, {"type": "integer", "minimum": 0}
    day = {"type": ["string", "null"]}
    counts = dict.fromkeys(("generation", "articles", "chunks", "undated"), number)
    excerpt = {**_object(start=number, end=number, length=number), "description": "which part of the text this is; absent where it is all"}
    removed = _object(text=text, rule=text)
    shown = _object(article=_reference("Article"), removed={"type": "array", "items": removed}, story=_reference("Carried"))
    return {
        "Answer": answer_schema(),
        "Passages": _object(passages={"type": "array", "items": _reference("Passage")}),
        "ShownArticle": {**shown, "properties": {**shown["properties"], "excerpt": excerpt}},
        "Health": _object(ok={"const": True}, version=text, model=text, **counts, first=day, last=day),
    }


def _shared() -> dict[str, Any]:
    """The definitions that others refer to."""
    answer = answer_schema()["$defs"]
    passage = answer["Passage"]
    sent = {name: schema for name, schema in passage["properties"].items() if name not in _NOT_SENT}
    return {
        **answer,
        **AskRequest.model_json_schema()["$defs"],
        "Passage": {**passage, "properties": sent, "required": [*sent]},
        "Article": TypeAdapter(Article).json_schema(mode="serialization"),
        "Carried": _hoisted(TypeAdapter(Carried).json_schema(mode="serialization")),
    }


def _event_schema() -> dict[str, Any]:
    """The data of the events that `POST /api/ask` streams: any number of `text`, then one `answer` or one `error`."""
    return {
        "oneOf": [
            {**_object(text={"type": "string"}), "description": "data of an event `text`: a piece of the answer's text as it comes"},
            {**_reference("Answer"), "description": "data of the event `answer`, which alone counts"},
            {**_reference("Error"), "description": "data of the event `error`"},
        ]
    }


def _object(**properties: Any) -> dict[str, Any]:
    """An object that has exactly these."""
    return {"type": "object", "properties": properties, "required": [*properties], "additionalProperties": False}


def _reference(name: str | None) -> Any:
    return {"$ref": f"#/$defs/{name}"} if name else None


def _hoisted(schema: dict[str, Any]) -> dict[str, Any]:
    """A schema without its own definitions, which stand beside it."""
    return {name: value for name, value in schema.items() if name != "$defs"}
