"""Read every hostile file of tests/test_hostile.py within the bounds that users have, and tell what became of them and what it cost.

    python -m benchmarks.hostile
    python -m benchmarks.hostile --list       also what the report says of each file

Each group of files is read by a process of its own, so that its largest memory can be told. Reading is what the second process
does (see `index.isolate`), in seconds of the clock; afterwards comes cleaning and cutting, in seconds of the processor.
"""

from __future__ import annotations

import argparse
import resource
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from multiprocessing import get_context
from pathlib import Path

from index.isolate import MEMORY, SECONDS
from index.readers import read_file
from index.types import Draft, Skipped

_TOO_MUCH = ("longer than", "too much memory", "crashed", "failed on it")


@dataclass(kw_only=True)
class Group:
    """What became of the files of one group."""

    files: int = 0
    read: int = 0
    """Files of which at least one article came."""
    slowest: tuple[float, str] = (0.0, "")
    """Seconds, name."""
    slowest_afterwards: tuple[float, str] = (0.0, "")
    memory: float = 0.0
    """The most that a process which parsed them held, in MB."""
    ended: Counter[str] = field(default_factory=Counter)
    """Reason -> files that were ended by a bound on time or memory, or by a fault of a reader."""
    read_in: list[float] = field(default_factory=list)
    """Seconds for each file."""
    said: list[str] = field(default_factory=list)
    """For each file its name, and how many articles it holds or why it holds none."""

    def add(self, path: Path) -> None:
        """Read, clean and cut one file."""
        from tests.test_hostile import check_draft

        began = time.monotonic()
        results = read_file(path)
        seconds = time.monotonic() - began
        drafts = [result for result in results if isinstance(result, Draft)]
        began = time.process_time()
        for draft in drafts[:20]:
            check_draft(draft, path)
        self.slowest = max(self.slowest, (seconds, path.name))
        self.slowest_afterwards = max(self.slowest_afterwards, (time.process_time() - began, path.name))
        self.files += 1
        self.read += bool(drafts)
        self.read_in.append(seconds)
        reasons = [result.reason for result in results if isinstance(result, Skipped)]
        self.said.append(f"{path.name}: {'; '.join([f'{len(drafts)} read'] * bool(drafts) + reasons[:1])}")
        self.ended.update(reason for reason in reasons if any(words in reason for words in _TOO_MUCH))


def main() -> int:
    """Print a table of the groups and the reasons for which files were ended."""
    parser = argparse.ArgumentParser(description="Read every hostile file within the bounds that users have.")
    parser.add_argument("--list", action="store_true", help="also print what the report says of each file")
    listing = parser.parse_args().list
    from tests.test_hostile import FILE_GROUPS

    print(f"bounds: {SECONDS:g} s and {MEMORY / 1e6:g} MB a file")
    print("a small file: {:.0f} ms with the start of the second process, {:.1f} ms once it runs".format(*_start_and_later()))
    row = "{:<10}{:>7}{:>7}{:>9}{:>8}{:>9}  {:<34}{:>8}  {}"
    print(row.format("group", "files", "read", "skipped", "ended", "median", "slowest", "MB", "slowest afterwards"))
    ended: Counter[str] = Counter()
    with ProcessPoolExecutor(1, mp_context=get_context("spawn"), max_tasks_per_child=1) as processes:
        for name, group in zip(FILE_GROUPS, processes.map(_measured, FILE_GROUPS), strict=True):
            median = sorted(group.read_in)[len(group.read_in) // 2]
            print(
                row.format(
                    name, group.files, group.read, group.files - group.read, group.ended.total(), f"{median * 1000:.0f} ms",
                    "{:.1f} s {}".format(*group.slowest), f"{group.memory:.0f}", "{:.1f} s {}".format(*group.slowest_afterwards),
                ),
                flush=True,
            )  # fmt: skip
            ended += group.ended
            for line in group.said if listing else ():
                print(f"    {line}")
    for reason, count in ended.most_common():
        print(f"{count:>4}  {reason}")
    return 0


def _start_and_later() -> tuple[float, float]:
    """Milliseconds for the first file that the second process reads, and for one after it."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text('[{"text": "Some words."}]')
        took = []
        for _ in range(21):
            began = time.monotonic()
            read_file(path)
            took.append((time.monotonic() - began) * 1000)
    return took[0], sorted(took[1:])[10]


def _measured(name: str) -> Group:
    from tests.test_hostile import FILE_GROUPS

    group = Group()
    with tempfile.TemporaryDirectory() as folder:
        for file, make in FILE_GROUPS[name].items():
            path = Path(folder) / file
            path.write_bytes(make())
            group.add(path)
            path.unlink()
    from index.isolate import shared_reader

    shared_reader().close()
    group.memory = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024
    return group


if __name__ == "__main__":
    sys.exit(main())
