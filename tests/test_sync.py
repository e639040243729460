"""Sync: what is read, kept, moved and deleted, and that nothing else is touched. Real SQLite, real Chroma."""

from __future__ import annotations

import json
import os
import shutil
import threading
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from index.batch import PREFIX_WEIGHT
from index.encoder import HashEncoder, Progress
from index.errors import BadPath, HomeLocked, HomeMismatch, ModelError, NotFound
from index.home import Home
from index.types import Skipped, SyncReport

OpenHome = Callable[..., Home]


def counts(report: SyncReport) -> dict[str, int]:
    """The counts of a report that are not zero."""
    names = ("articles", "added", "changed", "moved", "deleted", "unchanged", "embedded")
    return {name: getattr(report, name) for name in names if getattr(report, name)}


def state(home: Home) -> dict[str, object]:
    """All that a home holds, but for row numbers and the folder it was read from."""
    catalogue = home.catalogue
    articles = {}
    for known in catalogue.known("/"):
        article, removed = catalogue.numbered(known.number)
        ((_, vectors),) = catalogue.stored_vectors([known.number], home.encoder.dimension)
        data = {**article.to_dict(), "root": ""}
        spans = (catalogue.sentences(known.number), catalogue.spans(known.number))
        terms = [piece for row in catalogue.terms([known.number]) for piece in row[1:]]
        articles[article.path, known.key] = (data, removed, spans, terms, vectors.tobytes())
    chroma = sorted(catalogue.chunk_ids([known.number for known in catalogue.known("/")]))
    assert home.vectors.count(catalogue.meta("vectors_generation")) == len(chroma)
    assert (catalogue.pending(1), catalogue.stale()) == ([], [])
    return {"articles": articles, "chunks": chroma, "totals": catalogue.totals()}


def test_a_first_sync_adds_every_article(corpus: Path, open_home: OpenHome) -> None:
    report = open_home().sync(corpus)
    assert counts(report) == {"articles": 3, "added": 3, "embedded": 3}
    assert (report.chunks, report.skipped) == (3, ())


def test_what_is_kept_of_an_article(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    article = home.article("museum")
    assert article.to_dict() == {
        "id": article.id,
        "text_hash": article.text_hash,
        "doc_id": "museum",
        "path": "museum.md",
        "root": str(corpus),
        "text": (
            "The Fennick museum had 84,000 visitors last year, its director Oskar Lindqvist said. It has been free to enter since 2019.\n\n"
            "Most came for the whale skeleton, which was brought ashore in 1911 and restored by Marta Hale."
        ),
        "title": "Museum counts its visitors",
        "publisher": "The Fennick Daily",
        "published": "2023-11-20",
        "url": None,
        "authors": [],
        "provenance": {"title": "front matter", "publisher": "front matter", "published": "front matter"},
    }


def test_a_second_sync_embeds_nothing_and_leaves_the_generation(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    first = home.sync(corpus)
    second = home.sync(corpus)
    assert counts(second) == {"articles": 3, "unchanged": 3}
    assert second.generation == first.generation


def test_an_unchanged_folder_is_not_even_opened(corpus: Path, open_home: OpenHome, monkeypatch: pytest.MonkeyPatch) -> None:
    for file in corpus.iterdir():
        os.utime(file, (1_700_000_000, 1_700_000_000))
    home = open_home()
    home.sync(corpus)
    monkeypatch.setattr("index.sync._digest", lambda path: pytest.fail(f"{path} was opened"))
    assert counts(home.sync(corpus)) == {"articles": 3, "unchanged": 3}


def test_changing_one_file_touches_only_it(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    before = state(home)["articles"]
    (corpus / "tram.txt").write_text(
        "Tram line opens\n\nThe second tram line opened on Sunday. It has seventeen stops, and all are finished now."
    )
    assert counts(home.sync(corpus)) == {"articles": 3, "changed": 1, "unchanged": 2, "embedded": 1}
    after = state(home)["articles"]
    assert isinstance(before, dict)
    assert isinstance(after, dict)
    assert {key for key in before if before[key] != after[key]} == {("tram.txt", "")}
    assert home.article("tram").text.startswith("The second tram line opened on Sunday.")


def test_a_touched_file_is_unchanged(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    os.utime(corpus / "tram.txt")
    assert counts(home.sync(corpus)) == {"articles": 3, "unchanged": 3}


def test_a_moved_file_is_moved_without_encoding(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    (corpus / "2026").mkdir()
    (corpus / "tram.txt").rename(corpus / "2026" / "line.txt")
    assert counts(home.sync(corpus)) == {"articles": 3, "moved": 1, "unchanged": 2}
    assert home.article("line").path == "2026/line.txt"


def test_a_deleted_file_is_deleted(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    (corpus / "tram.txt").unlink()
    assert counts(home.sync(corpus)) == {"articles": 2, "deleted": 1, "unchanged": 2}
    with pytest.raises(NotFound, match="no article is called 'tram'"):
        home.article("tram")
    assert [passage.doc_id for passage in home.search("tram line stops")].count("tram") == 0


def test_a_copy_is_not_encoded_again(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    shutil.copy(corpus / "tram.txt", corpus / "tram-again.txt")
    assert counts(home.sync(corpus)) == {"articles": 4, "added": 1, "unchanged": 3}
    found = [passage.doc_id for passage in home.search("tram line stops", limit=4)]
    assert len({"tram", "tram-again"} & set(found)) == 1


def test_records_of_one_file_change_one_by_one(tmp_path: Path, open_home: OpenHome) -> None:
    file = tmp_path / "news.jsonl"
    records = [
        {"id": f"n{i}", "title": f"Story {i}", "text": f"The council met on day {i} and chose plan {i}, its clerk said."} for i in range(4)
    ]
    file.write_text("\n".join(map(json.dumps, records)))
    home = open_home()
    assert counts(home.sync(file)) == {"articles": 4, "added": 4, "embedded": 4}
    records[1]["text"] = "The council did not meet at all, for want of a clerk."
    del records[3]
    file.write_text("\n".join(map(json.dumps, records)))
    assert counts(home.sync(file)) == {"articles": 3, "changed": 1, "deleted": 1, "unchanged": 2, "embedded": 1}


class _FailsOnce(HashEncoder):
    """Fails at its second call."""

    calls = 0

    def encode(self, texts: Sequence[str], *, progress: Progress | None = None) -> NDArray[np.float32]:
        self.calls += 1
        if self.calls == 2:
            raise ModelError("the model failed")
        return super().encode(texts, progress=progress)


def test_what_was_encoded_before_a_failure_is_kept(tmp_path: Path, open_home: OpenHome) -> None:
    file = tmp_path / "news.jsonl"
    file.write_text(
        "\n".join(json.dumps({"id": f"n{i}", "title": f"Story {i}", "text": f"The council met on day {i}."}) for i in range(120))
    )
    home = open_home()
    healthy, home.encoder = home.encoder, _FailsOnce()
    with pytest.raises(ModelError, match="the model failed"):
        home.sync(file)
    assert home.stats().articles == 32
    home.encoder = healthy
    assert counts(home.sync(file)) == {"articles": 120, "added": 88, "unchanged": 32, "embedded": 88}
    fresh = open_home("fresh")
    fresh.sync(file)
    assert state(home) == state(fresh)


def test_a_chunk_is_found_by_the_title_of_its_article_too(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    number = next(known.number for known in home.catalogue.known("/") if known.location.endswith("museum.md"))
    ((_, stored),) = home.catalogue.stored_vectors([number], home.encoder.dimension)
    chunk, prefix = home.encoder.encode([home.article("museum").text, "Museum counts its visitors | The Fennick Daily | 2023-11-20\n"])
    expected = chunk + np.float32(PREFIX_WEIGHT) * prefix
    np.testing.assert_allclose(stored, [expected / np.linalg.norm(expected)], atol=1e-3)


def test_overrides_apply_and_unapply(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    (corpus / "dateline.csv").write_text("path,published,publisher,title\ntram.txt,2025-05-05,The Port Ellery Gazette,\n")
    assert counts(home.sync(corpus)) == {"articles": 3, "changed": 1, "unchanged": 2, "embedded": 1}
    tram = home.article("tram")
    assert (tram.published, tram.publisher, tram.title, tram.provenance["published"]) == (
        "2025-05-05", "The Port Ellery Gazette", "Tram line delayed", "dateline.csv",
    )  # fmt: skip
    (corpus / "dateline.csv").unlink()
    home.sync(corpus)
    assert home.article("tram").publisher is None


def test_hidden_folders_and_homes_are_left_alone(corpus: Path, open_home: OpenHome) -> None:
    (corpus / ".git").mkdir()
    (corpus / ".git" / "note.txt").write_text("A hidden note, which is no article at all.")
    with Home.open(corpus / "home", encoder=HashEncoder(), create=True) as inner:
        inner.sync(corpus)
        (corpus / "home" / "stray.txt").write_text("A file inside a home, which is no article at all.")
        assert counts(inner.sync(corpus)) == {"articles": 3, "unchanged": 3}
        inner.vectors.close()


@pytest.mark.parametrize("vanish", [shutil.rmtree, lambda folder: [file.unlink() for file in folder.iterdir()]])
def test_a_root_that_vanished_or_came_up_empty_deletes_nothing(corpus: Path, open_home: OpenHome, vanish: Callable[[Path], None]) -> None:
    home = open_home()
    home.sync(corpus)
    vanish(corpus)
    with pytest.raises(BadPath, match="its 3 articles were kept") as caught:
        home.sync(corpus)
    assert caught.value.hint == f"bring it back, or type `dateline sync --allow-empty {corpus}` to delete them"
    assert home.stats().articles == 3
    assert counts(home.sync(corpus, allow_empty=True)) == {"deleted": 3}
    assert home.stats().articles == 0


def test_a_missing_and_an_empty_folder_say_what_to_do(tmp_path: Path, open_home: OpenHome) -> None:
    home = open_home()
    with pytest.raises(BadPath, match=r"nowhere does not exist"):
        home.sync(tmp_path / "nowhere")
    (tmp_path / "empty").mkdir()
    with pytest.raises(BadPath, match=r"empty holds no article"):
        home.sync(tmp_path / "empty")
    assert home.catalogue.roots() == []


def test_bad_files_are_reported_each_time_and_the_rest_goes_on(corpus: Path, open_home: OpenHome) -> None:
    (corpus / "empty.txt").write_text("")
    (corpus / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (corpus / "broken.pdf").write_bytes(b"%PDF-1.4 and then nothing of the kind")
    home = open_home()
    first, second = home.sync(corpus), home.sync(corpus)
    assert counts(first) == {"articles": 3, "added": 3, "embedded": 3}
    assert [Path(skip.path).name for skip in first.skipped] == ["binary.txt", "broken.pdf", "empty.txt"]
    assert second.skipped == first.skipped
    assert all("\n" not in skip.reason for skip in first.skipped)


@pytest.mark.skipif(os.geteuid() == 0, reason="root reads everything")
def test_an_unreadable_file_keeps_its_last_version(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    (corpus / "tram.txt").write_text("Something else entirely, which cannot be read.")
    (corpus / "tram.txt").chmod(0)
    report = home.sync(corpus)
    assert counts(report) == {"articles": 3, "unchanged": 3}
    assert "the last version read was kept" in report.skipped[0].reason


def test_a_file_that_waited_for_a_busy_machine_is_read_again(corpus: Path, open_home: OpenHome, monkeypatch: pytest.MonkeyPatch) -> None:
    home = open_home()
    home.sync(corpus)
    (corpus / "tram.txt").write_text("Trams\n\nThe tram to Brigg was late again today, said its driver, who blamed the snow.")
    waited = Skipped(path=str(corpus / "tram.txt"), reason="the machine is busy", passing=True)
    with monkeypatch.context() as busy:
        busy.setattr("index.sync.read_file", lambda path, **_: [waited])
        report = home.sync(corpus)
    assert (counts(report), report.skipped) == ({"articles": 3, "unchanged": 3}, (waited,))
    report = home.sync(corpus)
    assert (counts(report), report.skipped) == ({"articles": 3, "changed": 1, "unchanged": 2, "embedded": 1}, ())


def test_two_roots_with_the_same_file_names_do_not_collide(corpus: Path, tmp_path: Path, open_home: OpenHome) -> None:
    other = tmp_path / "other"
    other.mkdir()
    (other / "tram.txt").write_text("A tram museum\n\nThe old tram depot became a museum of trams in 1999, and is open on Sundays.")
    home = open_home()
    home.sync(corpus)
    assert counts(home.sync(other)) == {"articles": 4, "added": 1, "embedded": 1}
    assert counts(home.sync(corpus)) == {"articles": 4, "unchanged": 3}
    assert counts(home.forget(other)) == {"articles": 3, "deleted": 1}
    assert home.article("tram").root == str(corpus)


def test_syncing_a_part_leaves_the_rest_and_a_parent_takes_over(corpus: Path, open_home: OpenHome) -> None:
    part = corpus / "part"
    part.mkdir()
    (corpus / "tram.txt").rename(part / "tram.txt")
    home = open_home()
    assert counts(home.sync(part)) == {"articles": 1, "added": 1, "embedded": 1}
    assert counts(home.sync(corpus)) == {"articles": 3, "added": 2, "changed": 1, "embedded": 2}
    assert home.catalogue.roots() == [str(corpus)]
    (part / "tram.txt").unlink()
    (corpus / "harbour.txt").unlink()
    with pytest.raises(BadPath):
        home.sync(part)
    assert counts(home.sync(part, allow_empty=True)) == {"articles": 2, "deleted": 1}
    assert home.catalogue.roots() == [str(corpus)]


def test_forgetting_what_was_never_synced(corpus: Path, open_home: OpenHome) -> None:
    with pytest.raises(NotFound, match="nothing was synced from"):
        open_home().forget(corpus)


def test_a_home_remembers_its_encoder(corpus: Path, tmp_path: Path, open_home: OpenHome) -> None:
    open_home().sync(corpus)

    with pytest.raises(HomeMismatch, match="was made with the encoder hash-256, not hash-64"):
        Home.open(tmp_path / "home", encoder=HashEncoder(64))


def test_no_home_and_a_home_that_is_a_file(tmp_path: Path) -> None:
    with pytest.raises(BadPath, match="there is no home at"):
        Home.open(tmp_path / "none", encoder=HashEncoder())
    (tmp_path / "file").write_text("")
    with pytest.raises(BadPath, match="is a file, and a home is a folder"):
        Home.open(tmp_path / "file", encoder=HashEncoder(), create=True)


def test_a_second_writer_is_told_who_writes(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    with home.writing(), pytest.raises(HomeLocked, match=rf"process {os.getpid()} on"):
        open_home().sync(corpus, wait=0.1)


def test_a_crash_between_catalogue_and_vector_store_is_finished_at_the_next_start(
    corpus: Path, open_home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    clean = open_home("clean")
    clean.sync(corpus)
    with monkeypatch.context() as patch:
        patch.setattr("index.sync.settle", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            open_home().sync(corpus)
    assert state(open_home()) == state(clean)


def test_a_damaged_vector_store_is_rebuilt_from_the_catalogue(corpus: Path, tmp_path: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    before = state(home)
    home.vectors.close()
    (tmp_path / "home" / "chroma" / "chroma.sqlite3").write_bytes(b"not a database at all" * 100)
    assert home.search("tram line stops")[0].doc_id == "tram"
    (corpus / "new.txt").write_text("A new ferry\n\nA new ferry was named after the poet Ilse Brandt on Friday in the harbour.")
    report = home.sync(corpus)
    assert counts(report) == {"articles": 4, "added": 1, "unchanged": 3, "embedded": 1}
    (corpus / "new.txt").unlink()
    home.sync(corpus)
    assert state(home) == before


def test_a_parent_takes_over_where_paths_collide(corpus: Path, tmp_path: Path, open_home: OpenHome) -> None:
    part = corpus / "zone"
    part.mkdir()
    (part / "tram.txt").write_text("A tram museum\n\nThe old tram depot became a museum of trams in 1999, and is open on Sundays.")
    home, fresh = open_home(), open_home("fresh")
    home.sync(part)
    home.sync(corpus)  # its own tram.txt, read first, has the id that zone/tram.txt had as part of the smaller root
    fresh.sync(corpus)
    assert state(home) == state(fresh)


def test_a_file_that_changes_while_it_is_read_is_read_again(corpus: Path, open_home: OpenHome, monkeypatch: pytest.MonkeyPatch) -> None:
    from index import sync

    file, real = corpus / "tram.txt", sync.read_file

    def changing(path: Path, *, max_bytes: int) -> object:
        drafts = real(path, max_bytes=max_bytes)
        if path == file:
            file.write_text("Tram line opens\n\nThe second tram line opened on Sunday. It has seventeen stops.")
        return drafts

    home = open_home()
    with monkeypatch.context() as patch:
        patch.setattr(sync, "read_file", changing)
        home.sync(corpus)
    assert home.article("tram").title == "Tram line delayed"
    assert counts(home.sync(corpus)) == {"articles": 3, "changed": 1, "unchanged": 2, "embedded": 1}


def test_a_transaction_is_all_or_nothing_and_never_nested(corpus: Path, open_home: OpenHome) -> None:
    catalogue = open_home().catalogue

    def interrupted() -> None:
        with catalogue.writing():
            catalogue.set_meta("mood", "good")
            raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        interrupted()
    assert catalogue.meta("mood") is None
    with catalogue.snapshot(), pytest.raises(RuntimeError, match="cannot begin inside another"), catalogue.writing():
        pass
    with catalogue.writing():
        catalogue.set_meta("mood", "better")
        with catalogue.snapshot():
            assert catalogue.meta("mood") == "better"
    assert catalogue.meta("mood") == "better"


def test_a_snapshot_does_not_move(corpus: Path, open_home: OpenHome) -> None:
    home, writer = open_home(), open_home()
    home.sync(corpus)
    with home.catalogue.snapshot() as generation:
        (corpus / "tram.txt").unlink()
        writer.sync(corpus)
        assert (home.generation, home.stats().articles, home.article("tram").path) == (generation, 3, "tram.txt")
    assert (home.generation > generation, home.stats().articles) == (True, 2)


def test_threads_that_end_leave_no_connection_open(corpus: Path, open_home: OpenHome) -> None:
    home = open_home()
    home.sync(corpus)
    for _ in range(60):
        thread = threading.Thread(target=home.stats)
        thread.start()
        thread.join()
    held = [
        link for link in Path("/proc/self/fd").iterdir() if os.path.lexists(link) and os.path.realpath(link) == str(home.catalogue.path)
    ]
    assert len(held) <= 2


def test_small_changes_of_a_large_home_wait_to_be_taught_and_are_found(
    corpus: Path, open_home: OpenHome, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("index.settle._WORTH", 2)
    monkeypatch.setattr("index.search.EXACT_LIMIT", 0)
    home = open_home()
    home.sync(corpus)
    assert (home.catalogue.unsettled(), home.search("whale skeleton")[0].doc_id) == (0, "museum")
    (corpus / "late.txt").write_text("A zeppelin over Corsham\n\nA zeppelin was seen over Corsham, the watchman Ulf Brandt said.")
    home.sync(corpus)
    assert (home.catalogue.unsettled(), home.vectors.count()) == (1, 3)
    assert home.search("zeppelin")[0].doc_id == "late"
    home.vectors.close()


ACTIONS = st.lists(
    st.tuples(st.sampled_from(["write", "delete", "move", "sync"]), st.sampled_from("abc"), st.sampled_from("abcd"), st.integers(0, 5)),
    max_size=12,
)


@given(ACTIONS)
@settings(max_examples=25, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_any_order_of_changes_ends_as_a_fresh_sync_does(
    tmp_path_factory: pytest.TempPathFactory, actions: list[tuple[str, str, str, int]]
) -> None:
    base = tmp_path_factory.mktemp("any")
    folder = base / "articles"
    (folder / "sub").mkdir(parents=True)
    (folder / "sub" / "always.txt").write_text("The ferry runs every hour, on Sundays too, and the fare is three crowns for a child.")
    with Home.open(base / "home", encoder=HashEncoder(), create=True) as home:
        for action, name, other, number in actions:
            file = folder / f"{name}.txt"
            if action == "write":
                file.write_text(
                    f"Notice {number}\n\nNotice number {number} of the council says that street {number} is closed to cars. " * (number + 1)
                )
            elif action == "delete":
                file.unlink(missing_ok=True)
            elif action == "move" and file.exists():
                file.rename(folder / "sub" / f"{other}.txt")
            elif action == "sync":
                home.sync(folder)
        home.sync(folder)
        once = state(home)
        assert counts(home.sync(folder)).keys() <= {"articles", "unchanged"}
        assert state(home) == once
        with Home.open(base / "fresh", encoder=HashEncoder(), create=True) as fresh:
            fresh.sync(folder)
            assert state(fresh) == once
            fresh.vectors.close()
        home.vectors.close()
