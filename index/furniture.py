"""Tells what a paragraph of page furniture is: a share or comment prompt, a cookie notice, a heading over other stories, and so on.

It sees one paragraph at a time; `clean` decides by place and neighbours whether a match is cut. The words are in `furniture_rules`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache, lru_cache
from typing import Literal, NamedTuple, get_args

from index.furniture_rules import OPEN_WORDS, PATTERNS

Where = Literal["anywhere", "article", "edge", "company"]
"""Where a match may be cut: anywhere; in a text that is prose, unless it ends as a sentence; before the first or after the last
prose; there, and only in the company of other furniture."""
Heading = Literal["strong", "article", "weak"]
"""How surely a paragraph heads a list of other stories: anywhere; after the prose of an article; there, if headlines follow."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Rule:
    """One kind of page furniture."""

    name: str
    where: Where
    topic: str
    """A word that, in the article's own prose, means that the article may be about this very thing; or empty."""


class _Compiled(NamedTuple):
    rules: tuple[tuple[re.Pattern[str], Rule], ...]
    closed: re.Pattern[str]
    """Every pattern that begins with a word of its own."""
    open: re.Pattern[str]
    """The others."""
    headings: dict[Heading, re.Pattern[str]]


_LONGEST = 420
"""Characters; a longer paragraph is never furniture."""
_LONGEST_HEADING = 80
_REMEMBERED = 1024
"""Paragraphs; an article is looked at more than once, and pages of one site share their furniture."""
_REPORT_WORDS = 8
_REPORTED = re.compile(
    r"\b(?:said|says|saying|told|tells|wrote|writes|argue[ds]?|announced|reported|according to|asked|insist(?:s|ed)|warned|claim(?:s|ed))\b"
)
_DECORATION = " •·*–—-»›>→|_#[]►▶✓◆■…"
_WILDCARDS = (".{", "(?=.{", "(?!")
_NAMED = re.compile(r"<\w+>")
_CAPTURING = re.compile(r"(?<!\\)\((?!\?)")


@lru_cache(maxsize=_REMEMBERED)
def match(paragraph: str) -> Rule | None:
    """The rule that describes all of `paragraph`; None for words that someone reports, which are the article's."""
    if len(paragraph) > _LONGEST:
        return None
    text = plain(paragraph)
    compiled = _compiled()
    is_open = any(word in text for word in OPEN_WORDS)
    if not text or not (compiled.closed.fullmatch(text) or (is_open and compiled.open.fullmatch(text))):
        return None
    if _REPORTED.search(text) and len(text.split()) >= _REPORT_WORDS:
        return None
    rule = next(rule for pattern, rule in compiled.rules if pattern.fullmatch(text))
    return None if rule.where == "article" and paragraph.rstrip().endswith(".") else rule


@lru_cache(maxsize=_REMEMBERED)
def heading(paragraph: str) -> Heading | None:
    """Whether, and how surely, `paragraph` heads a list of other stories."""
    if len(paragraph) > _LONGEST_HEADING:
        return None
    text = plain(paragraph)
    forms = (text, text.rstrip(": "))
    return next((kind for kind, pattern in _compiled().headings.items() if any(map(pattern.fullmatch, forms))), None)


def plain(paragraph: str) -> str:
    """`paragraph` as the patterns see it: lower case, single spaces, straight apostrophes, no bullets, brackets or final stop."""
    text = " ".join(paragraph.replace("’", "'").replace("‘", "'").lower().split()).strip(_DECORATION).rstrip(".! ")
    return text[1:-1].rstrip(".! ") if text.startswith("(") and text.endswith(")") else text


@cache
def _compiled() -> _Compiled:
    """The patterns, compiled at first use."""
    rules: dict[Rule, list[str]] = {}
    headings: dict[Heading, list[str]] = {kind: [] for kind in get_args(Heading)}
    for name, place, topic, pattern in _parse(PATTERNS):
        if name == "heading":
            headings[place].append(pattern)  # type: ignore[index]  # the section's second word is the kind of heading
        else:
            rules.setdefault(Rule(name=name, where=place, topic=topic), []).append(pattern)  # type: ignore[arg-type]
    every = [pattern for patterns in rules.values() for pattern in patterns]
    surest_first = sorted(rules, key=lambda rule: get_args(Where).index(rule.where))
    compiled = tuple((re.compile("|".join(rules[rule])), rule) for rule in surest_first)
    return _Compiled(
        rules=compiled,
        closed=re.compile("|".join(pattern for pattern in every if not pattern.startswith(_WILDCARDS))),
        open=re.compile("|".join(pattern for pattern in every if pattern.startswith(_WILDCARDS))),
        headings={kind: re.compile("|".join(patterns)) for kind, patterns in headings.items()},
    )


def _parse(text: str) -> Iterator[tuple[str, str, str, str]]:
    """(rule name, place, topic, pattern) of each line of `furniture_rules.PATTERNS`."""
    names: dict[str, str] = {}
    section = ("", "", "")
    for line in text.replace("\n    ", "").splitlines():
        if line.startswith("["):
            name, place, topic = (*line.strip("[]").split(" | "), "")[:3]
            section = (name, place, topic)
        elif line.startswith("<") and " = " in line:
            name, pattern = line.split(" = ", 1)
            names[name] = f"(?:{_CAPTURING.sub('(?:', pattern)})"
        elif line:
            pattern = _NAMED.sub(lambda found: names[found[0]], line)
            yield *section, _CAPTURING.sub("(?:", pattern)
