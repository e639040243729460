"""`eval` and `bench`: how good the answers are, on your own articles and on public sets; `feedback` and `draft`: where cases come from."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import typer

from ui.commands.options import HomeOption, JsonOption, LlmOption, settings_for
from ui.console import Line, note, progress_bar, show, write_json


def evaluate(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="A case file, .jsonl or .jsonl.gz.", show_default=False)],
    baseline: Annotated[
        Path | None,
        typer.Option("--baseline", metavar="FILE", help="Bars, or results.json of an earlier run: exit 1 below one."),
    ] = None,
    report: Annotated[
        Path | None, typer.Option("--report", metavar="DIR", help="Write index.html, results.json and junit.xml there.")
    ] = None,
    llm: LlmOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Ask the questions of a case file and measure how many answers are right; with a language model, beside the built-in answers."""
    from rag.chatbot import Chatbot
    from rag.neighbours import require_ours

    require_ours("eval")
    # A built-in answer in place of a model's would count as the model's.
    settings = settings_for(home, llm=llm).model_copy(update={"fallback": False})
    with Chatbot.open(settings=settings) as chatbot, progress_bar() as progress:
        built_in = None if chatbot.llm is None else Chatbot(chatbot.home, settings=settings)
        result = import_module("eval.run").evaluate_home(
            chatbot, cases, built_in=built_in, baseline=baseline, report_dir=report, progress=progress
        )
    if as_json:
        write_json(result.to_dict())
    else:
        show([Line(import_module("eval.render").render(result).rstrip("\n"))])
    if report is not None:
        note(f"The report: {report / 'index.html'}")
    return 1 if result.below or result.fell else 0


def feedback(
    to: Annotated[
        Path | None, typer.Option("--to", metavar="CASES", help="Append what says what is right to this case file, never twice.")
    ] = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """List what people thought of answers, or turn it into cases that `dateline eval` runs."""
    folder = settings_for(home).home
    if to is None:
        given, broken = import_module("eval.feedback").read_feedback(folder)
        data = {"feedback": [one.to_dict() for one in given], "unreadable": broken}
        lines = [_opinion(one) for one in given] + [Line(sentence, "red") for sentence in broken]
    else:
        turned = cases_from_feedback(folder, to)
        data = turned.to_dict()
        lines = [Line(f"{len(data['added'])} added to {to}, {len(data['known'])} there already, {len(data['left_out'])} left out")]
        lines += [Line(f"left out: {' '.join(filter(None, (left['question'], left['reason'])))}", "dim", 1) for left in data["left_out"]]
    if as_json:
        write_json(data)
    else:
        show(lines)
    return 0


def cases_from_feedback(home: Path, cases: Path | None = None) -> Any:
    """Append what a home's feedback says to a case file: the one way from the page to `eval`.

    Args:
        home: the folder of the home.
        cases: the case file; None for `cases.jsonl` in the home.

    Returns:
        An `eval.feedback.Turned`; its `to_dict` has `cases`, `added`, `known` and `left_out`.

    Raises:
        DatelineError: there is no feedback, or a file cannot be read or written.
    """
    from rag.neighbours import require_ours

    require_ours("eval")
    return import_module("eval.feedback").cases_from_feedback(home, cases)


def draft(
    output: Annotated[Path, typer.Option("--output", metavar="FILE", help="The case file; what it holds stays.", show_default=False)],
    count: Annotated[int, typer.Option("--count", metavar="N", min=1, help="How many questions with an answer.")] = 20,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Propose cases from the articles: questions that the built-in answerer gets right, and some of what no article holds, for review."""
    from rag.chatbot import Chatbot
    from rag.neighbours import require_ours

    require_ours("eval")
    with Chatbot.open(settings=settings_for(home, llm="built-in")) as chatbot, progress_bar() as progress:
        proposed = import_module("eval.draft.proposing").draft_cases(chatbot, output, count=count, progress=progress)
    if as_json:
        write_json(proposed.to_dict())
        return 0
    asked = f"{proposed.asked} questions asked, {proposed.kept} answered as their sentence has it"
    show([Line(f"{asked}; {len(proposed.added.added)} cases added to {output}")])
    note(f'Read them, mend or delete what is wrong, write "reviewed": true; then: dateline eval {output}')
    return 0


def _opinion(one: Any) -> Line:
    """One judged answer on a line."""
    right = f"right is: {one.expected}" if one.expected else "not in these articles" if one.unanswerable else ""
    parts = (
        one.time,
        "liked" if one.liked else "disliked",
        one.question,
        f"“{one.short}”" if one.short else "not answered",
        one.reason,
        right,
    )
    return Line("  ".join(filter(None, parts)))


def bench(
    name: Annotated[str, typer.Argument(metavar="NAME", help="The set, such as squad2_dev; docs/eval.md lists them.", show_default=False)],
    data: Annotated[
        Path, typer.Option("--data", metavar="DIR", help="The folder of the set, or the one that it lies in.", show_default=False)
    ],
    corpus: Annotated[
        Path | None, typer.Option("--corpus", metavar="DIR", help="A folder that has the articles or passages that --data lacks.")
    ] = None,
    limit: Annotated[
        int | None, typer.Option("--limit", metavar="N", min=1, help="At most so many records of each part (realtimeqa's retrieval: 400).")
    ] = None,
    part: Annotated[
        list[str] | None, typer.Option("--part", metavar="PART", help="Only this part, such as retrieval; may be repeated.")
    ] = None,
    reader: Annotated[
        Path | None, typer.Option("--reader", metavar="DIR", help="A reader in place of the built-in one, as training/ exports it.")
    ] = None,
    home: Annotated[
        Path | None,
        typer.Option("--home", metavar="DIR", help="Where encoded pools of articles are kept (else in the user's cache)."),
    ] = None,
    as_json: JsonOption = False,
) -> int:
    """Measure Dateline on a public test set, as its field measures it."""
    from rag.neighbours import require_ours

    require_ours("eval")
    with progress_bar() as progress:
        result = import_module("eval.bench.run").run_bench(
            name, data, corpus=corpus, homes=home, limit=limit, parts=part or (), reader=reader, progress=progress, say=note
        )
    if as_json:
        write_json(result.to_dict())
    else:
        show([Line(import_module("eval.bench.report").render(result).rstrip("\n"))])
    return 0
