"""For whom somebody works, as a sentence tells it beside the name: "Ada Finch of the Skarn Line", "Ada Finch, a pilot at the Skarn Line".

>>> [value.text for value in affiliations("“No,” said Ada Finch, who sails for the Skarn Line.", "Ada Finch")]
['Skarn Line']
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from rag.facts.values import Value, names

_BEHIND = r",? (?:of|at|from|with)|, (?:an?|the|who|whose|now|then|formerly|until) [^,.;:!?“”\"]{0,60}?\b(?:of|at|for|with|from|by)"
"""Between the name and the body: "of", or an apposition that ends in a preposition."""


def affiliations(sentence: str, person: str) -> list[Value]:
    """The bodies that a sentence names beside a person.

    Args:
        sentence: of an article.
        person: a name, or its last word.
    """
    return list(_affiliations(sentence, person))


def _affiliations(sentence: str, person: str) -> Iterator[Value]:
    for match in re.finditer(rf"\b{re.escape(person)}(?:{_BEHIND}) (?:the )?(?=[A-ZÀ-Þ])", sentence):
        for value in names(sentence[match.end() :])[:1]:
            if value.start == 0:
                yield Value(value.text, match.end(), match.end() + value.end, value.key)
