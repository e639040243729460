"""Cut articles into the passages that the peers without a splitter of their own are given. Runs in Dateline's environment.

    python benchmarks/peers/passages.py ARTICLES.jsonl PASSAGES.jsonl

llama-index's SentenceSplitter makes them: 256 tokens at most, the title included, 32 of them shared with the neighbour.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

from llama_index.core import Document
from llama_index.core.node_parser import SentenceSplitter

from index.sentences import split_sentences
from index.tokens import tokenizer


def main() -> None:
    """Read, cut, write."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("articles", type=Path)
    parser.add_argument("passages", type=Path)
    options = parser.parse_args()
    splitter = SentenceSplitter(chunk_size=256, chunk_overlap=32, tokenizer=tokenizer(), chunking_tokenizer_fn=split_sentences)
    lines: list[str] = []
    with options.articles.open(encoding="utf-8") as file:
        for article in map(json.loads, file):
            nodes = splitter.get_nodes_from_documents([Document(text=article["text"], metadata={"title": article["title"]})])
            passages = ({"doc_id": article["doc_id"], "title": article["title"], "text": node.get_content()} for node in nodes)
            lines.extend(json.dumps(passage, ensure_ascii=False) for passage in passages)
    options.passages.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")


if __name__ == "__main__":
    main()
