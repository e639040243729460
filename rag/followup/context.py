"""Whether a question leans on the one before it with no word that could be replaced, and what it then takes along.

"How can I apply?" says too little to be searched for, and "any other hazards", "this kind of contract" or "I meant the second one"
point at what was said. Such a question gets what the last one was about, in brackets. It is searched for with that, and read without:
what is found is about it already, and need not say it again.

>>> with_topic("How can I apply?", "What can you tell me about the harbour fund?")
'How can I apply? (About: the harbour fund)'
>>> without_topic("How can I apply? (About: the harbour fund)")
'How can I apply?'
"""

from __future__ import annotations

import re

from index.terms import question_stems

_TIMES = r"(?:year|month|week|weekend|morning|evening|day|time|century|decade|season|spring|summer|autumn|winter)"
_THIS = re.compile(
    rf"\b(?:this|these|those|such)\b(?! {_TIMES}\b)|\bthat\b(?=\s*(?:[?,.!]|$)|(?:[’']s| is| was| means?| happens?| happened)\b)", re.I
)
_OTHER = re.compile(r"\b(?:others?|another|else|more|same|instead|too|also|both|either|neither|ones?|above|previous|earlier)\b", re.I)
_NOT_OTHER = re.compile(r"\b(?:more|other|earlier) than\b|\bone (?:of|day)\b|\bno one\b|\bone another\b", re.I)
_MEANT = re.compile(r"^(?:no,? |sorry,? )?i (?:meant?|asked)\b|^(?:no,? |sorry,? )?i(?: am|[’']m| was) (?:asking|talking)\b", re.I)
_NAME = re.compile(r"(?<!^)(?<![.?!] )\b(?!I\b)[A-Z][\w’'-]*")
_CARRIED = re.compile(r" \(About: (?P<topic>[^()]+)\)$")
_FEW = 1
"""Words with a meaning of their own, up to which a question without a name says too little."""
_SHORT = 3
"""Words, up to which what is no question and holds no name is a heading of the last one."""
_ABOUT = re.compile(r"^(?:then )?(?:what|how) about\b", re.I)
_ASKED = re.compile(r"^how (?:many|much|long|often)\b", re.I)
_OPENERS = frozenset(
    "what when where who whom whose which why how did do does is are was were has have had will would can could should may you i we me "
    "us it tell give show explain describe please about some any information there so and but ok okay what's who's where's".split()
)


def leans(question: str) -> bool:
    """Whether a question without a pronoun still needs the one before it.

    >>> [leans(question) for question in ("Is this kind of deal legal?", "How can I apply?", "How much did the repairs cost?")]
    [True, True, False]
    """
    if any(pattern.search(question) for pattern in (_THIS, _MEANT, _ABOUT)) or _OTHER.search(_NOT_OTHER.sub("", question)):
        return True
    words = question.lower().split()
    is_heading = len(words) <= _SHORT and not _OPENERS.intersection(words)
    return (is_heading or len(set(question_stems(question))) <= _FEW) and not _NAME.search(question)


def with_topic(question: str, last: str) -> str:
    """The question with what the last one was about, in brackets; as it is where the last one says nothing."""
    topic = _topic(last)
    return f"{question} (About: {topic})" if topic else question


def without_topic(question: str) -> str:
    """The question without what it took along."""
    return _CARRIED.sub("", question)


def _topic(last: str) -> str:
    """The words of a question without those that ask; of one that took a topic along itself, that topic."""
    carried = _CARRIED.search(last)
    if carried:
        return carried["topic"]
    sentence = re.split(r"(?<=[.?!])\s+", last.rstrip(" ?.!"))[-1]
    words = _ASKED.sub("", sentence if len(set(question_stems(sentence))) > _FEW else last.rstrip(" ?.!")).split()
    while words and words[0].lower().strip(",") in _OPENERS:
        words = words[1:]
    return " ".join(words).replace("(", "").replace(")", "")
