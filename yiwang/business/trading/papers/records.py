"""The opening record and the evaluation report, on paper and as sheets."""

from __future__ import annotations

from yiwang.business.trading.models import Award, Lot, Signature
from yiwang.business.trading.papers.words import day_of, end_notes, head_fields, instant_of, instant_words
from yiwang.business.trading.queries import opening_rows
from yiwang.business.trading.recomputing import calculation_of
from yiwang.business.trading.reports import ReportMember, report_from
from yiwang.business.trading.rules.calculation import Section
from yiwang.business.trading.shapes import OpeningRow
from yiwang.business.trading.sitting_pages import HOW_WORDS
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day, shown
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import (
    Amount,
    Block,
    Closing,
    Fields,
    Grid,
    Heading,
    Paper,
    Prose,
    Sheet,
    Signatures,
    workbook,
)

NOT_YET = Words("尚未公开", "not public yet")
MEMBER_KINDS = {
    "technical": Words("技术专家", "technical expert"),
    "economic": Words("经济专家", "economic expert"),
    "representative": Words("招标人代表", "tenderee's representative"),
}
OPENING_TITLE = Words("开标记录", "Opening record")
REPORT_TITLE = Words("评标报告", "Evaluation report")
OPENING_HEADS = (
    Words("序号", "No."),
    Words("投标人", "Bidder"),
    Words("投标报价（元）", "Price (CNY)"),
    Words("工期（日历天）", "Period (days)"),
    Words("保证金（元）", "Deposit (CNY)"),
    Words("送达时间（北京时间）", "Received (Beijing time)"),
)


def _said(words: tuple[Words, ...], language: str) -> tuple[str, ...]:
    return tuple(each.in_language(language) for each in words)


def opening_paper(lot: Lot, language: str) -> Paper:
    """The opening record as it was read out (招标投标法 36). Raises NoSuchPaper before the opening."""
    opened_at = instant_of(lot, "bids-opened")
    rows = opening_rows(lot)
    fields = [
        *head_fields(lot, language),
        (
            Words("开标时间", "Opened at").in_language(language),
            instant_words(opened_at).in_language(language),
        ),
        (Words("开标地点", "Place").in_language(language), lot.opening_place),
    ]
    if lot.ceiling_fen is not None:
        ceiling = shown_yuan(lot.ceiling_fen)
        label = Words("最高投标限价（元）", "Ceiling price (CNY)").in_language(language)
        fields.append((label, ceiling))
    notes = [
        Words("依据：《中华人民共和国招标投标法》第三十六条", "Source: 《中华人民共和国招标投标法》第三十六条")
        .in_language(language),
        Words("各投标文件的记录散列：", "Hashes of the records of the bids:").in_language(language),
        *(f"{row.place}　{row.leaf_hash}" for row in rows),
    ]  # fmt: skip
    signed = [
        Words("招标人代表（签字）：", "For the tenderee (signature):"),
        Words("开标主持人（签字）：", "Opened by (signature):"),
        Words("记录人（签字）：", "Recorded by (signature):"),
    ]
    return Paper(
        language=language,
        title=OPENING_TITLE.in_language(language),
        number=lot.code,
        dated_at=opened_at,
        issuer=fields[4][1],
        blocks=(
            Fields(Words("基本情况", "About the lot").in_language(language), tuple(fields)),
            _opening_grid(rows, language),
            Signatures(tuple((each.in_language(language), ("",)) for each in signed)),
            end_notes(notes, language),
        ),
    )


def _opening_grid(rows: tuple[OpeningRow, ...], language: str) -> Grid:
    cells = tuple(
        (
            str(row.place),
            row.name,
            shown_yuan(row.price_fen),
            str(row.period_days),
            shown_yuan(row.deposit_fen),
            shown(row.received_at, seconds=True),
        )
        for row in rows
    )
    caption = Words("开标时公布的投标，按公布顺序", "Bids as read out, in that order").in_language(language)
    return Grid(caption, _said(OPENING_HEADS, language), cells, (True, False, True, True, True, False))


def opening_workbook(lot: Lot, language: str) -> bytes:
    """The opening record as a sheet. Raises NoSuchPaper before the opening."""
    opened_at = instant_of(lot, "bids-opened")
    rows = [
        (row.place, row.name, row.bidder, Amount(row.price_fen), row.period_days, Amount(row.deposit_fen),
         row.received_at, row.leaf_hash)
        for row in opening_rows(lot)
    ]  # fmt: skip
    heads = [*_said(OPENING_HEADS, language), Words("记录散列", "Hash of the record").in_language(language)]
    heads.insert(2, Words("统一社会信用代码", "Code").in_language(language))
    title = OPENING_TITLE.in_language(language)
    above = (title, f"{lot.project.name}（{lot.name}）", lot.code)
    widths = (8, 36, 22, 18, 14, 18, 20, 68)
    return workbook([Sheet(title, heads, rows, above, widths)], language, opened_at)


def report_paper(lot: Lot, language: str) -> Paper:
    """The evaluation report (招标条例 53). Raises NoSuchPaper before it was received.

    Names of the committee stand in it once the award is decided (招标投标法 37), not before.
    """
    received_at = instant_of(lot, "report-received")
    rows = opening_rows(lot, everything=True)
    ranked = sorted((row for row in rows if row.rank), key=lambda row: row.rank or 0)
    blocks: list[Block] = [
        Fields(Words("基本情况", "About the lot").in_language(language), tuple(head_fields(lot, language))),
        Heading(Words("一、评标委员会", "1. Evaluation committee").in_language(language)),
        *_committee(lot, language),
        Heading(Words("二、开标与评审结果", "2. Bids and their evaluation").in_language(language)),
        _evaluation_grid(rows, language),
        Heading(Words("三、推荐的中标候选人", "3. Shortlisted bidders").in_language(language)),
        _ranking(ranked, language),
        *_calculation(lot, language),
    ]
    source = law.rule("W19", on=lot.law_on or local_day(received_at)).source
    notes = [Words(f"依据：{source}", f"Source: {source}").in_language(language)]
    closing = [Words("评标委员会（签字）：", "The committee (signatures):"), day_of(received_at)]
    return Paper(
        language=language,
        title=REPORT_TITLE.in_language(language),
        number=lot.code,
        dated_at=received_at,
        blocks=(*blocks, Closing(_said(tuple(closing), language)), end_notes(notes, language)),
    )


def _committee(lot: Lot, language: str) -> list[Block]:
    """The members with what they did about the report (W19), dissent in full; by number until the award."""
    members = report_from(lot).members
    sitting = sum(each.replaced_at is None for each in members)
    told = Award.objects.filter(lot=lot).exists()
    secret = Words(
        f"共 {sitting} 人。成员名单在中标结果确定前保密（招标投标法第三十七条）。",
        f"{sitting} members, whose names are secret until the award (Bidding Law, art. 37).",
    )
    rows = tuple(
        (str(each.number or n), *((each.name, each.employer) if told else ()),
         MEMBER_KINDS.get(each.kind, Words(each.kind, each.kind)).in_language(language),
         _signature(each).in_language(language))
        for n, each in enumerate(members, 1)
    )  # fmt: skip
    named = (Words("姓名", "Name"), Words("工作单位", "Employer")) if told else ()
    heads = (Words("序号", "No."), *named, Words("类别", "Kind"), Words("签字", "Signature"))
    caption = Words("评标委员会成员", "Members of the committee").in_language(language)
    figures = (True, *(False for _ in named), False, False)
    blocks: list[Block] = [] if told else [Prose(secret.in_language(language))]
    blocks.append(Grid(caption, _said(heads, language), rows, figures))
    for each in members:
        if each.how == Signature.DISSENT:
            head = Words(f"评委 {each.number} 的不同意见：", f"Member {each.number} dissents: ")
            blocks.append(Prose(head.in_language(language) + each.text))
    return blocks


def _signature(member: ReportMember) -> Words:
    """What stands in the column of signatures."""
    if member.replaced_at is not None:
        return Words("已更换，结论无效", "replaced; what was concluded is void")
    return HOW_WORDS[member.how]


def _result(row: OpeningRow, language: str) -> str:
    if row.rank:
        return Words(f"第{row.rank}名", f"No. {row.rank}").in_language(language)
    if row.ground:
        return Words("否决：", "Rejected: ").in_language(language) + row.ground.in_language(language)
    return Words("有效", "valid").in_language(language) if row.status == "valid" else "—"


def _evaluation_grid(rows: tuple[OpeningRow, ...], language: str) -> Grid:
    heads = (
        Words("序号", "No."), Words("投标人", "Bidder"), Words("投标报价（元）", "Price (CNY)"),
        Words("评审价格（元）", "Evaluated price (CNY)"), Words("评审结果", "Result"),
    )  # fmt: skip
    cells = tuple(
        (str(row.place), row.name, shown_yuan(row.price_fen),
         shown_yuan(row.evaluated_fen) if row.evaluated_fen is not None else "—", _result(row, language))
        for row in rows
    )  # fmt: skip
    caption = Words("评审结果", "Evaluation of the bids").in_language(language)
    return Grid(caption, _said(heads, language), cells, (True, False, True, True, False))


def _ranking(ranked: list[OpeningRow], language: str) -> Block:
    if not ranked:
        return Prose(Words("未推荐中标候选人。", "No bidder was shortlisted.").in_language(language))
    heads = (
        Words("排序", "Rank"),
        Words("中标候选人", "Bidder"),
        Words("评审价格（元）", "Evaluated price (CNY)"),
    )
    cells = tuple((str(row.rank), row.name, shown_yuan(row.evaluated_fen or 0)) for row in ranked)
    caption = Words("中标候选人排序", "Order of the shortlisted bidders").in_language(language)
    return Grid(caption, _said(heads, language), cells, (True, False, True))


def _calculation(lot: Lot, language: str) -> list[Block]:
    """Every step of the calculation once it is public; it is made from public records alone."""
    calculation = calculation_of(lot.code)
    if calculation is None or not calculation.sections:
        return []
    title = Words("四、计算过程", "4. The calculation, step by step").in_language(language)
    return [Heading(title), *(_section(each, language) for each in calculation.sections)]


def _section(section: Section, language: str) -> Grid:
    heads = (
        Words("投标人", "Bidder"),
        Words("事项", "Step"),
        Words("计算", "Working"),
        Words("结果", "Result"),
    )
    cells = tuple(
        (line.name, line.words.in_language(language) + (f"：{line.said}" if line.said else ""), line.working,
         line.figure.in_language(language))
        for line in section.lines
    )  # fmt: skip
    return Grid(
        section.title.in_language(language), _said(heads, language), cells, (False, False, False, True)
    )


def evaluation_workbook(lot: Lot, language: str) -> bytes:
    """The results of the evaluation as sheets: bids, then the calculation once it is public. Raises NoSuchPaper."""
    received_at = instant_of(lot, "report-received")
    rows = opening_rows(lot, everything=True)
    heads = _said(
        (
            Words("序号", "No."), Words("投标人", "Bidder"), Words("统一社会信用代码", "Code"),
            Words("投标报价（元）", "Price (CNY)"), Words("评审价格（元）", "Evaluated price (CNY)"),
            Words("评审结果", "Result"), Words("排序", "Rank"),
        ),
        language,
    )  # fmt: skip
    cells = [
        (row.place, row.name, row.bidder, Amount(row.price_fen),
         Amount(row.evaluated_fen) if row.evaluated_fen is not None else None, _result(row, language), row.rank)
        for row in rows
    ]  # fmt: skip
    title = Words("评审结果", "Evaluation").in_language(language)
    above = (title, f"{lot.project.name}（{lot.name}）", lot.code)
    sheets = [Sheet(title, heads, cells, above, (8, 36, 22, 18, 18, 40, 8))]
    calculation = calculation_of(lot.code)
    for number, section in enumerate(calculation.sections if calculation else (), 1):
        grid = _section(section, language)
        named = f"{number} {section.title.in_language(language)}"
        sheets.append(Sheet(named, grid.heads, grid.rows, (grid.caption,), (36, 48, 40, 24)))
    return workbook(sheets, language, received_at)
