"""tiktoken without the network: counts that drive the split of articles and the budget of a prompt.

tiktoken fetches its tables from the web unless it is pointed at local copies; llama-index-core ships them.
"""

from __future__ import annotations

import os
from collections.abc import Callable
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import tiktoken

ENCODING = "cl100k_base"


def llama_index_file(*parts: str) -> Path:
    """A data file that llama-index-core ships, found without importing it."""
    spec = find_spec("llama_index.core")
    if spec is None or spec.origin is None:
        raise ModuleNotFoundError("llama-index-core is not installed; run `make install`")
    return Path(spec.origin).parent.joinpath("_static", *parts)


@cache
def encoding() -> tiktoken.Encoding:
    """The tiktoken encoding, read from the installed files whatever the environment says."""
    import tiktoken

    name = "TIKTOKEN_CACHE_DIR"
    before = os.environ.get(name)
    os.environ[name] = str(llama_index_file("tiktoken_cache"))
    try:
        return tiktoken.get_encoding(ENCODING)
    finally:
        if before is None:
            del os.environ[name]
        else:
            os.environ[name] = before


def tokenizer() -> Callable[[str], list[int]]:
    """A function from text to its tokens; text that looks like a control token is ordinary text."""
    return encoding().encode_ordinary


def count(text: str) -> int:
    """Number of tokens of `text`."""
    return len(encoding().encode_ordinary(text))
