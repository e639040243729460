"""Words near numbers that speak of reckoning: of what is left, of a total, of so much each. English."""

from __future__ import annotations

import re

DIFFERENCE = re.compile(
    r"\b(?:left|leav\w*|remain\w*|rest|others?|still|more|fewer|less|gap|difference|margin|majority|lead\w*|ahead|in front|behind|short|by|"
    r"up|down|rises?|rose|risen|grew|grow\w*|increas\w*|gain\w*|drop\w*|fell|fall\w*|lost|los[es]\w*|cut\w*|sav\w+|extra|further|"
    r"additional|missing|apart|older|younger|longer|higher|lower|cheaper|dearer|added|adding|shed|declin\w*|shrank|trail\w*|late|early|"
    r"overr[ua]n|exceed\w*|above|below|defeat\w*|beat|w[io]ns?|victory|surviv\w*|except|aside|exclud\w*|un\w+(?:ed|t)|escaped|never|"
    r"without|lack\w*|previous\w*|finished|earlier|already)\b",
    re.I,
)
"""What is left, by how much something changed, how far two numbers lie apart."""
SUM = re.compile(
    r"\b(?:all|total\w*|altogether|together|combined|overall|sum|both|jointly|between them|out of|whole|entire|as many as|up to|includ\w*|"
    r"of (?:them|whom|which|the|its|all)|among them|ended|(?:came|comes) to|amount\w*|rather than|instead of|against|full|now|later|"
    r"brings?|"
    r"brought|reach\w*|before|previously|initially|originally|(?:in|over) (?:the|its|a) (?:year|season|day|week|month))\b",
    re.I,
)
"""What some numbers come to together."""
MORE = re.compile(r"\b(?:more|fewer|less|further|another|additional|extra|others?|short|ahead|behind|all but|except|plus)\b", re.I)
"""A number that the text itself sets beside another one."""
AND_ONE = re.compile(r"(?: [\w’'-]+){1,3} and (?:an?|one)\b", re.I)
"""One more of another kind: "two girls and a boy"."""
BEFORE = re.compile(r"\b(?:before|already|previous\w*|earlier|again|re-?elected|reappointed)\b", re.I)
"""What came before it, so that it is one more."""
AGAIN = re.compile(r"\bas (?:much|many) again\b|\bmore\b", re.I)
"""A share that is added to the whole."""
TIMES = re.compile(
    r"\b(?:each|apiece|per|every|piece|daily|weekly|monthly|yearly|annual\w*|an? (?:day|week|month|year|night|head|time))\b", re.I
)
"""So much for each of so many."""
MEAN = re.compile(r"\b(?:average\w*|mean|apiece|each|per|a (?:day|week|month|year|night|head))\b", re.I)
"""A whole that is shared out."""
_EACH = {
    unit: re.compile(rf"\b(?:an?|per|each|every) {unit}\b|\b{adverb}\b", re.I)
    for unit, adverb in {"year": "(?:yearly|annual(?:ly)?)", "month": "monthly", "week": "weekly", "day": "daily"}.items()
}
OFTEN = (
    (12, _EACH["year"], _EACH["month"]), (52, _EACH["year"], _EACH["week"]), (365, _EACH["year"], _EACH["day"]),
    (7, _EACH["week"], _EACH["day"]),
)  # fmt: skip
"""How often a short time falls in a long one, and the words for "each" of both."""
