"""Memos checked again: clean as long as nothing changed, and whatever changed is told, in the memo and in the home."""

from __future__ import annotations

import copy
import json
import shutil
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, assume, given, settings
from hypothesis import strategies as st

from index.errors import UsageError
from index.types import Passage
from rag.builtin.attributed import attribution
from rag.builtin.extract import VERBATIM
from rag.chatbot import Chatbot
from rag.cite import Citer
from rag.errors import BadMemo
from rag.llm.generate import generate
from rag.llm.scripted import ScriptedLLM
from rag.markers import plain
from rag.memo.data import Memo, digest_of, memo_of
from rag.memo.files import FORMS, Form, parse, to_json, written
from rag.memo.verify import Verdict, verify
from rag.reader import Reading, Support
from rag.settings import Settings
from rag.strict import marked, strict
from rag.types import Answer, Claim
from tests.memo_answers import BUILT_IN, ask_all, open_bot

Path_ = tuple[str | int, ...]


class Facts(dict[str, Any]):
    """Data that do not fill a screen when a test fails."""

    def __repr__(self) -> str:
        return "the data"


WORDS = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=12)
UNHURRIED = settings(max_examples=60, suppress_health_check=[HealthCheck.too_slow, HealthCheck.function_scoped_fixture])


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    with open_bot(tmp_path_factory.mktemp("verify")) as bot:
        yield bot


@pytest.fixture(scope="module")
def answers(bot: Chatbot) -> list[Answer]:
    return ask_all(bot)


@pytest.fixture(scope="module")
def memo(bot: Chatbot, answers: list[Answer]) -> Memo:
    return memo_of(answers, bot.home, title="All of it")


@pytest.fixture(scope="module")
def small(bot: Chatbot, answers: list[Answer], passages: list[Passage]) -> Facts:
    """Values that disagree, no answer, and a model's answer that no reader has judged."""
    words = "- 777 boats left [S1].\n- “Yes,” he said [S2][S3]. And so on."
    return Facts(memo_of([answers[2], answers[6], generated(words, passages)], bot.home).to_dict())


@pytest.fixture(scope="module")
def built_in(bot: Chatbot, answers: list[Answer]) -> dict[str, Any]:
    """The data of a memo of the built-in answers."""
    return Facts(memo_of(answers[: len(BUILT_IN) + 1], bot.home).to_dict())


@pytest.fixture(scope="module")
def passages(bot: Chatbot) -> list[Passage]:
    return bot.home.search("ferry mine harbour museum tram bridge", limit=20)


def generated(words: str, passages: list[Passage]) -> Answer:
    """What becomes of a model's words, without a reader."""
    *_, answer = generate(
        "How many?", passages[:3], llm=ScriptedLLM(words), model="scripted", history=(), settings=Settings(repair=False),
        trace=lambda what, facts: None,
    )  # fmt: skip
    assert isinstance(answer, Answer)
    return answer


def told(verdict: Verdict) -> list[str]:
    return [str(finding) for finding in verdict.findings]


def changed(data: dict[str, Any], place: Path_, value: Any) -> dict[str, Any]:
    """The data with another value at a place."""
    data = copy.deepcopy(data)
    holder: Any = data
    for step in place[:-1]:
        holder = holder[step]
    holder[place[-1]] = value
    return data


def sealed(data: dict[str, Any]) -> dict[str, Any]:
    """The data with a digest that fits them, as somebody would make it who knows how."""
    return {**data, "digest": digest_of(data)}


def leaves(value: Any, place: Path_ = ()) -> Iterator[tuple[Path_, Any]]:
    """Every value of some data that holds no others, and every list."""
    if isinstance(value, dict):
        for name, item in value.items():
            yield from leaves(item, (*place, name))
        return
    if isinstance(value, list):
        for number, item in enumerate(value):
            yield from leaves(item, (*place, number))
    yield place, value


# Nothing changed


@pytest.mark.parametrize("form", FORMS)
def test_a_memo_of_every_sort_of_answer_is_clean(form: Form, memo: Memo, bot: Chatbot, answers: list[Answer]):
    file = parse(written(memo, form))
    verdict = verify(file, home=bot.home)
    quotes = sum(len(answer.citations) + len(answer.nearest) for answer in answers)
    checks = sum(7 * len(answer.claims) for answer in answers)
    assert {answer.status for answer in answers} == {"answered", "no_evidence"}
    assert any(answer.disagreement for answer in answers)
    assert any(citation.superseded for answer in answers for citation in answer.citations)
    assert verdict == Verdict(
        form=form, title="All of it", exported=memo.exported, answers=len(answers), quotes=quotes, checks=checks, home=str(bot.home.path)
    )
    assert verdict.ok
    assert verify(file).to_dict() == {**verdict.to_dict(), "home": None}


def test_an_answer_without_its_failed_sentences_is_clean(bot: Chatbot, answers: list[Answer]):
    stricter = [strict(answer) for answer in answers]
    assert stricter != answers
    assert told(verify(parse(written(memo_of(stricter, bot.home), "html")), home=bot.home)) == []


@st.composite
def quoting(draw: st.DrawFn, passages: list[Passage]) -> Answer:
    """An answer that quotes any stretches of some passages, as the built-in answerer does."""
    citer, claims = Citer(), []
    for passage in draw(st.lists(st.sampled_from(passages), min_size=1, max_size=4)):
        start = draw(st.integers(passage.start, passage.end - 1))
        end = draw(st.integers(start + 1, passage.end))
        words = passage.text[start - passage.start : end - passage.start]
        assume(words.strip())
        number = citer.cite(passage, start, end)
        citation = citer.citations[number - 1]
        claims.append(Claim(text=plain(words), citations=(citation.number,), checks=VERBATIM, attribution=attribution(citation)))
    short = claims[0].text.split()[0]
    text = " ".join(map(marked, claims))
    return Answer(question="When?", status="answered", short=short, text=text, claims=tuple(claims), citations=citer.citations)


@UNHURRIED
@given(data=st.data())
def test_whatever_is_quoted_is_found_again(data: st.DataObject, passages: list[Passage], bot: Chatbot):
    memo = memo_of([data.draw(quoting(passages))], bot.home)
    assert memo.gone == ()
    for form in FORMS:
        assert told(verify(parse(written(memo, form)), home=bot.home)) == []


@UNHURRIED
@given(
    words=st.lists(
        WORDS | st.sampled_from(["[S1]", "[S2][S3]", "[S1].", "- ", "\n", "2. ", "40 boats left. ", "“Yes,” he said. ", "[7]"]), max_size=9
    )
)
def test_whatever_a_model_writes_is_checked_alike(words: list[str], passages: list[Passage], bot: Chatbot):
    answer = generated("".join(words), passages)
    assert told(verify(parse(written(memo_of([answer], bot.home), "md")), home=bot.home)) == []


# The memo was changed


def other(value: Any, how: int, at: int, words: str) -> Any:
    """Another value of the same sort, or of none: which one is chosen by two numbers and some words."""
    if isinstance(value, bool):
        return not value
    if isinstance(value, int | float):
        return [value + 1, value - 1, value + 0.5, at, str(value), None][how]
    if isinstance(value, str):
        at %= len(value) + 1
        return [value[:at] + words + value[at:], value[:at] + value[at + 1 :], words, "", value[::-1], None][how]
    if isinstance(value, list):
        return [value[1:], value[:-1], [*value, *value[:1]], value[::-1], [*value, words], None][how]
    return [words, 1, True, [], {}, [words]][how]


SORT = {"which": st.integers(0, 100_000), "how": st.integers(0, 5), "at": st.integers(0, 300), "words": WORDS}


@UNHURRIED
@given(**SORT)
def test_any_change_of_the_data_is_found_without_a_home(which: int, how: int, at: int, words: str, small: Facts):
    places = list(leaves(small))
    place, value = places[which % len(places)]
    new = other(value, how, at, words)
    assume(new != value or isinstance(new, bool) != isinstance(value, bool))
    try:
        verdict = verify(parse(to_json(changed(small, place, new))))
    except BadMemo:
        assert place in (("format",), ("version",))
        return
    without = place == ("digest",) and not new
    assert told(verdict)[0] == ("it has no digest" if without else "its data were changed after the export: the digest does not fit them")


@pytest.mark.parametrize("form", ["md", "html"])
@UNHURRIED
@given(data=st.data())
def test_any_changed_letter_of_a_file_is_found_without_a_home(form: Form, data: st.DataObject, small: Facts):
    text = written(Memo.from_dict(small), form)
    place = data.draw(st.integers(0, len(text) - 2))
    new = data.draw(st.sampled_from("aA0<*`\\ \n\u202e"))
    assume(text[place] != new and text[place].strip() + new.strip())
    try:
        assert not verify(parse(text[:place] + new + text[place + 1 :])).ok
    except BadMemo:
        assert place > len(text) - len(to_json(small))  # the block of data, or what is round it


def test_a_second_block_of_data_does_not_pass(memo: Memo):
    other = written(replace(memo, title="Other"), "html")
    text = written(memo, "html")
    block = other[other.index("<script") : other.index("</script>") + 10]
    for forged in (text.replace("<script", block + "<script"), text.replace("</body>", block + "</body>")):
        assert not verify(parse(forged)).ok


def test_what_it_shows_is_told_beside_what_its_data_say(bot: Chatbot, answers: list[Answer]):
    memo = memo_of(answers[:1], bot.home)
    for form in ("md", "html"):
        text = written(memo, form)
        forged = text.replace("three weeks after", "thirteen weeks after", 1)
        said = "The harbour of Port Ellery reopened on Monday, thr"
        (line,) = told(verify(parse(forged)))
        assert line.startswith("it shows “… ")
        assert "on Monday, thirteen weeks after" in line
        assert "and its data say “… " in line
        assert said.partition("reopened")[2] in line
    hidden = written(memo, "html").replace(".quote {", ".quote { display: none;", 1)
    assert len(told(verify(parse(hidden)))) == 1
    (line,) = told(verify(parse(written(memo, "md").replace("\\[1\\]", "\\[2\\]", 1))))
    assert "\\[2\\]" in line


def test_what_is_no_part_of_a_memo_is_told(memo: Memo):
    facts = memo.to_dict()
    assert told(verify(parse(to_json(sealed({**facts, "note": "approved"}))))) == ["it holds note, which is no part of a memo"]
    deep = changed(facts, ("answers", 0, "answer", "citations", 0, "seen"), True)
    assert told(verify(parse(to_json(sealed(deep))))) == ["it holds answers.0.answer.citations.0.seen, which is no part of a memo"]
    text = changed(facts, ("answers", 0, "answer", "citations", 0, "start"), "25")
    assert told(verify(parse(to_json(sealed(text))))) == ["answers.0.answer.citations.0.start is written in another form than a memo's"]
    broken = changed(facts, ("answers", 0, "answer", "status"), "maybe")
    (line,) = told(verify(parse(to_json(sealed(broken)))))
    assert line.startswith("its data do not fit the form of a memo: answers.0.answer.status: ")
    filters = changed(facts, ("answers", 0, "answer", "filters", "since"), "June")
    assert told(verify(parse(to_json(sealed(filters)))))[0].startswith("its data do not fit the form of a memo: ")


def test_another_layout_is_not_compared_and_says_so(memo: Memo):
    facts = sealed({**memo.to_dict(), "layout": 99})
    assert told(verify(parse(to_json(facts)))) == []
    page = written(memo, "html")
    block = page.splitlines()[-4]
    other_layout = page.replace(block, json.dumps(facts).replace("<", "\\u003c").replace(">", "\\u003e"))
    assert told(verify(parse(other_layout))) == [
        "what it shows cannot be compared with its data, since another version of Dateline laid it out"
    ]


# The digest was made anew, too: what is said twice does not fit, and the home knows better

CITED = ("number", "article_id", "doc_id", "label", "path", "root", "title", "publisher", "published", "url", "quote", "start", "end",
         "speech", "dates", "agency", "carried_by", "superseded")  # fmt: skip
SHOWN = ("article_id", "doc_id", "label", "path", "root", "title", "publisher", "published", "url", "text", "start", "end", "agency",
         "carried_by", "superseded")  # fmt: skip
UNORDERED = ("articles", "carried_by", "also_given")
KNOWN_BY_THE_HOME = ("citations", "nearest", "claims", "text", "disagreement", "also_given")


def is_known(place: Path_) -> bool:
    """Whether the memo says it twice, or the home knows it."""
    if place[0] == "articles":
        return True
    if place[0] != "answers" or len(place) < 4 or place[3] not in KNOWN_BY_THE_HOME:
        return False
    return place[3] not in ("citations", "nearest") or len(place) < 6 or place[5] in (CITED if place[3] == "citations" else SHOWN)


@settings(UNHURRIED, max_examples=150)
@given(**SORT)
def test_any_change_of_what_the_home_knows_is_found_with_a_new_digest(
    which: int, how: int, at: int, words: str, built_in: dict[str, Any], bot: Chatbot
):
    places = [(place, value) for place, value in leaves(built_in) if is_known(place)]
    place, value = places[which % len(places)]
    new = other(value, how, at, words)
    assume(" ".join(str(new).split()) != " ".join(str(value).split()))
    assume(not (isinstance(value, list) and isinstance(new, list) and {*map(str, new)} == {*map(str, value)} and place[-1] in UNORDERED))
    assert not verify(parse(to_json(sealed(changed(built_in, place, new)))), home=bot.home).ok


@pytest.mark.parametrize("place", [
    ("citations", 0, "quote"), ("citations", 0, "start"), ("citations", 0, "end"), ("citations", 0, "number"), ("citations", 0, "label"),
    ("citations", 0, "published"), ("claims", 0, "text"), ("claims", 0, "citations"), ("text",), ("short",),
])  # fmt: skip
def test_each_of_the_facts_that_matter_is_found_alone(place: Path_, built_in: dict[str, Any], bot: Chatbot):
    path = ("answers", 0, "answer", *place)
    value = built_in["answers"][0]["answer"]
    for step in place:
        value = value[step]
    new = {"citations": [2], "published": "2024-03-05"}.get(str(place[-1]), value + 1 if isinstance(value, int) else f"{value} Tuesday")
    assert not verify(parse(to_json(sealed(changed(built_in, path, new)))), home=bot.home).ok


def test_a_quote_that_was_changed_everywhere_is_found_by_the_home_alone(bot: Chatbot, answers: list[Answer]):
    forged = written(memo_of(answers[:1], bot.home), "json").replace("three weeks after", "eight weeks after")
    facts = json.loads(forged)
    facts["answers"][0]["answer"]["citations"][0]["end"] = (end := facts["answers"][0]["answer"]["citations"][0]["end"])
    facts["answers"][0]["answer"]["citations"][0]["dates"][1]["text"] = "eight weeks after"
    facts["answers"][0]["answer"]["citations"][0]["dates"][1]["display"] = facts["answers"][0]["answer"]["citations"][0]["dates"][1][
        "display"
    ].replace("three", "eight")
    file = parse(to_json(sealed(facts)))
    start = facts["answers"][0]["answer"]["citations"][0]["start"]
    assert told(verify(file)) == []
    assert told(verify(file, home=bot.home)) == [
        f"answer 1, [1]: the quote is not at {start} to {end}: the article does not read so there, and its words are not in the article"
    ]


class Against:
    """A reader that finds every claim refuted."""

    def read(self, question: str, passages: list[str]) -> list[Reading]:
        return [Reading(spans=(), relevance=0.0, support=Support(0.0, 1.0, 0.0)) for _ in passages]


def test_the_checks_of_a_models_sentences_are_run_again(bot: Chatbot, answers: list[Answer]):
    (answer,) = [one for one in answers if one.model == "scripted" and "777" in one.text]
    facts = memo_of([answer], bot.home).to_dict()
    place = ("answers", 0, "answer", "claims", 0, "checks", "numbers")
    assert facts["answers"][0]["answer"]["claims"][0]["checks"]["numbers"] == {"status": "failed", "reason": "not in the quotes: 777"}
    forged = sealed(changed(facts, place, {"status": "passed", "reason": "every number is in the quotes"}))
    (line,) = told(verify(parse(to_json(forged))))
    assert line == (
        "answer 1, sentence 1: the check of its numbers says “failed: not in the quotes: 777”, "
        "and the memo “passed: every number is in the quotes”"
    )
    verdict = verify(parse(to_json(facts)), reader=Against())  # type: ignore[arg-type]
    assert {finding.kind for finding in verdict.findings} <= {"check"}


# The home has changed


@pytest.fixture
def own(bot: Chatbot, tmp_path: Path) -> Iterator[Chatbot]:
    """A copy of the home and its articles, to be changed."""
    shutil.copytree(bot.home.path.parent / "articles", tmp_path / "articles")
    with Chatbot.open(tmp_path / "home", create=True) as copied:
        copied.sync(tmp_path / "articles")
        yield copied


def ask_about_the_harbour(own: Chatbot) -> tuple[Path, dict[str, Any], Any]:
    memo = memo_of([own.ask(BUILT_IN[0])], own.home)
    file = parse(written(memo, "json"))
    assert verify(file, home=own.home).ok
    return own.home.path.parent / "articles" / "harbour.txt", memo.to_dict()["articles"][0], file


def test_an_article_that_grew_at_its_end_keeps_the_quote_in_place(own: Chatbot):
    path, source, file = ask_about_the_harbour(own)
    path.write_text(path.read_text() + "\n\nThe council thanked the crews on Sunday and promised them a new crane for the spring.")
    own.sync(path.parent)
    hashes = f"its hash is {own.home.article('harbour').text_hash}, and {source['text_hash']} in the memo"
    assert told(verify(file, home=own.home)) == [f"article {source['id']}: the text of “Harbour reopens after storm” has changed: {hashes}"]


def test_an_article_that_grew_at_its_head_moves_the_quote(own: Chatbot):
    path, source, file = ask_about_the_harbour(own)
    path.write_text(path.read_text().replace("The harbour of", "Crowds cheered on the quay. The harbour of"))
    own.sync(path.parent)
    lines = told(verify(file, home=own.home))
    start, end = (file.data["answers"][0]["answer"]["citations"][0][name] for name in ("start", "end"))
    assert lines[0].startswith(f"article {source['id']}: the text of “Harbour reopens after storm” has changed: ")
    assert lines[1:] == [
        f"answer 1, [1]: the quote is not at {start} to {end}: the article has changed, and it stands at {start + 28} to {end + 28}"
    ]


def test_a_quote_that_was_struck_is_said_to_be_gone(own: Chatbot):
    path, _, file = ask_about_the_harbour(own)
    path.write_text(path.read_text().replace("three weeks after", "four weeks after"))
    own.sync(path.parent)
    assert told(verify(file, home=own.home))[1].endswith("the article has changed, and its words are not in the article")


def test_a_date_that_was_put_right_is_told(own: Chatbot):
    path, source, file = ask_about_the_harbour(own)
    (path.parent / "dateline.csv").write_text("path,published,publisher,title\nharbour.txt,2024-03-05,,\n")
    own.sync(path.parent)
    assert told(verify(file, home=own.home)) == [
        f"article {source['id']}: the published of “Harbour reopens after storm” is '2024-03-05' in the home, and '2024-03-04' in the memo",
        f"article {source['id']}: where the published of “Harbour reopens after storm” was read from is 'dateline.csv' in the home, "
        "and 'date line' in the memo",
    ]


def test_an_article_that_moved_is_found_by_its_text(own: Chatbot):
    path, source, file = ask_about_the_harbour(own)
    path.rename(path.with_name("port.txt"))
    own.sync(path.parent)
    assert told(verify(file, home=own.home)) == [
        f"article {source['id']}: “Harbour reopens after storm” has moved from harbour.txt to port.txt"
    ]


def test_an_article_that_is_gone_is_said_to_be(own: Chatbot):
    path, source, file = ask_about_the_harbour(own)
    path.unlink()
    own.sync(path.parent)
    assert told(verify(file, home=own.home)) == [f"article {source['id']}: “Harbour reopens after storm” is gone from the home"]


def test_the_same_words_of_another_paper_are_named_where_an_article_is_gone(own: Chatbot):
    path, _, file = ask_about_the_harbour(own)
    text = own.home.article("harbour").text
    path.unlink()
    (path.parent / "copy.md").write_text(f"---\ntitle: Boats sail again\npublisher: The Corran Standard\n---\n\n{text}")
    own.sync(path.parent)
    (line,) = told(verify(file, home=own.home))
    assert line.endswith("is gone from the home; the same text stands in copy.md (The Corran Standard)")


def test_an_article_that_was_corrected_since_is_superseded(own: Chatbot):
    folder = own.home.path.parent / "articles"
    text = (
        "The bakers of Fennick sold 4,100 loaves on the day of the fair, their guild said on Monday. The fair drew people from all over "
        "the coast, and the bread was gone by noon. The guild will bring twice as much flour next year, its master Tomas Reed said."
    )
    page = "---\ntitle: Bread gone by noon\npublisher: The Fennick Daily\ndate: {day}\n---\n\n{text}"
    (folder / "bread.md").write_text(page.format(day="2024-06-03", text=text))
    own.sync(folder)
    answer = own.ask("How many loaves did the bakers of Fennick sell?")
    file = parse(written(memo_of([answer], own.home), "html"))
    assert (answer.short, verify(file, home=own.home).ok) == ("4,100", True)
    corrected = text.replace("4,100", "1,400") + " Correction: an earlier version gave the number of loaves as 4,100."
    (folder / "bread-2.md").write_text(page.format(day="2024-06-04", text=corrected))
    own.sync(folder)
    newer = own.home.article("bread-2")
    assert told(verify(file, home=own.home)) == [
        f"answer 1, [1]: superseded by the update of 2024-06-04 (The Fennick Daily, article {newer.id})"
    ]


def test_a_home_of_other_articles_knows_nothing(memo: Memo, tmp_path: Path):
    (tmp_path / "news").mkdir()
    (tmp_path / "news" / "one.txt").write_text("One\n\nA single article about something else altogether, published nowhere.")
    with Chatbot.open(tmp_path / "home", create=True) as other:
        other.sync(tmp_path / "news")
        lines = told(verify(parse(written(memo, "json")), home=other.home))
    assert len(lines) == len(memo.articles)
    assert all(line.endswith("is gone from the home") for line in lines)


def test_what_was_gone_when_the_memo_was_made_is_still_told(own: Chatbot):
    path, _, _ = ask_about_the_harbour(own)
    answer = own.ask(BUILT_IN[0])
    path.write_text(path.read_text().replace("three weeks after", "four weeks after"))
    own.sync(path.parent)
    memo = memo_of([answer], own.home)
    assert [source.text_hash for source in memo.articles] == [None]
    file = parse(written(memo, "md"))
    assert told(verify(file)) == []
    start, end = answer.citations[0].start, answer.citations[0].end
    assert told(verify(file, home=own.home)) == [
        f"article {memo.articles[0].id}: “Harbour reopens after storm” has no hash in the memo: the home did not hold it as it is cited "
        "when the memo was made",
        f"answer 1, [1]: the quote is not at {start} to {end}: the article does not read so there, and its words are not in the article",
    ]


def test_a_path_is_read_and_what_is_none_is_refused(memo: Memo, tmp_path: Path):
    (tmp_path / "memo.md").write_text(written(memo, "md"), encoding="utf-8")
    assert verify(tmp_path / "memo.md").ok
    with pytest.raises(UsageError):
        verify(str(tmp_path / "missing.md"))
