"""Case files: what is read, and what is refused with file, line and the way out."""

from __future__ import annotations

import contextlib
import gzip
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from eval.cases import KINDS, BadCases, Case, load_cases, sample
from index.errors import BadPath
from index.types import Filters
from rag.types import Turn

FACT = {
    "id": "q1",
    "kind": "fact",
    "question": "When?",
    "answers": ["August 2022", "Aug 2022"],
    "doc_ids": ["a", "b"],
    "unanswerable": False,
}
LIST = {"id": "q2", "kind": "list", "question": "Which?", "answers": [["Mali"], ["Ivory Coast", "Côte d'Ivoire"]], "doc_ids": ["a"]}
CONFLICT = {
    "id": "q3",
    "kind": "conflict",
    "question": "How many?",
    "answers": [["500"], ["300", "three hundred"]],
    "doc_ids": [["a", "b"], ["c"]],
}
UNANSWERABLE = {"id": "q4", "kind": "unanswerable", "question": "Who?", "answers": [], "doc_ids": [], "unanswerable": True}
TRAP = {"id": "q5", "kind": "trap", "question": "Where?", "titles": ["a note"]}
ALL = [FACT, LIST, CONFLICT, UNANSWERABLE, TRAP]


def write(path: Path, *records: object) -> Path:
    path.write_text("".join(json.dumps(record, ensure_ascii=False) + "\n" for record in records), encoding="utf-8")
    return path


def test_every_kind_becomes_groups(tmp_path):
    assert load_cases(write(tmp_path / "cases.jsonl", *ALL)) == [
        Case(id="q1", kind="fact", question="When?", answers=(("August 2022", "Aug 2022"),), doc_ids=(("a", "b"),)),
        Case(id="q2", kind="list", question="Which?", answers=(("Mali",), ("Ivory Coast", "Côte d'Ivoire")), doc_ids=(("a",),)),
        Case(id="q3", kind="conflict", question="How many?", answers=(("500",), ("300", "three hundred")), doc_ids=(("a", "b"), ("c",))),
        Case(id="q4", kind="unanswerable", question="Who?"),
        Case(id="q5", kind="trap", question="Where?"),
    ]


def test_what_a_case_says_of_itself():
    cases = [Case.from_dict(record) for record in ALL]
    assert [case.unanswerable for case in cases] == [False, False, False, True, True]
    assert [case.gold for case in cases] == [{"a", "b"}, {"a"}, {"a", "b", "c"}, set(), set()]
    assert [case.expected for case in cases] == [
        "August 2022 | Aug 2022",
        "Mali; Ivory Coast | Côte d'Ivoire",
        "500; 300 | three hundred",
        "no answer",
        "no answer",
    ]


def test_filters_and_history():
    case = Case.from_dict(
        {
            **FACT,
            "since": "2022-08",
            "until": "2023",
            "publishers": ["DW"],
            "paths": ["x"],
            "history": [{"question": "Who?", "answer": "They."}],
        }
    )
    assert case.filters == Filters(since="2022-08", until="2023", publishers=("DW",), paths=("x",))
    assert case.history == (Turn(question="Who?", answer="They."),)


def test_answers_are_composed_as_article_text_is():
    assert Case.from_dict({**FACT, "answers": [" Co\u0302te "]}).answers == (("C\u00f4te",),)


def test_blank_lines_byte_order_mark_and_line_separators_in_words(tmp_path):
    path = tmp_path / "cases.jsonl"
    path.write_bytes(
        b"\xef\xbb\xbf" + json.dumps(FACT).encode() + b"\r\n\n" + json.dumps({**TRAP, "question": "A\u2028B?"}, ensure_ascii=False).encode()
    )
    assert [case.question for case in load_cases(path)] == ["When?", "A\u2028B?"]


@pytest.mark.parametrize("there", ["cases.jsonl", "cases.jsonl.gz"])
@pytest.mark.parametrize("named", ["cases.jsonl", "cases.jsonl.gz"])
def test_plain_and_gzipped_stand_in_for_each_other(tmp_path, there, named):
    opened = gzip.open if there.endswith(".gz") else open
    with opened(tmp_path / there, "wt", encoding="utf-8") as stream:
        stream.write(json.dumps(TRAP))
    assert load_cases(tmp_path / named) == [Case(id="q5", kind="trap", question="Where?")]


REFUSED = {
    "not an object": ([FACT], "this is not a case", 'write one JSON object a line: {"id": …, "kind": …, "question": …, …}'),
    "kind": ({**FACT, "kind": "facts"}, "unknown kind 'facts'", "write one of: fact, list, conflict, unanswerable, trap"),
    "no id": ({**FACT, "id": None}, "id is missing", 'write "id": "…"'),
    "blank question": ({**FACT, "question": " "}, "question is not words", 'write "question": "…"'),
    "misspelt": ({**FACT, "anwsers": []}, "unknown field 'anwsers'", 'write "answers", or give a note a name that is less like it'),
    "flag": ({**TRAP, "unanswerable": False}, "kind 'trap' and unanswerable False do not fit", "leave out unanswerable: the kind says it"),
    "one string": (
        {**FACT, "answers": "August"},
        "answers of kind 'fact' is not written as it should be",
        'write "answers": ["August 2022", "Aug 2022"] and "doc_ids": ["story-1"]',
    ),
    "groups in a fact": (
        {**FACT, "answers": [["August"]]},
        "answers of kind 'fact' holds something that is not words",
        'write "answers": ["August 2022", "Aug 2022"] and "doc_ids": ["story-1"]',
    ),
    "flat list": (
        {**LIST, "answers": ["Mali"]},
        "answers of kind 'list' is not written as it should be",
        'write every item as its accepted spellings, "answers": [["Mali"], ["Niger"]], and "doc_ids": ["story-1"]',
    ),
    "no documents": (
        {**FACT, "doc_ids": []},
        "doc_ids of kind 'fact' is not written as it should be",
        'write "answers": ["August 2022", "Aug 2022"] and "doc_ids": ["story-1"]',
    ),
    "one-sided conflict": (
        {**CONFLICT, "doc_ids": [["a"]]},
        "2 groups of answers and 1 of doc_ids, where both need the same two or more",
        'write a group for each value, "answers": [["500"], ["300", "three hundred"]], "doc_ids": [["story-1"], ["story-2"]]',
    ),
    "answered trap": (
        {**TRAP, "answers": ["x"]},
        "kind 'trap' has answers or doc_ids",
        'leave both out, or write "answers": [] and "doc_ids": []',
    ),
    "vanishing": ({**FACT, "answers": ["The"]}, "answer 'The' has no word that could be compared", "write it with the words around it"),
    "date": ({**FACT, "since": "August"}, "since 'August' is not a date", "write it as 2022-08-15, 2022-08 or 2022"),
    "number": (
        {**FACT, "since": 2022},
        "since is not a date in quotes",
        'write "since": "2022-08", "until": "2022", "publishers": ["…"], "paths": ["…"]',
    ),
    "one publisher": (
        {**FACT, "publishers": "DW"},
        "publishers is not a list of words",
        'write "since": "2022-08", "until": "2022", "publishers": ["…"], "paths": ["…"]',
    ),
    "history": ({**FACT, "history": ["Who?"]}, "history is not a list of exchanges", 'write "history": [{"question": "…", "answer": "…"}]'),
    "half a turn": (
        {**FACT, "history": [{"question": "Who?"}]},
        "an exchange in history lacks its question or answer",
        'write "history": [{"question": "…", "answer": "…"}]',
    ),
}


@pytest.mark.parametrize("name", REFUSED)
def test_refused_with_file_line_and_the_way_out(tmp_path, name):
    record, message, hint = REFUSED[name]
    path = write(tmp_path / "cases.jsonl", TRAP, record)
    with pytest.raises(BadCases) as caught:
        load_cases(path)
    assert (str(caught.value), caught.value.hint) == (f"{path}:2: {message}", hint)


@pytest.mark.parametrize(
    ("name", "content", "message", "hint"),
    [
        ("c.jsonl", b'{"id": 1\n', "{path}:1: not JSON: Expecting ',' delimiter at column 9", "write one JSON object a line"),
        ("c.jsonl", b"\n\xff\xfe\n", "{path}:2: not UTF-8", "save the file as UTF-8"),
        ("c.jsonl", b"\n", "{path} holds no cases", "write one JSON object a line; docs/eval.md shows them"),
        ("c.jsonl.gz", b"{}", "{path} is not a whole gzip file", "make it again: gzip c.jsonl"),
        ("c.jsonl.gz", gzip.compress(b"\n" * 99)[:-9], "{path} is not a whole gzip file", "make it again: gzip c.jsonl"),
    ],
)
def test_files_that_cannot_be_read(tmp_path, name, content, message, hint):
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(BadCases) as caught:
        load_cases(path)
    assert (str(caught.value), caught.value.hint) == (message.format(path=path), hint)


def test_an_id_twice(tmp_path):
    path = write(tmp_path / "cases.jsonl", FACT, TRAP, FACT)
    with pytest.raises(BadCases) as caught:
        load_cases(path)
    assert (str(caught.value), caught.value.hint) == (f"{path}:3: id 'q1' is taken by line 1", "give each case an id of its own")


def test_missing_file_and_folder(tmp_path):
    with pytest.raises(BadPath, match="no case file"):
        load_cases(tmp_path / "none.jsonl")
    with pytest.raises(BadPath, match="is a folder"):
        load_cases(tmp_path)


def test_sample_is_seeded_and_keeps_the_order():
    cases = [Case(id=f"q{number:02}", kind="trap", question="?") for number in range(20)]
    taken = sample(cases, 5, 7)
    assert taken == sample(cases, 5, 7) != sample(cases, 5, 8)
    assert [case.id for case in taken] == sorted({case.id for case in taken})
    assert len(taken) == 5
    assert sample(cases, 99, 7) == cases
    assert sample(cases, 0, 7) == []
    with pytest.raises(ValueError, match="-1"):
        sample(cases, -1, 7)


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(), lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner), max_leaves=6
)


@given(st.fixed_dictionaries({"id": JSON, "kind": st.sampled_from(KINDS), "question": JSON, "answers": JSON, "doc_ids": JSON}))
def test_any_json_is_a_case_or_refused(record):
    with contextlib.suppress(BadCases):
        case = Case.from_dict(record)
        assert case.unanswerable == (not case.gold) == (not case.answers)
