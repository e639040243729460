r"""Makes any string into text whose offsets can be trusted: NFC, plain line ends and spaces, no invisible characters.

It never touches a visible character beyond Unicode's own normal form; what page furniture is, `clean` decides.

>>> normalise("A\u200b cafe\u0301  \r\n\r\n\r\n\r\nnext\x00")
'A café\n\nnext'
"""

from __future__ import annotations

import re
import unicodedata

_LINE_ENDS = re.compile("\r\n|[\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")
_SPACES = re.compile("[\t\xa0\u1680\u2000-\u200a\u202f\u205f\u3000]")
# C0 and C1 controls, soft hyphen, zero-width and bidirectional marks, byte order mark, lone surrogates.
_INVISIBLE = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x9f\xad\u061c\u180e\u200b\u200e\u200f\u202a-\u202e\u2060-\u206f\ufeff\ufff9-\ufffb\ufffe\uffff\ud800-\udfff]"
)
# Joiners are spelling in Persian and Indic scripts and glue in emoji; after Latin, Greek and Cyrillic they are noise.
_STRAY_JOINERS = re.compile("(?:\\A|(?<=[\x00-\u05ff]))[\u200c\u200d]+")
_TRAILING_SPACES = re.compile("(?<! ) +$", re.MULTILINE)
_BLANK_LINES = re.compile("\n{3,}")
# Normal forms sort each run of combining marks, in time that grows with the square of its length. No script puts more than a
# few on a letter; Unicode's stream-safe format allows 30.
_MANY_MARKS = re.compile("[^\\w\\s\\x00-\u02ff]{31,}")
_MOST_MARKS = 30


def normalise(text: str) -> str:
    """`text` in the one form that Dateline stores; applying it twice changes nothing."""
    text = _composed(text)
    text = _SPACES.sub(" ", _LINE_ENDS.sub("\n", text))
    visible = _STRAY_JOINERS.sub("", _INVISIBLE.sub("", text))
    if visible != text:  # what an invisible character kept apart may compose now
        text = _composed(visible)
    return tidy_blank_lines(_TRAILING_SPACES.sub("", text))


def _composed(text: str) -> str:
    """`text` in normal form C, and without the marks that no letter can carry."""
    text = unicodedata.normalize("NFC", _MANY_MARKS.sub(_fewer_marks, text))
    fewer = _MANY_MARKS.sub(_fewer_marks, text)  # a sign can stand for several marks
    return text if fewer == text else unicodedata.normalize("NFC", fewer)


def _fewer_marks(run: re.Match[str]) -> str:
    """A run of signs with at most thirty combining marks behind each other."""
    kept: list[str] = []
    marks = 0
    for character in run[0]:
        marks = marks + 1 if unicodedata.combining(character) else 0
        if marks <= _MOST_MARKS:
            kept.append(character)
    return "".join(kept)


def tidy_blank_lines(text: str) -> str:
    """`text` with at most one blank line in a row, and none at either end."""
    return _BLANK_LINES.sub("\n\n", text).strip("\n")


def one_line(text: str) -> str:
    """`text` on one line with single spaces: the form of titles, names and reasons."""
    return " ".join(normalise(text).split())
