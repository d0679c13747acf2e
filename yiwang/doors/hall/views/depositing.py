"""From whom the deposits of a lot came: noted by those who received them, for the committee to compare."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import REFUSED_STATUS, refuse_at_fields, render, visible_lot
from yiwang.doors.hall.forms.depositing import PayersForm
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import business_now


@route(permissions.NOTE_PAYERS)
def payers(request: HttpRequest, code: str) -> HttpResponse:
    """The holder and number of the account that each deposit came from."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = trading.opening_rows(lot, everything=True) if lot.stage in trading.NOTED_IN else []
    known = trading.deposit_payers(lot)
    form = PayersForm(rows, known, posted(request))
    status = 200
    if request.method == "POST":
        status = REFUSED_STATUS
        if form.is_valid():
            try:
                trading.note_deposit_payers(actor, code, form.given(), now)
                return redirect("hall:deposit-payers", code=code)
            except Refused as refused:
                refuse_at_fields(form, refused)
    context = {"lot": lot, "form": form, "noted": len(known), "now": now}
    return render(request, "hall/payers.html", context, status=status)
