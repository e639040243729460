"""Encoders by spec, and any llama-index embedding model as an encoder."""

import sys
import types

import numpy as np
import pytest
from llama_index.core.embeddings import BaseEmbedding, MockEmbedding

from index.embedders import LlamaIndexEncoder, open_encoder
from index.encoder import HashEncoder, built_in_encoder
from index.errors import MissingExtra, ModelError, UsageError


class Lengths(BaseEmbedding):
    """A text's vector is (its length, 3); a question's is (0, 2)."""

    def _get_text_embedding(self, text):
        if text == "unreachable":
            raise ConnectionError("Failed to connect\nIs the server running?")
        return [float(len(text)), 3.0]

    def _get_query_embedding(self, query):
        if query == "no key":
            raise ValueError
        return [0.0, 2.0]

    async def _aget_query_embedding(self, query):
        return self._get_query_embedding(query)


@pytest.fixture
def encoder():
    return LlamaIndexEncoder(Lengths(embed_batch_size=2), name="test:lengths", remedy="start the server")


def test_built_in_and_hash_by_name():
    assert open_encoder("built-in") is built_in_encoder()
    assert isinstance(open_encoder("hash"), HashEncoder)


@pytest.mark.parametrize("spec", ["", "builtin", "ollama", "ollama:", "cohere:embed-v4", ":x"])
def test_an_unknown_spec_lists_the_known_ones(spec):
    with pytest.raises(UsageError) as caught:
        open_encoder(spec)
    assert str(caught.value) == f"no encoder is called {spec!r}"
    assert caught.value.hint == "choose one of built-in, hash, huggingface:MODEL, ollama:MODEL, openai:MODEL"


@pytest.mark.parametrize("provider", ["huggingface", "ollama", "openai"])
def test_a_missing_package_says_what_to_type(provider, monkeypatch):
    hide(monkeypatch, provider)
    with pytest.raises(MissingExtra) as caught:
        open_encoder(f"{provider}:any")
    assert str(caught.value) == f"{provider} embeddings are not installed"
    assert caught.value.hint == f'pip install "dateline[{provider}]"'


def test_a_fault_inside_the_package_is_not_called_a_missing_package(monkeypatch):
    def broken(name):
        raise ModuleNotFoundError("No module named 'torch'", name="torch")

    monkeypatch.setattr("index.embedders.import_module", broken)
    with pytest.raises(ModuleNotFoundError, match="torch"):
        open_encoder("huggingface:any")


def test_an_installed_package_gets_the_model_name(monkeypatch):
    provide(monkeypatch, "ollama", OllamaEmbedding=lambda model_name: Lengths(model_name=model_name))
    encoder = open_encoder("ollama:nomic-embed-text:v1.5")
    assert (encoder.name, encoder.window, encoder.dimension) == ("ollama:nomic-embed-text:v1.5", None, 2)


def test_a_model_that_does_not_open_says_why_and_what_to_do(monkeypatch):
    def no_key(model_name):
        raise ValueError("No API key found for OpenAI.\nPlease set either …")

    provide(monkeypatch, "openai", OpenAIEmbedding=no_key)
    with pytest.raises(ModelError) as caught:
        open_encoder("openai:text-embedding-3-small")
    assert str(caught.value) == "openai:text-embedding-3-small failed: No API key found for OpenAI."
    assert caught.value.hint == "set OPENAI_API_KEY, and check the model's name and the network"


def test_vectors_keep_their_order_and_have_unit_length(encoder):
    seen = []
    vectors = encoder.encode(["", "aaaa", "a", "bbbb", ""], progress=seen.append)
    expected = np.array([[0, 1], [0.8, 0.6], [1 / 10**0.5, 3 / 10**0.5], [0.8, 0.6], [0, 1]], np.float32)
    np.testing.assert_allclose(vectors, expected, rtol=1e-6)
    assert vectors.dtype == np.float32
    assert seen == [2, 4, 5]
    assert encoder.encode([]).shape == (0, 2)


def test_a_question_goes_through_the_models_own_way_with_questions(encoder):
    assert encoder.encode_query("aaaa").tolist() == [0, 1]


def test_count_is_an_estimate_by_words_and_marks(encoder):
    assert encoder.count("It's rain, rain.") == 7


def test_a_failing_model_is_one_line_with_a_remedy(encoder):
    with pytest.raises(ModelError) as caught:
        encoder.encode(["fine", "unreachable"])
    assert (str(caught.value), caught.value.hint) == ("test:lengths failed: Failed to connect", "start the server")
    with pytest.raises(ModelError, match="test:lengths failed: ValueError"):
        encoder.encode_query("no key")


def test_a_vector_without_a_direction_is_an_error():
    class Zero(Lengths):
        def _get_query_embedding(self, query):
            return [0.0, 0.0]

    with pytest.raises(ModelError, match="x gave a vector without a direction"):
        LlamaIndexEncoder(Zero(), name="x").encode_query("news")


def test_llama_index_own_mock_works():
    vectors = LlamaIndexEncoder(MockEmbedding(embed_dim=4), name="mock").encode(["a", "b"])
    assert vectors.tolist() == [[0.5] * 4] * 2


def provide(monkeypatch, provider, **names):
    module = types.ModuleType(f"llama_index.embeddings.{provider}")
    vars(module).update(names)
    monkeypatch.setitem(sys.modules, "llama_index.embeddings", types.ModuleType("llama_index.embeddings"))
    monkeypatch.setitem(sys.modules, module.__name__, module)


def hide(monkeypatch, provider):
    monkeypatch.setitem(sys.modules, "llama_index.embeddings", types.ModuleType("llama_index.embeddings"))
    monkeypatch.delitem(sys.modules, f"llama_index.embeddings.{provider}", raising=False)
