"""Written dates become dates, and nothing else does."""

from __future__ import annotations

from pathlib import Path

import pytest

from index.dates import date_in_name, find_date, parse_date, parse_record_date


@pytest.mark.parametrize(
    ("text", "date"),
    [
        ("2025-06-06", "2025-06-06"),
        ("2025-06-06T09:30:00+02:00", "2025-06-06T09:30"),
        ("2025-06-06T00:00:00Z", "2025-06-06"),
        ("2025-06-06 09:30", "2025-06-06T09:30"),
        ("2024/03/27", "2024-03-27"),
        ("27 March 2024", "2024-03-27"),
        ("6th of June 2025", "2025-06-06"),
        ("March 27, 2024", "2024-03-27"),
        ("Sept. 5, 2024, 12:05 a.m.", "2024-09-05T00:05"),
        ("Friday, 6 June 2025 at 3:18 p.m. ET", "2025-06-06T15:18"),
        ("Fri, 06 Jun 2025 15:18:00 GMT", "2025-06-06T15:18"),
        ("27/03/2024", "2024-03-27"),
        ("27.03.2024", "2024-03-27"),
        ("2999-01-01", None),
        ("2024-02-29", "2024-02-29"),
        ("2025-02-29", None),
        ("03/04/2025", None),
        ("03/03/2025", "2025-03-03"),
        ("2025-06-06T25:00", None),
        ("June 2025", None),
        ("2025", None),
        ("1717666680", None),
        ("on 6 June 2025 the tram", None),
        ("", None),
    ],
)
def test_parse_date(text: str, date: str | None) -> None:
    assert parse_date(text) == date


@pytest.mark.parametrize(
    ("value", "date"),
    [
        (1717666680, "2024-06-06T09:38"),
        (1717666680000, "2024-06-06T09:38"),
        ("1717666680", "2024-06-06T09:38"),
        (20240327, "2024-03-27"),
        (2024, None),
        (True, None),
        (None, None),
        (float("nan"), None),
        (["2024-03-27"], None),
    ],
)
def test_parse_record_date(value: object, date: str | None) -> None:
    assert parse_record_date(value) == date


@pytest.mark.parametrize(
    ("line", "date"),
    [
        ("Published: 6 June 2025", "2025-06-06"),
        ("Date: 2025-06-06", "2025-06-06"),
        ("By A. Writer | 6 June 2025", "2025-06-06"),
        ("By A. Writer, June 6, 2025", "2025-06-06"),
        ("6 June 2025 | 4 min read", "2025-06-06"),
        ("The strike of 6 June 2025", None),
        ("Date:", None),
    ],
)
def test_find_date(line: str, date: str | None) -> None:
    assert find_date(line) == date


@pytest.mark.parametrize(
    ("name", "date"),
    [
        ("2025-06-06-bridge.txt", "2025-06-06"),
        ("bridge_2025_06_06.pdf", "2025-06-06"),
        ("20250606.txt", "2025-06-06"),
        ("bridge-2025-06.txt", None),
        ("2025-13-06.txt", None),
        ("120250606.txt", None),
        ("2025-0606.txt", None),
    ],
)
def test_date_in_name(name: str, date: str | None) -> None:
    assert date_in_name(Path("2020-01-01") / name) == date
