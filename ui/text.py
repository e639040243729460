"""Answers, passages, articles and reports as lines for a terminal. Pure: values in, lines out (see `ui.console` for drawing)."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from index.types import Article, Carried, Passage, Removed, SyncReport
from rag.strict import failed
from rag.types import Answer, Citation, Claim, Value
from rag.wording import carried_line, superseded_line
from ui.console import BLANK, Line

_COUNTS = ("added", "changed", "moved", "deleted", "unchanged")


def answer_lines(answer: Answer) -> Iterator[Line]:
    """Remarks, the short answer, its sentences, what disagrees, and the numbered sources; or what is missing, and what came close."""
    for remark in answer.remarks:
        yield Line(remark, "italic")
        yield BLANK
    if answer.status == "no_evidence":
        yield from _no_evidence(answer)
        return
    yield Line(answer.short, "bold")
    yield BLANK
    yield Line(answer.text)
    for claim in answer.claims:
        yield from (Line(f"Check failed ({name}): {_failure(claim, name)}", "yellow") for name in failed(claim))
    yield from _values("The articles disagree:", answer.disagreement, answer)
    yield from _values("Also given:", answer.also_given, answer)
    for citation in answer.citations:
        yield BLANK
        yield Line(f"[{citation.number}] {_source(citation)}")
        yield Line(f"“{citation.quote}”", "italic", 1)
        warning = superseded_line(citation)
        yield from (Line(words, "yellow" if words == warning else "dim", 1) for words in citation.context)
    if answer.rejected:
        yield BLANK
        yield Line(f"The model cited what it was not shown: {', '.join(answer.rejected)}", "yellow")


def passage_lines(passages: Sequence[Passage], *, hint: bool = True) -> Iterator[Line]:
    """Search results, best first, numbered, each with what to type to see its article if `hint` is set."""
    for number, passage in enumerate(passages, start=1):
        if number > 1:
            yield BLANK
        yield Line(f"{number}. {_source(passage)}", "bold")
        yield Line(" ".join(passage.text.split()), "", 1)
        lines = ((superseded_line(passage), "yellow"), (carried_line(passage), "dim"))
        yield from (Line(words, style, 1) for words, style in lines if words)
        if hint:
            yield Line(f"dateline show {passage.article_id}", "dim", 1)


def article_lines(article: Article, removed: Sequence[Removed], carried: Carried) -> Iterator[Line]:
    """An article's facts, each with where it was read from, its story's, its text, and what was cut from the page."""
    yield Line(article.title or article.label, "bold")
    for name in ("publisher", "published", "authors", "url", "path", "doc_id", "id"):
        value = ", ".join(article.authors) if name == "authors" else getattr(article, name)
        if value:
            origin = article.provenance.get(name)
            yield Line(f"{name}: {value}" + (f" (from {origin})" if origin else ""), "dim")
    yield from _story_lines(carried)
    yield BLANK
    yield Line(article.text)
    if removed:
        yield BLANK
        yield Line("Cut from the page:", "dim")
        yield from (Line(f"{piece.rule}: {' '.join(piece.text.split())}", "dim", 1) for piece in removed)


def _story_lines(carried: Carried) -> Iterator[Line]:
    if carried.agency:
        yield Line(f"agency: {carried.agency}", "dim")
    if carried.carried_by:
        yield Line(f"also carried by: {', '.join(carried.carried_by)}", "dim")
    if newer := carried.superseded:
        yield Line(f"superseded by the {newer.kind} of {newer.published or 'an unknown day'}: dateline show {newer.article_id}", "yellow")


def sync_line(report: SyncReport) -> Line:
    """What a sync did, on one line."""
    done = ", ".join(f"{getattr(report, name)} {name}" for name in _COUNTS)
    embedded = f"{report.embedded} of {report.chunks} chunks embedded"
    return Line(f"{counted(report.articles, 'article')}: {done}; {embedded}; {report.seconds:.1f} seconds")


def counted(number: int, noun: str) -> str:
    """`1 article`, `2 articles`."""
    return f"{number:,} {noun}" if number == 1 else f"{number:,} {noun}s"


def _no_evidence(answer: Answer) -> Iterator[Line]:
    yield Line("Not in these articles.", "bold")
    if answer.missing:
        yield Line(answer.missing)
    if answer.nearest:
        yield BLANK
        yield Line("The closest passages, not an answer:", "dim")
        for passage in answer.nearest:
            yield Line(_source(passage), "dim", 1)
            yield Line(" ".join(passage.text.split()), "dim", 2)


def _values(heading: str, values: Sequence[Value], answer: Answer) -> Iterator[Line]:
    if not values:
        return
    yield BLANK
    yield Line(heading, "bold")
    for value in values:
        sources = [", ".join(filter(None, pair)) for pair in zip(value.labels, value.published, strict=True)]
        numbers = "".join(f"[{number}]" for number in value.citations)
        yield Line(f"{value.value} {numbers} ({'; '.join([*sources, *answer.told_by(value)])})", "", 1)


def _failure(claim: Claim, name: str) -> str:
    return f"{claim.checks[name].reason or 'no reason given'}: {claim.text}"


def _source(source: Citation | Passage) -> str:
    """Label, title, date and path on one line, the title only where it is not the label."""
    title = f"“{source.title}”" if source.title and source.title != source.label else None
    return ", ".join(filter(None, (source.label, title, source.published, source.path)))
