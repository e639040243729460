"""`conversations`, `export` and `verify`: what was asked is found again, handed on, and checked again."""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from index.errors import NotFound, UsageError
from index.folder import require_folder
from ui.commands.options import HomeOption, JsonOption, open_home, settings_for
from ui.console import BLANK, Line, note, show, waiting, write_json
from ui.text import counted

if TYPE_CHECKING:
    from index.home import Home
    from rag.conversations import Conversations, Heading, KeptConversation
    from rag.memo.data import Memo
    from rag.memo.verify import Verdict
    from rag.types import Answer

_EXAMPLES: dict[str, tuple[int, int | None, str]] = {
    "list": (0, 0, "dateline conversations"),
    "search": (1, None, "dateline conversations search harbour storm"),
    "show": (1, 1, "dateline conversations show ID"),
    "rename": (2, None, 'dateline conversations rename ID "The harbour"'),
    "delete": (1, None, "dateline conversations delete ID"),
}
"""How many words an action takes, at least and at most, and what to type."""
_WHICH = "`dateline conversations` lists them with their ids, and --last takes the one that was asked in last"


def conversations(
    action: Annotated[str, typer.Argument(metavar="ACTION", help="list, search WORDS, show ID, rename ID TITLE, delete ID...")] = "list",
    words: Annotated[list[str] | None, typer.Argument(metavar="WORDS...", help="What the action takes.", show_default=False)] = None,
    limit: Annotated[int, typer.Option("--limit", metavar="N", min=1, help="How many to list at most.")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """List, search, show, rename or delete the conversations that are kept in the home."""
    given = words or []
    _require("action", action, list(_EXAMPLES))
    least, most, example = _EXAMPLES[action]
    if not least <= len(given) <= (len(given) if most is None else most):
        raise UsageError(f"`{action}` does not take {counted(len(given), 'word')}", hint=f"type {example}")
    with _kept(home) as kept:
        if action in ("list", "search"):
            _list(kept.listed(" ".join(given), limit=limit + 1), limit, as_json=as_json)
        elif action == "show":
            _show(kept.load(given[0]), as_json=as_json)
        elif action == "rename":
            _tell("Renamed", [kept.rename(given[0], " ".join(given[1:]))], as_json=as_json)
        else:
            found = [kept.find(reference).id for reference in given]
            _tell("Deleted", [kept.delete(id_) for id_ in found], as_json=as_json)
        if kept.notice:
            note(kept.notice, "yellow")
    return 0


def export(
    conversation: Annotated[str | None, typer.Argument(metavar="CONVERSATION", help="Its id.", show_default=False)] = None,
    last: Annotated[bool, typer.Option("--last", help="The conversation that was asked in last.")] = False,
    answer: Annotated[int | None, typer.Option("--answer", metavar="N", min=1, help="Only its N-th answer.")] = None,
    form: Annotated[
        str | None, typer.Option("--format", metavar="FORMAT", help="md, html or json (else what the file's ending says, else md).")
    ] = None,
    output: Annotated[Path | None, typer.Option("--output", metavar="FILE", help="Write it there, not to standard output.")] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Write a conversation, or one answer of it, as a memo that can be handed on and checked again."""
    from rag.memo.files import FORMS, form_of, save, written

    if (conversation is None) != last:
        raise UsageError("say which conversation to export, by its id or with --last", hint=_WHICH)
    _require("format", form or "md", FORMS)
    chosen = next((one for one in FORMS if one == form), None) or (form_of(output) if output else "md")
    with open_home(home) as opened, _kept(home) as kept:
        memo = _memo(kept.load(conversation or _latest(kept).id), opened, answer)
    if output is not None:
        save(memo, output, form=chosen)
    if as_json:
        facts = {
            "output": str(output) if output else None,
            "format": chosen,
            "answers": len(memo.answers),
            "gone": [source.id for source in memo.gone],
        }
        write_json({**facts, "digest": memo.to_dict()["digest"], **({} if output else {"text": written(memo, chosen)})})
    elif output is None:
        _write(written(memo, chosen))
    _say_gone(memo)
    if output is not None and not as_json:
        note(f"Wrote {counted(len(memo.answers), 'answer')} to {output}; check it with: dateline verify {output}")
    return 0


def verify(
    memo: Annotated[Path, typer.Argument(metavar="MEMO", help="A file that `export` or `ask --save` wrote.", show_default=False)],
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Check a memo again: each quote, check, marker and number, and what has become of its articles since."""
    from rag.memo.files import read
    from rag.memo.verify import verify as verified

    file = read(memo)
    folder = settings_for(home).home
    if home is None and not (folder / "catalogue.sqlite").exists():
        verdict = verified(file)
    else:
        with open_home(home) as opened, waiting("Checking"):
            verdict = verified(file, home=opened)
    if as_json:
        write_json(verdict.to_dict())
    else:
        if verdict.home is None:
            note(f"Not compared with the articles: there is no home at {folder}. Name one with --home.")
        show(_verdict_lines(memo, verdict))
    return 0 if verdict.ok else 1


def keep(answer: Answer, home: Path, asked: datetime) -> None:
    """Keep an answer as a conversation of its own; a home that cannot be written keeps none, which is said."""
    from index.errors import HomeError
    from rag.conversations import Conversations

    try:
        with Conversations(home) as kept:
            kept.keep(answer, asked=asked)
            if kept.notice:
                note(kept.notice, "yellow")
    except HomeError as error:
        note(f"This answer was not kept: {error}.", "dim")


def save_memo(answer: Answer, home: Home, path: Path, asked: datetime) -> None:
    """Write an answer as a memo, in the form that the file's ending names."""
    from rag.memo.data import Entry, memo_of, moment_of
    from rag.memo.files import save

    save(memo_of([Entry(answer=answer, asked=moment_of(asked))], home), path)


def _require(what: str, given: str, choices: Sequence[str]) -> None:
    if given not in choices:
        raise UsageError(f"there is no {what} {given!r}", hint=f"type one of {', '.join(choices)}")


def _kept(home: Path | None) -> Conversations:
    from rag.conversations import Conversations

    folder = settings_for(home).home
    require_folder(folder)
    return Conversations(folder)


def _latest(kept: Conversations) -> Heading:
    found = kept.listed(limit=1)
    if not found:
        raise NotFound("no conversation is kept in this home yet", hint='ask something first: dateline ask "When did it happen?"')
    return found[0]


def _memo(kept: KeptConversation, home: Home, answer: int | None) -> Memo:
    from rag.memo.data import memo_of_kept

    if answer is not None and answer > len(kept.turns):
        raise NotFound(
            f"the conversation {kept.heading.id} has {counted(len(kept.turns), 'answer')}",
            hint=f"dateline conversations show {kept.heading.id}",
        )
    return memo_of_kept(kept, home, answer=answer)


def _write(text: str) -> None:
    """Write a memo to standard output, in UTF-8 whatever the terminal's encoding."""
    sys.stdout.flush()
    binary = getattr(sys.stdout, "buffer", None)
    if binary is None:
        sys.stdout.write(text)
    else:
        binary.write(text.encode("utf-8"))


def _say_gone(memo: Memo) -> None:
    for source in memo.gone:
        note(f"“{source.title or source.label}” has changed or gone since it was cited; the memo says so.", "yellow")


# What people see


def _list(headings: Sequence[Heading], limit: int, *, as_json: bool) -> None:
    shown = headings[:limit]
    if as_json:
        write_json({"conversations": [heading.to_dict() for heading in shown]})
        return
    show(line for heading in shown for line in _heading_lines(heading))
    if not shown:
        note("No conversation found.")
    elif len(headings) > limit:
        note(f"There are more: dateline conversations --limit {limit * 5}")


def _heading_lines(heading: Heading) -> Iterator[Line]:
    yield Line(f"{heading.id}  {heading.title}", "bold")
    yield Line(f"{counted(heading.turns, 'question')}, last on {_moment(heading.changed)}", "dim", 1)


def _show(kept: KeptConversation, *, as_json: bool) -> None:
    if as_json:
        write_json({"conversation": kept.to_dict()})
        return
    from ui.text import answer_lines

    show(_heading_lines(kept.heading))
    for turn in kept.turns:
        show([BLANK, Line(f"> {turn.answer.question}", "bold"), BLANK, *answer_lines(turn.answer)])


def _tell(what: str, headings: Sequence[Heading], *, as_json: bool) -> None:
    if as_json:
        write_json({what.lower(): [heading.to_dict() for heading in headings]})
    for heading in () if as_json else headings:
        note(f"{what} {heading.id}: {heading.title}")


def _verdict_lines(path: Path, verdict: Verdict) -> Iterator[Line]:
    from rag.memo.told import moment

    parts = ", ".join((counted(verdict.answers, "answer"), counted(verdict.quotes, "quote"), counted(verdict.checks, "check")))
    yield Line(f"{path}: “{verdict.title}”, {parts}, exported {moment(verdict.exported)}", "bold")
    for finding in verdict.findings:
        yield Line(str(finding), "yellow", 1)
    if not verdict.ok:
        yield Line(f"{counted(len(verdict.findings), 'thing')} {'is' if len(verdict.findings) == 1 else 'are'} not as the memo says.")
    elif verdict.home is None:
        yield Line("The memo is as it was exported, and fits itself.")
    else:
        yield Line("Nothing has changed: every quote stands where it stood, and every check comes out as it did.")


def _moment(when: str) -> str:
    """A time in UTC as the clock here shows it."""
    then = datetime.fromisoformat(when).astimezone()
    return f"{then.day} {then:%B} {then.year}, {then:%H:%M}"
