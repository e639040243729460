"""A text as paragraphs, each with what it looks like: prose, page furniture, a heading over a list of other stories.

Lines of hard-wrapped text are seen as the one paragraph that they are. Nothing is cut here; `clean` does that.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

from index import furniture

_PROSE_WORDS = 12
_LONG_WORDS = 40
_WRAP_WIDTH = range(45, 101)
_HEADLINE_WORDS = range(4, 31)
_SENTENCE_END = re.compile(r"[.!?。！？][\"'”’»)\]]*$")
_END = 80
"""Characters that tell how a paragraph ends; a search through a long row of points for its end would take quadratic time."""
_CUT_OFF = re.compile(r"(?:\.{3}|…)\W*$")
_UNSPACED = re.compile("[\u3040-\u30ff\u3400-\u9fff\u0e00-\u0e7f]")
_NOTE = re.compile(
    r"(?:correction|clarification|update|editor(?:s|'s|’s)? note|contributing|contributors|additional reporting|reporting by|edited by"
    r"|writing by|with (?:files|reporting|additional)|source|note|disclosure|photo|photograph|image|illustration|contact|translated)\b",
    re.IGNORECASE,
)


_RANKED = re.compile(r"\d{1,2}[.)] [^\W\d]")
"""A place in a list such as "most read"."""


@dataclass(frozen=True, kw_only=True)
class Paragraph:
    """Some lines of a page that belong together, and what they look like."""

    text: str
    """The lines joined by single spaces."""
    first: int
    last: int
    """Line numbers, both inclusive."""
    after_blank: bool
    """Whether a blank line (or nothing) stands before it."""

    @cached_property
    def words(self) -> int:
        """How many words it has."""
        return len(self.text.split())

    @cached_property
    def rule(self) -> furniture.Rule | None:
        """The kind of page furniture that it may be."""
        return furniture.match(self.text)

    @cached_property
    def heading(self) -> furniture.Heading | None:
        """Whether it may head a list of other stories."""
        return furniture.heading(self.text)

    @cached_property
    def is_cut_off(self) -> bool:
        """Whether it ends in an ellipsis, as the summary in a teaser does."""
        return bool(_CUT_OFF.search(self.text[-_END:]))

    @cached_property
    def is_sentence(self) -> bool:
        """Whether it ends as a sentence does."""
        return bool(_SENTENCE_END.search(self.text[-_END:])) and not self.is_cut_off

    @cached_property
    def is_prose(self) -> bool:
        """Whether it reads as a paragraph of an article: full sentences of some length, or a note about the article."""
        if self.is_cut_off:
            return False
        enough = self.words >= _PROSE_WORDS or (not self.text.isascii() and len(_UNSPACED.findall(self.text)) >= _LONG_WORDS)
        reads_on = self.words >= _LONG_WORDS or (enough and self.is_sentence)
        return reads_on and not self.rule and not self.heading

    @cached_property
    def is_list_item(self) -> bool:
        """Whether it could stand in a list of other stories: a headline, a teaser, a byline, a date; never a sentence."""
        if self.is_prose or _NOTE.match(self.text) or self.words not in range(1, _HEADLINE_WORDS.stop):
            return False
        if self.is_cut_off or self.rule or self.heading:
            return True
        return not self.text[0].islower() and not self.text.endswith((".", ".”", '."', ".)", ":", ";", ","))

    @cached_property
    def is_headline(self) -> bool:
        """Whether it reads as the headline of a story."""
        return (
            self.is_list_item
            and not self.rule
            and not self.heading
            and self.words in _HEADLINE_WORDS
            and (self.text[0] not in "0123456789–—-" or bool(_RANKED.match(self.text)))
        )


@dataclass(frozen=True, kw_only=True)
class Page:
    """The paragraphs of a text, and where its prose begins and ends."""

    paragraphs: Sequence[Paragraph]

    @classmethod
    def from_lines(cls, lines: Sequence[str]) -> Page:
        """The page that `lines` make; blank lines separate paragraphs."""
        paragraphs: list[Paragraph] = []
        start = None
        for number, line in enumerate(lines):
            start = number if start is None else start
            following = lines[number + 1] if number + 1 < len(lines) else ""
            if line.strip() and _goes_on(line, following):
                continue
            text = " ".join(part.strip() for part in lines[start : number + 1])
            if text:
                blank = start == 0 or not lines[start - 1].strip()
                paragraphs.append(Paragraph(text=text, first=start, last=number, after_blank=blank))
            start = None
        return cls(paragraphs=paragraphs)

    @cached_property
    def prose(self) -> list[int]:
        """The numbers of the prose paragraphs."""
        return [number for number, paragraph in enumerate(self.paragraphs) if paragraph.is_prose]

    @cached_property
    def is_article(self) -> bool:
        """Whether it holds more prose than headlines and teasers; verse, recipes and tables do not, and get gentler rules."""
        prose = sum(self.paragraphs[number].words for number in self.prose)
        return bool(prose) and 2 * prose >= sum(
            p.words for p in self.paragraphs if not (p.is_list_item and p.words > _HEADLINE_WORDS.start)
        )

    @cached_property
    def body(self) -> range:
        """The paragraphs from the first to the last that are certainly the article's."""
        if self.is_article:
            return range(self.prose[0], self.prose[-1] + 1)
        own = [number for number, paragraph in enumerate(self.paragraphs) if not paragraph.rule]
        return range(own[0], own[-1] + 1) if own else range(0)

    def mentions(self, word: str) -> int:
        """How many prose paragraphs use `word`."""
        return sum(word in f" {self.paragraphs[number].text.lower()}" for number in self.prose)


def _goes_on(line: str, following: str) -> bool:
    """Whether a hard-wrapped paragraph goes on from `line` to `following`."""
    return len(line) in _WRAP_WIDTH and following[:1].islower() and not _SENTENCE_END.search(line[-_END:]) and not line.endswith((":", "…"))
