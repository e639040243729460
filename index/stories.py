"""A story: the articles that are copies of each other, who carried it, and which of them is the newest version."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from index.terms import STOP_WORDS, stems
from index.types import Article, Newer

_CORRECTION = re.compile(r"\W*(?:corrections?|corrected|clarification|corrigendum|erratum)\b", re.I)
_FEWEST_WORDS, _ALIKE = 3, 0.6
"""Words of a title, stop words left out, and the part of them that its correction's title repeats."""


@dataclass(frozen=True)
class Story:
    """The articles of one story by row number; their texts are left out."""

    members: Mapping[int, Article]

    @cached_property
    def id(self) -> str:
        """Names the story; a function of its articles, and the text's hash for an article without copies."""
        return min(article.text_hash for article in self.members.values())

    def carried_by(self, number: int) -> tuple[str, ...]:
        """Labels of the others that carried it, in the order of their dates; files by path where nothing else tells them apart."""
        own = self.members[number]
        others = sorted(
            (article for other, article in self.members.items() if other != number),
            key=lambda article: (article.published or "9999", article.label, article.path),
        )
        names = [article.label if article.label != own.label else "" if article.publisher else article.path for article in others]
        return tuple(dict.fromkeys(filter(None, names)))

    def agency(self, number: int) -> str | None:
        """The agency that wrote it, as this article or else another says."""
        named = [self.members[number], *self.members.values()]
        return next((article.agency for article in named if article.agency), None)

    def newest(self, number: int) -> int | None:
        """The newest article that takes the place of this one, if any does."""
        own = self.members[number]
        later = [other for other, article in self.members.items() if _replaces(article, own)]
        return max(later, key=lambda other: (_dated(self.members[other]), self.members[other].id), default=None)

    def newer(self, number: int) -> Newer | None:
        """What takes the place of this article, as a citation of it says."""
        newest = self.newest(number)
        return None if newest is None else newer_of(self.members[newest], self.members[number])


def newer_of(article: Article, than: Article) -> Newer:
    """An article as the newer version of another one."""
    corrects = article.correction and article.correction != than.correction
    return Newer(
        kind="correction" if corrects else "update", label=article.label, article_id=article.id, doc_id=article.doc_id,
        published=_dated(article) or None,
    )  # fmt: skip


def corrects(notice: Article, article: Article) -> bool:
    """Whether an article is a correction of another one of its publisher, told from the words of both titles."""
    if notice.id == article.id or not _CORRECTION.match(notice.title or ""):
        return False
    theirs, own = (set(stems(title or "")) - STOP_WORDS for title in (notice.title, article.title))
    return len(own) >= _FEWEST_WORDS and len(own & theirs) >= _ALIKE * len(own)


def _replaces(later: Article, earlier: Article) -> bool:
    """Whether an article of the same story is a later version: of the same publisher, or one that says itself that it was changed."""
    first, second = _dated(earlier), _dated(later)
    if not first or not second or later.text_hash == earlier.text_hash:
        return False
    known = min(len(first), len(second))  # of two on one day, of which one has no time, neither is known to be later
    is_changed = later.changed is not None and earlier.changed != later.changed
    if is_changed and earlier.changed is None:
        return second[:known] >= first[:known]
    same = later.publisher is not None and earlier.publisher is not None and later.publisher.casefold() == earlier.publisher.casefold()
    return second[:known] > first[:known] and (same or is_changed)


def _dated(article: Article) -> str:
    """When this version was published; empty where that is not known."""
    return article.provenance.get("updated", "").split(" ")[0] or article.published or ""
