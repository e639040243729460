"""What a set is to the loop: parts, each with records, an adapter that judges one of them, and measures over what came of all."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from eval.bench.files import Record
from eval.bench.measures import Measure, Row
from eval.bench.tools import Tools

Judge = Callable[[Record], Row]
"""One record -> what came of it. Called from several threads."""
Adapter = Callable[[Tools, Sequence[Record]], Judge]
"""Prepares for the chosen records of a part, and gives the function that judges one."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Part:
    """Records of one file that are measured in one way."""

    file: str
    adapter: Adapter
    measures: Mapping[str, Measure]
    name: str = ""
    """In the report; the file's where empty."""
    chosen: Callable[[Sequence[Record]], Sequence[Record]] = list
    """Which records of the file, in which order."""
    most: int | None = None
    """Records that are taken unless a run says otherwise."""
    counts: bool = True
    """Whether its rows enter the measures of the whole set."""

    @property
    def label(self) -> str:
        """What the report calls it."""
        return self.name or self.file
