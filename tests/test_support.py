"""Support: how evidence is cut into windows, which of them are read, and what their readings say together."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import pytest

from rag.checks.support import MOST_CLAIM, WINDOW, judge, likeliest, statements, windows
from rag.reader import Reader, Reading, Support

NOTHING = Support(0.0, 0.0, 1.0)


class ScriptedReader(Reader):
    """Says what it was told of a window that holds certain words, and keeps what it was asked."""

    def __init__(self, supports: Mapping[str, Support]) -> None:
        self._supports = supports
        self.read_so_far: list[tuple[str, str]] = []

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        self.read_so_far += pairs
        return [Reading((), 0.0, next((said for words, said in self._supports.items() if words in text), NOTHING)) for _, text in pairs]


def sentence(number: int, length: int) -> str:
    return f"{number}{'x' * (length - 2)}."


def test_a_window_counts_by_the_odds_that_it_says_anything_of_the_claim():
    reader = ScriptedReader({"sank": Support(0.2, 0.7, 0.1), "floats": Support(0.4, 0.1, 0.5)})
    evidence = [f"It floats. {'y' * WINDOW}", f"It sank. {'z' * WINDOW}"]
    weighed = [0.2 * 9 + 0.4, 0.7 * 9 + 0.1, 0.1 * 9 + 0.5]
    assert judge(reader, "The ferry floats.", evidence) == pytest.approx([share / 10 for share in weighed], abs=0.01)


def test_a_window_that_knows_nothing_hardly_counts():
    reader = ScriptedReader({"sank": Support(0.1, 0.8, 0.1)})
    assert judge(reader, "The ferry floats.", [sentence(1, WINDOW), f"It sank. {'z' * WINDOW}"]) == pytest.approx(
        (0.1, 0.8, 0.1), abs=0.001
    )


def test_without_evidence_or_claim_nothing_is_known():
    reader = ScriptedReader({})
    assert [judge(reader, "It sank.", evidence) for evidence in ([], [""], [" \n "])] == [NOTHING] * 3
    assert judge(reader, " ", ["It sank."]) == NOTHING
    assert reader.read_so_far == []


def test_a_long_claim_holds_when_each_of_its_sentences_does():
    true, false = "The ferry carried goats and no one knew why. " * 4, "It came back in the evening with none of them on board. " * 3
    reader = ScriptedReader({"harbour": Support(0.9, 0.02, 0.08)})
    said = statements(true + false)
    assert (len(said), judge(reader, true + false, ["The harbour is old."])) == (7, pytest.approx((0.9, 0.02, 0.08)))
    assert [asked for asked, _ in reader.read_so_far] == said


def test_one_sentence_that_is_refuted_is_enough():
    class Doubter(ScriptedReader):
        def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
            return [Reading((), 0.0, Support(0.1, 0.7, 0.2) if "none" in asked else Support(0.9, 0.0, 0.1)) for asked, _ in pairs]

    claim = f"{'The ferry carried goats and no one knew why. ' * 7}In the end there were none."
    assert judge(Doubter({}), claim, ["The harbour is old."]) == pytest.approx((0.1, 0.7, 0.2))


def test_arithmetic_decides_where_a_claim_sets_a_limit():
    reader = ScriptedReader({"goats": Support(0.6, 0.3, 0.1)})
    given = ["The ferry carried 216 goats."]
    assert judge(reader, "The ferry carried more than 300 goats.", given) == pytest.approx((0.06, 0.84, 0.1))
    assert judge(reader, "The ferry carried more than 200 goats.", given) == pytest.approx((0.87, 0.03, 0.1))
    assert judge(reader, "The ferry carried 216 goats.", given) == pytest.approx((0.6, 0.3, 0.1))


def test_a_short_claim_is_read_with_its_question():
    reader = ScriptedReader({})
    judge(reader, "On Monday.", ["It sank."], question="When did it sink?")
    judge(reader, "The ferry sank on a cold Monday.", ["It sank."], question="When did it sink?")
    assert [asked for asked, _ in reader.read_so_far] == ["When did it sink? On Monday.", "The ferry sank on a cold Monday."]


def test_a_claim_is_cut_into_sentences_only_where_it_is_long():
    assert statements("It sank.  It was  red.") == ["It sank. It was red."]
    assert statements(f"It sank. {'It was very red. ' * 20}") == ["It sank.", *["It was very red."] * 20]
    assert len(f"It sank. {'It was very red. ' * 20}") > MOST_CLAIM


def test_windows_are_runs_of_sentences_that_share_one():
    texts = [sentence(number, WINDOW // 2 - 2) for number in range(5)]
    assert windows(texts) == [" ".join(texts[:2]), " ".join(texts[1:3]), " ".join(texts[2:4]), " ".join(texts[3:])]
    assert windows([" ".join(f"Sentence {number} {'word ' * 25}ends." for number in range(4))])[0].count("ends.") == 2


def test_short_texts_share_a_window_and_a_long_sentence_has_its_own():
    long = sentence(1, WINDOW + 50)
    assert windows(["It  sank.", "", long, "It was red."]) == ["It sank.", long, "It was red."]
    assert windows(["It sank.", "It was red."]) == ["It sank. It was red."]


def test_only_windows_that_share_most_with_the_claim_are_read():
    texts = ["A ferry left.", "A goat ate.", "The ferry sank with the goats.", "A tram stood.", "The ferry was red."]
    assert likeliest("The ferry with goats sank.", texts, most=2) == ["A goat ate.", "The ferry sank with the goats."]
    assert likeliest("Anything.", texts, most=5) == texts
