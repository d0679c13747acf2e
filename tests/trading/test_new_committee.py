"""A decision on a complaint orders a newly formed committee: the old one stands down, nothing it concluded stays, it never sits again."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.trading.sitting import PRICES, award, hand_in, score, seats, to_sitting
from tests.trading.test_complaints import accepted
from tests.trading.test_corrections import ordered_by_both, to_carry_out, upheld
from tests.trading.test_expert_draw import accept_all, announce, opened, plan, pool, refused
from tests.trading.test_objections_to_opening_and_result import publicised, until_publicity_is_over
from tests.trading.test_rules_properties import LOT, step
from tests.trading.world import ELSEWHERE, Market, market
from yiwang.business.trading import api as trading
from yiwang.business.trading.models import DirectNaming, ExpertTicket, Told
from yiwang.business.trading.rules.complaining import (
    evaluation_ordered_findings,
    new_committee_ordered_findings,
    new_tender_ordered_findings,
    no_new_committee_due_findings,
)
from yiwang.business.trading.rules.expert_draw import stood_down_findings
from yiwang.business.trading.rules.facts import MemberFacts
from yiwang.business.trading.rules.panel_facts import PanelFacts
from yiwang.common.identity import api as identity
from yiwang.common.shell.speech import say
from yiwang.law import api as law
from yiwang.pure.kernel.actors import EXPERT, Actor
from yiwang.record.journal.api import public_feed, sequence
from yiwang.site.cli import parser
from yiwang.site.commands.award import recompute
from yiwang.site.simulation.invariants import lot_objections

RULES_TESTED = ("W28-correction",)
NEW = "evaluate-new-committee"
CHOICES = [each.id for each in law.rule("W28-correction", on=LOT.law_on).choices]


@given(st.sampled_from(["", *CHOICES]))
def test_each_order_opens_its_own_step_and_no_other(ordered):
    asked = {
        "evaluate-again": evaluation_ordered_findings,
        NEW: new_committee_ordered_findings,
        "tender-again": new_tender_ordered_findings,
    }
    open_to = {name for name, rule in asked.items() if not list(rule(step(LOT, ordered=ordered)))}
    assert open_to == {ordered} & set(asked)


@given(st.sampled_from(["", *CHOICES]), st.booleans())
def test_the_old_committee_evaluates_again_only_where_no_new_one_is_due(ordered, due):
    found = list(no_new_committee_due_findings(step(LOT, ordered=ordered, committee_due=due)))
    assert [each.rule for each in found] == ["new-committee-due"] * due
    assert all("第七十条" in each.source for each in found)


@given(st.lists(st.sampled_from(["专家1", "专家2"]), max_size=2))
def test_nobody_sits_again_who_was_stood_down(names):
    found = list(stood_down_findings(replace(step(LOT), panel=PanelFacts(stood_down=tuple(names)))))
    assert [each.rule for each in found] == ["member-stood-down"] * bool(names)
    for each in found:
        assert all(name in say(each, "zh") for name in names)
        assert "按姓名比对" in say(each, "zh"), "a namesake learns why"


@pytest.fixture
def town(db) -> Market:
    return market()


def told(town: Market) -> set[str]:
    return set(Told.objects.filter(matter="committee-annulled").values_list("organisation", flat=True))


@pytest.mark.parametrize("stage", ["reported", "publicity-ended"])
def test_on_paper_all_stand_down_everything_is_open_and_others_evaluate(town, stage):
    ranking = town.to_report(PRICES) if stage == "reported" else town.to_award(PRICES)
    assert town.stage == stage
    code = upheld(town, NEW, respondent=ranking[0], matter="other")
    assert to_carry_out(town, town.hosts[0]) == [code]
    assert refused(lambda: trading.evaluate_again(town.agency, code, town.now)) == {"no-permission"}
    lot = trading.evaluate_again(town.hosts[0], code, town.now)
    lot = trading.find_lot(lot.code)
    assert (lot.stage, lot.round, lot.report_received_at, lot.publicity_notice) == ("opened", 2, None, "")
    assert set(lot.committee.values_list("replaced_why", flat=True)) == {"order"}
    assert {(each.status, each.rank, each.evaluated_fen) for each in lot.bids.all()} == {("open", None, None)}
    assert to_carry_out(town, town.hosts[0]) == []
    assert {each.organisation for each in town.bidders[:3]} <= told(town)
    (earlier,) = trading.earlier_rounds(lot)
    assert list(earlier.report.ranking) == ranking
    while sequence():
        pass
    (said,) = [each for each in public_feed(0, 1000) if each.kind == "result-annulled"]
    assert (said.facts["committee"], said.facts["authority"]) == ("new", town.supervisor.organisation)
    assert code not in str(said.facts)

    enter, opener = trading.enter_committee, town.staff.opener
    old = town.committee()
    fresh = [replace(each, name=f"新{each.name}") for each in old]
    mixed = [*fresh[:-1], old[-1]]
    assert refused(lambda: enter(opener, town.lot, mixed, town.now, ELSEWHERE)) == {"member-stood-down"}
    seated = enter(opener, town.lot, fresh, town.now, ELSEWHERE)
    assert [each.number for each in seated] == list(range(len(old) + 1, 2 * len(old) + 1))
    for bidder, price in zip(town.bidders, PRICES, strict=False):
        trading.evaluate_bid(opener, town.lot, bidder.organisation, price, "", town.now)
    trading.receive_report(opener, town.lot, ranking, "", town.now)
    award(town, ranking[0])
    sequence()
    ((number, undone),) = trading.rounds_of(town.lot)
    assert (number, undone.verdict, trading.calculation_of(town.lot).verdict) == (1, "equal", "equal")


def test_the_old_committee_does_not_evaluate_again_while_another_body_orders_a_new_one(db):
    town, (again, anew), (_, body) = ordered_by_both("evaluate-again", NEW)
    host = town.hosts[0]
    assert refused(lambda: trading.evaluate_again(host, again, town.now)) == {"new-committee-due"}
    assert trading.find_lot(town.lot).round == 1
    assert sorted(to_carry_out(town, host)) == sorted([again, anew])
    trading.evaluate_again(host, anew, town.now)
    assert town.stage == "opened"
    assert to_carry_out(town, host) == [], "a new committee evaluates again too"
    assert trading.complaint_page(body, anew)[1].corrected_at == town.now


def promised_while_a_new_committee_is_ordered(town: Market, order: str) -> str:
    """A publicity whose last objection is answered with a new evaluation after a decision ordered ``order``."""
    publicised(town)
    code = upheld(town, order, respondent=town.hosts[0].organisation, matter="other")
    objection = trading.object_to_result(town.bidders[1], town.lot, "评分有误。", [], town.now)
    trading.answer_objection(
        town.hosts[0], objection.code, "异议成立。", [], False, town.now, "re-evaluation"
    )
    return code


def test_a_new_evaluation_that_was_promised_to_an_objector_waits_for_the_new_committee(town):
    code = promised_while_a_new_committee_is_ordered(town, NEW)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.round, lot.suspended_at) == ("publicity", 1, None)
    until_publicity_is_over(town)
    assert town.stage == "publicity", "what was promised is not forgotten when the publicity has run"
    trading.evaluate_again(town.hosts[0], code, town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.round) == ("opened", 2)
    assert not lot.objections.filter(settled_in="").exists()
    while sequence():
        pass
    assert list(lot_objections(lot.code)) == [], "the record is read so by whoever checks it"


def test_what_was_promised_follows_where_the_tenderee_states_how_it_carried_the_order_out(town):
    code = promised_while_a_new_committee_is_ordered(town, NEW)
    trading.state_correction(town.hosts[0], code, "经复核，已另行处理。", town.now)
    assert (town.stage, trading.find_lot(town.lot).round) == ("evaluating", 2)


def test_a_decision_that_lets_the_tender_go_on_and_orders_a_new_committee_does_not_begin_what_was_promised(
    town,
):
    publicised(town)
    body, host = town.supervisor, town.hosts[0]
    objection = trading.object_to_result(town.bidders[1], town.lot, "评分有误。", [], town.now)
    code = accepted(town, respondent=host.organisation, matter="other")
    trading.order_suspension(body, code, "先予核查。", town.now)
    trading.answer_objection(host, objection.code, "异议成立。", [], False, town.now, "re-evaluation")
    assert town.stage == "publicity", "it stands still by order"
    trading.decide_complaint(body, code, "upheld", "专家未经抽取。", [], town.now, correction=NEW)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.round, lot.stopped_at) == ("publicity", 1, None)


def test_another_order_does_not_hold_a_promised_evaluation_up(town):
    promised_while_a_new_committee_is_ordered(town, "award-from-others")
    assert (town.stage, trading.find_lot(town.lot).round) == ("evaluating", 2)


def test_that_experts_were_named_directly_falls_with_their_committee(town):
    first, *_ = town.to_report(PRICES)
    named = {"cause": "complex", "reason": "全省仅数名专家具备评审经验。", "said_at": town.now}
    DirectNaming.objects.create(lot=trading.find_lot(town.lot), **named)
    trading.evaluate_again(town.hosts[0], upheld(town, NEW, respondent=first, matter="other"), town.now)
    assert trading.panel_page(town.staff.opener, trading.find_lot(town.lot)).cause is None
    fresh = [replace(each, name=f"新{each.name}") for each in town.committee()]
    enter = trading.enter_committee
    assert refused(lambda: enter(town.staff.opener, town.lot, fresh, town.now)) == {"W-draw"}


def test_while_another_committee_is_chosen_nobody_objects_to_the_opening(town):
    first, *_ = town.to_report(PRICES)
    trading.evaluate_again(town.hosts[0], upheld(town, NEW, respondent=first, matter="other"), town.now)
    by = town.bidders[0]
    assert refused(lambda: trading.object_to_opening(by, town.lot, "唱标有误。", [], town.now)) == {
        "opening-over"
    }


def test_who_sat_on_paper_and_was_stood_down_is_not_drawn_and_does_not_sit_by_a_login(town):
    first, *_ = town.to_report(PRICES)
    people = pool(town, technical=9, economic=4)
    known = {each.person: each.name for each in identity.experts(people)}
    again, *others = known
    trading.find_lot(town.lot).committee.filter(number=1).update(name=known[again])
    trading.evaluate_again(town.hosts[0], upheld(town, NEW, respondent=first, matter="other"), town.now)
    lot = trading.find_lot(town.lot)
    seated = [MemberFacts(name="", kind="", person=each) for each in (again, *others[:4])]
    found = refused(lambda: trading.enter_committee(town.staff.opener, lot.code, seated, town.now, ELSEWHERE))
    assert "member-stood-down" in found
    plan(town, people)
    drawn = set(ExpertTicket.objects.filter(draw__lot=lot).values_list("person", flat=True))
    assert drawn
    assert again not in drawn


def waiting_for(town: Market, bidder: Actor) -> list[str]:
    return [each.matter for each in trading.todos(bidder, town.now) if each.step == "answer-committee"]


def messages(actor: Actor) -> list[tuple[str, str]]:
    return [(each.matter, each.document) for each in trading.messages_for(actor)]


@pytest.mark.parametrize("replaced", [False, True])
def test_what_the_old_committee_asked_needs_no_answer_and_its_members_are_told_without_a_reason(
    town, replaced
):
    experts = to_sitting(town)
    old, bidder, other = experts[:5], town.bidders[0], town.bidders[1]
    ask, answer = trading.ask_bidder, trading.answer_committee
    slip = ask(old[0], town.lot, other.organisation, "arithmetic", "合价与单价不一致。", town.now)
    answer(other, slip.code, "同意修正。", True, town.now)
    asked = ask(old[0], town.lot, bidder.organisation, "unclear-meaning", "工期从何时起算？", town.now)
    if replaced:  # the member who asked left before all did: the question was the committee's
        opener, follows = town.staff.opener, experts[5].person
        trading.replace_member(opener, town.lot, 1, "health", follows, town.now, ELSEWHERE)
        old = [*old[1:], experts[5]]
    assert waiting_for(town, bidder) == [asked.code]
    code = upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    for each in old:
        assert messages(each) == [("stood-down", "")]
        assert trading.number_unread(each) == 1
        trading.mark_messages_read(each, town.now)
        assert trading.number_unread(each) == 0
    assert ("inquiry-ended", asked.code) in messages(bidder)
    assert "inquiry-ended" not in {matter for matter, _ in messages(other)}, "that one was answered"
    new = others(town)
    trading.enter_committee(town.staff.opener, town.lot, seats(new), town.now, ELSEWHERE)
    assert waiting_for(town, bidder) == []
    assert refused(lambda: answer(bidder, asked.code, "自开工令起算。", None, town.now)) == {"inquiry-ended"}
    assert {each.code: each.ended for each in trading.inquiries_to(bidder)} == {asked.code: True}
    correct = trading.propose_correction
    given = (town.lot, other.organisation, "unit-price", PRICES[1] - 100, "以单价为准。", town.now)
    assert "correction-unconfirmed" in refused(lambda: correct(new[0], *given))
    assert trading.sitting_page(new[0], town.lot).inquiries == ()
    assert len(trading.sitting_page(town.staff.opener, town.lot).inquiries) == 2
    again = ask(new[0], town.lot, bidder.organisation, "unclear-meaning", "工期从何时起算？", town.now)
    assert waiting_for(town, bidder) == [again.code]
    answer(bidder, again.code, "自开工令起算。", None, town.now)
    score(town, new)
    hand_in(town, new)
    (said,) = trading.evaluation_report_of(trading.find_lot(town.lot)).inquiries
    assert (said.bidder, said.answer) == (bidder.organisation, "自开工令起算。")


def others(town: Market) -> list[Actor]:
    """Five more who may sit."""
    found = []
    for number, kind in enumerate(("technical", "technical", "economic", "technical", "representative")):
        facts = identity.ExpertFacts(
            name=f"新专家{number}", kind=kind, years=9, title="高级工程师", employer="", specialty="建筑工程",
            employer_code="",
        )  # fmt: skip
        code = identity.register_expert(town.staff.opener, f"other{number}", None, facts, at=town.now)
        found.append(Actor(code, "", EXPERT))
    return found


def test_the_new_committee_reads_what_the_old_one_came_to_after_its_own_report(town):
    old = to_sitting(town)[:5]
    score(town, old)
    hand_in(town, old)
    code = upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    new, lot = others(town), trading.find_lot(town.lot)
    trading.enter_committee(town.staff.opener, town.lot, seats(new), town.now, ELSEWHERE)
    lot.refresh_from_db()
    assert trading.sitting_page(new[0], town.lot).ordered
    assert trading.rounds_for(new[0], lot) == ()
    assert [each.number for each in trading.rounds_for(town.staff.opener, lot)] == [1]
    assert trading.rounds_for(town.bidders[0], lot) == ()
    score(town, new)
    hand_in(town, new)
    assert [each.number for each in trading.rounds_for(new[0], trading.find_lot(town.lot))] == [1]


def test_who_was_called_and_does_not_sit_is_told_that_the_call_has_ended(town):
    people = pool(town, technical=9, economic=4)
    announce(town)
    plan(town, people)
    opened(town)
    seated_and_scored(town, people)
    code = upheld(town, NEW, respondent=town.hosts[0].organisation, matter="other")
    sits = trading.find_lot(town.lot).committee.exclude(person="").first()
    substitute = ExpertTicket.objects.filter(draw__lot__code=town.lot, status="").first()
    ExpertTicket.objects.filter(pk=substitute.pk).update(status="called", turn=99, called_at=town.now)
    trading.evaluate_again(town.hosts[0], code, town.now)
    assert messages(people[substitute.person]) == [("call-ended", "")]
    assert messages(people[sits.person]) == [("stood-down", "")]


def test_without_such_an_order_the_committee_stays(town):
    first, *_ = town.to_report(PRICES)
    again = upheld(town, "evaluate-again", respondent=first, matter="other")
    trading.evaluate_again(town.hosts[0], again, town.now)
    lot = trading.find_lot(town.lot)
    assert lot.stage == "evaluating"
    assert not lot.committee.filter(replaced_at__isnull=False).exists()


def test_online_others_are_drawn_by_a_plan_of_their_own_and_evaluate_from_the_beginning(town):
    people = pool(town, technical=9, economic=4)
    announce(town)
    plan(town, people)
    opened(town)
    old, ranking = seated_and_scored(town, people)
    other = next(each for each in ranking if each != town.bidders[0].organisation)
    code = upheld(town, NEW, respondent=other, matter="other")
    late = ExpertTicket.objects.filter(status="accepted").first()
    trading.evaluate_again(town.hosts[0], code, town.now)
    assert "choose-experts" in {each.step for each in trading.todos(town.hosts[0], town.now)}
    page = trading.panel_page(town.staff.opener, trading.find_lot(town.lot))
    assert (page.begun, page.held, page.complete, page.accepted) == (False, False, False, frozenset())
    assert [each.stood_down for each in page.draws] == [True]
    assert refused(lambda: trading.answer_call(people[late.person], late.code, True, "", "", town.now)) == {
        "no-such-call"
    }
    people |= another_representative(town)
    assert "expert-draw-late" in plan(town, people)
    page = trading.panel_page(town.staff.opener, trading.find_lot(town.lot))
    assert (page.begun, [each.stood_down for each in page.draws]) == (True, [True, False])
    new, again = seated_and_scored(town, people)
    assert not new & old, "no one of the first committee sits in the second"
    lot = trading.find_lot(town.lot)
    assert lot.committee.filter(replaced_at=None).count() == len(new)
    award(town, again[0])
    sequence()
    ((number, undone),) = trading.rounds_of(town.lot)
    assert (number, undone.verdict, trading.calculation_of(town.lot).verdict) == (1, "equal", "equal")
    told = [
        (each.number, each.late, each.stood_down, each.findings) for each in trading.draws_again(town.lot)
    ]
    assert told == [(1, False, True, ()), (2, True, False, ())]
    assert recompute(parser("award").parse_args(["award", "recompute", town.lot])) == 0


def another_representative(town: Market) -> dict[str, Actor]:
    facts = identity.ExpertFacts(
        name="另一代表", kind="representative", years=8, title="高级工程师", employer="", specialty="管理",
        employer_code="",
    )  # fmt: skip
    code = identity.register_expert(town.staff.opener, "pool-other", None, facts, at=town.now)
    return {code: Actor(code, "", EXPERT)}


def seated_and_scored(town: Market, people: dict[str, Actor]) -> tuple[set[str], list[str]]:
    """Drawn, accepted, seated, scored and handed in: who sat, and the ranking."""
    trading.hold_expert_draw(town.staff.opener, town.lot, town.now)
    accept_all(town, people)
    seats = trading.seat_drawn_experts(town.staff.opener, town.lot, town.now)
    actors = [people[each.person] for each in seats]
    score(town, actors)
    return {each.person for each in seats}, hand_in(town, actors)


@pytest.mark.parametrize("order", ["evaluate-again", NEW])
def test_during_the_evaluation_on_paper_what_was_concluded_so_far_is_void(town, order):
    town.to_evaluating(PRICES)
    opener, codes = town.staff.opener, [each.organisation for each in town.bidders]
    trading.reject_bid(opener, town.lot, codes[0], "not-qualified", "资质证书过期", town.now)
    trading.evaluate_bid(opener, town.lot, codes[1], PRICES[1], "", town.now)
    code = upheld(town, order, respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    lot = trading.find_lot(town.lot)
    assert (lot.stage, lot.round) == ("opened" if order == NEW else "evaluating", 2)
    assert {(each.status, each.evaluated_fen, each.ground) for each in lot.bids.all()} == {("open", None, "")}
    assert trading.earlier_rounds(lot) == ()
    if order == NEW:
        fresh = [replace(each, name=f"新{each.name}") for each in town.committee()]
        trading.enter_committee(opener, town.lot, fresh, town.now, ELSEWHERE)
    else:
        assert not lot.committee.filter(replaced_at__isnull=False).exists()
    for bidder, price in zip(codes, PRICES, strict=False):
        trading.evaluate_bid(opener, town.lot, bidder, price, "", town.now)
    ranking = [codes[place] for place in sorted(range(len(PRICES)), key=lambda place: PRICES[place])[:3]]
    trading.receive_report(opener, town.lot, ranking, "", town.now)
    award(town, ranking[0])
    sequence()
    assert trading.rounds_of(town.lot) == ()
    made = trading.calculation_of(town.lot)
    assert (made.verdict, len(made.order)) == ("equal", len(PRICES))
    entries = [each.kind for each in public_feed(0, 1000)]
    assert entries.count("evaluation-annulled") == 1
    assert "result-annulled" not in entries


def test_during_an_evaluation_online_votes_and_sheets_are_void_and_all_begin_again(town):
    experts = to_sitting(town)
    sitting = experts[:5]
    score(town, sitting, b0={"c1": "25"})
    code = upheld(town, "evaluate-again", respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    page = trading.sitting_page(sitting[0], town.lot)
    assert (page.round, page.handed_in, page.judged, page.motions, page.sheets) == (2, False, False, (), ())
    score(town, sitting, b0={"c1": "11"})
    again = hand_in(town, sitting)
    award(town, again[0])
    sequence()
    assert trading.calculation_of(town.lot).verdict == "equal"
    assert recompute(parser("award").parse_args(["award", "recompute", town.lot])) == 0
