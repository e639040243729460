"""What an answer cost: tokens, dollars where the user has told the price, and seconds a stage."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import TYPE_CHECKING

from rag.types import Usage

if TYPE_CHECKING:
    from rag.settings import Price


class Meter:
    """Adds up the requests and the stages of one answer."""

    def __init__(self) -> None:
        self.tokens_in = 0
        self.tokens_out = 0
        self._seconds: dict[str, float] = {}

    def add(self, tokens: tuple[int, int], stage: str, seconds: float) -> None:
        """Count one request to a language model."""
        self.tokens_in += tokens[0]
        self.tokens_out += tokens[1]
        self._seconds[stage] = self._seconds.get(stage, 0.0) + seconds

    @contextmanager
    def stage(self, name: str) -> Iterator[None]:
        """Count the seconds of what runs within."""
        began = time.perf_counter()
        try:
            yield
        finally:
            self._seconds[name] = self._seconds.get(name, 0.0) + time.perf_counter() - began

    def usage(self, model: str, prices: Mapping[str, Price]) -> Usage:
        """Everything so far."""
        price = prices.get(model)
        cost = price.cost(self.tokens_in, self.tokens_out) if price is not None else None
        seconds = {name: round(value, 4) for name, value in self._seconds.items()}
        return Usage(tokens_in=self.tokens_in, tokens_out=self.tokens_out, cost=cost, seconds=seconds)
