"""dateline.csv: good rows are read, bad ones are reported by line."""

from __future__ import annotations

from pathlib import Path

from index.overrides import Override, Overrides, read_overrides
from index.types import Skipped


def test_overrides(tmp_path: Path) -> None:
    path = tmp_path / "dateline.csv"
    path.write_text(
        "path,published,publisher,title\n2025/tram.txt,6 June 2025,The Lindport Example,\n./bell.txt,,,Bell Rings\n"
        "../up.txt,,,x\n,,,x\na.txt,soon,,\nbell.txt,,,again\nb.txt,,,a,b\n"
    )
    assert read_overrides(tmp_path) == Overrides(
        rows={
            "2025/tram.txt": Override(published="2025-06-06", publisher="The Lindport Example"),
            "bell.txt": Override(title="Bell Rings"),
        },
        problems=(
            Skipped(path=f"{path}:4", reason="its path must name a file in this folder, such as 2025/bridge.txt"),
            Skipped(path=f"{path}:5", reason="its path must name a file in this folder, such as 2025/bridge.txt"),
            Skipped(path=f"{path}:6", reason="soon is not a date: write it as 2025-06-06 or 2025-06-06T15:18"),
            Skipped(path=f"{path}:7", reason="bell.txt stands in an earlier row already: delete one of the two"),
            Skipped(path=f"{path}:8", reason="it has more cells than the first line names: put quotes around a value with a comma"),
        ),
    )


def test_overrides_without_a_path_column_or_file(tmp_path: Path) -> None:
    assert read_overrides(tmp_path) == Overrides()
    path = tmp_path / "dateline.csv"
    path.write_text("file,date\na.txt,2025-06-06\n")
    reason = "its first line must name the columns path,published,publisher,title (path is needed, the others as you like)"
    assert read_overrides(tmp_path) == Overrides(problems=(Skipped(path=str(path), reason=reason),))
