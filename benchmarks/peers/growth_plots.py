"""Draw what `benchmarks.growth --save` wrote. Runs in the peers' environment, which has matplotlib.

python benchmarks/peers/growth_plots.py RESULTS.jsonl FOLDER
"""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import matplotlib as mpl
from matplotlib import pyplot as plt

PLOTS: Mapping[str, tuple[str, Mapping[str, str]]] = {
    "search": (
        "processor time of a search, ms",
        {f"{name}_cpu_ms": label for name, label in {"plain": "no filter", "year": "one year", "publisher": "one publisher of 40",
                                                      "half": "half of all dates", "path": "everything by path"}.items()},
    ),
    "sync": (
        "storing an article, ms",
        {"catalogue_ms_an_article": "catalogue, all", "catalogue_ms_an_article_last_fifth": "catalogue, the last fifth",
         "chroma_ms_an_article": "Chroma", "one_article_sync_p50_ms": "a sync of its own, p50"},
    ),
    "size": (
        "MB",
        {"catalogue_mb": "catalogue on disk", "chroma_mb": "Chroma on disk", "search_peak_mb": "memory of a process that searches"},
    ),
}  # fmt: skip
"""Name -> its axis, and what is drawn by which label."""


def draw(sizes: Sequence[Mapping[str, Any]], name: str, path: Path) -> None:
    """One plot, by the number of chunks."""
    axis, lines = PLOTS[name]
    figure, axes = plt.subplots(figsize=(6.4, 4))
    for key, label in lines.items():
        axes.plot([size["chunks"] for size in sizes], [size[key] for size in sizes], marker="o", label=label)
    axes.set_xscale("log")
    axes.set_ylim(bottom=0)
    axes.set_xlabel("chunks")
    axes.set_ylabel(axis)
    axes.legend()
    figure.tight_layout()
    figure.savefig(path, dpi=120)
    plt.close(figure)


def main() -> None:
    """Draw all of them."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("results", type=Path)
    parser.add_argument("folder", type=Path)
    options = parser.parse_args()
    mpl.use("Agg")
    lines = [json.loads(line) for line in options.results.read_text(encoding="utf-8").splitlines()]
    sizes = sorted((line for line in lines if "chunks" in line), key=lambda line: int(line["chunks"]))
    for name in PLOTS:
        draw(sizes, name, options.folder / f"growth-{name}.png")


if __name__ == "__main__":
    main()
