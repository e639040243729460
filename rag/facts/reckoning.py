"""Whether the numbers of a text bear out those of a claim: the same, near enough for what the claim says of them, or what they come to.

"About two thousand" is borne out by 2,040, "more than 80,000" by 84,000, "half" by 50 % or by 24 of 48, "four remain" by three of
seven that went. What the evidence only leaves room for is not borne out.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Iterator, Sequence

from rag.facts.amounts import Quantity
from rag.facts.units import converted, is_time

_NEAR = {"about": (0.88, 1.12), "over": (0.999, 1.5), "under": (0.65, 1.001)}
"""What a number with such words before it may be times, at least and at most."""
_ROUND = 1e-6
_SHARE = 0.01
_SHARES = ("share", "times", "%")
_UNIT = r"(?:year|month|week|fortnight|day|hour|minute|decade|century|\w*met(?:re|er)|mile|tonne|ton)"
_ONE = re.compile(rf"(?:one|an?)(?: {_UNIT})?", re.I)
_COUNTED = {
    "pair": 2, "couple": 2, "both": 2, "twin": 2, "twins": 2, "duo": 2, "either": 2, "neither": 2, "parents": 2, "trio": 3,
    "triplets": 3, "quartet": 4, "quintet": 5, "single": 1, "sole": 1, "only": 1, "lone": 1, "no": 0, "none": 0, "nobody": 0,
}  # fmt: skip
_MOST_LISTED = 12
_DAY = 1440
"""Minutes."""


def lacking(claim: Sequence[Quantity], evidence: Sequence[Quantity]) -> list[str]:
    """Those of a claim that the evidence does not bear out; "one" and "a week" are not looked for."""
    return [one.text.strip() for one in claim if not _ONE.fullmatch(one.text.strip()) and not _borne_out(one, evidence)]


def counted(text: str) -> list[Quantity]:
    """Numbers that a text gives without naming them: "both" is 2, "a pass, an airport and a railway" are 3."""
    found = [Quantity(word, _COUNTED[word], "") for word in re.findall(r"[a-z]+", text.lower()) if word in _COUNTED]
    for one in re.finditer(r"[^,.;:]+(?:, (?!and\b)[^,.;:]+)*,? and [^,.;:]+", text):
        items = len(re.split(r", (?:and )?| and ", one.group()))
        found += [Quantity("listed", number, "listed") for number in range(2, min(items, _MOST_LISTED) + 1)]
    return found


def _borne_out(said: Quantity, evidence: Sequence[Quantity]) -> bool:
    if any(_holds(said, one) for one in evidence):
        return True
    wanted = said.value / 100 if said.unit == "%" else said.value
    exact = _SHARE if said.unit in _SHARES else _ROUND
    low, high = _NEAR.get(said.hedge, (1 - exact, 1 + exact))
    return any(low * wanted <= value <= high * wanted for value in _reckoned(said, evidence))


def _holds(said: Quantity, given: Quantity) -> bool:
    """Whether one number is borne out by another."""
    if said.most or given.most:
        return _vaguely(said, given)
    if given.unit == "listed":
        return said.unit == "" and said.value == given.value and not said.text[:1].isdigit()
    if said.unit == given.unit == "clock":
        return said.value % (_DAY / 2) == given.value % (_DAY / 2)
    value = converted(given.value, given.unit, said.unit)
    if value is None:
        return False
    if abs(said.value - value) <= _ROUND * max(abs(value), _ROUND):
        return True
    if said.unit != given.unit and said.unit in _SHARES:  # "a third" and "33 percent"
        return abs(said.value - value) <= _SHARE * (100 if said.unit == "%" else 1)
    low, high = _NEAR.get(said.hedge, (1.0, 1.0))
    return low * said.value <= value <= high * said.value


def _vaguely(said: Quantity, given: Quantity) -> bool:
    """The same where one of the two is vague, as "dozens" is."""
    if said.most and given.most:
        return (said.least, said.most) == (given.least, given.most)
    return bool(said.most) and said.least <= given.value <= said.most


def _reckoned(said: Quantity, evidence: Sequence[Quantity]) -> Iterator[float]:
    """What two numbers of the evidence come to: "three of the seven" leave four, a fifth of 30,000 are 6,000."""
    if said.unit == "ordinal" or said.most:
        return
    if is_time(said.unit):
        clocks = [one.value for one in evidence if one.unit == "clock"]
        yield from (converted((to - since) % _DAY, "minute", said.unit) or 0.0 for since, to in itertools.permutations(clocks, 2))
    known = [
        one for one in evidence if one.unit not in ("clock", "listed") and not one.most and (not one.unit or not _ONE.fullmatch(one.text))
    ]
    for one, other in itertools.permutations(known, 2):
        if said.unit in ("", *_SHARES) or said.unit in (one.unit, other.unit):
            yield from _of_two(said, one, other)


def _of_two(said: Quantity, one: Quantity, other: Quantity) -> Iterator[float]:
    """What one number comes to with another: their difference; a share or a multiple of it, or so much a year; how many times as much."""
    left, right = (each.value / 100 if each.unit == "%" else each.value for each in (one, other))
    if said.unit in _SHARES:
        if right:
            yield from (left / right, left / right - 1)
        if said.unit == "%" and one.unit == other.unit == "%":
            yield left - right
        return
    yield left - right
    if other.unit in _SHARES:
        yield left * right
    if right and (other.unit == "times" or is_time(other.unit)):
        yield left / right
