"""Names in a claim that its evidence does not mention.

A surname stands for a name, an acronym for what it abbreviates, a people for its country. A word that is capitalised only for
opening the sentence is a name where it reads like one. A name made of parts of two others is unknown. English, by patterns.

>>> unknown("UN envoy Calloway left Port Ellery.", "Ines Calloway of the United Nations has left Port Ellery.")
[]
>>> unknown("Galloway left Port Emery.", "Ines Calloway has left Port Ellery.")
['Galloway', 'Emery']
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from index.terms import STOP_WORDS, stems, words
from rag.checks.peoples import alike, is_people_of
from rag.facts.date_words import without_days
from rag.facts.units import without_units
from rag.speech.reported import QUOTED, SPEECH_VERB

_TOKEN = r"[^\W\d_][\w’'.&-]*[\w’']|[^\W\d_]"
_WORD = re.compile(rf"{_TOKEN}|\d+")
_CODE = re.compile(r"\b[A-Z]+-?\d[\w-]*|\bhttps?://\S+|\bwww\.\S+|\b[\w.+-]+@[\w-]+\.\w+")
_ROLES = frozenset(
    "mr mrs ms dr sir lord lady dame president vice prime minister mayor governor senator judge justice captain colonel general major "
    "sergeant professor chancellor king queen prince princess pope chief director secretary spokesman spokeswoman spokesperson envoy coach "
    "bishop inspector officer commissioner councillor deputy chairman chairwoman ambassador premier police officials government "
    "mount mountain lake river city county province state town island street road".split()
)
_JOINING = frozenset("de du al el van von bin".split())
_SMALL = frozenset("of the for and de du la le".split())
_ABSTRACT = re.compile(r"(?:ion|ment|ing|ity|ness|ance|ence|age|ism|ure|th|ly|ers|[^s]s)$")
_PASTS = (
    "left|went|came|took|gave|made|won|lost|met|fell|rose|held|led|began|became|saw|spent|built|bought|sold|sent|ran|stood|grew|got|found|kept|"
    "paid|put|read|spoke|beat|broke|brought|chose|cut|drew|drove|flew|hit|knew|let|set|sank|sat|struck|taught|threw|wore"
)
_IS = re.compile(rf"^[’']s\b|^,? (?:(?:is|was|has|had|will|would|did|does|can|could|also|never|now|\w+ed|{_PASTS})\b|{SPEECH_VERB})")
_OPENERS = STOP_WORDS | frozenset(
    "although though unlike like according despite following however yet meanwhile instead later earlier today yesterday tomorrow "
    "nobody everyone everybody someone somebody nothing something one two three four five six seven eight nine ten eleven twelve "
    "thirteen fourteen fifteen sixteen seventeen eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety another every "
    "several many much less fewer half neither either within without until since across along among around behind beside besides inside "
    "outside near upon whether once already still even perhaps maybe rather almost nearly roughly total overall work traffic water".split()
)
_SHORTEST = 3
"""Letters of an abbreviation that may be short for words in small letters: "ROI"."""
_LENGTHS = range(_SHORTEST, 6)
_LOWER = re.compile(r"\b[a-z]{8,}\b")
"""Words so long that they are hardly like another one by chance, but for a letter."""
_COMMON = re.compile(r"(?:ed|ing|ly|ion|s)$")
_COMPOUND = re.compile(r"(.+)-(?:[a-z]{2,}(?:ed|ing)|born|led|run|made|wide|style|era|bound|like|owned|built)")
"""A name that became a common word: "Celtic-themed"."""
_SMALL_WORDS = STOP_WORDS | {"us"}
_STARTS = re.compile(r"(?:^|(?:[a-z]{3}|[\d”\"’)])[.!?][”\"’)]?\s)\W*$")
"""What goes before the first word of a sentence."""
_NEAR = 4
"""Words within which the parts of one name stand."""


class _Name(NamedTuple):
    words: tuple[str, ...]
    opens: bool
    """Whether it is one word that opens the sentence and may be common."""


def unknown(claim: str, evidence: str) -> list[str]:
    """The names, or parts of names, of a claim that the evidence does not mention.

    Args:
        claim: a sentence; what it quotes is not looked at.
        evidence: what it cites, with titles.
    """
    known = _Known(evidence)
    lacking = [code for code in _CODE.findall(claim) if code.casefold().rstrip(".,") not in evidence.casefold()]
    for name in _names(_blanked(claim)):
        if known.has_all(name.words) or (name.opens and known.has_stem(name.words[0])):
            continue
        missing = [word for word in name.words if not known.has(word)]
        lacking += missing or ([] if known.is_one_name(name.words) else [" ".join(name.words)])
    lacking += _misspelt(_blanked(claim), evidence)
    return list(dict.fromkeys(lacking))


def _misspelt(claim: str, evidence: str) -> Iterator[str]:
    """The long words of a claim that differ from one of the evidence in a single letter, and in their stem: a drug's name, a plant's."""
    said, given = (set(_LOWER.findall(text)) for text in (claim, evidence))
    for word in sorted(said - given):
        near = [other for other in given - said if len(other) == len(word) and _differ(word, other)]
        if near and not set(stems(word)) & set(stems(" ".join(near))) and not _COMMON.search(word):
            yield word


def _differ(one: str, other: str) -> bool:
    """Whether two words of one length differ in one letter, and not as British and American spelling do."""
    pairs = [pair for pair in zip(one, other, strict=True) if pair[0] != pair[1]]
    return len(pairs) == 1 and set(pairs[0]) != {"s", "z"}


def has_names(claim: str) -> bool:
    """Whether a claim names anything."""
    return bool(_CODE.search(claim)) or any(True for _ in _names(_blanked(claim)))


class _Known:
    """What a text mentions."""

    def __init__(self, text: str) -> None:
        self._alike = alike(text)
        self._words = {word for _, word in words(text)} | self._alike
        self._stems = set(stems(text))
        self._initials = set(_initials(text))
        self._tokens = [_folded(match.group()) for match in _WORD.finditer(text)]
        self._words |= set(self._tokens)
        self._letters = {"".join(own[0] for own in run) for length in _LENGTHS for run in _runs([word for _, word in words(text)], length)}
        self._capital = {_folded(match.group()) for match in _WORD.finditer(text) if match.group()[0].isupper()}

    def has(self, word: str) -> bool:
        """Whether one word of a name is mentioned, in any of its forms."""
        own = _folded(word)
        if word.isupper() and own in _SMALL_WORDS:  # "US", "WHO"
            return own in self._capital | self._alike
        if not own or own in self._words or own in _ROLES or own in self._initials or own.rstrip("s") in self._words:
            return True
        if word.isupper() and len(own) >= _SHORTEST and own in self._letters:
            return True
        if common := _COMPOUND.fullmatch(word):
            return self.has(common[1])
        return all(part in self._words for _, part in words(word)) or any(is_people_of(own, other) for other in self._capital)

    def has_all(self, name: tuple[str, ...]) -> bool:
        """Whether a name is mentioned by its initials."""
        return len(name) > 1 and bool(set(_initials(" ".join(name))) & self._words)

    def has_stem(self, word: str) -> bool:
        """Whether a word is mentioned in another form."""
        return set(stems(word)) <= self._stems

    def is_one_name(self, name: tuple[str, ...]) -> bool:
        """Whether the last two words of a name, if both are only known as names, stand together somewhere."""
        pair = [_folded(word) for word in name if _folded(word) not in _ROLES][-2:]
        if len(pair) < 2 or not all(word in self._capital for word in pair):
            return True
        places = [[place for place, token in enumerate(self._tokens) if token == word] for word in pair]
        return any(abs(one - other) <= _NEAR for one in places[0] for other in places[1])


def _names(claim: str) -> Iterator[_Name]:
    """The runs of capitalised words."""
    run: list[re.Match[str]] = []
    end = 0
    for token in [*_WORD.finditer(claim), None]:
        joined = token is not None and re.fullmatch(r" (?:(?:de|du|al|el|van|von|bin) )?| ", claim[end : token.start()])
        if run and (token is None or not token.group()[0].isupper() or not joined):
            if token is not None and token.group() in _JOINING and joined:
                continue
            opens = not re.search(r"\w", claim[: run[0].start()])
            yield from _name([one.group() for one in run], claim[run[-1].end() :], opens)
            run = []
        if token is not None:
            opener = _STARTS.search(claim[: token.start()]) and re.split("[-’']", token.group().lower())[0] in _OPENERS
            if token.group()[0].isupper() and not opener and len(token.group()) > 1:
                run.append(token)
            end = token.end()


def _name(run: list[str], behind: str, opens: bool) -> Iterator[_Name]:
    """A name; one word that opens the sentence is one only where it reads like one."""
    if opens and len(run) == 1:
        if _ABSTRACT.search(run[0]) or not _IS.search(behind):
            return
        yield _Name(tuple(run), True)
    else:
        yield _Name(tuple(run), False)


def _runs(items: list[str], length: int) -> Iterator[tuple[str, ...]]:
    """Each run of so many items."""
    return zip(*(items[start:] for start in range(length)), strict=False)


def _folded(word: str) -> str:
    return "".join(own for _, own in words(word.replace(".", "")))


def _initials(text: str) -> Iterator[str]:
    """The initials of each run of capitalised words, with and without small words between: "un", "dod"."""
    for match in re.finditer(r"[^\W\d_][\w’'-]*(?:[ -](?:(?:of|the|for|and|de|du) ){0,2}[^\W\d_][\w’'-]*)+", text):
        tokens = re.split(r"[ -]", match.group())
        for begin in range(len(tokens)):
            for end in range(begin + 2, min(begin + 9, len(tokens)) + 1):
                part = tokens[begin:end]
                if part[0][:1].isupper() and part[-1][:1].isupper() and all(word[:1].isupper() or word in _SMALL for word in part):
                    yield "".join(word[0] for word in part).casefold()
                    yield "".join(word[0] for word in part if word[0].isupper()).casefold()


def _blanked(claim: str) -> str:
    """The claim without dates, units and quotations."""
    return QUOTED.sub(lambda match: " " * len(match.group()), without_units(without_days(claim)))
