"""Which papers a lot offers to whom, and in which forms."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import address
from yiwang.doors.hall.beside import READERS
from yiwang.doors.hall.edge import sees_everything
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import DOCX, PDF, XLSX, Paper, pdf, word

DECIDED = ("reported", "publicity", "publicity-ended", "awarded", "contracted", "archived")
ENDING_WORDS = {"pdf": Words("PDF", "PDF"), "docx": Words("Word", "Word"), "xlsx": Words("Excel", "Excel")}
MEDIA_TYPES = {"pdf": PDF, "docx": DOCX, "xlsx": XLSX}


@dataclass(frozen=True, slots=True)
class Offer:
    """A paper of a lot: who may have it (given the lot's page), what makes it, and its sheet where it has one."""

    words: Words
    may: Callable[[Actor, trading.LotPage], bool]
    paper: Callable[[Any, str], Paper]
    sheet: Callable[[Any, str], bytes] | None = None

    @property
    def endings(self) -> tuple[str, ...]:
        return ("pdf", "docx") if self.sheet is None else ("pdf", "docx", "xlsx")

    def made(self, lot: Any, ending: str, in_language: str) -> bytes:
        if ending == "xlsx":
            assert self.sheet is not None
            return self.sheet(lot, in_language)
        return rendered(self.paper(lot, in_language), ending)


def rendered(paper: Paper, ending: str) -> bytes:
    """The paper as PDF or Word, by the ending of its file."""
    return pdf(paper) if ending == "pdf" else word(paper)


def _may_read_opening(actor: Actor, page: trading.LotPage) -> bool:
    """The record of the opening is public from the opening on."""
    return bool(page.records)


def _may_read_report(actor: Actor, page: trading.LotPage) -> bool:
    """The report is for the tenderee's side, the centre and the supervisor."""
    return sees_everything(actor) and page.stage in DECIDED


def may_read_letter(actor: Actor, page: trading.LotPage) -> bool:
    """The award letter is for the winner, the tenderee's side, the centre and the supervisor."""
    if page.winner is None:
        return False
    return sees_everything(actor) or actor.organisation == page.winner.bidder


def may_read_written_report(actor: Actor, page: trading.LotPage) -> bool:
    """The written report, once it was handed in: for the lot's side and the supervisor."""
    return actor.role in READERS and page.written_report is not None


OFFERS = {
    "opening": Offer(
        Words("开标记录", "Opening record"),
        _may_read_opening,
        trading.opening_paper,
        trading.opening_workbook,
    ),
    "report": Offer(
        Words("评标报告", "Evaluation report"),
        _may_read_report,
        trading.report_paper,
        trading.evaluation_workbook,
    ),
    "letter": Offer(Words("中标通知书", "Award letter"), may_read_letter, trading.letter_paper),
    "contract": Offer(Words("合同", "Contract"), may_read_letter, trading.contract_paper),
    "written-report": Offer(
        Words("书面报告", "Written report"), may_read_written_report, trading.written_report_paper
    ),
}


@dataclass(frozen=True, slots=True)
class Download:
    """A paper as a page offers it: its name and the address of each form that it comes in."""

    words: Words
    links: tuple[tuple[Words, str], ...]


def downloads(actor: Actor, page: trading.LotPage) -> list[Download]:
    """The papers of a lot that the actor may have now."""
    return [
        Download(
            offer.words,
            tuple(
                (ENDING_WORDS[ending], address("hall:paper", page.code, name, ending))
                for ending in offer.endings
            ),
        )
        for name, offer in OFFERS.items()
        if offer.may(actor, page)
    ]
