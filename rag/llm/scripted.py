"""A language model that says what it was told to say, for tests and for trying things out.

It is a real llama-index `LLM`, so whatever takes one takes it. It counts no tokens and reaches no network.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from llama_index.core.base.llms.types import ChatMessage, ChatResponse, ChatResponseGen
from llama_index.core.llms import CompletionResponse, CompletionResponseGen, CustomLLM, LLMMetadata
from pydantic import PrivateAttr

Script = str | Sequence[str] | Exception
"""One answer: its words, or its words in the pieces in which they are streamed, or what is raised instead."""
_SHOWN = re.compile(r"^\[([A-Z]\d+)\] ", re.M)


def keyed(words: str, prompt: str) -> str:
    r"""`words` with the keys of a prompt in the place of S1, S2, …: S1 stands for the key of the first sentence that is shown.

    >>> keyed("Four [S1][S3].", "[K472] Four came.\n[B018] Five left.")
    'Four [K472][S3].'
    """
    given = dict(enumerate(_SHOWN.findall(prompt), start=1))
    return re.sub(r"\bS(\d+)\b", lambda match: given.get(int(match[1]), match[0]), words)


class ScriptedLLM(CustomLLM):
    """Gives prepared answers in turn, the last one again and again, and keeps what it was asked.

    It cites as a model does, by the keys that it is shown: see `keyed`.

    >>> llm = ScriptedLLM("Four [S1].")
    >>> llm.complete("How many?").text, llm.prompts
    ('Four [S1].', ['How many?'])
    """

    _script: list[Script] = PrivateAttr()
    _raw: Any = PrivateAttr()
    _prompts: list[str] = PrivateAttr(default_factory=list)
    _chats: list[list[tuple[str, str]]] = PrivateAttr(default_factory=list)

    def __init__(self, *script: Script, raw: Any = None) -> None:
        """Take the answers, in order.

        Args:
            script: the answers; a string is streamed a character at a time.
            raw: what each response carries as the server's own reply, where token counts are read from.
        """
        super().__init__()
        self._script = list(script) or [""]
        self._raw = raw

    @property
    def prompts(self) -> list[str]:
        """Every prompt so far, as plain text."""
        return self._prompts

    @property
    def chats(self) -> list[list[tuple[str, str]]]:
        """The messages of every chat so far, as (role, content)."""
        return self._chats

    @classmethod
    def class_name(cls) -> str:
        """The name that llama-index shows."""
        return "ScriptedLLM"

    @property
    def metadata(self) -> LLMMetadata:
        """What llama-index wants to know of a model."""
        return LLMMetadata(model_name="scripted")

    def complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponse:
        """The next answer, whole."""
        return CompletionResponse(text="".join(self._next(prompt)), raw=self._raw)

    def stream_complete(self, prompt: str, formatted: bool = False, **kwargs: Any) -> CompletionResponseGen:
        """The next answer, piece by piece."""
        text = ""
        for piece in self._next(prompt):
            text += piece
            yield CompletionResponse(text=text, delta=piece, raw=self._raw)

    def chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponse:
        """The next answer to a chat, whole."""
        self._keep(messages)
        response: ChatResponse = super().chat(messages, **kwargs)
        return response

    def stream_chat(self, messages: Sequence[ChatMessage], **kwargs: Any) -> ChatResponseGen:
        """The next answer to a chat, piece by piece."""
        self._keep(messages)
        responses: ChatResponseGen = super().stream_chat(messages, **kwargs)
        return responses

    def _keep(self, messages: Sequence[ChatMessage]) -> None:
        self._chats.append([(message.role.value, message.content or "") for message in messages])

    def _next(self, prompt: str) -> Sequence[str]:
        self._prompts.append(prompt)
        answer = self._script.pop(0) if len(self._script) > 1 else self._script[0]
        if isinstance(answer, Exception):
            raise answer
        return keyed(answer, prompt) if isinstance(answer, str) else [keyed(piece, prompt) for piece in answer]
