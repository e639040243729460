"""The value types of the index: what an article, a chunk, a passage and a sync report are.

They are plain frozen data. How they are read is in `readers`, stored in `catalogue`, found in `search`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, fields
from pathlib import Path
from typing import Any, Literal, NamedTuple

from index.errors import BadFilter

_DATE_LENGTH = len("2025-06-06")


class Span(NamedTuple):
    """A half-open range of code points in an article's text: `text[start:end]`."""

    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Removed:
    """A piece of page furniture that the cleaner cut."""

    text: str
    """The words that were cut, as they stood."""
    rule: str
    """The name of the rule that cut them, such as "cookie-notice"."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """One article as a reader found it: metadata, and text that is not cleaned yet."""

    doc_id: str
    """The record's own id, else the file's stem."""
    text: str
    """The words of the article, page furniture possibly among them."""
    key: str = ""
    """The record's key in a file of many articles; empty where the file is the article."""
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    """`YYYY-MM-DD`, `YYYY-MM-DDTHH:MM`, or None. Never the file's own time."""
    url: str | None = None
    authors: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)
    """Field name -> where it was read from, such as {"published": "front matter"}; under "published_others" the dates of publication
    that were not believed, and under "updated" the last change, each as "2025-06-06 (source)". `prepare` adds "agency", the news agency
    that the article credits, and "correction" and "update", the words in which it says that it was changed."""
    removed: tuple[Removed, ...] = ()
    """What the reader itself cut (an HTML page's navigation, say)."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Skipped:
    """A file, or a record of a file, that could not be read."""

    path: str
    """The path as the user would type it; a record adds `:LINE`."""
    reason: str
    """One line that says what is wrong and what to do."""
    passing: bool = False
    """Whether that lay at the machine and not at the file, which the next sync reads again."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Article:
    """One article of the catalogue. Every offset in Dateline counts code points of `text`."""

    id: str
    """Hash of root-relative path and record key; stable while the file stays where it is."""
    text_hash: str
    """Hash of the cleaned text; equal for exact copies."""
    doc_id: str
    path: str
    """The file, relative to `root`, with forward slashes."""
    root: str
    """The absolute folder (or file) that was synced."""
    text: str
    """Cleaned and in Unicode normal form C."""
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    authors: tuple[str, ...] = ()
    provenance: Mapping[str, str] = field(default_factory=dict)

    @property
    def label(self) -> str:
        """What a citation calls this article: publisher, else title, else file name."""
        return self.publisher or self.title or Path(self.path).name

    @property
    def agency(self) -> str | None:
        """The news agency that it credits."""
        return self.provenance.get("agency")

    @property
    def correction(self) -> str | None:
        """The words in which it says that it was corrected, or that another article is."""
        return self.provenance.get("correction")

    @property
    def changed(self) -> str | None:
        """The words in which it says that it was corrected or updated."""
        return self.correction or self.provenance.get("update")

    def to_dict(self) -> dict[str, Any]:
        """This article as plain JSON data."""
        return {**asdict(self), "authors": list(self.authors)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Chunk:
    """An exact slice of one article, small enough for the encoder's window."""

    article_id: str
    start: int
    end: int

    @property
    def id(self) -> str:
        """Stable name, a function of the three fields."""
        return f"{self.article_id}:{self.start}:{self.end}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Newer:
    """The article that took the place of an older version of itself."""

    kind: Literal["update", "correction"]
    label: str
    article_id: str
    doc_id: str
    published: str | None


@dataclass(frozen=True, kw_only=True, slots=True)
class Carried:
    """What is known of an article's story beside the article."""

    agency: str | None = None
    """The news agency that wrote it, where one of its articles credits it."""
    carried_by: tuple[str, ...] = ()
    """Labels of the other articles of the story."""
    superseded: Newer | None = None
    """What took the place of this article's version, if anything did."""

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data."""
        return {**asdict(self), "carried_by": list(self.carried_by)}


@dataclass(frozen=True, kw_only=True, slots=True)
class Passage:
    """A chunk that search found, with what is needed to show and cite it."""

    article_id: str
    doc_id: str
    start: int
    end: int
    text: str
    """Equals the article's `text[start:end]`."""
    score: float
    """Higher is better; comparable within one search only."""
    label: str
    path: str
    root: str
    title: str | None = None
    publisher: str | None = None
    published: str | None = None
    url: str | None = None
    text_hash: str = ""
    """The article's text hash: passages of exact copies share it."""
    story: str = ""
    """Equal for passages of articles that are copies of each other; empty where no copies were looked for."""
    carried_by: tuple[str, ...] = ()
    """Labels of the other articles of the story."""
    agency: str | None = None
    """The news agency that wrote the story, where one of its articles credits it."""
    superseded: Newer | None = None
    """What took the place of this article's version, if anything did."""
    sentences: tuple[Span, ...] = ()
    """The sentences of this passage in article offsets, cut at its ends."""

    @property
    def source(self) -> str:
        """Equal for passages that are no independent sources: those of one story."""
        return self.story or self.text_hash

    def to_dict(self) -> dict[str, Any]:
        """This passage as plain JSON data, without the sentence spans."""
        names = ("article_id", "doc_id", "start", "end", "text", "score", "label", "title", "publisher", "published", "url", "path", "root")
        facts = {name: getattr(self, name) for name in (*names, "story", "agency")}
        return {**facts, "carried_by": list(self.carried_by), "superseded": asdict(self.superseded) if self.superseded else None}


@dataclass(frozen=True, kw_only=True, slots=True)
class Filters:
    """Which articles a search may look at; empty means all.

    Dates are inclusive `YYYY-MM-DD`, `YYYY-MM` or `YYYY`; undated articles are left out when either is given.
    """

    since: str | None = None
    until: str | None = None
    publishers: tuple[str, ...] = ()
    """Compared without regard to case."""
    paths: tuple[str, ...] = ()
    """Files or folders; an article matches when it lies at or under one of them."""

    def __post_init__(self) -> None:
        for name in ("since", "until"):
            value = getattr(self, name)
            if value is not None:
                day_bounds(value, option=name)
        if self.since and self.until and day_bounds(self.since)[0] > day_bounds(self.until)[1]:
            raise BadFilter(f"since {self.since} is after until {self.until}", hint="swap the two dates")

    @property
    def day_range(self) -> tuple[int | None, int | None]:
        """First and last day as integers `YYYYMMDD`, None where open."""
        return (
            day_bounds(self.since)[0] if self.since else None,
            day_bounds(self.until)[1] if self.until else None,
        )

    def to_dict(self) -> dict[str, Any]:
        """These filters as plain JSON data."""
        return {"since": self.since, "until": self.until, "publishers": list(self.publishers), "paths": list(self.paths)}


def day_bounds(value: str, *, option: str = "date") -> tuple[int, int]:
    """First and last day that a date names, as integers `YYYYMMDD`.

    >>> day_bounds("2022-08")
    (20220801, 20220831)

    Raises:
        BadFilter: `value` is not `YYYY`, `YYYY-MM` or `YYYY-MM-DD`, or no such day exists.
    """
    from calendar import monthrange
    from datetime import date

    parts = value.split("-")
    try:
        if not 1 <= len(parts) <= 3 or [len(part) for part in parts] != [4, 2, 2][: len(parts)]:
            raise ValueError
        year, month, day = (*map(int, parts), *(0, 0))[:3]
        first = date(year, month or 1, day or 1)
        last = date(year, month or 12, day or monthrange(year, month or 12)[1])
    except ValueError:
        raise BadFilter(f"{option} {value!r} is not a date", hint="write it as 2022-08-15, 2022-08 or 2022") from None
    return int(first.strftime("%Y%m%d")), int(last.strftime("%Y%m%d"))


def day_number(published: str | None) -> int | None:
    """`2022-08-15T10:00` -> 20220815; None stays None."""
    return int(published[:_DATE_LENGTH].replace("-", "")) if published else None


def numbered_day(number: int) -> str:
    """20220815 -> `2022-08-15`, as `day_number` takes it."""
    return f"{number // 10000:04}-{number // 100 % 100:02}-{number % 100:02}"


Outcome = Literal["added", "changed", "moved", "deleted"]
"""What a sync did with an article."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Change:
    """What a sync did with articles of one file."""

    path: str
    what: Outcome
    articles: int = 1


@dataclass(frozen=True, kw_only=True, slots=True)
class SyncReport:
    """What one sync did; the counts are of articles unless they say otherwise."""

    generation: int
    articles: int
    """Articles in the home afterwards."""
    chunks: int
    """Chunks in the home afterwards."""
    added: int = 0
    changed: int = 0
    moved: int = 0
    deleted: int = 0
    unchanged: int = 0
    embedded: int = 0
    """Chunks that went through the encoder."""
    skipped: tuple[Skipped, ...] = ()
    seconds: float = 0.0
    changes: tuple[Change, ...] = ()
    """What was done file by file, in that order."""
    cancelled: bool = False
    """Whether it was stopped before its end; what it had done by then is kept."""

    def to_dict(self) -> dict[str, Any]:
        """This report as plain JSON data: the counts, and the files that were skipped."""
        names = [field.name for field in fields(self) if field.name not in ("changes", "cancelled")]
        skipped = [{"path": skip.path, "reason": skip.reason} for skip in self.skipped]
        return {**{name: getattr(self, name) for name in names}, "skipped": skipped}
