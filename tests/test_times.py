"""Times in questions: which days they name, and which they leave alone."""

from __future__ import annotations

import doctest
import json
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import rag.times.days
import rag.times.moments
import rag.times.question
from rag.times.days import show_days
from rag.times.question import Phrase, Times, read_times

CLOCK = date(2025, 6, 11)
"""A Wednesday."""
CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "times.jsonl").read_text(encoding="utf-8").splitlines()]
RIGHT = 250
"""Of 252; all that were right when this was written."""
PIECES = (
    "since|until|before|after|between|from|in|on|as of|up to|older than|nothing|last|this|past|next|the|early|mid-|late|end of|start of"
    "|two|12|99|999|year|weeks|days|ago|today|yesterday|Friday|fridays|March|May|30 February|31 June|2024|1990s|0001|9999|15.03.2024"
    "|13/13/2024|2024-02-30|Q3|first half of|articles|news|What was reported|will|and|to|'s|’|“|”|\"|'|?|.|,|(|latest|current|now|frıday"
    "|ſince|ſunday|٣|²|\x00|\u202e|\ud800|e\u0301|你好|🦊|\n|\u00a0"
).split("|")
TEXTS = st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


def test_cases():
    misses, false_filters = [], []
    for case in CASES:
        times = read_times(case["question"], datetime.fromisoformat(case["clock"]).date())
        if (times.since, times.until, times.latest) != (case["since"], case["until"], case["latest"]):
            misses.append((case["id"], case["question"], times))
        if (times.since or times.until) and not (case["since"] or case["until"]):
            false_filters.append(case["question"])
    assert len(CASES) - len(misses) >= RIGHT, misses
    assert false_filters == []


@pytest.mark.parametrize(
    ("question", "times"),
    [
        ("Who owns the mine?", Times()),
        (
            "What has the navy said since last Friday?",
            Times(since="2025-06-06", words=(Phrase("since last Friday", 23, 40),)),
        ),
        (
            "What's the latest this week on the strike?",
            Times(
                since="2025-06-09",
                until="2025-06-11",
                latest=True,
                words=(Phrase("this week", 18, 27),),
            ),
        ),
        (
            "Coverage between January and April 2024 of the fire",
            Times(since="2024-01-01", until="2024-04-30", words=(Phrase("between January and April 2024", 9, 39),)),
        ),
        (
            "Nothing older than a month: who runs it?",
            Times(since="2025-05-11", words=(Phrase("Nothing older than a month", 0, 26),)),
        ),
        (
            "From 2023 onward, who ran the port?",
            Times(since="2023-01-01", words=(Phrase("From 2023 onward", 0, 16),)),
        ),
    ],
)
def test_whole_answers(question, times):
    assert read_times(question, CLOCK) == times


@pytest.mark.parametrize(
    ("question", "since", "until"),
    [
        ("What did Monday's papers say about the dam?", "2025-06-09", "2025-06-09"),
        ("What was reported on the mine in the second quarter of 2024?", "2024-04-01", "2024-06-30"),
        ("articles older than 2024", None, "2023-12-31"),
        ("the news of 3 March 2024", "2024-03-03", "2024-03-03"),
        ("What did the bank say late last year?", "2024-09-01", "2024-12-31"),
        ("Who visited on Tuesday of last week?", "2025-06-03", "2025-06-03"),
        ("What was said from Friday to Sunday?", "2025-06-06", "2025-06-08"),
        ("What was reported in the winter of 2023?", "2023-12-01", "2024-02-29"),
        ("How many have died since 3/15/2024?", "2024-03-15", None),
        ("Before last week, who ran it?", None, "2025-06-01"),
    ],
)
def test_filters(question, since, until):
    times = read_times(question, CLOCK)
    assert (times.since, times.until) == (since, until)


@pytest.mark.parametrize(
    "question",
    [
        "How many have died since 03/04/2024?",
        "Who visited this time last year?",
        "Which book will be published this week?",
        "Is it open from Friday to Sunday?",
        "What happened in the last two weeks of the war?",
        "Which articles of the constitution were changed in 2019?",
        "Which newspapers closed in 2019?",
        "How many thefts were reported in 2023?",
        "What did the papers say about the man arrested on 5 June?",
        "Was it the first time since 1979?",
        "What did the Mail on Sunday pay?",
        "How many fled since the January 6 riot?",
        "Who wrote 'Since March' and “Last Friday”?",
        "Which shops closed a month ago?",
        "What changed this week compared with last year?",
    ],
)
def test_no_filter(question):
    assert read_times(question, CLOCK) == Times()


@given(TEXTS, st.dates(date(1900, 1, 1), date(2200, 1, 1)))
@example("the past 999 years", date(1950, 1, 1))
@example("since 29 February", date(2025, 1, 1))
def test_any_question(question, clock):
    times = read_times(question, clock)
    assert all(question[start:end] == text for text, start, end in times.words)
    assert [phrase.start for phrase in times.words] == sorted(phrase.start for phrase in times.words)
    assert not times.since or not times.until or date.fromisoformat(times.since) <= date.fromisoformat(times.until)
    assert bool(times.words) == bool(times.since or times.until)


@pytest.mark.parametrize(
    ("first", "last", "shown"),
    [
        ("2025-06-06", "2025-06-06", "6 June 2025"),
        ("2024-01-01", "2024-12-31", "2024"),
        ("1990-01-01", "1999-12-31", "1990 to 1999"),
        ("2025-05-28", "2025-06-03", "28 May to 3 June 2025"),
        ("2024-12-30", "2025-01-05", "30 December 2024 to 5 January 2025"),
    ],
)
def test_days_as_people_write_them(first, last, shown):
    assert show_days(date.fromisoformat(first), date.fromisoformat(last)) == shown


@pytest.mark.parametrize("module", [rag.times.days, rag.times.moments, rag.times.question])
def test_examples(module):
    assert doctest.testmod(module).failed == 0
