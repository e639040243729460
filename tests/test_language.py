"""Which language a text is in, and when an answer is in another one than its question."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from rag.llm.language import is_other_language, language_of


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("The harbour of Port Ellery reopened on Monday after the storm.", "English"),
        ("Der Hafen wurde am Montag nach dem Sturm wieder geöffnet.", "German"),
        ("Le port a été rouvert lundi après la tempête, selon les autorités.", "French"),
        ("El puerto fue reabierto el lunes después de la tormenta que lo cerró.", "Spanish"),
        ("De haven van Port Ellery is op maandag na de storm weer open.", "Dutch"),
        ("港口于星期一重新开放", "CJK"),
        ("Порт вновь открылся в понедельник", "CYRILLIC"),
        ("Port Ellery, 1911", None),
        ("", None),
    ],
)
def test_languages(text, language):
    assert language_of(text) == language


@pytest.mark.parametrize(
    ("answer", "question", "other"),
    [
        ("It reopened on 4 March 2024.", "When did the harbour reopen?", False),
        ("Der Hafen wurde am Montag nach dem Sturm wieder geöffnet.", "When did the harbour reopen?", True),
        ("Der Hafen wurde am Montag nach dem Sturm wieder geöffnet.", "Wann wurde der Hafen geöffnet?", False),
        ("The harbour of Port Ellery reopened on Monday.", "Wann wurde der Hafen wieder geöffnet?", True),
        ("港口于星期一重新开放", "Port Ellery?", True),
        ("In 1911.", "Wann wurde der Hafen geöffnet?", False),
    ],
)
def test_other_languages(answer, question, other):
    assert is_other_language(answer, question) is other


@given(st.text())
def test_a_text_is_never_in_another_language_than_itself(text):
    assert not is_other_language(text, text)
