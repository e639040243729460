"""`conversations`, `export`, `verify`, and what `ask` keeps and saves: their words, their JSON, their exit codes."""

from __future__ import annotations

import json
import os
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import ui.cli
from index.home import Home
from rag.conversations import FILE_NAME, Conversations
from rag.memo.files import read
from rag.types import Answer
from tests.conftest import ARTICLES

QUESTION = "How much did the repairs to the north wall cost?"
OTHER = "How many visitors did the Fennick museum have?"


class Run(NamedTuple):
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        assert self.out.count("\n") == 1
        data: dict[str, Any] = json.loads(self.out)
        return data


Dateline = Callable[..., Run]


@pytest.fixture
def dateline(capfd: pytest.CaptureFixture[str]) -> Dateline:
    """Runs one command of the command line, as typed after `dateline`."""

    def run(*arguments: object) -> Run:
        capfd.readouterr()
        code = ui.cli.main([str(argument) for argument in arguments])
        return Run(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def synced(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home with an encoded corpus, which tests copy."""
    folder = tmp_path_factory.mktemp("synced")
    (folder / "articles").mkdir()
    for name, text in ARTICLES.items():
        (folder / "articles" / name).write_text(text, encoding="utf-8")
    with Home.open(folder / "home", create=True) as home:
        home.sync(folder / "articles")
    return folder


@pytest.fixture
def home(synced: Path) -> Path:
    """The home, without conversations."""
    for file in (synced / "home").glob("conversations*"):
        file.unlink()
    return synced / "home"


# What `ask` keeps and saves


def test_ask_keeps_its_answer_in_the_home(dateline: Dateline, home: Path):
    first, second = dateline("ask", QUESTION, "--home", home, "--json"), dateline("ask", OTHER, "--home", home, "--json")
    assert (first.code, first.err) == (0, "")
    listed = dateline("conversations", "--home", home, "--json").json["conversations"]
    assert [(heading["title"], heading["turns"]) for heading in listed] == [(OTHER, 1), (QUESTION, 1)]
    with Conversations(home) as kept:
        assert [turn.answer for turn in kept.load(listed[0]["id"]).turns] == [Answer.from_dict(second.json)]


def test_ask_keeps_nothing_where_it_is_told_not_to(dateline: Dateline, home: Path):
    assert dateline("ask", QUESTION, "--home", home, "--no-keep").code == 0
    assert not (home / FILE_NAME).exists()


def test_an_answer_is_given_where_it_cannot_be_kept(dateline: Dateline, home: Path):
    (home / FILE_NAME).mkdir()
    try:
        run = dateline("ask", QUESTION, "--home", home, "--json")
    finally:
        (home / FILE_NAME).rmdir()
    assert (run.code, run.json["short"]) == (0, "1.2 million")
    assert re.fullmatch(rf"This answer was not kept: {re.escape(str(home / FILE_NAME))} cannot be [^\n]+\.\n", run.err)


@pytest.mark.parametrize("ending", ["md", "html", "json"])
def test_an_answer_is_saved_as_a_memo_that_verifies(ending: str, dateline: Dateline, home: Path, tmp_path: Path):
    file = tmp_path / f"wall.{ending}"
    run = dateline("ask", QUESTION, "--home", home, "--save", file, "--json")
    data = read(file).data
    assert (run.code, run.err) == (0, "")
    assert data["answers"][0]["answer"]["citations"][0]["quote"] == run.json["citations"][0]["quote"]
    assert re.fullmatch(r"20\d\d-\d\d-\d\dT\d\d:\d\d:\d\dZ", data["answers"][0]["asked"])
    verdict = dateline("verify", file, "--home", home, "--json")
    facts = {"ok": True, "form": ending, "title": QUESTION, "exported": data["exported"], "answers": 1, "quotes": 1, "checks": 7}
    assert (verdict.code, verdict.err, verdict.json) == (0, "", {**facts, "home": str(home), "findings": []})


def test_a_file_of_no_known_form_is_refused_before_anything_is_asked(dateline: Dateline, home: Path, tmp_path: Path):
    run = dateline("ask", QUESTION, "--home", home, "--save", tmp_path / "wall.docx")
    hint = "give it one of these endings: the memo takes its form from it"
    assert run == Run(2, "", f"error: {tmp_path / 'wall.docx'} does not end in .md, .html or .json; {hint}\n")
    assert not (home / FILE_NAME).exists()


# Conversations


def ids(dateline: Dateline, home: Path) -> list[str]:
    found = dateline("conversations", "--home", home, "--json").json["conversations"]
    return [heading["id"] for heading in found]


def test_conversations_are_listed_searched_shown_renamed_and_deleted(dateline: Dateline, home: Path):
    for question in (QUESTION, OTHER):
        dateline("ask", question, "--home", home)
    museum, wall = ids(dateline, home)
    listed = dateline("conversations", "--home", home)
    day = r"\d{1,2} [A-Z][a-z]+ 20\d\d, \d\d:\d\d"
    assert re.fullmatch(
        rf"{museum}  {re.escape(OTHER)}\n    1 question, last on {day}\n{wall}  {re.escape(QUESTION)}\n    1 question, last on {day}\n",
        listed.out,
    )
    assert listed.err == ""
    found = dateline("conversations", "search", "visitors", "fenn", "--home", home, "--json")
    assert [heading["id"] for heading in found.json["conversations"]] == [museum]
    shown = dateline("conversations", "show", wall[:7], "--home", home)
    assert f"\n> {QUESTION}\n\n1.2 million\n" in shown.out
    whole = dateline("conversations", "show", wall, "--home", home, "--json").json["conversation"]
    assert (whole["title"], [turn["answer"]["short"] for turn in whole["turns"]]) == (QUESTION, ["1.2 million"])
    assert dateline("conversations", "rename", wall, "The", "north wall", "--home", home) == Run(0, "", f"Renamed {wall}: The north wall\n")
    assert dateline("conversations", "rename", wall, "The wall", "--home", home, "--json").json["renamed"][0]["title"] == "The wall"
    assert dateline("conversations", "delete", wall, museum, "--home", home) == Run(
        0, "", f"Deleted {wall}: The wall\nDeleted {museum}: {OTHER}\n"
    )
    assert dateline("conversations", "--home", home) == Run(0, "", "No conversation found.\n")


def test_long_lists_are_cut_and_say_so(dateline: Dateline, home: Path):
    with Conversations(home) as kept:
        for number in range(4):
            kept.keep(Answer(question=f"Question {number}?", status="no_evidence", short="", text=""))
    run = dateline("conversations", "--home", home, "--limit", "3")
    assert (run.out.count("\n"), run.err) == (6, "There are more: dateline conversations --limit 15\n")
    assert len(dateline("conversations", "--home", home, "--limit", "3", "--json").json["conversations"]) == 3


def test_several_are_deleted_together_or_none(dateline: Dateline, home: Path):
    dateline("ask", QUESTION, "--home", home)
    (wall,) = ids(dateline, home)
    assert dateline("conversations", "delete", wall, "ffffffff", "--home", home).code == 2
    assert ids(dateline, home) == [wall]


def test_a_damaged_file_is_set_aside_with_a_line(dateline: Dateline, home: Path):
    (home / FILE_NAME).write_bytes(b"no database " * 100)
    run = dateline("conversations", "--home", home)
    assert run.code == 0
    assert re.fullmatch(
        rf"No conversation found\.\n{re.escape(str(home / FILE_NAME))} did not read and was set aside as "
        r"conversations-damaged-[\d-]+\.sqlite; a new one was begun\.\n",
        run.err,
    )


# Export


def test_the_last_conversation_is_exported_to_a_file_of_its_form(dateline: Dateline, home: Path, tmp_path: Path):
    for question in (QUESTION, OTHER):
        dateline("ask", question, "--home", home)
    for name, options, form in (("a.html", [], "html"), ("b.txt", ["--format", "json"], "json"), ("c", ["--format", "md"], "md")):
        run = dateline("export", "--last", "--home", home, "--output", tmp_path / name, *options)
        assert run == Run(0, "", f"Wrote 1 answer to {tmp_path / name}; check it with: dateline verify {tmp_path / name}\n")
        file = read(tmp_path / name)
        assert (file.form, file.data["title"]) == (form, OTHER)
        assert dateline("verify", tmp_path / name, "--home", home).code == 0


def test_a_conversation_is_written_to_standard_output(dateline: Dateline, home: Path):
    dateline("ask", QUESTION, "--home", home)
    (wall,) = ids(dateline, home)
    with Conversations(home) as kept:
        again = kept.load(wall).turns[0].answer
        kept.keep(again, conversation=wall)
    shown = dateline("export", wall, "--home", home)
    assert (shown.code, shown.err) == (0, "")
    assert shown.out.startswith(f"Dateline memo\n\n# {QUESTION}\n\n*2 answers, exported ")
    one = dateline("export", wall, "--home", home, "--answer", "2", "--format", "json", "--json")
    assert {name: one.json[name] for name in ("output", "format", "answers", "gone")} == {
        "output": None, "format": "json", "answers": 1, "gone": []
    }  # fmt: skip
    memo = json.loads(one.json["text"])
    assert (memo["digest"], memo["conversation"]["id"]) == (one.json["digest"], wall)


def test_an_article_that_has_changed_is_pointed_out_at_the_export(dateline: Dateline, corpus: Path, tmp_path: Path):
    dateline("sync", corpus)
    dateline("ask", QUESTION)
    (corpus / "harbour.txt").write_text(ARTICLES["harbour.txt"].replace("1.2 million", "1.5 million"))
    dateline("sync", corpus)
    run = dateline("export", "--last", "--output", tmp_path / "memo.md")
    assert run.err.splitlines()[0] == "“Harbour reopens after storm” has changed or gone since it was cited; the memo says so."
    assert len(dateline("export", "--last", "--json").json["gone"]) == 1


# Verify


def test_verify_tells_what_has_changed_line_by_line(dateline: Dateline, corpus: Path):
    dateline("sync", corpus)
    dateline("ask", QUESTION, "--save", "memo.html")
    clean = dateline("verify", "memo.html")
    exported = r"exported \d{1,2} [A-Z][a-z]+ 20\d\d, \d\d:\d\d UTC"
    assert (clean.code, clean.err) == (0, "")
    assert re.fullmatch(
        rf"memo\.html: “{re.escape(QUESTION)}”, 1 answer, 1 quote, 7 checks, {exported}\n"
        r"Nothing has changed: every quote stands where it stood, and every check comes out as it did\.\n",
        clean.out,
    )
    (corpus / "harbour.txt").write_text(ARTICLES["harbour.txt"].replace("1.2 million", "1.5 million"))
    dateline("sync", corpus)
    changed = dateline("verify", "memo.html")
    assert (changed.code, changed.err) == (1, "")
    _, *lines, last = changed.out.splitlines()
    assert [re.sub(r"[0-9a-f]{24}", "…", line) for line in lines] == [
        "    article …: the text of “Harbour reopens after storm” has changed: its hash is …, and … in the memo",
        "    answer 1, [1]: the quote is not at 184 to 267: the article has changed, and its words are not in the article",
    ]
    assert last == "2 things are not as the memo says."
    program = dateline("verify", "memo.html", "--json")
    assert (program.code, program.json["ok"], [finding["kind"] for finding in program.json["findings"]]) == (
        1,
        False,
        ["article", "article"],
    )


def test_a_tampered_memo_is_found_out_where_there_is_no_home(dateline: Dateline, home: Path):
    dateline("ask", QUESTION, "--home", home, "--save", "memo.json")
    fine = dateline("verify", "memo.json")
    assert (fine.code, fine.err) == (0, "Not compared with the articles: there is no home at .dateline. Name one with --home.\n")
    assert fine.out.endswith("\nThe memo is as it was exported, and fits itself.\n")
    Path("memo.json").write_text(Path("memo.json").read_text().replace("1.2 million", "12 million", 1))
    tampered = dateline("verify", "memo.json")
    assert tampered.code == 1
    assert "    its data were changed after the export: the digest does not fit them\n" in tampered.out
    assert dateline("verify", "memo.json", "--json").json["home"] is None


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["conversations", "burn"], "there is no action 'burn'; type one of list, search, show, rename, delete"),
        (["conversations", "show"], "`show` does not take 0 words; type dateline conversations show ID"),
        (["conversations", "rename", "ab"], '`rename` does not take 1 word; type dateline conversations rename ID "The harbour"'),
        (["conversations", "list", "x"], "`list` does not take 1 word; type dateline conversations"),
        (["conversations", "show", "ab12"], "there is no conversation 'ab12'; `dateline conversations` lists them with their ids"),
        (["export", "zz"], "there is no conversation 'zz'; `dateline conversations` lists them with their ids"),
        (
            ["export"],
            "say which conversation to export, by its id or with --last; `dateline conversations` lists them with their ids, and --last "
            "takes the one that was asked in last",
        ),
        (
            ["export", "ab12", "--last"],
            "say which conversation to export, by its id or with --last; `dateline conversations` lists them with their ids, and --last "
            "takes the one that was asked in last",
        ),
        (["export", "--last", "--format", "pdf"], "there is no format 'pdf'; type one of md, html, json"),
        (["export", "--last"], 'no conversation is kept in this home yet; ask something first: dateline ask "When did it happen?"'),
        (["verify", "missing.md"], None),
        (["verify", "notes.md"], "notes.md is no memo of Dateline; give a file that `dateline export` or `dateline ask --save` wrote"),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_do(arguments: list[str], line: str | None, dateline: Dateline, home: Path):
    Path("notes.md").write_text("# Notes\n")
    people, program = dateline(*arguments, "--home", home), dateline(*arguments, "--home", home, "--json")
    assert (people.code, people.out, program.code, program.err) == (2, "", 2, "")
    assert line is None or people.err == f"error: {line}\n"
    error = program.json["error"]
    assert people.err == f"error: {error['message']}; {error['hint']}\n"


def test_an_answer_that_a_conversation_does_not_have(dateline: Dateline, home: Path):
    dateline("ask", QUESTION, "--home", home)
    (wall,) = ids(dateline, home)
    run = dateline("export", "--last", "--answer", "2", "--home", home)
    assert run == Run(2, "", f"error: the conversation {wall} has 1 answer; dateline conversations show {wall}\n")


@pytest.mark.parametrize("command", [["conversations"], ["export", "--last"], ["verify", "memo.json", "--home", "nowhere"]])
def test_without_a_home_there_is_a_plain_line(command: list[str], dateline: Dateline, home: Path):
    dateline("ask", QUESTION, "--home", home, "--save", "memo.json")
    run = dateline(*command)
    assert (run.code, run.out) == (2, "")
    assert run.err.startswith("error: there is no home at ")
    assert not os.path.lexists(".dateline")
