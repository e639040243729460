"""The command line, run in this process on a real home: its words, its JSON, its exit codes."""

from __future__ import annotations

import io
import json
import os
import re
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any, NamedTuple

import pytest
from typer.main import get_command

import rag.llm.specs
import ui.cli
from index.encoder import MODEL_FOLDER
from index.folder import writing
from index.home import Home
from rag.chatbot import Chatbot
from rag.errors import ModelUnavailable
from rag.settings import Settings
from rag.types import Answer
from ui.console import Line, progress_bar, show

REPOSITORY = Path(__file__).parents[1]
ENCODER = "built-in" if (MODEL_FOLDER / "model.onnx").exists() else "hash"
QUESTION = "How much did the repairs to the north wall cost?"
HARBOUR = (
    "Harbour reopens after storm\n\nPublished: 4 March 2024\n\n"
    "The harbour of Port Ellery reopened on Monday, three weeks after a storm had closed it. "
    "Repairs to the north wall cost 1.2 million crowns and will go on until August 2024.\n"
)
MUSEUM = (
    "---\ntitle: Museum counts [bold]its visitors[/bold]\npublisher: The Fennick Daily\ndate: 2023-11-20\n---\n\n"
    "The Fennick museum had [red]84,000 visitors[/red] last year [1], its director Oskar Lindqvist said. It has been free since 2019.\n"
)


class Run(NamedTuple):
    """What one command did."""

    code: int
    out: str
    err: str

    @property
    def json(self) -> dict[str, Any]:
        """The one JSON object on standard output."""
        assert self.out.endswith("}\n")
        assert self.out.count("\n") == 1
        data: dict[str, Any] = json.loads(self.out)
        return data


Dateline = Callable[..., Run]


@pytest.fixture
def dateline(capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> Dateline:
    """Runs one command of the command line, as typed after `dateline`."""
    monkeypatch.setenv("DATELINE_ENCODER", ENCODER)

    def run(*arguments: object) -> Run:
        capfd.readouterr()
        code = ui.cli.main([str(argument) for argument in arguments])
        return Run(code, *capfd.readouterr())

    return run


@pytest.fixture(scope="module")
def articles(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Two articles, one of them with markup and brackets in its words."""
    folder = tmp_path_factory.mktemp("articles")
    (folder / "harbour.txt").write_text(HARBOUR, encoding="utf-8")
    (folder / "museum.md").write_text(MUSEUM, encoding="utf-8")
    return folder


@pytest.fixture(scope="module")
def home(articles: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A home of those articles, which tests only read."""
    folder = tmp_path_factory.mktemp("homes") / "home"
    with Home.open(folder, encoder=ENCODER, create=True) as opened:
        opened.sync(articles)
    return folder


# Syncing


def test_sync_reports_what_it_did_as_one_json_object(dateline: Dateline, articles: Path, tmp_path: Path):
    first = dateline("sync", articles, "--home", tmp_path / "home", "--json")
    again = dateline("sync", articles, "--home", tmp_path / "home", "--json")
    state = {"generation": 2, "articles": 2, "chunks": 2, "changed": 0, "moved": 0, "deleted": 0, "skipped": []}
    assert (first.code, first.err, again.code, again.err) == (0, "", 0, "")
    assert without(first.json, "seconds") == {**state, "added": 2, "unchanged": 0, "embedded": 2}
    assert without(again.json, "seconds") == {**state, "added": 0, "unchanged": 2, "embedded": 0}
    assert first.json["seconds"] > 0


def test_sync_tells_people_a_line_and_each_skipped_file(dateline: Dateline, corpus: Path):
    (corpus / "nothing.txt").write_text("")
    run = dateline("sync", corpus)
    assert run.code == 0
    line = r"3 articles: 3 added, 0 changed, 0 moved, 0 deleted, 0 unchanged; (\d+) of \1 chunks embedded; \d+\.\d seconds\n"
    assert re.fullmatch(line, run.out)
    assert re.fullmatch(rf"skipped {re.escape(str(corpus / 'nothing.txt'))}: [^\n]+\n", run.err)
    assert Path(".dateline/catalogue.sqlite").exists()


def test_sync_of_several_paths_adds_up_and_does_not_stop_at_a_bad_one(dateline: Dateline, articles: Path, corpus: Path):
    run = dateline("sync", articles, "missing", corpus, "--json")
    error = {
        "kind": "BadPath",
        "message": "missing does not exist",
        "hint": "type the path of a folder of articles, or of one article",
    }
    assert run.code == 2
    counts = {name: run.json[name] for name in ("generation", "articles", "added", "deleted", "skipped", "error", "failed")}
    assert counts == {
        "generation": 5,
        "articles": 5,
        "added": 5,
        "deleted": 0,
        "skipped": [],
        "error": error,
        "failed": [{"path": "missing", **error}],
    }
    people = dateline("sync", articles, "missing")
    assert (people.code, people.err) == (2, "error: missing does not exist; type the path of a folder of articles, or of one article\n")
    assert people.out.startswith("5 articles: 0 added")


def test_sync_deletes_everything_only_when_told(dateline: Dateline, corpus: Path):
    dateline("sync", corpus)
    for file in corpus.iterdir():
        file.unlink()
    refused, allowed = dateline("sync", corpus), dateline("sync", corpus, "--allow-empty", "--json")
    assert refused == Run(
        2, "", f"error: {corpus} holds no article any more; its 3 articles were kept; "
        f"bring it back, or type `dateline sync --allow-empty {corpus}` to delete them\n",
    )  # fmt: skip
    assert (allowed.code, allowed.json["deleted"], allowed.json["articles"]) == (0, 3, 0)


def test_forget_removes_a_root_and_leaves_its_files(dateline: Dateline, corpus: Path):
    dateline("sync", corpus)
    one, rest = dateline("forget", corpus / "tram.txt"), dateline("forget", corpus, "--json")
    assert one == Run(0, "", f"Forgot 1 article of {corpus / 'tram.txt'}; 2 are left. The files are where they were.\n")
    assert (rest.code, rest.json["deleted"], rest.json["articles"], rest.json["chunks"]) == (0, 2, 0, 0)
    assert len(list(corpus.iterdir())) == 3
    assert dateline("forget", corpus).err == f"error: nothing was synced from {corpus}; `dateline doctor` lists the roots of this home\n"


# Asking


def test_ask_prints_the_answer_of_the_chatbot_as_json(dateline: Dateline, home: Path):
    run = dateline(
        "ask", QUESTION, "--home", home, "--json", "--since", "2024", "--publisher", "the fennick daily", "--clock", "2024-05-01"
    )
    plain = dateline("ask", QUESTION, "--home", home, "--json")
    with Chatbot.open(home, settings=Settings.load(encoder=ENCODER)) as chatbot:
        expected = chatbot.ask(QUESTION).to_dict()
    assert (plain.code, plain.err) == (0, "")
    assert without(plain.json, "usage") == without(expected, "usage")
    assert Answer.from_dict(plain.json).to_dict() == plain.json
    assert (run.code, run.json["status"]) == (0, "no_evidence")
    assert run.json["filters"] == {"since": "2024", "until": None, "publishers": ["the fennick daily"], "paths": []}


def test_ask_shows_people_the_answer_and_its_sources(dateline: Dateline, home: Path):
    run = dateline("ask", QUESTION, "--home", home)
    assert (run.code, run.err) == (0, "")
    quote = "Repairs to the north wall cost 1.2 million crowns and will go on until August 2024."
    assert f"{quote} [1]" in run.out.splitlines()
    assert f"[1] Harbour reopens after storm, 2024-03-04, harbour.txt\n    “{quote}”\n" in run.out
    assert run.out.index("1.2 million") < run.out.index(quote)


def test_ask_says_what_is_missing_and_what_came_close(dateline: Dateline, home: Path):
    run = dateline("ask", "Who won the chess tournament in Quillhaven?", "--home", home)
    assert (run.code, run.err) == (0, "")
    first, second, *rest = run.out.splitlines()
    assert first == "Not in these articles."
    assert second
    assert rest[:2] == ["", "The closest passages, not an answer:"]


def test_markup_and_brackets_in_articles_are_printed_as_they_stand(dateline: Dateline, home: Path):
    run = dateline("ask", "How many visitors did the Fennick museum have?", "--home", home)
    assert run.code == 0
    assert "“Museum counts [bold]its visitors[/bold]”" in run.out
    assert "“The Fennick museum had [red]84,000 visitors[/red] last year [1], its director Oskar Lindqvist said.”" in run.out


def test_a_filter_that_fits_nothing_is_pointed_out(dateline: Dateline, home: Path, articles: Path):
    run = dateline("ask", QUESTION, "--home", home, "--publisher", "Fenick Daily", "--path", articles / "sport", "--json")
    assert run.err.splitlines() == [
        "No article is by the publisher 'Fenick Daily'; close names: The Fennick Daily.",
        f"Nothing was synced from {articles / 'sport'}.",
    ]
    assert (run.code, run.json["status"]) == (0, "no_evidence")
    below = dateline("search", "visitors", "--home", home, "--path", os.path.relpath(articles / "museum.md"), "--json")
    assert [passage["doc_id"] for passage in below.json["passages"]] == ["museum"]


def test_search_prints_passages_best_first(dateline: Dateline, home: Path):
    with Home.open(home, encoder=ENCODER) as opened:
        expected = [passage.to_dict() for passage in opened.search("harbour storm", limit=1)]
    run = dateline("search", "harbour storm", "--limit", "1", "--home", home, "--json")
    people = dateline("search", "harbour storm", "--limit", "1", "--home", home)
    assert (run.code, run.err, run.json) == (0, "", {"passages": expected})
    text = " ".join(expected[0]["text"].split())
    assert people == Run(
        0, f"1. Harbour reopens after storm, 2024-03-04, harbour.txt\n    {text}\n    dateline show {expected[0]['article_id']}\n", ""
    )


def test_show_prints_the_article_and_what_was_cut(dateline: Dateline, home: Path, articles: Path):
    with Home.open(home, encoder=ENCODER) as opened:
        article, removed = opened.show("museum")
    story = {"agency": None, "carried_by": [], "superseded": None}
    expected = {"article": article.to_dict(), "removed": [{"text": piece.text, "rule": piece.rule} for piece in removed], "story": story}
    runs = [
        dateline("show", reference, "--home", home, "--json") for reference in ("museum", article.id, "museum.md", articles / "museum.md")
    ]
    assert [(run.code, run.err, run.json) for run in runs] == [(0, "", expected)] * 4
    people = dateline("show", "museum", "--home", home).out
    assert people.startswith("Museum counts [bold]its visitors[/bold]\npublisher: The Fennick Daily (from ")
    assert f"\n\n{article.text}\n" in people


# Language models


def test_prompts_are_shown_on_request(dateline: Dateline, home: Path, monkeypatch: pytest.MonkeyPatch):
    from rag.llm.scripted import ScriptedLLM

    monkeypatch.setattr(rag.llm.specs, "open_llm", lambda spec, timeout: ScriptedLLM("It cost 1.2 million crowns [S1]."))
    run = dateline("ask", QUESTION, "--home", home, "--llm", "test:model", "--show-prompt", "--json")
    assert (run.code, run.json["model"]) == (0, "test:model")
    assert run.err.startswith("--- system to test:model ---\n")
    assert f"{QUESTION}" in run.err
    built_in = dateline("ask", QUESTION, "--home", home, "--show-prompt", "--json")
    assert built_in.err == "No prompt: the built-in answerer asks no language model.\n"


def test_strict_leaves_out_what_failed_a_check(dateline: Dateline, home: Path, monkeypatch: pytest.MonkeyPatch):
    from rag.llm.scripted import ScriptedLLM

    monkeypatch.setattr(rag.llm.specs, "open_llm", lambda spec, timeout: ScriptedLLM("It cost 7.7 million crowns [S1]."))
    common = ("ask", QUESTION, "--home", home, "--llm", "test:model")
    shown, strict = dateline(*common), dateline(*common, "--strict", "--json")
    assert "Check failed (numbers): " in shown.out
    assert (strict.json["status"], strict.json["claims"], strict.json["citations"], strict.json["short"]) == ("no_evidence", [], [], "")


def test_a_failing_model_is_exit_code_4(dateline: Dateline, home: Path, monkeypatch: pytest.MonkeyPatch):
    def refuse(spec: str, timeout: float) -> None:
        raise ModelUnavailable("no key", hint="export KEY=…")

    monkeypatch.setattr(rag.llm.specs, "open_llm", refuse)
    run = dateline("ask", QUESTION, "--home", home, "--llm", "openai:some", "--json")
    assert (run.code, run.json) == (4, {"error": {"kind": "ModelUnavailable", "message": "no key", "hint": "export KEY=…"}})


def test_doctor_tries_the_language_model(dateline: Dateline, home: Path, monkeypatch: pytest.MonkeyPatch):
    from rag.llm.scripted import ScriptedLLM

    monkeypatch.setattr(rag.llm.specs, "open_llm", lambda spec, **_: ScriptedLLM("ok"))
    assert dateline("doctor", "--home", home, "--llm", "test:model", "--json").code == 0
    monkeypatch.setattr(rag.llm.specs, "open_llm", lambda spec, **_: ScriptedLLM(ConnectionRefusedError("refused")))
    run = dateline("doctor", "--home", home, "--llm", "test:model", "--json")
    (problem,) = run.json["problems"]
    assert (run.code, run.json["ok"]) == (1, False)
    assert problem["what"] == "the language model test:model failed: refused"


# Evaluation, demo, page, doctor


def test_eval_judges_and_compares_with_a_baseline(dateline: Dateline, home: Path, tmp_path: Path):
    case = {"id": "wall", "kind": "fact", "question": QUESTION, "answers": ["1.2 million crowns"], "doc_ids": ["harbour"]}
    (tmp_path / "cases.jsonl").write_text(json.dumps(case) + "\n")
    (tmp_path / "bars.json").write_text(json.dumps({"seconds_p95": {"max": 0.0}}))
    run = dateline("eval", tmp_path / "cases.jsonl", "--home", home, "--json")
    below = dateline(
        "eval", tmp_path / "cases.jsonl", "--home", home, "--baseline", tmp_path / "bars.json", "--report", tmp_path / "report"
    )
    assert (run.code, run.err, sorted(run.json)) == (0, "", ["below", "cases", "metrics"])
    assert [row["id"] for row in run.json["cases"]] == ["wall"]
    assert (below.code, below.err) == (1, f"The report: {tmp_path / 'report' / 'index.html'}\n")
    assert "Below the bar" in below.out
    assert sorted(path.name for path in (tmp_path / "report").iterdir()) == ["index.html", "junit.xml", "results.json"]


def test_demo_answers_from_the_sample_and_says_what_to_type_next(dateline: Dateline, tmp_path: Path):
    run = dateline("demo", "--home", tmp_path / "home", "--json")
    answer = run.json["answer"]
    assert (run.code, run.err, run.json["home"]) == (0, "", str(tmp_path / "home"))
    assert run.json["next"] == ["dateline ui", "dateline sync YOUR_FOLDER", 'dateline ask "YOUR QUESTION"']
    assert (answer["status"], answer["short"]) == ("answered", "August 2022") if ENCODER == "built-in" else True
    people = dateline("demo", "--home", tmp_path / "home").out
    assert people.startswith("> When did French troops leave Mali?\n\n")
    assert people.endswith('    dateline ask "YOUR QUESTION"   and ask them\n')


def test_ui_starts_the_page_with_what_was_typed(dateline: Dateline, tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    import ui.page

    calls = []
    monkeypatch.setattr(ui.page, "launch", lambda home, **options: calls.append((home, options)))
    typed = ["--port", "8123", "--llm", "ollama:some", "--auth-file", "users.txt", "--name", "news.example"]
    run = dateline("ui", "--home", tmp_path / "home", *typed, "--json")
    options = {"host": "127.0.0.1", "port": 8123, "llm": "ollama:some", "auth_file": Path("users.txt"), "open_to_everyone": False,
               "names": ["news.example"], "open_browser": False}  # fmt: skip
    assert calls == [(tmp_path / "home", options)]
    assert (run.code, run.json) == (0, {"home": str(tmp_path / "home"), "url": "http://127.0.0.1:8123/"})


def test_doctor_examines_and_repairs(dateline: Dateline, corpus: Path):
    dateline("sync", corpus)
    healthy = dateline("doctor", "--json")
    counts = {"generation": 3, "articles": 3, "chunks": 3, "vectors": 3}
    assert (healthy.code, healthy.json) == (0, {"ok": True, **counts, "problems": []})
    assert (
        dateline("doctor").out
        == f".dateline: 3 articles, 3 chunks, 3 vectors, generation 3\n    synced from {corpus}\n\nNo problem found.\n"
    )
    repaired = dateline("doctor", "--repair", "--json")
    assert (repaired.code, repaired.json["problems"], repaired.json["vectors"]) == (0, [], 3)
    assert repaired.json["repaired"][0] == "Built the vector store anew: 3 stored vectors of 3 articles, none encoded again."
    corpus.rename(corpus.with_name("elsewhere"))
    gone = dateline("doctor")
    assert gone.code == 1
    assert f"{corpus} was synced and is gone; its 3 articles still answer questions\n    to do: bring it back, or type: " in gone.out


# What goes wrong


@pytest.mark.parametrize(
    ("arguments", "line"),
    [
        (["ask", "x", "--xyzzy"], "no such option: --xyzzy; `dateline ask --help` shows what it takes, with an example"),
        (["ask"], "missing argument 'QUESTION'; `dateline ask --help` shows what it takes, with an example"),
        (["frobnicate"], "no such command 'frobnicate'; `dateline --help` shows what it takes, with an example"),
        (
            ["ask", "When", "was", "it"],
            'got unexpected extra argument(s) (was it); put the words between quotes: dateline ask "When was it"',
        ),
        (["search", "x", "--limit", "0"], None),
        (["search", " "], 'there are no words to search for; type some in quotes: dateline search "French troops"'),
        (["ask", "x", "--since", "June"], "since 'June' is not a date; write it as 2022-08-15, 2022-08 or 2022"),
        (["ask", "x", "--since", "2023", "--until", "2022"], "since 2023 is after until 2022; swap the two dates"),
        (["ask", "x", "--clock", "2022"], "clock '2022' is not a day; write it as 2022-08-15"),
        (["ask", "x"], "there is no home at .dateline yet; make one with `dateline sync FOLDER`, where FOLDER holds your articles"),
        (["sync", "missing"], "missing does not exist; type the path of a folder of articles, or of one article"),
        (["sync", "empty"], None),
        (
            ["sync", "blank.txt", "--home", "blank.txt"],
            "blank.txt is a file, and a home is a folder; choose another place with --home FOLDER",
        ),
        (["eval", "missing.jsonl", "--home", "missing"], None),
        (["doctor", "--home", "nowhere", "--repair"], None),
    ],
)
def test_wrong_use_is_one_line_that_says_what_to_do(arguments: list[str], line: str | None, dateline: Dateline):
    Path("empty").mkdir()
    Path("blank.txt").touch()
    people, program = dateline(*arguments), dateline(*arguments, "--json")
    assert (people.code, people.out, program.code, program.err) == (2, "", 2, "")
    assert re.fullmatch(r"error: [^\n]+; [^\n]+\n", people.err)
    assert line is None or people.err == f"error: {line}\n"
    error = program.json["error"]
    assert people.err == f"error: {error['message']}; {error['hint']}\n"
    assert list(program.json) == ["error"]
    assert list(error) == ["kind", "message", "hint"]


def test_a_mistyped_path_leaves_no_home_behind(dateline: Dateline):
    assert dateline("sync", "missing").code == 2
    assert not Path(".dateline").exists()


def test_bad_files_are_skipped_and_the_rest_goes_on(dateline: Dateline, tmp_path: Path):
    folder = tmp_path / "mixed"
    folder.mkdir()
    (folder / "good.txt").write_text(HARBOUR)
    (folder / "latin.txt").write_bytes(
        "Café fire\n\nThe café Zoé in Sète burnt down in May 2021, the mayor's office said on Tuesday.".encode("latin-1")
    )
    (folder / "empty.txt").touch()
    (folder / "binary.txt").write_bytes(bytes(range(256)) * 40)
    (folder / "broken.pdf").write_bytes(b"%PDF-1.7\nnot really")
    (folder / "bare.html").write_text("<html><body><script>1</script></body></html>")
    with (folder / "huge.txt").open("wb") as file:
        file.truncate(50_000_000)
    closed = folder / "closed.txt"
    closed.write_text(HARBOUR)
    closed.chmod(0)
    expected = {"empty.txt", "binary.txt", "broken.pdf", "bare.html", "huge.txt"} | (
        set() if os.access(closed, os.R_OK) else {"closed.txt"}
    )
    run = dateline("sync", folder, "--json")
    assert run.code == 0
    assert {Path(skip["path"]).name for skip in run.json["skipped"]} == expected
    assert all(re.fullmatch(r"[^\n]{10,}", skip["reason"]) for skip in run.json["skipped"])
    assert run.json["articles"] == 8 - len(expected)
    assert "Zoé in Sète" in dateline("show", "latin", "--json").json["article"]["text"]


def test_a_locked_home_is_exit_code_3(dateline: Dateline, corpus: Path):
    dateline("sync", corpus)
    with writing(Path(".dateline"), wait=0):
        run, forget = dateline("sync", corpus, "--wait", "0", "--json"), dateline("forget", corpus, "--wait", "0")
        reading = dateline("search", "harbour", "--json")
    assert (run.code, run.json["error"]["kind"], forget.code, forget.out) == (3, "HomeLocked", 3, "")
    assert f"process {os.getpid()} on " in run.json["error"]["message"]
    assert (reading.code, len(reading.json["passages"])) == (0, 3)


def test_a_damaged_home_is_exit_code_3(dateline: Dateline, corpus: Path):
    Path(".dateline").mkdir()
    Path(".dateline/catalogue.sqlite").write_bytes(b"no catalogue " * 1000)
    runs = [dateline(*arguments, "--json") for arguments in (["ask", "x"], ["sync", corpus])]
    assert [(run.code, run.json["error"]["kind"]) for run in runs] == [(3, "HomeDamaged")] * 2
    examined = dateline("doctor", "--json")
    assert (examined.code, len(examined.json["problems"])) == (1, 1)
    repaired = dateline("doctor", "--repair", "--json")
    assert (repaired.code, repaired.json["repaired"][0].split(" at ")[0]) == (1, "Set the damaged catalogue aside")
    assert dateline("sync", corpus, "--json").json["added"] == 3


def test_a_fault_of_ours_is_one_line_and_the_traceback_on_request(dateline: Dateline, home: Path, monkeypatch: pytest.MonkeyPatch):
    def fail(self: Home, reference: str) -> None:
        raise RuntimeError("two\nlines")

    monkeypatch.setattr(Home, "show", fail)
    line = "error: a fault in Dateline: RuntimeError: two lines; set DATELINE_TRACEBACK=1 and repeat the command to see where\n"
    assert dateline("show", "x", "--home", home) == Run(70, "", line)
    monkeypatch.setenv("DATELINE_TRACEBACK", "1")
    run = dateline("show", "x", "--home", home, "--json")
    assert (run.code, run.json["error"]["kind"]) == (70, "Fault")
    assert run.err.startswith("Traceback (most recent call last)")


def test_an_interrupt_is_exit_code_130(dateline: Dateline, corpus: Path, monkeypatch: pytest.MonkeyPatch):
    def interrupted(*_: object, **__: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr(Home, "sync", interrupted)
    run = dateline("sync", corpus, "--json")
    assert (run.code, run.json["error"]["kind"]) == (130, "Interrupted")


# Terminal, start-up, help


class Terminal(io.StringIO):
    """A stream that says that somebody looks at it."""

    def isatty(self) -> bool:
        return True


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> Terminal:
    """Put standard output and error on one terminal of 60 columns."""
    stream = Terminal()
    for name, value in {"TERM": "xterm-256color", "COLUMNS": "60"}.items():
        monkeypatch.setenv(name, value)
    for name in ("NO_COLOR", "FORCE_COLOR", "TTY_COMPATIBLE"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(sys, "stdout", stream)
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_a_terminal_gets_styles_but_none_from_an_article(monkeypatch: pytest.MonkeyPatch):
    terminal = on_terminal(monkeypatch)
    show([Line("August [bold]2022[/bold]", "bold"), Line("\x1b[31mred\x1b]0;title\x07 :smile: word " * 3, "", 1)])
    first, *rest = terminal.getvalue().splitlines()
    assert first == "\x1b[1mAugust [bold]2022[/bold]\x1b[0m"
    assert len(rest) > 1
    assert all(line.startswith("    ") and len(line) <= 60 for line in rest)
    assert "\x1b" not in "".join(rest)
    assert "[31mred]0;title :smile: word" in " ".join(" ".join(rest).split())


def test_a_terminal_gets_a_bar_with_rate_and_time_left(monkeypatch: pytest.MonkeyPatch):
    terminal = on_terminal(monkeypatch)
    with progress_bar() as progress:
        for done in range(3):
            progress("files", done, 3)
    shown = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", terminal.getvalue())
    assert re.search(r"files .*\d/3 +\d+\.\d/s +[-\d]+:[-\d]+:[-\d]+", shown)


def test_a_name_that_is_no_unicode_can_be_printed(dateline: Dateline, tmp_path: Path):
    name = os.fsdecode(b"caf\xe9.txt")
    try:
        (tmp_path / name).touch()
    except OSError:
        pytest.skip("this file system takes only Unicode names")
    (tmp_path / "good.txt").write_text(HARBOUR)
    run = dateline("sync", tmp_path, "--home", tmp_path / ".home", "--json")
    people = dateline("sync", tmp_path, "--home", tmp_path / ".home")
    assert (run.code, len(run.json["skipped"]), people.code) == (0, 1, 0)
    assert "caf" in run.json["skipped"][0]["path"]
    assert "udce9" in people.err


def test_no_argument_prints_an_overview_of_every_command(dateline: Dateline):
    run = dateline()
    assert (run.code, run.out, run.err) == (0, ui.cli.OVERVIEW, "")
    assert [name for name in commands() if not re.search(rf"\b{name}\b", run.out)] == []
    assert dateline("--version") == Run(0, "dateline 0.1.0\n", "")


def test_each_help_has_one_example_that_parses(dateline: Dateline):
    for name, command in commands().items():
        run = dateline(name, "--help")
        assert (run.code, run.err) == (0, "")
        (example,) = re.findall(r"Example: dateline (.+)", " ".join(run.out.split()))
        import shlex

        typed = shlex.split(example)
        assert typed[0] == name
        with command.make_context(name, typed[1:]):
            pass


def test_the_manual_names_every_command_and_option():
    manual = (REPOSITORY / "docs" / "cli.md").read_text(encoding="utf-8")
    sections = dict(zip(*[iter(re.split(r"^## `dateline (\w+).*`$", manual, flags=re.MULTILINE)[1:])] * 2, strict=True))
    assert list(sections) == list(commands())
    for name, command in commands().items():
        options = [option for parameter in command.params for option in parameter.opts if option.startswith("--")]
        assert [option for option in options if option not in {"--help", "--home", "--json"} and option not in sections[name]] == []
        assert f"dateline {name}" in sections[name]
    assert all(option in manual for option in ("--home", "--json", "--help", "--version"))


def test_a_built_in_answer_loads_neither_gradio_nor_llama_index_nor_torch(home: Path):
    program = (
        "import sys; from ui.cli import main; code = main(sys.argv[1:]); "
        "heavy = {'gradio', 'llama_index', 'torch', 'transformers', 'tiktoken', 'trafilatura', 'nltk'}; "
        "sys.stderr.write(' '.join(sorted(heavy & set(sys.modules)))); sys.exit(code)"
    )
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY), "DATELINE_ENCODER": ENCODER}
    done = subprocess.run(
        [sys.executable, "-c", program, "ask", QUESTION, "--home", str(home), "--json"],
        env=environment, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    assert json.loads(done.stdout)["question"] == QUESTION


def commands() -> dict[str, Any]:
    """Name -> command."""
    found: dict[str, Any] = get_command(ui.cli.build_app()).commands  # type: ignore[attr-defined]
    return found


def without(data: dict[str, Any], *names: str) -> dict[str, Any]:
    """`data` without what changes from run to run."""
    return {name: value for name, value in data.items() if name not in names}
