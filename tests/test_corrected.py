"""What corrections put right, and that an answer rests on the right value."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from index.home import Home
from rag.chatbot import Chatbot
from rag.facts.corrected import put_right, takes_back
from rag.settings import Settings

CORRECTIONS = [
    ("An earlier version of this article gave the number of wounded as 19. The correct figure is 91.", "19", "91"),
    ("Correction: the ferry sank on 3 May 2024, not 5 May 2024.", "5 May 2024", "3 May 2024"),
    ("We regret that our report put the cost at 4.2 million. It was 2.4 million.", "4.2 million", "2.4 million"),
    ("This story has been corrected to change the number of jobs from 1,200 to 120.", "1,200", "120"),
    ("An article that we ran on Tuesday misstated the age of the bridge. It is 81 years, not 18 years, old.", "18 years", "81 years"),
    ("Clarification: the dam was built not in 1962 but in 1968.", "1962", "1968"),
    ("The original version wrongly said 300 people were moved. There were 30.", "300", "30"),
    ("We reported that the strike would last two weeks. It is in fact to last ten days, and we apologise.", "two weeks", "ten days"),
    ("Correction, 2 March: the fine is 50,000 rather than 500,000.", "500,000", "50,000"),
    ("A previous report said 12 villages had been cut off. The actual number was 21. We apologise.", "12", "21"),
]
NOT_CORRECTIONS = [
    "The home side won 3 matches, not 5 as last season.",
    "The price rose from 40 to 60 in a year.",
    "Correction: the minister's name is spelt Orlek.",
    "An earlier version of this article misspelt the name of the bridge. It is Tarn.",
    "We reported in May that 40 people had left. It was a hard year for the valley, its mayor says.",
]


@pytest.mark.parametrize(("text", "wrong", "right"), CORRECTIONS)
def test_a_correction_says_what_was_wrong_and_what_is_right(text: str, wrong: str, right: str) -> None:
    sentences = [part if part.endswith(".") else f"{part}." for part in text.split(". ")]
    assert takes_back(text)
    assert [(one.wrong.text, one.right.text) for one in put_right(sentences)] == [(wrong, right)]
    assert all(sentences[one.sentence][one.right.start : one.right.end] == right for one in put_right(sentences))


@pytest.mark.parametrize("text", NOT_CORRECTIONS)
def test_what_corrects_no_value_is_left_alone(text: str) -> None:
    sentences = [part if part.endswith(".") else f"{part}." for part in text.split(". ")]
    assert not takes_back(text) or put_right(sentences) == []


REPORT = """---
title: Forty buses will run on the hill line
publisher: Fennick Daily
date: 2024-03-04
---

# Forty buses will run on the hill line

From May 40 buses will run on the hill line to Brannoch, the operator said. The line has been shut since the storm.
"""
NOTICE = """---
title: "Correction: fourteen buses, not forty, will run on the hill line"
publisher: Fennick Daily
date: 2024-03-06
---

# Correction: fourteen buses, not forty, will run on the hill line

A report that we published on 4 March gave the number of buses that will run on the hill line as 40. The right number is 14.
"""


def test_an_answer_that_was_taken_back_gives_way_to_what_was_put_right(open_home: Callable[..., Home], tmp_path: Path) -> None:
    (tmp_path / "report.md").write_text(REPORT, encoding="utf-8")
    home = open_home()
    home.sync(tmp_path)
    question = "How many buses will run on the hill line to Brannoch?"
    chatbot = Chatbot(home, settings=Settings())
    assert chatbot.ask(question).short == "40"
    (tmp_path / "notice.md").write_text(NOTICE, encoding="utf-8")
    home.sync(tmp_path)
    answer = chatbot.ask(question)
    citation = answer.citations[0]
    assert (answer.short, citation.doc_id, answer.disagreement) == ("14", "notice", ())
    assert citation.quote.endswith("on the hill line as 40. The right number is 14.")
    assert home.article("notice").text[citation.start : citation.end] == citation.quote
