"""What waits for whom while a lot prequalifies: read for many lots at once."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime

from django.db.models import Count, QuerySet

from yiwang.business.trading.models import (
    PREQUALIFICATION_PHASE,
    PREQUALIFIED_PROCEDURE,
    Application,
    Lot,
    Reviewer,
    ReviewVote,
    Taking,
)
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import end_of, shown
from yiwang.pure.kernel.words import Words

COMMITTEE_REVIEWS = Words(
    "资格审查委员会审查完毕后发出（招标投标法实施条例第十八条、第十九条）。",
    "Once the review committee has decided (Implementing Regulations of the Bidding Law, arts. 18 and 19).",
)
NEW_DEADLINE_AWAITED = Words(
    "招标因异议暂停，原申请截止时间已过；等待新的申请截止时间。",
    "Suspended by an objection, and the deadline for applications has passed: a new one will be set.",
)

# A step, the instant until which it is open (None: no day of its own), why it has to wait (None: it need not).
type Step = tuple[str, datetime | None, Words | None]


@dataclass(frozen=True, slots=True)
class Review:
    """How far the review of a lot is: applications that are not decided, whether a committee was entered, and online."""

    undecided: int
    committee: bool
    online: bool


def reviews_of(lots: Iterable[Lot]) -> dict[int, Review]:
    """The reviews under way, by the key of the lot."""
    wanted = [each.pk for each in lots if each.stage == "reviewing"]
    if not wanted:
        return {}
    rows = Application.objects.filter(lot_id__in=wanted, over_at=None, decided_at=None).order_by()
    undecided = dict(rows.values_list("lot_id").annotate(Count("pk")))
    people: dict[int, list[str]] = {}
    for lot, person in Reviewer.objects.filter(lot_id__in=wanted, replaced_at=None).values_list(
        "lot_id", "person"
    ):
        people.setdefault(lot, []).append(person)
    return {
        lot: Review(
            undecided.get(lot, 0),
            lot in people,
            any(people.get(lot, ())),
        )
        for lot in wanted
    }


def host_step(lot: Lot, review: Review) -> Step:
    """What the lot's side does about the applications."""
    if not review.undecided:
        return "notify-results", None, None
    if lot.project.state_funded or review.committee:
        return "notify-results", None, COMMITTEE_REVIEWS
    return "review", None, None


def centre_steps(lots: QuerySet[Lot]) -> Iterator[tuple[Lot, str]]:
    """Committees to be entered, and decisions of those on paper to be recorded."""
    waiting = list(lots.filter(stage="reviewing").select_related("project").order_by("stage_since_at", "id"))
    reviews = reviews_of(waiting)
    for lot in waiting:
        review = reviews[lot.pk]
        if lot.project.state_funded and not review.committee:
            yield lot, "enter-review-committee"
        elif review.committee and not review.online and review.undecided:
            yield lot, "review"


def own_reviews(actor: Actor, lots: QuerySet[Lot]) -> Iterator[Lot]:
    """The lots with an application on which the actor, a reviewer, has to vote."""
    seats = Reviewer.objects.filter(
        person=actor.person, replaced_at=None, lot__in=lots.filter(stage="reviewing")
    )
    for seat in seats.select_related("lot__project"):
        voted = ReviewVote.objects.filter(reviewer=seat).values("application_id")
        rows = Application.objects.filter(lot=seat.lot, decided_at=None, over_at=None)
        if rows.exclude(pk__in=voted).exists():
            yield seat.lot


def applicant_steps(actor: Actor, at: datetime, lots: QuerySet[Lot]) -> Iterator[tuple[Lot, Step]]:
    """What a bidder may do about lots that are open for applications."""
    running = list(lots.filter(stage="applying", deadline_at__isnull=False))
    if not running:
        return
    wanted = [each.pk for each in running]
    takings = Taking.objects.filter(
        organisation=actor.organisation, phase=PREQUALIFICATION_PHASE, lot_id__in=wanted
    )
    taken = set(takings.values_list("lot_id", flat=True))
    own = Application.objects.filter(applicant=actor.organisation, lot_id__in=wanted, over_at=None)
    standing = set(own.values_list("lot_id", flat=True))
    for lot in running:
        step = _applicant_step(lot, at, lot.pk in taken, lot.pk in standing)
        if step is not None:
            yield lot, step


def _applicant_step(lot: Lot, at: datetime, taken: bool, applied: bool) -> Step | None:
    assert lot.deadline_at is not None
    if lot.deadline_at <= at:
        return ("apply", None, NEW_DEADLINE_AWAITED) if lot.postponed_at and taken else None
    if applied:
        return "replace-application", lot.deadline_at, None
    if taken:
        return "apply", lot.deadline_at, None
    ends = end_of(lot.documents_until_on) if lot.documents_until_on else lot.deadline_at
    if lot.documents_from_at and at < lot.documents_from_at:
        begins = shown(lot.documents_from_at, begins=True)
        why = Words(f"资格预审文件自 {begins} 起可获取", f"The documents can be had from {begins}")
        return "take-prequalification-documents", ends, why
    return ("take-prequalification-documents", ends, None) if at < ends else None


def closed_to(actor: Actor, lots: Iterable[Lot]) -> set[int]:
    """Those of ``lots`` (keys) in which the actor may not bid, because it did not pass their prequalification."""
    wanted = {each.pk for each in lots if each.procedure == PREQUALIFIED_PROCEDURE}
    if not wanted:
        return set()
    passed = Application.objects.filter(lot_id__in=wanted, applicant=actor.organisation, qualified=True)
    return wanted - set(passed.values_list("lot_id", flat=True))
