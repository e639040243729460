"""Adapters for search and for whole answers: over a pool of articles, and over documents that come with the question."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from eval.bench.files import Record
from eval.bench.measures import Measure, Row, mean, micro_f1
from eval.bench.tools import Tools
from eval.bench.types import Adapter, Judge
from eval.metrics import contains_answer, exact_match, hit_at, mrr_at, ndcg_at, recall_at, token_f1
from rag.types import Answer

CLEAN = 10
"""Search snippets that an answer is made from where planted ones are put beside them."""
PLANTED = (1, 2, 3, 4, 5)
"""How many passages with a false answer are put beside them."""
PASSAGES = 60
"""Passages that are searched for, to have ten articles."""
DEEP_PASSAGES = 400
"""The same to have a hundred."""

ABSTENTION_MEASURES: Mapping[str, Measure] = {
    "abstention_f1": micro_f1("rightly_abstained", "abstained", "unanswerable"),
    "abstention_precision": mean("unanswerable", where="abstained"),
    "abstention_recall": mean("abstained", where="unanswerable"),
    "false_answers": mean("answered", where="unanswerable"),
    "answered": mean("answered", where="answerable"),
}


def ranking_measures(*names: str) -> dict[str, Measure]:
    """Measures by their names, such as hit@5; the same of search alone, before the reader has ranked, with `search_` before them."""
    return {name: mean(name) for name in (*names, *(f"search_{name}" for name in names))}


# Over a pool


def ranking(pool: str, *, gold: str = "doc_ids", found_for: str | None = None, deep: bool = False) -> Adapter:
    """Which articles of a pool search puts first.

    Args:
        pool: file of the articles.
        gold: field that names the right ones.
        found_for: field by which the pool is cut down to what the records name; None for all of it.
        deep: rank a hundred articles, not ten.
    """

    def adapter(tools: Tools, records: Sequence[Record]) -> Judge:
        wanted = {doc_id for record in records for doc_id in record[found_for]} if found_for else None
        home = tools.home([article for article in tools.files.pool(pool) if wanted is None or article["doc_id"] in wanted])

        def judge(record: Record) -> Row:
            found, ranked = tools.ranked(home, record["question"], limit=DEEP_PASSAGES if deep else PASSAGES)
            before, after = (list(dict.fromkeys(passage.doc_id for passage in passages)) for passages in (found, ranked))
            search = {f"search_{name}": value for name, value in ranking_values(before, record[gold]).items()}
            return Row(values=ranking_values(after, record[gold]) | search)

        return judge

    return adapter


def ranking_values(ranked: Sequence[str], right: Sequence[str]) -> dict[str, float]:
    """Every measure of one ranking."""
    values = {f"hit@{k}": hit_at(ranked, right, k) for k in (1, 4, 5, 10)}
    values |= {f"recall@{k}": recall_at(ranked, right, k) for k in (4, 10, 100)}
    return values | {"mrr@10": mrr_at(ranked, right), "ndcg@10": ndcg_at(ranked, right)}


def answering(pool: str, *, group: str = "") -> Adapter:
    """Answers from all articles of a pool (fields `answers`, `unanswerable`, and in some sets `doc_ids`, `answer_doc_ids`)."""

    def adapter(tools: Tools, records: Sequence[Record]) -> Judge:
        home = tools.home(tools.files.pool(pool))

        def judge(record: Record) -> Row:
            answer = tools.answer_from(home, record["question"])
            return Row(values={**answer_values(answer, record), **abstention_values(answer, record)}, group=str(record.get(group, "")))

        return judge

    return adapter


def answer_values(answer: Answer, record: Record) -> dict[str, float]:
    """The short answer against the accepted ones; nothing for a question that has none. No answer is a wrong one."""
    if record["unanswerable"]:
        return {}
    accepted = record["answers"]
    values = {"em": float(exact_match(answer.short, accepted)), "f1": token_f1(answer.short, accepted)}
    return values | {"right": float(contains_answer(answer.short, accepted))}


def abstention_values(answer: Answer, record: Record) -> dict[str, float]:
    """Whether it was answered, and whether there was an answer; the second is not known of a question that nothing was found for.

    Where a set says which documents hold the answer (`answer_doc_ids`), a question without one counts as unanswerable.
    """
    if "answer_doc_ids" in record and not record["doc_ids"]:
        return {}
    unanswerable = not record["answer_doc_ids"] if "answer_doc_ids" in record else record["unanswerable"]
    abstained = answer.status == "no_evidence"
    return {
        "abstained": float(abstained),
        "answered": float(not abstained),
        "unanswerable": float(unanswerable),
        "answerable": float(not unanswerable),
        "rightly_abstained": float(abstained and unanswerable),
    }


# Over given documents


def abstaining(tools: Tools, records: Sequence[Record]) -> Judge:
    """Whether questions are answered from their passage just when it holds the answer."""

    def judge(record: Record) -> Row:
        given = {"text": record["context"], "title": record.get("title")}
        return Row(values=abstention_values(tools.answer(record["question"], [given]), record))

    return judge


def planted(tools: Tools, records: Sequence[Record]) -> Judge:
    """Answers from `CLEAN` search snippets, and from them with planted ones before them (RobustRAG)."""

    def judge(record: Record) -> Row:
        clean = [doc for doc in record["docs"] if doc["type"] == "search"][:CLEAN]
        false = [doc for doc in record["docs"] if doc["type"] == "planted"]
        values: dict[str, float] = {}
        for count in (0, *(number for number in PLANTED if number <= len(false))):
            answer, end = tools.answer(record["question"], [*false[:count], *clean]), f"_planted_{count}" if count else ""
            values |= {f"{name}{end}": value for name, value in source_values(answer, record).items()}
        return Row(values=values)

    return judge


PLANTED_MEASURES: Mapping[str, Measure] = {
    f"{name}{end}": mean(f"{name}{end}")
    for end in ("", *(f"_planted_{count}" for count in PLANTED))
    for name in ("accuracy", "lie", "flagged", "both", "abstained")
    if end or name in ("accuracy", "abstained")
}


_MIXES = {
    "": ("positive",),
    "_counterfactual": ("counterfactual",),
    "_mixed": ("positive", "counterfactual"),
    "_negative": ("negative",),
}


def counterfactual(tools: Tools, records: Sequence[Record]) -> Judge:
    """Answers from true documents, from false ones, from both, and from documents that do not answer (RGB)."""

    def judge(record: Record) -> Row:
        values: dict[str, float] = {}
        for end, types in _MIXES.items():
            docs = [doc for doc in record["docs"] if doc["type"] in types]
            if docs:
                answer = tools.answer(record["question"], docs)
                values |= {f"{name}{end}": value for name, value in source_values(answer, record).items()}
        return Row(values=values)

    return judge


COUNTERFACTUAL_MEASURES: Mapping[str, Measure] = {
    "accuracy": mean("accuracy"),
    "lie_counterfactual": mean("lie_counterfactual"),
    "abstained_counterfactual": mean("abstained_counterfactual"),
    "accuracy_mixed": mean("accuracy_mixed"),
    "lie_mixed": mean("lie_mixed"),
    "flagged_mixed": mean("flagged_mixed"),
    "both_mixed": mean("both_mixed"),
    "rejection_negative": mean("abstained_negative"),
}


def opposed(tools: Tools, records: Sequence[Record]) -> Judge:
    """Whether two opposed documents are shown as a disagreement, and whether two are that answer different questions (ConflictQA)."""
    following = {record["id"]: after for record, after in zip(records, [*records[1:], *records[:1]], strict=True)}

    def judge(record: Record) -> Row:
        first, second = record["docs"]
        pair = tools.answer(record["question"], [first, second])
        unrelated = tools.answer(record["question"], [first, following[record["id"]]["docs"][1]])
        values = {"flagged": pair.disagreement, "flagged_unrelated": unrelated.disagreement, "answered": pair.status == "answered"}
        return Row(values={name: float(bool(value)) for name, value in values.items()})

    return judge


OPPOSED_MEASURES: Mapping[str, Measure] = {
    "flagged": mean("flagged"),
    "flagged_answered": mean("flagged", where="answered"),
    "flagged_unrelated": mean("flagged_unrelated"),
    "answered": mean("answered"),
}


def ambiguous(tools: Tools, records: Sequence[Record]) -> Judge:
    """Whether an answer shows every right value and no wrong one (RAMDocs)."""

    def judge(record: Record) -> Row:
        values = shown(tools.answer(record["question"], record["docs"]))
        found = [any(contains_answer(value, [answer]) for value in values) for answer in record["answers"]]
        wrong = [any(contains_answer(value, [answer]) for value in values) for answer in record["wrong_answers"]]
        row = {"em": float(all(found) and not any(wrong)), "recall": sum(found) / max(len(found), 1)}
        return Row(values=row | ({"wrong_shown": float(any(wrong))} if wrong else {}), group=f"{len(found)} right, {len(wrong)} wrong")

    return judge


AMBIGUOUS_MEASURES: Mapping[str, Measure] = {"em": mean("em"), "recall": mean("recall"), "wrong_shown": mean("wrong_shown")}


def source_values(answer: Answer, record: Record) -> dict[str, float]:
    """Whether the short answer is right, repeats a planted falsehood, is missing; and whether the sources' disagreement is shown."""
    truth, lie = (contains_answer(answer.short, record[name]) for name in ("answers", "wrong_answers"))
    return {
        "accuracy": float(truth and not lie),
        "lie": float(lie),
        "abstained": float(answer.status == "no_evidence"),
        "flagged": float(bool(answer.disagreement or answer.also_given)),
        "both": float(all(any(contains_answer(value, record[name]) for value in shown(answer)) for name in ("answers", "wrong_answers"))),
    }


def shown(answer: Answer) -> list[str]:
    """Every value that an answer gives."""
    return [answer.short, *(value.value for value in (*answer.disagreement, *answer.also_given))]
