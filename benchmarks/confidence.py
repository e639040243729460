"""What weights the signs of the confidence should have: a fit on SQuAD 2.0 as a corpus of its own.

    python -m benchmarks.confidence --data DIR [--home DIR]

DIR holds SQuAD 2.0 (`contexts`, `questions`). All its passages become one home; the questions of the articles that the reader did not
learn from (training/sources.py says which) are asked of it, the unanswerable ones as well, which were written to look answerable. A
logistic regression over the signs of `rag.builtin.extract.signs` says how to tell right answers from the rest; the table says for each
threshold how many are answered, how many of these rightly, and how many of the unanswerable ones are answered.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np

from benchmarks.calibrate import fitted
from eval.bench.files import read_records
from eval.metrics import token_f1
from index.encoder import built_in_encoder
from index.home import Home
from rag.builtin.extract import signs
from rag.builtin.pool import pooled
from rag.builtin.rank import rank
from rag.question import read_question
from rag.reader import built_in_reader

SHOWN = 24
"""Passages that are read."""
RIGHT = 0.5
"""F1 from which an answer counts as right."""
HELD_OUT = 8
"""One article in so many, as in training/sources.py."""


class Row(NamedTuple):
    """One question: the signs of its best answer, whether that is right, and whether there is a right one."""

    signs: tuple[float, ...]
    right: bool
    answerable: bool


def main(argv: Sequence[str] | None = None) -> int:
    """Ask, fit, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--home", type=Path, default=Path("benchmarks/build/squad2"))
    options = parser.parse_args(argv)
    rows = list(asked(options.data, options.home))
    features, right = np.array([row.signs for row in rows]), np.array([row.right for row in rows], float)
    weights = fitted(features, right)
    answerable = np.array([row.answerable for row in rows])
    print(f"{len(rows)} questions, {int(answerable.sum())} with an answer, {int(right.sum())} whose best answer is right")
    print("weights", [round(float(weight), 3) for weight in weights])
    likely = 1 / (1 + np.exp(-features @ weights))
    print("threshold  right answers kept  right of the answered  unanswerable answered")
    for threshold in np.arange(0.2, 0.95, 0.1):
        given = likely >= threshold
        shares = (given[right == 1].mean(), right[given].mean() if given.any() else float("nan"), given[~answerable].mean())
        print(f"{threshold:9.1f}  {shares[0]:18.3f}  {shares[1]:21.3f}  {shares[2]:21.3f}")
    return 0


def asked(data: Path, folder: Path) -> Iterator[Row]:
    """A row for each question for a value, of the articles that are held out."""
    contexts = {record["doc_id"]: record for record in read_records(data, "contexts") or ()}
    reader, encoder = built_in_reader(), built_in_encoder()
    with _home(folder, list(contexts.values())) as home:
        for record in read_records(data, "questions") or ():
            question = read_question(record["question"])
            if not _held_out(contexts[record["doc_ids"][0]]["title"]) or question.kind in ("explain", "polar"):
                continue
            passages, weights = home.search(question.text, limit=SHOWN), home.term_weights(question.text)
            groups = pooled(question, rank(question.text, passages, reader), weights, encoder)
            if groups:
                right = not record["unanswerable"] and token_f1(groups[0].best.text, record["answers"]) >= RIGHT
                yield Row(signs(question, groups, passages, weights), right, not record["unanswerable"])


def _home(folder: Path, contexts: Sequence[dict[str, Any]]) -> Home:
    """Every passage as an article."""
    home = Home.open(folder / "home", create=True)
    articles = folder / "articles" / "passages.jsonl"
    articles.parent.mkdir(parents=True, exist_ok=True)
    lines = [json.dumps({"id": one["doc_id"], "title": one["title"].replace("_", " "), "text": one["text"]}) for one in contexts]
    articles.write_text("\n".join(lines), encoding="utf-8")
    home.sync(articles.parent)
    return home


def _held_out(title: str) -> bool:
    return hashlib.sha256(title.encode()).digest()[0] % HELD_OUT == 0


if __name__ == "__main__":
    sys.exit(main())
