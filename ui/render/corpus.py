"""The corpus card and the state of a sync as HTML: pure functions from values to markup."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from datetime import datetime
from pathlib import PurePath

from index.home import Spread, Stats
from index.types import SyncReport
from ui.markup import Html, count, day, join, tag, text
from ui.render.histogram import histogram_html
from ui.syncing import SyncState

_PUBLISHERS = 6
_ROWS = 200
"""Of a list that somebody opened."""
_UNSCROLLED = 5
"""Rows that fit without scrolling; a longer list can be scrolled with the keys."""
_CHANGES = (("changed", "Changed"), ("moved", "Moved"), ("added", "Added"), ("deleted", "Deleted"))
_FEW = 3
"""Skipped files that are shown at once."""
_MINUTE = 60


def corpus_html(
    stats: Stats,
    *,
    is_sample: bool,
    spread: Spread | None = None,
    uploads: str = "",
    may_change: bool = False,
    written: datetime | None = None,
    now: datetime | None = None,
) -> Html:
    """What is in the home that the page asks.

    Args:
        stats: its counts.
        is_sample: whether it is the sample.
        spread: how its articles are spread over time and folders.
        uploads: the root that holds copies of what visitors gave.
        may_change: whether its folders can be synced again and forgotten from here.
        written: when it was last written.
        now: what time it is; None for the clock's.
    """
    kicker = tag("p", "Sample corpus — sync your own folder" if is_sample else "Your articles", class_="dl-kicker")
    numbers = tag("p", tag("strong", f"{stats.articles:,}"), text(" article in " if stats.articles == 1 else " articles in "),
                  tag("span", count(stats.chunks, "passage")), class_="dl-total")  # fmt: skip
    bars = histogram_html(spread.days) if spread else None
    rows = [join(tag("dt", name), tag("dd", value)) for name, value in _facts(stats, bars, written, now or datetime.now()) if value]
    roots = _roots(spread.roots, uploads, may_change=may_change) if spread and not is_sample else None
    content = (tag("h2", "Corpus"), kicker, numbers, bars, tag("dl", *rows), _publishers(stats.publishers), roots)
    return tag("section", *content, class_="dl-corpus", aria_label="Corpus")


def _facts(stats: Stats, bars: Html | None, written: datetime | None, now: datetime) -> Iterable[tuple[str, Html | None]]:
    if bars is None:
        yield "Dates", _span(stats)
    yield "Undated", text(count(stats.undated, "article")) if stats.undated else None
    yield "Last sync", _moment(written, now) if written else None


def _span(stats: Stats) -> Html:
    if not stats.first:
        return tag("span", "none found")
    return day(stats.first) if stats.first == stats.last else join(day(stats.first), text(" – "), day(stats.last))


def _publishers(publishers: Sequence[tuple[str, int]]) -> Html | None:
    if not publishers:
        return None
    rows = [tag("li", tag("span", name, dir="auto"), tag("span", f"{articles:,}", class_="dl-count")) for name, articles in publishers]
    shown = tag("ul", *rows[:_PUBLISHERS], class_="dl-publishers", role="list")
    others = rows[_PUBLISHERS:]
    return join(tag("h3", "Publishers"), shown, _folded(count(len(others), "other publisher"), others, kind="dl-publishers"))


def _folded(heading: str, rows: Sequence[Html], *, kind: str | None = None, is_open: bool = False) -> Html | None:
    """Rows that are shown when they are asked for."""
    if not rows:
        return None
    rest = tag("p", f"and {len(rows) - _ROWS:,} more", class_="dl-caption") if len(rows) > _ROWS else None
    listed = tag("ul", *rows[:_ROWS], class_=kind, role="list", tabindex="0" if len(rows) > _UNSCROLLED else None, aria_label=heading)
    return tag("details", tag("summary", heading), listed, rest, class_="dl-fold", open=is_open)


def _roots(roots: Sequence[tuple[str, int]], uploads: str, *, may_change: bool) -> Html | None:
    """The folders that were synced, each with what can be done about it."""
    roots = [(root, articles) for root, articles in roots if articles or root != uploads]
    if not roots:
        return None
    rows = [
        tag("li", tag("span", "Added files", class_="dl-path") if root == uploads else _path(root),
            tag("span", f"{articles:,}", class_="dl-count"), _actions(root, articles, is_uploads=root == uploads) if may_change else None)
        for root, articles in roots
    ]  # fmt: skip
    return join(tag("h3", "Folder" if len(roots) == 1 else "Folders"), tag("ul", *rows, class_="dl-roots", role="list"))


def _actions(root: str, articles: int, *, is_uploads: bool) -> Html:
    """To sync a folder again, or to forget it after one more click."""
    name = "the added files" if is_uploads else root
    stays = "the copies in this home are deleted, your own files stay." if is_uploads else "the files stay where they are."
    again = tag("button", "Sync again", type="button", class_="dl-act", data_sync=root, aria_label=f"Sync {name} again")
    sure = tag("p", f"{count(articles, 'article')} will leave the corpus; {stays}")
    forget = tag("button", "Forget", type="button", class_="dl-act dl-sure", data_forget=root, aria_label=f"Forget {name}")
    return tag("div", again, tag("details", tag("summary", "Forget …"), sure, forget, class_="dl-forget"), class_="dl-acts")


def _moment(then: datetime, now: datetime) -> Html:
    words = f"today, {then:%H:%M}" if then.date() == now.date() else f"{then.day} {then:%B} {then.year}, {then:%H:%M}"
    return tag("time", words, datetime=then.isoformat(timespec="minutes"))


def sync_html(state: SyncState, *, is_own: bool = True) -> Html:
    """How a work on the corpus stands, and at its end what it did file by file.

    Args:
        state: how it stands.
        is_own: whether the visitor who sees this began it.
    """
    if state.problem:
        hint = tag("p", state.hint) if state.hint else None
        return tag("div", tag("p", state.problem, class_="dl-failed"), hint, class_="dl-sync", role="alert")
    if state.report is not None:
        return tag("div", *_told(state, state.report), class_="dl-sync", role="status")
    whose = None if is_own else tag("p", f"A sync is under way: {state.folder}", class_="dl-caption")
    return tag("div", whose, *_moving(state), class_="dl-sync")


def _moving(state: SyncState) -> tuple[Html, ...]:
    if state.is_forgotten:
        return (tag("p", f"Forgetting {state.folder} …"),)
    if not state.total:
        return (tag("p", "Stopping …" if state.is_stopping else "Looking for articles …"),)
    words = f"{state.done:,} of {count(state.total, 'file')}"
    known = {"value": state.done} if state.done else {}  # without a value the bar shows that something goes on
    bar = tag("progress", words, max=state.total, aria_label=f"Sync of {state.folder}", **known)
    return (bar, tag("p", words, " · stopping …" if state.is_stopping else _left(state), class_="dl-caption"))


def _left(state: SyncState) -> str:
    if not state.done or state.seconds < 1:
        return ""
    if state.done == state.total:
        return " · storing the last ones"
    seconds = (state.total - state.done) * state.seconds / state.done
    return f" · {round(seconds):,} s left" if seconds < 2 * _MINUTE else f" · {round(seconds / _MINUTE):,} min left"


def _told(state: SyncState, report: SyncReport) -> Iterable[Html | None]:
    if state.is_forgotten:
        yield tag("p", tag("strong", "Forgotten: "), f"{count(report.deleted, 'article')} of {state.folder}.")
        return
    counts = [(report.added, "added"), (report.changed, "changed"), (report.moved, "moved"), (report.deleted, "deleted"),
              (report.unchanged, "unchanged"), (len(report.skipped), "skipped")]  # fmt: skip
    words = ", ".join(f"{number:,} {what}" for number, what in counts if number) or "nothing to do"
    yield tag("p", tag("strong", "Cancelled: " if report.cancelled else "Synced: "), f"{words} in {report.seconds:.1f} s.")
    if report.cancelled:
        yield tag("p", "What was done is kept; the next sync of this folder goes on from there.")
    skips = [tag("li", _path(_short(skip.path, state.base)), text(": "), skip.reason) for skip in report.skipped]
    yield _folded(f"Skipped: {count(len(skips), 'file')}", skips, is_open=len(skips) <= _FEW)
    for what, heading in _CHANGES:
        changes = [change for change in report.changes if change.what == what]
        rows = [tag("li", _path(_short(change.path, state.base)), _several(change.articles)) for change in changes]
        yield _folded(f"{heading}: {count(len(rows), 'file')}", rows)


def _several(articles: int) -> Html | None:
    return text(f" {articles:,} articles") if articles > 1 else None


def _path(path: str) -> Html:
    """A path that breaks between its folders, the user's own folder as they type it."""
    home = os.path.expanduser("~")  # noqa: PTH111  pathlib's raises where there is none
    first, *parts = (f"~{path[len(home) :]}" if path.startswith(f"{home}/") else path).split("/")
    return tag("span", first, *(join(tag("wbr"), text(f"/{part}")) for part in parts), class_="dl-path", title=path)


def _short(path: str, base: str) -> str:
    """A path as it is told beside the folder that it lies in."""
    if base and path == base:
        return PurePath(path).name
    return path.removeprefix(f"{base}/") if base else path
