"""An invented corpus of any size: words drawn by a Zipf law, five chunks an article, vectors around those of the sample corpus."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

ROOT = Path(__file__).parents[1]
CHUNKS = 5
"""Chunks an article."""
_WORDS = 90
"""Words a chunk."""
_VOCABULARY = 60_000
_DIMENSION = 384
_SPREAD = 0.7
"""How far a vector lies from its centre, which has unit length: two of one centre have a cosine of 0.67 in the mean."""


class Drawn:
    """An encoder that draws the vector of a text from the text's own hash, near a centre."""

    name = "drawn-384"
    dimension = _DIMENSION
    window = 100_000

    def __init__(self, base: Path) -> None:
        self._centres = np.load(base / "centres.npy")

    def count(self, text: str) -> int:
        """The words of `text`, roughly."""
        return text.count(" ") + 1

    def encode(self, texts: Sequence[str], *, progress: Any = None) -> Any:
        """One row for each text."""
        return np.stack([self.encode_query(text) for text in texts]) if texts else np.zeros((0, _DIMENSION), np.float32)

    def encode_query(self, text: str) -> Any:
        """The vector of one text."""
        draw = np.random.default_rng(abs(hash(text)) % 2**32)
        vector = self._centres[draw.integers(len(self._centres))] + _SPREAD * draw.standard_normal(_DIMENSION) / np.sqrt(_DIMENSION)
        return (vector / np.linalg.norm(vector)).astype(np.float32)


def save_centres(base: Path) -> None:
    """Encode the sample corpus, cut into pieces that are about as long as a chunk."""
    from index.encoder import built_in_encoder
    from index.readers import read_file
    from index.types import Draft

    files = sorted(path for path in (ROOT / "eval" / "sample" / "articles").rglob("*") if path.is_file())
    bodies = [draft.text for file in files for draft in read_file(file) if isinstance(draft, Draft)]
    pieces = [text[start : start + 600] for text in bodies for start in range(0, len(text), 600)]
    np.save(base / "centres.npy", built_in_encoder().encode(pieces[:300]))


def texts(articles: int) -> Iterator[str]:
    """Article texts, the same for each run."""
    draw = np.random.default_rng(2)
    ranks = np.arange(1, _VOCABULARY + 1)
    chances = (1 / ranks) / np.sum(1 / ranks)
    for _ in range(articles):
        picks = draw.choice(_VOCABULARY, size=CHUNKS * _WORDS, p=chances)
        yield "\n".join(" ".join(f"w{pick}" for pick in picks[start : start + _WORDS]) + "." for start in range(0, len(picks), _WORDS))


def prepared_article(number: int, text: str, folder: Path, encoder: Any) -> tuple[Any, Any]:
    """Article `number` as `index.batch` takes it, prepared and cut: a chunk and a sentence a line of the text."""
    from index.prepare import Chunked, Place, prepare
    from index.terms import stems
    from index.types import Draft, Span

    day = f"20{10 + number % 15}-{1 + number % 12:02}-{1 + number % 28:02}"
    draft = Draft(doc_id=str(number), text=text, title=f"Story {number} w{number % 999}", published=day, publisher=f"Paper {number % 40}")
    place = Place(location=str(folder / f"{number}.txt"), root=str(folder), path=f"{number}.txt")
    prepared = prepare(draft, place, encoder=encoder, override=None)
    body, bounds = prepared.article.text, [0]
    spans: list[Span] = []
    for line in body.split("\n"):
        start = spans[-1].end + 1 if spans else 0
        spans.append(Span(start, start + len(line)))
        bounds.append(bounds[-1] + len(line.split()))
    return prepared, Chunked(
        sentences=tuple(spans), chunks=tuple(spans), title_stems=tuple(stems(prepared.article.title or "")),
        body_stems=tuple(stems(body)), bounds=tuple(bounds),
    )  # fmt: skip
