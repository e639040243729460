"""What a number measures, read from the words behind it, and one measure in another.

Only measures are told apart (shares, money, time, length, weight): what is counted otherwise ("boats") is not looked at.
"""

from __future__ import annotations

import re

_UNITS = {
    "%": r"%|per ?cent\b|percentage[ -]points?\b",
    "bp": r"basis points?\b",
    "$": r"(?:US )?dollars?\b|USD\b|bucks\b",
    "€": r"euros?\b|EUR\b",
    "£": r"pounds? sterling\b|pounds?\b|GBP\b",
    "¥": r"yen\b|yuan\b",
    "crown": r"crowns?\b|krona\b|kroner?\b|koruna\b",
    "franc": r"francs?\b",
    "rupee": r"rupees?\b",
    "rouble": r"roubles?\b|rubles?\b",
    "mark": r"marks\b",
    "second": r"seconds?\b",
    "minute": r"minutes?\b|mins?\b",
    "hour": r"hours?\b|hrs?\b",
    "day": r"days?\b",
    "week": r"weeks?\b",
    "fortnight": r"fortnights?\b",
    "month": r"months?\b",
    "year": r"years?\b|yr\b",
    "decade": r"decades?\b",
    "century": r"centur(?:y|ies)\b",
    "mm": r"millimetres?\b|millimeters?\b|mm\b",
    "cm": r"centimetres?\b|centimeters?\b|cm\b",
    "m": r"metres?\b|meters?\b",
    "km": r"kilomet(?:re|er)s?\b|km\b",
    "mile": r"miles?\b",
    "foot": r"feet\b|foot\b",
    "g": r"grams?\b",
    "kg": r"kilos?\b|kilograms?\b|kg\b",
    "tonne": r"tonnes?\b|metric tons?\b",
    "ton": r"tons?\b",
    "hectare": r"hectares?\b",
    "acre": r"acres?\b",
    "litre": r"lit(?:re|er)s?\b",
    "degree": r"degrees?\b|°",
    "mw": r"megawatts?\b|MW\b",
    "gw": r"gigawatts?\b|GW\b",
    "times": r"times\b|-?fold\b",
}
_UNIT = re.compile("|".join(rf"(?P<u{place}>{pattern})" for place, pattern in enumerate(_UNITS.values())), re.I)
_MORE = re.compile(r"^(?:more|further|extra|additional|full|whole|consecutive|other) ")
_NAMES = list(_UNITS)
_FAMILIES = {
    "time": {
        "second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0, "week": 604_800.0, "fortnight": 1_209_600.0, "month": 2_629_800.0,
        "year": 31_557_600.0, "decade": 315_576_000.0, "century": 3_155_760_000.0,
    },
    "length": {"mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "mile": 1609.34, "foot": 0.3048},
    "weight": {"g": 0.001, "kg": 1.0, "tonne": 1000.0, "ton": 1000.0},
    "area": {"hectare": 1.0, "acre": 0.404686},
    "power": {"mw": 1.0, "gw": 1000.0},
    "share": {"%": 0.01, "share": 1.0, "bp": 0.0001},
}  # fmt: skip
_FAMILY = {unit: (family, size) for family, units in _FAMILIES.items() for unit, size in units.items()}
_MONEY = frozenset("$ € £ ¥ crown franc rupee rouble mark".split())
_AGE = 13
"""A bare number from which on it may be somebody's age."""
_LOOSE = frozenset({"times", "ordinal", "share"})
"""Units that one text may leave out: "the 11th stage" is "stage eleven"."""


def measure(behind: str) -> str:
    """The unit that stands behind a number; empty where that is no measure.

    >>> measure("-year-old boy"), measure(" per cent of them"), measure(" boats")
    ('year', '%', '')
    """
    match = _UNIT.match(_MORE.sub("", behind.lstrip(" -\u00a0")))
    return _NAMES[int(str(match.lastgroup)[1:])] if match else ""


def converted(value: float, unit: str, wanted: str) -> float | None:
    """A value in another unit; None where that makes no sense.

    >>> converted(2, "week", "day"), converted(50, "%", "share"), converted(3, "$", "€")
    (14.0, 0.5, None)
    """
    if unit == wanted:
        return value
    if unit in _FAMILY and wanted in _FAMILY and _FAMILY[unit][0] == _FAMILY[wanted][0]:
        return _rounded(value * _FAMILY[unit][1] / _FAMILY[wanted][1], unit, wanted)
    if "ordinal" in (unit, wanted) and (not unit or not wanted or is_time(unit) or is_time(wanted)):
        return value
    if unit and wanted:
        return None
    if wanted == "year" and value >= _AGE:
        return value
    known = unit or wanted
    may_lack = known in _LOOSE | _MONEY or (not wanted and known in _FAMILY.keys() - {"%"})
    return value if may_lack else None


def is_time(unit: str) -> bool:
    """Whether a unit measures time."""
    return unit in _FAMILIES["time"]


def _rounded(value: float, unit: str, wanted: str) -> float:
    """Months, weeks and years do not divide evenly; 18 months are a year and a half all the same."""
    if {unit, wanted} & {"mile", "foot", "acre"}:
        whole = float(f"{value:.2g}")
        return whole if abs(value - whole) < 0.04 * value else value
    near = round(value * 2) / 2
    return near if {unit, wanted} & {"month", "year"} and near and abs(value - near) < 0.03 * near else value
