"""The questions that an empty conversation offers: of the sample those we wrote, of other articles some that they answer.

Those are made from sentences of a few articles (see `rag.drafting`), and asked of the built-in answerer: only a question that it answers
with the sentence it was made from is offered. Where none is found, none is.
"""

from __future__ import annotations

import threading
import time
from collections import Counter
from collections.abc import Iterator
from typing import NamedTuple

from rag.chatbot import Chatbot
from rag.drafting.questions import questions_of
from ui.library import Library
from ui.running import Running

MOST = 4
"""Questions that are offered."""
_ARTICLES = 60
"""Articles that are looked at, spread over all."""
_ASKED = 12
"""Questions that are tried at most."""
_ALIKE = 2
"""Of those that are offered, how many may begin with the same word."""
_WAIT, _LONGEST = 0.2, 10.0
"""Seconds between two looks whether a visitor is waiting for an answer, and for how long that goes first."""


class _Draft(NamedTuple):
    question: str
    sentence: str


class Suggestions:
    """The questions offered for what a library holds now. Safe to use from several threads."""

    def __init__(self, library: Library, running: Running) -> None:
        self._library = library
        self._running = running
        self._found: tuple[Chatbot, int, tuple[str, ...]] | None = None
        self._lock = threading.Lock()

    def known(self) -> tuple[str, ...]:
        """Those that are known by now."""
        if self._library.questions:
            return self._library.questions
        chatbot, found = self._library.chatbot, self._found
        return found[2] if found and found[:2] == (chatbot, chatbot.home.generation) else ()

    def find(self) -> tuple[str, ...]:
        """Those for the articles as they are now; looks for them where that was not done yet, which takes seconds."""
        with self._lock:
            chatbot = self._library.chatbot
            if not self._library.questions and (self._found is None or self._found[:2] != (chatbot, chatbot.home.generation)):
                generation = chatbot.home.generation
                self._found = (chatbot, generation, tuple(self._answered(chatbot)))
        return self.known()

    def _answered(self, chatbot: Chatbot) -> Iterator[str]:
        """Drafts that the built-in answerer answers with the sentence they were made from."""
        built_in, kinds = Chatbot(chatbot.home, settings=chatbot.settings), Counter[str]()
        for _, draft in zip(range(_ASKED), _drafts(chatbot), strict=False):
            kind = draft.question.split(" ", 1)[0]
            if kinds[kind] == _ALIKE:
                continue
            self._let_visitors_go_first()
            answer = built_in.ask(draft.question, all_dates=True)
            if answer.status == "answered" and any(" ".join(claim.text.split()) in draft.sentence for claim in answer.claims):
                yield draft.question
                kinds[kind] += 1
                if kinds.total() == MOST:
                    return

    def _let_visitors_go_first(self) -> None:
        over = time.monotonic() + _LONGEST
        while self._running and time.monotonic() < over:
            time.sleep(_WAIT)


def _drafts(chatbot: Chatbot) -> Iterator[_Draft]:
    """One draft an article at most, of articles spread over all."""
    catalogue = chatbot.home.catalogue
    numbers, drafted = catalogue.numbers(), set()
    for number in numbers[:: -(-len(numbers) // _ARTICLES) or 1]:
        article, _ = catalogue.numbered(number)
        sentences = (" ".join(article.text[start:end].split()) for start, end in catalogue.sentences(number))
        drafts = (_Draft(made.question, sentence) for sentence in sentences for made in questions_of(sentence, article.text))
        draft = next((draft for draft in drafts if draft.question not in drafted), None)
        if draft is not None:
            drafted.add(draft.question)
            yield draft
