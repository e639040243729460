"""The short answer of an explanation: the clause of its first sentence that is nearest to the question."""

from __future__ import annotations

import itertools
import re
from typing import TYPE_CHECKING

from rag.builtin.pool import MAX_WORDS
from rag.question import Question

if TYPE_CHECKING:
    from index.encoder import Encoder

_CLAUSE_END = re.compile(r"[,;:—–]\s|\s[—–-]\s|[.!?]$|\b(?:and|but|while|which|who|after|before)\b")


def clause_of(sentence: str, asked: Question, encoder: Encoder) -> str:
    """The clause of a sentence that is nearest to the question, at most `MAX_WORDS` words."""
    ends = [0, *(match.end() for match in _CLAUSE_END.finditer(sentence)), len(sentence)]
    clauses = [sentence[a:b].strip(" ,;:—–-") for a, b in itertools.pairwise(ends)]
    clauses = [clause for clause in clauses if len(clause.split()) > 2] or [sentence]
    near = encoder.encode(clauses) @ encoder.encode_query(asked.text)
    return " ".join(clauses[int(near.argmax())].split()[:MAX_WORDS])
