"""What a reader sees of a memo, as blocks of text without any markup: `page` makes HTML of them, `markdown` Markdown.

It is a function of the data alone, so a memo whose readable part was changed is found out by making it again.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime
from typing import Literal, NamedTuple

from index.types import Passage
from rag.memo.data import Memo, Source, words_of
from rag.types import Answer, Citation, Claim, Value
from rag.wording import carried_line, describe_days, superseded_line

Kind = Literal[
    "kicker", "title", "byline", "answer", "question", "meta", "remark", "short", "sentences", "warning", "heading", "value", "missing",
    "source", "source-head", "source-title", "quote", "context", "superseded", "place", "check", "made", "end",
]  # fmt: skip
"""What a block is; "answer" and "source" hold others."""
Style = Literal["", "strong", "quiet", "cite", "number", "failed"]
_TO_CHECK = (
    "To check this memo, type dateline verify and the name of its file. The digest shows accidents and careless changes; whether the "
    "articles say this is found by checking against them."
)
_STATUSES = (("passed", "passed"), ("failed", "failed"), ("n/a", "does not apply"))


class Run(NamedTuple):
    """Words of one style within a block."""

    text: str
    style: Style = ""
    target: str = ""
    """The anchor that a "cite" leads to."""


@dataclass(frozen=True, slots=True)
class Block:
    """A paragraph, or a group of blocks."""

    kind: Kind
    runs: tuple[Run, ...] = ()
    blocks: tuple[Block, ...] = ()
    anchor: str = ""


def told(memo: Memo, digest: str) -> Iterator[Block]:
    """The blocks of a memo with this digest, in order."""
    several = len(memo.answers) > 1
    yield _block("kicker", "Dateline memo")
    yield _block("title", memo.title)
    yield _block("byline", f"{len(memo.answers)} {'answers' if several else 'answer'}, exported {moment(memo.exported)}")
    sources = {source.id: source for source in memo.articles}
    for number, entry in enumerate(memo.answers, start=1):
        heading = [_block("question", f"{number}. {entry.answer.question}" if several else entry.answer.question)]
        asked = [_block("meta", f"Asked {moment(entry.asked)}")] if entry.asked else []
        head = asked if not several and entry.answer.question == memo.title else [*heading, *asked]
        blocks = (*head, *_answer(entry.answer, sources, f"a{number}"))
        yield Block("answer", blocks=blocks, anchor=f"a{number}")
    yield from _end(memo, digest)


def moment(when: str) -> str:
    """`2026-11-21T21:40:12Z` -> 21 November 2026, 21:40 UTC."""
    try:
        then = datetime.fromisoformat(when).astimezone(UTC)
    except (ValueError, OverflowError):
        return when
    return f"{then.day} {then:%B} {then.year}, {then:%H:%M} UTC"


def _answer(answer: Answer, sources: Mapping[str, Source], anchor: str) -> Iterator[Block]:
    yield from (_block("remark", remark) for remark in answer.remarks)
    if answer.status == "no_evidence":
        yield _block("missing", "Not in these articles.", "strong", f" {answer.missing}" if answer.missing else "")
        if answer.nearest:
            yield _block("heading", "The closest passages, not an answer")
    else:
        yield from _answered(answer, anchor)
    for number, passage in enumerate(answer.nearest, start=1):
        yield _source(f"{number}", passage, sources.get(passage.article_id), f"{anchor}-n{number}")
    for citation in answer.citations:
        yield _source(f"{citation.number}", citation, sources.get(citation.article_id), f"{anchor}-{citation.number}")
    if answer.claims:
        yield _block("heading", "What was checked")
    yield from (Block("check", tuple(_checks(number, claim))) for number, claim in enumerate(answer.claims, start=1))
    yield _block("made", _made(answer))


def _answered(answer: Answer, anchor: str) -> Iterator[Block]:
    if answer.short:
        yield _block("short", answer.short)
    yield Block("sentences", tuple(run for claim in answer.claims for run in _sentence(claim, anchor)) or (Run(answer.text),))
    for heading, values in (("Sources disagree", answer.disagreement), ("Also given", answer.also_given)):
        if values:
            yield _block("heading", heading)
            yield from (Block("value", tuple(_value(value, answer, anchor))) for value in values)
    if answer.rejected:
        yield _block("warning", f"The model named sources that do not exist: {', '.join(answer.rejected)}.")
    if answer.citations:
        yield _block("heading", "Sources")


def _sentence(claim: Claim, anchor: str) -> Iterator[Run]:
    yield Run(claim.text)
    if claim.attribution:
        yield Run(f" ({claim.attribution})", "quiet")
    yield Run(" ")
    yield from _markers(claim.citations, anchor)
    failed = [f"{name}: {check.reason or 'not confirmed'}" for name, check in claim.checks.items() if check.status == "failed"]
    if failed:
        yield Run(f" (check failed: {'; '.join(failed)})", "failed")
    yield Run(" ")


def _markers(numbers: Iterable[int], anchor: str) -> Iterator[Run]:
    yield from (Run(f"[{number}]", "cite", f"{anchor}-{number}") for number in numbers)


def _value(value: Value, answer: Answer, anchor: str) -> Iterator[Run]:
    sources = [", ".join((label, day(published))) for label, published in zip(value.labels, value.published, strict=False)]
    yield Run(value.value, "strong")
    yield Run(" ")
    yield from _markers(value.citations, anchor)
    yield Run(f" ({'; '.join([*sources, *answer.told_by(value)])})", "quiet")


def _source(number: str, shown: Citation | Passage, source: Source | None, anchor: str) -> Block:
    dated_by = source.provenance.get("published") if source and shown.published else None
    dated = day(shown.published) + (f" (from {dated_by})" if dated_by else "")
    blocks = [Block("source-head", (Run(number, "number"), Run(" "), Run(shown.label, "strong"), Run(" "), Run(dated, "quiet")))]
    if shown.title and shown.title != shown.label:
        blocks.append(_block("source-title", shown.title))
    blocks.append(_block("quote", words_of(shown)))
    newer = superseded_line(shown)
    lines = shown.context if isinstance(shown, Citation) else tuple(filter(None, (newer, carried_line(shown))))
    blocks += [_block("superseded" if line == newer else "context", line) for line in lines]
    blocks += [_block("place", line) for line in _place(shown, source)]
    return Block("source", blocks=tuple(blocks), anchor=anchor)


def _place(shown: Citation | Passage, source: Source | None) -> Iterator[str]:
    folder = f"{shown.root}/{shown.path}" if shown.root != shown.path else shown.path
    authors = f", by {', '.join(source.authors)}" if source and source.authors else ""
    yield f"{folder}{authors}, characters {shown.start} to {shown.end} of article {shown.article_id}"
    if shown.url:
        yield shown.url
    if source and source.text_hash:
        yield f"text hash {source.text_hash}"
    else:
        yield "The home did not hold the article like this when the memo was made."


def _checks(number: int, claim: Claim) -> Iterator[Run]:
    """What became of each check of a sentence, with the reasons of those that did not pass."""
    said = []
    for status, words in _STATUSES:
        names = [
            name if status == "passed" or not check.reason else f"{name} ({check.reason})"
            for name, check in claim.checks.items()
            if check.status == status
        ]
        if names:
            said.append(f"{words}: {', '.join(names)}")
    yield Run(f"Sentence {number}", "strong")
    yield Run(f" {'; '.join(said) or 'was not checked'}.")


def _made(answer: Answer) -> str:
    """How an answer came about, in sentences."""
    filters = answer.filters
    days = f"published {describe_days(filters)}" if filters.since or filters.until else ""
    limits = [days, *(f"by {name}" for name in filters.publishers), *(f"under {path}" for path in filters.paths)]
    searched = ", ".join(filter(None, limits)) or "all articles"
    model = "the built-in answerer" if answer.model == "built-in" else answer.model
    instead = "the built-in answerer in place of " if answer.fallback else ""
    sure = "" if answer.confidence is None else f", {answer.confidence:.2f} sure"
    return f"Answered by {instead}{model}{sure}. Searched: {searched}. State of the home: generation {answer.generation}."


def _end(memo: Memo, digest: str) -> Iterator[Block]:
    if memo.conversation:
        yield _block("end", f"From the conversation {memo.conversation.id}, begun {moment(memo.conversation.created)}.")
    yield _block("end", f"Made with Dateline {memo.dateline}; {memo.format} {memo.version}, layout {memo.layout}.")
    yield _block("end", f"Digest of the data: {digest}")
    yield _block("end", _TO_CHECK)


def day(published: str | None) -> str:
    """`2022-08-15T10:00` -> 15 August 2022, 10:00; "undated" for None."""
    if published is None:
        return "undated"
    try:
        then = date.fromisoformat(published[: len("2022-08-15")])
    except ValueError:
        return published
    clock = published[len("2022-08-15T") :]
    return f"{then.day} {then:%B} {then.year}" + (f", {clock}" if clock else "")


def _block(kind: Kind, text: str, style: Style = "", then: str = "") -> Block:
    return Block(kind, (Run(text, style), *((Run(then),) if then else ())))
