"""Whether evidence supports a claim, by the built-in reader and by arithmetic: the claim is read against windows of the evidence.

A claim of several sentences holds when each of them holds. Long evidence is read in windows of a few sentences, and only in those
that share most with the claim, so that a whole page costs no more than a few passages.
"""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Sequence

from index.sentences import sentence_spans
from index.terms import question_stems, stems
from rag.facts.quantities import limits_hold
from rag.reader import Reader, Support

WINDOW = 350
"""Code points of evidence that are read at once, about 80 word pieces; longer windows judged edited summaries worse."""
MOST_WINDOWS = 8
"""Windows that are read for a statement."""
MOST_CLAIM = 300
"""Code points of a claim that is judged as one; a longer one is judged by its sentences."""
SHORT_CLAIM = 6
"""A claim of fewer words may say nothing without its question."""
_DECIDED = 0.9
"""The share of what the reader says that arithmetic overrules."""
_LEAST = 1e-3
"""Keeps the weight of a window finite."""


def judge(reader: Reader, claim: str, evidence: Sequence[str], *, question: str | None = None) -> Support:
    """What the evidence as a whole says of a claim.

    Args:
        reader: reads one window at a time.
        claim: one sentence or several.
        evidence: texts of any length, such as the sentences of an article, or whole articles.
        question: what the claim answers; put before a claim that is too short to stand alone.

    Returns:
        Probabilities that sum to 1; without a claim or evidence, all of it for "unknown".
    """
    read = windows(evidence)
    said = statements(claim)
    if not read or not said:
        return Support(0.0, 0.0, 1.0)
    judged = [_joined(_judged(reader, _whole(part, question), read)) for part in said]
    supported = min(one.supported for one in judged)
    refuted = min(max(one.refuted for one in judged), 1 - supported)
    return Support(supported, refuted, 1 - supported - refuted)


def with_limits(claim: str, evidence: str, support: Support) -> Support:
    """What the reader says, corrected where numbers or dates decide: limits that hold or do not move nine tenths of the other side."""
    holds = limits_hold(claim, evidence)
    if holds is None:
        return support
    supported, refuted, unknown = support
    moved = _DECIDED * (refuted if holds else -supported)
    return Support(supported + moved, refuted - moved, unknown)


def statements(claim: str) -> list[str]:
    """The sentences of a claim, or all of it where it is short."""
    claim = " ".join(claim.split())
    if len(claim) <= MOST_CLAIM:
        return [claim] if claim else []
    return [claim[start:end] for start, end in sentence_spans(claim)]


def windows(evidence: Sequence[str]) -> list[str]:
    """The sentences of the evidence, in runs of at most `WINDOW` code points; a run begins with the last sentence of the one before."""
    texts = (" ".join(text.split()) for text in evidence)
    sentences = [text[start:end] for text in texts for start, end in ([(0, len(text))] if len(text) <= WINDOW else sentence_spans(text))]
    runs: list[list[str]] = []
    for sentence in filter(None, sentences):
        if runs and _length(runs[-1]) + len(sentence) <= WINDOW:
            runs[-1].append(sentence)
        else:
            before = runs[-1][-1:] if runs and len(runs[-1]) > 1 and _length(runs[-1][-1:]) + len(sentence) <= WINDOW else []
            runs.append([*before, sentence])
    return [" ".join(run) for run in runs]


def likeliest(claim: str, texts: Sequence[str], *, most: int = MOST_WINDOWS) -> list[str]:
    """The texts that share most with the claim, in their order; a word that fewer of them hold counts more."""
    if len(texts) <= most:
        return list(texts)
    held = [set(stems(text)) for text in texts]
    frequency = Counter(stem for own in held for stem in own)
    asked = question_stems(claim)
    shared = [sum(math.log(1 + len(texts) / frequency[stem]) for stem in asked if stem in own) for own in held]
    best = sorted(range(len(texts)), key=lambda place: (-shared[place], place))[:most]
    return [texts[place] for place in sorted(best)]


def _length(run: Sequence[str]) -> int:
    return sum(len(sentence) + 1 for sentence in run)


def _whole(claim: str, question: str | None) -> str:
    return f"{question} {claim}" if question and len(claim.split()) < SHORT_CLAIM else claim


def _judged(reader: Reader, claim: str, texts: Sequence[str]) -> list[Support]:
    read = likeliest(claim, texts)
    return [with_limits(claim, text, reading.support) for text, reading in zip(read, reader.read(claim, read), strict=True)]


def _joined(said: Sequence[Support]) -> Support:
    """What several windows say: their mean, each weighted by the odds that it says anything of the claim at all."""
    weights = [(1 - one.unknown + _LEAST) / (one.unknown + _LEAST) for one in said]
    supported, refuted = (sum(weight * one[place] for weight, one in zip(weights, said, strict=True)) / sum(weights) for place in (0, 1))
    return Support(supported, refuted, max(0.0, 1 - supported - refuted))
