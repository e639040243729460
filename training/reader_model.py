"""The reader: the trunk of all-MiniLM-L6-v2 under three heads.

Input is `[CLS] question or claim [SEP] passage [SEP]`; `segments` says what the second input is. Heads: the answer's first and last piece,
with the `[CLS]` for "no answer" (Devlin et al. 2019, section 4.3); whether the passage answers the question; what it says of the claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from examples import IGNORED, Example
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

SPECIAL = (101, 102)
"""`[CLS]` and `[SEP]`."""
STEP = 32
"""Lengths are multiples of this: kernels are made anew for each new shape, so there should be few."""


def padded(size: int) -> int:
    """`size` rounded up to a length that batches have."""
    return -(-size // STEP) * STEP


def segments(ids: list[int], asked: int) -> list[int]:
    """What each piece is: 0 in the question, 1 in the passage, and 2 more where the other text has the same piece.

    Chen et al. 2017 (arXiv 1704.00051, section 3.2) call the latter the exact match feature.

    Args:
        ids: all pieces.
        asked: how many of them are the question's.
    """
    shared = set(ids[:asked]) & set(ids[asked:]) - set(SPECIAL)
    return [(at >= asked) + 2 * (piece in shared) for at, piece in enumerate(ids)]


@dataclass(frozen=True, slots=True)
class Batch:
    """Examples side by side, padded to the longest."""

    ids: Tensor
    segments: Tensor
    mask: Tensor
    start: Tensor
    end: Tensor
    relevant: Tensor
    support: Tensor

    @classmethod
    def of(cls, examples: list[Example]) -> Batch:
        """Pad with zeros, which the mask hides."""
        longest = padded(max(len(example.ids) for example in examples))
        ids = torch.zeros(len(examples), longest, dtype=torch.long)
        kinds, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        for row, example in enumerate(examples):
            size = len(example.ids)
            ids[row, :size] = torch.tensor(example.ids)
            kinds[row, :size] = torch.tensor(segments(example.ids, example.asked))
            mask[row, :size] = 1
        targets = (torch.tensor([getattr(example, name) for example in examples]) for name in ("start", "end", "relevant", "support"))
        return cls(ids, kinds, mask, *targets)


@dataclass(frozen=True, slots=True)
class Scores:
    """What the heads say, as logits."""

    start: Tensor
    """[examples, pieces]; minus infinity where no answer can start."""
    end: Tensor
    relevance: Tensor
    """[examples]"""
    support: Tensor
    """[examples, 3]: supported, refuted, not enough."""


class Reader(nn.Module):
    """Trunk and heads."""

    def __init__(self, trunk: BertModel) -> None:
        super().__init__()
        hidden = trunk.config.hidden_size
        self.trunk = trunk
        self.span = nn.Linear(hidden, 2)
        self.relevance = nn.Linear(hidden, 1)
        self.support = nn.Sequential(nn.Linear(hidden, hidden), nn.Tanh(), nn.Linear(hidden, 3))

    @classmethod
    def from_encoder(cls, folder: Path, *, dropout: float) -> Reader:
        """Begin from a sentence encoder's weights.

        Args:
            folder: where they are.
            dropout: share of hidden numbers left out in training; attention keeps all of its own, or its fast kernel would be lost.
        """
        trunk = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager", hidden_dropout_prob=dropout, attention_probs_dropout_prob=0.0
        )
        reader = cls(trunk)
        reader.widen()
        return reader

    def widen(self) -> None:
        """Four kinds of segments from two, the new ones alike."""
        known = self.trunk.embeddings.token_type_embeddings.weight.detach()
        self.trunk.embeddings.token_type_embeddings = nn.Embedding.from_pretrained(known.repeat(2, 1), freeze=False)

    def forward(self, batch: Batch) -> Scores:
        """Scores of every head for every example."""
        hidden = self.trunk(input_ids=batch.ids, token_type_ids=batch.segments, attention_mask=batch.mask).last_hidden_state
        first = hidden[:, 0]
        start, end = self.span(hidden).float().unbind(-1)
        possible = (batch.segments % 2 == 1) & (batch.mask == 1)
        possible[:, 0] = True
        hide = torch.where(possible, 0.0, float("-inf"))
        return Scores(start + hide, end + hide, self.relevance(first).float().squeeze(-1), self.support(first).float())


def loss(scores: Scores, batch: Batch) -> Tensor:
    """The sum over examples of what each head that has a target got wrong, in nats."""
    total = functional.cross_entropy(scores.start, batch.start, ignore_index=IGNORED, reduction="sum") / 2
    total = total + functional.cross_entropy(scores.end, batch.end, ignore_index=IGNORED, reduction="sum") / 2
    asked = batch.relevant != IGNORED
    if asked.any():
        wanted = batch.relevant[asked].float()
        total = total + 0.5 * functional.binary_cross_entropy_with_logits(scores.relevance[asked], wanted, reduction="sum")
    return total + functional.cross_entropy(scores.support, batch.support, ignore_index=IGNORED, reduction="sum")
