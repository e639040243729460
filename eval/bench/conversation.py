"""Adapters for the last question of a conversation: what our rewriting finds, and whether it is answered just when it can be.

A record has `question`, `history` (a list of {"speaker": "user" or "agent", "text"}), `group` (the conversation), `docs` (the passages
that hold the answer) and `answerability`: ANSWERABLE, PARTIAL, UNANSWERABLE or UNDERSPECIFIED. The passages of all records of the file
are the pool.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

from eval.bench.asking import ABSTENTION_MEASURES, PASSAGES, abstention_values, ranking_values
from eval.bench.files import Record
from eval.bench.measures import Measure, Row, mean
from eval.bench.tools import Tools
from eval.bench.types import Judge
from index.home import Home
from rag.followup.rewriting import stand_alone
from rag.metering import Meter
from rag.types import Turn

_FOUND = ("hit@5", "recall@4", "recall@10", "ndcg@10")
_NAMES = {"rewritten": "", "alone": "alone_", "joined": "joined_"}
"""How the question is searched for -> what its measures begin with."""

RETRIEVAL_MEASURES: Mapping[str, Measure] = {
    **{f"{start}{name}": mean(f"{start}{name}") for start in _NAMES.values() for name in _FOUND},
    **{f"gain_{name}": mean(f"gain_{name}") for name in _FOUND},
    "changed": mean("changed"),
}
ANSWER_MEASURES: Mapping[str, Measure] = {**ABSTENTION_MEASURES, "answered_underspecified": mean("answered_underspecified")}


def can_be_found(records: Sequence[Record]) -> Sequence[Record]:
    """The records with a history, and with passages that hold the answer or a part of it."""
    return [record for record in records if record["history"] and record["docs"] and record["answerability"] in ("ANSWERABLE", "PARTIAL")]


def follow_up_retrieval(tools: Tools, records: Sequence[Record]) -> Judge:
    """Which passages search puts first: for the question alone, as our rules rewrite it, and with the last question before it."""
    home = _home(tools)

    def judge(record: Record) -> Row:
        asked, history = _last(record)
        rewritten = _rewritten(asked, history)
        texts = {"rewritten": rewritten, "alone": asked, "joined": f"{history[-1].question} {asked}"}
        gold = [doc["doc_id"] for doc in record["docs"]]
        found = {name: ranking_values(_ranked(home, text), gold) for name, text in texts.items()}
        values = {f"{start}{name}": found[text][name] for text, start in _NAMES.items() for name in _FOUND}
        gains = {f"gain_{name}": found["rewritten"][name] - found["alone"][name] for name in _FOUND}
        return Row(values={**values, **gains, "changed": float(rewritten != asked)}, group=half(record["group"]))

    return judge


def follow_up_answers(tools: Tools, records: Sequence[Record]) -> Judge:
    """Whether the rewritten question is answered from the pool; one that says too little to be answered is counted apart."""
    home = _home(tools)

    def judge(record: Record) -> Row:
        answer = tools.answer_from(home, _rewritten(*_last(record)))
        if record["answerability"] == "UNDERSPECIFIED":
            values = {"answered_underspecified": float(answer.status == "answered")}
        else:
            values = abstention_values(answer, record)
        return Row(values=values, group=record["answerability"])

    return judge


def half(conversation: str) -> str:
    """Which half of the conversations one belongs to; of the open ones, our rules were written with the first."""
    return ("first half", "second half")[hashlib.sha256(conversation.encode()).digest()[0] % 2]


def _home(tools: Tools) -> Home:
    """A home of the passages of all records."""
    docs = (doc for record in tools.files.records("tasks") or () for doc in record["docs"])
    return tools.home(list({doc["doc_id"]: doc for doc in docs}.values()))


def _ranked(home: Home, text: str) -> list[str]:
    return list(dict.fromkeys(passage.doc_id for passage in home.search(text, limit=PASSAGES)))


def _rewritten(question: str, history: Sequence[Turn]) -> str:
    return stand_alone(question, history, model=None, meter=Meter(), trace=lambda what, facts: None)


def _last(record: Record) -> tuple[str, list[Turn]]:
    """The last question, and the exchanges before it."""
    turns: list[Turn] = []
    for said in record["history"]:
        if said["speaker"] == "user":
            turns.append(Turn(question=said["text"], answer=""))
        elif turns:
            turns[-1] = Turn(question=turns[-1].question, answer=said["text"])
    return " ".join(record["question"].split()), turns
