"""The corpus card and the state of a sync as HTML: pure functions from values to markup."""

from __future__ import annotations

from datetime import datetime

from index.home import Stats
from index.types import SyncReport
from ui.markup import Html, count, day, join, tag, text
from ui.syncing import SyncState

_PUBLISHERS = 8
_SKIPS = 200


def corpus_html(stats: Stats, *, is_sample: bool, written: datetime | None = None, now: datetime | None = None) -> Html:
    """What is in the home that the page asks."""
    kicker = tag("p", "Sample corpus — sync your own folder" if is_sample else "Your articles", class_="dl-kicker")
    numbers = tag("p", tag("strong", f"{stats.articles:,}"), text(" article in " if stats.articles == 1 else " articles in "),
                  tag("span", count(stats.chunks, "chunk")), class_="dl-total")  # fmt: skip
    facts = [
        ("Dates", join(day(stats.first), text(" – "), day(stats.last)) if stats.first else tag("span", "none found")),
        ("Undated", text(count(stats.undated, "article")) if stats.undated else None),
        ("Last sync", _moment(written, now or datetime.now()) if written else None),
        ("Folder" if len(stats.roots) == 1 else "Folders", _roots(stats.roots) if stats.roots and not is_sample else None),
    ]
    rows = [join(tag("dt", name), tag("dd", value)) for name, value in facts if value is not None]
    content = (tag("h2", "Corpus"), kicker, numbers, tag("dl", *rows), _publishers(stats.publishers))
    return tag("section", *content, class_="dl-corpus", aria_label="Corpus")


def _publishers(publishers: tuple[tuple[str, int], ...]) -> Html | None:
    if not publishers:
        return None
    rows = [tag("li", tag("span", name), tag("span", f"{articles:,}", class_="dl-count")) for name, articles in publishers[:_PUBLISHERS]]
    rest = len(publishers) - _PUBLISHERS
    more = tag("p", f"and {count(rest, 'other publisher')}", class_="dl-caption") if rest > 0 else None
    return join(tag("h3", "Publishers"), tag("ul", *rows, class_="dl-publishers", role="list"), more)


def _roots(roots: tuple[str, ...]) -> Html:
    return join(*(tag("span", root, class_="dl-path") for root in roots))


def _moment(then: datetime, now: datetime) -> Html:
    words = f"today, {then:%H:%M}" if then.date() == now.date() else f"{then.day} {then:%B} {then.year}, {then:%H:%M}"
    return tag("time", words, datetime=then.isoformat(timespec="minutes"))


def sync_html(state: SyncState) -> Html:
    """How a sync stands, and at its end what it did and what it skipped."""
    if state.problem:
        hint = tag("p", state.hint) if state.hint else None
        return tag("div", tag("p", state.problem, class_="dl-failed"), hint, class_="dl-sync", role="alert")
    if state.report is not None:
        return tag("div", _report(state.report), _skips(state.report), class_="dl-sync", role="status")
    if not state.total:
        return tag("div", tag("p", "Looking for articles …"), class_="dl-sync", role="status")
    label = f"{state.done:,} of {state.total:,} {state.what}"
    bar = tag("progress", label, value=state.done, max=state.total, aria_label=f"Sync of {state.folder}")
    return tag("div", bar, tag("p", label, _rate(state), class_="dl-caption"), class_="dl-sync", role="status")


def _rate(state: SyncState) -> str:
    if not state.done or state.seconds < 1:
        return ""
    rate = state.done / state.seconds
    return f" · {rate:,.0f} a second · {round((state.total - state.done) / rate):,} s left"


def _report(report: SyncReport) -> Html:
    counts = [(report.added, "added"), (report.changed, "changed"), (report.moved, "moved"), (report.deleted, "deleted"),
              (report.unchanged, "unchanged"), (len(report.skipped), "skipped")]  # fmt: skip
    words = ", ".join(f"{number:,} {what}" for number, what in counts if number) or "nothing to do"
    return tag("p", tag("strong", "Synced: "), f"{words} in {report.seconds:.1f} s.")


def _skips(report: SyncReport) -> Html | None:
    if not report.skipped:
        return None
    rows = [tag("li", tag("span", skip.path, class_="dl-path"), text(" "), skip.reason) for skip in report.skipped[:_SKIPS]]
    rest = len(report.skipped) - _SKIPS
    more = tag("p", f"and {count(rest, 'other')}", class_="dl-caption") if rest > 0 else None
    return tag("details", tag("summary", f"Skipped: {count(len(report.skipped), 'file')}"), tag("ul", *rows), more)
