"""Where the time of Dateline's sync goes: seconds by stage, each without the stages inside it. Runs in Dateline's environment.

    python benchmarks/peers/dateline_stages.py FOLDER HOME

The clock starts with the process, so the imports are counted. What the wrappers cost (some microseconds a call) is not taken off.
"""

from __future__ import annotations

import time

_BEGAN = time.perf_counter()

import argparse  # noqa: E402
import builtins  # noqa: E402
import functools  # noqa: E402
import json  # noqa: E402
import sys  # noqa: E402
from collections import defaultdict  # noqa: E402
from collections.abc import Callable, Iterator  # noqa: E402
from contextlib import contextmanager  # noqa: E402
from pathlib import Path  # noqa: E402
from typing import Any  # noqa: E402


class Stages:
    """Seconds by stage; entering a stage stops the clock of the one around it."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._open = ["imports"]
        self._since = _BEGAN

    def enter(self, stage: str) -> None:
        """Count for `stage` from now on."""
        self._count()
        self._open.append(stage)

    def leave(self) -> None:
        """Count for the stage around this one again."""
        self._count()
        self._open.pop()

    def wrap(self, owner: Any, name: str, stage: str) -> None:
        """Count every call of `owner.name` for `stage`."""
        function: Callable[..., Any] = getattr(owner, name)

        @functools.wraps(function)
        def counted(*args: Any, **kwargs: Any) -> Any:
            self.enter(stage)
            try:
                return function(*args, **kwargs)
            finally:
                self.leave()

        setattr(owner, name, counted)

    def wrap_block(self, owner: Any, name: str, stage: str) -> None:
        """The same for a method that gives a context manager; its block counts."""
        function: Callable[..., Any] = getattr(owner, name)

        @contextmanager
        def counted(*args: Any, **kwargs: Any) -> Iterator[Any]:
            self.enter(stage)
            try:
                with function(*args, **kwargs) as value:
                    yield value
            finally:
                self.leave()

        setattr(owner, name, counted)

    def wrap_imports(self) -> None:
        """Count imports apart, wherever they happen."""
        real = builtins.__import__

        def counted(name: str, *args: Any, **kwargs: Any) -> Any:
            if name in sys.modules or self._open[-1] == "imports":
                return real(name, *args, **kwargs)
            self.enter("imports")
            try:
                return real(name, *args, **kwargs)
            finally:
                self.leave()

        builtins.__import__ = counted

    def _count(self) -> None:
        now = time.perf_counter()
        self.seconds[self._open[-1]] += now - self._since
        self._since = now


def main() -> None:
    """Sync once with every stage wrapped."""
    parser = argparse.ArgumentParser()
    parser.add_argument("folder", type=Path)
    parser.add_argument("home", type=Path)
    options = parser.parse_args()
    stages = Stages()
    _wrap(stages)
    from index.home import Home

    stages.wrap_imports()
    home = Home.open(options.home, create=True)
    stages.enter("rest of sync")
    report = home.sync(options.folder)
    stages.leave()
    home.close()
    stages.enter("end")
    total = sum(stages.seconds.values())
    encoding = stages.seconds["encoding"]
    print(json.dumps({"chunks": report.chunks, "seconds": stages.seconds, "total": total, "besides_encoding": 1 - encoding / total}))


def _wrap(stages: Stages) -> None:
    from index import prepare, sync
    from index.catalogue import Catalogue
    from index.encoder import OnnxEncoder
    from index.vectors import Vectors

    stages.wrap(sync, "walk", "reading")
    stages.wrap(sync, "_digest", "reading")
    stages.wrap(sync, "read_file", "reading")
    stages.wrap(sync, "prepare", "rest of prepare")
    stages.wrap(prepare, "clean", "cleaning")
    stages.wrap(sync, "chunked", "chunking: other")
    stages.wrap(prepare, "chunk_spans", "chunking: spans")
    stages.wrap(prepare, "sentence_spans", "chunking: sentences")
    stages.wrap(prepare, "stems", "chunking: stems")
    stages.wrap(prepare, "words", "chunking: words")
    stages.wrap(OnnxEncoder, "encode", "encoding")
    for name in ("pending", "stale", "stored_vectors", "chunk_ids", "shared_vectors", "id_taken", "totals"):
        stages.wrap(Catalogue, name, "catalogue")
    stages.wrap_block(Catalogue, "writing", "catalogue")
    stages.wrap(Vectors, "update", "Chroma")


if __name__ == "__main__":
    main()
