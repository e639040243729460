"""Files that a browser gives: what is taken, under which name, and that nothing leads out of the home. No browser, no server."""

from __future__ import annotations

import hashlib
import os
import stat
import threading
from collections.abc import Callable
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.home import Home
from index.readers import MAX_BYTES, SUFFIXES
from index.types import SyncReport
from rag.chatbot import Chatbot
from rag.settings import Settings
from ui import uploads
from ui.library import Library
from ui.uploads import Unsafe, Upload, kinds, safe_parts, take, uploads_of

FERRY = "Ferry returns\n\nThe ferry to Skarholm sails again from Tuesday, said its captain, Ruth Amsel."
ABBEY = "Abbey sold\n\nThe abbey of Corsham was sold to a brewer, Lord Amis Thorne, for two million crowns."


class Server:
    """Receives files as Gradio does: below a folder that is named for their content."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        folder.mkdir()

    def receive(self, name: str, content: str | bytes = FERRY) -> Upload:
        data = content.encode() if isinstance(content, str) else content
        place = self.folder / hashlib.sha256(data).hexdigest()
        place.mkdir(exist_ok=True)
        (place / "received").write_bytes(data)
        return Upload(str(place / "received"), name, len(data))

    @property
    def is_empty(self) -> bool:
        return not [*self.folder.iterdir()]


@pytest.fixture
def server(tmp_path: Path) -> Server:
    return Server(tmp_path / "received")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "uploads"


def contents(folder: Path) -> dict[str, str]:
    return {path.relative_to(folder).as_posix(): path.read_text() for path in folder.rglob("*") if path.is_file()}


# Names


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("a.txt", ("a.txt",)),
        ("strike/2024/a.html", ("strike", "2024", "a.html")),
        ("./a//b.md", ("a", "b.md")),
        ("/etc/passwd.txt", ("etc", "passwd.txt")),
        ("C:\\news\\a.txt", ("C_", "news", "a.txt")),
        ('wh<o>:"was|it?*.txt', ("wh_o___was_it__.txt",)),
        ("a\n\0\x1b.txt", ("a.txt",)),
        ("photo\u202etxt.pdf", ("phototxt.pdf",)),
        (" spaced\u00a0out .txt ", ("spaced out .txt",)),
        ("trailing. ./a.txt", ("trailing", "a.txt")),
        ("cafe\u0301.txt", ("caf\u00e9.txt",)),
        ("CON.txt", ("_CON.txt",)),
        ("nul/a.txt", ("_nul", "a.txt")),
        ("archive.JSON.GZ", ("archive.JSON.GZ",)),
        ("ü" * 300 + ".jsonl.gz", ("ü" * 111 + ".jsonl.gz",)),
        ("folder/DateLine.csv", ("folder", "dateline.csv")),
    ],
)
def test_names_are_made_safe(name: str, parts: tuple[str, ...]) -> None:
    assert safe_parts(name) == parts


@pytest.mark.parametrize(
    ("name", "reason"),
    [
        *((name, "leads to another folder") for name in ("../a.txt", "a/../../b.txt", "..\\..\\a.txt", "..\u200b/a.txt", ". ./a.txt")),
        *((name, "leads to another folder") for name in ("\0", "\u200b", "a/\u00a0/b.txt")),
        *((name, "it has no name") for name in ("", "/", "./")),
        *((name, "is hidden") for name in (".a.txt", "news/.git/a.txt", "~$a.docx", "\u200b.a.txt")),
        *((name, "of no kind") for name in ("a.exe", "a", "a.txt.exe", "txt", "a.html\u202e.gpj")),
        ("dateline.csv", "add the folder that they all lie in"),
        ("/".join("abcdefghijklmnopqrstuvw") + "/x.txt", "more than 20 folders deep"),
    ],
)
def test_names_that_cannot_be_kept_say_why(name: str, reason: str) -> None:
    with pytest.raises(Unsafe, match=reason):
        safe_parts(name)


@given(st.text(st.characters() | st.sampled_from("./\\~$\0\u202e"), max_size=40), st.sampled_from(sorted(SUFFIXES)))
def test_no_name_leads_out_of_its_folder(name: str, suffix: str) -> None:
    try:
        parts = safe_parts(name + suffix)
    except Unsafe:
        return
    place = Path("/home/uploads").joinpath(*parts)
    assert Path(os.path.normpath(place)) == place
    assert place.parts[:3] == ("/", "home", "uploads")
    assert all(part == part.strip() and part.isprintable() and not part.startswith(".") and len(part) <= 121 for part in parts)
    assert safe_parts("/".join(parts)) == parts


def test_every_kind_that_is_read_is_taken() -> None:
    assert kinds() == tuple(sorted(SUFFIXES))
    assert [safe_parts(f"a{suffix}") for suffix in kinds()] == [(f"a{suffix}",) for suffix in kinds()]


# What the browser says


@pytest.mark.parametrize(
    "data",
    [
        *(None, 7, [], {}, {"files": None}, {"files": "a"}, {"files": [1, None, {}]}),
        *({"files": [{"path": "a", "name": "b", "size": 1, **wrong}]} for wrong in ({"path": 1}, {"name": None}, {"size": "1"})),
    ],
)
def test_a_message_of_another_shape_names_no_file(data: object) -> None:
    assert uploads_of(data) == []


def test_a_message_names_its_files() -> None:
    files = [{"path": "/r/a", "name": "a.txt", "size": 3}, "no file", {"path": "", "name": "b.txt", "size": 9, "more": 1}]
    assert uploads_of({"files": files}) == [Upload("/r/a", "a.txt", 3), Upload("", "b.txt", 9)]


# Taking


def test_files_come_into_the_home_with_their_folders_and_leave_the_server(server: Server, folder: Path) -> None:
    given_files = [server.receive("ferry.txt"), server.receive("strike/2024/abbey.txt", ABBEY)]
    taken = take(given_files, served=server.folder, folder=folder)
    assert contents(folder) == {"ferry.txt": FERRY, "strike/2024/abbey.txt": ABBEY}
    assert (taken.paths, taken.refused) == ((folder / "ferry.txt", folder / "strike" / "2024" / "abbey.txt"), ())
    assert server.is_empty
    assert stat.S_IMODE((folder / "ferry.txt").stat().st_mode) & 0o111 == 0


def test_a_problem_with_one_file_is_told_by_name_and_the_others_go_on(server: Server, folder: Path) -> None:
    given_files = [
        server.receive("photo.jpg", b"jpg"),
        server.receive("../../.bashrc.txt", b"evil"),
        Upload("", "film.txt", MAX_BYTES + 1),
        Upload("", "lost.txt", 5),
        Upload("", "film.mp4", MAX_BYTES + 1),
        server.receive("ferry.txt"),
    ]
    taken = take(given_files, served=server.folder, folder=folder)
    assert contents(folder) == {"ferry.txt": FERRY}
    assert [(skip.path, skip.reason.split(":")[0]) for skip in taken.refused] == [
        ("photo.jpg", "it is of no kind that Dateline reads"),
        ("../../.bashrc.txt", "its name leads to another folder"),
        ("film.txt", "it is too large (20.0 MB, the limit is 20 MB)"),
        ("lost.txt", "it did not arrive"),
        ("film.mp4", "it is of no kind that Dateline reads"),
    ]
    assert server.is_empty


def test_size_and_number_are_bounded(server: Server, folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    large = server.receive("large.txt", b"x" * (MAX_BYTES + 1))
    assert take([large], served=server.folder, folder=folder).refused[0].reason.startswith("it is too large (20.0 MB")
    monkeypatch.setattr(uploads, "MOST_FILES", 2)
    taken = take([server.receive(f"{number}.txt", f"{number}") for number in range(4)], served=server.folder, folder=folder)
    assert ([path.name for path in taken.paths], [skip.path for skip in taken.refused]) == (["0.txt", "1.txt"], ["2.txt", "3.txt"])
    monkeypatch.setattr(uploads, "MOST_BYTES", 10)
    taken = take([server.receive("a.txt", "12345678"), server.receive("b.txt", "123")], served=server.folder, folder=folder)
    assert ([path.name for path in taken.paths], [skip.path for skip in taken.refused]) == (["a.txt"], ["b.txt"])
    assert "sync such a folder by its path" in taken.refused[0].reason
    assert server.is_empty


def test_a_file_never_takes_anothers_place_and_a_folder_is_brought_up_to_date(server: Server, folder: Path) -> None:
    first = [server.receive("a.txt", "one"), server.receive("news/a.txt", "one"), server.receive("c.json.gz", b"1f")]
    assert take(first, served=server.folder, folder=folder).refused == ()
    same = take([server.receive("a.txt", "one")], served=server.folder, folder=folder)
    assert same.paths == (folder / "a.txt",)
    second = [server.receive("a.txt", "two"), server.receive("news/a.txt", "two"), server.receive("c.json.gz", b"2f")]
    assert take(second, served=server.folder, folder=folder).refused == ()
    third = take([server.receive("a.txt", "three")], served=server.folder, folder=folder)
    assert third.paths == (folder / "a (3).txt",)
    assert contents(folder) == {
        "a.txt": "one", "a (2).txt": "two", "a (3).txt": "three", "news/a.txt": "two", "c.json.gz": "1f", "c (2).json.gz": "2f",
    }  # fmt: skip


SHA = "0" * 64


@pytest.mark.parametrize(
    "name",
    ["../elsewhere/a.txt", f"{SHA}/../../secret.txt", "secret.txt", "", SHA, f"{SHA}/in/a.txt", "\0", f"{SHA}/\0"],
)
def test_only_what_the_server_received_is_taken(name: str, server: Server, folder: Path, tmp_path: Path) -> None:
    for below in ("secret.txt", "elsewhere/a.txt", "received/secret.txt", f"received/{SHA}/in/a.txt"):
        place = tmp_path / below
        place.parent.mkdir(parents=True, exist_ok=True)
        place.write_text("secret")
    before = contents(tmp_path)
    for path in (f"{server.folder}/{name}", name, str(tmp_path / "secret.txt")):
        taken = take([Upload(path, "mine.txt", 6)], served=server.folder, folder=folder)
        assert (taken.paths, [skip.reason for skip in taken.refused]) == ((), ["it did not arrive: add it again"])
    assert contents(tmp_path) == before


def test_links_are_followed_nowhere(server: Server, folder: Path, tmp_path: Path) -> None:
    secret = tmp_path / "secret.txt"
    secret.write_text("secret")
    (server.folder / ("1" * 64)).mkdir()
    (server.folder / ("1" * 64) / "a.txt").symlink_to(secret)
    (tmp_path / "other").mkdir()
    (tmp_path / "other" / "a.txt").write_text("secret")
    (server.folder / ("2" * 64)).symlink_to(tmp_path / "other")
    taken = take(
        [Upload(str(server.folder / (digit * 64) / "a.txt"), "mine.txt", 6) for digit in "12"], served=server.folder, folder=folder
    )
    assert (taken.paths, len(taken.refused), secret.read_text()) == ((), 2, "secret")
    assert (tmp_path / "other" / "a.txt").exists()
    folder.mkdir(parents=True)
    (folder / "out").symlink_to(tmp_path / "other")
    (folder / "link.txt").symlink_to(secret)
    taken = take([server.receive("out/a.txt", "new"), server.receive("link.txt", "new")], served=server.folder, folder=folder)
    assert [path.name for path in taken.paths] == ["link (2).txt"]
    assert "its folder is a link to another one" in taken.refused[0].reason
    assert (secret.read_text(), (tmp_path / "other" / "a.txt").read_text()) == ("secret", "secret")


def test_a_home_that_cannot_be_written_says_so(server: Server, tmp_path: Path) -> None:
    (tmp_path / "home").write_text("a file")
    taken = take([server.receive("ferry.txt")], served=server.folder, folder=tmp_path / "home" / "uploads")
    assert (taken.paths, taken.refused[0].path) == ((), "ferry.txt")
    assert "it cannot be kept (" in taken.refused[0].reason
    assert server.is_empty


@given(st.lists(st.tuples(st.sampled_from(["a.txt", "b.txt", "f/a.txt"]), st.sampled_from(["1", "2", "3"])), max_size=8))
@settings(max_examples=30, suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_words_that_came_by_themselves_are_ever_lost(tmp_path_factory: pytest.TempPathFactory, files: list[tuple[str, str]]) -> None:
    base = tmp_path_factory.mktemp("given")
    server, folder = Server(base / "received"), base / "uploads"
    for name, words in files:
        assert take([server.receive(name, words)], served=server.folder, folder=folder).refused == ()
    held = contents(folder)
    assert server.is_empty
    for letter in "ab":
        alone = {words for name, words in files if name == f"{letter}.txt"}
        assert sorted(alone) == sorted(words for name, words in held.items() if name.startswith(letter))
    in_folder = [words for name, words in files if name == "f/a.txt"]
    assert held.get("f/a.txt") == (in_folder[-1] if in_folder else None)


# Into the library


def add(library: Library, server: Server, *files: Upload) -> SyncReport:
    return library.add(files, served=server.folder, progress=lambda what, done, total: None, cancelled=lambda: False)


def test_the_first_file_moves_from_the_sample_to_ones_own_home(open_home: Callable[..., Home], corpus: Path, server: Server) -> None:
    sample, own = (Chatbot(open_home(name), settings=Settings()) for name in ("sample", "own"))
    sample.sync(corpus)
    library = Library(sample, is_sample=True, open_own=lambda: own)
    report = add(library, server, server.receive("news/ferry.txt"), server.receive("photo.jpg", b"x"))
    assert (report.added, report.articles, [skip.path for skip in report.skipped]) == (1, 1, ["photo.jpg"])
    assert (library.chatbot, library.is_sample) == (own, False)
    assert own.home.stats().roots == (library.uploads,)
    assert own.home.article("ferry").path == "news/ferry.txt"
    assert sample.home.stats().articles == 3


def test_files_without_an_article_are_told_once_and_not_kept(open_home: Callable[..., Home], server: Server) -> None:
    home = open_home()
    library = Library(Chatbot(home, settings=Settings()))
    report = add(library, server, server.receive("ferry.txt"), server.receive("broken.pdf", b"%PDF-1.4 nothing"))
    assert (report.added, [Path(skip.path).name for skip in report.skipped]) == (1, ["broken.pdf"])
    assert contents(home.path / "uploads") == {"ferry.txt": FERRY}
    assert add(library, server, server.receive("abbey.txt", ABBEY)).skipped == ()


def test_files_of_which_none_can_be_taken_leave_the_sample(open_home: Callable[..., Home], server: Server) -> None:
    sample = Chatbot(open_home("sample"), settings=Settings())
    library = Library(sample, is_sample=True, open_own=lambda: Chatbot(open_home("own"), settings=Settings()))
    report = add(library, server, server.receive("photo.jpg", b"x"))
    assert (report.articles, report.added, len(report.skipped), library.chatbot) == (0, 0, 1, sample)


def test_a_root_is_forgotten_and_only_copies_are_deleted(open_home: Callable[..., Home], corpus: Path, server: Server) -> None:
    home = open_home()
    library = Library(Chatbot(home, settings=Settings()))
    home.sync(corpus)
    add(library, server, server.receive("ferry.txt"))
    assert library.forget(str(corpus)).deleted == 3
    assert sorted(path.name for path in corpus.iterdir()) == ["harbour.txt", "museum.md", "tram.txt"]
    assert library.forget(library.uploads).deleted == 1
    assert not Path(library.uploads).exists()
    assert home.stats().roots == ()
    aside = corpus.parent / "aside"
    aside.mkdir()
    (home.path / "uploads").symlink_to(aside)
    add(library, server, server.receive("ferry.txt"))
    assert library.forget(library.uploads).deleted == 1
    assert contents(aside) == {"ferry.txt": FERRY}


def test_a_folder_synced_by_another_process_takes_the_samples_place(open_home: Callable[..., Home], corpus: Path, tmp_path: Path) -> None:
    sample = Chatbot(open_home("sample"), settings=Settings())
    library = Library(
        sample, is_sample=True, open_own=lambda: Chatbot(open_home("own"), settings=Settings()), own=tmp_path / "own"
    )  # fmt: skip
    library.refresh()
    assert library.chatbot is sample
    open_home("own")
    library.refresh()
    assert library.chatbot is sample
    before = library.version
    open_home("own").sync(corpus)
    library.refresh()
    assert (library.is_sample, library.chatbot.home.stats().articles, library.version == before) == (False, 3, False)


def test_a_look_at_the_sample_never_waits_for_a_sync(open_home: Callable[..., Home], corpus: Path, tmp_path: Path) -> None:
    library = Library(Chatbot(open_home("sample"), settings=Settings()), is_sample=True, own=tmp_path / "own",
                      open_own=lambda: Chatbot(open_home("own"), settings=Settings()))  # fmt: skip
    inside, go_on = threading.Event(), threading.Event()

    def slow(what: str, done: int, total: int) -> None:
        inside.set()
        go_on.wait(60)

    syncing = threading.Thread(target=lambda: library.sync(corpus, progress=slow, cancelled=lambda: False))
    syncing.start()
    assert inside.wait(60)
    library.refresh()
    assert library.is_sample
    go_on.set()
    syncing.join(60)
    assert not library.is_sample
