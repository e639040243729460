"""When, where and by whom an article was published: the hand-made pages, and each rule by a whole value."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from benchmarks.publication import judge_pages, page_cases
from index.found import Dated, Sureness, settle
from index.names import bylines, copyright_owner, is_outlet, is_person, outlet_in, people
from index.readers import read_file
from index.stamps import Stamp, read_stamps
from index.types import Draft

PROSE = (
    "The tram runs again in Lindport, thirty-one years after the last rail was torn out of Harbour Street, and its first week was full.",
    "A ticket costs two coins, and children ride free on Sundays until the end of the year, the town has promised to its families.",
    "The last tram of the old line ran on 6 June 1994, with a brass band and a wreath on its lamp, and it was late, as always.",
)


@pytest.fixture
def read_page(tmp_path: Path) -> Callable[..., Draft]:
    """Reads a page with the given head, and the given lines above the article's prose and below it."""

    def read(head: str = "", above: str = "", below: str = "", *, title: str = "Tram returns to Lindport") -> Draft:
        prose = "".join(f"<p>{paragraph}</p>" for paragraph in PROSE)
        path = tmp_path / "tram.html"
        path.write_text(f"<html><head><title>{title}</title>{head}</head><body><h1>{title}</h1>{above}{prose}{below}</body></html>")
        [draft] = read_file(path)
        assert isinstance(draft, Draft)
        return draft

    return read


@pytest.fixture
def read_words(tmp_path: Path) -> Callable[..., Draft]:
    """Reads a plain text."""

    def read(*lines: str, name: str = "tram.txt") -> Draft:
        path = tmp_path / name
        path.write_text("\n".join(lines))
        [draft] = read_file(path)
        assert isinstance(draft, Draft)
        return draft

    return read


def linked(**values: object) -> str:
    return f'<script type="application/ld+json">{json.dumps(values)}</script>'


# The hand-made pages


def test_there_are_at_least_150_pages_in_12_layouts() -> None:
    cases = [case for part in page_cases().values() for case in part]
    assert len(cases) >= 150
    assert len({case["layout"] for case in cases}) >= 12
    assert len({case["file"] for case in cases}) == len(cases)


@pytest.mark.parametrize(
    ("part", "fewest", "most_wrong"),
    [
        ("even", {"published": 50, "publisher": 47, "authors": 50, "updated": 50}, 0),
        ("odd", {"published": 46, "publisher": 44, "authors": 42, "updated": 50}, 1),
        ("own", {"published": 56, "publisher": 51, "authors": 55, "updated": 56}, 0),
    ],
)
def test_pages(part: str, fewest: dict[str, int], most_wrong: int) -> None:
    tallies = judge_pages(page_cases()[part])
    misses = {name: tally.misses for name, tally in tallies.items()}
    assert {name: tally.right for name, tally in tallies.items() if tally.right < fewest[name]} == {}, misses
    assert tallies["published"].wrong <= most_wrong, misses["published"]
    assert (tallies["publisher"].wrong, tallies["authors"].wrong) == (0, 0), misses


# Pages by the rule


def test_a_page_with_everything(read_page: Callable[..., Draft]) -> None:
    draft = read_page(
        '<link rel="canonical" href="https://lindport.example/2025/06/07/tram"><meta property="og:site_name" content="Lindport Times">'
        + linked(
            **{"@type": "NewsArticle", "headline": "Tram returns to Lindport", "author": [{"@type": "Person", "name": "Ada Holm"}]},
            datePublished="2025-06-06T09:30:00+02:00",
            dateModified="2025-06-08",
        ),
        "<p>By Ada Holm | 6 June 2025</p>",
    )
    assert (draft.title, draft.publisher, draft.published, draft.url, draft.authors, dict(draft.provenance)) == (
        "Tram returns to Lindport",
        "Lindport Times",
        "2025-06-06T09:30",
        "https://lindport.example/2025/06/07/tram",
        ("Ada Holm",),
        {
            "title": "page metadata",
            "publisher": "meta og:site_name",
            "published": "JSON-LD datePublished",
            "published_others": "2025-06-07 (web address)",
            "updated": "2025-06-08 (JSON-LD dateModified)",
            "url": "page metadata",
            "authors": "JSON-LD author",
        },
    )


@pytest.mark.parametrize(
    ("head", "above", "below", "published"),
    [
        (linked(**{"@graph": [{"@type": "Event", "datePublished": "2020-01-01"}]}), "", "", None),
        (linked(**{"@type": "ItemList", "itemListElement": [{"@type": "NewsArticle", "datePublished": "2020-01-01"}]}), "", "", None),
        ('<meta property="og:updated_time" content="2025-06-06">', "", "", None),
        ('<meta name="date" content="1970-01-01T00:00:00Z">', "", "", None),
        ('<meta name="date" content="03/04/2025">', "", "", None),
        ('<meta name="date" content="03/04/2025">', "", "<p>Next fair: 21/04/2025</p>", "2025-04-03"),
        ('<meta property="article:published_time" content="2025-06-07T03:00:00Z">', "<p>By Ada Holm | June 6, 2025</p>", "", "2025-06-06"),
        ('<meta property="article:published_time" content="2025-06-07">', "", "<p>First published 3 May 2019</p>", "2019-05-03"),
        ("", "<p><time datetime='2025-06-06'>Friday</time></p>", "", "2025-06-06"),
        ("", "<div class='related'><time datetime='2025-06-06'>Friday</time></div>", "", None),
        ("", "<p>Today is Friday, 6 June 2025</p>", "", None),
        ("", "<p>Saturday 7 June 2025, 7.30 p.m., Corvane Town Hall</p>", "", None),
        ("", "", "<p>© Lindport Times 6 June 2025</p>", None),
        ("", "", "<p>Posted on 6 June 2025</p>", "2025-06-06"),
        ("", "", "<h3>3 comments</h3><p>Posted on 6 June 2025</p>", None),
        ("", "", "<p>This story first appeared in the Skerry Post on 3 May 2019.</p>", "2019-05-03"),
        ('<link rel="canonical" href="https://a.example/2025/jun/06/tram">', "", "", "2025-06-06"),
        ('<link rel="canonical" href="https://a.example/2025/06/tram">', "", "", None),
        ('<link rel="canonical" href="https://a.example/2025/tram">', "<p>Friday, 6 June</p>", "", "2025-06-06"),
        ('<link rel="canonical" href="https://a.example/2025/tram">', "<p>Monday, 6 June</p>", "", None),
    ],
)
def test_dates_of_pages(read_page: Callable[..., Draft], head: str, above: str, below: str, published: str | None) -> None:
    draft = read_page(head, above, below)
    assert (draft.published or "")[:10] == (published or ""), draft.provenance


# Texts by the rule


def test_a_date_and_a_paper_at_the_end_of_a_text(read_words: Callable[..., Draft]) -> None:
    text = ("Tram Returns", "", *PROSE, "", "By Ada Holm", "The Lindport Times, issue of 6 June 2025")
    assert read_words(*text) == Draft(
        doc_id="tram",
        text="\n".join(text),
        title="Tram Returns",
        publisher="The Lindport Times",
        published="2025-06-06",
        authors=("Ada Holm",),
        provenance={"title": "first line", "publisher": "last lines", "published": "date line", "authors": "last lines"},
    )


def test_the_paper_above_the_headline_is_no_headline(read_words: Callable[..., Draft]) -> None:
    draft = read_words("THE SANDGLASS REVIEW", "Issue of 1 July 2025", "", "The gold under Kobadani", "", *PROSE)
    assert (draft.title, draft.publisher, draft.published) == ("The gold under Kobadani", "The Sandglass Review", "2025-07-01")


@pytest.mark.parametrize(
    ("lines", "published"),
    [
        (("Tram Returns", "", "LINDPORT, June 6, 2025 (Wire) -- " + PROSE[0]), "2025-06-06"),
        (("Tram Returns", "", "LINDPORT, June 6 (Wire) -- " + PROSE[0]), None),
        (("HALDEN WIRE / 2025 / HOME", "", "Tram Returns", "", "LINDPORT, June 6 (Wire) -- " + PROSE[0]), "2025-06-06"),
        (("Tram Returns", "", "(page last changed: 8 August 2024)", "", *PROSE), None),
        (("Tram Returns", "", PROSE[0], "", "6 June 1994", PROSE[1], "", "7 June 1994", PROSE[2]), None),
        (("Tram Returns", "", PROSE[0], "", "6 June 2025", "", *PROSE[1:]), "2025-06-06"),
        (("Date: Fri, 6 Jun 2025 09:30:00 +0200", "Subject: Tram", "", *PROSE), "2025-06-06T09:30"),
        (("https://lindport.example/2025/06/06/tram", "", *PROSE), "2025-06-06"),
    ],
)
def test_dates_of_texts(read_words: Callable[..., Draft], lines: tuple[str, ...], published: str | None) -> None:
    assert read_words(*lines).published == published


def test_what_the_text_says_comes_before_the_file_name(read_words: Callable[..., Draft]) -> None:
    draft = read_words("Tram Returns", "", "Published: 6 June 2025", "", *PROSE, name="2025-06-20-tram.txt")
    assert (draft.published, draft.provenance["published_others"]) == ("2025-06-06", "2025-06-20 (file name)")


def test_front_matter_in_toml(read_words: Callable[..., Draft]) -> None:
    draft = read_words("+++", 'title = "Tram"', "date = 2025-06-05", 'publishDate = "2025-06-06"', "+++", "", *PROSE, name="tram.md")
    assert (draft.title, draft.published, draft.provenance) == (
        "Tram",
        "2025-06-06",
        {"title": "front matter", "published": "front matter"},
    )


def test_a_record_without_a_date_has_that_of_its_address(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(json.dumps({"id": "a", "text": PROSE[0], "url": "https://lindport.example/2025/06/06/tram"}))
    assert read_file(path) == [
        Draft(
            doc_id="a",
            key="a",
            text=PROSE[0],
            url="https://lindport.example/2025/06/06/tram",
            published="2025-06-06",
            provenance={"url": "field url", "published": "web address"},
        )
    ]


# One line


@pytest.mark.parametrize(
    ("line", "stamps"),
    [
        ("By A. Renner | 3 March 2024", [Stamp("plain", "2024-03-03")]),
        (
            "Publ. 14 November 2024 | Upd. 2 January 2025 | Words by Petra Ohm",
            [Stamp("published", "2024-11-14"), Stamp("updated", "2025-01-02")],
        ),
        ("Updated 3 August 2019, first published 1 August 2019", [Stamp("updated", "2019-08-03"), Stamp("published", "2019-08-01")]),
        ("[HALDEN WIRE / DOMESTIC / 29.12.2023 / 16:05 / UPDATE 2]", [Stamp("plain", "2023-12-29")]),
        ("Posted by Una Skarre on 3 September 2015", [Stamp("published", "2015-09-03")]),
        ("Publié le mercredi 3 mai 2017, mis à jour le 5 mai 2017", [Stamp("published", "2017-05-03"), Stamp("updated", "2017-05-05")]),
        ("This article was first published in the Skerry Post on 3 May 2019.", [Stamp("original", "2019-05-03")]),
        ("A version of this article appears in print on 18 March 2018.", []),
        ("Republished on 3 May 2021", []),
        ("Festival: 5-7 September 2025", []),
        ("June 3, 2020 Updated: June 4, 2020", [Stamp("plain", "2020-06-03"), Stamp("updated", "2020-06-04")]),
        ("Birth date: January 25, 1978", []),
        ("June 27, 2018, update", [Stamp("updated", "2018-06-27")]),
        ("Born 3 March 1921, died 17 August 2004", []),
        ("Next parish meeting: 12 March 2024.", []),
        ("Page served 02/11/2025 10:44", []),
        ("03/04/2024", []),
    ],
)
def test_stamps(line: str, stamps: list[Stamp]) -> None:
    assert read_stamps(line) == stamps


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("By Tessa Holm and Ivar Neel, The Brennick Mail", ("Tessa Holm", "Ivar Neel")),
        ("from our correspondent MARTIN DREW", ("Martin Drew",)),
        ("Words by Petra Ohm", ("Petra Ohm",)),
        ("Von Grete Amann, 19. Dezember 2017", ("Grete Amann",)),
        ("By A. Renner | 3 March 2024", ("A. Renner",)),
        ("By the newsroom", ()),
        ("By Staff Reporter", ()),
        ("By noon the road was closed", ()),
    ],
)
def test_bylines(line: str, names: tuple[str, ...]) -> None:
    assert bylines(line) == names


def test_names_of_people_and_papers() -> None:
    assert [name for name in ("Ada Holm", "Ludwig van Arn", "The Lindport Times", "Local News", "ada holm", "Ada") if is_person(name)] == [
        "Ada Holm",
        "Ludwig van Arn",
    ]
    assert [
        name for name in ("The Lindport Times", "Radio Torrin", "Breaking News", "Photo: Wire", "the post office") if is_outlet(name)
    ] == [
        "The Lindport Times",
        "Radio Torrin",
    ]
    assert outlet_in("THE FRIDAY COURIER - background") == "The Friday Courier"
    assert copyright_owner("© 2009–2025 Port Portal. All rights reserved.") == "Port Portal"
    assert people(["By ADA HOLM", "Lindport Times", "newsroom", "https://a.example/ada"]) == ("Ada Holm",)


# Which date wins


def dated(value: str, sureness: Sureness, *, is_utc: bool = False, is_visible: bool = False) -> Dated:
    return Dated(value=value, source="", sureness=sureness, is_utc=is_utc, is_visible=is_visible)


@pytest.mark.parametrize(
    ("dates", "best"),
    [
        ([], None),
        ([dated("2025-06-06", Sureness.FILE_NAME), dated("2025-06-07", Sureness.ADDRESS)], "2025-06-07"),
        ([dated("2025-06-06", Sureness.NAMED), dated("2024-06-06", Sureness.NAMED)], "2024-06-06"),
        ([dated("2025-06-06", Sureness.NAMED), dated("2019-05-03", Sureness.ORIGINAL)], "2019-05-03"),
        ([dated("2024-01-01", Sureness.NAMED), dated("2019-05-03", Sureness.PLAIN, is_visible=True)], "2019-05-03"),
        ([dated("2024-01-01", Sureness.NAMED), dated("2019-05-03", Sureness.ADDRESS)], "2019-05-03"),
        ([dated("2024-01-01", Sureness.NAMED), dated("2019-01-01", Sureness.ADDRESS)], "2024-01-01"),
        ([dated("2025-06-06T23:00", Sureness.NAMED, is_utc=True), dated("2025-06-07", Sureness.PLAIN, is_visible=True)], "2025-06-07"),
        ([dated("2025-06-06T23:00", Sureness.NAMED), dated("2025-06-07", Sureness.PLAIN, is_visible=True)], "2025-06-06T23:00"),
    ],
)
def test_the_date_to_believe(dates: list[Dated], best: str | None) -> None:
    found = settle(dates)
    assert (found.value if found else None) == best
