"""How many articles mention some names: counted in the postings, and for a name of several words in the order of each article's words.

An article mentions a name whose words stand in its text or its title one right after the other, whatever their endings. Where more
than `READ` articles hold all words of a name, they are not looked into and all of them count. So the cost is that of the postings of
the names' words, and of the words of `READ` articles.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING, NamedTuple

from index.catalogue import Catalogue
from index.terms import hashes, stems
from index.types import Filters

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray


READ = 2000
"""Articles in which the order of words is looked up, for one name."""


class Mentions(NamedTuple):
    """The articles that mention something."""

    articles: int
    undated: int
    """How many of them have no date."""
    newest: str | None
    """The latest day on which one of the others was published."""


def count_mentions(catalogue: Catalogue, names: Sequence[str], filters: Filters) -> Mentions:
    """Count the articles that pass the filters and mention every one of some names, in one snapshot."""
    with catalogue.snapshot():
        found = catalogue.allowed(filters)
        for name in names:
            found = found & _naming(catalogue, found, hashes(stems(name)))
        numbers = catalogue.places().numbers[found]
        undated, newest = catalogue.publication(numbers.tolist())
    return Mentions(len(numbers), undated, newest)


def _naming(catalogue: Catalogue, among: NDArray[np.bool_], words: NDArray[np.uint32]) -> NDArray[np.bool_]:
    """For each of the catalogue's places, whether it is one of `among` and names these words; none where there are no words."""
    import numpy as np

    found = among & bool(len(words))
    for word in np.unique(words).tolist():
        held = np.zeros(len(found), np.bool_)
        held[catalogue.holders([word]).places] = True
        found = found & held
    places = np.flatnonzero(found)
    if len(words) > 1 and len(places) <= READ:
        terms = catalogue.term_arrays(catalogue.places().numbers[places].tolist())
        found[places] = [_in_order(some.body, words) or _in_order(some.title, words) for some in terms]
    return found


def _in_order(text: NDArray[np.uint32], words: NDArray[np.uint32]) -> bool:
    """Whether `words` stand in `text` one right after the other."""
    import numpy as np

    if len(text) < len(words):
        return False
    return bool((np.lib.stride_tricks.sliding_window_view(text, len(words)) == words).all(axis=1).any())
