"""Texts to unit vectors: the encoder that is built in, and one without a model.

`built_in_encoder()` runs a small int8 transformer on the processor, one text a run, so a text's vector is the same alone
and in any company; runs go side by side, one thread a core. How the model was made is in `models/bi-encoder/card.md`.
Encoders of other makers are in `embedders`. Nothing here downloads anything.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import threading
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache, lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Protocol, Self

import numpy as np

from index.errors import ModelError
from index.telemetry import switch_off

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from onnxruntime import InferenceSession
    from tokenizers import Tokenizer

MODEL_FOLDER = Path(__file__).parent / "models" / "bi-encoder"
_REINSTALL = "pip install --force-reinstall dateline"
_WORD = re.compile(r"\w+")
_loading = threading.Lock()
_REMEMBERED = 1024
"""Texts whose word pieces are kept: a sync counts them when it cuts an article, and needs them again to encode it."""

Progress = Callable[[int], None]
"""Called after each text with the number of texts done so far."""


class Encoder(Protocol):
    """What turns texts into vectors; every vector has unit length."""

    @property
    def name(self) -> str:
        """Stands in the manifest of a home; vectors of different names do not compare."""

    @property
    def dimension(self) -> int:
        """The length of a vector."""

    @property
    def window(self) -> int | None:
        """Word pieces that a text may have, specials included; None where that is unknown."""

    def count(self, text: str) -> int:
        """The word pieces of `text`, specials included."""

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """One row for each text, in order.

        Raises:
            ValueError: a text is longer than the window.
            ModelError: the model failed.
        """

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question; one that is longer than the window is cut to it."""


class OnnxEncoder:
    """A transformer in an ONNX file that takes `input_ids` of one text and gives its vector."""

    def __init__(self, *, name: str, dimension: int, window: int, session: InferenceSession, tokenizer: Tokenizer, threads: int) -> None:
        self.name = name
        self.dimension = dimension
        self.window = window
        self._session = session
        self._tokenizer = tokenizer
        self._threads = threads
        self._ids = lru_cache(_REMEMBERED)(self._tokenized)

    @classmethod
    def open(cls, folder: Path, *, threads: int | None = None) -> Self:
        """The encoder in `folder`: model.onnx, tokenizer.json and manifest.json.

        Args:
            folder: as training/export_encoder.py writes it.
            threads: runs side by side; None means one for each core that this process may use.

        Raises:
            ModelError: a file is missing or damaged.
        """
        model = open_model(folder)
        return cls(
            name=model.name,
            dimension=model.vector_length,
            window=model.window,
            session=model.session,
            tokenizer=model.tokenizer,
            threads=threads or cores(),
        )

    def count(self, text: str) -> int:
        """The word pieces of `text`, [CLS] and [SEP] included."""
        return len(self._ids(text))

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """One row of unit length for each text, in order; see `Encoder.encode`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for done, vector in enumerate(self._each(texts)):
            vectors[done] = vector
            if progress is not None:
                progress(done + 1)
        return vectors

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question, cut to the window where it is longer."""
        ids = self._tokenized(text)
        return self._run(ids if len(ids) <= self.window else np.append(ids[: self.window - 1], ids[-1]))

    def _each(self, texts: Sequence[str]) -> Iterator[NDArray[np.float32]]:
        if len(texts) < 2 or self._threads == 1:
            yield from map(self._document, texts)
            return
        with ThreadPoolExecutor(self._threads, thread_name_prefix="encoder") as pool:
            yield from pool.map(self._document, texts)

    def _document(self, text: str) -> NDArray[np.float32]:
        ids = self._ids(text)
        if len(ids) > self.window:
            raise ValueError(f"a text of {len(ids)} word pieces exceeds the encoder's window of {self.window}: {text[:60]!r}")
        return self._run(ids)

    def _tokenized(self, text: str) -> NDArray[np.int64]:
        return np.array(self._tokenizer.encode(text).ids, np.int64)

    def _run(self, ids: NDArray[np.int64]) -> NDArray[np.float32]:
        (vector,) = self._session.run(None, {"input_ids": ids})
        return np.asarray(vector, np.float32)


class HashEncoder:
    """Words hashed into a vector: no model, the same everywhere; knows the same words, and nothing of meaning.

    For tests, and for homes that shall do with keyword search.
    """

    def __init__(self, dimension: int = 256, *, window: int = 256) -> None:
        self.name = f"hash-{dimension}"
        self.dimension = dimension
        self.window = window

    def count(self, text: str) -> int:
        """The words of `text`."""
        return len(_WORD.findall(text))

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        """One row of unit length for each text, in order; see `Encoder.encode`."""
        vectors = np.empty((len(texts), self.dimension), np.float32)
        for number, text in enumerate(texts):
            words = _WORD.findall(text.casefold())
            if len(words) > self.window:
                raise ValueError(f"a text of {len(words)} words exceeds the encoder's window of {self.window}: {text[:60]!r}")
            vectors[number] = self._vector(words)
            if progress is not None:
                progress(number + 1)
        return vectors

    def encode_query(self, text: str) -> NDArray[np.float32]:
        """The vector of a question, cut to the window where it is longer."""
        return self._vector(_WORD.findall(text.casefold())[: self.window])

    def _vector(self, words: Sequence[str]) -> NDArray[np.float32]:
        vector = np.zeros(self.dimension, np.float32)
        for word in words:
            number = int.from_bytes(hashlib.blake2b(word.encode("utf-8", "surrogatepass"), digest_size=8).digest(), "big")
            vector[(number >> 1) % self.dimension] += 1 if number & 1 else -1
        if not vector.any():  # no words, or words that cancel out: still a unit vector
            vector[0] = 1
        return vector / np.float32(np.linalg.norm(vector))


def built_in_encoder() -> OnnxEncoder:
    """The encoder that Dateline ships; loaded once a process, safe to share between threads.

    Raises:
        ModelError: a model file is missing or damaged.
    """
    with _loading:
        return _built_in()


@cache
def _built_in() -> OnnxEncoder:
    return OnnxEncoder.open(MODEL_FOLDER)


def verify_model(folder: Path = MODEL_FOLDER) -> str | None:
    """One line that says what is wrong with the files of an encoder; None when they are as they were made.

    Reads every byte, so it is for `dateline doctor` and for a load that failed, not for each start.
    """
    try:
        expected = dict(json.loads((folder / "manifest.json").read_text(encoding="utf-8"))["sha256"])
        for name, digest in expected.items():
            if hashlib.sha256((folder / name).read_bytes()).hexdigest() != digest:
                return f"{folder / name} is damaged: its checksum is not the one in manifest.json"
    except FileNotFoundError as error:
        return f"{error.filename} is missing"
    except OSError as error:
        return f"{error.filename} does not read: {error.strerror}"
    except (ValueError, KeyError, TypeError):
        return f"{folder / 'manifest.json'} is damaged"
    return None


@dataclass(frozen=True, kw_only=True, slots=True)
class Model:
    """What the folder of a model holds."""

    name: str
    window: int
    """Word pieces that one run takes."""
    vector_length: int
    """0 for one that gives no vectors."""
    session: InferenceSession
    """One thread a run."""
    tokenizer: Tokenizer


def open_model(folder: Path) -> Model:
    """The model in `folder`: model.onnx, tokenizer.json and manifest.json, as training/ writes them.

    Raises:
        ModelError: a file is missing or damaged.
    """
    try:
        from tokenizers import Tokenizer

        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
        return Model(
            name=str(manifest["name"]),
            window=int(manifest["window"]),
            vector_length=int(manifest.get("dimension", 0)),
            session=_session(folder / "model.onnx"),
            tokenizer=Tokenizer.from_file(str(folder / "tokenizer.json")),
        )
    except Exception as error:  # onnxruntime and tokenizers share no base class for a file that does not read
        problem = verify_model(folder) or f"the model in {folder} does not load: {_first_line(error)}"
        raise ModelError(problem, hint=_REINSTALL) from error


def _session(path: Path) -> InferenceSession:
    switch_off()
    import onnxruntime as ort

    ort.disable_telemetry_events()
    options = ort.SessionOptions()
    options.intra_op_num_threads = options.inter_op_num_threads = 1
    options.graph_optimization_level = ort.GraphOptimizationLevel.ORT_DISABLE_ALL  # the file holds the optimised graph
    options.log_severity_level = 3
    return ort.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def cores() -> int:
    """The cores that this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _first_line(error: Exception) -> str:
    return (str(error).strip().splitlines() or [type(error).__name__])[0]
