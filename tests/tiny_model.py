"""A language model of random numbers, in the file format of llama.cpp (GGUF, version 3): it has a vocabulary and knows nothing.

The file holds facts, then the names and places of the arrays, then the arrays; each number is little-endian.
"""

from __future__ import annotations

import struct
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

WIDTH = 64
WINDOW = 8192
"""Tokens of prompt and answer."""
_ALIGNMENT = 32
_MAGIC = 0x46554747
_NUMBER, _SIGNED, _FLOAT, _TEXT, _LIST = 4, 5, 6, 8, 9
_UNKNOWN, _CONTROL, _WORD, _BYTE = 2, 3, 1, 6
_SPECIAL = ("<unk>", "<s>", "</s>")
_TEMPLATE = "{% for message in messages %}{{ message['role'] + ': ' + message['content'] + '\n' }}{% endfor %}"

Fact = int | float | str | Sequence[int] | Sequence[float] | Sequence[str]


def write_tiny_model(path: Path, words: Iterable[str], *, seed: int) -> None:
    """Write a model of one layer that has every byte and `words` for tokens; a word brings the space before it along."""
    pieces = [f"▁{word}" for word in dict.fromkeys(words)]
    tokens = [*_SPECIAL, *(f"<0x{byte:02X}>" for byte in range(256)), *pieces]
    kinds = [_UNKNOWN, _CONTROL, _CONTROL, *[_BYTE] * 256, *[_WORD] * len(pieces)]
    facts: dict[str, Fact] = {
        "general.architecture": "llama",
        "llama.context_length": WINDOW,
        "llama.embedding_length": WIDTH,
        "llama.block_count": 1,
        "llama.feed_forward_length": 2 * WIDTH,
        "llama.attention.head_count": 4,
        "llama.attention.layer_norm_rms_epsilon": 1e-5,
        "llama.rope.dimension_count": WIDTH // 4,
        "llama.vocab_size": len(tokens),
        "tokenizer.ggml.model": "llama",
        "tokenizer.ggml.tokens": tokens,
        "tokenizer.ggml.scores": [0.0] * len(tokens),
        "tokenizer.ggml.token_type": kinds,
        "tokenizer.ggml.unknown_token_id": 0,
        "tokenizer.ggml.bos_token_id": 1,
        "tokenizer.ggml.eos_token_id": 2,
        "tokenizer.chat_template": _TEMPLATE,
    }
    path.write_bytes(_file(facts, _layers(len(tokens), np.random.default_rng(seed))))


def _layers(vocabulary: int, random: np.random.Generator) -> dict[str, NDArray[np.float32]]:
    shapes = {
        "token_embd": (vocabulary, WIDTH),
        "output": (vocabulary, WIDTH),
        **{f"blk.0.attn_{part}": (WIDTH, WIDTH) for part in ("q", "k", "v", "output")},
        "blk.0.ffn_gate": (2 * WIDTH, WIDTH),
        "blk.0.ffn_up": (2 * WIDTH, WIDTH),
        "blk.0.ffn_down": (WIDTH, 2 * WIDTH),
    }
    made = {f"{name}.weight": random.standard_normal(shape, dtype=np.float32) / np.float32(8) for name, shape in shapes.items()}
    norms = ("output_norm", "blk.0.attn_norm", "blk.0.ffn_norm")
    return made | {f"{name}.weight": np.ones(WIDTH, np.float32) for name in norms}


def _file(facts: Mapping[str, Fact], arrays: Mapping[str, NDArray[np.float32]]) -> bytes:
    head = struct.pack("<IIQQ", _MAGIC, 3, len(arrays), len(facts))
    head += b"".join(_text(name) + _value(fact) for name, fact in facts.items())
    place = 0
    for name, array in arrays.items():
        shape = array.shape[::-1]
        head += _text(name) + struct.pack(f"<I{len(shape)}QIQ", len(shape), *shape, 0, place)
        place += len(_padded(array.tobytes()))
    return _padded(head) + b"".join(_padded(array.tobytes()) for array in arrays.values())


def _value(fact: Fact) -> bytes:
    kind, body = _typed(fact)
    return struct.pack("<I", kind) + body


def _typed(fact: Fact) -> tuple[int, bytes]:
    if isinstance(fact, int):
        return _NUMBER, struct.pack("<I", fact)
    if isinstance(fact, float):
        return _FLOAT, struct.pack("<f", fact)
    if isinstance(fact, str):
        return _TEXT, _text(fact)
    items = [_typed(item) for item in fact]
    kind = _SIGNED if items[0][0] == _NUMBER else items[0][0]  # a list of numbers may hold negative ones
    return _LIST, struct.pack("<IQ", kind, len(items)) + b"".join(body for _, body in items)


def _text(text: str) -> bytes:
    data = text.encode()
    return struct.pack("<Q", len(data)) + data


def _padded(data: bytes) -> bytes:
    return data + b"\0" * (-len(data) % _ALIGNMENT)
