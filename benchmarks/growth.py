"""How sync, search, memory and disk grow with the number of chunks.

    python -m benchmarks.growth --chunks 10000 100000 300000 [--files 10000] [--save RESULTS.jsonl] [--python PEERS/bin/python] [--keep]
    python -m benchmarks.growth --homes DIR DIR [--rounds 5]

Articles are made of words drawn by a Zipf law, five chunks each, with dates and publishers; vectors are drawn around those of the
sample corpus, so that they cluster as real ones do. Nothing else is encoded. Each size is filled, searched and synced in processes
of their own. `--files` also measures the unchanged sync of so many files. PEERS is an environment with
`benchmarks/requirements-peers.txt`, whose matplotlib draws docs/images/growth-*.png; without it there are no plots. The second command
searches homes that the first one kept, in turn, since one process can take twice as long as the next; it prints medians, and the last
home by the first.
"""

from __future__ import annotations

import argparse
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from benchmarks.drawn import CHUNKS, ROOT, Drawn, prepared_article, save_centres, texts
from index.types import Filters

_QUESTIONS = 60


def fill(home: Any, articles: int, folder: Path) -> dict[str, list[float]]:
    """Put articles into a home as a sync does, without reading files; gives the seconds of each article, and of teaching Chroma."""
    from index import batch as batches
    from index.catalogue import FileRecord

    spent: dict[str, list[float]] = {"catalogue": [], "chroma": []}

    def teach(*arguments: Any) -> None:
        began = time.perf_counter()
        settle(*arguments)
        spent["chroma"].append(time.perf_counter() - began)

    settle, batches.settle = batches.settle, teach
    batch = batches.Batch(home.catalogue, home.vectors, home.encoder)
    put = home.catalogue.put
    home.catalogue.put = _timed(put, spent["catalogue"])
    with home.catalogue.writing():
        home.catalogue.set_root(str(folder))
    for number, text in enumerate(texts(articles)):
        prepared, cut = prepared_article(number, text, folder, home.encoder)
        record = FileRecord(
            location=prepared.location, root=str(folder), size=0, modified=0, seen=0, digest="", recipe="", articles=1, skipped=(),
        )  # fmt: skip
        file = batches.ReadFile(record, [])
        batch.add(prepared, cut, file)
        batch.close(file)
    batch.flush()
    teach(home.catalogue, home.vectors, home.encoder.dimension)
    return spent


def _timed(call: Callable[[Any], None], seconds: list[float]) -> Callable[[Any], None]:
    def timed(entry: Any) -> None:
        began = time.thread_time()  # of the processor: a busy machine makes no difference
        call(entry)
        seconds.append(time.thread_time() - began)

    return timed


def measure(chunks: int, base: Path) -> dict[str, Any]:
    """Fill a home and measure it."""
    from index.home import Home

    articles = chunks // CHUNKS
    home = Home.open(base / "home", encoder=Drawn(base), create=True)
    own = time.process_time()
    spent = fill(home, articles, base / "articles")
    own = time.process_time() - own
    home.close()
    home.vectors.close()
    last = spent["catalogue"][-articles // 5 :]
    return {
        "chunks": chunks,
        "articles": articles,
        "catalogue_ms_an_article": _ms(sum(spent["catalogue"]) / articles),
        "catalogue_ms_an_article_last_fifth": _ms(sum(last) / len(last)),
        "catalogue_ms_slowest": _ms(max(spent["catalogue"])),
        "chroma_ms_an_article": _ms(sum(spent["chroma"]) / articles),
        "fill_cpu_ms_an_article": _ms(own / articles),
        "catalogue_mb": _megabytes((base / "home").glob("catalogue.sqlite*")),
        "chroma_mb": _megabytes((base / "home" / "chroma").rglob("*")),
        "tables_mb": _tables(base / "home" / "catalogue.sqlite"),
        "fill_peak_mb": _peak(),
        **json.loads(_apart("--search", str(chunks), "--base", str(base))),
        **json.loads(_apart("--small-syncs", str(chunks), "--base", str(base))),
    }


def measure_search(base: Path) -> dict[str, Any]:
    """Search percentiles, with and without filters, in a process that does nothing else."""
    from index.home import Home

    draw = np.random.default_rng(3)
    with Home.open(base / "home", encoder=Drawn(base)) as home:
        began = time.perf_counter()
        home.search("w17 w2044 w311", limit=12)
        found: dict[str, Any] = {"first_search_ms": _ms(time.perf_counter() - began)}
        filters = {
            "plain": Filters(),
            "year": Filters(since="2015", until="2015"),
            "publisher": Filters(publishers=("Paper 7",)),
            "path": Filters(paths=(str(base / "articles"),)),
            "half": Filters(since="2017-06"),
        }
        for name, some in filters.items():
            times, own = [], time.process_time()
            for _ in range(_QUESTIONS):
                # One common word, and some that are rare or in between.
                words = [draw.integers(1, 12), *draw.integers(12, 400, 2), *draw.integers(400, 20_000, 3)]
                began = time.perf_counter()
                home.search(" ".join(f"w{word}" for word in words), filters=some, limit=12)
                times.append(time.perf_counter() - began)
            found[f"{name}_cpu_ms"] = _ms((time.process_time() - own) / _QUESTIONS)  # what a busy machine does not change
            found[f"{name}_p50_ms"], found[f"{name}_p95_ms"] = map(_ms, np.percentile(times, [50, 95]))
        common = []
        for word in range(10):
            began = time.perf_counter()
            home.search(f"w{word}", limit=12)
            common.append(time.perf_counter() - began)
        found["one_common_word_max_ms"] = _ms(max(common))
        found["search_peak_mb"] = _peak()
        home.vectors.close()
    return found


def compare(bases: Sequence[Path], rounds: int) -> Iterator[str]:
    """A line for each search time: its median in each home over the rounds, and the median of the last home's by the first's."""
    found: list[list[dict[str, float]]] = []
    for _ in range(rounds):
        found.append([])
        for base in bases:
            (base / "home" / "catalogue.sqlite").read_bytes()  # the machine may have dropped it from its page cache
            found[-1].append(json.loads(_apart("--search", "1", "--base", str(base))))
    for name in (name for name in found[0][0] if name.endswith(("_p50_ms", "_p95_ms"))):
        medians = [float(np.median([run[home][name] for run in found])) for home in range(len(bases))]
        ratio = float(np.median([run[-1][name] / run[0][name] for run in found]))
        yield f"| {name.removesuffix('_ms')} | {' | '.join(f'{value:.1f} ms' for value in medians)} | {ratio:.2f} |"


def measure_small_syncs(base: Path) -> dict[str, Any]:
    """What adding one article costs, one sync each, of a folder of its own."""
    from index.home import Home

    folder = base / "few"
    folder.mkdir(exist_ok=True)
    times = []
    with Home.open(base / "home", encoder=Drawn(base)) as home:
        for number in range(42):
            (folder / f"few{number}.txt").write_text(
                f"A late story {number}\n\nThe ferry to Brigg ran late on day {number}, its captain said."
            )
            began = time.perf_counter()
            home.sync(folder)
            times.append(time.perf_counter() - began)
        home.vectors.close()
    p50, most = np.percentile(times[2:], [50, 100])
    return {"one_article_sync_p50_ms": _ms(p50), "one_article_sync_max_ms": _ms(most)}


def measure_unchanged(files: int, base: Path) -> dict[str, Any]:
    """The sync of files that did not change, beside walking them."""
    from index.encoder import HashEncoder
    from index.home import Home

    folder = base / "files"
    for number in range(files):
        path = folder / str(number % 100) / f"{number}.txt"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(f"Story {number}\n\nThe ferry to Brigg ran late on day {number}, its captain said.")
        os.utime(path, (1_700_000_000, 1_700_000_000))
    with Home.open(base / "unchanged", encoder=HashEncoder(), create=True) as home:
        home.sync(folder)
        seconds = {"walking": _least(lambda: _walked(folder)), "sync": _least(lambda: home.sync(folder))}
        home.vectors.close()
    return {"files": files, **{f"{name}_s": round(value, 2) for name, value in seconds.items()}}


def _least(call: Callable[[], object]) -> float:
    """The shortest of three trials."""
    times = []
    for _ in range(3):
        began = time.perf_counter()
        call()
        times.append(time.perf_counter() - began)
    return min(times)


def _walked(folder: Path) -> int:
    return sum((Path(at) / name).stat().st_size for at, _, names in os.walk(folder) for name in names)


def _ms(seconds: float) -> float:
    return round(1000 * float(seconds), 2)


def _megabytes(files: Iterator[Path]) -> float:
    return round(sum(file.stat().st_size for file in files if file.is_file()) / 1e6, 1)


def _tables(path: Path) -> dict[str, float]:
    """Megabytes of the larger tables and indexes of the catalogue; empty where SQLite was built without dbstat."""
    from index.catalogue import Catalogue

    catalogue = Catalogue.open(path)
    try:
        rows = catalogue.rows("SELECT name, sum(pgsize) / 1e6 AS size FROM dbstat GROUP BY name HAVING size >= 0.1 ORDER BY size DESC")
    except Exception:  # noqa: BLE001 -- what it raises is SQLite's own, which only index/catalogue may name
        return {}
    finally:
        catalogue.close()
    return {name: round(size, 1) for name, size in rows}


def _apart(*arguments: str) -> str:
    command = [sys.executable, "-m", "benchmarks.growth", *arguments]
    return subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONHASHSEED": "0"}).stdout


def _peak() -> int:
    """The most memory that this process has had, in MB; what getrusage says includes the parent's."""
    status = Path("/proc/self/status").read_text(encoding="ascii")
    return int(status.split("VmHWM:")[1].split()[0]) // 1024


def _measured(options: argparse.Namespace) -> Iterator[str]:
    """A JSON line for each size, then one for the files."""
    for chunks in options.chunks:
        base = Path(tempfile.mkdtemp(prefix="dateline-growth-"))
        try:
            save_centres(base)
            yield _apart("--fill", str(chunks), "--base", str(base))
        finally:
            if options.keep:
                print(f"{chunks} chunks are left in {base}", file=sys.stderr)
            else:
                shutil.rmtree(base)
    if options.files:
        base = Path(tempfile.mkdtemp(prefix="dateline-growth-"))
        try:
            yield _apart("--unchanged", str(options.files), "--base", str(base))
        finally:
            shutil.rmtree(base)


def main() -> None:
    """Print a JSON line for each size; with `--save` and `--python`, draw them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--chunks", type=int, nargs="*", default=[10_000, 100_000, 300_000])
    parser.add_argument("--files", type=int, default=0)
    parser.add_argument("--save", type=Path, help="add the lines to this file")
    parser.add_argument("--python", type=Path, help="the interpreter of the peers' environment")
    parser.add_argument("--homes", type=Path, nargs="*", help="homes that were kept, the smallest first")
    parser.add_argument("--rounds", type=int, default=5, help="(with --homes)")
    parser.add_argument("--keep", action="store_true", help="leave the homes where they were made")
    for name in ("--fill", "--search", "--small-syncs", "--unchanged"):
        parser.add_argument(name, type=int, help=argparse.SUPPRESS)
    parser.add_argument("--base", type=Path, help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.base:
        result = (
            measure(options.fill, options.base)
            if options.fill
            else measure_search(options.base)
            if options.search
            else measure_small_syncs(options.base)
            if options.small_syncs
            else measure_unchanged(options.unchanged, options.base)
        )
        print(json.dumps(result))
        return
    if options.homes:
        for line in compare(options.homes, options.rounds):
            print(line)
        return
    for line in _measured(options):
        print(line, end="", flush=True)
        if options.save:
            with options.save.open("a", encoding="utf-8") as file:
                file.write(line)
    if options.save and options.python:
        script = ROOT / "benchmarks" / "peers" / "growth_plots.py"
        subprocess.run([options.python, script, options.save, ROOT / "docs" / "images"], check=True)


if __name__ == "__main__":
    main()
