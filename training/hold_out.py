"""Write the articles that training keeps apart as sets of their own: `python training/hold_out.py --data DIR --out DIR`.

`dateline bench NAME --data OUT/NAME` then measures on what the reader has not learnt from. Only for sets that it learns from.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from sources import Record, held_out, records

QUESTIONS = ("squad2_dev", "squadshifts_wiki", "squadshifts_reddit", "squadshifts_amazon", "qamr_wikinews", "timeqa_human")
CLAIMS = {"vitaminc": ("real", "synthetic")}


def main() -> None:
    """Copy the records of held-out articles, and all contexts."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--data", type=Path, required=True, help="folder of the sets")
    parser.add_argument("--out", type=Path, required=True)
    options = parser.parse_args()
    for name in QUESTIONS:
        contexts = {record["doc_id"]: record for record in records(options.data / name, "contexts")}
        kept = [one for one in records(options.data / name, "questions") if held_out(group(name, contexts[one["doc_ids"][0]]))]
        write(options.out / name, "questions", kept)
        write(options.out / name, "contexts", list(contexts.values()))
    for name, files in CLAIMS.items():
        for file in files:
            write(options.out / name, file, [one for one in records(options.data / name, file) if held_out(one["page"])])


def group(name: str, context: Record) -> str:
    """The article of a context, as sources.py names it."""
    by_passage = name in ("squadshifts_reddit", "qamr_wikinews", "timeqa_human")
    return str(context["doc_id"] if by_passage else context["title"])


def write(folder: Path, file: str, found: list[Record]) -> None:
    """Write FOLDER/FILE.jsonl and say how many records it has."""
    folder.mkdir(parents=True, exist_ok=True)
    (folder / f"{file}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in found), encoding="utf-8")
    print(f"{folder / file}: {len(found)}")


if __name__ == "__main__":
    main()
