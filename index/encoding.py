"""Bytes to text: a byte order mark or valid UTF-8 decides, then what the file declares, then a guess by its letters.

Bytes that are no text at all are told apart, so that nothing binary is ever read as an article.
"""

from __future__ import annotations

import codecs
import re

from index.files import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_DECLARED = re.compile(rb"<(?:meta|\?xml)\b[^>]{0,200}?\b(?:charset|encoding)\s*=\s*[\"']?\s*([\w.:-]+)", re.IGNORECASE)
_HEAD = 4096
_SAMPLE = 200_000
_CONTROLS = bytes(set(range(32)) - set(b"\t\n\r\f\x1b"))
_MOST_CONTROLS = 0.02
# What browsers read when a page declares one of these; the difference is curly quotes and dashes.
_MEANT = {"iso8859-1": "cp1252", "ascii": "cp1252", "iso8859-9": "cp1254", "gb2312": "gb18030", "gbk": "gb18030"}
_GUESSES = (
    "cp1252 cp1250 cp1251 koi8_r iso8859_2 iso8859_5 cp866 cp1253 cp1254 cp1255 cp1256 cp1257 gb18030 big5 shift_jis euc_jp euc_kr".split()
)
_FEW_HIGH_BYTES = 0.06


def decode(data: bytes, *, declared: str | None = None) -> str:
    """The text in `data`.

    Args:
        data: a text file's bytes.
        declared: the encoding that the file says it has, if it does.

    Raises:
        Unreadable: it is binary, or no encoding fits.
    """
    for mark, encoding in _MARKS:
        if data.startswith(mark):
            return _decode_marked(data, encoding)
    if b"\0" in data or _control_share(data[:_SAMPLE]) > _MOST_CONTROLS:
        raise Unreadable("it holds binary data, not text: save it as UTF-8 text, or give it the suffix of what it is")
    known = _known_encoding(declared)
    if known is None or not _is_multibyte(known):
        # Text in a one-byte encoding is practically never valid UTF-8 by chance, whatever a page declares.
        try:
            return data.decode("utf-8")
        except UnicodeDecodeError:
            pass
    if known is not None:
        try:
            return data.decode(known)
        except UnicodeDecodeError:
            pass
    return _guess(data)


def declared_encoding(data: bytes) -> str | None:
    """The encoding that an HTML or XML file declares in its first lines."""
    found = _DECLARED.search(data[:_HEAD])
    return found[1].decode("ascii", "ignore") if found else None


def _decode_marked(data: bytes, encoding: str) -> str:
    try:
        return data.decode(encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("its encoding is damaged (the text breaks off in mid-character): save it again as UTF-8") from error


def _control_share(sample: bytes) -> float:
    return (len(sample) - len(sample.translate(None, _CONTROLS))) / max(1, len(sample))


def _known_encoding(name: str | None) -> str | None:
    if not name:
        return None
    try:
        found = codecs.lookup(name).name
    except LookupError:
        return None
    return None if found.startswith("utf-16") else _MEANT.get(found, found)


def _is_multibyte(encoding: str) -> bool:
    return encoding in {"gb18030", "big5", "big5hkscs", "shift_jis", "cp932", "euc_jp", "euc_kr", "cp949", "iso2022_jp"}


def _guess(data: bytes) -> str:
    """The text by its letters: charset-normalizer's best guess, and Western Europe's encoding where few letters could tell."""
    from charset_normalizer import from_bytes

    high = sum(byte >= 0x80 for byte in data[:_SAMPLE]) / len(data[:_SAMPLE])
    if high < _FEW_HIGH_BYTES and (western := _plausible_western(data)) is not None:
        return western
    best = from_bytes(data[:_SAMPLE], cp_isolation=list(_GUESSES)).best()
    if best is None:
        raise Unreadable("its encoding was not recognised: save it as UTF-8")
    try:
        return data.decode(best.encoding)
    except UnicodeDecodeError as error:
        raise Unreadable("its encoding was not recognised: save it as UTF-8") from error


_WESTERN = re.compile(r"[\sA-Za-z0-9!-~’‘“”–—…•€£©®°·«»¿¡§´½¼¾À-ÖØ-öø-ÿŒœŠšŽžŸ\xa0\xad™ªº²³†‰‚„‹›×÷µ¶±¢¥¬¨¸¹¦¤¯ˆ˜ƒ]*")
_ODD_IN_WORD = re.compile(r"[a-z][£¥¤¢¬¯¦¹³¨¸¶µ×÷¿¡§©®][a-z]|[a-z][³¹¿¶¼¾][ ,.]")


def _plausible_western(data: bytes) -> str | None:
    try:
        text = data.decode("cp1252")
    except UnicodeDecodeError:
        return None
    return text if _WESTERN.fullmatch(text) and not _ODD_IN_WORD.search(text) else None
