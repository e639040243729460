"""A sync that is cancelled keeps whole what it had done, says exactly what that was, and the next one ends as a clean sync does."""

from __future__ import annotations

import itertools
import json
import shutil
from collections import Counter
from collections.abc import Callable
from pathlib import Path

import pytest

from index.encoder import HashEncoder
from index.home import Home
from index.types import Change, SyncReport

OpenHome = Callable[..., Home]
WORDS = ("bridge", "ferry", "harbour", "market", "museum", "orchard", "quarry", "school", "theatre", "tram", "vineyard", "windmill")


@pytest.fixture(autouse=True)
def small_batches(monkeypatch: pytest.MonkeyPatch) -> None:
    """A few articles are enough to be encoded and stored, so that a short sync has many moments."""
    monkeypatch.setattr("index.batch._FIRST_CHUNKS", 2)
    monkeypatch.setattr("index.batch.BATCH_CHUNKS", 3)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Twelve files, and one of eight records."""
    folder = tmp_path / "news"
    (folder / "old").mkdir(parents=True)
    for number, word in enumerate(WORDS):
        write(folder / "old" / f"{number:02}.txt", word)
    records(folder / "news.jsonl", range(8))
    return folder


def write(file: Path, word: str, *, year: int = 2024) -> None:
    file.write_text(f"News of the {word}\n\nThe {word} of Port Ellery was opened in {year}, its keeper Ada {word.title()} said on Monday.")


def records(file: Path, numbers: range, *, text: str = "The council met on day {} and chose plan {}, its clerk said.") -> None:
    lines = [{"id": f"n{number}", "title": f"Story {number}", "text": text.format(number, number)} for number in numbers]
    file.write_text("\n".join(map(json.dumps, lines)))


def change(folder: Path) -> None:
    """Some of everything: files and records that are new, changed, moved and gone."""
    for number, word in enumerate(("lighthouse", "granary", "observatory")):
        write(folder / f"new{number}.txt", word)
    for number in (0, 4, 8):
        write(folder / "old" / f"{number:02}.txt", WORDS[number], year=2025)
    (folder / "moved").mkdir()
    for number in (1, 5, 9):
        (folder / "old" / f"{number:02}.txt").rename(folder / "moved" / f"{number:02}.txt")
    for number in (2, 6):
        (folder / "old" / f"{number:02}.txt").unlink()
    (folder / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing of the kind")
    records(folder / "news.jsonl", range(3, 11))


def after(calls: int) -> Callable[[], bool]:
    """Says no so many times, then yes."""
    counter = itertools.count()
    return lambda: next(counter) >= calls


def contents(home: Home) -> dict[tuple[str, str], object]:
    """Every article with all that is kept of it, by place; catalogue, words and vectors agree on what there is."""
    catalogue = home.catalogue
    known = catalogue.known("/")
    articles: dict[tuple[str, str], object] = {}
    for row in known:
        article, _ = catalogue.numbered(row.number)
        ((_, vectors),) = catalogue.stored_vectors([row.number], home.encoder.dimension)
        terms = [piece for part in catalogue.terms([row.number]) for piece in part[1:]]
        articles[article.path, row.key] = (article.to_dict(), catalogue.sentences(row.number), terms, vectors.tobytes())
    assert catalogue.integrity() == []
    assert catalogue.totals().articles == len(articles)
    assert home.vectors.count(catalogue.meta("vectors_generation")) == len(catalogue.chunk_ids([row.number for row in known]))
    assert (catalogue.pending(1), catalogue.stale()) == ([], [])
    return articles


def done(report: SyncReport) -> dict[str, int]:
    return {what: getattr(report, what) for what in ("added", "changed", "moved", "deleted")}


def by_file(report: SyncReport) -> dict[str, int]:
    """The same counts from the changes of single files."""
    counts = Counter[str]()
    for entry in report.changes:
        counts[entry.what] += entry.articles
    return {what: counts[what] for what in ("added", "changed", "moved", "deleted")}


def test_cancelled_at_any_moment_what_is_done_is_whole_and_the_next_sync_finishes(folder: Path, tmp_path: Path) -> None:
    with Home.open(tmp_path / "before", encoder=HashEncoder(), create=True) as home:
        home.sync(folder)
        before = contents(home)
        home.vectors.close()
    change(folder)
    with Home.open(tmp_path / "clean", encoder=HashEncoder(), create=True) as home:
        home.sync(folder)
        clean = contents(home)
        home.vectors.close()
    seen: set[int] = set()
    for moment in range(0, 400, 5):
        shutil.rmtree(tmp_path / "home", ignore_errors=True)
        shutil.copytree(tmp_path / "before", tmp_path / "home")
        with Home.open(tmp_path / "home", encoder=HashEncoder()) as home:
            report = home.sync(folder, cancelled=after(moment))
            now = contents(home)
            assert all(article in (before.get(place), clean.get(place)) for place, article in now.items())
            assert done(report) == by_file(report)
            assert report.articles == len(now) == len(before) + report.added - report.deleted
            assert len([place for place in now if place in before and now[place] != before[place]]) == report.changed
            rest = home.sync(folder)
            assert contents(home) == clean
            assert not rest.cancelled
            assert report.added + rest.added - report.deleted - rest.deleted == len(clean) - len(before)
            home.vectors.close()
        seen.add(sum(done(report).values()))
        if not report.cancelled:
            break
    assert moment >= 40
    assert len(seen) >= 6
    assert done(report) == {"added": 6, "changed": 3, "moved": 3, "deleted": 5}


def test_a_first_sync_that_is_cancelled_at_once_leaves_an_empty_home(folder: Path, open_home: OpenHome) -> None:
    home = open_home()
    report = home.sync(folder, cancelled=lambda: True)
    assert (report.cancelled, report.articles, report.changes, home.stats().articles) == (True, 0, (), 0)
    assert home.sync(folder).added == 20


def test_what_was_stored_before_is_found_and_nothing_is_encoded_twice(folder: Path, open_home: OpenHome) -> None:
    home = open_home()
    report = home.sync(folder, cancelled=after(14))
    assert report.cancelled
    assert 0 < report.added < 20
    stored = Path(report.changes[0].path).stem
    found = home.search(home.article(stored).text, limit=1) if not stored.startswith("news") else home.search("council plan", limit=1)
    assert found[0].doc_id.startswith(stored if not stored.startswith("news") else "n")
    rest = home.sync(folder)
    assert (report.added + rest.added, rest.unchanged, rest.embedded) == (20, report.added, rest.added)


def test_changes_are_told_by_file(folder: Path, open_home: OpenHome) -> None:
    home = open_home()
    first = home.sync(folder)
    assert first.changes == (
        Change(path=str(folder / "news.jsonl"), what="added", articles=8),
        *(Change(path=str(folder / "old" / f"{number:02}.txt"), what="added") for number in range(12)),
    )
    change(folder)
    second = home.sync(folder)
    assert set(second.changes) == {
        Change(path=str(folder / "news.jsonl"), what="added", articles=3),
        Change(path=str(folder / "news.jsonl"), what="deleted", articles=3),
        *(Change(path=str(folder / f"new{number}.txt"), what="added") for number in range(3)),
        *(Change(path=str(folder / "old" / f"{number:02}.txt"), what="changed") for number in (0, 4, 8)),
        *(Change(path=str(folder / "moved" / f"{number:02}.txt"), what="moved") for number in (1, 5, 9)),
        *(Change(path=str(folder / "old" / f"{number:02}.txt"), what="deleted") for number in (2, 6)),
    }
    assert [Path(skip.path).name for skip in second.skipped] == ["broken.pdf"]
    assert home.sync(folder).changes == ()


def test_a_report_as_data_has_the_counts_only(folder: Path, open_home: OpenHome) -> None:
    assert set(open_home().sync(folder).to_dict()) == {
        "generation", "articles", "chunks", "added", "changed", "moved", "deleted", "unchanged", "embedded", "skipped", "seconds",
    }  # fmt: skip


def test_how_articles_are_spread_over_days_and_roots(corpus: Path, folder: Path, open_home: OpenHome) -> None:
    home = open_home()
    assert (home.spread().days, home.spread().roots) == ((), ())
    home.sync(corpus)
    home.sync(folder / "old" / "00.txt")
    (corpus / "late.txt").write_text("Published: 4 March 2024\n\nThe harbour of Port Ellery is open to every boat again, its master said.")
    home.sync(corpus)
    assert home.spread().days == (("2023-11-20", 1), ("2024-03-04", 2))
    assert home.spread().roots == ((str(corpus), 4), (str(folder / "old" / "00.txt"), 1))
    stats = home.stats()
    assert (stats.first, stats.last, stats.undated) == ("2023-11-20", "2024-03-04", 2)


# What is kept in the home itself


def test_what_lies_in_the_home_stays_when_the_folder_round_it_is_synced_or_forgotten(folder: Path) -> None:
    with Home.open(folder / ".dateline", encoder=HashEncoder(), create=True) as home:
        uploads = folder / ".dateline" / "uploads"
        home.sync(folder)
        uploads.mkdir()
        write(uploads / "given.txt", "aqueduct")
        assert done(home.sync(uploads)) == {"added": 1, "changed": 0, "moved": 0, "deleted": 0}
        assert home.article("given").root == str(uploads)
        assert home.catalogue.roots() == [str(folder), str(uploads)]
        assert home.spread().roots == ((str(folder), 20), (str(uploads), 1))
        assert done(home.sync(folder)) == {"added": 0, "changed": 0, "moved": 0, "deleted": 0}
        assert home.forget(folder).deleted == 20
        assert (home.catalogue.roots(), home.stats().articles, len(home.catalogue.files("/"))) == ([str(uploads)], 1, 1)
        assert home.sync(folder).added == 20
        assert home.catalogue.roots() == [str(folder), str(uploads)]
        assert home.forget(uploads).deleted == 1
        home.vectors.close()
