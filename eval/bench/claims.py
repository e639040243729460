"""Adapters for claims with evidence: what `rag.checks.support` says of them against their label."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from operator import itemgetter

from eval.bench.files import Record
from eval.bench.measures import Measure, Row, accuracy, auroc, balanced_accuracy, macro_f1, only
from eval.bench.tools import Tools
from eval.bench.types import Adapter, Judge
from rag.checks.support import judge
from rag.reader import Support

THREE = ("supported", "refuted", "nei")
TWO = ("supported", "not_supported")
DEGREES = ("supported", "partially", "not_supported")
Labelling = Callable[[Support], str]
THREE_MEASURES: Mapping[str, Measure] = {"accuracy": accuracy(), "macro_f1": macro_f1(THREE)}
TWO_MEASURES: Mapping[str, Measure] = {
    "balanced_accuracy": balanced_accuracy(TWO),
    "macro_f1": macro_f1(TWO),
    "auroc": auroc("supported", "is_supported"),
}
DEGREE_MEASURES: Mapping[str, Measure] = {
    "macro_f1": macro_f1(DEGREES),
    "balanced_accuracy": only("supported", balanced_accuracy),
    "auroc": auroc("supported", "is_supported"),
}


def likeliest(*labels: str) -> Labelling:
    """The label of the highest probability among some of `THREE`."""
    return lambda support: max(labels, key=lambda label: support[THREE.index(label)])


def from_threshold(least: float) -> Labelling:
    """Whether the claim is supported with a probability of at least `least`."""
    return lambda support: "supported" if support.supported >= least else "not_supported"


def by_degree(least: float, partially: float) -> Labelling:
    """The same, with "partially" for what is below `least` but not below `partially`."""
    return lambda support: "supported" if support.supported >= least else "partially" if support.supported >= partially else "not_supported"


def likeliest_or_partially(partially: float) -> Labelling:
    """The likeliest of `THREE`, with "partially" for what says nothing for sure and yet supports with at least `partially`."""
    likely = likeliest(*THREE)
    return lambda support: "partially" if likely(support) == "nei" and support.supported >= partially else likely(support)


def claims(labelling: Labelling, *, group: str = "", evidence: Callable[[Record], Sequence[str]] = itemgetter("evidence")) -> Adapter:
    """Claims with evidence, and a label.

    Args:
        labelling: makes a label from what the evidence says of the claim.
        group: field that names the part of a split that a record belongs to.
        evidence: the texts of a record.
    """

    def adapter(tools: Tools, records: Sequence[Record]) -> Judge:
        def row(record: Record) -> Row:
            texts = [as_written(text) for text in evidence(record)]
            support = judge(tools.reader, as_written(record["claim"]), texts, question=record.get("question"))
            return Row(
                gold=record["label"],
                given=labelling(support),
                values={"supported": support.supported, "is_supported": float(record["label"] == "supported")},
                group=str(record.get(group, "")),
            )

        return row

    return adapter


def questions_and_answers(record: Record) -> list[str]:
    """Evidence that was written down as questions with answers."""
    return [f"{asked['question']} {answer['answer']}" for asked in record["questions"] for answer in asked["answers"]]


def as_written(text: str) -> str:
    """Text whose tokens stand apart, as some sets have it, put together as people write."""
    text = text.replace("-LRB-", "(").replace("-RRB-", ")").replace("-LSB-", "[").replace("-RSB-", "]")
    text = re.sub(r"\s+([.,;:!?)\]%])", r"\1", re.sub(r"([(\[$£€])\s+", r"\1", text))
    return re.sub(r"\s+('(?:s|re|ve|ll|d|m)|n't)\b", r"\1", text)
