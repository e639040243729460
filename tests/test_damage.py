"""Every file of a home flipped, truncated and deleted; a full disk; a home that cannot be written; damaged models.

Each case runs in a process of its own, since what is looked for includes processes that die.
"""

from __future__ import annotations

import os
import random
import re
import resource
import shutil
import signal
import subprocess
from collections.abc import Callable
from multiprocessing import get_context
from pathlib import Path
from typing import Any

import pytest

from benchmarks.kill import differences, state
from index.doctor import examine, repair
from index.encoder import MODEL_FOLDER, HashEncoder, OnnxEncoder, verify_model
from index.errors import DatelineError, HomeError, ModelError
from index.home import Home

PLAIN = re.compile(r"3 [^\n]+; [^\n]+")
"""Exit code, message and hint of an error, on one line."""
DAMAGES = ("flip", "truncate", "empty", "delete")


def forked(call: Callable[..., Any], *arguments: object) -> Any:
    """The result of a call in a process of its own.

    Raises:
        AssertionError: the process died.
    """
    context = get_context("forkserver")
    context.set_forkserver_preload(["benchmarks.kill_preload"])
    receiver, sender = context.Pipe(duplex=False)
    child = context.Process(target=_reporting, args=(sender, call, arguments))
    child.start()
    sender.close()
    try:
        result = receiver.recv()
    except EOFError:
        child.join(60)
        raise AssertionError(f"the process ended with {child.exitcode}") from None
    child.join(60)
    if isinstance(result, Exception):
        raise result
    return result


def _reporting(sender: Any, call: Callable[..., Any], arguments: tuple[object, ...]) -> None:
    try:
        sender.send(call(*arguments))
    except Exception as error:  # noqa: BLE001 -- it is raised again by who asked
        sender.send(error)


def leave_open(home: str, corpus: str) -> None:
    """Sync and end without closing anything, so that write-ahead log and shared memory stay."""
    Home.open(home, encoder=HashEncoder(), create=True).sync(corpus)
    os.kill(os.getpid(), signal.SIGKILL)


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path, dict[str, Any]]:
    """A corpus, a home that holds every kind of file, and what is in it."""
    base = tmp_path_factory.mktemp("damage")
    corpus = base / "articles"
    corpus.mkdir()
    for number in range(6):
        text = f"Bridge {number} of Brigg opened\n\nBridge {number} of Brigg was opened by its clerk, Ilse Brandt, on Monday. " * (
            number + 1
        )
        (corpus / f"{number}.txt").write_text(text)
        os.utime(corpus / f"{number}.txt", (1_700_000_000, 1_700_000_000))
    with pytest.raises(AssertionError, match="ended with -9"):
        forked(leave_open, str(base / "home"), str(corpus))
    shutil.copytree(base / "home", base / "whole")
    return corpus, base / "home", forked(state, base / "whole")


def names(home: Path) -> list[str]:
    return sorted(file.relative_to(home).as_posix() for file in home.rglob("*") if file.is_file())


def damage(file: Path, how: str) -> None:
    content = file.read_bytes()
    if how == "delete":
        file.unlink()
    elif how == "flip":
        choose, flipped = random.Random(len(content)), bytearray(content)
        for _ in range(min(40, len(content))):
            flipped[choose.randrange(len(flipped))] ^= 1 << choose.randrange(8)
        file.write_bytes(flipped)
    else:
        file.write_bytes(content[: len(content) // 2] if how == "truncate" else b"")


def live_on(home: str, corpus: str, exact_limit: int) -> list[str]:
    """Ask, sync, examine, repair where needed; gives the messages met on the way."""
    import index.search

    index.search.EXACT_LIMIT = exact_limit
    met = []
    try:
        with Home.open(home, encoder=HashEncoder()) as opened:
            assert len(opened.search("Who opened the bridge of Brigg?", limit=3)) <= 3
    except DatelineError as error:
        met.append(error)
    try:
        with Home.open(home, encoder=HashEncoder(), create=True) as opened:
            opened.sync(corpus)
            opened.vectors.close()
    except DatelineError as error:
        met.append(error)
    assert all(error.exit_code in (2, 3) and error.hint and "\n" not in str(error) for error in met), met
    if met or [problem for problem in examine(home, encoder="hash").problems if "set aside" not in problem.what]:
        with_sentences = repair(home)
        assert with_sentences
        with Home.open(home, encoder=HashEncoder(), create=True) as opened:
            opened.sync(corpus)
            opened.vectors.close()
    return [type(error).__name__ for error in met]


@pytest.mark.parametrize("how", [how if how in ("flip", "delete") else pytest.param(how, marks=pytest.mark.slow) for how in DAMAGES])
def test_every_file_of_a_home_in_turn(how: str, synced: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    corpus, whole, expected = synced
    kinds = {Path(name).name for name in names(whole)}
    assert kinds >= {
        "catalogue.sqlite",
        "catalogue.sqlite-wal",
        "catalogue.sqlite-shm",
        "chroma.sqlite3",
        "data_level0.bin",
        "vectors.json",
    }
    for number, name in enumerate(names(whole)):
        home = tmp_path / str(number)
        shutil.copytree(whole, home)
        damage(home / name, how)
        forked(live_on, str(home), str(corpus), number % 2 * 20_000)
        assert (name, differences(expected, forked(state, home))) == (name, ())


@pytest.mark.slow
@pytest.mark.parametrize("seed", range(40))
def test_flips_all_over_the_catalogue(seed: int, synced: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    corpus, whole, expected = synced
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    forked(close_well, str(home))
    content, choose = bytearray((home / "catalogue.sqlite").read_bytes()), random.Random(seed)
    for _ in range(1 + seed):
        content[choose.randrange(len(content))] ^= 1 << choose.randrange(8)
    (home / "catalogue.sqlite").write_bytes(content)
    forked(live_on, str(home), str(corpus), 20_000)
    assert differences(expected, forked(state, home)) == ()


def close_well(home: str) -> None:
    with Home.open(home, encoder=HashEncoder()) as opened:
        opened.catalogue.rows("PRAGMA wal_checkpoint(TRUNCATE)")


# A full disk


def sync_within(home: str, corpus: str, most: int) -> str:
    """Sync where no file may grow beyond `most` bytes; gives the message."""
    resource.setrlimit(resource.RLIMIT_FSIZE, (most, resource.RLIM_INFINITY))
    try:
        with Home.open(home, encoder=HashEncoder(), create=True) as opened:
            opened.sync(corpus)
    except HomeError as error:
        return f"{error.exit_code} {error}; {error.hint}"
    return ""


@pytest.mark.parametrize("most", [0, 2_000, 20_000, 60_000, 150_000, 250_000, 400_000])
def test_files_that_cannot_grow(most: int, synced: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    corpus, _, expected = synced
    home = tmp_path / "home"
    message = forked(sync_within, str(home), str(corpus), most)
    assert PLAIN.fullmatch(message) or (most == 400_000 and not message)
    assert forked(sync_within, str(home), str(corpus), resource.RLIM_INFINITY) == ""
    assert differences(expected, forked(state, home)) == ()


@pytest.mark.parametrize("kilobytes", [64, 256, 512])
def test_a_full_disk(kilobytes: int, synced: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    corpus, _, expected = synced
    disk = tmp_path / "disk"
    disk.mkdir()
    if subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={kilobytes}k", "tmpfs", disk], capture_output=True, check=False).returncode:
        pytest.skip("a small disk cannot be mounted here")
    try:
        message = forked(sync_within, str(disk / "home"), str(corpus), resource.RLIM_INFINITY)
        assert PLAIN.fullmatch(message)
        subprocess.run(["mount", "-o", "remount,size=64m", disk], check=True)
        assert forked(sync_within, str(disk / "home"), str(corpus), resource.RLIM_INFINITY) == ""
        assert differences(expected, forked(state, disk / "home")) == ()
    finally:
        subprocess.run(["umount", "-l", disk], check=True)


# A home that cannot be written


def ask_and_sync(home: str, corpus: str, exact_limit: int) -> list[str]:
    """What nobody, who may not write, is told."""
    import index.search

    index.search.EXACT_LIMIT = exact_limit
    if os.geteuid() == 0:
        os.setgid(65534)
        os.setuid(65534)
    with Home.open(home, encoder=HashEncoder()) as opened:
        told = [str(len(opened.search("Who opened the bridge of Brigg?", limit=3)))]
        try:
            opened.sync(corpus)
        except HomeError as error:
            told.append(f"{error.exit_code} {error}")
    return told


@pytest.mark.parametrize("closed", [True, False], ids=["closed well", "left open"])
@pytest.mark.parametrize("exact_limit", [0, 20_000])
def test_a_read_only_home_can_be_asked(closed: bool, exact_limit: int, synced: tuple[Path, Path, dict[str, Any]], tmp_path: Path) -> None:
    corpus, whole, _ = synced
    home = tmp_path / "home"
    shutil.copytree(whole, home)
    if closed:
        forked(close_well, str(home))
    for path in (home, *home.rglob("*")):
        path.chmod(0o555 if path.is_dir() else 0o444)
    for parent in home.parents[:3]:
        parent.chmod(0o755)
    assert forked(ask_and_sync, str(home), str(corpus), exact_limit) == ["3", f"3 {home} cannot be written (Permission denied)"]


# Models


def load(folder: Path) -> str:
    try:
        OnnxEncoder.open(folder).encode_query("Who opened the bridge?")
    except ModelError as error:
        return f"{error}{'' if error.hint else ' without a hint'}"
    return verify_model(folder) or ""


@pytest.mark.parametrize("how", DAMAGES)
@pytest.mark.parametrize("name", ["manifest.json", "model.onnx", "tokenizer.json"])
def test_damaged_models(name: str, how: str, tmp_path: Path) -> None:
    folder = tmp_path / "model"
    shutil.copytree(MODEL_FOLDER, folder)
    damage(folder / name, how)
    message = forked(load, folder)
    assert message.endswith((" is missing", " is damaged", " is damaged: its checksum is not the one in manifest.json")), message
