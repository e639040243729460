"""Adapters for questions that come with a passage: the reader's spans against the accepted ones."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher

from eval.bench.files import BadSet, Record
from eval.bench.measures import Measure, Row, auroc, mean, micro_f1
from eval.bench.tools import Tools
from eval.bench.types import Adapter, Judge
from eval.metrics import exact_match, normalize, token_f1
from rag.reader import Reading, Span

ANSWERED_FROM = 10.0
"""Score from which a passage counts as answering, where a set has questions without an answer."""
ITEM_FROM = -6.0
"""Score from which a span is an item of a list, however good the best one is."""
ITEM_BELOW_BEST = 5.0
"""How far below the best span another item's score may be."""

SPAN_MEASURES: Mapping[str, Measure] = {"f1": mean("f1"), "em": mean("em")}
ABSTAINING_MEASURES: Mapping[str, Measure] = {
    "has_answer_f1": mean("best_f1"),
    "auroc": auroc("score", "answerable"),
    "f1": mean("f1"),
    "em": mean("em"),
    "has_answer_em": mean("best_em"),
    "has_answer_f1_abstaining": mean("f1", where="answerable"),
    "no_answer_accuracy": mean("em", where="unanswerable"),
}
LIST_MEASURES: Mapping[str, Measure] = {
    "em_f1": micro_f1("same", "given", "gold"),
    "partial_f1": micro_f1("part_of_given", "given", "gold", gold_hits="part_of_gold"),
    "token_f1": mean("token_f1"),
    "em": mean("em"),
}


def one_span(pool: str | None = "contexts", *, abstains: bool = False, group: str = "") -> Adapter:
    """Questions with one answer in their passage, or none.

    Args:
        pool: file that holds the passages; None where a record has its own.
        abstains: whether the set has questions without an answer, so that a span must reach `ANSWERED_FROM`.
        group: field that names the part of a split that a record belongs to.
    """

    def adapter(tools: Tools, records: Sequence[Record]) -> Judge:
        def judge(record: Record) -> Row:
            passage = passage_of(record, tools, pool)
            best, score = best_span(tools.reader.read(record["question"], [passage])[0], passage)
            given = best if not abstains or score >= ANSWERED_FROM else ""
            accepted = record["answers"] if not record["unanswerable"] else [""]
            values = {"em": float(exact_match(given, accepted)), "f1": token_f1(given, accepted), "score": score}
            values |= {"answerable": float(not record["unanswerable"]), "unanswerable": float(record["unanswerable"])}
            if not record["unanswerable"]:
                values |= {"best_em": float(exact_match(best, accepted)), "best_f1": token_f1(best, accepted)}
            return Row(values=values, group=str(record.get(group, "")))

        return judge

    return adapter


def best_span(reading: Reading, passage: str) -> tuple[str, float]:
    """The words that answer best, and the logit that they do: the span's, and the whole passage's."""
    if not reading.spans:
        return "", float("-inf")
    span = reading.spans[0]
    return passage[span.start : span.end], span.score + reading.relevance


def many_spans(pool: str | None = None, *, group: str = "") -> Adapter:
    """Questions whose answer is a set of spans (see `one_span`)."""

    def adapter(tools: Tools, records: Sequence[Record]) -> Judge:
        def judge(record: Record) -> Row:
            passage = passage_of(record, tools, pool)
            given = [passage[span.start : span.end] for span in items(tools.reader.read(record["question"], [passage])[0].spans)]
            return Row(values=list_values(given, record["answers"]), group=str(record.get(group, "")))

        return judge

    return adapter


def passage_of(record: Record, tools: Tools, pool: str | None) -> str:
    """The passage that a question is about.

    Raises:
        BadSet: the pool does not have it.
    """
    if pool is None:
        return str(record["context"])
    texts = tools.files.texts(pool)
    found = next((texts[doc_id] for doc_id in record["doc_ids"] if doc_id in texts), None)
    if found is None:
        missing = ", ".join(record["doc_ids"])
        raise BadSet(f"{pool}.jsonl lacks {missing} of question {record['id']}", hint="name a folder that has it: --corpus DIR")
    return found


def items(spans: Sequence[Span]) -> list[Span]:
    """The spans that are items of a list, in the order of the text: the best one, and others nearly as good."""
    if not spans:
        return []
    least = max(ITEM_FROM, spans[0].score - ITEM_BELOW_BEST)
    return sorted({spans[0], *(span for span in spans if span.score >= least)})


def list_values(given: Sequence[str], gold: Sequence[str]) -> dict[str, float]:
    """Two sets of strings compared: equal ones, the longest common part of each, and all their words.

    Li et al. 2022, "MultiSpanQA": exact match and partial match, both summed over questions; Han et al. 2021, "ESTER": token F1
    and equality of the sets.
    """
    ours, theirs = sorted({normalize(item) for item in given} - {""}), sorted({normalize(item) for item in gold} - {""})
    return {
        "same": float(len(set(ours) & set(theirs))),
        "given": float(len(ours)),
        "gold": float(len(theirs)),
        "part_of_given": sum(max((_common(item, other) / len(item) for other in theirs), default=0.0) for item in ours),
        "part_of_gold": sum(max((_common(item, other) / len(item) for other in ours), default=0.0) for item in theirs),
        "token_f1": token_f1(" ".join(ours), [" ".join(theirs)]),
        "em": float(ours == theirs),
    }


def _common(one: str, other: str) -> int:
    return SequenceMatcher(None, one, other, autojunk=False).find_longest_match().size
