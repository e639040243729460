"""txtai with `hybrid` and `content` on, over passages under their titles; all else as it comes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peer import Corpus, Search, main, titled, weights


class TxtaiHybrid:
    """See the module's docstring."""

    def texts(self, corpus: Corpus) -> list[str]:
        """The passages under their titles."""
        return [titled(passage) for passage in corpus.passages]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors by txtai's own model."""
        return np.asarray(self._empty().batchtransform(list(texts)), np.float32)

    def build(self, corpus: Corpus, folder: Path, vectors: NDArray[np.float32] | None) -> int:
        """Index and save; given vectors stand in for the model's own."""
        embeddings, passages = self._empty(), corpus.passages
        if vectors is not None:
            known = dict(zip(self.texts(corpus), vectors, strict=True))
            embeddings.model.encode = lambda texts, category=None: np.stack([known[text] for text in texts])
        embeddings.index((f"{p['doc_id']}#{number}", titled(p), None) for number, p in enumerate(passages))
        embeddings.save(str(folder))
        return int(embeddings.count())

    def open(self, folder: Path) -> Search:
        """Load the saved index."""
        from txtai import Embeddings

        embeddings = Embeddings()
        embeddings.load(str(folder))

        def search(question: str, limit: int) -> list[tuple[str, str]]:
            return [(hit["id"].split("#")[0], hit["text"]) for hit in embeddings.search(question, limit)]

        return search

    def _empty(self) -> Any:
        from txtai import Embeddings

        return Embeddings(hybrid=True, content=True, path=weights())


if __name__ == "__main__":
    main(TxtaiHybrid())
