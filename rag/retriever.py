"""Dateline's search as a llama-index retriever, for people who build engines of their own.

The nodes hold the exact passage; what they are made into afterwards (a response synthesiser may repack texts) is up to the
engine, so citations by offset are only promised for the nodes themselves.
"""

from __future__ import annotations

from typing import Any

from llama_index.core.retrievers import BaseRetriever
from llama_index.core.schema import NodeRelationship, NodeWithScore, QueryBundle, RelatedNodeInfo, TextNode

from index.home import Home
from index.types import Chunk, Filters, Passage

_METADATA = ("title", "publisher", "published", "url", "path", "doc_id", "article_id")


class DatelineRetriever(BaseRetriever):
    """Finds passages in a home.

    Put it into any engine:

        from llama_index.core.query_engine import RetrieverQueryEngine

        engine = RetrieverQueryEngine.from_args(DatelineRetriever(Home.open()), llm=llm)
        response = engine.query("When did the harbour reopen?")
        for found in response.source_nodes:
            article = home.article(found.node.metadata["article_id"])
            assert article.text[found.node.start_char_idx : found.node.end_char_idx] == found.node.text
    """

    def __init__(self, home: Home, *, filters: Filters | None = None, limit: int = 10, show_metadata: bool = False, **options: Any) -> None:
        """Search `home`.

        Args:
            home: an open home.
            filters: which articles may be found.
            limit: how many passages at most.
            show_metadata: let embedders and language models see title, publisher and the rest; by default they see the passage alone.
            options: for llama-index's own `BaseRetriever`.
        """
        super().__init__(**options)
        self._home = home
        self._filters = filters
        self._limit = limit
        self._show_metadata = show_metadata

    def _retrieve(self, query_bundle: QueryBundle) -> list[NodeWithScore]:
        passages = self._home.search(query_bundle.query_str, filters=self._filters, limit=self._limit)
        return [NodeWithScore(node=self._node(passage), score=passage.score) for passage in passages]

    def _node(self, passage: Passage) -> TextNode:
        hidden = [] if self._show_metadata else list(_METADATA)
        return TextNode(
            id_=Chunk(article_id=passage.article_id, start=passage.start, end=passage.end).id,
            text=passage.text,
            metadata={name: getattr(passage, name) for name in _METADATA},
            excluded_embed_metadata_keys=hidden,
            excluded_llm_metadata_keys=hidden,
            start_char_idx=passage.start,
            end_char_idx=passage.end,
            relationships={NodeRelationship.SOURCE: RelatedNodeInfo(node_id=passage.article_id)},
        )
