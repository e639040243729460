"""Article retrieval on RealTimeQA: hit@1, hit@5 and MRR@10 of Dateline's search, with 95 % intervals.

    python -m benchmarks.retrieval --data DIR [--questions 400] [--home DIR] [--encoder SPEC|FOLDER] [--save FILE] [--against FILE]

DIR holds RealTimeQA's `questions.jsonl` and `articles.jsonl.gz`. The questions are the first by id that have an answering
article; the corpus is the union of the articles that were found for them. `--save` writes the ranking of every question, and
`--against` compares with one written before (by another encoder, or by `benchmarks.peers`): the paired difference and its
bootstrap interval.
"""

from __future__ import annotations

import argparse
import gzip
import json
import sys
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from eval.metrics import bootstrap_interval, hit_at, mrr_at, paired_bootstrap
from index.encoder import OnnxEncoder
from index.home import Home

SHARD = 500
"""Articles in one file of the corpus, to stay below the size limit of a file."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run the benchmark; see the module's docstring."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--home", type=Path, default=Path("benchmarks/build/realtimeqa"))
    parser.add_argument("--encoder", default="built-in", help="a spec, or a folder that training/export_encoder.py wrote")
    parser.add_argument("--save", type=Path)
    parser.add_argument("--against", type=Path, action="append", default=[])
    options = parser.parse_args(argv)

    questions = first_questions(options.data, options.questions)
    corpus = write_corpus(options.data, questions, options.home.with_name(f"{options.home.name}-articles-{options.questions}"))
    folder = Path(options.encoder)
    encoder = OnnxEncoder.open(folder) if folder.is_dir() else options.encoder
    with Home.open(options.home, encoder=encoder, create=True) as home:
        report = home.sync(corpus)
        print(f"{report.articles} articles, {report.chunks} chunks, {report.embedded} encoded in {report.seconds:.0f} s", file=sys.stderr)
        began = time.perf_counter()
        rankings = {question["id"]: ranked_articles(home, question["question"]) for question in questions}
        seconds = time.perf_counter() - began
    scores = scored(questions, rankings)
    print(f"{len(questions)} questions, {1000 * seconds / len(questions):.1f} ms each")
    for name, values in scores.items():
        low, high = bootstrap_interval(values, seed=0)
        print(f"{name:7} {sum(values) / len(values):.4f}  [{low:.3f}, {high:.3f}]")
    if options.save:
        options.save.write_text(json.dumps(rankings))
    for path in options.against:
        print_difference(path, questions, scores)
    return 0


def first_questions(data: Path, limit: int) -> list[dict[str, Any]]:
    """The first questions by id that have an answering article."""
    with (data / "questions.jsonl").open(encoding="utf-8") as file:
        questions = [question for question in map(json.loads, file) if question["answer_doc_ids"]]
    return sorted(questions, key=_by_id)[:limit]


def _by_id(question: Mapping[str, Any]) -> tuple[str, int]:
    day, number = question["id"].rsplit("_", 1)
    return day, int(number)


def write_corpus(data: Path, questions: Sequence[Mapping[str, Any]], folder: Path) -> Path:
    """The articles that were found for the questions, as JSON Lines of `SHARD` articles."""
    wanted = {doc_id for question in questions for doc_id in question["doc_ids"]}
    with gzip.open(data / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        lines = [line for line in file if json.loads(line)["doc_id"] in wanted]
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(lines), SHARD):
        path, text = folder / f"{start:05}.jsonl", "".join(lines[start : start + SHARD])
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.write_text(text, encoding="utf-8")
    return folder


def ranked_articles(home: Home, question: str, limit: int = 10) -> list[str]:
    """The doc_ids of the best articles, best first."""
    passages = home.search(question, limit=60)
    return list(dict.fromkeys(passage.doc_id for passage in passages))[:limit]


def scored(questions: Sequence[Mapping[str, Any]], rankings: Mapping[str, Sequence[str]]) -> dict[str, list[float]]:
    """Metric -> one value a question."""
    pairs = [(rankings[question["id"]], question["answer_doc_ids"]) for question in questions]
    return {
        "hit@1": [float(hit_at(ranking, gold, 1)) for ranking, gold in pairs],
        "hit@5": [float(hit_at(ranking, gold, 5)) for ranking, gold in pairs],
        "mrr@10": [mrr_at(ranking, gold, 10) for ranking, gold in pairs],
    }


def print_difference(path: Path, questions: Sequence[Mapping[str, Any]], scores: Mapping[str, Sequence[float]]) -> None:
    """The paired difference to a ranking that was saved."""
    other = scored(questions, json.loads(path.read_text()))
    for name, values in scores.items():
        difference = paired_bootstrap(values, other[name], seed=0)
        print(f"{name:7} minus {path.stem}: {difference}")


if __name__ == "__main__":
    raise SystemExit(main())
