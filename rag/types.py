"""What an answer is made of. Other programs read these names; the JSON Schema is `answer_schema()`.

An `Answer` says where each of its sentences comes from: `claims` are its sentences, each naming the numbers of the
`citations` that support it, and each citation is an exact slice of one article: `article.text[start:end] == quote`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from typing import Any, Literal

from index.types import Filters, Newer, Passage
from rag.wording import context_lines, notebook_html, plain_text, remarks_on, speech_line

CheckName = Literal["quote", "numbers", "dates", "names", "quotations", "attribution", "support"]
CHECK_NAMES: tuple[CheckName, ...] = ("quote", "numbers", "dates", "names", "quotations", "attribution", "support")


@dataclass(frozen=True, kw_only=True, slots=True)
class Turn:
    """One earlier exchange of a conversation."""

    question: str
    answer: str


SpeechKind = Literal["said", "according_to", "alleged", "denied", "quote"]


@dataclass(frozen=True, kw_only=True, slots=True)
class Speech:
    """Reported speech in a quote: `quote[start:end] == speaker`, where a speaker stands in it."""

    speaker: str | None
    """None for an allegation without a source, and for a quotation whose speaker stands in a sentence beside it."""
    start: int | None
    end: int | None
    verb: str | None
    """What reports it, as written: "said", "according to"."""
    kind: SpeechKind
    resolved: str | None = None
    """Whom a pronoun, or a quotation without a speaker of its own, stands for, in the words of a sentence beside it."""

    @property
    def display(self) -> str:
        """Who says it, on one line: "According to Oren Valk (“he”)", "Denied by the bank", "Alleged; no source is named"."""
        return speech_line(self)


@dataclass(frozen=True, kw_only=True, slots=True)
class RelativeDate:
    """A relative date of a quote: `quote[start:end] == text`. Both days are None where it could not be resolved."""

    text: str
    start: int
    end: int
    first: str | None
    last: str | None
    """Equal to `first` for a single day."""
    display: str
    """Such as "Friday = 6 June 2025", or why the day is not known."""


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
    speech: Speech | None = None
    """Who says what the quote says; None where it reports no speech."""
    dates: tuple[RelativeDate, ...] = ()
    """The relative dates of the quote, told from the day on which its article was published."""

    agency: str | None = None
    """The news agency that wrote the story, where one of its articles credits it."""
    carried_by: tuple[str, ...] = ()
    """Labels of the other articles that are copies of this one: they confirm nothing."""
    superseded: Newer | None = None
    """The later version or the correction that took the place of this article."""

    @property
    def context(self) -> tuple[str, ...]:
        """What to show beneath the quote, a line each: its newer version, who says it, its relative dates, who else carried it."""
        return context_lines(self)


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
    attribution: str = ""
    """Who says it, where that stands in a sentence beside the quoted one: "according to Ina Pell", "“he” is Oren Valk"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Value:
    """One of several values that the articles give for the same thing."""

    value: str
    citations: tuple[int, ...]
    labels: tuple[str, ...]
    published: tuple[str | None, ...]


@dataclass(frozen=True, kw_only=True, slots=True)
class AskedTime:
    """What a question's own words say of time: days of publication, or that the newest is asked for."""

    words: tuple[str, ...] = ()
    """The words for days, as they stand in the question."""
    since: str | None = None
    until: str | None = None
    """The days that these mean, `YYYY-MM-DD`, both included; None where open."""
    applied: bool = False
    """Whether they limited the search that this answer comes from; `Answer.filters` says to which days."""
    latest: bool = False
    """Whether the newest is asked for; then the newest of answers that are about equally good goes first."""

    @property
    def quoted(self) -> str:
        """The words in quotation marks: “since May” and “last week”."""
        return " and ".join(f"“{phrase}”" for phrase in self.words)


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
    """Those in force: what was given, and what the question's own words added."""
    time: AskedTime | None = None
    """What the question's own words say of time; None where they say nothing."""
    rejected: tuple[str, ...] = ()
    """Citation keys that a model invented; empty is healthy."""
    model: str = "built-in"
    confidence: float | None = None
    """How sure the built-in answerer is of its answer, 0 to 1; None where it gives none, and of a language model's."""
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
    def as_of(self) -> str | None:
        """When the newest article that the sentences cite was published; None where none of them is dated."""
        numbers = {number for claim in self.claims for number in claim.citations}
        return max((item.published for item in self.citations if item.number in numbers and item.published), default=None)

    def told_by(self, value: Value) -> tuple[str, ...]:
        """Who says one of several values, each once: "according to the army"; nobody where the articles say it themselves."""
        speeches = (citation.speech for citation in self.citations if citation.number in value.citations)
        lines = (speech.display for speech in speeches if speech)
        return tuple(dict.fromkeys(line[0].lower() + line[1:] for line in lines))

    @property
    def remarks(self) -> tuple[str, ...]:
        """What to show above the answer: how the question was understood, which days were searched, and the notes."""
        return tuple(remarks_on(self))

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
        return plain_text(self)

    def _repr_html_(self) -> str:
        """The answer for a notebook; article text is escaped."""
        return notebook_html(self)


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
