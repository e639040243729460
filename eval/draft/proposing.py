"""Goes through the articles of a home, makes questions of their sentences, and keeps those that the answerer gets right."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterator, Sequence
from itertools import zip_longest
from pathlib import Path
from typing import Any, NamedTuple

from eval.adding import Added, add_cases
from eval.cases import Case, load_cases
from eval.draft.twins import twin_of
from eval.judge import judge
from index.home import Home
from index.types import Article, Filters
from rag.chatbot import Chatbot
from rag.drafting.questions import Drafted, questions_of

Progress = Callable[[str, int, int], None]


class Proposed(NamedTuple):
    """What was drafted and what became of it."""

    file: Path
    asked: int
    """Questions that were made and asked."""
    kept: int
    """Those among them that were answered right, from the article that they were made of."""
    added: Added

    def to_dict(self) -> dict[str, Any]:
        """This as plain JSON data."""
        return {"output": str(self.file), "asked": self.asked, "kept": self.kept, "added": list(self.added.added)}


class _Candidate(NamedTuple):
    article: Article
    sentence: str
    drafted: Drafted


def draft_cases(chatbot: Chatbot, file: Path, *, count: int, progress: Progress = lambda what, done, total: None) -> Proposed:
    """Propose cases from a home's articles and append them to a case file, marked as not reviewed.

    Args:
        chatbot: the built-in answerer over the home.
        file: the case file, made if need be; what it holds is not proposed again.
        count: how many questions with an answer are wanted; with each comes one without, where that can be made.
        progress: called with ("questions", those kept, `count`).

    Raises:
        BadPath: the file cannot be read or written.
        BadCases: it is not a case file.
    """
    known = {case.question for case in load_cases(file)} if file.exists() and file.read_bytes().strip() else set()
    kept: list[dict[str, Any]] = []
    twins: list[dict[str, Any]] = []
    asked = 0
    for candidate in _candidates(chatbot.home):
        if len(kept) == count:
            break
        if candidate.drafted.question in known:
            continue
        known.add(candidate.drafted.question)
        asked += 1
        case = _case(candidate)
        if _is_found(chatbot, case):
            twins += _twin(candidate, chatbot.home)
            kept.append(case)
            progress("questions", len(kept), count)
    added = add_cases(file, [*kept, *twins], lock=chatbot.home.path / "cases.lock")
    return Proposed(file, asked, len(kept), added)


def _candidates(home: Home) -> Iterator[_Candidate]:
    """The questions that the articles offer, one from each article before the second from any."""
    with home.catalogue.snapshot():
        numbers = home.catalogue.numbers()
        offered = [_of_article(article, spans) for _, article, spans, _ in home.catalogue.whole(numbers)]
    for row in zip_longest(*offered):
        yield from (candidate for candidate in row if candidate is not None)


def _of_article(article: Article, spans: Sequence[Any]) -> list[_Candidate]:
    sentences = [article.text[span.start : span.end].strip() for span in spans]
    return [_Candidate(article, sentence, drafted) for sentence in sentences for drafted in questions_of(sentence, article.text)]


def _case(candidate: _Candidate) -> dict[str, Any]:
    return {
        "id": _id(candidate.drafted.question),
        "kind": "fact",
        "question": candidate.drafted.question,
        "answers": list(candidate.drafted.answers),
        "doc_ids": [candidate.article.doc_id],
        "reviewed": False,
        "sentence": candidate.sentence,
    }


def _is_found(chatbot: Chatbot, case: dict[str, Any]) -> bool:
    """Whether the answerer gives this very answer, from this very article."""
    answer = chatbot.ask(case["question"], filters=Filters(), all_dates=True)
    return judge(Case.from_dict(case), answer, seconds=0.0).right


def _twin(candidate: _Candidate, home: Home) -> list[dict[str, Any]]:
    """The question of something that no article mentions."""
    question = twin_of(candidate.drafted.question, lambda name: not home.mentions([name]).articles)
    if question is None:
        return []
    return [{"id": _id(question), "kind": "unanswerable", "question": question, "reviewed": False, "twin": _id(candidate.drafted.question)}]


def _id(question: str) -> str:
    return f"draft-{hashlib.sha256(question.encode()).hexdigest()[:12]}"
