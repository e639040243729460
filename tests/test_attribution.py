"""Who says it: the speakers of reported speech, and sentences in which nobody speaks."""

from __future__ import annotations

import doctest
import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import rag.speech.attribution
import rag.speech.beside
import rag.speech.claimed
import rag.speech.speakers
from index.sentences import sentence_spans
from rag.speech.attribution import speaker_of
from rag.speech.beside import speech_at
from rag.speech.claimed import is_one_sided, is_reported, reported_parts
from rag.types import Speech
from rag.wording import mid_sentence

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "speakers.jsonl").read_text(encoding="utf-8").splitlines()]
RIGHT, WRONG = {"even": 64, "odd": 57}, {"even": 0, "odd": 2}
"""Speakers found rightly, of 64 and 66, and wrongly, by lines: the rules were made by the even ones."""
PIECES = (
    "Oren Valk|the ministry|she|It|which|who|said|says|told|denied|claims|report|according to|in the view of|as|put it|accused|by|is|not"
    "|did|reportedly|that|because|and|, |. |: |“|”|\"|'|‘|’|—| - |(|)|on Monday|In Sarno,|No one|we|I|Dr.|12,000|·"
    "|\x00|\u202e|\ud800|é|你好|🦊|\n"
).split("|")
TEXTS = st.text(max_size=200) | st.lists(st.sampled_from(PIECES), max_size=40).map(" ".join)


def plain(speaker):
    return speaker.lower().removeprefix("the ").removeprefix("a ").removeprefix("an ")


@pytest.mark.parametrize("part", ["even", "odd"])
def test_cases(part):
    right, wrong = [], []
    for case in CASES[1::2] if part == "even" else CASES[::2]:
        speech = speaker_of(case["sentence"], case["before"])
        found, expected = speech and speech.speaker, case["speaker"]
        if found and expected and plain(found) in {plain(name) for name in (expected, *case["accept"])}:
            right.append(found)
        elif found:
            wrong.append(found)
    assert len(right) >= RIGHT[part]
    assert len(wrong) <= WRONG[part]


@pytest.mark.parametrize(
    ("sentence", "before", "speech"),
    [
        (
            "The border, the interior ministry said, would stay closed.",
            None,
            Speech(speaker="the interior ministry", start=12, end=33, verb="said", kind="said"),
        ),
        (
            "“That is not true,” she said.",
            "Journalists asked Petra Olwen about the flat.",
            Speech(speaker="she", start=20, end=23, verb="said", kind="quote", resolved="Petra Olwen"),
        ),
        (
            "“It will take ten years.”",
            "“The forest is gone,” said the ranger Ina Pell.",
            Speech(speaker=None, start=None, end=None, verb=None, kind="quote", resolved="Ina Pell"),
        ),
        (
            "Strand is alleged to have sold the plans.",
            None,
            Speech(speaker=None, start=None, end=None, verb="alleged", kind="alleged"),
        ),
        (
            "According to court papers, Aldery moved the money.",
            None,
            Speech(speaker="court papers", start=13, end=25, verb="According to", kind="according_to"),
        ),
        ("The bridge opened in October.", "Valk said so.", None),
    ],
)
def test_whole_speeches(sentence, before, speech):
    assert speaker_of(sentence, before) == speech


@pytest.mark.parametrize(
    ("sentence", "speaker", "kind"),
    [
        ("Eight were hurt, Dr. Brigham Temple, the medical director, said Monday.", "Dr. Brigham Temple", "said"),
        ("Lee Gelernt, a lawyer in Corvane, Torrin, called the ruling “wrong”.", "Lee Gelernt", "quote"),
        ("Harnow left the hall early and said the vote was a farce.", "Harnow", "said"),
        ("The bill drew opposition from the Trade Council, which said it would hurt ports.", "the Trade Council", "said"),
        ("Valk – who was born in Sarno – said the plan was dead.", "Valk", "said"),
        ("Aldery was quoted as saying that the offer was final.", "Aldery", "said"),
        ("The family was told by police that the case was closed.", "police", "said"),
        ("The army was blamed by rebels for the shelling.", "rebels", "alleged"),
        ("The union walked out, accusing the firm of theft.", "The union", "alleged"),
        ("Norlyn has always denied wrongdoing.", "Norlyn", "denied"),
        ("In Pell’s view, it was a mess.", "Pell", "according_to"),
        ("‘It is over,’ said Valk.", "Valk", "quote"),
        ("Ina Pell: “I saw nothing.”", "Ina Pell", "quote"),
    ],
)
def test_speakers(sentence, speaker, kind):
    speech = speaker_of(sentence)
    assert speech
    assert (speech.speaker, speech.kind) == (speaker, kind)


@pytest.mark.parametrize(
    "sentence",
    [
        "No group claimed responsibility.",
        "Norlyn did not say when it would pay.",
        "What the minister said was untrue.",
        "The soup is made according to an old recipe.",
        "The teacher told the children a story.",
        "The court ruled the sale void.",
        "The weather forecast promised rain.",
        "I think that the bridge is ugly.",
        "The survey, held in May, shows a rise.",
        "The inn “The Three Herons” reopened.",
    ],
)
def test_nobody_speaks(sentence):
    assert speaker_of(sentence) is None


@given(TEXTS, st.none() | TEXTS)
def test_any_text(sentence, before):
    speech = speaker_of(sentence, before)
    if speech and speech.speaker is not None:
        assert sentence[speech.start : speech.end] == speech.speaker
    elif speech:
        assert (speech.start, speech.end) == (None, None)
    if speech and speech.resolved:
        assert speech.resolved in before


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            "“The forest is gone,” said the ranger Ina Pell. “It will take ten years. Nobody cares.” The mine is shut.",
            [("the ranger Ina Pell", None), (None, "Ina Pell"), (None, "Ina Pell"), None],
        ),
        ("“The forest is gone. Nobody cares,” said Ina Pell.", [(None, "Ina Pell"), ("Ina Pell", None)]),
        (
            "The mayor, Ilse Harnow, said: “It opens in May. It cost 4 million.”\n\nThe bridge has two lanes.",
            [("The mayor", None), (None, "The mayor"), None],
        ),
        (
            "Oren Valk was asked about the mine. He said it was safe. He also said the river was clean.",
            [None, ("He", "Oren Valk"), ("He", "Oren Valk")],
        ),
        (
            "Bo Lund spoke for an hour. “We lost 40 men.\n\n“The rest fled,” he said.",
            [None, (None, "Bo Lund"), ("he", "Bo Lund")],
        ),
        ('"We lost 40 men. The rest fled," he said. Bo Lund had seen it.', [(None, None), ("he", None), None]),
        (
            "“They fled,” said Bo Lund. A channel linked to Wexley announced, “It is done. We go home.”",
            [("Bo Lund", None), None, (None, None)],
        ),
        (
            "Ina Pell told the court of the fire. “It was hot,” she said. “It was late.”",
            [("Ina Pell", None), ("she", "Ina Pell"), (None, "Ina Pell")],
        ),
        ("Wexley left the town in June. “We walked,” he said.", [None, ("he", None)]),
        ("Oren Wexley left the town. Wexley said it was late. “We walked,” he said.", [None, ("Wexley", None), ("he", "Wexley")]),
        ("Mr Pell said it was late. “We walked,” she said.", [("Mr Pell", None), ("she", None)]),
        ("The company said it was late. The book, he said, was open.", [("The company", None), ("he", None)]),
        ("The bank said it was late. The state was slow; it spoke of a delay.", [("The bank", None), ("it", None)]),
        ("“It is over. We go home.” The end.", [(None, None), (None, None), None]),
        ("The 5” pipe broke. Two died.", [None, None]),
    ],
)
def test_speakers_who_stand_in_another_sentence(text, said):
    spans = sentence_spans(text)
    found = [speech_at(text, spans, *span) for span in spans]
    assert [speech and (speech.speaker, speech.resolved) for speech in found] == said


@pytest.mark.parametrize(
    ("quote", "reported", "one_sided"),
    [
        ("The army, which lost 400 men, said it had killed 40.", [" it had killed 40."], True),
        ("Forty fighters died, the army said on Monday.", ["Forty fighters died, "], True),
        ("The bridge, the interior ministry said, would stay closed.", ["The bridge, ", ", would stay closed."], False),
        ("“We lost 60 houses,” said Ina Pell, a farmer.", ["“We lost 60 houses,” "], True),
        ("“It cost 60 crowns,” said Ina Pell, 44. “It was cheap.”", ["“It cost 60 crowns,” ", "“It was cheap.”"], False),
        ("According to court papers, Aldery moved the money.", ["According to ", ", Aldery moved the money."], False),
        ("Aldery was accused by the audit office of theft.", ["Aldery was accused by ", " of theft."], True),
        ("Strand is alleged to have sold the plans.", ["Strand is alleged to have sold the plans."], True),
        ("Norlyn denied dumping 900 tonnes.", [" dumping 900 tonnes."], True),
        ("The bank said its profit was 4 million.", [" its profit was 4 million."], True),
        ("The audit office said the bank had lost 4 million.", [" the bank had lost 4 million."], False),
    ],
)
def test_what_is_reported_and_whether_by_one_side(quote, reported, one_sided):
    speech = speaker_of(quote)
    assert speech
    parts = reported_parts(quote, speech)
    assert ([quote[part.start : part.end] for part in parts], is_one_sided(quote, speech)) == (reported, one_sided)


@given(TEXTS)
def test_any_passage(text):
    for span in sentence_spans(text):
        speech = speech_at(text, sentence_spans(text), *span)
        if not speech:
            continue
        quote = text[slice(*span)]
        assert speech.speaker is None or quote[speech.start : speech.end] == speech.speaker
        assert speech.resolved is None or speech.resolved in text
        assert all(0 <= part.start <= part.end <= len(quote) for part in reported_parts(quote, speech))
        assert not is_reported(quote, speech, len(quote))


@pytest.mark.parametrize(
    ("speech", "display"),
    [
        (Speech(speaker="The army", start=0, end=8, verb="said", kind="said"), "According to the army"),
        (Speech(speaker="He", start=0, end=2, verb="said", kind="said", resolved="Oren Valk"), "According to Oren Valk (“He”)"),
        (Speech(speaker="She", start=0, end=3, verb="said", kind="said"), "According to “She”, who is not named here"),
        (Speech(speaker=None, start=None, end=None, verb=None, kind="quote", resolved="Ina Pell"), "In the words of Ina Pell"),
        (Speech(speaker=None, start=None, end=None, verb=None, kind="quote"), "Somebody's words; the speaker is not named here"),
        (Speech(speaker=None, start=None, end=None, verb="reportedly", kind="alleged"), "Alleged; no source is named"),
        (Speech(speaker="Residents", start=0, end=9, verb="accuse", kind="alleged"), "Alleged by residents"),
        (Speech(speaker="Norlyn\nMining", start=0, end=13, verb="denied", kind="denied"), "Denied by Norlyn Mining"),
    ],
)
def test_how_speech_is_shown(speech, display):
    assert speech.display == display


@pytest.mark.parametrize(
    ("name", "within"),
    [("The army", "the army"), ("Police", "police"), ("Police Union", "Police Union"), ("A-ha", "A-ha"), ("Theresa", "Theresa"), ("", "")],
)
def test_a_speaker_within_a_sentence(name, within):
    assert mid_sentence(name) == within


@pytest.mark.parametrize("module", [rag.speech.attribution, rag.speech.beside, rag.speech.claimed, rag.speech.speakers])
def test_examples(module):
    assert doctest.testmod(module).failed == 0
