"""Checks of a claim against the quotes that it cites, each with its reason. What a user sees of them is in docs/checks.md.

Numbers, dates, names, quotations and attribution are compared by code, whatever their spelling (`reckoning`, `dated`, `mentions`,
`speech`); whether the quotes support the claim as a whole is judged by the cross-encoder (`support`).
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from rag.checks.mentions import has_names, unknown
from rag.checks.support import judge
from rag.checks.wording import is_garbled, shared_words
from rag.facts import dated, reckoning
from rag.facts.amounts import quantities
from rag.facts.date_words import days, without_days
from rag.speech.reported import invented_quotations, is_reported, lost_attribution, quotations
from rag.types import CHECK_NAMES, Check, Citation

if TYPE_CHECKING:
    from rag.reader import Reader

REFUTED = 0.97
"""Probability of "refuted" from which on a claim fails."""
UNSUPPORTED = 0.01
"""Probability of "supported" below which a claim fails."""
SUPPORTED = 0.5
"""The same from which on it passes; between the two it is left open, if the claim shares words with the quotes."""
LEAST_SHARED = 3
"""Words that an open claim shares with the quotes, where they hold none of its numbers, dates, names and quotations."""
LEAST_SHARE = 0.2
"""The least share of its words."""
UNCHECKED = "not checked"
_CITES_NOTHING = Check(status="failed", reason="cites nothing")


def check_claim(
    claim: str, cited: Sequence[Citation], *, reader: Reader | None = None, question: str | None = None, around: str = ""
) -> Mapping[str, Check]:
    """Check a claim against what it cites.

    Args:
        claim: a sentence without markers.
        cited: the citations that it names.
        reader: tells whether the quotes support the claim; None leaves that unchecked.
        question: what the claim answers.
        around: the titles of the cited articles, where a name may stand, too.
    """
    if not cited:
        nothing: dict[str, Check] = dict.fromkeys(CHECK_NAMES, Check(status="n/a", reason="cites nothing"))
        return {**nothing, "support": _CITES_NOTHING}
    quotes = [citation.quote for citation in cited]
    published = [citation.published for citation in cited if citation.published]
    publishers = [citation.publisher or "" for citation in cited]
    facts = {
        "numbers": _numbers(claim, " \n".join(quotes), published),
        "dates": _dates(claim, " \n".join(quotes), published),
        "names": _names(claim, " \n".join([*quotes, around, *publishers])),
        "quotations": _quotations(claim, " \n".join(quotes)),
    }
    shared, share = shared_words(claim, [*quotes, around])
    is_about = share >= LEAST_SHARE and (shared >= LEAST_SHARED or any(check.status == "passed" for check in facts.values()))
    return {
        "quote": Check(status="passed", reason="cut from the article"),
        **facts,
        "attribution": _attribution(claim, quotes),
        "support": _support(claim, quotes, reader, question, is_about=is_about),
    }


def _numbers(claim: str, quotes: str, published: Sequence[str]) -> Check:
    said = quantities(without_days(claim))
    given = [*quantities(without_days(quotes)), *dated.as_numbers(quotes, published), *reckoning.counted(quotes)]
    return _compared(bool(said), reckoning.lacking(said, given, said=claim, given=quotes), "number")


def _dates(claim: str, quotes: str, published: Sequence[str]) -> Check:
    said = days(claim)
    known: list[str | None] = [*published] or [None]
    lacking = [dated.lacking(claim, quotes, day) for day in known]
    return _compared(bool(said), min(lacking, key=len), "date")


def _names(claim: str, known: str) -> Check:
    lacking = unknown(claim, known)
    return _compared(bool(lacking) or has_names(claim), lacking, "name")


def _quotations(claim: str, quotes: str) -> Check:
    invented = [f"“{words}”" for words in invented_quotations(claim, quotes)]
    return _compared(bool(quotations(claim)), invented, "quoted string")


def _attribution(claim: str, quotes: Sequence[str]) -> Check:
    if not any(map(is_reported, quotes)):
        return Check(status="n/a", reason="the quotes report nobody's words")
    lost = lost_attribution(claim, quotes)
    return Check(status="failed", reason=lost) if lost else Check(status="passed", reason="what somebody said stays so")


def _support(claim: str, quotes: Sequence[str], reader: Reader | None, question: str | None, *, is_about: bool) -> Check:
    if is_garbled(claim):
        return Check(status="failed", reason="it is no sentence")
    if reader is None:
        return Check(status="n/a", reason=UNCHECKED)
    supported, refuted, _ = judge(reader, claim, quotes, question=question)
    if refuted >= REFUTED:
        return Check(status="failed", reason=f"the quotes speak against it ({refuted:.2f})")
    if supported < UNSUPPORTED:
        return Check(status="failed", reason=f"the quotes hardly say so ({supported:.2f})")
    if supported < SUPPORTED and not is_about:
        return Check(status="failed", reason=f"the quotes hardly share a word with it ({supported:.2f})")
    if supported < SUPPORTED:
        return Check(status="n/a", reason=f"the quotes may say so ({supported:.2f})")
    return Check(status="passed", reason=f"the quotes say so ({supported:.2f})")


def _compared(any_said: bool, lacking: Sequence[str], what: str) -> Check:
    if not any_said:
        return Check(status="n/a", reason=f"the claim gives no {what}")
    if lacking:
        return Check(status="failed", reason=f"not in the quotes: {', '.join(lacking)}")
    return Check(status="passed", reason=f"every {what} is in the quotes")
