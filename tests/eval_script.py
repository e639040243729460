"""Five cases, one of each kind, over two articles, with a right answer for each, and a chatbot that gives out what a test wants."""

from __future__ import annotations

import json
from collections.abc import Sequence
from pathlib import Path

from eval.cases import Case
from index.errors import NotFound
from index.types import Article, Filters, Passage
from rag.types import Answer, Citation, Turn, Value

TEXTS = {
    "id-a": "French troops left in August 2022. About 500 people died.",
    "id-b": "Mali, Burkina Faso and Niger formed the alliance. Some say 300 died.",
}
FACT = {"id": "fact", "kind": "fact", "question": "When did they leave?", "answers": ["August 2022"], "doc_ids": ["a"]}
LIST = {"id": "list", "kind": "list", "question": "Who formed it?", "answers": [["Mali"], ["Burkina Faso"], ["Niger"]], "doc_ids": ["b"]}
CONFLICT = {"id": "conflict", "kind": "conflict", "question": "How many died?", "answers": [["500"], ["300"]], "doc_ids": [["a"], ["b"]]}
UNANSWERABLE = {"id": "unanswerable", "kind": "unanswerable", "question": "Who is king?"}
TRAP = {"id": "trap", "kind": "trap", "question": "Who won the prize?"}
CASES = {record["id"]: Case.from_dict(record) for record in (FACT, LIST, CONFLICT, UNANSWERABLE, TRAP)}


def cite(number: int, doc_id: str, quote: str) -> Citation:
    """A citation of the first place where `quote` stands in that article."""
    start = TEXTS[f"id-{doc_id}"].index(quote)
    return Citation(
        number=number,
        article_id=f"id-{doc_id}",
        doc_id=doc_id,
        label=f"Paper {doc_id}",
        path=f"{doc_id}.txt",
        root="/news",
        title=None,
        publisher=None,
        published=None,
        url=None,
        quote=quote,
        start=start,
        end=start + len(quote),
    )


def answered(question: str, short: str, *citations: Citation, claims=(), disagreement=(), also_given=(), **fields) -> Answer:
    """An answer whose text is its short answer."""
    return Answer(
        question=question,
        status="answered",
        short=short,
        text=f"{short} [1]",
        claims=tuple(claims),
        citations=citations,
        disagreement=tuple(disagreement),
        also_given=tuple(also_given),
        **fields,
    )


def abstained(question: str) -> Answer:
    """No answer."""
    return Answer(question=question, status="no_evidence", short="", text="", missing="Nothing on that.")


def value(words: str, *citations: int) -> Value:
    """One of several values."""
    return Value(value=words, citations=citations, labels=("Paper",) * len(citations), published=(None,) * len(citations))


A = cite(1, "a", "August 2022")
B = cite(1, "b", "Mali, Burkina Faso and Niger")
DIED = (cite(1, "a", "500 people died"), cite(2, "b", "300 died"))
RIGHT = {
    "fact": answered("When did they leave?", "in August 2022", A),
    "list": answered("Who formed it?", "Niger, Mali and Burkina Faso", B),
    "conflict": answered("How many died?", "about 500", *DIED, disagreement=[value("500", 1), value("300", 2)]),
    "unanswerable": abstained("Who is king?"),
    "trap": abstained("Who won the prize?"),
}


def passage(doc_id: str) -> Passage:
    """A passage of an article."""
    return Passage(article_id=f"id-{doc_id}", doc_id=doc_id, start=0, end=1, text="x", score=1.0, label=doc_id, path=doc_id, root="/news")


class Home:
    """Two articles and one fixed search result."""

    def __init__(self) -> None:
        self.searched: list[tuple[str, Filters, int]] = []
        self.looked_up: list[str] = []

    def search(self, text: str, *, filters: Filters, limit: int) -> list[Passage]:
        self.searched.append((text, filters, limit))
        return [passage("a"), passage("a"), passage("b")]

    def article(self, article_id: str) -> Article:
        self.looked_up.append(article_id)
        if article_id not in TEXTS:
            raise NotFound(f"no article {article_id}")
        return Article(id=article_id, text_hash="", doc_id=article_id[3:], path="", root="", text=TEXTS[article_id])


class Chatbot:
    """Gives out scripted answers by question; an exception among them is raised."""

    def __init__(self, script: dict[str, Answer | Exception], model: str = "built-in") -> None:
        self.home = Home()
        self.model = model
        self.script = script
        self.asked: list[tuple[str, Filters, Sequence[Turn]]] = []

    def ask(self, question: str, *, filters: Filters, history: Sequence[Turn]) -> Answer:
        self.asked.append((question, filters, history))
        reply = self.script[question]
        if isinstance(reply, Exception):
            raise reply
        return reply


def scripted(model: str = "built-in", **changed: Answer | Exception) -> Chatbot:
    """A chatbot that is right but for what is changed."""
    return Chatbot({CASES[name].question: reply for name, reply in {**RIGHT, **changed}.items()}, model)


def write_cases(path: Path) -> Path:
    """Write all cases as a case file."""
    path.write_text("".join(json.dumps(record) + "\n" for record in (FACT, LIST, CONFLICT, UNANSWERABLE, TRAP)), encoding="utf-8")
    return path
