"""The catalogue: one SQLite file that holds every article, its chunks, sentences, vectors and search terms.

It is the truth; the vector store is a projection of it that can be rebuilt at any time. An article's change is one
transaction, which also moves the generation on. Which chunks the vector store still has to learn or to forget is recorded
in the same transaction, so a crash between the two loses nothing. Scores are not computed here (see `index.keywords`).

connection (SQLite) <- database (opening, facts) <- reading (articles) <- segments (words of many) <- finding (filters)
<- folding (making segments) <- linking (copies) <- writing (changes).
"""

from index.catalogue.schema import Entry, FileRecord, Known, Totals
from index.catalogue.writing import Catalogue

__all__ = ["Catalogue", "Entry", "FileRecord", "Known", "Totals"]
