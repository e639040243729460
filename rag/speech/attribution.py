"""Who says it: the speaker of the reported speech in a sentence of an article.

English, by patterns. The speaker is the outermost source, the one whom the article itself relies on.

>>> speech = speaker_of("The bridge, the interior ministry said, would stay closed.")
>>> speech.speaker, speech.verb, speech.kind
('the interior ministry', 'said', 'said')
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

from rag.speech import words
from rag.speech.speakers import PRONOUN, SUBJECT, bare_name, is_person, person_or_subject, phrase_end, phrase_start, speaks, subject_before
from rag.types import Speech, SpeechKind

_GAP = re.compile(r"(?:^|,|[,?!.]?\") ?$")
"""Before the words that report what was said just before."""
CLOSED = re.compile(rf"(?i:(?: {words.TIME}| (?:in|at|to|on|by) [^,.;:\"]{{1,50}}){{0,3}})(?:[,.;:!?\"]|$)")
"""After a verb of saying: nothing that is said, only when, where, or an end."""
_TOLD = re.compile(r" [^,.;:\"]{1,60}(?:[,.;:\"]|$)")
_SINGLE = re.compile(r"(?<![\w·])['‘]((?:[^'’]|['’](?=\w))+)['’](?!\w)")
_VIEW = r"(?:view|words|opinion|eyes|account|estimate|judge?ment|telling|reckoning)"
_SOURCE = re.compile(rf"(?<![\w·])(?:according to|(?:in|by) the {_VIEW} of|(?:^per|(?<=, )per)(?= (?:the|[A-Z])))(?= )", re.I)
_IN_VIEW = re.compile(rf"(?<![\w·])(?:in|by|on) ([^,.;:\"]{{1,60}}?)(?:[’']s|(?<=s)[’']) ({_VIEW}),", re.I)
_PUT = re.compile(r"(?<![\w·])as ([^,.;:\"]{1,60}?) (puts?) it\b", re.I)
_SPEAKING = re.compile(
    r", (?:(?P<said>saying|adding|arguing|insisting|warning|explaining|stating|writing)|(?P<alleged>accusing|alleging|blaming|claiming)"
    r"|(?P<denied>denying|rejecting|dismissing)) (?:that|[\w’'-]+ [\w’'-]+)"
)
_TOLD_BY = re.compile(r"\b(?:is|are|was|were|been) (told|informed|warned|assured|advised) by ([^,.;:\"]{1,60}?) (?:that|to)\b")
_ACCUSED = re.compile(r"(?:\b(?:is|are|was|were|been|being)(?: \w+ly)?|,) (accused|alleged|blamed|suspected)\b")
_SAYING = re.compile(r" (?:is|are|was|were|has been|have been) (quoted|cited|reported)(?: by (.{1,60}?))? as (?:saying|having said)\b")
_UNSOURCED = re.compile(r"\b(?:reportedly|allegedly|supposedly|purportedly)\b", re.I)
_RELATIVE = re.compile(r", (?:who|which) (?:\w+ ){0,2}$")
_PARTICIPLE = re.compile(r" ?\b[a-z]+ed\b")

_READ = 2000
"""Letters of a sentence that are read; beyond, it is no prose."""


class _Piece(NamedTuple):
    """A speaker's place, what reports, and how; the place is empty for an allegation without a source."""

    start: int
    end: int
    verb: str | None
    kind: SpeechKind


def speaker_of(sentence: str, before: str | None = None) -> Speech | None:
    """Find who is reported to say what a sentence says; None where it reports no speech.

    Args:
        sentence: as it stands in the article.
        before: the sentence before it, for pronouns.
    """
    text = _masked(sentence[:_READ])
    if "·" in text and not re.search(r"\w", text):
        name = _resolved(None, before) if before else None
        return Speech(speaker=None, start=None, end=None, verb=None, kind="quote", resolved=name) if name else None
    piece = next((piece for find in (_trailing, _outer_source, _leading, _source, _speaking, _passive) for piece in find(text)), None)
    if not piece:
        return None
    speaker = sentence[piece.start : piece.end] or None
    return Speech(
        speaker=speaker,
        start=piece.start if speaker else None,
        end=piece.end if speaker else None,
        verb=piece.verb,
        kind="quote" if "·" in text and piece.kind == "said" else piece.kind,
        resolved=_resolved(speaker, before) if speaker and before else None,
    )


def _masked(sentence: str) -> str:
    """The sentence with dots for all that stands in quotation marks, which become straight.

    A mark whose partner stands in another sentence counts to the sentence's own end.
    """
    text = _SINGLE.sub(lambda match: f'"{match[1]}"', re.sub(r" [-–—] ", ",  ", re.sub(r"[“”«»]", '"', sentence)))
    marks = [match.start() for match in re.finditer('"', text)]
    if len(marks) % 2:
        closes = sentence[marks[0]] in "”»" or text[marks[0] - 1 : marks[0]] in (",", ".", "?", "!")
        marks = [-1, *marks] if closes else [*marks, len(text)]
    for start, end in zip(marks[::2], marks[1::2], strict=True):
        text = text[: start + 1] + "·" * (end - start - 1) + text[end:]
    return text


def _trailing(text: str) -> Iterator[_Piece]:
    """Speech told after or in the middle of what is said: "…, said Oren Valk.", "…, the ministry said."."""
    for verb in words.VERB.finditer(text):
        start = verb.end() + 1
        end = phrase_end(text, start)
        if _GAP.search(text, 0, verb.start()) and _inverts(text, verb) and speaks(text[start:end]):
            yield _Piece(start, end, verb.group(), _kind(verb))
        subject = subject_before(text, verb.start())
        if subject and subject[0] and _GAP.search(text, 0, subject[0]) and _closed(text, verb):
            yield _Piece(*subject, verb.group(), _kind(verb))
    for read in re.finditer(r"\",? (reads?) (?=(?:the|an?|its|his|her|one) )", text):
        yield _Piece(read.end(), phrase_end(text, read.end()), read[1], "said")


def _inverts(text: str, verb: re.Match[str]) -> bool:
    """Whether a verb after a comma or a quotation may stand before its speaker: not "Valk, the minister, said people should go"."""
    left = text[: verb.start()]
    if '"' in left:
        return not verb.group().startswith(("told", "tell", "called", "found", "show"))
    clause = left.count(",") < 2 or words.FINITE.search(re.sub(r", (?:who|which)[^,]+,", ",", left))
    return bool(clause and words.INVERTED.match(verb.group()))


def _closed(text: str, verb: re.Match[str]) -> bool:
    """Whether nothing that is said follows within the clause: only when, where, or to whom."""
    return bool(CLOSED.match(text, verb.end()) or (verb.group() in ("told", "tells") and _TOLD.match(text, verb.end())))


def _outer_source(text: str) -> Iterator[_Piece]:
    """The words "according to …" where they open or end the sentence, and so cover all of it."""
    for piece in _source(text):
        opens = not re.search(r"[\w·]", text[: max(piece.start - len(piece.verb or "") - 1, 0)])
        if opens or piece.verb in ("put", "puts") or not re.search(r",", text[piece.end :]):
            yield piece


def _source(text: str) -> Iterator[_Piece]:
    """A source named beside the sentence: "according to …", "in the view of …", "as … put it"."""
    for put in _PUT.finditer(text):
        yield _Piece(put.start(1), put.end(1), put[2], "according_to")
    for view in _IN_VIEW.finditer(text):
        yield _Piece(*view.span(1), view[2], "according_to")
    for source in _SOURCE.finditer(text):
        start = source.end() + 1
        end = phrase_end(text, start)
        if speaks(_PARTICIPLE.sub("", text[start:end])) and not words.MEASURE.match(text[start:end]):
            apposed = re.match(r", [A-ZÀ-Þ][\w’'-]+(?: [A-ZÀ-Þ][\w’'-]+){0,2}(?=,)", text[end:]) if text[start].islower() else None
            yield _Piece(start, end + (apposed.end() if apposed else 0), source.group(), "according_to")


def _leading(text: str) -> Iterator[_Piece]:
    """Speech told first: "Oren Valk, the defence minister, said that …"."""
    verbs = list(words.VERB.finditer(text))
    main = [verb for verb in verbs if not _RELATIVE.search(text, 0, verb.start())]
    for verb in (*main, *(verb for verb in verbs if verb not in main)):
        subject = subject_before(text, verb.start())
        if subject and ('"' in text[verb.end() :] or _has_content(text, verb)):
            yield _Piece(*subject, verb.group(), _kind(verb))


def _has_content(text: str, verb: re.Match[str]) -> bool:
    if re.search(r"^:|:\s*$", text[verb.end() :]):
        return True
    return next(bool(content.match(text, verb.end())) for verbs, content in words.CONTENT if verbs.match(verb.group()))


def _passive(text: str) -> Iterator[_Piece]:
    """Speech told without a speaker as the subject: "is accused by the audit office", "is alleged to", "reportedly"."""
    for accused in _ACCUSED.finditer(text):
        by = re.match(r"[^,.;]{0,40}? by (?!\w+ing\b)", text[accused.end() :])
        start = accused.end() + by.end() if by else 0
        end = min(phrase_end(text, start), *(f"{text} {word} ".index(f" {word} ", start) for word in ("of", "for"))) if by else 0
        yield _Piece(start, end, accused[1], "alleged")
    for told in _TOLD_BY.finditer(text):
        yield _Piece(*told.span(2), told[1], "said")
    for saying in _SAYING.finditer(text):
        start = phrase_start(text[: saying.start()])
        yield _Piece(*(saying.span(2) if saying[2] else (start, saying.start())), saying[1], "said")
    for unsourced in _UNSOURCED.finditer(text):
        yield _Piece(0, 0, unsourced.group(), "alleged")


def _speaking(text: str) -> Iterator[_Piece]:
    """Speech told by the way: "Valk resigned, saying that …", and a name with a colon before a quotation."""
    subject = SUBJECT.match(text)
    for verb in _SPEAKING.finditer(text):
        if subject and speaks(subject.group()):
            yield _Piece(*subject.span(), verb[verb.lastgroup or 0], _kind(verb))
    colon = re.match(r"(?!Said )([^,.;:\"·]{2,60}): \"", text)
    if colon and speaks(colon[1]) and is_person(colon[1]):
        yield _Piece(*colon.span(1), None, "quote")


def _kind(verb: re.Match[str]) -> SpeechKind:
    return "alleged" if verb["alleged"] else "denied" if verb["denied"] else "said"


def _resolved(speaker: str | None, before: str) -> str | None:
    """Whom a pronoun or a quotation that goes on stands for, in the words of the sentence before."""
    if speaker and not PRONOUN.match(speaker):
        return None
    found = person_or_subject(speaker, before) if speaker else None
    if found or (speaker and speaker.lower() in ("it", "they", "them")):
        return found
    earlier = speaker_of(before)
    if not earlier or not earlier.speaker or PRONOUN.match(earlier.speaker):
        return None
    return bare_name(earlier.speaker)
