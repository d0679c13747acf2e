"""Deposits that have to be paid back: the list of all, and of one lot with the form that notes them as done."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.funds import api as funds
from yiwang.common.identity import api as identity
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import (
    REFUSED_STATUS,
    note_warnings,
    refuse_at_fields,
    render,
    sees_everything,
    visible_lot,
)
from yiwang.doors.hall.forms.refunding import RefundForm
from yiwang.pure.kernel.actors import BIDDER
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.record.journal.api import act, business_now


def _named(refunds: list[funds.Refund]) -> list[dict[str, Any]]:
    """Refunds with the names of those whom they concern."""
    found = identity.organisations({each.creditor for each in refunds} | {each.debtor for each in refunds})
    names = {code: party.name for code, party in found.items()}
    return [
        {
            "refund": each,
            "creditor": names.get(each.creditor, each.creditor),
            "debtor": names.get(each.debtor, each.debtor),
            "lot": each.about.code,
        }
        for each in refunds
    ]


@route(permissions.READ_LOT)
@require_GET
def refunds(request: HttpRequest) -> HttpResponse:
    """All deposits to be paid back that the actor may see, what is overdue in front."""
    now = business_now()
    found = trading.refunds_for(request.actor, now)
    waiting = [each for each in found if each.done_on is None]
    context = {
        "now": now,
        "rows": _named(
            sorted(waiting, key=lambda each: (not each.late, each.due_at is None, each.due_at or now))
        ),
        "done": _named([each for each in found if each.done_on is not None][-50:]),
        "late": sum(each.late for each in waiting),
    }
    return render(request, "hall/refunds.html", context)


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
