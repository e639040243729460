"""Evaluation on your own corpus: cases with known answers, measures, a report, and bars that a build can fail on.

    cases     reads a case file: the questions, what is accepted, and where it stands
    metrics   the measures, as pure functions with their sources
    judge     one answer against one case: right or wrong, and why
    run       asks every case; the entrance for the command line is `run.evaluate_home`
    summary   all rows of a run to one flat table of numbers
    results   what came of a run: its value types, as JSON data and back
    compare   a run beside another one over the same cases, and what fell
    render    a run as text for a terminal; terminal draws the tables
    report/   a run as a page, as JSON and as JUnit XML
    baseline  the bars, and which of them a run missed
    feedback  what people say of answers, as cases; adding puts cases into a file
    draft/    cases proposed from the articles

This package hides the builtin of the same name in a module that says `import eval`: write `from eval.run import run`.
It exports nothing itself, so that reaching the sample corpus beside it loads nothing.
"""
