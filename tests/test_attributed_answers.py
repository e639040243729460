"""Ten questions on what one side only claims: the built-in answer keeps who says it, and docs/attribution.md shows these very answers.

`python tests/test_attributed_answers.py` prints the ten as the page has them.
"""

from __future__ import annotations

import json
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from rag.builtin.attributed import attributed, attribution
from rag.chatbot import Chatbot
from rag.settings import Settings
from rag.types import Answer, Citation, Speech

PAGE = Path(__file__).parents[1] / "docs" / "attribution.md"
ROWS = [json.loads(line) for line in (Path(__file__).parent / "cases" / "attributed.jsonl").read_text(encoding="utf-8").splitlines()]
ASKED = [row for row in ROWS if row["question"]]
FIELDS = ("id", "title", "publisher", "published", "text")


def opened(folder: Path) -> Chatbot:
    """A home of the invented articles."""
    articles = folder / "articles"
    articles.mkdir()
    lines = (json.dumps({name: row[name] for name in FIELDS}, ensure_ascii=False) for row in ROWS)
    (articles / "news.jsonl").write_text("\n".join(lines), encoding="utf-8")
    bot = Chatbot.open(folder / "home", settings=Settings(), create=True)
    bot.sync(articles)
    return bot


def shown(row: dict[str, Any], answer: Answer) -> str:
    """A question as the page shows it."""
    sources = [
        f"[{one.number}] {one.label}, {one.published}" + "".join(f"\n    {line}" for line in one.context) for one in answer.citations
    ]
    values = [f"    {value.value} ({'; '.join([*value.labels, *answer.told_by(value)])})" for value in answer.disagreement]
    said = "\n".join([answer.short, answer.text, *(["The articles disagree:", *values] if values else []), *sources])
    return f"### {row['question']}\n\nA plain summary: {row['summary']}\n\n```\n{said}\n```\n"


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    with opened(tmp_path_factory.mktemp("attributed")) as bot:
        yield bot


def test_the_page_has_ten_questions() -> None:
    assert len(ASKED) == PAGE.read_text(encoding="utf-8").count("### ") == 10


@pytest.mark.parametrize("row", ASKED, ids=[row["id"] for row in ASKED])
def test_the_page_says_what_is_answered(bot: Chatbot, row: dict[str, Any]) -> None:
    answer = bot.ask(row["question"])
    assert shown(row, answer) in PAGE.read_text(encoding="utf-8")
    for claim in answer.claims:
        (number,) = claim.citations
        assert claim.text == answer.citations[number - 1].quote
    for citation in answer.citations:
        assert bot.home.article(citation.article_id).text[citation.start : citation.end] == citation.quote


def cited(quote: str, speaker: str | None, **facts: Any) -> Citation:
    start = quote.index(speaker) if speaker else None
    end = start + len(speaker) if speaker and start is not None else None
    speech = Speech(**{"speaker": speaker, "start": start, "end": end, "verb": "said", "kind": "said", **facts})
    return Citation(
        number=1, article_id="a", doc_id="a", label="L", path="p", root="/r", title=None, publisher=None, published=None, url=None,
        quote=quote, start=0, end=len(quote), speech=speech,
    )  # fmt: skip


ARMY = "The army, which lost 400 men, said it had killed 40 rebels."


@pytest.mark.parametrize(
    ("short", "citation", "question", "kept"),
    [
        ("40", cited(ARMY, "The army"), "How many rebels died?", "40, according to the army"),
        ("400", cited(ARMY, "The army"), "How many men did the army lose?", "400"),
        ("40", cited(ARMY, "The army"), "How many rebels does the army say it killed?", "40"),
        ("the army", cited("The ford was held, the army said.", "the army"), "Who held the ford?", "the army"),
        ("310 million", cited("The audit office said it cost 310 million.", "The audit office"), "What did it cost?",
         "310 million, according to the audit office"),
        ("310 million", cited("The audit office said the hall cost 310 million.", "The audit office"), "What did it cost?", "310 million"),
        ("No", cited("Norlyn denied dumping slag.", "Norlyn", verb="denied", kind="denied"), "Did anybody dump slag?",
         "No, according to Norlyn"),
        ("slag", cited("Norlyn denied dumping slag.", "Norlyn", verb="denied", kind="denied"), "What was dumped?",
         "slag, denied by Norlyn"),
        ("the plans", cited("Strand reportedly sold the plans.", None, verb="reportedly", kind="alleged"), "What did Strand sell?",
         "the plans, reportedly"),
        ("60", cited("He said his men had taken 60 boats.", "He"), "How many boats were taken?", "60, by one account"),
        ("in one night and before anybody had come to help the town",
         cited("The rebels of the north said they left in one night and before anybody had come to help the town.",
               "The rebels of the north"),
         "How did they leave?", "in one night and before anybody had come to help the town"),
        ("about 60 boats with men, women and children",
         cited("The rebels of the north said they took about 60 boats with men, women and children.", "The rebels of the north"),
         "What was taken?", "about 60 boats with men, women and children, according to the rebels"),
    ],
)  # fmt: skip
def test_short_answers(short: str, citation: Citation, question: str, kept: str) -> None:
    assert attributed(short, citation, question) == kept


@pytest.mark.parametrize(
    ("citation", "words"),
    [
        (cited("“We left.", None, verb=None, kind="quote", resolved="Ina Pell"), "according to Ina Pell"),
        (cited("He said so.", "He", resolved="Bo Lund [2]"), "“He” is Bo Lund (2)"),
        (cited("It was night.", None, verb=None, kind="quote"), "in quotation marks in the article"),
        (cited("“It was night.", None, verb=None, kind="quote"), ""),
        (cited("Valk said so.", "Valk"), ""),
    ],
)
def test_who_says_a_sentence_whose_words_do_not_tell(citation: Citation, words: str) -> None:
    assert attribution(citation) == words


if __name__ == "__main__":
    with tempfile.TemporaryDirectory() as folder, opened(Path(folder)) as bot:
        sys.stdout.write("\n".join(shown(row, bot.ask(row["question"])) for row in ASKED))
