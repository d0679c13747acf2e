"""What programs leave in files of who made them: read without parsing, kept as marks, and never a reason to fail."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import docx
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from yiwang.record.files import api as files
from yiwang.record.files import marks as marks_module
from yiwang.record.files.marks import OBJECT_AT_MOST, Traces, marks, telling, traces
from yiwang.site.simulation.papers import pdf

XMP = b'<x:xmpmeta><rdf:Description xmpMM:DocumentID="%s"/></x:xmpmeta>'


def told(tmp_path: Path, raw: bytes, media_type: str = files.PDF) -> Traces:
    return traces(io.BytesIO(raw), media_type)


def of(path: Path, media_type: str) -> Traces:
    with path.open("rb") as file:
        return traces(file, media_type)


def with_author(written: bytes, objects: bytes = b"") -> bytes:
    """A PDF whose information dictionary has this author, as a program writes it."""
    return (
        b"%PDF-1.7\n9 0 obj\n<< /Producer (x) /Author "
        + written
        + b" >>\nendobj\n"
        + objects
        + (b"trailer\n<< /Size 10 /Info 9 0 R >>\nstartxref\n9\n%%EOF\n")
    )


@pytest.mark.parametrize(
    ("written", "author"),
    [
        (b"(Zhang San)", "Zhang San"),
        (b"(\\376\\377\\137\\040\\116\\011)", "张三"),  # octal, UTF-16
        (b"<FEFF5F204E09>", "张三"),
        (b"<FEFF 5F20 4E09>", "张三"),
        ("(张三)".encode(), "张三"),
        ("(张三)".encode("gb18030"), "张三"),
        (b"(Li \\(Wei\\))", "Li (Wei)"),
        (b"()", ""),
        (b"(unclosed", ""),
        (b"7 0 R", ""),
    ],
)
def test_the_author_of_a_pdf_is_read_however_it_is_written(tmp_path, written, author):
    assert told(tmp_path, with_author(written)).author == author


def test_what_was_saved_last_counts_and_a_claim_elsewhere_does_not(tmp_path):
    later = b"9 0 obj\n<< /Author (Wang Wu) >>\nendobj\n"
    assert told(tmp_path, with_author(b"(Li Si)", later)).author == "Wang Wu"
    other = b"8 0 obj\n<< /Author (Zhao Liu) >>\nendobj\n"
    assert told(tmp_path, with_author(b"(Li Si)", other)).author == "Li Si"
    far = b"9 0 obj\n<< /Note (" + b"x" * OBJECT_AT_MOST + b") /Author (Wang Wu) >>\nendobj\n"
    assert told(tmp_path, with_author(b"(Li Si)", far)).author == "Li Si", (
        "only the beginning of an object is read"
    )
    assert told(tmp_path, pdf("标题")).author == ""
    assert told(tmp_path, pdf("标题", "孙编标")).author == "孙编标"


def test_the_number_of_the_source_is_read_from_the_metadata(tmp_path):
    raw = with_author(b"()", XMP % b"uuid:0b4c9f5e-1111-2222-3333-444455556666")
    assert told(tmp_path, raw).source == "0b4c9f5e-1111-2222-3333-444455556666"


_BITS = st.sampled_from(
    [b"xmpMM:DocumentID", b"=", b" ", b'"', b">", b"uuid:", b"0b4c9f5e", b"xmpMM:Docum", b"/", b"x"]
)


@given(part=st.lists(_BITS, max_size=30).map(b"".join))
def test_looking_for_the_beginning_first_finds_what_the_expression_finds(part):
    assert list(marks_module._sources(part)) == [
        match[1] for match in marks_module._XMP_SOURCE.finditer(part)
    ]


def test_word_and_excel_say_who_saved_them_last(tmp_path):
    letter = docx.Document()
    letter.core_properties.author, letter.core_properties.last_modified_by = "招标人 经办", "孙 & 编标"
    letter.save(tmp_path / "letter")
    assert of(tmp_path / "letter", files.DOCX).author == "孙 & 编标", "a form keeps who made the form"
    book = openpyxl.Workbook()
    book.properties.creator = "孙编标"
    book.save(tmp_path / "book")
    assert of(tmp_path / "book", files.XLSX).author == "孙编标"
    with zipfile.ZipFile(tmp_path / "page", "w") as page:
        page.writestr(
            "OFD.xml",
            "<ofd:OFD><ofd:DocID>0123456789abcdef</ofd:DocID><ofd:Author>孙编标</ofd:Author></ofd:OFD>",
        )
    assert of(tmp_path / "page", files.OFD) == Traces("孙编标", "0123456789abcdef")
    with zipfile.ZipFile(tmp_path / "long", "w") as page:
        page.writestr("OFD.xml", "<ofd:Author>孙编标</ofd:Author>" + " " * (1 << 20))
    assert of(tmp_path / "long", files.OFD) == Traces(), "a member that is not small is not read"


def word(settings_xml: str, core: str = "") -> bytes:
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as letter:
        letter.writestr("word/settings.xml", settings_xml)
        if core:
            letter.writestr("docProps/core.xml", core)
    return made.getvalue()


SESSIONS = '<w:settings><w:rsids><w:rsidRoot w:val="{}"/><w:rsid w:val="00D4E5F6"/></w:rsids></w:settings>'


@pytest.mark.parametrize(
    ("number", "source"),
    [
        ("00464813", "00464813"),
        ("464813", "00464813"),
        ("00aBc123", "00ABC123"),
        ("00000000", ""),
        ("0", ""),
        ("00172A27", ""),  # every new document of WPS
        ("00B47730", ""),  # and of python-docx
        ("", ""),
        ("0046481G", ""),
        ("123456789", ""),
    ],
)
def test_copies_of_a_word_document_keep_the_number_of_its_first_session(tmp_path, number, source):
    assert told(tmp_path, word(SESSIONS.format(number)), files.DOCX).source == source
    who = "<cp:lastModifiedBy>孙编标</cp:lastModifiedBy>"
    assert told(tmp_path, word(SESSIONS.format(number), who), files.DOCX) == Traces("孙编标", source)
    assert told(tmp_path, word(SESSIONS.format(number)), files.XLSX).source == ""


def test_a_word_document_of_a_program_and_one_with_endless_sessions_have_no_source(tmp_path):
    letter = io.BytesIO()
    docx.Document().save(letter)
    assert told(tmp_path, letter.getvalue(), files.DOCX).source == ""
    assert told(tmp_path, word(SESSIONS.format("00464813") + " " * (1 << 20)), files.DOCX).source == ""


@pytest.mark.parametrize(
    "name",
    [
        "Administrator",
        "ADMIN",
        "微软用户",
        "Windows 用户",
        "WPS 演示",
        "Microsoft Office User",
        "Lenovo",
        "a",
        " ",
        "—",
    ],
)
def test_names_that_say_nothing_are_nobody(name):
    assert telling(name) == ""


@given(
    st.binary(max_size=400),
    st.sampled_from([files.PDF, files.DOCX, files.XLSX, files.OFD, files.ZIP, files.TEXT]),
)
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_whatever_a_file_holds_it_is_no_error(tmp_path, raw, media_type):
    for whole in (raw, with_author(raw), with_author(b"<" + raw.hex().encode() + b">")):
        found = told(tmp_path, whole, media_type)
        assert len(found.author) <= 200


def test_a_damaged_container_tells_nothing(tmp_path):
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as page:
        page.writestr("OFD.xml", "<ofd:Author>孙编标</ofd:Author>" * 50)
    raw = bytearray(made.getvalue())
    raw[40:60] = b"\xff" * 20
    assert told(tmp_path, bytes(raw), files.OFD) == Traces()


def test_a_file_that_claims_anything_many_times_is_looked_at_in_no_time(tmp_path):
    path = tmp_path / "file"
    path.write_bytes(b"%PDF-1.7\n" + b"/Info 1 0 R 1 0 obj /Author (" * 120_000 + b"\n%%EOF\n")
    assert of(path, files.PDF).author == ""


@pytest.mark.django_db
def test_marks_are_kept_with_a_content_and_nobody_reads_a_name_from_them(tmp_path):
    one = marks(io.BytesIO(pdf("一", "孙编标")), files.PDF)
    author, source = one.author, one.source
    assert len(author) == 64
    assert source == ""
    other = marks(io.BytesIO(with_author("(孙 编标)".encode())), files.PDF)
    assert other.author == author, "spaces are no difference"
    stored = files.store(
        io.BytesIO(pdf("一", "孙编标")), name="一.pdf", max_bytes=1 << 20, types=frozenset({files.PDF})
    )
    plain = files.store(io.BytesIO(pdf("二")), name="二.pdf", max_bytes=1 << 20, types=frozenset({files.PDF}))
    assert files.made([stored.sha256, plain.sha256]) == {stored.sha256: files.Made(author, "")}
