"""`doctor`: how well the home is."""

from __future__ import annotations

from dataclasses import replace
from typing import Annotated

import typer

from index.errors import DatelineError
from ui.commands.options import HomeOption, JsonOption, LlmOption, settings_for
from ui.console import BLANK, Line, note, show, waiting, write_json
from ui.text import counted


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
    """What goes wrong when the language model is asked for one word, as it is asked for answers, if anything does."""
    from rag.llm.trial import seconds_for_a_word

    try:
        with waiting(f"Asking {llm}"):
            seconds_for_a_word(llm, timeout=timeout)
    except DatelineError as error:
        return error
    return None
