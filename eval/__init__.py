"""Evaluation on your own corpus: cases with known answers, measures, a report, and bars that a build can fail on.

    cases     reads a case file: the questions, what is accepted, and where it stands
    metrics   the measures, as pure functions with their sources
    judge     one answer against one case: right or wrong, and why
    run       asks every case; the entrance for the command line is `run.evaluate_home`
    summary   all rows of a run to one flat table of numbers
    report    the result of a run: as data, as files
    compare   a run beside another one over the same cases
    render    a report as text for a terminal; terminal draws the tables
    baseline  the bars, and which of them a run missed

This package hides the builtin of the same name in a module that says `import eval`: write `from eval.run import run`.
It exports nothing itself, so that reaching the sample corpus beside it loads nothing.
"""
