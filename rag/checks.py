"""Checks of a claim against the quotes that it cites: does it cite anything, and are its numbers and dates in the quotes.

Code only, no model. A number counts as the same however it is spelled ("2,400", "2400"; "forty", "40"; "1.2 million"). Names,
quotations, attribution and whether the quotes support the claim at all are not checked yet, and say so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from decimal import Decimal

from rag.types import CHECK_NAMES, Check, Citation
from rag.values import dates, durations, number_key, numbers

_SCALES = {
    "hundred": 2, "thousand": 3, "million": 6, "m": 6, "billion": 9, "bn": 9, "trillion": 12, "tn": 12,
}  # fmt: skip
_NUMBER = re.compile(rf"\d[\d,]*(?:\.\d+)?(?:[ -]?(?:{'|'.join(_SCALES)})\b)?", re.I)
_MONTHS = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October", "November", "December")
_MONTH = re.compile(rf"\b(?:{'|'.join(_MONTHS)}|Sept|{'|'.join(month[:3] for month in _MONTHS)})\b", re.I)
_LATER = Check(status="n/a", reason="not checked in this version")


def check_claim(claim: str, cited: Sequence[Citation]) -> Mapping[str, Check]:
    """Check a claim against what it cites.

    Args:
        claim: a sentence without markers.
        cited: the citations that it names.
    """
    if not cited:
        nothing: dict[str, Check] = dict.fromkeys(CHECK_NAMES, Check(status="n/a", reason="cites nothing"))
        return {**nothing, "support": Check(status="failed", reason="cites nothing")}
    quotes = " \n".join(citation.quote for citation in cited)
    published = [citation.published for citation in cited if citation.published]
    said, spans = _without_dates(claim)
    later: dict[str, Check] = dict.fromkeys(CHECK_NAMES, _LATER)
    return {
        **later,
        "quote": Check(status="passed", reason="cut from the article"),
        "numbers": _compared(_numbers(said), _numbers(quotes) | _spelled(quotes), "number"),
        "dates": _compared(_parts(spans), _parts([quotes, *published]), "date"),
    }


def _compared(said: set[str], quoted: set[str], what: str) -> Check:
    if not said:
        return Check(status="n/a", reason=f"the claim gives no {what}")
    lacking = sorted(said - quoted)
    if lacking:
        return Check(status="failed", reason=f"not in the quotes: {', '.join(lacking)}")
    return Check(status="passed", reason=f"every {what} is in the quotes")


def _without_dates(claim: str) -> tuple[str, list[str]]:
    """The claim with its dates blanked, and the dates."""
    spans = dates(claim)
    for span in spans:
        claim = claim[: span.start] + " " * (span.end - span.start) + claim[span.end :]
    return claim, [span.text for span in spans]


def _numbers(text: str) -> set[str]:
    """The numbers that stand in digits, as plain decimals."""
    return {_plain(match.group()) for match in _NUMBER.finditer(text)}


def _plain(number: str) -> str:
    """`1.2 million` -> `1200000`."""
    digits = re.match(r"[\d,.]*\d", number)
    assert digits is not None  # _NUMBER begins with a digit
    scale = _SCALES.get(number[digits.end() :].strip(" ,-").lower(), 0)
    return f"{(Decimal(digits.group().replace(',', '')) * 10**scale).normalize():f}"


def _spelled(text: str) -> set[str]:
    """The numbers that stand in words: `forty boats` -> `40`."""
    found = (value.text for value in (*numbers(text), *durations(text)))
    return {number_key(value).rstrip("%") for value in found if not re.search(r"\d", value)}


def _parts(spans: Sequence[str]) -> set[str]:
    """Days, years and months of dates, each alone: `4 March 2024` and `2024-03-04` -> 4, 2024, Mar."""
    parts: set[str] = set()
    for span in spans:
        for year, month, day in re.findall(r"\b(\d{4})-(\d\d)-(\d\d)", span):
            parts |= {year, day.lstrip("0"), *(name[:3] for name in _MONTHS[int(month) - 1 : int(month)])}
        parts |= {digits.lstrip("0") for digits in re.findall(r"\d+", re.sub(r"\d{4}-\d\d-\d\d(?:T[\d:]+)?", "", span))}
        parts |= {match.group()[:3].title() for match in _MONTH.finditer(span)}
    return parts
