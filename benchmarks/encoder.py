"""The built-in int8 encoder against its fp32 original: retrieval, closeness, determinism, speed.

    python benchmarks/encoder.py --data DIR [--questions 120]

DIR holds `articles.jsonl.gz` and `questions.jsonl` of RealTimeQA; `python training/export_encoder.py` makes the original.
Articles are cut into slices of 200 word pieces under their title, and an article counts as found where its best slice stands.
This compares two encoders; it does not say how well Dateline searches (benchmarks/retrieval.py does).
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import time
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from index.encoder import MODEL_FOLDER, OnnxEncoder

FP32 = Path(__file__).parents[1] / "training" / "build" / "fp32"
PIECES = 200
RESAMPLES = 5000


@dataclass(frozen=True, kw_only=True)
class Data:
    """Questions, and slices of the articles to search."""

    questions: list[str]
    gold: list[frozenset[str]]
    slices: list[str]
    doc_ids: NDArray[np.str_]


def main() -> None:
    """Run all four comparisons and print them."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--questions", type=int, default=120)
    options = parser.parse_args()
    exact, ours = OnnxEncoder.open(FP32), OnnxEncoder.open(MODEL_FOLDER)
    data = load(options.data, options.questions, window=ours.window)
    print(f"{len(data.questions)} questions, {len(set(data.doc_ids))} articles, {len(data.slices)} slices")
    sample = random.Random(0).sample(data.slices, 200)
    speed(exact, ours, sample)
    determinism(ours, sample)
    vectors = {"fp32": exact.encode(data.slices), "int8": ours.encode(data.slices)}
    closeness(vectors["fp32"], vectors["int8"])
    retrieval(data, {"fp32": (exact, vectors["fp32"]), "int8": (ours, vectors["int8"])})


def load(folder: Path, count: int, *, window: int) -> Data:
    """The first `count` answerable questions by id, and the articles that were retrieved for them."""
    lines = (folder / "questions.jsonl").read_text(encoding="utf-8").splitlines()
    questions = sorted((q for q in map(json.loads, lines) if q["answer_doc_ids"]), key=_id_order)[:count]
    wanted = {doc_id for question in questions for doc_id in question["doc_ids"]}
    with gzip.open(folder / "articles.jsonl.gz", "rt", encoding="utf-8") as file:
        articles = [article for article in map(json.loads, file) if article["doc_id"] in wanted]
    tokenizer = Tokenizer.from_file(str(MODEL_FOLDER / "tokenizer.json"))
    pairs = [(article["doc_id"], text) for article in articles for text in cut(article["title"], article["text"], tokenizer, window)]
    return Data(
        questions=[question["question"] for question in questions],
        gold=[frozenset(question["answer_doc_ids"]) for question in questions],
        slices=[text for _, text in pairs],
        doc_ids=np.array([doc_id for doc_id, _ in pairs]),
    )


def cut(title: str, text: str, tokenizer: Tokenizer, window: int) -> list[str]:
    """Slices of `text`, each under the title and within the window."""
    offsets = tokenizer.encode(text, add_special_tokens=False).offsets
    slices = [f"{title}\n{text[offsets[i][0] : offsets[min(i + PIECES, len(offsets)) - 1][1]]}" for i in range(0, len(offsets), PIECES)]
    return [_fit(piece, tokenizer, window) for piece in slices]


def _fit(text: str, tokenizer: Tokenizer, window: int) -> str:
    """`text` cut at its end until it fits the window; a long title can push it out."""
    while len(encoded := tokenizer.encode(text).offsets) > window:
        text = text[: encoded[window - 2][1]]
    return text


def _id_order(question: dict[str, str]) -> tuple[str, int]:
    day, number = question["id"].rsplit("_", 1)
    return day, int(number)


def speed(exact: OnnxEncoder, ours: OnnxEncoder, texts: list[str]) -> None:
    """Texts a second, the two taking turns; the best round of each counts, as other work can only slow it down."""
    best = {"fp32": 0.0, "int8": 0.0}
    for _ in range(4):
        for name, encoder in (("fp32", exact), ("int8", ours)):
            start = time.perf_counter()
            encoder.encode(texts)
            best[name] = max(best[name], len(texts) / (time.perf_counter() - start))
    query = []
    for text in texts:
        start = time.perf_counter()
        ours.encode_query(text[:80])
        query.append(time.perf_counter() - start)
    print(f"speed: fp32 {best['fp32']:.0f} texts/s, int8 {best['int8']:.0f} texts/s")
    print(f"one question of 80 characters: {np.median(query) * 1e3:.1f} ms")


def determinism(encoder: OnnxEncoder, texts: list[str]) -> None:
    """The same texts alone, together, and in another order."""
    alone = np.vstack([encoder.encode([text]) for text in texts])
    order = random.Random(1).sample(range(len(texts)), len(texts))
    together = encoder.encode([texts[number] for number in order])
    same = np.array_equal(alone[order], together)
    lowest = (alone[order] * together).sum(1).min()
    print(f"alone against in company: {'equal bit for bit' if same else f'lowest cosine {lowest:.6f}'}")


def closeness(exact: NDArray[np.float32], ours: NDArray[np.float32]) -> None:
    """The distribution of the cosine between the two vectors of a slice."""
    cosines = (exact * ours).sum(1)
    lowest, low, tenth, middle = np.quantile(cosines, (0, 0.01, 0.1, 0.5))
    print(f"cosine to fp32: mean {cosines.mean():.5f}, median {middle:.5f}, p10 {tenth:.5f}, p1 {low:.5f}, lowest {lowest:.5f}")


def retrieval(data: Data, systems: dict[str, tuple[OnnxEncoder, NDArray[np.float32]]]) -> None:
    """hit@5 and MRR@10 of each, and the 95 % bootstrap interval of the paired difference."""
    scores = {}
    for name, (encoder, vectors) in systems.items():
        ranks = np.array(
            [first_rank(encoder.encode_query(q) @ vectors.T, data.doc_ids, g) for q, g in zip(data.questions, data.gold, strict=True)]
        )
        scores[name] = {"hit@5": (ranks <= 5).astype(float), "MRR@10": np.where(ranks <= 10, 1 / ranks, 0.0)}
        print(f"{name}: " + ", ".join(f"{metric} {values.mean():.3f}" for metric, values in scores[name].items()))
    picks = np.random.default_rng(0).integers(0, len(data.questions), (RESAMPLES, len(data.questions)))
    for metric in ("hit@5", "MRR@10"):
        difference = scores["int8"][metric] - scores["fp32"][metric]
        low, high = np.quantile(difference[picks].mean(1), (0.025, 0.975))
        verdict = "includes 0" if low <= 0 <= high else "EXCLUDES 0"
        print(f"int8 - fp32 {metric}: {difference.mean():+.4f} [{low:+.4f}, {high:+.4f}] {verdict}")


def first_rank(similarities: NDArray[np.float32], doc_ids: NDArray[np.str_], gold: frozenset[str]) -> float:
    """The place of the first right article, each article standing where its best slice does; infinity if there is none."""
    ranked = dict.fromkeys(doc_ids[np.argsort(-similarities, kind="stable")].tolist())
    return next((float(place) for place, doc_id in enumerate(ranked, 1) if doc_id in gold), float("inf"))


if __name__ == "__main__":
    main()
