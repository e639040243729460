"""Finds lists of other stories on an article's page: below a heading such as "Related posts", between copies of the title, as teasers.

A list ends where prose begins; a section heading of the article itself is no heading of a list. What goes is decided by `clean`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from index.page import Page, Paragraph
from index.titles import same_title

_BOX_ITEMS = 6
"""A list of other stories amid the article has at most so many."""
_BOX_LAST_WORDS = 7
"""A shorter headline right above prose may be the next section's heading."""
_SUMMARY_WORDS = range(6, 31)
_SENTENCE_BREAK = re.compile(r"[.!?][\"'”’)]* +[A-Z“\"]")


def related_stories(page: Page, title: str | None) -> Iterator[int]:
    """The numbers of the paragraphs of `page` that list other stories, headings included."""
    yield from _headed_lists(page)
    yield from _title_lists(page, title)
    yield from _teasers(page)
    yield from _summaries(page)


def _headed_lists(page: Page) -> Iterator[int]:
    """A heading over other stories, and the list below it as far as it looks like one."""
    reach = -1
    for number, paragraph in enumerate(page.paragraphs):
        if paragraph.heading is None or number <= reach:
            continue
        items = _items_below(page, number)
        if items is None:
            continue
        reach = number + items
        yield from range(number, reach + 1)


def _items_below(page: Page, number: int) -> int | None:
    """How many paragraphs below the heading at `number` go with it; None when the heading must stay."""
    items = 0
    for paragraph in page.paragraphs[number + 1 :]:
        if not paragraph.is_list_item:
            break
        items += 1
    end = number + items + 1
    below = page.paragraphs[number + 1 : end]
    if number not in page.body or (not page.is_article and end == len(page.paragraphs)):
        return items if _is_story_list(page, number, below) else None
    return _box_items(below) if page.is_article and page.paragraphs[number].heading == "strong" else None


def _is_story_list(page: Page, number: int, below: Sequence[Paragraph]) -> bool:
    """Whether the paragraphs below a heading at the edge of a page are other stories."""
    headlines = sum(paragraph.is_headline or paragraph.is_cut_off for paragraph in below)
    kind = page.paragraphs[number].heading
    if not page.is_article:
        return kind == "strong" and headlines * 2 > len(below)
    if not below:
        return kind != "weak" and number + 1 == len(page.paragraphs)
    if kind != "weak":
        return kind == "strong" or headlines > 0 or all(paragraph.rule for paragraph in below)
    neighbours = [*page.paragraphs[max(0, number - 1) : number], *page.paragraphs[number + 1 : number + 2]]
    return headlines >= 2 or any(neighbour.rule or neighbour.heading in {"strong", "article"} for neighbour in neighbours) or not below


def _box_items(below: Sequence[Paragraph]) -> int | None:
    """How many headlines belong to a box of related stories amid the article; its next section heading does not."""
    items = 0
    for paragraph in below[:_BOX_ITEMS]:
        if not paragraph.is_headline or (items and paragraph.after_blank and not below[0].after_blank):
            break
        items += 1
    if items and items == len(below) and (below[items - 1].words < _BOX_LAST_WORDS or below[items - 1].text.endswith("?")):
        items -= 1
    return items or None


def _title_lists(page: Page, title: str | None) -> Iterator[int]:
    """Lines after the article that stand in one block with copies of its title: a list of related stories."""
    if not title or not page.is_article:
        return
    blocks: list[list[int]] = []
    for number in range(page.body.stop, len(page.paragraphs)):
        if page.paragraphs[number].after_blank or not blocks:
            blocks.append([])
        blocks[-1].append(number)
    for block in blocks:
        titles = [number for number in block if same_title(page.paragraphs[number].text, title)]
        if titles and all(page.paragraphs[number].is_list_item for number in block):
            yield from (number for number in block if number not in titles)


def _teasers(page: Page) -> Iterator[int]:
    """Two or more pairs of headline and cut-off summary after the article."""
    if not page.is_article:
        return
    pairs = [
        number
        for number in range(page.body.stop + 1, len(page.paragraphs))
        if page.paragraphs[number].is_cut_off and page.paragraphs[number].words >= 4 and page.paragraphs[number - 1].is_headline
    ]
    if len(pairs) >= 2:
        for number in pairs:
            yield from (number - 1, number)


def _summaries(page: Page) -> Iterator[int]:
    """The end of an article's page where, below a sure heading, headlines and summaries of one sentence take turns."""
    for number in page.body if page.is_article else ():
        if page.paragraphs[number].heading != "strong":
            continue
        below = list(page.paragraphs[number + 1 :])
        while below and (below[-1].rule or below[-1].heading):
            below.pop()
        pairs = list(zip(below[::2], below[1::2], strict=False))
        if len(pairs) >= 2 and len(below) % 2 == 0 and all(_is_headline_and_summary(first, second) for first, second in pairs):
            yield from range(number, number + 1 + len(below))
            return


def _is_headline_and_summary(first: Paragraph, second: Paragraph) -> bool:
    one_sentence = second.is_sentence and not _SENTENCE_BREAK.search(second.text) and second.words in _SUMMARY_WORDS
    return first.is_headline and first.words >= _BOX_LAST_WORDS - 2 and not first.text.endswith("?") and one_sentence
