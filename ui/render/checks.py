"""The outcome of a sentence's checks: one quiet badge that unfolds what was checked, or plainly what failed."""

from __future__ import annotations

from collections.abc import Mapping

from rag.types import Check, Claim
from ui.markup import Html, tag

_NAMES = {"quote": "quoted words", "names": "names", "attribution": "who said it", "support": "meaning"}
"""What a check is called on the page, where its own name says too little."""


def badge_html(claim: Claim) -> Html | None:
    """What to show behind a sentence; None where nothing was checked."""
    failures = [(name, check) for name, check in claim.checks.items() if check.status == "failed"]
    if failures:
        rows = [tag("li", tag("b", _called(name)), f" {check.reason or 'not confirmed'}") for name, check in failures]
        return tag("div", tag("b", "Check failed"), tag("ul", *rows, role="list"), class_="dl-failed", role="note")
    if all(check.status != "passed" for check in claim.checks.values()):
        return None
    reasons = {check.reason for check in claim.checks.values()}
    if len(reasons) == 1:  # the article's own words: there was nothing to compare
        label, rows = "word for word", [_row("passed", *reasons)]
    else:
        label, rows = _label(claim.checks), _rows(claim.checks)
    summary = tag("summary", tag("span", "✓ ", aria_hidden="true"), label, aria_label=f"{label}: show what was checked")
    return tag("details", summary, tag("ul", *rows, role="list"), class_="dl-badge")


def _label(checks: Mapping[str, Check]) -> str:
    support = checks.get("support")
    return "checked" if support is None or support.status == "passed" else "checked in part"


def _rows(checks: Mapping[str, Check]) -> list[Html]:
    """A row for each outcome, with the checks that came to it: those that passed, then those that had nothing to look at."""
    outcomes: dict[tuple[str, str], list[str]] = {}
    for name, check in sorted(checks.items(), key=lambda item: item[1].status != "passed"):
        outcomes.setdefault((check.status, check.reason), []).append(_called(name))
    return [_row(status, reason, ", ".join(names)) for (status, reason), names in outcomes.items()]


def _row(status: str, reason: str, names: str = "") -> Html:
    tick = tag("span", "✓" if status == "passed" else "–", class_="dl-tick", aria_hidden="true")
    words = tag("span", tag("b", names) if names else None, " " if names and reason else None, reason)
    return tag("li", tick, words, class_="dl-na" if status == "n/a" else None)


def _called(name: str) -> str:
    return _NAMES.get(name, name)
