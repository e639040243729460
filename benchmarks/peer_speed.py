"""The speed half of `benchmarks.peers`: index builds, first and warm searches, peak memory, and Dateline's sync by stage."""

from __future__ import annotations

import dataclasses
import json
import statistics
import sys
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from benchmarks.processes import Command, Run, in_turn

ROOT = Path(__file__).parents[1]
SCRIPTS = ROOT / "benchmarks" / "peers"
STOCK = "llama_index_chroma"
"""The peer that the ratios and bars are set against."""
LIKE = "llama_index_passages"
"""The same tool over passages that its model sees whole: the bars are printed for it, too."""
WARM_ROUNDS = 9
"""Warm searches are run so often at least: they take seconds, and swing from process to process by more than a bar's width."""
Runs = Mapping[str, Sequence[Run]]
Figure = Callable[[Run], float]


def script(python: Path | str, name: str, *words: object) -> Command:
    """A script of the folder `peers`."""
    return Command(words=[str(python), str(SCRIPTS / f"{name}.py"), *map(str, words)])


def ours(name: str, *words: object) -> Command:
    """The same in Dateline's environment."""
    return dataclasses.replace(script(sys.executable, name, *words), environment={"PYTHONPATH": str(ROOT)})


def speed(folder: Path, *, python: Path, names: Sequence[str], rounds: int) -> None:
    """Measure everything and print it; the single runs go into `folder`/runs.json.

    Args:
        folder: with articles/, passages.jsonl and questions.json, the first of which is asked cold.
        python: the interpreter of the peers' environment.
        names: the peers.
        rounds: how often everything is run.
    """
    asked = folder / "questions.json"
    first = next(iter(json.loads(asked.read_text()).values()))
    index = in_turn({"dateline": _sync(folder)} | {name: _build(folder, python, name) for name in names}, rounds)
    cold_commands = {f"dateline {verb}": _dateline(folder, verb, first) for verb in ("ask", "search")}
    cold_commands |= {name: script(python, name, "first", folder / name, first) for name in names}
    in_turn(cold_commands, 1)  # fills the page cache and the bytecode caches
    cold = in_turn(cold_commands, rounds)
    warm_commands = {"dateline": ours("dateline_warm", folder / "home", "--questions", asked)}
    warm_commands |= {name: script(python, name, "warm", folder / name, "--questions", asked) for name in names}
    warm = in_turn(warm_commands, max(rounds, WARM_ROUNDS))
    stages = [json.loads(run.stdout) for run in in_turn({"sync by stage": _stages(folder)}, rounds)["sync by stage"]]
    runs = {kind: {name: [dataclasses.asdict(run) for run in some] for name, some in table.items()} for kind, table in
            {"index": index, "cold": cold, "warm": warm}.items()}  # fmt: skip
    (folder / "runs.json").write_text(json.dumps(runs | {"stages": stages}, indent=1))
    report(index, cold, warm, stages)


def report(index: Runs, cold: Runs, warm: Runs, stages: Sequence[Mapping[str, object]]) -> None:
    """Print tables, bars and stages."""
    others = statistics.fmean(run.others for table in (index, cold, warm) for runs in table.values() for run in runs)
    print(f"Median [least-most]; the ratio is to {STOCK}, the median over the rounds. Other work on the machine: {others:.2f} cores.\n")
    _print_table("index", index, {"s": _wall, "processor s": _cpu, "peak MB": _peak})
    _print_table("first result", cold, {"s to output": _printed, "s to exit": _wall, "peak MB": _peak})
    _print_table("warm search", warm, {"p50 ms": _p50, "p95 ms": _p95, "peak MB": _peak})
    _print_bars(index, cold, warm, stages)
    _print_stages(stages)


def _sync(folder: Path) -> Command:
    home = folder / "home"
    return dataclasses.replace(_dateline(folder, "sync", str(folder / "articles")), clear=home)


def _dateline(folder: Path, verb: str, word: str) -> Command:
    return Command(
        words=[sys.executable, "-m", "dateline", verb, word, "--home", str(folder / "home")],
        environment={"PYTHONPATH": str(ROOT)},
        folder=folder,
    )


def _stages(folder: Path) -> Command:
    home = folder / "home-by-stage"
    return dataclasses.replace(ours("dateline_stages", folder / "articles", home), clear=home)


def _build(folder: Path, python: Path, name: str) -> Command:
    given = ("--articles", folder / "articles" / "articles.jsonl", "--passages", folder / "passages.jsonl")
    return dataclasses.replace(script(python, name, "build", folder / name, *given), clear=folder / name)


def _wall(run: Run) -> float:
    return run.wall


def _cpu(run: Run) -> float:
    return run.cpu


def _peak(run: Run) -> float:
    return run.peak


def _printed(run: Run) -> float:
    return run.printed


def _p50(run: Run) -> float:
    return float(json.loads(run.stdout)["p50_ms"])


def _p95(run: Run) -> float:
    return float(json.loads(run.stdout)["p95_ms"])


def _print_table(title: str, runs: Runs, figures: Mapping[str, Figure]) -> None:
    heads = [head for name in figures for head in ((name, "ratio") if STOCK in runs else (name,))]
    print(f"| {title} | {' | '.join(heads)} |\n|---{'|---' * len(heads)}|")
    for name, some in runs.items():
        cells = []
        for figure in figures.values():
            values = [figure(run) for run in some]
            cells.append(f"{statistics.median(values):.4g} [{min(values):.4g}-{max(values):.4g}]")
            if STOCK in runs:
                cells.append(f"{_ratio(some, runs[STOCK], figure):.2f}")
        print(f"| {name} | {' | '.join(cells)} |")
    print()


def _ratio(ours: Sequence[Run], theirs: Sequence[Run], figure: Figure) -> float:
    """The median over the rounds of our figure by theirs."""
    return statistics.median(figure(a) / figure(b) for a, b in zip(ours, theirs, strict=True))


def _print_bars(index: Runs, cold: Runs, warm: Runs, stages: Sequence[Mapping[str, object]]) -> None:
    ask = cold["dateline ask"]
    print("| bar | is | at most | |\n|---|---|---|---|")
    for peer in (name for name in (STOCK, LIKE) if name in index):
        _print_bar(f"index, seconds, by {peer}", _ratio(index["dateline"], index[peer], _wall), 1 / 3)
        _print_bar(f"`dateline ask` by the first search of {peer}, seconds", _ratio(ask, cold[peer], _printed), 1 / 5)
        _print_bar(f"warm search, p50, by {peer}", _ratio(warm["dateline"], warm[peer], _p50), 1 / 3)
        _print_bar(f"peak memory, index, by {peer}", _ratio(index["dateline"], index[peer], _peak), 1 / 2)
        _print_bar(f"peak memory, `dateline ask` by {peer}", _ratio(ask, cold[peer], _peak), 1 / 2)
        _print_bar(f"peak memory, warm search, by {peer}", _ratio(warm["dateline"], warm[peer], _peak), 1 / 2)
    _print_bar("sync besides encoding, share of the whole", statistics.median(float(str(s["besides_encoding"])) for s in stages), 1 / 3)
    print()


def _print_bar(name: str, value: float, most: float) -> None:
    print(f"| {name} | {value:.3f} | {most:.3f} | {'holds' if value <= most else 'MISSED'} |")


def _print_stages(stages: Sequence[Mapping[str, object]]) -> None:
    total = statistics.median(float(str(stage["total"])) for stage in stages)
    print("| stage of sync | processor s | share |\n|---|---|---|")
    seconds: list[Mapping[str, float]] = [dict(stage["seconds"]) for stage in stages]  # type: ignore[call-overload]
    median = {name: statistics.median(some.get(name, 0.0) for some in seconds) for name in seconds[0]}
    for name, value in sorted(median.items(), key=lambda item: -item[1]):
        print(f"| {name} | {value:.2f} | {value / total:.1%} |")
