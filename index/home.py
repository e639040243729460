"""A home: the folder where Dateline keeps what it knows of your articles.

`catalogue.sqlite` is the truth, `chroma/` its projection, `writer.lock` admits one writer at a time. Reading needs no lock.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from functools import cached_property, partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

from index.catalogue import Catalogue
from index.errors import HomeError, HomeMismatch, NotFound
from index.folder import is_apart, note_roots, require_folder, writing
from index.settle import is_due, settle
from index.types import Article, Carried, Filters, Passage, Removed, SyncReport
from index.vectors import Vectors

if TYPE_CHECKING:
    from index.encoder import Encoder
    from index.mentions import Mentions
    from index.search import Searcher
    from index.sync import Progress

DEFAULT_NAME = ".dateline"
_LOCK_SECONDS = 10.0


def default_home() -> Path:
    """`$DATELINE_HOME`, else `.dateline` in the working directory."""
    return Path(os.environ.get("DATELINE_HOME") or DEFAULT_NAME)


@dataclass(frozen=True, kw_only=True, slots=True)
class Stats:
    """What a home holds."""

    generation: int
    articles: int
    chunks: int
    roots: tuple[str, ...]
    publishers: tuple[tuple[str, int], ...]
    """(publisher, articles), most articles first."""
    first: str | None
    """Earliest publication day."""
    last: str | None
    """Latest publication day."""
    undated: int

    def to_dict(self) -> dict[str, Any]:
        """These counts as plain JSON data."""
        return {**asdict(self), "roots": list(self.roots), "publishers": [list(pair) for pair in self.publishers]}


@dataclass(frozen=True, kw_only=True, slots=True)
class Spread:
    """How the articles of a home are spread over time and over the folders that they came from."""

    days: tuple[tuple[str, int], ...]
    """(day of publication, articles), earliest first."""
    roots: tuple[tuple[str, int], ...]
    """(root, articles), in order."""


class Home:
    """An open home. Safe to use from several threads; close it, or use it as a context manager."""

    def __init__(self, path: Path, catalogue: Catalogue, vectors: Vectors, encoder: Encoder) -> None:
        self.path = path
        self.catalogue = catalogue
        self.vectors = vectors
        self.encoder = encoder

    @classmethod
    def open(cls, path: Path | str | None = None, *, encoder: str | Encoder = "built-in", create: bool = False) -> Self:
        """Open the home at `path`.

        Args:
            path: the folder; None for `default_home()`.
            encoder: an encoder, or its spec (see `index.embedders`).
            create: make the home if there is none.

        Raises:
            BadPath: there is none, or `path` is no folder.
            HomeDamaged: its catalogue does not read.
            HomeMismatch: another encoder or a newer Dateline made it.
        """
        folder = Path(path) if path is not None else default_home()
        require_folder(folder, create=create)
        opened = _encoder(encoder)
        catalogue = Catalogue.open(folder / "catalogue.sqlite")
        home = cls(folder, catalogue, Vectors.at(folder / "chroma"), opened)
        home._require_same_encoder()
        home._reconcile()
        return home

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close files; the vector store stays open for other users of this process."""
        self.catalogue.close()

    # Writing

    def sync(
        self,
        path: Path | str,
        *,
        allow_empty: bool = False,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
        wait: float = _LOCK_SECONDS,
    ) -> SyncReport:
        """Bring the home up to date with a folder or file, and with nothing else.

        Args:
            path: what to read.
            allow_empty: delete what was synced from `path` although it vanished or came up empty.
            progress: called with (what is counted, done, total).
            cancelled: asked again and again, also from a second thread; once it says yes, what is not stored by then is left to the
                next sync, and the report says so.
            wait: seconds to wait for another writer.

        Raises:
            BadPath: `path` is missing or holds no article.
            HomeLocked: another writer did not finish in time.
        """
        from index.sync import Sync

        with self.writing(wait=wait):
            sync = Sync(self.catalogue, self.vectors, self.encoder, progress=progress, cancelled=cancelled)
            report = sync.run(Path(path), allow_empty=allow_empty)
            note_roots(self.path, self.catalogue.roots())
            return report

    def forget(self, path: Path | str, *, wait: float = _LOCK_SECONDS) -> SyncReport:
        """Remove a root, or what lies at or under `path` in one, from the home; the files stay.

        Raises:
            NotFound: nothing of the home lies there.
            HomeLocked: another writer did not finish in time.
        """
        location, began = os.path.realpath(path), time.monotonic()
        apart = partial(is_apart, scope=location, home=os.path.realpath(self.path))
        with self.writing(wait=wait):
            known = [article for article in self.catalogue.known(location) if not apart(article.location)]
            if not known and location not in self.catalogue.roots():
                raise NotFound(f"nothing was synced from {path}", hint="`dateline doctor` lists the roots of this home")
            with self.catalogue.writing():
                for article in known:
                    self.catalogue.delete(article.number)
                for record in self.catalogue.files(location).values():
                    if not apart(record.location):
                        self.catalogue.drop_file(record.location)
                self.catalogue.drop_root(location)
            if is_due(self.catalogue):
                settle(self.catalogue, self.vectors, self.encoder.dimension)
            note_roots(self.path, self.catalogue.roots())
        totals = self.catalogue.totals()
        return SyncReport(
            generation=self.catalogue.generation, articles=totals.articles, chunks=totals.chunks, deleted=len(known),
            seconds=time.monotonic() - began,
        )  # fmt: skip

    @contextmanager
    def writing(self, *, wait: float = _LOCK_SECONDS) -> Iterator[None]:
        """Hold the home's writer lock.

        Raises:
            HomeLocked: another process holds it and did not let go within `wait` seconds.
        """
        with writing(self.path, wait=wait):
            yield

    # Reading

    @cached_property
    def searcher(self) -> Searcher:
        """Search over this home."""
        from index.search import Searcher

        return Searcher(self.catalogue, self.vectors, self.encoder)

    def search(self, question: str, *, filters: Filters | None = None, limit: int = 10) -> list[Passage]:
        """The passages that match a question best, best first."""
        return self.searcher.search(question, filters=filters or Filters(), limit=limit)

    def term_weights(self, question: str) -> dict[str, float]:
        """Stem -> Lucene's idf for the words of a question; a word that occurs nowhere weighs most."""
        from index.keywords import idf
        from index.terms import question_stems

        terms = question_stems(question)
        with self.catalogue.snapshot():
            articles, frequencies = self.catalogue.totals().articles, self.catalogue.document_frequencies(terms)
        return {term: idf(articles, frequencies.get(term, 0)) for term in terms}

    def mentions(self, names: Sequence[str], *, filters: Filters | None = None) -> Mentions:
        """How many articles mention every one of some names.

        Args:
            names: each of one word or several, which must stand together; whatever their case and endings.
            filters: which articles are counted.
        """
        from index.mentions import count_mentions

        return count_mentions(self.catalogue, names, filters or Filters())

    def article(self, reference: str) -> Article:
        """The article with this id, doc_id or path.

        Raises:
            NotFound: there is none.
        """
        return self.show(reference)[0]

    def show(self, reference: str) -> tuple[Article, tuple[Removed, ...]]:
        """An article, and what the cleaner cut from it.

        Raises:
            NotFound: there is none.
        """
        found = self.catalogue.find(reference) or self.catalogue.find(os.path.realpath(reference))
        if found is None:
            raise NotFound(
                f"no article is called {reference!r}", hint='find one with `dateline search "WORDS"`, then show its id, doc_id or path'
            )
        return found

    def carried(self, article: Article) -> Carried:
        """Which agency an article is from, who else carried its story, and what took its place."""
        from index.slots import Hit, Slots

        with self.catalogue.snapshot():
            number = self.catalogue.locate([article.id])[article.id]
            return Slots(self.catalogue, [Hit(number)]).carried(number, article)

    @property
    def generation(self) -> int:
        """A number that grows with every change of the home."""
        return self.catalogue.generation

    def stats(self) -> Stats:
        """What the home holds."""
        with self.catalogue.snapshot() as generation:
            totals, (first, last, undated) = self.catalogue.totals(), self.catalogue.dates()
            return Stats(
                generation=generation, articles=totals.articles, chunks=totals.chunks, roots=tuple(self.catalogue.roots()),
                publishers=tuple(self.catalogue.publishers()), first=first, last=last, undated=undated,
            )  # fmt: skip

    def spread(self) -> Spread:
        """On which days the articles were published, and from which roots they are."""
        with self.catalogue.snapshot():
            return Spread(days=tuple(self.catalogue.days()), roots=tuple(self.catalogue.root_sizes()))

    # Opening

    def _require_same_encoder(self) -> None:
        made_by = self.catalogue.meta("encoder")
        if made_by is None:
            with self.writing(), self.catalogue.writing():
                self.catalogue.set_meta("encoder", self.encoder.name)
                self.catalogue.set_meta("dimension", str(self.encoder.dimension))
        elif made_by != self.encoder.name:
            raise HomeMismatch(
                f"{self.path} was made with the encoder {made_by}, not {self.encoder.name}",
                hint=f"set DATELINE_ENCODER={made_by}, or sync into a new home with --home",
            )

    def _reconcile(self) -> None:
        """Finish what a killed writer left, unless another writer is at work or nothing can be written."""
        if self.catalogue.read_only or not is_due(self.catalogue):
            return
        try:
            with self.writing(wait=0):
                settle(self.catalogue, self.vectors, self.encoder.dimension)
        except HomeError:
            return  # the next sync finishes it or says why not; search looks at what is unfinished by itself


def _encoder(encoder: str | Encoder) -> Encoder:
    if not isinstance(encoder, str):
        return encoder
    from index.embedders import open_encoder

    return open_encoder(encoder)
