"""Times in a question become days of publication to search.

English, by rules; tests/cases/README.md says which times ask for a filter and which belong to the event that is asked about.

>>> times = read_times("What has the navy said since last Friday?", date(2025, 6, 11))
>>> times.since, times.until, times.words[0].text
('2025-06-06', None, 'since last Friday')
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from typing import NamedTuple

from rag.times.moments import Moment, find_moments, is_word

_FRAME = re.compile(
    r"(?<![\w’'-])(?P<frame>(?:(?<!time )ever |(?<!time ))since|as (?:of|at)|up until|until|till|up to|through|by|"
    r"before|prior to|(?:earlier|older|newer|later) than|after|between|from|in|during|(?<!Mail )(?<!Sun )on|over|within|for|throughout) $",
    re.I,
)
_SINCE, _UNTIL = ("since", "ever since", "from"), ("as of", "as at", "until", "till", "up until", "up to", "through", "by")
_BEFORE, _AFTER = ("before", "prior to", "earlier than", "older than"), ("after", "later than", "newer than")
_ALWAYS = ("since", "ever since", "as of", "as at", "older than", "newer than")
"""What makes a filter of a date by the calendar, whatever the question is about."""
_NEGATED = re.compile(r"\b(?:nothing|none|not|no) $", re.I)
_EDGE = re.compile(r"the (?:start|beginning|end|turn) of", re.I)
"""A point in time: articles are searched from it or up to it, not on it."""
_JOINS = {"between": " and ", "from": " to | until | till | through | up to "}
_ONWARDS = re.compile(r" (?:onwards?|on(?=\s*[,?.!]|\s*$| (?:has|have|did|is|was|were|had)\b))", re.I)
_NEWS = r"(?:articles|stories|news|coverage|headlines|papers|newspapers|reports|reporting|press|pieces)"
_TELLS = r"(?:report(?:ed|s)?|cover(?:ed|s)?|wr[io]tes?|written|says?|said|(?:print|publish|carr(?:y|ied)|ran|run)\b.{0,60} (?:on|about))"
_REPORTING = re.compile(
    r"\barticles\b(?! (?:of|in) the (?:const|treat|law|code|statut|agree|chart))|\b(?:coverage|headlines)\b"
    r"|\b(?:in|by) the (?:press|news|papers|media)\b|\b(?:nothing|only|anything|everything) (?:from|before|after|until|up to)\b"
    r"|\b(?:news|stories|reports|reporting|pieces) (?:on|about|of|from|in|before|after|until|between|published|written|dated)\b"
    rf"|\b(?:press|papers?|newspapers?|media|news(?:rooms?| agencies| sites)|reporters|journalists|correspondents)\b.{{0,40}}? {_TELLS}\b"
    r"|\b(?:what|anything|everything|much) (?:else )?(?:was|were|is|has been|have been|had been) (?:\w+ )?"
    r"(?:reported|written|published|printed)\b(?! to\b)"
    r"|\b(?:reported|written|published) (?:on|about)\b(?! \d| (?:the )?(?:Jan|Feb|March|April|May|June|July|Aug|Sept|Oct|Nov|Dec|\w+day))",
    re.I,
)
_OF_NEWS = re.compile(rf"\b{_NEWS} (?:of|dated)(?: the)? $", re.I)
_NEWS_FOLLOWS = re.compile(rf" {_NEWS}\b(?! (?:of|in) the)", re.I)
_EVENT = re.compile(
    r"(?<!\bwas )(?<!\bwere )(?<!\bbeen )(?<!\bstories )(?<!\barticles )(?<!\breports )(?<!\bnews )(?<!\bpapers )(?<!\bcoverage )"
    r"\b(?:\w+ed|held|built|born|won|written|made|begun|found|cut|set) $",
    re.I,
)
"""Before "in 2021": the time of a deed ("the audit published in 2021"), be the question about articles or not."""
_TOLD_NEWS = re.compile(rf"[’']s? (?:\w+ )?{_NEWS}\b", re.I)
_FUTURE = re.compile(r"^(?:\w+ ){0,4}?(?:will|shall)\b|\b(?:due to|going to|scheduled)\b", re.I)
_PRESENT = re.compile(r"^(?:\w+ ){0,3}?(?:is|are|does|do|can|may|must|should)\b", re.I)
_QUOTED = re.compile(r"“[^”]*”|\"[^\"]*\"|(?<!\w)[‘'][^‘’']*[’'](?!\w)")
_LATEST = re.compile(
    r"(?<!\bat )(?<!\bat the )(?:\bthe )?\b(?:latest|most recent|newest|most up[- ]to[- ]date)\b"
    r"(?! (?:possible |permitted )?(?:time|date|day|hour|moment|point|deadline)\b)"
    r"|\bcurrently\b|\b(?:right now|at the moment|at present)\b|\bnow(?=\s*\?*$)"
    r"|(?<=\bthe )current(?= [a-z])(?! (?:is|was|in|of|at|that|which|under|off|along|from|on|to|and|carr|flow|pull|drag|ran|run|turn|swe))"
    r"|(?:(?<=[’']s )|(?<=\bits )|(?<=\bhis )|(?<=\bher )|(?<=\btheir )|(?<=\bwhich )|(?<=\bwhat )|(?<=^))current(?= [a-z])",
    re.I,
)


class Phrase(NamedTuple):
    """Words of a question that were understood as a time: `question[start:end] == text`."""

    text: str
    start: int
    end: int


@dataclass(frozen=True, kw_only=True, slots=True)
class Times:
    """Which days of publication a question asks for. Days are inclusive `YYYY-MM-DD`, None where open."""

    since: str | None = None
    until: str | None = None
    latest: bool = False
    """Whether the newest state is asked for."""
    words: tuple[Phrase, ...] = ()
    """The words for these days, in the order of the question."""


class _Wish(NamedTuple):
    phrase: Phrase
    since: date | None
    until: date | None


def read_times(question: str, today: date) -> Times:
    """Read the filter and the wish for the newest out of a question.

    Args:
        question: in plain words; times inside quotation marks are titles.
        today: as the asker knows it.
    """
    text = _QUOTED.sub(lambda match: "_" * len(match.group()), question)
    wishes = _wishes(text, today)
    since = max((wish.since for wish in wishes if wish.since), default=None)
    until = min((wish.until for wish in wishes if wish.until), default=None)
    if since and until and since > until:
        wishes, since, until = [], None, None  # two periods that are compared, or a misunderstanding
    return Times(
        since=since.isoformat() if since else None,
        until=until.isoformat() if until else None,
        latest=any(is_word(text, *match.span()) for match in _LATEST.finditer(text)),
        words=tuple(Phrase(question[start:end], start, end) for _, start, end in (wish.phrase for wish in wishes)),
    )


def _wishes(text: str, day: date) -> list[_Wish]:
    wishes, moments = [], find_moments(text, day)
    while moments:
        first, *moments = moments
        found = _FRAME.search(text, 0, first.start)
        frame = found if found and is_word(text, found.start(), found.end("frame")) else None
        second = moments[0] if moments and frame and _joined(text, frame, first, moments[0]) else None
        wish = _pair(text, frame, first, second, day) if second and frame else _single(text, frame, first, day)
        moments = moments[1:] if second else moments
        if wish:
            wishes.append(wish)
    return wishes


def _joined(text: str, frame: re.Match[str], first: Moment, second: Moment) -> bool:
    join = _JOINS.get(frame["frame"].lower())
    return bool(join and re.fullmatch(join, text[first.end : second.start].removesuffix("the "), re.I))


def _pair(text: str, frame: re.Match[str], first: Moment, second: Moment, day: date) -> _Wish | None:
    """Between one moment and another. A year that only one of them names holds for both."""
    if first.told == second.told == "calendar" and not _reports(text, frame.start()):
        return None
    if "weekday" in (first.told, second.told) and (_FUTURE.search(text) or _PRESENT.search(text)):
        return None
    start, end = first.first, second.last
    if second.yearless and not first.yearless:
        end = _in_year_of(end, start)
    while first.yearless and start > end:
        start = start.replace(year=start.year - 1, day=min(start.day, 28))
    return _Wish(Phrase(text[frame.start() : second.end], frame.start(), second.end), start, min(end, day)) if start <= day else None


def _in_year_of(end: date, start: date) -> date:
    for year in (start.year, start.year + 1):
        moved = end.replace(year=year, day=min(end.day, 28) if end.month == 2 else end.day)
        if moved >= start:
            return moved
    return end


def _single(text: str, frame: re.Match[str] | None, moment: Moment, day: date) -> _Wish | None:
    name, start = (frame["frame"].lower(), frame.start()) if frame else ("", moment.start)
    onwards = _ONWARDS.match(text, moment.end) if name == "from" else None
    if not _counts(text, name, start, moment, day, onwards=bool(onwards)):
        return None
    negated = _NEGATED.search(text, 0, start) if name in ("older than", "newer than") else None
    name = {"older than": "since", "newer than": "until"}[name] if negated else name
    phrase = Phrase("", negated.start() if negated else start, onwards.end() if onwards else moment.end)
    if name in _SINCE[:2] or onwards:
        return _Wish(phrase, moment.first, None)
    if name in _UNTIL:
        return _Wish(phrase, None, moment.last if moment.told == "calendar" else min(moment.last, day))
    if name in _BEFORE:
        return _Wish(phrase, None, moment.first - timedelta(days=1))
    if name in _AFTER:
        return _Wish(phrase, moment.last + timedelta(days=1), None)
    return _Wish(phrase, moment.first, min(moment.last, day)) if moment.first <= day else None


def _counts(text: str, frame: str, start: int, moment: Moment, day: date, *, onwards: bool) -> bool:
    """Whether a moment speaks of publication, not of the event."""
    if _EDGE.match(moment.text) and frame not in _SINCE + _UNTIL + _BEFORE + _AFTER:
        return False
    if moment.told == "vague" or (moment.told != "calendar" and moment.first > day):
        return False
    if moment.told == "calendar":
        beside = _OF_NEWS.search(text, 0, moment.start) or _NEWS_FOLLOWS.match(text, moment.end)
        return frame in _ALWAYS or onwards or bool(beside) or (bool(frame) and _reports(text, start))
    possessive = re.match(r"[’']", text[moment.end :])
    if possessive or frame in _ALWAYS:
        return not possessive or bool(_TOLD_NEWS.match(text, moment.end))
    return not _FUTURE.search(text) and (moment.told == "clock" or (bool(frame) and not _PRESENT.search(text)))


def _reports(text: str, start: int) -> bool:
    return bool(_REPORTING.search(text)) and not _EVENT.search(text, 0, start)
