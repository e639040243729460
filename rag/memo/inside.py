"""Whether a memo fits itself: markers, numbers, offsets, and what it says twice. It needs no home and no model.

What a memo says twice (a marker in the text and a number of a sentence, a date of a citation and of its article) cannot be changed in
one place without being found out here, even where the digest was made anew.
"""

from __future__ import annotations

import re
from bisect import bisect_left
from collections.abc import Iterable, Iterator, Sequence

from index.terms import words
from index.types import Passage
from rag.builtin.attributed import attribution
from rag.builtin.extract import VERBATIM
from rag.markers import plain
from rag.memo.data import Memo, Source, differing, shown, words_of
from rag.memo.findings import Finding
from rag.strict import marked
from rag.times.relative import resolve_relative
from rag.types import Answer, Citation, Claim, Value

_MARKER = re.compile(r"\s*\[(\d+)\]")
_BESIDE = re.compile(r"\W*(?:\d+[.)])?\W*(?:\(unsupported\))?\W*")
"""What may stand between two sentences of a text: a bullet or a number of a list, and what marks a sentence as unsupported."""
_WHOLE = ("Yes", "No")
"""Values that rest on all of a quote."""
_ADDED = frozenset("yes no according to by denied allegedly reportedly one account".split())
"""Words of a short answer that need not stand in its quotes."""


def inside(memo: Memo) -> Iterator[Finding]:
    """What does not fit together in a memo."""
    sources = {source.id: source for source in memo.articles}
    if len(sources) < len(memo.articles):
        yield _wrong("", "an article is listed twice")
    for number, entry in enumerate(memo.answers, start=1):
        yield from _of_answer(entry.answer, sources, f"answer {number}")
    cited = {source.article_id for entry in memo.answers for source in shown(entry.answer)}
    yield from (_wrong("", f"the article {id_} is listed, and cited nowhere") for id_ in sources if id_ not in cited)


def _of_answer(answer: Answer, sources: dict[str, Source], where: str) -> Iterator[Finding]:
    if answer.status == "no_evidence" and (answer.citations or answer.claims or answer.text or answer.short):
        yield _wrong(where, "it says that the articles do not answer, and gives an answer")
    yield from _numbers(answer, where)
    yield from (_wrong(where, what) for what in _text(answer))
    yield from _short(answer, where)
    citations = {citation.number: citation for citation in answer.citations}
    for place, claim in enumerate(answer.claims, start=1):
        yield from _verbatim(claim, citations, f"{where}, sentence {place}")
    yield from (_wrong(where, what) for what in _listed(answer))
    for value in (*answer.disagreement, *answer.also_given):
        yield from _value(value, citations, where)
    for citation in answer.citations:
        yield from _source(citation, sources, f"{where}, [{citation.number}]")
        yield from _context(citation, f"{where}, [{citation.number}]")
    for place, passage in enumerate(answer.nearest, start=1):
        yield from _source(passage, sources, f"{where}, passage {place}")


# Numbers and markers


def _numbers(answer: Answer, where: str) -> Iterator[Finding]:
    numbers = [citation.number for citation in answer.citations]
    if numbers != list(range(1, len(numbers) + 1)):
        yield _wrong(where, f"its citations are numbered {', '.join(map(str, numbers))}, not 1 to {len(numbers)}")
    citing: list[Claim | Value] = [*answer.claims, *answer.disagreement, *answer.also_given]
    used = {number for item in citing for number in item.citations}
    yield from (_wrong(where, f"it cites [{number}], and there is no such source") for number in sorted(used - set(numbers)))
    yield from (_wrong(where, f"nothing cites [{number}]") for number in sorted(set(numbers) - used))


def _text(answer: Answer) -> Iterator[str]:
    """Where the text is not its sentences with their markers; a model may have put bullets and marks of its own between them."""
    if answer.claims and all(dict(claim.checks) == VERBATIM for claim in answer.claims):
        told = " ".join(map(marked, answer.claims))
        if answer.text != told:
            yield f"its text says “{answer.text}”, and its sentences “{told}”"
        return
    bare, marks, at = "", [], 0
    text = " ".join(answer.text.split())
    for match in _MARKER.finditer(text):
        bare += text[at : match.start()]
        marks.append((len(bare), int(match[1])))
        at = match.end()
    bare += text[at:]
    starts: list[int] = []
    at = 0
    for number, claim in enumerate(answer.claims, start=1):
        sentence = " ".join(claim.text.split())
        start = bare.find(sentence, at)
        if start < 0:
            yield f"its text lacks sentence {number}, “{sentence}”"
            return
        yield from _beside(bare[at:start], answer.claims[max(number - 2, 0) : number - 1])
        starts.append(start)
        at = start + len(sentence)
    yield from _beside(bare[at:], answer.claims[-1:])
    for place, claim in enumerate(answer.claims):
        own = tuple(dict.fromkeys(number for at, number in marks if _owner(starts, at) == place))
        if own != claim.citations:
            yield f"sentence {place + 1} cites {_marked(claim.citations)}, and in the text {_marked(own)}"


def _owner(starts: Sequence[int], at: int) -> int:
    """The sentence that a marker belongs to: the last that begins before it."""
    return max(bisect_left(starts, at) - 1, 0)


def _beside(words_between: str, claims: Iterable[Claim]) -> Iterator[str]:
    """What stands between two sentences and does not belong there."""
    for claim in claims:
        if claim.attribution:
            words_between = words_between.replace(f"({claim.attribution})", "", 1)
    if not _BESIDE.fullmatch(words_between):
        yield f"its text says “{words_between.strip()}”, which is none of its sentences"


def _marked(numbers: Iterable[int]) -> str:
    return "".join(f"[{number}]" for number in numbers) or "nothing"


# Words and values


def _short(answer: Answer, where: str) -> Iterator[Finding]:
    """The short answer must be made of words of the sentences and quotes."""
    speeches = [citation.speech for citation in answer.citations if citation.speech]
    known = [*(f"{claim.text} {claim.attribution}" for claim in answer.claims), *(citation.quote for citation in answer.citations),
             *(f"{speech.speaker} {speech.resolved} {speech.verb}" for speech in speeches)]  # fmt: skip
    lacking = _lacking(answer.short, known)
    if lacking:
        yield _wrong(where, f"its short answer “{answer.short}” has words that no sentence or quote of it holds: {', '.join(lacking)}")


def _verbatim(claim: Claim, citations: dict[int, Citation], where: str) -> Iterator[Finding]:
    """A sentence that is said to be the article's own must be."""
    cited = [citations[number] for number in claim.citations if number in citations]
    if dict(claim.checks) != VERBATIM:
        if claim.attribution:
            yield _wrong(where, f"it is attributed (“{claim.attribution}”), which only a sentence in the article's own words is")
    elif [plain(citation.quote) for citation in cited] != [claim.text]:
        yield _wrong(where, "it is said to be the article's own sentence, and its quote reads otherwise")
    elif claim.attribution != attribution(cited[0]):
        yield _wrong(where, f"who says it (“{claim.attribution}”) is not what the quote tells (“{attribution(cited[0])}”)")


def _listed(answer: Answer) -> Iterator[str]:
    """What is wrong with the lists of values."""
    days = [max((day or "" for day in value.published), default="") for value in answer.disagreement]
    if len(answer.disagreement) == 1:
        yield "its sources are said to disagree, and only one value is given"
    if days != sorted(days, reverse=True):
        yield "the values that contradict each other do not stand newest first"
    values = (*answer.disagreement, *answer.also_given)
    if len({(value.value, value.citations) for value in values}) < len(values):
        yield "a value is given twice"
    if not all(value.value for value in values):
        yield "a value is empty"


def _value(value: Value, citations: dict[int, Citation], where: str) -> Iterator[Finding]:
    cited = [citations[number] for number in value.citations if number in citations]
    if list(value.labels) != [citation.label for citation in cited]:
        yield _wrong(where, f"the sources of “{value.value}” are called {', '.join(value.labels)}, and otherwise where they are cited")
    if list(value.published) != [citation.published for citation in cited]:
        yield _wrong(where, f"the sources of “{value.value}” have other dates than where they are cited")
    if value.value not in _WHOLE and not any(value.value in plain(citation.quote) for citation in cited):
        yield _wrong(where, f"the value “{value.value}” does not stand in its quotes")


def _lacking(said: str, texts: Iterable[str]) -> list[str]:
    known = {word for text in texts for _, word in words(text)} | _ADDED
    return [word for _, word in words(said) if word not in known]


# Sources


def _source(source: Citation | Passage, sources: dict[str, Source], where: str) -> Iterator[Finding]:
    if source.end - source.start != len(words_of(source)):
        yield _wrong(where, f"characters {source.start} to {source.end} are not the {len(words_of(source))} of its words")
    article = sources.get(source.article_id)
    if article is None:
        yield _wrong(where, f"its article {source.article_id} is not listed")
        return
    for name in (*differing(source, article), *(["root"] if source.root != article.root else [])):
        yield _wrong(where, f"its {name} is {getattr(source, name)!r}, and {getattr(article, name)!r} in the list of articles")
    if source.label not in (source.publisher, source.title, source.path.rpartition("/")[2]):
        yield _wrong(where, f"it is called {source.label!r}, which is neither its publisher nor its title nor its file")


def _context(citation: Citation, where: str) -> Iterator[Finding]:
    if tuple(resolve_relative(citation.quote, citation.published)) != citation.dates:
        yield _wrong(where, "the days that its words mean are not those that its date gives")
    speech = citation.speech
    if speech and speech.start is not None and citation.quote[speech.start : speech.end] != speech.speaker:
        yield _wrong(where, f"its speaker {speech.speaker!r} does not stand in the quote where it says")


def _wrong(where: str, what: str) -> Finding:
    return Finding(kind="contradiction", where=where, what=what)
