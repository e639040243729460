"""What the articles lack, in one sentence with true counts: no article mentions a name, none since a day, or none says how many.

The counts are the catalogue's, of all articles and not of those that were found for the question (see `Home.mentions`). That none of
them says what was asked is only claimed where as many articles were read as mention it.
"""

from __future__ import annotations

import itertools
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from index.terms import STOP_WORDS, stems, words
from index.types import Filters, Passage
from rag.builtin.evidence import alluded
from rag.facts.intervals import interval
from rag.facts.values import Value, dates, names
from rag.question import Question, read_question
from rag.times.days import show_days

if TYPE_CHECKING:
    from index.home import Home
    from index.mentions import Mentions

MOST_NAMES = 4
"""Names or words of a question that are counted."""
_STOP = "|".join(sorted(STOP_WORDS))
_AUXILIARY = "did|do|does|is|are|was|were|has|have|had|can|could|will|would|should|to"
_ASKED = re.compile(rf"\b(how (?!(?:{_AUXILIARY})\b)[a-z]+|how|when|where|who|whom|whose|why|which|what)\b")
_VERB_FOLLOWS = re.compile(r"\b(?:did|do|does|has|have|had|will|can|could|would|should) the $", re.I)
"""Before a name that is followed by a verb, not by a noun of its own: "when did the Senate vote"."""
_NOUN = re.compile(rf" (?!(?:{_STOP})\b)([a-z][\w-]*)(?<!ed)(?<!ing)(?=$|[?.!,]| )( (?!(?:{_STOP})\b)[a-z]+)?")
"""The word after a name, if it may be a noun; and the next, if that may be a verb."""
_PEOPLE = re.compile(r"^\w+(?:ese|ish|[a-z]ans?|ch)$")
"""What names a people is no name of its own before a noun: "Chinese instructors"."""
_NO_TOPIC = frozenset(
    "many much long old far big high tall large name list tell explain describe year years month months day days date week number share "
    "percentage kind type sort say said says mean means happen happened people".split()
)
"""Words of a question that say what is asked, not what about."""


@dataclass(frozen=True, kw_only=True, slots=True)
class _Topic:
    """What a question is about, as it can be counted and said."""

    names: tuple[str, ...]
    """Each as `Home.mentions` takes it."""
    shown: tuple[str, ...]
    verbs: tuple[str, str]
    """Of several articles, and of one."""

    @property
    def object(self) -> str:
        """All of it as the object of the verb."""
        if self.verbs == _HAVE:
            return f"the word{'s' if len(self.names) > 1 else ''} {_joined(self.shown, 'and')}"
        return f"both {_joined(self.shown, 'and')}" if len(self.shown) == 2 else _joined(self.shown, "and")


_MENTION, _HAVE = ("mention", "mentions"), ("have", "has")


def what_is_missing(question: str, home: Home, passages: Sequence[Passage], filters: Filters) -> str:
    """Say in one sentence what the articles of a home lack for a question.

    Args:
        question: in plain words.
        home: what is asked.
        passages: those that were read and do not answer.
        filters: which articles could have answered.
    """
    asked, scope = read_question(question), _Scope(home, filters)
    if not scope.everywhere([]).articles:
        return "There are no articles."
    found, says = _names(asked.text, scope), _says(asked)
    topic = _named(found, passages, scope) if found else _worded(asked)
    if isinstance(topic, str):
        return topic
    if topic is None:
        return f"Articles touch on the subject, but none says {says}." if scope.within([]).articles else "No article passes the filters."
    return _lacking(topic, scope) or _unsaid(asked, topic, scope, says, read=len({passage.article_id for passage in passages}))


# What it is about


def _named(found: Mapping[str, str], passages: Sequence[Passage], scope: _Scope) -> _Topic | str | None:
    """The names of a question that articles mention, or what to say of those that none does; None where they stand in another form."""
    absent = [name for name in found if not scope.everywhere([name]).articles]
    unknown = [name for name in absent if name.split()[-1][0].islower() or not alluded(name, passages)]
    if unknown:
        return f"No article mentions {_joined([found[name] for name in unknown], 'or')}{_in_part(unknown, scope)}."
    known = [name for name in found if name not in absent]
    return _Topic(names=tuple(known), shown=tuple(found[name] for name in known), verbs=_MENTION) if known else None


def _names(text: str, scope: _Scope) -> dict[str, str]:
    """The names in a question, each with its common noun, and how it is shown: with the "the" that it has."""
    if text.upper() == text:
        return {}
    opened = re.sub(r"^\W*\w+", lambda word: word[0].lower() if word[0].lower() in STOP_WORDS | _NO_TOPIC else word[0], text)
    found: dict[str, str] = {}
    for value in names(opened):
        before = opened[: value.start]
        name = value.text + _noun_of(opened, value, before, scope)
        found.setdefault(name, f"the {name}" if before.endswith("the ") else name)
    return dict(itertools.islice(found.items(), MOST_NAMES))


def _noun_of(text: str, name: Value, before: str, scope: _Scope) -> str:
    """The common noun of a name, after a space: "barracks" of "at the Kati barracks"; empty where the next word may be a verb."""
    noun = _NOUN.match(text, name.end)
    if noun is None:
        return ""
    whole, is_known = f"{name.text} {noun[1]}", scope.everywhere([name.text]).articles > 0
    if _PEOPLE.search(name.text) and not is_known:
        return f" {noun[1]}"
    if not before.endswith("the ") or not is_known:
        return ""
    is_object = not _VERB_FOLLOWS.search(before)
    return f" {noun[1]}" if is_object or (noun[2] and scope.everywhere([whole]).articles) else ""


def _in_part(unknown: Sequence[str], scope: _Scope) -> str:
    """How many articles mention the last capitalised word of the one name that none mentions whole."""
    parts = [part for part in unknown[0].split() if part[0].isupper()]
    held = scope.everywhere(parts[-1:]).articles if len(unknown) == 1 and " " in unknown[0] else 0
    return f"; {held:,} {'mentions' if held == 1 else 'mention'} {parts[-1]}" if held else ""


def _worded(asked: Question) -> _Topic | None:
    """The words of a question that say what it is about."""
    chosen = list(dict(_content(asked)).values())[:MOST_NAMES]
    return _Topic(names=tuple(chosen), shown=tuple(f"“{word}”" for word in chosen), verbs=_HAVE) if chosen else None


def _content(asked: Question) -> list[tuple[str, str]]:
    plain = [word for _, word in words(asked.text) if word not in STOP_WORDS and word not in _NO_TOPIC]
    return [(stems(word)[0], word) for word in plain if not word.isdigit()]


# What is said of it


def _lacking(topic: _Topic, scope: _Scope) -> str | None:
    """That no article mentions it; None where some do."""
    nowhere = [shown for name, shown in zip(topic.names, topic.shown, strict=True) if not scope.everywhere([name]).articles]
    if nowhere:
        return f"No article has the word {_joined(nowhere, 'or')}."
    if scope.within(topic.names).articles:
        return None
    absent = [number for number, name in enumerate(topic.names) if not scope.within([name]).articles]
    if absent:
        one = _Topic(names=(topic.names[absent[0]],), shown=(topic.shown[absent[0]],), verbs=topic.verbs)
        return f"No article{scope.inside} {one.verbs[1]} {one.object}{scope.outside(one)}."
    if topic.verbs == _MENTION and len(topic.names) == 2 and not scope.outside(topic):
        first, second = (scope.within([name]).articles for name in topic.names)
        return f"{_count(first, scope)} {topic.verbs[first == 1]} {topic.shown[0]} and {second} {topic.shown[1]}, none both."
    every = _joined(topic.shown, "and") if topic.verbs == _MENTION else topic.object
    return f"No article{scope.inside} {topic.verbs[1]} {every} together{scope.outside(topic)}."


def _unsaid(asked: Question, topic: _Topic, scope: _Scope, says: str, *, read: int) -> str:
    """That some articles mention it, and none says what is asked."""
    held = scope.within(topic.names)
    opening = f"{_count(held.articles, scope)} {topic.verbs[held.articles == 1]} {topic.object}"
    if held.newest and not scope.has_dates and _first_day_asked(asked) > held.newest:
        return f"{opening}, none after {_month(held.newest)}."
    more = scope.outside(topic, verb="mention it" if len(topic.names) == 1 else "mention them")
    if held.articles > read:
        return f"{opening}; those read for this do not say {says}{more}."
    return f"{opening} and does not say {says}{more}." if held.articles == 1 else f"{opening}, none says {says}{more}."


def _says(asked: Question) -> str:
    """What is asked, as the object of "says"."""
    match, kind = _ASKED.search(asked.text.lower()), asked.kind
    if kind in ("date", "duration", "polar"):
        return {"date": "when", "duration": "how long", "polar": "whether that is so"}[kind]
    opener = match[1] if match else "what"
    if kind == "explain" and opener not in ("why", "how"):
        return "more about it"
    return "how much" if kind == "number" and opener in ("what", "which") else opener


def _first_day_asked(asked: Question) -> str:
    """The first day of the latest date that a question names; empty where it names none."""
    spans = [days for value in dates(asked.text) if (days := interval("date", value.text)) is not None]
    return max((date.fromordinal(int(days.low)).isoformat() for days in spans), default="")


def _month(day: str) -> str:
    return datetime.fromisoformat(day).strftime("%B %Y")


def _count(articles: int, scope: _Scope) -> str:
    return f"{articles:,} article{'' if articles == 1 else 's'}{scope.inside}"


def _joined(parts: Sequence[str], word: str) -> str:
    return f"{', '.join(parts[:-1])} {word} {parts[-1]}" if len(parts) > 1 else parts[0]


# Within the filters and outside them


class _Scope:
    """Counts within the filters and of all articles, and how to speak of the two."""

    def __init__(self, home: Home, filters: Filters) -> None:
        self._home = home
        self._filters = filters
        self._kept: dict[tuple[tuple[str, ...], Filters], Mentions] = {}
        self.has_dates = bool(filters.since or filters.until)
        self.inside, self._elsewhere = _described(filters)

    def within(self, names: Sequence[str]) -> Mentions:
        """The articles within the filters that mention all these names."""
        return self._counted(names, self._filters)

    def everywhere(self, names: Sequence[str]) -> Mentions:
        """All articles that do."""
        return self._counted(names, Filters())

    def outside(self, topic: _Topic, *, verb: str = "") -> str:
        """How many articles outside the filters mention it, as an addition to a sentence; empty where none does."""
        every = self.everywhere(topic.names)
        count = every.articles - self.within(topic.names).articles - (every.undated if self._only_dates else 0)
        if not count or self._filters == Filters():
            return ""
        does = verb.replace("mention", "mentions") if count == 1 else verb
        return f"; {count:,} {self._elsewhere} {does or ('does' if count == 1 else 'do')}"

    @property
    def _only_dates(self) -> bool:
        return self.has_dates and not (self._filters.publishers or self._filters.paths)

    def _counted(self, names: Sequence[str], filters: Filters) -> Mentions:
        key = (tuple(names), filters)
        if key not in self._kept:
            self._kept[key] = self._home.mentions(names, filters=filters)
        return self._kept[key]


def _described(filters: Filters) -> tuple[str, str]:
    """What follows "article" for those within the filters, and what the others are called."""
    parts = [bool(filters.since or filters.until), bool(filters.publishers), bool(filters.paths)]
    if sum(parts) > 1:
        return " within the filters", "outside them"
    if filters.publishers:
        return f" of {_joined(filters.publishers, 'or')}", "of others"
    if filters.paths:
        return f" under the given path{'s' if len(filters.paths) > 1 else ''}", "elsewhere"
    if filters.since and filters.until:
        return f" from {show_days(_days(filters.since)[0], _days(filters.until)[1])}", "of other times"
    if filters.since:
        return f" since {show_days(*_days(filters.since))}", "before"
    return (f" up to {show_days(*_days(filters.until))}", "after") if filters.until else ("", "")


def _days(text: str) -> tuple[date, date]:
    """The first and the last day that a date of a filter names."""
    from index.types import day_bounds

    first, last = (datetime.strptime(str(day), "%Y%m%d").date() for day in day_bounds(text))
    return first, last
