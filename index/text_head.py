"""What the lines around an article's text say about it: title, dates, authors, publisher.

Shared by the readers of every kind; a page's lines come from `page_lines`. Each value says where it was read.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise
from pathlib import PurePath
from typing import Any

from index import furniture
from index.dates import Order, date_in_name, date_in_url, find_dates, numeric_order, year_in_url
from index.found import Found, Sureness
from index.names import bare_names, beside_outlet, bylines, is_outlet, outlet_in
from index.stamps import Stamp, has_label, is_light, read_stamps, without_dates
from index.titles import headline, split_title, title_key

_HEAD_LINES = 16
_FOOT_LINES = 8
_LONG_LINE = 20
_SENTENCE_WORDS = 12
_SENTENCE_END = re.compile(r"[.!?][\"'”’»)\]]*$")
_END = 12
_STANDFIRST_WORDS = 45
_MOST_LINES = 600
_LONGEST_DATE_LINE = 120
_WRAPPED = 45
"""Characters of a line of hard-wrapped prose, at least."""
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]+)(?:\.[a-z0-9-]+)*\.[a-z]{2,}/?", re.IGNORECASE)
_ADDRESS = re.compile(r"(?:\w+: ?)?(https?://\S+)", re.IGNORECASE)
_YEAR = re.compile(r"(?:^|[|/·,–—-] ?|\byear:? |\bjahr:? |\bannée:? )((?:19|20)\d\d)(?= ?(?:$|[|/·,.–—]))", re.IGNORECASE)
_SOURCE = r"(?:\([^)]{2,40}\),? *)?"
_DATELINE = re.compile(
    rf"(?P<place>[^\W\d_a-z][^\d()—–:]{{2,40}}?),? +(?P<source>{_SOURCE})(?P<when>[^()—–:]{{3,40}}?)\.? *{_SOURCE}(?:--?|–|—|:)(?: |$)"
)
_AUTHOR = re.compile(r"(?:authors?|by|writers?|words|text|autor(?:in)?|auteur|autora?e?)\s*:?", re.IGNORECASE)
_COMMENTS = re.compile(r"(?:\d+ )?(?:comments?|replies|responses|kommentare|commentaires|comentarios|reacties)\b", re.IGNORECASE)
_SENDER = re.compile(r"(?:from|source|via|agency|publication|newspaper|publisher|paper)\s*: *(?P<name>[^|<]{3,80})", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True)
class Around:
    """The lines around an article's text, each without its furniture."""

    above: Sequence[str]
    """Before the headline."""
    below: Sequence[str]
    """Between the headline and the first prose."""
    opening: str = ""
    """The first prose."""
    between: Sequence[str] = ()
    """Between the first prose, which may be a standfirst, and the second."""
    foot: Sequence[str] = ()
    """After the last prose."""
    lone_dates: int = 0
    """How many lines of all are a date and little else."""
    is_timeline: bool = False
    """Whether such lines stand between paragraphs of prose, as they do over the entries of a timeline."""
    is_page: bool = False
    """Whether they come from a web page, where the strip above a headline shows today's date and the foot other articles'."""


def read_head(found: Found, text: str, path: PurePath) -> None:
    """Adds to `found` what the lines of `text` and the file's name say."""
    lines = [line.rstrip() for line in text.splitlines()]
    number = read_title(found, text)
    around = _around(lines, number)
    read_around(found, around, text=text, order=numeric_order(text))
    found.add("publisher", _signature(lines), "last lines")
    found.add_date(date_in_name(path), "file name", Sureness.FILE_NAME)


def read_title(found: Found, text: str) -> int | None:
    """Adds the headline of `text`, and the paper's name behind it; gives its line's number."""
    lines = text.splitlines()
    number = headline(_without_masthead(lines))
    if number is not None:
        title, outlet = split_title(" ".join(lines[number].split()), url=found.values.get("url"), publisher=found.values.get("publisher"))
        found.add("title", title, "first line")
        found.add("publisher", outlet, "first line")
    return number


def read_around(found: Found, around: Around, *, text: str, order: Order | None) -> None:
    """Adds what the lines around an article say; `text` is the article, `order` how it writes 3/4/2025."""
    year = _year(found, around)
    below = not around.is_timeline
    between = below and around.lone_dates == 1 and len(around.opening.split()) <= _STANDFIRST_WORDS
    for lines, may_be_plain in ((around.above, not around.is_page), (around.below, below), (around.between, between)):
        _read_lines(found, lines, text=text, order=order, year=year, may_be_plain=may_be_plain)
    _read_dateline(found, around.opening, order=order, year=year)
    _read_foot(found, around, order=order)
    for line in (*around.above, *around.below):
        sender = _SENDER.match(line)
        found.add("publisher", outlet_in(sender["name"] if sender else line), "first lines")
        found.add("authors", bare_names([sender["name"].strip(" \"'")], text="") if sender else (), "first lines")
    if around.is_page:
        found.add("authors", bare_names(around.below[:1], text=text), "byline")
    else:
        for line in around.foot[-2:]:
            found.add("publisher", outlet_in(line), "last lines")
        for line in (*around.above, *around.below, *around.foot):
            if address := _ADDRESS.fullmatch(line.strip()):
                found.add_date(date_in_url(address[1]), "web address", Sureness.ADDRESS)
    found.add_date(date_in_url(found.values.get("url") or ""), "web address", Sureness.ADDRESS)


def lone_dates(lines: Sequence[str]) -> tuple[int, bool]:
    """How many of `lines` are a date and little else, and whether the later ones stand right below prose."""
    filled = [line for line in lines[:_MOST_LINES] if line.strip()]
    dated = [number for number, line in enumerate(filled) if _is_lone_date(line)]
    return len(dated), any(number and long_line(filled, number - 1) for number in dated[1:])


def _is_lone_date(line: str) -> bool:
    if len(line) > _LONGEST_DATE_LINE or not any(map(str.isdigit, line)):
        return False
    return any(stamp.kind == "plain" for stamp in read_stamps(line, order="day first"))


def long_line(lines: Sequence[str], number: int) -> bool:
    """Whether prose begins at that line: a long one, a sentence of some length, or one of a hard-wrapped paragraph."""
    line = lines[number]
    words = len(line.split())
    if words >= _LONG_LINE or (words >= _SENTENCE_WORDS and _SENTENCE_END.search(line[-_END:])):
        return not read_stamps(line)
    run: list[str] = []
    for following in lines[number : number + 8]:
        if not following.strip():
            break
        run.append(following)
    wrapped = len(run) > 1 and all(len(part) >= _WRAPPED for part in run[:-1])
    return wrapped and sum(len(part.split()) for part in run) >= _LONG_LINE and not read_stamps(line) and not bylines(line)


def split_names(text: str) -> tuple[str, ...]:
    """The people of a byline, in its order."""
    names = (part.strip() for part in re.split(r"\s*(?:[,;&]|\band\b)\s*", text))
    return tuple(dict.fromkeys(name for name in names if name))


def sensible(value: object, *, nonsense: frozenset[str]) -> str | None:
    """A document property that a person wrote; None for defaults of programs, file names and the empty string."""
    text = " ".join(str(value or "").split())
    known = text.casefold() in nonsense or re.search(r"\.(?:docx?|indd|pdf|txt|html?|tmp|qxd|rtf|odt)$", text, re.IGNORECASE)
    return None if known or not any(map(str.isalpha, text)) else text


def as_text(value: Any) -> str | None:
    """`value` as one line of text, or None where it is empty or no plain value."""
    if isinstance(value, Mapping) or value is None or isinstance(value, bool):
        return None
    try:
        return " ".join(str(value).split()) or None
    except ValueError:  # Python writes no number of many thousand digits
        return None


def _around(lines: Sequence[str], number: int | None) -> Around:
    """The lines of a plain text around its prose; the prose begins after the headline, which is line `number`."""
    filled = [position for position, line in enumerate(lines) if line.strip()]
    filled = [*filled[:_MOST_LINES], *filled[_MOST_LINES:][-_FOOT_LINES:]]
    start = next((position for position in filled if position != number and long_line(lines, position)), len(lines))
    head = [position for position in filled if position < start and position != number][:_HEAD_LINES]
    above = [lines[position].strip() for position in head if number is not None and position < number]
    below = [lines[position].strip() for position in head if number is None or position > number]
    paragraph_end = next((position for position in range(start, len(lines)) if not lines[position].strip()), len(lines))
    opening = " ".join(line.strip() for line in lines[start:paragraph_end][:_HEAD_LINES])
    is_one_line = start < len(lines) and (len(lines[start].split()) >= _LONG_LINE or bool(_SENTENCE_END.search(lines[start][-_END:])))
    first_line_end = start + 1 if is_one_line else paragraph_end
    after = [position for position in filled if position >= first_line_end]
    second = next((position for position in after if long_line(lines, position)), None)
    between = [lines[position].strip() for position in after if second is not None and position < second][:_HEAD_LINES]
    foot: list[str] = []
    for position in reversed(after[-_FOOT_LINES:]):
        if long_line(lines, position) or (position and lines[position - 1].strip() and len(lines[position - 1]) >= _WRAPPED):
            break
        foot.insert(0, lines[position].strip())
    count, is_timeline = lone_dates(lines)
    return Around(above=above, below=below, opening=opening, between=between, foot=foot, lone_dates=count, is_timeline=is_timeline)


def _read_lines(found: Found, lines: Sequence[str], *, text: str, order: Order | None, year: int | None, may_be_plain: bool) -> None:
    label, is_author_label = "", False
    for line, following in pairwise([*lines, ""]):
        stamps = read_stamps(line, order=order, year=year, label=label)
        dated = stamps or read_stamps(line, order="day first", label=label)
        names = bylines(line) or (bare_names(without_dates(line, order="day first"), text=text) if dated else ())
        may_stand = (may_be_plain and not _has_venue(line, order)) or bool(names)
        _keep(found, [stamp for stamp in stamps if stamp.kind != "plain" or may_stand])
        found.add("authors", names or beside_outlet(line), "byline")
        if is_author_label or read_stamps(following, order="day first", year=year):
            found.add("authors", bare_names([line], text=text), "byline")
        is_author_label = bool(_AUTHOR.fullmatch(line))
        label = line if has_label(line) else ""


def _has_venue(line: str, order: Order | None) -> bool:
    """Whether several words that are no person, paper or reading time stand behind a date, as the place of an event does."""
    dates = find_dates(line, order=order)
    rest = without_dates(line[dates[-1].end :], order=order) if dates else []
    return any(" " in part and not (bare_names([part], text="") or is_outlet(part) or is_light(part) or bylines(part)) for part in rest)


def _keep(found: Found, stamps: Sequence[Stamp]) -> None:
    for stamp in stamps:
        if stamp.kind == "updated":
            found.add_change(stamp.date, "date line")
        else:
            sureness = {"original": Sureness.ORIGINAL, "published": Sureness.NAMED}.get(stamp.kind, Sureness.PLAIN)
            found.add_date(stamp.date, "date line", sureness, is_visible=True)


def _read_dateline(found: Found, opening: str, *, order: Order | None, year: int | None) -> None:
    """The date in "TORRIN CITY, 19 Dec (Halden Wire) - Parliament", where the year is known."""
    dateline = _DATELINE.match(opening[:160])
    if not dateline:
        return
    when = dateline["when"].strip(" ,.")
    is_agency = dateline["place"].isupper() or "(" in dateline[0]
    if len(find_dates(when, order=order)) == 1:
        for stamp in read_stamps(when, order=order, year=year if is_agency else None):
            found.add_date(stamp.date, "dateline", Sureness.DATELINE, is_visible=True)


def _read_foot(found: Found, around: Around, *, order: Order | None) -> None:
    """Named dates below the text, and in a plain text an unnamed one in its last line; other articles' and comments' are not the text's."""
    stamps: list[Stamp] = []
    for line, before in zip(around.foot, ["", *around.foot], strict=False):
        if _COMMENTS.match(line) or furniture.heading(line):
            break
        found_here = read_stamps(line, order=order, label=before if has_label(before) else "")
        is_last = not around.is_page and line == around.foot[-1]
        stamps += [stamp for stamp in found_here if stamp.kind != "plain" or is_last]
    named = {stamp.date[:10] for stamp in stamps if stamp.kind in {"published", "plain"}}
    known = any(dated.is_visible for dated in found.dates)
    _keep(found, [stamp for stamp in stamps if stamp.kind in {"original", "updated"} or (len(named) == 1 and not known)])
    if around.is_page:
        return
    for line, following in pairwise([*around.foot, ""]):
        signed = bare_names([line], text="") if read_stamps(following, order="day first") else ()
        found.add("authors", bylines(line) or signed, "last lines")


def _year(found: Found, around: Around) -> int | None:
    """The year of publication where the page tells it apart from a date: in its address, or as a part of its heading."""
    if (year := year_in_url(found.values.get("url") or "")) is not None:
        return year
    years = {year for line in around.above if "©" not in line and "copyright" not in line.lower() for year in _YEAR.findall(line)}
    return int(years.pop()) if len(years) == 1 else None


def _without_masthead(lines: Sequence[str]) -> list[str]:
    """`lines` with the paper's name and the date above the headline left blank: they are no headline."""
    kept = list(lines)
    for number, line in enumerate(kept):
        words = line.strip()
        if not words:
            continue
        parts = without_dates(words)
        is_masthead = bool(outlet_in(words)) and len(words.split()) <= 8 and (len(parts) == 1 or bool(outlet_in(parts[0])))
        if not (is_masthead or read_stamps(words) or _SENDER.match(words)) or len(words.split()) >= _LONG_LINE:
            break
        kept[number] = ""
    return kept


def _signature(lines: Sequence[str]) -> str | None:
    """The site's name at the end, where a bare web address beside it spells the same name."""
    last = [line.strip() for line in lines if line.strip()][-4:]
    for first, second in pairwise(last):
        for name, address in ((first, second), (second, first)):
            found = _DOMAIN.fullmatch(address)
            if found and title_key(name) == title_key(found[1]) and " " in name:
                return name
    return None
