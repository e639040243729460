"""Plain BM25 over passages under their titles (bm25s, English stems and stop words): the baseline that news questions make hard to beat."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peer import Corpus, Search, main, titled


class Bm25Titles:
    """See the module's docstring."""

    def texts(self, corpus: Corpus) -> list[str]:
        """Nothing is encoded."""
        return []

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Nothing is encoded."""
        raise NotImplementedError

    def build(self, corpus: Corpus, folder: Path, vectors: NDArray[np.float32] | None) -> int:
        """Index the passages; the passages themselves are kept beside the index."""
        import bm25s

        passages = corpus.passages
        index = bm25s.BM25()
        index.index(_tokens([titled(passage) for passage in passages]), show_progress=False)
        index.save(folder)
        (folder / "passages.json").write_text(json.dumps([(passage["doc_id"], passage["text"]) for passage in passages]))
        return len(passages)

    def open(self, folder: Path) -> Search:
        """Search the saved index."""
        import bm25s

        index, passages = bm25s.BM25.load(folder), json.loads((folder / "passages.json").read_text())

        def search(question: str, limit: int) -> list[tuple[str, str]]:
            numbers, _ = index.retrieve(_tokens([question]), k=limit, show_progress=False)
            return [passages[number] for number in numbers[0]]

        return search


def _tokens(texts: list[str]) -> Any:
    import bm25s
    import Stemmer

    return bm25s.tokenize(texts, stopwords="en", stemmer=Stemmer.Stemmer("english"), show_progress=False)


if __name__ == "__main__":
    main(Bm25Titles())
