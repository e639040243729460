"""Measures how well an article's day of publication, publisher and writers are read: `python -m benchmarks.publication`.

The pages are those of tests/cases/pages.jsonl. The rules were tuned on its rows with an even number and on the rows that the rules'
author wrote; the odd ones are the test. With `--articles FILE` (JSON lines with `text`, `url` and a true `date`, gzip or not) it also
counts the dates that the text alone, and the address alone, give.
"""

from __future__ import annotations

import argparse
import gzip
import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import Any

from eval.metrics import wilson_interval
from index.dates import date_in_url, parse_date
from index.found import Found
from index.readers import read_file
from index.text_head import read_head
from index.types import Draft

CASES = Path(__file__).parents[1] / "tests" / "cases"
FIELDS = ("published", "publisher", "authors", "updated")
OWN = "the rules' author"
_DAY = len("2025-06-06")


@dataclass(kw_only=True)
class Tally:
    """Right and wrong values of one field; a claim is a value that is not empty."""

    judged: int = 0
    right: int = 0
    claims: int = 0
    wrong: int = 0
    misses: list[str] = field(default_factory=list)

    def add(self, name: str, *, expected: Any, got: Any) -> None:
        """Counts one value of the case called `name`."""
        self.judged += 1
        self.right += got == expected
        self.claims += bool(got)
        self.wrong += bool(got) and got != expected
        if got != expected:
            self.misses.append(f"{name}: {got!r}, not {expected!r}")

    def __str__(self) -> str:
        right, wrong = wilson_interval(self.right, self.judged), wilson_interval(self.wrong, self.claims)
        return (
            f"{self.right}/{self.judged} right ({right.low:.3f} to {right.high:.3f}), "
            f"{self.wrong} wrong of {self.claims} claimed ({wrong.low:.3f} to {wrong.high:.3f})"
        )


def page_cases() -> dict[str, list[dict[str, Any]]]:
    """The rows of the case file by part: even and odd rows of its first author, and the rules' author's own."""
    parts: dict[str, list[dict[str, Any]]] = {"even": [], "odd": [], "own": []}
    for number, line in enumerate((CASES / "pages.jsonl").read_text(encoding="utf-8").splitlines(), start=1):
        case = json.loads(line)
        parts["own" if case.get("by") == OWN else ("odd" if number % 2 else "even")].append(case)
    return parts


def judge_pages(cases: list[dict[str, Any]]) -> dict[str, Tally]:
    """One tally for each field over `cases`."""
    tallies = {name: Tally() for name in FIELDS}
    for case in cases:
        [draft] = read_file(CASES / "pages" / case["file"])
        got = _values(draft) if isinstance(draft, Draft) else dict.fromkeys(FIELDS)
        for name in set(FIELDS) - set(case["open"]):
            tallies[name].add(case["file"], expected=_comparable(case[name]), got=_comparable(got[name]))
    return tallies


def judge_articles(path: Path, *, most: int) -> tuple[Tally, Tally]:
    """The dates that texts alone and addresses alone give, against the true ones."""
    from_text, from_url = Tally(), Tally()
    for row in _rows(path, most):
        true = (parse_date(row["date"]) or "")[:_DAY]
        found = Found()
        read_head(found, row["text"], PurePath())
        draft = found.draft(doc_id=row["doc_id"], text=row["text"])
        for tally, got in ((from_text, draft.published), (from_url, date_in_url(row["url"]))):
            if got:
                tally.add(row["doc_id"], expected=true, got=got[:_DAY])
    return from_text, from_url


def main(arguments: list[str]) -> int:
    """Print the tallies, and the misses with `--misses`."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--part", choices=("even", "odd", "own"))
    parser.add_argument("--misses", action="store_true")
    parser.add_argument("--articles", type=Path)
    parser.add_argument("--most", type=int, default=1_000)
    options = parser.parse_args(arguments)
    for part, cases in page_cases().items():
        for name, tally in judge_pages(cases).items() if options.part in {None, part} else ():
            print(f"{part} {name}: {tally}", *(tally.misses if options.misses else ()), sep="\n  ")
    if options.articles:
        for name, tally in zip(("text", "address"), judge_articles(options.articles, most=options.most), strict=True):
            print(f"articles, {name} alone: {tally.wrong} wrong of {tally.claims} claimed", *tally.misses, sep="\n  ")
    return 0


def _values(draft: Draft) -> dict[str, Any]:
    return {
        "published": (draft.published or "")[:_DAY] or None,
        "publisher": draft.publisher,
        "authors": list(draft.authors),
        "updated": draft.provenance.get("updated", "")[:_DAY] or None,
    }


def _comparable(value: Any) -> Any:
    """Names without case and a leading "The"; writers in any order."""
    if isinstance(value, list):
        return sorted(_comparable(name) for name in value)
    return re.sub(r"^the ", "", value.casefold()) if isinstance(value, str) else value


def _rows(path: Path, most: int) -> Iterator[dict[str, Any]]:
    with gzip.open(path, "rt", encoding="utf-8") if path.suffix == ".gz" else path.open(encoding="utf-8") as lines:
        for _, line in zip(range(most), lines, strict=False):
            yield json.loads(line)


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
