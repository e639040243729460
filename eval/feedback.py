"""What people thought of answers, turned into cases: a correction becomes a case that the next run has to get right.

The chat page writes one JSON object a line into `feedback.jsonl` of the home. A line becomes a case where it says what would have
been right: the answer in a few words, or that the articles do not hold it. Such a case names no article, since nobody was asked which
one holds the answer; so its citations are not judged. The filters are those that were in force, so that "last week" in a question
stays the week that was meant.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, NamedTuple

from eval.adding import Added, add_cases
from eval.cases import Case
from eval.judge import MAX_SHORT_WORDS
from index.errors import BadPath, UsageError

FILE = "feedback.jsonl"
"""Its name in a home; the page writes it."""
CASES = "cases.jsonl"
"""The case file of a home, where none is named."""
_FILTERS = ("since", "until", "publishers", "paths")


@dataclass(frozen=True, kw_only=True, slots=True)
class Feedback:
    """What somebody thought of one answer."""

    time: str
    question: str
    liked: bool
    short: str
    """The answer that was judged; empty where there was none."""
    expected: str
    """What would have been right; empty where that was not said."""
    unanswerable: bool
    """Whether the articles are said not to hold the answer."""
    reason: str
    filters: Mapping[str, Any]
    history: Sequence[Mapping[str, Any]]

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data."""
        names = ("time", "question", "liked", "short", "expected", "unanswerable", "reason")
        return {**{name: getattr(self, name) for name in names}, "filters": dict(self.filters), "history": list(self.history)}


class LeftOut(NamedTuple):
    """Feedback that becomes no case, and why."""

    question: str
    reason: str


class Turned(NamedTuple):
    """What became of a home's feedback."""

    cases: Path
    added: Added
    left_out: tuple[LeftOut, ...]

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data."""
        left_out = [left._asdict() for left in self.left_out]
        return {"cases": str(self.cases), "added": list(self.added.added), "known": list(self.added.known), "left_out": left_out}


def cases_from_feedback(home: Path, cases: Path | None = None) -> Turned:
    """Append what a home's feedback says to a case file, never the same twice.

    Args:
        home: the folder of the home.
        cases: the case file; None for `cases.jsonl` in the home.

    Raises:
        BadPath: there is no feedback, or a file cannot be read or written.
        BadCases: the case file is not written as it should be.
        HomeLocked: another program is adding cases.
    """
    feedback, broken = read_feedback(home)
    made: dict[str, dict[str, Any]] = {}
    left_out = [LeftOut("", reason) for reason in broken]
    for one in feedback:
        case = case_of(one)
        if isinstance(case, LeftOut):
            left_out.append(case)
        else:
            made[case["id"]] = case  # of two corrections of one question the later one counts
    target = cases or home / CASES
    added = add_cases(target, list(made.values()), lock=home / "cases.lock")
    left_out += [LeftOut(made[name]["question"], f"{target} has another answer for it, as {name}") for name in added.other]
    return Turned(target, added, tuple(left_out))


def read_feedback(home: Path) -> tuple[list[Feedback], list[str]]:
    """The feedback of a home, oldest first, and what is wrong with each line that does not read.

    Raises:
        BadPath: there is none, or it cannot be read.
    """
    file = home / FILE
    try:
        lines = file.read_text(encoding="utf-8", errors="replace").splitlines()
    except FileNotFoundError:
        raise BadPath(f"nobody has judged an answer of {home} yet", hint="open the page with `dateline ui` and judge one") from None
    except OSError as error:
        raise BadPath(f"{file} cannot be read: {error.strerror}", hint="check who may read it") from None
    found = [(number, _read(line)) for number, line in enumerate(lines, start=1) if line.strip()]
    read = [feedback for _, feedback in found if feedback is not None]
    return read, [f"line {number} of {file} does not read" for number, feedback in found if feedback is None]


def case_of(feedback: Feedback) -> dict[str, Any] | LeftOut:
    """The case that some feedback makes, as it is written in a case file; or why it makes none."""
    reason = next(_objections(feedback), None)
    if reason is not None:
        return LeftOut(feedback.question, reason)
    spellings = [spelling.strip() for spelling in feedback.expected.split("|") if spelling.strip()]
    history = [{name: turn.get(name, "") for name in ("question", "answer")} for turn in feedback.history]
    case = {
        "id": _id(feedback.question, history, feedback.filters),
        "kind": "unanswerable" if feedback.unanswerable else "fact",
        "question": feedback.question,
        **({} if feedback.unanswerable else {"answers": spellings}),
        **{name: feedback.filters[name] for name in _FILTERS if feedback.filters.get(name)},
        **({"history": history} if history else {}),
        "feedback": {"time": feedback.time, "given": feedback.short, "reason": feedback.reason},
    }
    try:
        Case.from_dict(case)
    except UsageError as error:
        return LeftOut(feedback.question, str(error))
    return case


def _objections(feedback: Feedback) -> Iterator[str]:
    """Why this is no case."""
    if feedback.expected and feedback.unanswerable:
        yield "it says both what is right and that the articles do not hold it"
    if not feedback.expected and not feedback.unanswerable:
        yield "it was liked" if feedback.liked else "it does not say what would have been right"
    words = max((len(spelling.split()) for spelling in feedback.expected.split("|")), default=0)
    if words > MAX_SHORT_WORDS:
        yield f"the expected answer has {words} words, and a short answer at most {MAX_SHORT_WORDS}"


def _read(line: str) -> Feedback | None:
    """What one line says; None where it is no feedback."""
    try:
        data = json.loads(line)
    except ValueError:
        return None
    if not isinstance(data, dict) or not isinstance(data.get("question"), str):
        return None
    filters, history = data.get("filters"), data.get("history")
    words = {name: data[name] if isinstance(data.get(name), str) else "" for name in ("time", "short", "expected", "reason")}
    return Feedback(
        question=data["question"],
        liked=data.get("liked") is True,
        unanswerable=data.get("unanswerable") is True,
        filters=filters if isinstance(filters, dict) else {},
        history=[turn for turn in history if isinstance(turn, dict)] if isinstance(history, list) else [],
        **words,
    )


def _id(question: str, history: Sequence[Mapping[str, Any]], filters: Mapping[str, Any]) -> str:
    """The same for the same question, asked in the same way."""
    asked = json.dumps([question, list(history), {name: filters.get(name) for name in _FILTERS}], sort_keys=True)
    return f"feedback-{hashlib.sha256(asked.encode('utf-8', 'backslashreplace')).hexdigest()[:12]}"
