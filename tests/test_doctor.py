"""What an examination finds in homes that were damaged in every way we know, and that a repair encodes nothing."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

import index.encoder
from index.doctor import REPAIR, REPLACE, Health, Problem, examine, repair
from index.encoder import HashEncoder
from index.errors import BadPath, HomeDamaged, HomeLocked
from index.folder import writing
from index.home import Home
from index.types import day_number

HEALTHY = {"generation": 3, "articles": 3, "chunks": 3}


@pytest.fixture
def home(open_home: Callable[..., Home], corpus: Path) -> Home:
    """A synced home of three articles of one chunk each."""
    opened = open_home()
    opened.sync(corpus)
    return opened


def look(home: Home | Path) -> Health:
    """Examine as a process of its own would."""
    if isinstance(home, Home):
        home.vectors.close()
        return examine(home.path, encoder="hash")
    return examine(home, encoder="hash")


def test_a_healthy_home(home: Home, corpus: Path):
    health = look(home)
    assert health == Health(ok=True, **HEALTHY, vectors=3, roots=(str(corpus),))
    assert health.to_dict() == {"ok": True, **HEALTHY, "vectors": 3, "problems": []}


def test_an_empty_home_is_healthy(open_home: Callable[..., Home]):
    assert look(open_home()) == Health(ok=True)


def test_no_home_and_a_file_in_its_place(tmp_path: Path):
    (tmp_path / "file").touch()
    missing, file = look(tmp_path / "missing"), look(tmp_path / "file")
    what = f"there is no home at {tmp_path / 'missing'} yet"
    assert missing.problems == (Problem(what=what, fix="make one with `dateline sync FOLDER`, where FOLDER holds your articles"),)
    assert [problem.what for problem in file.problems] == [f"{tmp_path / 'file'} is a file, and a home is a folder"]
    assert (missing.ok, file.ok, (tmp_path / "missing").exists()) == (False, False, False)
    with pytest.raises(BadPath):
        repair(tmp_path / "missing")


@pytest.mark.parametrize("damage", ["garbage", "emptied", "deleted"])
def test_a_lost_vector_store_is_rebuilt_without_encoding(damage: str, home: Home, monkeypatch: pytest.MonkeyPatch):
    home.vectors.close()
    file = home.vectors.path / "chroma.sqlite3"
    if damage == "garbage":
        file.write_bytes(b"no database " * 1000)
    elif damage == "emptied":
        file.write_bytes(b"")
    else:
        shutil.rmtree(home.vectors.path)
    (problem,) = look(home).problems
    assert problem.fix == REPAIR
    monkeypatch.setattr(HashEncoder, "encode", None)
    home.vectors.close()
    done = repair(home.path)
    assert done[0] == "Built the vector store anew: 3 stored vectors of 3 articles, none encoded again."
    assert len(done) == (1 if damage == "deleted" else 2)
    assert look(home).to_dict() == {"ok": True, **HEALTHY, "vectors": 3, "problems": []}
    assert [path.name for path in home.path.glob("chroma*")] == ["chroma"]
    assert home.search("whale skeleton", limit=1)[0].doc_id == "museum"


def test_a_damaged_catalogue_is_set_aside_and_its_roots_are_named(home: Home, corpus: Path):
    home.close()
    for file in home.path.glob("catalogue.sqlite*"):
        file.write_bytes(b"no catalogue " * 1000)
    (problem,) = look(home.path).problems
    what = f"the catalogue {home.path / 'catalogue.sqlite'} cannot be used: file is not a database"
    assert problem == Problem(what=what, fix=REPLACE)
    (aside, again) = repair(home.path)
    (kept,) = home.path.glob("catalogue.damaged-*")
    assert aside == f"Set the damaged catalogue aside at {kept}; delete that folder when you need it no more."
    assert again == f"Type this to read your articles again: dateline sync {corpus}"
    assert (kept / "catalogue.sqlite").read_bytes() == b"no catalogue " * 1000
    with Home.open(home.path, encoder=HashEncoder(), create=True) as anew:
        assert anew.sync(corpus).added == 3
    assert [problem.what for problem in look(home.path).problems] == [
        f"a damaged vector store was set aside at {leftover}" for leftover in home.path.glob("chroma.damaged-*")
    ]


def test_a_catalogue_with_a_torn_page_is_found(home: Home):
    home.catalogue.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    home.close()
    file = home.path / "catalogue.sqlite"
    content = bytearray(file.read_bytes())
    content[len(content) // 2 :] = bytes(len(content) - len(content) // 2)
    file.write_bytes(content)
    health = look(home.path)
    assert not health.ok
    assert "catalogue" in health.problems[0].what
    assert health.problems[0].fix == REPLACE


@pytest.mark.parametrize(("what", "found"), [("publisher", [1, 1]), ("day", [1, 1]), ("path", [0, 1, 1])])
def test_a_flip_in_what_a_filter_compares_is_found(what: str, found: list[int], home: Home, corpus: Path):
    """The third place of a path is the memory of files: a wrong entry there has the file read again."""
    values = {"publisher": b"The Fennick Daily", "day": day_number("2023-11-20").to_bytes(4, "big"), "path": bytes(corpus / "museum.md")}
    home.catalogue.rows("PRAGMA wal_checkpoint(TRUNCATE)")
    home.close()
    file = home.path / "catalogue.sqlite"
    content = file.read_bytes()
    fixes = []
    for place in re.finditer(re.escape(values[what]), content):
        file.write_bytes(content[: place.end() - 1] + bytes([content[place.end() - 1] ^ 1]) + content[place.end() :])
        fixes.append([problem.fix for problem in look(home.path).problems])
    assert sorted(fixes) == [[REPLACE] * number for number in found]


@pytest.mark.parametrize(
    ("damage", "what"),
    [
        ("UPDATE meta SET value = '4' WHERE name = 'articles'", "its counts are not those of its articles"),
        ("UPDATE meta SET value = '9' WHERE name = 'words'", "its counts are not those of its articles"),
        ("UPDATE articles SET words = 9 WHERE number = 2", "its counts are not those of its articles"),
        ("UPDATE meta SET value = '257' WHERE name = 'dimension'", "its vectors should have 257 numbers, and those of 3 articles have not"),
        ("DELETE FROM meta WHERE name = 'dimension'", "its vectors should have 1 numbers, and those of 3 articles have not"),
    ],
)
def test_facts_that_do_not_fit_the_articles_are_found(damage: str, what: str, home: Home):
    with home.catalogue.writing():
        home.catalogue.rows(damage)
    assert look(home).problems == (Problem(what=f"the catalogue of {home.path} is damaged: {what}", fix=REPLACE),)
    home.close()
    assert repair(home.path)[0].startswith("Set the damaged catalogue aside at ")


def test_what_a_sync_cannot_read_is_found(home: Home, corpus: Path):
    with home.catalogue.writing():
        home.catalogue.rows("UPDATE files SET skipped = ']]'")
    with pytest.raises(HomeDamaged) as raised:
        home.sync(corpus)
    assert look(home).problems == (Problem(what=str(raised.value), fix=REPLACE),)
    home.close()
    assert repair(home.path)[1] == f"Type this to read your articles again: dateline sync {corpus}"


def test_a_wrong_entry_in_the_list_of_roots_is_found_and_mended(home: Home, corpus: Path):
    wrong = f"{corpus}x"
    with home.catalogue.writing():
        home.catalogue.rows("UPDATE roots SET path = ?", [wrong])
    assert look(home).problems == (
        Problem(
            what=f"{wrong} was synced and is gone; its 0 articles still answer questions",
            fix=f"bring it back, or type: dateline forget {wrong}",
        ),
        Problem(what=f"{corpus} has 3 articles here and is not in the list of what was synced", fix=f"dateline sync {corpus}"),
    )
    assert (home.forget(wrong).deleted, home.sync(corpus).unchanged) == (0, 3)
    assert look(home) == Health(ok=True, **HEALTHY, vectors=3, roots=(str(corpus),))


def test_a_sync_that_was_cut_short(home: Home):
    with home.catalogue.writing():
        home.catalogue.rows("UPDATE articles SET indexed = 0 WHERE number = 1")
    (problem,) = look(home).problems
    assert problem == Problem(what="a sync was cut short: 1 articles are not in the vector store yet", fix=REPAIR)
    with writing(home.path, wait=0):
        (problem,) = look(home).problems
    assert (problem.what.startswith(f"{home.path} is being written by process "), problem.fix) == (
        True,
        "wait for it to finish, then look again",
    )
    repair(home.path)
    assert look(home).ok


def test_a_locked_home_is_not_repaired(home: Home):
    with writing(home.path, wait=0), pytest.raises(HomeLocked):
        repair(home.path, wait=0)


def test_a_vanished_root_and_a_leftover_are_pointed_out(home: Home, corpus: Path):
    corpus.rename(corpus.with_name("elsewhere"))
    leftover = home.path / "chroma.damaged-20260101-000000"
    leftover.mkdir()
    assert look(home).problems == (
        Problem(
            what=f"{corpus} was synced and is gone; its 3 articles still answer questions",
            fix=f"bring it back, or type: dateline forget {corpus}",
        ),
        Problem(what=f"a damaged vector store was set aside at {leftover}", fix=f"delete that folder, or type: {REPAIR}"),
    )


def test_another_encoder_or_a_damaged_one(home: Home, monkeypatch: pytest.MonkeyPatch):
    made_with = "this home was made with the encoder hash-256, and the settings name "
    home.vectors.close()
    monkeypatch.setattr("index.embedders.HashEncoder", lambda: HashEncoder(32))
    assert [problem.what for problem in examine(home.path, encoder="hash").problems] == [f"{made_with}hash-32"]
    assert [problem.what for problem in examine(home.path, encoder="nobody:x").problems] == ["no encoder is called 'nobody:x'"]
    monkeypatch.setattr(index.encoder, "verify_model", lambda: "model.onnx is damaged")
    assert [problem.what for problem in examine(home.path).problems] == ["model.onnx is damaged"]
