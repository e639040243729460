"""The answer of a language model: asked over numbered evidence, streamed, and cited by code.

The model sees sentences behind keys and cites the keys; every key becomes the exact sentence it stands for, so a quote is never
the model's own words. What it writes is not trusted: invented keys are dropped and reported, a claim without a key says so,
and an answer without any is no answer. Beyond that, claims are checked in `checks`. Follow-up questions are not rewritten here.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from index.sentences import sentence_spans
from index.tokens import count
from index.types import Passage, Span
from rag.checks import check_claim
from rag.cite import Citer
from rag.keys import KeyReader
from rag.llms import unavailable
from rag.prompts import NO_EVIDENCE, Message, Prompt, build_prompt
from rag.types import Answer, Claim, Turn, Usage

if TYPE_CHECKING:
    from llama_index.core.llms import LLM

    from rag.settings import Settings

NEAREST = 3
"""Passages that are shown in place of an answer."""
REFUSED = "The language model found no answer in the passages that it was shown."
UNCITED = "The language model cited none of the articles, so what it wrote is not shown."
EMPTY = "The language model wrote nothing."
_MARKER = re.compile(r"\s*\[(\d+)\]")
_BULLET = re.compile(r"^\s*(?:[-*•#>]+|\d+[.)])\s+")
_TOKENS_IN = ("prompt_tokens", "input_tokens", "prompt_token_count", "prompt_eval_count")
_TOKENS_OUT = ("completion_tokens", "output_tokens", "candidates_token_count", "eval_count")


def generate(
    question: str,
    passages: Sequence[Passage],
    *,
    llm: LLM,
    model: str,
    history: Sequence[Turn],
    settings: Settings,
    trace: Callable[[str, dict[str, Any]], None],
) -> Iterator[str | Answer]:
    """Yield pieces of a model's answer as they come, then the whole `Answer`.

    The pieces are provisional: where the `Answer` says "no_evidence", they are not to be taken for one. Where it says
    "answered", they are together its text.

    Args:
        question: in plain words.
        passages: as search gave them, best first.
        llm: a llama-index language model.
        model: what the answer and errors call it.
        history: earlier turns, oldest first.
        settings: how much evidence the model is shown.
        trace: called with the prompt and with the completion.

    Raises:
        ModelUnavailable: the model failed.
    """
    prompt = build_prompt(question, passages, history=history, context_tokens=settings.context_tokens)
    trace("prompt", {"model": model, "messages": [message._asdict() for message in prompt.messages]})
    citer = Citer()
    reader = KeyReader(lambda key: _cited(citer, prompt, key))
    completion = _Completion(llm, prompt.messages, model)
    for piece in completion:
        if shown := reader.feed(piece):
            yield shown
    trace("completion", {"model": model, "text": completion.text, "rejected": list(reader.rejected)})
    claims = tuple(claim for claim in _claims(reader.text, citer))
    missing = _missing(reader.text, claims)
    common: dict[str, Any] = {"question": question, "rejected": reader.rejected, "model": model, "usage": completion.usage}
    if missing is not None:
        yield Answer(status="no_evidence", short="", text="", missing=missing, nearest=tuple(passages[:NEAREST]), **common)
        return
    short = next(claim.text for claim in claims if claim.citations)
    yield Answer(status="answered", short=short, text=reader.text, claims=claims, citations=citer.citations, **common)


class _Completion:
    """One request: iterate for the model's words, then read `text` and `usage`."""

    def __init__(self, llm: LLM, messages: Sequence[Message], model: str) -> None:
        self._llm = llm
        self._messages = messages
        self._model = model
        self._pieces: list[str] = []
        self._counted: dict[str, int] = {}

    def __iter__(self) -> Iterator[str]:
        from llama_index.core.base.llms.types import ChatMessage

        messages = [ChatMessage(role=message.role, content=message.content) for message in self._messages]
        try:
            for response in self._llm.stream_chat(messages):
                self._count(response.raw)
                piece = response.delta if response.delta is not None else _grown(self.text, response.message.content or "")
                self._pieces.append(piece)
                yield piece
        # Every provider's library raises exceptions of its own, and all of them mean that the model failed.
        except Exception as error:
            raise unavailable(self._model, error) from error

    @property
    def text(self) -> str:
        return "".join(self._pieces)

    @property
    def usage(self) -> Usage:
        """The server's own token counts, or tiktoken's where it gives none."""
        asked = self._counted.get("in") or sum(count(message.content) for message in self._messages)
        return Usage(tokens_in=asked, tokens_out=self._counted.get("out") or count(self.text))

    def _count(self, raw: Any) -> None:
        """Keep the highest counts: some servers report them once, some as they grow."""
        for place in (raw, _field(raw, "usage"), _field(raw, "usage_metadata")):
            for way, names in (("in", _TOKENS_IN), ("out", _TOKENS_OUT)):
                found = [value for name in names if isinstance(value := _field(place, name), int)]
                self._counted[way] = max([self._counted.get(way, 0), *found])


def _grown(before: str, now: str) -> str:
    """What is new in the text so far, for a model that streams without deltas."""
    return now[len(before) :] if now.startswith(before) else ""


def _field(holder: Any, name: str) -> Any:
    return holder.get(name) if isinstance(holder, Mapping) else getattr(holder, name, None)


def _cited(citer: Citer, prompt: Prompt, key: str) -> int | None:
    """The number for a key; None if the model was not given it."""
    source = prompt.sources.get(key)
    return None if source is None else citer.cite(source.passage, *source.span)


def _missing(text: str, claims: Sequence[Claim]) -> str | None:
    """Why this is no answer; None if it is one."""
    if not text:
        return EMPTY
    if claims and _bare(claims[0].text) == _bare(NO_EVIDENCE):
        return REFUSED
    return None if any(claim.citations for claim in claims) else UNCITED


def _bare(sentence: str) -> str:
    """A sentence without case, punctuation or emphasis, as models vary these."""
    return " ".join(re.findall(r"\w+", sentence.casefold()))


def _claims(text: str, citer: Citer) -> Iterator[Claim]:
    """The sentences of an answer, each with the numbers of its markers."""
    citations = citer.citations
    for line in text.splitlines():
        for sentence, numbers in _sentences(_BULLET.sub("", line)):
            cited = tuple(dict.fromkeys(numbers))
            yield Claim(text=sentence, citations=cited, checks=check_claim(sentence, [citations[number - 1] for number in cited]))


def _sentences(line: str) -> list[tuple[str, list[int]]]:
    """The sentences of a line without markers, each with its numbers; a marker after the full stop belongs to what it follows.

    >>> _sentences("Forty left [1]. Two stayed. [2][3]")
    [('Forty left.', [1]), ('Two stayed.', [2, 3])]
    """
    bare, marks, position = "", [], 0
    for match in _MARKER.finditer(line):
        bare += line[position : match.start()]
        marks.append((len(bare), int(match[1])))
        position = match.end()
    bare += line[position:]
    spans = [span for span in sentence_spans(bare) if re.search(r"\w", bare[span.start : span.end])]
    found: list[tuple[str, list[int]]] = [(bare[span.start : span.end], []) for span in spans]
    for place, number in marks:
        if found:
            found[_owner(spans, place)][1].append(number)
    return found


def _owner(spans: Sequence[Span], place: int) -> int:
    """The last sentence that begins before `place`, else the first."""
    return max((index for index, span in enumerate(spans) if span.start < place), default=0)
