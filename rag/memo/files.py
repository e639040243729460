"""Memos as files: JSON, and HTML and Markdown that carry the same JSON in a block of their own."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, get_args

from index.errors import BadPath
from rag.errors import BadMemo
from rag.memo import markdown, page
from rag.memo.data import FORMAT, LAYOUT, VERSION, Memo

Form = Literal["md", "html", "json"]
FORMS: tuple[Form, ...] = get_args(Form)
MOST_BYTES = 100_000_000
"""Of a file that is read as a memo."""
_ENDINGS: dict[str, Form] = {".md": "md", ".markdown": "md", ".html": "html", ".htm": "html", ".json": "json"}
_CONTROLS = {code: f"\\u{code:04x}" for code in range(0x7F, 0xA0)}
"""Characters that JSON may hold as they are and a terminal would obey."""
_HINT = "give a file that `dateline export` or `dateline ask --save` wrote"


def to_json(data: Mapping[str, Any]) -> str:
    """A memo's data as a JSON file."""
    written = json.dumps(data, ensure_ascii=False, indent=1).translate(_CONTROLS)
    try:
        written.encode()
    except UnicodeEncodeError:  # a file name that is no Unicode
        written = json.dumps(data, indent=1)
    return written + "\n"


_WRITERS: dict[Form, Callable[[Mapping[str, Any]], str]] = {"md": markdown.to_markdown, "html": page.to_html, "json": to_json}


@dataclass(frozen=True, kw_only=True, slots=True)
class MemoFile:
    """What a file holds that says of itself that it is a memo; nothing of it is believed yet."""

    form: Form
    text: str
    data: Mapping[str, Any]


def written(memo: Memo, form: Form) -> str:
    """A memo as the text of a file."""
    return _WRITERS[form](memo.to_dict())


def save(memo: Memo, path: Path, *, form: Form | None = None) -> Form:
    """Write a memo to a file, in place of what is there.

    Args:
        memo: what to write.
        path: where.
        form: None for the one that the file's ending names.

    Returns:
        The form.

    Raises:
        BadPath: the ending names none, or the file cannot be written.
    """
    form = form or form_of(path)
    draft = path.with_name(f"{path.name}.new")
    try:
        draft.write_text(written(memo, form), encoding="utf-8", newline="\n")
        draft.replace(path)
    except OSError as error:
        draft.unlink(missing_ok=True)
        raise BadPath(f"{path} cannot be written ({error.strerror or error})", hint="choose another file") from None
    return form


def form_of(path: Path) -> Form:
    """The form that a file's ending names.

    Raises:
        BadPath: it names none.
    """
    form = _ENDINGS.get(path.suffix.lower())
    if form is None:
        raise BadPath(f"{path} does not end in .md, .html or .json", hint="give it one of these endings: the memo takes its form from it")
    return form


def read(path: Path) -> MemoFile:
    """Read a memo of any form.

    Raises:
        BadPath: the file cannot be read.
        BadMemo: it is no memo, or one of a newer Dateline.
    """
    try:
        if path.stat().st_size > MOST_BYTES:
            raise BadMemo(f"{path} is too large for a memo", hint=_HINT)
        content = path.read_bytes()
    except OSError as error:
        raise BadPath(f"{path} cannot be read ({error.strerror or error})", hint=_HINT) from None
    return parse(content, name=str(path))


def parse(content: bytes | str, *, name: str = "the text") -> MemoFile:
    """Read a memo out of a file's content.

    Args:
        content: of the file.
        name: what errors call it.

    Raises:
        BadMemo: it is no memo, or one of a newer Dateline.
    """
    try:
        text = content if isinstance(content, str) else content.decode("utf-8-sig")
    except UnicodeDecodeError:
        raise BadMemo(f"{name} is no memo: it is not UTF-8", hint=_HINT) from None
    text = text.replace("\r\n", "\n")
    form, block = _block(text)
    try:
        data = json.loads(block, object_pairs_hook=_once, parse_constant=_refused) if block else None
    except (ValueError, RecursionError) as error:
        raise BadMemo(f"the data of {name} do not read as JSON ({error})", hint=_HINT) from None
    if not isinstance(data, dict) or data.get("format") != FORMAT:
        raise BadMemo(f"{name} is no memo of Dateline", hint=_HINT)
    if data.get("version") != VERSION:
        raise BadMemo(f"{name} has version {data.get('version')!r}; this Dateline reads {VERSION}", hint="update Dateline")
    return MemoFile(form=form, text=text, data=data)


def rewritten(file: MemoFile) -> str | None:
    """What a file with these data must hold; None where another layout wrote it, which this Dateline cannot make."""
    return _WRITERS[file.form](file.data) if file.data.get("layout") == LAYOUT else None


def _block(text: str) -> tuple[Form, str]:
    """The form of a file and its JSON; an empty one where there is none."""
    if text.lstrip().startswith("{"):
        return "json", text
    blocks: tuple[tuple[Form, str, str], ...] = (("html", page.OPENING, page.CLOSING), ("md", markdown.OPENING, markdown.CLOSING))
    for form, opening, closing in blocks:
        _, found, rest = text.rpartition(f"\n{opening}\n")
        if found:
            return form, rest.partition(f"\n{closing}")[0]
    return "json", ""


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object whose keys are different: what two readers make of one that is there twice is not the same."""
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a name stands in it twice")
    return found


def _refused(constant: str) -> Any:
    raise ValueError(f"{constant} is no JSON")
