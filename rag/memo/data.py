"""What a memo is: answers with the facts of the articles that they cite, and a digest over all of it.

The digest tells whether anything was changed by accident or by hand. It is no signature: whoever changes a memo can make the digest
anew, and only a comparison with the articles finds that out.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, datetime
from functools import cache
from importlib.metadata import version
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any, Literal

from index.types import Article, Filters, Passage
from rag.types import Answer, Citation

if TYPE_CHECKING:
    from pydantic import TypeAdapter

    from index.home import Home
    from rag.conversations import KeptConversation

FORMAT: Literal["dateline-memo"] = "dateline-memo"
VERSION = 1
"""Of the data. A field that is added leaves it as it is."""
LAYOUT = 1
"""Of what `told`, `page` and `markdown` make of the data; any change of their words or markup moves it on."""
_FACTS = ("doc_id", "label", "path", "title", "publisher", "published", "url")
"""What a citation and its article must both say."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Source:
    """An article that is cited or shown, as the home had it when the memo was made."""

    id: str
    text_hash: str | None
    """None where the home did not have the article as it is cited (any more); the other facts are then the citation's."""
    doc_id: str
    label: str
    path: str
    root: str
    """The name of the folder that was synced, without where it lies."""
    title: str | None
    publisher: str | None
    published: str | None
    url: str | None
    authors: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Where each fact was read from, such as {"published": "front matter"}."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Entry:
    """One answer of a memo."""

    answer: Answer
    asked: str | None = None
    """When it was asked, in UTC; None where that is not known."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Origin:
    """The conversation that a memo was made of."""

    id: str
    created: str


@dataclass(frozen=True, kw_only=True, slots=True)
class Memo:
    """Answers that can be handed on. The JSON Schema of `to_dict()` is `memo_schema()`."""

    title: str
    exported: str
    """When, in UTC."""
    answers: tuple[Entry, ...]
    articles: tuple[Source, ...] = ()
    """Every article that they cite or show, once."""
    conversation: Origin | None = None
    dateline: str = ""
    """The version that made it."""
    format: Literal["dateline-memo"] = FORMAT
    version: int = VERSION
    layout: int = LAYOUT

    @property
    def gone(self) -> tuple[Source, ...]:
        """The articles that the home did not have as they are cited."""
        return tuple(source for source in self.articles if source.text_hash is None)

    def to_dict(self) -> dict[str, Any]:
        """This memo as plain JSON data, with its digest."""
        answers = [{"asked": entry.asked, "answer": entry.answer.to_dict()} for entry in self.answers]
        articles = [{**asdict(source), "authors": list(source.authors)} for source in self.articles]
        data = {**asdict(replace(self, answers=(), articles=())), "answers": answers, "articles": articles}
        return {**data, "digest": digest_of(data)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Memo:
        """The memo that `to_dict` wrote; whether its digest fits is not looked at.

        Raises:
            pydantic.ValidationError: `data` does not fit `memo_schema()`.
            BadFilter: filters of an answer do not fit together.
        """
        return _adapter().validate_python({name: value for name, value in data.items() if name != "digest"})


@cache
def _adapter() -> TypeAdapter[Memo]:
    from pydantic import TypeAdapter

    return TypeAdapter(Memo)


def memo_schema() -> dict[str, Any]:
    """The JSON Schema (2020-12) of `Memo.to_dict()`."""
    schema = _adapter().json_schema(mode="serialization")
    digest = {"type": "string", "pattern": "^sha256:[0-9a-f]{64}$", "description": "over all else, see docs/memos.md"}
    return {**schema, "properties": {**schema["properties"], "digest": digest}, "required": [*schema["required"], "digest"]}


def memo_of(
    answers: Iterable[Answer | Entry],
    home: Home,
    *,
    title: str | None = None,
    conversation: Origin | None = None,
    now: datetime | None = None,
) -> Memo:
    """Make a memo of some answers.

    The folder that was synced keeps its name only, so that a memo does not tell where it lies on the machine that made it.

    Args:
        answers: at least one, each as `Chatbot.ask` gave it, or with the time when it was asked.
        home: where they were asked; it gives the articles' hashes and where their facts were read from.
        title: None for the first question.
        conversation: the one that they are from.
        now: the time of the export; None for the present.
    """
    entries = [entry if isinstance(entry, Entry) else Entry(answer=entry) for entry in answers]
    with home.catalogue.snapshot():
        articles = tuple(_sources([entry.answer for entry in entries], home))
        roots = home.catalogue.roots()
    return Memo(
        title=title or entries[0].answer.question,
        exported=moment_of(now or datetime.now(UTC)),
        answers=tuple(replace(entry, answer=_handed_on(entry.answer, roots)) for entry in entries),
        articles=articles,
        conversation=conversation,
        dateline=version("dateline"),
    )


def memo_of_kept(kept: KeptConversation, home: Home, *, answer: int | None = None, now: datetime | None = None) -> Memo:
    """Make a memo of a kept conversation.

    Args:
        kept: the conversation.
        home: as for `memo_of`.
        answer: only this answer of it, from 1; None for all.
        now: as for `memo_of`.

    Raises:
        IndexError: it has no such answer.
    """
    entries = [Entry(answer=turn.answer, asked=turn.asked) for turn in kept.turns]
    if answer is not None and not 1 <= answer <= len(entries):
        raise IndexError(f"the conversation has {len(entries)} answers")
    origin = Origin(id=kept.heading.id, created=kept.heading.created)
    title = kept.heading.title if answer is None else None
    return memo_of(entries if answer is None else entries[answer - 1 : answer], home, title=title, conversation=origin, now=now)


def moment_of(when: datetime) -> str:
    """A time as a memo writes it: `2026-11-21T21:40:12Z`."""
    return when.astimezone(UTC).isoformat(timespec="seconds").replace("+00:00", "Z")


def digest_of(data: Mapping[str, Any]) -> str:
    """The digest of a memo's data: SHA-256 of its JSON with sorted keys and without spaces, whole numbers without a point.

    Args:
        data: the memo; a digest that it holds already is left out.
    """
    content = {name: value for name, value in data.items() if name != "digest"}
    written = json.dumps(_canonical(content), sort_keys=True, separators=(",", ":"))
    return f"sha256:{hashlib.sha256(written.encode()).hexdigest()}"


def shown(answer: Answer) -> tuple[Citation | Passage, ...]:
    """The sources of an answer: what it cites, or what came nearest."""
    return (*answer.citations, *answer.nearest)


def no_dates(memo: Memo) -> Iterator[tuple[str, str]]:
    """(place, value) of each day of publication that is none."""
    given: list[tuple[str, str | None]] = [(f"the day of article {source.id}", source.published) for source in memo.articles]
    for number, entry in enumerate(memo.answers, start=1):
        given += ((f"answer {number}: the day of {source.label}", source.published) for source in shown(entry.answer))
        values = (*entry.answer.disagreement, *entry.answer.also_given)
        given += ((f"answer {number}: the day of “{value.value}”", day) for value in values for day in value.published)
    yield from ((place, day) for place, day in given if day is not None and not _is_date(day))


def _is_date(published: str) -> bool:
    """Whether this is `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`."""
    try:
        return datetime.fromisoformat(published).isoformat(timespec="minutes")[: len(published)] == published and len(published) in (10, 16)
    except ValueError:
        return False


def words_of(source: Citation | Passage) -> str:
    """The words of a source."""
    return source.quote if isinstance(source, Citation) else source.text


def differing(source: Citation | Passage | Source, other: Article | Source) -> list[str]:
    """The names of the facts in which two accounts of an article differ."""
    return [name for name in _FACTS if getattr(source, name) != getattr(other, name)]


def _sources(answers: Sequence[Answer], home: Home) -> Iterator[Source]:
    cited: dict[str, list[Citation | Passage]] = {}
    for answer in answers:
        for source in shown(answer):
            cited.setdefault(source.article_id, []).append(source)
    numbers = home.catalogue.locate(list(cited))
    for article_id, sources in cited.items():
        article = home.catalogue.numbered(numbers[article_id])[0] if article_id in numbers else None
        yield _source(sources, article)


def _source(cited: Sequence[Citation | Passage], article: Article | None) -> Source:
    """An article as the home has it, or where it is not as it is cited, as it is cited."""
    first = cited[0]
    if article is not None and all(_fits(source, article) for source in cited):
        return Source(
            **{name: getattr(article, name) for name in _FACTS}, id=article.id, text_hash=article.text_hash, root=_name(article.root),
            authors=article.authors, provenance=dict(article.provenance),
        )  # fmt: skip
    return Source(**{name: getattr(first, name) for name in _FACTS}, id=first.article_id, text_hash=None, root=_name(first.root))


def _fits(source: Citation | Passage, article: Article) -> bool:
    return article.text[source.start : source.end] == words_of(source) and not differing(source, article)


def _handed_on(answer: Answer, roots: Sequence[str]) -> Answer:
    """An answer without the places of folders on this machine."""
    return replace(
        answer,
        citations=tuple(replace(citation, root=_name(citation.root)) for citation in answer.citations),
        nearest=tuple(replace(passage, root=_name(passage.root)) for passage in answer.nearest),
        filters=_relative(answer.filters, roots),
    )


def _relative(filters: Filters, roots: Sequence[str]) -> Filters:
    """Filters whose paths begin with the name of the folder that was synced."""
    above = {Path(root).parent for root in roots}
    paths = [
        next((Path(path).relative_to(one) for one in above if Path(path).is_relative_to(one)), PurePath(_name(path)))
        for path in filters.paths
    ]
    return replace(filters, paths=tuple(path.as_posix() for path in paths))


def _name(folder: str) -> str:
    return PurePath(folder).name or folder


def _canonical(value: Any) -> Any:
    """`value` with whole numbers written as such, however a tool that wrote the JSON again puts them."""
    if isinstance(value, dict):
        return {key: _canonical(item) for key, item in value.items()}
    if isinstance(value, list):
        return [_canonical(item) for item in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
