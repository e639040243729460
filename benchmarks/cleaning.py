"""How much the cleaner cuts, and what: the share of characters an article loses, and every piece, for a person to look at.

    python benchmarks/cleaning.py FOLDER_OR_FILE [--limit 200] [--pieces]

Articles are drawn with a fixed seed. Repeated titles are counted apart, since the article keeps its title.
"""

from __future__ import annotations

import argparse
import gzip
import json
import random
import statistics
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from index.clean import Cleaned, clean
from index.normalise import normalise
from index.readers import is_article_file, read_file
from index.types import Draft, Skipped

_SEED = 20250606


def main() -> None:
    """Reads the command line and prints the report."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("source", type=Path, help="a folder of articles, or a .jsonl or .jsonl.gz file")
    parser.add_argument("--limit", type=int, default=200, help="how many articles (default 200; 0 for all)")
    parser.add_argument("--seed", type=int, default=_SEED, help="which articles")
    parser.add_argument("--pieces", action="store_true", help="print every piece that was cut, with the lines around it")
    arguments = parser.parse_args()
    drafts = sorted(_drafts(arguments.source), key=lambda draft: (draft.doc_id, draft.key))
    if arguments.limit:
        drafts = random.Random(arguments.seed).sample(drafts, min(arguments.limit, len(drafts)))
    started = time.process_time()
    results = [(draft, clean(draft)) for draft in drafts]
    seconds = time.process_time() - started
    if arguments.pieces:
        for draft, cleaned in results:
            _print_pieces(draft, cleaned)
    _print_summary(results, seconds)


def _drafts(source: Path) -> Iterator[Draft]:
    """Every readable article; a file of JSON lines is streamed, whatever its size."""
    if source.is_file() and source.name.endswith((".jsonl", ".jsonl.gz")):
        with gzip.open(source) if source.suffix == ".gz" else source.open("rb") as lines:
            for line in lines:
                record = json.loads(line)
                yield Draft(doc_id=str(record["doc_id"]), text=record["text"], title=record.get("title"), url=record.get("url"))
        return
    files = [source] if source.is_file() else sorted(path for path in source.rglob("*") if is_article_file(path))
    for path in files:
        for result in read_file(path):
            if isinstance(result, Skipped):
                print(f"skipped {result.path}: {result.reason}")
            else:
                yield result


def _print_pieces(draft: Draft, cleaned: Cleaned) -> None:
    share = _share(draft, cleaned)
    if not cleaned.removed:
        return
    print(f"\n== {draft.doc_id}  {share:.1%}  {cleaned.title}")
    text = normalise(draft.text)
    for piece in cleaned.removed:
        start = text.find(piece.text)
        before = text[max(0, start - 60) : max(0, start)].replace("\n", "⏎")
        after = text[start + len(piece.text) :][:60].replace("\n", "⏎")
        print(f"   {piece.rule:17} …{before}[[ {piece.text.replace(chr(10), ' ⏎ ')} ]]{after}…")


def _print_summary(results: list[tuple[Draft, Cleaned]], seconds: float) -> None:
    shares = sorted(_share(draft, cleaned) for draft, cleaned in results)
    before = sum(len(normalise(draft.text)) for draft, _ in results)
    rules = Counter(piece.rule for _, cleaned in results for piece in cleaned.removed)
    cut = Counter[str]()
    for _, cleaned in results:
        for piece in cleaned.removed:
            cut[piece.rule] += len(piece.text)
    print(f"\n{len(results)} articles, {before:,} characters, {1000 * seconds / len(results):.2f} ms an article")
    total, titles = sum(cut.values()), cut["repeated-title"]
    print(f"cut: {total / before:.2%} of all characters ({(total - titles) / before:.2%} without titles)")
    print(f"articles with a cut: {sum(share > 0 for share in shares)}; median share {statistics.median(shares):.2%}")
    print(
        "share at the 75th, 90th, 95th, 99th, 100th percentile: "
        + ", ".join(f"{_quantile(shares, q):.1%}" for q in (0.75, 0.9, 0.95, 0.99, 1))
    )
    for rule, count in rules.most_common():
        print(f"   {rule:18} {count:5} pieces {cut[rule]:8,} characters")


def _share(draft: Draft, cleaned: Cleaned) -> float:
    """The share of an article's characters that was cut, repeated titles left out."""
    cut = sum(len(piece.text) for piece in cleaned.removed if piece.rule != "repeated-title")
    return cut / max(1, len(normalise(draft.text)))


def _quantile(values: list[float], share: float) -> float:
    return values[min(len(values) - 1, int(share * len(values)))]


if __name__ == "__main__":
    main()
