"""Memos: what they hold, their three forms, and that no words of an article act as markup in any of them."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import jsonschema
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from markdown_it import MarkdownIt

from index.errors import BadPath
from index.types import Filters, Newer
from rag.chatbot import Chatbot
from rag.conversations import Conversations
from rag.errors import BadMemo
from rag.memo import files, page
from rag.memo.data import Entry, Memo, Origin, Source, digest_of, memo_of, memo_of_kept, memo_schema
from rag.memo.files import FORMS, Form, form_of, parse, read, rewritten, save, written
from rag.memo.markdown import plain
from rag.types import Answer, AskedTime, Check, Citation, Claim, RelativeDate, Speech, Value
from tests.memo_answers import ask_all, open_bot
from tests.test_types import ANSWERS

NOW = datetime(2026, 11, 21, 21, 40, 12, tzinfo=UTC)
HOSTILE = (
    "</script><script>alert('[1]')</script> & <b>*5* `x` ```\n# [7](javascript:x) | $y$ {z} ~~no~~ &lt;\n- 1. one\n===\n\u202eabc\x1b[31m"
)
SCHEMA = jsonschema.Draft202012Validator(memo_schema())
MARKUP = MarkdownIt("commonmark").enable(["table", "strikethrough"])


@pytest.fixture(scope="module")
def bot(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chatbot]:
    with open_bot(tmp_path_factory.mktemp("memo")) as bot:
        yield bot


@pytest.fixture(scope="module")
def answers(bot: Chatbot) -> list[Answer]:
    return ask_all(bot)


def a_memo(answer: Answer, *sources: Source) -> Memo:
    return Memo(
        title="Boats", exported="2026-11-21T21:40:12Z", answers=(Entry(answer=answer, asked="2026-11-21T21:39:00Z"),), articles=sources
    )


def full() -> Memo:
    """A memo with all that one can hold."""
    citation = Citation(
        number=1, article_id="a1", doc_id="harbour", label="The Fennick Daily", path="harbour.txt", root="articles",
        title="Harbour <reopens>", publisher="The Fennick Daily", published="2024-03-04T10:30", url="https://daily.example/?a=1&b=2",
        quote="Forty boats left on Monday, he said.", start=7, end=43,
        speech=Speech(speaker="he", start=29, end=31, verb="said", kind="said", resolved="Oren Valk"),
        dates=(RelativeDate(text="Monday", start=20, end=26, first="2024-03-04", last="2024-03-04", display="Monday = 4 March 2024"),),
        agency="AFP", carried_by=("The Corran Standard",),
        superseded=Newer(kind="correction", label="The Fennick Daily", article_id="a2", doc_id="late", published="2024-03-06"),
    )  # fmt: skip
    checks = {
        "numbers": Check(status="failed", reason="not in the quotes: 41"),
        "names": Check(status="passed", reason="every name is in the quotes"),
        "support": Check(status="n/a", reason="not checked"),
    }
    answer = Answer(
        question="How many boats left?", status="answered", short="Forty", text="41 boats left. [1]", model="ollama:some", generation=3,
        claims=(Claim(text="41 boats left.", citations=(1,), checks=checks, attribution="“he” is Oren Valk"),), citations=(citation,),
        disagreement=(Value(value="40", citations=(1,), labels=("The Fennick Daily",), published=("2024-03-04T10:30",)),),
        also_given=(Value(value="Forty", citations=(1,), labels=("The Fennick Daily",), published=("2024-03-04T10:30",)),),
        filters=Filters(since="2024-03", publishers=("The Fennick Daily",), paths=("articles/2024",)),
        time=AskedTime(words=("since March",), since="2024-03-01", applied=True), rejected=("K472",),
        rewritten="How many boats left Port Ellery?", notes=("A note.",),
    )  # fmt: skip
    source = Source(
        id="a1", text_hash="f00d", doc_id="harbour", label="The Fennick Daily", path="harbour.txt", root="articles",
        title="Harbour <reopens>", publisher="The Fennick Daily", published="2024-03-04T10:30", url="https://daily.example/?a=1&b=2",
        authors=("Ina Pell",), provenance={"published": "front matter"},
    )  # fmt: skip
    return replace(a_memo(answer, source), conversation=Origin(id="cafe0001", created="2026-11-21T21:00:00Z"), dateline="0.1.0")


# What it holds


def test_a_memo_holds_the_answer_and_what_the_home_knows_of_its_articles(bot: Chatbot, answers: list[Answer]):
    (answer,) = [one for one in answers if one.question.startswith("How many miners") and one.model == "built-in"]
    data = memo_of([Entry(answer=answer, asked="2026-11-21T21:39:00Z")], bot.home, now=NOW).to_dict()
    article = bot.home.article("mine-2")
    SCHEMA.validate(data)
    assert (data["format"], data["version"], data["exported"], data["dateline"]) == ("dateline-memo", 1, "2026-11-21T21:40:12Z", "0.1.0")
    assert (data["title"], data["answers"][0]["asked"]) == (answer.question, "2026-11-21T21:39:00Z")
    expected = answer.to_dict()
    for citation in expected["citations"]:
        citation["root"] = "articles"
    assert data["answers"][0]["answer"] == expected
    assert [source["doc_id"] for source in data["articles"]] == ["mine-2", "mine-1"]
    assert data["articles"][0] == {
        "id": article.id, "text_hash": article.text_hash, "doc_id": "mine-2", "label": "Northmoor Dispatch", "path": "news.jsonl",
        "root": "articles", "title": "The mine at Alder", "publisher": "Northmoor Dispatch", "published": "2025-05-20", "url": None,
        "authors": [], "provenance": dict(article.provenance),
    }  # fmt: skip
    assert article.provenance["published"] == "field published"


def test_a_memo_does_not_tell_where_the_articles_lie(bot: Chatbot, answers: list[Answer]):
    folder = str(bot.home.path.parent)
    assert any(folder in json.dumps(answer.to_dict()) for answer in answers)
    for form in FORMS:
        assert folder not in written(memo_of(answers, bot.home), form)
    filtered = memo_of([replace(answers[0], filters=Filters(paths=(f"{folder}/articles/news.jsonl", "/somewhere/else")))], bot.home)
    assert filtered.answers[0].answer.filters.paths == ("articles/news.jsonl", "else")


def test_a_kept_conversation_becomes_a_memo(bot: Chatbot, answers: list[Answer], tmp_path: Path):
    with Conversations(tmp_path) as kept:
        name = kept.keep(answers[0], asked=NOW)
        kept.keep(answers[1], conversation=name)
        kept.rename(name, "The harbour and the ferry")
        conversation = kept.load(name)
    memo, one = memo_of_kept(conversation, bot.home, now=NOW), memo_of_kept(conversation, bot.home, answer=2, now=NOW)
    assert (memo.title, one.title) == ("The harbour and the ferry", answers[1].question)
    assert memo.conversation == one.conversation == Origin(id=name, created="2026-11-21T21:40:12.000Z")
    assert [entry.answer.question for entry in memo.answers] == [answers[0].question, answers[1].question]
    assert one.answers == memo.answers[1:]
    assert memo.answers[0].asked == "2026-11-21T21:40:12.000Z"
    for number in (0, 3):
        with pytest.raises(IndexError, match="the conversation has 2 answers"):
            memo_of_kept(conversation, bot.home, answer=number)


@pytest.mark.parametrize(
    "change", [{"quote": "Other words."}, {"start": 1, "end": 90}, {"published": "2024-03-05"}, {"article_id": "0" * 24}]
)
def test_an_article_that_is_not_as_it_was_cited_has_no_hash(change: dict[str, Any], bot: Chatbot, answers: list[Answer]):
    citation = replace(answers[0].citations[0], **change)
    memo = memo_of([replace(answers[0], citations=(citation,))], bot.home)
    (source,) = memo.articles
    assert memo.gone == (source,)
    assert (source.id, source.text_hash, source.published, source.provenance) == (citation.article_id, None, citation.published, {})
    assert "did not hold the article like this" in written(memo, "html")


# Three forms


@pytest.mark.parametrize("form", FORMS)
@settings(max_examples=40)
@given(answer=ANSWERS, title=st.text())
def test_any_answer_survives_each_form(form: Form, answer: Answer, title: str):
    memo = replace(a_memo(answer), title=title)
    text = written(memo, form)
    file = parse(text.encode())
    assert (file.form, file.data) == (form, memo.to_dict())
    assert Memo.from_dict(file.data) == memo
    assert rewritten(file) == file.text
    SCHEMA.validate(file.data)


@pytest.mark.parametrize("form", FORMS)
def test_a_file_is_written_whole_and_read_again(form: Form, tmp_path: Path):
    path = tmp_path / f"memo.{form}"
    path.write_text("old")
    assert save(full(), path) == form
    assert read(path).data == full().to_dict()
    assert [one.name for one in tmp_path.iterdir()] == [path.name]


def test_a_name_that_is_no_unicode_survives(tmp_path: Path):
    memo = full()
    (source,) = memo.articles
    odd = replace(memo, articles=(replace(source, path="caf\udce9.txt"),))
    for form in FORMS:
        save(odd, tmp_path / f"memo.{form}")
        assert read(tmp_path / f"memo.{form}").data == odd.to_dict()


def test_the_digest_is_over_the_data_and_not_over_how_they_are_written():
    data = full().to_dict()
    again = json.loads(json.dumps(data, indent=4, sort_keys=True))
    assert digest_of(again) == data["digest"] == digest_of({name: value for name, value in data.items() if name != "digest"})
    assert digest_of({"a": 1.0, "b": [2.5]}) == digest_of({"b": [2.5], "a": 1}) != digest_of({"b": [2.25], "a": 1})
    assert digest_of({"a": True}) != digest_of({"a": 1})


GOLDEN = {
    "html": "sha256:d200c4d9dbd200c567e9ba859a4e7b1fc32f5d4c08eeaba16e9294df2e21f32a",
    "md": "sha256:990eac0f3e618252b50ef323e38a2d2aab5c1538557fa122e0237dab97c36ebc",
}


@pytest.mark.parametrize("form", ["html", "md"])
def test_what_a_reader_sees_changes_only_with_the_layout_number(form: Form):
    """Memos of an older layout are not compared with their data, so: move `LAYOUT` on, then put the new digests here."""
    import hashlib

    readable = written(full(), form).partition(files.markdown.OPENING if form == "md" else page.OPENING)[0]
    assert (full().layout, f"sha256:{hashlib.sha256(readable.encode()).hexdigest()}") == (1, GOLDEN[form])


# Markup


class Page(HTMLParser):
    """The elements and the text of a page."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.tags: list[tuple[str, tuple[tuple[str, str | None], ...]]] = []
        self.text: list[str] = []
        self.feed(text)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append((tag, tuple(attrs)))

    def handle_data(self, data: str) -> None:
        self.text.append(data)


def with_words(words: str) -> Memo:
    """The full memo with these words everywhere that an article's or a model's words may stand."""
    memo = full()
    (entry,) = memo.answers
    (citation,), (claim,) = entry.answer.citations, entry.answer.claims
    (source,) = memo.articles
    facts = {"label": words, "title": f"T{words}", "publisher": words, "path": words, "url": words, "doc_id": words}
    answer = replace(
        entry.answer, question=words, short=words, text=f"{words} [1]", rejected=(words,), notes=(words,), rewritten=words, model=words,
        citations=(replace(citation, quote=words, published=words, carried_by=(words,), agency=words, root=words, **facts),),
        claims=(replace(claim, text=words, attribution=words, checks={"names": Check(status="failed", reason=words)}),),
        disagreement=(Value(value=words, citations=(1,), labels=(words,), published=(words,)),),
        filters=Filters(publishers=(words,), paths=(words,)),
    )  # fmt: skip
    changed = replace(source, **facts, authors=(words,), provenance={"published": words})
    return replace(memo, title=words, answers=(Entry(answer=answer, asked=words),), articles=(changed,), exported=words)


TAGS = [tag for tag, _ in Page(written(with_words("plain"), "html")).tags]


@given(st.text(min_size=1))
@example(HOSTILE)
@example("-->]]></style></title><!--")
def test_no_words_act_as_markup_in_the_page(words: str):
    page_ = Page(written(with_words(f"x{words}"), "html"))
    assert [tag for tag, _ in page_.tags] == TAGS
    names = {name for _, attributes in page_.tags for name, _ in attributes}
    assert names <= {"lang", "charset", "name", "content", "http-equiv", "class", "id", "dir", "href", "type"}
    assert {value for tag, attributes in page_.tags for name, value in attributes if name == "href"} == {"#a1-1"}


def test_the_page_shows_the_words_as_they_stand():
    words = "</blockquote> <script> & &lt; [1]"
    assert Page(written(with_words(words), "html")).text.count(words) == 9


def test_the_page_fetches_and_runs_nothing():
    text = written(with_words(HOSTILE), "html")
    assert "default-src 'none'; style-src 'unsafe-inline'" in text
    assert re.findall(r"<(?:link|img|iframe|object|form|base)\b|url\(|@import|\bon\w+=|<script(?! type=.application/json.)", text) == []


def tokens(text: str) -> list[str]:
    """The kinds of all tokens of a Markdown text but those of plain words."""
    found = MARKUP.parse(text)
    inline = [child for token in found for child in token.children or []]
    return [token.type for token in [*found, *inline] if token.type not in ("text", "inline")]


@given(st.text(min_size=1))
@example(HOSTILE)
@example("1) x")
@example("\\[1]")
@example("    code")
@example("+ x\n+ y")
def test_no_words_act_as_markup_in_markdown(words: str):
    line = plain(words)
    shown = " ".join(words.split())
    rendered = MARKUP.parse(line)
    assert [token.type for token in rendered] == (["paragraph_open", "inline", "paragraph_close"] if shown else [])
    if shown:
        assert {child.type for child in rendered[1].children or []} <= {"text", "text_special"}
        told = "".join(child.content for child in rendered[1].children or [])
        assert told == re.sub(r"[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f]", "\ufffd", shown)


PLAIN_TOKENS = tokens(written(with_words("plain words"), "md"))


@given(st.text(alphabet="#*_`~[]()<>|-+=1.\\&!{}$ \tab", min_size=1).filter(lambda words: words.strip()))
@example(" ".join(HOSTILE.split()))
def test_no_words_act_as_markup_in_a_whole_memo(words: str):
    assert [kind for kind in tokens(written(with_words(f"plain {words} words"), "md")) if kind != "text_special"] == [
        kind for kind in PLAIN_TOKENS if kind != "text_special"
    ]


def test_markdown_reads_like_a_memo(bot: Chatbot, answers: list[Answer]):
    text = written(memo_of(answers[2:3], bot.home, now=NOW), "md")
    article = bot.home.article("mine-2")
    assert text.startswith(
        "Dateline memo\n\n# How many miners did the Alder mine employ?\n\n*1 answer, exported 21 November 2026, 21:40 UTC*\n\n"
        "**410, according to the union**\n\nThe Alder mine employed 410 miners, according to the union. \\[1\\]\n\n### Sources disagree\n\n"
        "- **410** \\[1\\] (Northmoor Dispatch, 20 May 2025; according to the union)\n"
        "- **340** \\[2\\] (The Fennick Daily, 2 May 2025; according to the company)\n\n### Sources\n\n"
        "\\[1\\] **Northmoor Dispatch** 20 May 2025 (from field published)\n\nThe mine at Alder\n\n"
        "> The Alder mine employed 410 miners, according to the union.\n\n- According to the union\n"
        f"- articles/news.jsonl, characters 0 to 59 of article {article.id}\n- text hash {article.text_hash}\n\n"
    )


# Files that are no memo


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"", "is no memo of Dateline"),
        (b"# Notes\n\nNothing here.", "is no memo of Dateline"),
        (b"{}", "is no memo of Dateline"),
        (b"[1]", "is no memo of Dateline"),
        (b"\xff\xfe\x00", "is no memo: it is not UTF-8"),
        (b'{"format": "dateline-memo", "version": 2}', "has version 2; this Dateline reads 1"),
        (b'{"format": "dateline-memo", "version": 1,}', "do not read as JSON"),
        (b'{"format": "dateline-memo", "version": 1, "version": 1}', "a name stands in it twice"),
        (b'{"format": "dateline-memo", "version": 1, "x": NaN}', "NaN is no JSON"),
        (b'{"a":' * 100_000, "do not read as JSON"),
        (page.OPENING.encode(), "is no memo of Dateline"),
    ],
)
def test_what_is_no_memo_is_said_in_one_line(content: bytes, message: str, tmp_path: Path):
    path = tmp_path / "memo"
    path.write_bytes(content)
    with pytest.raises(BadMemo, match=message) as caught:
        read(path)
    assert "\n" not in str(caught.value)
    assert str(path) in str(caught.value)
    assert caught.value.hint


def test_files_that_cannot_be_read_or_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    with pytest.raises(BadPath, match="cannot be read"):
        read(tmp_path / "missing.md")
    with pytest.raises(BadPath, match="cannot be written"):
        save(full(), tmp_path / "missing" / "memo.md")
    with pytest.raises(BadPath, match=r"does not end in \.md, \.html or \.json"):
        form_of(Path("memo.txt"))
    assert [form_of(Path(name)) for name in ("a.MD", "b.htm", "c.json", "d.markdown")] == ["md", "html", "json", "md"]
    monkeypatch.setattr(files, "MOST_BYTES", 3)
    (tmp_path / "large.json").write_text("{   }")
    with pytest.raises(BadMemo, match="too large"):
        read(tmp_path / "large.json")


def test_a_mark_at_the_head_and_other_line_ends_do_no_harm(tmp_path: Path):
    for form in FORMS:
        text = written(full(), form)
        file = parse(b"\xef\xbb\xbf" + text.replace("\n", "\r\n").encode())
        assert (file.form, file.data, rewritten(file)) == (form, full().to_dict(), text)
