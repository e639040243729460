"""Which days of publication a question is answered from: those that were given, else those that its own words name.

What was given always counts: words for a time fill an end that was left open, and are left aside where both are given or the two do
not fit together.

>>> window = window_for("What has the navy said since last Friday?", Filters(), date(2025, 6, 11))
>>> window.filters.since, window.text
('2025-06-06', 'What has the navy said?')
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from index.errors import BadFilter
from index.types import Filters
from rag.times.days import MONTH_OF
from rag.times.question import Phrase, read_times
from rag.types import Answer, AskedTime
from rag.wording import describe_days

_NOT_THEN = {"answered": "answers this; these come from all dates.", "no_evidence": "answers this, nor does any other."}
_BY_CALENDAR = re.compile(rf"\d{{4}}|\b(?:{'|'.join(MONTH_OF)})\b", re.I)
"""In words for a time that may stand in an article, too, since they are not told from today."""
_GENITIVE = re.compile(r"[’']s?\b")
_BEFORE_MARK = re.compile(r" +(?=[?.!,;:])")


@dataclass(frozen=True, kw_only=True, slots=True)
class Window:
    """What is searched for a question."""

    question: str
    given: Filters
    """What somebody chose."""
    today: date
    filters: Filters
    """What is in force."""
    text: str
    """The question without its words for days, which need not stand in an article; where no days are chosen, "since March 2024" stays."""
    asked: AskedTime | None = None
    """What the question's words say of time; None where they say nothing."""
    notes: tuple[str, ...] = ()
    any_order: bool = False
    """Whether words for the newest are passed over."""

    @property
    def is_dated(self) -> bool:
        """Whether undated articles are left out."""
        return bool(self.filters.since or self.filters.until)

    @property
    def latest(self) -> bool:
        """Whether the newest is asked for."""
        return self.asked is not None and self.asked.latest

    @property
    def may_widen(self) -> bool:
        """Whether all dates may be searched instead: nobody chose any."""
        return self.is_dated and not (self.given.since or self.given.until)

    def widened(self) -> Window:
        """The same question to articles of all dates."""
        return window_for(self.question, self.given, self.today, all_dates=True, any_order=self.any_order)

    def beyond(self, answer: Answer) -> Answer:
        """An answer from the widened window, which says that this one gave none."""
        words = self.asked.quoted if self.asked else ""
        note = f"No dated article published {describe_days(self.filters)} ({words}) {_NOT_THEN[answer.status]}"
        return replace(answer, notes=(note, *answer.notes))

    def told(self, answer: Answer, undated: int) -> Answer:
        """An answer that says what it was searched in.

        Args:
            answer: what these articles give.
            undated: how many articles without a date there are.
        """
        notes, missing = [*self.notes], answer.missing
        if undated and self.is_dated:
            left_out = f"{_counted(undated)} left out by the date filter."
            if missing is not None:
                missing = f"{missing} {left_out}"
            else:
                notes.append(left_out)
        elif undated and self.latest and answer.as_of:
            notes.append(f"{_counted(undated)} taken to be older than any other.")
        return replace(answer, filters=self.filters, time=self.asked, notes=(*notes, *answer.notes), missing=missing)


def window_for(question: str, given: Filters, today: date, *, all_dates: bool = False, any_order: bool = False) -> Window:
    """Which articles a question is answered from.

    Args:
        question: one that stands alone.
        given: the filters that somebody chose.
        today: what "today" means.
        all_dates: let no words of the question become a filter.
        any_order: let no words of the question put the newest first.
    """
    times = read_times(question, today)
    latest = times.latest and not any_order
    window = Window(question=question, given=given, today=today, filters=given, text=question, any_order=any_order)
    if not times.words and not latest:
        return window
    asked = AskedTime(words=tuple(phrase.text for phrase in times.words), since=times.since, until=times.until, latest=latest)
    filters = given if all_dates else _filled(given, asked)
    applied = filters != given
    is_left_aside = bool(times.words) and not all_dates and not applied
    notes = (f"{asked.quoted} was left aside: the filter that was given names other dates.",) if is_left_aside else ()
    window = replace(window, filters=filters, asked=replace(asked, applied=applied), notes=notes)
    idle = [phrase for phrase in times.words if window.is_dated or not _BY_CALENDAR.search(phrase.text)]
    return replace(window, text=_without(question, idle))


def _filled(given: Filters, asked: AskedTime) -> Filters:
    """What was given, its open ends filled by what is asked for; as it was where that would leave no day."""
    try:
        return replace(given, since=given.since or asked.since, until=given.until or asked.until)
    except BadFilter:
        return given


def _without(question: str, phrases: Sequence[Phrase]) -> str:
    """The question without some phrases; as it is where nothing would be left to search for."""
    kept, at = [], 0
    for _, start, end in phrases:
        kept.append(question[at:start])
        genitive = _GENITIVE.match(question, end)
        at = genitive.end() if genitive else end
    rest = " ".join(" ".join([*kept, question[at:]]).split())
    rest = _BEFORE_MARK.sub("", rest).strip(" ,;:–—-")
    return rest[:1].upper() + rest[1:] if phrases and any(map(str.isalnum, rest)) else question


def _counted(undated: int) -> str:
    return "1 article has no date and was" if undated == 1 else f"{undated:,} articles have no date and were"
