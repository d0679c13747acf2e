"""What stands around many lots, read with the same few queries however many there are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db.models import Exists, OuterRef, Q, QuerySet, Value
from django.db.models.functions import Concat

from yiwang.business.trading.models import Award, Lot, Objection, Question, Reexamination, WrittenReport
from yiwang.business.trading.queries import LIVE, OVER
from yiwang.common.funds import api as funds
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import one_of
from yiwang.pure.kernel.actors import AGENCY, TENDEREE, Actor
from yiwang.record.journal.api import KeptQuery, Numbers, Slot

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


def unsettled(actor: Actor, lots: QuerySet[Lot]) -> list[Lot]:
    """Those of ``lots``, of a tenderee or an agency, in which it may have something to do; the newest stage first.

    A house of many years has mostly lots that are over: of those only what waits for a notice, for another tender or
    for a refund is read.
    """
    over = Numbers(",".join(str(key) for (key,) in _WAITING[actor.role].rows(*[actor.organisation] * 3)))
    # Without an order of the database: SQLite would walk all lots in that order to find these few.
    waiting = lots.filter(one_of("pk", over)).order_by() if over else ()
    # One that moved on between the two looks is there once.
    found = {each.pk: each for rows in (lots.filter(stage__in=LIVE).order_by(), waiting) for each in rows}
    return sorted(found.values(), key=lambda each: (each.stage_since_at, each.pk), reverse=True)


def _waiting(party: str) -> Callable[[Slot, Slot, Slot], QuerySet[Any, Any]]:
    """The lots of a party that are over and wait for something, each way to find them by an index of its own."""

    def build(first: Slot, second: Slot, third: Slot) -> QuerySet[Any, Any]:
        told = notices.has_notice("failed-tender", Concat(Value(LOT_REF), OuterRef("code")))
        again = Exists(Lot.objects.filter(retender_of=OuterRef("code")).order_by())
        failed = Lot.objects.filter(**{party: first}, stage="failed").exclude(
            told & (Q(outcome="not-tendered") | Q(again))
        )
        terminated = Lot.objects.filter(**{party: second}, stage="terminated", law_on__isnull=False).exclude(
            told
        )
        open_codes = funds.open_codes("trading", "lot")
        paying = Lot.objects.filter(**{party: third}, stage__in=OVER, code__in=open_codes)
        keys = [rows.order_by().values_list("pk") for rows in (failed, terminated, paying)]
        return keys[0].union(*keys[1:]).order_by()

    return build


_WAITING = {TENDEREE: KeptQuery(_waiting("tenderee")), AGENCY: KeptQuery(_waiting("agency"))}


_OBJECTIONS = KeptQuery(
    lambda lots: Objection.objects.filter(one_of("lot_id", lots), answered_at=None).values_list(
        "lot_id", "code", "raised_at", "matter"
    )
)
_QUESTIONS = KeptQuery(
    lambda lots: (
        Question.objects.filter(one_of("lot_id", lots), answered_in="")
        .order_by()
        .values_list("lot_id", "phase")
    )
)
_AMENDMENTS = KeptQuery(
    lambda lots: (
        Objection.objects.filter(one_of("lot_id", lots), amends=True, settled_in="")
        .order_by()
        .values_list("lot_id")
    )
)
_REEXAMINED = KeptQuery(
    lambda lots: (
        Reexamination.objects.filter(one_of("lot_id", lots), concluded_at=None)
        .order_by()
        .values_list("lot_id")
    )
)
_REPORTED = KeptQuery(
    lambda lots: (
        WrittenReport.objects.filter(one_of("lot_id", lots), award__withdrawn_at=None)
        .order_by()
        .values_list("lot_id")
    )
)
_LETTERS = KeptQuery(
    lambda lots: Award.objects.filter(one_of("lot_id", lots), withdrawn_at=None).values_list(
        "lot_id", "sent_at"
    )
)


def _of(query: KeptQuery, lots: Iterable[int]) -> list[tuple[Any, ...]]:
    """The rows of a query about some lots; nothing is asked about none."""
    keys = Numbers(",".join(map(str, lots)))
    return query.rows(keys) if keys else []


def _keys(query: KeptQuery, lots: Iterable[int]) -> set[int]:
    return {key for (key,) in _of(query, lots)}


def surroundings_of(lots: Sequence[Lot]) -> Surroundings:
    """What stands around ``lots``; each query asks only for lots in whose stage it can matter."""
    awarded = [each.pk for each in lots if each.stage in ("awarded", "contracted")]
    open_for = {each.pk: each.phase for each in lots if each.stage in ("bidding", "applying")}
    failed = [each.code for each in lots if each.stage == "failed"]
    again = Lot.objects.filter(retender_of__in=failed).order_by().values_list("retender_of", flat=True)
    objections: dict[int, list[tuple[str, datetime, bool]]] = {}
    for lot, code, raised_at, matter in _of(
        _OBJECTIONS, [each.pk for each in lots if each.suspended_at is not None]
    ):
        objections.setdefault(lot, []).append((code, raised_at, matter == Objection.OPENING))
    paying = [each.ref for each in lots if each.stage in ("contracted", "archived", "terminated", "failed")]
    return Surroundings(
        refunds=funds.first_due(paying) if paying else {},
        reported=_keys(_REPORTED, awarded),
        reexamined=_keys(_REEXAMINED, [each.pk for each in lots if each.stage == "publicity-ended"]),
        lines=notices.notice_lines(each.ref for each in lots),
        letters=dict(_of(_LETTERS, awarded)),
        open_objections=objections,
        questions={lot for lot, phase in _of(_QUESTIONS, open_for) if open_for[lot] == phase},
        amendments=_keys(_AMENDMENTS, open_for),
        retendered=set(again) if failed else set(),
    )
