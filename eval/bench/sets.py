"""The table: which set is measured by which adapter, and by which measures."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from eval.bench.asking import (
    ABSTENTION_MEASURES,
    AMBIGUOUS_MEASURES,
    COUNTERFACTUAL_MEASURES,
    OPPOSED_MEASURES,
    PLANTED_MEASURES,
    abstaining,
    ambiguous,
    answering,
    counterfactual,
    opposed,
    planted,
    ranking,
    ranking_measures,
)
from eval.bench.claims import (
    DEGREE_MEASURES,
    THREE,
    THREE_MEASURES,
    TWO_MEASURES,
    by_degree,
    claims,
    from_threshold,
    likeliest,
    likeliest_or_partially,
    questions_and_answers,
)
from eval.bench.conversation import ANSWER_MEASURES, RETRIEVAL_MEASURES, can_be_found, follow_up_answers, follow_up_retrieval
from eval.bench.files import Record
from eval.bench.measures import accuracy, macro_f1, mean
from eval.bench.reading import ABSTAINING_MEASURES, LIST_MEASURES, SPAN_MEASURES, many_spans, one_span
from eval.bench.types import Part

RANKED_QUESTIONS = 400
"""Questions of realtimeqa that retrieval is measured with, unless a run says otherwise."""

SUPPORTED_FROM: Mapping[str, float] = {
    "attributionbench": 0.3,
    "summedits_news": 0.08,
    "wice": 0.12,
    "qags_cnndm": 0.95,
    "qags_xsum": 0.27,
    "faithbench": 0.45,
}
"""Set -> probability from which a claim counts as supported, chosen on its open part (of attributionbench and wice: `dev`)."""
PARTIALLY_FROM: Mapping[str, float] = {"wice": 0.02, "factcheckgpt_stance": 0.1}
"""The same for "partially"."""


def _those(test: Callable[[Record], Any]) -> Callable[[Sequence[Record]], Sequence[Record]]:
    return lambda records: [record for record in records if test(record)]


def _by_day(records: Sequence[Record]) -> Sequence[Record]:
    """The questions that have an answering article, by the day and number in their id."""
    return sorted((record for record in records if record["answer_doc_ids"]), key=_day_and_number)


def _day_and_number(record: Record) -> tuple[str, int, str]:
    day, _, number = record["id"].rpartition("_")
    return day, int(number) if number.isdecimal() else 0, number


_SPANS = (Part(file="questions", adapter=one_span(), measures=SPAN_MEASURES),)
_THREE_WAY = claims(likeliest(*THREE))
_TRUE_OR_FALSE = claims(likeliest("supported", "refuted"))
_ATTRIBUTION = claims(from_threshold(SUPPORTED_FROM["attributionbench"]), group="src")
_ATTRIBUTION_MEASURES = {name: TWO_MEASURES[name] for name in ("macro_f1", "balanced_accuracy", "auroc")}
_DEGREES = claims(by_degree(SUPPORTED_FROM["wice"], PARTIALLY_FROM["wice"]))
_STANCE = claims(likeliest_or_partially(PARTIALLY_FROM["factcheckgpt_stance"]))
_OPEN_QA = {
    "em": mean("em"),
    "f1": mean("f1"),
    "em_reachable": mean("em", where="answerable"),
    "f1_reachable": mean("f1", where="answerable"),
    **ABSTENTION_MEASURES,
}


def _supported(name: str, file: str) -> tuple[Part, ...]:
    """A set of one file with claims that are supported or not."""
    return (Part(file=file, adapter=claims(from_threshold(SUPPORTED_FROM[name])), measures=TWO_MEASURES),)


SETS: Mapping[str, tuple[Part, ...]] = {
    # A passage to read
    "squad2_dev": (
        Part(file="questions", adapter=one_span(abstains=True), measures=ABSTAINING_MEASURES),
        Part(
            file="train_beyonce_questions",
            adapter=one_span("train_beyonce_contexts", abstains=True),
            measures=ABSTAINING_MEASURES,
            counts=False,
        ),
    ),
    "squadshifts_wiki": _SPANS,
    "squadshifts_reddit": _SPANS,
    "squadshifts_amazon": _SPANS,
    "qamr_wikinews": _SPANS,
    "covidqa": _SPANS,
    "timeqa_human": (Part(file="questions", adapter=one_span(abstains=True, group="level"), measures=ABSTAINING_MEASURES),),
    "multispanqa_valid": (Part(file="questions", adapter=many_spans(), measures=LIST_MEASURES),),
    "ester_news": (Part(file="questions", adapter=many_spans("contexts", group="relation"), measures=LIST_MEASURES),),
    # A claim to check
    "vitaminc": (
        Part(file="real", adapter=_THREE_WAY, measures=THREE_MEASURES),
        Part(file="synthetic", adapter=_TRUE_OR_FALSE, measures={"accuracy": accuracy()}, counts=False),
    ),
    "fever_symmetric": tuple(Part(file=file, adapter=_TRUE_OR_FALSE, measures={"accuracy": accuracy()}) for file in ("dev", "test")),
    "nli_mix": (Part(file="pairs", adapter=claims(likeliest(*THREE), group="src"), measures=THREE_MEASURES),),
    "attributionbench": tuple(
        Part(file=file, adapter=_ATTRIBUTION, measures=_ATTRIBUTION_MEASURES, counts=file != "dev")
        for file in ("dev", "test_ood", "test_id500")
    ),
    "summedits_news": _supported("summedits_news", "pairs"),
    "wice": tuple(Part(file=file, adapter=_DEGREES, measures=DEGREE_MEASURES) for file in ("dev", "test")),
    "qags_cnndm": _supported("qags_cnndm", "sentences"),
    "qags_xsum": _supported("qags_xsum", "sentences"),
    "faithbench": _supported("faithbench", "summaries"),
    "climate_fever": (Part(file="claims", adapter=_THREE_WAY, measures={"macro_f1": macro_f1((*THREE, "disputed"))}),),
    "factcheckgpt_stance": (Part(file="pairs", adapter=_STANCE, measures={"macro_f1": macro_f1((*THREE, "partially"))}),),
    "averitec_dev": (
        Part(
            file="claims",
            adapter=claims(likeliest(*THREE), evidence=questions_and_answers),
            measures={"macro_f1": macro_f1((*THREE, "conflicting")), "accuracy": accuracy()},
        ),
    ),
    # Articles to find, and to answer from
    "realtimeqa": (
        Part(
            name="retrieval",
            file="questions",
            chosen=_by_day,
            most=RANKED_QUESTIONS,
            adapter=ranking("articles", gold="answer_doc_ids", found_for="doc_ids"),
            measures=ranking_measures("hit@5", "mrr@10", "hit@1", "hit@10"),
        ),
        Part(
            name="open_qa",
            file="questions",
            chosen=_those(lambda record: not record["question"].rstrip(" ?.:").lower().endswith("except")),
            adapter=answering("articles"),
            measures=_OPEN_QA,
        ),
    ),
    "multihop_rag_500": (
        Part(
            name="retrieval",
            file="queries",
            chosen=_those(lambda record: not record["unanswerable"]),
            adapter=ranking("facts"),
            measures=ranking_measures("hit@4", "hit@10", "mrr@10", "recall@4", "recall@10"),
        ),
        Part(
            name="answers",
            file="queries",
            adapter=answering("facts", group="question_type"),
            measures={"accuracy": mean("right"), **ABSTENTION_MEASURES},
        ),
    ),
    "scifact": tuple(
        Part(
            file=file,
            chosen=_those(lambda record: bool(record["doc_ids"])),
            adapter=ranking("corpus", deep=True),
            measures=ranking_measures("ndcg@10", "recall@100"),
            counts=file == "queries_dev",
        )
        for file in ("queries_dev", "queries_train")
    ),
    "cranfield": (Part(file="queries", adapter=ranking("corpus"), measures=ranking_measures("ndcg@10", "recall@10")),),
    # Documents to answer from
    "robustrag_rtqa": (Part(file="questions", adapter=planted, measures=PLANTED_MEASURES),),
    "rgb_fact": (Part(file="questions", adapter=counterfactual, measures=COUNTERFACTUAL_MEASURES),),
    "conflictqa_strategy": (Part(file="questions", adapter=opposed, measures=OPPOSED_MEASURES),),
    "ramdocs": (Part(file="questions", adapter=ambiguous, measures=AMBIGUOUS_MEASURES),),
    "clapnq_dev": (Part(file="questions", adapter=abstaining, measures=ABSTENTION_MEASURES),),
    # Conversations
    "mtrag_un": (
        Part(name="retrieval", file="tasks", chosen=can_be_found, adapter=follow_up_retrieval, measures=RETRIEVAL_MEASURES),
        Part(name="answers", file="tasks", adapter=follow_up_answers, measures=ANSWER_MEASURES),
    ),
}
