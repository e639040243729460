"""A short answer that keeps who says it: "40, according to the army".

A value that only one side reports is no fact. Where the reported words of the quote hold the short answer and who says them accuses,
denies, fights or speaks about itself, the short answer says so; what anybody else reports is told beside the quote.
"""

from __future__ import annotations

import re

from rag.builtin.pool import MAX_WORDS
from rag.markers import plain
from rag.speech.claimed import is_one_sided, is_reported
from rag.speech.speakers import bare_name
from rag.types import Citation, Speech
from rag.wording import mid_sentence

_WHOLE = ("Yes", "No")
"""Short answers that rest on all of a quote."""
_ASKS_WHAT_IS_SAID = re.compile(
    r"\b(?:sa(?:y|id|ys)|claim\w*|according|tell|told|alleg\w*|accus\w*|den(?:y|ie[ds])|estimate\w*|report\w*|announce\w*|admit\w*|put)\b"
)
_MARK = re.compile(r"[“”«»\"‘’']")
_FURTHER = re.compile(r"(?:,| (?:of|in|at|from|for|who|near)) .*")


def attributed(short: str, citation: Citation, question: str) -> str:
    """A short answer with "according to …" where its quote only reports it and who says so has a side in it.

    Args:
        short: the answer in a few words.
        citation: of the sentence that it was cut from.
        question: in plain words; where it asks what somebody says, they are not named again.
    """
    speech, quote = citation.speech, citation.quote
    if speech is None or not is_one_sided(quote, speech):
        return short
    spelled = r"\s+".join(map(re.escape, short.split()))
    places = [match.start() for match in re.finditer(rf"(?<!\w){spelled}(?!\w)", quote)]
    if short not in _WHOLE and not (places and all(is_reported(quote, speech, place) for place in places)):
        return short
    name = speech.resolved or speech.speaker or ""
    if name and (_holds(short, name) or (_ASKS_WHAT_IS_SAID.search(question) and _holds(question, name))):
        return short
    denied = speech.kind == "denied" and short != "No"  # who denies it says no
    ends = (f"{short}, {words}" for words in _according(speech, name, "denied by" if denied else "according to"))
    return next((told for told in ends if len(told.split()) <= MAX_WORDS), short)


def attribution(citation: Citation) -> str:
    """Who says what a quote says, where that stands in a sentence beside it; empty where the quote's own words tell."""
    speech = citation.speech
    if speech is None:
        return ""
    if not speech.resolved:
        return "in quotation marks in the article" if speech.kind == "quote" and not _MARK.search(citation.quote) else ""
    return plain(f"“{speech.speaker}” is {speech.resolved}" if speech.speaker else f"according to {speech.resolved}")


def _holds(text: str, name: str) -> bool:
    """Whether a text names somebody: by the last word of the name, which tells most."""
    last = re.findall(r"\w+", _FURTHER.sub("", name))[-1:]
    return bool(last and re.search(rf"\b{last[0]}\b", text, re.I))


def _according(speech: Speech, name: str, how: str) -> list[str]:
    """What to add, the fullest first."""
    if not name or (name == speech.speaker and name.lower() in ("he", "she", "it", "they")):
        verb = speech.verb or ""
        return [verb.lower() if verb.endswith("ly") else "allegedly" if speech.kind == "alleged" else "by one account"]
    name = mid_sentence(name)
    names = dict.fromkeys((name, bare_name(name), _FURTHER.sub("", name)))
    return [*(f"{how} {plain(one)}" for one in names), "by one account"]
