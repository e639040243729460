"""Words as the keyword search sees them: lower case, without accents, stemmed, stop words left out of questions.

Stems are Snowball's English (Porter 2001) through PyStemmer. A term is stored beside the article as a 32-bit hash of its
stem, so that counting a question's terms in a candidate's chunks needs no text.
"""

from __future__ import annotations

import re
import unicodedata
import zlib
from collections.abc import Iterable
from functools import cache
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_WORD = re.compile(r"\d+(?:[.,]\d+)+|[^\W_]+(?:['’][^\W_]+)*")
_POSSESSIVE = re.compile(r"['’]s?$|['’](?=\w)")
STOP_WORDS = frozenset(
    """a about after all also am an and any are as at be because been before being between both but by can could did do does doing
    down during each few for from had has have having he her here hers him his how i if in into is it its itself just me more most
    my no nor not of off on once only or other our out over own same she should so some such than that the their them then there
    these they this those through to too under until up was we were what when where which while who whom whose why will with would
    you your""".split()
)


@cache
def _stemmer() -> Any:
    import Stemmer

    return Stemmer.Stemmer("english")


def words(text: str) -> list[tuple[int, str]]:
    """Each word of `text` in lower case without accents or possessive, with the offset where it starts."""
    return [(match.start(), _folded(match.group())) for match in _WORD.finditer(text)]


def _folded(word: str) -> str:
    if word[0].isdigit():
        return word.replace(",", "").lower()
    word = word.lower()
    if not word.isascii():
        word = "".join(c for c in unicodedata.normalize("NFKD", word) if not unicodedata.combining(c))
    return re.sub(r"['’]", "", _POSSESSIVE.sub("", word)) if "'" in word or "’" in word else word


def stems(text: str) -> list[str]:
    """The stem of every word of `text`, stop words among them."""
    return stemmed(word for _, word in words(text))


def stemmed(found: Iterable[str]) -> list[str]:
    """The stem of each word, which is as `words` gives it."""
    return list(_stemmer().stemWords(list(found)))


def question_stems(question: str) -> list[str]:
    """The stems of a question worth searching for, each once, in order; all of them when only stop words are left."""
    found = [word for _, word in words(question)]
    kept = [word for word in found if word not in STOP_WORDS] or found
    return list(dict.fromkeys(_stemmer().stemWords(kept)))


def hashes(terms: Iterable[str]) -> NDArray[np.uint32]:
    """A 32-bit number for each term."""
    import numpy as np

    return np.fromiter((zlib.crc32(term.encode()) for term in terms), dtype=np.uint32)
