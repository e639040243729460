"""A run as files: `index.html` for people, `results.json` for programs and as the next baseline, `junit.xml` for build servers.

    files      writes all of them
    page       the one HTML file: overview, comparisons and a page a case, in one file that asks nobody for anything
    overview   the summary table with intervals, plots, what fell, the list of cases
    figures    the plots, by matplotlib, as SVG; curves: the numbers behind them
    measured   each measure with its 95 % interval and a line on what it means
    case       the page of one case; comparing: the page of two runs
    markup     escaping, and small pieces of HTML
    junit      the XML

It is told what happened and decides nothing: what is right is in `eval.judge`, what fell in `eval.compare`.
"""
