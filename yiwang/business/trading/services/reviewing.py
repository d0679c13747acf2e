"""The review of applications and its result: the committee, its votes, decisions, and what every applicant is told."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime
from decimal import ROUND_HALF_UP, Decimal

from django.db.models import Max

from yiwang.business.trading import kinds, permissions
from yiwang.business.trading.models import (
    Application,
    CommitteeMember,
    Lot,
    Prequalification,
    Reviewer,
    ReviewVote,
)
from yiwang.business.trading.parties import names
from yiwang.business.trading.rules.facts import MemberFacts, StepFacts
from yiwang.business.trading.rules.panel_facts import DrawnElsewhere, PanelFacts
from yiwang.business.trading.rules.prequalifying import qualified
from yiwang.business.trading.rules.review_facts import LIMITED, ReviewFacts
from yiwang.business.trading.rules.sitting import motion_outcome
from yiwang.business.trading.services.panel import how_chosen, how_follows, returning
from yiwang.business.trading.services.prequalifying import (
    TOO_FEW_QUALIFIED,
    review_facts,
    standing_applications,
)
from yiwang.business.trading.services.sitting import from_register, newcomer_findings, seat_facts
from yiwang.business.trading.services.steps import (
    check_step,
    locked_lot,
    lot_facts,
    require,
    require_party,
    take_step,
    tell,
)
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import dumps
from yiwang.pure.kernel.days import iso, local_day
from yiwang.pure.kernel.findings import Finding, Refused, refuse_if
from yiwang.pure.kernel.refs import Ref, random_code
from yiwang.record.files import api as files
from yiwang.record.journal.api import act, record

CENT = Decimal("0.01")


def enter_review_committee(
    by: Actor,
    code: str,
    members: Sequence[MemberFacts],
    at: datetime,
    elsewhere: DrawnElsewhere | None = None,
) -> list[Reviewer]:
    """Enters the committee that reviews the applications (招标条例 18); names stay secret. Raises Refused.

    It keeps what the law demands of an evaluation committee: size, experts drawn in a pool of the law (``elsewhere``),
    no interest in an applicant.
    """
    require(by, permissions.EVALUATE)
    members = from_register(members)
    with act():
        lot = _reviewed(code)
        panel = PanelFacts(elsewhere=elsewhere)
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            committee=tuple(members),
            bidders=_applying(lot),
            review=review_facts(lot),
            panel=panel,
        )
        begun = lot.reviewers.exists() or lot.applications.filter(decided_at__isnull=False).exists()
        refuse_if([Finding("review-committee-entered")] if begun else [])
        experts = sum(each.kind != CommitteeMember.REPRESENTATIVE for each in members)
        said = {"size": len(members), "experts": experts, **how_chosen(panel)}
        kept = [{"name": each.name, "kind": each.kind, "employer": each.employer} for each in members]
        private = {"members": kept}
        take_step(lot, "enter-review-committee", facts, kinds.REVIEW_COMMITTEE_ENTERED, said, private=private)
        return Reviewer.objects.bulk_create(
            Reviewer(
                lot=lot, name=each.name.strip(), kind=each.kind, employer=each.employer.strip(),
                employer_code=each.employer_code, person=each.person, number=number,
            )
            for number, each in enumerate(members, 1)
        )  # fmt: skip


def replace_reviewer(
    by: Actor,
    code: str,
    number: int,
    why: str,
    person: str,
    at: datetime,
    elsewhere: DrawnElsewhere | None = None,
    on_paper: MemberFacts | None = None,
) -> Reviewer:
    """Replaces member ``number`` of the review committee by ``person`` for a lawful cause (招标条例 18, 48).

    The votes of who leaves are void: what no majority of the others carries, and every mean of points, is open again
    for the committee with its new member. A member without a login is followed by another one, ``on_paper`` (``person``
    is "" then): what the committee concluded with it is entered anew. An expert is followed by one who was drawn too. Raises Refused, also once the
    result was told.
    """
    require(by, permissions.EVALUATE)
    with act():
        lot = _reviewed(code)
        standing = lot.reviewers.filter(replaced_at=None)
        leaving = standing.filter(number=number).first()
        if leaving is None:
            raise Refused([Finding("no-such-member", field="number")])
        refuse_if(newcomer_findings(leaving, person, on_paper))
        staying = [seat_facts(each) for each in standing if each != leaving]
        *listed, new = from_register([*staying, on_paper or MemberFacts(name="", kind="", person=person)])
        review = review_facts(lot)
        panel = PanelFacts(
            elsewhere=elsewhere,
            direct=new.kind == CommitteeMember.REPRESENTATIVE,
            returning=tuple(each.name for each in returning(lot.reviewers.all(), leaving, new)),
        )
        facts = StepFacts(
            at=at,
            by=by,
            lot=lot_facts(lot, at),
            reason=why,
            committee=(*listed, new),
            bidders=_applying(lot),
            review=review,
            panel=panel,
        )
        last = lot.reviewers.aggregate(last=Max("number"))["last"] or 0
        said = {"out": leaving.number, "in": last + 1, "why": why, **how_follows(panel, new)}
        private = {"leaving": leaving.name, "new": new.name}
        take_step(lot, "replace-reviewer", facts, kinds.REVIEWER_REPLACED, said, private=private)
        leaving.replaced_at, leaving.replaced_why = at, why
        leaving.save(update_fields=["replaced_at", "replaced_why"])
        seat = Reviewer.objects.create(
            lot=lot, name=new.name, kind=new.kind, employer=new.employer, employer_code=new.employer_code,
            person=new.person, number=last + 1, replaces=leaving.number,
        )  # fmt: skip
        _void_votes(lot, leaving, review.method)
        return seat


def _void_votes(lot: Lot, leaving: Reviewer, method: str) -> None:
    """The votes of who left count no more; what they decided, and what they gave points to, is open again."""
    ReviewVote.objects.filter(reviewer=leaving).update(void=True)
    seats = lot.reviewers.filter(replaced_at=None).count()
    for each in standing_applications(lot):
        votes = list(each.votes.filter(void=False).values_list("passes", flat=True))
        carried = motion_outcome(seats, sum(votes), len(votes) - sum(votes))
        anew = method == LIMITED or not leaving.person or carried is not each.passed
        if each.passed is not None and anew:
            each.passed = each.points = each.decided_at = None
            each.reasons = ""
            each.save(update_fields=["passed", "points", "reasons", "decided_at"])


def _reviewed(code: str) -> Lot:
    """The lot, locked. Raises Refused where it has no prequalification."""
    lot = locked_lot(code)
    if not lot.prequalifies:
        raise Refused([Finding("wrong-stage-now")])
    return lot


def _applying(lot: Lot) -> tuple[str, ...]:
    """All who have an interest in a decision: applicants, and the members of their consortia."""
    return tuple(
        code
        for each in standing_applications(lot)
        for code in (each.applicant, *(member for member, _ in each.members))
    )


def _application(code: str) -> tuple[Lot, Application]:
    """The lot, locked, and its standing application. Raises Refused."""
    known = Application.objects.select_related("lot").filter(code=code).first()
    if known is None:
        raise Refused([Finding("no-such-application")])
    lot = _reviewed(known.lot.code)
    standing = {each.code: each for each in standing_applications(lot)}
    if code not in standing:
        raise Refused([Finding("no-such-application")])
    return lot, standing[code]


def _facts(
    by: Actor,
    lot: Lot,
    application: Application,
    passes: bool,
    reason: str,
    points: Decimal | None,
    at: datetime,
) -> StepFacts:
    decided = application.decided_at is not None
    review = review_facts(lot, passes=passes, points=points, decided=decided)
    return StepFacts(at=at, by=by, lot=lot_facts(lot, at), reason=reason, review=review)


def review_application(
    by: Actor, code: str, passes: bool, reason: str, points: Decimal | None, at: datetime
) -> ReviewVote:
    """A member of the review committee votes on an application; the majority decides. Raises Refused.

    Where the number is limited every member gives points, and the application has their mean once all have voted.
    """
    require(by, permissions.REVIEW_VOTE)
    with act():
        lot, application = _application(code)
        facts = _facts(by, lot, application, passes, reason, points, at)
        check_step(lot, "review-application", facts)
        seat = lot.reviewers.get(person=by.person, replaced_at=None)
        refuse_if([Finding("voted-already")] if application.votes.filter(reviewer=seat).exists() else [])
        refuse_if([Finding("application-decided")] if application.decided_at else [])
        vote = ReviewVote.objects.create(
            application=application, reviewer=seat, passes=passes, reason=reason.strip(), points=points,
            cast_at=at,
        )  # fmt: skip
        record(
            kinds.APPLICATION_REVIEWED,
            about=Ref("trading", "review-vote", random_code("V")),
            within=lot.ref,
            by=by,
            at=at,
            facts={
                "lot": lot.code,
                "application": application.code,
                "reviewer": seat.number,
                "passes": passes,
            },
            private={"reason": vote.reason},
        )
        _settle(lot, application, facts)
        return vote


def _settle(lot: Lot, application: Application, facts: StepFacts) -> None:
    """Decides an application where its votes allow."""
    votes = list(application.votes.filter(void=False))
    seats = lot.reviewers.filter(replaced_at=None).count()
    assert facts.review is not None
    if facts.review.method == LIMITED and len(votes) < seats:
        return
    in_favour = [each for each in votes if each.passes]
    outcome = motion_outcome(seats, len(in_favour), len(votes) - len(in_favour))
    if outcome is None:
        return
    given = [each.points for each in in_favour if each.points is not None]
    mean = (sum(given, Decimal(0)) / len(given)).quantize(CENT, ROUND_HALF_UP) if outcome and given else None
    reasons = "" if outcome else "；".join(dict.fromkeys(each.reason for each in votes if not each.passes))
    review = replace(facts.review, passes=outcome, points=mean)
    _decide(lot, application, replace(facts, reason=reasons[:500], review=review))


def decide_application(
    by: Actor, code: str, passes: bool, reason: str, points: Decimal | None, at: datetime
) -> Application:
    """Records whether an applicant passes: the tenderee decides, or the centre enters what the committee decided.

    Raises Refused, also where the committee votes online or has to be entered first (招标条例 18).
    """
    require(by, permissions.REVIEW)
    with act():
        lot, application = _application(code)
        require_party(by, lot)
        return _decide(lot, application, _facts(by, lot, application, passes, reason, points, at))


def _decide(lot: Lot, application: Application, facts: StepFacts) -> Application:
    review = facts.review
    assert review is not None
    check_step(lot, "decide-application", facts)
    application.passed, application.points = review.passes, review.points
    application.reasons, application.decided_at = facts.reason.strip(), facts.at
    application.save(update_fields=["passed", "points", "reasons", "decided_at"])
    said = {"lot": lot.code, "applicant": application.applicant, "passes": review.passes}
    record(
        kinds.APPLICATION_DECIDED,
        about=application.ref,
        within=lot.ref,
        by=facts.by,
        at=facts.at,
        facts=said,
        private={"reasons": application.reasons},
    )
    return application


def notify_results(by: Actor, code: str, at: datetime) -> Lot:
    """Sends every applicant its result notice with the reasons (招标条例 19); those who passed can be invited.

    Where fewer than three passed the lot fails, to be tendered again (W10). Raises Refused.
    """
    require(by, permissions.NOTIFY_APPLICANTS)
    with act():
        lot = _reviewed(code)
        require_party(by, lot)
        review = review_facts(lot)
        facts = StepFacts(at=at, by=by, lot=lot_facts(lot, at), review=review)
        passed = qualified(review.method, review.most, review.applications)
        enough = len(passed) >= law.limit("W10", on=lot.law_on or local_day(at)).at_least
        if enough or any(each.passed is None for each in review.applications):
            take_step(lot, "notify-results", facts, kinds.PREQUALIFICATION_NOTIFIED)
            # The timetable of the applications is kept with the prequalification: the tender gets its own.
            Lot.objects.filter(pk=lot.pk).update(
                publish_at=None, documents_from_at=None, documents_until_on=None, deadline_at=None
            )
        else:
            Lot.objects.filter(pk=lot.pk).update(outcome=TOO_FEW_QUALIFIED)
            take_step(lot, "fail-prequalification", facts, kinds.LOT_FAILED, {"reason": TOO_FEW_QUALIFIED})
        Prequalification.objects.filter(lot=lot).update(notified_at=at)
        _send(lot, by, passed, review, at, enough)
        return lot


def _send(
    lot: Lot, by: Actor, passed: Sequence[str], review: ReviewFacts, at: datetime, enough: bool
) -> None:
    known = names([lot.project.tenderee, *_applying(lot)])
    for each in standing_applications(lot):
        each.qualified = each.applicant in passed
        if each.passed and not each.qualified:
            each.reasons = f"合格，得分 {each.points}，未进入得分最高的 {review.most} 名。"
        page = {
            "v": 1,
            "letter": "资格预审结果通知书",
            "project": lot.project.name,
            "lot": lot.code,
            "lot_name": lot.name,
            "tenderee": known[lot.project.tenderee],
            "applicant": known[each.applicant],
            "applicant_code": each.applicant,
            "members": [name for _, name in each.members],
            "passed": each.qualified,
            "reasons": each.reasons,
            "sent_at": iso(at),
        }
        each.letter = _stored(f"{lot.code}-prequalification.json", page)
        each.save(update_fields=["qualified", "reasons", "letter"])
        record(
            kinds.APPLICANT_TOLD,
            about=each.ref,
            within=lot.ref,
            by=by,
            at=at,
            facts={"lot": lot.code, "applicant": each.applicant, "passed": each.qualified},
            documents=[each.letter],
        )
        matter = "prequalified" if each.qualified else "not-prequalified"
        tell(lot, [each.applicant], matter, at, each.code)
        if not enough:
            tell(lot, [each.applicant], "prequalification-failed", at)


def _stored(name: str, page: dict[str, object]) -> str:
    text = dumps(page)
    return files.store(io.BytesIO(text), name=name, max_bytes=len(text), types=("application/json",)).sha256
