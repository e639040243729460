"""What the reader brings on RealTimeQA: ranking, and how well the signs of the confidence tell right answers from wrong ones.

    python -m benchmarks.calibrate --data DIR [--questions 400] [--home DIR] [--kept FILE]

DIR holds RealTimeQA (see benchmarks.retrieval, whose home is used). Each question is asked twice: of the passages that search finds, where
the answer is right or wrong; and of those of them that do not hold the answer's words, where any answer is a false one. A logistic
regression over the signs of `rag.builtin.extract.signs` gives the weights that would fit these questions; docs/decisions.md says why others
ship. The table says for each threshold how many are answered and how many of these rightly. Readings are kept in `--kept`.
"""

from __future__ import annotations

import argparse
import hashlib
import pickle
import sys
from collections.abc import Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from benchmarks.retrieval import first_questions
from eval.metrics import contains_answer, hit_at, mrr_at
from index.encoder import built_in_encoder
from index.home import Home
from index.types import Passage
from rag.builtin.extract import signs
from rag.builtin.pool import pooled
from rag.builtin.rank import ranked
from rag.question import read_question
from rag.reader import MODEL_FOLDER, Reading, built_in_reader

FOUND, SHOWN = 40, 24
"""Passages that are read, and those that answer at a time."""


class Asked(NamedTuple):
    """A question with everything that the reader said of its passages."""

    question: dict[str, Any]
    passages: list[Passage]
    readings: list[Reading]
    weights: Mapping[str, float]


def main(argv: Sequence[str] | None = None) -> int:
    """Read, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=400)
    parser.add_argument("--home", type=Path, default=Path("benchmarks/build/realtimeqa"))
    parser.add_argument("--kept", type=Path, default=Path("benchmarks/build"))
    options = parser.parse_args(argv)
    rows, right, encoder = [], [], built_in_encoder()
    found = everything(options)
    print_ranking(found)
    for asked in found:
        for passages, readings, answers in (whole(asked), without_answer(asked)):
            question = read_question(asked.question["question"])
            if question.kind in ("explain", "polar"):
                continue
            groups = pooled(question, ranked(passages, readings)[:SHOWN], asked.weights, encoder)
            if groups:
                rows.append(signs(question, groups, passages, asked.weights))
                right.append(contains_answer(groups[0].best.text, answers))
    features, labels = np.array(rows), np.array(right, float)
    weights = fitted(features, labels)
    print("weights", [round(float(weight), 3) for weight in weights])
    print_table(1 / (1 + np.exp(-features @ weights)), labels, np.array([bool(row) for row in right]))
    return 0


def print_ranking(found: Sequence[Asked]) -> None:
    """Article hit@5 and MRR@10 of the passages as search gave them, and as `rag.builtin.rank` orders them."""
    for name, ordered in (
        ("search", [asked.passages for asked in found]),
        ("ranked", [[item.passage for item in ranked(asked.passages, asked.readings)] for asked in found]),
    ):
        rankings = [list(dict.fromkeys(passage.doc_id for passage in passages)) for passages in ordered]
        right = [asked.question["answer_doc_ids"] for asked in found]
        hits, ranks = ([score(*pair) for pair in zip(rankings, right, strict=True)] for score in (partial(hit_at, k=5), mrr_at))
        print(f"{name} hit@5 {sum(hits) / len(hits):.4f} MRR@10 {sum(ranks) / len(ranks):.4f}")


def everything(options: argparse.Namespace) -> list[Asked]:
    """The questions with their readings, from the file where they are kept or fresh."""
    digest = hashlib.sha256((MODEL_FOLDER / "model.onnx").read_bytes()).hexdigest()[:12]
    kept = Path(options.kept) / f"readings-{digest}-{options.questions}.pickle"
    if kept.exists():
        return list(pickle.loads(kept.read_bytes()))
    reader, found = built_in_reader(), []
    with Home.open(options.home) as home:
        for number, question in enumerate(first_questions(options.data, options.questions)):
            passages = home.search(question["question"], limit=FOUND)
            readings = reader.read(question["question"], [passage.text for passage in passages])
            found.append(Asked(question, passages, readings, home.term_weights(question["question"])))
            print(f"\r{number + 1}", end="", file=sys.stderr)
    kept.parent.mkdir(parents=True, exist_ok=True)
    kept.write_bytes(pickle.dumps(found))
    return found


Case = tuple[list[Passage], list[Reading], list[str]]


def whole(asked: Asked) -> Case:
    """The question of all that was found."""
    return asked.passages[:SHOWN], asked.readings[:SHOWN], asked.question["answers"]


def without_answer(asked: Asked) -> Case:
    """The question of what was found without any passage that holds an answer; nothing is right then."""
    left = [
        (passage, reading)
        for passage, reading in zip(asked.passages, asked.readings, strict=True)
        if not contains_answer(passage.text, asked.question["answers"])
    ][:SHOWN]
    return [passage for passage, _ in left], [reading for _, reading in left], []


def fitted(features: NDArray[np.float64], labels: NDArray[np.float64], *, rounds: int = 50) -> NDArray[np.float64]:
    """Logistic regression by Newton's method, with a little ridge."""
    weights = np.zeros(features.shape[1])
    for _ in range(rounds):
        likely = 1 / (1 + np.exp(-features @ weights))
        slope = features.T @ (labels - likely) - 0.01 * weights
        curve = (features * (likely * (1 - likely))[:, None]).T @ features + 0.01 * np.eye(len(weights))
        weights = weights + np.linalg.solve(curve, slope)
    return weights


def print_table(likely: NDArray[np.float64], labels: NDArray[np.float64], right: NDArray[np.bool_]) -> None:
    """One line a threshold."""
    print(f"{len(labels)} askings, {int(labels.sum())} whose best answer is right")
    print("threshold  answered  right of these  right answers kept")
    for threshold in np.arange(0.1, 0.95, 0.1):
        answered = likely >= threshold
        share = float(labels[answered].mean()) if answered.any() else float("nan")
        print(f"{threshold:9.1f}  {answered.mean():8.3f}  {share:14.3f}  {float(answered[right].mean()):18.3f}")


if __name__ == "__main__":
    sys.exit(main())
