"""Numbers in a text with their unit and scale, however they are spelled: "2,400", "twenty-four hundred", "half an hour", "dozens".

English, by patterns; dates are not numbers (see `dated`). Whether numbers bear out others is in `reckoning`.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Callable, Iterator, Sequence
from typing import NamedTuple

from rag.facts.number_words import DIGITS, SCALE, WORDS, value_of
from rag.facts.units import ABBREVIATED, measure

_HEDGES = {
    "about": "about around roughly some approximately circa close.to an.estimated an.average.of approaching in.the.region.of "
    "something.like in.the.order.of more.or.less",
    "over": "more.than over at.least above exceeding well.over just.over upwards.of as.many.as no.fewer.than no.less.than "
    "in.excess.of slightly.over slightly.more.than a.little.over a.little.more.than a.good north.of beyond longer.than older.than "
    "higher.than "
    "greater.than taller.than better.than",
    "under": "less.than fewer.than under nearly almost up.to below at.most no.more.than just.under well.under not.quite "
    "just.short.of short.of shy.of just.shy.of slightly.under slightly.less.than a.little.under a.little.less.than close.on within "
    "lower.than "
    "shorter.than younger.than smaller.than",
}
_HEDGE = {words.replace(".", " "): kind for kind, several in _HEDGES.items() for words in several.split()}
_BEFORE = re.compile(rf"\b({'|'.join(sorted(map(re.escape, _HEDGE), key=len, reverse=True))})(?: (?:the|a|an))? ?$", re.I)
_LONGEST_HEDGE = 40
"""Letters before a number in which its hedge stands."""
_AFTER = re.compile(r"^(?:-odd\b|[\w% -]{0,24}? (?:or so|or more|or less|or longer)\b)", re.I)
_NUMBER = re.compile(
    rf"(?<![\w.,])(?:(?P<money>(?:US|A|C|NZ|HK|R)?[$€£¥₹₽₺₦₪] ?|(?:EUR|USD|GBP|CHF) ?)?"
    rf"(?P<digits>{DIGITS})(?:[ -]?(?P<scale>{SCALE}))?(?![.,:]\d)(?:(?!\w)|(?={ABBREVIATED}))"
    rf"|\b(?P<words>{WORDS})\b)"
    rf"|(?<=\d[-–])(?P<second>{DIGITS})(?![\w])",
    re.I,
)
_SYMBOLS = {"₹": "rupee", "₽": "rouble", "₺": "lira", "₦": "naira", "₪": "shekel", "EUR": "€", "USD": "$", "GBP": "£", "CHF": "franc"}
_ORDINALS = (
    "zeroth first second third fourth fifth sixth seventh eighth ninth tenth eleventh twelfth thirteenth fourteenth fifteenth sixteenth "
    "seventeenth eighteenth nineteenth twentieth"
).split()
_ORDINAL = re.compile(
    rf"(?<![-\w])(?:(?P<word>{'|'.join(_ORDINALS[2:])})(?! (?:half|week of)\b)|(?P<number>\d{{1,3}})(?:st|nd|rd|th))\b", re.I
)
_TOPS = {"one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9}
_BOTTOMS = {
    "third": 3, "quarter": 4, "fifth": 5, "sixth": 6, "seventh": 7, "eighth": 8, "ninth": 9, "tenth": 10, "hundredth": 100,
}  # fmt: skip
_FRACTION = re.compile(
    rf"\b(?:(?P<half>half)|(?P<top>a|{'|'.join(_TOPS)})[ -](?P<bottom>{'|'.join(_BOTTOMS)})s?"
    rf"|(?P<some>{WORDS}|\d+) (?:in|out of) (?:every |the (?:last )?|its (?:last )?)?(?P<all>{WORDS}|\d+))\b",
    re.I,
)
_OF_PERCENT = re.compile(r" (?:of )?(?:one|an?) (?:per ?cent|(?:percentage[ -])?point)\b", re.I)
_TIMES = {
    "twice": 2, "double": 2, "doubled": 2, "doubling": 2, "doubles": 2, "twofold": 2, "triple": 3, "tripled": 3, "trebled": 3, "thrice": 3,
    "threefold": 3, "quadrupled": 4, "fourfold": 4, "fivefold": 5, "sixfold": 6,
    "sevenfold": 7, "eightfold": 8, "ninefold": 9, "tenfold": 10, "hundredfold": 100, "quadruple": 4, "quintupled": 5, "halved": 0.5,
    "halving": 0.5, "halves": 0.5,
}  # fmt: skip
_TIMES_WORD = re.compile(rf"\b(?:{'|'.join(_TIMES)})\b", re.I)
_CLOCK = re.compile(
    r"\b(?P<noon>noon|midday|midnight)\b|\b(?P<hour>\d{1,2})(?:[:.](?P<minute>\d\d))?(?: ?(?P<half>[ap])\.?m\b\.?)"
    r"|\b(?P<hour24>\d{1,2}):(?P<minute24>\d\d)\b(?!:)"
    rf"|\b(?P<past>half past |(?:a )?quarter (?:past|to) )?(?P<spelt>\d{{1,2}}|{WORDS})"
    r"(?: o[’']clock\b(?: (?:in the|at) (?P<when>morning|afternoon|evening|night))?"
    r"| (?:in the|at) (?P<when2>morning|afternoon|evening|night)\b)"
    rf"|\b(?P<past2>half past |(?:a )?quarter (?:past|to) )(?P<spelt2>\d{{1,2}}|{WORDS})\b(?!,?\d)",
    re.I,
)
_CLOCK_HEDGES = (
    ("under", re.compile(r"\b(?:before|by|until|nearly|almost|towards?) $", re.I)),
    ("over", re.compile(r"\b(?:after|past|since|from) $", re.I)),
    ("about", re.compile(r"\b(?:about|around|roughly|some time near|close to) $", re.I)),
)
_PAST = {"half past": 30, "quarter past": 15, "quarter to": -15}
_LATE = ("afternoon", "evening", "night")
_SOME = r"(?:several|a few|many|some|a couple of)"
_VAGUE = (
    (rf"{_SOME} dozen|dozens|scores", 20, 250),
    ("a couple of hundred", 150, 260),
    ("tens of thousands", 15_000, 120_000),
    ("hundreds of thousands", 120_000, 1_200_000),
    (rf"{_SOME} hundred|hundreds", 150, 3000),
    (rf"{_SOME} thousand|thousands", 1000, 200_000),
    ("tens of millions", 15e6, 120e6),
    (rf"{_SOME} million|millions", 1e6, 1e9),
    (rf"{_SOME} billion|billions", 1e9, 1e12),
)
_VAGUE_WORD = re.compile("|".join(rf"\b(?P<v{place}>{words})\b" for place, (words, _, _) in enumerate(_VAGUE)), re.I)
_RANGE = re.compile(r" ?(?:to|and|or|-|–) ?")
_SPELT = r"(?P<unit>year|month|week|fortnight|day|hour|minute|decade|century|kilomet(?:re|er)|met(?:re|er)|mile|tonne|ton)"
_ONE_OF = re.compile(
    rf"(?<!miles )(?<!met[re][re]s )\b(?:(?P<part>half|(?:a )?quarter of|three[- ]quarters of) )?an? {_SPELT}\b(?P<half> and a half\b)?",
    re.I,
)
_PARTS_OF = {"half": 0.5, "quarter of": 0.25, "a quarter of": 0.25, "three quarters of": 0.75, "three-quarters of": 0.75}
_HALVES = re.compile(rf"\b(?P<whole>{WORDS}|\d+) and a half(?=[ -])(?! (?:million|billion|thousand)\b)", re.I)


class Quantity(NamedTuple):
    """A number with what it counts, as far as that is a measure."""

    text: str
    """As it stands."""
    value: float
    unit: str
    """"%", "$", "year", "km", "ordinal", "clock", "times", "share", …; empty for a plain count."""
    hedge: str = ""
    """"about", "over" or "under"; empty where it is exact."""
    start: int = -1
    """-1 for what the text does not give as a number."""
    least: float = 0.0
    most: float = 0.0
    """Of a vague one, such as "dozens"."""


def quantities(text: str) -> list[Quantity]:
    """The numbers of a text, in order; dates must have been blanked."""
    found: list[Quantity] = []
    for finder in _FINDERS:
        for one in finder(text):
            if one.text.strip():
                found.append(one)
                text = text[: one.start] + " " * len(one.text) + text[one.start + len(one.text) :]
    return list(_shared_units(sorted(found, key=lambda one: one.start), text))


def _spans(text: str) -> Iterator[Quantity]:
    """The parts of a time that was taken: "2:07:41"."""
    for match in re.finditer(r"\b(\d{1,2}):(\d\d):(\d\d)\b", text):
        for part, unit in ((1, "hour"), (2, "minute"), (3, "second")):
            yield Quantity(match[part], float(match[part]), unit, "", match.start(part))


def _clocks(text: str) -> Iterator[Quantity]:
    """Times of the day in minutes; without a half of the day they are before noon."""
    for match in _CLOCK.finditer(text):
        if match["noon"]:
            noon = 0.0 if match["noon"].lower() == "midnight" else 720.0
            yield Quantity(match.group(), noon, "clock", _clock_hedge(text, match), match.start())
            continue
        hour = value_of(match["hour"] or match["spelt"] or match["spelt2"] or match["hour24"]) or 0.0
        past = (match["past"] or match["past2"] or "").lower().strip().removeprefix("a ")
        minute = int(match["minute"] or match["minute24"] or 0) + _PAST.get(past, 0)
        late = (match["half"] or "").lower() == "p" or (match["when"] or match["when2"] or "").lower() in _LATE
        if hour < 25 and minute < 60:
            minutes = (hour + 12 * (late and hour < 12)) * 60 + minute
            yield Quantity(match.group(), minutes, "clock", _clock_hedge(text, match), match.start())


def _clock_hedge(text: str, match: re.Match[str]) -> str:
    before = text[max(0, match.start() - _LONGEST_HEDGE) : match.start()]
    return next((hedge for hedge, words in _CLOCK_HEDGES if words.search(before)), "")


def _whole_units(text: str) -> Iterator[Quantity]:
    """One of a unit: "a year", "half an hour", "a year and a half"."""
    for match in _ONE_OF.finditer(text):
        value = _PARTS_OF[match["part"].lower()] if match["part"] else 1.5 if match["half"] else 1.0
        yield Quantity(match.group(), value, measure(match["unit"]), _hedged(text, match), match.start())


def _and_halves(text: str) -> Iterator[Quantity]:
    """Halves more: "two and a half years"; "two and a half million" is found with the other numbers."""
    for match in _HALVES.finditer(text):
        scale = value_of(re.split(r"[ -]", match["whole"])[-1]) or 0.0
        value = (value_of(match["whole"]) or 0.0) + 0.5 * (scale if scale >= 100 else 1)
        yield Quantity(match.group(), value, measure(text[match.end() :]), _hedged(text, match), match.start())


def _fractions(text: str) -> Iterator[Quantity]:
    for match in _FRACTION.finditer(text):
        of_scale = re.match(r" (?:a|an) (?:million|billion|dozen|hundred|thousand)\b", text[match.end() :], re.I)
        if of_scale or re.search(r"\b(?:and a|first|second|other) $", text[: match.start()], re.I):
            continue
        if match["half"]:
            share = 0.5
        elif match["top"]:
            share = _TOPS.get(match["top"].lower(), 1) / _BOTTOMS[match["bottom"].lower()]
        else:
            some, every = (value_of(match[name]) for name in ("some", "all"))
            if not some or not every or some >= every:
                continue
            share = some / every
        behind = _OF_PERCENT.match(text, match.end())
        unit, words = ("%", text[match.start() : behind.end()]) if behind else ("share", match.group())
        yield Quantity(words, share, unit, _hedged(text, match), match.start())


def _ordinals(text: str) -> Iterator[Quantity]:
    for match in _ORDINAL.finditer(text):
        value = int(match["number"]) if match["number"] else _ORDINALS.index(match["word"].lower())
        yield Quantity(match.group(), value, "ordinal", "", match.start())


def _vague(text: str) -> Iterator[Quantity]:
    for match in _VAGUE_WORD.finditer(text):
        _, least, most = _VAGUE[int(str(match.lastgroup)[1:])]
        yield Quantity(match.group(), 0.0, "", "", match.start(), least, most)


def _times(text: str) -> Iterator[Quantity]:
    for match in _TIMES_WORD.finditer(text):
        value = _TIMES[match.group().lower()]
        yield Quantity(match.group(), value, "share" if value < 1 else "times", _hedged(text, match), match.start())


def _numbers(text: str) -> Iterator[Quantity]:
    for match in _NUMBER.finditer(text):
        value = value_of(match["words"] or f"{match['digits'] or match['second']} {match['scale'] or ''}")
        money = (match["money"] or "").strip().upper()
        unit = _SYMBOLS.get(money, money[-1:]) or measure(text[match.end() :]) or ("year" if _is_age(text, match) else "")
        if value is not None:
            yield Quantity(match.group(), value, unit, _hedged(text, match), match.start())


_FINDERS: tuple[Callable[[str], Iterator[Quantity]], ...] = (
    _spans, _clocks, _whole_units, _and_halves, _fractions, _ordinals, _vague, _times, _numbers,
)  # fmt: skip


def _is_age(text: str, match: re.Match[str]) -> bool:
    """Whether a number says how old somebody is: "aged 12", "Ines Calloway, 34, …"."""
    before, behind = text[: match.start()], text[match.end() :]
    return bool(re.search(r"\baged? $", before) or (re.search(r"[^\W\d](?:, | \()$", before) and re.match(r",(?! \d)|\)", behind)))


def _hedged(text: str, match: re.Match[str]) -> str:
    before = _BEFORE.search(text[max(0, match.start() - _LONGEST_HEDGE) : match.start()])
    return _HEDGE[before[1].lower()] if before else "about" if _AFTER.match(text[match.end() :]) else ""


def _shared_units(ordered: Sequence[Quantity], text: str) -> Iterator[Quantity]:
    """The quantities, where the first of a range takes the unit and the scale of the second: "between 5 and 10 million crowns"."""
    for one, after in itertools.zip_longest(ordered, ordered[1:]):
        between = text[one.start + len(one.text) : after.start] if after else ""
        if not after or after.unit in ("ordinal", "clock", "share") or not _RANGE.fullmatch(between):
            yield one
            continue
        scale = after.value / (value_of(re.split(r"[ -]", after.text)[0]) or after.value or 1)
        is_short = one.value < after.value and one.value < 1000 <= scale and not re.search(SCALE, one.text, re.I)
        yield one._replace(unit=one.unit or after.unit, value=one.value * scale if is_short else one.value)
