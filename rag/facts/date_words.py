"""Words for a date, and what is known of it: year, month, day, weekday, season or part, decade. English, by patterns.

>>> [(one.text, one.year, one.month, one.day) for one in days("On 4 March 2024, or in May")]
[('4 March 2024', 2024, 3, 4), ('May', None, 5, None)]
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace

MONTHS = "january february march april may june july august september october november december".split()
_WEEKDAYS = "monday tuesday wednesday thursday friday saturday sunday".split()
_SEASONS = {"spring": (3, 4, 5), "summer": (6, 7, 8), "autumn": (9, 10, 11), "fall": (9, 10, 11), "winter": (12, 1, 2)}
_QUARTERS = {
    f"{name} quarter": (first, first + 1, first + 2) for name, first in {"first": 1, "second": 4, "third": 7, "fourth": 10}.items()
}
MONTHS_OF = {**_SEASONS, **_QUARTERS}
"""The months of a season or a quarter."""
_FEASTS = {
    "new year's eve": (12, 31), "new year's day": (1, 1), "christmas eve": (12, 24), "christmas day": (12, 25), "christmas": (12, 25),
    "boxing day": (12, 26), "st stephen's day": (12, 26), "epiphany": (1, 6), "valentine's day": (2, 14), "st patrick's day": (3, 17),
    "may day": (5, 1), "halloween": (10, 31), "all saints' day": (11, 1), "armistice day": (11, 11), "leap day": (2, 29),
}  # fmt: skip
_FEAST = "|".join(_FEASTS).replace("'", "[’']")
PARTS = {"early": (1, 4), "beginning": (1, 4), "start": (1, 4), "mid": (4, 9), "middle": (4, 9), "late": (9, 12), "end": (9, 12)}
"""The first and the last month of a part of a year."""
_YEAR = r"(?P<{0}>1[5-9]\d\d|2[01]\d\d)"
_MONTH = (
    r"(?P<{0}>January|February|March|April|May|June|July|August|September|October|November|December"
    r"|(?:Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\b\.?)"
)
_DAY = r"(?P<{0}>[12]\d|3[01]|0?[1-9])(?:st|nd|rd|th)?"
_NTH = "first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth".split()
_CENTURIES = "tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth seventeenth eighteenth nineteenth twentieth".split()
_PART = r"(?:(?:the )?(?P<{0}>early|late|mid|(?:end|beginning|start|middle)(?= of))(?: of)?[ -])?"
_SEASON = r"(?P<{0}>[Ss]pring|[Ss]ummer|[Aa]utumn|[Ww]inter)"
_PATTERNS = [
    r"\b(?P<iso>\d{4}-\d\d-\d\d)\b",
    r"\b(?P<numeric>\d{1,2}[./]\d{1,2}[./](?:\d{4}|\d\d))\b",
    rf"\b(?:(?P<century>\d\d)(?:st|nd|rd|th)|(?P<spelt>{'|'.join(_CENTURIES)}))[ -]century\b",
    rf"\b{_DAY.format('d1')}(?:(?: and |, | to |[-–]){_DAY.format('d2')})? (?:of )?{_MONTH.format('m1')}(?:,? {_YEAR.format('y1')}\b)?",
    rf"\b{_MONTH.format('m2')} {_DAY.format('d3')}(?:(?: and | to |[-–]){_DAY.format('d4')})?\b(?! per| ?%|,\d)"
    rf"(?:,? {_YEAR.format('y2')}\b)?",
    rf"\b(?P<nth>{'|'.join(_NTH)}) of {_MONTH.format('m5')}(?:,? {_YEAR.format('y6')}\b)?",
    rf"\b{_PART.format('p1')}{_MONTH.format('m3')},? (?:of )?{_YEAR.format('y3')}\b",
    r"\b(?P<quarter>(?:first|second|third|fourth) quarter)\b(?! of an hour|[- ]finals?\b)"
    rf"(?:,? (?:of )?{_YEAR.format('y7')}\b)?",
    rf"\b(?P<feast>(?i:{_FEAST})\b)(?:,? (?:of )?{_YEAR.format('y8')}\b)?",
    rf"\b(?:{_SEASON.format('s1')} (?:of )?{_YEAR.format('y4')}|{_SEASON.format('s2')})\b",
    rf"\b{_PART.format('p2')}(?P<decade>(?:1[5-9]|20)\d0)[’']?s\b",
    rf"(?<![\d.,$€£]){_PART.format('p3')}\b{_YEAR.format('y5')}\b(?![.,]\d| (?:people|visitors|boats))",
    rf"(?<!\w){_PART.format('p4')}(?:{_MONTH.format('m4')})(?![\w’']|\.\w)",
    r"\b(?P<weekday>(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day|(?:MON|TUES|WEDNES|THURS|FRI|SATUR|SUN)DAY)(?:s\b)?",
    r"\b(?P<relative>(?i:(?:the day before )?yesterday|today|tonight|tomorrow|this (?:morning|afternoon|evening)"
    r"|(?:last|this|next|the previous|the new|the same|the following) (?:week|month|year|night)(?! of\b)))\b",
]
_DATE = re.compile("|".join(_PATTERNS))
_MAY = 5
_IN = re.compile(r"\b(?:in|since|until|by|from|of|to|before|after|last|next|this|early|late|mid) $", re.I)
"""What stands before May where it is the month, and not the verb."""
_ALIKE = {"the new year": "next year", "the following year": "next year", "the previous year": "last year", "tonight": "today"}


@dataclass(frozen=True, kw_only=True, slots=True)
class Day:
    """What is known of a date."""

    text: str
    start: int = 0
    year: int | None = None
    month: int | None = None
    day: int | None = None
    weekday: int | None = None
    """0 for Monday."""
    part: str = ""
    """A season, or "early", "late", … of the year or month."""
    decade: int | None = None
    century: int | None = None
    relative: str = ""
    """"last week", "today", …"""


def days(text: str) -> list[Day]:
    """The dates of a text, in order; one of two days is two."""
    return [one for match in _DATE.finditer(text) for one in _read(text, match)]


def without_days(text: str) -> str:
    """`text` with its dates blanked."""
    for one in days(text):
        text = text[: one.start] + " " * len(one.text) + text[one.start + len(one.text) :]
    return text


def _read(text: str, match: re.Match[str]) -> Iterator[Day]:
    got = {name: value for name, value in match.groupdict().items() if value}
    found = Day(text=match.group().strip(), start=match.start())
    if "century" in got:
        yield replace(found, century=int(got["century"]))
    elif "spelt" in got:
        yield replace(found, century=10 + _CENTURIES.index(got["spelt"]))
    elif "numeric" in got:
        yield from _numeric(found, got["numeric"])
    elif "iso" in got:
        year, month, day = map(int, got["iso"].split("-"))
        yield from [replace(found, year=year, month=month, day=day)] if 1 <= month <= 12 and 1 <= day <= 31 else []
    else:
        yield from _in_words(found, got, text[: match.start()])


def _in_words(found: Day, got: dict[str, str], before: str) -> Iterator[Day]:
    """The dates of a match whose month or year is named."""
    first = {name.rstrip("0123456789"): value for name, value in got.items()}
    feast = _FEASTS.get(got.get("feast", "").lower().replace("’", "'"), (None, None))
    month = _month(first["m"]) if "m" in first else feast[0]
    if month == _MAY and not first.keys() & {"d", "y"} and not _IN.search(before):
        return
    whole = replace(
        found, year=int(first["y"]) if "y" in first else None, month=month,
        part=(first.get("p") or first.get("s") or first.get("quarter") or "").lower(),
        decade=int(got["decade"]) if "decade" in got else None, relative=_relative(got.get("relative", "").lower()),
        weekday=_WEEKDAYS.index(got["weekday"].lower()) if "weekday" in got else None, day=feast[1],
    )  # fmt: skip
    numbers = (
        [_NTH.index(got["nth"]) + 1]
        if "nth" in got
        else [int(value) for name, value in got.items() if name[0] == "d" and name[1:].isdigit()]
    )
    yield from [replace(whole, day=number) for number in numbers] or [whole]


def _relative(words: str) -> str:
    return "today" if words.startswith("this ") and words.endswith(("ing", "noon")) else _ALIKE.get(words, words)


def _numeric(found: Day, words: str) -> Iterator[Day]:
    """A date in digits, with the day or the month first."""
    one, other, year = map(int, re.split(r"[./]", words))
    for day, month in dict.fromkeys([(one, other), (other, one)]):
        if 1 <= day <= 31 and 1 <= month <= 12:
            yield replace(found, year=year if year > 99 else 2000 + year, month=month, day=day)


def _month(word: str) -> int:
    return next(number for number, name in enumerate(MONTHS, start=1) if name.startswith(word.lower()[:3]))
