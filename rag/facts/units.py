"""What a number measures, read from the words behind it, and one measure in another.

Only measures are told apart (shares, money, time, length, weight): what is counted otherwise ("boats") is not looked at.
"""

from __future__ import annotations

import re

_MONEY = {
    "$": r"(?:US )?dollars?\b|USD\b|bucks\b", "€": r"euros?\b|EUR\b", "£": r"pounds? sterling\b|pounds?\b|GBP\b",
    "¥": r"yen\b|yuan\b|renminbi\b", "crown": r"crowns?\b|kron[ae]r?\b|koruna\b", "franc": r"francs?\b|CHF\b", "rupee": r"rupees?\b",
    "rouble": r"roubles?\b|rubles?\b", "mark": r"marks\b", "leu": r"le[ui]\b", "lev": r"leva?\b", "naira": r"naira\b", "peso": r"pesos?\b",
    "real": r"reais\b", "rand": r"rands?\b", "shekel": r"shekels?\b", "lira": r"lir[ae]s?\b", "dinar": r"dinars?\b",
    "dirham": r"dirhams?\b", "riyal": r"riyals?\b", "zloty": r"zlot(?:y|ys)\b", "forint": r"forints?\b", "shilling": r"shillings?\b",
}  # fmt: skip
_UNITS = {
    "%": r"%|per ?cent\b|percentage[ -]points?\b|pc\b",
    "bp": r"basis points?\b",
    "point": r"points?\b",
    **_MONEY,
    "cent": r"cents?\b",
    "penny": r"pence\b|penn(?:y|ies)\b|p\b",
    "second": r"seconds?\b|secs?\b",
    "minute": r"minutes?\b|mins?\b",
    "hour": r"hours?\b|hrs?\b",
    "day": r"days?\b",
    "week": r"weeks?\b",
    "fortnight": r"fortnights?\b",
    "month": r"months?\b",
    "year": r"years?\b|yrs?\b",
    "decade": r"decades?\b",
    "century": r"centur(?:y|ies)\b",
    "millennium": r"millenni(?:um|ums|a)\b",
    "mph": r"mph\b|miles (?:an|per) hour\b",
    "km/h": r"km/h\b|kmh\b|kph\b|kilomet(?:re|er)s (?:an|per) hour\b",
    "sq m": r"square met(?:re|er)s?\b|sq ?m\b|m²",
    "sq km": r"square kilomet(?:re|er)s?\b|sq ?km\b|km²",
    "sq mile": r"square miles?\b|sq miles?\b",
    "sq foot": r"square (?:feet|foot)\b|sq ?ft\b",
    "cubic m": r"cubic met(?:re|er)s?\b|m³",
    "mm": r"millimet(?:re|er)s?\b|mm\b",
    "cm": r"centimet(?:re|er)s?\b|cm\b",
    "m": r"met(?:re|er)s?\b|m\b",
    "km": r"kilomet(?:re|er)s?\b|kms?\b",
    "nautical mile": r"nautical miles?\b",
    "mile": r"miles?\b",
    "foot": r"feet\b|foot\b|ft\b",
    "inch": r"inch(?:es)?\b",
    "mg": r"milligram(?:me)?s?\b|mg\b",
    "g": r"gram(?:me)?s?\b|g\b",
    "kg": r"kilos?\b|kilogram(?:me)?s?\b|kgs?\b",
    "tonne": r"tonnes?\b|metric tons?\b",
    "ton": r"tons?\b",
    "hectare": r"hectares?\b|ha\b",
    "acre": r"acres?\b",
    "millilitre": r"millilit(?:re|er)s?\b|ml\b",
    "litre": r"lit(?:re|er)s?\b",
    "celsius": r"(?:°|degrees?)? ?(?:Celsius|centigrade|C)\b",
    "fahrenheit": r"(?:°|degrees?)? ?(?:Fahrenheit|F)\b",
    "degree": r"degrees?\b|°",
    "kw": r"kilowatts?\b|kW\b",
    "mw": r"megawatts?\b|MW\b",
    "gw": r"gigawatts?\b|GW\b",
    "kwh": r"kilowatt[- ]hours?\b|kWh\b",
    "mwh": r"megawatt[- ]hours?\b|MWh\b",
    "gwh": r"gigawatt[- ]hours?\b|GWh\b",
    "times": r"times\b|-?fold\b",
}
_FIRST = ("kwh", "mwh", "gwh", "kw", "mw", "gw", "mph", "km/h")
_ORDERED = {name: _UNITS[name] for name in (*_FIRST, *(name for name in _UNITS if name not in _FIRST))}
_UNIT = re.compile("|".join(rf"(?P<u{place}>{pattern})" for place, pattern in enumerate(_ORDERED.values())), re.I)
ABBREVIATED = r"(?:mph|km/h|kmh|kph|kms?|cm|mm|m|kgs?|mg|g|ft|ha|ml|kWh|MWh|GWh|kW|MW|GW|°?[CF]|pc|p|hrs?|mins?|secs?|yrs?)\b"
"""Units that may stand right behind the digits."""
_BEHIND = re.compile(rf"(?<=\d) ?(?:{ABBREVIATED}|[ap]\.?m\b)", re.I)
_MORE = re.compile(r"^(?:more|further|extra|additional|full|whole|consecutive|other|straight|long) ")
_NAMES = list(_ORDERED)
_FAMILIES = {
    "time": {
        "second": 1.0, "minute": 60.0, "hour": 3600.0, "day": 86_400.0, "week": 604_800.0, "fortnight": 1_209_600.0, "month": 2_629_800.0,
        "year": 31_557_600.0, "decade": 315_576_000.0, "century": 3_155_760_000.0, "millennium": 31_557_600_000.0,
    },
    "length": {
        "mm": 0.001, "cm": 0.01, "m": 1.0, "km": 1000.0, "nautical mile": 1852.0, "mile": 1609.34, "foot": 0.3048, "inch": 0.0254,
    },
    "speed": {"km/h": 1.0, "mph": 1.60934},
    "weight": {"mg": 1e-6, "g": 0.001, "kg": 1.0, "tonne": 1000.0, "ton": 1000.0},
    "area": {"sq m": 1e-4, "hectare": 1.0, "acre": 0.404686, "sq km": 100.0, "sq mile": 258.999, "sq foot": 9.2903e-6},
    "volume": {"millilitre": 0.001, "litre": 1.0, "cubic m": 1000.0},
    "power": {"kw": 0.001, "mw": 1.0, "gw": 1000.0},
    "energy": {"kwh": 0.001, "mwh": 1.0, "gwh": 1000.0},
    "share": {"%": 0.01, "share": 1.0, "bp": 0.0001},
}  # fmt: skip
_FAMILY = {unit: (family, size) for family, units in _FAMILIES.items() for unit, size in units.items()}
_COINS = {"cent": ("$", "€"), "penny": ("£",)}
_ALIKE = ({"celsius", "degree"}, {"fahrenheit", "degree"}, {"point", "%"}, {"ordinal", "times"})
"""Units that may be named for one another."""
_FOREIGN = frozenset({"mile", "nautical mile", "foot", "inch", "acre", "sq mile", "sq foot", "mph"})
"""Units whose conversions are rounded."""
_AGE = 13
"""A bare number from which on it may be somebody's age."""
_LOOSE = frozenset({"times", "ordinal", "share", "point", "degree"})
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

    >>> converted(2, "week", "day"), converted(50, "%", "share"), converted(3, "$", "€"), converted(250, "hectare", "sq km")
    (14.0, 0.5, None, 2.5)
    """
    if unit == wanted:
        return value
    if unit in _FAMILY and wanted in _FAMILY and _FAMILY[unit][0] == _FAMILY[wanted][0]:
        return _rounded(value * _FAMILY[unit][1] / _FAMILY[wanted][1], unit, wanted)
    if wanted in _COINS.get(unit, ()) or unit in _COINS.get(wanted, ()):
        return value / 100 if unit in _COINS else value * 100
    if {unit, wanted} == {"celsius", "fahrenheit"}:
        return float(round(value * 9 / 5 + 32 if wanted == "fahrenheit" else (value - 32) * 5 / 9))
    if any({unit, wanted} <= alike for alike in _ALIKE):
        return value
    if "ordinal" in (unit, wanted) and (not unit or not wanted or is_time(unit) or is_time(wanted)):
        return value
    if unit and wanted:
        return None
    if wanted == "year" and value >= _AGE:
        return value
    known = unit or wanted
    may_lack = known in _LOOSE or known in _MONEY or (not wanted and known in _FAMILY.keys() - {"%"})
    return value if may_lack else None


def is_time(unit: str) -> bool:
    """Whether a unit measures time."""
    return unit in _FAMILIES["time"]


def is_alike(one: str, other: str) -> bool:
    """Whether two units measure the same: hours and minutes, or both nothing."""
    return one == other or (one in _FAMILY and other in _FAMILY and _FAMILY[one][0] == _FAMILY[other][0])


def without_units(text: str) -> str:
    """`text` with the abbreviated units behind its numbers blanked."""
    return _BEHIND.sub(lambda match: " " * len(match.group()), text)


def _rounded(value: float, unit: str, wanted: str) -> float:
    """Months, weeks and years do not divide evenly; 18 months are a year and a half all the same."""
    if {unit, wanted} & _FOREIGN:
        whole = float(f"{value:.2g}")
        return whole if abs(value - whole) < 0.04 * value else value
    near = round(value * 2) / 2
    return near if {unit, wanted} & {"month", "year"} and near and abs(value - near) < 0.03 * near else value
