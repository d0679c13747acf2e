"""A notice as a paper: what its page shows, in the order of its form."""

from __future__ import annotations

from django.conf import settings

from yiwang.common.identity.api import organisations
from yiwang.common.notices.presentation import BodyRow, detailed_rows
from yiwang.common.notices.shapes import PUBLISHED, Notice
from yiwang.law.api import notice_form
from yiwang.pure.kernel.days import local_day, shown
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Block, Closing, Fields, Grid, Paper, Small
from yiwang.record.journal.api import birth

DRAFT_MARK = Words("（未发布）", " (not published)")
MOST_COLUMNS_UPRIGHT = 7  # a table of more needs the sheet turned
REHEARSAL = Words("演练环境生成，不具有法律效力。", "Made in a rehearsal: without legal effect.")
AUTHORITATIVE = Words(
    "",
    "The notice is published in Chinese, which is the authoritative text; labels are translated for reading.",
)


def notice_paper(notice: Notice, language: str) -> Paper:
    """The notice on paper, in Chinese or with English labels; one that is not published says so in its number.

    The date of the paper is that of the publication (of the draft before).
    """
    published = notice.status == PUBLISHED
    rows = detailed_rows(notice, language)
    mark = "" if published else DRAFT_MARK.in_language(language)
    return Paper(
        language=language,
        title=notice.title,
        number=Words("编号：", "No. ").in_language(language) + notice.code + mark,
        dated_at=notice.published_at or notice.created_at,
        issuer=_issuers(notice)[0],
        wide=any(row.table is not None and len(row.table.heads) > MOST_COLUMNS_UPRIGHT for row in rows),
        blocks=(*_body(rows), *_end(notice, language, published)),
    )


def _issuers(notice: Notice) -> list[str]:
    """Who gives notice: the tenderee, and the agency that drafted for it."""
    codes = dict.fromkeys((notice.tenderee, notice.drafted_for))
    known = organisations(codes)
    return [known[code].name if code in known else code for code in codes]


def _body(rows: list[BodyRow]) -> list[Block]:
    """Fields in tables, each list of the notice as a table of its own with its caption; a lot's own under its name."""
    blocks: list[Block] = []
    fields: list[tuple[str, str]] = []
    section = ""

    def closed() -> None:
        nonlocal section
        if fields:
            blocks.append(Fields(section, tuple(fields)))
            fields.clear()
            section = ""

    for row in rows:
        if row.section:
            closed()
            section = row.section
        if row.table is None:
            fields.append((row.label, row.text))
            continue
        closed()
        caption = f"{section} · {row.label}" if section else row.label
        blocks.append(Grid(caption, row.table.heads, row.table.rows, row.table.figures))
        section = ""
    closed()
    return blocks


def _end(notice: Notice, language: str, published: bool) -> list[Block]:
    """Who gives notice and when; what the text can be checked against."""
    form = notice_form(notice.form, notice.law_on)
    day = local_day(notice.published_at or notice.created_at)
    lines = _issuers(notice)
    date_line = Words(f"{day.year}年{day.month}月{day.day}日", day.isoformat()).in_language(language)
    notes = [Words(f"依据：{form.source}", f"Source: {form.source}").in_language(language)]
    if published and notice.published_at is not None:
        address = f"{settings.ORIGIN}/notices/{notice.code}/"
        at = shown(notice.published_at, begins=True)
        notes += [
            Words(
                f"发布时间：{at}（北京时间）　原文：{address}",
                f"Published: {at} (Beijing time)  Original: {address}",
            ).in_language(language),
            Words("固定文本校验值（SHA-256）：", "SHA-256 of the fixed text: ").in_language(language)
            + notice.sha256,
        ]
    if said := AUTHORITATIVE.in_language(language):
        notes.append(said)
    if birth().rehearsal:
        notes.append(REHEARSAL.in_language(language))
    return [Closing((*lines, date_line)), Small("\n".join(notes))]
