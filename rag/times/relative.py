"""Relative dates in a sentence of an article, told from the day on which the article was published.

"Friday" is the one before or after by the tense around it; where that leaves two readings, it stays unresolved.

>>> [resolved.display for resolved in resolve_relative("The bridge reopened on Friday.", "2025-06-08")]
['Friday = 6 June 2025']
"""

from __future__ import annotations

import re
from datetime import date, timedelta

from rag.times.days import show_days
from rag.times.moments import Moment, find_moments, is_word
from rag.types import RelativeDate

_WEEKDAY = r"(?:mon|tues|wednes|thurs|fri|satur|sun)day"
_ELSEWHERE = re.compile(
    r"(?<![\w-])(?:(?:the|that) (?:(?:previous|following|next|same|preceding) "
    rf"(?:day|night|morning|evening|week|weekend|month|year|{_WEEKDAY})"
    r"|(?:day|night|week|month|year) (?:before|after)(?! last\b| yesterday\b| tomorrow\b))"
    r"|(?:\d{1,3}|an?|one|two|three|four|five|six|seven|eight|nine|ten) (?:day|week|month|year)s? (?:earlier|later|before|after)"
    rf"|that {_WEEKDAY}|the {_WEEKDAY} (?:before|after|earlier))\b",
    re.I | re.A,
)
"""Told from another day of the story, which this module does not look for."""
_NO_DAY = re.compile(r"(?:[Ee]very|[Ee]ach|[Aa]ny|most|an?|one|some|first|second|third|fourth|[A-Z][\w’'-]*) $")
"""Before a weekday that is a habit or part of a name: "every Friday", "Black Friday"."""
_OPENERS = re.compile(
    r"(?:^|\W)(?:On|Last|This|Next|By|Since|Until|Before|After|From|For|Late|Early|But|And|As|While|When|Between|Through|Come) $"
)
_OPENS_SPEECH = re.compile(r"(?:^|(?<=[,:] ))[\"“‘«](?=[^\"”’»]{20})")
"""A mark behind which a sentence begins, rather than a title."""
_SETTING = re.compile(
    r"(?:In|At|During) (?:an?|the|his|her|its|their) (?:[\w’'-]+ )?(?:statement|interview|speech|letter|report|post|message|briefing|"
    r"conference|ruling|vote|raid|attack|ceremony|session|hearing|meeting|address|broadcast|debate|filing)(?: (?:on|late|early))* $"
)
"""What may stand before a day at the head of a sentence, and holds no verb."""
_PAST = (
    r"(?<!be )(?!(?:expect|schedul|plann|need|predict)ed)\w{2,}ed|was|were|had|has|have|did|said|says|told|took|"
    r"made|left|came|went|began|held|won|lost|met|fell|rose|struck|hit|wrote|gave|found|saw|got|sent|since|spoke|broke|ran|sank|shut|died|stood|brought|became|led|fled|drew|heard|paid|sold"
)
_PLANS = r"to|due|scheduled|expected|planned|set|supposed|meant|going"
_FUTURE = (
    r"will|won[’']t|shall|forecast|predicted|must|should|could|may|might|due|scheduled|expected|planned|plans?|intends?|hopes?|going|"
    r"(?:is|are|set|about|ready|agreed|vowed|promised) to"
)
_PRESENT = (
    r"(?:re)?(?:opens?|starts?)|begins?|resumes?|ends?|closes?|meets?|travels?|arrives?|returns?|go(?:es)?|takes? (?:place|effect)|"
    r"expires?|kicks? off|departs?|flies|leaves?|(?:is|are)(?= (?:on )?$)"
)
"""Verbs that in the present tense tell what is planned."""
_CUE = re.compile(
    rf"(?<![\w’'-])(?:(?P<open>would|(?:was|were|had been)(?: \w+ly)? (?:{_PLANS}))|(?P<future>{_FUTURE})"
    rf"|(?<!the )(?<!an )(?<!a )(?<!to )(?P<planned>{_PRESENT})|(?P<past>{_PAST}))(?![\w-])",
    re.I,
)
_GOES_ON = re.compile(r" (?:(?:be|stay|remain|keep|get|have been) )?(?:not |\w+ly )?")
"""Between two words of one verb: "will stay shut", "would not travel"."""
_PERFECT = re.compile(r"\b(?:has|have) \w+ed [^,.;:]*\bfor $")
_BESIDE = re.compile(
    r" (?:(?:reporters|journalists|lawmakers|parliament|[A-Z]\w+(?: [A-Z]\w+)?|off|out|up|down|away|back|over|apart) )?"
    r"(?:(?:on|late|early) )*"
)
"""Between a verb and the day that goes with it alone: "said on Monday that he will"."""
_QUOTE = re.compile(r"“[^”]*”?|\"[^\"]*\"?")
_SO_FAR = re.compile("earlier|so far", re.I)
_OTHER_DAY = "told from another day of the story"
_READ = 2000
"""Letters of a sentence that are read; beyond, it is no prose."""
_FEW = 4
"""Fewer words than this before a day, and it opens the sentence: no verb in the present tense can have gone before."""
_MONTH = 31
"""Days up to which a written date counts as a full one,"""
_NEAR_DAYS = 10
"""and those within which a weekday beside it can still be told from the day of publication."""
_NEAR = 30
"""Letters within which a verb after a day belongs to it."""


def resolve_relative(sentence: str, published: str | None) -> list[RelativeDate]:
    """Find the relative dates of a sentence, in its order. Written dates ("Monday, 9 June") and years are not among them.

    Args:
        sentence: as it stands in the article.
        published: the article's `YYYY-MM-DD` or `YYYY-MM-DDTHH:MM`; None where it is not known.
    """
    day, sentence = _day(published), sentence[:_READ]
    elsewhere = [match.span() for match in _ELSEWHERE.finditer(sentence) if is_word(sentence, *match.span())]
    moments = [moment for moment in _relative(sentence, day or date(2000, 1, 1)) if not any(_overlap(moment, span) for span in elsewhere)]
    found = [
        *(_resolved(sentence, moment, day) for moment in moments),
        *(_unresolved(sentence, *span, _OTHER_DAY) for span in elsewhere),
    ]
    return sorted(found, key=lambda resolved: resolved.start)


def _overlap(moment: Moment, span: tuple[int, int]) -> bool:
    return moment.start < span[1] and span[0] < moment.end


def _day(published: str | None) -> date | None:
    try:
        return date.fromisoformat((published or "")[:10])
    except ValueError:
        return None


def _relative(sentence: str, day: date) -> list[Moment]:
    moments = _moments(sentence, day)
    written = [moment for moment in moments if moment.told == "calendar"]
    return [
        moment
        for moment in moments
        if moment.told != "calendar" and not (moment.told == "weekday" and (_dated(sentence, moment, written) or _habit(sentence, moment)))
    ]


def _moments(sentence: str, day: date) -> list[Moment]:
    return find_moments(_OPENS_SPEECH.sub("(", sentence), day)


def _dated(sentence: str, moment: Moment, written: list[Moment]) -> bool:
    """Whether a weekday stands beside its own date."""
    between = [sentence[moment.end : other.start] for other in written if other.start >= moment.end]
    between += [sentence[other.end : moment.start] for other in written if other.end <= moment.start]
    return any(len(gap) <= 5 and re.fullmatch(r"[,( ]*(?:the )?(?:an? )?", gap) for gap in between)


def _habit(sentence: str, moment: Moment) -> bool:
    before = sentence[: moment.start]
    return bool(_NO_DAY.search(before)) and not _OPENERS.search(before)


def _resolved(sentence: str, moment: Moment, day: date | None) -> RelativeDate:
    place = moment.start, moment.end
    if not day:
        return _unresolved(sentence, *place, "the article has no date")
    if _told_elsewhere(sentence, moment, day):
        return _unresolved(sentence, *place, _OTHER_DAY)
    if _ambiguous(moment, day):
        return _unresolved(sentence, *place, "two days are possible")
    first, last = moment.first, min(moment.last, day) if _SO_FAR.match(moment.text) else moment.last
    if moment.told == "weekday" or moment.text.lower() == "the weekend":
        tense = _tense(sentence, moment)
        if not tense or (tense == "future" and (first == day or moment.told != "weekday")):
            return _unresolved(sentence, *place, "two days are possible")
        if tense == "future":
            first = last = first + timedelta(days=7)
    return RelativeDate(
        text=moment.text,
        start=moment.start,
        end=moment.end,
        first=first.isoformat(),
        last=last.isoformat(),
        display=f"{moment.text} = {show_days(first, last)}",
    )


def _unresolved(sentence: str, start: int, end: int, why: str) -> RelativeDate:
    text = sentence[start:end]
    return RelativeDate(text=text, start=start, end=end, first=None, last=None, display=f"{text}: not resolved, {why}")


def _told_elsewhere(sentence: str, moment: Moment, day: date) -> bool:
    """Whether a moment may be told from another day than that of publication.

    So may a weekday beside another day's full date, and what somebody said ("yesterday") where the sentence tells when.
    """
    others = [other for other in _moments(sentence, day) if other.start != moment.start]
    full = [other for other in others if other.told == "calendar" and not other.yearless and (other.last - other.first).days <= _MONTH]
    if moment.told == "weekday":
        return any(other.first > day + timedelta(days=_NEAR_DAYS) or other.last < day - timedelta(days=_NEAR_DAYS) for other in full)
    quote = next((quote.span() for quote in _QUOTE.finditer(sentence) if _overlap(moment, quote.span())), None)
    if not quote:
        return False
    told = [other.first for other in others if not _overlap(other, quote) and other.told in ("weekday", "calendar")]
    return any((moment.first, moment.last) != _days_of(sentence, moment, other) for other in told)


def _days_of(sentence: str, moment: Moment, day: date) -> tuple[date, date] | None:
    """The days of a moment if it is told from `day`."""
    return next((other[3:5] for other in _moments(sentence, day) if other.start == moment.start), None)


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
        head = sentence[start : moment.start]
        opens = len(head.split()) < _FEW or _SETTING.match(head) or (after and after.lastgroup == "future")
        return _plain(after) if opens and after and after.start() - moment.end < 2 * _NEAR else None
    last = before[-1]
    if len(before) > 1 and before[-2].lastgroup != "past" and _GOES_ON.fullmatch(sentence, before[-2].end(), last.start()):
        return _plain(before[-2])
    if last.lastgroup == "past" and sentence[moment.end : moment.end + 2] in ("'s", "’s"):
        return None  # "said Friday's vote": the day may lie ahead
    if last.lastgroup == "past" and not _BESIDE.fullmatch(sentence, last.end(), moment.start):
        ahead = after and after.lastgroup != "past" and after.start() - moment.end < _NEAR
        if _PERFECT.search(sentence[: moment.start]):
            return "future"  # "has called a strike for Friday"
        if ahead or re.search(r"\b(?:until|till|through|by|for) $", sentence[: moment.start]):
            return None
    return _plain(last)


def _plain(cue: re.Match[str] | None) -> str | None:
    return {"past": "past", "future": "future", "planned": "future"}.get(cue.lastgroup or "") if cue else None
