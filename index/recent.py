"""What was read lately, kept within a budget. For rows that never change under their key."""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Callable, Iterable, Sequence
from typing import Generic, TypeVar

K = TypeVar("K")
V = TypeVar("V")


class Recent(Generic[K, V]):
    """Values by key; the ones not asked for longest go first. Safe to use from several threads."""

    def __init__(self, most: int) -> None:
        """Keep nothing yet.

        Args:
            most: what the kept values may weigh together.
        """
        self._most = most
        self._weight = 0
        self._kept: OrderedDict[K, tuple[V, int]] = OrderedDict()
        self._lock = threading.Lock()

    def among(self, keys: Sequence[K], load: Callable[[list[K]], Iterable[tuple[K, V, int]]]) -> dict[K, V]:
        """The values of some keys.

        Args:
            keys: which.
            load: gives (key, value, weight) of those that are not kept; what it does not give is left out.
        """
        with self._lock:
            found = {key: self._kept[key][0] for key in keys if key in self._kept}
            for key in found:
                self._kept.move_to_end(key)
        missing = [key for key in keys if key not in found]
        if missing:
            loaded = list(load(missing))
            found.update((key, value) for key, value, _ in loaded)
            self._keep(loaded)
        return found

    def _keep(self, loaded: Iterable[tuple[K, V, int]]) -> None:
        with self._lock:
            for key, value, weight in loaded:
                if key not in self._kept:
                    self._kept[key] = (value, weight)
                    self._weight += weight
            while self._weight > self._most:
                _, (_, weight) = self._kept.popitem(last=False)
                self._weight -= weight
