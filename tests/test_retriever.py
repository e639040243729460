"""Dateline's search inside llama-index's own engines."""

from __future__ import annotations

import pytest
from llama_index.core.llms import MockLLM
from llama_index.core.query_engine import RetrieverQueryEngine
from llama_index.core.schema import MetadataMode, NodeRelationship

from index.types import Filters
from rag.llm.scripted import ScriptedLLM
from rag.retriever import DatelineRetriever

QUESTION = "When will the second tram line open?"


@pytest.fixture
def home(open_home, corpus):
    home = open_home()
    home.sync(corpus)
    return home


def test_nodes_are_the_passages_that_search_finds(home):
    found = DatelineRetriever(home, limit=3).retrieve(QUESTION)
    passages = home.search(QUESTION, limit=3)
    assert [(node.node.text, node.score) for node in found] == [(passage.text, passage.score) for passage in passages]
    first, passage = found[0].node, passages[0]
    assert first.id_ == f"{passage.article_id}:{passage.start}:{passage.end}"
    assert first.metadata == {
        "title": passage.title,
        "publisher": passage.publisher,
        "published": passage.published,
        "url": passage.url,
        "path": passage.path,
        "doc_id": passage.doc_id,
        "article_id": passage.article_id,
    }
    assert first.relationships[NodeRelationship.SOURCE].node_id == passage.article_id


def test_offsets_are_those_of_the_article(home):
    for found in DatelineRetriever(home).retrieve("harbour museum tram"):
        article = home.article(found.node.metadata["article_id"])
        assert article.text[found.node.start_char_idx : found.node.end_char_idx] == found.node.text


@pytest.mark.parametrize("mode", [MetadataMode.LLM, MetadataMode.EMBED])
def test_models_see_the_passage_alone_unless_asked_otherwise(home, mode):
    (bare, *_), (full, *_) = (DatelineRetriever(home, show_metadata=shown).retrieve(QUESTION) for shown in (False, True))
    assert bare.node.get_content(metadata_mode=mode) == bare.node.text
    assert f"doc_id: {full.node.metadata['doc_id']}" in full.node.get_content(metadata_mode=mode)


def test_filters_and_limit_are_kept(home):
    found = DatelineRetriever(home, filters=Filters(publishers=("The Fennick Daily",)), limit=1).retrieve("How many visitors?")
    assert [node.node.metadata["doc_id"] for node in found] == ["museum"]


def test_it_works_in_a_query_engine(home):
    llm = ScriptedLLM("In June 2026.")
    response = RetrieverQueryEngine.from_args(DatelineRetriever(home, limit=2), llm=llm).query(QUESTION)
    assert str(response) == "In June 2026."
    assert [node.node.text for node in response.source_nodes] == [passage.text for passage in home.search(QUESTION, limit=2)]
    assert all(node.node.text in llm.prompts[0] for node in response.source_nodes)
    assert QUESTION in llm.prompts[0]


def test_it_works_in_a_query_engine_with_llama_indexs_mock(home):
    response = RetrieverQueryEngine.from_args(DatelineRetriever(home, limit=1), llm=MockLLM(max_tokens=3)).query(QUESTION)
    assert str(response) == "text text text"
