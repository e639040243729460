"""What the first lines (and the last) of an article's plain text say about it: title, date, authors, publisher.

Shared by the readers of every kind that carries no metadata of its own, or too little. Each value says where it was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from index.dates import date_in_name, find_date, parse_date
from index.titles import headline, split_title, title_key
from index.types import Draft

_HEAD_LINES = 12
_LONG_LINE = 20
_LONGEST_BYLINE = 400
_BYLINE = re.compile(
    r"by:? +(?P<names>[^|·•—–\d]{3,80}?)(?:\s*(?:[|·•—–]|,? (?:published|posted|updated)\b|, (?=\w+ \d|\d)).*)?", re.IGNORECASE
)
_PART_OF_NAME = r"(?:[A-Z][\w.'’-]*|de|da|del|della|van|von|der|den|bin|ibn|al|el|le|la)"
_NAME = re.compile(rf"{_PART_OF_NAME}(?: {_PART_OF_NAME}){{1,4}}")
_DATE_LABEL = re.compile(r"(?:first )?(?:published|posted|date)(?: on)?\b:?", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]+)(?:\.[a-z0-9-]+)*\.[a-z]{2,}/?", re.IGNORECASE)


@dataclass(kw_only=True)
class Found:
    """Metadata that is being collected; the first value found for a field stays, with its source."""

    values: dict[str, Any] = field(default_factory=dict)
    provenance: dict[str, str] = field(default_factory=dict)

    def add(self, name: str, value: Any, source: str) -> None:
        """Keeps `value` for the field `name`, unless it is empty or the field has one."""
        if value and name not in self.values:
            self.values[name] = value
            self.provenance[name] = source

    def draft(self, *, doc_id: str, text: str, **more: Any) -> Draft:
        """The draft of these values."""
        return Draft(doc_id=doc_id, text=text, provenance=self.provenance, **self.values, **more)


def read_head(found: Found, text: str, path: PurePath) -> None:
    """Adds to `found` what the lines of `text` and the file's name say."""
    lines = text.splitlines()
    number = headline(lines)
    if number is not None:
        title, outlet = split_title(" ".join(lines[number].split()), url=found.values.get("url"), publisher=found.values.get("publisher"))
        found.add("title", title, "first line")
        found.add("publisher", outlet, "first line")
    _read_lines(found, [line.strip() for line in lines if line.strip()][:_HEAD_LINES])
    found.add("publisher", _signature(lines), "last lines")
    found.add("published", date_in_name(path), "file name")


def _read_lines(found: Found, head: list[str]) -> None:
    """Adds dates and authors that stand above the second long line; a bare date below the first is the article's, not its own."""
    long_lines = 0
    for line, following in pairwise([*head, ""]):
        long_lines += len(line.split()) >= _LONG_LINE
        if long_lines > 1:
            return
        labelled = _DATE_LABEL.match(line)
        if not long_lines or labelled or line[:3].lower() == "by ":
            found.add("published", find_date(line), "date line")
        if labelled and labelled.end() == len(line):
            found.add("published", parse_date(following), "date line")
        found.add("authors", _byline(line), "byline")


def split_names(text: str) -> tuple[str, ...]:
    """The people of a byline, in its order."""
    names = (part.strip() for part in re.split(r"\s*(?:[,;&]|\band\b)\s*", text))
    return tuple(dict.fromkeys(name for name in names if name))


def sensible(value: object, *, nonsense: frozenset[str]) -> str | None:
    """A document property that a person wrote; None for defaults of programs, file names and the empty string."""
    text = " ".join(str(value or "").split())
    known = text.casefold() in nonsense or re.search(r"\.(?:docx?|indd|pdf|txt|html?|tmp|qxd|rtf|odt)$", text, re.IGNORECASE)
    return None if known or not any(map(str.isalpha, text)) else text


def _byline(line: str) -> tuple[str, ...]:
    found = _BYLINE.fullmatch(line) if len(line) <= _LONGEST_BYLINE else None
    names = split_names(found["names"]) if found else ()
    return names if all(_NAME.fullmatch(name) for name in names) else ()


def _signature(lines: list[str]) -> str | None:
    """The site's name at the end, where a bare web address beside it spells the same name."""
    last = [line.strip() for line in lines if line.strip()][-4:]
    for first, second in pairwise(last):
        for name, address in ((first, second), (second, first)):
            found = _DOMAIN.fullmatch(address)
            if found and title_key(name) == title_key(found[1]) and " " in name:
                return name
    return None


def as_text(value: Any) -> str | None:
    """`value` as one line of text, or None where it is empty or no plain value."""
    if isinstance(value, Mapping) or value is None or isinstance(value, bool):
        return None
    try:
        return " ".join(str(value).split()) or None
    except ValueError:  # Python writes no number of many thousand digits
        return None
