"""Every verb of a prequalification, tried by everybody in every state of a lot: allowed, or refused, as a table by hand says."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import timedelta

import pytest

from tests.trading.prequalifying import terms
from tests.trading.sitting import register_experts
from tests.trading.walk import NOBODYS, detour
from tests.trading.world import ELSEWHERE as POOL
from tests.trading.world import START, Market, code, market
from yiwang.business.trading import api as trading
from yiwang.law import api as law
from yiwang.pure.kernel.actors import APPLICANT, Actor
from yiwang.pure.kernel.days import local_day, on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.site.simulation.papers import stored_pdf
from yiwang.site.simulation.people import admit

RULES_TESTED = ("W-late", "W-prequalification-committee", "W-prequalification-result")

STATES = (
    "registered", "drafted", "confirmed", "applying", "objected", "reviewing", "seated", "decided", "prequalified",
    "invited", "bidding", "failed",
)  # fmt: skip
STAGES = {
    "drafted": "pq-announcing", "confirmed": "pq-announcing", "objected": "applying", "seated": "reviewing",
    "decided": "reviewing", "invited": "announcing",
}  # fmt: skip
HOSTS = ("host", "colleague", "agency")
OPEN = ("applying", "objected")
ENDABLE = tuple(each for each in STATES if each != "failed")


@dataclass
class Walk:
    """Where the lot is, and the codes of what verbs refer to."""

    town: Market
    actors: dict[str, Actor]
    experts: list[Actor]
    notice: str = NOBODYS
    application: str = NOBODYS
    objection: str = NOBODYS
    paper: list[tuple[str, str]] = field(default_factory=list)

    @property
    def lot(self) -> str:
        return self.town.lot

    @property
    def now(self):
        return self.town.now

    def morning(self):
        return on_day_at(local_day(self.now) + timedelta(days=1), 9)


type Call = Callable[[Walk, Actor], object]


@dataclass(frozen=True)
class Verb:
    """Who may do it where; ``but`` has the exact refusals of others, by "actor state" or by actor."""

    name: str
    step: str
    who: tuple[str, ...]
    where: tuple[str, ...]
    call: Call
    but: Mapping[str, set[str]] = field(default_factory=dict)


def _clarification(w: Walk) -> trading.NewClarification:
    return trading.NewClarification(
        content="以图纸为准。", affects_bids=False, publish_at=w.morning(), new_deadline_at=None
    )


def _bid(w: Walk, by: Actor) -> object:
    return trading.submit_bid(by, w.lot, w.town.sheet(), w.paper, w.now)


def _members(w: Walk) -> list[trading.MemberFacts]:
    return [trading.MemberFacts(name="", kind="", person=each.person) for each in w.experts[:5]]


VERBS = (
    Verb("draft_prequalification", "draft-prequalification", HOSTS, ("registered",),
         lambda w, by: trading.draft_prequalification(by, w.lot, terms(w.town), w.now),
         but={"stranger": {"not-your-lot"}}),
    Verb("confirm_notice", "", ("colleague",), ("drafted",),
         lambda w, by: trading.confirm_notice(by, w.notice, w.morning(), w.now), but={"host drafted": {"D01"}}),
    Verb("pass_notice", "", ("centre",), ("confirmed",), lambda w, by: trading.pass_notice(by, w.notice, w.now)),
    Verb("return_notice", "return-prequalification", ("centre",), ("confirmed",),
         lambda w, by: trading.return_notice(by, w.notice, "缺联系电话。", w.now)),
    Verb("take_back_notice", "return-prequalification", ("host", "colleague"), ("drafted", "confirmed"),
         lambda w, by: trading.take_back_notice(by, w.notice, w.now),
         but={"agency confirmed": {"agency-takes-back"}}),
    Verb("take_documents", "take-prequalification-documents", ("fresh", "bidder"), OPEN,
         lambda w, by: trading.take_documents(by, w.lot, w.now), but={"fresh bidding": {"not-prequalified"}}),
    Verb("submit_application", "submit-application", ("fresh",), OPEN,
         lambda w, by: trading.submit_application(by, w.lot, w.paper, w.now),
         but={"bidder applying": {"already-applied"}, "fresh reviewing": {"late-application"},
              "host applying": {"no-permission"}}),
    Verb("submit_application replace", "replace-application", ("bidder",), OPEN,
         lambda w, by: trading.submit_application(by, w.lot, w.paper, w.now, replace=True),
         but={"fresh applying": {"no-application-yet"}, "bidder reviewing": {"late-application"}}),
    Verb("withdraw_application", "withdraw-application", ("bidder",), OPEN,
         lambda w, by: trading.withdraw_application(by, w.lot, w.now),
         but={"fresh applying": {"no-application-yet"}, "bidder reviewing": {"late-application"}}),
    Verb("ask", "", ("bidder",), OPEN, lambda w, by: trading.ask(by, w.lot, "以哪一处为准？", [], w.now),
         but={"fresh applying": {"documents-not-taken"}, "bidder reviewing": {"questions-over"}}),
    Verb("object_to_documents", "object-to-prequalification", ("bidder",), OPEN,
         lambda w, by: trading.object_to_documents(by, w.lot, "不公平。", [], w.now),
         but={"fresh applying": {"documents-interest-missing"}}),
    Verb("answer_objection", "answer-prequalification-objection", HOSTS, ("objected",),
         lambda w, by: trading.answer_objection(by, w.objection, "不成立。", [], False, w.now),
         but={"stranger objected": {"not-your-lot"}}),
    Verb("draft_clarification", "clarify-prequalification", HOSTS, OPEN,
         lambda w, by: trading.draft_clarification(by, w.lot, _clarification(w), w.now)),
    Verb("draft_postponement", "postpone-prequalification", HOSTS, OPEN,
         lambda w, by: trading.draft_postponement(by, w.lot, "系统维护。", w.morning() + timedelta(days=40), w.morning(), w.now)),
    Verb("enter_review_committee", "enter-review-committee", ("centre",), ("reviewing",),
         lambda w, by: trading.enter_review_committee(by, w.lot, _members(w), w.now, POOL),
         but={"centre seated": {"review-committee-entered"}}),
    Verb("review_application", "review-application", ("expert",), ("seated",),
         lambda w, by: trading.review_application(by, w.application, True, "", None, w.now),
         but={"guest seated": {"not-reviewer"}, "expert reviewing": {"not-reviewer"},
              "expert decided": {"voted-already"}}),
    Verb("replace_reviewer", "replace-reviewer", ("centre",), ("seated", "decided"),
         lambda w, by: trading.replace_reviewer(by, w.lot, 1, "conflict", w.experts[5].person, w.now, POOL),
         but={"centre reviewing": {"no-such-member"}, "host seated": {"no-permission"}}),
    Verb("decide_application", "decide-application", (), (),
         lambda w, by: trading.decide_application(by, w.application, True, "", None, w.now),
         but={"host reviewing": {"review-committee-missing"}, "host seated": {"review-by-committee"},
              "centre seated": {"review-by-votes"}, "stranger reviewing": {"not-your-lot"}}),
    Verb("notify_results", "notify-results", HOSTS, ("decided",),
         lambda w, by: trading.notify_results(by, w.lot, w.now),
         but={"host seated": {"applications-undecided", "W10"}, "stranger decided": {"not-your-lot"}}),
    Verb("draft_tender_notice", "draft-notice", HOSTS, ("prequalified",),
         lambda w, by: trading.draft_tender_notice(by, w.lot, w.town.terms(), w.now),
         but={"host decided": {"wrong-stage"}}),
    Verb("submit_bid", "submit-bid", ("bidder",), ("bidding",), _bid, but={"fresh bidding": {"not-prequalified"}}),
    Verb("draft_failure_notice", "", HOSTS, ("failed",),
         lambda w, by: trading.draft_failure_notice(by, w.lot, w.now)),
    Verb("retender", "retender", HOSTS, ("failed",), lambda w, by: trading.retender(by, w.lot, w.now)),
    Verb("terminate", "terminate", ("host", "colleague"), ENDABLE,
         lambda w, by: trading.terminate(by, w.lot, "资金调整。", w.now)),
    Verb("annul_documents", "annul-documents", ("host", "colleague"),
         ("applying", "objected", "reviewing", "seated", "decided", "prequalified", "bidding"),
         lambda w, by: trading.annul_documents(by, w.lot, "排斥外地企业。", w.now)),
)  # fmt: skip
# What belongs to the tender itself: a lot may be tendered with postqualification, and goes on after it prequalified.
ELSEWHERE = {
    ("draft_tender_notice", "registered"),
    ("confirm_notice", "invited"),
    ("take_back_notice", "invited"),
    ("draft_clarification", "bidding"),
    ("draft_postponement", "bidding"),
}


def begin() -> Walk:
    town = market()
    experts = register_experts(town)
    (stranger,) = admit(town.staff, code(70), "清水县水务局", "620521", "tenderee", 1, town.now)
    town.register()
    actors = {
        "host": town.hosts[0], "colleague": town.hosts[1], "agency": town.agency, "stranger": stranger,
        "bidder": town.bidders[0], "fresh": town.bidders[4], "centre": town.staff.opener,
        "supervisor": town.supervisor, "operator": town.operator, "expert": experts[0], "guest": experts[6],
        "applicant": Actor("P-APPLICANT0000", "", APPLICANT),
    }  # fmt: skip
    return Walk(town, actors, experts, paper=[stored_pdf("证明材料")])


def states(walk: Walk) -> Iterator[str]:
    """The names of the states, while the walk stands in each of them."""
    town, host, lot = walk.town, walk.town.hosts[0], walk.town.lot
    yield "registered"
    chosen = terms(town)
    walk.notice = trading.draft_prequalification(host, lot, chosen, town.now).code
    yield "drafted"
    trading.confirm_notice(town.hosts[1], walk.notice, chosen.publish_at, town.now)
    yield "confirmed"
    trading.pass_notice(town.staff.checker, walk.notice, town.now)
    town.work(chosen.publish_at + timedelta(minutes=1))
    codes = []
    for bidder in town.bidders[:3]:
        trading.take_documents(bidder, lot, town.now)
        codes.append(trading.submit_application(bidder, lot, walk.paper, town.now).code)
    yield "applying"
    with detour():
        objection = trading.object_to_documents(town.bidders[1], lot, "有地域限制。", [], town.now)
        walk.objection = objection.code
        yield "objected"
    walk.objection, walk.application = NOBODYS, codes[0]
    town.close()
    yield "reviewing"
    trading.enter_review_committee(town.staff.opener, lot, _members(walk), town.now, POOL)
    yield "seated"
    with detour():
        for each in codes:
            for expert in walk.experts[:3]:
                trading.review_application(expert, each, each != codes[2], "没有业绩。", None, town.now)
        trading.notify_results(host, lot, town.now)
        yield "failed"
    for each in codes:
        for expert in walk.experts[:3]:
            trading.review_application(expert, each, True, "", None, town.now)
    yield "decided"
    trading.notify_results(host, lot, town.now)
    yield "prequalified"
    invitation = town.terms()
    walk.notice = trading.draft_tender_notice(host, lot, invitation, town.now).code
    yield "invited"
    town.publish(walk.notice, invitation.publish_at)
    yield "bidding"


def tried(verb: Verb, walk: Walk, actor: str) -> set[str]:
    """The rules that refuse it; empty where it is done. Undone either way."""
    try:
        with detour():
            verb.call(walk, walk.actors[actor])
    except Refused as refused:
        return {each.rule for each in refused.findings}
    return set()


def actors_of(verb: Verb, walk: Walk, state: str) -> list[str]:
    """Everybody where somebody is allowed; elsewhere one who is allowed somewhere, and whom the table names there."""
    if state in verb.where[:1]:
        return list(walk.actors)
    named = {each.split()[0] for each in verb.but if each.endswith(f" {state}")}
    return sorted({*verb.who[:1], *named}) if state not in verb.where else sorted({*verb.who, *named})


@pytest.mark.django_db
def test_everybody_tries_every_verb_in_every_state_and_only_the_table_is_allowed():
    walk = begin()
    wrong, been, done = [], [], set()
    for state in states(walk):
        been.append(state)
        assert trading.find_lot(walk.lot).stage == STAGES.get(state, state)
        for verb in VERBS:
            if (verb.name, state) in ELSEWHERE:
                continue
            for actor in actors_of(verb, walk, state):
                came = tried(verb, walk, actor)
                allowed = actor in verb.who and state in verb.where
                exact = verb.but.get(f"{actor} {state}", verb.but.get(actor))
                fits = not came if allowed else came == exact if exact else bool(came)
                if not fits:
                    wrong.append((verb.name, actor, state, sorted(came)))
                if not came:
                    done.add(verb.name)
    assert not wrong, "\n".join(map(str, wrong))
    assert set(been) == set(STATES)
    assert done == {each.name for each in VERBS if each.where}


def test_the_table_agrees_with_the_procedure_on_who_and_in_which_stage():
    procedure = law.procedure("works-open-prequalified", on=local_day(START))
    roles = {"host": "tenderee", "colleague": "tenderee", "fresh": "bidder", "guest": "expert"}
    for verb in VERBS:
        if not verb.step or verb.name in ("draft_clarification", "draft_postponement"):
            continue
        step = procedure.step(verb.step)
        assert {roles.get(each, each) for each in verb.who} <= set(step.by), verb.name
        assert {STAGES.get(each, each) for each in verb.where} <= set(step.from_stages), verb.name
