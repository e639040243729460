"""llama-index with Chroma and HuggingFaceEmbedding, everything else as it comes: chunks of 1,024 tokens with the metadata in front.

The model sees the first 256 word pieces of such a chunk. `llama_index_passages.py` is the same over shorter chunks.
"""

from __future__ import annotations

from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray
from peer import Corpus, Search, main, weights


class LlamaIndexChroma:
    """See the module's docstring."""

    def texts(self, corpus: Corpus) -> list[str]:
        """The nodes as they are encoded."""
        from llama_index.core.schema import MetadataMode

        return [node.get_content(metadata_mode=MetadataMode.EMBED) for node in self.nodes(corpus)]

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """Vectors by HuggingFaceEmbedding."""
        return np.array(_embedding().get_text_embedding_batch(list(texts)), np.float32)

    def build(self, corpus: Corpus, folder: Path, vectors: NDArray[np.float32] | None) -> int:
        """Fill a Chroma collection; nodes that have a vector are not encoded."""
        from llama_index.core import StorageContext, VectorStoreIndex

        store = _store(folder)
        context = StorageContext.from_defaults(vector_store=store)
        nodes = self.nodes(corpus)
        if vectors is not None:
            for node, vector in zip(nodes, vectors.tolist(), strict=True):
                node.embedding = vector
        VectorStoreIndex(nodes, storage_context=context, embed_model=_embedding())
        return int(store.client.count())

    def open(self, folder: Path) -> Search:
        """The vector retriever over the collection."""
        from llama_index.core import VectorStoreIndex

        index = VectorStoreIndex.from_vector_store(_store(folder), embed_model=_embedding())
        retriever = cache(lambda limit: index.as_retriever(similarity_top_k=limit))

        def search(question: str, limit: int) -> list[tuple[str, str]]:
            return [(found.node.metadata["doc_id"], found.node.get_content()) for found in retriever(limit).retrieve(question)]

        return search

    def nodes(self, corpus: Corpus) -> list[Any]:
        """The articles, cut by the default splitter."""
        from llama_index.core import Document
        from llama_index.core.node_parser import SentenceSplitter

        documents = []
        for article in corpus.articles:
            metadata = {name: article[name] for name in ("title", "date", "url", "doc_id")}
            documents.append(
                Document(text=article["text"], doc_id=article["doc_id"], metadata=metadata, excluded_embed_metadata_keys=["doc_id"])
            )
        return list(SentenceSplitter().get_nodes_from_documents(documents))


def _embedding() -> Any:
    from llama_index.embeddings.huggingface import HuggingFaceEmbedding

    return HuggingFaceEmbedding(model_name=weights())


def _store(folder: Path) -> Any:
    import chromadb
    from llama_index.vector_stores.chroma import ChromaVectorStore

    return ChromaVectorStore(chroma_collection=chromadb.PersistentClient(path=str(folder)).get_or_create_collection("news"))


if __name__ == "__main__":
    main(LlamaIndexChroma())
