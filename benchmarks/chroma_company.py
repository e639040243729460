"""What Chroma makes of one process that writes a folder while two others ask it, with and without our lock.

    python -m benchmarks.chroma_company --seconds 20

Without it, each process opens the folder when it likes and the readers open it anew after every few updates, as readers must
to see what was written. With it, opening and writing go one at a time, and the writer's client lives for one update.
Prints for each way how every process ended, what errors the readers met, and whether the folder could be read afterwards.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import numpy as np

_DIMENSION = 384
_ADDED = 200
_REMOVED = 60
_QUESTIONS = 50


def vectors(draw: np.random.Generator, count: int) -> Any:
    """Random unit vectors."""
    rows = draw.standard_normal((count, _DIMENSION)).astype(np.float32)
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


@contextmanager
def opened(folder: Path, *, locked: bool, spelling: str = "") -> Iterator[Any]:
    """A client's collection."""
    import chromadb
    from chromadb.config import Settings

    client: Any = chromadb.PersistentClient(path=f"{folder}{spelling}", settings=Settings(anonymized_telemetry=False))
    hnsw = {"space": "cosine", **({"sync_threshold": 2, "batch_size": 2} if locked else {})}
    try:
        yield client.get_or_create_collection("chunks", embedding_function=None, configuration={"hnsw": hnsw})
    finally:
        client.close()


def write(folder: Path, until: float, *, locked: bool) -> None:
    """Add and remove until the time is up."""
    draw, live, updates = np.random.default_rng(1), list[str](), 0
    while time.time() < until:
        with lock_of(folder, locked), opened(folder, locked=locked, spelling="/.") as collection:
            while time.time() < until:
                new = [f"{updates}-{number}" for number in range(_ADDED)]
                if live:
                    collection.delete(ids=live[:_REMOVED])
                collection.upsert(ids=new, embeddings=vectors(draw, _ADDED))
                live, updates = [*live[_REMOVED:], *new], updates + 1
                if locked:
                    break
                time.sleep(0.05)
        time.sleep(0.05)
    print(json.dumps({"updates": updates, "live": len(live)}))


def read(folder: Path, until: float, *, locked: bool) -> None:
    """Ask until the time is up, opening anew every so many questions."""
    draw, errors, answers = np.random.default_rng(2), Counter[str](), 0
    while time.time() < until:
        if not (folder / "chroma.sqlite3").exists():
            time.sleep(0.1)
            continue
        try:
            with lock_of(folder, locked):
                context = opened(folder, locked=locked)
                collection = context.__enter__()
                collection.count()
            for _ in range(_QUESTIONS):
                collection.query(query_embeddings=vectors(draw, 1), n_results=50, include=["distances"])
                answers += 1
        except Exception as error:  # noqa: BLE001 -- they are what is counted
            errors[str(error)[:100]] += 1
        else:
            with lock_of(folder, locked):
                context.__exit__(None, None, None)
    print(json.dumps({"answers": answers, "errors": errors}))


def check(folder: Path, *, locked: bool) -> None:
    """Ask for everything that the folder holds."""
    with opened(folder, locked=locked) as collection:
        count = collection.count()
        found = collection.query(query_embeddings=vectors(np.random.default_rng(3), 1), n_results=count, include=["distances"])
    print(json.dumps({"count": count, "found": len(found["ids"][0])}))


def lock_of(folder: Path, locked: bool) -> Any:
    """The lock of a folder, or nothing."""
    from index.locks import process_lock

    return process_lock(folder.with_name("vectors.lock"), wait=120) if locked else nullcontext()


def trial(seconds: float, *, locked: bool) -> dict[str, Any]:
    """One writer, two readers, one look afterwards."""
    with tempfile.TemporaryDirectory(prefix="dateline-company-") as base:
        folder, until = Path(base) / "chroma", time.time() + seconds
        way = ["--locked"] if locked else []
        roles = ["write", "read", "read"]
        command = [sys.executable, "-m", "benchmarks.chroma_company", "--folder", str(folder), "--until", str(until), *way]
        running = [subprocess.Popen([*command, "--role", role], stdout=subprocess.PIPE, text=True) for role in roles]
        ended = [(process.communicate()[0], process.returncode) for process in running]
        last = subprocess.run([*command, "--role", "check"], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, check=False)
        ended.append((last.stdout, last.returncode))
    results = [{"role": role, "exit": code, **json.loads(out or "{}")} for role, (out, code) in zip([*roles, "check"], ended, strict=True)]
    return {"locked": locked, "processes": results}


def main() -> None:
    """Print a JSON line for each way."""
    parser = argparse.ArgumentParser(description="Chroma in company")
    parser.add_argument("--seconds", type=float, default=20)
    parser.add_argument("--role", help=argparse.SUPPRESS)
    parser.add_argument("--folder", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--until", type=float, help=argparse.SUPPRESS)
    parser.add_argument("--locked", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args()
    if options.role == "write":
        write(options.folder, options.until, locked=options.locked)
    elif options.role == "read":
        read(options.folder, options.until, locked=options.locked)
    elif options.role == "check":
        check(options.folder, locked=options.locked)
    else:
        for locked in (False, True):
            print(json.dumps(trial(options.seconds, locked=locked)), flush=True)


if __name__ == "__main__":
    main()
