"""Complaints of the city: just made, under examination with the tender suspended, refused, dismissed, upheld with an order.

They go to two bodies: those about documents to the second, which the first learns nothing of.
"""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.site.simulation.papers import stored_pdf
from yiwang.site.simulation.plans import working_day

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
    from yiwang.site.simulation.script import Script, Tender
else:
    from yiwang.site.simulation.line import trading  # the same verbs, over a line that may be troubled

MADE, EXAMINED, REFUSED, DISMISSED, UPHELD, ORDERED, TENDERED_AGAIN, NEW_COMMITTEE = (
    "complaint-made",
    "complaint-examined",
    "complaint-refused",
    "complaint-dismissed",
    "complaint-upheld",
    "complaint-ordered",
    "complaint-retender",
    "complaint-new-committee",
)
VOICES = (MADE, EXAMINED, REFUSED, DISMISSED, UPHELD, ORDERED, TENDERED_AGAIN, NEW_COMMITTEE)
ABOUT_DOCUMENTS = (MADE, UPHELD)
LOCAL = "资格条件要求投标人具有本市业绩，异议答复未予纠正，排斥外地企业。"
TO_AMEND = "请责令招标人删除本市业绩要求。"
UNFAIR = "本市业绩要求没有法律依据，限制、排斥外地投标人，投诉成立。责令招标人修改招标文件，删除该项要求。"
LEAKED = "本标段开标前，有单位持有与最高投标限价编制底稿一致的清单，编制资料疑似外传。"
INQUIRED = "请查明资料外传的情况，并在查明之前暂缓开标。"
DOUBTED = "第一中标候选人所报项目经理在异议答复所附查询之日另有在建项目，答复与省级平台公开信息不符。"
ASKED_FOR = "请核实项目经理在建情况，取消其中标候选人资格。"
QUESTION = "请说明答复异议时的查询依据，并提供项目经理在建情况的查询记录。"
EXPLAINED = "答复所依据的查询记录随附；该项目经理原在建项目已于投标截止前办理变更备案。"
STOPPED = "投诉事项可能影响中标结果，核实期间暂停定标。"
APPRAISED = "委托省建设执业资格注册中心核验项目经理变更备案材料。"
FOUND = "经核验，项目经理变更备案真实有效，投标截止时无在建项目；投诉缺乏事实依据，予以驳回。"
NOT_SCORED = (
    "评标委员会未按招标文件规定的标准评审施工组织设计，评标结果无效，投诉成立。责令招标人依法重新评标。"
)
AMONG_THEMSELVES = (
    "经查，招标文件规定的业绩加分仅一家投标人具备，违反公平原则，中标无效，投诉成立。责令招标人依法重新招标。"
)
HAND_PICKED = (
    "经查，评标委员会专家未经随机抽取、由招标人直接指定，违反招标投标法实施条例第四十六条，其评审结论无效，投诉成立。"
    "责令招标人依法重新组建评标委员会，重新评标。"
)
NOT_FIRST = "就评标结果投诉，应当先向招标人提出异议；投诉人未在公示期内提出异议。"


def _complaint(tender: Tender, matter: str, facts: str, request: str, body: int = 0) -> trading.NewComplaint:
    world = tender.world
    return trading.NewComplaint(
        matter=matter,
        respondent=tender.hosts[0].organisation,
        authority=world.supervisors[body].organisation,
        learnt_on=local_day(world.now),
        text=facts,
        request=request,
        papers=[stored_pdf("投诉的证明材料")],
    )


def _in_office(tender: Tender, days: int, hour: int) -> datetime:
    """So many days on, or the next working day, at an hour of the office; never before now."""
    return max(
        on_day_at(working_day(local_day(tender.world.now) + timedelta(days=days)), hour, 20), tender.world.now
    )


def about_documents(tender: Tender, code: str, by: Actor) -> None:
    """A taker complains while bids come in; nobody has looked at it yet."""
    new = _complaint(tender, "other", LEAKED, INQUIRED, body=-1)
    trading.complain(by, code, new, tender.world.now)


def upheld(tender: Tender, code: str, by: Actor) -> Script:
    """After an objection that was not followed: the second body upholds it and orders the documents to be corrected."""
    world, body = tender.world, tender.world.supervisors[-1]
    yield world.now + timedelta(hours=3)
    new = _complaint(tender, "documents", LOCAL, TO_AMEND, body=-1)
    complaint = trading.complain(by, code, new, world.now)[0].code
    yield _in_office(tender, 1, 10)
    trading.accept_complaint(body, complaint, world.now)
    yield _in_office(tender, 3, 15)
    with world.refused("correction-missing"):
        trading.decide_complaint(body, complaint, "upheld", UNFAIR, [], world.now)
    trading.decide_complaint(body, complaint, "upheld", UNFAIR, [], world.now, correction="amend-documents")


def about_result(tender: Tender, by: Actor) -> Script:
    """A bidder complains about the result, with an objection before it or without, as the plan has it."""
    world, voice, body = tender.world, tender.plan.voice, tender.world.supervisors[0]
    complaint, _ = trading.complain(
        by, tender.code, _complaint(tender, "result", DOUBTED, ASKED_FOR), world.now
    )
    code = complaint.code
    yield _in_office(tender, 1, 10)
    if voice == REFUSED:
        trading.refuse_complaint(body, code, "no-objection", NOT_FIRST, world.now)
        return
    trading.accept_complaint(body, code, world.now)
    if trading.find_lot(tender.code).stage != "publicity":
        return  # a troubled city: the publicity has ended meanwhile
    trading.order_suspension(body, code, STOPPED, world.now)
    if voice in (ORDERED, TENDERED_AGAIN, NEW_COMMITTEE):
        yield from _ordered(tender, code, body)
        return
    trading.ask_respondent(body, code, QUESTION, local_day(world.now) + timedelta(days=4), world.now)
    with world.refused("inquiry-open"):
        trading.ask_respondent(body, code, QUESTION, None, world.now)
    if voice == EXAMINED:
        return
    yield _in_office(tender, 1, 15)
    papers = [stored_pdf("在建情况查询记录")]
    trading.answer_complaint(tender.hosts[0], code, EXPLAINED, papers, world.now)
    trading.begin_appraisal(body, code, APPRAISED, world.now)
    yield _in_office(tender, 2, 9)
    with world.refused("appraisal-open"):
        trading.decide_complaint(body, code, "dismissed", FOUND, [], world.now)
    trading.end_appraisal(body, code, world.now)
    yield _in_office(tender, 0, 16)
    decision = [stored_pdf("核验结论")]
    trading.decide_complaint(body, code, "dismissed", FOUND, decision, world.now)


def _ordered(tender: Tender, complaint: str, body: Actor) -> Script:
    """It is upheld: the result is void, and the tenderee has the committee or a new one evaluate again, or tenders again."""
    world = tender.world
    yield _in_office(tender, 2, 15)
    if tender.plan.voice == TENDERED_AGAIN:
        trading.decide_complaint(
            body, complaint, "upheld", AMONG_THEMSELVES, [], world.now, correction="tender-again"
        )
        yield world.now + timedelta(minutes=50)
        trading.tender_again(tender.hosts[0], complaint, world.now)
        return
    why, correction = NOT_SCORED, "evaluate-again"
    if tender.plan.voice == NEW_COMMITTEE:
        why, correction = HAND_PICKED, "evaluate-new-committee"
    trading.decide_complaint(body, complaint, "upheld", why, [], world.now, correction=correction)
    yield world.now + timedelta(minutes=50)
    with world.refused("no-permission"):
        trading.evaluate_again(body, complaint, world.now)
    trading.evaluate_again(tender.hosts[0], complaint, world.now)
