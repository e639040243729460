"""Keys become markers while a model's words stream in."""

from __future__ import annotations

import re
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.llm.keys import KeyReader, rounded

KNOWN = {"S1": 1, "S2": 2, "S3": 3, "S12": 4, "K472": 5, "B018": 6}


def read(*pieces):
    reader = KeyReader(KNOWN.get)
    return [reader.feed(piece) for piece in pieces], reader


@pytest.mark.parametrize(
    ("words", "text", "rejected"),
    [
        ("Four [S1].", "Four [1].", ()),
        ("Four.[S1]", "Four.[1]", ()),
        ("Four [S1][S2].", "Four [1][2].", ()),
        ("Four [S1] [S2].", "Four [1] [2].", ()),
        ("Four [S1, S2; S3].", "Four [1][2][3].", ()),
        ("Four [S1 and S12].", "Four [1][4].", ()),
        ("Four [ s1 S1 ].", "Four [1].", ()),
        ("Four 【S1】 or ［S2］.", "Four [1] or [2].", ()),
        ("Four [S9].", "Four.", ("S9",)),
        ("Four [S9][S1].", "Four [1].", ("S9",)),
        ("Four [S9]er[S1].", "Fourer[1].", ("S9",)),
        ("Four [S9, S1] [S9] [S8].", "Four [1].", ("S9", "S8")),
        ("[S9] Four.", "Four.", ("S9",)),
        ("Four [3] and 【12】.", "Four and.", ("3", "12")),
        ("Four [1, 2].", "Four.", ("1", "2")),
        ("Since [2022] it is [sic] so.", "Since (2022) it is (sic) so.", ()),
        ("The Audi S3 (S1) won.", "The Audi S3 (S1) won.", ()),
        ("[[9]2] and [S1[3]]", "(2) and (S1)", ("9", "3")),
        ("Five [K472, b018].", "Five [5][6].", ()),
        ("Five [K473].", "Five.", ("K473",)),
        ("Six [A] and [and] and [K472 then].", "Six (A) and (and) and (K472 then).", ()),
        ("See [here](http://x.example) now.", "See (here)(http://x.example) now.", ()),
        ("See [S1](http://x.example).", "See [1] (http://x.example).", ()),
        ("See [why [S1]](http://x.example).", "See (why [1])(http://x.example).", ()),
        ("![S1](http://x.example/p.png)", "![1] (http://x.example/p.png)", ()),
        ("Yes.\n[S1]: http://x.example", "Yes.\n[1] : http://x.example", ()),
        ("  \nFour [S1]. \n\n", "Four [1].", ()),
        ("Four [S1].\n\nFive [S2].", "Four [1].\n\nFive [2].", ()),
        ("Four [S1", "Four", ()),
        ("Four [", "Four", ()),
        ("Four [S1 is it", "Four (S1 is it", ()),
        ("", "", ()),
    ],
)
def test_what_a_reader_sees(words, text, rejected):
    for pieces in ([words], list(words)):
        shown, reader = read(*pieces)
        assert "".join(shown) == reader.text
        assert (reader.text, reader.rejected) == (text, rejected)


def test_a_key_that_comes_letter_by_letter_is_shown_at_once():
    shown, _ = read(*"It is [S12] so")
    assert shown == ["I", "t", "", " i", "s", "", "", "", "", "", " [4]", "", " s", "o"]


TEXTS = st.lists(
    st.sampled_from([*"[] \n.(:【7a,", "[S1]", "[S2, S9]", "[3]", "S1", "word", "[S12](http://x)", "and", "[K472", "B018]"]),
    max_size=25,
).map("".join)


@given(TEXTS | st.text(), st.data())
def test_any_cut_of_the_stream_gives_the_same_text(words, data):
    cuts = sorted(data.draw(st.lists(st.integers(0, len(words)), max_size=8)))
    bounds = [0, *cuts, len(words)]
    pieces = [words[a:b] for a, b in pairwise(bounds)]
    (_, whole), (shown, cut) = read(words), read(*pieces)
    assert (cut.text, cut.rejected) == (whole.text, whole.rejected)
    assert "".join(shown) == whole.text


@given(TEXTS | st.text())
def test_square_brackets_hold_markers_that_were_given_out_and_nothing_else(words):
    shown, reader = read(*words)
    assert all(piece.count("[") == piece.count("]") for piece in shown)
    without = re.sub(r"\[[1-6]\](?![(:])", "", reader.text)
    assert not set("[]【】［］⟦⟧〔〕") & set(without)


def test_a_bracket_that_can_hold_no_key_is_shown_at_once():
    shown, _ = read("They [s", "i", "c] left [an", "d", "y", " [K4", "72] Ed")
    assert shown == ["They", " (si", "c) left", "", " (andy", "", " [5] Ed"]


def test_rounded_leaves_nothing_else_changed():
    assert rounded("a [3] 【12】 ［S4］ (5) {6} <7>") == "a (3) (12) (S4) (5) {6} <7>"
