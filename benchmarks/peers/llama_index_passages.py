"""The same as `llama_index_chroma`, over the passages that txtai and haystack are given, which the model sees whole."""

from __future__ import annotations

from typing import Any

from llama_index_chroma import LlamaIndexChroma
from peer import Corpus, main, titled


class LlamaIndexPassages(LlamaIndexChroma):
    """See the module's docstring."""

    def nodes(self, corpus: Corpus) -> list[Any]:
        """One node a passage, its title as part of the text."""
        from llama_index.core.schema import TextNode

        nodes = []
        for passage in corpus.passages:
            nodes.append(TextNode(text=titled(passage), metadata={"doc_id": passage["doc_id"]}, excluded_embed_metadata_keys=["doc_id"]))
        return nodes


if __name__ == "__main__":
    main(LlamaIndexPassages())
