"""One answer against one case: right or wrong, why, and the measures of this case.

    fact, list            answered; `short` holds the answer (every item) in at most 12 words; a citation to a right document;
                          of a language model, which writes sentences: those that passed the checks, in at most 60 words;
                          where the case names no document, citations are not judged
    conflict              every value is shown, each with a citation to a document of its own group
    unanswerable, trap    the status is no_evidence; the words do not matter

It sees a case and a finished `Answer`, never what made it. Averages over a run are in `summary`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence

from eval.cases import Case
from eval.metrics import (
    citation_share,
    contains_answer,
    exact_match,
    hit_at,
    missing_groups,
    mrr_at,
    ndcg_at,
    quote_is_exact,
    recall_at,
    token_f1,
)
from eval.results import CaseResult, JudgedCitation, Near
from index.errors import NotFound
from index.types import Passage
from rag.strict import failed
from rag.types import Answer, Citation

MAX_SHORT_WORDS = 12
"""A longer "short answer" is not one; else quoting a whole page would hold every answer."""
MAX_WORDS = 60
"""The same for the sentences of a language model."""
CUTOFFS = (1, 3, 5, 10)
_BESIDE = 600
"""Code points of a paragraph that are kept on each side of a quote."""
ArticleText = Callable[[str], str]
"""Article id -> the article's text; raises NotFound for an id that no article has."""


def judge(
    case: Case,
    answer: Answer,
    *,
    seconds: float,
    ranking: Sequence[str] | None = None,
    article_text: ArticleText | None = None,
) -> CaseResult:
    """Judge one answer.

    Args:
        case: what was asked, and what is right.
        answer: what came back.
        seconds: how long the answer took.
        ranking: doc_ids that a search for the question found, best first, each once; None leaves the retrieval measures out.
        article_text: looks up an article for the check of quotes; None leaves the check out.
    """
    faults = _faults(case, answer)
    return CaseResult(
        id=case.id,
        kind=case.kind,
        question=case.question,
        right=not faults,
        status=answer.status,
        short=answer.short,
        citations=tuple(_judged(citation, case, article_text) for citation in answer.citations),
        expected=case.expected,
        why="; ".join(faults),
        seconds=seconds,
        measures={
            **_answer_measures(case, answer),
            **_citation_measures(case, answer),
            **_claim_measures(answer),
            **_retrieval_measures(case, ranking),
        },
        tokens_in=answer.usage.tokens_in,
        tokens_out=answer.usage.tokens_out,
        cost=answer.usage.cost,
        confidence=answer.confidence,
        gold=tuple(sorted(case.gold)),
        filters=case.filters,
        history=case.history,
        text=answer.text,
        claims=answer.claims,
        disagreement=answer.disagreement,
        missing=answer.missing,
        nearest=tuple(_near(passage, case) for passage in answer.nearest),
    )


def _faults(case: Case, answer: Answer) -> list[str]:
    """What is wrong, each in a few words; empty when the answer is right."""
    if case.unanswerable:
        return [] if answer.status == "no_evidence" else ["answered, but there is no answer in the articles"]
    if answer.status == "no_evidence":
        return ["not answered, but the articles hold the answer"]
    return list(_conflict_faults(case, answer) if case.kind == "conflict" else _answer_faults(case, answer))


def _answer_faults(case: Case, answer: Answer) -> Iterator[str]:
    given, most = _given(answer)
    missing = missing_groups(given, case.answers)
    if missing:
        yield f"the short answer lacks {_spelled(missing)}"
    words = len(given.split())
    if words > most:
        yield f"the short answer has {words} words, {most} are allowed"
    if case.gold and not any(citation.doc_id in case.gold for citation in answer.citations):
        cited = ", ".join(dict.fromkeys(citation.doc_id for citation in answer.citations)) or "nothing"
        yield f"cites {cited}, not {' or '.join(sorted(case.gold))}"


def _given(answer: Answer) -> tuple[str, int]:
    """The words that must hold the answer, and how many they may be."""
    if answer.model == "built-in":
        return answer.short, MAX_SHORT_WORDS
    return " ".join(claim.text for claim in answer.claims if not failed(claim)), MAX_WORDS


def _conflict_faults(case: Case, answer: Answer) -> Iterator[str]:
    statements = list(_statements(answer))
    for spellings, doc_ids in zip(case.answers, case.doc_ids, strict=True):
        stating = [cited for words, cited in statements if contains_answer(words, spellings)]
        if not stating:
            yield f"does not show {_spelled([spellings])}"
        elif not any(doc_id in doc_ids for cited in stating for doc_id in cited):
            yield f"shows {_spelled([spellings])} without citing {' or '.join(doc_ids)}"


def _statements(answer: Answer) -> Iterator[tuple[str, list[str]]]:
    """Everything that the answer states, each with the documents it cites for that; `short` stands on all citations.

    A sentence that failed a check is marked so, and states nothing.
    """
    doc_ids = {citation.number: citation.doc_id for citation in answer.citations}
    yield answer.short, list(doc_ids.values())
    for claim in (claim for claim in answer.claims if not failed(claim)):
        yield claim.text, [doc_ids[number] for number in claim.citations if number in doc_ids]
    for value in (*answer.disagreement, *answer.also_given):
        yield value.value, [doc_ids[number] for number in value.citations if number in doc_ids]


def _spelled(groups: Sequence[Sequence[str]]) -> str:
    return ", ".join(f"“{group[0]}”" for group in groups)


def _judged(citation: Citation, case: Case, article_text: ArticleText | None) -> JudgedCitation:
    text = None if article_text is None else _text(citation.article_id, article_text)
    exact = None if text is None else quote_is_exact(citation.quote, citation.start, citation.end, text)
    before, after = _around(citation, text) if text and exact else ("", "")
    return JudgedCitation(
        number=citation.number,
        article_id=citation.article_id,
        doc_id=citation.doc_id,
        label=citation.label,
        quote=citation.quote,
        start=citation.start,
        end=citation.end,
        right=_is_gold(citation.doc_id, case),
        exact=exact,
        title=citation.title,
        published=citation.published,
        before=before,
        after=after,
    )


def _near(passage: Passage, case: Case) -> Near:
    return Near(
        doc_id=passage.doc_id,
        label=passage.label,
        title=passage.title,
        published=passage.published,
        text=passage.text,
        right=_is_gold(passage.doc_id, case),
    )


def _is_gold(doc_id: str, case: Case) -> bool | None:
    """Whether a document is a right one; None where the case names none."""
    return doc_id in case.gold if case.gold else None


def _text(article_id: str, article_text: ArticleText) -> str:
    """An article's text; empty for a citation of an article that does not exist, which quotes nothing."""
    try:
        return article_text(article_id)
    except NotFound:
        return ""


def _around(citation: Citation, text: str) -> tuple[str, str]:
    """What stands before and after a quote in its paragraph."""
    begin, end = text.rfind("\n", 0, citation.start) + 1, text.find("\n", citation.end)
    before, after = text[begin : citation.start], text[citation.end : end if end >= 0 else len(text)]
    if len(before) > _BESIDE:
        before = "…" + before[-_BESIDE:].partition(" ")[2]
    if len(after) > _BESIDE:
        after = after[:_BESIDE].rpartition(" ")[0] + "…"
    return before, after


def _answer_measures(case: Case, answer: Answer) -> Mapping[str, float]:
    if case.kind not in ("fact", "list"):
        return {}
    held = answer.status == "answered" and not missing_groups(_given(answer)[0], case.answers)
    if case.kind == "list":
        return {"answer_match": float(held)}
    accepted = case.answers[0]
    return {
        "answer_match": float(held),
        "exact_match": float(exact_match(answer.short, accepted)),
        "token_f1": token_f1(answer.short, accepted),
    }


def _citation_measures(case: Case, answer: Answer) -> Mapping[str, float]:
    if not case.gold or answer.status == "no_evidence":
        return {}
    cited = [citation.doc_id for citation in answer.citations]
    first, every = (citation_share(some, case.gold) == 1 for some in (cited[:1], cited))
    return {"first_citation_correct": float(first), "all_citations_correct": float(every)}


def _claim_measures(answer: Answer) -> Mapping[str, float]:
    return {"claims_passed": sum(not failed(claim) for claim in answer.claims) / len(answer.claims)} if answer.claims else {}


def _retrieval_measures(case: Case, ranking: Sequence[str] | None) -> Mapping[str, float]:
    if ranking is None:
        return {}
    hits = {f"hit@{k}": hit_at(ranking, case.gold, k) for k in CUTOFFS}
    recalls = {f"recall@{k}": recall_at(ranking, case.gold, k) for k in CUTOFFS}
    return {**hits, **recalls, "mrr@10": mrr_at(ranking, case.gold, 10), "ndcg@10": ndcg_at(ranking, case.gold, 10)}
