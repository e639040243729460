"""Which language a text is in, as far as its script and its commonest words tell; it says nothing where it is not sure.

>>> language_of("Der Hafen wurde am Montag nach dem Sturm wieder geöffnet."), language_of("Port Ellery")
('German', None)
"""

from __future__ import annotations

import re
import unicodedata
from collections import Counter

_COMMON = {
    "English": "the of and to in is was for on that with it by as at from are were has have had be this which not they he she his her did "
    "does when who what how where why whose many much",
    "German": "der die das und in den von zu mit sich des auf für ist im dem nicht ein eine als auch es an werden wurde wird am bei nach "
    "wann wer wie wo warum welche viele",
    "French": "le la les des et en un une du dans est que pour qui par sur au pas plus avec se ce été sont il elle aux ont cette "
    "quand comment où pourquoi quel quelle combien",
    "Spanish": "el la los las de y en un una que por con para del se es al lo como más fue su sus han sido está este pero "
    "cuándo quién qué dónde cómo cuántos cuál",
    "Italian": "il lo la gli di e in un una che per con del della è sono non si dei alla nel più stato anche come ha hanno "
    "quando chi dove perché quanti quale",
    "Portuguese": "o os a as de e em um uma que para com do da dos das por não se mais foi ao são como pela pelo na no quando quem onde "
    "quantos",
    "Dutch": "de het een van en in op te dat is zijn met voor niet aan er om door ook bij naar wordt werd hebben heeft wanneer wie hoe "
    "waar waarom hoeveel welke",
}
_LEAST_WORDS = 3
"""Common words of a language that it takes."""
_LEAST_ASKED = 2
"""The same for a question, which is short."""
_LEAD = 1.5
"""How many times more of them than of the next language."""


def language_of(text: str, *, least: int = _LEAST_WORDS) -> str | None:
    """The language of a text, or the name of its script where that is not Latin; None if unsure.

    Args:
        text: the more of it, the surer.
        least: common words of a language that it takes.
    """
    script = _script(text)
    if script is None or script != "LATIN":
        return script
    words = Counter(re.findall(r"[^\W\d_]+", text.casefold()))
    found = sorted(((sum(words[word] for word in set(common.split())), name) for name, common in _COMMON.items()), reverse=True)
    (most, name), (second, _) = found[:2]
    return name if most >= least and most >= _LEAD * second else None


def is_other_language(answer: str, question: str) -> bool:
    """Whether an answer is surely in another language than its question."""
    answered, asked = language_of(answer), language_of(question, least=_LEAST_ASKED)
    if asked is None and _script(question) == "LATIN":
        return answered is not None and _script(answer) != "LATIN"
    return answered is not None and asked is not None and answered != asked


def _script(text: str) -> str | None:
    """The script of most letters: the first word of their Unicode names."""
    scripts = Counter(unicodedata.name(letter, "?").split()[0] for letter in text if letter.isalpha())
    if not scripts:
        return None
    (script, letters), total = scripts.most_common(1)[0], sum(scripts.values())
    return script if letters * 2 > total else None
