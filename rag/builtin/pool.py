"""From what the reader found in each passage to one answer: shape the spans, group those that say the same, weigh the groups.

A span is grown to the whole value that it touches ("2022" to "August 2022", "400" to "2,400"). Spans that say the same, or of
which one says a part of what the other says, support each other, each article once. The weights were measured: docs/experiments.md.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from index.terms import stems
from index.types import Passage, Span
from rag.builtin.evidence import clipped, lexical
from rag.builtin.rank import ReadPassage
from rag.facts.values import Value, dates, durations, names, numbers
from rag.question import Kind, Question

if TYPE_CHECKING:
    from index.encoder import Encoder

SPANS = 3
"""Answers of one passage that are looked at."""
MAX_WORDS = 12
"""Words of a short answer."""
_WRONG_KIND: dict[Kind, float] = {"date": 10.0, "number": 5.0, "duration": 3.0}
"""What a span costs, in logits, that holds no value of the kind that is asked for."""
_RELEVANCE = 0.5
"""What a logit of the passage's relevance adds to its answers."""
_FOUND = 6.0
"""What the search score, about 0 to 1.25, adds: it knows how rare the words are that passage and question share."""
ENCODED = 24
"""Answers whose sentences' vectors are computed, the likeliest."""
_MEANING = 5.0
"""What a cosine of 1 between question and sentence adds."""
_COVERED = 4.0
"""What a sentence adds in or near which all of the question's words stand."""
_AGREED = 0.5
"""What another article's agreement adds, as a share of its softplus."""
_FULLER = 2.0
"""Logits that an answer which says more may be less likely than the one it says more than."""
_WHEN = re.compile(
    r"\b(?:(?:mon|tues|wednes|thurs|fri|satur|sun)day|today|yesterday|tomorrow|morning|evening|night|last|next|week|month)\b"
)
_WEEKDAY = re.compile(r"\b(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day,? (?:the )?$")
_AGE = re.compile(r"\b(?:old|long|years|months|weeks|days|hours)\b", re.I)
_EDGE = " \t\n,;:.!?\"'“”‘’()[]–—-"
_ITEM = r"(?:(?:the |a |an )?[A-ZÀ-Þ\d][\w’'-]*(?: (?:of|de|du|al|el) [A-ZÀ-Þ][\w’'-]*| [A-ZÀ-Þ][\w’'-]*)*|(?:a |an )?[a-z]+ [A-Z][\w’'-]*)"
_LIST = re.compile(r", | and ")
_ENUMERATION = re.compile(rf"{_ITEM}(?:, {_ITEM})*,? (?:and|or) {_ITEM}")
_MARK = re.compile(r"[^\w%$€£ ]+")
_ARTICLE = re.compile(r"\b(?:a|an|the)\b")


@dataclass(frozen=True, kw_only=True, slots=True)
class Given:
    """An answer that one passage gives."""

    passage: Passage
    text: str
    """As the article spells it."""
    start: int
    """In article offsets."""
    end: int
    sentence: Span
    """The sentence that carries it."""
    key: str
    """Equal for answers that say the same."""
    margin: float
    """What the reader alone says of it: logits of the span above "no answer", and of the passage's relevance."""
    score: float
    """How likely it answers, in logits: of the span, of the passage's relevance, and what search says."""
    of_kind: bool
    """Whether it holds a value of the kind that is asked for."""

    @property
    def carrier(self) -> str:
        """The words of the sentence."""
        return self.passage.text[self.sentence.start - self.passage.start : self.sentence.end - self.passage.start]

    @property
    def around(self) -> tuple[str, ...]:
        """The sentence before it, if the passage has one, and the title."""
        start = self.passage.start
        before = [
            self.passage.text[span.start - start : span.end - start] for span in self.passage.sentences if span.end <= self.sentence.start
        ]
        return (*before[-1:], self.passage.title or "")


@dataclass(frozen=True, kw_only=True, slots=True)
class Group:
    """Answers that say the same, best first."""

    members: tuple[Given, ...]
    score: float

    @property
    def best(self) -> Given:
        """The one to show."""
        return self.members[0]


def pooled(asked: Question, read: Sequence[ReadPassage], weights: Mapping[str, float], encoder: Encoder) -> list[Group]:
    """The groups of answers in passages that were read, best first.

    Args:
        asked: the question.
        read: as `rank` gave them.
        weights: stem -> weight of the question's words (see `Home.term_weights`).
        encoder: tells how near the sentence of an answer is to the question.
    """
    passages = [item.passage for item in read]
    found = sorted((item for one in read for item in _of_passage(asked, one, passages, weights)), key=lambda item: -item.score)
    given = sorted(_with_meaning(asked, found[:ENCODED], encoder), key=lambda item: -item.score)
    groups: list[list[Given]] = []
    for item in given:
        home = next((group for group in groups if _says_the_same(group[0], item)), None)
        if home is None:
            groups.append([item])
        else:
            home.append(item)
    weighed = [Group(members=tuple(_fullest_first(group)), score=_score(group)) for group in groups]
    return sorted(weighed, key=lambda group: -group.score)


def _with_meaning(asked: Question, given: Sequence[Given], encoder: Encoder) -> Iterator[Given]:
    """The answers with what the nearness of their sentences to the question adds."""
    sentences = list(dict.fromkeys(item.carrier for item in given))
    near = dict(
        zip(sentences, encoder.encode([clipped(text, encoder) for text in sentences]) @ encoder.encode_query(asked.text), strict=True)
    )
    for item in given:
        yield replace(item, score=item.score + _MEANING * float(near[item.carrier]))


def _of_passage(asked: Question, read: ReadPassage, passages: Sequence[Passage], weights: Mapping[str, float]) -> Iterator[Given]:
    passage = read.passage
    for span in read.reading.spans[:SPANS]:
        sentence = sentence_of(passage, passage.start + span.start)
        value = _whole(asked, passage, sentence, passage.start + span.start, passage.start + span.end)
        if value is None or _echoes(asked, value.text):
            continue
        margin = span.score + _RELEVANCE * read.reading.relevance
        score = margin + _FOUND * passage.score
        score += _COVERED * lexical(asked, passage, sentence, passages, weights).covered
        of_kind = _is_of_kind(asked, value)
        if not of_kind:
            score -= _WRONG_KIND[asked.kind]
        yield Given(
            passage=passage,
            text=value.text,
            start=value.start,
            end=value.end,
            sentence=sentence,
            key=value.key,
            margin=margin,
            score=score,
            of_kind=of_kind,
        )


def _is_of_kind(asked: Question, value: Value) -> bool:
    """Whether a value is of the kind that is asked for; "on Friday" is a date, too."""
    if asked.kind not in _WRONG_KIND or value.key != _plain(value.text) or values_of(asked, value.text):
        return True
    return asked.kind == "date" and bool(_WHEN.search(value.key))


def sentence_of(passage: Passage, place: int) -> Span:
    """The sentence of a passage that holds the code point `place` of the article."""
    held = [span for span in passage.sentences if span.start <= place]
    return held[-1] if held else Span(passage.start, passage.end)


def _whole(asked: Question, passage: Passage, sentence: Span, start: int, end: int) -> Value | None:
    """What the words from `start` to `end` are a part of, in article offsets: a date or number, a name, a list."""
    begin = sentence.start
    text = passage.text[begin - passage.start : sentence.end - passage.start]
    start, end = max(start - begin, 0), min(end - begin, len(text))
    touched = [value for value in values_of(asked, text) if _with_weekday(text, value) < end and start < value.end]
    if touched:
        start, end = touched[0].start, touched[-1].end if asked.many else touched[0].end
    elif asked.kind not in ("date", "duration", "number"):
        for name in names(text):
            if name.start < end and start < name.end and _is_one(name.text) and not _adds_asked(asked, text[start:end], name.text):
                start, end = min(start, name.start), max(end, name.end)
    if asked.many:
        start, end = _whole_list(text, start, end)
    words = text[start:end].strip(_EDGE)
    if not words:
        return None
    place = begin + text.index(words, max(start, 0))
    key = touched[0].key if touched and words == touched[0].text else _plain(words)
    return Value(words, place, place + len(words), key)


def _with_weekday(text: str, value: Value) -> int:
    """Where a value starts with the weekday before it: "Monday" of "Monday, 9 June" is the same day."""
    weekday = _WEEKDAY.search(text[: value.start])
    return weekday.start() if weekday else value.start


def _is_one(name: str) -> bool:
    """Whether a run of capitals is one name: "Center for Strategic and International Studies", but not "Ada Finch and Una Marsh"."""
    return " for " in name or not _LIST.search(name)


def _adds_asked(asked: Question, words: str, name: str) -> bool:
    """Whether a name brings in what is asked about: "Una Marsh of the Skarn Line" would not answer who employs Una Marsh."""
    return bool((set(stems(name)) - set(stems(words))) & set(asked.names))


def _whole_list(text: str, start: int, end: int) -> tuple[int, int]:
    """The whole of an enumeration ("Mali, Burkina Faso and Niger") of which `start` to `end` is a part."""
    for match in _ENUMERATION.finditer(text):
        if match.start() <= start < match.end() or match.start() < end <= match.end():
            return min(start, match.start()), max(end, match.end())
    return start, end


def values_of(asked: Question, sentence: str) -> list[Value]:
    """The values of a sentence that are of the kind that is asked for; none where names or phrases are."""
    match asked.kind:
        case "date":
            return dates(sentence)
        case "duration":
            return durations(sentence)
        case "number":
            return sorted([*numbers(sentence), *(durations(sentence) if _AGE.search(asked.text) else [])], key=lambda value: value.start)
        case _:
            return []


def _echoes(asked: Question, text: str) -> bool:
    """Whether the question already says this."""
    own = set(stems(text))
    return bool(own) and own <= set(stems(asked.text))


def _plain(text: str) -> str:
    """`text` without case, punctuation and articles."""
    return " ".join(_ARTICLE.sub(" ", _MARK.sub(" ", text.casefold())).split())


def _says_the_same(one: Given, other: Given) -> bool:
    """Whether two answers are equal, or one is a part of the other."""
    if one.key == other.key:
        return True
    left, right = set(one.key.split()), set(other.key.split())
    if not left or not right:
        return False
    return left <= right or right <= left


def _score(group: Sequence[Given]) -> float:
    """The best member's logit, and some of what other articles add."""
    best = {item.passage.source: item.score for item in reversed(group)}
    first, *others = sorted(best.values(), reverse=True)
    return first + _AGREED * sum(math.log1p(math.exp(min(score, 10.0))) for score in others[:4])


def _fullest_first(group: Sequence[Given]) -> list[Given]:
    """The best member first; one that says more goes before it if it is nearly as good."""
    best, words = group[0], set(group[0].key.split())
    fuller = [item for item in group if words < set(item.key.split()) and item.score > best.score - _FULLER and len(item.text.split()) <= 6]
    return [*fuller[:1], *(item for item in group if item not in fuller[:1])]
