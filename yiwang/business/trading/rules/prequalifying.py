"""Prequalification (资格预审): its timetable, applications, review and result; who may bid after it. Pure."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from decimal import Decimal

from yiwang.business.trading.rules.bidding import MAX_PAPERS, hold_source
from yiwang.business.trading.rules.consortium import MOST
from yiwang.business.trading.rules.facts import StepFacts
from yiwang.business.trading.rules.review_facts import LIMITED, ApplicationFacts, ReviewFacts
from yiwang.business.trading.rules.timetable import order_findings, sale_period_findings
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, CENTRE, EXPERT, TENDEREE
from yiwang.pure.kernel.codes import uscc_findings
from yiwang.pure.kernel.days import days_between, local_day, shown
from yiwang.pure.kernel.findings import Finding

MOST_MEMBERS = MOST - 1  # beside the leader: as many as its bid may name
MAX_REASON = 500
FULL = Decimal(100)
HOSTS = (TENDEREE, AGENCY)


def review_of(facts: StepFacts) -> ReviewFacts:
    """The prequalification that the facts tell of. ValueError where nobody looked at it."""
    if facts.review is None:
        raise ValueError("the prequalification was not looked at")
    return facts.review


def application_period_findings(facts: StepFacts) -> Iterator[Finding]:
    """W02: calendar days from the end of the sale to the deadline for applications, that day not counted."""
    lot = facts.lot
    if lot.documents_until_on is None or lot.deadline_at is None:
        yield Finding("timetable-missing", field="deadline_at")
        return
    clock = law.clock("W02", lot.documents_until_on, on=lot.law_on)
    if local_day(lot.deadline_at) < clock.result_on:
        yield Finding(
            "W02",
            clock.limit.source,
            {
                "given_days": max(days_between(lot.documents_until_on, local_day(lot.deadline_at)), 0),
                "at_least_days": clock.limit.at_least,
                "earliest_on": clock.result_on.isoformat(),
            },
            "deadline_at",
        )


def terms_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 15, 18: there are documents, and they say by which criteria and which method applications are reviewed."""
    review, on = review_of(facts), facts.lot.law_on
    source = law.rule("W-prequalification-standard", on=on).source
    if facts.lot.documents == 0:
        yield Finding("prequalification-documents-missing", source, field="documents")
    if not review.criteria.strip():
        yield Finding("prequalification-criteria-missing", source, field="criteria")
    if review.method not in {each.id for each in law.rule("H-prequalification-method", on=on).choices}:
        yield Finding("prequalification-method-unknown", field="method")
    least = law.limit("W10", on=on)
    if review.method == LIMITED and review.most < least.at_least:
        yield Finding("prequalification-most", least.source, {"at_least": least.at_least}, "most")


def draft_findings(facts: StepFacts) -> list[Finding]:
    """All objections to a prequalification notice as drafted."""
    return [
        *order_findings(facts),
        *sale_period_findings(facts),
        *application_period_findings(facts),
        *terms_findings(facts),
    ]


def before_application_deadline_findings(facts: StepFacts) -> Iterator[Finding]:
    """What arrives after the deadline is refused; the instant of the last byte decides, as with bids."""
    deadline_at, received_at = facts.lot.deadline_at, facts.received_at
    if deadline_at is None or received_at is None:
        yield Finding("timetable-missing")
    elif received_at >= deadline_at and (facts.lot.suspended or facts.lot.stopped or facts.lot.postponed):
        yield Finding("deadline-suspended", hold_source(facts))
    elif received_at >= deadline_at:
        yield Finding(
            "late-application",
            law.limit("W02", on=facts.lot.law_on).source,
            {"deadline": shown(deadline_at, seconds=True), "received": shown(received_at, seconds=True)},
        )


def first_application_findings(facts: StepFacts) -> Iterator[Finding]:
    """An applicant has one application; another one replaces it, expressly."""
    if review_of(facts).own:
        yield Finding("already-applied")


def own_application_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only who has an application can replace or withdraw it."""
    if not review_of(facts).own:
        yield Finding("no-application-yet")


def application_complete_findings(facts: StepFacts) -> Iterator[Finding]:
    """Papers are there; a consortium is formed before the application, where any is accepted (招标条例 37)."""
    review = review_of(facts)
    source = law.rule("W-consortium", on=facts.lot.law_on).source
    if not 0 < facts.papers <= MAX_PAPERS:
        yield Finding("application-papers", params={"at_most": MAX_PAPERS}, field="papers")
    if not review.members:
        return
    if not review.consortium_allowed:
        yield Finding("consortium-not-accepted", source, field="members")
    wrong = [each for each in review.members if uscc_findings(each)]
    if wrong:
        yield Finding("member-code", params={"code": wrong[0][:18]}, field="members")
    if len({*review.members, facts.by.organisation}) < len(review.members) + 1:
        yield Finding("member-twice", source, field="members")
    if {facts.lot.tenderee, facts.lot.agency} & set(review.members):
        yield Finding("agency-bids", law.rule("W-agency-bids", on=facts.lot.law_on).source, field="members")
    if len(review.members) > MOST_MEMBERS:
        yield Finding("too-many-members", params={"at_most": MOST_MEMBERS}, field="members")


def application_deadline_findings(facts: StepFacts) -> Iterator[Finding]:
    """Applications are read at the deadline, never before."""
    deadline_at = facts.lot.deadline_at
    if deadline_at is None or facts.at < deadline_at:
        source = law.limit("W02", on=facts.lot.law_on).source
        deadline = shown(deadline_at, seconds=True) if deadline_at else "—"
        yield Finding("applications-open", source, {"deadline": deadline})


def enough_applicants_findings(facts: StepFacts) -> Iterator[Finding]:
    """W10: where fewer apply than have to pass, nothing is left to review."""
    limit = law.limit("W10", on=facts.lot.law_on)
    if facts.envelopes < limit.at_least:
        yield Finding("W10", limit.source, {"passed": facts.envelopes, "at_least": limit.at_least})


def too_few_applicants_findings(facts: StepFacts) -> Iterator[Finding]:
    """A prequalification fails for want of applicants only when there is such a want."""
    limit = law.limit("W10", on=facts.lot.law_on)
    if facts.envelopes >= limit.at_least:
        yield Finding("not-too-few-qualified", limit.source, {"passed": facts.envelopes})


def reviewer_findings(facts: StepFacts) -> Iterator[Finding]:
    """Only who sits on the review committee votes in it."""
    if not facts.by.person or facts.by.person not in review_of(facts).reviewers:
        yield Finding("not-reviewer", law.rule("W-prequalification-committee", on=facts.lot.law_on).source)


def lawful_reviewer_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 18: a committee where state funds control (and where one was entered); elsewhere the tenderee."""
    review, role = review_of(facts), facts.by.role
    source = law.rule("W-prequalification-committee", on=facts.lot.law_on).source
    if facts.lot.state_funded and not review.reviewers:
        yield Finding("review-committee-missing", source)
    elif review.reviewers and role in HOSTS:
        yield Finding("review-by-committee", source)
    elif not review.reviewers and role in (CENTRE, EXPERT):
        yield Finding("review-by-tenderee", source)
    elif review.online and role == CENTRE:
        yield Finding("review-by-votes", source)


def decision_findings(facts: StepFacts) -> Iterator[Finding]:
    """Who does not pass is told why (招标条例 19); where the number is limited, who qualifies has points."""
    review = review_of(facts)
    source = law.rule("W-prequalification-standard", on=facts.lot.law_on).source
    if len(facts.reason) > MAX_REASON or (not review.passes and not facts.reason.strip()):
        yield Finding("review-reason-missing", source, {"at_most": MAX_REASON}, "reason")
    if review.method == LIMITED and review.passes and review.points is None:
        yield Finding("review-points-missing", source, field="points")
    if review.points is not None and not 0 <= review.points <= FULL:
        yield Finding("review-points-range", field="points")


def undecided_findings(facts: StepFacts) -> Iterator[Finding]:
    """What was decided is told to the applicant as it is."""
    if review_of(facts).decided:
        yield Finding("application-decided")


def every_application_findings(facts: StepFacts) -> Iterator[Finding]:
    """Every application is decided before anybody is told anything."""
    waiting = sum(each.passed is None for each in review_of(facts).applications)
    if waiting:
        yield Finding("applications-undecided", params={"waiting": waiting})


def qualified(method: str, most: int, applications: Sequence[ApplicationFacts]) -> tuple[str, ...]:
    """Who passes in the end: all who qualify, or of them the best ``most`` by points; equal points pass together.

    No lot is drawn between equal ones: nobody is turned away by chance (W32).
    """
    fit = [each for each in applications if each.passed]
    if method != LIMITED or len(fit) <= most:
        return tuple(each.applicant for each in fit)
    ranked = sorted((each.points or Decimal(0) for each in fit), reverse=True)
    return tuple(each.applicant for each in fit if (each.points or Decimal(0)) >= ranked[most - 1])


def _passed(facts: StepFacts) -> int:
    review = review_of(facts)
    return len(qualified(review.method, review.most, review.applications))


def enough_qualified_findings(facts: StepFacts) -> Iterator[Finding]:
    """W10: fewer than three that passed, and the tender is held again."""
    limit, passed = law.limit("W10", on=facts.lot.law_on), _passed(facts)
    if passed < limit.at_least:
        yield Finding("W10", limit.source, {"passed": passed, "at_least": limit.at_least})


def too_few_qualified_findings(facts: StepFacts) -> Iterator[Finding]:
    """W10: it is held again for this reason only where so few passed."""
    limit, passed = law.limit("W10", on=facts.lot.law_on), _passed(facts)
    if passed >= limit.at_least:
        yield Finding("not-too-few-qualified", limit.source, {"passed": passed})


def passed_findings(facts: StepFacts) -> Iterator[Finding]:
    """招标条例 19: who did not pass may not bid, and gets no tender documents; a bid of theirs is refused (36)."""
    review = review_of(facts)
    if facts.by.organisation not in review.qualified:
        rule = "W-prequalification-result" if facts.sheet is None else "W-late"
        yield Finding("not-prequalified", law.rule(rule, on=facts.lot.law_on).source)
    elif facts.sheet is not None:
        yield from _same_members_findings(facts, review.members)


def _same_members_findings(facts: StepFacts, applied: Sequence[str]) -> Iterator[Finding]:
    """招标条例 37: the bid of a consortium that changed after the prequalification is void; it is what did not pass (36).

    ``applied`` are the other members with which the bidder applied; none where it applied alone. Refused as it is
    handed in, when it can still be mended: the law leaves nothing to be weighed here.
    """
    named = {each.code for each in facts.sheet.consortium[1:]} if facts.sheet else set()
    lacking, added = sorted(set(applied) - named), sorted(named - set(applied))
    source = law.rule("W-consortium", on=facts.lot.law_on).source
    if lacking:
        yield Finding("consortium-member-left", source, {"codes": "、".join(lacking)}, "consortium")
    if added:
        yield Finding("consortium-member-added", source, {"codes": "、".join(added)}, "consortium")
