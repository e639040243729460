"""Haystack with its in-memory store: BM25 and dense retrieval joined by reciprocal rank fusion, over passages under their titles."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peer import Corpus, Search, main, titled, weights

_FILE = "store.json"


class HaystackRrf:
    """See the module's docstring."""

    def texts(self, corpus: Corpus) -> list[str]:
        """The passages under their titles."""
        return [titled(passage) for passage in corpus.passages]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors by haystack's document embedder."""
        from haystack import Document

        found = _embedder().run(documents=[Document(content=text) for text in texts])["documents"]
        return np.array([document.embedding for document in found], np.float32)

    def build(self, corpus: Corpus, folder: Path, vectors: NDArray[np.float32] | None) -> int:
        """Write documents into the store and save it; given vectors are written with them."""
        from haystack import Document, Pipeline
        from haystack.components.writers import DocumentWriter
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        store = InMemoryDocumentStore(embedding_similarity_function="cosine")
        documents = [Document(content=titled(p), meta={"doc_id": p["doc_id"], "number": n}) for n, p in enumerate(corpus.passages)]
        if vectors is None:
            pipeline = Pipeline()
            pipeline.add_component("embedder", _embedder())
            pipeline.add_component("writer", DocumentWriter(store))
            pipeline.connect("embedder", "writer")
            pipeline.run({"embedder": {"documents": documents}})
        else:
            for document, vector in zip(documents, vectors.tolist(), strict=True):
                document.embedding = vector
            store.write_documents(documents)
        store.save_to_disk(str(folder / _FILE))
        return int(store.count_documents())

    def open(self, folder: Path) -> Search:
        """Load the saved store and make the pipeline over it."""
        from haystack.document_stores.in_memory import InMemoryDocumentStore

        pipeline = _pipeline(InMemoryDocumentStore.load_from_disk(str(folder / _FILE)))

        def search(question: str, limit: int) -> list[tuple[str, str]]:
            inputs = {"embedder": {"text": question}, "dense": {"top_k": limit}, "words": {"query": question, "top_k": limit}}
            found = pipeline.run({**inputs, "joined": {"top_k": limit}})["joined"]["documents"]
            return [(document.meta["doc_id"], document.content) for document in found]

        return search


def _embedder() -> Any:
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersDocumentEmbedder

    embedder = SentenceTransformersDocumentEmbedder(model=weights(), progress_bar=False)
    embedder.warm_up()
    return embedder


def _pipeline(store: Any) -> Any:
    from haystack import Pipeline
    from haystack.components.joiners import DocumentJoiner
    from haystack.components.retrievers.in_memory import InMemoryBM25Retriever, InMemoryEmbeddingRetriever
    from haystack_integrations.components.embedders.sentence_transformers import SentenceTransformersTextEmbedder

    pipeline = Pipeline()
    pipeline.add_component("embedder", SentenceTransformersTextEmbedder(model=weights(), progress_bar=False))
    pipeline.add_component("dense", InMemoryEmbeddingRetriever(store))
    pipeline.add_component("words", InMemoryBM25Retriever(store))
    pipeline.add_component("joined", DocumentJoiner(join_mode="reciprocal_rank_fusion"))
    pipeline.connect("embedder.embedding", "dense.query_embedding")
    pipeline.connect("dense", "joined")
    pipeline.connect("words", "joined")
    return pipeline


if __name__ == "__main__":
    main(HaystackRrf())
