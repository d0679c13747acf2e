"""Deposits that have to be paid back: the list of all, and of one lot with the form that notes them as done."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from functools import cache, partial
from typing import Any

from django.db.models import Q
from django.db.models.lookups import IsNull
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.funds import api as funds
from yiwang.common.identity import api as identity
from yiwang.common.shell.api import Choice, Column, address, listing, posted, route, unindexed
from yiwang.doors.hall.edge import (
    REFUSED_STATUS,
    note_warnings,
    refuse_at_fields,
    render,
    sees_everything,
    visible_lot,
)
from yiwang.doors.hall.forms.refunding import RefundForm
from yiwang.doors.hall.list_pages import answered
from yiwang.doors.hall.lot_lists import is_code, lot_text
from yiwang.doors.hall.names import NameBook
from yiwang.pure.kernel.actors import BIDDER, Actor
from yiwang.pure.kernel.bigrams import runs
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.refs import Ref
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import act, business_now


def _named(refunds: list[funds.Refund]) -> list[dict[str, Any]]:
    """Refunds with the names of those who are paid."""
    names = identity.organisation_names({each.creditor for each in refunds})
    return [{"refund": each, "creditor": names.get(each.creditor, each.creditor)} for each in refunds]


def _columns(book: NameBook, now: datetime) -> list[Column]:
    """The columns of the list; what a row says now is counted once a row."""
    as_of_now = cache(partial(funds.shown, at=now))

    def due(row: Any) -> Any:
        return row.due_at or Words("及时退还，法律未定日数", "in good time: no number of days in the law")

    def state(row: Any) -> Words:
        late, done = as_of_now(row).late, row.done_on is not None
        return STATES["late" if late and done else "done" if done else "overdue" if late else "open"]

    return [
        book.column("creditor", Words("退给", "To"), lambda row: row.creditor, "creditor"),
        Column(
            "lot",
            Words("标段", "Lot"),
            lambda row: Ref.parse(row.about).code,
            sort="about",
            link=lambda row: address("hall:lot-refunds", Ref.parse(row.about).code),
            under="creditor",
        ),
        book.column("debtor", Words("由谁退", "By"), lambda row: row.debtor, "debtor"),
        Column("cause", Words("事由", "Cause"), lambda row: funds.CAUSE_WORDS[row.cause], under="debtor"),
        Column(
            "principal",
            Words("本金", "Principal"),
            lambda row: row.principal_fen,
            "principal_fen",
            True,
        ),
        Column(
            "interest",
            Words("利息", "Interest"),
            lambda row: as_of_now(row).interest_fen,
            amount=True,
        ),
        Column("due", Words("最迟", "Due"), due, sort="due_at"),
        Column("state", Words("状态", "State"), state, under="due"),
        Column("paid", Words("退还", "Paid"), lambda row: row.done_on, sort="done_on"),
    ]


STATES = {
    "open": Words("待退还", "to be paid back"),
    "overdue": Words("逾期未退还", "overdue"),
    "done": Words("已退还", "paid back"),
    "late": Words("逾期退还", "paid back late"),
}


def _in_state(now: datetime) -> Callable[[Any, str], Any]:
    def narrow(rows: Any, state: str) -> Any:
        if state == "overdue":
            return funds.overdue(rows, now)
        if state == "open":
            return rows.filter(done_on__isnull=True)
        return rows.filter(IsNull(unindexed("done_on"), False))  # nearly all: the order is walked

    return narrow


def _called(actor: Actor) -> Callable[[Any, str, Mapping[str, str]], Any]:
    """Narrows refunds to a text in the names or codes of lots, or in the names of who pays and who is paid."""

    def narrow(rows: Any, text: str, given: Mapping[str, str]) -> Any:
        lots = trading.lots_for(actor)
        words = [] if is_code(text) else list(runs(text))
        about = trading.refunds_of_lots(rows, lots, lambda left: lot_text(left, text, {}), words)
        parties = identity.organisations_called(text)
        return rows.filter(about | Q(creditor__in=parties) | Q(debtor__in=parties) if parties else about)

    return narrow


@route(permissions.READ_LOT)
@require_GET
def refunds(request: HttpRequest) -> HttpResponse:
    """All deposits to be paid back that the actor may see: those that wait first, the rest by the filter."""
    now, book = business_now(), NameBook()
    rows = trading.refund_duties(request.actor)
    options = [(each, STATES[each]) for each in ("open", "overdue", "done")]
    shown = listing(
        request,
        rows,
        _columns(book, now),
        search=_called(request.actor),
        choices=[
            Choice("state", Words("状态", "State"), options, narrow=_in_state(now), first="open"),
            Choice("cause", Words("事由", "Cause"), list(funds.CAUSE_WORDS.items()), "cause"),
        ],
        order="due",
        whole=funds.duties(),
    )

    def learn(found: Sequence[Any]) -> None:
        book.learn(code for row in found for code in (row.creditor, row.debtor))

    late = funds.overdue(rows, now).count()
    return answered(request, "refunds", shown, learn, late=late)


@route(permissions.READ_LOT)
def lot_refunds(request: HttpRequest, code: str) -> HttpResponse:
    """The deposits of a lot; those who hold them note what was paid back."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    found = _named(trading.refunds_for(actor, now, lot))
    waiting = [each for each in found if each["refund"].done_on is None]
    may_note = funds.NOTE_REFUND.allows(actor) and bool(waiting)
    form = RefundForm(waiting, posted(request), initial={"done_on": local_day(now)}) if may_note else None
    status = 200
    if form is not None and request.method == "POST":
        status = REFUSED_STATUS
        if form.is_valid():
            try:
                note_warnings(request, _note(actor, form, now))
                return redirect("hall:lot-refunds", code=code)
            except Refused as refused:
                refuse_at_fields(form, refused)
    context = {"now": now, "lot": lot, "rows": found, "form": form, "kept": _kept(actor, lot)}
    return render(request, "hall/lot_refunds.html", context, status=status)


def _kept(actor: Any, lot: Any) -> list[str]:
    """Whose deposit is not returned, by name, for those who see the lot's refunds; a bidder sees only itself."""
    codes = [each.bid.bidder for each in trading.forfeits(lot)]
    if actor.role == BIDDER:
        codes = [each for each in codes if each == actor.organisation]
    names = identity.organisation_names(codes)
    return [names.get(each, each) for each in codes] if sees_everything(actor) or codes else []


def _note(actor: Any, form: RefundForm, now: Any) -> tuple[Finding, ...]:
    """Notes the chosen refunds, all of them or none; gives the warnings."""
    warnings: dict[str, Finding] = {}
    with act():
        for each in form.cleaned_data["refunds"]:
            _, found = trading.note_refund(actor, each, form.cleaned_data["done_on"], now)
            warnings |= {finding.rule: finding for finding in found}
    return tuple(warnings.values())
