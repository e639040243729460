"""A report as files: what its page holds, that it asks nobody for anything, and that programs can read the rest."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections import Counter
from dataclasses import replace
from pathlib import Path
from xml.etree import ElementTree

import pytest
from lxml import html

from eval.cases import KINDS, Case
from eval.compare import compare, fallen
from eval.metrics import Interval, wilson_interval
from eval.report.curves import Bin, Point, Share, abstention_curve, by_kind, reliability
from eval.report.files import write_report
from eval.report.markup import escaped
from eval.report.measured import measured
from eval.report.page import page, worst_first
from eval.results import CaseFailure, CaseResult, Report, load_run
from eval.run import evaluate_home, run
from eval.summary import summarize
from index.errors import BadPath
from rag.types import Check, Claim
from tests.eval_script import CASES, RIGHT, A, B, abstained, answered, cite, scripted, write_cases

REPOSITORY = Path(__file__).parents[1]
HOSTILE = "<script>alert(1)</script> & \"quoted\" 'words' \x00\x1b[31m </blockquote></style><img src=http://example.org/x.png>"


@pytest.fixture
def report(tmp_path: Path) -> Report:
    """A run with a wrong list, a crash, and hostile words in what is shown."""
    failed = Claim(text=f"Claimed {HOSTILE}", citations=(1,), checks={"names": Check(status="failed", reason=f"no {HOSTILE}")})
    wrong = answered("Who formed it?", HOSTILE, A, claims=[failed], confidence=0.9)
    right = answered("When did they leave?", "in August 2022", A, confidence=0.5)
    return evaluate_home(scripted(fact=right, list=wrong, trap=RuntimeError(HOSTILE)), write_cases(tmp_path / "cases.jsonl"))


def row(case: str, *, right: bool, confidence: float | None, kind: str = "fact", seconds: float = 1.0) -> CaseResult:
    """A row for what is computed from rows."""
    status = "no_evidence" if confidence is None else "answered"
    return CaseResult(
        id=case, kind=kind, question=f"{case}?", right=right, status=status, short="x", citations=(), expected="x", why="", seconds=seconds,
        confidence=confidence,
    )  # fmt: skip


ROWS = [
    row("a", right=True, confidence=0.95),
    row("b", right=False, confidence=0.9, kind="trap"),
    row("c", right=True, confidence=0.61),
    row("d", right=True, confidence=0.61, kind="list"),
    row("e", right=False, confidence=None),
    CaseFailure(id="f", kind="fact", question="f?", error="E"),
]


# The page


def test_the_page_is_sound_and_asks_nobody_for_anything(report):
    text = page(report, title=f"cases {HOSTILE}")
    document = html.document_fromstring(text)
    ids = Counter(document.xpath("//@id"))
    assert [name for name, count in ids.items() if count > 1] == []
    links = document.xpath("//@href | //@*[local-name()='xlink:href']")
    assert [link for link in links if not (link.startswith("#") and link[1:] in ids)] == []
    assert document.xpath("//script | //link | //img | //iframe | //object | //@src | //@onclick | //style[contains(., 'url(h')]") == []
    [policy] = document.xpath("//meta[@http-equiv='Content-Security-Policy']/@content")
    assert policy == "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
    assert not re.search(r"@import|url\((?!#)", text)
    assert "\x00" not in text
    assert "\x1b" not in text


def test_hostile_words_are_words(report):
    document = html.document_fromstring(page(report, title=HOSTILE))
    shown = HOSTILE.replace("\x00", "�").replace("\x1b", "�")
    [wrong] = [case for case in document.xpath("//article") if "list" in case.xpath(".//code/text()")]
    assert wrong.xpath(".//dd/b/text()") == [shown]
    assert wrong.xpath(".//ol[@class='claims']/li/span[@dir]/text()") == [f"Claimed {shown}"]
    assert wrong.xpath(".//ul[@class='checks']/li/text()") == [f"names: no {shown}"]
    [crash] = [case for case in document.xpath("//article") if "trap" in case.xpath(".//code/text()")]
    assert crash.xpath(".//p[@class='why']/text()") == [f"Crashed, so neither right nor wrong: RuntimeError: {shown}"]
    assert document.xpath("//h1/text()") == [f"Evaluation of {shown}"]


def test_the_page_of_a_case(report):
    document = html.document_fromstring(page(report, title="x"))
    [case] = [case for case in document.xpath("//article") if "fact" in case.xpath(".//code/text()")]
    facts = {fact.xpath("string(dt)"): fact.xpath("string(dd)") for fact in case.xpath(".//dl/div")}
    assert facts["Seconds"] == "0.00"
    assert facts == {
        **{"Expected": "August 2022", "Given": "in August 2022", "Confidence": "0.50", "Seconds": "0.00"},
        **{"Articles with the answer": "a", "First of them in search": "1"},
    }
    [card] = case.xpath(".//li[@class='card']")
    assert card.xpath("string(blockquote)") == "French troops left in August 2022. About 500 people died."
    assert card.xpath("blockquote/mark/text()") == ["August 2022"]
    assert " ".join(card.xpath("string(p)").split()) == "1 Paper a a named by the case undated"
    assert case.xpath("string(.//nav)") == "All cases3 of 5, the worst firstPreviousNext"


def test_what_was_near_is_shown_where_nothing_was_answered():
    from tests.eval_script import passage

    near = replace(abstained("When did they leave?"), nearest=(passage("a"), passage("b")))
    document = html.document_fromstring(page(run([CASES["fact"]], lambda question, _filters, _history: near), title="x"))
    assert [" ".join(card.xpath("string(p)").split()) for card in document.xpath("//li[@class='card']")] == [
        "a a named by the case undated",
        "b b another article undated",
    ]
    assert document.xpath("//p[@class='why']/text()") == ["Not answered, but the articles hold the answer."]


def test_the_overview_lists_every_case_the_worst_first(report):
    document = html.document_fromstring(page(report, title="x"))
    rows = document.xpath("//table[@class='cases']/tbody/tr")
    assert [(line.get("class"), line.xpath("string(td)")) for line in rows] == [
        ("crashed trap", "Crashed"),
        ("wrong list", "Wrong"),
        ("right fact", "Right"),
        ("right conflict", "Right"),
        ("right unanswerable", "Right"),
    ]
    assert [line.xpath("string(th/a/@href)") for line in rows] == [f"#case-{place}" for place in range(1, 6)]
    assert [case.get("id") for case in document.xpath("//article")] == [f"case-{place}" for place in range(1, 6)]
    assert document.xpath("//ul[@class='figures']/li/b/text()") == ["75.0 %", "1", "0", "0.00"]
    assert [mark.get("id") for mark in document.xpath("//fieldset[1]//input")] == ["kind-all", *(f"kind-{kind}" for kind in KINDS)]


def test_a_run_without_confidence_says_so_and_one_without_answers_has_no_plots():
    right = run([CASES["fact"]], lambda question, _filters, _history: RIGHT["fact"])
    assert "No answer has one: only the built-in answerer says how sure it is." in page(right, title="x")
    crashed = CaseFailure(id="x", kind="fact", question="?", error="E")
    nothing = page(Report(metrics=summarize([crashed]), rows=(crashed,)), title="x")
    assert "<svg" not in nothing
    assert "<b>–</b> of 0 cases right" in nothing


def test_a_page_tells_what_fell_and_has_a_page_of_both_runs(report):
    better = run([Case.from_dict({"id": "list", "kind": "list", "question": "Who formed it?", "answers": [["Mali"]], "doc_ids": ["b"]})],
                 lambda question, _filters, _history: answered(question, "Mali", B))  # fmt: skip
    held = replace(report, earlier=better, change=compare(report, better), fell=tuple(fallen(report, better)))
    document = html.document_fromstring(page(held, title="x"))
    told = [" ".join(item.text_content().split()) for item in document.xpath("//section[@class='told failed']//li")]
    assert told[0].startswith("list Who formed it? “Mali” → “<script>alert(1)</script>")
    assert told[1].startswith("trap Who won the prize? not in the baseline → crashed (RuntimeError: <script>")
    [both] = document.xpath("//article[@id='change']")
    assert both.xpath("string(p)") == "Of 1 cases that both were asked to the end, 0 turned right and 1 turned wrong (sign test: p = 1)."
    assert [cell.text_content() for cell in both.xpath(".//table[@class='turned']//td[1]")] == ["“Mali”"]


def test_cases_that_nobody_reviewed_are_told_apart():
    cases = [CASES["fact"], replace(CASES["trap"], reviewed=False)]
    report = run(cases, lambda question, _filters, _history: RIGHT["fact"])
    assert (report.metrics["cases"], report.metrics["false_answers"], report.unreviewed.metrics["false_answers"]) == (1, 0, 1)
    document = html.document_fromstring(page(report, title="x"))
    assert document.xpath("//table[@class='cases']//tr[.//span[contains(@class, 'draft')]]/@class") == ["wrong trap"]
    assert document.xpath("//ul[@class='figures']/li[1]/b/text()") == ["100.0 %"]


# The numbers


def test_the_abstention_curve():
    assert abstention_curve(ROWS) == [Point(0.95, 0.2, 1.0), Point(0.9, 0.4, 0.5), Point(0.61, 0.8, 0.75)]


def test_reliability_by_tenths():
    assert reliability(ROWS) == [
        Bin(0.6, 0.7, 0.61, 1.0, wilson_interval(2, 2), 2),
        Bin(0.9, 1.0, 0.925, 0.5, wilson_interval(1, 2), 2),
    ]
    assert [(held.low, held.cases) for held in reliability([row("x", right=True, confidence=1.0)])] == [(0.9, 1)]


def test_shares_by_kind():
    assert by_kind(ROWS, KINDS) == [
        Share("fact", 2, 3, wilson_interval(2, 3)),
        Share("list", 1, 1, wilson_interval(1, 1)),
        Share("trap", 0, 1, wilson_interval(0, 1)),
        Share("all", 3, 5, wilson_interval(3, 5)),
    ]


def test_the_worst_come_first():
    assert [one.id for one in worst_first(ROWS)] == ["f", "b", "e", "c", "d", "a"]


def test_every_share_has_an_interval_that_holds_it(report):
    for found in measured(report):
        if found.interval is not None:
            assert found.interval.low <= found.value <= found.interval.high, found
    named = {found.name: found for found in measured(report)}
    assert named["accuracy"].interval == wilson_interval(3, 4)
    assert named["quotes_exact"].interval == wilson_interval(3, 3)
    assert named["citation_correct"].interval == Interval(0.0, 1.0)
    assert (named["false_answers"].value, named["false_answers"].interval) == (0, None)


# The files


def test_an_earlier_run_is_read_back_as_it_was(report, tmp_path):
    write_report(report, tmp_path)
    again = load_run(tmp_path / "results.json")
    assert (dict(again.metrics), again.rows) == (json.loads(json.dumps(dict(report.metrics))), report.rows)


def test_a_run_of_an_older_dateline_is_read(report, tmp_path):
    names = ("id", "kind", "question", "right", "status", "short", "citations", "expected", "why", "seconds", "measures", "error")
    rows = [{name: row[name] for name in names if name in row} for row in report.to_dict()["cases"]]
    (tmp_path / "old.json").write_text(json.dumps({"metrics": {}, "cases": rows, "below": []}), encoding="utf-8")
    again = load_run(tmp_path / "old.json").rows
    assert [(row.id, row.given) for row in again] == [(row.id, row.given) for row in report.rows]
    assert {row.confidence for row in again if isinstance(row, CaseResult)} == {None}


@pytest.mark.parametrize("content", ["[]", "{}", "{", '{"metrics": {}, "cases": [3]}', '{"metrics": {}, "cases": [{"id": 1}]}'])
def test_what_is_no_run_is_said_to_be_none(tmp_path, content):
    (tmp_path / "x.json").write_text(content)
    with pytest.raises(BadPath, match="is not the result of a run"):
        load_run(tmp_path / "x.json")


def test_junit(report, tmp_path):
    draft = run([replace(CASES["trap"], reviewed=False)], lambda question, _filters, _history: RIGHT["fact"])
    write_report(replace(report, unreviewed=draft.unreviewed), tmp_path, title="cases.jsonl")
    root = ElementTree.parse(tmp_path / "junit.xml").getroot()
    suites = [{name: suite.get(name) for name in ("name", "tests", "failures", "errors", "skipped")} for suite in root]
    assert suites == [
        {"name": "cases.jsonl", "tests": "5", "failures": "1", "errors": "1", "skipped": "0"},
        {"name": "cases.jsonl: not reviewed", "tests": "1", "failures": "0", "errors": "0", "skipped": "1"},
    ]
    told = {case.get("name"): (case.get("classname"), [child.tag for child in case]) for case in root[0]}
    assert told == {
        "fact: When did they leave?": ("fact", []),
        "list: Who formed it?": ("list", ["failure"]),
        "conflict: How many died?": ("conflict", []),
        "unanswerable: Who is king?": ("unanswerable", []),
        "trap: Who won the prize?": ("trap", ["error"]),
    }
    [failure] = root.iter("failure")
    assert failure.get("message") == "the short answer lacks “Mali”, “Burkina Faso”, “Niger”; cites a, not b"
    shown = HOSTILE.replace("\x00", "�").replace("\x1b", "�")  # XML holds no control character in any spelling
    assert failure.text == f"expected: Mali; Burkina Faso; Niger\ngiven: “{shown}”"


def test_no_control_character_passes():
    assert escaped("a\x00b\x9fc\td\ue000\ud800<") == "a�b�c\td\ue000�&lt;"


@pytest.mark.slow
def test_plots_write_nothing_beyond_the_cache_folder(tmp_path):
    program = "from eval.report.figures import latency_figure; print(latency_figure([0.1, 0.5])[:4])"
    environment = {name: value for name, value in os.environ.items() if name != "MPLCONFIGDIR" and not name.startswith("XDG_")}
    environment |= {"HOME": str(tmp_path), "PYTHONPATH": str(REPOSITORY)}
    done = subprocess.run([sys.executable, "-c", program], cwd=tmp_path, env=environment, capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("<svg\n", "")
    written = {path.relative_to(tmp_path).parts[:3] for path in tmp_path.rglob("*") if path.is_file()}
    assert written <= {(".cache", "dateline", "matplotlib"), (".cache", "fontconfig")}


# The browser


@pytest.mark.browser
def test_the_report_from_disk_in_a_browser(browser, report, tmp_path):
    write_report(report, tmp_path / "out", title="cases.jsonl")
    context = browser.new_context(viewport={"width": 1280, "height": 900}, java_script_enabled=False)
    page, asked, said = context.new_page(), [], []
    page.on("request", lambda request: asked.append(request.url))
    page.on("console", lambda message: said.append(message.text))
    address = (tmp_path / "out" / "index.html").as_uri()
    page.goto(address)
    rows = page.locator(".cases tbody tr:visible")
    assert rows.count() == 5
    assert page.locator(".plots svg:visible").count() == 4

    page.get_by_label("wrong", exact=True).check()
    assert len({rows.nth(0).locator("th, td").nth(place).bounding_box()["y"] for place in range(7)}) == 1
    assert [rows.nth(place).locator("th").inner_text() for place in range(rows.count())] == ["Who formed it?"]
    page.get_by_label("unanswerable", exact=True).check()
    assert rows.count() == 0
    page.locator("#outcome-all").check()
    assert rows.count() == 1
    page.locator("#kind-all").check()

    page.get_by_role("link", name="When did they leave?").click()
    assert page.url == f"{address}#case-3"
    assert page.locator("article:visible h2").all_inner_texts() == ["When did they leave?"]
    assert page.locator("article:visible mark").inner_text() == "August 2022"
    assert not page.locator("main").is_visible()
    page.get_by_role("link", name="Next").locator("visible=true").click()
    assert page.locator("article:visible h2").all_inner_texts() == ["How many died?"]
    page.get_by_role("link", name="All cases").locator("visible=true").click()
    assert page.locator("main").is_visible()

    page.emulate_media(media="print")
    assert page.locator("article:visible").count() == 5
    page.emulate_media(media="screen")
    paper = {scheme: _paper(page, scheme) for scheme in ("light", "dark")}
    assert paper == {"light": "rgb(250, 248, 244)", "dark": "rgb(21, 20, 18)"}
    for width in (390, 1280):
        page.set_viewport_size({"width": width, "height": 900})
        assert page.locator("body").bounding_box()["width"] <= width
    context.close()
    assert set(asked) == {address}
    assert said == []


def _paper(page, scheme: str) -> str:
    """The colour of the page in a colour scheme, told without a script of the page's own."""
    page.emulate_media(color_scheme=scheme)
    return page.locator("body").evaluate("body => getComputedStyle(body).backgroundColor")


def test_a_citation_that_is_not_the_articles_own_words_is_marked():
    false = replace(cite(1, "a", "August 2022"), quote="June 2031")
    answer = answered("When did they leave?", "August 2022", false)
    report = run([CASES["fact"]], lambda question, _filters, _history: answer, article_text=lambda article_id: "Other words.")
    assert "These are not the article’s own characters." in page(report, title="x")
