"""One slot a story: which of the hits of a search are shown, where several articles are copies of each other.

A story is told by its newest version, where its publisher changed it, else by the copy that was found first. A passage of another copy
is shown only where it says what that one leaves out. Only articles that pass the search's filters are among the hits, so a filter finds
the copy that passes it.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from typing import TYPE_CHECKING, NamedTuple

from index.catalogue import Catalogue
from index.copies import Text, says_nothing_new, shingles
from index.stories import Story, corrects, newer_of
from index.types import Article, Carried, Newer

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_LATEST = timedelta(days=60)
"""When a paper has printed its corrections of an article."""


class Hit(NamedTuple):
    """A chunk with its joint score."""

    number: int
    chunk: int = 0
    score: float = 0.0


class Slots:
    """The stories of one search. Called inside a snapshot."""

    def __init__(self, catalogue: Catalogue, ranking: Sequence[Hit]) -> None:
        """Look up the stories of all articles that were found.

        Args:
            catalogue: where they are.
            ranking: every hit, best first.
        """
        self._catalogue = catalogue
        self._ranking = ranking
        self._found = {hit.number for hit in ranking}
        self._stories = stories_of(catalogue, self._found)
        self._shingles: dict[int, NDArray[np.int64]] = {}

    def story_id(self, number: int, article: Article) -> str:
        """Names the story of an article; the text's hash for one without copies."""
        story = self._stories.get(number)
        return story.id if story else article.text_hash

    def carried(self, number: int, article: Article) -> Carried:
        """What is known of an article's story beside the article."""
        story = self._stories.get(number)
        newer = (story.newer(number) if story else None) or _correction(self._catalogue, article)
        if story is None:
            return Carried(agency=article.agency, superseded=newer)
        return Carried(agency=story.agency(number), carried_by=story.carried_by(number), superseded=newer)

    def chosen(self, hits: Iterable[Hit]) -> Iterator[Hit]:
        """Those of some hits that are shown, in their order."""
        tellers: dict[str, int] = {}
        given: set[tuple[int, int]] = set()
        for hit in hits:
            story = self._stories.get(hit.number)
            if story is None:
                yield hit
                continue
            if story.id not in tellers:
                tellers[story.id] = teller = self._teller(story, hit.number)
                if teller != hit.number:
                    best = next(other for other in self._ranking if other.number == teller)
                    given.add((best.number, best.chunk))
                    yield best._replace(score=hit.score)
            if (hit.number, hit.chunk) not in given and not self._is_told(hit, tellers[story.id]):
                yield hit

    def _teller(self, story: Story, number: int) -> int:
        """The newest version of an article among those that were found."""
        newest = story.newest(number)
        return newest if newest is not None and newest in self._found else number

    def _is_told(self, hit: Hit, teller: int) -> bool:
        """Whether another article tells the story and says what this hit does."""
        if hit.number == teller:
            return False
        own, told = self._catalogue.term_arrays([hit.number, teller])
        if teller not in self._shingles:
            self._shingles[teller] = shingles(told.body)
        passage = Text(own.body[own.bounds[hit.chunk] : own.bounds[hit.chunk + 1]], self._catalogue.numbers_in(hit.number))
        return says_nothing_new(passage, told.body, self._shingles[teller])


def _correction(catalogue: Catalogue, article: Article) -> Newer | None:
    if article.publisher is None or article.published is None:
        return None
    day = date.fromisoformat(article.published[:10])
    first, last = (int(f"{one:%Y%m%d}") for one in (day, day + _LATEST))
    notices = catalogue.heads(catalogue.corrections(article.publisher, first, last)).values()
    fitting = [notice for notice in notices if corrects(notice, article)]
    newest = max(fitting, key=lambda notice: (notice.published or "", notice.id), default=None)
    return newer_of(newest, article) if newest else None


def stories_of(catalogue: Catalogue, numbers: Iterable[int]) -> dict[int, Story]:
    """Row number -> story, for those of some articles that have copies, and for these."""
    members = catalogue.stories(numbers)
    heads = catalogue.heads(list(members))
    stories: Mapping[tuple[int, ...], Story] = {some: Story({number: heads[number] for number in some}) for some in set(members.values())}
    return {number: stories[some] for number, some in members.items()}
