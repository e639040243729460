"""One real file of each kind, in many encodings, and every way in which a file can be unreadable."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from index.files import MOST_INFLATED
from index.read_pdf import join_lines
from index.readers import SUFFIXES, is_article_file, read_file
from index.types import Draft, Removed, Skipped

BODY = "The tram runs again in Lindport, thirty-one years after the last rail was torn out of Harbour Street.\n\nIt brought 60,000 riders."


def only_skip(path: Path, **options: int) -> Skipped:
    [skipped] = read_file(path, **options)
    assert isinstance(skipped, Skipped), skipped
    return skipped


# Which files


@pytest.mark.parametrize("name", ["a.txt", "A.TXT", "b.c.md", "a.jsonl.gz", "a.CSV.gz", "a.ndjson", "a.htm", "a.epub", "a.docx", "a.pdf"])
def test_article_files(name: str) -> None:
    assert is_article_file(Path("folder") / name)


@pytest.mark.parametrize(
    "name", ["dateline.csv", "Dateline.CSV", ".txt", ".hidden.txt", "~$note.docx", "a.py", "a.gz", "a.txt.gz", "txt", "a.doc"]
)
def test_other_files(name: str) -> None:
    assert not is_article_file(Path("folder") / name)


def test_suffixes_are_lower_case_and_dotted() -> None:
    assert {".txt", ".md", ".html", ".pdf", ".docx", ".epub", ".json", ".jsonl", ".csv", ".jsonl.gz", ".csv.gz"} <= SUFFIXES
    assert all(suffix.startswith(".") and suffix == suffix.lower() for suffix in SUFFIXES)


# One file of each kind


def test_plain_text(tmp_path: Path) -> None:
    path = tmp_path / "tram.txt"
    text = f"How the Tram Came Back | World | The Lindport Times\n\nBy Ada Holm | 6 June 2025\n\n{BODY}"
    path.write_text(text)
    assert read_file(path) == [
        Draft(
            doc_id="tram",
            text=text,
            title="How the Tram Came Back",
            publisher="The Lindport Times",
            published="2025-06-06",
            authors=("Ada Holm",),
            provenance={"title": "first line", "publisher": "first line", "published": "date line", "authors": "byline"},
        )
    ]


def test_plain_text_without_headline(tmp_path: Path) -> None:
    path = tmp_path / "2025-06-06-tram.txt"
    path.write_text(f"Credited from: EXAMPLEWIRE\n{BODY}")
    assert read_file(path) == [
        Draft(
            doc_id="2025-06-06-tram",
            text=f"Credited from: EXAMPLEWIRE\n{BODY}",
            published="2025-06-06",
            provenance={"published": "file name"},
        )
    ]


def test_publisher_signed_at_the_end(tmp_path: Path) -> None:
    path = tmp_path / "tram.txt"
    path.write_text(f"Tram Returns\n\n{BODY}\n\nTwo Rivers Ledger\ntworiversledger.example")
    [draft] = read_file(path)
    assert isinstance(draft, Draft)
    assert (draft.publisher, draft.provenance["publisher"]) == ("Two Rivers Ledger", "last lines")


def test_the_first_lines_of_wrapped_prose_are_no_headline(tmp_path: Path) -> None:
    path = tmp_path / "wrapped.txt"
    path.write_text(
        "The owner of the last water mill on the Corrin has given its wheel\nto the museum, which will show it in the yard from May.\n"
    )
    [draft] = read_file(path)
    assert isinstance(draft, Draft)
    assert draft.title is None


def test_a_date_below_the_first_paragraph_is_not_the_publication_date(tmp_path: Path) -> None:
    path = tmp_path / "timeline.txt"
    path.write_text(f"Timeline of the Tram\n\n{BODY} {BODY}\n\n6 June 1994\nThe last tram ran.")
    [draft] = read_file(path)
    assert isinstance(draft, Draft)
    assert draft.published is None


def test_markdown(tmp_path: Path) -> None:
    path = tmp_path / "tram.md"
    path.write_text(
        "---\ntitle: Tram Returns\ndate: 2025-06-06\nsource: The Lindport Example\nid: t-1\n---\n\n"
        "It *runs*\nagain, [they](https://x.example) say.\n\n- one\n- two\n"
    )
    assert read_file(path) == [
        Draft(
            doc_id="t-1",
            text="It runs again, they say.\n\none\ntwo",
            title="Tram Returns",
            publisher="The Lindport Example",
            published="2025-06-06",
            provenance={"title": "front matter", "publisher": "front matter", "published": "front matter"},
        )
    ]


def test_pdf(tmp_path: Path) -> None:
    from reportlab.lib.pagesizes import A5
    from reportlab.lib.styles import getSampleStyleSheet
    from reportlab.platypus import Paragraph, SimpleDocTemplate

    path = tmp_path / "tram.pdf"
    style = getSampleStyleSheet()["BodyText"]
    first = (
        "The tram runs again in Lindport, thirty-one years after the last rail was torn out of Harbour Street, and its first week "
        "brought sixty thousand riders to the town."
    )
    second = "A ticket costs two coins, and children ride free on Sundays until the end of the year, the town has promised to its families."
    SimpleDocTemplate(str(path), pagesize=A5, title="Tram Returns", author="Ada Holm").build(
        [Paragraph(first, style), Paragraph(second, style)]
    )
    assert read_file(path) == [
        Draft(
            doc_id="tram",
            text=f"{first}\n\n{second}",
            title="Tram Returns",
            authors=("Ada Holm",),
            provenance={"title": "document properties", "authors": "document properties"},
        )
    ]


def test_pdf_headers_and_default_properties(tmp_path: Path) -> None:
    from reportlab.lib.pagesizes import A5
    from reportlab.pdfgen.canvas import Canvas

    path = tmp_path / "tram.pdf"
    canvas = Canvas(str(path), pagesize=A5)
    for page in range(1, 4):
        for number, line in enumerate(
            (
                "The Lindport Example",
                f"Line one of page {page} goes on to the next line,",
                "and ends here, as a sentence should.",
                str(page),
            )
        ):
            canvas.drawString(40, 500 - 20 * number, line)
        canvas.showPage()
    canvas.save()
    [draft] = read_file(path)
    assert isinstance(draft, Draft)
    assert draft.text == "\n\n".join(
        f"Line one of page {page} goes on to the next line, and ends here, as a sentence should." for page in (1, 2, 3)
    )
    assert draft.removed == tuple(Removed(text=line, rule="page-header") for line in ("The Lindport Example", "1", "2", "3"))
    assert draft.title is None
    assert draft.authors == ()


def test_divided_words_are_mended() -> None:
    lines = ["The govern-", "ment praised the well-", "known singer and her well-known", "songs.", "A new para-", "graph."]
    assert join_lines(lines) == "The government praised the well-known singer and her well-known songs.\n\nA new paragraph."


def test_docx(tmp_path: Path) -> None:
    from docx import Document

    path = tmp_path / "tram.docx"
    document = Document()
    document.add_heading("Tram Returns", level=0)
    document.add_paragraph("Published: 6 June 2025")
    document.add_paragraph("The tram runs again in Lindport.")
    table = document.add_table(rows=1, cols=2)
    table.cell(0, 0).text, table.cell(0, 1).text = "Ticket", "2 coins"
    document.save(str(path))
    assert read_file(path) == [
        Draft(
            doc_id="tram",
            text="Tram Returns\n\nPublished: 6 June 2025\n\nThe tram runs again in Lindport.\n\nTicket | 2 coins",
            title="Tram Returns",
            published="2025-06-06",
            provenance={"title": "first heading", "published": "date line"},
        )
    ]


def epub(chapters: dict[str, str], extra: dict[str, str] | None = None) -> bytes:
    items = "".join(f'<item id="{name}" href="{name}.xhtml" media-type="application/xhtml+xml"/>' for name in chapters)
    spine = "".join(f'<itemref idref="{name}"/>' for name in chapters)
    package = (
        '<package xmlns="http://www.idpf.org/2007/opf"><metadata xmlns:dc="http://purl.org/dc/elements/1.1/">'
        "<dc:title>Tram Returns</dc:title><dc:creator>Ada Holm</dc:creator><dc:publisher>Lindport Press</dc:publisher>"
        f"<dc:date>2025-06-06</dc:date></metadata><manifest>{items}</manifest><spine>{spine}</spine></package>"
    )
    container = '<container xmlns="urn:oasis:names:tc:opendocument:xmlns:container"><rootfile full-path="OPS/book.opf"/></container>'
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/epub+zip")
        archive.writestr("META-INF/container.xml", container)
        archive.writestr("OPS/book.opf", package)
        for name, body in chapters.items():
            archive.writestr(
                f"OPS/{name}.xhtml", f'<html xmlns="http://www.w3.org/1999/xhtml"><head><style>p</style></head><body>{body}</body></html>'
            )
        for name, content in (extra or {}).items():
            archive.writestr(name, content)
    return buffer.getvalue()


def test_epub(tmp_path: Path) -> None:
    path = tmp_path / "tram.epub"
    path.write_bytes(epub({"two": "<h1>Chapter one</h1><p>The tram <b>runs</b> again.</p>", "one": "<p>It is&#160;blue.</p>"}))
    assert read_file(path) == [
        Draft(
            doc_id="tram",
            text="Chapter one\nThe tram runs again.\n\nIt is blue.",
            title="Tram Returns",
            publisher="Lindport Press",
            published="2025-06-06",
            authors=("Ada Holm",),
            provenance=dict.fromkeys(("title", "publisher", "authors", "published"), "book metadata"),
        )
    ]


RECORDS = [
    {
        "id": 7,
        "headline": "Tram Returns",
        "body": "The tram runs.",
        "source": {"name": "Wire"},
        "publishedAt": "2025-06-06T09:30:00Z",
        "url": "https://a.example/1",
    },
    {
        "doc_id": "x",
        "title": "Bell Rings",
        "date": "2024/03/27",
        "url": "https://b.example",
        "text": "<p>A bell &amp; a <b>rope</b>.</p><p>Two lines.</p>",
    },
]
DRAFTS = [
    Draft(
        doc_id="7",
        key="7",
        text="The tram runs.",
        title="Tram Returns",
        publisher="Wire",
        published="2025-06-06T09:30",
        url="https://a.example/1",
        provenance={"title": "field headline", "publisher": "field source", "published": "field publishedat", "url": "field url"},
    ),
    Draft(
        doc_id="x",
        key="x",
        text="A bell & a rope.\nTwo lines.",
        title="Bell Rings",
        published="2024-03-27",
        url="https://b.example",
        provenance={"title": "field title", "published": "field date", "url": "field url"},
    ),
]


@pytest.mark.parametrize("wrap", [list, lambda rows: {"status": "ok", "articles": rows}, lambda rows: {"Results": rows}])
def test_json_lists(tmp_path: Path, wrap: object) -> None:
    path = tmp_path / "news.json"
    path.write_text(json.dumps(wrap(RECORDS)))  # type: ignore[operator]
    assert read_file(path) == DRAFTS


def test_one_json_article(tmp_path: Path) -> None:
    path = tmp_path / "2024-02-29 bell.json"
    path.write_text(json.dumps({"content": "A bell rings.", "authors": ["Ada Holm", {"name": "Ben Quist"}], "created": "yesterday"}))
    assert read_file(path) == [
        Draft(
            doc_id="2024-02-29 bell",
            text="A bell rings.",
            published="2024-02-29",
            authors=("Ada Holm", "Ben Quist"),
            provenance={"authors": "field authors", "published": "file name"},
        )
    ]


@pytest.mark.parametrize("name", ["news.jsonl", "news.ndjson", "news.jsonl.gz"])
def test_json_lines(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    data = "\n".join(map(json.dumps, RECORDS)).encode() + b"\n\n"
    path.write_bytes(gzip.compress(data) if name.endswith(".gz") else data)
    assert read_file(path) == DRAFTS


def test_bad_records_are_skipped_by_line(tmp_path: Path) -> None:
    path = tmp_path / "news.jsonl"
    path.write_text(
        '{"text": "One."}\n{"text": \n[1]\n{"title": "no text"}\n\n{"id": "a", "text": "Two."}\n{"id": "a", "text": "Three."}\n'
    )
    assert read_file(path) == [
        Draft(doc_id="news", key="1", text="One."),
        Skipped(path=f"{path}:2", reason="it is no valid JSON (Expecting value, line 1 column 9): correct it"),
        Skipped(path=f"{path}:3", reason='it is no object with fields: write an article as {"title": …, "text": …}'),
        Skipped(path=f"{path}:4", reason="it has no text: put the article's text into a field called one of text, body, content, article"),
        Draft(doc_id="a", key="a", text="Two."),
        Draft(doc_id="a", key="a#7", text="Three."),
    ]


def test_a_file_without_any_good_record_is_one_skip(tmp_path: Path) -> None:
    path = tmp_path / "questions.jsonl"
    path.write_text('{"question": "Why?"}\n' * 3)
    reason = "it has no text: put the article's text into a field called one of text, body, content, article"
    assert read_file(path) == [Skipped(path=str(path), reason=f"none of its 3 records is an article; of 3 of them: {reason}")]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv(tmp_path: Path, delimiter: str) -> None:
    path = tmp_path / "news.csv"
    rows = [
        ["id", "Title", "Text", "Date", "Outlet"],
        ["1", "Tram", '"First line.\nSecond ""line""."', "1717666680", "Wire"],
        ["2", "Bell", "", "", ""],
    ]
    path.write_text("\n".join(delimiter.join(row) for row in rows))
    assert read_file(path) == [
        Draft(
            doc_id="1",
            key="1",
            text='First line.\nSecond "line".',
            title="Tram",
            publisher="Wire",
            published="2024-06-06T09:38",
            provenance={"title": "field title", "publisher": "field outlet", "published": "field date"},
        ),
        Skipped(path=f"{path}:4", reason="it has no text: put the article's text into a field called one of text, body, content, article"),
    ]


# Encodings


WESTERN = "Die Brücke über den Fluß ist – „endlich“ – offen; ein Café am Ufer schenkt für 3 € aus. Der Bürgermeister freut sich."
RUSSIAN = "Трамвай снова ходит по улицам города спустя тридцать лет. Горожане довольны, билет стоит две монеты, дети ездят бесплатно."
POLISH = "Most na rzece został otwarty po trzech latach; burmistrz cieszył się, że łódź już nie będzie potrzebna. Źródło: gmina."


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        (WESTERN, "utf-8"),
        (WESTERN, "utf-8-sig"),
        (WESTERN, "utf-16"),
        (WESTERN, "utf-32"),
        (WESTERN, "cp1252"),
        ("Un café.", "cp1252"),
        (RUSSIAN, "cp1251"),
        (RUSSIAN, "koi8-r"),
        (POLISH, "cp1250"),
    ],
)
def test_encodings(tmp_path: Path, text: str, encoding: str) -> None:
    path = tmp_path / "a.txt"
    path.write_bytes(text.encode(encoding))
    assert read_file(path) == [Draft(doc_id="a", text=text)]


@pytest.mark.parametrize(
    ("declared", "encoding"), [("windows-1251", "cp1251"), ("koi8-r", "koi8-r"), ("utf-8", "cp1251"), ("iso-8859-1", "utf-8")]
)
def test_html_encodings(tmp_path: Path, declared: str, encoding: str) -> None:
    path = tmp_path / "a.html"
    path.write_bytes(f"<html><head><meta charset='{declared}'></head><body><p>{RUSSIAN}</p><p>{RUSSIAN}</p></body></html>".encode(encoding))
    [draft] = read_file(path)
    assert isinstance(draft, Draft)
    assert draft.text.startswith(RUSSIAN)


# What cannot be read


TEXTLESS = {
    "empty.txt": (b"", "it is empty: put the article into it, or delete it"),
    "blank.txt": (b" \n\n ", "it holds no words: put the article's text into it, or delete it"),
    "picture.txt": (
        b"\x89PNG\r\n\x1a\n\0\0\0",
        "it holds binary data, not text: save it as UTF-8 text, or give it the suffix of what it is",
    ),
    "half.txt": ("Brücke".encode("utf-16")[:-1], "its encoding is damaged (the text breaks off in mid-character): save it again as UTF-8"),
    "broken.pdf": (b"%PDF-1.7\n1 0 obj <<", "it is no whole PDF file: open it in a viewer and print it to a new PDF, or copy it again"),
    "broken.docx": (b"PK\x03\x04 no zip", "it is no whole Word (.docx) file: copy it again, or save it anew"),
    "old.docx": (b"\xd0\xcf\x11\xe0\xa1\xb1", "it is an old or password-protected Word file: save it as .docx without a password"),
    "broken.epub": (b"no book", "it is no whole e-book (.epub) file: copy it again, or save it anew"),
    "empty.html": (
        b"<html><head><script>var a = 'words of a script'</script></head><body><img src='a.png'></body></html>",
        "no article text was found in this page: open it in a browser and save it as text or PDF",
    ),
    "broken.json": (b'{"text": "a"', "it is no valid JSON (Expecting ',' delimiter, line 1 column 13): correct it"),
    "number.json": (b"7", "it holds no article: a JSON file is a list of articles, or one object with a text field"),
    "deep.json": (b"[" * 100_000, "it is no JSON of articles (nested too deeply, or a number is too long): correct it"),
    "list.json": (b"[]", "it holds no articles: put some into it, or delete it"),
    "no-text.csv": (b"a,b\n1,2\n", "it has no text column: call the column with the articles' text one of text, body, content, article"),
    "quotes.csv": (b'text\n"open', "line 2 is no valid CSV (unexpected end of data): check its quotes"),
    "broken.jsonl.gz": (gzip.compress(b'{"text": "a"}')[:-9], "it is no whole gzip file: copy or download it again"),
    "front.md": (
        b"---\ntitle: a: b\n---\nText.",
        "its front matter is no valid YAML, line 2: correct it, or put quotes around values with a colon",
    ),
}


@pytest.mark.parametrize("name", TEXTLESS)
def test_unreadable_content(tmp_path: Path, name: str) -> None:
    data, reason = TEXTLESS[name]
    path = tmp_path / name
    path.write_bytes(data)
    assert read_file(path) == [Skipped(path=str(path), reason=reason)]


def test_too_large(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as file:
        file.truncate(50_000_000)
    assert only_skip(path).reason == "it is too large (50.0 MB, the limit is 20 MB): split it into smaller files"
    path.write_text("A short text.")
    assert only_skip(path, max_bytes=5).reason.startswith("it is too large")


def test_compressed_bombs(tmp_path: Path) -> None:
    reason = "it unpacks to more than 50 MB: split it into smaller files"
    zeros = "0" * (MOST_INFLATED + 1)
    (tmp_path / "bomb.json.gz").write_bytes(gzip.compress(zeros.encode()))
    (tmp_path / "bomb.epub").write_bytes(epub({"a": zeros}))
    (tmp_path / "bomb.docx").write_bytes(epub({"a": zeros}))
    assert [only_skip(path).reason for path in sorted(tmp_path.iterdir())] == [reason] * 3


def test_a_bomb_that_lies_about_its_size(tmp_path: Path) -> None:
    path = tmp_path / "bomb.epub"
    size = MOST_INFLATED + 1
    honest = epub({}, {"OPS/a.xhtml": "0" * size})
    path.write_bytes(honest.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little")))
    assert "it" in only_skip(path).reason  # zipfile stops at the size that the directory claims


def test_protected_books_and_documents(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.encrypt("secret", algorithm="RC4-128")
    writer.write(tmp_path / "locked.pdf")
    assert only_skip(tmp_path / "locked.pdf").reason == "it is protected by a password: save a copy without one"

    book = tmp_path / "locked.epub"
    book.write_bytes(epub({"a": "<p>x</p>"}, {"META-INF/encryption.xml": '<e><CipherReference URI="OPS/a.xhtml"/></e>'}))
    assert only_skip(book).reason == "it is protected against copying: only an e-book without protection can be read"


def test_scanned_pdf(tmp_path: Path) -> None:
    from pypdf import PdfWriter

    writer = PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(tmp_path / "scan.pdf")
    reason = "it holds no text, only pictures of pages: run text recognition on it first (ocrmypdf IN OUT)"
    assert only_skip(tmp_path / "scan.pdf").reason == reason


def test_xml_entities_are_not_expanded(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("SECRET")
    path = tmp_path / "a.epub"
    with zipfile.ZipFile(path, "w") as archive:
        entity = f'<!DOCTYPE c [<!ENTITY x SYSTEM "file://{tmp_path / "secret"}">]><c><rootfile full-path="&x;"/></c>'
        archive.writestr("META-INF/container.xml", entity)
    assert only_skip(path).reason == "it is no whole e-book (.epub): copy it again, or convert it anew"


def test_paths_that_are_no_files(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    (tmp_path / "loop.txt").symlink_to(tmp_path / "loop.txt")
    os.mkfifo(tmp_path / "pipe.txt")
    no_file = "it is not a regular file: leave it out, or copy its content into one"
    assert only_skip(tmp_path / "missing.txt").reason == "there is no such file: check the path"
    assert only_skip(tmp_path / "folder.txt").reason == no_file
    assert only_skip(tmp_path / "pipe.txt").reason == no_file
    assert only_skip(tmp_path / "loop.txt").reason == "the link leads back to itself: remove it or point it at a file"
    assert only_skip(tmp_path / "a.xyz").reason.startswith("its kind is not known: give it one of the endings .csv, .docx, ")


@settings(deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.sampled_from(sorted(SUFFIXES)), st.binary(max_size=300) | st.text(max_size=300).map(lambda text: text.encode("utf-8", "ignore")))
def test_any_bytes_are_read_or_skipped(tmp_path: Path, suffix: str, data: bytes) -> None:
    path = tmp_path / f"a{suffix}"
    path.write_bytes(gzip.compress(data) if suffix.endswith(".gz") else data)
    results = read_file(path)
    assert results
    assert all("\n" not in result.reason for result in results if isinstance(result, Skipped))


@pytest.mark.skipif(os.geteuid() == 0, reason="root may read everything")
def test_forbidden(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text("Text.")
    path.chmod(0)
    assert only_skip(path).reason == "no permission to read it: allow it with `chmod u+r` on the file"
