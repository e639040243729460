"""The built-in answerer: it reads the best passages, quotes the sentences that answer, and says so when none does.

No language model: every sentence of the answer is a sentence of an article, cited by its exact place, and the short answer is
cut from the first of them. A question for a value (who, when, how many, which) is read by the cross-encoder; one for an
explanation is answered by the sentences that fit best; one for a yes or no only where the cross-encoder finds the claim
supported or refuted. It abstains when it is less sure than a threshold that was set on open questions (docs/decisions.md), when something
that the question names is nowhere near, or when the sentence tells of another year or another way (see `occasion`).
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

from index.types import Passage, Span
from rag.builtin.attributed import attributed, attribution
from rag.builtin.disagree import Others, Shown, others, shown
from rag.builtin.evidence import Evidence, gather, lexical
from rag.builtin.further import MEASURED, Look
from rag.builtin.newest import newest_first, newest_sentences
from rag.builtin.occasion import is_another
from rag.builtin.pool import MAX_WORDS, Given, Group, pooled
from rag.builtin.putright import with_corrections
from rag.builtin.rank import ReadPassage, rank
from rag.builtin.short import clause_of
from rag.cite import Citer
from rag.markers import plain
from rag.question import Question, about_subject, read_question
from rag.strict import marked
from rag.types import CHECK_NAMES, Answer, Check, Claim

if TYPE_CHECKING:
    from index.encoder import Encoder
    from rag.reader import Reader
    from rag.settings import Settings

_NEAREST = 3
_ITEM = 3.0
"""Logits by which an item of a list may be less likely than the best."""
_SIGNS = (-4.0, 0.12, 0.16, 2.5, -1.0, -1.5)
"""Logits of the confidence: to begin with; for each logit of the answer's score, and of its lead over the next; for all of the
question's words in or near the sentence; for each name of the question that the article lacks; for a value of another kind than asked for.
"""
_SCORES, _LEADS = (-6.0, 20.0), (0.0, 8.0)
"""Between what these count."""
_SURE = 0.6
"""Probability of "supported" or "refuted" that a yes or a no needs."""
_AGAINST = 0.5
"""The same for the opposite that another source says."""
_POLAR_PASSAGES = 4
_NOTHING_ELSE = Others()


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
    confidence: float
    best: Group | None = None
    """The answers that say what is answered, where a value is;"""
    found: Others = _NOTHING_ELSE
    """and what other articles say."""


def extract(
    question: str,
    passages: Sequence[Passage],
    *,
    weights: Mapping[str, float],
    encoder: Encoder,
    reader: Reader,
    settings: Settings,
    latest: bool = False,
    lacks: Callable[[], str] | None = None,
) -> Answer:
    """Answer a question from passages, or say what is missing.

    Args:
        question: in plain words.
        passages: as search gave them, best first; the first `settings.candidates` are read whole, the others looked through for values.
        weights: stem -> weight of the question's words (see `Home.term_weights`).
        encoder: for the meaning of sentences.
        reader: finds answers in passages.
        settings: how many sentences to quote, and when to abstain.
        latest: whether the newest of answers that are about equally good goes first.
        lacks: says what is missing (see `rag.builtin.missing`); without it nothing is said of that.
    """
    asked = about_subject(read_question(question)) if latest else read_question(question)
    read = rank(question, passages[: settings.candidates], reader)
    if asked.kind == "explain":
        choice = _explained(asked, read, weights, encoder, settings, latest=latest)
    elif asked.kind == "polar":
        choice = _decided(asked, read, weights, encoder, reader, settings, latest=latest)
    else:
        look = Look(asked=asked, passages=passages, weights=weights, reader=reader, encoder=encoder)
        choice = _valued(asked, read, look, settings, latest=latest)
    if choice is None:
        return Answer(
            question=question,
            status="no_evidence",
            short="",
            text="",
            missing=lacks() if lacks else None,
            nearest=tuple(item.passage for item in read[:_NEAREST]),
        )
    return _answer(question, choice)


# Values


def _valued(asked: Question, read: Sequence[ReadPassage], look: Look, settings: Settings, *, latest: bool) -> _Choice | None:
    groups = pooled(asked, read, look.weights, look.encoder)
    if not groups or not is_sure(asked, groups, read, look, settings):
        return None
    sure = confidence(asked, groups, [item.passage for item in read], look.weights)
    groups, older = newest_first(groups) if latest else (groups, ())
    groups = with_corrections(groups, [item.passage for item in read])
    best = groups[0]
    if asked.many:
        alike = [group for group in groups[1:] if group.score > max(best.score - _ITEM, 0.0) and group not in older]
        items = _listed(best, alike)
        quotes = [quote for group in items for quote in _quotes(group)[:1]]
        return _Choice(short=_joined(items), quotes=tuple(_once(quotes)[: max(settings.sentences, len(items))]), confidence=sure)
    found = others(asked, groups, look)
    beside = tuple(dict.fromkeys([*(group for group in older if group not in found.contrary), *found.beside]))
    told = tuple(_once(_quotes(best))[: settings.sentences])
    return _Choice(short=_clipped(best.best.text), quotes=told, confidence=sure, best=best, found=Others(found.contrary, beside))


def is_sure(asked: Question, groups: Sequence[Group], read: Sequence[ReadPassage], look: Look, settings: Settings) -> bool:
    """Whether the best answer is likely enough, or another source's account of the same thing is a witness for it."""
    best = groups[0].best
    if is_another(asked.text, best.carrier, best.around, best.passage.published):
        return False
    if confidence(asked, groups, [item.passage for item in read], look.weights) >= settings.abstain_below:
        return True
    if asked.many or asked.kind not in MEASURED:
        return False
    return look.is_witnessed(best, look.further(best))


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
        kept.setdefault(item.passage.source, item)
    return [_Quote(passage=item.passage, sentence=item.sentence) for item in kept.values()]


def _once(quotes: Sequence[_Quote]) -> list[_Quote]:
    """The quotes without those whose words are quoted already."""
    return list({" ".join(_words(quote).split()).casefold(): quote for quote in reversed(quotes)}.values())[::-1]


def _words(quote: _Quote) -> str:
    start = quote.passage.start
    return quote.passage.text[quote.sentence.start - start : quote.sentence.end - start]


# Explanations, yes and no


def _explained(
    asked: Question, read: Sequence[ReadPassage], weights: Mapping[str, float], encoder: Encoder, settings: Settings, *, latest: bool
) -> _Choice | None:
    evidence = gather(asked, [item.passage for item in read], weights=weights, encoder=encoder)
    able = [item for item in evidence if item.confidence >= settings.explain_below]
    if not able:
        return None
    chosen = newest_sentences(able)[: settings.sentences] if latest else _in_order(able[: settings.sentences])
    quotes = tuple(_Quote(passage=item.passage, sentence=item.span) for item in chosen)
    return _Choice(short=clause_of(chosen[0].text, asked, encoder), quotes=quotes, confidence=able[0].confidence)


def _in_order(evidence: Sequence[Evidence]) -> list[Evidence]:
    """The best sentence first, then the rest as their articles tell them."""
    first, *rest = evidence
    return [
        first,
        *sorted(rest, key=lambda item: (item.passage.article_id != first.passage.article_id, item.passage.article_id, item.span.start)),
    ]


def _decided(
    asked: Question,
    read: Sequence[ReadPassage],
    weights: Mapping[str, float],
    encoder: Encoder,
    reader: Reader,
    settings: Settings,
    *,
    latest: bool,
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
    clear = [one for one in decided if one[0] >= _SURE]
    if not clear:
        return None
    sure = max(clear, key=lambda one: (one[2].passage.published or "" if latest else "", one[0]))
    against = [one for one in decided if one[0] >= _AGAINST and one[1] != sure[1] and one[2].passage.source != sure[2].passage.source]
    return _Choice(
        short=sure[1],
        quotes=(_Quote(passage=sure[2].passage, sentence=sure[2].span),),
        confidence=sure[0],
        best=_verdict(*sure),
        found=Others(contrary=(_verdict(*max(against, key=lambda one: one[0])),)) if against else _NOTHING_ELSE,
    )


def _verdict(likely: float, word: str, item: Evidence) -> Group:
    """A yes or a no as a value that a sentence gives."""
    given = Given(
        passage=item.passage, text=word, start=item.span.start, end=item.span.end, sentence=item.span, key=word, margin=likely,
        score=likely, of_kind=True,
    )  # fmt: skip
    return Group(members=(given,), score=likely)


# The answer


def _answer(question: str, choice: _Choice) -> Answer:
    citer = Citer()
    claims = []
    for quote in choice.quotes:
        number = citer.cite(quote.passage, quote.sentence.start, quote.sentence.end)
        said_by = attribution(citer.citations[number - 1])
        claims.append(Claim(text=plain(_words(quote)), citations=(number,), checks=VERBATIM, attribution=said_by))
    values = shown(choice.best, choice.found, citer) if choice.best else Shown()
    return Answer(
        question=question,
        status="answered",
        short=attributed(plain(choice.short), citer.citations[0], question),
        text=" ".join(map(marked, claims)),
        claims=tuple(claims),
        citations=citer.citations,
        disagreement=values.disagreement,
        also_given=values.also_given,
        confidence=choice.confidence,
    )


VERBATIM: dict[str, Check] = {
    name: Check(status="n/a" if name == "support" else "passed", reason="the claim is the article's own sentence") for name in CHECK_NAMES
}
