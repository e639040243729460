"""A run as JUnit XML, which build servers show: a suite of the reviewed cases, and one of the others, which can only be skipped."""

from __future__ import annotations

import re
from collections.abc import Sequence
from xml.etree.ElementTree import Element, SubElement, indent, tostring

from eval.results import CaseFailure, CaseResult, Report

_NOT_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")
"""What XML 1.0 cannot hold in any spelling."""


def junit(report: Report, *, title: str) -> str:
    """The run as JUnit XML; a wrong case is a failure, a crash an error, a wrong case that nobody has reviewed is skipped."""
    root = Element("testsuites", name=_sound(f"dateline eval {title}"))
    _suite(root, title, report.rows, counts=True)
    if report.unreviewed is not None:
        _suite(root, f"{title}: not reviewed", report.unreviewed.rows, counts=False)
    indent(root)
    return '<?xml version="1.0" encoding="UTF-8"?>\n' + tostring(root, encoding="unicode") + "\n"


def _suite(root: Element, name: str, rows: Sequence[CaseResult | CaseFailure], *, counts: bool) -> None:
    wrong = sum(isinstance(row, CaseResult) and not row.right for row in rows)
    crashed = sum(isinstance(row, CaseFailure) for row in rows)
    suite = SubElement(
        root,
        "testsuite",
        name=_sound(name),
        tests=str(len(rows)),
        failures=str(wrong if counts else 0),
        errors=str(crashed if counts else 0),
        skipped=str(0 if counts else wrong + crashed),
        time=f"{sum(row.seconds for row in rows if isinstance(row, CaseResult)):.3f}",
    )
    for row in rows:
        _case(suite, row, counts=counts)


def _case(suite: Element, row: CaseResult | CaseFailure, *, counts: bool) -> None:
    seconds = row.seconds if isinstance(row, CaseResult) else 0.0
    case = SubElement(suite, "testcase", classname=row.kind, name=_sound(f"{row.id}: {row.question}"), time=f"{seconds:.3f}")
    if isinstance(row, CaseFailure):
        SubElement(case, "error" if counts else "skipped", message=_sound(row.error))
    elif not row.right:
        wrong = SubElement(case, "failure" if counts else "skipped", message=_sound(row.why))
        wrong.text = _sound(f"expected: {row.expected}\ngiven: {row.given}")


def _sound(text: str) -> str:
    return _NOT_XML.sub("�", text)
