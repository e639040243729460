"""`eval` and `doctor`: how good the answers are, and how well the home is."""

from __future__ import annotations

from dataclasses import replace
from importlib import import_module
from pathlib import Path
from typing import Annotated

import typer

from index.errors import DatelineError
from ui.commands.options import HomeOption, JsonOption, LlmOption, settings_for
from ui.console import BLANK, Line, note, progress_bar, show, waiting, write_json
from ui.text import counted

_TRIAL = "Say ok."


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
    """Ask the questions of a case file and measure how many answers are right."""
    from rag.chatbot import Chatbot
    from rag.neighbours import require_ours

    require_ours("eval")
    with Chatbot.open(settings=settings_for(home, llm=llm)) as chatbot, progress_bar() as progress:
        result = import_module("eval.run").evaluate_home(
            chatbot, cases, baseline=baseline, report_dir=report, progress=lambda done, total: progress("cases", done, total)
        )
    if as_json:
        write_json(result.to_dict())
    else:
        show([Line(import_module("eval.report").render(result))])
    return 1 if result.below else 0


def doctor(
    repair: Annotated[
        bool, typer.Option("--repair", help="Build the vector store anew from the stored vectors, encoding nothing.")
    ] = False,
    llm: LlmOption = None,
    home: HomeOption = None,
    as_json: JsonOption = False,
) -> int:
    """Examine the home and say what to do about each problem."""
    from index.doctor import Problem, examine
    from index.doctor import repair as repaired

    settings = settings_for(home)
    with waiting("Examining"):
        done = repaired(settings.home) if repair else ()
        health = examine(settings.home, encoder=settings.encoder)
    if llm and llm != "built-in" and (trouble := _trouble_with(llm, settings.llm_timeout)) is not None:
        problem = Problem(what=str(trouble), fix=trouble.hint)
        health = replace(health, ok=False, problems=(*health.problems, problem))
    if as_json:
        write_json({**health.to_dict(), **({"repaired": list(done)} if repair else {})})
        return 0 if health.ok else 1
    for sentence in done:
        note(sentence)
    counts = f"{counted(health.articles, 'article')}, {counted(health.chunks, 'chunk')}, {counted(health.vectors, 'vector')}"
    show([Line(f"{settings.home}: {counts}, generation {health.generation}")])
    show(Line(f"synced from {root}", "dim", 1) for root in health.roots)
    for problem in health.problems:
        show([BLANK, Line(problem.what, "yellow"), Line(f"to do: {problem.fix}", "", 1)])
    show([BLANK, Line("No problem found." if health.ok else f"{counted(len(health.problems), 'problem')} found.", "bold")])
    return 0 if health.ok else 1


def _trouble_with(llm: str, timeout: float) -> DatelineError | None:
    """What goes wrong when the language model is asked for one word, if anything does."""
    from rag.llm.specs import open_llm, unavailable

    try:
        with waiting(f"Asking {llm}"):
            open_llm(llm, timeout=timeout).complete(_TRIAL)
    except DatelineError as error:
        return error
    except Exception as error:  # noqa: BLE001 -- each library fails in its own way
        return unavailable(llm, error)
    return None
