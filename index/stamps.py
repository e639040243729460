"""What one line says of when a text was published or changed: "By A. Writer | 6 June 2025", "Last modified: 7 June 2025 12.44".

A date counts only where the line gives little else, or names it. Dates of events, clocks, copyrights and comments do not.

>>> read_stamps("Published 6 June 2025 | Updated 9 June 2025")
[Stamp(kind='published', date='2025-06-06'), Stamp(kind='updated', date='2025-06-09')]
>>> read_stamps("Next parish meeting: 12 March 2024.")
[]
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Literal

from index.dates import Order, Written, day_of, find_dates

Kind = Literal["original", "published", "updated", "plain"]
"""First published elsewhere or before; said to be the day of publication; of the last change; a date without a word."""

LONGEST = 400
"""Characters of a line that is looked at."""
_LONGEST_LABEL = 60
_MOST_WORDS = 12
"""Words besides the date that a line with an unnamed date may have."""
_SEPARATOR = re.compile(r"\s+[|·•/—–~*-]\s+|\s*[|·•;—\[\]()]\s*|\s*::\s*|\s+/|(?<=\w\w[.!?])\s+|(?<=\d[.!?)])\s+|,\s+|\n")
_ORIGINAL = re.compile(
    r"(?:^|[\s(\[*>])(?:(?:this|the) (?:article|story|piece|report|essay|column|interview|text|feature|post|review|dispatch)"
    r"|it|reprinted[^.]{0,60})?[\s:,]*(?:was |has been |were )?(?:first|originally) "
    r"(?:published|appeared|printed|posted|broadcast|carried)\b(?P<rest>[^|.]{0,90})$",
    re.IGNORECASE,
)
_PUBLISHED = re.compile(
    r"(?<![\w-])(?:published|publ|posted|post date|publication date|date published|date of (?:first )?publication|pub ?date|date|dated"
    r"|sent|filed|filed at|issued|issue of|the issue of|issue dated|issue|edition of|for (?:immediate )?release"
    r"|online|online since|created|transmitted|broadcast|aired|first aired|first published|first posted"
    r"|veröffentlicht|erschienen|erstellt|publiziert|datum|publié|publiée|paru|parue|publicado|publicada|fecha|data|pubblicato"
    r"|gepubliceerd|geplaatst)(?: online)?(?: by [^|.:;\d]{3,60}(?= on\b))?[\s.:–—-]*"
    r"(?:\b(?:on|at|am|le|el|il|op|em|the|from|since|vom|den|in print)\b[\s:]*){0,2}$",
    re.IGNORECASE,
)
_GENERAL = re.compile(r"(?:date|data|datum|fecha|online|created|issue)\b", re.IGNORECASE)
"""Labels that mean the day of publication only where no word stands before them."""
_UPDATE_BEHIND = re.compile(r"\W{0,3}(?:updated?|correct(?:ion|ed))\W*", re.IGNORECASE)
_AGAIN = re.compile(r"\b(?:re-?published|reprinted|re-?posted|reissued|re-?run)\b[^|]{0,24}$", re.IGNORECASE)
_UPDATED = re.compile(
    r"\b(?:updated?|upd|modified|changed?|changes|amended|revised|revision|edited|correct(?:ed|ion)|reviewed|refreshed"
    r"|new version|version of|aktualisiert|geändert|stand|mis à jour|modifiée?|actualizad[oa]|modificad[oa]|bijgewerkt|gewijzigd|aggiornato"
    r"|modificato)\b[^|]{0,24}$",
    re.IGNORECASE,
)
_NO_DATE_OF_TEXT = re.compile(
    r"\b(?:today|now|tomorrow|tonight|when|where|starts?|begins?|ends?|until|till|by the end|deadline|next|since|born|birth|died|death"
    r"|joined|founded|established|copyright|page served|served|generated|rendered|printed|print(?:s|ed)? on|in print|retrieved|accessed"
    r"|captured|scann?ed|saved|archived|digitised|digitized|taken|photo(?:graph)?(?:ed)?|picture|image|comments?|reply|replies|said|wrote|expires?"
    r"|valid|visit(?:ed)?|event|concert|festival|meeting|fair|match|kick-off|opens?|opening|closes?|court|hearing|conference|weather"
    r"|forecast|subscribe|last login|member|period|from|between|week of|e-paper|heute|aujourd'hui|hoy|cached|downloaded|crawled|snapshot)\b"
    r"|©|\(c\)",
    re.IGNORECASE,
)
_LIGHT = frozenset(
    "by from our correspondent correspondents staff writer writers reporter reporters special own and in for of the at on words text report"
    " reported reporting min mins minute minutes read reading time von und par et por para van door en di da de del la le el der die das"
    " a an am pm a.m p.m uhr utc gmt est edt cet news desk page no vol number issue edition update h".split()
)
_CLOCK = re.compile(r"\b\d{1,2}[:.h]\d\d(?::\d\d)?(?: ?[ap]\.?m\b\.?)?(?: ?(?:uhr|utc|gmt|e[sd]t|cest|cet|bst)\b)?", re.IGNORECASE)
_RANGE_BEFORE = re.compile(r"(?:\d{1,2}(?:st|nd|rd|th|\.)?|\b(?:to|till|until|through|bis))\s*[-–—]?\s*$", re.IGNORECASE)
_RANGE_AFTER = re.compile(r"\s*(?:[-–—]|to|till|until|through|bis)\s*\d{1,2}\b", re.IGNORECASE)
_OWN_SENTENCE = re.compile(r"\s*(?:$|[.|;:)\]/,·•–—\n-]|at\b|by\b|in\b|on\b|and\b|\(|updated|last|um\b|à\b|\d)", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Stamp:
    """A date that a line gives of the text itself."""

    kind: Kind
    date: str


def read_stamps(line: str, *, order: Order | None = None, year: int | None = None, label: str = "") -> list[Stamp]:
    """The dates that `line` gives of the text itself.

    Args:
        line: one line or short paragraph.
        order: how the page writes 3/4/2025, where that is known.
        year: the year of publication where the page tells it apart; without it, a day without a year is none.
        label: the line before, where it is a bare label such as "First published:".
    """
    if len(line) > LONGEST:
        return []
    dates = find_dates(line, order=order)
    stamps: list[Stamp] = []
    end = 0
    for number, written in enumerate(dates):
        following = dates[number + 1].start if number + 1 < len(dates) else len(line)
        lead, trail = line[end : written.start], line[written.end : following]
        end = written.end
        kind = _kind(f"{label} {lead}" if label and not number else lead, trail, rest=line, dates=dates)
        value = written.value or _with_year(written, year)
        if kind and value and not (_RANGE_BEFORE.search(lead) or _RANGE_AFTER.match(trail)):
            stamps.append(Stamp(kind, value))
    return stamps


def has_label(line: str) -> bool:
    """Whether `line` is a bare label of a date: "Published", "Last updated:"."""
    words = line.rstrip(": ")
    return (
        len(words) <= _LONGEST_LABEL
        and len(words.split()) <= 4
        and (bool(_PUBLISHED.fullmatch(words)) or bool(_UPDATED.search(words)) or bool(_ORIGINAL.search(words)))
    )


def is_light(words: str) -> bool:
    """Whether `words` are only such as stand around a date: "4 min read", "Uhr", "by"."""
    return all(word.strip(".,").lower() in _LIGHT or word.strip(".,").isdigit() for word in words.split())


def without_dates(line: str, *, order: Order | None = None) -> list[str]:
    """The parts of `line` between its dates, times and separators; none of a long one."""
    if len(line) > LONGEST:
        return []
    for written in reversed(find_dates(line, order=order)):
        line = f"{line[: written.start]} | {line[written.end :]}"
    return [part for raw in _SEPARATOR.split(_CLOCK.sub(" | ", line)) if (part := raw.strip(" ,.:;-–—|/()[]"))]


def _kind(lead: str, trail: str, *, rest: str, dates: list[Written]) -> Kind | None:
    lead = _CLOCK.sub("", lead)
    if (original := _ORIGINAL.search(lead)) and "version of" not in lead.lower():
        return "original" if original["rest"].strip(" :–—-") not in {"", "on", "at", "online", "online on"} else "published"
    part = _SEPARATOR.split(lead.rstrip(" ,|·•/;(["))[-1].strip(" ,(")
    before = part or lead.strip(" ,|·•/;([")
    if _AGAIN.search(before):
        return None
    if _UPDATED.search(before) or (not before and rest.endswith(trail) and _UPDATE_BEHIND.fullmatch(trail)):
        return "updated"
    if (label := _PUBLISHED.search(before)) and _is_names(before[: label.start()]) and _OWN_SENTENCE.match(trail):
        return None if label.start() and _GENERAL.match(label[0]) else "published"
    return "plain" if _is_light(rest, dates) else None


def _is_light(line: str, dates: list[Written]) -> bool:
    """Whether `line` holds little besides its dates: names, times, "by", "4 min read"."""
    parts = [line]
    for written in reversed(dates):
        parts[0] = f"{parts[0][: written.start]} {parts[0][written.end :]}"
    rest = _CLOCK.sub(" ", parts[0])
    if _NO_DATE_OF_TEXT.search(rest):
        return False
    words = [word.strip(" ,.:;-–—|/()[]#*'’\"•·") for word in rest.split()]
    words = [word for word in words if word]
    return len(words) <= _MOST_WORDS and all(word.lower() in _LIGHT or not word[0].islower() for word in words)


def _is_names(words: str) -> bool:
    """Whether what stands before a label is nothing, or names only."""
    return all(word.lower() in _LIGHT or not word[0].islower() for word in words.split()) and len(words.split()) <= 6


def _with_year(written: Written, year: int | None) -> str | None:
    """A day without a year in `year`, unless its weekday says that it is another year's."""
    from datetime import date

    if written.yearless is None or year is None:
        return None
    day = day_of(year, *written.yearless)
    return day if day and (written.weekday is None or date.fromisoformat(day).weekday() == written.weekday) else None
