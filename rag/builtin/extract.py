"""The built-in answerer: it reads the best passages, quotes the sentences that answer, and says so when none does.

No language model: every sentence of the answer is a sentence of an article, cited by its exact place, and the short answer is
cut from the first of them. A question for a value (who, when, how many, which) is read by the cross-encoder; one for an
explanation is answered by the sentences that fit best; one for a yes or no only where the cross-encoder finds the claim
supported or refuted. It abstains when it is less sure than a threshold that was set on open questions (docs/decisions.md), or when
something that the question names is nowhere near.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.types import Passage, Span
from rag.builtin.disagree import others
from rag.builtin.evidence import Evidence, gather, lexical, unmentioned
from rag.builtin.pool import MAX_WORDS, Given, Group, pooled
from rag.builtin.rank import ReadPassage, rank
from rag.builtin.short import clause_of
from rag.cite import Citer
from rag.markers import plain
from rag.question import Question, read_question
from rag.types import CHECK_NAMES, Answer, Check, Claim, Value

if TYPE_CHECKING:
    from index.encoder import Encoder
    from rag.reader import Reader
    from rag.settings import Settings

_NEAREST = 3
_ITEM = 3.0
"""Logits by which an item of a list may be less likely than the best."""
_SIGNS = (-3.73, 0.1, 0.22, 1.47, -0.52, -3.0)
"""Logits of the confidence: to begin with; for each logit of the answer's score, and of its lead over the next; for all of the
question's words in or near the sentence; for each name of the question that the article lacks; for a value of another kind than asked for.
"""
_SCORES, _LEADS = (-6.0, 20.0), (0.0, 8.0)
"""Between what these count."""
_SURE = 0.6
"""Probability of "supported" or "refuted" that a yes or a no needs."""
_POLAR_PASSAGES = 4


@dataclass(frozen=True, kw_only=True, slots=True)
class _Quote:
    """A sentence to quote."""

    passage: Passage
    sentence: Span


@dataclass(frozen=True, kw_only=True, slots=True)
class _Choice:
    """The sentences that were chosen, and the short answer cut from the first."""

    short: str
    quotes: tuple[_Quote, ...]
    values: tuple[Group, ...] = ()
    """The values that contradict each other, the answer's own first; none where they do not."""
    beside: tuple[Group, ...] = ()
    """Other values that can be right as well."""


def extract(
    question: str, passages: Sequence[Passage], *, weights: Mapping[str, float], encoder: Encoder, reader: Reader, settings: Settings
) -> Answer:
    """Answer a question from passages, or say what is missing.

    Args:
        question: in plain words.
        passages: as search gave them, best first.
        weights: stem -> weight of the question's words (see `Home.term_weights`).
        encoder: for the meaning of sentences.
        reader: finds answers in passages.
        settings: how many sentences to quote, and when to abstain.
    """
    asked = read_question(question)
    read = rank(question, passages, reader)
    if asked.kind == "explain":
        choice = _explained(asked, read, weights, encoder, settings)
    elif asked.kind == "polar":
        choice = _decided(asked, read, weights, encoder, reader, settings)
    else:
        choice = _valued(asked, read, weights, encoder, settings)
    if choice is None:
        return Answer(
            question=question,
            status="no_evidence",
            short="",
            text="",
            missing=_missing(asked, read, weights),
            nearest=tuple(item.passage for item in read[:_NEAREST]),
        )
    return _answer(question, choice)


# Values


def _valued(
    asked: Question, read: Sequence[ReadPassage], weights: Mapping[str, float], encoder: Encoder, settings: Settings
) -> _Choice | None:
    groups = pooled(asked, read, weights, encoder)
    passages = [item.passage for item in read]
    if not groups or confidence(asked, groups, passages, weights) < settings.abstain_below:
        return None
    best = groups[0]
    if asked.many:
        items = _listed(best, [group for group in groups[1:] if group.score > max(best.score - _ITEM, 0.0)])
        quotes = [quote for group in items for quote in _quotes(group)[:1]]
        return _Choice(short=_joined(items), quotes=tuple(_once(quotes)[: max(settings.sentences, len(items))]))
    found = others(asked, groups)
    told = tuple(_once(_quotes(best))[: settings.sentences])
    return _Choice(
        short=_clipped(best.best.text), quotes=told, values=(best, *found.contrary) if found.contrary else (), beside=found.beside
    )


def confidence(asked: Question, groups: Sequence[Group], passages: Sequence[Passage], weights: Mapping[str, float]) -> float:
    """The probability that the best of some groups answers the question, 0 to 1."""
    features = signs(asked, groups, passages, weights)
    return 1 / (1 + math.exp(-sum(weight * sign for weight, sign in zip(_SIGNS, features, strict=True))))


def signs(asked: Question, groups: Sequence[Group], passages: Sequence[Passage], weights: Mapping[str, float]) -> tuple[float, ...]:
    """What the confidence in the best group is made of; see `_SIGNS` and docs/decisions.md."""
    best = groups[0]
    words = lexical(asked, best.best.passage, best.best.sentence, passages, weights)
    lead = best.score - (groups[1].score if len(groups) > 1 else 0.0)
    logits = (min(max(value, low), high) for value, (low, high) in ((best.score, _SCORES), (lead, _LEADS)))
    return (1.0, *logits, words.covered, float(len(words.missing)), float(not best.best.of_kind))


def _listed(best: Group, alike: Sequence[Group]) -> list[Group]:
    """The items of a list: the best answer, and if that is not a list itself, what stands beside it."""
    if ", " in best.best.text or " and " in best.best.text:
        return [best]
    return [best, *alike]


def _joined(items: Sequence[Group]) -> str:
    words: list[str] = []
    for text in dict.fromkeys(group.best.text for group in items):
        if len(words) + len(text.split()) > MAX_WORDS:
            break
        words.extend((("; " if "," in text else ", ") + text).split(" ") if words else text.split(" "))
    return _clipped(" ".join(words).replace(" , ", ", ").replace(" ; ", "; "))


def _clipped(text: str) -> str:
    return " ".join(text.split()[:MAX_WORDS])


def _quotes(group: Group) -> list[_Quote]:
    """The sentence of each member, an article once: a wire story's copies say nothing twice."""
    kept: dict[str, Given] = {}
    for item in group.members:
        kept.setdefault(item.passage.text_hash, item)
    return [_Quote(passage=item.passage, sentence=item.sentence) for item in kept.values()]


def _once(quotes: Sequence[_Quote]) -> list[_Quote]:
    """The quotes without those whose words are quoted already."""
    return list({" ".join(_words(quote).split()).casefold(): quote for quote in reversed(quotes)}.values())[::-1]


def _words(quote: _Quote) -> str:
    start = quote.passage.start
    return quote.passage.text[quote.sentence.start - start : quote.sentence.end - start]


# Explanations, yes and no


def _explained(
    asked: Question, read: Sequence[ReadPassage], weights: Mapping[str, float], encoder: Encoder, settings: Settings
) -> _Choice | None:
    evidence = gather(asked, [item.passage for item in read], weights=weights, encoder=encoder)
    able = [item for item in evidence if item.confidence >= settings.explain_below]
    if not able:
        return None
    chosen = _in_order(able[: settings.sentences])
    quotes = tuple(_Quote(passage=item.passage, sentence=item.span) for item in chosen)
    return _Choice(short=clause_of(chosen[0].text, asked, encoder), quotes=quotes)


def _in_order(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence first, then the rest as their articles tell them."""
    first, *rest = evidence
    return [
        first,
        *sorted(rest, key=lambda item: (item.passage.article_id != first.passage.article_id, item.passage.article_id, item.span.start)),
    ]


def _decided(
    asked: Question, read: Sequence[ReadPassage], weights: Mapping[str, float], encoder: Encoder, reader: Reader, settings: Settings
) -> _Choice | None:
    """Yes or no, where the reader finds the claim in the question supported or refuted by a sentence that is about it."""
    evidence = gather(asked, [item.passage for item in read], weights=weights, encoder=encoder)
    able = [item for item in evidence if item.confidence >= settings.explain_below][:_POLAR_PASSAGES]
    claim = asked.text.rstrip("? ") + "?"
    pairs = [(f"{claim} {word}.", item.text) for item in able for word in ("Yes", "No")]
    supports = [reading.support for reading in reader.read_pairs(pairs)]
    decided: list[tuple[float, str, Evidence]] = []
    for item, yes, no in zip(able, supports[::2], supports[1::2], strict=True):
        decided.append(((yes.supported + no.refuted) / 2, "Yes", item))
        decided.append(((yes.refuted + no.supported) / 2, "No", item))
    sure = max(decided, key=lambda one: one[0], default=None)
    if sure is None or sure[0] < _SURE:
        return None
    return _Choice(short=sure[1], quotes=(_Quote(passage=sure[2].passage, sentence=sure[2].span),))


# The answer


def _answer(question: str, choice: _Choice) -> Answer:
    citer = Citer()
    claims = []
    for quote in choice.quotes:
        number = citer.cite(quote.passage, quote.sentence.start, quote.sentence.end)
        claims.append(Claim(text=plain(_words(quote)), citations=(number,), checks=_VERBATIM))
    values = [_value(group.best, citer) for group in choice.values]
    beside = tuple(_value(group.best, citer) for group in choice.beside)
    return Answer(
        question=question,
        status="answered",
        short=plain(choice.short),
        text=" ".join(f"{claim.text} [{claim.citations[0]}]" for claim in claims),
        claims=tuple(claims),
        citations=citer.citations,
        disagreement=tuple(sorted(values, key=lambda value: value.published[0] or "", reverse=True)),  # undated ones last
        also_given=beside,
    )


def _value(item: Given, citer: Citer) -> Value:
    number = citer.cite(item.passage, item.sentence.start, item.sentence.end)
    return Value(value=plain(item.text), citations=(number,), labels=(item.passage.label,), published=(item.passage.published,))


_VERBATIM: dict[str, Check] = {
    name: Check(status="n/a" if name == "support" else "passed", reason="the claim is the article's own sentence") for name in CHECK_NAMES
}


def _missing(asked: Question, read: Sequence[ReadPassage], weights: Mapping[str, float]) -> str:
    """One sentence on what the articles lack."""
    if not read:
        return "No article mentions any of it."
    best, passages = read[0].passage, [item.passage for item in read]
    lacking = unmentioned(asked, lexical(asked, best, Span(best.start, best.end), passages, weights).missing)
    if lacking:
        return f"No passage found mentions {' and '.join(lacking)} together with the rest of the question."
    asked_for = {
        "date": "when", "duration": "how long", "number": "how many or how much", "person": "who", "name": "which", "explain": "that",
        "polar": "whether that is so", "thing": "what is asked",
    }[asked.kind]  # fmt: skip
    return f"Articles touch on the subject, but none says {asked_for}."
