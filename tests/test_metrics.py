"""The measures: worked examples, reference values and invariants."""

from __future__ import annotations

import doctest
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

import eval.metrics
from eval.metrics import (
    Abstention,
    Difference,
    Interval,
    abstention,
    bootstrap_interval,
    citation_share,
    contains_answer,
    exact_match,
    hit_at,
    missing_groups,
    mrr_at,
    ndcg_at,
    normalize,
    paired_bootstrap,
    quote_is_exact,
    recall_at,
    token_f1,
    wilson_interval,
)

WORDS = st.text(alphabet=st.sampled_from("aAnNtThHeE019.,-'“”–€ \u00df\u0130\u03a3\u0301\n"), max_size=30) | st.text(max_size=30)
NAMES = st.sampled_from("abcdefgh")
RANKINGS = st.lists(NAMES, unique=True)
GOLD = st.sets(NAMES)


def test_examples_in_the_docstrings():
    assert doctest.testmod(eval.metrics).failed == 0


@pytest.mark.parametrize(
    ("text", "normal"),
    [
        ("The 2,000 men", "2000 men"),
        ("  An  apple\ta\nday ", "apple day"),
        ("U.S. — “Mali’s” army", "us malis army"),
        ("theatre, another, banana", "theatre another banana"),
        ("THE", ""),
        ("", ""),
    ],
)
def test_normalize(text, normal):
    assert normalize(text) == normal


@pytest.mark.parametrize(
    ("short", "accepted", "found"),
    [
        ("in August 2022.", ["August 2022"], True),
        ("August 15, 2022", ["August 2022"], False),
        ("2000 mercenaries", ["2,000"], True),
        ("about 2,000", ["2000"], True),
        ("12,000", ["2,000"], False),
        ("2,0001", ["2,000"], False),
        ("35 percent", ["3.5"], False),
        ("3.5 percent", ["3.5"], True),
        ("3.5 percent.", ["5"], False),
        ("by plane crash", ["air crash", "plane crash"], True),
        ("Nigeria", ["Niger"], False),
        ("the “Fulani” community", ["Fulani"], True),
        ("anything", ["the", ""], False),
        ("", ["x"], False),
        ("x", [], False),
    ],
)
def test_contains_answer(short, accepted, found):
    assert contains_answer(short, accepted) is found


def test_missing_groups():
    groups = [("Mali",), ("Burkina Faso", "Burkina"), ("Niger",)]
    assert missing_groups("Mali, Burkina and Niger", groups) == []
    assert missing_groups("Mali and Nigeria", groups) == [("Burkina Faso", "Burkina"), ("Niger",)]


def test_exact_match_and_token_f1():
    assert exact_match("The plane crash.", ["a plane crash"]) is True
    assert exact_match("plane crash in Russia", ["plane crash"]) is False
    assert token_f1("plane crash in Russia", ["plane crash", "x"]) == pytest.approx(2 / 3)
    assert token_f1("no no no", ["no"]) == 0.5
    assert token_f1("the", ["a"]) == 1.0
    assert token_f1("the", ["x"]) == 0.0
    assert token_f1("x", []) == 0.0


def test_citation_share():
    assert citation_share(["a", "x", "a"], {"a", "b"}) == pytest.approx(2 / 3)
    assert citation_share([], {"a"}) is None


@pytest.mark.parametrize(
    ("quote", "start", "end", "exact"),
    [
        ("left", 5, 9, True),
        ("Left", 5, 9, False),
        ("left", 4, 9, False),
        ("", 5, 5, False),
        ("left", -5, -1, False),
        ("left", 5, 99, False),
    ],
)
def test_quote_is_exact(quote, start, end, exact):
    assert quote_is_exact(quote, start, end, "They left.") is exact


def test_abstention():
    pairs = [(True, True), (True, True), (True, False), (False, True), (False, False)]
    assert abstention(pairs) == Abstention(pytest.approx(2 / 3), pytest.approx(2 / 3), pytest.approx(2 / 3))
    assert abstention([]) == Abstention(None, None, None)
    assert abstention([(True, False)]) == Abstention(None, 0.0, 0.0)
    assert abstention([(False, True)]) == Abstention(0.0, None, 0.0)


def test_retrieval_on_a_worked_example():
    ranking, gold = ["x", "a", "y", "b"], {"a", "b", "c"}
    assert [recall_at(ranking, gold, k) for k in (1, 2, 4)] == [0.0, pytest.approx(1 / 3), pytest.approx(2 / 3)]
    assert [hit_at(ranking, gold, k) for k in (1, 2)] == [0.0, 1.0]
    assert (mrr_at(ranking, gold), mrr_at(ranking, gold, 1)) == (0.5, 0.0)
    ideal = 1 + 1 / math.log2(3) + 1 / math.log2(4)
    assert ndcg_at(ranking, gold) == pytest.approx((1 / math.log2(3) + 1 / math.log2(5)) / ideal)
    assert ndcg_at(["a", "b", "c", "x"], gold) == 1.0
    assert (recall_at(ranking, set(), 5), hit_at(ranking, set(), 5), mrr_at(ranking, set()), ndcg_at(ranking, set())) == (0, 0, 0, 0)


def test_wilson_interval_against_published_values():
    # Newcombe 1998, Statistics in Medicine 17, table I, method 3.
    assert wilson_interval(81, 263) == (pytest.approx(0.2553, abs=5e-5), pytest.approx(0.3662, abs=5e-5))
    assert wilson_interval(15, 148) == (pytest.approx(0.0624, abs=5e-5), pytest.approx(0.1605, abs=5e-5))
    assert wilson_interval(0, 20) == (0.0, pytest.approx(0.1611, abs=5e-5))
    assert wilson_interval(0, 0) == Interval(0.0, 1.0)
    with pytest.raises(ValueError, match="3 successes in 2 trials"):
        wilson_interval(3, 2)


def test_bootstrap_is_seeded_and_near_the_normal_interval():
    values = [float(number % 2) for number in range(400)]
    low, high = bootstrap_interval(values, seed=3)
    assert (low, high) == bootstrap_interval(values, seed=3) != bootstrap_interval(values, seed=4)
    assert (low, high) == (pytest.approx(0.451, abs=0.008), pytest.approx(0.549, abs=0.008))
    assert bootstrap_interval([0.25] * 5) == Interval(0.25, 0.25)
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval([])


def test_paired_bootstrap():
    assert paired_bootstrap([1, 1, 1], [0, 0, 0]) == Difference(1.0, 1.0, 1.0)
    mean, low, high = paired_bootstrap([1.0, 0.0] * 50, [0.0, 1.0] * 50)
    assert mean == 0
    assert low < 0 < high
    with pytest.raises(ValueError, match="2 values against 1"):
        paired_bootstrap([1, 1], [1])


@given(WORDS)
def test_normalize_is_idempotent(text):
    assert normalize(normalize(text)) == normalize(text)


@given(WORDS, WORDS)
def test_string_measures_agree_with_each_other(given_text, answer):
    score = token_f1(given_text, [answer])
    assert 0 <= score <= 1
    assert token_f1(answer, [given_text]) == score
    if exact_match(given_text, [answer]):
        assert score == 1
    if contains_answer(given_text, [answer]):
        assert score > 0


@given(WORDS, WORDS, WORDS)
def test_an_answer_is_found_between_any_words(before, answer, after):
    assert contains_answer(f"{before} {answer} {after}", [answer]) is bool(normalize(answer))


@given(RANKINGS, GOLD, st.integers(1, 10))
def test_retrieval_measures_lie_between_0_and_1_and_agree(ranking, gold, k):
    recall, hit, mrr, ndcg = (measure(ranking, gold, k) for measure in (recall_at, hit_at, mrr_at, ndcg_at))
    assert all(0 <= value <= 1 for value in (recall, hit, mrr, ndcg))
    assert (recall > 0) == (hit > 0) == (mrr > 0) == (ndcg > 0)
    assert recall_at(ranking, gold, k) <= recall_at(ranking, gold, k + 1)


@given(st.lists(st.tuples(st.booleans(), st.booleans())))
def test_abstention_lies_between_0_and_1(pairs):
    assert all(share is None or 0 <= share <= 1 for share in abstention(pairs))


@given(st.integers(0, 500), st.integers(0, 500))
def test_wilson_holds_the_share(successes, more):
    trials = successes + more
    low, high = wilson_interval(successes, trials)
    assert 0 <= low <= high <= 1
    assert not trials or low - 1e-12 <= successes / trials <= high + 1e-12
