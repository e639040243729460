"""One loop over the records of any set: judge each, then measure; and the entrance for the command line."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from difflib import get_close_matches
from pathlib import Path
from time import perf_counter

from eval.bench.files import Files, Record
from eval.bench.measures import Row
from eval.bench.report import Absent, Result, Split, measured
from eval.bench.sets import SETS
from eval.bench.tools import Progress, Tools
from eval.bench.types import Judge, Part
from index.encoder import cores
from index.errors import BadPath, DatelineError, UsageError
from rag.reader import Reader

Say = Callable[[str], None]


def run_bench(
    name: str,
    data: Path,
    *,
    corpus: Path | None = None,
    homes: Path | None = None,
    limit: int | None = None,
    parts: Sequence[str] = (),
    reader: Reader | Path | None = None,
    progress: Progress = lambda what, done, total: None,
    say: Say = lambda sentence: None,
) -> Result:
    """Measure Dateline on a set.

    Args:
        name: of the set, one of `sets.SETS`.
        data: its folder, or the one that its folder lies in.
        corpus: the same for pools that `data` lacks.
        homes: where the encoded pools are kept; None for the user's cache.
        limit: records of each part at most; None for the part's own number.
        parts: names of the parts that are measured; empty for all.
        reader: one in place of the built-in one, or the folder of its model.
        progress: called with what is counted, how many are done, how many there are.
        say: called with a sentence that the person who waits should know.

    Raises:
        UsageError: no such set or part.
        BadPath: a folder is missing, or holds none of the set's files.
        BadSet: a file is not written as it should be.
        ModelError: the reader or the encoder does not load.
    """
    began = perf_counter()
    chosen = _chosen(name, parts)
    with Tools(name, Files(name, data, corpus), reader=_opened(reader), homes=homes, progress=progress, say=say) as tools:
        splits: dict[str, Split | Absent] = {}
        rows: list[tuple[Part, Sequence[Row]]] = []
        for part in chosen:
            split, found = _split(part, tools, limit, say)
            splits[part.label] = split
            if isinstance(split, Split):
                rows.append((part, found))
    if not rows:
        files = ", ".join(f"{part.file}.jsonl" for part in chosen)
        raise BadPath(f"{data} holds nothing of {name}", hint=f"its files are {files}, plain or as .gz; name the folder that holds them")
    return Result.of(name, splits, rows, seconds=perf_counter() - began)


def _chosen(name: str, parts: Sequence[str]) -> list[Part]:
    if name not in SETS:
        near = get_close_matches(name, SETS, n=3)
        hint = f"did you mean {' or '.join(near)}?" if near else f"there are {', '.join(SETS)}"
        raise UsageError(f"no set is called {name!r}", hint=hint)
    labels = [part.label for part in SETS[name]]
    unknown = [label for label in parts if label not in labels]
    if unknown:
        raise UsageError(f"{name} has no part {unknown[0]!r}", hint=f"its parts are {', '.join(labels)}")
    return [part for part in SETS[name] if not parts or part.label in parts]


def _opened(reader: Reader | Path | None) -> Reader | None:
    if not isinstance(reader, Path):
        return reader
    return Reader.open(reader, threads=1)


def _split(part: Part, tools: Tools, limit: int | None, say: Say) -> tuple[Split | Absent, Sequence[Row]]:
    """What was measured on a part, and the rows that it was measured on."""
    records = tools.files.records(part.file)
    if records is None:
        return Absent(f"{part.file}.jsonl"), ()
    found, failures = _judged(part, list(part.chosen(records))[: limit or part.most], tools)
    if failures:
        say(f"{len(failures)} of {part.label} failed and are left out; the first: {failures[0]}")
    return measured(found, part.measures, failures=len(failures)), found


def _judged(part: Part, records: Sequence[Record], tools: Tools) -> tuple[list[Row], list[str]]:
    """What came of the records, and what went wrong with those that crashed."""
    judge = part.adapter(tools, records)
    rows: list[Row] = []
    failures: list[str] = []
    for done, (row, error) in enumerate(_side_by_side(judge, records), start=1):
        if row is not None:
            rows.append(row)
        else:
            failures.append(error)
        tools.progress(part.label, done, len(records))
    return rows, failures


def _side_by_side(judge: Judge, records: Sequence[Record]) -> Iterator[tuple[Row | None, str]]:
    def tried(record: Record) -> tuple[Row | None, str]:
        try:
            return judge(record), ""
        except DatelineError:
            raise
        except Exception as error:  # noqa: BLE001 -- a record that crashes is a finding: it is counted, and the others go on
            return None, f"{record.get('id', '?')}: {type(error).__name__}: {' '.join(str(error).split())}"

    with ThreadPoolExecutor(cores(), thread_name_prefix="bench") as pool:
        yield from pool.map(tried, records)
