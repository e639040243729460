"""Measures the checks of claims: `python -m benchmarks.claims`, with `--reader` the support head too.

The cases are tests/cases/claims.jsonl and claims_more.jsonl, each in two halves by the number of the line. A faithful claim is
counted where no check fails, an altered one where any does. `--misses FILE:HALF` prints the cases of one part that came out
otherwise, with the reasons. `--machine` alters the numbers of faithful claims, one at a time, and counts what passes all the same:
the price of arithmetic and rounding.
"""

from __future__ import annotations

import argparse
import json
import re
import sys
from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from eval.metrics import wilson_interval
from rag.checks.claim import check_claim
from rag.reader import Reader, built_in_reader
from rag.types import Citation

CASES = Path(__file__).parents[1] / "tests" / "cases"
_NUMBER = re.compile(r"(?<![\w.,])\d+(?:[.,]\d+)*(?![\w.,]*\d)")
FILES = ("claims", "claims_more")


def parts() -> Iterator[tuple[str, list[dict[str, Any]]]]:
    """The cases by file and half, such as "claims:even"."""
    for name in FILES:
        lines = (CASES / f"{name}.jsonl").read_text(encoding="utf-8").splitlines()
        yield f"{name}:even", [json.loads(line) for line in lines[1::2]]
        yield f"{name}:odd", [json.loads(line) for line in lines[::2]]


def failures(case: Mapping[str, Any], reader: Reader | None) -> dict[str, str]:
    """The checks that a case fails, each with its reason."""
    cited = [
        Citation(
            number=number, article_id="", doc_id="", label="", path="", root="", title=None, publisher=None, published=case["published"],
            url=None, quote=text, start=0, end=len(text),
        )
        for number, text in enumerate(case["evidence"], start=1)
    ]  # fmt: skip
    checks = check_claim(case["claim"], cited, reader=reader)
    return {name: check.reason for name, check in checks.items() if check.status == "failed"}


def altered_by_machine(case: Mapping[str, Any]) -> Iterator[dict[str, Any]]:
    """A case with one of its claim's numbers altered, in several ways; no number that the evidence gives takes its place."""
    for match in _NUMBER.finditer(case["claim"]):
        number, digits = float(match.group().replace(",", "")), 1 if "." in match.group() else 0
        step = 0.1 if digits else 1
        for other in {
            number + step,
            number - step,
            number + 2 * step,
            number + 10 * step,
            number * 2,
            number * 3,
            number * 1.2,
            number / 2,
        }:
            written = f"{other:,.{digits}f}"
            if other > 1 and float(written.replace(",", "")) != number and written not in " ".join(case["evidence"]):
                yield {**case, "claim": case["claim"][: match.start()] + written + case["claim"][match.end() :]}


def main(arguments: list[str]) -> int:
    """Print for each part and kind how many cases came out as they should."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--reader", action="store_true", help="ask the support head, too")
    parser.add_argument("--misses", default="", metavar="FILE:HALF")
    parser.add_argument("--machine", action="store_true", help="count what passes of claims whose numbers a machine altered")
    options = parser.parse_args(arguments)
    if options.machine:
        faithful = [case for _, cases in parts() for case in cases if case["kind"] == "faithful" and not failures(case, None)]
        passed = [not failures(altered, None) for case in faithful for altered in altered_by_machine(case)]
        print(f"altered by machine: {sum(passed)} of {len(passed)} pass")
        return 0
    reader = built_in_reader() if options.reader else None
    for part, cases in parts():
        failed = {case["id"]: failures(case, reader) for case in cases}
        for kind in sorted({case["kind"] for case in cases}):
            own = [case for case in cases if case["kind"] == kind]
            wrong = [case for case in own if bool(failed[case["id"]]) == (kind == "faithful")]
            right, low, high = len(own) - len(wrong), *wilson_interval(len(own) - len(wrong), len(own))
            named = sum(case["flagged_by"] in failed[case["id"]] for case in own)
            by = "" if kind == "faithful" else f", {named} by the check that should"
            print(f"{part} {kind}: {right}/{len(own)} ({low:.3f} to {high:.3f}){by}")
            for case in wrong if options.misses == part else ():
                print(f"  {case['id']} {failed[case['id']]}\n    {case['claim']}\n    {' | '.join(case['evidence'])} [{case['note']}]")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
