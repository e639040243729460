"""Train the reader: `python training/train_reader.py --data DIR --tokens 24000000 [--start FILE]`.

Reads the sets named in sources.py under DIR, begins with all-MiniLM-L6-v2 or with the weights in FILE, writes checkpoints into
training/build/reader and goes on from the last one where it was stopped. The same seed, data and number of threads give the same
weights. Numbers are kept in 32 bits and computed in bfloat16, which takes about half the time on a processor that has instructions for it.
`reader.pt` at the end holds the moving average of the weights.
"""

from __future__ import annotations

import argparse
import json
import pickle
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from random import Random
from typing import Any

import torch
from examples import IGNORED, Example, build
from export_encoder import find_source
from reader_model import Batch, Reader, loss, padded

BUILD = Path(__file__).parent / "build" / "reader"
PIECES = 6144
"""Word pieces in a step, padding included."""
MOST_EXAMPLES = 64
"""Examples in a step; more short ones would leave too few steps."""
SHARES = {
    "squad2": 2.0, "squadshifts_wiki": 2.0, "vitaminc_real": 2.0,
    "twin": 0.5, "lookalike": 0.35, "made": 0.25, "mnli": 0.4, "mnli_train": 0.4, "snli": 0.4, "breaking_nli": 0.4,
}  # fmt: skip
"""How often an example of a source comes in one epoch, in the mean; once where a source is not named."""
AVERAGE_OVER = 400
"""Steps over which the moving average of the weights reaches back."""
CHECKPOINT_STEPS = 250


def main() -> None:
    """Build or load the examples, train, report on the development part on the way."""
    options = arguments()
    torch.manual_seed(options.seed)
    torch.set_num_threads(options.threads)
    BUILD.mkdir(parents=True, exist_ok=True)
    train, tested = examples(options)
    run = Run(options, train)
    run.resume()
    while not run.is_over:
        run.step()
        if run.steps % CHECKPOINT_STEPS == 0:
            run.save()
        if run.steps % options.test_every == 0:
            log({"steps": run.steps, **evaluate(run.averaged(), tested[:: options.test_share])})
    run.save()
    final = run.averaged()
    torch.save(final.state_dict(), BUILD / "reader.pt")
    log({"steps": run.steps, "final": True, **evaluate(final, tested)})


def arguments() -> argparse.Namespace:
    """The command line."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--tokens", type=float, default=24e6, help="word pieces to train on; decides the length of the schedule")
    parser.add_argument("--start", type=Path, help="weights to begin with: a reader.pt")
    parser.add_argument("--even", action="store_true", help="every example once an epoch, and as many short ones in a step as fit")
    parser.add_argument("--rate", type=float, default=1.2e-4, help="highest learning rate")
    parser.add_argument("--dropout", type=float, default=0.1)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--test-every", type=int, default=500, help="steps")
    parser.add_argument("--test-share", type=int, default=8, help="every so manieth example is tested on the way")
    return parser.parse_args()


def examples(options: argparse.Namespace) -> tuple[list[Example], list[Example]]:
    """Training and development examples, kept on disk for the next start."""
    kept = BUILD / f"examples-{options.seed}.pickle"
    if not kept.exists():
        kept.write_bytes(pickle.dumps(build(options.data, find_source() / "tokenizer.json", seed=options.seed)))
    found: tuple[list[Example], list[Example]] = pickle.loads(kept.read_bytes())  # written by the line above
    return found


def beginning(weights: Path | None, *, dropout: float) -> Reader:
    """A reader to train: from the sentence encoder, or with `weights`."""
    reader = Reader.from_encoder(find_source(), dropout=dropout)
    if weights is not None:
        reader.load_state_dict(torch.load(weights, weights_only=True))
    return reader


class Run:
    """Weights, optimiser and place in the schedule."""

    def __init__(self, options: argparse.Namespace, train: list[Example]) -> None:
        self.steps, self.done = 0, 0
        self._options, self._train = options, train
        start = beginning(options.start, dropout=options.dropout)
        self._exact = [parameter.detach().clone() for parameter in start.parameters()]
        self._reader = start.to(torch.bfloat16).train()
        self._average = [value.clone() for value in self._exact]
        matrices = [value for value in self._exact if value.dim() > 1]
        vectors = [value for value in self._exact if value.dim() == 1]
        self._optimiser = torch.optim.AdamW(
            [{"params": matrices, "weight_decay": 0.01}, {"params": vectors, "weight_decay": 0.0}], lr=options.rate, betas=(0.9, 0.98)
        )
        self._copy_back()
        self._batches = batches(train, options.seed, even=options.even)
        self._seen: list[float] = []
        self._pieces, self._began = 0, time.monotonic()

    @property
    def is_over(self) -> bool:
        """Whether the schedule has come to its end."""
        return bool(self.done >= self._options.tokens)

    def step(self) -> None:
        """One batch forward and back, one change of the weights."""
        chosen = next(self._batches)
        batch = Batch.of(chosen)
        value = loss(self._reader(batch), batch) / len(chosen)
        value.backward()
        for exact, parameter in zip(self._exact, self._reader.parameters(), strict=True):
            exact.grad = None if parameter.grad is None else parameter.grad.float()
            parameter.grad = None
        torch.nn.utils.clip_grad_norm_(self._exact, 1.0)
        for group in self._optimiser.param_groups:
            group["lr"] = self._rate()
        self._optimiser.step()
        self.steps += 1
        self.done += int(batch.ids.numel())
        weight = 1 / min(self.steps + 1, AVERAGE_OVER)
        torch._foreach_lerp_(self._average, self._exact, weight)
        self._copy_back()
        self._note(float(value.detach()))

    def _rate(self) -> float:
        """Up over the first twentieth, then down to nothing in a straight line."""
        part = self.done / self._options.tokens
        return float(self._options.rate * min(part / 0.05 + 0.01, max(0.0, (1 - part) / 0.95)))

    def _copy_back(self) -> None:
        with torch.no_grad():
            for exact, parameter in zip(self._exact, self._reader.parameters(), strict=True):
                parameter.copy_(exact)

    def _note(self, value: float) -> None:
        self._seen.append(value)
        if len(self._seen) == 20:
            speed = (self.done - self._pieces) / (time.monotonic() - self._began)
            log({"steps": self.steps, "pieces": self.done, "loss": round(sum(self._seen) / 20, 4), "pieces_a_second": round(speed)})
            self._seen, self._pieces, self._began = [], self.done, time.monotonic()

    def averaged(self) -> Reader:
        """A reader with the averaged weights, in 32 bits."""
        reader = Reader.from_encoder(find_source(), dropout=0.0).eval()
        with torch.no_grad():
            for value, parameter in zip(self._average, reader.parameters(), strict=True):
                parameter.copy_(value)
        return reader

    def save(self) -> None:
        """Write a checkpoint whole or not at all."""
        state = {
            "steps": self.steps, "done": self.done, "exact": self._exact, "average": self._average,
            "optimiser": self._optimiser.state_dict(), "random": torch.get_rng_state(),
        }  # fmt: skip
        torch.save(state, BUILD / "checkpoint.new")
        (BUILD / "checkpoint.new").replace(BUILD / "checkpoint.pt")

    def resume(self) -> None:
        """Go on from the checkpoint, if there is one."""
        path = BUILD / "checkpoint.pt"
        if not path.exists():
            return
        state: dict[str, Any] = torch.load(path, weights_only=True)
        self.steps, self.done = state["steps"], state["done"]
        with torch.no_grad():
            for own, saved in ((self._exact, state["exact"]), (self._average, state["average"])):
                for mine, theirs in zip(own, saved, strict=True):
                    mine.copy_(theirs)
        self._optimiser.load_state_dict(state["optimiser"])
        torch.set_rng_state(state["random"])
        self._copy_back()
        for _ in range(self.steps):
            next(self._batches)
        log({"resumed": self.steps})


def batches(train: list[Example], seed: int, *, even: bool = False) -> Iterator[list[Example]]:
    """Batches of at most `PIECES` pieces without end, each of examples of like length, in an order that the seed decides."""
    random = Random(seed)
    shares, most = ({}, PIECES) if even else (SHARES, MOST_EXAMPLES)
    while True:
        order = [at for at, example in enumerate(train) for _ in range(times(shares.get(example.source, 1.0), random))]
        random.shuffle(order)
        epoch: list[list[Example]] = []
        for begin in range(0, len(order), 4096):
            pool = sorted((train[at] for at in order[begin : begin + 4096]), key=lambda example: len(example.ids))
            batch: list[Example] = []
            for example in pool:
                if len(batch) == most or padded(len(example.ids)) * (len(batch) + 1) > PIECES:
                    epoch.append(batch)
                    batch = []
                batch.append(example)
            epoch.append(batch)
        random.shuffle(epoch)
        yield from epoch


def times(share: float, random: Random) -> int:
    """`share` as a whole number, rounded up as often as its fraction says."""
    return int(share) + (random.random() < share % 1)


# Development


@torch.no_grad()
def evaluate(reader: Reader, tested: list[Example]) -> dict[str, float]:
    """Overlap of spans in pieces (F1) for answerable questions, AUROC of "has an answer", accuracy of support by source."""
    spans: dict[str, list[float]] = {}
    answerable: list[tuple[float, int]] = []
    right: dict[str, list[float]] = {}
    ordered = sorted(tested, key=lambda example: len(example.ids))
    for begin in range(0, len(ordered), 32):
        part = ordered[begin : begin + 32]
        batch = Batch.of(part)
        with torch.autocast("cpu", dtype=torch.bfloat16):
            scores = reader(batch)
        for row, example in enumerate(part):
            if example.support != IGNORED:
                right.setdefault(example.source, []).append(float(scores.support[row].argmax() == example.support))
                continue
            (first, last), margin = best_span(scores.start[row], scores.end[row])
            if example.source == "squad2":
                answerable.append((margin, int(example.start > 0)))
            if example.start > 0:
                spans.setdefault(example.source, []).append(overlap(first, last, example.start, example.end))
    result = {f"f1 {source}": mean(values) for source, values in spans.items()} | {"auroc squad2": auroc(answerable)}
    return {
        name: round(value, 4) for name, value in (result | {f"right {source}": mean(values) for source, values in right.items()}).items()
    }


def best_span(start: torch.Tensor, end: torch.Tensor, *, longest: int = 30) -> tuple[tuple[int, int], float]:
    """The likeliest span of at most `longest` pieces, and how far it is above "no answer"."""
    both = start[1:, None] + end[None, 1:]
    both = both.masked_fill(~torch.ones_like(both, dtype=torch.bool).triu().tril(longest - 1), float("-inf"))
    at = int(both.argmax())
    first, last = divmod(at, both.shape[1])
    return (first + 1, last + 1), float(both[first, last] - start[0] - end[0])


def overlap(first: int, last: int, start: int, end: int) -> float:
    """F1 of two spans of pieces."""
    common = min(last, end) - max(first, start) + 1
    return 0.0 if common <= 0 else 2 * common / (last - first + 1 + end - start + 1)


def auroc(scored: list[tuple[float, int]]) -> float:
    """The chance that a positive scores above a negative."""
    wins = pairs = 0.0
    negatives = [score for score, label in scored if not label]
    for score, label in scored:
        if label:
            pairs += len(negatives)
            wins += sum((score > other) + 0.5 * (score == other) for other in negatives)
    return wins / pairs if pairs else float("nan")


def mean(values: list[float]) -> float:
    """The arithmetic mean."""
    return sum(values) / len(values)


def log(facts: dict[str, Any]) -> None:
    """Print a line and keep it."""
    line = json.dumps({"at": time.strftime("%H:%M:%S"), **facts})
    print(line, flush=True)
    with (BUILD / "log.jsonl").open("a", encoding="utf-8") as file:
        file.write(line + "\n")


if __name__ == "__main__":
    sys.exit(main())
