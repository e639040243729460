"""`eval` and `bench`: how good the answers are, on your own articles and on public test sets."""

from __future__ import annotations

from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from ui.commands.options import HomeOption, JsonOption, LlmOption, settings_for
from ui.console import Line, note, progress_bar, show, write_json


def evaluate(
    cases: Annotated[Path, typer.Argument(metavar="CASES", help="A case file, .jsonl or .jsonl.gz.", show_default=False)],
    baseline: Annotated[
        Path | None, typer.Option("--baseline", metavar="FILE", help="Bars that the metrics must reach; below one, the exit code is 1.")
    ] = None,
    report: Annotated[Path | None, typer.Option("--report", metavar="DIR", help="Write report.json and cases.jsonl there.")] = None,
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
    return 1 if result.below else 0


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
