"""Public test sets in the record forms of docs/eval.md, each measured as its field measures it.

    files      a set's folder: records, and the pools of articles or passages that they refer to
    measures   rows of results to numbers and their 95 % intervals
    tools      what adapters work with: the reader, homes of pools, answers from given passages
    reading    adapters for questions with a passage: spans, lists of spans
    claims     adapters for claims with evidence
    asking     adapters for search and whole answers
    conversation  adapters for the last question of a conversation
    sets       the table: which set is measured by which adapter
    run        one loop over all; the entrance for the command line is `run.run_bench`
    report     the result of a run, as data and as text for a terminal

It reaches no network and holds no text of any set: the sets are folders that you name.
"""
