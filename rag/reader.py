"""The built-in reader: a small cross-encoder that reads a passage for a question or a claim.

One run over (question or claim, passage) says three things: which words of the passage answer, whether it answers at all, and
whether it supports or refutes the claim. The model was made in training/; what it is and what it can do is in
models/reader/card.md. A passage longer than the model's window is read in overlapping windows. One pair a run, one thread a
core, so what it says of a passage does not depend on what else is read.
"""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, Self

import numpy as np

from index.encoder import cores, open_model

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).parent / "models" / "reader"
MOST_ASKED = 64
"""Word pieces of a question or claim that are read."""
LONGEST_SPAN = 40
"""Word pieces of an answer."""
SPANS = 6
"""Answers that a passage may give, none overlapping another."""
_OVERLAP = 64
"""Word pieces that neighbouring windows of a long passage share."""
_loading = threading.Lock()


class Span(NamedTuple):
    """Words of a passage that may answer."""

    start: int
    """First code point in the passage."""
    end: int
    score: float
    """Logit by which this answer stands above "no answer here"."""


class Support(NamedTuple):
    """What a passage says of a claim: three probabilities."""

    supported: float
    refuted: float
    unknown: float


@dataclass(frozen=True, slots=True)
class Reading:
    """What the reader says of one passage."""

    spans: tuple[Span, ...]
    """Best first; of a passage that does not answer, with scores below 0."""
    relevance: float
    """Logit that the passage answers the question."""
    support: Support
    """For a claim in place of a question."""


class Reader:
    """The cross-encoder in an ONNX file. Safe to use from several threads."""

    def __init__(self, *, name: str, window: int, session: InferenceSession, tokenizer: Tokenizer, threads: int) -> None:
        self.name = name
        self.window = window
        self._session = session
        self._tokenizer = tokenizer
        self._threads = threads

    @classmethod
    def open(cls, folder: Path, *, threads: int | None = None) -> Self:
        """The reader in `folder`: model.onnx, tokenizer.json and manifest.json.

        Args:
            folder: as training/export_reader.py writes it.
            threads: runs side by side; None means one for each core that this process may use.

        Raises:
            ModelError: a file is missing or damaged.
        """
        model = open_model(folder)
        return cls(name=model.name, window=model.window, session=model.session, tokenizer=model.tokenizer, threads=threads or cores())

    def read(self, asked: str, passages: Sequence[str]) -> list[Reading]:
        """Read each passage for one question or claim.

        Args:
            asked: a question, or a claim as a sentence.
            passages: texts of any length.

        Returns:
            One reading for each passage, in order.
        """
        return self.read_pairs([(asked, passage) for passage in passages])

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        """The same for pairs of a question or claim and a passage."""
        if len(pairs) < 2 or self._threads == 1:
            return [self._read(asked, passage) for asked, passage in pairs]
        with ThreadPoolExecutor(self._threads, thread_name_prefix="reader") as pool:
            return list(pool.map(lambda pair: self._read(*pair), pairs))

    def _read(self, asked: str, passage: str) -> Reading:
        question = self._tokenizer.encode(_speakable(asked))
        head = [*question.ids[: MOST_ASKED + 1], question.ids[-1]] if len(question.ids) > MOST_ASKED + 2 else question.ids
        pieces = self._tokenizer.encode(_speakable(passage))
        ids, offsets = pieces.ids[1:-1], pieces.offsets[1:-1]
        heard = [self._heard(head, ids[begin:end], offsets[begin:end]) for begin, end in windows(len(ids), self.window - len(head) - 1)]
        spans = [span for window in heard for span in window.spans]
        return Reading(
            spans=tuple(distinct(spans)[:SPANS]),
            relevance=max(window.relevance for window in heard),
            support=min((window.support for window in heard), key=lambda support: support.unknown),
        )

    def _heard(self, head: list[int], ids: list[int], offsets: list[tuple[int, int]]) -> Reading:
        whole = np.array([*head, *ids, head[-1]], np.int64)
        kinds = np.array(segments(whole.tolist(), len(head)), np.int64)
        spans, relevance, support = self._session.run(None, {"input_ids": whole, "segment_ids": kinds})
        above = best_spans(spans[len(head) : -1], nothing=float(spans[0].sum()))
        found = (Span(offsets[first][0], offsets[last][1], score) for first, last, score in above)
        likely = np.exp(support - support.max())
        return Reading(tuple(found), float(relevance[0]), Support(*(likely / likely.sum()).tolist()))


def _speakable(text: str) -> str:
    """`text` with a question mark for each lone surrogate, which the tokenizer refuses."""
    return text.encode("utf-8", "replace").decode("utf-8")


def segments(ids: Sequence[int], asked: int) -> list[int]:
    """What each piece is: 0 in the question, 1 in the passage, and 2 more where the other text has the same piece.

    The exact match feature of Chen et al. 2017 (arXiv 1704.00051, section 3.2), for each word piece but the special ones at both ends.

    Args:
        ids: `[CLS] question [SEP] passage [SEP]`.
        asked: how many of them are before the passage.
    """
    shared = set(ids[1 : asked - 1]) & set(ids[asked:-1])
    return [(at >= asked) + 2 * (piece in shared) for at, piece in enumerate(ids)]


def windows(size: int, room: int) -> Iterator[tuple[int, int]]:
    """(begin, end) of the windows of at most `room` over `size` pieces; neighbours share some."""
    begin = 0
    while begin + room < size:
        yield begin, begin + room
        begin += max(1, room - _OVERLAP)
    yield begin, size


def best_spans(logits: NDArray[np.float32], *, nothing: float) -> list[tuple[int, int, float]]:
    """(first, last, score above `nothing`) of the likeliest spans, none overlapping a better one.

    Args:
        logits: [pieces, 2], that an answer starts and ends there.
        nothing: the logit of "no answer".
    """
    size = len(logits)
    allowed = np.tri(size, k=LONGEST_SPAN - 1, dtype=bool) & ~np.tri(size, k=-1, dtype=bool)
    both = np.where(allowed, logits[:, :1] + logits[None, :, 1], -np.inf)
    found = []
    for _ in range(min(SPANS, size)):
        first, last = divmod(int(both.argmax()), size)
        if both[first, last] == -np.inf:
            break
        found.append((first, last, float(both[first, last]) - nothing))
        both[: last + 1, first:] = -np.inf  # whatever starts at or before its end and ends at or after its start
    return found


def distinct(spans: Sequence[Span]) -> list[Span]:
    """The spans, best first, without those that overlap a better one."""
    kept: list[Span] = []
    for span in sorted(spans, key=lambda span: -span.score):
        if all(span.end <= other.start or other.end <= span.start for other in kept):
            kept.append(span)
    return kept


def built_in_reader() -> Reader:
    """The reader that Dateline ships; loaded once a process, safe to share between threads.

    Raises:
        ModelError: a model file is missing or damaged.
    """
    with _loading:
        return _built_in()


@cache
def _built_in() -> Reader:
    return Reader.open(MODEL_FOLDER)
