"""How answers and their sources are put into words, the same everywhere: in a terminal, on the page, in a notebook."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING

from index.types import Filters, Passage
from rag.times.days import show_days

if TYPE_CHECKING:
    from rag.types import Answer, Citation, Speech, SpeechKind

_CARRIERS = 5
"""Others that carried a story which are named."""
_NO_NAME = re.compile(
    r"(?:The|An?|Its|His|Her|Their|Some|Two|Three|Four|Both|One|Many|Most|Other)\b(?![-’'])|(?:Residents|Witnesses|Villagers|Survivors|"
    r"Relatives|Neighbours|Police|Officials|Prosecutors|Lawyers|Rebels|Militants|Soldiers|Fighters|Activists|Protesters|Campaigners|Critics|"
    r"Opponents|Experts|Analysts|Researchers|Scientists|Doctors|Diplomats|Investigators|Authorities|Workers|Farmers|Teachers|Parents|Former|"
    r"Senior|Local|Several|State|Government|Army|Military|Defen[cs]e|Security|Court|Union|Unnamed|Foreign|Opposition|Aid)\b(?! [A-ZÀ-Þ])"
)
"""How a speaker begins who is not named, at the head of a sentence."""
_PRONOUNS = ("he", "she", "it", "they", "him", "her", "them")
_HOW: dict[SpeechKind, str] = {
    "said": "According to", "according_to": "According to", "alleged": "Alleged by", "denied": "Denied by", "quote": "In the words of"
}  # fmt: skip


# An answer


def plain_text(answer: Answer) -> str:
    """An answer for a terminal: short answer, sentences, then the numbered sources."""
    remarks = "\n".join(answer.remarks)
    if answer.status == "no_evidence":
        return "\n\n".join(part for part in (remarks, f"Not in these articles. {answer.missing or ''}".strip()) if part)
    sources = ["\n    ".join((f"[{c.number}] {describe(c)}", f"“{c.quote}”", *c.context)) for c in answer.citations]
    return "\n\n".join(part for part in (remarks, answer.short, answer.text, "\n".join(sources)) if part)


def notebook_html(answer: Answer) -> str:
    """An answer for a notebook; article text is escaped."""
    remarks = "".join(f"<p><em>{html.escape(remark)}</em></p>" for remark in answer.remarks)
    if answer.status == "no_evidence":
        return f"{remarks}<p><strong>Not in these articles.</strong> {html.escape(answer.missing or '')}</p>"
    sources = "".join(
        f"<li value='{c.number}'>{html.escape(describe(c))}<blockquote>{html.escape(c.quote)}</blockquote>"
        f"{html.escape('; '.join(c.context))}</li>"
        for c in answer.citations
    )
    return f"{remarks}<p><strong>{html.escape(answer.short)}</strong></p><p>{html.escape(answer.text)}</p><ol>{sources}</ol>"


def context_lines(citation: Citation) -> tuple[str, ...]:
    """What to show beneath a quote: its newer version, who says it, its relative dates, who else carried it."""
    speech = citation.speech.display if citation.speech else None
    lines = (superseded_line(citation), speech, *(told.display for told in citation.dates), carried_line(citation))
    return tuple(line for line in lines if line)


def speech_line(speech: Speech) -> str:
    """Who says it: "According to Oren Valk (“he”)", "Denied by the bank", "Alleged; no source is named"."""
    name = mid_sentence(speech.resolved or speech.speaker or "") + (f" (“{speech.speaker}”)" if speech.resolved and speech.speaker else "")
    if not name:
        return "Alleged; no source is named" if speech.kind == "alleged" else "Somebody's words; the speaker is not named here"
    if name.lower() in _PRONOUNS:
        return f"{_HOW[speech.kind]} “{name}”, who is not named here"
    return f"{_HOW[speech.kind]} {name}"


def mid_sentence(name: str) -> str:
    """A name on one line as it stands within a sentence: "The army" becomes "the army"."""
    name = " ".join(name.split())
    return name[0].lower() + name[1:] if _NO_NAME.match(name) else name


def describe(source: Citation | Passage) -> str:
    """Publisher, title and date of a source on one line, without repeating one of them."""
    title = source.title if source.title != source.label else None
    return ", ".join(part for part in (source.label, title, source.published, source.path) if part)


def remarks_on(answer: Answer) -> Iterator[str]:
    """What to show above an answer: how the question was understood, which days were searched, and the notes."""
    if answer.rewritten:
        yield f"Understood as: {answer.rewritten}"
    if answer.time is not None and answer.time.applied:
        yield f"Searched articles published {describe_days(answer.filters)} ({answer.time.quoted})."
    yield from notes_on(answer)


def notes_on(answer: Answer) -> Iterator[str]:
    """The remarks but for how the question was understood: of when the newest article is, and the notes."""
    if answer.time is not None and answer.time.latest and answer.status == "answered":
        yield f"As of {_told_day(answer.as_of)}, the date of the newest article cited." if answer.as_of else "No article cited has a date."
    yield from answer.notes


def _told_day(published: str) -> str:
    """A day of publication in words; what is no day, as a memo from elsewhere may have it, as it stands."""
    try:
        day = date.fromisoformat(published[:10])
    except ValueError:
        return published
    return show_days(day, day)


def describe_days(filters: Filters) -> str:
    """The days of publication that filters leave, in words; empty where they leave all.

    >>> describe_days(Filters(since="2025-06-02", until="2025-06-08")), describe_days(Filters(until="2023"))
    ('from 2 to 8 June 2025', 'until 31 December 2023')
    """
    first, last = (_day(number) if number else None for number in filters.day_range)
    if first and last:
        days = show_days(first, last)
        return f"{'on' if first == last else 'from' if ' to ' in days else 'in'} {days}"
    return f"since {show_days(first, first)}" if first else f"until {show_days(last, last)}" if last else ""


def _day(number: int) -> date:
    """20250606 as a day."""
    return date(number // 10_000, number // 100 % 100, number % 100)


def superseded_line(source: Citation | Passage) -> str | None:
    """What took the place of this version, with both dates: "Superseded: corrected on 14 June 2025 by …"."""
    newer = source.superseded
    if newer is None:
        return None
    done = "corrected" if newer.kind == "correction" else "updated"
    by = f" by {newer.label}" if newer.label != source.label else ""
    return f"Superseded: this version of {source.published or 'an unknown day'} was {done} on {newer.published or 'an unknown day'}{by}"


def carried_line(source: Citation | Passage) -> str | None:
    """The agency of a story and who else carried it: "AFP story, also carried by X, Y and 3 others"."""
    first = source.carried_by[:_CARRIERS]
    more = len(source.carried_by) - len(first)
    names = [*first, *([f"{more} others" if more > 1 else "1 other"] if more else [])]
    carried = f"also carried by {', '.join(names[:-1])}{' and ' if names[:-1] else ''}{names[-1]}" if names else ""
    agency = f"{source.agency} story" if source.agency and source.agency != source.label else ""
    line = ", ".join(filter(None, (agency, carried)))
    return line[:1].upper() + line[1:] or None
