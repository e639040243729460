"""Dateline's side of the warm measurement: `Home.search` in one process, as the peers are timed. Runs in Dateline's environment.

python benchmarks/peers/dateline_warm.py HOME --questions FILE
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from peer import timed

from index.home import Home


def main() -> None:
    """Time the searches and print the percentiles."""
    parser = argparse.ArgumentParser()
    parser.add_argument("home", type=Path)
    parser.add_argument("--questions", type=Path, required=True)
    options = parser.parse_args()
    with Home.open(options.home) as home:
        result = timed(
            lambda question, limit: [(passage.doc_id, passage.text) for passage in home.search(question, limit=limit)],
            json.loads(options.questions.read_text()),
        )
    print(json.dumps(result))


if __name__ == "__main__":
    main()
