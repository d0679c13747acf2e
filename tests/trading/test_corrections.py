"""What an upheld complaint orders is a to-do of the tenderee until a step of the tender, or its own word, says it is done."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.trading import test_clarifications, test_passing
from tests.trading.test_complaints import PRICES, accepted, made, rules
from tests.trading.test_passing import passed
from tests.trading.world import Market, announced, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import Told
from yiwang.business.trading.services.mending import MENDED_BY
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import public_feed, sequence, timeline
from yiwang.site.simulation.people import second_body

pytestmark = pytest.mark.django_db
RULES_TESTED = ("W28-correction",)
STATED = "已按处理决定重新核对。"


def upheld(town: Market, correction: str, **change: object) -> str:
    code = accepted(town, **change)
    trading.decide_complaint(town.supervisor, code, "upheld", "属实。", [], town.now, correction=correction)
    return code


def to_carry_out(town: Market, by: Actor) -> list[str]:
    return [each.matter for each in trading.todos(by, town.now) if each.step == "carry-out-decision"]


def test_every_correction_of_the_law_is_none_done_by_a_step_or_written_out() -> None:
    town = announced()
    known = {each.id for each in law.rule("W28-correction", on=local_day(town.now)).choices}
    assert known == {"none", "other", *MENDED_BY}
    steps = {each.id for name in ("works-open", "works-open-prequalified") for each in law.procedure(name, on=local_day(town.now)).steps}  # fmt: skip
    assert {each for named in MENDED_BY.values() for each in named} <= steps


def test_what_is_ordered_is_a_to_do_until_the_tenderee_states_it_and_then_the_body_is_told() -> None:
    town = announced()
    town.bid(PRICES)
    code = upheld(town, "other")
    assert to_carry_out(town, town.hosts[0]) == [code]
    assert rules(lambda: trading.state_correction(town.hosts[1], code, " ", town.now)) == {
        "correction-statement-missing"
    }
    trading.state_correction(town.hosts[1], code, STATED, town.now)
    assert to_carry_out(town, town.hosts[0]) == []
    told = {each.organisation for each in Told.objects.filter(document=code, matter="correction-done")}
    assert told == {town.supervisor.organisation}
    assert trading.complaint_page(town.supervisor, code)[1].corrected_how == STATED
    page = trading.complaint_page(town.bidders[0], code)[1]
    assert (page.corrected_at, page.corrected_how) == (town.now, "")
    assert rules(lambda: trading.state_correction(town.hosts[0], code, STATED, town.now)) == {
        "correction-done"
    }
    while sequence():
        pass
    assert not [each for each in public_feed(0, 1000) if each.kind == "correction-done"]


def test_where_nothing_has_to_be_corrected_nobody_has_to_do_anything() -> None:
    town = announced()
    code = upheld(town, "none", interest="拟分包。")
    assert to_carry_out(town, town.hosts[0]) == []
    assert rules(lambda: trading.state_correction(town.hosts[0], code, STATED, town.now)) == {
        "no-such-complaint"
    }


def test_annulling_the_documents_carries_out_the_order_and_undoes_nothing_before_it() -> None:
    town = announced()
    town.bid(PRICES)
    code = upheld(town, "amend-and-tender-again")
    assert town.stage == "bidding", "the platform itself undoes nothing"
    town.now += timedelta(hours=1)
    trading.annul_documents(town.hosts[0], town.lot, "资格条件违反公平原则。", town.now)
    page = trading.complaint_page(town.supervisor, code)[1]
    assert (page.corrected_at, page.correction_open) == (town.now, False)
    assert to_carry_out(town, town.hosts[0]) == []


def test_a_tenderee_reads_what_is_ordered_of_it_though_the_complaint_was_about_a_bidder() -> None:
    town = market()
    report = town.to_report(PRICES)
    first = report[0]
    code = upheld(town, "award-from-others", matter="other", respondent=first)
    host = town.hosts[0]
    _, page = trading.complaint_page(host, code)
    assert (page.side, page.complainant, page.papers, page.inquiries) == ("corrector", "", (), ())
    assert (page.correction_id, page.correction_open, page.reason) == ("award-from-others", True, "属实。")
    assert to_carry_out(town, host) == [code]
    assert not trading.complaints_for(town.agency).exists()
    told = {each.organisation for each in Told.objects.filter(document=code, matter="correction-ordered")}
    assert told == {host.organisation}


def test_an_amendment_carries_out_the_order_and_a_mere_answer_does_not() -> None:
    town = announced()
    code = upheld(town, "amend-documents", interest="拟分包。")
    for affects, done in ((False, False), (True, True)):
        publish_at = test_clarifications.next_morning(town)
        notice = test_clarifications.draft(town, publish_at, affects_bids=affects)
        town.publish(notice.code, publish_at)
        assert (trading.complaint_page(town.supervisor, code)[1].corrected_at is not None) is done
    assert to_carry_out(town, town.hosts[0]) == []


def test_passing_over_the_first_in_rank_carries_out_the_order_to_choose_among_the_others() -> None:
    town = market()
    first, *_ = town.to_award(PRICES)
    code = upheld(town, "award-from-others", respondent=first, matter="other")
    passed(town, first, "unlawful-conduct")
    assert trading.complaint_page(town.supervisor, code)[1].corrected_at == town.now
    assert to_carry_out(town, town.hosts[0]) == []


def ordered_again(stage: str) -> tuple[Market, str, list[str]]:
    """A lot at ``stage`` whose tenderee is ordered to evaluate again: town, complaint, and who was ranked."""
    town = market()
    ranking = list(town.to_award(PRICES) if stage == "awarded" else town.to_report(PRICES))
    if stage == "awarded":
        test_passing.award(town, ranking[0])
        test_passing.result_notice(town)
    return town, upheld(town, "evaluate-again", respondent=ranking[0], matter="other"), ranking


@pytest.mark.parametrize("stage", ["reported", "awarded"])
def test_an_order_to_evaluate_again_voids_the_result_opens_a_round_and_is_thereby_carried_out(
    stage: str,
) -> None:
    town, code, ranking = ordered_again(stage)
    assert town.stage == stage
    lot = trading.find_lot(town.lot)
    before = [each for each in (lot.publicity_notice, lot.result_notice) if each]
    trading.evaluate_again(town.hosts[0], code, town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.round, lot.report_received_at, lot.publicity_notice) == ("evaluating", 2, None, "")
    assert not lot.awards.filter(withdrawn_at=None).exists()
    assert not lot.bids.filter(rank__isnull=False).exists()
    assert len(before) == (2 if stage == "awarded" else 0)
    assert trading.standings(before) == dict.fromkeys(before, "void")
    assert len(trading.void_publicities([town.lot])) == (1 if stage == "awarded" else 0)
    assert to_carry_out(town, town.hosts[0]) == []
    page = trading.complaint_page(town.supervisor, code)[1]
    assert (page.corrected_at, page.corrected_how) == (town.now, "")
    (earlier,) = trading.earlier_rounds(lot)
    assert (earlier.number, list(earlier.report.ranking)) == (1, ranking)
    assert "责令" in earlier.why.zh
    while sequence():
        pass
    (said,) = [each for each in public_feed(0, 1000) if each.kind == "result-annulled"]
    assert said.facts["authority"] == town.supervisor.organisation
    assert code not in str(said.facts), "for what complaint nobody learns"
    assert rules(lambda: trading.evaluate_again(town.hosts[0], code, town.now)) == {"evaluation-not-ordered"}


def test_the_new_round_goes_on_to_a_report_of_its_own_and_nobody_else_may_begin_it() -> None:
    town, code, ranking = ordered_again("reported")
    assert rules(lambda: trading.evaluate_again(town.agency, code, town.now)) == {"no-permission"}
    assert rules(lambda: trading.evaluate_again(town.bidders[0], code, town.now)) == {"no-permission"}
    trading.evaluate_again(town.hosts[0], code, town.now)
    trading.receive_report(town.staff.opener, town.lot, ranking, "", town.now)
    assert trading.find_lot(town.lot).stage == "reported"
    assert rules(lambda: trading.evaluate_again(town.hosts[0], code, town.now)) == {"evaluation-not-ordered"}


def test_without_such_an_order_no_result_is_undone() -> None:
    town = market()
    first, *_ = town.to_report(PRICES)
    code = upheld(town, "other", respondent=first, matter="other")
    assert rules(lambda: trading.evaluate_again(town.hosts[0], code, town.now)) == {"evaluation-not-ordered"}


@pytest.mark.parametrize("stage", ["bidding", "reported", "awarded"])
def test_an_order_to_tender_again_ends_the_lot_and_voids_what_was_decided(stage: str) -> None:
    town = announced() if stage == "bidding" else market()
    if stage == "bidding":
        town.bid(PRICES)
        first = town.bidders[0].organisation
    else:
        first, *_ = town.to_award(PRICES) if stage == "awarded" else town.to_report(PRICES)
    if stage == "awarded":
        test_passing.award(town, first)
        test_passing.result_notice(town)
    if stage == "bidding":
        code = upheld(town, "tender-again", matter="other")
    else:
        code = upheld(town, "tender-again", respondent=first, matter="other")
    lot = trading.find_lot(town.lot)
    before = [each for each in (lot.publicity_notice, lot.result_notice) if each]
    assert rules(lambda: trading.evaluate_again(town.hosts[0], code, town.now)) >= (
        {"wrong-stage"} if stage == "bidding" else {"evaluation-not-ordered"}
    )
    assert rules(lambda: trading.tender_again(town.agency, code, town.now)) == {"no-permission"}
    trading.tender_again(town.hosts[0], code, town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.outcome) == ("failed", "by-order")
    assert not lot.awards.filter(withdrawn_at=None).exists()
    assert trading.standings(before) == dict.fromkeys(before, "void")
    assert len(trading.void_publicities([town.lot])) == (1 if stage == "awarded" else 0)
    assert to_carry_out(town, town.hosts[0]) == []
    told = {each.organisation for each in Told.objects.filter(matter="tender-annulled")}
    assert town.bidders[0].organisation in told
    while sequence():
        pass
    said = [each for each in public_feed(0, 1000) if each.kind == "lot-failed"][-1]
    assert said.facts["authority"] == town.supervisor.organisation
    assert code not in str(said.facts)
    assert "责令" in str(trading.draft_failure_notice(town.hosts[0], town.lot, town.now).values)
    assert rules(lambda: trading.tender_again(town.hosts[0], code, town.now)) == {"wrong-stage"}


def ordered_by_both(first: str, second: str) -> tuple[Market, list[str], list[Actor]]:
    """A lot with a report, about which two bodies order each its own ("": none): town, complaints, bodies."""
    town = market()
    town.to_report(PRICES)
    bodies = [town.supervisor, second_body(town.now)]
    codes = []
    for by, body, correction in zip(town.bidders, bodies, (first, second), strict=False):
        if correction:
            code = made(town, by, authority=body.organisation)
            trading.accept_complaint(body, code, town.now)
            trading.decide_complaint(body, code, "upheld", "属实。", [], town.now, correction=correction)
            codes.append(code)
    return town, codes, bodies


def carried_out(town: Market, step: str, code: str) -> None:
    by, at = town.hosts[0], town.now
    if step == "annul-documents":
        trading.annul_documents(by, town.lot, "资格条件违反公平原则。", at)
    elif step == "terminate":
        trading.terminate(by, town.lot, "项目取消。", at)
    elif step == "tender-again":
        trading.tender_again(by, code, at)
    else:
        trading.evaluate_again(by, code, at)


OPEN, DONE, MOOT = "open", "correction-done", "correction-moot"


@pytest.mark.parametrize(
    ("first", "second", "becomes"),
    [
        (
            "evaluate-new-committee",
            "evaluate-again",
            DONE,
        ),  # a new committee evaluates again too (招标条例 70)
        ("evaluate-again", "evaluate-again", DONE),
        ("evaluate-new-committee", "evaluate-new-committee", DONE),
        ("evaluate-again", "tender-again", OPEN),
        ("evaluate-new-committee", "tender-again", OPEN),
        ("evaluate-again", "award-from-others", OPEN),  # whoever acted unlawfully stays out of the next award
        ("tender-again", "tender-again", DONE),
        ("tender-again", "evaluate-again", MOOT),  # alternatives of the law (招标投标法 64, 招标条例 81)
        ("tender-again", "evaluate-new-committee", MOOT),
        ("tender-again", "award-from-others", MOOT),
        ("tender-again", "amend-documents", OPEN),  # binds the next tender (招标条例 23)
        ("tender-again", "amend-and-tender-again", OPEN),
        ("tender-again", "other", OPEN),
        ("annul-documents", "evaluate-again", MOOT),
        ("annul-documents", "evaluate-new-committee", MOOT),
        ("annul-documents", "amend-and-tender-again", DONE),
        ("terminate", "evaluate-again", MOOT),  # nothing is evaluated any more (招标条例 31)
        ("terminate", "evaluate-new-committee", MOOT),
        ("terminate", "award-from-others", MOOT),
        ("terminate", "tender-again", OPEN),
    ],
)
def test_what_one_body_ordered_and_was_carried_out_does_to_the_order_of_another(first, second, becomes):
    """``first`` is what the first body orders, or a step that the tenderee takes by itself."""
    by_itself = first in ("annul-documents", "terminate")
    town, codes, bodies = ordered_by_both("" if by_itself else first, second)
    own, body = codes[-1], bodies[1]
    carried_out(town, first, codes[0])
    assert to_carry_out(town, town.hosts[0]) == ([own] if becomes == OPEN else [])
    page = trading.complaint_page(body, own)[1]
    assert (page.corrected_at is None, page.corrected_moot) == (becomes == OPEN, becomes == MOOT)
    told = list(
        Told.objects.filter(organisation=body.organisation, document=own, matter__startswith="correction-")
    )
    assert [each.matter for each in told] == [each for each in (DONE, MOOT) if each == becomes]
    kinds = [each.kind for each in timeline(Ref("trading", "complaint", own), public_only=False)]
    assert [each for each in kinds if each in (DONE, MOOT)] == [
        each for each in (DONE, MOOT) if each == becomes
    ]
    while sequence():
        pass
    assert not {DONE, MOOT} & {each.kind for each in public_feed(0, 1000)}
    if becomes != OPEN:
        found = rules(lambda: trading.state_correction(town.hosts[0], own, STATED, town.now))
        assert found == {"correction-done"}


def test_an_order_without_a_step_left_is_closed_by_what_the_tenderee_states():
    town, (first, own), _ = ordered_by_both("tender-again", "amend-documents")
    carried_out(town, "tender-again", first)
    trading.state_correction(town.hosts[0], own, STATED, town.now)
    assert to_carry_out(town, town.hosts[0]) == []


def test_without_such_an_order_no_tender_is_ended() -> None:
    town = announced()
    code = upheld(town, "other", interest="拟分包。")
    assert rules(lambda: trading.tender_again(town.hosts[0], code, town.now)) == {"new-tender-not-ordered"}
