"""Papers say what the facts say, always in the same bytes, whatever was typed into them."""

from __future__ import annotations

import io
import re
import zipfile
from datetime import UTC, datetime, timedelta
from xml.etree import ElementTree

import openpyxl
import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.poppler import poppler, text_of
from yiwang.pure.papers.api import (
    Addressee,
    Amount,
    Closing,
    Fields,
    Grid,
    Heading,
    Paper,
    Prose,
    Sheet,
    Signatures,
    Small,
    pdf,
    pictures,
    word,
    workbook,
)
from yiwang.pure.papers.shapes import visible

DATED_AT = datetime(2026, 3, 2, 1, 30, tzinfo=UTC)
MARKUP = '#set text(red) *b* _i_ $x^2$ <a> @b `r` #panic("x") \\ // c = h [x] ~ -- "q" #import "/etc/passwd"'


def paper(**change: object) -> Paper:
    values: dict[str, object] = {
        "language": "zh-hans",
        "title": "麦积区中学教学楼新建工程招标公告",
        "number": "编号：C6205000001260001001001-01",
        "dated_at": DATED_AT,
        "issuer": "麦积区教育局",
        "blocks": (
            Addressee("甲建设集团有限公司："),
            Heading("一、概况"),
            Prose("第一段。\n第二段。"),
            Fields("基本情况", (("项目名称", "教学楼"), ("校验值", "ab" * 32))),
            Grid("开标记录", ("序号", "投标人"), (("1", "甲公司"),), (True, False)),
            Closing(("麦积区教育局", "2026年3月2日")),
            Signatures((("甲方：", ("签字：",)), ("乙方：", ("签字：",)))),
            Small("依据：某法第一条"),
        ),
    }
    return Paper(**{**values, **change})  # type: ignore[arg-type]


def fonts_of(file: bytes) -> list[list[str]]:
    return [line.split() for line in poppler("pdffonts", file).splitlines()[2:]]


def info_of(file: bytes) -> str:
    return poppler("pdfinfo", file)


def words_of(file: bytes) -> str:
    document = Document(io.BytesIO(file))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    return "\n".join([each.text for each in document.paragraphs] + cells)


def test_everything_that_is_said_stands_in_the_pdf_and_in_the_word_file():
    wanted = [
        "麦积区中学教学楼新建工程招标公告",
        "C6205000001260001001001-01",
        "第二段。",
        "ab" * 32,
        "甲公司",
        "乙方：",
    ]
    in_pdf, in_word = text_of(pdf(paper())), words_of(word(paper()))
    for each in wanted:
        assert each in in_pdf
        assert each in in_word


def test_the_fonts_come_along_and_only_the_signs_that_occur():
    file = pdf(paper())
    fonts = fonts_of(file)
    assert {"NotoSerifSC-Regular", "NotoSansSC-Regular"} <= {
        each[0].split("+")[1].removesuffix("-Identity-H") for each in fonts
    }
    assert all("+" in each[0] for each in fonts)  # a tag before the name: a subset
    assert len(file) < 200_000
    assert b"pdfaid:part" in file  # archival: PDF/A-2


def test_the_same_facts_give_the_same_bytes_and_their_date():
    assert pdf(paper()) == pdf(paper())
    assert word(paper()) == word(paper())
    later = paper(dated_at=DATED_AT + timedelta(days=1))
    assert pdf(later) != pdf(paper())
    assert "Mar  2" in info_of(pdf(paper()))


def test_curly_quotes_are_narrow_on_english_papers_and_wide_on_chinese_ones():
    def width(language: str, block: object) -> float:
        """Of eight quotes in a row, in points."""
        shown = poppler("pdftotext", pdf(paper(language=language, blocks=(block,))), "-bbox", "-")
        (found,) = re.findall(r'xMin="([\d.]+)"[^>]*xMax="([\d.]+)"[^>]*>[“”‘’]{8}</word>', shown)
        return float(found[1]) - float(found[0])

    for block in (Prose("“”‘’" * 2), Small("“”‘’" * 2)):
        assert width("en", block) < 0.6 * width("zh-hans", block)


def test_the_word_file_of_an_english_paper_asks_latin_fonts_first():
    def fonts(language: str, part: str) -> set[str]:
        names = Document(io.BytesIO(word(paper(language=language)))).element.body.iter(qn("w:rFonts"))
        return {each.get(qn(part)) for each in names}

    for part in ("w:ascii", "w:hAnsi"):
        assert fonts("en", part) == {"Times New Roman", "Arial"}
        assert fonts("zh-hans", part) == {"宋体", "黑体"}
    assert fonts("en", "w:eastAsia") == {"宋体", "黑体"}


def test_markup_in_a_name_is_printed_and_not_obeyed():
    said = re.sub(r"\s", "", MARKUP)
    hostile = paper(
        title=MARKUP,
        number=MARKUP,
        blocks=(Prose(MARKUP), Fields(MARKUP, (("x", MARKUP),)), Closing((MARKUP,))),
    )
    assert text_of(pdf(hostile)).count(said) == 6
    assert words_of(word(hostile)).count(MARKUP) == 6


def test_long_words_are_broken_and_can_be_copied_whole():
    long = "x" * 300
    file = pdf(
        paper(
            title=long,
            blocks=(Fields("", (("长", long),)), Grid("", ("a", "b"), (("cd" * 32, "1"),), (False, True))),
        )
    )
    assert text_of(file).count("x" * 300) >= 2
    assert "cd" * 32 in text_of(file)


def test_a_sign_that_no_font_has_leaves_a_box_and_not_an_error():
    assert text_of(pdf(paper(title="甲𪚥乙😀丙"))).startswith("编号")


@pytest.mark.parametrize("hidden", ["\u202e", "\u200b", "\x00", "\x1b", "\u2066", "\ufeff", "\ue000"])
def test_what_hides_or_turns_text_is_left_out(hidden):
    assert visible(f"甲{hidden}乙") == "甲乙"
    assert "甲乙" in text_of(pdf(paper(title=f"甲{hidden}乙")))


@given(st.text(max_size=40))
@example("甲\ufffe乙\uffff")
@settings(max_examples=40, deadline=None)
def test_any_text_gives_files_that_open(text):
    hostile = paper(
        title=text, blocks=(Prose(text), Grid(text, (text, text), ((text, text),), (True, False)))
    )
    assert pdf(hostile).startswith(b"%PDF-")
    assert Document(io.BytesIO(word(hostile))).tables


def test_a_paper_in_english_and_a_turned_one():
    assert "Openingrecord" in text_of(pdf(paper(language="en", title="Opening record")))
    assert "841.89 x 595.276" in info_of(pdf(paper(wide=True)))


def test_pages_can_be_looked_at_and_are_numbered():
    many = paper(blocks=(Prose("\n".join(f"第{n}段。" for n in range(120))),))
    pages = pictures(many, 30)
    assert len(pages) > 2
    assert all(each.startswith(b"\x89PNG") for each in pages)
    assert f"—{len(pages)}—" in text_of(pdf(many))


def test_a_table_with_rows_of_different_lengths_is_a_bug():
    with pytest.raises(ValueError, match="different lengths"):
        Grid("表", ("a", "b"), (("1",),), (False, False))


FORMULAS = ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", '=HYPERLINK("http://x","y")', "=cmd|' /C calc'!A0"]


@pytest.mark.parametrize("text", FORMULAS)
def test_no_text_becomes_a_formula(text):
    file = workbook([Sheet("表", ["头"], [[text]], above=[text])], "zh-hans", DATED_AT)
    page = openpyxl.load_workbook(io.BytesIO(file)).active
    for cell in (page["A1"], page["A3"]):
        assert cell.data_type == "s"
        assert cell.value == text
        assert cell.quotePrefix


@pytest.mark.parametrize("sign", ["\x00", "\x0b", "\ufffe", "\uffff"])
def test_a_sign_that_no_file_can_carry_spoils_no_workbook(sign):
    file = workbook([Sheet("表", ["头"], [[f"甲{sign}乙"]])], "zh-hans", DATED_AT)
    assert openpyxl.load_workbook(io.BytesIO(file)).active["A2"].value == "甲乙"


def test_the_most_that_a_cell_holds_is_counted_as_office_programs_count():
    file = workbook([Sheet("表", ["头"], [["a" + "𠮷" * 20_000]])], "zh-hans", DATED_AT)
    held = openpyxl.load_workbook(io.BytesIO(file)).active["A2"].value
    assert held == "a" + "𠮷" * 16_383


def test_a_workbook_holds_amounts_and_instants_as_what_they_are_and_always_the_same_bytes():
    sheets = [Sheet("一/表:*?", ["金额", "时间"], [[Amount(123_456), DATED_AT], [None, "x"]])]
    file = workbook(sheets, "zh-hans", DATED_AT)
    assert file == workbook(sheets, "zh-hans", DATED_AT)
    page = openpyxl.load_workbook(io.BytesIO(file)).active
    assert float(page["A2"].value) == 1234.56
    assert page["B2"].value == datetime(2026, 3, 2, 9, 30)
    with zipfile.ZipFile(io.BytesIO(file)) as packed:
        assert b"2026-03-02T09:30:00Z" in packed.read("docProps/core.xml")
        for name in packed.namelist():
            if name.endswith(".xml"):
                ElementTree.fromstring(packed.read(name))
