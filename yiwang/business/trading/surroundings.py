"""What stands around many lots, read with the same few queries however many there are."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from yiwang.business.trading.models import Award, Lot, Objection, Question, Reexamination, WrittenReport
from yiwang.business.trading.queries import LIVE, OVER
from yiwang.common.funds import api as funds
from yiwang.common.notices import api as notices

LOT_REF = "trading:lot:"


@dataclass(frozen=True, slots=True)
class Surroundings:
    """``lines``: notices by code of the lot; letters, objections, questions and amendments by its key.

    ``letters`` are the instants at which award letters were sent; ``open_objections`` (code, raised at,
    whether it is one to the opening) without an answer, the oldest first; ``amendments`` lots whose documents are to change by an answer; ``retendered``
    codes of lots that were tendered again, ``reexamined`` lots whose committee was asked again and has not concluded,
    ``reported`` lots whose written report was handed in, ``refunds`` matters with deposits to be paid back, and when the first of them is due.
    """

    lines: Mapping[str, Sequence[notices.NoticeLine]]
    letters: Mapping[int, datetime]
    open_objections: Mapping[int, Sequence[tuple[str, datetime, bool]]]
    questions: Collection[int]
    amendments: Collection[int]
    retendered: Collection[str]
    reexamined: Collection[int] = ()
    reported: Collection[int] = ()
    refunds: Mapping[str, datetime | None] = field(default_factory=dict)

    def living(self, lot: Lot) -> list[notices.NoticeLine]:
        """The notices of a lot that are under way."""
        return [each for each in self.lines.get(lot.code, ()) if each.living]

    def drafted(self, lot: Lot) -> set[str]:
        """The forms of which the lot has a notice; one that a later decision made void is none."""
        return {
            each.form
            for each in self.lines.get(lot.code, ())
            if each.status != notices.DROPPED
            and not (
                each.form in ("candidates-publicity", "result-notice")
                and each.status == notices.PUBLISHED
                and each.code not in (lot.publicity_notice, lot.result_notice)
            )
        }


def unsettled(lots: QuerySet[Lot]) -> list[Lot]:
    """Those of ``lots`` in which somebody of the lot's side may have something to do; the newest stage first.

    A house of many years has mostly lots that are over: of those only what waits for a notice, for another tender or
    for a refund is read.
    """
    told = notices.has_notice("failed-tender", Concat(Value(LOT_REF), OuterRef("code")))
    again = Exists(Lot.objects.filter(retender_of=OuterRef("code")).order_by())
    failed = lots.filter(stage="failed").exclude(told & (Q(outcome="not-tendered") | Q(again)))
    terminated = lots.filter(stage="terminated", law_on__isnull=False).exclude(told)
    paying = lots.filter(stage__in=OVER, code__in=funds.open_codes("trading", "lot"))
    # Without an order of the database: SQLite would walk all lots in that order to find these few.
    waiting = (lots.filter(stage__in=LIVE), failed, terminated, paying)
    found = {each.pk: each for rows in waiting for each in rows.order_by()}
    return sorted(found.values(), key=lambda each: (each.stage_since_at, each.pk), reverse=True)


def surroundings_of(lots: Sequence[Lot]) -> Surroundings:
    """What stands around ``lots``; each query asks only for lots in whose stage it can matter."""
    awarded = [each.pk for each in lots if each.stage in ("awarded", "contracted")]
    open_for = {each.pk: each.phase for each in lots if each.stage in ("bidding", "applying")}
    failed = [each.code for each in lots if each.stage == "failed"]
    objections: dict[int, list[tuple[str, datetime, bool]]] = {}
    suspended = [each.pk for each in lots if each.suspended_at is not None]
    waiting = Objection.objects.filter(lot_id__in=suspended, answered_at=None)
    for lot, code, raised_at, matter in waiting.values_list("lot_id", "code", "raised_at", "matter"):
        objections.setdefault(lot, []).append((code, raised_at, matter == Objection.OPENING))
    unanswered = Question.objects.filter(lot_id__in=open_for, answered_in="").order_by()
    amended = Objection.objects.filter(lot_id__in=open_for, amends=True, settled_in="")
    ended = [each.pk for each in lots if each.stage == "publicity-ended"]
    asked = Reexamination.objects.filter(lot_id__in=ended, concluded_at=None)
    paying = [each.ref for each in lots if each.stage in ("contracted", "archived", "terminated", "failed")]
    return Surroundings(
        refunds=funds.first_due(paying),
        reported=set(
            WrittenReport.objects.filter(lot_id__in=awarded, award__withdrawn_at=None)
            .order_by()
            .values_list("lot_id", flat=True)
        ),
        reexamined=set(asked.order_by().values_list("lot_id", flat=True)),
        lines=notices.notice_lines(each.ref for each in lots),
        letters=dict(
            Award.objects.filter(lot_id__in=awarded, withdrawn_at=None).values_list("lot_id", "sent_at")
        ),
        open_objections=objections,
        questions={lot for lot, phase in unanswered.values_list("lot_id", "phase") if open_for[lot] == phase},
        amendments=set(amended.order_by().values_list("lot_id", flat=True)),
        retendered=set(
            Lot.objects.filter(retender_of__in=failed).order_by().values_list("retender_of", flat=True)
        ),
    )
