"""The answer of a language model: asked over numbered evidence, streamed, cited by code, and checked.

The model sees sentences behind keys and cites the keys; every key becomes the exact sentence it stands for, so a quote is never
the model's own words. What it writes is not trusted: invented keys are dropped and reported, every sentence is checked against
what it cites, those that fail go back to the model once, and what still fails is marked. A model that fails altogether ends in a
plain error, or in the built-in answer where that is wanted, which then says so.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING, Any

from index.types import Passage
from rag.cite import Citer
from rag.errors import ModelUnavailable
from rag.llm.asking import Asking
from rag.llm.claims import written
from rag.llm.completion import Model
from rag.llm.refusals import FAILED, REFUSED, UNSOUND, hardly_any_holds, no_answer
from rag.metering import Meter
from rag.strict import failed, renumbered
from rag.types import Answer, Turn

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.builtin.disagree import Shown
    from rag.reader import Reader
    from rag.settings import Settings

NEAREST = 3
"""Passages that are shown in place of an answer."""
CUT_OFF = "The language model's answer was cut off at its greatest length."
INSTEAD = "The built-in answerer answered in its place."


def generate(
    question: str,
    passages: Sequence[Passage],
    *,
    llm: LLM,
    model: str,
    history: Sequence[Turn],
    settings: Settings,
    trace: Callable[[str, dict[str, Any]], None],
    reader: Reader | None = None,
    instead: Callable[[], Answer] | None = None,
    meter: Meter | None = None,
    today: date | None = None,
    latest: bool = False,
    lacks: Callable[[], str] | None = None,
    beside: Callable[[str, Citer], Shown] | None = None,
    key: str | None = None,
) -> Iterator[str | Answer]:
    """Yield pieces of a model's answer as they come, then the whole `Answer`.

    The pieces are provisional: only the `Answer` tells whether there is one, and its text differs where a sentence was repaired or
    marked. Where no sentence was, they are together its text.

    Args:
        question: in plain words.
        passages: as search gave them, best first.
        llm: a llama-index language model.
        model: what the answer and errors call it.
        history: earlier turns, oldest first.
        settings: how much evidence the model is shown, how long it may take, and what it costs.
        trace: called with each prompt and each completion.
        reader: tells whether quotes support a claim; without one that is not checked.
        instead: the built-in answer, given where the model fails; without it such a failure is raised.
        meter: counts what it takes.
        today: what "today" means in the question.
        latest: whether the newest is asked for.
        lacks: says what the articles lack where the model finds no answer; without it that it found none is all that is said.
        beside: finds the values that other articles give (see `rag.builtin.compare`); without it none are shown.
        key: the model's key, which is kept out of everything that is said.

    Raises:
        ModelUnavailable: the model failed, and there is nothing `instead`.
    """
    asking = Asking(
        question=question, passages=passages, model=Model(llm=llm, name=model, timeout=settings.llm_timeout, key=key), history=history,
        settings=settings, trace=trace, reader=reader, meter=meter or Meter(), today=today, latest=latest,
    )  # fmt: skip
    try:
        answer = yield from _answer(asking)
        if answer.missing == REFUSED and lacks is not None:
            answer = replace(answer, missing=lacks())
        if answer.status == "answered" and beside is not None:
            with asking.meter.stage("compare"):
                answer = _compared(answer, beside)
        problem = answer.missing if answer.missing in FAILED else None
    except ModelUnavailable as error:
        if instead is None:
            raise
        problem = _sentence(str(error))
    if problem is not None and instead is not None:
        answer = instead()
        answer = replace(answer, fallback=True, notes=(f"{problem} {INSTEAD}", *answer.notes))
        yield answer.text
    yield replace(answer, usage=asking.meter.usage(model, settings.prices))


def _answer(asking: Asking) -> Generator[str, None, Answer]:
    """Yield pieces, return the answer.

    Raises:
        ModelUnavailable: the model failed.
    """
    draft = yield from asking.draft()
    common: dict[str, Any] = {"question": asking.question, "model": asking.model.name}
    missing = no_answer(draft.text, draft.claims, asking.question)
    if missing is None:
        draft = asking.repaired(draft)
        if not any(claim.citations for claim in draft.claims):
            missing = REFUSED
        elif hardly_any_holds(draft.claims):
            missing = UNSOUND
    common["rejected"] = draft.rejected
    if missing is not None:
        return Answer(status="no_evidence", short="", text="", missing=missing, nearest=tuple(asking.passages[:NEAREST]), **common)
    claims, citations, _ = renumbered(draft.claims, draft.citations)
    changed = draft.is_repaired or any(map(failed, claims)) or draft.too_long or any(not one.numbers for one in draft.sentences)
    return Answer(
        status="answered",
        short=next((claim.text for claim in claims if not failed(claim)), claims[0].text),
        text=written(claims, draft.openings) if changed else draft.text,
        claims=claims,
        citations=citations,
        notes=(CUT_OFF,) if draft.too_long else (),
        **common,
    )


def _compared(answer: Answer, beside: Callable[[str, Citer], Shown]) -> Answer:
    """An answer with the values that other articles give."""
    citer = Citer(answer.citations)
    values = beside(" ".join(claim.text for claim in answer.claims), citer)
    return replace(answer, citations=citer.citations, disagreement=values.disagreement, also_given=values.also_given)


def _sentence(words: str) -> str:
    """`words` as a sentence."""
    return words[:1].upper() + words[1:] + ("" if words.endswith((".", "…")) else ".")
