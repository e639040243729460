"""The result of a run: its value types, and how they are written as JSON data and read back.

It is told everything: what counts as right is in `judge`, how rows become numbers in `summary`, how two runs differ in `compare`, and
how it is shown in `render` (a terminal) and `report` (files).
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any, Literal, Self

from eval.cases import Kind
from eval.metrics import Interval
from index.errors import BadPath
from index.types import Filters
from rag.types import Claim, Turn, Value

Metrics = Mapping[str, float | int | None]


@dataclass(frozen=True, kw_only=True, slots=True)
class JudgedCitation:
    """One citation of an answer, and whether it is right."""

    number: int
    article_id: str
    doc_id: str
    label: str
    quote: str
    start: int
    end: int
    right: bool | None
    """Whether the document is one of the case's `doc_ids`; None where a case has none."""
    exact: bool | None
    """Whether the quote is the article's `text[start:end]`; None where no article could be looked at."""
    title: str | None = None
    published: str | None = None
    before: str = ""
    after: str = ""
    """The rest of the quote's paragraph; empty where no article could be looked at."""


@dataclass(frozen=True, kw_only=True, slots=True)
class Near:
    """A passage that an answer which found nothing shows as close."""

    doc_id: str
    label: str
    title: str | None
    published: str | None
    text: str
    right: bool | None
    """As for a citation."""


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseResult:
    """One case that was answered, or rightly or wrongly not answered."""

    id: str
    kind: Kind
    question: str
    right: bool
    status: Literal["answered", "no_evidence"]
    short: str
    citations: tuple[JudgedCitation, ...]
    expected: str
    why: str
    """One line that says what is wrong; empty when right."""
    seconds: float
    """The time of asking alone."""
    measures: Mapping[str, float] = field(default_factory=dict)
    """The measures that this case has, by name, each in 0..1; `summary` averages them."""
    tokens_in: int = 0
    tokens_out: int = 0
    """What a language model read and wrote."""
    cost: float | None = None
    """Of that, in US dollars; None where no price is known."""
    confidence: float | None = None
    """How sure the built-in answerer was, 0 to 1; None where it did not answer, and of a language model."""
    gold: tuple[str, ...] = ()
    """The articles that hold the answer, as the case names them."""
    filters: Filters = field(default_factory=Filters)
    """Those that the case gives."""
    history: tuple[Turn, ...] = ()
    text: str = ""
    """The sentences of the answer with [n] markers."""
    claims: tuple[Claim, ...] = ()
    """The same, each with its checks."""
    disagreement: tuple[Value, ...] = ()
    missing: str | None = None
    nearest: tuple[Near, ...] = ()

    @property
    def given(self) -> str:
        """What was answered, in a few words."""
        return f"“{self.short}”" if self.status == "answered" else "not answered"

    def to_dict(self) -> dict[str, Any]:
        """This row as plain JSON data."""
        return {**plain(asdict(self)), "error": None}


@dataclass(frozen=True, kw_only=True, slots=True)
class CaseFailure:
    """One case that crashed: neither right nor wrong, and never left out."""

    id: str
    kind: Kind
    question: str
    error: str
    """Exception class and message."""

    @property
    def given(self) -> str:
        """What happened, in a few words."""
        return f"crashed ({self.error})"

    def to_dict(self) -> dict[str, Any]:
        """This row as plain JSON data, with the names that a result has."""
        return {**asdict(self), "right": None, "short": "", "citations": []}


@dataclass(frozen=True, kw_only=True, slots=True)
class Below:
    """A bar of the baseline that was missed."""

    metric: str
    value: float | int | None
    """None where the run could not measure it."""
    bar: float
    side: Literal["min", "max"]

    def __str__(self) -> str:
        """The miss on one line."""
        return f"{self.metric} is {number(self.value)}, the bar is at {'least' if self.side == 'min' else 'most'} {number(self.bar)}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Compared:
    """One measure of two runs, over the cases that both were asked to the end."""

    metric: str
    value: float | int | None
    beside: float | int | None
    """The same of the other run."""
    difference: float | None
    """The first less the second; of a mean over cases, over those that have it in both runs."""
    interval: Interval | None
    """95 % interval of the paired difference; None for a measure that is no mean over cases."""
    cases: int
    """How many cases the interval is made from."""

    def to_dict(self, names: tuple[str, str]) -> dict[str, Any]:
        """This as plain JSON data; `names` are what the two runs are called."""
        return {
            "metric": self.metric,
            names[0]: self.value,
            names[1]: self.beside,
            "difference": self.difference,
            "interval": None if self.interval is None else list(self.interval),
            "cases": self.cases,
        }


@dataclass(frozen=True, kw_only=True, slots=True)
class Comparison:
    """A run beside another one."""

    cases: int
    """How many cases both were asked to the end; all that follows is over these."""
    metrics: tuple[Compared, ...]
    gained: tuple[str, ...]
    """The cases that only this run has right."""
    lost: tuple[str, ...]
    """The cases that only the other one has right."""
    p: float
    """How likely so lopsided a turn of cases is if neither run were the better one: the exact sign test, two-sided."""

    def to_dict(self, names: tuple[str, str]) -> dict[str, Any]:
        """This as plain JSON data; `names` are what the two runs are called."""
        metrics = [compared.to_dict(names) for compared in self.metrics]
        return {"cases": self.cases, "metrics": metrics, "gained": list(self.gained), "lost": list(self.lost), "p": self.p}


@dataclass(frozen=True, kw_only=True, slots=True)
class Fallen:
    """A case that is wrong or crashed, and was not so in the baseline."""

    id: str
    kind: Kind
    question: str
    before: str
    """What was answered then; empty for a case that the baseline does not have."""
    now: str
    why: str

    def __str__(self) -> str:
        """The fall on one line."""
        return f"{self.id} ({self.kind}) {self.question} {self.before or 'not in the baseline'} -> {self.now}: {self.why}"


@dataclass(frozen=True, kw_only=True, slots=True)
class Report:
    """A whole run over reviewed cases; what the unreviewed ones gave is a report of its own."""

    metrics: Metrics
    """Every name of `summary.METRIC_NAMES`; None where nothing was there to measure."""
    rows: tuple[CaseResult | CaseFailure, ...]
    """One a case, in the order of the cases."""
    below: tuple[Below, ...] = ()
    model: str = "built-in"
    """What answered."""
    beside: Report | None = None
    """The built-in answers to the same cases, where a language model was asked."""
    comparison: Comparison | None = None
    """This run less `beside`."""
    earlier: Report | None = None
    """The run that the baseline is, where it is one."""
    change: Comparison | None = None
    """This run less `earlier`."""
    fell: tuple[Fallen, ...] = ()
    """What is wrong now and was not in the baseline."""
    unreviewed: Report | None = None
    """The cases that nobody has reviewed yet, which no bar counts."""

    @property
    def failures(self) -> tuple[CaseFailure, ...]:
        """The rows that crashed."""
        return tuple(row for row in self.rows if isinstance(row, CaseFailure))

    @property
    def wrong(self) -> tuple[CaseResult, ...]:
        """The rows that were judged wrong."""
        return tuple(row for row in self.rows if isinstance(row, CaseResult) and not row.right)

    @property
    def passed(self) -> bool:
        """Whether every bar was met, no case fell and nothing crashed."""
        return not self.below and not self.failures and not self.fell

    def to_dict(self) -> dict[str, Any]:
        """This report as plain JSON data; each part that a run does not have is left out."""
        data: dict[str, Any] = {
            "metrics": dict(self.metrics),
            "cases": [row.to_dict() for row in self.rows],
            "below": [asdict(below) for below in self.below],
        }
        if self.unreviewed is not None:
            data["unreviewed"] = _without_bars(self.unreviewed)
        if self.change is not None:
            data["fell"] = [asdict(fallen) for fallen in self.fell]
            data["change"] = self.change.to_dict(("now", "baseline"))
        if self.beside is not None and self.comparison is not None:
            data["model"] = self.model
            data["built_in"] = _without_bars(self.beside)
            data["comparison"] = self.comparison.to_dict(("model", "built_in"))
        return data

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The metrics and rows that `to_dict` wrote, enough to compare another run with.

        Raises:
            ValueError: `data` is not a run.
        """
        from pydantic import TypeAdapter

        results, failures = TypeAdapter(CaseResult), TypeAdapter(CaseFailure)
        if not isinstance(data.get("metrics"), Mapping) or not isinstance(data.get("cases"), list):
            raise ValueError("a run has metrics and cases")
        rows = [(results if row.get("error") is None else failures).validate_python(row) for row in data["cases"]]
        return cls(metrics=dict(data["metrics"]), rows=tuple(rows), model=str(data.get("model", "built-in")))


def load_run(path: str | Path) -> Report:
    """Read the `results.json` of an earlier run; its metrics and rows.

    Raises:
        BadPath: it cannot be read, or is not the result of a run.
    """
    try:
        return Report.from_dict(json.loads(Path(path).read_text(encoding="utf-8")))
    except OSError as error:
        raise BadPath(f"cannot read the run {path}: {error.strerror}", hint="name the results.json that --report wrote") from None
    except (ValueError, AttributeError):
        raise BadPath(f"{path} is not the result of a run", hint="name the results.json that --report wrote") from None


def _without_bars(report: Report) -> dict[str, Any]:
    return {name: value for name, value in report.to_dict().items() if name != "below"}


def plain(value: Any) -> Any:
    """`value` with every tuple made a list, so that it equals itself after a trip through JSON."""
    if isinstance(value, dict):
        return {key: plain(item) for key, item in value.items()}
    return [plain(item) for item in value] if isinstance(value, list | tuple) else value


def number(value: float | int | None) -> str:
    """A measure as people read it."""
    if value is None:
        return "not measured"
    return str(value) if isinstance(value, int) else f"{value:.4g}"
