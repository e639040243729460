"""Writes docs/walk.md: one question on its way through the house, with the values that it has at each step.

    python -m benchmarks.walk

The question is asked of the sample corpus by the built-in answerer; each step is the house's own function.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory

from index.home import Home
from index.types import Filters
from rag.builtin.extract import confidence, signs
from rag.builtin.pool import pooled
from rag.builtin.rank import rank
from rag.chatbot import Chatbot
from rag.question import read_question
from rag.reader import built_in_reader
from rag.settings import Settings
from rag.times.window import window_for

ROOT = Path(__file__).parent.parent
PAGE = ROOT / "docs" / "walk.md"
QUESTION = "On what date did the first Africa Corps convoy reach Gao?"
_SHOWN = 4


def walk(home: Home) -> Iterator[str]:
    """The page, paragraph by paragraph."""
    settings = Settings()
    yield "# The way of one question"
    yield f"Written by `python -m benchmarks.walk` over the sample corpus. The question: **{QUESTION}**"
    asked = read_question(QUESTION)
    about = f"a {asked.kind}, about {_codes(asked.names)}; words that carry meaning {_codes(asked.stems)}"
    yield f"## 1. What is asked\n\n`rag.question.read_question`: {about}."
    window = window_for(QUESTION, Filters(), date(2025, 7, 1), all_dates=False)
    days = "no day of publication is named, so all articles are searched" if window.filters == Filters() else str(window.filters)
    yield f"## 2. Which articles may answer\n\n`rag.times.window.window_for`: {days}."
    weights = home.term_weights(window.text)
    rare = ", ".join(f"`{stem}` {weight:.1f}" for stem, weight in sorted(weights.items(), key=lambda pair: -pair[1]))
    yield f"## 3. Search\n\n`Home.term_weights`, Lucene's idf (a rare word weighs more): {rare}."
    yield "`Home.search`, keywords and meaning joined:"
    passages = home.search(window.text, limit=settings.candidates)
    rows = [(f"{item.score:.2f}", item.label, _clipped(item.text)) for item in passages[:_SHOWN]]
    yield _table(("score", "article", "passage"), rows)
    read = rank(QUESTION, passages, built_in_reader())
    yield "## 4. Reading\n\n`rag.builtin.rank`: the cross-encoder reads each passage. Its likeliest words, in logits above “no answer”:"
    spans = [(item, item.reading.spans[0]) for item in read[:_SHOWN] if item.reading.spans]
    yield _table(
        ("logit", "article", "words"),
        [(f"{span.score:+.1f}", item.passage.label, item.passage.text[span.start : span.end]) for item, span in spans],
    )
    groups = pooled(asked, read, weights, home.encoder)
    yield "## 5. Values\n\n`rag.builtin.pool`: words become whole values, and those that say the same stand together:"
    values = [
        (f"{group.score:.1f}", group.best.text, ", ".join(dict.fromkeys(item.passage.label for item in group.members)))
        for group in groups[:_SHOWN]
    ]
    yield _table(("score", "value", "said by"), values)
    used = [item.passage for item in read]
    likely, features = confidence(asked, groups, used, weights), signs(asked, groups, used, weights)
    told = ", ".join(f"{value:.2f}" for value in features)
    yield f"## 6. Sure enough?\n\n`rag.builtin.extract.confidence`: {likely:.2f} from the signs {told}."
    yield f"Below {settings.abstain_below} nothing would be answered."
    answer = Chatbot(home, settings=settings).ask(QUESTION)
    others = "; ".join(f"**{value.value}** ({', '.join(value.labels)})" for value in answer.disagreement) or "nothing"
    yield f"## 7. Does anybody say otherwise?\n\n`rag.builtin.disagree`: {others}."
    first = answer.citations[0]
    article = home.article(first.article_id)
    same = article.text[first.start : first.end] == first.quote
    place = f"`article.text[{first.start}:{first.end}]` of {first.label}, `{first.doc_id}`; equal to the quote: {same}"
    checks = ", ".join(f"{name} {check.status}" for name, check in answer.claims[0].checks.items())
    yield f"## 8. The answer\n\n**{answer.short}**\n\n> {answer.claims[0].text} [1]\n\n[1] is {place}. Checks: {checks}."


def _codes(words: tuple[str, ...]) -> str:
    return ", ".join(f"`{word}`" for word in words)


def _clipped(words: str, limit: int = 90) -> str:
    words = " ".join(words.split())
    return words if len(words) <= limit else words[:limit].rsplit(" ", 1)[0] + " …"


def _table(head: tuple[str, ...], rows: list[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(cell.replace('|', ' ') for cell in row)} |" for row in lines)


def main() -> None:
    """Write the page."""
    with TemporaryDirectory() as folder, Home.open(Path(folder) / "home", create=True) as home:
        home.sync(ROOT / "eval" / "sample" / "articles")
        PAGE.write_text("\n\n".join(walk(home)) + "\n", encoding="utf-8")
        home.vectors.close()


if __name__ == "__main__":
    main()
