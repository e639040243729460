"""Many visitors at once: no error, no answer that belongs to another, and nobody waits much longer than the rest."""

from __future__ import annotations

import asyncio
import html
from pathlib import Path
from typing import Any

import httpx
import pytest

from benchmarks.load import ApiVisitor, Asked, Outcome, PageVisitor, measure, questions, timeless, towns, write_articles
from rag.types import Answer, Citation, Claim

OWN, OTHER = towns(2)


def an_answer(town: str) -> dict[str, Any]:
    quote = f"The {town} ferry carried 20,000 passengers, its captain said."
    cited = Citation(
        number=1, article_id=town, doc_id=town.lower(), label=town, path="x.txt", root="/x", title=None, publisher=None, published=None,
        url=None, quote=quote, start=0, end=len(quote),
    )  # fmt: skip
    return Answer(
        question=questions(town)[0], status="answered", short="20,000", text=f"{quote} [1]", citations=(cited,),
        claims=(Claim(text=quote, citations=(1,)),),
    ).to_dict()  # fmt: skip


EXPECTED = {questions(town)[0]: timeless(an_answer(town)) for town in (OWN, OTHER)}


def test_every_town_has_a_name_and_an_article_of_its_own(tmp_path: Path) -> None:
    names = towns(50)
    write_articles(tmp_path, names)
    texts = {path.stem: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert len(texts) == len(set(names)) == 50
    assert all([name for name in names if name in texts[town.lower()]] == [town] for town in names)


@pytest.mark.parametrize(("answered", "wrong"), [(OWN, ""), (OTHER, "answered '20,000'")])
def test_another_visitors_answer_through_the_api_is_found_out(answered: str, wrong: str) -> None:
    async def ask() -> str:
        transport = httpx.MockTransport(lambda request: httpx.Response(200, json=an_answer(answered)))
        async with (
            httpx.AsyncClient(base_url="http://127.0.0.1", transport=transport) as web,
            ApiVisitor(web, OWN, EXPECTED, [OWN, OTHER]).visit() as asked,
        ):
            return await asked(questions(OWN)[0])

    assert asyncio.run(ask()) == wrong


@pytest.mark.parametrize(
    ("shown", "wrong"),
    [
        ([OWN], ""),
        ([OTHER], f"names ['{OTHER}']"),
        ([OWN, OTHER], f"names ['{OTHER}']"),
        ([], "lacks ['How many passengers"),
    ],
)
def test_another_visitors_answer_on_the_page_is_found_out(shown: list[str], wrong: str) -> None:
    parts = [html.escape(f"{questions(town)[0]} {EXPECTED[questions(town)[0]]['text']} 20,000") for town in shown]
    visitor = PageVisitor(httpx.AsyncClient(), OWN, EXPECTED, [OWN, OTHER])
    found = visitor._wrong(questions(OWN)[0], [None, [{"content": part} for part in parts], "evidence"])
    assert found.startswith(wrong)
    assert bool(found) is bool(wrong)


def test_the_figures_are_of_what_was_asked() -> None:
    asked = [Asked(town=OWN, seconds=seconds) for seconds in (1.0, 2.0, 3.0)] + [Asked(town=OTHER, seconds=5.0, mixed="x")]
    failed = Asked(town=OTHER, seconds=0, error="503")
    assert Outcome(way="api", users=2, seconds=10, asked=[*asked, failed]).to_dict() == {
        "way": "api", "users": 2, "seconds": 10, "questions": 5, "errors": ["503"], "mixed": ["x"], "answered a second": 0.4,
        "seconds an answer": {"p50": 3.0, "p95": 5.0, "longest": 5.0}, "questions a user": {"fewest": 1, "most": 3},
        "mean seconds of a user": {"luckiest": 2.0, "unluckiest": 5.0},
    }  # fmt: skip


@pytest.mark.slow
@pytest.mark.parametrize("way", ["page", "api"])
def test_visitors_at_once_get_their_own_answers_and_wait_alike(way: str, tmp_path: Path) -> None:
    (outcome,) = measure(tmp_path, users=6, seconds=15, ways=[way])
    figures = outcome.to_dict()
    assert (figures["errors"], figures["mixed"]) == ([], [])
    fewest, most = figures["questions a user"]["fewest"], figures["questions a user"]["most"]
    assert fewest >= 1
    assert most <= 2 * fewest + 2
