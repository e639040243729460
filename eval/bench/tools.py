"""What the adapters work with: the reader, homes over pools of articles, and answers from given passages."""

from __future__ import annotations

import hashlib
import json
import shutil
import unicodedata
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from contextlib import ExitStack
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from eval.bench.files import Files, Record
from index.errors import HomeDamaged, HomeMismatch
from index.home import Home
from index.keywords import idf
from index.sentences import sentence_spans
from index.terms import question_stems, stems
from index.types import Passage
from rag.builtin.further import LOOKED
from rag.followup.context import without_topic
from rag.settings import Settings

if TYPE_CHECKING:
    from index.encoder import Encoder
    from rag.reader import Reader
    from rag.types import Answer

SHARD = 500
"""Articles in one file of a pool, to stay below the size limit of a file."""
Progress = Callable[[str, int, int], None]
"""Called with what is counted, how many are done, and how many there are."""


class Tools:
    """Everything for one run over one set; close it, or use it as a context manager."""

    def __init__(
        self,
        name: str,
        files: Files,
        *,
        reader: Reader | None = None,
        homes: Path | None = None,
        progress: Progress = lambda what, done, total: None,
        say: Callable[[str], None] = lambda sentence: None,
    ) -> None:
        """Prepare; nothing is loaded before it is needed.

        Args:
            name: of the set.
            files: of the set.
            reader: None for the built-in one.
            homes: folder that keeps what pools are encoded into; None for one in the user's cache.
            progress: called while a pool is encoded.
            say: called with a sentence before something that takes long.
        """
        self.files = files
        self.settings = Settings.load()
        self.progress = progress
        self._name = name
        self._reader = reader
        self._homes = homes
        self._say = say
        self._open = ExitStack()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._open.close()

    @cached_property
    def reader(self) -> Reader:
        """The reader, one run at a time: records are judged side by side already."""
        from rag.reader import MODEL_FOLDER, Reader

        return self._reader or Reader.open(MODEL_FOLDER, threads=1)

    @cached_property
    def encoder(self) -> Encoder:
        """The encoder of the settings."""
        from index.embedders import open_encoder

        return open_encoder(self.settings.encoder)

    def home(self, pool: Sequence[Record]) -> Home:
        """A home that holds these articles and nothing else; encoded once, then kept."""
        folder = self._kept / f"{self._name}-{_digest(pool, self.encoder.name)}"
        shards = folder / "articles"
        if not (folder / "home").exists():
            self._say(f"Encoding {len(pool):,} articles, about 500 a minute; they are kept in {folder} for the next time.")
        _write_shards(pool, shards)
        home = self._open.enter_context(_opened(folder / "home", self.encoder))
        home.sync(shards, progress=self.progress)
        return home

    def answer(self, question: str, docs: Sequence[Record]) -> Answer:
        """The built-in answer from given documents alone."""
        passages = [_passage(number, doc) for number, doc in enumerate(docs) if doc["text"].strip()]
        held = Counter(stem for passage in passages for stem in {*stems(passage.text), *stems(passage.title or "")})
        return self._extracted(question, passages, {stem: idf(len(passages), held[stem]) for stem in question_stems(question)})

    def answer_from(self, home: Home, question: str) -> Answer:
        """The built-in answer from a home."""
        passages = home.search(question, limit=max(self.settings.candidates, LOOKED))
        return self._extracted(without_topic(question), passages, home.term_weights(question))

    def ranked(self, home: Home, question: str, *, limit: int) -> tuple[list[Passage], list[Passage]]:
        """The passages of a home for a question, best first: as search has them, and with the first of them ranked by the reader."""
        from rag.builtin.rank import rank

        found = home.search(question, limit=limit)
        head, tail = found[: self.settings.candidates], found[self.settings.candidates :]
        return found, [*(item.passage for item in rank(question, head, self.reader)), *tail]

    def _extracted(self, question: str, passages: Sequence[Passage], weights: Mapping[str, float]) -> Answer:
        from rag.builtin.extract import extract

        return extract(question, passages, weights=weights, encoder=self.encoder, reader=self.reader, settings=self.settings)

    @property
    def _kept(self) -> Path:
        from platformdirs import user_cache_path

        return self._homes or user_cache_path("dateline") / "bench"


def _opened(folder: Path, encoder: Encoder) -> Home:
    """The home in a folder of ours; one that another version made, or that is damaged, is made anew."""
    try:
        return Home.open(folder, encoder=encoder, create=True)
    except (HomeDamaged, HomeMismatch):
        shutil.rmtree(folder)
        return Home.open(folder, encoder=encoder, create=True)


def _digest(pool: Sequence[Record], encoder: str) -> str:
    digest = hashlib.sha256(encoder.encode())
    for record in pool:
        digest.update(json.dumps(record, sort_keys=True).encode())
    return digest.hexdigest()[:12]


def _write_shards(pool: Sequence[Record], folder: Path) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for start in range(0, len(pool), SHARD):
        path = folder / f"{start:05}.jsonl"
        if not path.exists():
            draft = path.with_suffix(".new")
            draft.write_text("".join(json.dumps(record) + "\n" for record in pool[start : start + SHARD]), encoding="utf-8")
            draft.replace(path)


def _passage(number: int, doc: Record) -> Passage:
    text = unicodedata.normalize("NFC", doc["text"].strip())
    title = doc.get("title") or None
    return Passage(
        article_id=f"given-{number}",
        doc_id=str(doc.get("doc_id", number)),
        start=0,
        end=len(text),
        text=text,
        score=1 / (number + 1),
        label=title or f"document {number + 1}",
        path=f"{number}.txt",
        root="",
        title=title,
        text_hash=hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest(),
        sentences=sentence_spans(text),
    )
