"""Dateline beside its peers: llama-index with Chroma, txtai, haystack and BM25 with titles, on the same articles and the same weights.

    python -m benchmarks.peers quality --data DIR --python PEERS/bin/python [--dateline RANKING.json] [--only NAME …]
    python -m benchmarks.peers speed --data DIR --python PEERS/bin/python [--rounds 5] [--articles 300]

PEERS is a virtual environment of its own with `benchmarks/requirements-peers.txt`; DIR holds RealTimeQA, as for
`benchmarks.retrieval`, whose `--save` writes the ranking to give as `--dateline`. `quality` needs the fp32 model that
`python training/export_encoder.py` makes, and goes on where it stopped. docs/benchmarks.md says what is compared and how.
"""

from __future__ import annotations

import argparse
import json
import shutil
import statistics
import sys
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from benchmarks.peer_speed import ROOT, ours, script, speed
from benchmarks.processes import Command, succeed

BUILD = ROOT / "benchmarks" / "build" / "peers"
PEERS = ("bm25_titles", "llama_index_chroma", "llama_index_passages", "txtai_hybrid", "haystack_rrf")
QUESTIONS = 400
WARM = 100
"""Questions that are timed; one more goes before them."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run one of the two comparisons; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("what", choices=("quality", "speed", "prepare"), help="`speed` does what `prepare` does first")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--python", type=Path, required=True, help="the interpreter of the peers' environment")
    parser.add_argument("--dateline", type=Path, help="Dateline's own ranking (quality)")
    parser.add_argument("--only", nargs="+", choices=PEERS, default=list(PEERS), help="these peers and no others")
    parser.add_argument("--rounds", type=int, default=5, help="(speed)")
    parser.add_argument("--articles", type=int, default=300, help="(speed)")
    options = parser.parse_args(argv)
    if options.what == "quality":
        quality(options)
    elif options.what == "prepare":
        prepare(options.data, BUILD / f"speed-{options.articles}", articles=options.articles, questions=WARM + 1)
    else:
        # In a process of its own, since a measured process counts what its parent held in memory as its own peak.
        succeed(
            Command(
                words=[sys.executable, "-m", "benchmarks.peers", "prepare", *(argv if argv is not None else sys.argv[1:])[1:]], folder=ROOT
            )
        )
        speed(BUILD / f"speed-{options.articles}", python=options.python, names=options.only, rounds=options.rounds)
    return 0


def prepare(data: Path, folder: Path, *, articles: int | None = None, questions: int | None = None) -> list[dict[str, Any]]:
    """Write articles/articles.jsonl, passages.jsonl and questions.json; gives all questions.

    Args:
        data: RealTimeQA.
        folder: where to.
        articles: how many of the corpus, from its beginning; None for all.
        questions: how many; None for all.
    """
    from benchmarks.retrieval import first_questions, write_corpus

    chosen = first_questions(data, QUESTIONS)
    corpus = write_corpus(data, chosen, BUILD / f"articles-{QUESTIONS}")
    path, passages = folder / "articles" / "articles.jsonl", folder / "passages.jsonl"
    if not passages.exists():
        path.parent.mkdir(parents=True, exist_ok=True)
        lines = [line for file in sorted(corpus.glob("*.jsonl")) for line in _lines(file)]
        path.write_text("".join(f"{line}\n" for line in lines[:articles]), encoding="utf-8")
        succeed(ours("passages", path, passages))
    held = {json.loads(line)["doc_id"] for line in _lines(path)}
    answerable = sorted(chosen, key=lambda question: held.isdisjoint(question["answer_doc_ids"]))  # those first that the articles answer
    (folder / "questions.json").write_text(json.dumps({question["id"]: question["question"] for question in answerable[:questions]}))
    return chosen


def _lines(path: Path) -> list[str]:
    return path.read_text(encoding="utf-8").removesuffix("\n").split("\n")


# --- quality ---


def quality(options: argparse.Namespace) -> None:
    """Rank the articles by each peer and print the table."""
    folder = BUILD / "quality"
    questions, asked = prepare(options.data, folder), folder / "questions.json"
    given = ("--articles", folder / "articles" / "articles.jsonl", "--passages", folder / "passages.jsonl")
    for name in options.only:
        ranking = folder / f"{name}.json"
        if ranking.exists():
            continue
        texts, home = folder / f"{name}.texts.json", folder / name
        shutil.rmtree(home, ignore_errors=True)
        succeed(script(options.python, name, "texts", *given, "--save", texts))
        vectors = _vectors(json.loads(texts.read_text()), folder)
        built = succeed(script(options.python, name, "build", home, *given, *(("--vectors", vectors) if vectors else ())))
        print(f"{name}: {built.stdout.strip()}", file=sys.stderr, flush=True)
        succeed(script(options.python, name, "rank", home, "--questions", asked, "--save", ranking))
    print_quality(questions, {name: json.loads((folder / f"{name}.json").read_text()) for name in options.only}, options.dateline)


def _vectors(texts: Sequence[str], folder: Path) -> Path | None:
    """The fp32 vectors of some texts in a file; encoded a thousand at a time, so that a stopped run goes on."""
    import hashlib
    from concurrent.futures import ThreadPoolExecutor

    import numpy as np

    from index.encoder import OnnxEncoder

    if not texts:
        return None
    encoder = OnnxEncoder.open(ROOT / "training" / "build" / "fp32")
    parts = []
    (folder / "vectors").mkdir(exist_ok=True)
    for start in range(0, len(texts), 1000):
        some = texts[start : start + 1000]
        path = folder / "vectors" / f"{hashlib.sha256(json.dumps(some).encode()).hexdigest()[:16]}.npy"
        if not path.exists():
            with ThreadPoolExecutor(2) as pool:
                vectors = np.stack(list(pool.map(encoder.encode_query, some)))  # cuts a text at the window, as the peers' models do
            np.save(path, vectors)
        print(f"{min(start + 1000, len(texts))} of {len(texts)} texts encoded", file=sys.stderr, flush=True)
        parts.append(np.load(path))
    path = folder / "vectors.npy"
    np.save(path, np.concatenate(parts))
    return path


def print_quality(questions: Sequence[Mapping[str, Any]], rankings: Mapping[str, Any], dateline: Path | None) -> None:
    """hit@1, hit@5 and MRR@10 of each, and the paired differences to Dateline."""
    from benchmarks.retrieval import scored
    from eval.metrics import bootstrap_interval, paired_bootstrap

    scores = {name: scored(questions, ranking) for name, ranking in rankings.items()}
    own = scored(questions, json.loads(dateline.read_text())) if dateline else {}
    all_scores = {"Dateline": own} | scores if own else scores
    print("| | hit@1 | hit@5 | MRR@10 |\n|---|---|---|---|")
    for name, values in all_scores.items():
        cells = (f"{statistics.fmean(v):.3f} [{low:.3f}, {high:.3f}]" for v in values.values() for low, high in [bootstrap_interval(v)])
        print(f"| {name} | {' | '.join(cells)} |")
    if own:
        print("\n| Dateline minus | hit@1 | hit@5 | MRR@10 |\n|---|---|---|---|")
        for name, values in scores.items():
            differences = (paired_bootstrap(own[metric], values[metric]) for metric in own)
            print(f"| {name} | {' | '.join(f'{d.mean:+.3f} [{d.low:+.3f}, {d.high:+.3f}]' for d in differences)} |")


if __name__ == "__main__":
    raise SystemExit(main())
