"""Values of other articles: contradicting, beside, or a copy's."""

from __future__ import annotations

import pytest

from index.types import Passage, Span
from rag.builtin.disagree import others
from rag.builtin.pool import Given, Group
from rag.question import read_question


def group(text: str, score: float, *, article: str, margin: float = 5.0, published: str | None = None, of_kind: bool = True) -> Group:
    passage = Passage(
        article_id=article, doc_id=article, start=0, end=len(text), text=text, score=1.0, label=article, path=article, root="/",
        title=None, publisher=None, published=published, url=None, text_hash=article, sentences=(Span(0, len(text)),),
    )  # fmt: skip
    given = Given(
        passage=passage,
        text=text,
        start=0,
        end=len(text),
        sentence=Span(0, len(text)),
        key=text,
        margin=margin,
        score=score,
        of_kind=of_kind,
    )
    return Group(members=(given,), score=score)


BEST = group("9 June", 20.0, article="a", published="2025-06-10")


@pytest.mark.parametrize(
    ("other", "contrary", "beside"),
    [
        (group("11 June", 16.0, article="b", published="2025-06-12"), 1, 0),
        (group("11 June", 16.0, article="a", published="2025-06-12"), 0, 0),
        (group("11 June", 16.0, article="b", published="2025-06-12", margin=1.0), 0, 0),
        (group("11 June", 14.0, article="b", published="2025-06-12"), 0, 0),
        (group("11 June", 16.0, article="b"), 0, 0),
        (group("June 2025", 19.0, article="b"), 0, 1),
        (group("June 2025", 17.0, article="b"), 0, 0),
        (group("the convoy", 19.0, article="b", of_kind=False), 0, 0),
    ],
)
def test_another_value(other: Group, contrary: int, beside: int) -> None:
    found = others(read_question("On what date did the convoy arrive?"), [BEST, other])
    assert found == ((other,) * contrary, (other,) * beside)


def test_names_stand_beside_each_other() -> None:
    best, other = group("Corran University", 20.0, article="a"), group("Fenwick Institute", 19.0, article="b")
    assert others(read_question("Who employs Una Marsh?"), [best, other]) == ((), (other,))
