"""Leaving out the sentences that failed a check."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import given
from hypothesis import strategies as st

from rag.strict import failed, strict
from rag.types import Answer, Check, Citation, Claim, Value

PASSED, FAILED = (
    {"numbers": Check(status="passed")},
    {"names": Check(status="n/a"), "numbers": Check(status="failed", reason="7 is not there")},
)


def citation(number: int, place: int | None = None) -> Citation:
    """Citation `number`, of article `place` (the same number unless it was numbered anew)."""
    name = f"a{place or number}"
    facts = {"article_id": name, "doc_id": name, "label": name, "path": name, "root": "/", "quote": name}
    return Citation(number=number, title=None, publisher=None, published=None, url=None, start=0, end=2, **facts)  # type: ignore[arg-type]


ANSWER = Answer(
    question="When?",
    status="answered",
    short="in 2022",
    text="They left in 2021. [1] They left in 2022. [3][2]",
    claims=(
        Claim(text="They left in 2021.", citations=(1,), checks=FAILED),
        Claim(text="They left in 2022.", citations=(3, 2), checks=PASSED),
    ),
    citations=(citation(1), citation(2), citation(3), citation(4)),
    also_given=(Value(value="15 August", citations=(4,), labels=("a4",), published=(None,)),),
)


def test_failed_claims_go_and_the_rest_is_numbered_anew():
    assert failed(ANSWER.claims[0]) == ("numbers",)
    assert strict(ANSWER) == replace(
        ANSWER,
        text="They left in 2022. [1][2]",
        claims=(Claim(text="They left in 2022.", citations=(1, 2), checks=PASSED),),
        citations=(citation(1, 3), citation(2, 2), citation(3, 4)),
        also_given=(Value(value="15 August", citations=(3,), labels=("a4",), published=(None,)),),
    )


def test_a_short_answer_that_no_sentence_left_says_goes_too():
    assert strict(replace(ANSWER, short="2021")).short == "They left in 2022."


def test_nothing_left_is_no_evidence():
    answer = strict(replace(ANSWER, claims=ANSWER.claims[:1]))
    assert (answer.status, answer.short, answer.text, answer.claims, answer.citations, answer.also_given) == (
        "no_evidence",
        "",
        "",
        (),
        (),
        (),
    )
    assert answer.missing


def test_a_sound_answer_stays_as_it_is():
    sound = replace(ANSWER, claims=ANSWER.claims[1:])
    assert strict(sound) is sound


@given(st.lists(st.tuples(st.booleans(), st.lists(st.integers(1, 5), max_size=3)), max_size=6))
def test_numbers_run_from_one_by_first_use_and_twice_changes_nothing(claims: list[tuple[bool, list[int]]]):
    answer = replace(
        ANSWER,
        claims=tuple(
            Claim(text=f"S{n}.", citations=tuple(numbers), checks=PASSED if good else FAILED) for n, (good, numbers) in enumerate(claims)
        ),
        citations=tuple(citation(number) for number in range(1, 6)),
        also_given=(),
    )
    kept = strict(answer)
    assert strict(kept) == kept
    assert [claim.text for claim in kept.claims] == [f"S{n}." for n, (good, _) in enumerate(claims) if good]
    if kept is not answer:
        used = list(dict.fromkeys(number for claim in kept.claims for number in claim.citations))
        assert used == [citation.number for citation in kept.citations] == list(range(1, len(used) + 1))
