"""`dateline bench`: small made-up sets through every adapter, the measures, and the command line."""

from __future__ import annotations

import gzip
import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

import ui.cli
from eval.bench.asking import source_values
from eval.bench.claims import as_written, by_degree, likeliest, likeliest_or_partially
from eval.bench.conversation import half
from eval.bench.files import BadSet, Files, read_records
from eval.bench.measures import Row, accuracy, auroc, balanced_accuracy, macro_f1, mean, micro_f1, only
from eval.bench.reading import items, list_values
from eval.bench.report import render
from eval.bench.run import run_bench
from eval.bench.sets import SETS
from eval.bench.tools import Tools
from eval.metrics import Interval
from index.errors import BadPath, UsageError
from rag.reader import Reader, Reading, Span, Support
from rag.types import Answer, Value


class ScriptedReader(Reader):
    """Finds the words it was told, and judges claims as it was told; says of everything else that it does not know."""

    def __init__(self, answers: Mapping[str, Sequence[str]] = {}, supports: Mapping[str, tuple[float, float, float]] = {}) -> None:
        self._answers = answers
        self._supports = supports

    def read_pairs(self, pairs: Sequence[tuple[str, str]]) -> list[Reading]:
        return [self._one(asked, passage) for asked, passage in pairs]

    def _one(self, asked: str, passage: str) -> Reading:
        places = [(passage.find(words), words, place) for place, words in enumerate(self._answers.get(asked, ()))]
        spans = tuple(Span(start, start + len(words), 5.0 - place / 2) for start, words, place in places if start >= 0)
        return Reading(
            spans=spans or (Span(0, len(passage.split(" ")[0]), -4.0),),
            relevance=4.0 if spans else -4.0,
            support=Support(*self._supports.get(asked, (0.1, 0.1, 0.8))),
        )


@pytest.fixture(autouse=True)
def hash_encoder(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("DATELINE_ENCODER", "hash")


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., Path]:
    """Writes a set's files below `bench`, and gives its folder."""

    def written(name: str, *, under: str = "bench", **files: Sequence[Mapping[str, Any]]) -> Path:
        folder = tmp_path / under / name
        folder.mkdir(parents=True, exist_ok=True)
        for file, records in files.items():
            (folder / f"{file}.jsonl").write_text("".join(json.dumps(record) + "\n" for record in records), encoding="utf-8")
        return folder

    return written


def question(number: int, asked: str, *answers: str, **fields: Any) -> dict[str, Any]:
    return {"id": f"q{number}", "question": asked, "answers": list(answers), "unanswerable": not answers, "doc_ids": [], **fields}


def claim(number: int, said: str, evidence: str, label: str, **fields: Any) -> dict[str, Any]:
    return {"id": f"c{number}", "claim": said, "evidence": [evidence], "label": label, **fields}


FERRY = {"doc_id": "d1", "title": "Ferry", "text": "The ferry sank on Monday. It carried 40 goats and two cars."}
FERRY_QUESTIONS = [
    question(1, "When did the ferry sink?", "Monday", "on Monday", doc_ids=["d1"]),
    question(2, "How many goats were on board?", "forty goats", doc_ids=["d1"]),
    question(3, "Who built the ferry?", doc_ids=["d1"]),
    question(4, "Who owned the ferry?", doc_ids=["d1"]),
]
FERRY_READER = ScriptedReader(
    {"When did the ferry sink?": ["Monday"], "How many goats were on board?": ["40 goats"], "Who owned the ferry?": ["two cars"]}
)


def whole(folder: Path, **options: Any) -> dict[str, Any]:
    """A run's result as data, without what differs from run to run and without intervals, of which one test has the values."""
    data = run_bench(folder.name, folder, **options).to_dict()
    assert data.pop("seconds") >= 0
    for split in data["splits"].values():
        split.pop("intervals", None)
    return data


# A passage to read


@pytest.fixture
def answered_from_two(monkeypatch: pytest.MonkeyPatch) -> None:
    """A threshold for the scripted readers, whose scores are small."""
    monkeypatch.setattr("eval.bench.reading.ANSWERED_FROM", 2.0)


@pytest.mark.usefixtures("answered_from_two")
def test_reading_with_abstention(write: Callable[..., Path]):
    folder = write("squad2_dev", contexts=[FERRY], questions=FERRY_QUESTIONS)
    metrics = {
        "has_answer_f1": 0.75,
        "auroc": 0.75,
        "f1": 0.625,
        "em": 0.5,
        "has_answer_em": 0.5,
        "has_answer_f1_abstaining": 0.75,
        "no_answer_accuracy": 0.5,
    }
    assert whole(folder, reader=FERRY_READER) == {
        "name": "squad2_dev",
        "metrics": metrics,
        "splits": {
            "questions": {"count": 4, "failures": 0, "metrics": metrics},
            "train_beyonce_questions": {"count": 0, "absent": True},
        },
        "count": 4,
    }


def test_where_every_question_has_an_answer_the_best_span_is_taken(write: Callable[..., Path]):
    asked = [*FERRY_QUESTIONS[:2], question(5, "What happened to the ferry?", "sank", doc_ids=["d1"])]
    folder = write("squadshifts_wiki", contexts=[FERRY], questions=asked)
    metrics = {"f1": 0.5, "em": pytest.approx(1 / 3)}
    assert whole(folder, reader=FERRY_READER) == {
        "name": "squadshifts_wiki",
        "metrics": metrics,
        "splits": {"questions": {"count": 3, "failures": 0, "metrics": metrics}},
        "count": 3,
    }


@pytest.mark.usefixtures("answered_from_two")
def test_groups_of_a_split(write: Callable[..., Path]):
    asked = [{**record, "level": level} for record, level in zip(FERRY_QUESTIONS, ("easy", "hard", "easy", "hard"), strict=True)]
    folder = write("timeqa_human", contexts=[FERRY], questions=asked)
    groups = whole(folder, reader=FERRY_READER)["splits"]["questions"]["groups"]
    assert {name: (group["count"], group["metrics"]["em"], group["metrics"]["auroc"]) for name, group in groups.items()} == {
        "easy": (2, 1.0, 1.0),
        "hard": (2, 0.0, 0.5),
    }


def test_lists_of_spans(write: Callable[..., Path]):
    context = "It carried 40 goats, two cars and a piano."
    folder = write("multispanqa_valid", questions=[question(1, "What did it carry?", "40 goats", "two cars", "piano", context=context)])
    reader = ScriptedReader({"What did it carry?": ["40 goats", "two cars", "carried"]})
    assert whole(folder, reader=reader)["metrics"] == {
        "em_f1": pytest.approx(2 / 3),
        "partial_f1": pytest.approx(0.7695, abs=1e-4),
        "token_f1": pytest.approx(0.8),
        "em": 0.0,
    }


def test_items_of_a_list_are_the_best_span_and_others_nearly_as_good():
    spans = (Span(9, 12, 4.0), Span(0, 3, 2.0), Span(20, 22, -1.1))
    assert items(spans) == [Span(0, 3, 2.0), Span(9, 12, 4.0)]
    assert items((Span(9, 12, -7.0), Span(0, 3, -7.5))) == [Span(9, 12, -7.0)]
    assert items(()) == []


def test_equal_lists_have_every_value():
    assert list_values(["The Goats", "cars"], ["goats", "Cars!"]) == {
        "same": 2.0,
        "given": 2.0,
        "gold": 2.0,
        "part_of_given": 2.0,
        "part_of_gold": 2.0,
        "token_f1": 1.0,
        "em": 1.0,
    }


# A claim to check

SURE, DENIED, UNSURE = (0.9, 0.05, 0.05), (0.05, 0.9, 0.05), (0.2, 0.1, 0.7)


def test_claims_with_three_labels_and_a_split_with_two(write: Callable[..., Path]):
    folder = write(
        "vitaminc",
        real=[
            claim(1, "The ferry sank.", "It sank .", "supported"),
            claim(2, "The ferry floats.", "It sank .", "refuted"),
            claim(3, "The ferry was red.", "It sank .", "refuted"),
        ],
    )
    with gzip.open(folder / "synthetic.jsonl.gz", "wt") as file:
        file.write(json.dumps(claim(4, "The ferry was red.", "It was blue .", "supported")) + "\n\n")
    reader = ScriptedReader(supports={"The ferry sank.": SURE, "The ferry floats.": DENIED, "The ferry was red.": UNSURE})
    metrics = {"accuracy": pytest.approx(2 / 3), "macro_f1": pytest.approx((1 + 2 / 3 + 0) / 3)}
    assert whole(folder, reader=reader) == {
        "name": "vitaminc",
        "metrics": metrics,
        "splits": {
            "real": {"count": 3, "failures": 0, "metrics": metrics},
            "synthetic": {"count": 1, "failures": 0, "metrics": {"accuracy": 1.0}},
        },
        "count": 4,
    }


def test_what_a_set_stands_for_is_measured_over_its_counting_splits_together(write: Callable[..., Path]):
    evidence = "The ferry sank on Monday."
    folder = write(
        "attributionbench",
        dev=[claim(1, "The ferry was red that day.", evidence, "supported", src="A", question="?")],
        test_ood=[claim(2, "The ferry sank that very day.", evidence, "supported", src="A", question="?")],
        test_id500=[
            claim(3, "The ferry sank that very day.", evidence, "not_supported", src="A", question="?"),
            claim(4, "Monday.", evidence, "supported", src="B", question="When did it sink?"),
        ],
    )
    reader = ScriptedReader(supports={"The ferry sank that very day.": SURE, "When did it sink? Monday.": SURE})
    found = whole(folder, reader=reader)
    assert found["metrics"] == {"macro_f1": pytest.approx(0.4), "balanced_accuracy": 0.5, "auroc": pytest.approx(0.5)}
    assert [found["splits"][name]["metrics"]["macro_f1"] for name in ("dev", "test_ood", "test_id500")] == [0.0, 1.0, pytest.approx(1 / 3)]
    assert found["splits"]["test_id500"]["groups"]["B"] == {
        "count": 1,
        "metrics": {"macro_f1": 1.0, "balanced_accuracy": 1.0, "auroc": None},
    }
    assert found["count"] == 4


def test_labels_from_probabilities():
    assert [likeliest("supported", "refuted", "nei")(Support(*one)) for one in (SURE, DENIED, UNSURE)] == ["supported", "refuted", "nei"]
    assert likeliest("supported", "refuted")(Support(*UNSURE)) == "supported"
    assert [likeliest_or_partially(0.2)(Support(*one)) for one in (SURE, DENIED, UNSURE)] == ["supported", "refuted", "partially"]
    assert likeliest_or_partially(0.3)(Support(*UNSURE)) == "nei"
    assert [by_degree(0.6, 0.2)(Support(share, 0.0, 1 - share)) for share in (0.6, 0.2, 0.1)] == ["supported", "partially", "not_supported"]


def test_tokens_that_stand_apart_are_put_together():
    assert (
        as_written("He did n't pay $ 5 -LRB- or so -RRB- , the court 's clerk said .")
        == "He didn't pay $5 (or so), the court's clerk said."
    )


# Articles to find and to answer from

ARTICLES = [
    {
        "doc_id": "a1",
        "title": "Ferry sinks",
        "date": "2024/03/04",
        "text": "The ferry of Port Ellery sank on Monday with 40 goats.",
    },
    {
        "doc_id": "a2",
        "title": "Museum opens",
        "date": "2024/03/05",
        "text": "The Fennick museum opened a hall for its whale skeleton.",
    },
    {
        "doc_id": "a3",
        "title": "Tram late",
        "date": "2024/03/06",
        "text": "The second tram line of Port Ellery opens a year late.",
    },
]
NEWS = [
    question(0, "When did the ferry of Port Ellery sink?", "Monday", id="20240301_0", doc_ids=["a1", "a3"], answer_doc_ids=["a1"]),
    question(0, "Which museum opened a hall for its whale skeleton?", "Fennick", id="20240301_1", doc_ids=["a2"], answer_doc_ids=["a2"]),
    question(0, "Who paid for the bridge of Quillhaven?", "Ann Low", id="20240301_2", doc_ids=["a3"], answer_doc_ids=[]),
    question(0, "All of these sank except:", "the tram", id="20240301_10", doc_ids=[], answer_doc_ids=[]),
]
NEWS_READER = ScriptedReader(
    {
        "When did the ferry of Port Ellery sink?": ["Monday"],
        "Which museum opened a hall for its whale skeleton?": ["Fennick museum"],
    }
)


def test_retrieval_and_answers_over_a_pool(write: Callable[..., Path], tmp_path: Path):
    folder = write("realtimeqa", articles=ARTICLES, questions=NEWS)
    found = whole(folder, reader=NEWS_READER, homes=tmp_path / "homes")
    ranked = {"hit@5": 1.0, "mrr@10": 1.0, "hit@1": 1.0, "hit@10": 1.0}
    retrieval = ranked | {f"search_{name}": value for name, value in ranked.items()}
    answers = {
        "em": pytest.approx(1 / 3),
        "f1": pytest.approx((1 + 2 / 3) / 3),
        "em_reachable": 0.5,
        "f1_reachable": pytest.approx((1 + 2 / 3) / 2),
        "abstention_f1": 1.0,
        "abstention_precision": 1.0,
        "abstention_recall": 1.0,
        "false_answers": 0.0,
        "answered": 1.0,
    }
    assert found == {
        "name": "realtimeqa",
        "metrics": retrieval | answers,
        "splits": {
            "retrieval": {"count": 2, "failures": 0, "metrics": retrieval},
            "open_qa": {"count": 3, "failures": 0, "metrics": answers},
        },
        "count": 5,
    }


def test_a_pool_is_encoded_once_and_may_lie_in_another_folder(write: Callable[..., Path], tmp_path: Path):
    folder = write("realtimeqa", questions=NEWS)
    corpus = write("realtimeqa", under="corpus", articles=ARTICLES)
    said: list[str] = []
    options = {"reader": NEWS_READER, "homes": tmp_path / "homes", "parts": ["open_qa"], "say": said.append}
    with pytest.raises(BadSet, match=r"has no articles\.jsonl"):
        run_bench("realtimeqa", folder, **options)
    runs = [run_bench("realtimeqa", folder, corpus=place, **options).whole.metrics for place in (corpus, corpus.parent)]
    assert runs[0] == runs[1]
    (kept,) = (tmp_path / "homes").iterdir()
    assert said == [f"Encoding 3 articles, about 500 a minute; they are kept in {kept} for the next time."]


def test_a_kept_pool_that_does_not_open_is_encoded_again(write: Callable[..., Path], tmp_path: Path):
    folder = write("realtimeqa", articles=ARTICLES, questions=NEWS)
    options = {"reader": NEWS_READER, "homes": tmp_path / "homes", "parts": ["open_qa"]}
    first = run_bench("realtimeqa", folder, **options)
    (kept,) = (tmp_path / "homes").iterdir()
    (kept / "home" / "catalogue.sqlite").write_bytes(b"x" * 5000)
    assert run_bench("realtimeqa", folder, **options).whole == first.whole


def test_a_limit_takes_the_first_records(write: Callable[..., Path], tmp_path: Path):
    folder = write("realtimeqa", articles=ARTICLES, questions=NEWS[::-1])
    found = run_bench("realtimeqa", folder, reader=NEWS_READER, homes=tmp_path / "homes", parts=["retrieval"], limit=1)
    assert (found.count, list(found.splits)) == (1, ["retrieval"])


# Documents to answer from

DAY = "On which day did the ferry sink?"


@pytest.fixture
def days_given(monkeypatch: pytest.MonkeyPatch) -> None:
    """Answers with the day of the first document that has one, and shows those of the others."""

    def answer(_: Tools, asked: str, docs: Sequence[Mapping[str, Any]]) -> Answer:
        days = list(dict.fromkeys(day for doc in docs for day in re.findall(r"\w+day", doc["text"])))
        if not days:
            return Answer(question=asked, status="no_evidence", short="", text="")
        others = tuple(Value(value=day, citations=(), labels=(), published=()) for day in days[1:])
        return Answer(question=asked, status="answered", short=days[0], text="", also_given=others)

    monkeypatch.setattr(Tools, "answer", answer)


@pytest.mark.usefixtures("days_given")
def test_planted_passages(write: Callable[..., Path]):
    docs = [
        {"title": "Ferry", "text": "The ferry sank on Monday.", "type": "search"},
        *({"title": "", "text": f"The ferry sank on Friday, said {name}.", "type": "planted"} for name in ("Ann", "Bo")),
    ]
    folder = write("robustrag_rtqa", questions=[question(1, DAY, "Monday", wrong_answers=["Friday"], docs=docs)])
    found = run_bench("robustrag_rtqa", folder)
    told = {"accuracy": 0.0, "lie": 1.0, "flagged": 1.0, "both": 1.0, "abstained": 0.0}
    assert {name: value for name, value in found.whole.metrics.items() if value is not None} == {
        "accuracy": 1.0,
        "abstained": 0.0,
        **{f"{name}_planted_{count}": value for count in (1, 2) for name, value in told.items()},
    }
    assert found.whole.intervals["accuracy_planted_1"] == Interval(0.0, 0.0)


@pytest.mark.usefixtures("days_given")
def test_true_and_false_documents(write: Callable[..., Path]):
    docs = [
        {"text": "The ferry sank on Monday.", "type": "positive"},
        {"text": "The ferry sank on Friday.", "type": "counterfactual"},
        {"text": "A tram stood still for hours.", "type": "negative"},
    ]
    folder = write("rgb_fact", questions=[question(1, DAY, "Monday", wrong_answers=["Friday"], docs=docs)])
    assert run_bench("rgb_fact", folder).whole.metrics == {
        "accuracy": 1.0,
        "lie_counterfactual": 1.0,
        "abstained_counterfactual": 0.0,
        "accuracy_mixed": 1.0,
        "lie_mixed": 0.0,
        "flagged_mixed": 1.0,
        "both_mixed": 1.0,
        "rejection_negative": 1.0,
    }


@pytest.mark.usefixtures("days_given")
def test_every_right_value_and_no_wrong_one(write: Callable[..., Path]):
    docs = [{"text": f"A ferry sank on {day}.", "type": "correct"} for day in ("Monday", "Friday")]
    folder = write(
        "ramdocs",
        questions=[
            question(1, DAY, "Monday", "Friday", wrong_answers=[], docs=docs),
            question(2, DAY, "Monday", wrong_answers=["Friday"], docs=docs),
            question(3, DAY, "Monday", "Sunday", wrong_answers=["Friday"], docs=docs[:1]),
        ],
    )
    assert run_bench("ramdocs", folder).whole.metrics == {
        "em": pytest.approx(1 / 3),
        "recall": pytest.approx(2.5 / 3),
        "wrong_shown": 0.5,
    }


def test_abstention_over_given_documents(write: Callable[..., Path]):
    asked = [
        question(1, "On which day did the ferry sink?", "Monday", context="The ferry sank on Monday.", title="Ferry"),
        question(2, "On which day did the ferry burn?", context="The ferry sank on Monday.", title="Ferry"),
    ]
    found = run_bench("clapnq_dev", write("clapnq_dev", questions=asked), reader=ScriptedReader({asked[0]["question"]: ["Monday"]}))
    assert found.whole.metrics == {
        "abstention_f1": 1.0,
        "abstention_precision": 1.0,
        "abstention_recall": 1.0,
        "false_answers": 0.0,
        "answered": 1.0,
    }


# Conversations

LINES = ("north", "south", "east", "west", "harbour", "castle", "forest", "airport", "river", "market", "bridge", "island")


def said(number: int, asked: str, answerability: str, *, gold: Sequence[str] = (), history: Sequence[str] = ()) -> dict[str, Any]:
    """A task whose pool has a passage for each tram line, all of them alike."""
    docs = [{"doc_id": line, "title": f"The {line} line", "text": f"The {line} tram line was opened on Friday."} for line in gold]
    turns = [{"speaker": speaker, "text": text} for speaker, text in zip(("user", "agent") * len(history), history, strict=False)]
    known = answerability in ("ANSWERABLE", "PARTIAL")
    answers = ["Friday"] if known else []
    return question(
        number,
        asked,
        *answers,
        unanswerable=answerability == "UNANSWERABLE",
        answerability=answerability,
        docs=docs,
        history=turns,
        group="c1",
    )


def test_the_last_question_of_a_conversation(write: Callable[..., Path], tmp_path: Path):
    before = ("Why was the market tram line late?", "Rails were short.")
    tasks = [
        said(0, "Which lines are there?", "ANSWERABLE", gold=LINES),  # without a history: not in retrieval
        said(1, "When was it opened?", "ANSWERABLE", gold=["market"], history=before),
        said(2, "Who painted it?", "UNANSWERABLE", history=before),
        said(3, "Which one is longer?", "UNDERSPECIFIED"),
    ]
    reader = ScriptedReader({"When was the market tram line opened?": ["Friday"]})
    found = whole(write("mtrag_un", tasks=tasks), reader=reader, homes=tmp_path / "homes")
    retrieval, answers = found["splits"]["retrieval"], found["splits"]["answers"]
    metrics = retrieval["metrics"]
    assert (retrieval["count"], answers["count"], metrics["changed"]) == (1, 4, 1.0)
    assert (metrics["ndcg@10"], metrics["joined_ndcg@10"]) == (1.0, 1.0)
    assert metrics["alone_ndcg@10"] < 1
    assert metrics["gain_ndcg@10"] == 1 - metrics["alone_ndcg@10"]
    assert answers["metrics"] == {
        "abstention_f1": 1.0,
        "abstention_precision": 1.0,
        "abstention_recall": 1.0,
        "false_answers": 0.0,
        "answered": 1.0,
        "answered_underspecified": 0.0,
    }


def test_a_conversation_stays_in_one_half():
    assert [half(name) for name in ("c1", "c2", "e", "talk-2", "c1")] == ["first half"] * 2 + ["second half"] * 2 + ["first half"]


def test_a_value_that_is_shown_beside_the_answer_is_flagged():
    record = {"answers": ["Monday"], "wrong_answers": ["Friday"]}
    beside = Value(value="Friday", citations=(), labels=(), published=())
    answer = Answer(question="?", status="answered", short="Monday", text="", also_given=(beside,))
    assert source_values(answer, record) == {"accuracy": 1.0, "lie": 0.0, "abstained": 0.0, "flagged": 1.0, "both": 1.0}
    alone = replace(answer, also_given=())
    assert source_values(alone, record) == {"accuracy": 1.0, "lie": 0.0, "abstained": 0.0, "flagged": 0.0, "both": 0.0}


@pytest.mark.usefixtures("days_given")
def test_opposed_documents(write: Callable[..., Path], monkeypatch: pytest.MonkeyPatch):
    def answer(_: Tools, asked: str, docs: Sequence[Mapping[str, Any]]) -> Answer:
        sides = [Value(value=doc["text"][:3], citations=(), labels=(), published=()) for doc in docs if asked in doc["text"]]
        return Answer(question=asked, status="answered", short="", text="", disagreement=tuple(sides) if len(sides) > 1 else ())

    monkeypatch.setattr(Tools, "answer", answer)
    pairs = [[{"text": f"Yes. {name}?"}, {"text": f"No. {name}?"}] for name in ("Is it a ferry", "Is it a tram")]
    folder = write(
        "conflictqa_strategy", questions=[question(number, pair[0]["text"][5:], "yes", docs=pair) for number, pair in enumerate(pairs)]
    )
    assert run_bench("conflictqa_strategy", folder).whole.metrics == {
        "flagged": 1.0, "flagged_answered": 1.0, "flagged_unrelated": 0.0, "answered": 1.0,
    }  # fmt: skip


# Files


def test_a_set_without_any_of_its_files_is_an_error(write: Callable[..., Path]):
    folder = write("vitaminc", other=[])
    with pytest.raises(BadPath, match="holds nothing of vitaminc"):
        run_bench("vitaminc", folder)
    with pytest.raises(BadPath, match="there is no folder"):
        run_bench("vitaminc", folder / "missing")


def test_names_are_checked(write: Callable[..., Path]):
    with pytest.raises(UsageError, match="no set is called 'squad2'") as caught:
        run_bench("squad2", write("squad2_dev"))
    assert caught.value.hint == "did you mean squad2_dev?"
    with pytest.raises(UsageError, match="vitaminc has no part 'fake'") as caught:
        run_bench("vitaminc", write("vitaminc"), parts=["fake"])
    assert caught.value.hint == "its parts are real, synthetic"


def test_a_line_that_is_no_object_is_named(write: Callable[..., Path]):
    folder = write("vitaminc")
    (folder / "real.jsonl").write_text('{"id": "c1"}\n[1]\n', encoding="utf-8")
    with pytest.raises(BadSet, match=r"real\.jsonl:2: not a JSON object"):
        read_records(folder, "real")
    (folder / "real.jsonl").rename(folder / "real.jsonl.gz")
    with pytest.raises(BadPath, match="does not read"):
        read_records(folder, "real")


def test_a_passage_that_no_folder_has_is_named(write: Callable[..., Path]):
    folder = write("squadshifts_wiki", contexts=[{"doc_id": "d0", "text": "."}], questions=FERRY_QUESTIONS[:1])
    with pytest.raises(BadSet, match=r"contexts\.jsonl lacks d1 of question q1"):
        run_bench("squadshifts_wiki", folder, reader=FERRY_READER)
    corpus = write("squadshifts_wiki", under="corpus", contexts=[FERRY])
    assert Files("squadshifts_wiki", folder, corpus).texts("contexts") == {"d0": ".", "d1": FERRY["text"]}


def test_a_record_that_crashes_is_counted_and_left_out(write: Callable[..., Path]):
    folder = write("squadshifts_wiki", contexts=[FERRY], questions=[FERRY_QUESTIONS[0], {"id": "odd"}])
    said: list[str] = []
    found = whole(folder, reader=FERRY_READER, say=said.append)
    assert said == ["1 of questions failed and are left out; the first: odd: KeyError: 'doc_ids'"]
    assert (found["metrics"]["em"], found["count"], found["splits"]["questions"]["failures"]) == (1.0, 1, 1)


# Measures


def rows(*pairs: tuple[str, str]) -> list[Row]:
    return [Row(gold=gold, given=given) for gold, given in pairs]


def test_measures_over_labels():
    found = rows(("a", "a"), ("a", "b"), ("b", "b"), ("c", "a"))
    assert accuracy().value(found) == 0.5
    assert macro_f1("abc").value(found) == pytest.approx((0.5 + 2 / 3 + 0) / 3)
    assert balanced_accuracy("abc").value(found) == 0.5
    assert balanced_accuracy("abcd").value(found) == 0.5
    assert only("a", balanced_accuracy).value(found) == 0.5
    assert [measure.value([]) for measure in (accuracy(), macro_f1("ab"))] == [None, None]


def test_measures_over_values():
    found = [Row(values={"score": score, "yes": yes}) for score, yes in ((0.9, 1), (0.5, 0), (0.5, 1), (0.1, 0))]
    assert auroc("score", "yes").value(found) == 0.875
    assert auroc("score", "yes").value(found[:1]) is None
    assert mean("score").value([*found, Row()]) == 0.5
    assert mean("score", where="yes").value(found) == pytest.approx(0.7)
    assert mean("other").value(found) is None


def test_f1_of_sums():
    found = [Row(values={"hits": 1, "given": 2, "gold": 1}), Row(values={"hits": 0, "given": 1, "gold": 4})]
    assert micro_f1("hits", "given", "gold").value(found) == pytest.approx(0.25)
    assert micro_f1("hits", "given", "gold").value([Row(values={"hits": 0, "given": 0, "gold": 4})]) == 0.0
    assert micro_f1("hits", "given", "gold").value([Row(values={"hits": 0, "given": 0, "gold": 0})]) is None


def test_an_interval_holds_the_value_and_is_the_same_each_time():
    found = rows(*[("a", "a")] * 30, *[("a", "b")] * 10)
    interval = accuracy().interval(found)
    assert interval == accuracy().interval(found) == Interval(0.625, 0.875)
    assert accuracy().interval([]) is None
    assert auroc("score", "yes").interval([Row(values={"score": 1.0, "yes": 1.0})]) is None


def test_every_set_has_parts_with_names_of_their_own():
    for name, parts in SETS.items():
        assert len({part.label for part in parts}) == len(parts), name
        assert all(part.measures for part in parts)


# The terminal and the command line


def test_the_terminal_form(write: Callable[..., Path]):
    folder = write("fever_symmetric", dev=[claim(1, "It sank.", "It sank.", "supported"), claim(2, "It burnt.", "It sank.", "refuted")])
    text = render(run_bench("fever_symmetric", folder, reader=ScriptedReader(supports={"It sank.": SURE})))
    assert re.sub(r"in \d+ s", "in 0 s", re.sub(r"─+", "─", text)) == (
        "fever_symmetric: 2 records in 0 s\n"
        "\n"
        " measure    value    95 % interval\n"
        " ─\n"
        " accuracy   0.500   0.000 to 1.000\n"
        "\n"
        "\n"
        " dev   records   accuracy\n"
        " ─\n"
        " all         2      0.500\n"
        "\n"
        "test: absent, the folder has no test.jsonl\n"
    )


def test_the_command(write: Callable[..., Path], capfd: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch):
    folder = write("squadshifts_wiki", contexts=[FERRY], questions=FERRY_QUESTIONS[:1])
    opened: list[Path] = []

    def opens(place: Path, **_: object) -> ScriptedReader:
        opened.append(place)
        return FERRY_READER

    monkeypatch.setattr(Reader, "open", opens)
    code = ui.cli.main(["bench", "squadshifts_wiki", "--data", str(folder.parent), "--reader", "trial", "--json"])
    out, err = capfd.readouterr()
    data = json.loads(out)
    assert (code, err, opened) == (0, "", [Path("trial")])
    assert data | {"seconds": 0} == {
        "name": "squadshifts_wiki",
        "metrics": {"f1": 1.0, "em": 1.0},
        "splits": {
            "questions": {
                "count": 1,
                "failures": 0,
                "metrics": {"f1": 1.0, "em": 1.0},
                "intervals": {"f1": [1.0, 1.0], "em": [1.0, 1.0]},
            }
        },
        "count": 1,
        "seconds": 0,
    }
    assert ui.cli.main(["bench", "squadshifts_wiki", "--data", str(folder)]) == 0
    assert capfd.readouterr().out.startswith("squadshifts_wiki: 1 records in 0 s\n\n measure   value")
    assert ui.cli.main(["bench", "nothing", "--data", str(folder)]) == 2
    assert capfd.readouterr().err.startswith("error: no set is called 'nothing'; there are squad2_dev, ")
