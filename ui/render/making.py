"""How an answer was made, as HTML: the question as it was searched, the searches, the prompts and replies, the checks, the cost."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from index.types import Filters
from rag.types import Answer, Claim
from rag.wording import describe_days
from ui.conversation import Exchange, Place
from ui.making import Found, Request, Search
from ui.markup import Html, count, day, join, tag, text
from ui.sources import Source, sources

_BEST = 5
"""Passages of a search that are shown at once."""
_STAGES = {
    "rewrite": "Making the question stand alone", "search": "Search", "answer": "Answer", "model": "Language model", "check": "Checks",
    "repair": "Repair", "compare": "Comparison",
}  # fmt: skip
"""The stages of an answer's making, as `Usage.seconds` and requests name them, in order."""
_WITHIN = ("model", "check", "repair", "compare")
"""Those whose seconds are among those of the answer."""
_OUTCOMES = {"failed": ("✗", "failed"), "passed": ("✓", "passed"), "n/a": ("–", "n/a")}


def making_html(exchange: Exchange, index: int) -> Html:
    """The way from the question to the answer of an exchange, as far as it came."""
    answer, making = exchange.answer, exchange.making
    sections = [
        _section("Question", _question(exchange, answer)),
        *(_section(name, _search(search, answer, index)) for name, search in _searches(making.searches)),
        _section("Language model", _requests(making.requests, answer)),
        _section("Checks", _checks(answer.claims)) if answer and answer.claims else None,
        _section("What it took", _took(answer)) if answer else None,
    ]
    return tag("div", *sections, class_="dl-making")


def _section(name: str, *content: Html | None) -> Html:
    return tag("section", tag("h3", name), *content)


def _facts(facts: Iterable[tuple[str, Html | str | None]]) -> Html:
    return tag("dl", *(join(tag("dt", name), tag("dd", value, dir="auto")) for name, value in facts if value))


# The question and its searches


def _question(exchange: Exchange, answer: Answer | None) -> Html:
    asked = exchange.question
    searched = next((search.question for search in exchange.making.searches), None)
    time = answer.time.quoted if answer and answer.time and answer.time.words else None
    return _facts([
        ("Asked", asked), ("Searched as", searched if searched and searched != asked else None),
        ("Words for time", time), ("Problem", exchange.problem),
    ])  # fmt: skip


def _searches(searches: tuple[Search, ...]) -> Iterator[tuple[str, Search]]:
    """Each search with its name: a second one is made where the first, of some days only, found no answer."""
    for number, search in enumerate(searches, start=1):
        yield "Search" if len(searches) == 1 else f"Search {number}", search


def _search(search: Search, answer: Answer | None, index: int) -> Html:
    """The best passages of a search and those that the answer rests on; the others on request."""
    cited = sources(answer, index) if answer else []
    marks = [[place for place, source in cited if _holds(found, source)] for found in search.found]
    rows = [_found(place, found, mark) for place, (found, mark) in enumerate(zip(search.found, marks, strict=True), start=1)]
    first = [row for place, row in enumerate(rows) if place < _BEST or marks[place]]
    rest = [row for place, row in enumerate(rows) if place >= _BEST and not marks[place]]
    left = search.total - len(rows)
    more = tag("p", f"and {count(left, 'passage')} with a lower score", class_="dl-caption") if left > 0 else None
    others = tag("details", tag("summary", f"{count(len(rest), 'more passage')}"), _table(rest), more) if rest else more
    took = f"{count(search.total, 'passage')} in {search.seconds:.2f} s{', best first' if rows else ''}"
    return join(_facts([("Articles", _filters(search.filters)), ("Found", took)]), _table(first) if first else None, others)


def _table(rows: list[Html]) -> Html:
    names = ((None, "Rank"), (None, "Passage"), ("dl-figure", "Score"))
    head = tag("tr", *(tag("th", name, scope="col", class_=kind) for kind, name in names))
    return tag("table", tag("thead", head), tag("tbody", *rows), class_="dl-found")


def _filters(filters: Filters) -> str:
    """Which articles were searched, in words."""
    days = describe_days(filters)
    words = [f"published {days}" if days else "", f"of {', '.join(filters.publishers)}" if filters.publishers else "",
             f"under {', '.join(filters.paths)}" if filters.paths else ""]  # fmt: skip
    return ", ".join(filter(None, words)) or "all"


def _holds(found: Found, source: Source) -> bool:
    return found.article_id == source.article_id and found.start <= source.start < found.end


def _found(place: int, found: Found, cited: list[Place]) -> Html:
    marks = [tag("button", f"[{one.number}]" if one.kind == "c" else str(one.number), type="button", class_="dl-opens", data_open=one,
                 aria_label=f"Open passage {one.number}") for one in cited]  # fmt: skip
    head = tag("p", tag("strong", found.label), text(", "), day(found.published), *(join(text(" "), mark) for mark in marks))
    words = tag("p", found.words, class_="dl-snippet", dir="auto")
    return tag("tr", tag("td", str(place), class_="dl-figure"), tag("td", head, words), tag("td", f"{found.score:.3f}", class_="dl-figure"),
               class_="dl-used" if cited else None)  # fmt: skip


# The language model


def _requests(requests: tuple[Request, ...], answer: Answer | None) -> Html:
    if not requests:
        return tag("p", "None was asked: the built-in answerer took the answer from the passages." if answer else "None was asked.")
    return join(*(_request(request) for request in requests))


def _request(request: Request) -> Html:
    told, took = list(request.messages), "no reply"
    if request.reply is not None:
        told.append(("reply", request.reply))
        took = f"{request.tokens_in:,} tokens in, {request.tokens_out:,} out, {request.seconds:.1f} s"
    said = [
        join(tag("dt", role), tag("dd", tag("pre", words, dir="auto", tabindex=0, role="group", aria_label=role))) for role, words in told
    ]
    name = _STAGES.get(request.stage, request.stage)
    summary = tag("summary", tag("strong", name), text(f", {request.model}: {took}"))
    return tag("details", summary, tag("dl", *said, class_="dl-said-words"))


# Checks and cost


def _checks(claims: tuple[Claim, ...]) -> Html:
    return tag("ol", *(tag("li", tag("p", claim.text, dir="auto"), tag("ul", *_outcomes(claim), role="list")) for claim in claims),
               class_="dl-checks")  # fmt: skip


def _outcomes(claim: Claim) -> Iterator[Html]:
    """The checks of a sentence by outcome, those with one reason together."""
    for status, (sign, words) in _OUTCOMES.items():
        reasons: dict[str, list[str]] = {}
        for name, check in claim.checks.items():
            if check.status == status:
                reasons.setdefault(check.reason, []).append(name)
        told = "; ".join(f"{', '.join(names)} ({reason})" if reason else ", ".join(names) for reason, names in reasons.items())
        if told:
            head = (tag("span", sign, aria_hidden="true", class_="dl-sign"), tag("span", f"{words}: ", class_="dl-outcome"))
            yield tag("li", *head, told, class_="dl-check-failed" if status == "failed" else None)


def _took(answer: Answer) -> Html:
    usage = answer.usage
    tokens = f"{usage.tokens_in:,} in, {usage.tokens_out:,} out" if usage.tokens_in or usage.tokens_out else None
    cost = f"${usage.cost:.4f}" if usage.cost is not None else "no price is known" if tokens else None
    model = f"{answer.model}, which failed; the built-in answerer stood in" if answer.fallback else answer.model
    confidence = f"{answer.confidence:.2f}" if answer.confidence is not None else None
    total = sum(seconds for name, seconds in usage.seconds.items() if name not in _WITHIN)
    facts = [("Model", model), ("Tokens", tokens), ("Cost", cost), ("Confidence", confidence),
             ("State of the articles", f"generation {answer.generation}"), ("Seconds", f"{total:.2f}")]  # fmt: skip
    names = sorted(usage.seconds, key=lambda name: list(_STAGES).index(name) if name in _STAGES else len(_STAGES))
    bars = [_stage(name, usage.seconds[name], total or 1) for name in names]
    return join(_facts(facts), tag("table", tag("tbody", *bars), class_="dl-stages") if bars else None)


def _stage(name: str, seconds: float, total: float) -> Html:
    cells = (tag("td", _bar(100 * min(1, seconds / total))), tag("td", f"{seconds:.2f}", class_="dl-figure"))
    return tag("tr", tag("th", _STAGES.get(name, name), scope="row"), *cells, class_="dl-within" if name in _WITHIN else None)


def _bar(per_cent: float) -> Html:
    bar = tag("rect", x=0, y=0, width=f"{max(per_cent, 0.5):.1f}%", height=6, rx=2)
    return tag("svg", bar, width="100%", height=6, aria_hidden="true", class_="dl-bar-line")
