"""The data that the reader is trained on: one function a set, and what each set's licence is.

Only sets whose stated licence allows a trained model to be passed on. Texts stay where they are: nothing of them is in the repository.

- SQuADShifts reddit and amazon are in, beside wiki: the card licenses all of it under CC BY 4.0, a model of 22 million
  numbers keeps no text, and people's plain language about their own lives is what Wikipedia lacks.
- Out: sets without a stated licence (RealTimeQA, AttributionBench, MultiSpanQA, QAGS ...) and non-commercial ones (ANLI
  inside nli_mix, RGB, QuAIL ...). They may measure, not teach. SummEdits and WiCE too: the words belong to news publishers.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import re
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

Label = Literal["supported", "refuted", "nei"]
Record = dict[str, Any]

HELD_OUT = 8
"""One article in so many is for development."""


@dataclass(frozen=True, slots=True)
class Reading:
    """A question, a passage, and where the passage answers it."""

    source: str
    group: str
    """The article; decides between training and development."""
    question: str
    passage: str
    spans: tuple[tuple[int, int], ...]
    """(start, end) in characters, most agreed on first; empty where the passage does not answer."""


@dataclass(frozen=True, slots=True)
class Judged:
    """A claim, a passage, and what the passage says of the claim."""

    source: str
    group: str
    claim: str
    evidence: str
    label: Label


def held_out(group: str) -> bool:
    """Whether an article is kept for development."""
    return hashlib.sha256(group.encode()).digest()[0] % HELD_OUT == 0


def records(folder: Path, name: str) -> Iterator[Record]:
    """The records of NAME.jsonl or NAME.jsonl.gz."""
    packed = folder / f"{name}.jsonl.gz"
    with gzip.open(packed, "rt", encoding="utf-8") if packed.exists() else (folder / f"{name}.jsonl").open(encoding="utf-8") as lines:
        yield from map(json.loads, lines)


# Reading


def squad2(folder: Path) -> Iterator[Reading]:
    """SQuAD 2.0, CC BY-SA 4.0."""
    yield from _squad(folder, "contexts", "questions", "squad2")
    yield from _squad(folder, "train_beyonce_contexts", "train_beyonce_questions", "squad2")


def squadshifts(folder: Path) -> Iterator[Reading]:
    """SQuADShifts, CC BY 4.0."""
    yield from _squad(folder, "contexts", "questions", folder.name)


def _squad(folder: Path, contexts: str, questions: str, source: str) -> Iterator[Reading]:
    by_id = {record["doc_id"]: record for record in records(folder, contexts)}
    for record in records(folder, questions):
        context = by_id[record["doc_ids"][0]]
        found = zip(record["answers"], record["answer_starts"], strict=True)
        spans = [(start, start + len(answer)) for answer, start in found if context["text"].startswith(answer, start)]
        if record["unanswerable"] or spans:
            # Reddit's passages all have one title, so there a passage is an article of its own.
            group = context["doc_id"] if source == "squadshifts_reddit" else context["title"]
            yield Reading(source, group, record["question"], context["text"], _agreed(spans) if not record["unanswerable"] else ())


def qamr(folder: Path) -> Iterator[Reading]:
    """QAMR over Wikinews sentences: questions MIT, sentences CC BY 2.5."""
    texts = {record["doc_id"]: record["text"] for record in records(folder, "contexts")}
    for record in records(folder, "questions"):
        text = texts[record["doc_ids"][0]]
        spans = [(text.index(answer), text.index(answer) + len(answer)) for answer in record["answers"] if answer in text]
        if spans:
            yield Reading("qamr", record["doc_ids"][0], record["question"], text, _agreed(spans))


def timeqa(folder: Path) -> Iterator[Reading]:
    """TimeQA's human questions, BSD-3-Clause; cut to the paragraphs round one mention of the answer, or any where there is none."""
    pages = {record["doc_id"]: record["text"] for record in records(folder, "contexts")}
    for number, record in enumerate(records(folder, "questions")):
        page = pages[record["doc_ids"][0]]
        mentions = [
            (match.start(), match.end()) for answer in record["answers"] if answer for match in re.finditer(re.escape(answer), page)
        ]
        if not mentions and not record["unanswerable"]:
            continue
        centre = mentions[0][0] if mentions else number * 997 % max(1, len(page) - 800)
        begin = max(0, page.rfind(" ", 0, max(1, centre - 350)) + 1)
        passage = page[begin : begin + 900]
        spans = [(start - begin, end - begin) for start, end in mentions if begin <= start and end <= begin + len(passage)]
        yield Reading("timeqa", record["doc_ids"][0], record["question"], passage, _agreed(spans)[:1])


def _agreed(spans: list[tuple[int, int]]) -> tuple[tuple[int, int], ...]:
    """Spans by how many gave them, the shorter first among equals."""
    votes = Counter(spans)
    return tuple(sorted(votes, key=lambda span: (-votes[span], span[1] - span[0], span)))


READING: dict[str, Callable[[Path], Iterator[Reading]]] = {
    "squad2_dev": squad2,
    "squadshifts_wiki": squadshifts,
    "squadshifts_reddit": squadshifts,
    "squadshifts_amazon": squadshifts,
    "qamr_wikinews": qamr,
    "timeqa_human": timeqa,
}


# Judging


def vitaminc(folder: Path) -> Iterator[Judged]:
    """VitaminC, CC BY-SA 3.0."""
    for part in ("real", "synthetic"):
        for record in records(folder, part):
            yield Judged(f"vitaminc_{part}", record["page"], plain(record["claim"]), plain(record["evidence"][0]), record["label"])


def fever_symmetric(folder: Path) -> Iterator[Judged]:
    """FEVER-symmetric, CC BY-SA 3.0."""
    for part in ("dev", "test"):
        for record in records(folder, part):
            claim = plain(record["claim"])
            yield Judged("fever_symmetric", claim, claim, plain(record["evidence"][0]), record["label"])


def nli(folder: Path) -> Iterator[Judged]:
    """MNLI (OANC and other free licences), SNLI and Breaking NLI (CC BY-SA 4.0); ANLI, non-commercial, is left out."""
    for record in records(folder, "pairs"):
        if not record["src"].startswith("anli"):
            evidence = plain(record["evidence"][0])
            yield Judged(record["src"], evidence, plain(record["claim"]), evidence, record["label"])


def clapnq(folder: Path) -> Iterator[Judged]:
    """CLAP-NQ, Apache-2.0 over CC BY-SA text: an answer is supported by its own sentences."""
    for record in records(folder, "questions"):
        for chosen in record["gold_sentences"][:1]:
            evidence = " ".join(record["sentences"][number] for number in chosen)
            if chosen and record["answers"] and record["answers"][0] != evidence:
                yield Judged("clapnq", record["title"], record["answers"][0], plain(evidence), "supported")


JUDGING: dict[str, Callable[[Path], Iterator[Judged]]] = {
    "vitaminc": vitaminc,
    "fever_symmetric": fever_symmetric,
    "nli_mix": nli,
    "clapnq_dev": clapnq,
}


def plain(text: str) -> str:
    """Text whose tokens stand apart, put together as people write."""
    text = re.sub(r"-LRB-", "(", re.sub(r"-RRB-", ")", text))
    text = re.sub(r"\s+([.,;:!?)\]%])", r"\1", text)
    text = re.sub(r"([(\[$£€])\s+", r"\1", text)
    text = re.sub(r"\s+('(?:s|re|ve|ll|d|m)|n't)\b", r"\1", text)
    return re.sub(r"\s+", " ", text).strip()
