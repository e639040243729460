"""Cuts page furniture out of an article's text, whole paragraphs at a time, and records what it cut.

It never changes a line that stays. What furniture looks like is in `furniture`, what a page's parts look like in `page`, lists of
other stories in `related`; here is where each may be cut. In doubt the text stays: verse, recipes, tables and articles about
newsletters or cookies lose nothing.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from index.dates import find_date
from index.normalise import normalise, one_line, tidy_blank_lines
from index.page import Page, Paragraph
from index.related import related_stories
from index.titles import same_title, split_title
from index.types import Draft, Removed

CLEANER_VERSION = 1
"""Raised whenever the same draft would be cleaned to another text."""

_TITLE_RULE = "repeated-title"
_MOST_CUT = 0.6
"""A larger share of the words is cut only if real prose stays."""
_ENOUGH_PROSE = 30
_TOPIC_MENTIONS = 2
_MOST_LINES = 4_000
"""A longer text is a book or a table, and stays as it is: where furniture may be cut is found in time that grows with the square."""
_MOST_LOOKS = 12
"""Ordinary pages take one or two; a text of which each look cuts a little more stays as it is."""
_NO_ACTION = frozenset({"navigation", "social-links", "cookie-choices", "tags"})
"""Labels that are ordinary words too, and so are furniture only beside surer furniture."""
_CREDIT = re.compile(r"(?:credited (?:from|to)|credits?|source|via|courtesy of)\s*:\s*(?:\S+ ){0,5}\S+", re.IGNORECASE)
_DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?([a-z0-9-]+)(?:\.[a-z0-9-]+)*\.[a-z]{2,}/?", re.IGNORECASE)


@dataclass(frozen=True, kw_only=True, slots=True)
class Cleaned:
    """An article's title and text without page furniture."""

    title: str | None
    text: str
    """NFC; lines of the draft's normalised text, in their order."""
    removed: tuple[Removed, ...] = ()


def clean(draft: Draft) -> Cleaned:
    """`draft` without page furniture; cleaning the result again changes nothing."""
    title = split_title(one_line(draft.title), url=draft.url, publisher=draft.publisher)[0] if draft.title else None
    original = normalise(draft.text)
    text, removed = original, tuple[Removed, ...]()
    for _ in range(_MOST_LOOKS):
        cut = _cut_once(text, title)
        if cut is None:
            break
        text, removed = cut[0], removed + cut[1]
    else:
        text, removed = original, ()
    if removed and not _is_trustworthy(original, text, removed):
        text, removed = original, ()
    return Cleaned(title=title or None, text=text, removed=removed)


def _cut_once(text: str, title: str | None) -> tuple[str, tuple[Removed, ...]] | None:
    """`text` after one look at it, and what went; None when nothing has to go."""
    lines = text.split("\n")
    page = Page.from_lines(lines) if len(lines) <= _MOST_LINES else Page(paragraphs=())
    cuts = _find_cuts(page, title)
    if not cuts:
        return None
    removed: list[Removed] = []
    last_cut = -1
    gone: set[int] = set()
    for number in sorted(cuts):
        paragraph = page.paragraphs[number]
        words = "\n".join(lines[paragraph.first : paragraph.last + 1])
        gone.update(range(paragraph.first, paragraph.last + 1))
        if last_cut == number - 1 and removed and removed[-1].rule == cuts[number]:
            removed[-1] = Removed(text=f"{removed[-1].text}\n{words}", rule=cuts[number])
        else:
            removed.append(Removed(text=words, rule=cuts[number]))
        last_cut = number
    return tidy_blank_lines("\n".join(line for number, line in enumerate(lines) if number not in gone)), tuple(removed)


def _find_cuts(page: Page, title: str | None) -> Mapping[int, str]:
    """Paragraph number -> the rule that cuts it."""
    cuts: dict[int, str] = {}
    for found in (_credit(page), _repeated_titles(page, title), _prompts(page)):
        for number, rule in found:
            cuts.setdefault(number, rule)
    for number in related_stories(page, title):
        cuts.setdefault(number, "related-stories")
    for number, rule in _company(page, cuts):
        cuts.setdefault(number, rule)
    return cuts


def _is_trustworthy(original: str, text: str, removed: Sequence[Removed]) -> bool:
    """Whether what stays is an article: most of the words, or at least some prose."""
    if not any(character.isalnum() for character in text):
        return False
    lost = sum(len(piece.text.split()) for piece in removed if piece.rule != _TITLE_RULE)
    page = Page.from_lines(text.split("\n"))
    prose = sum(page.paragraphs[number].words for number in page.prose)
    return lost <= _MOST_CUT * len(original.split()) or prose >= _ENOUGH_PROSE


def _credit(page: Page) -> Iterator[tuple[int, str]]:
    """A credit as the first line, such as "Credited from: EXAMPLE NEWS"."""
    if page.is_article and _CREDIT.fullmatch(page.paragraphs[0].text):
        yield 0, "credit-line"


def _repeated_titles(page: Page, title: str | None) -> Iterator[tuple[int, str]]:
    """The title in the text: the article carries it apart. In verse a refrain may equal the title, so only a heading goes there."""
    if not title:
        return
    for number, paragraph in enumerate(page.paragraphs):
        if not same_title(paragraph.text, title):
            if not page.is_article:
                return
        elif _is_title_place(page, number):
            yield number, _TITLE_RULE


def _is_title_place(page: Page, number: int) -> bool:
    """Whether a copy of the title at `number` is a heading or stands outside the body, and so is no line of the article's own."""
    if page.is_article:
        return number not in page.body[1:]
    return number + 1 < len(page.paragraphs) and page.paragraphs[number + 1].after_blank


def _prompts(page: Page) -> Iterator[tuple[int, str]]:
    """Paragraphs that are furniture by their words alone, or by their words and place."""
    for number, paragraph in enumerate(page.paragraphs):
        rule = paragraph.rule
        if rule is None or rule.where == "company":
            continue
        if number in page.body and rule.where == "edge":
            continue
        if rule.topic and page.mentions(rule.topic) >= _TOPIC_MENTIONS and not _is_outermost(page, number):
            continue
        if rule.where == "article" and not page.is_article:
            continue
        if rule.name == "empty-label" and _has_value(page, number):
            continue
        yield number, rule.name


def _is_outermost(page: Page, number: int) -> bool:
    """Whether nothing that may be the article's stands on one side of a paragraph."""
    sides = page.paragraphs[:number], page.paragraphs[number + 1 :]
    return number not in page.body and any(all(p.rule or p.heading or p.is_list_item for p in side) for side in sides)


def _has_value(page: Page, number: int) -> bool:
    """Whether the line right below a label such as "Date:" is its value."""
    following = page.paragraphs[number + 1] if number + 1 < len(page.paragraphs) else None
    return following is not None and not following.after_blank and not following.rule and not following.is_prose


def _company(page: Page, cuts: Mapping[int, str]) -> Iterator[tuple[int, str]]:
    """Labels such as "Share" or "Home", and the site's own name, where they stand beside furniture outside the body."""
    for run in _runs(page):
        before = page.paragraphs[run[0] - 1] if run[0] else None
        if before and before.text.endswith(":") and run[0] - 1 not in cuts:
            continue  # what a line of the article announces is the article's
        if any(number in cuts for number in run) or (page.is_article and _is_row_of_labels(page, run, before)):
            for number in run:
                rule = page.paragraphs[number].rule
                yield number, rule.name if rule else "site-name"
    for number in page.body:
        rule = page.paragraphs[number].rule
        if rule and rule.where == "company" and rule.name in {cuts.get(number - 1), cuts.get(number + 1)}:
            yield number, rule.name


def _is_row_of_labels(page: Page, run: Sequence[int], before: Paragraph | None) -> bool:
    """Whether labels without surer furniture are a row of buttons: one asks for an action, at the page's edge or under the byline."""
    rules = [rule for number in run if (rule := page.paragraphs[number].rule)]
    at_edge = run[0] == 0 or run[-1] == len(page.paragraphs) - 1
    under_byline = before is not None and (before.text.lower().startswith("by ") or find_date(before.text) is not None)
    return (at_edge or under_byline) and any(rule.name not in _NO_ACTION for rule in rules)


def _runs(page: Page) -> Iterator[list[int]]:
    """Neighbouring paragraphs outside the body that are furniture, labels or the site's name."""
    run: list[int] = []
    for number, paragraph in enumerate(page.paragraphs):
        belongs = number not in page.body and (paragraph.rule or paragraph.heading or _is_site_name(page, number))
        if belongs:
            run.append(number)
        elif run:
            yield run
            run = []
    if run:
        yield run


def _is_site_name(page: Page, number: int) -> bool:
    """Whether a paragraph is a bare web address, or the name that a bare address beside it spells."""
    if _DOMAIN.fullmatch(page.paragraphs[number].text):
        return True
    letters = "".join(filter(str.isalnum, page.paragraphs[number].text.lower()))
    beside = [*page.paragraphs[max(0, number - 1) : number], *page.paragraphs[number + 1 : number + 2]]
    return any((found := _DOMAIN.fullmatch(p.text)) is not None and letters == found[1].lower().replace("-", "") for p in beside)
