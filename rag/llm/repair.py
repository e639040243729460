"""One more turn for sentences that failed a check: the model is told why, and may write each anew or take it back.

Sentences that passed are not touched. A new sentence takes the place of the old one only if it passes every check.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

from rag.llm.packing import as_material
from rag.llm.prompts import Message
from rag.strict import failed
from rag.types import Claim

REPAIR = """\
Some sentences of your answer do not hold against the sentences of the articles that they cite:

{failed}

Write each of them anew, on a line of its own behind its number, such as "1: …". Say only what the articles say, and close each \
with its keys as before. Where the articles do not say it at all, write "nothing" behind the number. Write nothing else."""
_LINE = re.compile(r"^\W*(\d{1,3})\W*[:.)]\W*?\s*(.+?)\s*$", re.M)
_NOTHING = re.compile(r"^\W*(?:nothing|none|n/a)\W*$", re.I)


def repair_messages(messages: Sequence[Message], answer: str, claims: Sequence[Claim]) -> tuple[Message, ...]:
    """The conversation with one more turn that names the sentences that failed.

    Args:
        messages: what the model was asked.
        answer: what it wrote, with keys.
        claims: the sentences that failed a check.
    """
    lines = [f"{number}: {as_material(claim.text)} — {_why(claim)}" for number, claim in enumerate(claims, start=1)]
    return (*messages, Message("assistant", answer), Message("user", REPAIR.format(failed="\n".join(lines))))


def read_repair(words: str) -> Mapping[int, str | None]:
    r"""Number of a sentence, from 1 -> its new words with keys; None where the model takes it back.

    >>> read_repair("1: Forty boats left [K472].\n2: nothing")
    {1: 'Forty boats left [K472].', 2: None}
    """
    return {int(number): None if _NOTHING.match(text) else text for number, text in _LINE.findall(words)}


def _why(claim: Claim) -> str:
    return as_material("; ".join(f"{name}: {claim.checks[name].reason}" for name in failed(claim)))
