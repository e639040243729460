"""Claims made of a model's sentences: each checked against what it cites, one that cites nothing matched to the evidence.

A sentence without a key is given the sentence of the evidence that supports it best, if that supports it well and no check
fails; else it stays without one and fails.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from rag.checks.claim import check_claim
from rag.checks.support import likeliest, with_limits
from rag.cite import Citer
from rag.llm.claims import Sentence
from rag.llm.packing import Source
from rag.llm.prompts import Prompt
from rag.strict import failed
from rag.types import Claim

if TYPE_CHECKING:
    from rag.reader import Reader

MATCHED = 0.7
"""Probability of "supported" at which a sentence without a key is given one."""
_LIKELY = 6
"""Sentences of the evidence that are read for it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Judge:
    """Makes claims of the sentences of one answer."""

    question: str
    prompt: Prompt
    citer: Citer
    reader: Reader | None
    """Without one, support is not checked and nothing is matched."""

    def cited(self, key: str) -> int | None:
        """The number for a key; None if the model was not given it."""
        source = self.prompt.sources.get(key)
        return None if source is None else self._number(source)

    def claims(self, sentences: Sequence[Sentence]) -> list[Claim]:
        """Each sentence, matched where it has no key, and checked."""
        return [self._claim(sentence) for sentence in sentences]

    def _claim(self, sentence: Sentence) -> Claim:
        if sentence.numbers:
            return self._checked(sentence.text, sentence.numbers)
        return self._matched(sentence.text) or self._checked(sentence.text, ())

    def _checked(self, text: str, numbers: tuple[int, ...]) -> Claim:
        citations = self.citer.citations
        around = {passage.article_id: passage for passage, _ in self.prompt.sources.values()}
        cited = [citations[number - 1] for number in numbers]
        headings = [around[item.article_id].title or "" for item in cited if item.article_id in around]
        checks = check_claim(text, cited, reader=self.reader, question=self.question, around=" \n".join(headings))
        return Claim(text=text, citations=numbers, checks=checks)

    def _matched(self, text: str) -> Claim | None:
        """The sentence with the evidence that supports it best; None where none does so well enough."""
        if self.reader is None:
            return None
        texts = {source.text: source for source in self.prompt.sources.values()}
        likely = likeliest(text, list(texts), most=_LIKELY)
        read = zip(self.reader.read(text, likely), likely, strict=True)
        supported, best = max(((with_limits(text, words, one.support).supported, words) for one, words in read), default=(0.0, ""))
        if supported < MATCHED:
            return None
        claim = self._checked(text, (self._number(texts[best]),))
        return None if failed(claim) else claim

    def _number(self, source: Source) -> int:
        return self.citer.cite(source.passage, *source.span)
