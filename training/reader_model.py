"""The reader: the trunk of all-MiniLM-L6-v2 under three heads.

Input is `[CLS] question or claim [SEP] passage [SEP]`, the passage as segment 1. Heads: the answer's first and last piece, with the `[CLS]`
for "no answer" (Devlin et al. 2019, section 4.3); whether the passage answers the question; what the passage says of the claim.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import torch
from examples import IGNORED, Example
from torch import Tensor, nn
from torch.nn import functional
from transformers import BertModel

STEP = 32
"""Lengths are multiples of this: kernels are made anew for each new shape, so there should be few."""


def padded(size: int) -> int:
    """`size` rounded up to a length that batches have."""
    return -(-size // STEP) * STEP


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
        segments, mask = torch.zeros_like(ids), torch.zeros_like(ids)
        for row, example in enumerate(examples):
            size = len(example.ids)
            ids[row, :size] = torch.tensor(example.ids)
            segments[row, example.asked : size] = 1
            mask[row, :size] = 1
        targets = (torch.tensor([getattr(example, name) for example in examples]) for name in ("start", "end", "relevant", "support"))
        return cls(ids, segments, mask, *targets)


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
        """Begin from a sentence encoder's weights."""
        trunk = BertModel.from_pretrained(
            folder, add_pooling_layer=False, attn_implementation="eager", hidden_dropout_prob=dropout, attention_probs_dropout_prob=dropout
        )
        return cls(trunk)

    def forward(self, batch: Batch) -> Scores:
        """Scores of every head for every example."""
        hidden = self.trunk(input_ids=batch.ids, token_type_ids=batch.segments, attention_mask=batch.mask).last_hidden_state
        first = hidden[:, 0]
        start, end = self.span(hidden).float().unbind(-1)
        possible = (batch.segments == 1) & (batch.mask == 1)
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
