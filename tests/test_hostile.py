"""Hostile files: each is read or skipped with one plain line, in bounded time and memory, and harms no other file.

A case is a file name and what makes its bytes; the special ones are links, pipes and names. All are made anew, none is random.
"""

from __future__ import annotations

import gzip
import io
import json
import os
import signal
import socket
import struct
import subprocess
import sys
import time
import zipfile
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from index import readers
from index.bounds import MOST_SKIPS
from index.encoder import HashEncoder
from index.files import KeptWaiting, Source
from index.home import Home
from index.isolate import _START_SECONDS, Reader
from index.prepare import Place, chunked, prepare
from index.readers import read_file
from index.types import Draft, Skipped
from index.walk import walk

SECONDS = 2.0
MEMORY = 700_000_000
MARGIN = 60.0
"""Seconds beyond the limit that a busy machine may take to start the process, and to end it."""
AFTERWARDS = 60.0
"""Processor seconds that cleaning and cutting may take on the slowest text, which takes 4; most take milliseconds."""
Make = Callable[[], bytes]
MEGA = 1_000_000


def archive(members: dict[str, bytes | str], *, method: int = zipfile.ZIP_DEFLATED) -> bytes:
    data = io.BytesIO()
    with zipfile.ZipFile(data, "w", method, compresslevel=1) as file:
        for name, content in members.items():
            file.writestr(name, content)
    return data.getvalue()


CONTAINER = '<container><rootfiles><rootfile full-path="OPS/a.opf"/></rootfiles></container>'
WORD = "http://schemas.openxmlformats.org/wordprocessingml/2006/main"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="rels" ContentType='
    '"application/vnd.openxmlformats-package.relationships+xml"/><Default Extension="xml" ContentType="application/xml"/><Override '
    'PartName="/word/document.xml" ContentType="application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"/></Types>'
)
RELATIONS = (
    '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships"><Relationship Id="rId1" Target="word/document.xml"'
    ' Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/officeDocument"/></Relationships>'
)
LAUGHS = "".join(f'<!ENTITY a{number} "' + f"&a{number - 1};" * 10 + '">' for number in range(1, 12))
LAUGHS = f'<!DOCTYPE x [<!ENTITY a0 "lol">{LAUGHS}]>'


def docx(body: str = "", *, before: str = "", **more: str | bytes) -> bytes:
    document = f'{before}<w:document xmlns:w="{WORD}"><w:body>{body}</w:body></w:document>'
    return archive({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": document, **more})


def paragraph(text: str) -> str:
    return f"<w:p><w:r><w:t>{text}</w:t></w:r></w:p>"


def epub(chapter: str | bytes = "<p>Some words.</p>", *, opf: str | None = None, container: str = CONTAINER, spine: int = 1) -> bytes:
    manifest = '<manifest><item id="c" href="c.xhtml" media-type="application/xhtml+xml"/></manifest>'
    references = '<itemref idref="c"/>' * spine
    package = opf or f'<package xmlns="http://www.idpf.org/2007/opf">{manifest}<spine>{references}</spine></package>'
    return archive({"META-INF/container.xml": container, "OPS/a.opf": package, "OPS/c.xhtml": chapter})


def pdf(*objects: bytes | str, root: str = "1 0 R", tail: str = "", prev: str = "") -> bytes:
    """A PDF file of these objects, numbered from 1, with a right cross-reference table."""
    data, offsets = b"%PDF-1.7\n", []
    for number, content in enumerate(objects, start=1):
        offsets.append(len(data))
        body = content if isinstance(content, bytes) else content.encode("latin-1")
        data += b"%d 0 obj\n" % number + body + b"\nendobj\n"
    start = len(data)
    data += b"xref\n0 %d\n0000000000 65535 f \n" % (len(objects) + 1) + b"".join(b"%010d 00000 n \n" % offset for offset in offsets)
    trailer = f"trailer\n<< /Size {len(objects) + 1} /Root {root} {prev} {tail} >>\nstartxref\n{start}\n%%EOF"
    return data + trailer.replace("START", str(start)).encode("latin-1")


def stream(content: bytes, entries: str = "") -> bytes:
    return f"<< /Length {len(content)} {entries} >>\nstream\n".encode() + content + b"\nendstream"


def page_pdf(content: bytes | str, *more: bytes | str, entries: str = "", resources: str = "", page: str = "") -> bytes:
    """One page whose content is object 4; `more` are the objects from 5 on."""
    body = content if isinstance(content, bytes) else stream(content.encode("latin-1"), entries)
    font = f"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> {resources} >>"
    return pdf(
        "<< /Type /Catalog /Pages 2 0 R >>", "<< /Type /Pages /Kids [3 0 R] /Count 1 >>",
        f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 100 100] /Contents 4 0 R {font} {page} >>", body, *more,
    )  # fmt: skip


def deflated(size: int, times: int = 1) -> bytes:
    data = b"0 " * (size // 2)
    for _ in range(times):
        data = zlib.compress(data, 1)
    return data


SHOW = "BT /F1 12 Tf (Hello words) Tj ET\n"
CATALOG = "<< /Type /Catalog /Pages 2 0 R >>"
PROSE = "The harbour of Port Ellery reopened on Monday, three weeks after a storm had closed it, the council said. "


def lying(data: bytes, size: int) -> bytes:
    """`data`, a zip file, whose directory claims 100 bytes where a member has `size`."""
    return data.replace(size.to_bytes(4, "little"), (100).to_bytes(4, "little"))


def overlapping(count: int, size: int) -> bytes:
    """A zip file of which `count` directory entries share one member of `size` bytes."""
    data = archive({"a": b"0" * size})
    start = data.index(b"PK\x01\x02")
    end = data.index(b"PK\x05\x06")
    entry = data[start:end]
    entries = b"".join(entry[:-1] + bytes([33 + number % 90]) for number in range(count))
    return data[:start] + entries + struct.pack("<4s4H2LH", b"PK\x05\x06", 0, 0, count, count, len(entries), start, 0)


def nested_zip(depth: int) -> bytes:
    data = b"0" * MEGA
    for _ in range(depth):
        data = archive({f"{number}.zip": data for number in range(4)})
    return data


def flagged(offset: int, value: int) -> bytes:
    """An e-book of which every directory entry has `value` in the 16 bits at `offset`, as has every local header."""
    data = bytearray(epub())
    for mark, shift in ((b"PK\x01\x02", 0), (b"PK\x03\x04", -2)):
        position = data.find(mark)
        while position >= 0:
            struct.pack_into("<H", data, position + offset + shift, value)
            position = data.find(mark, position + 4)
    return bytes(data)


BOOK = epub(f"<h1>Harbour</h1><p>{PROSE * 3}</p>")
ZIPS: dict[str, Make] = {
    **{
        f"{name}.{kind}": make
        for kind in ("docx", "epub")
        for name, make in {
            "bomb-flat": lambda: archive({"a": b"0" * 60 * MEGA}),
            "bomb-many": lambda: archive({str(number): b"0" * 3 * MEGA for number in range(20)}),
            "bomb-lying": lambda: lying(archive({"a": b"0" * (50 * MEGA + 1)}), 50 * MEGA + 1),
            "bomb-overlapping": lambda: overlapping(3_000, MEGA),
            "bomb-overlapping-lying": lambda: lying(overlapping(3_000, MEGA), MEGA),
            "bomb-nested": lambda: nested_zip(5),
            "members-many": lambda: archive(dict.fromkeys(map(str, range(20_000)), b""), method=zipfile.ZIP_STORED),
            "members-escaping": lambda: archive({"../../../etc/passwd": "root", "/etc/shadow": "root"}),
            "members-named-badly": lambda: archive({"a\nb\x1b[31m": "x", "\u202e" * 60: "y", "n" * 60_000: "z"}),
            "cut-in-half": lambda: BOOK[: len(BOOK) // 2],
            "cut-directory": lambda: BOOK[:-12],
            "zeroed-directory": lambda: BOOK[:-60] + b"\0" * 38 + BOOK[-22:],
            "garbage-behind-magic": lambda: b"PK\x03\x04" + bytes(range(256)) * 40,
            "only-the-end": lambda: b"PK\x05\x06" + b"\0" * 18,
            "end-lying": lambda: b"PK\x05\x06" + b"\xff" * 18,
            "text": lambda: PROSE.encode(),
            "zeros": lambda: b"\0" * MEGA,
        }.items()
    },
    "encrypted.epub": lambda: flagged(8, 1),
    "method-unknown.epub": lambda: flagged(10, 99),
    "checksum-wrong.epub": lambda: BOOK.replace(b"PK\x01\x02", b"PK\x01\x02", 1)[:60] + b"\xff" + BOOK[61:],
    "container-laughs.epub": lambda: epub(container=LAUGHS + CONTAINER.replace("OPS/a.opf", "&a11;")),
    "container-deep.epub": lambda: epub(container="<a>" * 100_000),
    "container-elsewhere.epub": lambda: epub(container=CONTAINER.replace("OPS/a.opf", "../../../../etc/passwd")),
    "container-itself.epub": lambda: epub(container=CONTAINER.replace("OPS/a.opf", "META-INF/container.xml")),
    "container-file-entity.epub": lambda: epub(container='<!DOCTYPE c SYSTEM "file:///dev/zero"><c>&x;</c>'),
    "package-laughs.epub": lambda: epub(opf=LAUGHS + "<package>&a11;</package>"),
    "package-deep.epub": lambda: epub(opf="<a>" * 50_000 + "</a>" * 50_000),
    "package-empty.epub": lambda: epub(opf="<package/>"),
    "spine-repeated.epub": lambda: epub("<p>" + "word " * 100_000 + "</p>", spine=5_000),
    "chapter-laughs.epub": lambda: epub(LAUGHS + "<p>&a11;</p>"),
    "chapter-deep.epub": lambda: epub("<div>" * 200_000 + "words"),
    "chapter-binary.epub": lambda: epub(bytes(range(256)) * 1_000),
    "chapter-utf16-cut.epub": lambda: epub("<p>words</p>".encode("utf-16")[:-1]),
    "entities.docx": lambda: docx(paragraph("&a11;"), before=LAUGHS),
    "entities-quadratic.docx": lambda: docx(paragraph("&a;" * 50_000), before='<!DOCTYPE x [<!ENTITY a "' + "b" * 50_000 + '">]>'),
    "deep.docx": lambda: docx("<w:p>" * 100_000),
    "deep-tables.docx": lambda: docx("<w:tbl><w:tr><w:tc>" * 60 + paragraph("words") + "</w:tc></w:tr></w:tbl>" * 60),
    "wide-cell.docx": lambda: docx(
        f'<w:tbl><w:tblGrid/><w:tr><w:tc><w:tcPr><w:gridSpan w:val="900000000"/></w:tcPr>{paragraph("words")}</w:tc></w:tr></w:tbl>'
    ),
    "merged-cells.docx": lambda: docx(
        "<w:tbl>" + f"<w:tr><w:tc><w:tcPr><w:vMerge/></w:tcPr>{paragraph('x')}</w:tc></w:tr>" * 3_000 + "</w:tbl>"
    ),
    "paragraphs-many.docx": lambda: docx("<w:p/>" * 200_000 + paragraph("words")),
    "paragraph-long.docx": lambda: docx(paragraph("word " * 1_000_000)),
    "no-body.docx": lambda: archive({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS, "word/document.xml": "<a/>"}),
    "no-types.docx": lambda: archive({"word/document.xml": "<a/>"}),
    "relation-to-itself.docx": lambda: docx("", **{"word/_rels/document.xml.rels": RELATIONS.replace("word/", "")}),
    "relation-missing.docx": lambda: archive({"[Content_Types].xml": TYPES, "_rels/.rels": RELATIONS}),
    "properties-broken.docx": lambda: docx(paragraph("words"), **{"docProps/core.xml": "<a"}),
    "old-word.docx": lambda: b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\0" * 10_000,
}

CHAIN = 3_000
PDFS: dict[str, Make] = {
    "bomb-content": lambda: page_pdf(stream(deflated(150 * MEGA), "/Filter /FlateDecode")),
    "bomb-twice": lambda: page_pdf(stream(deflated(400 * MEGA, 2), "/Filter [/FlateDecode /FlateDecode]")),
    "filters-many": lambda: page_pdf(stream(b"00" * 1_000, f"/Filter [{'/ASCIIHexDecode ' * 5_000}]")),
    "filter-unknown": lambda: page_pdf(stream(b"x", "/Filter /NoSuchDecode")),
    "filter-lzw": lambda: page_pdf(stream(b"\x80\x0b\x60\x50\x22\x0c\x0c\x85\x01" * 50_000, "/Filter /LZWDecode")),
    "filter-runs": lambda: page_pdf(stream(b"\x81a" * 500_000, "/Filter /RunLengthDecode")),
    "filter-predictor": lambda: page_pdf(
        stream(deflated(MEGA), "/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 999999999 >>")
    ),
    "filter-image": lambda: page_pdf(stream(b"\xff\xd8\xff", "/Filter /DCTDecode")),
    "deflate-broken": lambda: page_pdf(stream(b"\x78\x9c" + b"\xff" * 1_000, "/Filter /FlateDecode")),
    "length-negative": lambda: page_pdf(b"<< /Length -5 >>\nstream\nx\nendstream"),
    "length-huge": lambda: page_pdf(b"<< /Length 99999999999 >>\nstream\nx\nendstream"),
    "length-of-itself": lambda: page_pdf(b"<< /Length 4 0 R >>\nstream\nx\nendstream"),
    "pages-cycle": lambda: pdf(CATALOG, "<< /Type /Pages /Kids [2 0 R] /Count 1 >>"),
    "pages-two-cycle": lambda: pdf(
        CATALOG, "<< /Type /Pages /Kids [3 0 R] /Count 1 >>", "<< /Type /Pages /Parent 2 0 R /Kids [2 0 R] /Count 1 >>"
    ),
    "pages-deep": lambda: pdf(CATALOG, *[f"<< /Type /Pages /Kids [{n + 1} 0 R] /Count 1 >>" for n in range(2, CHAIN)], "<< /Type /Page >>"),
    "pages-many": lambda: pdf(CATALOG, f"<< /Type /Pages /Kids [{'3 0 R ' * 50_000}] /Count 50000 >>", "<< /Type /Page /Parent 2 0 R >>"),
    "pages-doubling": lambda: pdf(
        CATALOG, *[f"<< /Type /Pages /Kids [{n + 1} 0 R {n + 1} 0 R] /Count 2 >>" for n in range(2, 40)], "<< /Type /Page >>"
    ),
    "pages-count-lying": lambda: pdf(CATALOG, "<< /Type /Pages /Kids [] /Count 999999999 >>"),
    "pages-missing": lambda: pdf(CATALOG),
    "pages-no-array": lambda: pdf(CATALOG, "<< /Type /Pages /Kids 7 /Count (x) >>"),
    "root-itself": lambda: pdf("1 0 R"),
    "root-missing": lambda: pdf(CATALOG, root="99 0 R"),
    "parent-cycle": lambda: page_pdf(SHOW, page="/Parent 3 0 R").replace(b"/Type /Page /Parent 2 0 R", b"/Type /Page"),
    "contents-itself": lambda: page_pdf(b"[4 0 R 4 0 R]"),
    "contents-many": lambda: page_pdf(("[" + "5 0 R " * 50_000 + "]").encode(), stream(SHOW.encode())),
    "form-itself": lambda: page_pdf(
        "/X Do",
        stream(b"/X Do /X Do", "/Type /XObject /Subtype /Form /Resources << /XObject << /X 5 0 R >> >>"),
        resources="/XObject << /X 5 0 R >>",
    ),
    "font-itself": lambda: page_pdf(SHOW, "<< /Type /Font /Subtype /Type0 /DescendantFonts [5 0 R] >>", resources="/Font << /F1 5 0 R >>"),
    "cmap-wide": lambda: page_pdf(
        SHOW,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        stream(b"1 beginbfrange\n<00000000> <ffffffff> <0041>\nendbfrange"),
    ).replace(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", b"5 0 R" + b" " * 50, 1),
    "cmap-many": lambda: page_pdf(
        SHOW,
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica /ToUnicode 6 0 R >>",
        stream(b"100 beginbfrange\n" + b"<0000> <ffff> <0041>\n" * 5_000 + b"endbfrange"),
    ).replace(b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>", b"5 0 R" + b" " * 50, 1),
    "operators-many": lambda: page_pdf("q " * 300_000),
    "restores-many": lambda: page_pdf("Q " * 300_000),
    "text-long": lambda: page_pdf(f"BT /F1 12 Tf ({'word ' * 300_000}) Tj ET"),
    "text-many": lambda: page_pdf(SHOW * 30_000),
    "text-unclosed": lambda: page_pdf("BT (" + "(" * 200_000),
    "arrays-deep": lambda: page_pdf("[" * 200_000),
    "dictionaries-deep": lambda: page_pdf(b"<< /A " * 50_000),
    "array-object-deep": lambda: pdf(CATALOG, b"[" * 100_000),
    "numbers-huge": lambda: page_pdf(f"{'9' * 100_000} 0 Td {SHOW} 1e999 -1e999 Td"),
    "names-huge": lambda: page_pdf(f"/{'#41' * 100_000} gs"),
    "references-chain": lambda: pdf(CATALOG, *[f"{n + 1} 0 R" for n in range(2, CHAIN)], "<< /Type /Pages /Kids [] /Count 0 >>"),
    "box-huge": lambda: page_pdf(SHOW, page="/MediaBox [0 0 1e300 -1e300] /Rotate 45"),
    "xref-none": lambda: page_pdf(SHOW).replace(b"xref", b"nope"),
    "xref-far": lambda: page_pdf(SHOW).replace(b"startxref\n", b"startxref\n9999999"),
    "xref-many": lambda: page_pdf(SHOW).replace(b"xref\n0 ", b"xref\n0 99999999"),
    "xref-cycle": lambda: pdf(CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>", prev="/Prev START"),
    "xref-negative": lambda: page_pdf(SHOW).replace(b"startxref\n", b"startxref\n-"),
    "size-lying": lambda: page_pdf(SHOW).replace(b"/Size 5", b"/Size 999999999999"),
    "xref-stream-lying": lambda: (
        b"%PDF-1.7\n1 0 obj\n"
        + stream(deflated(100), "/Type /XRef /Size 999999999 /W [1 999999 1] /Root 1 0 R /Filter /FlateDecode")
        + b"\nendobj\nstartxref\n9\n%%EOF"
    ),
    "object-stream-itself": lambda: page_pdf(stream(b"4 0 << >>", "/Type /ObjStm /N 1 /First 4 /Extends 4 0 R")),
    "objects-many": lambda: pdf(CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>", *["null"] * 50_000),
    "info-itself": lambda: pdf(CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>", "<< /Title 3 0 R >>", tail="/Info 3 0 R"),
    "info-odd": lambda: pdf(CATALOG, "<< /Type /Pages /Kids [] /Count 0 >>", "<< /Title [1 2] /Author << >> >>", tail="/Info 3 0 R"),
    "encrypted-badly": lambda: page_pdf(SHOW).replace(b"/Root", b"/Encrypt << /Filter /Standard /V 99 /R 99 /O (x) /U (y) /P 1 >> /Root"),
    "outlines-cycle": lambda: pdf(
        "<< /Type /Catalog /Pages 2 0 R /Outlines 3 0 R >>", "<< /Type /Pages /Kids [] /Count 0 >>", "<< /First 3 0 R /Next 3 0 R >>"
    ),
    "header-only": lambda: b"%PDF-1.7\n",
    "header-repeated": lambda: b"%PDF-1.7\n" * 100_000,
    "end-repeated": lambda: b"%PDF-1.7\n" + b"startxref\n9\n%%EOF\n" * 100_000,
    "objects-unended": lambda: b"%PDF-1.7\n" + b"1 0 obj\n<<" * 50_000,
    "streams-unended": lambda: b"%PDF-1.7\n" + b"1 0 obj\n<< /Length 9 >>\nstream\n" * 20_000,
    "cut": lambda: page_pdf(SHOW)[:200],
    "zeros": lambda: b"%PDF-1.7\n" + b"\0" * 5 * MEGA,
    "percent": lambda: b"%PDF-1.7\n" + b"%" * 2 * MEGA,
    "brackets": lambda: b"%PDF-1.7\n" + b"<" * MEGA,
    "text": lambda: PROSE.encode(),
}

HTMLS: dict[str, str] = {
    "div-deep": "<div>" * 100_000 + PROSE,
    "inline-deep": "<b><i>" * 50_000 + PROSE,
    "tables-deep": "<table><tr><td>" * 20_000 + PROSE,
    "lists-deep": "<ul><li>" * 30_000 + PROSE,
    "quotes-deep": "<blockquote>" * 30_000 + PROSE + "</blockquote>" * 30_000,
    "forms-deep": "<form>" * 50_000 + PROSE,
    "tags-unclosed": "<p>" * 1_000_000 + PROSE,
    "tags-mixed": "<p><a><b><i><span>" * 50_000 + PROSE,
    "ends-only": "</div>" * 300_000 + PROSE,
    "brackets": "<" * 1_000_000,
    "tag-unended": "<p " + "a" * 1_000_000,
    "attributes": f"<p {' '.join(f'a{n}=1' for n in range(100_000))}>{PROSE}</p>",
    "attribute-same": f"<p {'class=x ' * 200_000}>{PROSE}</p>",
    "attribute-long": '<p title="' + "x" * 5_000_000 + f'">{PROSE}</p>',
    "comments": "<!-- x -->" * 200_000 + PROSE,
    "comment-unended": "<!--" + PROSE * 10_000,
    "script-only": "<script>" + "var a = 1;" * 10_000 + "</script>",
    "script-unended": "<script>" + PROSE * 1_000,
    "style-only": "<style>p {}</style>",
    "noscript": "<noscript>Switch on JavaScript to read this page.</noscript>",
    "laughs": LAUGHS + "<p>&a11;</p>",
    "xml-laughs": '<?xml version="1.0"?>' + LAUGHS + "<html><body><p>&a11;</p></body></html>",
    "external": f'<!DOCTYPE html SYSTEM "file:///dev/zero"><img src="http://127.0.0.1:9/x"><p>{PROSE}</p>',
    "references": "&#65;" * 300_000,
    "references-bad": "&#x110000;&#xd800;&#0;&#-1;&#99999999999999999999;" + PROSE,
    "references-open": "&" * 500_000,
    "cdata": "<![CDATA[" * 100_000 + PROSE,
    "instructions": "<?x " * 200_000 + PROSE,
    "doctypes": "<!DOCTYPE html>" * 100_000 + PROSE,
    "metas": '<meta name="date" content="2025-13-45">' * 50_000 + PROSE,
    "meta-long": '<meta property="og:site_name" content="'
    + "n" * MEGA
    + '"><title>'
    + "t" * MEGA
    + f"</title><article><p>{PROSE * 5}</p></article>",
    "times": '<time datetime="2025-06-06" pubdate></time>' * 30_000 + PROSE,
    "titles": "<title>a | b</title>" * 50_000 + PROSE,
    "title-separated": f"<title>{'a | ' * 30_000}</title><article><p>{PROSE * 5}</p></article>",
    "json-ld-deep": '<script type="application/ld+json">' + "[" * 100_000 + f"</script><p>{PROSE}</p>",
    "json-ld-odd": f'<script type="application/ld+json">[1, null, {{"@graph": [7], "publisher": [], "datePublished": {{}}}}]</script>'
    f"{PROSE}",
    "json-ld-digits": '<script type="application/ld+json">{"datePublished": ' + "9" * 10_000 + f"}}</script><p>{PROSE}</p>",
    "paragraphs": "<p>word</p>" * 50_000,
    "paragraphs-same": f"<p>{PROSE}</p>" * 5_000,
    "links": '<a href="/x">A headline of five words</a> ' * 30_000,
    "links-javascript": f'<a href="javascript:alert(1)">{PROSE}</a>' * 100,
    "images": '<img src="x" alt="y">' * 50_000,
    "svg": "<svg><text>" * 50_000 + PROSE,
    "template": "<template>" * 50_000 + PROSE,
    "frames": "<frameset><frame>" * 20_000,
    "select": "<select><option>" * 50_000 + PROSE,
    "line-long": "<p>" + "x" * 4_000_000,
    "spaces": f"<p>{PROSE}" + " " * 3_000_000 + f"{PROSE}</p>",
    "base-loop": '<base href="http://[">' + f'<a href="//[x">{PROSE}</a><link rel="canonical" href="http://[::1">',
    "refresh": f'<meta http-equiv="refresh" content="0;url=http://127.0.0.1:9/"><p>{PROSE}</p>',
    "charset-unknown": f'<meta charset="no-such-thing"><p>{PROSE}</p>',
    "charset-codec": f'<meta charset="zip"><p>{PROSE}</p><meta charset="idna"><meta charset="unicode_escape">',
    "control": f"<p>\x01\x02\x1b[31m{PROSE}\u202e\u2066</p>",
}

MARKDOWNS: dict[str, str] = {
    "laughs": "---\na: &a [x, x, x]\n" + "".join(f"{c}: &{c} [{f'*{chr(ord(c) - 1)}, ' * 9}]\n" for c in "bcdefghij") + "---\n" + PROSE,
    "laughs-authors": "---\na: &a [x]\nauthors: [*a, *a]\n---\n" + PROSE,
    "merge-laughs": "---\na: &a {x: 1}\nb: &b {<<: [*a, *a]}\n---\n" + PROSE,
    "alias-of-itself": "---\na: &a [*a]\ntitle: *a\n---\n" + PROSE,
    "yaml-deep": "---\na: " + "[" * 9_000 + "\n---\n" + PROSE,
    "yaml-deep-indented": "---\n" + "".join(" " * n + "a:\n" for n in range(150)) + "---\n" + PROSE,
    "yaml-long": "---\n" + "a: b\n" * 100_000 + "---\n" + PROSE,
    "yaml-unended": "---\n" + "a: b\n" * 5_000,
    "yaml-python": "---\na: !!python/object/apply:os.system [true]\n---\n" + PROSE,
    "yaml-tag": "---\na: !x y\n---\n" + PROSE,
    "yaml-number-hex": "---\nid: 0x" + "f" * 15_000 + "\ntitle: 0x" + "f" * 3_000 + "\n---\n" + PROSE,
    "yaml-number-sixty": "---\ntitle: 1" + ":59" * 3_000 + "\n---\n" + PROSE,
    "yaml-number-long": "---\ntitle: " + "9" * 15_000 + "\n---\n" + PROSE,
    "yaml-odd-values": "---\ntitle: [a]\nauthors: {a: b}\ndate: [1]\nurl: 7\npublisher: .nan\nid: .inf\n---\n" + PROSE,
    "yaml-odd-keys": "---\n? [a]\n: b\n1: c\nnull: d\n---\n" + PROSE,
    "yaml-list": "---\n- a\n- b\n---\n" + PROSE,
    "yaml-dates": "---\ndate: 9999-99-99\npublished: 0000-01-01\n---\n" + PROSE,
    "yaml-date-early": "---\ndate: 0001-01-01T00:00:00+23:59\n---\n" + PROSE,
    "yaml-duplicate": "---\ntitle: a\ntitle: b\n---\n" + PROSE,
    "yaml-surrogate": '---\ntitle: "\\ud800 x"\n---\n' + PROSE,
    "yaml-null": '---\ntitle: "a\\0b\\e[31m"\nauthors: "\\0"\n---\n' + PROSE,
    "brackets": "[" * 60_000,
    "images": "![" * 30_000,
    "emphasis": "*a **a " * 9_000,
    "backticks": "".join("`" * n + "a" for n in range(300)),
    "quotes-deep": ">" * 60_000 + " " + PROSE,
    "lists-deep": "".join("  " * n + "- a\n" for n in range(240)),
    "lists-one-line": "- " * 30_000 + PROSE,
    "table-wide": "|".join("a" * 1 for _ in range(9_000)) + "\n" + "|".join("-" * 1 for _ in range(9_000)) + "\n" + "a\n" * 2_000,
    "links-nested": "[a](" * 15_000,
    "references": "[a][" * 15_000,
    "definitions": "".join(f"[{n}]: y\n" for n in range(8_000)) + PROSE,
    "html": "<a " * 20_000,
    "comments": "<!--" * 15_000,
    "entities": "&" * 60_000,
    "backslashes": "\\" * 60_000,
    "large": ("[" * 1_000 + "\n") * 2_000,
    "large-stars": "**a *b " * 500_000,
}

JSONS: dict[str, str] = {
    "deep-list.json": "[" * 100_000,
    "deep-list-closed.json": "[" * 100_000 + "]" * 100_000,
    "deep-object.json": '{"text":' * 100_000,
    "deep-in-article.json": '{"text": "Some words.", "a": ' + "[" * 900 + "]" * 900 + "}",
    "deep.jsonl": "[" * 100_000 + '\n{"text": "Some words."}',
    "nan.json": '[{"text": "Some words.", "date": NaN, "title": Infinity, "id": -Infinity}]',
    "duplicate-keys.json": '{"text": "a", "text": "Some words.", "title": "x", "TITLE": "y"}',
    "integer-huge.json": '{"text": "Some words.", "id": ' + "9" * 100_000 + "}",
    "integer-long.json": '{"text": "Some words.", "date": ' + "9" * 4_000 + ', "id": ' + "9" * 4_000 + "}",
    "float-huge.json": '{"text": "Some words.", "date": 1e999, "id": 1e-999}',
    "epoch-odd.json": '[{"text": "Some words.", "date": 9999999999999}, {"text": "More words.", "date": -1}]',
    "surrogates.json": '[{"text": "\\ud800 Some words \\udc00.", "title": "\\udfff", "id": "\\ud800"}, {"text": "b", "id": "\\udc00"}]',
    "surrogate-keys.json": '[{"\\ud800": 1, "text": "Some words."}]',
    "nulls.json": '[{"text": "Some\\u0000 words.", "title": "a\\u0000b", "id": "\\u0000", "source": "\\u0000"}]',
    "same-ids.json": json.dumps([{"id": "a", "text": f"Words {n}."} for n in range(500)]),
    "alike-ids.json": json.dumps([{"id": name, "text": "Some words."} for name in ("\u00e9", "e\u0301", "\u200b\u00e9", " \u00e9")]),
    "id-long.json": json.dumps([{"id": "x" * MEGA, "text": "Some words."}]),
    "title-long.json": json.dumps([{"title": "x" * MEGA, "text": "Some words."}]),
    "title-separated.json": json.dumps([{"title": "a b - " * 20_000, "text": "Some words."}]),
    "names-long.json": json.dumps([{"source": "x" * MEGA, "url": "http://" + "x" * MEGA, "author": "y" * MEGA, "text": "Some words."}]),
    "authors-many.json": json.dumps([{"authors": [f"A{n} B" for n in range(100_000)], "text": "Some words."}]),
    "authors-odd.json": json.dumps([{"authors": [None, 7, [["x"]], {"name": ["y"]}], "byline": ["z"], "text": "Some words."}]),
    "fields-odd.json": json.dumps([{"title": {"a": 1}, "date": [], "source": [1], "url": {}, "id": {}, "text": "Some words."}]),
    "text-odd.json": json.dumps([{"text": 7}, {"text": ["a"]}, {"text": None}, {"text": {}}, {"text": True}, 7, None, "x", []]),
    "text-html-deep.json": json.dumps([{"text": "<p><div>" * 50_000 + PROSE}]),
    "text-html-laughs.json": json.dumps([{"text": LAUGHS + "<p>&a11;</p><p>x</p>"}]),
    "fields-many.json": json.dumps([{**{f"f{n}": n for n in range(100_000)}, "text": "Some words."}]),
    "records-many.json": "[" + ",".join(['{"text":"a"}'] * 300_000) + "]",
    "records-empty.json": "[" + ",".join(["{}"] * 300_000) + "]",
    "records-null.jsonl": "null\n" * 200_000,
    "records-broken.jsonl": '{"text": "Some words."}\n' + '{"text": \n' * 5_000,
    "lines-empty.jsonl": "\n" * 2_000_000,
    "lines-separated.jsonl": '{"text": "Some\u2028words."}\u2028{"text": "b"}\n{"text": "a\x85b"}',
    "string-unended.json": '"' + "x" * 5_000_000,
    "escapes.json": '{"text": "' + "\\u0041" * 500_000 + '"}',
    "escape-broken.json": '{"text": "\\uZZZZ \\x"}',
    "comma-last.json": '[{"text": "a"},]',
    "nothing.json": "null",
    "wrapped-deep.json": '{"articles": {"articles": {"articles": []}}}',
    "mark-inside.json": '[{"text": "\ufeffSome words."}]\ufeff',
    "columns-many.csv": "text," + ",".join(map(str, range(1_000_000))) + "\nSome words.\n",
    "columns-many-rows.csv": "text," + ",".join(map(str, range(100_000))) + "\n" + "a\n" * 100_000,
    "cells-many.csv": "text\n" + "a," * 1_000_000,
    "field-giant.csv": 'id,text\n1,"' + "word " * 800_000 + '"\n2,Some words.\n',
    "field-unended.csv": 'id,text\n1,"' + "word\n" * 500_000,
    "quotes.csv": "text\n" + '"' * 1_000_001,
    "quotes-broken.csv": 'text\n"a"b"c\n',
    "delimiters.csv": ";" * 500_000 + "\n" + "text",
    "header-only.csv": "id,text\n",
    "header-repeated.csv": "text,text,text\na,b,c\n",
    "header-empty.csv": ",,,\na,b,c,d\n",
    "rows-many.csv": "text\n" + "a\n" * 300_000,
    "rows-empty.csv": "text,title\n" + ",\n" * 300_000,
    "returns.csv": "text,title\rSome words.,b\rc,d\r",
    "formulas.csv": "text,title\n\"=cmd|' /C calc'!A0 words\",=1+1\n",
}

LONG = 60_000


def row(piece: str, length: int = LONG) -> str:
    return (piece * (length // len(piece) + 1))[:length]


TEXTS: dict[str, str] = {
    "line-10-mb": row("word ", 10 * MEGA),
    "letters": row("a"),
    "spaces": "a" + row(" ") + "b",
    "spaces-lines": row(" " * 500 + "x\n"),
    "tabs": "a" + row("\t") + "b",
    "newlines": "a" + row("\n") + "b",
    "returns": "a" + row("\r\n") + "b",
    "points": row(".") + "x",
    "ellipses": row("…") + "x",
    "marks": row("!?"),
    "commas": row(","),
    "brackets": row("["),
    "brackets-closed": row("()"),
    "quotes": row("\"'"),
    "carets": row("^"),
    "hyphens": row("a-"),
    "apostrophes": row("a'"),
    "digits": row("1"),
    "digits-points": row("1.1,"),
    "initials": row("A. "),
    "abbreviations": row("U.S. Mr. "),
    "addresses": row("http://a.b/"),
    "domains": row("example.com\n"),
    "markers": row("[1] "),
    "controls": "words " + row("\x1b[31m"),
    "bidi": row("\u202eab\u2066c "),
    "combining": "a" + row("\u0300\u0316"),
    "combining-apart": "a" + row("\u0300\u200b\u0316\u00ad"),
    "combining-short": row("a" + "\u0344" * 40),
    "jamo": row("\u1100\u1161\u11a8"),
    "ligatures": row("\ufdfa"),
    "joiners": "a" + row("\u200d") + "b",
    "emoji": row("👩\u200d👩\u200d👧"),
    "chinese": row("港口重新开放。"),
    "chinese-unspaced": row("港"),
    "tags": row("\U000e0041") + "words",
    "private": row("\ue000") + "words",
    "noncharacters": row("\ufffe\uffff") + "words",
    "line-separators": row("word\u2028\u2029\x85\x0b\x0c"),
    "short-lines": "\n".join(f"line {number}" for number in range(100_000)),
    "read-more": row("Read more\n"),
    "read-more-line": row("Read more "),
    "related": row("Related stories\n\nA headline of five words\n\n"),
    "related-only": row("Related stories\n"),
    "share": row("Share this article\n"),
    "headlines": row("A Headline With Five Words\n"),
    "comments": row("1 comment\n\n"),
    "cookies": row("We use cookies to give you the best service on our site.\n\n"),
    "newsletters": row(
        "Sign up for our newsletter today.\n\nA newsletter is what this article is about, and it says so in many words here.\n\n"
    ),
    "titles": "Same Title\n" * 50_000 + PROSE,
    "labels": row("Date:\n"),
    "dates": row("6 June 2025\n"),
    "dates-near": row("Published: 6 June 20255 6 June\n"),
    "bylines": "By " + row("A "),
    "byline-spaces": "By " + row(" ", 300) + "\n" + PROSE,
    "wrapped": row("the quick brown fox jumps over the lazy dog and runs on\n"),
    "teasers": row("A Headline With Five Words\n\nThis is a summary cut off…\n\n"),
    "near-sections": PROSE + "\n\n" + "home about us" + " about us" * 40 + " zq",
    "near-share": PROSE + "\n\n" + "share this post" + " copy link" * 38 + " zq",
    "near-bars": PROSE + "\n\n" + "sign in" + " | a" * 95 + " | a.b",
    "no-words": row("-*-\n"),
}

BYTES: dict[str, Make] = {
    "null.txt": lambda: b"\0",
    "nulls-inside.txt": lambda: b"Some\0words.",
    "zeros.txt": lambda: b"\0" * MEGA,
    "all-bytes.txt": lambda: bytes(range(256)) * 100,
    "one-high-byte.txt": lambda: b"\xff",
    "utf-8-cut.txt": lambda: "Some wörds – €".encode()[:-1],
    "utf-8-overlong.txt": lambda: b"Some words \xc0\xaf\xe0\x80\xaf.",
    "utf-8-surrogates.txt": lambda: b"Some words \xed\xa0\x80\xed\xb0\x80.",
    "utf-8-beyond.txt": lambda: b"Some words \xf4\x90\x80\x80 \xf8\x88\x80\x80\x80.",
    "utf-8-continuations.txt": lambda: b"\x80" * 10_000,
    "utf-16-cut.txt": lambda: "Some words.".encode("utf-16")[:-1],
    "utf-16-surrogate.txt": lambda: b"\xff\xfea\0\x00\xd8b\0",
    "utf-16-unmarked.txt": lambda: "Some words.".encode("utf-16-le"),
    "utf-32-cut.txt": lambda: "Some words.".encode("utf-32")[:-2],
    "utf-32-beyond.txt": lambda: b"\xff\xfe\0\0\xff\xff\xff\xff",
    "mark-only.txt": lambda: b"\xef\xbb\xbf",
    "marks-many.txt": lambda: b"\xef\xbb\xbf" * 1_000 + b"words",
    "mixed.txt": lambda: "Some wörds. ".encode() * 50 + "Some wörds. ".encode("latin-1") * 50 + "слова ".encode("koi8-r") * 50,
    "mixed-large.txt": lambda: bytes((n * 7919) % 223 + 32 for n in range(300_000)),
    "escapes.txt": lambda: b"\x1b$B\x1b(B words" * 5_000,
    "html-utf-7.html": lambda: b'<meta charset="utf-7"><p>+ADw-script+AD4- Some words stand here for all to read.</p>',
    "html-utf-16-claimed.html": lambda: b'<meta charset="utf-16"><p>Some words stand here for all to read, in one line.</p>',
    "empty.txt": lambda: b"",
    "empty.pdf": lambda: b"",
    "empty.csv": lambda: b"",
    "picture.txt": lambda: b"\x89PNG\r\n\x1a\n" + bytes(range(256)),
    "program.md": lambda: b"\x7fELF" + b"\0" * 100,
    "gzip.txt": lambda: gzip.compress(b"Some words."),
    "bomb.json.gz": lambda: gzip.compress(b"0" * 60 * MEGA, 1),
    "bomb-members.json.gz": lambda: gzip.compress(b"0" * MEGA, 1) * 80,
    "bomb-twice.json.gz": lambda: gzip.compress(gzip.compress(b"0" * 20 * MEGA, 1)),
    "cut.jsonl.gz": lambda: gzip.compress(b'{"text": "Some words."}')[:-6],
    "checksum.jsonl.gz": lambda: gzip.compress(b'{"text": "Some words."}')[:-8] + b"\0" * 8,
    "tail.jsonl.gz": lambda: gzip.compress(b'{"text": "Some words."}') + b"garbage",
    "not.csv.gz": lambda: b"text\nSome words.\n",
    "name-field.csv.gz": lambda: b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"n" * MEGA,
}


def written(texts: dict[str, str], suffix: str = "") -> dict[str, Make]:
    """Files of these texts, by name."""
    return {f"{name}{suffix}": lambda text=text: text.encode("utf-8", "surrogatepass") for name, text in texts.items()}


FILE_GROUPS: dict[str, dict[str, Make]] = {
    "archives": ZIPS,
    "pdf": {f"{name}.pdf": make for name, make in PDFS.items()},
    "html": written(HTMLS, ".html"),
    "markdown": written(MARKDOWNS, ".md"),
    "records": written(JSONS),
    "texts": written(TEXTS, ".txt"),
    "bytes": BYTES,
}
FILES = {name: make for group in FILE_GROUPS.values() for name, make in group.items()}
GOOD = {
    "zz-1.txt": "Lighthouse sold\n\nThe lighthouse of Fennick was sold to Anna Brekke for 90,000 crowns.",
    "zz-2.html": "<title>Ferry</title><article><p>The ferry to Ellery carries 412 passengers, its captain Jon Vane said.</p>"
    f"<p>{PROSE}</p></article>",
    "zz-3.json": json.dumps(
        {"title": "Mill", "text": "The old mill burned down on 3 May 2024. Nobody was hurt, fire chief Ada Holt said."}
    ),
}


def sparse(folder: Path) -> None:
    with (folder / "sparse.txt").open("wb") as file:
        file.truncate(1_000 * MEGA)


def socket_file(folder: Path) -> None:
    server = socket.socket(socket.AF_UNIX)
    before = Path.cwd()
    os.chdir(folder)  # the name of a socket has at most a hundred characters
    try:
        server.bind("socket.txt")
    finally:
        os.chdir(before)
        server.close()


def deep_folder(folder: Path, depth: int) -> None:
    """Folders within each other; from one to the next, since the name of a file has at most four thousand characters."""
    before = Path.cwd()
    os.chdir(folder)
    try:
        for _ in range(depth):
            Path("d").mkdir()
            os.chdir("d")
        Path("deep.txt").write_text("The deep folder holds words.")
    finally:
        os.chdir(before)


def overrides(*lines: str, last: str = "") -> Callable[[Path], object]:
    """A dateline.csv of these lines, and an article that it may be about."""
    return lambda folder: [(folder / "dateline.csv").write_text("\n".join(lines) + last), (folder / "a.txt").write_text("Some words.")]


SPECIAL: dict[str, Callable[[Path], object]] = {
    "sparse file": sparse,
    "pipe": lambda folder: os.mkfifo(folder / "pipe.txt"),
    "pipe as PDF": lambda folder: os.mkfifo(folder / "pipe.pdf"),
    "socket": socket_file,
    "link to zeros": lambda folder: (folder / "zero.txt").symlink_to("/dev/zero"),
    "link to null": lambda folder: (folder / "null.txt").symlink_to("/dev/null"),
    "link to a terminal": lambda folder: (folder / "terminal.txt").symlink_to("/dev/tty"),
    "link to itself": lambda folder: (folder / "self.txt").symlink_to("self.txt"),
    "links in a circle": lambda folder: [(folder / a).symlink_to(b) for a, b in (("x.txt", "y.txt"), ("y.txt", "x.txt"))],
    "link to nothing": lambda folder: (folder / "gone.txt").symlink_to("no-such-file"),
    "link to the folder": lambda folder: (folder / "folder.txt").symlink_to(folder),
    "link to the parent": lambda folder: (folder / "parent").symlink_to(folder.parent),
    "link out of the tree": lambda folder: (folder / "passwd.txt").symlink_to("/etc/passwd"),
    "link to a pipe": lambda folder: [os.mkfifo(folder / "p"), (folder / "to-pipe.txt").symlink_to("p")],
    "folder with a suffix": lambda folder: (folder / "folder.pdf").mkdir(),
    "name with a newline": lambda folder: (folder / "a\nb.txt").write_text("The first name holds words."),
    "name with controls": lambda folder: (folder / "a\x1b[31m\x07.txt").write_text("The second name holds words."),
    "name right to left": lambda folder: (folder / "a\u202etxt.exe.txt").write_text("The third name holds words."),
    "name of the longest": lambda folder: (folder / ("n" * 251 + ".txt")).write_text("The fourth name holds words."),
    "name of bytes": lambda folder: Path(os.fsdecode(os.fsencode(folder) + b"/a\xff.txt")).write_text("The fifth name holds words."),
    "name with quotes": lambda folder: (folder / "'; DROP TABLE articles; --.txt").write_text("The sixth name holds words."),
    "name as an option": lambda folder: (folder / "--help.txt").write_text("The seventh name holds words."),
    "name of a suffix": lambda folder: (folder / ".txt").write_text("The eighth name holds words."),
    "name with a percent": lambda folder: (folder / "%s%n{0}$HOME`x`.txt").write_text("The ninth name holds words."),
    "names alike": lambda folder: [(folder / f"{name}.txt").write_text("Two names hold words.") for name in ("\u00e9", "e\u0301")],
    "folder deep down": lambda folder: deep_folder(folder, 60),
    "overrides of the same columns": overrides("path," * 2_000_000 + "path", *["a"] * 1_000_000),
    "overrides of a million bad rows": overrides("path,title", *["../a,b"] * 1_000_000),
    "overrides of a million rows": overrides("path", *map(str, range(1_000_000))),
    "overrides of a long value": overrides("path,title", f"a.txt,{'b' * 100_000}"),
    "overrides of a long date": overrides("path,published", f"a.txt,{'9' * 100_000}"),
    "overrides of controls": overrides("path,title", "a\x1b[31m.txt,b\x00\x07", "\u202eb,c"),
    "overrides unended": overrides("path,title", 'a.txt,"', last="b" * 10_000_000),
    "overrides of nothing": overrides("\x00" * 1_000_000),
    "overrides as a folder": lambda folder: (folder / "dateline.csv").mkdir(),
    "overrides as a pipe": lambda folder: os.mkfifo(folder / "dateline.csv"),
    "overrides as a link to zeros": lambda folder: (folder / "dateline.csv").symlink_to("/dev/zero"),
}


@pytest.fixture(scope="module")
def reader() -> Iterator[Reader]:
    with Reader(seconds=SECONDS, memory=MEMORY) as reader:
        yield reader


@pytest.fixture(autouse=True)
def bounded_reader(reader: Reader, monkeypatch: pytest.MonkeyPatch) -> None:
    """Smaller bounds than a user's, so that a file which reaches them takes less of our time."""
    monkeypatch.setattr(readers, "shared_reader", lambda: reader)


def check(path: Path) -> list[Draft | Skipped]:
    """The results for one file; its drafts can be cleaned, cut and stored."""
    began = time.monotonic()
    results = read_file(path)
    assert time.monotonic() - began < SECONDS + MARGIN
    assert results
    for result in results:
        if isinstance(result, Skipped):
            assert result.reason.isprintable()
            assert 10 < len(result.reason) < 400
    drafts = [result for result in results if isinstance(result, Draft)]
    assert len({draft.key for draft in drafts}) == len(drafts)
    began = time.process_time()
    for draft in drafts[:20]:
        check_draft(draft, path)
    assert time.process_time() - began < AFTERWARDS
    return results


def check_draft(draft: Draft, path: Path) -> None:
    encoder = HashEncoder()
    prepared = prepare(draft, Place(location=str(path), root=str(path.parent), path=path.name), encoder=encoder, override=None)
    cut = chunked(prepared, encoder)
    article = prepared.article
    json.dumps(article.to_dict(), ensure_ascii=False).encode()
    assert len(article.label) <= 500
    kept = "".join(article.text[start:end] for start, end in cut.chunks)
    assert "".join(kept.split()) == "".join(article.text.split())
    assert cut.sentences or not article.text.strip()


def test_there_are_enough_of_them() -> None:
    assert {name: len(group) for name, group in {**FILE_GROUPS, "special": SPECIAL}.items()} == {
        "archives": 64, "pdf": 64, "html": 53, "markdown": 38, "records": 55, "texts": 61, "bytes": 36, "special": 37,
    }  # fmt: skip


SLOW = frozenset(
    """
    large-stars.md attributes.html text-long.pdf paragraphs-many.docx links.html
    paragraphs.html short-lines.txt tags-unclosed.html records-many.json wide-cell.docx
    large.md rows-many.csv table-wide.md spine-repeated.epub metas.html
    text-many.pdf chapter-laughs.epub related-only.txt records-empty.json titles.txt
    rows-empty.csv forms-deep.html images.md paragraphs-same.html times.html
    titles.html objects-many.pdf brackets.md bomb-twice.pdf references.md
    pages-many.pdf emphasis.md pages-doubling.pdf escapes.json members-many.docx
    line-10-mb.txt bomb-content.pdf filter-runs.pdf columns-many.csv bylines.txt
    attribute-same.html links-nested.md
    """.split()
)
"""What reaches the time limit, or comes near it: left out of `make test`."""


@pytest.mark.parametrize("name", [pytest.param(name, marks=pytest.mark.slow) if name in SLOW else name for name in FILES])
def test_a_hostile_file_is_read_or_skipped(name: str, tmp_path: Path) -> None:
    path = tmp_path / name
    path.write_bytes(FILES[name]())
    check(path)


@pytest.mark.slow
@pytest.mark.parametrize("name", TEXTS)
def test_ten_times_the_text_takes_about_ten_times_as_long(name: str, tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    path.write_text(TEXTS[name] * 10, "utf-8", "surrogatepass")
    check(path)


@pytest.mark.parametrize("name", SPECIAL)
def test_a_hostile_name_or_kind_of_file(name: str, tmp_path: Path) -> None:
    SPECIAL[name](tmp_path)
    began = time.process_time()
    found = walk(tmp_path, root=tmp_path)
    assert time.process_time() - began < AFTERWARDS
    for location in found.files:
        check(Path(location))
    assert len(found.skipped) <= MOST_SKIPS + 1
    for skipped in found.skipped:
        assert skipped.reason.isprintable()
        assert 10 < len(skipped.reason) < 400


@pytest.mark.parametrize(
    ("depth", "added"), [pytest.param(1_100, 4, id="than calls"), pytest.param(4_000, 3, id="than names", marks=pytest.mark.slow)]
)
def test_folders_deeper_within_each_other(depth: int, added: int, corpus: Path, open_home: Callable[..., Home]) -> None:
    deep_folder(corpus, depth)
    try:
        report = open_home().sync(corpus)
        assert (report.added, len(report.skipped)) == (added, 4 - added)
        assert all(skip.reason.startswith("the folder cannot be listed (File name too long)") for skip in report.skipped)
    finally:
        subprocess.run(["rm", "-rf", corpus / "d"], check=True)  # Python's own would call itself for each folder


def write_all(folder: Path, *, without: frozenset[str] = frozenset()) -> int:
    """Every hostile file, each special one in a folder of its own, and three good ones that come last; how many of the first."""
    folder.mkdir()
    files = [name for name in FILES if name not in without]
    for name in files:
        (folder / name).write_bytes(FILES[name]())
    for number, make in enumerate(SPECIAL.values()):
        own = folder / f"special-{number}"
        own.mkdir()
        make(own)
    for name, text in GOOD.items():
        (folder / name).write_text(text)
    return len(files)


def check_sync(folder: Path, home: Home, hostile: int) -> None:
    report = home.sync(folder)
    articles = {Path(known.location) for known in home.catalogue.known(str(folder))}
    skipped = {skip.path for skip in report.skipped}
    top = [path for path in folder.iterdir() if path.is_file()]
    lost = [path.name for path in top if path not in articles and not any(name.startswith(str(path)) for name in skipped)]
    assert (lost, len(top)) == ([], hostile + len(GOOD))
    assert all(skip.reason.isprintable() for skip in report.skipped)
    assert {folder / name for name in GOOD} <= articles
    for words, name in (("lighthouse sold Anna Brekke", "zz-1.txt"), ("ferry captain Jon Vane", "zz-2.html"), ("mill burned", "zz-3.json")):
        assert home.search(words)[0].path == name
    again = home.sync(folder)
    assert (again.added, again.changed, again.embedded, len(again.skipped)) == (0, 0, 0, len(report.skipped))


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_a_sync_over_all_of_them(tmp_path: Path, open_home: Callable[..., Home]) -> None:
    hostile = write_all(tmp_path / "articles")
    check_sync(tmp_path / "articles", open_home(), hostile)


def test_a_sync_over_the_quickest_of_each_group(tmp_path: Path, open_home: Callable[..., Home], monkeypatch: pytest.MonkeyPatch) -> None:
    quick = [name for group in (ZIPS, BYTES, JSONS) for name in list(group)[-12:] if name not in SLOW]
    hostile = write_all(tmp_path / "articles", without=frozenset(FILES) - frozenset(quick))
    with Reader(seconds=SECONDS + MARGIN, memory=MEMORY) as patient:  # the good files, too, wait for libraries to load
        monkeypatch.setattr(readers, "shared_reader", lambda: patient)
        check_sync(tmp_path / "articles", open_home(), hostile)


GREEDIEST = """
import resource, sys
from pathlib import Path
sys.path[:0] = [sys.argv[2], str(Path(sys.argv[2]).parent)]
import test_hostile as hostile
from index import readers
from index.isolate import Reader
for name in ("wide-cell.docx", "bomb-content.pdf", "bomb-flat.epub"):
    path = Path(sys.argv[1]) / name
    path.write_bytes(hostile.FILES[name]())
    with Reader(seconds=hostile.SECONDS, memory=hostile.MEMORY) as reader:
        readers.shared_reader = lambda: reader
        hostile.check(path)
print(resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss * 1024)
"""


def test_the_memory_of_the_process_is_bounded(tmp_path: Path) -> None:
    """What the greediest files make the process need at most; in a process of their own, whose children are no others."""
    command = [sys.executable, "-c", GREEDIEST, str(tmp_path), str(Path(__file__).parent)]
    most = int(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
    assert 50 * MEGA < most < MEMORY + 200 * MEGA


def test_the_first_file_of_a_process_has_no_more_time_than_others(tmp_path: Path) -> None:
    """A process that stands still takes no processor time, so that only the clock can end it: the file is not at fault."""
    source = Source(path=tmp_path / "a.txt", data=PROSE.encode(), stem="a")
    with Reader(seconds=SECONDS, memory=MEMORY) as reader:
        child = reader._ready_child()
        assert child
        os.kill(child._process.pid, signal.SIGSTOP)
        began = time.monotonic()
        with pytest.raises(KeptWaiting, match="not done in 6 seconds, since the machine is busy: the next sync tries it again"):
            child.parse(source)
        assert time.monotonic() - began < _START_SECONDS / 2
