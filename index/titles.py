"""Titles: the headline at the head of a plain text, and the site's name that a page title carries behind it.

>>> split_title("Bridge reopens | World | harbour-post.example")
('Bridge reopens', 'harbour-post.example')
"""

from __future__ import annotations

import re

from index import furniture
from index.dates import find_date

_MOST_WORDS = 30
_MOST_CHARACTERS = 220
_SEPARATOR = re.compile(r" (?:\||–|—|-|·|»|::) ")
_DOMAIN = re.compile(r"(?:www\.)?(?:[a-z0-9-]+\.)+[a-z]{2,}", re.IGNORECASE)
_SECTIONS = frozenset(
    "news world politics business sport sports opinion culture arts tech technology entertainment lifestyle health science travel economy"
    " markets africa europe asia americas international national local home article articles breaking latest video features".split()
)
_OUTLET_WORDS = frozenset(
    "news times post herald tribune gazette journal daily weekly press today guardian telegraph chronicle observer mail express"
    " independent reuters magazine review bulletin courier dispatch broadcasting radio tv".split()
)
_END = re.compile(r"[.,;:…]$")
_NOT_A_TITLE = re.compile(
    r"(?:by |credited from|credits?:|source:|photo:|image:|date:|published|posted|updated|https?://|www\.)", re.IGNORECASE
)
_WRAPPED = range(50, 96)


def title_key(text: str) -> str:
    """The letters and digits of `text`, for comparing titles."""
    return "".join(filter(str.isalnum, text.casefold()))


def same_title(line: str, title: str) -> bool:
    """Whether `line` is `title`, with or without a site's name behind it."""
    if len(line) > len(title) + 100 or len(line) < len(title) // 2:
        return False
    key = title_key(title)
    found = title_key(line)
    return bool(key) and (found == key or (found.startswith(key) and title_key(split_title(line)[0]) == key))


def split_title(title: str, *, url: str | None = None, publisher: str | None = None) -> tuple[str, str | None]:
    """`title` without the section and outlet names behind it, and the outlet if one is clearly named.

    A name counts as an outlet's when it is a web address, matches `url` or `publisher`, or holds a word such as "Times".
    """
    outlet: str | None = None
    while separators := list(_SEPARATOR.finditer(title)):
        last = separators[-1]
        name = title[last.end() :].rstrip(" .…")
        kind = _kind_of_name(name, strict=last[0].strip() not in {"|", "»", "::"}, url=url, publisher=publisher)
        head = title[: last.start()].rstrip()
        if kind is None or len(head.split()) < 2:
            break
        title, outlet = head, outlet or (name if kind == "outlet" else None)
    return title, outlet


def headline(lines: list[str]) -> int | None:
    """The number of the line that is the headline of a plain text, or None where it begins with its first sentence."""
    for number, line in enumerate(lines):
        text = line.strip()
        if not text or furniture.match(text) or _NOT_A_TITLE.match(text) or find_date(text):
            continue
        return number if _is_headline(text, [rest.strip() for rest in lines[number + 1 :]]) else None
    return None


def _kind_of_name(name: str, *, strict: bool, url: str | None, publisher: str | None) -> str | None:
    """Either "outlet" or "section", or None where `name` may be part of the headline; `strict` for separators that headlines use too."""
    key = title_key(name)
    words = name.casefold().split()
    if not key or len(words) > 6:
        return None
    if _DOMAIN.fullmatch(name) or (publisher and key == title_key(publisher)) or (url and len(key) > 2 and key in title_key(_host(url))):
        return "outlet"
    if words[0] in _SECTIONS and len(words) == 1:
        return None if strict else "section"
    if _OUTLET_WORDS.intersection(words) and name[0].isupper() and len(words) <= 4 and not strict:
        return "outlet"
    return None


def _host(url: str) -> str:
    return re.sub(r"^\w+://", "", url).split("/", 1)[0]


def _is_headline(text: str, rest: list[str]) -> bool:
    words = text.split()
    if len(words) > _MOST_WORDS or len(text) > _MOST_CHARACTERS or _END.search(text):
        return False
    following = next((line for line in rest if line), "")
    adjacent = bool(rest) and bool(rest[0])
    if adjacent and (following[:1].islower() or (len(text) in _WRAPPED and len(following) in _WRAPPED and not _ends(following))):
        return False
    return sum(len(line.split()) for line in rest) > len(words)


def _ends(line: str) -> bool:
    return line.rstrip("\"'”’)").endswith((".", "!", "?"))
