"""Disagreement: how many conflicts are shown, and how often one is shown where there is none; and what public sets with planted values say.

    python -m benchmarks.disagreement --data DIR [--corpus DIR] [--home DIR] [--questions 300] [--sets]

DIR holds the sets `mali` and `realtimeqa` (see docs/eval.md) and, for `--sets`, `ramdocs`, `robustrag_rtqa`, `rgb_fact` and
`conflictqa_strategy`; `--corpus` the five articles of `mali`. The sample corpus is always asked. A conflict counts as shown as
`dateline eval` judges it: every value with a source of its own. A false alarm is a value in `disagreement` of a question for one fact
(`also_given` claims no contradiction). RealTimeQA's are the first questions by id that have an answering article, asked of the home that
`benchmarks.retrieval` makes; nobody has looked whether its articles do disagree, so all that is shown there counts as false.
Intervals are Wilson's, 95 %.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import NamedTuple

from benchmarks.retrieval import first_questions
from eval.bench.report import render
from eval.bench.run import run_bench
from eval.cases import load_cases
from eval.judge import judge
from eval.metrics import wilson_interval
from rag.chatbot import Chatbot
from rag.settings import Settings

SAMPLE = Path("eval/sample")
PLANTED = ("ramdocs", "robustrag_rtqa", "rgb_fact", "conflictqa_strategy")


class Outcome(NamedTuple):
    """What came of one question."""

    source: str
    kind: str
    question: str
    right: bool
    alarm: bool
    """Whether values are shown that contradict each other."""
    answered: bool
    words: str
    """The values that are shown."""


def main(argv: Sequence[str] | None = None) -> int:
    """Ask, count, print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, help="the articles of mali")
    parser.add_argument("--home", type=Path, default=Path("benchmarks/build/realtimeqa"))
    parser.add_argument("--questions", type=int, default=300)
    parser.add_argument("--sets", action="store_true", help="measure the sets with planted values, too")
    options = parser.parse_args(argv)
    outcomes = list(asked_cases("sample", SAMPLE / "articles", SAMPLE / "cases.jsonl"))
    if options.corpus:
        outcomes += asked_cases("mali", options.corpus, options.data / "mali" / "questions.jsonl")
    if options.questions:
        outcomes += asked_archive(options.home, options.data / "realtimeqa", options.questions)
    print_outcomes(outcomes)
    for name in PLANTED if options.sets else ():
        print(render(run_bench(name, options.data)))
    return 0


def asked_cases(source: str, articles: Path, cases: Path) -> Iterator[Outcome]:
    """The conflict and fact cases of a file, asked of a new home."""
    with (
        tempfile.TemporaryDirectory() as folder,
        Chatbot.open(Path(folder) / "home", settings=Settings(), llm="built-in", create=True) as bot,
    ):
        bot.sync(articles)
        for case in load_cases(cases):
            if case.kind in ("conflict", "fact"):
                answer = bot.ask(case.question, filters=case.filters, history=case.history)
                words = ", ".join(value.value for value in (*answer.disagreement, *answer.also_given))
                right = judge(case, answer, seconds=0.0).right
                yield Outcome(source, case.kind, case.question, right, bool(answer.disagreement), answer.status == "answered", words)


def asked_archive(home: Path, data: Path, count: int) -> Iterator[Outcome]:
    """The first questions of RealTimeQA, asked of the home that holds their articles."""
    with Chatbot.open(home, settings=Settings(), llm="built-in") as bot:
        for number, question in enumerate(first_questions(data, count), start=1):
            answer = bot.ask(question["question"], all_dates=True)
            words = ", ".join(value.value for value in answer.disagreement)
            yield Outcome("realtimeqa", "fact", question["question"], False, bool(answer.disagreement), answer.status == "answered", words)
            print(f"\r{number}", end="", file=sys.stderr)


def print_outcomes(outcomes: Sequence[Outcome]) -> None:
    """The shares with their intervals, and what went wrong."""
    conflicts = [one for one in outcomes if one.kind == "conflict"]
    facts = [one for one in outcomes if one.kind == "fact"]
    for one in outcomes:
        if (one.kind == "conflict" and not one.right) or (one.kind == "fact" and one.alarm):
            print(f"  {'not shown' if one.kind == 'conflict' else 'false alarm'}: {one.source}: {one.question} ({one.words})")
    for source in dict.fromkeys(one.source for one in outcomes):
        print_share(f"conflicts shown, {source}", [one.right for one in conflicts if one.source == source])
        print_share(f"false alarms, {source}", [one.alarm for one in facts if one.source == source])
        print_share(f"false alarms among answered, {source}", [one.alarm for one in facts if one.source == source and one.answered])
    print_share("conflicts shown", [one.right for one in conflicts])
    print_share("false alarms", [one.alarm for one in facts])


def print_share(name: str, found: Sequence[bool]) -> None:
    """One share; nothing where there is nothing to count."""
    if found:
        low, high = wilson_interval(sum(found), len(found))
        print(f"{name}: {sum(found)} of {len(found)} = {sum(found) / len(found):.3f} [{low:.3f}, {high:.3f}]")


if __name__ == "__main__":
    raise SystemExit(main())
