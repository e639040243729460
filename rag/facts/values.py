"""Values in a sentence: dates, durations, numbers with their unit, and names, each with its place.

By patterns, in English. A value is cut from the sentence as it stands; `key` is a form in which equal values are equal.

>>> [value.text for value in dates("They left in August 2022, having come in 2013.")]
['August 2022', '2013']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_MONTH = (
    r"(?:January|February|March|April|May|June|July|August|September|October|November|December|"
    r"Jan|Feb|Mar|Apr|Jun|Jul|Aug|Sept?|Oct|Nov|Dec)\.?"
)
_YEAR = r"(?:19|20)\d\d"
_PART = r"(?:the )?(?:early|late|mid|(?:end|beginning|start|middle|spring|summer|autumn|winter) of)[ -]"
_DATE = re.compile(
    rf"(?<!\d[.,])(?:\b\d{{4}}-\d\d-\d\d\b|\b\d{{1,2}}(?:st|nd|rd|th)? (?:of )?{_MONTH},? {_YEAR}\b"
    rf"|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?,? {_YEAR}\b|\b{_MONTH},? {_YEAR}\b"
    rf"|\b(?:{_PART})?{_YEAR}\b"
    rf"|\b\d{{1,2}}(?:st|nd|rd|th)? {_MONTH}\b|\b{_MONTH} \d{{1,2}}(?:st|nd|rd|th)?\b(?! per ?cent))"
)
_ONES = (
    r"(?:one|two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|thirteen|fourteen|fifteen|sixteen|seventeen|eighteen|nineteen|"
    r"twenty|thirty|forty|fifty|sixty|seventy|eighty|ninety|hundred|thousand|million|billion|dozen)"
)
_DIGITS = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_NUMBER = rf"(?:(?:{_DIGITS})(?:[ -](?:hundred|thousand|million|billion|trillion|bn|m))?|{_ONES}(?:[ -](?:and[ -])?{_ONES})*)"
_HEDGE = (
    r"(?:(?:more|less|fewer) than|over|under|nearly|almost|about|around|roughly|some|at least|at most|up to|approximately|an estimated|"
    r"just over|just under)"
)
_UNIT = r"(?:year|month|week|day|hour|minute|decade)s?"
_DURATION = re.compile(rf"\b(?:{_HEDGE} )?(?:{_NUMBER}|a|an|several|a few)(?:[ -]and[ -]a[ -]half)?[ -]{_UNIT}(?: and a half)?\b", re.I)
_COUNT = re.compile(rf"(?<![\w.,$£€-])(?:{_HEDGE} )?[$£€]?(?:{_NUMBER})(?: ?(?:%|percent|per cent))?(?![\w-]|,\d)", re.I)
_DENOMINATORS = {
    "half": 2, "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10,
}  # fmt: skip
_SHARE = "|".join(_DENOMINATORS)
_FRACTION = re.compile(
    rf"\b(?:{_HEDGE} )?(?:(?P<parts>{_ONES})[ -](?P<whole>{_SHARE})s|(?:(?:an? |one[ -])?(?P<one>{_SHARE})(?= of\b(?! an hour))"
    rf"|(?P<half>half)(?= (?:the|its|their|his|her|all|an?)\b)))"
    rf"|\b(?P<some>{_ONES}|\d{{1,3}}) (?:out of|(?<=one )in) (?:every )?(?P<every>{_ONES}|\d{{1,3}})\b",
    re.I,
)
_UPPER = r"[A-ZÀ-Þ][\w’'.&-]*[\w’']|[A-ZÀ-Þ]"
_BODY = r"(?:Cent(?:er|re)|Institute|Office|Agency|Council|Committee|Fund|Programme|Program|Foundation|Mission|Ministry|School)"
_RUN = rf"(?:{_UPPER})(?: (?:(?:of|of the|de|du|al|el|ag|bin) )?(?:{_UPPER}))*"
_NAME = re.compile(rf"(?:{_RUN} )?{_BODY} for (?:the )?{_RUN}(?: and {_RUN})?|{_RUN}")
_NOT_NAMES = frozenset(
    "The A An In On At By For From With This That These Those It Its He She They We I His Her Their Our But And Or If As After Before "
    "Since While When Where Who What Which Why How Despite Following During Under Over Last Next Both Most Some Many Several None Two "
    "Three Four Five Officials Analysts There Then Not No Yes According January February March April May June July August September "
    "October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Mr Mrs Ms Dr".split()
)
_WORDS = {
    word: number
    for number, word in enumerate(
        (
            "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
            "nineteen"
        ).split()
    )
} | {
    "twenty": 20,
    "thirty": 30,
    "forty": 40,
    "fifty": 50,
    "sixty": 60,
    "seventy": 70,
    "eighty": 80,
    "ninety": 90,
    "a": 1,
    "an": 1,
    "dozen": 12,
}
_SCALES = {
    "hundred": 100,
    "thousand": 1_000,
    "million": 1_000_000,
    "m": 1_000_000,
    "billion": 1_000_000_000,
    "bn": 1_000_000_000,
    "trillion": 10**12,
}


class Value(NamedTuple):
    """A piece of a sentence that could answer a question."""

    text: str
    start: int
    end: int
    key: str
    """Equal for values that say the same."""


def dates(sentence: str) -> list[Value]:
    """Days, months and years, with "late" or "end of" before them."""
    return [_value(match, match.group().lower().replace(",", "").removeprefix("the ")) for match in _DATE.finditer(sentence)]


def durations(sentence: str) -> list[Value]:
    """Lengths of time, such as "nearly three years"."""
    return [_value(match, re.sub(r"[\s-]+", " ", match.group().lower())) for match in _DURATION.finditer(sentence)]


def numbers(sentence: str) -> list[Value]:
    """Counts, amounts and shares; dates and lengths of time are not among them."""
    shares = [_value(match, _share_key(match)) for match in _FRACTION.finditer(sentence)]
    taken = [(value.start, value.end) for value in (*dates(sentence), *durations(sentence), *shares)]
    found = (match for match in _COUNT.finditer(sentence) if not any(start < match.end() and match.start() < end for start, end in taken))
    counts = [_value(match, number_key(match.group())) for match in found if match.group().strip().lower() not in ("one", "a", "an")]
    return sorted([*shares, *counts], key=lambda value: value.start)


def _share_key(match: re.Match[str]) -> str:
    """A share in per cent: "four fifths" and "80 per cent" are equal."""
    named = match["whole"] or match["one"] or match["half"]
    if named:
        part, whole = float(number_key(match["parts"])) if match["parts"] else 1.0, float(_DENOMINATORS[named.lower()])
    else:
        part, whole = float(number_key(match["some"])), float(number_key(match["every"]))
    return f"{100 * part / whole:.6g}%" if whole else match.group().lower()


def names(sentence: str) -> list[Value]:
    """Runs of capitalised words; a word that is only capitalised for opening the sentence is left out if it is a common one."""
    return list(_names(sentence))


def _names(sentence: str) -> Iterator[Value]:
    for match in _NAME.finditer(sentence):
        text, start = match.group(), match.start()
        while text and text.split(" ")[0] in _NOT_NAMES:
            first = text.split(" ")[0]
            start += len(first) + 1
            text = text[len(first) + 1 :]
        text = re.sub(r"['’]s?$", "", text)
        if text and text[0].isupper():
            yield Value(text, start, start + len(text), text.lower())


def number_key(text: str) -> str:
    """A number's value as a decimal string, whatever its spelling: "2,400", "two thousand", "1.5 million"."""
    total, current = 0.0, 0.0
    for word in re.findall(r"[\d,]*\.?\d+|[a-z]+", text.lower().replace(",", "")):
        if word in _SCALES:
            current = max(current, 1) * _SCALES[word]
            if _SCALES[word] >= 1000:
                total, current = total + current, 0.0
        elif word in _WORDS:
            current += _WORDS[word]
        elif word[0].isdigit() or word[0] == ".":
            current += float(word)
    return f"{total + current:.15g}" + ("%" if "%" in text or "cent" in text.lower() else "")


def _value(match: re.Match[str], key: str) -> Value:
    return Value(match.group(), match.start(), match.end(), key)
