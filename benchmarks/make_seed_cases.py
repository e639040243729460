"""Make `eval/seed` from the five seed articles and their questions.

    python benchmarks/make_seed_cases.py --articles FOLDER --questions questions.jsonl

Writes the cases as they are, and `articles.json`: for each article its doc_id, title, file name and sha256. No text of an article is
written, since the texts belong to their publishers.
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from pathlib import Path

SEED = Path(__file__).parents[1] / "eval" / "seed"


def describe(article: Path) -> dict[str, str | None]:
    """Tell one article from others without its text: doc_id, title (None without a headline), file name and sha256 of its bytes."""
    data = article.read_bytes()
    first_line = data.decode("utf-8").strip().split("\n", 1)[0]
    return {
        "doc_id": article.stem,
        "title": None if first_line.startswith("Credited from:") else first_line.split(" | ")[0].strip(),
        "file": article.name,
        "sha256": hashlib.sha256(data).hexdigest(),
    }


def cited(case: dict[str, object]) -> set[str]:
    """Collect every doc_id of a case; a conflict holds one list of them for each value."""
    groups = case["doc_ids"]
    assert isinstance(groups, list)
    return {doc_id for group in groups for doc_id in (group if isinstance(group, list) else [group])}


def main(arguments: list[str] | None = None) -> int:
    """Write both files; 2 when a case names an article that is not in the folder."""
    parser = argparse.ArgumentParser(description="Make eval/seed from the seed articles and their questions.")
    parser.add_argument("--articles", type=Path, required=True, help="folder with the five .txt files")
    parser.add_argument("--questions", type=Path, required=True, help="their questions, one JSON object a line")
    options = parser.parse_args(arguments)

    articles = [describe(path) for path in sorted(options.articles.glob("*.txt"))]
    cases = [json.loads(line) for line in options.questions.read_text(encoding="utf-8").splitlines() if line.strip()]
    unknown = {doc_id for case in cases for doc_id in cited(case)} - {article["doc_id"] for article in articles}
    if unknown:
        print(f"no such article under {options.articles}: {', '.join(sorted(unknown))}", file=sys.stderr)
        return 2
    lines = [json.dumps(case, ensure_ascii=False) for case in cases]
    (SEED / "cases.jsonl").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (SEED / "articles.json").write_text(json.dumps(articles, ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    print(f"{len(cases)} cases on {len(articles)} articles")
    return 0


if __name__ == "__main__":
    sys.exit(main())
