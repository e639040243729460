"""The one HTML file of a report: an overview, a page for each comparison, and a page for each case.

Which page is seen is decided by the address alone (`#case-3`), and what a list shows by the marks above it, both in the style sheet.
So there is no script in the file, its policy forbids every request, and printing gives all pages one after another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from importlib.metadata import PackageNotFoundError, version
from importlib.resources import files

from eval.cases import KINDS
from eval.report.case import case_page
from eval.report.comparing import comparison_page
from eval.report.markup import Row, escaped
from eval.report.overview import overview
from eval.results import CaseFailure, Report

_POLICY = "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"


def page(report: Report, *, title: str, made: datetime | None = None) -> str:
    """The report as one HTML document that needs nothing beside it.

    Args:
        report: the run.
        title: what the cases are called.
        made: when it was made; None for now.
    """
    rows = worst_first([*report.rows, *(report.unreviewed.rows if report.unreviewed else ())])
    places = {row.id: place for place, row in enumerate(rows, start=1)}
    reviewed = {row.id for row in report.rows}
    pages = [overview(report, rows, places, title=title, made=_told(made or datetime.now()))]
    if report.change is not None and report.earlier is not None:
        pages.append(comparison_page(report, report.earlier, report.change, places, anchor="change", names=("now", "the baseline")))
    if report.comparison is not None and report.beside is not None:
        names = (report.model, "the built-in answers")
        pages.append(comparison_page(report, report.beside, report.comparison, places, anchor="built-in", names=names))
    pages += [case_page(row, place, len(rows), reviewed=row.id in reviewed) for place, row in enumerate(rows, start=1)]
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n<meta name="color-scheme" content="light dark">\n'
        f"<title>Evaluation of {escaped(title)}</title>\n<style>\n{_style()}</style>\n</head>\n<body>\n"
        f"{''.join(pages)}</body>\n</html>\n"
    )


def worst_first(rows: Sequence[Row]) -> list[Row]:
    """Crashes, then wrong cases, the surest first, then right ones, the least sure first and those without a confidence last."""

    def badness(row: Row) -> tuple[int, float]:
        if isinstance(row, CaseFailure):
            return 0, 0.0
        if row.right:
            return 2, 1.0 if row.confidence is None else row.confidence
        return 1, -(row.confidence or 0.0)

    return sorted(rows, key=badness)


def _style() -> str:
    """The style sheet, with the rules that let the marks above the list choose its rows."""
    sheet = (files("eval.report") / "style.css").read_text(encoding="utf-8")
    chosen = [("kind", kind) for kind in KINDS] + [("outcome", name) for name in ("right", "wrong", "crashed")]
    hide = ",\n".join(f"body:has(#{field}-{name}:checked) .cases tbody tr:not(.{name})" for field, name in chosen)
    return f"{sheet}{hide} {{ display: none; }}\n"


def _told(made: datetime) -> str:
    try:
        by = f"Dateline {version('dateline')}"
    except PackageNotFoundError:
        by = "Dateline"
    return f"{made.day} {made:%B %Y, %H:%M} by {by}"
