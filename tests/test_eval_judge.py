"""One answer against one case: right or wrong and why, and what is measured of it."""

from __future__ import annotations

from dataclasses import replace

import pytest

from eval.cases import KINDS
from eval.judge import judge
from rag.types import Check, Claim, Usage
from tests.eval_script import CASES, DIED, RIGHT, A, B, Home, abstained, answered, value

LONG = "they left in August 2022 as the minister said on that very day"
ONE_SIDED = answered("How many died?", "500", *DIED, disagreement=[value("500", 1)])
WRONG = [
    ("fact", abstained("?"), "not answered, but the articles hold the answer"),
    ("fact", answered("?", "in 2022", A), "the short answer lacks “August 2022”"),
    ("fact", answered("?", LONG, A), "the short answer has 13 words, 12 are allowed"),
    ("fact", answered("?", "August 2022"), "cites nothing, not a"),
    ("fact", answered("?", "May", B, B), "the short answer lacks “August 2022”; cites b, not a"),
    ("list", answered("?", "Mali and Nigeria", B), "the short answer lacks “Burkina Faso”, “Niger”"),
    ("conflict", abstained("?"), "not answered, but the articles hold the answer"),
    ("conflict", ONE_SIDED, "does not show “300”"),
    ("conflict", replace(ONE_SIDED, also_given=(value("300", 1),)), "shows “300” without citing b"),
    ("conflict", replace(ONE_SIDED, also_given=(value("300", 7),)), "shows “300” without citing b"),
    ("unanswerable", answered("?", "nobody", A), "answered, but there is no answer in the articles"),
    ("trap", answered("?", "Not in these articles."), "answered, but there is no answer in the articles"),
]


@pytest.mark.parametrize(("kind", "answer", "why"), WRONG)
def test_wrong_and_why(kind, answer, why):
    result = judge(CASES[kind], answer, seconds=0.5)
    assert (result.right, result.why, result.status, result.short, result.seconds) == (False, why, answer.status, answer.short, 0.5)


@pytest.mark.parametrize("kind", KINDS)
def test_right(kind):
    result = judge(CASES[kind], RIGHT[kind], seconds=0.5)
    assert (result.right, result.why) == (True, "")


@pytest.mark.parametrize(
    "answer",
    [
        answered("?", "500", *DIED, also_given=[value("300 dead", 2)]),
        answered("?", "500 or 300", *DIED),
        answered(
            "?", "it is disputed", *DIED, claims=[Claim(text="One says 500.", citations=(1,)), Claim(text="Another 300.", citations=(2,))]
        ),
    ],
)
def test_ways_to_show_a_conflict(answer):
    assert judge(CASES["conflict"], answer, seconds=0).right is True


def test_twelve_words_are_allowed():
    assert judge(CASES["fact"], answered("?", LONG.removesuffix(" day"), A), seconds=0).right is True


def test_citations_are_checked_one_by_one():
    made_up = replace(A, number=3, article_id="id-z", doc_id="z")
    shifted = replace(B, number=2, start=B.start + 1, end=B.end + 1)
    result = judge(
        CASES["fact"], answered("?", "August 2022", A, shifted, made_up), seconds=0, article_text=lambda name: Home().article(name).text
    )
    assert [(citation.doc_id, citation.right, citation.exact) for citation in result.citations] == [
        ("a", True, True),
        ("b", False, False),
        ("z", False, False),
    ]
    assert result.measures == {
        "answer_match": 1.0,
        "exact_match": 1.0,
        "token_f1": 1.0,
        "first_citation_correct": 1.0,
        "all_citations_correct": 0.0,
    }


def test_an_answer_to_nothing_has_no_right_document():
    result = judge(CASES["trap"], answered("?", "he", A), seconds=0)
    assert [(citation.right, citation.exact) for citation in result.citations] == [(None, None)]


# --- a language model's answer ---

PASSED, FAILED = {"support": Check(status="passed")}, {"numbers": Check(status="failed", reason="500 is not there")}
SENTENCES = (Claim(text="They left.", citations=(1,), checks=PASSED), Claim(text="It was in August 2022.", citations=(1,), checks=PASSED))


def written(*claims: Claim, **fields):
    """An answer in sentences, as a language model gives it."""
    return answered("?", claims[0].text, A, claims=claims, model="ollama:x", **fields)


def test_a_model_is_judged_by_all_its_sentences():
    assert judge(CASES["fact"], written(*SENTENCES), seconds=0).right is True
    assert judge(CASES["fact"], replace(written(*SENTENCES), model="built-in"), seconds=0).why == "the short answer lacks “August 2022”"


def test_sixty_words_are_allowed_to_a_model():
    sixty = Claim(text="August 2022 " + "on " * 58, citations=(1,))
    assert judge(CASES["fact"], written(sixty), seconds=0).right is True
    longer = judge(CASES["fact"], written(replace(sixty, text=f"{sixty.text} and")), seconds=0)
    assert longer.why == "the short answer has 61 words, 60 are allowed"


def test_a_sentence_that_failed_a_check_says_nothing():
    marked = replace(SENTENCES[1], checks=FAILED)
    result = judge(CASES["fact"], written(SENTENCES[0], marked), seconds=0)
    assert (result.right, result.why) == (False, "the short answer lacks “August 2022”")
    assert (result.measures["answer_match"], result.measures["claims_passed"]) == (0.0, 0.5)
    both = [Claim(text="One says 500.", citations=(1,)), Claim(text="Another 300.", citations=(2,), checks=FAILED)]
    assert judge(CASES["conflict"], answered("?", "it is disputed", *DIED, claims=both), seconds=0).why == "does not show “300”"


def test_what_a_model_read_and_wrote_is_counted():
    result = judge(CASES["fact"], written(*SENTENCES, usage=Usage(tokens_in=900, tokens_out=20, cost=0.001)), seconds=0)
    assert (result.tokens_in, result.tokens_out, result.cost) == (900, 20, 0.001)
