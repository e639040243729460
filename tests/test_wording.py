"""Text that is no sentence, or shares no word with what it cites, supports nothing, whatever the reader finds."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.checks.wording
from rag.checks.claim import check_claim
from rag.checks.wording import is_garbled, shared_words
from rag.reader import Reading, Support
from rag.types import Citation

CASES = Path(__file__).parent / "cases"
QUOTE = "Forty boats left the harbour in the first hour, and Ines Calloway cheered."


class Unsure:
    """A reader that finds every claim a little supported."""

    def __init__(self, supported):
        self.supported = supported

    def read(self, asked, passages):
        return [Reading((), 0.0, Support(self.supported, 0.1, 0.9 - self.supported)) for _ in passages]


def support(claim, *quotes, supported=0.3, title=""):
    cited = [
        Citation(
            number=1, article_id="a", doc_id="d", label="L", path="p", root="/", title=None, publisher=None, published=None, url=None,
            quote=quote, start=0, end=len(quote),
        )
        for quote in quotes or (QUOTE,)
    ]  # fmt: skip
    check = check_claim(claim, cited, reader=Unsure(supported), around=title)["support"]
    return check.status, check.reason


@pytest.mark.parametrize(
    ("text", "garbled"),
    [
        ("Forty boats left in the first hour.", False),
        ("Forty boats\nleft\tin the first hour.", False),
        ("", False),
        ("stalls " * 200, True),
        ("and on and on and on and on and on and on and", True),
        ("He said that he said that she said what they said he had said.", False),
        ("No, no, no, no!", False),
        ("Forty \x05boats left.", True),
        ("Forty boats left.\x1b[2J", True),
        ("Forty b\ufffdats left.", True),
        ("Zoë's naïve café cost 5 €.", False),
        ("港口于2024年重新开放。", False),
    ],
)
def test_what_is_no_text(text, garbled):
    assert is_garbled(text) == garbled


@given(st.lists(st.sampled_from(["boats", "and", "the"]), min_size=12))
def test_three_words_are_no_sentence_of_twelve(words):
    assert is_garbled(" ".join(words))


@pytest.mark.parametrize(
    ("claim", "texts", "expected"),
    [
        ("The harbours reopened.", ["It will reopen on Monday.", "A harbour."], (2, 1.0)),
        ("The harbours reopened.", ["Boats left."], (0, 0.0)),
        ("", ["Boats left."], (0, 0.0)),
        ("Boats left.", [], (0, 0.0)),
    ],
)
def test_shared_words(claim, texts, expected):
    assert shared_words(claim, texts) == expected


@pytest.mark.parametrize(
    ("claim", "expected"),
    [
        ("Forty boats left the harbour.", ("n/a", "the quotes may say so (0.30)")),
        ("Boats left the harbour.", ("n/a", "the quotes may say so (0.30)")),
        ("Forty.", ("n/a", "the quotes may say so (0.30)")),
        ("It was Calloway.", ("n/a", "the quotes may say so (0.30)")),
        ("Boats left.", ("failed", "the quotes hardly share a word with it (0.30)")),
        ("It is in the by.", ("failed", "the quotes hardly share a word with it (0.30)")),
        ("The forty thieves stole silver, gold, wheat, copper, tin and iron.", ("failed", "the quotes hardly share a word with it (0.30)")),
        ("boats " * 40, ("failed", "it is no sentence")),
    ],
)
def test_a_claim_that_is_left_open_must_share_words_with_its_quotes(claim, expected):
    assert support(claim) == expected


@pytest.mark.parametrize("name", ["claims.jsonl", "claims_more.jsonl"])
def test_no_faithful_claim_fails_by_its_words(name):
    rows = [row for row in map(json.loads, (CASES / name).read_text(encoding="utf-8").splitlines()) if row["kind"] == "faithful"]
    assert len(rows) == 200
    assert [row["id"] for row in rows if support(row["claim"], *row["evidence"])[0] == "failed"] == []


def test_words_of_the_title_count():
    assert support("The harbour festival opened.")[0] == "failed"
    assert support("The harbour festival opened.", title="Festival opens")[0] == "n/a"


def test_what_the_reader_finds_supported_passes_in_any_words():
    assert support("Vessels sailed.", supported=0.9) == ("passed", "the quotes say so (0.90)")
    assert support("boats " * 40, supported=0.9) == ("failed", "it is no sentence")


def test_the_examples_in_the_docstrings_hold():
    assert doctest.testmod(rag.checks.wording).failed == 0
