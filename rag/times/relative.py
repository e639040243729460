"""Relative dates in a sentence of an article, told from the day on which the article was published.

"Friday" is the one before or after by the tense around it; where that leaves two readings, it stays unresolved.

>>> [resolved.display for resolved in resolve_relative("The bridge reopened on Friday.", "2025-06-08")]
['Friday = 6 June 2025']
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

from rag.times.days import show_days
from rag.times.moments import Moment, find_moments, is_word

_ELSEWHERE = re.compile(
    r"(?<![\w-])(?:(?:the|that) (?:(?:previous|following|next|same|preceding) (?:day|night|morning|evening|week|weekend|month|year)"
    r"|(?:day|night|week|month|year) (?:before|after)(?! last\b| yesterday\b| tomorrow\b))"
    r"|(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten) (?:day|week|month|year)s? (?:earlier|later|before|after))\b",
    re.I | re.A,
)
"""Told from another day of the story, which this module does not look for."""
_NO_DAY = re.compile(r"(?:[Ee]very|[Ee]ach|[Aa]ny|most|an?|one|some|first|second|third|fourth|[A-Z][\w’'-]*) $")
"""Before a weekday that is a habit or part of a name: "every Friday", "Black Friday"."""
_OPENERS = re.compile(r"(?:^|\W)(?:On|Last|This|Next|By|Since|Until|Before|After|From|For|Late|Early|But|And|As|While|When) $")
_PAST = (
    r"(?<!be )(?!(?:expect|schedul|plann|need|predict)ed)\w{2,}ed|was|were|had|has|have|did|said|says|told|took|"
    r"made|left|came|went|began|held|won|lost|met|fell|rose|struck|hit|wrote|gave|found|saw|got|sent|since|spoke|broke|ran|sank|shut|died|stood|brought|became|led|fled|drew|heard|paid|sold"
)
_FUTURE = (
    r"will|won[’']t|shall|forecast|predicted|must|should|could|may|might|due|scheduled|expected|planned|plans?|intends?|hopes?|going|"
    r"(?:is|are|was|were|set|about|ready|agreed|vowed|promised) to"
)
_CUE = re.compile(rf"(?<![\w’'-])(?:(?P<open>would)|(?P<future>{_FUTURE})|(?P<past>{_PAST}))(?![\w-])", re.I)
_BESIDE = re.compile(r" (?:(?:reporters|journalists|lawmakers|parliament|[A-Z]\w+(?: [A-Z]\w+)?) )?(?:(?:on|late|early) )*")
"""Between a verb and the day that goes with it alone: "said on Monday that he will"."""
_QUOTE = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
_SO_FAR = re.compile("earlier|so far", re.I)
_READ = 2000
"""Letters of a sentence that are read; beyond, it is no prose."""
_FEW = 4
"""Fewer words than this before a day, and it opens the sentence: no verb in the present tense can have gone before."""
_NEAR = 30
"""Letters within which a verb after a day belongs to it."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Resolved:
    """A relative date of a sentence: `sentence[start:end] == text`. Both days are None where it could not be resolved."""

    text: str
    start: int
    end: int
    first: str | None
    last: str | None
    """Equal to `first` for a single day."""
    display: str
    """Such as "Friday = 6 June 2025", or why the day is not known."""


def resolve_relative(sentence: str, published: str | None) -> list[Resolved]:
    """Find the relative dates of a sentence, in its order. Written dates ("Monday, 9 June") and years are not among them.

    Args:
        sentence: as it stands in the article.
        published: the article's `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`; None where it is not known.
    """
    day, sentence = _day(published), sentence[:_READ]
    found = [
        *(_resolved(sentence, moment, day) for moment in _relative(sentence, day or date(2000, 1, 1))),
        *(
            _unresolved(sentence, *match.span(), "told from another day of the story")
            for match in _ELSEWHERE.finditer(sentence)
            if is_word(sentence, *match.span())
        ),
    ]
    return sorted(found, key=lambda resolved: resolved.start)


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _relative(sentence: str, day: date) -> list[Moment]:
    moments = find_moments(sentence, day)
    written = [moment for moment in moments if moment.told == "calendar"]
    return [
        moment
        for moment in moments
        if moment.told != "calendar" and not (moment.told == "weekday" and (_dated(sentence, moment, written) or _habit(sentence, moment)))
    ]


def _dated(sentence: str, moment: Moment, written: list[Moment]) -> bool:
    """Whether a weekday stands beside its own date."""
    between = [sentence[moment.end : other.start] for other in written if other.start >= moment.end]
    between += [sentence[other.end : moment.start] for other in written if other.end <= moment.start]
    return any(len(gap) <= 5 and re.fullmatch(r"[,( ]*(?:the )?(?:an? )?", gap) for gap in between)


def _habit(sentence: str, moment: Moment) -> bool:
    before = sentence[: moment.start]
    return bool(_NO_DAY.search(before)) and not _OPENERS.search(before)


def _resolved(sentence: str, moment: Moment, day: date | None) -> Resolved:
    place = moment.start, moment.end
    if not day:
        return _unresolved(sentence, *place, "the article has no date")
    if _ambiguous(moment, day):
        return _unresolved(sentence, *place, "two days are possible")
    first, last = moment.first, min(moment.last, day) if _SO_FAR.match(moment.text) else moment.last
    if moment.told == "weekday" or moment.text.lower() == "the weekend":
        tense = _tense(sentence, moment)
        if tense == "past" and sentence[moment.end : moment.end + 2] in ("'s", "’s"):
            tense = None  # "said Friday's vote": the day may lie ahead
        if not tense or (tense == "future" and (first == day or moment.told != "weekday")):
            return _unresolved(sentence, *place, "two days are possible")
        if tense == "future":
            first = last = first + timedelta(days=7)
    return Resolved(
        text=moment.text,
        start=moment.start,
        end=moment.end,
        first=first.isoformat(),
        last=last.isoformat(),
        display=f"{moment.text} = {show_days(first, last)}",
    )


def _unresolved(sentence: str, start: int, end: int, why: str) -> Resolved:
    text = sentence[start:end]
    return Resolved(text=text, start=start, end=end, first=None, last=None, display=f"{text}: not resolved, {why}")


def _ambiguous(moment: Moment, day: date) -> bool:
    """Whether "last" or "next" is read in two ways: of a weekday in the same week, of a month or season in the same year."""
    words = moment.text.lower().split()
    if moment.told != "clock" or words[0] not in ("last", "next") or len(words) != 2:
        return False
    if words[1].endswith("day"):
        return moment.first.isocalendar()[:2] == day.isocalendar()[:2]
    return words[1] not in ("week", "weekend", "month", "quarter", "year", "decade", "night") and moment.first.year == day.year


def _tense(sentence: str, moment: Moment) -> str | None:
    """The tense of the nearest verb before a moment, or of the first one after; None where they leave it open."""
    quotes = (quote.span() for quote in _QUOTE.finditer(sentence))
    start, end = next((quote for quote in quotes if quote[0] < moment.start < quote[1]), (0, len(sentence)))
    before = list(_CUE.finditer(sentence, start, moment.start))
    after = _CUE.search(sentence, moment.end, end)
    if not before:
        opens = len(sentence[start : moment.start].split()) < _FEW or (after and after.lastgroup == "future")
        return _plain(after) if opens and after and after.start() - moment.end < 2 * _NEAR else None
    if before[-1].lastgroup == "past" and not _BESIDE.fullmatch(sentence, before[-1].end(), moment.start):
        ahead = after and after.lastgroup != "past" and after.start() - moment.end < _NEAR
        if ahead or re.search(r"\b(?:until|till|through|by|for) $", sentence[: moment.start]):
            return None
    return _plain(before[-1])


def _plain(cue: re.Match[str] | None) -> str | None:
    return cue.lastgroup if cue and cue.lastgroup != "open" else None
