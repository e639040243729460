"""A memo against a home: whether its articles are there and as they were, and each quote where it was."""

from __future__ import annotations

from collections.abc import Iterator
from functools import cached_property
from pathlib import PurePath
from typing import TYPE_CHECKING

from index.types import Article, Passage, Span
from rag.memo.data import Memo, Source, differing, shown, words_of
from rag.memo.findings import Finding
from rag.speech.beside import speech_at
from rag.types import Citation

if TYPE_CHECKING:
    from index.home import Home


def against(memo: Memo, home: Home) -> Iterator[Finding]:
    """What is not in the home as the memo says."""
    with home.catalogue.snapshot():
        shelf = _Shelf(home)
        found = {source.id: shelf.find(source) for source in memo.articles}
        listed = {source.id: source for source in memo.articles}
        for source in memo.articles:
            yield from (
                Finding(kind="article", where=f"article {source.id}", what=what) for what in _article(source, found[source.id], shelf)
            )
        for number, entry in enumerate(memo.answers, start=1):
            for place, cited in enumerate(shown(entry.answer), start=1):
                article = found.get(cited.article_id)
                if article is None:
                    continue
                lines = _source(cited, listed[cited.article_id], article, home)
                name = f"[{cited.number}]" if isinstance(cited, Citation) else f"passage {place}"
                yield from (Finding(kind="article", where=f"answer {number}, {name}", what=line) for line in lines)


class _Shelf:
    """The articles of a home, by id and by text."""

    def __init__(self, home: Home) -> None:
        self._home = home

    def find(self, source: Source) -> Article | None:
        """The article of a memo, or the one of the same facts and text that stands elsewhere now."""
        numbers = self._home.catalogue.locate([source.id])
        if numbers:
            return self._home.catalogue.numbered(numbers[source.id])[0]
        same = ("title", "publisher", "published")
        return next((a for a in self.alike(source) if all(getattr(a, name) == getattr(source, name) for name in same)), None)

    def alike(self, source: Source) -> Iterator[Article]:
        """The articles with the same text."""
        ids = self._by_text.get(source.text_hash or "", [])
        numbers = self._home.catalogue.locate(ids)
        yield from (self._home.catalogue.numbered(numbers[id_])[0] for id_ in ids)

    @cached_property
    def _by_text(self) -> dict[str, list[str]]:
        found: dict[str, list[str]] = {}
        for root in self._home.catalogue.roots():
            for known in self._home.catalogue.known(root):
                found.setdefault(known.text_hash, []).append(known.id)
        return found


def _article(source: Source, article: Article | None, shelf: _Shelf) -> Iterator[str]:
    """What is otherwise about an article as a whole."""
    name = f"“{source.title or source.label}”"
    if article is None:
        others = ", ".join(f"{one.path} ({one.label})" for one in shelf.alike(source))
        yield f"{name} is gone from the home" + (f"; the same text stands in {others}" if others else "")
        return
    if article.id != source.id:
        yield f"{name} has moved from {source.path} to {article.path}"
    if source.text_hash is None:
        yield f"{name} has no hash in the memo: the home did not hold it as it is cited when the memo was made"
    elif article.text_hash != source.text_hash:
        yield f"the text of {name} has changed: its hash is {article.text_hash}, and {source.text_hash} in the memo"
    moved = {"path", "doc_id", "label"} if article.id != source.id else set()
    for fact in differing(source, article):
        if fact not in moved:
            yield f"the {fact} of {name} is {getattr(article, fact)!r} in the home, and {getattr(source, fact)!r} in the memo"
    if PurePath(article.root).name != source.root and not moved:
        yield f"{name} lies under {PurePath(article.root).name!r} in the home, and under {source.root!r} in the memo"
    if source.text_hash is not None:
        yield from _origins(source, article, name)


def _origins(source: Source, article: Article, name: str) -> Iterator[str]:
    if article.authors != source.authors:
        here, there = (", ".join(authors) or "none" for authors in (article.authors, source.authors))
        yield f"the authors of {name} are {here} in the home, and {there} in the memo"
    for fact in dict.fromkeys([*source.provenance, *article.provenance]):
        read, told = article.provenance.get(fact), source.provenance.get(fact)
        if read != told:
            yield f"where the {fact} of {name} was read from is {read!r} in the home, and {told!r} in the memo"


def _source(cited: Citation | Passage, source: Source, article: Article, home: Home) -> Iterator[str]:
    """What is otherwise about the words that are cited, and about the story of their article."""
    quote = words_of(cited)
    if article.text[cited.start : cited.end] != quote:
        place = article.text.find(quote) if quote else -1
        changed = article.text_hash != source.text_hash
        why = "the article has changed" if changed and source.text_hash else "the article does not read so there"
        there = f"it stands at {place} to {place + len(quote)}" if place >= 0 else "its words are not in the article"
        yield f"the quote is not at {cited.start} to {cited.end}: {why}, and {there}"
    elif isinstance(cited, Citation):
        yield from _speech(cited, article, home)
    now = home.carried(article)
    if now.superseded != cited.superseded and now.superseded is not None:
        newer = now.superseded
        yield f"superseded by the {newer.kind} of {newer.published or 'an unknown day'} ({newer.label}, article {newer.article_id})"
    elif now.superseded != cited.superseded:
        yield "the memo says that it was superseded, and in the home nothing took its place"
    if now.agency != cited.agency:
        yield f"its story is credited to {now.agency or 'no agency'} in the home, and to {cited.agency or 'no agency'} in the memo"
    if set(now.carried_by) != set(cited.carried_by):
        here, there = (", ".join(labels) or "nobody" for labels in (now.carried_by, cited.carried_by))
        yield f"its story is also carried by {here} in the home, and by {there} in the memo"


def _speech(cited: Citation, article: Article, home: Home) -> Iterator[str]:
    """What is otherwise about who says what a quote says, told by the sentences of the passage that it stands in."""
    number = home.catalogue.locate([article.id])[article.id]
    ((_, _, sentences, passages),) = home.catalogue.whole([number])
    for start, end in passages:
        if start <= cited.start and cited.end <= end:
            inside = [
                Span(max(one.start, start) - start, min(one.end, end) - start) for one in sentences if one.start < end and start < one.end
            ]
            now = speech_at(article.text[start:end], inside, cited.start - start, cited.end - start)
            if now != cited.speech:
                here, there = (speech.display if speech else "nobody's words" for speech in (now, cited.speech))
                yield f"who says it is told otherwise: {here} by the home's article, and {there} in the memo"
            return
