"""Examines a home without changing it, and repairs what can be repaired: the vector store, which the catalogue can fill again.

A damaged catalogue cannot be repaired, since it is the truth; but it holds nothing that the articles themselves do not, so it
is set aside, and what was synced is to be synced again. Language models are not examined here (see `ui.commands.checking`).
"""

from __future__ import annotations

import os
import shlex
import shutil
import time
from collections.abc import Iterator
from contextlib import closing
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from index.catalogue import Catalogue
from index.errors import DatelineError, HomeDamaged, HomeError, HomeLocked
from index.folder import noted_roots, require_folder, writing
from index.settle import is_due, rebuild
from index.types import Filters
from index.vectors import Vectors, VectorStoreBusy, VectorStoreError

REPAIR = "dateline doctor --repair"
REPLACE = f"{REPAIR} (it sets the catalogue aside and says what to sync again; your articles are untouched)"
_CATALOGUE = "catalogue.sqlite"


@dataclass(frozen=True, kw_only=True, slots=True)
class Problem:
    """Something that is not as it should be."""

    what: str
    fix: str
    """What to do about it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Health:
    """What an examination found. The counts are 0 where nothing could be counted."""

    ok: bool
    generation: int = 0
    articles: int = 0
    chunks: int = 0
    """Chunks that the catalogue holds."""
    vectors: int = 0
    """Chunks that the vector store holds; equal to `chunks` in a healthy home."""
    problems: tuple[Problem, ...] = ()
    roots: tuple[str, ...] = ()
    """What was synced; for people, and not in the JSON."""

    def to_dict(self) -> dict[str, Any]:
        """This health as plain JSON data."""
        data = {**asdict(self), "problems": [asdict(problem) for problem in self.problems]}
        del data["roots"]
        return data


def examine(home: Path | str, *, encoder: str = "built-in") -> Health:
    """Look for everything that can be wrong with a home; nothing of it is changed.

    Args:
        home: its folder.
        encoder: the spec of the encoder that is to be used with it.
    """
    folder = Path(home)
    model = list(_model_problems(encoder))
    try:
        require_folder(folder)
        catalogue = Catalogue.open(folder / _CATALOGUE)
    except HomeDamaged as error:
        return Health(ok=False, problems=(Problem(what=str(error), fix=REPLACE), *model))
    except DatelineError as error:
        return Health(ok=False, problems=(Problem(what=str(error), fix=error.hint), *model))
    try:
        return _examined(folder, catalogue, [*model, *(() if model else _mismatch(catalogue, encoder))])
    except HomeError as error:
        return Health(ok=False, problems=(Problem(what=str(error), fix=REPLACE), *model))
    finally:
        catalogue.close()


def repair(home: Path | str, *, wait: float = 10.0) -> tuple[str, ...]:
    """Fill a new vector store from the vectors in the catalogue, without encoding anything, and delete the old one.

    A catalogue that does not read is set aside instead, never deleted.

    Args:
        home: its folder.
        wait: seconds to wait for another writer.

    Returns:
        What was done, a sentence each.

    Raises:
        BadPath: there is no home.
        HomeDamaged: the new vector store cannot be written.
        HomeLocked: another writer did not finish in time.
    """
    folder = Path(home)
    require_folder(folder)
    with writing(folder, wait=wait):
        try:
            with closing(Catalogue.open(folder / _CATALOGUE)) as catalogue:
                if not _damage(catalogue):
                    return (_rebuilt(folder, catalogue), *_deleted_leftovers(folder))
        except HomeDamaged:
            pass  # it is set aside like one that opens and is damaged within
        return tuple(_replaced(folder))


def _rebuilt(folder: Path, catalogue: Catalogue) -> str:
    try:
        rebuild(catalogue, Vectors.at(folder / "chroma"), catalogue.number("dimension") or 1)
    except VectorStoreError as error:
        raise HomeDamaged(f"a new vector store cannot be written in {folder}: {error}", hint="see whether the disk is full") from error
    totals = catalogue.totals()
    return f"Built the vector store anew: {totals.chunks} stored vectors of {totals.articles} articles, none encoded again."


def _replaced(folder: Path) -> Iterator[str]:
    """Set the catalogue aside, and say what is to be synced again."""
    roots = _known_roots(folder)
    aside = folder / f"catalogue.damaged-{time.strftime('%Y%m%d-%H%M%S')}"
    aside.mkdir(exist_ok=True)
    for file in sorted(folder.glob(f"{_CATALOGUE}*")):
        file.rename(aside / file.name)
    yield f"Set the damaged catalogue aside at {aside}; delete that folder when you need it no more."
    if not roots:
        yield "Which folders were synced cannot be read any more: sync them again with `dateline sync FOLDER`."
    for root in roots:
        yield f"Type this to read your articles again: dateline sync {shlex.quote(root)}"


def _known_roots(folder: Path) -> list[str]:
    """What was synced, from the catalogue if it can still tell, else from the copy beside it."""
    try:
        with closing(Catalogue.open(folder / _CATALOGUE)) as catalogue:
            return catalogue.roots() or noted_roots(folder)
    except HomeError:
        return noted_roots(folder)


def _deleted_leftovers(folder: Path) -> Iterator[str]:
    for leftover in _leftovers(folder):
        shutil.rmtree(leftover, ignore_errors=True)
        if not leftover.exists():
            yield f"Deleted the old vector store {leftover}."


def _examined(folder: Path, catalogue: Catalogue, problems: list[Problem]) -> Health:
    broken = _damage(catalogue)
    if broken:
        problems.append(Problem(what=f"the catalogue of {folder} is damaged: {'; '.join(broken[:3])}", fix=REPLACE))
    totals, vectors, writer = catalogue.totals(), 0, _writer(folder)
    if writer:
        problems.append(writer)
    try:
        if not broken:  # a trial query of vectors that are none would end in an error of ours
            vectors = _vector_count(folder, catalogue)
            problems.extend(_projection_problems(catalogue, vectors, at_work=writer is not None))
    except VectorStoreBusy as error:
        problems.append(Problem(what=str(error), fix="wait for it to finish, then look again"))
    except VectorStoreError as error:
        problems.append(Problem(what=f"the vector store does not read: {error}", fix=REPAIR))
    problems.extend(_vanished_roots(catalogue))
    problems.extend(_unlisted_roots(catalogue))
    problems.extend(_left_behind(folder))
    return Health(
        ok=not problems, generation=catalogue.generation, articles=totals.articles, chunks=totals.chunks, vectors=vectors,
        problems=tuple(problems),
        roots=tuple(catalogue.roots()),
    )  # fmt: skip


def _damage(catalogue: Catalogue) -> list[str]:
    """What is wrong within the catalogue: unsound rows and indexes, and facts about all articles that do not fit them.

    Raises:
        HomeDamaged: a part of it does not read at all.
    """
    with catalogue.snapshot():
        for root in catalogue.roots():
            catalogue.files(root)  # a sync reads them so, and so must be able to
        totals, dimension = catalogue.totals(), catalogue.number("dimension") or 1
        (counted,) = catalogue.rows("SELECT count(*), ifnull(sum(chunks), 0), ifnull(sum(words), 0) FROM articles")
        # A span is two numbers of 4 bytes, a vector `dimension` numbers of 2.
        ((odd,),) = catalogue.rows("SELECT count(*) FROM chunks WHERE length(vectors) * 4 != length(spans) * ?", [dimension])
    return [
        *catalogue.integrity(),
        *(["its counts are not those of its articles"] if counted != (totals.articles, totals.chunks, totals.words) else []),
        *([f"its vectors should have {dimension} numbers, and those of {odd} articles have not"] if odd else []),
    ]


def _model_problems(encoder: str) -> Iterator[Problem]:
    """Whether the encoder can be had, and the built-in one is the one that was shipped."""
    from index.embedders import open_encoder
    from index.encoder import verify_model

    damage = verify_model() if encoder == "built-in" else None
    if damage:
        yield Problem(what=damage, fix="pip install --force-reinstall dateline")
        return
    try:
        open_encoder(encoder)
    except DatelineError as error:
        yield Problem(what=str(error), fix=error.hint)


def _mismatch(catalogue: Catalogue, encoder: str) -> Iterator[Problem]:
    from index.embedders import open_encoder

    made_by, present = catalogue.meta("encoder"), open_encoder(encoder).name
    if made_by not in (None, present):
        what = f"this home was made with the encoder {made_by}, and the settings name {present}"
        yield Problem(what=what, fix="set DATELINE_ENCODER to the one it was made with, or sync into a new home with --home")


def _writer(folder: Path) -> Problem | None:
    """The other process that is writing, if any."""
    try:
        with writing(folder, wait=0):
            return None
    except HomeLocked as error:
        return Problem(what=str(error), fix="wait for it to finish, then look again")
    except HomeError:
        return Problem(what=f"{folder} cannot be written by you", fix="change its permissions if you want to sync; asking works")


def _vector_count(folder: Path, catalogue: Catalogue) -> int:
    """How many chunks the vector store holds, after one trial query."""
    store = Vectors.at(folder / "chroma")
    if not store.path.exists():
        return 0
    generation = catalogue.number("vectors_generation") or 0
    count = store.count(generation)
    dimension = catalogue.number("dimension") or 1
    for _, vectors in catalogue.stored_vectors(catalogue.matching(Filters())[:1], dimension):
        if count and len(vectors):
            store.nearest(vectors[0], limit=1, generation=generation, horizon=0)
    return count


def _projection_problems(catalogue: Catalogue, vectors: int, *, at_work: bool) -> Iterator[Problem]:
    """Differences between catalogue and vector store; a writer at work makes some that will pass."""
    if at_work:
        return
    pending, chunks = len(catalogue.pending(-1)), catalogue.totals().chunks
    if is_due(catalogue):
        yield Problem(what=f"a sync was cut short: {pending} articles are not in the vector store yet", fix=REPAIR)
    elif vectors != chunks and not catalogue.unsettled():  # what waits to be worth the work is no problem
        yield Problem(what=f"the vector store holds {vectors} chunks, the catalogue {chunks}", fix=REPAIR)


def _vanished_roots(catalogue: Catalogue) -> Iterator[Problem]:
    for root in catalogue.roots():
        if not os.path.lexists(root):
            articles = len(catalogue.matching(Filters(paths=(root,))))
            what = f"{root} was synced and is gone; its {articles} articles still answer questions"
            yield Problem(what=what, fix=f"bring it back, or type: dateline forget {root}")


def _unlisted_roots(catalogue: Catalogue) -> Iterator[Problem]:
    """Roots that articles name and the list does not: a flipped bit in either. A root that another took over is in the list by that."""
    listed = [Path(root) for root in catalogue.roots()]
    for root, articles in catalogue.rows("SELECT root, count(*) FROM articles GROUP BY root ORDER BY root"):
        if not any(known == Path(root) or known in Path(root).parents for known in listed):
            what = f"{root} has {articles} articles here and is not in the list of what was synced"
            yield Problem(what=what, fix=f"dateline sync {shlex.quote(root)}")


def _left_behind(folder: Path) -> Iterator[Problem]:
    for leftover in _leftovers(folder):
        yield Problem(what=f"a damaged vector store was set aside at {leftover}", fix=f"delete that folder, or type: {REPAIR}")


def _leftovers(folder: Path) -> list[Path]:
    return sorted(folder.glob("chroma.damaged-*"))
