"""The page of one case: what was asked, expected and given, why that is right or wrong, and what the answer rests on."""

from __future__ import annotations

from collections.abc import Sequence

from eval.report.markup import Row, badge, day, escaped
from eval.results import CaseFailure, CaseResult, JudgedCitation, Near
from rag.types import Claim, Value

_NAMED: dict[bool | None, str] = {
    True: '<span class="badge right">named by the case</span>',
    False: '<span class="badge other">another article</span>',
    None: "",
}


def case_page(row: Row, place: int, count: int, *, reviewed: bool = True) -> str:
    """The page of a case as HTML.

    Args:
        row: the case and what came of it.
        place: the number of this page.
        count: how many there are.
        reviewed: whether a person stands behind the case.
    """
    draft = "" if reviewed else ' <span class="badge draft">Not reviewed</span>'
    body = _crash(row) if isinstance(row, CaseFailure) else _result(row)
    return (
        f'<article class="page" id="case-{place}">\n{_ways(place, count)}'
        f'<p class="caption">{badge(row)}{draft} {row.kind} · <code>{escaped(row.id)}</code></p>'
        f'<h2 dir="auto">{escaped(row.question)}</h2>{body}</article>\n'
    )


def _ways(place: int, count: int) -> str:
    back = '<a href="#overview">All cases</a>'
    before = f'<a href="#case-{place - 1}" rel="prev">Previous</a>' if place > 1 else ""
    after = f'<a href="#case-{place + 1}" rel="next">Next</a>' if place < count else ""
    return f'<nav>{back}<span class="caption">{place} of {count}, the worst first</span>{before}{after}</nav>\n'


def _crash(row: CaseFailure) -> str:
    return f'<p class="why">Crashed, so neither right nor wrong: {escaped(row.error)}</p>'


def _result(row: CaseResult) -> str:
    given = escaped(row.short) if row.status == "answered" else "<em>not answered</em>"
    facts = [("Expected", f'<span dir="auto">{escaped(row.expected)}</span>'), ("Given", f'<b dir="auto">{given}</b>')]
    why = f'<p class="why">{escaped(row.why[:1].upper() + row.why[1:])}.</p>' if row.why else ""
    answer = (_claims(row.claims), _values(row.disagreement), _missing(row))
    evidence = _cards("Evidence", [_citation(citation) for citation in row.citations])
    near = _cards("Nearest passages, which the answer did not use", [_near(passage) for passage in row.nearest])
    return f"{_facts(facts)}{why}{_asked(row)}{''.join(answer)}{evidence}{near}{_facts(_circumstances(row))}"


def _facts(facts: Sequence[tuple[str, str]]) -> str:
    return f'<dl class="facts">{"".join(f"<div><dt>{name}</dt><dd>{told}</dd></div>" for name, told in facts)}</dl>' if facts else ""


def _asked(row: CaseResult) -> str:
    """The conversation before the question, and the filters."""
    turns = "".join(
        f'<li dir="auto">{escaped(turn.question)} <span class="gloss">{escaped(turn.answer)}</span></li>' for turn in row.history
    )
    filters = [f"{name} {escaped(told)}" for name, told in (("since", row.filters.since), ("until", row.filters.until)) if told]
    filters += [escaped(name) for name in (*row.filters.publishers, *row.filters.paths)]
    asked = f'<h3>Asked before</h3><ul class="turns">{turns}</ul>' if turns else ""
    return asked + (f'<p class="caption">Only articles: {", ".join(filters)}</p>' if filters else "")


def _claims(claims: Sequence[Claim]) -> str:
    if not claims:
        return ""
    return f'<h3>Answer</h3><ol class="claims">{"".join(map(_claim, claims))}</ol>'


def _claim(claim: Claim) -> str:
    numbers = " ".join(f"[{number}]" for number in claim.citations)
    said_by = f" ({escaped(claim.attribution)})" if claim.attribution else ""
    failed = [(name, check) for name, check in claim.checks.items() if check.status == "failed"]
    passed = [name for name, check in claim.checks.items() if check.status == "passed"]
    told = "".join(f'<li class="why">{escaped(name)}: {escaped(check.reason)}</li>' for name, check in failed)
    if passed:
        told += f"<li>passed: {escaped(', '.join(passed))}</li>"
    checks = f'<ul class="checks">{told}</ul>' if told else ""
    return f'<li><span dir="auto">{escaped(claim.text)}</span>{said_by} <span class="number">{numbers}</span>{checks}</li>'


def _values(values: Sequence[Value]) -> str:
    if not values:
        return ""
    items = "".join(
        f"<li><b>{escaped(value.value)}</b> {escaped(', '.join(value.labels))} {' '.join(f'[{number}]' for number in value.citations)}</li>"
        for value in values
    )
    return f"<h3>The articles disagree</h3><ul>{items}</ul>"


def _missing(row: CaseResult) -> str:
    return f'<h3>Said to be missing</h3><p dir="auto">{escaped(row.missing)}</p>' if row.missing else ""


def _cards(title: str, cards: Sequence[str]) -> str:
    return f'<h3>{title}</h3><ol class="cards">{"".join(cards)}</ol>' if cards else ""


def _citation(citation: JudgedCitation) -> str:
    exact = '<p class="why">These are not the article’s own characters.</p>' if citation.exact is False else ""
    return (
        f'<li class="card"><p class="card-head"><span class="number">{citation.number}</span> '
        f"{_source(citation.label, citation.published, citation.doc_id, citation.right)}</p>{_title(citation.title)}"
        f'<blockquote dir="auto">{escaped(citation.before)}<mark>{escaped(citation.quote)}</mark>{escaped(citation.after)}</blockquote>'
        f"{exact}</li>"
    )


def _near(passage: Near) -> str:
    return (
        f'<li class="card"><p class="card-head">{_source(passage.label, passage.published, passage.doc_id, passage.right)}</p>'
        f'{_title(passage.title)}<blockquote dir="auto">{escaped(passage.text)}</blockquote></li>'
    )


def _source(label: str, published: str | None, doc_id: str, right: bool | None) -> str:
    return f"<b>{escaped(label)}</b> <code>{escaped(doc_id)}</code> {_NAMED[right]} <time>{day(published)}</time>"


def _title(title: str | None) -> str:
    return f'<p class="gloss" dir="auto">{escaped(title)}</p>' if title else ""


def _circumstances(row: CaseResult) -> list[tuple[str, str]]:
    """What else was measured of this case."""
    found = row.measures.get("mrr@10")
    rank = None if found is None else f"{round(1 / found)}" if found else "not among the first ten"
    facts = [
        ("Confidence", None if row.confidence is None else f"{row.confidence:.2f}"),
        ("Seconds", f"{row.seconds:.2f}"),
        ("Articles with the answer", escaped(", ".join(row.gold)) or None),
        ("First of them in search", rank),
        ("Tokens in and out", f"{row.tokens_in:,} and {row.tokens_out:,}" if row.tokens_in else None),
        ("Cost in US dollars", None if row.cost is None else f"{row.cost:.4f}"),
    ]
    return [(name, told) for name, told in facts if told is not None]
