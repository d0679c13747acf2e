"""What bidders of the city ask, and object to, and how they are answered: acts between those of a script."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local, local_day, on_day_at
from yiwang.site.simulation import complaining, evaluations, sharing
from yiwang.site.simulation.line import trading
from yiwang.site.simulation.papers import stored_pdf
from yiwang.site.simulation.plans import working_day

if TYPE_CHECKING:
    from yiwang.site.simulation.script import Script, Tender

QUESTION, CLARIFIED, MOVED = "question", "clarified", "moved"
OBJECTED, OBJECTION_OPEN = "objected", "objection-open"
OPENING, OPENING_OPEN = "opening", "opening-open"
RESULT, RESULT_OPEN, RESULT_UPHELD = "result", "result-open", "result-upheld"
EVALUATED_AGAIN = "evaluated-again"

POSTPONED, SECOND_FAILURE = "postponed", "second-failure"
GAVE_UP, NO_BOND, REEXAMINED = "gave-up", "no-bond", "reexamined"

ASKED = "招标文件第18页的基坑支护形式与图纸不一致，请明确以哪一处为准。"
CLARIFIED_BY = "基坑支护形式以图纸为准，招标文件第18页相应内容作废。"
AMENDED_BY = "工程量清单第三章增列排水沟项目，投标人应当按新清单报价。"
UNFAIR = "资格条件要求的业绩规模与本项目不相适应，请求修改。"
KEPT = "业绩要求与项目规模相适应，未排斥潜在投标人，不予修改。"
AT_OPENING = "唱标时宣读的本单位工期与投标文件不一致，请核对。"
READ_AGAIN = "经当场核对投标文件，宣读无误，以开标记录为准。"
RESULT_DOUBTED = "第一中标候选人所报项目经理的证书编号与公示不一致，请核实。"
STANDS = "经核查，证书真实有效，公示内容与投标文件一致，异议不成立。"
AGAIN = "经核查，评标委员会对被否决的投标文件评审有误，由原评标委员会重新评审。"
MENDED = "经核查，公示的证书编号有误，将更正后重新公示；评标结果不变。"

ANSWERS = {RESULT_UPHELD: (MENDED, "publicity"), EVALUATED_AGAIN: (AGAIN, "re-evaluation")}


def about_documents(tender: Tender, code: str, takers: Sequence[Actor]) -> Script:
    """Between the publication and the bids: a question, a clarification, an objection, as the plan has it."""
    voice, world = tender.plan.voice, tender.world
    if voice in (QUESTION, CLARIFIED, MOVED):
        yield world.now + timedelta(days=7 if voice == MOVED else 1)
        trading.ask(takers[0], code, ASKED, [], world.now)
        if voice != QUESTION:
            yield world.now + timedelta(hours=5)
            yield from _clarify(tender, code, moves=voice == MOVED)
    elif voice == POSTPONED:
        yield world.now + timedelta(days=2)
        yield from _postpone(tender, code)
    elif voice in (OBJECTED, OBJECTION_OPEN, complaining.UPHELD):
        yield _days_before_deadline(tender, code, 16)
        if not _in_time(tender, code):
            return
        papers = [stored_pdf("异议的证明材料")]
        objection = trading.object_to_documents(takers[0], code, UNFAIR, papers, world.now)
        if voice != OBJECTION_OPEN:
            yield world.now + timedelta(days=1)
            trading.answer_objection(tender.drafter, objection.code, KEPT, [], False, world.now)
        if voice == complaining.UPHELD:
            yield from complaining.upheld(tender, code, takers[0])
    elif voice == complaining.MADE:
        yield _days_before_deadline(tender, code, 2)
        if trading.find_lot(code).stage == "bidding":
            complaining.about_documents(tender, code, takers[0])


def _days_before_deadline(tender: Tender, code: str, days: int) -> datetime:
    deadline_at = trading.find_lot(code).deadline_at
    if deadline_at is None:
        raise ValueError(code)
    return max(deadline_at - timedelta(days=days), tender.world.now)


def _postpone(tender: Tender, code: str) -> Script:
    """A mistake in the notice is corrected, and the opening is put off by a week."""
    world, lot = tender.world, trading.find_lot(code)
    place = f"{lot.opening_place.split('楼')[0]}楼第九开标室（网上同步）"
    wrong = f"原公告“开标地点”为“{lot.opening_place}”，更正为“{place}”，其他内容不变。"
    notice = trading.draft_correction(tender.drafter, code, lot.tender_notice, wrong, False, world.now, place)
    yield from tender.publish(notice.code)
    lot = trading.find_lot(code)
    later_at = on_day_at(working_day(local_day(lot.deadline_at) + timedelta(days=5)), 9, 30)
    publish_at = on_day_at(working_day(local_day(world.now) + timedelta(days=1)), 9)
    why = "因开标当日系统例行维护，投标截止和开标时间顺延。"
    put_off = trading.draft_postponement(tender.drafter, code, why, later_at, publish_at, world.now)
    yield from tender.publish(put_off.code)


def _in_time(tender: Tender, code: str) -> bool:
    """Whether an objection to the documents may still be raised: in a troubled city the clock jumps (W07)."""
    lot = trading.find_lot(code)
    return bool(tender.world.now < law.clock("W07", lot.deadline_at, on=lot.law_on).result_at)


def _clarify(tender: Tender, code: str, moves: bool) -> Script:
    """The answer as a clarification; with ``moves`` as an amendment that needs a later deadline (W04)."""
    world, lot = tender.world, trading.find_lot(code)
    if notice := sharing.under_way(code, "clarification"):
        yield from sharing.awaited(tender, notice)
        return
    publish_at = on_day_at(working_day(local_day(world.now) + timedelta(days=1)), 9)
    if lot.deadline_at is None or lot.law_on is None:
        raise ValueError(code)
    earliest_on = working_day(trading.earliest_deadline_on(publish_at, lot.law_on))
    hour = local(lot.deadline_at)
    new = trading.NewClarification(
        content=AMENDED_BY if moves else CLARIFIED_BY,
        affects_bids=moves,
        publish_at=publish_at,
        new_deadline_at=on_day_at(earliest_on, hour.hour, hour.minute) if moves else None,
        answers=[each.code for each in trading.questions_of(tender.drafter, lot)],
    )
    yield from tender.publish(sharing.clarification(tender, code, new).code)


def open_bids(tender: Tender) -> None:
    """The opening; lots of one project that closed together are opened in one session, by whoever comes first."""
    world = tender.world
    together = [each.code for each in trading.lots_of_session(tender.code[:17])]
    if len(together) > 1 and tender.code in together:
        trading.open_session(world.centre[1], tender.code[:17], world.now)
    elif trading.find_lot(tender.code).stage == "closed" or tender.plan.lots == 1:
        trading.open_bids(world.centre[1], tender.code, world.now)


def at_opening(tender: Tender) -> Script:
    """A bidder objects to the opening, on the spot; where the plan lets it, it is answered there (W09)."""
    voice, world = tender.plan.voice, tender.world
    if voice not in (OPENING, OPENING_OPEN):
        return
    yield world.now + timedelta(minutes=5)
    objection = trading.object_to_opening(present(tender), tender.code, AT_OPENING, [], world.now)
    with world.refused("opening-objection-open"):
        tender.committee()
    if voice == OPENING:
        yield world.now + timedelta(minutes=6)
        trading.answer_objection(tender.drafter, objection.code, READ_AGAIN, [], False, world.now)


def present(tender: Tender, place: int = -1) -> Actor:
    """Who handed in the bid of that place in the opening record; the last one where none is named."""
    rows = trading.opening_rows(trading.find_lot(tender.code), everything=True)
    wanted = rows[place].bidder
    return next(each for each in tender.world.bidders if each.organisation == wanted)


def about_result(tender: Tender) -> Script:
    """Somebody objects to the result while it is publicised; until the answer the publicity does not end."""
    voice, world = tender.plan.voice, tender.world
    complained = voice in complaining.VOICES and voice not in complaining.ABOUT_DOCUMENTS
    if voice not in (RESULT, RESULT_OPEN, RESULT_UPHELD, EVALUATED_AGAIN) and not complained:
        return
    yield world.now + timedelta(hours=6)
    lot = trading.find_lot(tender.code)
    if voice == complaining.TENDERED_AGAIN and lot.attempt > 1:
        return  # the tender that was ordered has nobody who complains
    if lot.stage != "publicity" or world.now >= lot.publicity_until_at:
        return  # a troubled city: the worker was late, or the clock has jumped over the publicity
    objector = present(tender)
    if voice == complaining.REFUSED:
        yield from complaining.about_result(tender, objector)
        return
    objection = trading.object_to_result(objector, tender.code, RESULT_DOUBTED, [], world.now)
    if voice == RESULT_OPEN:
        return
    yield world.now + timedelta(days=1)
    words, remedy = ANSWERS.get(voice, (STANDS, ""))
    trading.answer_objection(tender.drafter, objection.code, words, [], False, world.now, remedy)
    if complained:
        yield world.now + timedelta(minutes=40)
        yield from complaining.about_result(tender, objector)
    ordered = voice == complaining.ORDERED and trading.find_lot(tender.code).stage == "evaluating"
    if voice == EVALUATED_AGAIN or ordered:
        yield world.now + timedelta(hours=20)
        yield from evaluations.sit_again(tender)
    if remedy or ordered:
        yield from tender.publicise(again=True)


def about_award(tender: Tender, ranking: Sequence[str]) -> Script:
    """What happens to the first in rank before it signs: it gives up, gives no bond, or is examined again."""
    voice, world = tender.plan.voice, tender.world
    if len(ranking) < 2 or voice not in (GAVE_UP, NO_BOND, REEXAMINED):
        return
    first = ranking[0]
    if voice == REEXAMINED:
        reason = "该单位近期被列为被执行人，财务状况发生较大变化，可能影响履约能力。"
        trading.order_reexamination(tender.drafter, tender.code, first, reason, [], world.now)
        with world.refused("reexamination-open"):
            trading.award(tender.drafter, tender.code, first, world.now)
        yield world.now + timedelta(days=1)
        found = "经审查，执行案件已履行完毕，财务状况满足招标文件要求，予以确认。"
        papers = [stored_pdf("审查意见")]
        trading.conclude_reexamination(world.centre[1], tender.code, True, found, papers, world.now)
        return
    ground, reason = "gave-up", "因项目经理无法到岗，来函放弃中标资格。"
    if voice == NO_BOND:
        trading.award(tender.drafter, tender.code, first, world.now)
        yield world.now + timedelta(hours=1)
        notice = trading.draft_result_notice(tender.drafter, tender.code, world.now)
        yield from tender.publish(notice.code)
        yield world.now + timedelta(days=6)
        ground, reason = "no-performance-bond", "经两次书面催告，未按招标文件要求提交履约保证金。"
    proof = [stored_pdf("证明材料")]
    trading.pass_over(tender.drafter, tender.code, first, ground, reason, proof, world.now)
    yield world.now + timedelta(hours=2)


def pay_back(tender: Tender) -> None:
    """Those who hold the deposits of a lot pay them back today, and note it."""
    world, lot = tender.world, trading.find_lot(tender.code)
    for each in trading.refunds_for(tender.drafter, world.now, lot):
        if each.done_on is None:
            trading.note_refund(tender.drafter, each.code, local_day(world.now), world.now)


def close_the_books(tender: Tender) -> Script:
    """After the contract: it is published, and the written report goes to the supervisor (W24)."""
    world = tender.world
    trading.hand_in_written_report(
        tender.drafter, tender.code, "招标过程未发生其他需要说明的事项。", world.now
    )
    # Lots of one project are signed on one day: an afternoon later all of them are.
    yield world.now + timedelta(hours=1 if tender.plan.lots == 1 else 6)
    yield from sharing.contract_notice(tender)


def do_without(tender: Tender) -> Script:
    """The tender failed a second time: with the approval of the department nobody tenders again (W12)."""
    world = tender.world
    yield world.now + timedelta(days=2)
    reason = "两次招标均因投标人不足三个失败，经批准不再招标，由招标人依法另行确定承包人。"
    papers = [stored_pdf("不再招标的批复")]
    trading.forgo_tender(tender.hosts[0], tender.code, "approved", reason, papers, world.now)
    notice = trading.draft_failure_notice(tender.drafter, tender.code, world.now)
    yield from tender.publish(notice.code)
