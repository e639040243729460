"""The vector store: what its files are checked for, how far an open one knows, and who may use it when."""

from __future__ import annotations

import threading
from pathlib import Path

import numpy as np
import pytest

from index.locks import process_lock
from index.seal import broken_seal, read_seal
from index.vectors import Vectors, VectorStoreBusy, VectorStoreError

AXES = np.eye(4, dtype=np.float32)


@pytest.fixture
def store(tmp_path: Path) -> Vectors:
    """A store of four chunks a, b, c, d, one on each axis."""
    vectors = Vectors.at(tmp_path / "chroma")
    vectors.update(forget=[], ids=list("abcd"), vectors=AXES, generation=0)
    vectors.confirm(1)
    return vectors


def ids(store: Vectors, *, generation: int, limit: int = 2, fresh: bool = True) -> list[str]:
    found = store.nearest(np.array([0.8, 0.6, 0, 0], np.float32), limit=limit, generation=generation, horizon=4, fresh=fresh)
    return [id_ for id_, _ in found.found]


def test_the_nearest_come_first_with_their_similarity(store: Vectors) -> None:
    answer = store.nearest(np.array([0.8, 0.6, 0, 0], np.float32), limit=2, generation=1, horizon=4)
    assert [(id_, round(similarity, 4)) for id_, similarity in answer.found] == [("a", 0.8), ("b", 0.6)]
    assert (answer.horizon, store.opened, store.count(1)) == (4, (1, 4), 4)
    store.close()
    assert store.opened is None


def test_an_open_store_is_opened_anew_only_where_a_fresh_one_is_asked_for(store: Vectors) -> None:
    assert ids(store, generation=1) == ["a", "b"]
    store.update(forget=["a"], ids=["e"], vectors=AXES[1:2], generation=1)
    store.confirm(2)
    assert ids(store, generation=2, fresh=False) == ["a", "b"]
    assert set(ids(store, generation=2)) == {"b", "e"}
    store.close()


def test_a_store_that_was_never_filled(tmp_path: Path) -> None:
    with pytest.raises(VectorStoreError, match="was never filled"):
        Vectors.at(tmp_path / "none").count(0)
    assert not (tmp_path / "none").exists()


def test_one_at_a_time_opens_or_writes(store: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("index.vectors.WRITE_SECONDS", 0.1)
    with process_lock(store.path.with_name("vectors.lock"), wait=0):
        with pytest.raises(VectorStoreBusy, match="is being written by another process"):
            ids(store, generation=1)
        with pytest.raises(VectorStoreBusy):
            store.update(forget=["a"], ids=[], vectors=AXES[:0], generation=1)


def test_an_open_store_answers_while_another_process_writes(store: Vectors) -> None:
    assert ids(store, generation=1) == ["a", "b"]
    with process_lock(store.path.with_name("vectors.lock"), wait=0):
        assert ids(store, generation=2, fresh=False) == ["a", "b"]
    store.close()


@pytest.mark.parametrize("name", ["data_level0.bin", "header.bin", "length.bin", "index_metadata.pickle"])
def test_files_that_are_not_as_they_were_written_are_never_opened(name: str, store: Vectors, monkeypatch: pytest.MonkeyPatch) -> None:
    (file,) = store.path.rglob(name)
    content = bytearray(file.read_bytes())
    content[len(content) // 2] ^= 1
    file.write_bytes(content)
    monkeypatch.setattr("index.vectors._opened", lambda path: pytest.fail(f"{path} was opened"))
    for act in (
        lambda: ids(store, generation=1),
        lambda: store.update(forget=["a"], ids=[], vectors=AXES[:0], generation=1),
    ):
        with pytest.raises(VectorStoreError, match=f"{name} is not as it was written"):
            act()


def test_a_store_of_a_later_catalogue_is_not_trusted(store: Vectors) -> None:
    assert broken_seal(store.path, 0) == f"{store.path} belongs to a later state of the catalogue"
    assert (broken_seal(store.path, 1), broken_seal(store.path, 2)) == (None, None)


def test_a_store_that_is_set_aside_is_started_anew(store: Vectors) -> None:
    aside = store.set_aside()
    assert aside is not None
    assert (aside.exists(), store.path.exists(), read_seal(store.path)) == (True, False, None)
    store.update(forget=[], ids=["z"], vectors=AXES[:1], generation=1)
    assert ids(store, generation=1, limit=1) == ["z"]
    store.close()


def test_many_threads_ask_while_one_writes(store: Vectors) -> None:
    errors: list[Exception] = []
    done = threading.Event()

    def ask() -> None:
        try:
            while not done.is_set():
                assert len(ids(store, generation=1, limit=1, fresh=False)) == 1
        except Exception as error:  # noqa: BLE001 -- whatever it is, the test is to show it
            errors.append(error)

    threads = [threading.Thread(target=ask) for _ in range(8)]
    for thread in threads:
        thread.start()
    for number in range(5):
        store.update(forget=[], ids=[f"n{number}"], vectors=AXES[:1], generation=1)
        store.close()
    done.set()
    for thread in threads:
        thread.join()
    store.close()
    assert errors == []
    assert store.count(1) == 9
    store.close()
