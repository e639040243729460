"""Copies of a story: found whatever was done to them, linked whatever the order of syncs, and told once."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from itertools import combinations
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from benchmarks.kill import links
from benchmarks.newsroom import EDITS, SHORTENED, Story, copied
from index.catalogue import Catalogue, Entry
from index.copies import KEYS, WORDS, Shared, Text, are_copies, keys, number_hashes, says_nothing_new, shared, shingles
from index.credits import agency_of, credits_of
from index.encoder import HashEncoder
from index.errors import HomeDamaged
from index.home import Home
from index.terms import hashes, stems
from index.types import Article, Draft, Filters, Newer, Span
from rag.cite import Citer
from rag.wording import carried_line, superseded_line
from ui.text import article_lines

SAMPLE = Path(__file__).parents[1] / "eval" / "sample" / "articles"
OpenHome = Callable[..., Home]


def terms(text: str) -> np.ndarray[Any, np.dtype[np.uint32]]:
    return hashes(stems(text))


def text(words: str) -> Text:
    return Text(terms(words), number_hashes(stems(words)))


# What is a copy

WORD = st.sampled_from([f"w{number}" for number in range(12)])


@given(st.lists(WORD, max_size=30), st.lists(WORD, max_size=30))
def test_what_is_shared_is_what_stands_in_common_runs(one: list[str], other: list[str]) -> None:
    def runs(words: list[str]) -> list[tuple[str, ...]]:
        padded = words if len(words) >= WORDS or not words else words + [""] * (WORDS - len(words))
        return [tuple(padded[start : start + WORDS]) for start in range(len(padded) - WORDS + 1)]

    theirs = set(runs(other))
    held = [False] * len(one)
    for start, run in enumerate(runs(one)):
        if run in theirs:
            held[start : start + WORDS] = [True] * len(held[start : start + WORDS])
    longest = max(map(len, "".join("." if here else "x" for here in held).split(".")))
    expected = Shared(sum(held) / len(held), longest) if held else Shared(1.0, 0)
    assert shared(hashes(one), shingles(hashes(other))) == pytest.approx(expected)


@given(st.lists(WORD, max_size=40), st.lists(WORD, max_size=40))
def test_two_texts_are_copies_in_either_order(one: list[str], other: list[str]) -> None:
    first, second = (Text(hashes(words), number_hashes(words)) for words in (one, other))
    assert are_copies(first, second) == are_copies(second, first)
    assert are_copies(first, first) == bool(one)


def test_an_article_is_filed_under_its_smallest_shingles() -> None:
    words = terms("the ferry sank in the harbour " * 3 + " ".join(map(str, range(100))))
    assert keys(words).tolist() == sorted(set(shingles(words).tolist()))[:KEYS]
    assert len(keys(terms("two words"))) == 1
    assert len(keys(terms("?!"))) == 0


NOTICE = (
    "The winning numbers of {day} were {numbers}. The jackpot was {jackpot} crowns; tickets are sold at every kiosk of the town until noon."
)


def test_a_daily_notice_with_other_numbers_is_no_copy() -> None:
    monday = text(NOTICE.format(day="Monday 3 March", numbers="4, 17, 22, 31 and 40", jackpot="1,200,000"))
    thursday = text(NOTICE.format(day="Thursday 6 March", numbers="2, 9, 28, 35 and 41", jackpot="1,450,000"))
    assert not are_copies(monday, thursday)
    again = NOTICE.format(day="Monday 3 March", numbers="4, 17, 22, 31 and 40", jackpot="1,200,000")
    assert are_copies(monday, text(f"{again} (Meridian Wire)"))


def test_a_short_notice_of_another_town_is_no_copy() -> None:
    notice = "Edition 5 of the {} ticker is out. It came out at noon, the clerk said."
    assert not are_copies(text(notice.format("Aldby")), text(notice.format("Brigg")))


def test_a_digest_is_no_copy_of_what_it_took_over() -> None:
    items = [f"Report {number}: " + " ".join(f"r{number}w{word}" for word in range(60)) for number in range(8)]
    assert not are_copies(text(items[0]), text(" ".join(items)))
    assert are_copies(text(items[0]), text(" ".join(items[:3])))


def test_a_passage_with_a_sentence_of_its_own_says_something_new() -> None:
    told = "The harbour reopened on Monday after the storm and forty boats left in the first hour, the harbour master said."
    more = "Divers will look at the north wall in June and the council will pay for new cranes."
    assert says_nothing_new(text(told), terms(f"{told} {more}"), shingles(terms(f"{told} {more}")))
    assert not says_nothing_new(text(f"{told} {more}"), terms(told), shingles(terms(told)))


def test_a_passage_with_another_number_says_something_new() -> None:
    told = "The harbour reopened on Monday after the storm and 40 boats left in the first hour, the harbour master said."
    assert not says_nothing_new(text(told.replace("40", "46")), terms(told), shingles(terms(told)))


# What is linked

DIMENSION = 4
BOILERPLATE = "all rights reserved by the owners of this page".split()
SOURCES = [[f"s{source}w{word}" for word in range(40)] for source in range(3)]


def entry(key: int, body: list[str]) -> Entry:
    article = Article(id=f"id{key}", doc_id=str(key), text=" ".join(body), text_hash=" ".join(body), path=f"{key}.txt", root="/r")
    return Entry(
        article=article, key="", location=f"/r/{key}.txt", search_hash=str(key), digest="", removed=(), sentences=(),
        chunks=(Span(0, len(article.text)),), vectors=np.ones((1, DIMENSION), np.float16), title_stems=(), body_stems=tuple(body),
        bounds=(0, len(body)),
    )  # fmt: skip


def opened(path: Path) -> Catalogue:
    catalogue = Catalogue.open(path)
    with catalogue.writing():
        catalogue.set_meta("dimension", str(DIMENSION))
    return catalogue


def put(catalogue: Catalogue, key: int, body: list[str]) -> None:
    with catalogue.writing():
        catalogue.put(entry(key, body))


def drop(catalogue: Catalogue, key: int) -> None:
    with catalogue.writing():
        for (number,) in catalogue.rows("SELECT number FROM articles WHERE doc_id = ?", [str(key)]):
            catalogue.delete(number)


def grouped(catalogue: Catalogue) -> set[frozenset[str]]:
    """The ids of the articles of each story."""
    ids = catalogue.ids(catalogue.numbers())
    return {frozenset(ids[number] for number in members) for members in catalogue.stories(ids).values()}


BODY = st.builds(
    lambda source, start, stop, own, page: SOURCES[source][start:stop] + own + (BOILERPLATE if page else []),
    st.integers(0, 2), st.integers(0, 4), st.integers(8, 16), st.lists(WORD, max_size=4), st.booleans(),
)  # fmt: skip
OPERATIONS = st.lists(st.tuples(st.integers(0, 9), st.none() | BODY), max_size=30)


@given(OPERATIONS, st.integers(1, 3))
@settings(max_examples=60, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
def test_links_are_those_of_a_clean_sync_whatever_came_before(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[int, list[str] | None]], neighbours: int
) -> None:
    folder = tmp_path_factory.mktemp("links")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("index.catalogue.linking.NEIGHBOURS", neighbours)
        lived, clean = opened(folder / "lived.sqlite"), opened(folder / "clean.sqlite")
        present: dict[int, list[str]] = {}
        for key, body in operations:
            if body is None:
                drop(lived, key)
                present.pop(key, None)
            else:
                put(lived, key, body)
                present[key] = body
        for key, body in sorted(present.items()):
            put(clean, key, body)
        assert links(lived) == links(clean)
        assert grouped(lived) == grouped(clean)
        if len(present) <= neighbours + 1:  # then all that share a shingle are compared
            shown = {key: Text(hashes(body), number_hashes(body)) for key, body in present.items()}
            pairs = [pair for pair in combinations(present, 2) if np.isin(*(keys(shown[key].terms) for key in pair)).any()]
            copies = {frozenset(pair) for pair in pairs if are_copies(*(shown[key] for key in pair))}
            assert {frozenset((int(one[2:]), int(other[2:]))) for one, other, _ in links(lived)} == copies
        assert (lived.integrity(), clean.integrity()) == ([], [])
        lived.close()
        clean.close()


def test_a_story_outlives_its_first_copy_and_any_other(tmp_path: Path) -> None:
    catalogue = opened(tmp_path / "catalogue.sqlite")
    for key in range(6):
        put(catalogue, key, [*SOURCES[0], f"own{key}"])
    put(catalogue, 6, SOURCES[1])
    for gone in range(4):
        drop(catalogue, gone)
        assert grouped(catalogue) == {frozenset(f"id{key}" for key in range(gone + 1, 6))}
    drop(catalogue, 4)
    assert grouped(catalogue) == set()
    catalogue.close()


def test_many_copies_are_one_story_though_each_is_compared_with_a_few(tmp_path: Path) -> None:
    catalogue = opened(tmp_path / "catalogue.sqlite")
    for key in range(120):
        put(catalogue, key, [*SOURCES[0], *SOURCES[1], f"own{key}", *BOILERPLATE])
    assert grouped(catalogue) == {frozenset(f"id{key}" for key in range(120))}
    assert max(Counter(number for number, _ in catalogue.rows("SELECT number, other FROM copies")).values()) < 60
    catalogue.close()


@contextmanager
def counted(catalogue: Catalogue, monkeypatch: pytest.MonkeyPatch) -> Iterator[Counter[str]]:
    """Counts the statements that are run within the block, and the rows that they give."""
    done, run = Counter[str](), catalogue.rows

    def rows(sql: str, values: Any = ()) -> list[Any]:
        found = run(sql, values)
        done.update(statements=1, rows=len(found))
        return found

    with monkeypatch.context() as patch:
        patch.setattr(catalogue, "rows", rows)
        yield done


def test_linking_an_article_costs_the_same_whatever_the_size_of_the_corpus(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Each article has a line that stands on every page, and one in ten is a copy of the same story."""
    catalogue = opened(tmp_path / "catalogue.sqlite")
    choose = random.Random(7)

    def body(key: int) -> list[str]:
        own = [f"w{choose.randrange(5000)}" for _ in range(60)] if key % 10 else [*SOURCES[0], *SOURCES[1], f"own{key}"]
        return [*own, *BOILERPLATE]

    def cost(key: int) -> tuple[int, int]:
        (number,) = catalogue.rows("SELECT number FROM articles WHERE doc_id = ?", [str(key)])[0]
        with counted(catalogue, monkeypatch) as done, catalogue.writing():
            catalogue.unlink(number)
            catalogue.link(number, f"id{key}", body(key))
        return done["statements"], done["rows"]

    with catalogue.writing():
        for key in range(2000):
            catalogue.put(entry(key, body(key)))
    most = {}
    for size in (2000, 100):
        with catalogue.writing():
            for (number,) in catalogue.rows("SELECT number FROM articles WHERE number > ?", [size]):
                catalogue.delete(number)
        most[size] = np.max([cost(key) for key in range(40, 80)], axis=0)
    assert (most[2000] <= 1.25 * most[100]).all()  # of 222 statements and 455 rows
    catalogue.close()


def test_damage_to_links_is_found(tmp_path: Path) -> None:
    catalogue = opened(tmp_path / "catalogue.sqlite")
    for key in range(3):
        put(catalogue, key, [*SOURCES[0], f"own{key}"])
    assert catalogue.integrity() == []
    for sql, found in (
        ("UPDATE shingles SET shingle = shingle + 1 WHERE number = 1", "and are under"),
        ("DELETE FROM copies WHERE number = 1 AND other = 2", "lost one of their ends"),
        ("UPDATE signatures SET place = place + 1 WHERE number = 2", "signature of article 2"),
        ("UPDATE copies SET ways = ways + 1", "links of article 1"),
    ):
        with catalogue.writing():
            catalogue.rows("SAVEPOINT damage")
            catalogue.rows(sql)
            assert any(found in line for line in catalogue.integrity())
            catalogue.rows("ROLLBACK TO damage")
    with catalogue.writing():
        catalogue.rows("UPDATE copies SET ways = ways + 1")
    with pytest.raises(HomeDamaged, match="links of article 1 are not as they were stored"):
        catalogue.stories([1])
    catalogue.close()


# Real articles


def stories_by_name(home: Home) -> list[set[str]]:
    names = dict(home.catalogue.rows("SELECT number, doc_id FROM articles"))
    return [{names[number] for number in members} for members in set(home.catalogue.stories(names).values())]


def test_of_the_sample_one_wire_story_stands_in_two_papers(open_home: OpenHome) -> None:
    home = open_home()
    home.sync(SAMPLE)
    assert stories_by_name(home) == [{"saltmarsh-courier-wagner-leaves", "port-ellery-gazette-mission-over"}]


def test_copies_of_the_sample_are_found_whatever_was_done_to_them(open_home: OpenHome, tmp_path: Path) -> None:
    home = open_home()
    home.sync(SAMPLE)
    articles = [article for article in home.catalogue.articles() if not article.path.startswith("saltmarsh-courier-wagner")]
    made: list[tuple[str, str, tuple[str, ...]]] = []
    folder = tmp_path / "made"
    folder.mkdir()
    for article in articles:
        original = Story(article.title or "", tuple(line for line in article.text.split("\n") if line.strip()))
        for seed in range(3):
            story, names = copied(original, random.Random(f"{article.doc_id} {seed}"))
            name = f"copy-{seed}-{article.doc_id}"
            (folder / f"{name}.txt").write_text("\n\n".join([story.title, *story.paragraphs]), encoding="utf-8")
            made.append((article.doc_id, name, names))
    home.sync(folder)
    groups = stories_by_name(home)
    found = [any({original, copy} <= group for group in groups) for original, copy, _ in made]
    assert {name for _, _, names in made for name in names} == {*EDITS, *SHORTENED}
    assert sum(found) >= 0.95 * len(made)
    origins = {name: original for original, name, _ in made}
    wire = {"saltmarsh-courier-wagner-leaves": "port-ellery-gazette-mission-over"}
    assert [{wire.get(name, origins.get(name, name)) for name in group} for group in groups if len(group) > 1] == [
        {next(iter({wire.get(name, origins.get(name, name)) for name in group}))} for group in groups
    ]


# How a story is told

LEAD = "The harbour of Port Ellery reopened on Monday, three weeks after a storm had closed it and sunk two barges at the north wall."
BODY_TEXT = (
    "Forty boats left in the first hour, harbour master Ines Calloway said from her office above the fish market. "
    "Repairs to the north wall cost 1.2 million crowns and will go on until August 2024, when the cranes are to be tested again. "
    "The town had lost most of its trade in the weeks of the closure, and three of its canneries had sent their workers home."
)
MORE = (
    "The ferry to Gull Island will run again from Thursday with two crossings a day, and the fare stays at four crowns for all passengers."
)


@pytest.fixture
def carried(tmp_path: Path, open_home: OpenHome) -> Home:
    """One story in three papers: whole, with another headline, and cut with an agency's credit."""
    folder = tmp_path / "carried"
    folder.mkdir()
    for name, publisher, day, title, words in (
        ("a", "The Fennick Daily", "2024-03-04", "Harbour reopens after storm", f"{LEAD}\n\n{BODY_TEXT}\n\n{MORE}"),
        ("b", "Port Ellery Gazette", "2024-03-05", "Boats leave again", f"{LEAD}\n\n{BODY_TEXT}"),
        ("c", "Saltmarsh Courier", "2024-03-05", "Harbour open", f"PORT ELLERY (AFP) — {LEAD}\n\n{BODY_TEXT}"),
    ):
        (folder / f"{name}.md").write_text(f"---\ntitle: {title}\npublisher: {publisher}\ndate: {day}\n---\n\n{words}\n", encoding="utf-8")
    home = open_home()
    home.sync(folder)
    return home


def test_a_story_takes_one_slot_and_says_who_carried_it(carried: Home) -> None:
    (passage,) = carried.search("When did the harbour reopen and how many boats left?", limit=5)
    papers = {"The Fennick Daily", "Port Ellery Gazette", "Saltmarsh Courier"}
    assert (set(passage.carried_by), passage.agency) == (papers - {passage.label}, "AFP")
    assert passage.to_dict()["carried_by"] == list(passage.carried_by)
    citer = Citer()
    citer.cite(passage, passage.start, passage.end)
    (citation,) = citer.citations
    assert (citation.carried_by, citation.agency, citation.superseded) == (passage.carried_by, "AFP", None)
    first, second = citation.carried_by
    assert citation.context[-1] == f"AFP story, also carried by {first} and {second}"


def test_a_filter_finds_the_copy_that_passes_it(carried: Home) -> None:
    for publisher in ("The Fennick Daily", "Port Ellery Gazette", "Saltmarsh Courier"):
        found = carried.search("When did the harbour reopen?", filters=Filters(publishers=(publisher,)))
        assert {passage.publisher for passage in found} == {publisher}
    (late,) = carried.search("When did the harbour reopen?", filters=Filters(since="2024-03-05"))
    assert "The Fennick Daily" in late.carried_by


def test_what_only_one_copy_says_is_found_all_the_same(carried: Home) -> None:
    found = carried.search("ferry to Gull Island crossings fare", limit=5)
    assert found[0].publisher == "The Fennick Daily"
    assert MORE in found[0].text


def test_what_is_deleted_carries_nothing_any_more(carried: Home) -> None:
    (root,) = carried.catalogue.roots()
    (Path(root) / "b.md").unlink()
    carried.sync(root)
    (passage,) = carried.search("When did the harbour reopen and how many boats left?", limit=5)
    assert "Port Ellery Gazette" not in {passage.label, *passage.carried_by}
    carried.forget(root)
    assert carried.catalogue.stories(range(100)) == {}


UPDATED = BODY_TEXT.replace("Forty boats", "Fifty-two boats")


@pytest.mark.parametrize(("notice", "kind"), [
    ("", "update"),
    ("Correction: an earlier version of this article gave the number of boats as forty.", "correction"),
])  # fmt: skip
def test_the_newest_version_takes_the_slot_and_the_older_one_is_marked(notice: str, kind: str, tmp_path: Path, open_home: OpenHome) -> None:
    folder = tmp_path / "versions"
    folder.mkdir()
    for name, day, words in (("old", "2024-03-04", BODY_TEXT), ("new", "2024-03-06", UPDATED)):
        extra = notice if name == "new" else ""
        (folder / f"{name}.md").write_text(
            f"---\ntitle: Harbour reopens\npublisher: The Fennick Daily\ndate: {day}\n---\n\n{LEAD}\n\n{words}\n\n{extra}\n",
            encoding="utf-8",
        )
    home = open_home()
    home.sync(folder)
    found = home.search("How many boats left? Forty boats left in the first hour", limit=5)
    assert ([passage.doc_id for passage in found], found[0].superseded) == (["new"], None)
    (old,) = home.search("How many boats left?", filters=Filters(until="2024-03-05"))
    newer = home.article("new")
    assert old.superseded == Newer(kind=kind, label="The Fennick Daily", article_id=newer.id, doc_id="new", published="2024-03-06")  # type: ignore[arg-type]
    done = "corrected" if kind == "correction" else "updated"
    assert superseded_line(old) == f"Superseded: this version of 2024-03-04 was {done} on 2024-03-06"
    assert old.to_dict()["superseded"] == {
        "kind": kind, "label": "The Fennick Daily", "article_id": newer.id, "doc_id": "new", "published": "2024-03-06"
    }  # fmt: skip


def test_an_article_is_shown_with_its_story(carried: Home, open_home: OpenHome) -> None:
    article, removed = carried.show("b")
    told = carried.carried(article)
    assert told.to_dict() == {"agency": "AFP", "carried_by": ["The Fennick Daily", "Saltmarsh Courier"], "superseded": None}
    shown = [line.text for line in article_lines(article, removed, told)]
    assert shown[shown.index("agency: AFP") + 1] == "also carried by: The Fennick Daily, Saltmarsh Courier"
    sample = open_home("sample")
    sample.sync(SAMPLE)
    article, removed = sample.show("quillhaven-ledger-schools-reopen")
    notice = sample.article("quillhaven-ledger-schools-correction")
    line = f"superseded by the correction of 2025-06-14: dateline show {notice.id}"
    assert line in [line.text for line in article_lines(article, removed, sample.carried(article))]


def test_another_papers_later_copy_is_no_update(carried: Home) -> None:
    found = carried.search("When did the harbour reopen?", filters=Filters(publishers=("The Fennick Daily",)))
    assert [passage.superseded for passage in found] == [None] * len(found)


def test_a_correction_that_stands_apart_marks_the_article(open_home: OpenHome) -> None:
    home = open_home()
    home.sync(SAMPLE)
    found = home.search("How many village schools have reopened around Niafunké?", limit=10)
    marks = {passage.doc_id: passage.superseded for passage in found}
    notice = home.article("quillhaven-ledger-schools-correction")
    assert marks["quillhaven-ledger-schools-reopen"] == Newer(
        kind="correction", label="The Quillhaven Ledger", article_id=notice.id, doc_id=notice.doc_id, published="2025-06-14"
    )
    assert {name for name, newer in marks.items() if newer} == {"quillhaven-ledger-schools-reopen"}


def test_who_else_carried_it_on_one_line(carried: Home) -> None:
    (passage,) = carried.search("When did the harbour reopen and how many boats left?", limit=5)
    many = replace(passage, agency=None, carried_by=("A", "B", "C", "D", "E", "F", "G"))
    assert carried_line(many) == "Also carried by A, B, C, D, E and 2 others"
    assert carried_line(replace(many, carried_by=())) is None
    assert carried_line(replace(many, carried_by=(), agency="AFP")) == "AFP story"
    assert carried_line(replace(many, carried_by=("A",), agency=many.label)) == "Also carried by A"


def test_an_older_home_finds_its_copies_with_the_next_sync(tmp_path: Path, carried: Home) -> None:
    (root,) = carried.catalogue.roots()
    expected = links(carried.catalogue)
    catalogue = carried.catalogue
    with catalogue.writing():
        for table in ("signatures", "shingles", "copies"):
            catalogue.rows(f"DROP TABLE {table}")
        catalogue.rows("DROP INDEX articles_corrections")
        catalogue.set_meta("format", "1")
        catalogue.rows("UPDATE files SET recipe = 'older'")
        catalogue.rows("UPDATE articles SET digest = 'older'")
    carried.close()
    with Home.open(carried.path, encoder=HashEncoder()) as home:
        assert (home.catalogue.meta("format"), home.catalogue.integrity(), links(home.catalogue)) == ("2", [], set())
        assert home.search("When did the harbour reopen?", limit=5)
        assert home.sync(root).changed == 3
        assert (links(home.catalogue), home.catalogue.integrity()) == (expected, [])


# What an article says of its own making

LINE = "The minister said on Friday that he would resign before the summer."


@pytest.mark.parametrize(("words", "agency"), [
    (f"PARIS (AFP) — {LINE}", "AFP"),
    (f"NEW YORK, June 3 (Reuters) - {LINE}", "Reuters"),
    (f"MADRID (EFE).- {LINE}", None),
    (f"By The Associated Press\n{LINE}", "AP"),
    (f"By Agence France-Presse · 3 June 2025\n{LINE}", "AFP"),
    (f"Deutsche Presse-Agentur\n{LINE}", "dpa"),
    (f"{LINE}\nCredited from AFP", "AFP"),
    (f"{LINE}\nCredited from: Riverside News", "Riverside News"),
    (f"{LINE}\nSource: Xinhua", "Xinhua"),
    (f"{LINE}\nSource: World Health Organization", None),
    (f"{LINE} (ANSA)", "ANSA"),
    (f"{LINE}\n© 2024 AFP", "AFP"),
    (f"{LINE}\nCopyright 2024 The Associated Press. All rights reserved.", None),
    (f"BAMAKO (Meridian Wire) — {LINE}", "Meridian Wire"),
    (f"The minister told Reuters on Friday that he would go.\n{LINE}", None),
    (f"{LINE}\nThe Associated Press contributed to this report.", None),
    (f"The town of Penn (PA) has a new mayor.\n{LINE}", None),
    (f"{'x' * 700}\nBy AFP\n{'x' * 700}", None),
])  # fmt: skip
def test_an_agencys_credit(words: str, agency: str | None) -> None:
    assert agency_of(words) == agency


def test_an_agency_as_the_writer() -> None:
    assert agency_of(LINE, ("Ines Calloway", "Associated Press")) == "AP"


@pytest.mark.parametrize(("title", "words", "expected"), [
    ("Correction: 36 schools, not 46", LINE, {"correction": "Correction: 36 schools, not 46"}),
    ("Schools open", f"{LINE}\nCorrection, 14 June: the number is 36.", {"correction": "Correction, 14 June: the number is 36."}),
    ("Schools open", f"{LINE}\nAn earlier version of this article said 46.", {"correction": "An earlier version of this article said 46."}),
    ("Schools open", f"{LINE}\nThis story has been corrected to say 36.", {"correction": "This story has been corrected to say 36."}),
    ("UPDATE 2 - Schools open", LINE, {"update": "UPDATE 2 - Schools open"}),
    ("Schools open", f"(Adds comment by the minister)\n{LINE}", {"update": "(Adds comment by the minister)"}),
    ("Schools open", f"{LINE}\nUpdated 3 June 2025, 14:05", {}),
    ("A correction in the markets", f"Shares fell in a correction on Friday. The house of correction was corrected.\n{LINE}", {}),
    ("Minister corrects himself", LINE, {}),
])  # fmt: skip
def test_what_an_article_says_of_its_changes(title: str, words: str, expected: dict[str, str]) -> None:
    assert credits_of(Draft(doc_id="a", text=words, title=title), words) == expected
