"""Where the time of Dateline's sync goes: processor seconds by stage, each without the stages inside it. Runs in Dateline's environment.

    python benchmarks/peers/dateline_stages.py FOLDER HOME

Processor time, since articles are read while others are encoded: waiting for each other counts for nobody. It begins with the process, so
the imports are counted. What threads of libraries took besides (Chroma's) is "other threads". What the wrappers cost (some
microseconds a call) is not taken off.
"""

from __future__ import annotations

import argparse
import builtins
import functools
import json
import sys
import threading
import time
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any


class Stages:
    """Processor seconds by stage; entering a stage stops the clock of the one around it in the same thread."""

    def __init__(self) -> None:
        self.seconds: dict[str, float] = defaultdict(float)
        self._local = threading.local()
        self._local.open, self._local.since = ["imports"], 0.0

    def enter(self, stage: str) -> None:
        """Count for `stage` from now on."""
        self._count()
        self._open().append(stage)

    def leave(self) -> None:
        """Count for the stage around this one again."""
        self._count()
        self._open().pop()

    def _open(self) -> list[str]:
        """The stages that this thread is in."""
        if not hasattr(self._local, "open"):
            self._local.open, self._local.since = [], time.thread_time()
        stages: list[str] = self._local.open
        return stages

    def _count(self) -> None:
        stages, now = self._open(), time.thread_time()
        if stages:
            self.seconds[stages[-1]] += now - self._local.since
        self._local.since = now

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
            if name in sys.modules or self._open()[-1:] == ["imports"]:
                return real(name, *args, **kwargs)
            self.enter("imports")
            try:
                return real(name, *args, **kwargs)
            finally:
                self.leave()

        builtins.__import__ = counted


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
    total, encoding = time.process_time(), stages.seconds["encoding"]
    stages.seconds["other threads"] = max(0.0, total - sum(stages.seconds.values()))
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
    stages.wrap(prepare, "stemmed", "chunking: stems")
    stages.wrap(prepare, "words", "chunking: words")
    stages.wrap(OnnxEncoder, "_run", "encoding")
    for name in ("pending", "stale", "stored_vectors", "chunk_ids", "shared_vectors", "id_taken", "totals"):
        stages.wrap(Catalogue, name, "catalogue")
    stages.wrap_block(Catalogue, "writing", "catalogue")
    stages.wrap(Vectors, "update", "Chroma")


if __name__ == "__main__":
    main()
