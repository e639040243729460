"""Files to articles, articles to chunks, chunks to vectors, and search over them. Knows no question, prompt or language model.

The way of the data: `walk` and `readers` -> `clean` -> `prepare` and `chunk` -> `encoder` -> `catalogue` and `vectors`, all driven by
`sync`; back through `search`. `Home` is the door.
"""

from index.errors import DatelineError
from index.home import Home
from index.types import Article, Chunk, Filters, Passage, Skipped, Span, SyncReport

__all__ = ["Article", "Chunk", "DatelineError", "Filters", "Home", "Passage", "Skipped", "Span", "SyncReport"]
