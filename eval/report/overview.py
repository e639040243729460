"""The first page of a report: how many cases are right, how sure that figure is, what fell, and the list of all cases."""

from __future__ import annotations

from collections.abc import Sequence

from eval.cases import KINDS
from eval.metrics import wilson_interval
from eval.render import turned
from eval.report import figures
from eval.report.curves import abstention_curve, by_kind, reliability, results
from eval.report.markup import Row, badge, escaped, link, outcome, share, shares, table, value
from eval.report.measured import Measured, measured
from eval.results import CaseResult, Report

_COLUMNS = ("outcome", "kind", "question", "given", "expected", "confidence", "seconds")
_OUTCOMES = ("wrong", "right", "crashed")


def overview(report: Report, rows: Sequence[Row], places: dict[str, int], *, title: str, made: str) -> str:
    """The overview as HTML.

    Args:
        report: the run.
        rows: all its cases, in the order in which they are listed.
        places: case id -> number of its page.
        title: what the cases are called.
        made: when and by what, in words.
    """
    parts = (_head(report, title, made), _verdict(report, places), _plots(report), _summary(report), _list(rows, places, report))
    return f'<main id="overview">\n{"".join(parts)}</main>\n'


def _head(report: Report, title: str, made: str) -> str:
    judged = results(report.rows)
    right, failures = sum(row.right for row in judged), len(report.failures)
    told = [
        (share(right / len(judged)) if judged else "–", f"of {len(judged)} cases right", shares(wilson_interval(right, len(judged)))),
        (value(report.metrics.get("false_answers")), "answered without an answer in the articles", ""),
        (_seconds(report.metrics.get("seconds_p50")), "seconds for an answer, median", ""),
    ]
    if failures:
        told.insert(1, (str(failures), "crashed", "in no share"))
    items = "".join(f"<li><b>{first}</b> {words} <small>{more}</small></li>" for first, words, more in told)
    who = "built-in answers" if report.model == "built-in" else escaped(report.model)
    head = f'<header><h1>Evaluation of {escaped(title)}</h1><p class="caption">{who} · {made}</p></header>'
    return f'{head}\n<ul class="figures">{items}</ul>\n'


def _seconds(seconds: float | None) -> str:
    return "–" if seconds is None else f"{seconds:.2f}"


def _verdict(report: Report, places: dict[str, int]) -> str:
    """What the baseline says: which cases fell and which bars were missed."""
    change = ""
    if report.change is not None:
        change = f'<p>Since the baseline {escaped(turned(report.change))}. <a href="#change">Both runs, case by case</a></p>'
    if report.comparison is not None:
        change += f'<p>Beside the built-in answers {escaped(turned(report.comparison))}. <a href="#built-in">Both, case by case</a></p>'
    bars = "".join(f"<li>{escaped(below)}</li>" for below in report.below)
    fell = "".join(
        f'<li><a href="#case-{places[fallen.id]}">{escaped(fallen.id)}</a> {escaped(fallen.question)} '
        f"{escaped(fallen.before or 'not in the baseline')} → {escaped(fallen.now)}</li>"
        for fallen in report.fell
    )
    parts = [f"<h2>{name}</h2><ul>{items}</ul>" for name, items in (("Below the bar", bars), ("Fell since the baseline", fell)) if items]
    if not parts:
        return f'<section class="told">{change}</section>\n' if change else ""
    return f'<section class="told failed">{"".join(parts)}{change}</section>\n'


def _plots(report: Report) -> str:
    judged = results(report.rows)
    if not judged:
        return ""
    points, bins = abstention_curve(judged), reliability(judged)
    plots = [("Right by kind", figures.kinds_figure(by_kind(judged, KINDS)), "The bar is what the share may be, given so few cases.")]
    if points:
        all_given = f"All {sum(held.cases for held in bins)} answers given are the point at the right"
        curve = f"{all_given}. The lines show what is left when only answers of at least that confidence are given."
        tenths = "On the line, confidence is what it says: of answers at 70 %, 70 % are right."
        plots.append(("Answering less, being right more", figures.abstention_figure(points), curve))
        plots.append(("How far confidence can be trusted", figures.calibration_figure(bins), tenths))
    else:
        plots.append(("Confidence", "", "No answer has one: only the built-in answerer says how sure it is."))
    latency = "How long a case took, from the question to the finished answer."
    plots.append(("Time", figures.latency_figure([row.seconds for row in judged]), latency))
    drawn = "".join(f"<figure><h3>{name}</h3>{svg}<figcaption>{caption}</figcaption></figure>" for name, svg, caption in plots)
    return f'<section class="plots">{drawn}</section>\n'


def _summary(report: Report) -> str:
    kinds = [
        (held.kind, str(held.cases), str(held.right), share(held.right / held.cases), shares(held.interval))
        for held in by_kind(report.rows, KINDS)
    ]
    measures = [
        (f'<code>{found.name}</code> <span class="gloss">{found.meaning}</span>', _value(found), _interval(found))
        for found in measured(report)
    ]
    if report.unreviewed is not None:
        drafts = by_kind(report.unreviewed.rows, ())
        kinds += [
            ("not reviewed yet", str(held.cases), str(held.right), share(held.right / held.cases), shares(held.interval)) for held in drafts
        ]
    heads = ("measure", "value", "95 % interval")
    return (
        '<section class="summary"><h2>In figures</h2>'
        f"{table(('kind', 'cases', 'right', 'share', '95 % interval'), kinds, name='numbers kinds')}"
        f"{table(heads, measures, name='numbers measures')}"
        '<p class="caption">Intervals: Wilson for shares of cases, else by resampling the cases 2,000 times.</p></section>\n'
    )


def _value(found: Measured) -> str:
    return share(found.value) if found.is_share else value(found.value)


def _interval(found: Measured) -> str:
    if found.interval is None or found.is_share:
        return shares(found.interval)
    return f"{found.interval.low:.3g} to {found.interval.high:.3g}"


def _list(rows: Sequence[Row], places: dict[str, int], report: Report) -> str:
    """The table of cases, with the marks that choose among them."""
    drafts = {row.id for row in report.unreviewed.rows} if report.unreviewed else set()
    lines = "".join(_line(row, places, is_draft=row.id in drafts) for row in rows)
    kinds = [kind for kind in KINDS if any(row.kind == kind for row in rows)]
    outcomes = [name for name in _OUTCOMES if any(outcome(row) == name for row in rows)]
    heads = "".join(f'<th scope="col">{name}</th>' for name in _COLUMNS)
    return (
        f'<section class="listing"><h2>Cases, the worst first</h2>{_marks("kind", kinds)}{_marks("outcome", outcomes)}'
        f'<div class="wide"><table class="cases"><thead><tr>{heads}</tr></thead>'
        f'<tbody>{lines}</tbody></table></div><p class="caption shown"> of {len(rows)} cases shown</p></section>\n'
    )


def _marks(field: str, names: Sequence[str]) -> str:
    """Radio buttons for one column of the list."""
    marks = "".join(
        f'<label><input type="radio" name="{field}" id="{field}-{name}"{" checked" if name == "all" else ""}> {name}</label>'
        for name in ("all", *names)
    )
    return f'<fieldset class="marks"><legend>{field}</legend>{marks}</fieldset>'


def _line(row: Row, places: dict[str, int], *, is_draft: bool) -> str:
    given, expected, confidence, seconds = ("", "", "–", "–")
    if isinstance(row, CaseResult):
        given = row.short if row.status == "answered" else "not answered"
        expected, seconds = row.expected, f"{row.seconds:.2f}"
        confidence = "–" if row.confidence is None else f"{row.confidence:.2f}"
    draft = ' <span class="badge draft">Not reviewed</span>' if is_draft else ""
    return (
        f'<tr class="{outcome(row)} {row.kind}"><td>{badge(row)}{draft}</td><td>{row.kind}</td><th scope="row">{link(row, places)}</th>'
        f'<td dir="auto">{escaped(given)}</td><td dir="auto">{escaped(expected)}</td><td>{confidence}</td><td>{seconds}</td></tr>'
    )
