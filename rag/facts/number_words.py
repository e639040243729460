"""Numbers in words: their pattern, and their value.

>>> value_of("twenty-four hundred"), value_of("1.5 million"), value_of("two and a half thousand"), value_of("half a million")
(2400.0, 1500000.0, 2500.0, 500000.0)
"""

from __future__ import annotations

import re

DIGITS = r"\d{1,3}(?:[, \u00a0]\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
"""A number in digits."""
_SCALES = {
    "hundred": 1e2, "thousand": 1e3, "million": 1e6, "billion": 1e9, "trillion": 1e12, "dozen": 12.0, "k": 1e3, "m": 1e6, "mn": 1e6,
    "bn": 1e9, "tn": 1e12,
}  # fmt: skip
SCALE = r"(?:hundred|thousand|million|billion|trillion|dozen|mn|bn|tn|m|k)\b"
"""What may follow digits."""
_ONES = dict(zip(
    "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen "
    "nineteen".split(), range(20), strict=True,
)) | {"nil": 0}  # fmt: skip
_TENS = {word: 10 * number for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), start=2)}
_PLAIN = {**_ONES, **_TENS}
_WORD = "|".join(sorted([*_PLAIN, "hundred", "thousand", "million", "billion", "trillion", "dozen"], key=len, reverse=True))
_HALF = r"a half(?= (?:million|billion|thousand))"
WORDS = (
    r"(?:half an? (?:million|billion|dozen|hundred|thousand)"
    rf"|(?:an? )?(?:{_WORD})(?:(?:[ -]| and )(?:{_HALF}|{_WORD}))*)"
)
"""A number in words."""


def value_of(text: str) -> float | None:
    """The value of digits with a scale, or of words; None if it has none."""
    total, current, seen = 0.0, 0.0, False
    text = re.sub(r"(?<=\d)[,\u00a0 ](?=\d{3})", "", text.lower())
    for word in re.findall(r"\d+(?:\.\d+)?|[a-z]+", text):
        if word in _SCALES:
            scale = _SCALES[word]
            current = (current if seen else 1.0) * scale
            if scale >= 1e3:
                total, current = total + current, 0.0
        elif word == "half":
            current += 0.5
        elif word in _PLAIN or word[0].isdigit():
            current += _PLAIN[word] if word in _PLAIN else float(word)
        else:
            continue
        seen = True
    return total + current if seen else None
