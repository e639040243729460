"""Segments: whatever is stored, deleted and joined, they hold the words and the sketches of exactly the articles that there are."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.catalogue import Catalogue, Entry
from index.errors import HomeDamaged
from index.home import Home
from index.postings import Postings, distances, leanings, sketched
from index.recent import Recent
from index.stored import StoredVectors
from index.terms import hashes
from index.types import Article, Filters, Span

DIMENSION = 64
WORDS = "ferry harbour tram whale clock bridge".split()
OPERATIONS = st.lists(
    st.tuples(st.integers(0, 11), st.lists(st.sampled_from(WORDS), max_size=6), st.lists(st.sampled_from(WORDS), max_size=2)), max_size=40
)


def entry(key: int, body: list[str], title: list[str]) -> Entry:
    """An article of one chunk, with a vector of its own."""
    vector = np.random.default_rng([key, len(body)]).standard_normal((1, DIMENSION))
    text = " ".join(body)
    article = Article(
        id=f"id{key}", doc_id=str(key), text=text, text_hash=f"{key}-{text}", path=f"{key}.txt", root="/r", title=" ".join(title) or None,
        publisher=f"Paper {key % 2}", published=None, url=None, authors=(), provenance={},
    )  # fmt: skip
    return Entry(
        article=article, key="", location=f"/r/{key}.txt", search_hash=f"{key}-{text}", digest="", removed=(), sentences=(),
        chunks=(Span(0, len(text)),), vectors=(vector / np.linalg.norm(vector)).astype(np.float16), title_stems=tuple(title),
        body_stems=tuple(body), bounds=(0, len(body)),
    )  # fmt: skip


@pytest.fixture
def small_segments(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two articles make a segment, two segments a larger one, up to sixteen articles."""
    monkeypatch.setattr("index.catalogue.folding.LOOSE", 2)
    monkeypatch.setattr("index.catalogue.folding.FAN", 2)
    monkeypatch.setattr("index.catalogue.folding._LARGEST", 16)
    monkeypatch.setattr("index.catalogue.folding._AT_A_TIME", 3)


def opened(path: Path) -> Catalogue:
    catalogue = Catalogue.open(path)
    with catalogue.writing():
        catalogue.set_meta("dimension", str(DIMENSION))
        catalogue.set_root("/r")
    return catalogue


def held(catalogue: Catalogue) -> dict[str, set[tuple[int, int, int]]]:
    """Word -> (article, times in its body, times in its title), as the segments have it, of live articles."""
    places, terms = catalogue.places(), hashes(WORDS).tolist()
    found = catalogue.holders(terms)
    rows = zip(found.which.tolist(), found.places.tolist(), found.body.tolist(), found.title.tolist(), strict=True)
    live = [(which, int(places.numbers[place]), body, title) for which, place, body, title in rows if places.live[place]]
    return {word: {row[1:] for row in live if row[0] == number} for number, word in enumerate(WORDS)}


def stored(catalogue: Catalogue) -> dict[str, set[tuple[int, int, int]]]:
    """The same, as the articles' own rows have it."""
    words = {term: word for word, term in zip(WORDS, hashes(WORDS).tolist(), strict=True)}
    expected: dict[str, set[tuple[int, int, int]]] = {word: set() for word in WORDS}
    for number, terms in zip(catalogue.numbers(), catalogue.term_arrays(catalogue.numbers()), strict=True):
        body, title = Counter(terms.body.tolist()), Counter(terms.title.tolist())
        for term in {*body, *title}:
            expected[words[term]].add((number, body[term], title[term]))
    return expected


@given(OPERATIONS)
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow])
@pytest.mark.usefixtures("small_segments")
def test_whatever_is_stored_and_deleted_is_held_once(
    tmp_path_factory: pytest.TempPathFactory, operations: list[tuple[int, list[str], list[str]]]
) -> None:
    catalogue = opened(tmp_path_factory.mktemp("segments") / "catalogue.sqlite")
    for key, body, title in operations:
        with catalogue.writing():
            if body:
                catalogue.put(entry(key, body, title))
            else:
                for (number,) in catalogue.rows("SELECT number FROM articles WHERE location = ?", [f"/r/{key}.txt"]):
                    catalogue.delete(number)
        places, expected = catalogue.places(), stored(catalogue)
        assert places.numbers[places.live].tolist() == catalogue.numbers()
        assert held(catalogue) == expected
        assert catalogue.document_frequencies(WORDS) == {word: len(rows) for word, rows in expected.items() if rows}
        for segment in catalogue.segments():
            columns = catalogue.columns(segment.segment)
            known = dict(catalogue.stored_vectors(columns.numbers.tolist(), DIMENSION))
            for place, number in enumerate(columns.numbers.tolist()):
                if number in known:
                    assert columns.sketches[:, place].tolist() == sketched(known[number])[0].tolist()
    assert catalogue.integrity() == []
    catalogue.close()


@pytest.mark.usefixtures("small_segments")
def test_segments_of_a_size_become_a_larger_one_up_to_a_limit(tmp_path: Path) -> None:
    catalogue = opened(tmp_path / "catalogue.sqlite")
    for key in range(37):
        with catalogue.writing():
            catalogue.put(entry(key, ["ferry"], []))
    assert [(segment.level, segment.articles) for segment in catalogue.segments()] == [(3, 16), (3, 16), (1, 4)]
    assert catalogue.document_frequencies(["ferry"]) == {"ferry": 37}
    catalogue.close()


@pytest.mark.usefixtures("small_segments")
def test_what_was_rolled_back_leaves_nothing_behind(tmp_path: Path) -> None:
    catalogue = opened(tmp_path / "catalogue.sqlite")

    def store_and_fail() -> None:
        with catalogue.writing():
            catalogue.put(entry(1, ["whale"], []))
            catalogue.put(entry(2, ["whale"], []))
            raise ZeroDivisionError

    with pytest.raises(ZeroDivisionError):
        store_and_fail()
    with catalogue.writing():
        catalogue.put(entry(3, ["tram"], []))
        catalogue.put(entry(4, ["tram"], []))
    assert catalogue.document_frequencies(["whale", "tram"]) == {"tram": 2}
    catalogue.close()


@pytest.mark.usefixtures("small_segments")
@pytest.mark.parametrize(
    ("statement", "message"),
    [
        ("UPDATE postings SET records = zeroblob(length(records))", "the postings of segment 1 are not as they were stored"),
        ("UPDATE postings SET term = term + 1", "the postings of segment 1 are not as they were stored"),
        ("DELETE FROM postings", "segment 1 has lost some of its postings"),
        ("UPDATE columns SET sketches = zeroblob(length(sketches))", "the columns of article 1 are not as they were stored"),
        ("UPDATE segments SET last = 99", "its segments do not hold the articles that it has"),
    ],
)
def test_damage_is_noticed(statement: str, message: str, tmp_path: Path) -> None:
    catalogue = opened(tmp_path / "catalogue.sqlite")
    for key in range(3):
        with catalogue.writing():
            catalogue.put(entry(key, ["ferry"], ["tram"]))
            catalogue.rows("UPDATE meta SET value = value WHERE name = 'articles'")
    with catalogue.writing():
        catalogue.rows(statement)
    again = Catalogue.open(tmp_path / "catalogue.sqlite")
    assert any(message in line for line in again.integrity())
    if "lost" not in message and "term" not in statement:
        with pytest.raises(HomeDamaged, match=message):
            again.holders(hashes(["ferry"]).tolist())
    again.close()
    catalogue.close()


def test_postings_come_back_as_they_were_stored_and_join() -> None:
    pieces = [(hashes(["tram"]), hashes(["ferry", "ferry", "whale"])), (hashes([]), hashes(["whale"]))]
    postings = Postings.of(pieces)
    again = Postings.read(list(postings.rows()))
    assert (again.terms.tolist(), again.records.tolist()) == (postings.terms.tolist(), postings.records.tolist())
    joined = Postings.merged([(postings, np.array([0, -1])), (postings, np.array([1, 2]))])
    rows = dict(zip(WORDS, hashes(WORDS).tolist(), strict=True))
    assert {word: joined.records[joined.terms == term].tolist() for word, term in rows.items() if term in joined.terms} == {
        "ferry": [(0, 2, 0), (1, 2, 0)],
        "whale": [(0, 1, 0), (1, 1, 0), (2, 1, 0)],
        "tram": [(0, 0, 1), (1, 0, 1)],
    }


@pytest.mark.parametrize("dimension", [8, 64, 100, 384])
def test_sketches_count_the_signs_that_differ(dimension: int) -> None:
    vectors = np.random.default_rng(5).standard_normal((9, dimension)).astype(np.float32)
    apart = distances(sketched(vectors).T, sketched(vectors[:1])[0])
    assert apart.tolist() == ((vectors > 0) != (vectors[0] > 0)).sum(axis=1).tolist()


@pytest.mark.parametrize("dimension", [3, 64, 100])
def test_leanings_are_sums_of_signed_numbers(dimension: int) -> None:
    vectors = np.random.default_rng(1).standard_normal((9, dimension)).astype(np.float32)
    expected = np.where(vectors > 0, 1, -1) @ vectors[0]
    assert leanings(sketched(vectors).T, vectors[0]) == pytest.approx(expected, abs=1e-4)


@pytest.mark.usefixtures("small_segments")
def test_the_nearest_by_sketch_are_those_by_vector(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    catalogue = opened(tmp_path / "catalogue.sqlite")
    for key in range(60):
        with catalogue.writing():
            catalogue.put(entry(key, ["ferry"], []))
    vector = entry(7, ["ferry"], []).vectors[0].astype(np.float32)
    wanted = [
        {},
        {"after": 20},
        {"filters": Filters(publishers=("Paper 1",))},
    ]
    exact = [StoredVectors(catalogue, DIMENSION).nearest(vector, limit=5, **some) for some in wanted]  # type: ignore[arg-type]
    monkeypatch.setattr("index.stored.KEPT", 0)
    assert [StoredVectors(catalogue, DIMENSION).nearest(vector, limit=5, **some) for some in wanted] == exact  # type: ignore[arg-type]
    assert [len(some) for some in exact] == [5, 5, 5]
    assert 8 in exact[0]
    catalogue.close()


@pytest.mark.usefixtures("small_segments")
def test_a_search_finds_the_same_in_segments_as_without(
    corpus: Path, open_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch
) -> None:
    for number in range(6):
        (corpus / f"{number}.txt").write_text(f"Ferry {number} to Brigg\n\nFerry number {number} ran late, its captain said on Monday.")
    found = []
    for name, loose in (("many", 2), ("none", 1000)):
        monkeypatch.setattr("index.catalogue.folding.LOOSE", loose)
        home = open_home(name)
        home.sync(corpus)
        found.append([home.search(question, limit=5) for question in ("ferry to Brigg", "whale", "captain of number 3")])
    assert found[0] == found[1]


def test_what_was_asked_for_longest_ago_is_forgotten_first() -> None:
    recent: Recent[int, str] = Recent(3)
    asked: list[list[int]] = []

    def load(keys: list[int]) -> list[tuple[int, str, int]]:
        asked.append(keys)
        return [(key, str(key), 1) for key in keys if key < 9]

    assert recent.among([1, 2, 3, 9], load) == {1: "1", 2: "2", 3: "3"}
    assert recent.among([1], load) == {1: "1"}
    recent.among([4], load)
    assert recent.among([1, 3, 4], load) == {1: "1", 3: "3", 4: "4"}
    recent.among([2], load)
    assert asked == [[1, 2, 3, 9], [4], [2]]
