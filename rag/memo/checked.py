"""The checks of a memo's sentences, run again on the words that it holds."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING

from rag.builtin.extract import VERBATIM
from rag.checks.claim import UNCHECKED, check_claim
from rag.memo.data import Memo
from rag.memo.findings import Finding
from rag.types import Answer, Check, Claim

if TYPE_CHECKING:
    from rag.reader import Reader

_NONE = Check(status="n/a", reason="no such check")


def checked(memo: Memo, reader: Reader | None = None) -> Iterator[Finding]:
    """The checks that come out otherwise than the memo says.

    Args:
        memo: whose sentences are checked.
        reader: judges support; None for the built-in one, which is opened when the first sentence needs it.
    """
    for number, entry in enumerate(memo.answers, start=1):
        for place, claim in enumerate(entry.answer.claims, start=1):
            if dict(claim.checks) != VERBATIM:
                where = f"answer {number}, sentence {place}"
                yield from (Finding(kind="check", where=where, what=what) for what in _changes(claim, _again(claim, entry.answer, reader)))


def _again(claim: Claim, answer: Answer, reader: Reader | None) -> Mapping[str, Check]:
    cited = [citation for citation in answer.citations if citation.number in claim.citations]
    cited.sort(key=lambda citation: claim.citations.index(citation.number))
    around = " \n".join(citation.title or "" for citation in cited)
    question = answer.rewritten or answer.question
    return check_claim(claim.text, cited, reader=_reader(claim, reader), question=question, around=around)


def _reader(claim: Claim, reader: Reader | None) -> Reader | None:
    """The reader, where it judged the claim."""
    support = claim.checks.get("support")
    if support is not None and support.reason == UNCHECKED:
        return None
    if reader is not None or not claim.citations:
        return reader
    from rag.reader import built_in_reader

    return built_in_reader()


def _changes(claim: Claim, now: Mapping[str, Check]) -> Iterator[str]:
    """What comes out otherwise. The probability in the reason of "support" is left aside: another machine rounds it otherwise."""
    for name in dict.fromkeys([*now, *claim.checks]):
        before, after = claim.checks.get(name, _NONE), now.get(name, _NONE)
        if before.status != after.status or (name != "support" and before.reason != after.reason):
            yield f"the check of its {name} says “{_told(after)}”, and the memo “{_told(before)}”"


def _told(check: Check) -> str:
    return f"{check.status}: {check.reason}" if check.reason else check.status
