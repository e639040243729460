"""From a file to drafts of articles, or one line about what cannot be read. No file can end a sync or make it long.

Plain text is read here; all else is parsed in a process of its own (`isolate`). Which files of a folder are looked at is for
`sync`; page furniture is for `clean`.
"""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from index.bounds import MOST_SKIPS, bounded, one_reason
from index.files import KeptWaiting, Source, Unreadable, read_bytes
from index.isolate import shared_reader
from index.overrides import OVERRIDES_NAME
from index.parse import SUFFIXES, parse, stem_of, suffix_of
from index.types import Draft, Skipped

__all__ = ["MAX_BYTES", "SUFFIXES", "is_article_file", "read_file"]

MAX_BYTES = 20_000_000
"""Larger files are skipped unless the caller says otherwise."""
_PLAIN = frozenset({".txt", ".text", ".md", ".markdown"})
_PLAIN_BYTES = 64_000
"""A larger text may take noticeable time or memory, and is parsed apart."""


def is_article_file(path: Path) -> bool:
    """Whether `path` may hold articles, by its name alone; hidden files, Word's lock files and dateline.csv do not."""
    return bool(suffix_of(path)) and not path.name.startswith((".", "~$")) and path.name.lower() != OVERRIDES_NAME


def read_file(path: Path, *, max_bytes: int = MAX_BYTES) -> list[Draft | Skipped]:
    """The articles of a file, and the records of it that hold none; at least one result, and never an error for bad content.

    Args:
        path: a file of one of the `SUFFIXES`.
        max_bytes: larger files are skipped.
    """
    try:
        stem = stem_of(path)
        source = Source(path=path, data=read_bytes(path, max_bytes=max_bytes), stem=stem)
        results = bounded(parse(source) if _is_plain(source) else shared_reader().parse(source), path)
    except Unreadable as error:
        return [Skipped(path=str(path), reason=one_reason(str(error)), passing=isinstance(error, KeptWaiting))]
    skipped = [result for result in results if isinstance(result, Skipped)]
    if len(results) == len(skipped) > 1:
        reason, count = Counter(result.reason for result in skipped).most_common(1)[0]
        return [Skipped(path=str(path), reason=f"none of its {len(results)} records is an article; of {count} of them: {reason}")]
    if len(skipped) > MOST_SKIPS:
        rest = f"{len(skipped) - MOST_SKIPS} more of its records hold no article: see the ones before"
        return [result for result in results if isinstance(result, Draft)] + skipped[:MOST_SKIPS] + [Skipped(path=str(path), reason=rest)]
    return results


def _is_plain(source: Source) -> bool:
    return suffix_of(source.path) in _PLAIN and len(source.data) <= _PLAIN_BYTES
