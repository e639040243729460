"""Search: what is found, in what order, and under which filters."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.errors import BadFilter
from index.home import Home
from index.types import Filters, day_bounds


@pytest.fixture
def home(corpus: Path, open_home: Callable[..., Home]) -> Home:
    home = open_home()
    home.sync(corpus)
    return home


def found(home: Home, question: str, **filters: object) -> list[str]:
    return [passage.doc_id for passage in home.search(question, filters=Filters(**filters))]  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("question", "first"),
    [
        ("Who is the harbour master?", "harbour"),
        ("whale skeleton", "museum"),
        ("When will the second tram line open?", "tram"),
        ("84000 visitors", "museum"),
    ],
)
def test_the_article_that_says_it_comes_first(home: Home, question: str, first: str) -> None:
    assert found(home, question)[0] == first


def test_a_passage_is_an_exact_slice_with_its_sentences(home: Home) -> None:
    passage = home.search("whale skeleton")[0]
    text = home.article(passage.article_id).text
    assert passage.text == text[passage.start : passage.end]
    assert [text[start:end] for start, end in passage.sentences] == [
        "The Fennick museum had 84,000 visitors last year, its director Oskar Lindqvist said.",
        "It has been free to enter since 2019.",
        "Most came for the whale skeleton, which was brought ashore in 1911 and restored by Marta Hale.",
    ]


@pytest.mark.parametrize(
    ("filters", "doc_ids"),
    [
        ({"since": "2024"}, {"harbour"}),
        ({"until": "2023-11"}, {"museum"}),
        ({"since": "2023-11-20", "until": "2024-03-04"}, {"museum", "harbour"}),
        ({"publishers": ("the fennick daily",)}, {"museum"}),
        ({"publishers": ("Nobody's News",)}, set()),
    ],
)
def test_filters_hold_for_every_passage(home: Home, filters: dict[str, object], doc_ids: set[str]) -> None:
    assert set(found(home, "harbour museum tram", **filters)) == doc_ids


def test_a_path_filter_means_the_file_or_all_below_the_folder(home: Home, corpus: Path) -> None:
    assert set(found(home, "harbour museum tram", paths=(str(corpus / "tram.txt"),))) == {"tram"}
    assert set(found(home, "harbour museum tram", paths=(str(corpus),))) == {"harbour", "museum", "tram"}
    assert set(found(home, "harbour museum tram", paths=(str(corpus)[:-1],))) == set()


def test_what_a_date_filter_leaves_out_for_having_no_date_is_counted(home: Home) -> None:
    assert home.catalogue.undated(Filters(since="2020")) == 1


@pytest.mark.parametrize("question", ["", "   ", "?!", '"; DROP TABLE articles; --', "NEAR(harbour", "* OR ^", "title:harbour", "é" * 3000])
def test_odd_questions_are_searched_as_words(home: Home, question: str) -> None:
    assert all(passage.doc_id in {"harbour", "museum", "tram"} for passage in home.search(question))


def test_limits(home: Home) -> None:
    assert home.search("harbour", limit=0) == []
    assert len(home.search("harbour", limit=2)) == 2


def test_results_that_the_catalogue_does_not_know_are_ignored(home: Home) -> None:
    vector = home.encoder.encode_query("whale skeleton")
    home.vectors.update(forget=[], ids=["gone:0:10"], vectors=vector[None, :], generation=home.catalogue.number("vectors_generation") or 0)
    assert set(found(home, "whale skeleton")) == {"harbour", "museum", "tram"}


def test_another_process_that_wrote_is_noticed(corpus: Path, home: Home, tmp_path: Path) -> None:
    import subprocess
    import sys

    assert found(home, "ferry named after a poet") != []
    (corpus / "ferry.txt").write_text("Ferry named\n\nA ferry was named after the poet Ilse Brandt on Friday.")
    script = "import sys; from index.home import Home; h = Home.open(sys.argv[1], encoder='hash'); print(h.sync(sys.argv[2]).added)"
    root = Path(__file__).parent.parent
    done = subprocess.run([sys.executable, "-c", script, str(home.path), str(corpus)], capture_output=True, text=True, cwd=root, check=True)
    assert done.stdout == "1\n"
    assert found(home, "ferry named after a poet")[0] == "ferry"
    assert home.vectors.count(home.catalogue.meta("vectors_generation")) == 4


@pytest.mark.parametrize(
    ("date", "days"), [("2024", (20240101, 20241231)), ("2024-02", (20240201, 20240229)), ("2024-02-03", (20240203, 20240203))]
)
def test_a_date_is_the_days_it_names(date: str, days: tuple[int, int]) -> None:
    assert day_bounds(date) == days


@pytest.mark.parametrize("date", ["", "24", "2024-13", "2024-02-30", "yesterday", "2024-2-3", "2024-02-03-04"])
def test_a_date_that_is_none_says_how_to_write_one(date: str) -> None:
    with pytest.raises(BadFilter, match="is not a date") as caught:
        Filters(since=date)
    assert caught.value.hint == "write it as 2022-08-15, 2022-08 or 2022"


def test_dates_the_wrong_way_round() -> None:
    with pytest.raises(BadFilter, match="since 2024 is after until 2023"):
        Filters(since="2024", until="2023")
