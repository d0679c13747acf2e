"""The written report on a tender to the supervisor (招标投标法 47) as an official paper, from what was handed in."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from yiwang.business.trading.models import Lot, WrittenReport
from yiwang.business.trading.papers.words import NoSuchPaper, day_of, end_notes, head_fields, instant_words
from yiwang.business.trading.parties import names
from yiwang.law import api as law
from yiwang.pure.kernel.days import from_iso, local_day
from yiwang.pure.kernel.money import shown_yuan
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Addressee, Block, Closing, Fields, Grid, Heading, Paper, Prose
from yiwang.record.files import api as files

RESULTS = {
    "rejected": Words("否决", "rejected"),
    "valid": Words("有效", "valid"),
    "open": Words("—", "—"),
}


def written_report_paper(lot: Lot, language: str) -> Paper:
    """The report on the standing award as handed in. Raises NoSuchPaper before."""
    row = WrittenReport.objects.filter(lot=lot, award__withdrawn_at=None).last()
    if row is None:
        raise NoSuchPaper("written-report")
    with files.open_document(row.document) as stream:
        said: Mapping[str, Any] = json.load(stream)
    source = law.limit("W24", on=lot.law_on or local_day(row.handed_in_at)).source
    tenderee = names([lot.project.tenderee])[lot.project.tenderee]
    notes = [
        Words(f"依据：{source}", f"Source: {source}").in_language(language),
        f"SHA-256 {row.document}",
    ]
    return Paper(
        language=language,
        title=Words("招标投标情况书面报告", "Written report on the tender").in_language(language),
        number=lot.code,
        dated_at=row.handed_in_at,
        issuer=tenderee,
        blocks=(
            Addressee(Words("有关行政监督部门：", "To the supervisor:").in_language(language)),
            *_tender(lot, said, language),
            *_bids(said, language),
            *_award(said, language),
            Closing((tenderee, day_of(row.handed_in_at).in_language(language))),
            end_notes(notes, language),
        ),
    )


def _fields(rows: list[tuple[Words, str]], language: str) -> tuple[tuple[str, str], ...]:
    return tuple((label.in_language(language), text) for label, text in rows if text)


def _tender(lot: Lot, said: Mapping[str, Any], language: str) -> list[Block]:
    way = Words("公开招标（资格后审）", "open tender with postqualification").in_language(language)
    deadline = instant_words(from_iso(said["deadline"])).in_language(language) if said["deadline"] else ""
    estimate = shown_yuan(said["estimate_fen"])
    rows = [
        (Words("招标范围", "Scope"), said["scope"]),
        (Words("估算价", "Estimate"), Words(f"{estimate} 元", f"CNY {estimate}").in_language(language)),
        (Words("招标方式", "Way of tendering"), way),
        (Words("招标次数", "Tender no."), str(said["attempt"])),
        (Words("招标公告", "Tender notice"), f"{said['notice']} {said['announced_on']}"),
        (Words("投标截止和开标", "Deadline and opening"), deadline),
        (Words("澄清、修改次数", "Clarifications"), str(said["clarifications"])),
        (Words("异议次数", "Objections"), str(said["objections"])),
        (Words("评标委员会人数", "Members of the committee"), str(said["committee"])),
    ]
    title = Words("一、招标情况", "1. The tender").in_language(language)
    return [Heading(title), Fields("", (*head_fields(lot, language), *_fields(rows, language)))]


def _bids(said: Mapping[str, Any], language: str) -> list[Block]:
    heads = (Words("投标人", "Bidder"), Words("投标报价（元）", "Price (CNY)"), Words("评审结果", "Result"))
    cells = tuple(
        (each["name"], shown_yuan(each["price_fen"]), _result(each).in_language(language))
        for each in said["bidders"]
    )
    title = Words("二、投标和评标情况", "2. Bids and evaluation").in_language(language)
    caption = Words("投标人和评审结果", "Bidders and results").in_language(language)
    said_heads = tuple(each.in_language(language) for each in heads)
    return [Heading(title), Grid(caption, said_heads, cells, (False, True, False))]


def _result(bid: Mapping[str, Any]) -> Words:
    if bid["rank"]:
        return Words(f"第{bid['rank']}名", f"no. {bid['rank']}")
    return RESULTS[bid["status"]]


def _award(said: Mapping[str, Any], language: str) -> list[Block]:
    price = shown_yuan(said["award_price_fen"])
    rows = [
        (Words("中标候选人公示", "Publicity"), said["publicity"]),
        (Words("递补情况", "Passed over"), said["passed_over"]),
        (Words("中标人", "Winner"), said["winner"]),
        (Words("中标价", "Award price"), Words(f"{price} 元", f"CNY {price}").in_language(language)),
        (Words("中标通知书", "Award letter"), said["letter"]),
        (Words("定标时间", "Decided"), instant_words(from_iso(said["decided_at"])).in_language(language)),
        (Words("合同编号", "Contract"), said["contract"]),
    ]
    title = Words("三、定标和合同情况", "3. Award and contract").in_language(language)
    blocks: list[Block] = [Heading(title), Fields("", _fields(rows, language))]
    if said.get("remarks"):
        blocks += [Heading(Words("四、其他说明", "4. Remarks").in_language(language)), Prose(said["remarks"])]
    return blocks
