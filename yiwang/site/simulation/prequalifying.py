"""Tenders that prequalify first: notice, questions and an objection, applications, review, result."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TYPE_CHECKING

from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local, local_day, on_day_at
from yiwang.site.simulation import evaluations
from yiwang.site.simulation.papers import stored_pdf
from yiwang.site.simulation.plans import working_day

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
    from yiwang.site.simulation.script import Script, Tender
else:
    from yiwang.site.simulation.line import trading  # the same verbs, over a line that may be troubled

# What becomes of a prequalification: it passes, with two that pass it fails, or it stands there today.
PASSES, TWO_PASS, APPLYING, REVIEWING = "passes", "two-pass", "applying", "reviewing"
DAYS = timedelta(days=20)  # of the calendar, about as long as the shortest one takes
CRITERIA = (
    "一、具有有效的施工总承包二级及以上资质和安全生产许可证；二、近五年完成过类似工程不少于一项；"
    "三、拟派项目经理具有相应注册建造师资格且无在建工程；四、未被列入严重失信主体名单。四项均合格的通过。"
)
QUALIFICATION = "具备建筑工程施工总承包二级及以上资质，有效的安全生产许可证，近五年类似业绩不少于一项。"
ASKED = "类似工程业绩以合同签订日期还是竣工验收日期为准？"
AMENDED_BY = "类似工程业绩以竣工验收日期为准，申请文件应当附竣工验收证明。"
UNFAIR = "要求本市行政区域内的业绩，限制了外地企业，请求修改。"
KEPT = "资格预审文件没有地域限制，所称业绩不分地区，异议不成立。"
PUT_OFF = "多家潜在投标人反映类似业绩证明材料调取需要时间，申请截止时间顺延。"
UNFIT = "近五年没有类似工程业绩，不符合审查标准第二项。"


def terms(tender: Tender, short_by: int = 0) -> trading.PrequalificationTerms:
    """The shortest lawful prequalification from the next working morning; ``short_by`` days too short for a test."""
    publish_at = on_day_at(working_day(local_day(tender.world.now) + timedelta(days=1)), 9)
    on = local_day(publish_at)
    until_on = law.clock("W01", publish_at, on=on).strict_on
    earliest = law.clock("W02", until_on, on=on).result_on
    return trading.PrequalificationTerms(
        publish_at=publish_at,
        documents_from_at=publish_at,
        documents_until_on=until_on,
        deadline_at=on_day_at(earliest - timedelta(days=1) if short_by else working_day(earliest), 9, 30),
        qualification=QUALIFICATION,
        consortium_allowed=True,
        method="qualified",
        most=0,
        criteria=CRITERIA,
        papers=[stored_pdf(f"{tender.name}资格预审文件")],
    )


def passed(code: str) -> set[str]:
    """Who passed the prequalification of a lot; nobody of one without."""
    lot = trading.find_lot(code)
    return {each.applicant for each in trading.standing_applications(lot) if each.qualified}


def prequalify(tender: Tender) -> Script:
    """From the notice to the result, as far as the plan goes; the lot is then prequalified, failed or on its way."""
    world, code = tender.world, tender.code
    yield world.now + timedelta(hours=1)
    with world.refused("W02"):
        trading.draft_prequalification(tender.drafter, code, terms(tender, short_by=1), world.now)
    notice = trading.draft_prequalification(tender.drafter, code, terms(tender), world.now)
    yield from tender.publish(notice.code)
    if trading.find_lot(code).stage != "applying":
        return  # a troubled city: it was given back
    yield world.now + timedelta(hours=4)
    yield from _apply(tender)
    if tender.plan.prequalify == APPLYING:
        return
    deadline_at = trading.find_lot(code).deadline_at
    yield deadline_at + timedelta(minutes=5)
    yield from tender.past(code, "applying")
    if trading.find_lot(code).stage == "reviewing":
        yield from _review(tender)


def _apply(tender: Tender) -> Script:
    """Documents are taken, one asks, one objects; applications come in, one of a consortium, one is withdrawn."""
    world, code = tender.world, tender.code
    chosen = world.bidders[:7] if tender.plan.prequalify == APPLYING else tender.rng.sample(world.bidders, 7)
    for each in chosen:
        trading.take_documents(each, code, world.now)
    yield world.now + timedelta(hours=20)
    yield from _speak(tender, chosen)
    for number, applicant in enumerate(chosen[: tender.plan.applicants]):
        yield world.now + timedelta(hours=2)
        papers = [stored_pdf(f"{world.names[applicant.organisation]}资格预审申请文件")]
        partner = chosen[6].organisation
        members = [(partner, world.names[partner])] if number == 1 else []
        trading.submit_application(applicant, code, papers, world.now, members=members)
    hasty = chosen[5]
    trading.submit_application(hasty, code, [stored_pdf("申请文件初稿")], world.now)
    yield world.now + timedelta(hours=1)
    trading.withdraw_application(hasty, code, world.now)


def _speak(tender: Tender, takers: Sequence[Actor]) -> Script:
    """A question that is answered by an amendment, with the deadline moved (W05), or an objection that suspends."""
    world, code = tender.world, tender.code
    if tender.plan.prequalify == TWO_PASS:
        objection = trading.object_to_documents(takers[2], code, UNFAIR, [], world.now)
        yield world.now + timedelta(days=1)
        trading.answer_objection(tender.drafter, objection.code, KEPT, [], False, world.now)
        return
    trading.ask(takers[0], code, ASKED, [], world.now)
    if tender.plan.prequalify == REVIEWING:
        yield from _put_off(tender)
    if tender.plan.prequalify != PASSES:
        return
    lot = trading.find_lot(code)
    yield max(world.now, lot.deadline_at - timedelta(days=4))
    publish_at = on_day_at(working_day(local_day(world.now) + timedelta(days=1)), 9)
    earliest_on = trading.earliest_deadline_on(publish_at, lot.law_on, "W05")
    hour = local(lot.deadline_at)
    later_on = working_day(max(earliest_on, local_day(lot.deadline_at) + timedelta(days=1)))
    new = trading.NewClarification(
        content=AMENDED_BY,
        affects_bids=True,
        publish_at=publish_at,
        new_deadline_at=on_day_at(later_on, hour.hour, hour.minute),
        answers=[each.code for each in trading.questions_of(tender.drafter, lot)],
    )
    with world.refused("W05"):
        same = trading.NewClarification(
            content=AMENDED_BY,
            affects_bids=True,
            publish_at=publish_at + timedelta(days=1),
            new_deadline_at=None,
        )
        trading.draft_clarification(tender.drafter, code, same, world.now)
    yield from tender.publish(trading.draft_clarification(tender.drafter, code, new, world.now).code)


def _replace(tender: Tender) -> Script:
    """A member turns out to have an interest: another one who was drawn too takes the seat, its votes are void."""
    world, code, centre = tender.world, tender.code, tender.world.centre[1]
    yield world.now + timedelta(hours=3)
    substitute = world.judges[
        len(evaluations.SEATS)
    ].person  # the first of the reserve: technical, as who leaves
    with world.refused("W-replaced"):
        trading.replace_reviewer(centre, code, 1, "", substitute, world.now, tender.drawn)
    trading.replace_reviewer(centre, code, 1, "conflict", substitute, world.now, tender.drawn)


def _put_off(tender: Tender) -> Script:
    """The deadline is put off by two working days; the documents stay as they are."""
    world, lot = tender.world, trading.find_lot(tender.code)
    if lot.stage != "applying" or lot.deadline_at is None:
        return
    publish_at = on_day_at(working_day(local_day(world.now) + timedelta(days=1)), 9)
    later_at = on_day_at(working_day(local_day(lot.deadline_at) + timedelta(days=2)), 9, 30)
    notice = trading.draft_postponement(tender.drafter, tender.code, PUT_OFF, later_at, publish_at, world.now)
    yield from tender.publish(notice.code)


def _review(tender: Tender) -> Script:
    """The committee decides: on paper as the centre records it, or by votes; then everybody is told."""
    world, code, centre = tender.world, tender.code, tender.world.centre[1]
    lines = trading.applications_of(centre, trading.find_lot(code))
    with world.refused("review-committee-missing"):
        trading.decide_application(centre, lines[0].code, True, "", None, world.now)
    online = tender.plan.prequalify in (REVIEWING, TWO_PASS)
    judges = world.judges[: len(evaluations.SEATS)]
    members = [trading.MemberFacts(name="", kind="", person=each.person) for each in judges]
    if not online:
        names = zip(tender.rng.sample(world.experts, 5), evaluations.SEATS, strict=True)
        members = [
            trading.MemberFacts(name=name, kind=kind, employer="省综合评标专家库") for name, kind in names
        ]
    trading.enter_review_committee(centre, code, members, world.now, tender.drawn)
    yield world.now + timedelta(hours=1)
    unfit = len(lines) - 2 if tender.plan.prequalify == TWO_PASS else 1
    for number, line in enumerate(lines):
        passes = number >= unfit
        if tender.plan.prequalify == REVIEWING and number > 1:
            break
        if not online:
            trading.decide_application(centre, line.code, passes, "" if passes else UNFIT, None, world.now)
            continue
        for judge in judges[: 2 if tender.plan.prequalify == REVIEWING and number == 1 else 3]:
            trading.review_application(judge, line.code, passes, "" if passes else UNFIT, None, world.now)
    if tender.plan.prequalify == REVIEWING:
        yield from _replace(tender)
        return
    yield world.now + timedelta(days=1)
    trading.notify_results(tender.drafter, code, world.now)
