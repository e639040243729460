"""Whether the numbers of a text bear out those of a claim: the same, near enough for what the claim says of them, or what they come to.

"About two thousand" is borne out by 2,040, "more than 80,000" by 84,000, "half" by 50 % or by 24 of 48, "four remain" by three of
seven that went. What the evidence only leaves room for is not borne out. Sums, differences and products count only where a word near
the numbers speaks of one ("in all", "left", "each"): else too many wrong numbers would be the difference of two right ones.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence
from decimal import Decimal

from rag.facts.amounts import Quantity
from rag.facts.cues import AGAIN, AND_ONE, BEFORE, DIFFERENCE, MEAN, MORE, OFTEN, SUM, TIMES
from rag.facts.number_words import WORDS
from rag.facts.units import converted, is_alike, is_time

_NEAR = {"about": (0.88, 1.12), "over": (0.999, 1.5), "under": (0.65, 1.001)}
"""What a number with such words before it may be times, at least and at most."""
_ROUND = 1e-9
_SHARE = 0.007
"""How far a share may lie from the fraction or the percentage that it is said to be."""
_SHARE_OFF = 0.12
"""How far "nearly half" and "over a third" may lie from it, as a share of it."""
_RATIO = 0.012
"""How far what two numbers come to may lie from a share that is said of them, as a share of it."""
_SHARES = ("share", "times", "%")
_UNIT = r"(?:year|month|week|fortnight|day|hour|minute|decade|century|\w*met(?:re|er)|mile|tonne|ton)"
_ONE = re.compile(rf"(?:one|an?)(?: {_UNIT})?", re.I)
_COUNTED = {
    "pair": 2, "couple": 2, "both": 2, "twin": 2, "twins": 2, "duo": 2, "either": 2, "neither": 2, "parents": 2, "brace": 2, "silver": 2,
    "runner-up": 2, "trio": 3, "triplets": 3, "hat-trick": 3, "bronze": 3, "quartet": 4, "quintet": 5, "single": 1, "sole": 1, "only": 1,
    "lone": 1, "no": 0, "none": 0, "nobody": 0, "ii": 2, "iii": 3, "iv": 4, "vi": 6, "vii": 7, "viii": 8, "ix": 9,
}  # fmt: skip
_SPANS = {"quarter": 3.0, "half": 6.0}
_SPAN = re.compile(r"\b(?:first|second|third|fourth|last|final|this|next|past)[- ](quarter|half)\b", re.I)
_MOST_LISTED = 12
_MOST_RECKONED = 40
"""Numbers of the evidence; of more, two come to anything."""
_NUMBER = re.compile(rf"\d|\b{WORDS}\b", re.I)
_HOUR = 60
_DAY = 24 * _HOUR
"""Minutes."""
_REACH = 40
"""Code points on each side of a number within which a word for what is reckoned stands."""
_PARTS_APART = 15
"""Code points between the parts of one measure: "two hours and ten minutes"."""


def lacking(claim: Sequence[Quantity], evidence: Sequence[Quantity], *, said: str, given: str) -> list[str]:
    """Those of a claim that the evidence does not bear out; "one" and "a week" are not looked for.

    Args:
        claim: the numbers of the claim.
        evidence: what the evidence gives.
        said: the claim itself.
        given: the evidence itself.
    """
    known = [reading for one in (*evidence, *_joined(evidence)) for reading in _readings(one)]
    wanted = [one for one in claim if not _ONE.fullmatch(one.text.strip())]
    joined = [one for one in _joined(claim) if _borne_out(one, known, said, given)]
    return [
        one.text.strip()
        for one in wanted
        if not any(_borne_out(reading, known, said, given) for reading in _readings(one))
        and not any(whole.start <= one.start < whole.start + len(whole.text) for whole in joined)
    ]


def counted(text: str) -> list[Quantity]:
    """Numbers that a text gives without naming them: "both" is 2, "a pass, an airport and a railway" are 3."""
    words = ((match.group().lower(), match.start()) for match in re.finditer(r"[a-z]+(?:-trick|-up)?", text, re.I))
    found = [Quantity(word, _COUNTED[word], "", "", start) for word, start in words if word in _COUNTED]
    found += [Quantity(match.group(), _SPANS[match[1].lower()], "month", "", match.start()) for match in _SPAN.finditer(text)]
    for one in re.finditer(r"[^,.;:]+(?:, (?!and\b)[^,.;:]+)*,? and [^,.;:]+", text):
        listed = re.split(r", (?:and )?| and ", one.group())
        items = 2 if any(_NUMBER.search(item) for item in listed) else len(listed)
        found += [Quantity("listed", number, "listed") for number in range(2, min(items, _MOST_LISTED) + 1)]
    return found


def _readings(one: Quantity) -> Iterator[Quantity]:
    """A number, and what else it may mean: "8.41 m" metres, "a third" one that comes after two."""
    yield one
    if not one.unit and re.search(r"\d ?m$", one.text):
        yield one._replace(value=one.value / 1e6, unit="m")
    if one.unit == "share" and re.match(r"an? ", one.text):  # "a third time"
        yield one._replace(value=round(1 / one.value), unit="ordinal")


def _joined(numbers: Sequence[Quantity]) -> Iterator[Quantity]:
    """Measures that two numbers give, one after the other: "two hours and ten minutes", "four years and six months"."""
    for one, after in itertools.pairwise(numbers):
        value = converted(one.value, one.unit, after.unit) if one.unit and one.unit != after.unit else None
        apart = after.start - one.start - len(one.text)
        if value is not None and is_alike(one.unit, after.unit) and 0 < apart <= _PARTS_APART and value > after.value:
            text = one.text + " " * apart + after.text
            yield Quantity(text, value + after.value, after.unit, one.hedge, one.start)


def _borne_out(said: Quantity, evidence: Sequence[Quantity], claim: str, quotes: str) -> bool:
    if any(_holds(said, one) for one in evidence):
        return True
    low, high = _allowed(said, _RATIO if said.unit in _SHARES else _ROUND)
    return any(low <= value <= high for value in _reckoned(said, evidence, claim, quotes))


def _holds(said: Quantity, given: Quantity) -> bool:
    """Whether one number is borne out by another."""
    if said.most or given.most:
        return _vaguely(said, given)
    if given.unit == "listed":
        return said.unit == "" and said.value == given.value and not said.text[:1].isdigit()
    if "clock" in (said.unit, given.unit):
        return _is_same_time(said, given)
    value = converted(given.value, given.unit, said.unit)
    if value is None:
        return False
    if abs(said.value - value) <= _ROUND * max(abs(value), _ROUND):
        return True
    if said.unit != given.unit and said.unit in _SHARES and abs(said.value - value) <= _SHARE * (100 if said.unit == "%" else 1):
        return True  # "a third" and "33 percent"
    low, high = _allowed(said, 0.0)
    return low <= value <= high


def _is_same_time(said: Quantity, given: Quantity) -> bool:
    """Whether two times of the day are the same, or near enough: "shortly before ten", "around midnight"."""
    one, other = _time_of_day(said), _time_of_day(given)
    if one is None or other is None:
        return False
    early, late = {"under": (_HOUR, 0), "over": (0, _HOUR), "about": (_HOUR / 2, _HOUR / 2)}.get(said.hedge, (0, 0))
    return (one - other) % (_DAY / 2) <= early or (other - one) % (_DAY / 2) <= late


def _time_of_day(one: Quantity) -> float | None:
    """Minutes since noon or midnight; None for what is no time of the day."""
    if one.unit == "clock":
        return one.value % (_DAY / 2)
    if re.fullmatch(r"\d?\d[.:][0-5]\d", one.text):
        hour, minute = map(int, re.split("[.:]", one.text))
        return (60.0 * hour + minute) % (_DAY / 2)
    return 60 * one.value % (_DAY / 2) if not one.unit and one.value in range(1, 25) else None


def _allowed(said: Quantity, exact: float) -> tuple[float, float]:
    """What a number may be, with the words before it; the rounder it is, the more."""
    if said.hedge not in _NEAR:
        return (1 - exact) * said.value, (1 + exact) * said.value
    low, high = (factor * said.value for factor in _NEAR[said.hedge])
    digits = Decimal(f"{said.value:.12g}").normalize()
    unit = float(Decimal(5 if digits.as_tuple().digits[-1] == 5 else 1).scaleb(int(digits.as_tuple().exponent)))
    if said.unit == "share":
        return max(low, (1 - _SHARE_OFF) * said.value), min(high, (1 + _SHARE_OFF) * said.value)
    if unit >= said.value or said.text.lower().endswith("dozen"):
        return low, high
    return max(low, said.value - unit), min(high, said.value + 2 * unit)


def _vaguely(said: Quantity, given: Quantity) -> bool:
    """The same where one of the two is vague, as "dozens" is."""
    if said.most and given.most:
        return (said.least, said.most) == (given.least, given.most)
    return bool(said.most) and said.least <= given.value <= said.most


def _reckoned(said: Quantity, evidence: Sequence[Quantity], claim: str, quotes: str) -> Iterator[float]:
    """What numbers of the evidence come to: "three of the seven" leave four, a fifth of 30,000 are 6,000."""
    if said.unit == "ordinal" and BEFORE.search(quotes):  # "her third term", after two
        yield from (one.value + 1 for one in evidence if one.unit in ("", "times") and one.start >= 0)
    if said.unit in ("ordinal", "clock") or said.most:
        return
    if is_time(said.unit):
        clocks = [one.value for one in evidence if one.unit == "clock"]
        yield from (converted((to - since) % _DAY, "minute", said.unit) or 0.0 for since, to in itertools.permutations(clocks, 2))
    known = [
        one for one in evidence if one.unit not in ("clock", "listed") and not one.most and (not one.unit or not _ONE.fullmatch(one.text))
    ]
    if len(known) > _MOST_RECKONED:
        return
    around = claim[max(0, said.start - _REACH) : said.start + len(said.text) + _REACH]
    yield from _next_to(said, known, around, quotes)
    yield from _in_a(said, known, around, quotes)
    for one, other in itertools.permutations(known, 2):
        yield from _share_of(said, one, other, quotes)
        if one.start < other.start or other.start < 0:
            yield from _added(said, one, other, around, quotes)
    if SUM.search(around) and not said.unit:
        yield sum(one.value for one in known if one.unit == said.unit)


def _next_to(said: Quantity, known: Sequence[Quantity], around: str, quotes: str) -> Iterator[float]:
    """One more or less: twenty with "nineteen others", ten before "the eleventh"; the rest of a hundred per cent."""
    for one in known:
        if (
            one.start >= 0
            and one.unit == "" == said.unit
            and re.match(r"[\w\s]{0,3}(?:others?|more|further)\b", quotes[one.start + len(one.text) :])
        ):
            yield one.value + 1
        if one.start >= 0 and one.unit == "" == said.unit and AND_ONE.match(quotes[one.start + len(one.text) :]):
            yield one.value + 1
        if one.unit == "ordinal" and said.unit == "" and DIFFERENCE.search(around):
            yield one.value - 1
        if one.unit in ("%", "share") and said.unit in ("%", "share") and DIFFERENCE.search(around):
            yield (converted(1.0, "share", said.unit) or 1.0) - (converted(one.value, one.unit, said.unit) or 0.0)


def _in_a(said: Quantity, known: Sequence[Quantity], around: str, quotes: str) -> Iterator[float]:
    """What is paid a month or a week, a year; and the other way round."""
    for one in known:
        near = quotes[one.start : one.start + len(one.text) + _REACH] if one.start >= 0 else ""
        for often, long, short in OFTEN:
            value = _measured(one, said)
            if value is not None and long.search(around) and short.search(near):
                yield value * often
            if value is not None and short.search(around) and long.search(near):
                yield value / often


def _share_of(said: Quantity, one: Quantity, other: Quantity, quotes: str) -> Iterator[float]:
    """A share that one number is of another, by how much it changed, or how many times as much it is; and a share of a number."""
    if said.unit in _SHARES:
        whole = converted(other.value, other.unit, one.unit)
        if whole:
            part = one.value / whole
            yield from (each * (100 if said.unit == "%" else 1) for each in (part, abs(part - 1)))
    elif other.unit in _SHARES and one.unit not in _SHARES and said.unit in ("", one.unit):
        share = other.value / 100 if other.unit == "%" else other.value
        yield one.value * share
        if AGAIN.search(quotes[other.start : other.start + _REACH]):
            yield one.value * (1 + share)
        if other.unit == "times" and share:
            yield one.value / share


def _added(said: Quantity, one: Quantity, other: Quantity, around: str, quotes: str) -> Iterator[float]:
    """The sum and the difference of two numbers, and what one comes to so many times; each where a word speaks of it."""
    near = " ".join(quotes[max(0, each.start - 12) : each.start + len(each.text) + 25] for each in (one, other) if each.start >= 0)
    left, right = (_measured(each, said) for each in (one, other))
    if left is not None and right is not None and _is_same_kind(one, other):
        between = quotes[one.start + len(one.text) : other.start] if 0 <= one.start < other.start else ""
        coordinated = len(between) <= 60 and re.search(r"\b(?:and|plus)\b|^,", between) and not re.search(r"[.;]", between)
        if (SUM.search(around) and coordinated) or MORE.search(near):
            yield left + right
        if DIFFERENCE.search(around) or MORE.search(near):
            yield abs(left - right)
    if TIMES.search(near) and not (one.unit and other.unit) and said.unit in (one.unit, other.unit, ""):
        yield one.value * other.value
    if MEAN.search(around):
        yield from (part / whole for part, whole in ((one.value, other.value), (other.value, one.value)) if whole)


def _is_same_kind(one: Quantity, other: Quantity) -> bool:
    """Whether two numbers may be added, as far as their units tell."""
    return converted(one.value, one.unit, other.unit) is not None or converted(other.value, other.unit, one.unit) is not None


def _measured(one: Quantity, said: Quantity) -> float | None:
    """A number in the unit that is asked for; a unit that the claim leaves out is taken as meant."""
    return one.value if not said.unit or said.unit == "point" else converted(one.value, one.unit, said.unit)
