"""Reads files of many articles: JSON, JSON lines and CSV, with fields found by their usual names.

A record without a text, or that does not parse, is skipped by itself and the rest goes on.
"""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Iterable, Iterator, Mapping
from pathlib import PurePath
from typing import Any

from index.bounds import MOST_ARTICLES, key_of
from index.dates import date_in_name, date_in_url, parse_record_date
from index.encoding import decode
from index.files import Source, Unreadable
from index.found import Found, Sureness
from index.html_text import looks_like_html, text_of_html
from index.text_head import as_text, read_head, split_names
from index.titles import split_title
from index.types import Draft, Skipped

_IDS = ("id", "doc_id", "docid", "uuid", "_id", "article_id", "guid")
_TEXTS = ("text", "body", "content", "article", "article_body", "articlebody", "maintext", "full_text", "story")
_LISTS = ("articles", "items", "data", "results", "docs", "documents", "records", "entries")
_FIELDS = {
    "title": ("title", "headline", "name"),
    "publisher": ("publisher", "source", "outlet", "site_name", "sitename", "site", "publication", "newspaper"),
    "published": (
        "published published_at publishedat published_on date_published datepublished publishdate publish_date publish-date pubdate"
        " pub_date publication_date publicationdate first_published original_date date_publish date pub-date posted"
        " created created_at createdat timestamp time"
    ).split(),
    "url": ("url", "link", "source_url", "canonical_url", "permalink"),
    "authors": ("authors", "author", "byline", "creator", "by"),
}
_CHANGED = "updated updated_at updatedat modified modified_at last_modified lastmod date_modified datemodified".split()
_DELIMITERS = ",;\t|"
_MOST_COLUMNS = 1_000
_WEB_ADDRESS = re.compile(r"https?://\S+", re.IGNORECASE)


def read_json(source: Source) -> list[Draft | Skipped]:
    """The articles of a JSON file: a list, an object with a list in it, or one article.

    Raises:
        Unreadable: it is no JSON, or holds neither.
    """
    data = _parse(decode(source.data))
    if isinstance(data, Mapping):
        fields = _lower(data)
        entries = next((fields[name] for name in _LISTS if isinstance(fields.get(name), list)), None)
        if entries is None:
            draft = _draft(fields, source=source, key="", position="")
            if isinstance(draft, Skipped):
                raise Unreadable(draft.reason)
            return [draft]
    elif isinstance(data, list):
        entries = data
    else:
        raise Unreadable("it holds no article: a JSON file is a list of articles, or one object with a text field")
    return _records(((str(number), entry) for number, entry in enumerate(entries, start=1)), source)


def read_json_lines(source: Source) -> list[Draft | Skipped]:
    """The articles of a file with one JSON object a line.

    Raises:
        Unreadable: it is binary or its encoding is unknown.
    """

    def entries() -> Iterator[tuple[str, Any]]:
        for number, line in enumerate(io.StringIO(decode(source.data), newline=None), start=1):
            if line.strip():
                try:
                    yield str(number), _parse(line.strip())
                except Unreadable as error:
                    yield str(number), error

    return _records(entries(), source)


def read_csv(source: Source) -> list[Draft | Skipped]:
    """The articles of a CSV file whose first line names the columns; comma, semicolon, tab and bar separate.

    Raises:
        Unreadable: it has no text column, or its quotes do not match.
    """
    text = decode(source.data)
    csv.field_size_limit(max(csv.field_size_limit(), len(text) + 1))
    first_line = text.split("\n", 1)[0]
    rows = csv.DictReader(io.StringIO(text, newline=""), delimiter=max(_DELIMITERS, key=first_line.count), strict=True)
    try:
        columns = [str(name).strip().lower() for name in rows.fieldnames or ()]
        if not set(columns) & set(_TEXTS):
            raise Unreadable(f"it has no text column: call the column with the articles' text one of {', '.join(_TEXTS[:4])}")
        if len(columns) > _MOST_COLUMNS:
            raise Unreadable(f"its first line names {len(columns)} columns: check that it is the header, and its quotes")
        return _records(((str(rows.line_num), row) for row in rows), source)
    except csv.Error as error:
        raise Unreadable(f"line {rows.reader.line_num} is no valid CSV ({error}): check its quotes") from error


def fill_fields(found: Found, values: Mapping[str, Any], *, source: str | None = None) -> None:
    """Adds the metadata in `values` to `found`; its provenance is `source`, else the name of the field."""
    fields = _lower(values)
    for name, aliases in _FIELDS.items():
        for alias in aliases:
            value = _value(name, fields.get(alias))
            if value and name == "published":
                found.add_date(value, source or f"field {alias}")
                break
            if value:
                found.add(name, value, source or f"field {alias}")
                break
    for alias in _CHANGED:
        found.add_change(parse_record_date(_plain(fields.get(alias))), source or f"field {alias}")
    found.add_date(date_in_url(found.values.get("url") or ""), "web address", Sureness.ADDRESS)


def record_id(values: Mapping[str, Any]) -> str | None:
    """The id that a record, or an article's front matter, gives itself."""
    return _first(_lower(values), _IDS)


def _records(entries: Iterable[tuple[str, Any]], source: Source) -> list[Draft | Skipped]:
    """One result for each entry, with keys that are unique in the file; `entries` gives (position, parsed value)."""
    results: list[Draft | Skipped] = []
    keys: set[str] = set()
    for position, entry in entries:
        if len(results) == MOST_ARTICLES:
            raise Unreadable(f"it holds more than {MOST_ARTICLES} records: split it into smaller files")
        where = f"{source.path}:{position}"
        if isinstance(entry, Unreadable):
            results.append(Skipped(path=where, reason=str(entry)))
            continue
        if not isinstance(entry, Mapping):
            results.append(Skipped(path=where, reason='it is no object with fields: write an article as {"title": …, "text": …}'))
            continue
        fields = _lower(entry)
        key = key_of(_first(fields, _IDS) or "") or key_of(_first(fields, _FIELDS["url"]) or "") or position
        key = key if key not in keys else f"{key}#{position}"
        keys.add(key)
        results.append(_draft(fields, source=source, key=key, position=position))
    if not results:
        raise Unreadable("it holds no articles: put some into it, or delete it")
    return results


def _draft(fields: Mapping[str, Any], *, source: Source, key: str, position: str) -> Draft | Skipped:
    path = f"{source.path}:{position}" if position else str(source.path)
    text = next((value for name in _TEXTS if isinstance(value := fields.get(name), str) and value.strip()), None)
    if text is None:
        return Skipped(path=path, reason=f"it has no text: put the article's text into a field called one of {', '.join(_TEXTS[:4])}")
    if looks_like_html(text):
        text = text_of_html(text)
    if not any(map(str.isalnum, text)):
        return Skipped(path=path, reason="its text holds no words: fill it in, or delete the record")
    found = Found()
    fill_fields(found, fields)
    if not position:
        found.add_date(date_in_name(source.path), "file name", Sureness.FILE_NAME)
    if not found.dates:
        _read_text_date(found, text)
    if title := found.values.get("title"):
        found.add("publisher", split_title(title, url=found.values.get("url"))[1], f"{found.provenance['title']}, behind the title")
    return found.draft(doc_id=_first(fields, _IDS) or source.stem, text=text, key=key)


def _read_text_date(found: Found, text: str) -> None:
    """The date that the lines around the text give, where no field does."""
    around = Found()
    read_head(around, text, PurePath())
    found.dates.extend(around.dates)


def _value(name: str, value: Any) -> Any:
    """A field's value in the form that a draft wants, or None."""
    if name == "published":
        return parse_record_date(_plain(value))
    if name == "authors":
        return _authors(value)
    if isinstance(value, Mapping):
        value = next((value[part] for part in ("name", "title", "id") if value.get(part)), None)
    text = as_text(value) if isinstance(value, str | int | float) else None
    if name == "url":
        return text if text and _WEB_ADDRESS.fullmatch(text) else None
    return None if name == "publisher" and text and _WEB_ADDRESS.fullmatch(text) else text


def _plain(value: Any) -> Any:
    """A date or time of YAML or TOML as its text; anything else as it is."""
    return value.isoformat() if hasattr(value, "isoformat") else value


def _authors(value: Any) -> tuple[str, ...]:
    if isinstance(value, str):
        return split_names(re.sub(r"^by:? ", "", value.strip(), flags=re.IGNORECASE))
    if isinstance(value, Mapping):
        return _authors(value.get("name"))
    if isinstance(value, list):
        names = (entry.get("name") if isinstance(entry, Mapping) else entry for entry in value)
        return tuple(dict.fromkeys(text for name in names if isinstance(name, str | int | float) and (text := as_text(name))))
    return ()


def _parse(text: str) -> Any:
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise Unreadable(f"it is no valid JSON ({error.msg}, line {error.lineno} column {error.colno}): correct it") from error
    except (RecursionError, ValueError) as error:
        raise Unreadable("it is no JSON of articles (nested too deeply, or a number is too long): correct it") from error


def _first(fields: Mapping[str, Any], names: Iterable[str]) -> str | None:
    return next((text for name in names if isinstance(fields.get(name), str | int | float) and (text := as_text(fields[name]))), None)


def _lower(values: Mapping[Any, Any]) -> dict[str, Any]:
    return {str(name).strip().lower(): value for name, value in values.items()}
