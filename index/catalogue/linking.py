"""Which articles are copies of each other, kept with each article that comes or goes.

An article is filed under a few of its shingles (`index.copies.keys`), in an order that its text and its id decide. Under each shingle
it is compared with its nearest neighbours on both sides and with no others, so that a line that stands on every page costs no more than
another. Where an article comes between two neighbours, or goes from there, these cease or begin to be compared. `ways` counts under how
many shingles two copies are neighbours: what is linked is therefore a function of the articles that are stored, and of nothing before.

All copies of copies make one story; a story is put together when it is read, so none is lost with its first member.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from index.catalogue.complaints import damaged
from index.catalogue.folding import Folder
from index.catalogue.schema import ARTICLE_COLUMNS, IS_CORRECTION, article_of, crc
from index.copies import Text, are_copies, keys, number_hashes
from index.errors import HomeDamaged
from index.types import Article

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

NEIGHBOURS = 4
"""Articles on each side that one is compared with under a shingle."""

Pair = tuple[int, int]


class _Signature(NamedTuple):
    """What is kept of an article to find its copies and to compare it with them."""

    place: int
    shingles: list[int]
    numbers: NDArray[np.uint32]


class Linker(Folder):
    """What `Folder` offers, and links between copies. Changes belong inside `writing()`."""

    # Reading

    def stories(self, numbers: Iterable[int]) -> dict[int, tuple[int, ...]]:
        """Row number -> all articles of its story, for those of some articles that have copies."""
        links = self._links_around(numbers)
        stories: dict[int, tuple[int, ...]] = {}
        for number in links:
            if number not in stories:
                members = tuple(sorted(_reached(number, links)))
                stories.update(dict.fromkeys(members, members))
        return stories

    def numbers_in(self, number: int) -> NDArray[np.uint32]:
        """The hashes of the numbers that an article with copies holds, ascending."""
        return self._signatures([number])[number].numbers

    def heads(self, numbers: Sequence[int]) -> dict[int, Article]:
        """The facts of some articles by row number, the texts left out."""
        rows = self.rows_among(f"SELECT number, crc, {ARTICLE_COLUMNS} FROM articles WHERE number IN ({{marks}})", numbers)
        for number, check, *head in rows:
            self._require_sound("facts", number, check, *head[1:])
        for number in {*numbers} - {row[0] for row in rows}:
            raise damaged(self.path, f"article {number} is missing")
        return {number: article_of(head, "") for number, _, *head in rows}

    def corrections(self, publisher: str, first: int, last: int) -> list[int]:
        """Articles of a publisher, of the days from `first` to `last`, that say that they correct something."""
        sql = f"SELECT number FROM articles WHERE {IS_CORRECTION} AND publisher = ? AND day BETWEEN ? AND ?"
        return [number for (number,) in self.rows(sql, [publisher, first, last])]

    def _links_around(self, numbers: Iterable[int]) -> dict[int, list[int]]:
        """Article -> its copies, of some articles and of all that these lead to."""
        links: dict[int, list[int]] = {}
        ahead = set(numbers)
        while ahead:
            rows = self.rows_among("SELECT number, other, ways, crc FROM copies WHERE number IN ({marks})", list(ahead))
            for number, other, ways, check in rows:
                self._require_sound("links", number, check, _link(number, other, ways))
                links.setdefault(number, []).append(other)
            ahead = {row[1] for row in rows} - links.keys()
        return links

    def _unsound_rows(self) -> Iterator[str]:
        yield from super()._unsound_rows()
        yield from self._unsound_links()

    def _unsound_links(self) -> Iterator[str]:
        """What does not fit together in the three tables of this module."""
        filed = 0
        for number in self.numbers():
            try:
                for place, shingles, _ in self._signatures([number]).values():
                    filed += self._count_filed(number, place, shingles)
            except HomeDamaged as error:
                yield str(error)
        try:
            self._links_around(self.numbers())
        except HomeDamaged as error:
            yield str(error)
        ((found,),) = self.rows("SELECT count(*) FROM shingles")
        ((expected,),) = self.rows("SELECT ifnull(sum(length(shingles)), 0) / 8 FROM signatures")
        if not filed == found == expected:
            yield f"articles should be filed under {expected} shingles, and are under {filed} of {found}"
        ends = "SELECT count(*) FROM copies LEFT JOIN copies AS back ON back.number = copies.other AND back.other = copies.number"
        ((broken,),) = self.rows(f"{ends} WHERE back.ways IS NOT copies.ways OR copies.number NOT IN (SELECT number FROM articles)")
        if broken:
            yield f"{broken} links between copies have lost one of their ends"

    def _count_filed(self, number: int, place: int, shingles: Sequence[int]) -> int:
        """Under how many of some shingles an article is filed."""
        sql = f"SELECT count(*) FROM shingles WHERE shingle IN ({{marks}}) AND place = {place} AND number = {number}"
        return sum(int(count) for (count,) in self.rows_among(sql, shingles))

    # Writing

    def link(self, number: int, article_id: str, stems: Sequence[str]) -> None:
        """File a new article, whose terms are stored, and link it with its copies."""
        ((_, terms, _),) = self._read_terms([number])
        own = keys(terms.body)
        shingles, blob, numbers = own.tolist(), own.tobytes(), number_hashes(stems).tobytes()
        place = _place(shingles, article_id)
        check = crc(str(place), blob, numbers)
        self.rows("INSERT INTO signatures VALUES (?, ?, ?, ?, ?)", [number, place, blob, numbers, check])
        near, apart = Counter[Pair](), Counter[Pair]()
        for shingle in self._filed(shingles):
            before, after = self._around(shingle, place, number)
            near.update((number, other) for other in (*before, *after))
            apart.update(_outermost(before, after))
        if shingles:
            rows = [value for shingle in shingles for value in (shingle, place, number)]
            self.rows(f"INSERT INTO shingles VALUES {', '.join(['(?, ?, ?)'] * len(shingles))}", rows)
        self._loosen(apart)
        self._tie(near)

    def unlink(self, number: int) -> None:
        """Take an article that is about to be deleted out of its story; its terms and those of its neighbours are still there."""
        near = Counter[Pair]()
        for place, shingles, _ in self._signatures([number]).values():
            for shingle in shingles:
                near.update(_outermost(*self._around(shingle, place, number)))
                self.rows("DELETE FROM shingles WHERE shingle = ? AND place = ? AND number = ?", [shingle, place, number])
        for (other,) in self.rows("SELECT other FROM copies WHERE number = ?", [number]):
            self.rows("DELETE FROM copies WHERE number = ? AND other = ?", [other, number])
        self.rows("DELETE FROM copies WHERE number = ?", [number])
        self.rows("DELETE FROM signatures WHERE number = ?", [number])
        self._tie(near)

    def _filed(self, shingles: Sequence[int]) -> list[int]:
        """Those of some shingles that any article is filed under."""
        if not shingles:
            return []
        values = ", ".join(["(?)"] * len(shingles))
        sql = f"WITH asked (asked) AS (VALUES {values}) SELECT asked FROM asked WHERE EXISTS (SELECT 1 FROM shingles WHERE shingle = asked)"
        return [shingle for (shingle,) in self.rows(sql, shingles)]

    def _around(self, shingle: int, place: int, number: int) -> tuple[list[int], list[int]]:
        """The neighbours of an article under a shingle, before it and after it, the nearest first."""
        sql = "SELECT number FROM shingles WHERE shingle = ? AND (place, number) {} (?, ?) ORDER BY place {order}, number {order} LIMIT ?"
        values = [shingle, place, number, NEIGHBOURS]
        before, after = sql.format("<", order="DESC"), sql.format(">", order="ASC")
        return [other for (other,) in self.rows(before, values)], [other for (other,) in self.rows(after, values)]

    def _loosen(self, pairs: Counter[Pair]) -> None:
        """Links of so many ways fewer."""
        known = self._ways(pairs)
        for pair, fewer in pairs.items():
            if pair in known:
                self._put_link(pair, known[pair] - fewer)

    def _tie(self, pairs: Counter[Pair]) -> None:
        """Links of so many ways more; a pair that has none is compared first."""
        known = self._ways(pairs)
        texts = self._texts({number for pair in pairs if pair not in known for number in pair})
        for pair, more in pairs.items():
            if pair in known or are_copies(*(texts[number] for number in pair)):
                self._put_link(pair, known.get(pair, 0) + more)

    def _ways(self, pairs: Iterable[Pair]) -> dict[Pair, int]:
        """Under how many shingles two copies are neighbours, for those that are linked."""
        found: dict[Pair, int] = {}
        for number, other in pairs:
            for (ways,) in self.rows("SELECT ways FROM copies WHERE number = ? AND other = ?", [number, other]):
                found[number, other] = ways
        return found

    def _put_link(self, pair: Pair, ways: int) -> None:
        for number, other in (pair, pair[::-1]):
            if ways > 0:
                check = crc(_link(number, other, ways))
                self.rows("INSERT OR REPLACE INTO copies VALUES (?, ?, ?, ?)", [number, other, ways, check])
            else:
                self.rows("DELETE FROM copies WHERE number = ? AND other = ?", [number, other])

    def _texts(self, numbers: Iterable[int]) -> dict[int, Text]:
        asked = list(numbers)
        terms = {number: some.body for number, some, _ in self._read_terms(asked)}
        return {number: Text(terms[number], found) for number, (_, _, found) in self._signatures(asked).items()}

    def _signatures(self, numbers: Sequence[int]) -> dict[int, _Signature]:
        """The signatures of some articles, those that have one: what an older format stored has none until it is read again."""
        import numpy as np

        rows = self.rows_among("SELECT number, place, shingles, numbers, crc FROM signatures WHERE number IN ({marks})", numbers)
        for number, place, shingles, found, check in rows:
            self._require_sound("signature", number, check, str(place), shingles, found)
        return {
            number: _Signature(place, np.frombuffer(shingles, np.int64).tolist(), np.frombuffer(found, np.uint32))
            for number, place, shingles, found, _ in rows
        }


def _outermost(before: Sequence[int], after: Sequence[int]) -> Iterator[Pair]:
    """The pairs on both sides of an article that are compared when it is not between them, and not when it is."""
    for steps, left in enumerate(before, 1):
        if NEIGHBOURS - steps < len(after):
            yield left, after[NEIGHBOURS - steps]


def _place(shingles: Sequence[int], article_id: str) -> int:
    """Where an article stands among those of the same shingle.

    The smallest shingle comes first, so that copies stand side by side even under a shingle that many articles have.
    """
    first = shingles[0] if shingles else 0
    return (first >> 32 << 32) | zlib.crc32(article_id.encode())


def _reached(start: int, links: dict[int, list[int]]) -> set[int]:
    """All that links lead to."""
    reached, ahead = {start}, [start]
    while ahead:
        fresh = set(links[ahead.pop()]) - reached
        reached |= fresh
        ahead.extend(fresh)
    return reached


def _link(number: int, other: int, ways: int) -> str:
    return f"{number} {other} {ways}"
