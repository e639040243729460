"""When what a language model wrote is no answer: nothing, a refusal, without citations, in another language, or hardly tenable.

`NO_EVIDENCE`, which a model is told to write, is an honest result; the others are failures of the model, in whose place the
built-in answerer may answer.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from rag.llm.language import is_other_language
from rag.llm.prompts import NO_EVIDENCE
from rag.strict import failed
from rag.types import Claim

REFUSED = "The language model found no answer in the passages that it was shown."
UNCITED = "The language model cited none of the articles, so what it wrote is not shown."
DECLINED = "The language model declined to answer."
FOREIGN = "The language model answered in another language than the question's, so what it wrote is not shown."
EMPTY = "The language model wrote nothing."
UNSOUND = "Hardly anything that the language model wrote holds against the articles, so it is not shown."
FAILED = frozenset({UNCITED, DECLINED, FOREIGN, EMPTY, UNSOUND})
"""Reasons that are failures of the model."""
_MANY = 4
"""Sentences from which on an answer may be given up as a whole; the failures of a shorter one are marked."""
_HOLD = 0.25
"""The share of them that must hold then."""
_DECLINES = re.compile(
    r"^\W*(?:(?:i(?:['’]m| am) (?:very |really )?|we(?:['’]re| are) )?(?:sorry|afraid)\b|i apologi[sz]e\b|as an ai\b"
    r"|(?:unfortunately,? )?(?:i|we) (?:can(?:no|['’])t|can not|am unable to|am not able to|will not|won['’]t|must decline))",
    re.I,
)


def no_answer(text: str, claims: Sequence[Claim], question: str) -> str | None:
    """Why a text is no answer; None if it is one.

    Args:
        text: what the model wrote, with markers.
        claims: its sentences.
        question: what was asked.
    """
    if not text:
        return EMPTY
    if claims and _bare(claims[0].text) == _bare(NO_EVIDENCE):
        return REFUSED
    if not any(claim.citations for claim in claims):
        return DECLINED if _DECLINES.search(text) else UNCITED
    return FOREIGN if is_other_language(" ".join(claim.text for claim in claims), question) else None


def hardly_any_holds(claims: Sequence[Claim]) -> bool:
    """Whether so few of an answer's sentences pass their checks that those may have passed by chance."""
    holding = sum(not failed(claim) for claim in claims)
    return len(claims) >= _MANY and holding < _HOLD * len(claims)


def _bare(sentence: str) -> str:
    """A sentence without case, punctuation or emphasis, as models vary these."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))
