"""Loads what a sync needs, so that the children of `benchmarks.kill` start in milliseconds; opens no home."""

import chromadb
import chromadb.api.rust  # noqa: F401

import index.home
import index.search
import index.sync  # noqa: F401
from index.chunk import chunk_spans

chunk_spans("One sentence. Another one.")
