"""Writes a report's files into a folder."""

from __future__ import annotations

import json
from pathlib import Path

from eval.report.junit import junit
from eval.results import Report
from index.errors import BadPath


def write_report(report: Report, folder: str | Path, *, title: str = "cases") -> list[Path]:
    """Write `index.html`, `results.json` and `junit.xml` into `folder`, which is made if need be.

    Args:
        report: the run.
        folder: where to write.
        title: what the cases are called, such as the name of their file.

    Raises:
        BadPath: the folder cannot be made or written to.
    """
    from eval.report.page import page

    target = report_folder(folder)
    contents = {
        "results.json": json.dumps(report.to_dict(), ensure_ascii=False, indent=2) + "\n",
        "junit.xml": junit(report, title=title),
        "index.html": page(report, title=title),
    }
    try:
        for name, content in contents.items():
            (target / name).write_text(content, encoding="utf-8")
    except OSError as error:
        raise BadPath(f"cannot write the report to {folder}: {error.strerror}", hint="name another folder: --report DIR") from None
    return [target / name for name in contents]


def report_folder(folder: str | Path) -> Path:
    """Make the folder of a report if it is not there.

    Raises:
        BadPath: it cannot be made, or is a file.
    """
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise BadPath(f"cannot make the report folder {folder}: {error.strerror}", hint="name another folder: --report DIR") from None
    return Path(folder)
