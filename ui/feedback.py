"""What visitors think of answers: one JSON line each in `feedback.jsonl` of the home that was asked.

A line holds what it takes to ask again and to judge: the question with the conversation before it and the filters, the answer with
its citations, and the verdict. `question`, `history` and the filters are written as cases are (`eval.cases`).
"""

from __future__ import annotations

import json
import os
import threading
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from index.errors import DatelineError
from rag.types import Answer, Citation, Turn
from ui.conversation import Conversation, Opinion

FILE = "feedback.jsonl"
"""Its name in the home."""
MOST_WORDS = 2000
"""Code points of a reason, and of an expected answer."""
_MOST_BYTES = 64 * 2**20
_LINE_ENDS = {ord(end): f"\\u{ord(end):04x}" for end in "\x85\u2028\u2029"}
"""What JSON leaves as it is and some readers take for the end of a line."""
_lock = threading.Lock()


class NotKept(DatelineError):
    """An opinion could not be written down."""


def judge(conversation: Conversation, index: object, given: Mapping[str, object]) -> Conversation:
    """Keep what a visitor thinks of an answer; where that fails the conversation says why, and goes on.

    Args:
        conversation: what was said.
        index: the place of the answer, and
        given: the fields of the form: `liked` is "yes" or "no", `reason` and `words` for it, `expected`, and `unanswerable` where that was
            ticked. All come from the browser: what names no answer, or holds no text, changes nothing.
    """
    place = conversation.place(index)
    fields = {name: " ".join(value.split()) for name, value in given.items() if isinstance(value, str)}
    if place is None or fields.get("liked") not in ("yes", "no"):
        return conversation
    exchange = conversation.exchanges[place]
    if exchange.answer is None:
        return conversation
    reason = ": ".join(filter(None, (fields.get("reason"), fields.get("words"))))
    unanswerable = bool(fields.get("unanswerable"))
    expected = "" if unanswerable else fields.get("expected", "")[:MOST_WORDS]
    opinion = Opinion(liked=fields["liked"] == "yes", reason=reason[:MOST_WORDS], expected=expected, unanswerable=unanswerable)
    try:
        keep(exchange.chatbot.home.path, exchange.answer, opinion, history=conversation.history(place))
    except NotKept as error:
        return conversation.update(replace(exchange, opinion_problem=f"{error}. {error.hint.capitalize()}."), place)
    return conversation.update(replace(exchange, opinion=opinion, opinion_problem=""), place)


def make_case(conversation: Conversation, index: object) -> Conversation:
    """Make a correction that was kept a case for `dateline eval`, in `cases.jsonl` of the home; the opinion says what came of it.

    Args:
        conversation: what was said.
        index: the place of the answer, from the browser: one that was not corrected changes nothing.
    """
    from ui.commands.measuring import cases_from_feedback

    place = conversation.place(index)
    if place is None:
        return conversation
    exchange = conversation.exchanges[place]
    if exchange.opinion is None or exchange.opinion.case or not exchange.opinion.corrects:
        return conversation
    try:
        told = f"a case in {cases_from_feedback(exchange.chatbot.home.path).cases}"
    except DatelineError as error:
        told = f"no case was made: {error}"
    return conversation.update(replace(exchange, opinion=replace(exchange.opinion, case=told)), place)


def keep(home: Path, answer: Answer, opinion: Opinion, *, history: Sequence[Turn] = (), now: datetime | None = None) -> None:
    """Add one line to a home's feedback.

    Args:
        home: the folder of the home that was asked.
        answer: what is judged.
        opinion: the verdict.
        history: the exchanges before it, oldest first.
        now: when that is; None for now.

    Raises:
        NotKept: the file cannot be written, or has grown too long.
    """
    entry = json.dumps(_entry(answer, opinion, history, now or datetime.now(UTC)), ensure_ascii=False)
    line = entry.translate(_LINE_ENDS) + "\n"
    file = home / FILE
    try:
        with _lock, file.open("ab+") as stream:
            if os.fstat(stream.fileno()).st_size > _MOST_BYTES:
                raise NotKept(f"{file} has grown beyond {_MOST_BYTES >> 20} MB", hint="move it away; a new one is begun")
            stream.write((b"" if _ends_a_line(stream) else b"\n") + line.encode("utf-8", "backslashreplace"))
    except OSError as error:
        hint = "check who may write there, then send it again"
        raise NotKept(f"your opinion was not kept: {file}: {error.strerror}", hint=hint) from None


def _ends_a_line(stream: Any) -> bool:
    """Whether a new line may begin at the end of a file: nothing before it was broken off."""
    if not stream.seek(0, os.SEEK_END):
        return True
    stream.seek(-1, os.SEEK_END)
    return bool(stream.read(1) == b"\n")


def _entry(answer: Answer, opinion: Opinion, history: Sequence[Turn], now: datetime) -> dict[str, Any]:
    filters = answer.filters.to_dict()
    return {
        "time": now.isoformat(timespec="seconds"),
        "question": answer.question,
        "rewritten": answer.rewritten,
        "history": [{"question": turn.question, "answer": turn.answer} for turn in history],
        "filters": {name: value for name, value in filters.items() if value},
        "status": answer.status,
        "short": answer.short,
        "text": answer.text,
        "citations": [_cited(citation) for citation in answer.citations],
        "liked": opinion.liked,
        "reason": opinion.reason,
        "expected": opinion.expected,
        "unanswerable": opinion.unanswerable,
        "generation": answer.generation,
        "model": answer.model,
    }


def _cited(citation: Citation) -> dict[str, Any]:
    return {name: getattr(citation, name) for name in ("number", "doc_id", "article_id", "label", "published", "quote", "start", "end")}
