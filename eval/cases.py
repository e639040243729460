"""Cases: questions with known answers, one JSON object a line.

    {"id": "q1", "kind": "fact", "question": "When did they leave?", "answers": ["August 2022"], "doc_ids": ["story-1"]}

Whatever the kind, a `Case` holds its answers as groups of accepted spellings; a file is checked in full before anything is
asked, so that no run ends at a typing error. Asking and judging are in `run` and `judge`.
"""

from __future__ import annotations

import gzip
import json
import random
import unicodedata
import zlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Literal, get_args

from eval.metrics import normalize
from index.errors import BadPath, UsageError
from index.types import Filters
from rag.types import Turn

Kind = Literal["fact", "list", "conflict", "unanswerable", "trap"]
KINDS: tuple[Kind, ...] = get_args(Kind)
UNANSWERABLE_KINDS: tuple[Kind, ...] = ("unanswerable", "trap")
_FIELDS = ("id", "kind", "question", "answers", "doc_ids", "unanswerable", "since", "until", "publishers", "paths", "history", "reviewed")
_EXAMPLES = {
    "fact": 'write "answers": ["August 2022", "Aug 2022"] and "doc_ids": ["story-1"]',
    "list": 'write every item as its accepted spellings, "answers": [["Mali"], ["Niger"]], and "doc_ids": ["story-1"]',
    "conflict": 'write a group for each value, "answers": [["500"], ["300", "three hundred"]], "doc_ids": [["story-1"], ["story-2"]]',
    "unanswerable": 'leave both out, or write "answers": [] and "doc_ids": []',
}
_TYPO = 0.85


class BadCases(UsageError):
    """A case file, or a case in it, is not written as it should be."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Case:
    """One question, and what counts as its answer."""

    id: str
    kind: Kind
    question: str
    answers: tuple[tuple[str, ...], ...] = ()
    """Groups of accepted spellings, one of each group is needed: a fact has one group, a list one an item, a conflict one a value."""
    doc_ids: tuple[tuple[str, ...], ...] = ()
    """The articles that hold the answer: one group, or for a conflict one a value; empty where a fact or a list names none."""
    filters: Filters = field(default_factory=Filters)
    history: tuple[Turn, ...] = ()
    """The exchanges before the question, oldest first."""
    reviewed: bool = True
    """Whether a person stands behind it; what was drafted and not looked at is measured apart."""

    @property
    def unanswerable(self) -> bool:
        """Whether the right answer is that there is none."""
        return self.kind in UNANSWERABLE_KINDS

    @property
    def gold(self) -> frozenset[str]:
        """All `doc_ids`, whatever their group."""
        return frozenset(doc_id for group in self.doc_ids for doc_id in group)

    @property
    def expected(self) -> str:
        """What is accepted, on one line: `|` between spellings, `;` between groups."""
        return "; ".join(" | ".join(group) for group in self.answers) or "no answer"

    @classmethod
    def from_dict(cls, data: Any) -> Case:
        """The case that one object of a case file describes.

        Args:
            data: the parsed JSON. Names that no field resembles are left alone, so a file can carry notes.

        Raises:
            BadCases: it is not written as a case; the hint says what to write.
            BadFilter: `since` or `until` is not a date.
        """
        if not isinstance(data, Mapping):
            raise BadCases("this is not a case", hint='write one JSON object a line: {"id": …, "kind": …, "question": …, …}')
        _no_typing_errors(data)
        kind = _kind(data)
        answers, doc_ids = _groups(kind, data.get("answers", []), data.get("doc_ids"))
        return cls(
            id=_text(data, "id"),
            kind=kind,
            question=_text(data, "question"),
            answers=answers,
            doc_ids=doc_ids,
            filters=_filters(data),
            history=_history(data.get("history", [])),
            reviewed=_reviewed(data),
        )


def load_cases(path: str | Path) -> list[Case]:
    """Read a case file, plain or gzipped; where only the other of `NAME.jsonl` and `NAME.jsonl.gz` exists, that one is read.

    Raises:
        BadPath: there is no such file.
        BadCases: a line is not a case, an id occurs twice, or the file holds no case; the message names file and line.
    """
    file = _existing(Path(path))
    cases: list[Case] = []
    lines_by_id: dict[str, int] = {}
    for number, line in _lines(file):
        try:
            case = Case.from_dict(json.loads(line))
        except json.JSONDecodeError as error:
            raise BadCases(f"{file}:{number}: not JSON: {error.msg} at column {error.colno}", hint="write one JSON object a line") from None
        except UsageError as error:
            raise BadCases(f"{file}:{number}: {error}", hint=error.hint) from None
        first = lines_by_id.setdefault(case.id, number)
        if first != number:
            raise BadCases(f"{file}:{number}: id {case.id!r} is taken by line {first}", hint="give each case an id of its own")
        cases.append(case)
    if not cases:
        raise BadCases(f"{file} holds no cases", hint="write one JSON object a line; docs/eval.md shows them")
    return cases


def sample(cases: Sequence[Case], n: int, seed: int) -> list[Case]:
    """`n` of the cases, the same for the same seed, in their own order; all of them where there are no more than `n`.

    Raises:
        ValueError: `n` is negative.
    """
    if n < 0:
        raise ValueError(f"cannot take {n} cases")
    if n >= len(cases):
        return list(cases)
    return [cases[place] for place in sorted(random.Random(seed).sample(range(len(cases)), n))]


def _existing(path: Path) -> Path:
    """`path`, or its gzipped or plain twin."""
    twin = path.with_suffix("") if path.suffix == ".gz" else path.with_name(path.name + ".gz")
    for candidate in (path, twin):
        if candidate.is_file():
            return candidate
    if path.is_dir():
        raise BadPath(f"{path} is a folder, not a case file", hint="name a file such as cases.jsonl")
    raise BadPath(f"no case file {path}", hint="name a .jsonl or .jsonl.gz file; docs/eval.md shows how to write one")


def _lines(file: Path) -> Iterator[tuple[int, str]]:
    """Number and text of every line that is not blank."""
    number = 0
    try:
        with gzip.open(file) if file.suffix == ".gz" else file.open("rb") as stream:
            for number, line in enumerate(stream, start=1):
                if line.strip():
                    yield number, line.decode("utf-8-sig").strip()
    except UnicodeDecodeError:
        raise BadCases(f"{file}:{number}: not UTF-8", hint="save the file as UTF-8") from None
    except (gzip.BadGzipFile, EOFError, zlib.error):
        raise BadCases(f"{file} is not a whole gzip file", hint=f"make it again: gzip {file.stem}") from None
    except OSError as error:
        raise BadPath(f"{file} cannot be read: {error.strerror}", hint="check who may read it") from None


def _no_typing_errors(data: Mapping[str, Any]) -> None:
    for name in data:
        near = [] if name in _FIELDS else get_close_matches(name, _FIELDS, n=1, cutoff=_TYPO)
        if near:
            raise BadCases(f"unknown field {name!r}", hint=f'write "{near[0]}", or give a note a name that is less like it')


def _kind(data: Mapping[str, Any]) -> Kind:
    kind = data.get("kind")
    if kind not in KINDS:
        raise BadCases(f"unknown kind {kind!r}", hint=f"write one of: {', '.join(KINDS)}")
    known: Kind = kind
    truth = known in UNANSWERABLE_KINDS
    if data.get("unanswerable", truth) is not truth:
        hint = "leave out unanswerable: the kind says it"
        raise BadCases(f"kind {kind!r} and unanswerable {data['unanswerable']!r} do not fit", hint=hint)
    return known


def _groups(kind: Kind, answers: Any, doc_ids: Any) -> tuple[tuple[tuple[str, ...], ...], tuple[tuple[str, ...], ...]]:
    """Answers and documents as groups, whichever way this kind of case writes them."""
    if kind in UNANSWERABLE_KINDS:
        if answers or doc_ids:
            raise BadCases(f"kind {kind!r} has answers or doc_ids", hint=_EXAMPLES["unanswerable"])
        return (), ()
    flat_answers, flat_docs = kind == "fact", kind != "conflict"
    spellings = _strings([answers] if flat_answers else answers, "answers", kind)
    documents = () if doc_ids is None and flat_docs else _strings([doc_ids] if flat_docs else doc_ids, "doc_ids", kind)
    if kind == "conflict" and not len(spellings) == len(documents) > 1:
        counts = f"{len(spellings)} groups of answers and {len(documents)} of doc_ids"
        raise BadCases(f"{counts}, where both need the same two or more", hint=_EXAMPLES[kind])
    for spelling in (spelling for group in spellings for spelling in group):
        if not normalize(spelling):
            raise BadCases(f"answer {spelling!r} has no word that could be compared", hint="write it with the words around it")
    return spellings, documents


def _strings(groups: Any, name: str, kind: str) -> tuple[tuple[str, ...], ...]:
    """`groups` if it is a list of lists of words, none of them empty, in Unicode normal form C as article text is."""
    if not (isinstance(groups, list) and groups and all(isinstance(group, list) and group for group in groups)):
        raise BadCases(f"{name} of kind {kind!r} is not written as it should be", hint=_EXAMPLES[kind])
    if not all(isinstance(item, str) and item.strip() for group in groups for item in group):
        raise BadCases(f"{name} of kind {kind!r} holds something that is not words", hint=_EXAMPLES[kind])
    return tuple(tuple(unicodedata.normalize("NFC", item.strip()) for item in group) for group in groups)


def _text(data: Mapping[str, Any], name: str) -> str:
    value = data.get(name)
    if not isinstance(value, str) or not value.strip():
        raise BadCases(f"{name} is {'missing' if value is None else 'not words'}", hint=f'write "{name}": "…"')
    return value.strip()


def _reviewed(data: Mapping[str, Any]) -> bool:
    reviewed = data.get("reviewed", True)
    if not isinstance(reviewed, bool):
        raise BadCases(f"reviewed is {reviewed!r}", hint='write "reviewed": true once a person has looked at the case')
    return reviewed


def _filters(data: Mapping[str, Any]) -> Filters:
    hint = 'write "since": "2022-08", "until": "2022", "publishers": ["…"], "paths": ["…"]'
    for name in ("since", "until"):
        if not isinstance(data.get(name), str | None):
            raise BadCases(f"{name} is not a date in quotes", hint=hint)
    for name in ("publishers", "paths"):
        value = data.get(name, [])
        if not isinstance(value, list) or not all(isinstance(word, str) for word in value):
            raise BadCases(f"{name} is not a list of words", hint=hint)
    return Filters(
        since=data.get("since"),
        until=data.get("until"),
        publishers=tuple(data.get("publishers", [])),
        paths=tuple(data.get("paths", [])),
    )


def _history(turns: Any) -> tuple[Turn, ...]:
    hint = 'write "history": [{"question": "…", "answer": "…"}]'
    if not isinstance(turns, list) or not all(isinstance(turn, Mapping) for turn in turns):
        raise BadCases("history is not a list of exchanges", hint=hint)
    if not all(isinstance(turn.get(name), str) for turn in turns for name in ("question", "answer")):
        raise BadCases("an exchange in history lacks its question or answer", hint=hint)
    return tuple(Turn(question=turn["question"], answer=turn["answer"]) for turn in turns)
