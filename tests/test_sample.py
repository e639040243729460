"""The sample corpus keeps its promises: the cases fit the articles, the articles say what they are, the furniture can be cut."""

from __future__ import annotations

import importlib.util
import json
import re
import sys
import unicodedata
from collections import Counter
from pathlib import Path

import pytest

from eval.cases import Case, load_cases
from index.clean import clean
from index.readers import read_file
from index.types import Draft

EVAL = Path(__file__).parents[1] / "eval"
ARTICLES = EVAL / "sample" / "articles"
CASES = load_cases(EVAL / "sample" / "cases.jsonl")
MADE = (
    "alder-vane-africa-corps.pdf",
    "brackwater-observer-peacekeepers.docx",
    "corran-standard-airlift.pdf",
    "saltmarsh-courier-algeria.docx",
)
MARKED_UP = sorted(path.name for path in ARTICLES.iterdir() if path.suffix in (".html", ".md", ".jsonl"))
MAX_BYTES = 400_000

PUBLISHED = {
    "2025-06-10-brackwater-observer-convoy": ("The Brackwater Observer", "2025-06-10"),
    "alder-vane-africa-corps": ("Alder & Vane Briefing", "2025-06-18"),
    "brackwater-observer-peacekeepers": ("The Brackwater Observer", "2025-06-27"),
    "corran-standard-airlift": ("The Corran Standard", "2025-06-24"),
    "corran-standard-timbuktu-blockade": ("The Corran Standard", "2025-06-17"),
    "fennick-daily-mbera-camp": ("Fennick Daily", "2025-06-20"),
    "fennick-daily-moura": ("Fennick Daily", "2025-06-16"),
    "northmoor-dispatch-economy": ("Northmoor Dispatch", "2025-06-23"),
    "northmoor-dispatch-instructors": ("Northmoor Dispatch", "2025-06-19"),
    "port-ellery-gazette-mission-over": ("Port Ellery Gazette", "2025-06-07"),
    "port-ellery-gazette-what-remains-of-wagner": ("Port Ellery Gazette", "2025-06-15"),
    "quillhaven-ledger-french-exit": ("The Quillhaven Ledger", "2025-06-12"),
    "quillhaven-ledger-schools-correction": ("The Quillhaven Ledger", "2025-06-14"),
    "quillhaven-ledger-schools-reopen": ("The Quillhaven Ledger", "2025-06-10"),
    "saltmarsh-courier-algeria": ("The Saltmarsh Courier", "2025-06-30"),
    "saltmarsh-courier-tinzaouaten": ("The Saltmarsh Courier", "2025-07-25"),
    "saltmarsh-courier-wagner-leaves": ("The Saltmarsh Courier", "2025-06-07"),
    "sandglass-review-gold": ("The Sandglass Review", "2025-07-01"),
    "tamarisk-post-convoy": ("Tamarisk Post", "2025-06-12"),
    "tamarisk-post-kidal": ("Tamarisk Post", "2025-06-21"),
}

# A document's own time of creation is its file's, not the article's: these two give no other date.
DATED_BY_PROPERTIES = {"alder-vane-africa-corps", "brackwater-observer-peacekeepers"}

# The accepted spellings that no article uses, and the spelling in the articles that each stands for.
OTHER_SPELLINGS = {
    "11 days": "eleven days",
    "12 weeks": "twelve weeks",
    "0.5 percent": "0.5 per cent",
    "0.5%": "0.5 per cent",
    "2000": "2,000",
    "two thousand": "2,000",
    "2400": "2,400",
    "five hundred": "500",
    "forty": "40",
    "62": "sixty-two",
    "5": "five",
    "8": "eight",
    "thirty-six": "36",
    "Lere": "Léré",
    "Salif Kombore": "Salif Komboré",
    "Ministry of Defence": "Defence Ministry",
    "Defense Ministry": "Defence Ministry",
    "Ministry of Defense": "Defence Ministry",
}

# Words of page furniture, at least one for each trap, that no cleaned article may hold.
FURNITURE = (
    "Lantern Festival",
    "18 months",
    "Nell Orrin",
    "214 partners",
    "58,000 readers",
    "Blue Heron",
    "Marlowe Pike",
    "90 exhibitors",
    "pelican77",
    "19 days",
    "tram line 4",
    "Dora Quist",
    "nine operas",
    "51-day",
    "Edda Plume",
    "Leave a reply",
    "Leave a comment",
    "uses cookies",
    "Cookie settings",
    "Share this",
    "Morning Tide",
    "Subscribe",
    "Skip to content",
    "All rights reserved",
)

REAL_OUTLETS = re.compile(
    r"\b(Reuters|AFP|Agence France-Presse|Associated Press|BBC|CNN|CBS|Al Jazeera|Le Monde|The Guardian|New York Times|Washington Post|"
    r"Africanews|Africa News|Jeune Afrique|RFI|France 24|TASS|RIA|Sputnik|RT|BelTA|Inter Bellum|Deutsche Welle|Bloomberg|Xinhua)\b"
)


def read(path: Path) -> list[Draft]:
    found = read_file(path)
    assert [item for item in found if not isinstance(item, Draft)] == []
    return [item for item in found if isinstance(item, Draft)]


@pytest.fixture(scope="module")
def drafts() -> dict[str, Draft]:
    return {draft.doc_id: draft for path in sorted(ARTICLES.iterdir()) for draft in read(path)}


@pytest.fixture(scope="module")
def texts(drafts) -> dict[str, str]:
    return {doc_id: " ".join(clean(draft).text.split()) for doc_id, draft in drafts.items()}


def holds(text: str, answer: str) -> bool:
    return re.search(rf"(?<![\w,.]){re.escape(OTHER_SPELLINGS.get(answer, answer))}(?!\w)", text, re.IGNORECASE) is not None


def groups(case: Case) -> list[tuple[tuple[str, ...], tuple[str, ...]]]:
    """Each group of accepted spellings with the articles that support it."""
    documents = case.doc_ids if case.kind == "conflict" else case.doc_ids * len(case.answers)
    return list(zip(case.answers, documents, strict=True))


def test_it_has_the_articles_that_it_lists(drafts):
    assert sorted(drafts) == sorted(PUBLISHED)
    readme = (EVAL / "sample" / "README.md").read_text(encoding="utf-8")
    assert [path.name for path in ARTICLES.iterdir() if f"`{path.name}`" not in readme] == []
    assert sum(path.stat().st_size for path in ARTICLES.iterdir()) < MAX_BYTES


def test_each_kind_of_case_is_there():
    assert Counter(case.kind for case in CASES) == {"fact": 45, "list": 7, "conflict": 7, "unanswerable": 14, "trap": 11}
    assert [case.id for case in CASES] == [f"sample-{number:02d}" for number in range(len(CASES))]
    assert len({case.question for case in CASES}) == len(CASES)


def test_each_case_names_articles_that_exist():
    assert {case.id: case.gold - set(PUBLISHED) for case in CASES if case.gold - set(PUBLISHED)} == {}


def test_each_accepted_answer_is_in_its_articles(texts):
    absent = [
        (case.id, answer)
        for case in CASES
        for answers, doc_ids in groups(case)
        for answer in answers
        if not any(holds(texts[doc_id], answer) for doc_id in doc_ids)
    ]
    assert absent == []


def test_each_article_of_a_case_holds_an_accepted_answer(texts):
    without = [
        (case.id, doc_id)
        for case in CASES
        for answers, doc_ids in groups(case)
        for doc_id in doc_ids
        if not any(holds(texts[doc_id], answer) for answer in answers)
    ]
    assert without == []


@pytest.mark.parametrize("phrase", FURNITURE)
def test_furniture_is_in_the_files_and_not_in_the_articles(phrase, texts):
    raw = " ".join(path.read_text(encoding="utf-8") for path in ARTICLES.iterdir() if path.suffix in (".html", ".md", ".txt"))
    assert phrase.lower() in raw.lower()
    assert [doc_id for doc_id, text in texts.items() if phrase.lower() in text.lower()] == []


def test_each_article_says_that_it_is_invented(texts):
    last = r"is an invented \w+\b.*written for the Dateline sample\."
    assert [doc_id for doc_id, text in texts.items() if not re.search(last, text)] == []


def test_each_article_has_the_length_of_a_short_report(texts):
    assert {doc_id: len(text.split()) for doc_id, text in texts.items() if not 250 <= len(text.split()) <= 600} == {}


def test_publishers_and_dates_are_those_of_the_list(drafts):
    found = {}
    for doc_id, draft in drafts.items():
        published = PUBLISHED[doc_id][1] if doc_id in DATED_BY_PROPERTIES else None
        found[doc_id] = (draft.publisher, (draft.published or published or "")[: len("2025-06-06")])
    assert found == PUBLISHED
    assert {doc_id for doc_id, draft in drafts.items() if not draft.published} == DATED_BY_PROPERTIES


@pytest.mark.parametrize("name", MARKED_UP)
def test_marked_up_files_give_publisher_and_date(name):
    assert [draft.doc_id for draft in read(ARTICLES / name) if not (draft.publisher and draft.published)] == []


def test_no_real_outlet_is_named(drafts):
    assert [doc_id for doc_id, draft in drafts.items() if REAL_OUTLETS.search(f"{draft.publisher} {draft.title} {draft.text}")] == []


def test_the_wire_story_is_in_two_papers(texts):
    first, second = (texts[doc_id] for doc_id in ("saltmarsh-courier-wagner-leaves", "port-ellery-gazette-mission-over"))
    shared = "BAMAKO (Meridian Wire) — The Russian mercenary group Wagner said"
    assert shared in first
    assert shared in second
    assert "Boubacar Sannifo" in first
    assert "Boubacar Sannifo" not in second


@pytest.mark.parametrize("name", MADE)
def test_made_files_are_what_the_script_makes(name, tmp_path, monkeypatch):
    location = Path(__file__).parents[1] / "benchmarks" / "make_sample_files.py"
    spec = importlib.util.spec_from_file_location("make_sample_files", location)
    script = importlib.util.module_from_spec(spec)
    monkeypatch.setitem(sys.modules, spec.name, script)
    spec.loader.exec_module(script)

    assert set(script.SOURCES) == set(MADE)
    again = tmp_path / name
    again.write_bytes(script.make(name))
    assert script.make(name) == again.read_bytes()
    assert read(again) == read(ARTICLES / name)
    source = script.SOURCES[name]
    assert [" ".join(draft.text.split()).endswith(source.paragraphs[-1]) for draft in read(again)] == [True]


def test_seed_cases_name_the_five_articles_and_hold_no_text():
    articles = json.loads((EVAL / "seed" / "articles.json").read_text(encoding="utf-8"))
    assert [sorted(article) for article in articles] == [["doc_id", "file", "sha256", "title"]] * 5
    assert [article["doc_id"] for article in articles] == [Path(article["file"]).stem for article in articles]
    assert [article["doc_id"] for article in articles if not re.fullmatch("[0-9a-f]{64}", article["sha256"])] == []
    cases = load_cases(EVAL / "seed" / "cases.jsonl")
    assert frozenset().union(*(case.gold for case in cases)) == {article["doc_id"] for article in articles}
    assert Counter(case.kind for case in cases) == {"fact": 13, "list": 2, "conflict": 2, "unanswerable": 4, "trap": 2}


def test_files_are_in_normal_form():
    plain = [path for path in ARTICLES.iterdir() if path.suffix in (".html", ".md", ".txt", ".jsonl")]
    assert [path.name for path in plain if not unicodedata.is_normalized("NFC", path.read_text(encoding="utf-8"))] == []
