"""Bring a home up to date with a folder: which files to read, which articles differ, which are gone.

Every article's change is one transaction, so a sync that is killed or cancelled leaves a home that the next one finishes. A file that
looks as it did is not opened; one that reads as it did changes nothing; an article whose words are already encoded, at
another path or in a copy, is not encoded again. How articles are encoded and stored is in `batch`.
"""

from __future__ import annotations

import hashlib
import os
import time
from collections import Counter, defaultdict
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from index.batch import Batch, Cancelled, ReadFile
from index.catalogue import Catalogue, FileRecord, Known
from index.encoder import Encoder
from index.errors import BadPath
from index.folder import is_apart
from index.overrides import Override
from index.prepare import Place, Prepared, chunked, prepare, recipe
from index.readers import read_file
from index.settle import is_due, settle
from index.types import Change, Draft, Outcome, Skipped, SyncReport
from index.vectors import Vectors
from index.walk import Found, walk

Progress = Callable[[str, int, int], None]
"""Called with (what is counted, done, total)."""

MAX_BYTES = 20_000_000
"""Files larger than this are skipped."""


class Sync:
    """One sync of one path; `run` does it. The caller holds the home's writer lock."""

    def __init__(
        self,
        catalogue: Catalogue,
        vectors: Vectors,
        encoder: Encoder,
        *,
        progress: Progress | None = None,
        cancelled: Callable[[], bool] | None = None,
    ) -> None:
        self._catalogue = catalogue
        self._vectors = vectors
        self._encoder = encoder
        self._progress = progress or (lambda what, done, total: None)
        self._cancelled = cancelled or (lambda: False)
        self._unchanged = 0
        self._skipped: list[Skipped] = []
        self._batch = Batch(catalogue, vectors, encoder, cancelled=self._cancelled)
        self._movable: Counter[str] = Counter()  # text hash -> articles that stand where no file is any more
        self._arrived: dict[str, list[str]] = defaultdict(list)  # text hash -> where such a text turned up
        self._known: dict[tuple[str, str], Known] = {}
        self._home = os.path.realpath(catalogue.path.parent)

    def run(self, path: Path, *, allow_empty: bool = False) -> SyncReport:
        """Add, change, move and delete under `path`; where it is cancelled, what is done by then is kept.

        Args:
            path: a folder, or one file.
            allow_empty: delete what was synced from `path` although it vanished or came up empty.

        Raises:
            BadPath: `path` is missing or holds no article.
        """
        began = time.monotonic()
        root, scope = self._place(path)
        found = walk(scope, root=root) if scope.exists() else Found()
        known = [article for article in self._catalogue.known(str(scope)) if not self._is_apart(article.location, scope)]
        self._refuse_empty(path, found, known, allow_empty=allow_empty)
        self._skipped.extend(found.skipped)
        self._adopt(root, scope, known)
        cancelled = False
        try:
            self._read_all(root, found)
            self._delete_gone(scope, found)
        except Cancelled:
            cancelled = True
        if is_due(self._catalogue):
            settle(self._catalogue, self._vectors, self._encoder.dimension)
        return self._report(time.monotonic() - began, cancelled=cancelled)

    def _place(self, path: Path) -> tuple[Path, Path]:
        """The root that `path` belongs to, and `path` itself, both absolute."""
        scope = Path(os.path.realpath(path))
        for root in map(Path, self._catalogue.roots()):
            if root == scope or (root in scope.parents and not self._is_apart(str(scope), root)):
                return root, scope
        return scope, scope

    def _is_apart(self, location: str, scope: Path) -> bool:
        return is_apart(location, scope=str(scope), home=self._home)

    def _refuse_empty(self, path: Path, found: Found, known: list[Known], *, allow_empty: bool) -> None:
        if found.files or found.unreadable or (known and allow_empty):
            return
        if known:
            state = "holds no article any more" if path.exists() else "is gone"
            raise BadPath(
                f"{path} {state}; its {len(known)} articles were kept",
                hint=f"bring it back, or type `dateline sync --allow-empty {path}` to delete them",
            )
        if not path.exists():
            raise BadPath(f"{path} does not exist", hint="type the path of a folder of articles, or of one article")
        raise BadPath(f"{path} holds no article", hint="Dateline reads txt, md, html, pdf, docx, epub, json, jsonl and csv")

    def _adopt(self, root: Path, scope: Path, known: list[Known]) -> None:
        """Make `root` a root, and take over the roots inside it; their articles are read again under their new paths."""
        inner = [old for old in self._catalogue.roots() if scope in Path(old).parents and not self._is_apart(old, scope)]
        with self._catalogue.writing():
            self._catalogue.set_root(str(root), absorbed=inner)
            for article in known:
                if article.root != str(root):
                    self._catalogue.drop_file(article.location)
        self._known = {(article.location, article.key): article for article in known}

    # Reading

    def _read_all(self, root: Path, found: Found) -> None:
        remembered = self._catalogue.files(str(root))
        by_file: dict[str, list[Known]] = defaultdict(list)
        for article in self._known.values():
            by_file[article.location].append(article)
            if article.location not in found.files and not _is_under(article.location, found.unreadable):
                self._movable[article.text_hash] += 1
        try:
            for done, (location, override) in enumerate(found.files.items()):
                self._progress("files", done, len(found.files))
                self._stop_if_cancelled()
                self._read(Path(location), root, override, remembered.get(location), by_file[location])
            self._batch.flush()
        finally:
            self._batch.stop()
        self._progress("files", len(found.files), len(found.files))

    def _read(self, path: Path, root: Path, override: Override | None, record: FileRecord | None, known: list[Known]) -> None:
        made_by = recipe(self._encoder, override)
        try:
            stat = path.stat()
            if record and record.fits(stat, made_by):
                self._keep(record)
                return
            digest = _digest(path) if stat.st_size <= MAX_BYTES and path.is_file() else f"{stat.st_size}"
        except OSError as error:
            kept = "; the last version read was kept" if known else ""
            self._skipped.append(Skipped(path=str(path), reason=f"cannot be read ({error.strerror}){kept}; check its permissions"))
            self._unchanged += len(known)
            return
        fresh = FileRecord(
            location=str(path), root=str(root), size=stat.st_size, modified=stat.st_mtime_ns, seen=time.time_ns(),
            digest=digest, recipe=made_by, articles=0, skipped=(),
        )  # fmt: skip
        if record and (record.digest, record.recipe) == (digest, made_by):
            fresh = replace(fresh, articles=record.articles, skipped=record.skipped)
            with self._catalogue.writing():
                self._catalogue.set_file(fresh)
            self._keep(fresh)
            return
        self._take(path, fresh, override, known)

    def _keep(self, record: FileRecord) -> None:
        self._unchanged += record.articles
        self._skipped.extend(record.skipped)

    def _take(self, path: Path, record: FileRecord, override: Override | None, known: list[Known]) -> None:
        """Read a new or changed file, and queue the articles that differ from what is known."""
        drafts, skipped = _distinct(read_file(path, max_bytes=MAX_BYTES))
        self._skipped.extend(skipped)
        if any(skip.passing for skip in skipped):  # what was read of it before stays, and without a record it is read again
            self._unchanged += len(known)
            return
        file = ReadFile(replace(record.unless_changed(path), articles=len(drafts), skipped=tuple(skipped)))
        before, keys = {article.key: article for article in known}, set[str]()
        for draft in drafts:
            self._stop_if_cancelled()
            article = self._prepared(draft, record, override)
            keys.add(article.key)
            old = before.get(article.key)
            if old and old.digest == article.digest and old.id == article.article.id:
                self._unchanged += 1
            else:
                self._batch.add(article, chunked(article, self._encoder), file, self._outcome(article, old))
        file.gone = [article for article in known if article.key not in keys]
        self._batch.close(file)

    def _prepared(self, draft: Draft, record: FileRecord, override: Override | None) -> Prepared:
        root = Path(record.root)
        path = Path(record.location).relative_to(root if root.is_dir() else root.parent).as_posix()
        place = Place(location=record.location, root=record.root, path=path)
        prepared = prepare(draft, place, encoder=self._encoder, override=override)
        holder = self._catalogue.id_taken(prepared.article.id, location=record.location, key=prepared.key)
        if holder is None:
            return prepared
        number, its_root = holder
        if its_root != record.root and its_root in self._catalogue.roots():
            return prepare(draft, place, encoder=self._encoder, override=override, salt=record.root)
        # The holder was of a root that is part of this one now, and will be read again under its new path.
        with self._catalogue.writing():
            self._catalogue.release_id(number)
        return prepared

    def _outcome(self, article: Prepared, old: Known | None) -> Outcome:
        """What storing the article does; one that is added is moved once its old place is deleted."""
        text_hash = article.article.text_hash
        if not old and self._movable[text_hash]:
            self._movable[text_hash] -= 1
            self._arrived[text_hash].append(article.location)
        return "changed" if old else "added"

    def _stop_if_cancelled(self) -> None:
        if self._cancelled():
            raise Cancelled

    # Deleting

    def _delete_gone(self, scope: Path, found: Found) -> None:
        """Delete the articles whose file is gone."""
        gone: dict[str, list[Known]] = {location: [] for location in self._catalogue.files(str(scope))}
        for article in self._known.values():
            gone.setdefault(article.location, []).append(article)
        for location, articles in gone.items():
            if location in found.files or _is_under(location, found.unreadable) or self._is_apart(location, scope):
                continue
            for article in articles:
                self._stop_if_cancelled()
                with self._catalogue.writing():
                    self._catalogue.delete(article.number)
                self._count_deleted(article)
            with self._catalogue.writing():
                self._catalogue.drop_file(location)

    def _count_deleted(self, article: Known) -> None:
        """Count a deletion; where the article stands at its new place already, it was moved."""
        if arrived := self._arrived[article.text_hash]:
            place = arrived.pop()
            self._batch.done[place, "added"] -= 1
            self._batch.done[place, "moved"] += 1
        else:
            self._batch.done[article.location, "deleted"] += 1

    def _report(self, seconds: float, *, cancelled: bool) -> SyncReport:
        done = [Change(path=path, what=what, articles=articles) for (path, what), articles in self._batch.done.items() if articles]
        totals, counts = self._catalogue.totals(), Counter[Outcome]()
        for change in done:
            counts[change.what] += change.articles
        return SyncReport(
            generation=self._catalogue.generation, articles=totals.articles, chunks=totals.chunks, added=counts["added"],
            changed=counts["changed"], moved=counts["moved"], deleted=counts["deleted"], unchanged=self._unchanged,
            embedded=self._batch.embedded, skipped=tuple(self._skipped), seconds=seconds, changes=tuple(done), cancelled=cancelled,
        )  # fmt: skip


def _distinct(found: list[Draft | Skipped]) -> tuple[list[Draft], list[Skipped]]:
    """The drafts of a file by key, and what was skipped; a second record with the same key is skipped too."""
    drafts: dict[str, Draft] = {}
    skipped: list[Skipped] = []
    for item in found:
        if isinstance(item, Skipped):
            skipped.append(item)
        elif item.key in drafts:
            skipped.append(Skipped(path=item.doc_id, reason=f"a second record with the id {item.key!r}; give each record its own id"))
        else:
            drafts[item.key] = item
    return list(drafts.values()), skipped


def _digest(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def _is_under(location: str, folders: list[str]) -> bool:
    return any(location.startswith(folder.rstrip("/") + "/") for folder in folders)
