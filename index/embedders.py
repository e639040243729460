"""Encoders by spec: "built-in", "hash", or a model of another maker through llama-index, such as "ollama:nomic-embed-text".

The latter are extras. Their models see texts as their makers wish; this file only asks, scales to unit length, and says in
one line what to do when a package, a key or a server is missing.
"""

from __future__ import annotations

import math
import re
from collections.abc import Sequence
from functools import cached_property
from importlib import import_module
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

from index.encoder import Encoder, HashEncoder, Progress, built_in_encoder
from index.errors import MissingExtra, ModelError, UsageError
from index.telemetry import switch_off

if TYPE_CHECKING:
    from llama_index.core.base.embeddings.base import BaseEmbedding
    from numpy.typing import NDArray

_PIECE = re.compile(r"\w+|[^\w\s]")


class _Provider(NamedTuple):
    module: str
    name: str
    remedy: str


_PROVIDERS = {
    "huggingface": _Provider(
        "llama_index.embeddings.huggingface", "HuggingFaceEmbedding", "check the model's name; without a network it must be on this machine"
    ),
    "ollama": _Provider("llama_index.embeddings.ollama", "OllamaEmbedding", "start the server and fetch the model: ollama pull {model}"),
    "openai": _Provider(
        "llama_index.embeddings.openai", "OpenAIEmbedding", "set OPENAI_API_KEY, and check the model's name and the network"
    ),
}


def open_encoder(spec: str) -> Encoder:
    """The encoder that `spec` names.

    Args:
        spec: "built-in", "hash", or "PROVIDER:MODEL" with a provider among huggingface, ollama and openai.

    Raises:
        UsageError: no encoder is called so.
        MissingExtra: the provider's package is not installed.
        ModelError: the model does not load, or its key or server is missing.
    """
    if spec == "built-in":
        return built_in_encoder()
    if spec == "hash":
        return HashEncoder()
    provider, _, model = spec.partition(":")
    if provider not in _PROVIDERS or not model:
        known = ", ".join(["built-in", "hash", *(f"{name}:MODEL" for name in _PROVIDERS)])
        raise UsageError(f"no encoder is called {spec!r}", hint=f"choose one of {known}")
    remedy = _PROVIDERS[provider].remedy.format(model=model)
    return LlamaIndexEncoder(_open_model(provider, model, remedy), name=spec, remedy=remedy)


class LlamaIndexEncoder:
    """Any llama-index `BaseEmbedding` as an encoder."""

    window = None

    def __init__(self, model: BaseEmbedding, *, name: str, remedy: str = "") -> None:
        self.name = name
        self._model = model
        self._remedy = remedy

    @cached_property
    def dimension(self) -> int:
        """The length of a vector, learned by encoding one word.

        Raises:
            ModelError: the model failed.
        """
        return len(self.encode_query("news"))

    def count(self, text: str) -> int:
        """Words and punctuation marks of `text`: an estimate, as the model's own pieces are unknown."""
        return len(_PIECE.findall(text))

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """One row of unit length for each text, in order; see `Encoder.encode`."""
        rows: list[NDArray[np.float32]] = []
        for start in range(0, len(texts), self._model.embed_batch_size):
            batch = list(texts[start : start + self._model.embed_batch_size])
            try:
                raw = self._model.get_text_embedding_batch(batch)
            except Exception as error:  # each provider has exceptions of its own
                raise _model_error(self.name, error, self._remedy) from error
            rows += [self._unit(row) for row in raw]
            if len(rows) != start + len(batch):
                raise ModelError(f"{self.name} gave {len(raw)} vectors for {len(batch)} texts", hint=self._remedy)
            if progress is not None:
                progress(len(rows))
        return np.stack(rows) if rows else np.empty((0, self.dimension), np.float32)

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question, by the model's own way with questions."""
        try:
            raw = self._model.get_query_embedding(text)
        except Exception as error:  # each provider has exceptions of its own
            raise _model_error(self.name, error, self._remedy) from error
        return self._unit(raw)

    def _unit(self, raw: Sequence[float]) -> NDArray[np.float32]:
        vector = np.asarray(raw, np.float64)
        length = float(np.linalg.norm(vector))
        if not math.isfinite(length) or length == 0:
            raise ModelError(f"{self.name} gave a vector without a direction", hint=self._remedy)
        return (vector / length).astype(np.float32)


def _open_model(provider: str, model: str, remedy: str) -> BaseEmbedding:
    module, name, _ = _PROVIDERS[provider]
    try:
        switch_off()
        loaded = import_module(module)
    except ModuleNotFoundError as error:
        if error.name is None or not (module == error.name or module.startswith(f"{error.name}.")):
            raise  # the integration is there; something that it needs is not
        raise MissingExtra(f"{provider} embeddings are not installed", hint=f'pip install "dateline[{provider}]"') from None
    try:
        opened: BaseEmbedding = getattr(loaded, name)(model_name=model)
    except Exception as error:  # each provider has exceptions of its own
        raise _model_error(f"{provider}:{model}", error, remedy) from error
    return opened


def _model_error(name: str, error: Exception, remedy: str) -> ModelError:
    lines = str(error).strip().splitlines()
    return ModelError(f"{name} failed: {lines[0].strip() if lines else type(error).__name__}", hint=remedy)
