"""Checks a memo again: whether it is as it was exported, whether it fits itself, and what has become of its articles since.

    verdict = verify(read(Path("memo.html")), home=home)
    verdict.ok, [str(finding) for finding in verdict.findings]

Without a home the first two are looked at; they find whatever was changed by hand, unless the digest was made anew as well and what is
said twice was changed in both places. The home finds that, too, for everything that it knows: not for the question, the model's own
words as long as they pass their checks, the time, or the name of a model.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import zip_longest
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.errors import BadFilter
from rag.memo.against import against
from rag.memo.checked import checked
from rag.memo.data import Memo, digest_of, no_dates, shown
from rag.memo.files import MemoFile, read, rewritten
from rag.memo.findings import Finding
from rag.memo.inside import inside

if TYPE_CHECKING:
    from index.home import Home
    from rag.reader import Reader

MOST_LINES = 20
"""Lines of a readable part that are told where it does not say what the data say."""

_AROUND = 40
"""Code points that are told before a difference."""
_TAG = re.compile(r"<[^<>]*>")


@dataclass(frozen=True, kw_only=True, slots=True)
class Verdict:
    """What a verification found."""

    form: str
    """md, html or json."""
    title: str
    exported: str
    answers: int
    quotes: int
    """Quotes and passages of the memo; against a home each was looked up."""
    checks: int
    """Checks of its sentences."""
    home: str | None
    """The folder of the home that it was compared with; None for none."""
    findings: tuple[Finding, ...] = ()

    @property
    def ok(self) -> bool:
        """Whether nothing was found."""
        return not self.findings

    def to_dict(self) -> dict[str, Any]:
        """This verdict as plain JSON data."""
        names = ("ok", "form", "title", "exported", "answers", "quotes", "checks", "home")
        return {**{name: getattr(self, name) for name in names}, "findings": [finding.to_dict() for finding in self.findings]}


def verify(file: MemoFile | Path | str, *, home: Home | None = None, reader: Reader | None = None) -> Verdict:
    """Check a memo again.

    Args:
        file: the memo, or the path of its file.
        home: what its articles are compared with; None leaves that out.
        reader: judges whether quotes support a sentence; None for the built-in one, opened where it is needed.

    Raises:
        BadPath: the file cannot be read.
        BadMemo: it is no memo, or one of a newer Dateline.
    """
    file = file if isinstance(file, MemoFile) else read(Path(file))
    findings = list(_digest(file.data))
    try:
        memo = Memo.from_dict(file.data)
    except (ValueError, TypeError, BadFilter) as error:
        findings.append(_altered(f"its data do not fit the form of a memo: {_first(error)}"))
        return _verdict(file, None, home, findings)
    if wrong := [_altered(f"{place} is no date: {value!r}") for place, value in no_dates(memo)]:
        return _verdict(file, memo, home, [*findings, *wrong])  # checks and wording reckon with dates
    findings += (_altered(what) for what in _strange(file.data, memo.to_dict()))
    findings += _readable(file)
    findings += inside(memo)
    findings += checked(memo, reader)
    if home is not None:
        findings += against(memo, home)
    return _verdict(file, memo, home, findings)


def _verdict(file: MemoFile, memo: Memo | None, home: Home | None, findings: list[Finding]) -> Verdict:
    answers = [entry.answer for entry in memo.answers] if memo else []
    checks = sum(len(claim.checks) for answer in answers for claim in answer.claims)
    return Verdict(
        form=file.form, title=str(file.data.get("title")), exported=str(file.data.get("exported")), answers=len(answers),
        quotes=sum(len(shown(answer)) for answer in answers), checks=checks, home=str(home.path) if home else None,
        findings=tuple(findings),
    )  # fmt: skip


def _digest(data: Mapping[str, Any]) -> Iterator[Finding]:
    stated = data.get("digest")
    if stated != digest_of(data):
        yield _altered("its data were changed after the export: the digest does not fit them" if stated else "it has no digest")


def _strange(given: Any, known: Any, place: str = "") -> Iterator[str]:
    """What stands in the data and is no part of a memo, or is written otherwise than a memo has it."""
    if isinstance(given, dict) and isinstance(known, dict):
        for name, value in given.items():
            if name == "digest" and not place:
                continue
            inner = f"{place}.{name}" if place else str(name)
            yield from _strange(value, known[name], inner) if name in known else [f"it holds {inner}, which is no part of a memo"]
    elif isinstance(given, list) and isinstance(known, list) and len(given) == len(known):
        for number, (value, other) in enumerate(zip(given, known, strict=True)):
            yield from _strange(value, other, f"{place}.{number}")
    elif given != known or isinstance(given, bool) != isinstance(known, bool):
        yield f"{place} is written in another form than a memo's"


def _readable(file: MemoFile) -> Iterator[Finding]:
    """Where what a reader sees of the file is not what its data say."""
    if file.form == "json":
        return
    expected = rewritten(file)
    if expected is None:
        yield _altered("what it shows cannot be compared with its data, since another version of Dateline laid it out")
        return
    told = list(_differences(_lines(expected), _lines(file.text)))
    yield from map(_altered, told[:MOST_LINES])
    if len(told) > MOST_LINES:
        yield _altered(f"{len(told) - MOST_LINES} more lines are not what its data say")


def _lines(text: str) -> list[str]:
    return [line.rstrip() for line in text.rstrip().split("\n")]


def _differences(expected: Sequence[str], shown: Sequence[str]) -> Iterator[str]:
    """Each line that is shown otherwise than expected, in words."""
    for _, first, last, start, end in _changed(expected, shown):
        for old, new in zip_longest(expected[first:last], shown[start:end]):
            said, says = _apart(old or "", new or "")
            if old is None or not said:
                yield f"it shows “{says}”, which its data do not say"
            elif new is None or not says:
                yield f"it does not show “{said}”, which its data say"
            else:
                yield f"it shows “{says}”, and its data say “{said}”"


def _changed(expected: Sequence[str], shown: Sequence[str]) -> list[tuple[str, int, int, int, int]]:
    matcher = difflib.SequenceMatcher(None, expected, shown, autojunk=False)
    return [change for change in matcher.get_opcodes() if change[0] != "equal"]


def _apart(old: str, new: str) -> tuple[str, str]:
    """What two lines say where they part, without their markup unless it is all that differs."""
    bare = [" ".join(_TAG.sub("", line).split()) for line in (old, new)]
    lines = bare if bare[0] != bare[1] else [old.strip(), new.strip()]
    same = next((place for place, pair in enumerate(zip(*lines, strict=False)) if pair[0] != pair[1]), min(map(len, lines)))
    start = max(0, same - _AROUND)
    old, new = (_cut(line, start, same + 2 * _AROUND) for line in lines)
    return old, new


def _cut(line: str, start: int, end: int) -> str:
    return f"{'… ' if start else ''}{line[start:end]}{' …' if len(line) > end else ''}" if line else ""


def _first(error: Exception) -> str:
    """The first of pydantic's complaints, on one line."""
    from pydantic import ValidationError

    if isinstance(error, ValidationError):
        first = error.errors(include_url=False)[0]
        return f"{'.'.join(map(str, first['loc']))}: {first['msg']}"
    return " ".join(str(error).split())


def _altered(what: str) -> Finding:
    return Finding(kind="altered", where="", what=what)
