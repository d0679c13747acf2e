"""The papers of complaints in the archive of a project: not public, for each side what it may read in the hall."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from datetime import datetime

from yiwang.business.trading.complaints import ComplaintPage, complaints_of
from yiwang.business.trading.models import Lot
from yiwang.business.trading.papers.deciding import decision_paper, decision_title
from yiwang.business.trading.papers.words import NoSuchPaper
from yiwang.business.trading.shapes import PaperLine
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Member, made, pdf, safe_name

FOLDER = Words("09-投诉（不公开）", "09-complaints-not-public")
Stored = Callable[[str, Words, datetime, str], Iterator[Member]]


def complaint_members(by: Actor, lot: Lot, language: str, stored: Stored) -> Iterator[Member]:
    """Each complaint about a lot that ``by`` may know of, with its papers; ``stored`` gives a stored document."""
    for page in complaints_of(by, lot):
        folder = f"{FOLDER.in_language(language)}/{page.code}"
        name = Words("投诉及处理", "complaint").in_language(language)
        text = json.dumps(_said(page), ensure_ascii=False, indent=1) + "\n"
        yield made(
            f"{folder}/{name}.json",
            Words("投诉及处理", "Complaint and what became of it"),
            page.made_at,
            text.encode(),
        )
        yield from _decision(lot, page, folder, language)
        for words, at, papers in _papers(page):
            for number, paper in enumerate(papers, 1):
                path = f"{folder}/{words.in_language(language)}{number}-{safe_name(paper.name)}"
                yield from stored(
                    path, Words(f"{words.zh}：{paper.name}", f"{words.en}: {paper.name}"), at, paper.sha256
                )


def _decision(lot: Lot, page: ComplaintPage, folder: str, language: str) -> Iterator[Member]:
    """The decision as a paper, once there is one that the reader may read."""
    try:
        paper = decision_paper(lot, page, language)
    except NoSuchPaper:
        return
    words = decision_title(page)
    yield made(f"{folder}/{words.in_language(language)}.pdf", words, paper.dated_at, pdf(paper))


def _said(page: ComplaintPage) -> dict[str, object]:
    """The complaint as data; what the reader may not see is empty."""
    return {
        "code": page.code,
        "stage": page.stage,
        "matter": page.matter.zh,
        "complainant": page.complainant,
        "respondent": page.respondent,
        "authority": page.authority,
        "interest": page.interest,
        "learnt_on": page.learnt_on.isoformat() if page.learnt_on else "",
        "made_at": iso(page.made_at),
        "text": page.text,
        "request": page.request,
        "warnings": [{"rule": each.rule, "source": each.source} for each in page.warnings],
        "accepted_at": _written(page.accepted_at),
        "inquiries": [
            {
                "text": each.text,
                "asked_at": iso(each.asked_at),
                "answer": each.answer,
                "answered_at": _written(each.answered_at),
            }
            for each in page.inquiries
        ],
        "appraisals": [[text, iso(begun), _written(ended)] for text, begun, ended in page.appraisals],
        "suspensions": [[iso(since), _written(lifted)] for _, since, lifted in page.orders],
        "outcome": page.outcome.zh if page.outcome else "",
        "ground": page.ground.zh if page.ground else "",
        "reason": page.reason,
        "correction": page.correction.zh if page.correction else "",
        "corrected_at": _written(page.corrected_at),
        "corrected_how": page.corrected_how,
        "corrected_moot": page.corrected_moot,
        "ended_at": _written(page.ended_at),
    }


def _written(instant: datetime | None) -> str:
    return iso(instant) if instant else ""


def _papers(page: ComplaintPage) -> Iterator[tuple[Words, datetime, tuple[PaperLine, ...]]]:
    yield Words("证明材料", "proof"), page.made_at, page.papers
    for each in page.inquiries:
        yield Words("被投诉人资料", "answer"), each.answered_at or each.asked_at, each.papers
    yield Words("处理决定附件", "decision"), page.ended_at or page.made_at, page.decision_papers
