"""An answer without the sentences that failed a check. It drops and renumbers; it neither checks nor rewrites."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from rag.types import Answer, Citation, Claim, Value

_NOTHING_LEFT = "The articles touch on it, but every sentence of the answer failed a check and was left out."


def strict(answer: Answer) -> Answer:
    """`answer` with every claim left out of which a check failed, and what is left numbered anew.

    The short answer stays where a sentence that is left says it; else the first of them takes its place.
    """
    kept = tuple(claim for claim in answer.claims if not failed(claim))
    if len(kept) == len(answer.claims):
        return answer
    if not kept:
        return replace(
            answer, status="no_evidence", short="", text="", claims=(), citations=(), disagreement=(), also_given=(), missing=_NOTHING_LEFT
        )
    claims, citations, numbers = renumbered(kept, answer.citations, also=[*answer.disagreement, *answer.also_given])
    said = any(answer.short.casefold() in claim.text.casefold() for claim in claims)
    return replace(
        answer,
        short=answer.short if said else claims[0].text,
        text=" ".join(marked(claim) for claim in claims),
        claims=claims,
        citations=citations,
        disagreement=_values(answer.disagreement, numbers),
        also_given=_values(answer.also_given, numbers),
    )


def failed(claim: Claim) -> tuple[str, ...]:
    """The names of the checks that a claim failed."""
    return tuple(name for name, check in claim.checks.items() if check.status == "failed")


def marked(claim: Claim) -> str:
    """A claim's text with who says it and its markers: `“They left.” (according to Ina Pell) [1][2]`."""
    said_by = f"({claim.attribution})" if claim.attribution else ""
    return " ".join(filter(None, (claim.text, said_by, "".join(f"[{number}]" for number in claim.citations))))


def renumbered(
    claims: Iterable[Claim], citations: Iterable[Citation], *, also: Iterable[Value] = ()
) -> tuple[tuple[Claim, ...], tuple[Citation, ...], Mapping[int, int]]:
    """Claims and the citations that they and `also` use, numbered 1..k by first use, and old number -> new number."""
    claims = tuple(claims)
    citing: list[Claim | Value] = [*claims, *also]
    used = dict.fromkeys(number for item in citing for number in item.citations)
    numbers = {old: new for new, old in enumerate(used, start=1)}
    kept = [replace(citation, number=numbers[citation.number]) for citation in citations if citation.number in numbers]
    return (
        tuple(replace(claim, citations=_mapped(claim.citations, numbers)) for claim in claims),
        tuple(sorted(kept, key=lambda citation: citation.number)),
        numbers,
    )


def _mapped(citations: Iterable[int], numbers: Mapping[int, int]) -> tuple[int, ...]:
    return tuple(numbers[number] for number in citations)


def _values(values: Iterable[Value], numbers: Mapping[int, int]) -> tuple[Value, ...]:
    return tuple(replace(value, citations=_mapped(value.citations, numbers)) for value in values)
