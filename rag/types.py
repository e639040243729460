"""What an answer is made of. Other programs read these names; the JSON Schema is `answer_schema()`.

An `Answer` says where each of its sentences comes from: `claims` are its sentences, each naming the numbers of the
`citations` that support it, and each citation is an exact slice of one article: `article.text[start:end] == quote`.
"""

from __future__ import annotations

import html
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from index.types import Filters, Passage

CheckName = Literal["quote", "numbers", "dates", "names", "quotations", "attribution", "support"]
CHECK_NAMES: tuple[CheckName, ...] = ("quote", "numbers", "dates", "names", "quotations", "attribution", "support")


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Citation:
    """The exact words of one article that a claim rests on."""

    number: int
    """The [n] that the reader sees; 1..k in order of first use."""
    article_id: str
    doc_id: str
    label: str
    """Publisher, else title, else file name."""
    path: str
    root: str
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    quote: str
    """Equals `article.text[start:end]`."""
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Check:
    """The outcome of one check on one claim."""

    status: Literal["passed", "failed", "n/a"]
    reason: str = ""


@dataclass(frozen=True, kw_only=True, slots=True)
class Claim:
    """One sentence of the answer, and what it cites."""

    text: str
    """The sentence without its [n] markers."""
    citations: tuple[int, ...] = ()
    checks: Mapping[str, Check] = field(default_factory=dict)
    """A check's name (see `CHECK_NAMES`) -> its outcome."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One of several values that the articles give for the same thing."""

    value: str
    citations: tuple[int, ...]
    labels: tuple[str, ...]
    published: tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class Usage:
    """What the answer cost."""

    tokens_in: int = 0
    tokens_out: int = 0
    cost: float | None = None
    """In US dollars; None where no price is known."""
    seconds: Mapping[str, float] = field(default_factory=dict, compare=False)
    """Stage name -> seconds; two answers can be equal though one took longer."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Answer:
    """An answer whose every sentence can be checked, or the honest lack of one."""

    question: str
    status: Literal["answered", "no_evidence"]
    """The only thing that says whether there is an answer; never the words."""
    short: str
    """The answer in a few words; empty without evidence."""
    text: str
    """The sentences of the answer with [n] markers."""
    claims: tuple[Claim, ...] = ()
    citations: tuple[Citation, ...] = ()
    disagreement: tuple[Value, ...] = ()
    """Values that cannot all be true; empty when the articles agree."""
    also_given: tuple[Value, ...] = ()
    """Other values that are compatible with the answer."""
    missing: str | None = None
    """What the articles lack, when there is no evidence."""
    nearest: tuple[Passage, ...] = ()
    """The closest passages, which do not answer the question."""
    filters: Filters = field(default_factory=Filters)
    rejected: tuple[str, ...] = ()
    """Citation keys that a model invented; empty is healthy."""
    model: str = "built-in"
    fallback: bool = False
    """Whether the built-in answerer answered in place of a language model that failed; `notes` says why."""
    rewritten: str | None = None
    """The stand-alone question that was searched, where `question` only made sense after earlier turns."""
    notes: tuple[str, ...] = ()
    """Sentences on how the answer came about that a reader should see; usually none."""
    usage: Usage = field(default_factory=Usage)
    generation: int = 0
    """The state of the home that was asked."""

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to show above the answer: how the question was understood, and the notes."""
        return (*([f"Understood as: {self.rewritten}"] if self.rewritten else []), *self.notes)

    def to_dict(self) -> dict[str, Any]:
        """This answer as plain JSON data."""
        data = _plain(asdict(replace(self, nearest=())))
        return {**data, "nearest": [passage.to_dict() for passage in self.nearest]}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Answer:
        """The answer that `to_dict` wrote; the sentence spans of `nearest` are not kept.

        Raises:
            pydantic.ValidationError: `data` does not fit `answer_schema()`.
        """
        from pydantic import TypeAdapter

        return TypeAdapter(cls).validate_python(dict(data))

    def __str__(self) -> str:
        """The answer for a terminal: short answer, sentences, then the numbered sources."""
        remarks = "\n".join(self.remarks)
        if self.status == "no_evidence":
            return "\n\n".join(part for part in (remarks, f"Not in these articles. {self.missing or ''}".strip()) if part)
        sources = [f"[{c.number}] {describe(c)}\n    “{c.quote}”" for c in self.citations]
        return "\n\n".join(part for part in (remarks, self.short, self.text, "\n".join(sources)) if part)

    def _repr_html_(self) -> str:
        """The answer for a notebook; article text is escaped."""
        remarks = "".join(f"<p><em>{html.escape(remark)}</em></p>" for remark in self.remarks)
        if self.status == "no_evidence":
            return f"{remarks}<p><strong>Not in these articles.</strong> {html.escape(self.missing or '')}</p>"
        sources = "".join(
            f"<li value='{c.number}'>{html.escape(describe(c))}<blockquote>{html.escape(c.quote)}</blockquote></li>" for c in self.citations
        )
        return f"{remarks}<p><strong>{html.escape(self.short)}</strong></p><p>{html.escape(self.text)}</p><ol>{sources}</ol>"


def describe(source: Citation | Passage) -> str:
    """Publisher, title and date of a source on one line, without repeating one of them."""
    title = source.title if source.title != source.label else None
    return ", ".join(part for part in (source.label, title, source.published, source.path) if part)


def answer_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `Answer.to_dict()`."""
    from pydantic import TypeAdapter

    return TypeAdapter(Answer).json_schema(mode="serialization")


def _plain(value: Any) -> Any:
    """`value` with every tuple made a list, so that it equals itself after a trip through JSON."""
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
