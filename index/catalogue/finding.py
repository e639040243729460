"""Which articles pass a filter, and which hold the words of a question."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from index.catalogue.reading import UNDER, marks, under_values
from index.catalogue.segments import Segments
from index.types import Filters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

_MOST_REMEMBERED = 10_000
"""Words whose frequencies are remembered."""
_FILTERS_KEPT = 8
"""Filters whose articles are remembered."""


class Finder(Segments):
    """What `Segments` offers, and the search by filter and by word."""

    def __init__(self, path: Path) -> None:
        super().__init__(path)
        self._frequencies: tuple[int, dict[str, int]] = (-1, {})
        self._allowed: tuple[int, dict[Filters, NDArray[np.bool_]]] = (-1, {})

    def matching(self, filters: Filters) -> list[int]:
        """Row numbers of the articles that pass the filters."""
        where, values = self._where(filters)
        return [number for (number,) in self.rows(f"SELECT number FROM articles WHERE {where}", values)]

    def allowed(self, filters: Filters) -> NDArray[np.bool_]:
        """For each of `places()`, whether the article is live and passes the filters; remembered until the generation moves."""
        import numpy as np

        places = self.places()
        if filters == Filters():
            return places.live
        generation, known = self._allowed
        if generation != places.generation or len(known) >= _FILTERS_KEPT:
            known = {}
        if filters not in known:
            mask = np.zeros(len(places.numbers), np.bool_)
            mask[places.of(self.matching(filters))] = True
            known = {**known, filters: mask}
            self._allowed = (places.generation, known)
        return known[filters]

    def undated(self, filters: Filters) -> int:
        """How many articles a date filter leaves out for having no date, the other filters holding."""
        where, values = self._where(Filters(publishers=filters.publishers, paths=filters.paths))
        return int(self.rows(f"SELECT count(*) FROM articles WHERE day IS NULL AND {where}", values)[0][0])

    def _where(self, filters: Filters) -> tuple[str, list[Any]]:
        """The filters as a condition on `articles`; `1` when there are none."""
        parts: list[str] = []
        values: list[Any] = []
        since, until = filters.day_range
        if since is not None:
            parts.append("day >= ?")
            values.append(since)
        if until is not None:
            parts.append("day <= ?")
            values.append(until)
        if filters.publishers:
            meant = {name.casefold() for name in filters.publishers}
            names = [name for name in self._publisher_names() if name.casefold() in meant]
            parts.append(f"publisher IN ({marks(names)})")
            values.extend(names)
        if filters.paths:
            parts.append("(" + " OR ".join(UNDER for _ in filters.paths) + ")")
            values.extend(value for path in filters.paths for value in under_values(path))
        return " AND ".join(parts) or "1", values

    def _publisher_names(self) -> list[str]:
        """Each publisher once: one step through the index for each, not for each article."""
        following = "SELECT min(publisher) FROM articles WHERE publisher > name"
        sql = f"""
            WITH RECURSIVE names (name) AS (
                SELECT min(publisher) FROM articles UNION ALL SELECT ({following}) FROM names WHERE name IS NOT NULL)
            SELECT name FROM names WHERE name IS NOT NULL"""
        return [name for (name,) in self.rows(sql)]

    # Keywords

    def document_frequencies(self, stems: Sequence[str]) -> dict[str, int]:
        """Stem -> number of articles that hold it, for those that occur; remembered until the generation moves."""
        from index.terms import hashes

        generation = self.generation
        known = self._frequencies[1] if self._frequencies[0] == generation and len(self._frequencies[1]) < _MOST_REMEMBERED else {}
        asked = [stem for stem in stems if stem not in known]
        if asked:
            terms = hashes(asked).tolist()
            counted = self.holding(terms)
            known = {**known, **{stem: counted.get(term, 0) for stem, term in zip(asked, terms, strict=True)}}
            self._frequencies = (generation, known)
        return {stem: known[stem] for stem in stems if known[stem]}
