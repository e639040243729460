"""A sync that is killed loses nothing: the next plain one ends as if nothing had happened. The driver is benchmarks/kill.py."""

from __future__ import annotations

import pytest

from benchmarks.kill import run


def failures(points: int, *, seed: int) -> list[str]:
    outcomes = run(points, seed=seed, mixes=2 if points < 50 else 5)
    assert len(outcomes) == points
    assert all(outcome.killed for outcome in outcomes)
    return [f"{outcome.point}: {', '.join(outcome.differences)}" for outcome in outcomes if outcome.differences]


def test_five_kills_make_no_difference() -> None:
    assert failures(5, seed=3) == []


@pytest.mark.slow
@pytest.mark.timeout(3600)
def test_two_hundred_kills_make_no_difference() -> None:
    assert failures(200, seed=7) == []
