"""One loop over all cases: ask, judge, go on; and the entrance for the command line.

The loop knows nothing of homes, models or files: it is handed functions. A case that crashes becomes a row of its own and the run
goes on; an error that the user must act on (a missing home, a filter that does not parse) stops it. A language model that fails at
the first case is such an error; one that fails later, such as a server that went away, costs the cases it fails at.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import lru_cache
from pathlib import Path
from time import perf_counter
from typing import Protocol

from eval.baseline import Baseline, missed, open_baseline
from eval.cases import Case, load_cases
from eval.compare import compare, fallen
from eval.judge import ArticleText, judge
from eval.report.files import report_folder, write_report
from eval.results import CaseFailure, CaseResult, Report
from eval.summary import summarize
from index.errors import DatelineError
from index.types import Article, Filters, Passage
from rag.errors import ModelUnavailable
from rag.types import Answer, Turn

Ask = Callable[[str, Filters, Sequence[Turn]], Answer]
Search = Callable[[str, Filters, int], Sequence[Passage]]
OnCase = Callable[[CaseResult | CaseFailure], None]
Progress = Callable[[str, int, int], None]
"""Called after each case with what answers, how many cases it is through, and how many there are."""

_SEARCH_LIMIT = 50  # passages; several may come from one article, and the measures look at ten articles
_ARTICLES_KEPT = 256


class Home(Protocol):
    """What the evaluation needs of an index."""

    def search(self, text: str, *, filters: Filters, limit: int) -> Sequence[Passage]:
        """Passages for `text`, best first."""

    def article(self, article_id: str) -> Article:
        """The article of that id; raises NotFound."""


class Asked(Protocol):
    """What the evaluation needs of a chatbot."""

    @property
    def home(self) -> Home:
        """The index that it answers from."""

    @property
    def model(self) -> str:
        """What answers: a language model's name, or `built-in`."""

    def ask(self, question: str, *, filters: Filters, history: Sequence[Turn]) -> Answer:
        """Answer one question."""


def run(
    cases: Sequence[Case],
    ask: Ask,
    *,
    search: Search | None = None,
    article_text: ArticleText | None = None,
    on_case: OnCase | None = None,
) -> Report:
    """Ask every case and judge what comes back; those that nobody has reviewed are a report within the report.

    Args:
        cases: the questions, asked in this order, one after another.
        ask: question, filters, history -> answer.
        search: question, filters, limit -> passages; None leaves the retrieval measures out.
        article_text: article id -> its text; None leaves the check of quotes out.
        on_case: called with each row as soon as it is there.

    Raises:
        DatelineError: something that the user must act on; it ends the run.
    """
    rows: list[CaseResult | CaseFailure] = []
    for case in cases:
        try:
            row = _row(case, ask, search, article_text)
        except ModelUnavailable as error:
            if not rows:
                raise
            row = _failure(case, error)
        rows.append(row)
        if on_case is not None:
            on_case(row)
    reviewed, drafts = ([row for row, case in zip(rows, cases, strict=True) if case.reviewed is kept] for kept in (True, False))
    unreviewed = Report(metrics=summarize(drafts), rows=tuple(drafts)) if drafts else None
    return Report(metrics=summarize(reviewed), rows=tuple(reviewed), unreviewed=unreviewed)


def evaluate_home(
    chatbot: Asked,
    cases_path: str | Path,
    *,
    built_in: Asked | None = None,
    baseline: str | Path | None = None,
    report_dir: str | Path | None = None,
    progress: Progress = lambda model, done, total: None,
) -> Report:
    """Run a case file against a chatbot and its home; all files are checked before the first question is asked.

    Args:
        chatbot: answers the questions.
        cases_path: a case file, `.jsonl` or `.jsonl.gz`.
        built_in: answers them without a language model, to be compared with; None for no comparison.
        baseline: bars for `chatbot`, or the `results.json` of an earlier run; what was missed is in the report's `below` and `fell`.
        report_dir: where the report's page and files are written (see `eval.report`).
        progress: called after each case.

    Raises:
        BadPath: a file is missing or a folder cannot be written.
        BadCases: the case file is not written as it should be.
        BadBaseline: the baseline is not written as it should be.
        DatelineError: the home or the model cannot be used.
    """
    cases = load_cases(cases_path)
    bars = open_baseline(baseline) if baseline is not None else Baseline([])
    if report_dir is not None:
        report_folder(report_dir)
    report = _held(_asked(chatbot, cases, progress), bars)
    if built_in is not None:
        beside = _asked(built_in, cases, progress)
        report = replace(report, beside=beside, comparison=compare(report, beside))
    if report_dir is not None:
        write_report(report, report_dir, title=Path(cases_path).name)
    return report


def _held(report: Report, baseline: Baseline) -> Report:
    """A run held against a baseline."""
    report = replace(report, below=tuple(missed(report.metrics, baseline.bars)))
    earlier = baseline.earlier
    if earlier is None:
        return report
    return replace(report, earlier=earlier, change=compare(report, earlier), fell=tuple(fallen(report, earlier)))


def _asked(chatbot: Asked, cases: Sequence[Case], progress: Progress) -> Report:
    """All cases, asked of a chatbot over its home."""
    done = 0

    def count(_row: CaseResult | CaseFailure) -> None:
        nonlocal done
        done += 1
        progress(chatbot.model, done, len(cases))

    @lru_cache(maxsize=_ARTICLES_KEPT)
    def article_text(article_id: str) -> str:
        return chatbot.home.article(article_id).text

    report = run(
        cases,
        lambda question, filters, history: chatbot.ask(question, filters=filters, history=history),
        search=lambda text, filters, limit: chatbot.home.search(text, filters=filters, limit=limit),
        article_text=article_text,
        on_case=count,
    )
    return replace(report, model=chatbot.model)


def _row(case: Case, ask: Ask, search: Search | None, article_text: ArticleText | None) -> CaseResult | CaseFailure:
    try:
        start = perf_counter()
        answer = ask(case.question, case.filters, case.history)
        seconds = perf_counter() - start
        return judge(case, answer, seconds=seconds, ranking=_ranking(case, search), article_text=article_text)
    except DatelineError:
        raise
    except Exception as error:  # noqa: BLE001 - a crash of the system under test is a finding: it gets a row, and is counted
        return _failure(case, error)


def _failure(case: Case, error: Exception) -> CaseFailure:
    parts = (type(error).__name__, " ".join(str(error).split()))
    return CaseFailure(id=case.id, kind=case.kind, question=case.question, error=": ".join(part for part in parts if part))


def _ranking(case: Case, search: Search | None) -> list[str] | None:
    """The doc_ids that a search for the question finds, each once; None where none is named, or a follow-up cannot stand alone."""
    if search is None or not case.gold or case.history:
        return None
    return list(dict.fromkeys(passage.doc_id for passage in search(case.question, case.filters, _SEARCH_LIMIT)))
