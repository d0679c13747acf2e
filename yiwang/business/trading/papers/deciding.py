"""What a supervisory body decides about a complaint, as an official paper (招标条例 61): for who may read the decision."""

from __future__ import annotations

from yiwang.business.trading.complaints import CORRECTOR, RESPONDENT, ComplaintPage
from yiwang.business.trading.models import Lot
from yiwang.business.trading.papers.words import NoSuchPaper, day_of, end_notes, head_fields, instant_words
from yiwang.business.trading.parties import names
from yiwang.law import api as law
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.pure.papers.api import Addressee, Block, Closing, Fields, Heading, Paper, Prose

DECISION = Words("投诉处理决定书", "Decision on a complaint")
REFUSAL = Words("投诉不予受理决定书", "Decision not to accept a complaint")
NOT_TOLD = Words("不向被投诉人、招标人提供", "not told to respondent or tenderee")
ONE = "《中华人民共和国招标投标法实施条例》第六十条、第六十一条"


def decision_title(page: ComplaintPage) -> Words:
    """What the paper is called; only a complaint that was decided or not accepted has one."""
    return REFUSAL if page.stage == "refused" else DECISION


def decision_paper(lot: Lot, page: ComplaintPage, language: str) -> Paper:
    """The decision as its reader may see it: the respondent's copy does not say who complained.

    Raises NoSuchPaper where nothing was decided, or the reader may not read it.
    """
    if page.stage not in ("decided", "refused") or page.ended_at is None or not page.reason:
        raise NoSuchPaper("complaint-decision")
    refused = page.stage == "refused"
    source = ONE if refused else law.limit("W28", on=lot.law_on or local_day(page.ended_at)).source
    tenderee = names([lot.project.tenderee])[lot.project.tenderee]
    addressee = {RESPONDENT: page.respondent, CORRECTOR: tenderee}.get(page.side, page.complainant)
    found = (
        Words("三、不予受理的理由", "3. Why it is not accepted")
        if refused
        else Words("三、查明的事实、理由和处理意见", "3. What was found, why, and what follows")
    )
    return Paper(
        language=language,
        title=decision_title(page).in_language(language),
        number=page.code,
        dated_at=page.ended_at,
        issuer=page.authority,
        blocks=(
            Addressee(Words(f"{addressee}：", f"To {addressee}:").in_language(language)),
            Heading(Words("一、投诉", "1. The complaint").in_language(language)),
            Fields("", (*head_fields(lot, language), *_said(_complaint(page), language))),
            Heading(Words("二、投诉的事实和请求", "2. Facts and request").in_language(language)),
            Prose(page.text),
            Prose(Words(f"请求：{page.request}", f"Request: {page.request}").in_language(language)),
            Heading(found.in_language(language)),
            Prose(page.reason),
            *_decided(page, language),
            Closing((page.authority + Words("（盖章）", " (seal)").in_language(language), day_of(page.ended_at).in_language(language))),
            end_notes([Words(f"依据：{source}", f"Source: {source}").in_language(language)], language),
        ),
    )  # fmt: skip


def _said(rows: list[tuple[Words, Words | str]], language: str) -> tuple[tuple[str, str], ...]:
    return tuple(
        (label.in_language(language), said.in_language(language) if isinstance(said, Words) else said)
        for label, said in rows
        if said
    )


def _complaint(page: ComplaintPage) -> list[tuple[Words, Words | str]]:
    known_on = page.learnt_on.isoformat() if page.learnt_on else ""
    return [
        (Words("投诉人", "Complainant"), page.complainant or NOT_TOLD),
        (Words("被投诉人", "Respondent"), page.respondent),
        (Words("投诉事项", "About"), page.matter),
        (Words("何日知道", "Learnt of it on"), known_on),
        (Words("收到投诉", "Received"), instant_words(page.made_at)),
        (Words("受理", "Accepted"), instant_words(page.accepted_at) if page.accepted_at else ""),
    ]


def _ordered(page: ComplaintPage) -> Words | str:
    """What the tenderee has to correct, with the article that knows it."""
    if page.correction is None:
        return ""
    words, source = page.correction, page.correction_source
    return Words(f"{words.zh}（{source}）", f"{words.en} ({source})")


def _decided(page: ComplaintPage, language: str) -> list[Block]:
    """The decision itself: its outcome or the ground, and the files that go with it."""
    outcome = page.outcome or Words("不予受理", "not accepted")
    rows: list[tuple[Words, Words | str]] = [
        (Words("处理结果", "Outcome"), outcome),
        (Words("情形", "Ground"), page.ground or ""),
        (Words("责令改正", "Ordered"), _ordered(page)),
        (Words("附件", "Files"), "\n".join(each.name for each in page.decision_papers)),
    ]
    return [
        Heading(Words("四、决定", "4. The decision").in_language(language)),
        Fields("", _said(rows, language)),
    ]
