"""Page furniture goes, article text stays: hand-made pages with an expectation for each line, and what holds for any text.

A page in tests/pages says with the first two characters of a line what must become of it: "+ " stays, "- " goes, "= " is the title
(and goes from the text, since the article carries it apart). Files that cannot be marked so have an `.expect` file beside them.
"""

from __future__ import annotations

import unicodedata
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from index.clean import Cleaned, clean
from index.furniture import match
from index.normalise import normalise
from index.readers import read_file
from index.titles import split_title
from index.types import Draft, Removed

PAGES = Path(__file__).parent / "pages"
MARKED = sorted(PAGES.glob("*.txt"))
EXPECTED = sorted(PAGES.glob("*.expect"))
FURNITURE = (
    "LEAVE A REPLY|Share post:|Subscribe|Popular|Related posts|More like this|spot_img|2 min read|Updated on|Advertisement|Read more"
    "|No stories found.|© 2025 The Example. All rights reserved.|This website uses cookies. You accept them.|Home|Facebook"
    "|A Headline About Something Elsewhere|HALDEN — Shelters filled up on Sunday as...|the title|example.org|Date:|Source: Wire"
    "|“Quoted,”|One sentence of an article, long enough to count as a paragraph of prose, and with an end.|- |7 |No."
).split("|")


def unmark(page: str) -> tuple[str, list[str], str | None]:
    """The page as a reader would find it, the lines that stay, and its title."""
    source: list[str] = []
    stay: list[str] = []
    title = None
    for line in page.splitlines():
        mark, words = line[:2], line[2:]
        if line.startswith("#"):
            continue
        assert mark in {"+ ", "- ", "= ", ""}, line
        source.append(words)
        if mark == "+ ":
            stay.append(words)
        elif mark == "= ":
            title = words
    return "\n".join(source), stay, title


def read_one(path: Path) -> Draft:
    [draft] = read_file(path)
    assert isinstance(draft, Draft), draft
    return draft


def test_there_are_pages_for_both_sides() -> None:
    kept = [page for page in MARKED + EXPECTED if page.name.startswith("keep-")]
    assert len(MARKED) + len(EXPECTED) >= 45
    assert len(kept) >= 20


@pytest.mark.parametrize("page", MARKED, ids=lambda page: page.stem)
def test_marked_page(page: Path, tmp_path: Path) -> None:
    source, stay, title = unmark(page.read_text(encoding="utf-8"))
    (tmp_path / page.name).write_text(source, encoding="utf-8")
    cleaned = clean(read_one(tmp_path / page.name))
    assert [line for line in cleaned.text.split("\n") if line] == stay
    assert cleaned.title == title


@pytest.mark.parametrize("expectation", EXPECTED, ids=lambda page: page.stem)
def test_page_with_expectation(expectation: Path) -> None:
    draft = read_one(expectation.with_suffix(""))
    cleaned = clean(draft)
    about = f"{draft.publisher} | {draft.published} | {draft.url} | {', '.join(draft.authors)}"
    for line in expectation.read_text(encoding="utf-8").splitlines():
        mark, words = line[:2], line[2:]
        if mark == "= ":
            assert cleaned.title == words
        elif mark == "@ ":
            assert about.rstrip() == words.rstrip()
        elif mark == "+ ":
            assert words in cleaned.text.split("\n")
        else:
            assert mark == "- "
            assert words not in cleaned.text


def test_what_is_cut_is_recorded_with_its_rule() -> None:
    prose = "The council of Hollin has bought a bell for its school, which had rung a borrowed one for eleven years."
    text = (
        f"The Title\n\nDate:\n\n{prose}\n\nIt rings at eight.\n\n"
        "Leave a reply\n\nRelated posts\n\nA Headline From Somewhere Else\nAnother One"
    )
    assert clean(Draft(doc_id="bell", title="The Title | The Hollin Times", text=text)) == Cleaned(
        title="The Title",
        text=f"{prose}\n\nIt rings at eight.",
        removed=(
            Removed(text="The Title", rule="repeated-title"),
            Removed(text="Date:", rule="empty-label"),
            Removed(text="Leave a reply", rule="comment-form"),
            Removed(text="Related posts\nA Headline From Somewhere Else\nAnother One", rule="related-stories"),
        ),
    )


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("a\r\nb\rc\u2028d", "a\nb\nc\nd"),
        ("  indented \t\n\n\n\nnext  ", "  indented\n\nnext"),
        ("e\u0301\u00a0x\u200b\ufeff\u202e\x00\x07y", "é xy"),
        ("e\u200b\u0301", "é"),
        ("soft\u00adhyphen \ud800", "softhyphen"),
        ("می\u200cخواهم 👩\u200d🚒 a\u200db", "می\u200cخواهم 👩\u200d🚒 ab"),
        ("\n \n", ""),
    ],
)
def test_normalise(text: str, expected: str) -> None:
    assert normalise(text) == expected


@pytest.mark.parametrize(
    ("title", "url", "expected"),
    [
        ("Bridge reopens | World | harbour-post.example", None, ("Bridge reopens", "harbour-post.example")),
        ("Bridge reopens | The Harbour Times", None, ("Bridge reopens", "The Harbour Times")),
        ("Bridge reopens - Pell Example", "https://www.pellexample.org/a", ("Bridge reopens", "Pell Example")),
        ("Bridge reopens - what we know", "https://pell.example/a", ("Bridge reopens - what we know", None)),
        ("Opinion | The bridge must go", None, ("Opinion | The bridge must go", None)),
        ("France – Spain", None, ("France – Spain", None)),
        ("Bridge reopens | World", None, ("Bridge reopens", None)),
        ("Times", None, ("Times", None)),
    ],
)
def test_split_title(title: str, url: str | None, expected: tuple[str, str | None]) -> None:
    assert split_title(title, url=url) == expected


@pytest.mark.parametrize(
    "line",
    [
        "“Leave a reply,” the mayor said, and the whole village left one.",
        "Cookies are sold at the door, and you can buy ten of them for a coin.",
        "Subscribers of the opera paid nothing.",
        "Share prices fell by three percent on Monday.",
        "Like us, they had come for the view.",
        "Copyright law is older than the printing press in some countries.",
        "Home, world, home",
        "More than 300 people came.",
        "More: a play in three acts.",
        "Africa, Asia, Europe",
        "Sign up for the county's alerts at the library.",
        "Get rid of old newsletters.",
        "12 responses to the survey came from farmers.",
        "Want a softer loaf? Try adding milk.",
        "Found an error of nine coins.",
    ],
)
def test_sentences_that_only_look_like_furniture(line: str) -> None:
    assert match(line) is None


def test_an_article_that_would_lose_everything_stays_whole() -> None:
    text = "Share\nSubscribe\nAdvertisement"
    assert clean(Draft(doc_id="x", text=text)) == Cleaned(title=None, text=text)


texts = st.one_of(st.text(), st.lists(st.sampled_from([*FURNITURE, "", ""]) | st.text(max_size=12), max_size=30).map("\n".join))
drafts = st.builds(Draft, doc_id=st.just("x"), text=texts, title=st.none() | st.just("The Title") | st.text(max_size=40))


@settings(max_examples=300, deadline=None)
@given(drafts)
def test_only_whole_lines_go(draft: Draft) -> None:
    cleaned = clean(draft)
    lines = iter(normalise(draft.text).split("\n"))
    assert all(line in lines for line in cleaned.text.split("\n"))


@settings(max_examples=300, deadline=None)
@given(drafts)
def test_cleaning_twice_is_cleaning_once(draft: Draft) -> None:
    once = clean(draft)
    assert clean(replace(draft, title=once.title, text=once.text)) == replace(once, removed=())


@settings(max_examples=300, deadline=None)
@given(drafts)
def test_every_line_is_kept_or_recorded(draft: Draft) -> None:
    cleaned = clean(draft)
    recorded = [line for piece in cleaned.removed for line in piece.text.split("\n")]
    kept = cleaned.text.split("\n")
    assert sorted(filter(None, kept + recorded)) == sorted(filter(None, normalise(draft.text).split("\n")))


@given(st.text(alphabet=st.characters()))
def test_normal_form(text: str) -> None:
    done = normalise(text)
    assert done == unicodedata.normalize("NFC", done) == normalise(done)
    assert "\n\n\n" not in done
    assert done == done.strip("\n")
    assert all(character == "\n" or unicodedata.category(character) not in {"Cc", "Cs"} for character in done)
    assert all(line == line.rstrip(" ") for line in done.split("\n"))
