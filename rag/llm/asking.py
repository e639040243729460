"""The requests that one answer takes: the first, with less evidence if the server finds it too long, and the repair.

What the model wrote comes back as a `Draft`: its sentences as checked claims. What becomes of a draft is decided in `generate`.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import TYPE_CHECKING, Any

from index.types import Passage
from rag.cite import Citer
from rag.errors import ModelUnavailable, PromptTooLong
from rag.llm.claims import Sentence, read_sentences, without_unfinished
from rag.llm.completion import Completion, Model, heard, said
from rag.llm.judging import Judge
from rag.llm.keys import KeyReader
from rag.llm.prompts import Prompt, build_prompt, room_for_evidence
from rag.llm.repair import read_repair, repair_messages
from rag.metering import Meter
from rag.strict import failed
from rag.types import Citation, Claim, Turn

if TYPE_CHECKING:
    from rag.reader import Reader
    from rag.settings import Settings

_SHARES = (1.0, 0.5, 0.25)
"""Of the evidence that a model is shown, as long as its server finds it too long."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Draft:
    """What a model wrote, and what the checks say of it."""

    prompt: Prompt
    words: str
    """As the model wrote it, with keys."""
    text: str
    """With markers."""
    sentences: tuple[Sentence, ...]
    claims: tuple[Claim, ...]
    openings: tuple[str, ...]
    """What stands before each claim."""
    judge: Judge
    rejected: tuple[str, ...]
    too_long: bool
    is_repaired: bool = False

    @property
    def citations(self) -> tuple[Citation, ...]:
        """Everything that was cited, by number; not all of it need be used."""
        return self.judge.citer.citations


@dataclass(frozen=True, kw_only=True, slots=True)
class Asking:
    """One question to one language model."""

    question: str
    passages: Sequence[Passage]
    model: Model
    history: Sequence[Turn]
    settings: Settings
    trace: Callable[[str, dict[str, Any]], None]
    reader: Reader | None
    meter: Meter = field(default_factory=Meter)
    today: date | None = None
    latest: bool = False
    """Whether the newest is asked for."""

    def draft(self) -> Generator[str, None, Draft]:
        """Ask; yield what can be shown as it comes, return what came of it.

        Raises:
            ModelUnavailable: the model failed.
        """
        room = room_for_evidence(self.question, self.history, window=self.model.window, most=self.settings.context_tokens)
        for share in _SHARES[:-1]:
            try:
                return (yield from self._drafted(int(room * share)))
            except PromptTooLong:
                continue
        return (yield from self._drafted(int(room * _SHARES[-1])))

    def repaired(self, draft: Draft) -> Draft:
        """The draft after one more request for the claims that failed; as it was where that brings nothing."""
        wrong = [place for place, claim in enumerate(draft.claims) if failed(claim)]
        if not wrong or not self.settings.repair:
            return draft
        messages = repair_messages(draft.prompt.messages, draft.words, [draft.claims[place] for place in wrong])
        try:
            words = heard(self.model, messages, stage="repair", meter=self.meter, trace=self.trace)
        except ModelUnavailable:
            return draft
        new = {wrong[number - 1]: new_words for number, new_words in read_repair(words).items() if 1 <= number <= len(wrong)}
        with self.meter.stage("check"):
            return _with_repairs(draft, new)

    def _drafted(self, room: int) -> Generator[str, None, Draft]:
        prompt = build_prompt(
            self.question, self.passages, history=self.history, context_tokens=room, today=self.today, latest=self.latest,
            style=self.settings.style,
        )  # fmt: skip
        judge = Judge(question=self.question, prompt=prompt, citer=Citer(), reader=self.reader)
        keys = KeyReader(judge.cited)
        completion = yield from _shown(keys, said(self.model, prompt.messages, stage="model", meter=self.meter, trace=self.trace))
        sentences = read_sentences(keys.text)
        if completion.too_long:
            sentences = without_unfinished(sentences)
        with self.meter.stage("check"):
            claims = judge.claims(sentences)
        return Draft(
            prompt=prompt, words=completion.text, text=keys.text, sentences=tuple(sentences), claims=tuple(claims), judge=judge,
            openings=tuple(sentence.opening for sentence in sentences), rejected=keys.rejected, too_long=completion.too_long,
        )  # fmt: skip


def _with_repairs(draft: Draft, new: dict[int, str | None]) -> Draft:
    """A draft with new words in the place of some claims, where they pass every check; None takes a claim back."""
    claims: list[Claim] = []
    openings: list[str] = []
    rejected = dict.fromkeys(draft.rejected)
    for place, (claim, opening) in enumerate(zip(draft.claims, draft.openings, strict=True)):
        made = [claim]
        if place in new:
            keys = KeyReader(draft.judge.cited)
            keys.feed(new[place] or "")
            tried = draft.judge.claims(read_sentences(keys.text))
            rejected |= dict.fromkeys(keys.rejected)
            made = [claim] if any(map(failed, tried)) or (new[place] is not None and not tried) else tried
        claims += made
        openings += [opening, *[""] * (len(made) - 1)][: len(made)]
    return replace(draft, claims=tuple(claims), openings=tuple(openings), rejected=tuple(rejected), is_repaired=bool(new))


def _shown(keys: KeyReader, words: Generator[str, None, Completion]) -> Generator[str, None, Completion]:
    """What can be shown of a model's words as they come; returns the completion."""
    while True:
        try:
            piece = next(words)
        except StopIteration as done:
            completion: Completion = done.value
            return completion
        try:
            if shown := keys.feed(piece):
                yield shown
        except GeneratorExit:
            words.close()
            raise
