"""Formats of the catalogue: steps up from older ones, and refusals that say what to type.

Format 1 was the first that was published. One before it is made up here, to see how steps are taken: format 0 kept no counts in `meta`.
That a home of format 1 finds its copies is in test_copies.py.
"""

from __future__ import annotations

import threading
from collections.abc import Callable
from pathlib import Path

import pytest

from index.catalogue import Catalogue, migrations
from index.catalogue.migrations import Execute
from index.errors import HomeDamaged, HomeMismatch
from index.home import Home

OpenHome = Callable[..., Home]


def count_anew(execute: Execute) -> None:
    """From the made-up format 0 to format 1: the corpus-wide counts."""
    ((articles, chunks, words),) = execute("SELECT count(*), ifnull(sum(chunks), 0), ifnull(sum(words), 0) FROM articles")
    for name, value in (("articles", articles), ("chunks", chunks), ("words", words)):
        execute("INSERT INTO meta VALUES (?, ?)", [name, str(value)])


@pytest.fixture
def older(corpus: Path, open_home: OpenHome) -> Path:
    """The catalogue of a home of the made-up format 0."""
    home = open_home()
    home.sync(corpus)
    with home.catalogue.writing():
        for kind, name in (("TABLE", "signatures"), ("TABLE", "shingles"), ("TABLE", "copies"), ("INDEX", "articles_corrections")):
            home.catalogue.rows(f"DROP {kind} {name}")
        home.catalogue.rows("DELETE FROM meta WHERE name IN ('articles', 'chunks', 'words')")
        home.catalogue.set_meta("format", "0")
    home.close()
    return home.catalogue.path


def test_an_older_home_is_brought_up_to_date(older: Path, corpus: Path, open_home: OpenHome, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrations.MIGRATIONS, 0, count_anew)
    home = open_home()
    totals = home.catalogue.totals()
    assert (home.catalogue.meta("format"), totals.articles, totals.chunks) == ("2", 3, 3)
    assert home.sync(corpus).unchanged == 3
    assert home.search("tram line stops")[0].doc_id == "tram"


def test_several_that_open_an_older_home_at_once_take_the_step_once(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(migrations.MIGRATIONS, 0, count_anew)  # taking it twice would break the key of `meta`
    errors: list[Exception] = []

    def opened() -> None:
        try:
            Catalogue.open(older).close()
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test is to show it
            errors.append(error)

    threads = [threading.Thread(target=opened) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert errors == []


def test_a_step_that_fails_changes_nothing(older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(execute: Execute) -> None:
        count_anew(execute)
        raise KeyboardInterrupt

    monkeypatch.setitem(migrations.MIGRATIONS, 0, broken)
    with pytest.raises(KeyboardInterrupt):
        Catalogue.open(older)
    monkeypatch.setitem(migrations.MIGRATIONS, 0, count_anew)
    catalogue = Catalogue.open(older)
    assert (catalogue.meta("format"), catalogue.totals().articles) == ("2", 3)
    catalogue.close()


def test_a_format_that_no_step_starts_from(older: Path) -> None:
    with pytest.raises(HomeMismatch, match="has format 0, which this Dateline reads no more") as caught:
        Catalogue.open(older)
    assert caught.value.hint == f"move {older.parent} away and sync your articles again: it holds nothing that they do not"


@pytest.mark.parametrize(("version", "error", "message"), [
    ("3", HomeMismatch, "has format 3; this Dateline reads 2"),
    ("one", HomeDamaged, "its format is 'one'"),
    (None, HomeDamaged, "it holds no format number"),
])  # fmt: skip
def test_other_formats(version: str | None, error: type[Exception], message: str, older: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with monkeypatch.context() as patch:
        patch.setitem(migrations.MIGRATIONS, 0, count_anew)
        catalogue = Catalogue.open(older)
    with catalogue.writing():
        catalogue.rows("DELETE FROM meta WHERE name = 'format'")
        if version is not None:
            catalogue.set_meta("format", version)
    catalogue.close()
    with pytest.raises(error, match=message):
        Catalogue.open(older)


def test_every_step_leads_on_to_the_present_format() -> None:
    from index.catalogue.schema import FORMAT

    assert all(migrations.missing_step(version, FORMAT) is None for version in migrations.MIGRATIONS)
