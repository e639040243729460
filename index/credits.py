"""What an article says of its own making: which news agency it is from, and whether it was corrected or updated.

Only set forms in lines near its ends count. "Reuters reported" in a sentence is a source, and "contributed to this report" is help.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from index.types import Draft

_NAMES = {
    "AFP": r"AFP|A\.F\.P\.|Agence[ -]France[ -]Presse", "AP": r"AP|A\.P\.|(?:The )?Associated Press", "Reuters": r"Reuters|REUTERS",
    "Xinhua": r"Xinhua(?: News Agency)?", "dpa": r"dpa|DPA|Deutsche Presse-Agentur", "EFE": r"EFE|Agencia EFE", "ANSA": r"ANSA",
    "TASS": r"TASS", "PA": r"PA|PA Media|(?:The )?Press Association", "UPI": r"UPI", "ANI": r"ANI", "PTI": r"PTI|Press Trust of India",
    "Kyodo": r"Kyodo(?: News)?", "Yonhap": r"Yonhap(?: News Agency)?", "Anadolu": r"Anadolu(?: Agency)?", "APA": r"APA",
}  # fmt: skip
_WIRE = r"[A-Z][\w’'-]+(?: [A-Z][\w’'-]+){0,2} (?:Wire|News Agency|Press Agency|News Service|Newswire)"
_AGENCY = "(?P<agency>" + "|".join(f"(?:{forms})" for forms in (*_NAMES.values(), _WIRE)) + ")"
_HINT = re.compile("|".join(["Credited", "Wire", "Agency", "Service", "Newswire", *_NAMES.values()]))
_EDGE = 600
"""Characters at either end of a text in which a credit or a notice may stand."""
_MARGIN = r"[^\w(©]*"
_CREDITS = tuple(
    re.compile(form)
    for form in (
        rf"[A-ZÀ-Þ][^\n()]{{1,60}} \({_AGENCY}\)\s*[-–—:].*",
        rf"{_MARGIN}(?:Credits?|Source|Via) ?:? *{_AGENCY}\W*",
        rf"{_MARGIN}Credited (?:from|to) ?:? *(?P<agency>[A-Z][\w&.’'-]*(?: [A-Z&][\w&.’'-]*){{0,3}})\W*",
        rf"{_MARGIN}(?:(?:By|From) )?(?:the )?{_AGENCY}(?: [·|•–—-] .{{0,80}})?\W*",
        rf".*(?:\(|©(?: *\d{{4}})? ?|Copyright(?: *\d{{4}})? ){_AGENCY}\)?[\W\d]*",
    )
)

_ABOUT_CHANGE = re.compile(
    r"[Cc]orrect|CORRECT|[Cc]larif|[Cc]orrigendum|[Ee]rratum|amended|version of th|UPDATE|updated|Adds|Recasts|Updates"
)
_CORRECTED = tuple(
    re.compile(form, re.I)
    for form in (
        r"\W*(?:Corrections?|Clarifications?|Corrigendum|Erratum)\b[^.:]{0,40}[.:].*",
        r"\W*(?:Editor[’']s note: )?(?:This|An?) [^.]{0,150}\b(?:has been|have been|was|were) (?:corrected|amended)\b.*",
        r"(?:.*[.!?:] +)?[^.]*\b(?:earlier|previous|original) version of th(?:is|e) (?:article|story|report|headline)\b.*",
    )
)
_UPDATED = tuple(
    re.compile(form)
    for form in (
        r"\W*UPDATED?(?: \d+)?\b *[-–—:].*",
        r"\W*\(?(?:Adds|Recasts|Updates) (?:with |to )?.{3,}",
        r"\W*This (?:article|story|report) (?:has been|was) updated\b.*",
    )
)
_LONGEST = 300
"""Characters of a notice that are kept."""


def credits_of(draft: Draft, text: str) -> dict[str, str]:
    """The provenance that an article itself tells: "agency", and "correction" or "update" with the words that say so.

    Args:
        draft: as it was read; a byline or a notice may be cut from its text as furniture.
        text: what is kept of it.
    """
    lines = [line for line in (draft.title or "", *_edges(text), *_edges(draft.text)) if _ABOUT_CHANGE.search(line)]
    correction, update = (next(_notices(forms, lines), None) for forms in (_CORRECTED, _UPDATED))
    found = {"agency": agency_of(draft.text, draft.authors), "correction": correction, "update": None if correction else update}
    return {name: value for name, value in found.items() if value}


def agency_of(text: str, authors: tuple[str, ...] = ()) -> str | None:
    """The agency that an article is from, by its usual name.

    >>> agency_of("PARIS (AFP) — The minister said on Friday that he would go.")
    'AFP'
    """
    lines = [line for line in (*authors, *_edges(text)) if _HINT.search(line)]
    matches = (form.fullmatch(line) for line in lines for form in _CREDITS)
    return next((_usual(match["agency"]) for match in matches if match), None)


def _edges(text: str) -> list[str]:
    """The lines at both ends of a text."""
    ends = (text,) if len(text) <= 2 * _EDGE else (text[:_EDGE], text[-_EDGE:])
    return [line for end in ends for line in end.split("\n")]


def _usual(name: str) -> str:
    return next((usual for usual, forms in _NAMES.items() if re.fullmatch(forms, name)), name)


def _notices(forms: tuple[re.Pattern[str], ...], lines: list[str]) -> Iterator[str]:
    return (line.strip()[:_LONGEST] for line in lines for form in forms if form.fullmatch(line))
