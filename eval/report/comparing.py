"""The page of two runs over the same cases: which cases turned, and the paired difference in every measure."""

from __future__ import annotations

from collections.abc import Sequence

from eval.render import signed, turned
from eval.report import figures
from eval.report.markup import escaped, link, table, value
from eval.results import Compared, Comparison, Report

_PLOTTED = ("accuracy", "answer_match", "claims_passed")
"""Measures, by their beginnings, whose difference is drawn."""


def comparison_page(
    report: Report, other: Report, comparison: Comparison, places: dict[str, int], *, anchor: str, names: tuple[str, str]
) -> str:
    """The page of a comparison as HTML.

    Args:
        report: the run in question.
        other: what it is compared with.
        comparison: the first less the second.
        places: case id -> number of its page.
        anchor: the page's own address.
        names: what the two runs are called.
    """
    parts = (
        _turned("Turned wrong", comparison.lost, report, other, places, names),
        _turned("Turned right", comparison.gained, report, other, places, names),
        _differences(comparison, names),
    )
    heading = f"{escaped(names[0][:1].upper() + names[0][1:])} beside {escaped(names[1])}"
    sentence = f"Of {comparison.cases} cases that both were asked to the end, {turned(comparison)}."
    return (
        f'<article class="page" id="{anchor}">\n<nav><a href="#overview">All cases</a></nav>\n'
        f"<h2>{heading}</h2><p>{escaped(sentence)}</p>{''.join(parts)}</article>\n"
    )


def _turned(title: str, ids: Sequence[str], report: Report, other: Report, places: dict[str, int], names: tuple[str, str]) -> str:
    if not ids:
        return ""
    ours, theirs = ({row.id: row for row in run.rows} for run in (report, other))
    rows = [(link(ours[case], places), escaped(theirs[case].given), escaped(ours[case].given)) for case in ids]
    return f"<h3>{title}</h3>{table(('question', escaped(names[1]), escaped(names[0])), rows, name='turned')}"


def _differences(comparison: Comparison, names: tuple[str, str]) -> str:
    heads = ("measure", "cases", escaped(names[1]), escaped(names[0]), "difference", "95 % interval")
    plotted = [
        (compared.metric, compared.difference, compared.interval)
        for compared in comparison.metrics
        if compared.metric.startswith(_PLOTTED) and compared.difference is not None and compared.interval is not None
    ]
    plot = (
        f"<figure>{figures.turned_figure(plotted)}<figcaption>A bar that crosses the dashed line shows no difference.</figcaption></figure>"
        if plotted
        else ""
    )
    return f"<h3>Differences</h3>{plot}{table(heads, map(_difference, comparison.metrics), name='numbers')}"


def _difference(compared: Compared) -> tuple[str, ...]:
    interval = compared.interval
    return (
        f"<code>{compared.metric}</code>",
        str(compared.cases) if interval else "",
        value(compared.beside),
        value(compared.value),
        "–" if compared.difference is None else signed(compared.difference),
        "–" if interval is None else f"{signed(interval.low)} to {signed(interval.high)}",
    )
