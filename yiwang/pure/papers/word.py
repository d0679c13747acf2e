"""Word files for offices that go on writing in them: the same blocks as on paper, in styles of the house."""

from __future__ import annotations

from datetime import datetime
from io import BytesIO
from typing import Any

from docx import Document
from docx.enum.section import WD_ORIENT
from docx.enum.table import WD_TABLE_ALIGNMENT
from docx.enum.text import WD_ALIGN_PARAGRAPH
from docx.oxml import OxmlElement
from docx.oxml.ns import qn
from docx.shared import Mm, Pt

from yiwang.pure.kernel.days import local
from yiwang.pure.papers.packing import repacked
from yiwang.pure.papers.shapes import (
    Addressee,
    Block,
    Closing,
    Fields,
    Grid,
    Heading,
    Paper,
    Prose,
    Signatures,
    Small,
    visible,
)

# Names that Word and WPS replace by what they have; the first exists on every Chinese office machine.
SERIF, SANS = "宋体", "黑体"
# A Chinese font draws curly quotes as wide as a Chinese sign: what is English asks these first.
LATIN = {SERIF: "Times New Roman", SANS: "Arial"}
BODY_POINTS, TABLE_POINTS, SMALL_POINTS, TITLE_POINTS = 14, 10.5, 9, 20


def written(paper: Paper) -> bytes:
    """What ``offices.word`` gives."""
    document, chinese = Document(), paper.language.startswith("zh")
    _page(document, paper)
    if paper.number:
        _line(document, paper.number, TABLE_POINTS, SANS, WD_ALIGN_PARAGRAPH.RIGHT)
    _line(document, paper.title, TITLE_POINTS, SERIF, WD_ALIGN_PARAGRAPH.CENTER, bold=True, style="Title")
    for block in paper.blocks:
        _put(document, block, chinese)
    if not chinese:
        _latin_first(document)
    moment: datetime = local(paper.dated_at).replace(tzinfo=None)
    properties = document.core_properties
    properties.title, properties.author = visible(paper.title)[:255], visible(paper.issuer)[:255]
    properties.comments, properties.created, properties.modified = "", moment, moment
    file = BytesIO()
    document.save(file)
    return repacked(file.getvalue(), moment)


def _page(document: Any, paper: Paper) -> None:
    section = document.sections[0]
    section.page_width, section.page_height = Mm(210), Mm(297)
    section.top_margin, section.bottom_margin = Mm(32), Mm(30)
    section.left_margin, section.right_margin = Mm(28), Mm(26)
    if paper.wide:
        section.orientation = WD_ORIENT.LANDSCAPE
        section.page_width, section.page_height = Mm(297), Mm(210)
        section.left_margin = section.right_margin = Mm(20)
    title = document.styles["Title"]
    for border in title.element.findall(".//" + qn("w:pBdr")):
        border.getparent().remove(border)
    _page_number(section.footer.paragraphs[0])


def _page_number(paragraph: Any) -> None:
    paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
    run = paragraph.add_run()
    for kind, text in (("begin", ""), ("", "PAGE"), ("end", "")):
        element = OxmlElement("w:fldChar" if kind else "w:instrText")
        if kind:
            element.set(qn("w:fldCharType"), kind)
        element.text = text or None
        run._r.append(element)


def _font(run: Any, points: float, family: str, bold: bool = False) -> None:
    run.font.size, run.font.name, run.font.bold = Pt(points), family, bold
    run._r.get_or_add_rPr().get_or_add_rFonts().set(qn("w:eastAsia"), family)


def _latin_first(document: Any) -> None:
    for fonts in document.element.body.iter(qn("w:rFonts")):
        for part in ("w:ascii", "w:hAnsi"):
            fonts.set(qn(part), LATIN.get(fonts.get(qn(part)), fonts.get(qn(part))))


def _line(
    holder: Any,
    text: str,
    points: float = BODY_POINTS,
    family: str = SERIF,
    alignment: Any = None,
    *,
    bold: bool = False,
    style: str | None = None,
) -> Any:
    paragraph = holder.add_paragraph(style=style)
    paragraph.alignment = alignment
    _font(paragraph.add_run(visible(text)), points, family, bold)
    return paragraph


def _put(document: Any, block: Block, chinese: bool) -> None:
    match block:
        case Heading(text):
            _line(document, text, BODY_POINTS, SANS, style="Heading 2")
        case Prose(text):
            for each in text.split("\n"):
                paragraph = _line(document, each)
                if chinese:
                    paragraph.paragraph_format.first_line_indent = Pt(2 * BODY_POINTS)
        case Addressee(text):
            _line(document, text)
        case Fields(caption, rows):
            _table(document, caption, (), rows, (False, False))
        case Grid(caption, heads, rows, figures):
            _table(document, caption, heads, rows, figures)
        case Closing(lines):
            for each in lines:
                _line(document, each, alignment=WD_ALIGN_PARAGRAPH.RIGHT)
        case Signatures(parties):
            cells = tuple("\n".join((name, *lines)) for name, lines in parties)
            _table(document, "", (), (cells,), (False,) * len(cells), grid=False)
        case Small(text):
            for each in text.split("\n"):
                _line(document, each, SMALL_POINTS, SANS)


def _table(
    document: Any,
    caption: str,
    heads: tuple[str, ...],
    rows: tuple[tuple[str, ...], ...],
    figures: tuple[bool, ...],
    grid: bool = True,
) -> None:
    if caption:
        _line(document, caption, TABLE_POINTS, SANS, WD_ALIGN_PARAGRAPH.CENTER)
    table = document.add_table(rows=0, cols=len(figures), style="Table Grid" if grid else None)
    table.alignment = WD_TABLE_ALIGNMENT.CENTER
    for number, row in enumerate([heads, *rows] if heads else rows):
        is_head = bool(heads) and number == 0
        for at, (cell, text) in enumerate(zip(table.add_row().cells, row, strict=True)):
            paragraph = cell.paragraphs[0]
            sans = is_head or (not heads and grid and at == 0)
            _font(paragraph.add_run(visible(text)), TABLE_POINTS, SANS if sans else SERIF)
            if is_head:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.CENTER
            elif figures[at]:
                paragraph.alignment = WD_ALIGN_PARAGRAPH.RIGHT
    if heads:
        _repeat_heads(table.rows[0])
    document.add_paragraph()


def _repeat_heads(row: Any) -> None:
    """The heads stand again on every page that the table reaches."""
    mark = OxmlElement("w:tblHeader")
    mark.set(qn("w:val"), "true")
    row._tr.get_or_add_trPr().append(mark)
