"""Keys and markers: a language model cites with keys such as [K472], a reader sees markers such as [1].

A key tells nothing of the sentences beside its own, so a model that makes one up, or counts on from one that it was given, hits no
sentence: of the 18,000 keys of a letter and three digits an answer uses some fifty.

In everything that a model is shown, and in everything it writes, square brackets are ours alone: `rounded` puts round ones in
the place of all others. So whatever stands in square brackets in an answer is a marker, by construction, and a number that
an article or a model put in brackets cannot pass for one. Which quote a key stands for is known to `generate`.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from hashlib import blake2b

_LETTERS = "BCDFGHJKLMNPRTVWXZ"
"""What keys begin with: none of them reads as a word or a digit, and A is free for the example in the prompt."""
_DIGITS = 3
_OPENING, _CLOSING = "[【［⟦〔", "]】］⟧〕"
_ROUND = str.maketrans(_OPENING + _CLOSING, "(" * len(_OPENING) + ")" * len(_CLOSING))
_KEY = r"(?:[A-Za-z]\d{1,9}|\d{1,3})"
_OPEN, _CLOSE = f"[{re.escape(_OPENING)}]", f"[{re.escape(_CLOSING)}]"
_GROUP = re.compile(rf"(?P<space>\s*){_OPEN}\s*(?P<keys>{_KEY}(?:(?:\s*(?:[,;&–-]|and)\s*|\s+){_KEY})*)[\s,;]*{_CLOSE}")
_UNFINISHED = re.compile(rf"(?<!\s)(?:\s+|\s*{_OPEN}(?:[\d,;&–\s-]|(?<![A-Za-z])(?:and?|[A-Za-z]))*)$")
"""A tail that the next piece could make a group of keys: white space, or an open bracket that could still hold one."""
_LINK = re.compile(r"(?<=\])(?=[(:])")


def rounded(text: str) -> str:
    """`text` with all its square brackets, of any width, made round.

    >>> rounded("as shown [3], 【12】 and [K472]")
    'as shown (3), (12) and (K472)'
    """
    return text.translate(_ROUND)


def opaque_key(place: str, *, is_taken: Callable[[str], bool]) -> str:
    """The key of the sentence at `place`: always the same one, but a longer one where that is taken.

    >>> opaque_key("a1:0", is_taken=set().__contains__), opaque_key("a1:0", is_taken={"X788"}.__contains__)
    ('X788', 'X4788')
    """
    number, letter = divmod(int.from_bytes(blake2b(place.encode(), digest_size=8).digest()), len(_LETTERS))
    length = _DIGITS
    while is_taken(key := f"{_LETTERS[letter]}{number % 10**length:0{length}}"):
        length += 1
    return key


class KeyReader:
    """Turns a model's words into text for readers, piece by piece: keys become markers.

    What `feed` returns, joined, is the same however the words were cut into pieces, and no piece ends inside a marker. White
    space and a bracket that may become a group of keys are held back until the next words come; at the end they are dropped.

    >>> reader = KeyReader({"K472": 1}.get)
    >>> [reader.feed(piece) for piece in ("They left [", "K472", "]. Really [K473].")]
    ['They left', '', ' [1]. Really.']
    >>> reader.rejected
    ('K473',)
    """

    def __init__(self, resolve: Callable[[str], int | None]) -> None:
        self._resolve = resolve
        """From a key to the number of its citation; None for a key that was never given out."""
        self._held = ""
        self._space = ""
        """The white space before a group that was dropped, while nothing has come after it."""
        self._shown: list[str] = []
        self._rejected: dict[str, None] = {}

    def feed(self, piece: str) -> str:
        """Take the next piece of the model's words; return what can be shown of it."""
        self._held += piece
        tail = _UNFINISHED.search(self._held)
        ready = self._held[: tail.start()] if tail else self._held
        self._held = self._held[len(ready) :]
        return self._show(ready)

    @property
    def text(self) -> str:
        """Everything shown so far."""
        return "".join(self._shown)

    @property
    def rejected(self) -> tuple[str, ...]:
        """The keys that were never given out, in order of first use; they are not shown."""
        return tuple(self._rejected)

    def _show(self, words: str) -> str:
        shown, position = [], 0
        for group in _GROUP.finditer(words):
            shown += [self._between(words[position : group.start()]), self._markers(group)]
            position = group.end()
        text = "".join([*shown, self._between(words[position:])])
        if not self._shown:
            text = text.lstrip()
        text = _LINK.sub(" ", text)  # "[1](address)" and "[1]: address" would be links for Markdown
        if text[:1] in ("(", ":") and self._shown and self._shown[-1].endswith("]"):
            text = f" {text}"
        if text:
            self._shown.append(text)
        return text

    def _between(self, words: str) -> str:
        if words:
            self._space = ""
        return rounded(words)

    def _markers(self, group: re.Match[str]) -> str:
        numbers: dict[int, None] = {}
        for key in re.findall(_KEY, group["keys"]):
            number = self._resolve(key.upper())
            if number is None:
                self._rejected[key] = None
            else:
                numbers[number] = None
        markers = "".join(f"[{number}]" for number in numbers)
        space = group["space"] or self._space
        self._space = "" if markers else space
        return space + markers if markers else ""
