"""A language model's answer: keys resolved, quotes cut by code, and what is not an answer not called one."""

from __future__ import annotations

from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st
from llama_index.core.llms import MockLLM

from index.sentences import sentence_spans
from index.tokens import count
from index.types import Passage
from rag.chatbot import Chatbot
from rag.errors import ModelUnavailable
from rag.llm import scripted
from rag.llm.generate import generate
from rag.llm.prompts import NO_EVIDENCE, build_prompt
from rag.llm.refusals import EMPTY, REFUSED, UNCITED
from rag.llm.scripted import ScriptedLLM
from rag.reader import Reading, Support
from rag.settings import Settings
from rag.types import Answer, Check, Turn, Usage

HARBOUR = (
    "The harbour reopened on 4 March 2024 [3]. Forty boats left in the first hour, and Ines Calloway cheered. Repairs cost 1.2 million "
    "crowns."
)
MUSEUM = "The museum had 84,000 visitors. It has been free since 2019."
QUESTION = "When did the harbour reopen?"


def passage(text, number):
    return Passage(
        article_id=f"a{number}", doc_id=f"d{number}", start=0, end=len(text), text=text, score=1.0, label=f"Paper {number}",
        path=f"{number}.txt", root="/news", published="2024-03-05", sentences=sentence_spans(text),
    )  # fmt: skip


PASSAGES = (passage(HARBOUR, 1), passage(MUSEUM, 2))


def items(words, *, passages=PASSAGES, history=(), llm=None, trace=lambda what, facts: None, settings=None):
    llm, settings = llm or ScriptedLLM(words), settings or Settings(repair=False)
    return list(generate(QUESTION, passages, llm=llm, model="scripted", history=history, settings=settings, trace=trace))


def answered(words, **options):
    *_, answer = items(words, **options)
    assert isinstance(answer, Answer)
    return answer


def keyed(words):
    """`words` with the keys that the model is shown in the place of S1, S2, …"""
    return scripted.keyed(words, build_prompt(QUESTION, PASSAGES, context_tokens=3000).messages[-1].content)


def statuses(claim, *names):
    return tuple(claim.checks[name].status for name in names)


def test_a_good_answer():
    *pieces, answer = items("It reopened on 4 March 2024 [S1]. The repairs cost 1.2 million crowns [S3], and forty boats left [S2][S1].")
    assert answer.status == "answered"
    assert answer.text == "It reopened on 4 March 2024 [1]. The repairs cost 1.2 million crowns [2], and forty boats left [3][1]."
    assert "".join(pieces) == answer.text
    assert answer.short == "It reopened on 4 March 2024."
    assert [(claim.text, claim.citations) for claim in answer.claims] == [
        ("It reopened on 4 March 2024.", (1,)),
        ("The repairs cost 1.2 million crowns, and forty boats left.", (2, 3, 1)),
    ]
    assert [(c.number, c.article_id, c.quote) for c in answer.citations] == [
        (1, "a1", "The harbour reopened on 4 March 2024 [3]."),
        (2, "a1", "Repairs cost 1.2 million crowns."),
        (3, "a1", "Forty boats left in the first hour, and Ines Calloway cheered."),
    ]
    assert all(HARBOUR[c.start : c.end] == c.quote for c in answer.citations)
    assert (answer.model, answer.rejected, answer.missing, answer.nearest) == ("scripted", (), None, ())


def test_checks_of_a_good_claim():
    (claim,) = answered("It reopened on 4 March 2024 and cost 1,200,000 crowns [S1][S3].").claims
    assert claim.checks == {
        "quote": Check(status="passed", reason="cut from the article"),
        "numbers": Check(status="passed", reason="every number is in the quotes"),
        "dates": Check(status="passed", reason="every date is in the quotes"),
        "names": Check(status="n/a", reason="the claim gives no name"),
        "quotations": Check(status="n/a", reason="the claim gives no quoted string"),
        "attribution": Check(status="n/a", reason="the quotes report nobody's words"),
        "support": Check(status="n/a", reason="not checked"),
    }


@pytest.mark.parametrize(
    ("claim", "numbers", "dates", "reason"),
    [
        ("It had 84,000 visitors [S4].", "passed", "n/a", ""),
        ("It had 84000 visitors [S4].", "passed", "n/a", ""),
        ("It had 84 thousand visitors [S4].", "passed", "n/a", ""),
        ("It had 48,000 visitors [S4].", "failed", "n/a", "not in the quotes: 48,000"),
        ("It cost 1.2 billion [S3].", "failed", "n/a", "not in the quotes: 1.2 billion"),
        ("It cost 1234568 [S3].", "failed", "n/a", "not in the quotes: 1234568"),
        ("Some 40 boats left [S2].", "passed", "n/a", ""),
        ("Free since 2019 [S5].", "n/a", "passed", ""),
        ("Free since 2018 [S5].", "n/a", "failed", "not in the quotes: 2018"),
        ("It reopened on 4 March 2024 [S1].", "n/a", "passed", ""),
        ("It reopened on 5 March 2024 [S2].", "n/a", "passed", ""),  # the day that the article was published
        ("It reopened on 4 May 2024 [S1].", "n/a", "failed", "not in the quotes: 4 May 2024"),
        ("It had 84,000 visitors [S2].", "failed", "n/a", "not in the quotes: 84,000"),
    ],
)
def test_numbers_and_dates_are_compared_with_the_quotes(claim, numbers, dates, reason):
    (made,) = answered(claim).claims
    assert statuses(made, "numbers", "dates") == (numbers, dates)
    failed = [check.reason for check in made.checks.values() if check.status == "failed"]
    assert failed == ([reason] if reason else [])


def test_invented_keys_are_dropped_and_reported():
    answer = answered("It reopened [S99][S1]. Boats left [S77, S2]. All is well [S99].")
    assert answer.text == "It reopened [1]. Boats left [2]. All is well. (unsupported)"
    assert answer.rejected == ("S99", "S77")
    assert [claim.citations for claim in answer.claims] == [(1,), (2,), ()]


def test_a_claim_without_a_key_keeps_its_text_and_says_so():
    answer = answered("Boats are fast. They left in the first hour [S2].")
    assert answer.text == "Boats are fast. (unsupported) They left in the first hour [1]."
    assert answer.short == "They left in the first hour."
    assert answer.claims[0].checks["support"] == Check(status="failed", reason="cites nothing")
    assert statuses(answer.claims[0], "quote", "numbers", "dates") == ("n/a", "n/a", "n/a")


@pytest.mark.parametrize(
    ("words", "missing"),
    [
        (NO_EVIDENCE, REFUSED),
        (f" **{NO_EVIDENCE.upper()}**\n", REFUSED),
        (f"{NO_EVIDENCE} They only speak of a harbour [S1].", REFUSED),
        ("It reopened on 4 March 2024.", UNCITED),
        ("It reopened [1].", UNCITED),
        ("It reopened [S99].", UNCITED),
        ("It reopened (S1).", UNCITED),
        ("[S1]", UNCITED),
        ("", EMPTY),
        (" \n", EMPTY),
    ],
)
def test_what_is_no_answer(words, missing):
    answer = answered(words)
    assert (answer.status, answer.short, answer.text, answer.claims, answer.citations) == ("no_evidence", "", "", (), ())
    assert (answer.missing, answer.nearest) == (missing, PASSAGES)


def test_at_most_three_passages_stand_in_for_an_answer():
    passages = tuple(passage(MUSEUM, number) for number in range(9))
    assert answered(NO_EVIDENCE, passages=passages).nearest == passages[:3]


def test_a_marker_after_the_full_stop_belongs_to_the_sentence_before_it():
    answer = answered("It reopened. [S1] Boats left. [S2]\n- Repairs cost money. [S3]\n2. [S5] It is free.")
    assert [(claim.text, claim.citations) for claim in answer.claims] == [
        ("It reopened.", (1,)),
        ("Boats left.", (2,)),
        ("Repairs cost money.", (3,)),
        ("It is free.", (4,)),
    ]


def test_bracketed_numbers_of_articles_never_reach_the_model_nor_pass_for_markers():
    llm = ScriptedLLM("It reopened on 4 March 2024 [3] [S1].")
    answer = answered("", llm=llm)
    assert "reopened on 4 March 2024 (3)." in llm.prompts[0]
    assert answer.text == "It reopened on 4 March 2024 [1]."
    assert answer.rejected == ("3",)


WORDS = "It reopened [S1], [S99] see [S2](http://x.example) and [2022]. Boats [S2, S3] left [S4][S1].\n\nFree [5]. [S5"


@given(st.lists(st.integers(0, len(keyed(WORDS))), max_size=12).map(sorted))
def test_any_cut_of_the_stream_gives_the_same_answer(cuts):
    bounds = [0, *cuts, len(keyed(WORDS))]
    *pieces, answer = items([keyed(WORDS)[a:b] for a, b in pairwise(bounds)])
    *whole, expected = items([keyed(WORDS)])
    assert answer == expected
    assert "".join(pieces) == "".join(whole)
    assert all(piece.count("[") == piece.count("]") for piece in pieces)
    assert answer.text.endswith("\n\nFree. (unsupported)")


@given(
    st.lists(st.sampled_from(["[S1]", "[S5]", "[S9]", "[", "]", "3", " ", ". ", "\n", "Boats", "2019", "- ", "**"]), max_size=30).map(
        "".join
    )
)
def test_whatever_the_model_writes_the_answer_is_sound(words):
    answer = answered(words)
    used = {number for claim in answer.claims for number in claim.citations}
    assert used <= set(range(1, len(answer.citations) + 1))
    assert [c.number for c in answer.citations] == list(range(1, len(answer.citations) + 1))
    assert all({"a1": HARBOUR, "a2": MUSEUM}[c.article_id][c.start : c.end] == c.quote for c in answer.citations)
    assert (answer.status == "answered") == bool(answer.short) == bool(answer.citations)
    assert Answer.from_dict(answer.to_dict()).to_dict() == answer.to_dict()


@pytest.mark.parametrize(
    ("error", "message", "hint"),
    [
        (
            ConnectionRefusedError(111, "Connection refused"),
            "the language model scripted failed: [Errno 111] Connection refused",
            "server runs",
        ),
        (TimeoutError(), "the language model scripted failed: TimeoutError", "DATELINE_LLM_TIMEOUT"),
        (ValueError("no\nsuch  model"), "the language model scripted failed: no such model", "try again"),
    ],
)
def test_a_failing_model_is_one_line_and_a_hint(error, message, hint):
    with pytest.raises(ModelUnavailable) as caught:
        items("", llm=ScriptedLLM(error))
    assert str(caught.value) == message
    assert hint in caught.value.hint


@pytest.mark.parametrize(
    ("raw", "tokens"),
    [
        ({"usage": {"prompt_tokens": 11, "completion_tokens": 7}}, (11, 7)),
        ({"prompt_eval_count": 12, "eval_count": 8}, (12, 8)),
        ({"usage_metadata": {"prompt_token_count": 13, "candidates_token_count": 9}}, (13, 9)),
        (Usage(), None),
        (None, None),
    ],
)
def test_tokens_are_the_servers_or_ours(raw, tokens):
    words = "It reopened [S1]."
    usage = answered("", llm=ScriptedLLM(words, raw=raw)).usage
    prompt = build_prompt(QUESTION, PASSAGES, context_tokens=Settings().context_tokens)
    ours = (sum(count(message.content) for message in prompt.messages), count(words))
    assert (usage.tokens_in, usage.tokens_out) == (tokens or ours)


class Believer:
    """A reader that finds every claim supported by passages that hold one of its words, and refutes what it is told to."""

    def __init__(self, *refuted):
        self.refuted = refuted

    def read(self, asked, passages):
        return [Reading((), 0.0, self.support(asked, passage)) for passage in passages]

    def support(self, asked, passage):
        if asked in self.refuted:
            return Support(0.0, 0.99, 0.01)
        words = {word.strip(".,").lower() for word in asked.split()} & {word.strip(".,").lower() for word in passage.split()}
        return Support(0.9, 0.05, 0.05) if len(words) > 2 else Support(0.001, 0.009, 0.99)


def judged(*script, reader=None, **options):
    llm = ScriptedLLM(*script)
    settings = Settings(**{"repair": True, **options})
    reader = reader or Believer()
    stream = generate(
        QUESTION, PASSAGES, llm=llm, model="scripted", history=(), settings=settings, trace=lambda what, facts: None, reader=reader
    )  # fmt: skip
    return list(stream)[-1], llm


def test_a_sentence_without_a_key_is_matched_to_the_evidence():
    answer, _ = judged("It has been free since 2019.")
    assert answer.text == "It has been free since 2019 [1]."
    assert [c.quote for c in answer.citations] == ["It has been free since 2019."]


def test_a_sentence_without_a_key_that_nothing_supports_is_marked():
    answer, _ = judged("Whales sing loudly. It has been free since 2019 [S5].", repair=False)
    assert answer.text == "Whales sing loudly. (unsupported) It has been free since 2019 [1]."


def test_a_sentence_that_fails_is_repaired_and_the_others_stay():
    answer, llm = judged(
        "It reopened on 5 May 2024 [S1]. It has been free since 2019 [S5].", "1: The harbour reopened on 4 March 2024 [S1]."
    )
    assert answer.text == "The harbour reopened on 4 March 2024 [1]. It has been free since 2019 [2]."
    assert answer.short == "The harbour reopened on 4 March 2024."
    assert [c.number for c in answer.citations] == [1, 2]
    (_, repair) = llm.chats
    assert repair[-2] == ("assistant", keyed("It reopened on 5 May 2024 [S1]. It has been free since 2019 [S5]."))
    assert "1: It reopened on 5 May 2024. — dates: not in the quotes: 5 May 2024" in repair[-1][1]


@pytest.mark.parametrize(
    "reply",
    ["1: It reopened on 6 May 2024 [S1].", "I did my best.", "", "7: It has been free since 2019 [S5].", ConnectionError("gone")],
)
def test_a_repair_that_brings_nothing_leaves_the_sentence_marked(reply):
    answer, _ = judged("It reopened on 5 May 2024 [S1]. It has been free since 2019 [S5].", reply)
    assert answer.text == "It reopened on 5 May 2024 [1]. (unsupported) It has been free since 2019 [2]."
    assert answer.claims[0].checks["dates"] == Check(status="failed", reason="not in the quotes: 5 May 2024")


def test_a_sentence_may_be_taken_back():
    answer, _ = judged("It reopened on 5 May 2024 [S1]. It has been free since 2019 [S5].", "1: nothing")
    assert (answer.text, len(answer.claims), len(answer.citations)) == ("It has been free since 2019 [1].", 1, 1)
    answer, _ = judged("It reopened on 5 May 2024 [S1].", "1: nothing")
    assert (answer.status, answer.missing) == ("no_evidence", REFUSED)


def test_a_claim_that_the_quotes_refute_fails():
    claim = "The museum is free since 2019."
    answer, _ = judged("The museum is free since 2019 [S5].", reader=Believer(claim), repair=False)
    assert answer.claims[0].checks["support"] == Check(status="failed", reason="the quotes speak against it (0.99)")


def test_a_claim_that_the_quotes_hardly_make_fails():
    answer, _ = judged("Visitors dislike whales [S5].", repair=False)
    assert answer.claims[0].checks["support"] == Check(status="failed", reason="the quotes hardly say so (0.00)")


def test_what_a_model_costs_is_what_the_user_says_it_does():
    prices = {"scripted": {"input": 2.0, "output": 10.0, "as_of": "2026-01-31"}}
    llm = ScriptedLLM("It reopened [S1].", raw={"usage": {"prompt_tokens": 1000, "completion_tokens": 100}})
    *_, answer = items("", llm=llm, settings=Settings(repair=False, prices=prices))
    assert answer.usage.cost == 0.003
    assert answered("It reopened [S1].").usage.cost is None


def test_the_model_is_sent_the_conversation():
    llm = ScriptedLLM("It reopened [S1].")
    items("", llm=llm, history=[Turn(question="What closed it?", answer="A storm [1].")])
    ((system, *earlier, last),) = llm.chats
    assert system[0] == "system"
    assert earlier == [("user", "What closed it?"), ("assistant", "A storm.")]
    assert last[0] == "user"
    assert last[1].endswith(f"Question: {QUESTION}")


def test_the_trace_holds_what_was_asked_and_answered():
    seen = []
    items("It reopened [S1][S9].", trace=lambda what, facts: seen.append((what, facts)))
    prompt = build_prompt(QUESTION, PASSAGES, context_tokens=Settings().context_tokens)
    (_, asked), (_, told) = seen
    assert [what for what, _ in seen] == ["prompt", "completion"]
    assert asked == {"model": "scripted", "stage": "model", "messages": [{"role": m.role, "content": m.content} for m in prompt.messages]}
    assert told.pop("seconds") >= 0
    assert told == {
        "model": "scripted", "stage": "model", "text": keyed("It reopened [S1][S9]."),
        "tokens_in": sum(count(m.content) for m in prompt.messages), "tokens_out": count(keyed("It reopened [S1][S9].")),
    }  # fmt: skip


def test_llama_indexs_own_mock_is_a_model_like_any_other():
    assert answered("", llm=MockLLM(max_tokens=5)).missing == UNCITED


def test_asking_is_the_end_of_streaming(open_home, corpus):
    home = open_home()
    home.sync(corpus)
    words = "The tram line opens in June 2026 [S1]."
    bot = Chatbot(home, settings=Settings(), llm=ScriptedLLM(words), model="scripted")
    question = "When will the second tram line open?"
    *pieces, streamed = bot.stream(question)
    asked = bot.ask(question)
    assert {**asked.to_dict(), "usage": None} == {**streamed.to_dict(), "usage": None}
    assert "".join(pieces) == asked.text == "The tram line opens in June 2026 [1]."
    (citation,) = asked.citations
    assert home.article(citation.article_id).text[citation.start : citation.end] == citation.quote


def test_a_follow_up_is_searched_as_it_was_understood_and_says_so(open_home, corpus):
    home = open_home()
    home.sync(corpus)
    llm = ScriptedLLM("When will the second tram line open?", "The tram line opens in June 2026 [S1].")
    seen = []
    bot = Chatbot(home, settings=Settings(repair=False), llm=llm, model="scripted", tracer=lambda what, facts: seen.append((what, facts)))
    answer = bot.ask("When will it open?", history=[Turn(question="What is being built?", answer="A second tram line.")])
    assert (answer.question, answer.rewritten) == ("When will it open?", "When will the second tram line open?")
    assert str(answer).startswith("Understood as: When will the second tram line open?\n\n")
    assert [what for what, _ in seen] == ["prompt", "completion", "search", "prompt", "completion"]
    assert seen[2][1]["question"] == answer.rewritten
    assert {"rewrite", "search", "model", "check", "answer"} <= set(answer.usage.seconds)


def test_a_failing_model_is_replaced_by_the_built_in_answerer_where_that_is_allowed(open_home, corpus):
    home = open_home()
    home.sync(corpus)
    question = "When will the second tram line open?"
    bot = Chatbot(home, settings=Settings(fallback=True), llm=ScriptedLLM(ValueError("broken")), model="scripted")
    answer, own = bot.ask(question), Chatbot(home, settings=Settings()).ask(question)
    assert (answer.fallback, answer.model, answer.text, answer.status) == (True, "built-in", own.text, own.status)
    assert answer.notes == ("The language model scripted failed: broken. The built-in answerer answered in its place.",)
    with pytest.raises(ModelUnavailable):
        Chatbot(home, settings=Settings(), llm=ScriptedLLM(ValueError("broken")), model="scripted").ask(question)
