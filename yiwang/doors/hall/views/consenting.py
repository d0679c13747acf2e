"""A member of a consortium says by its own login that it takes part."""

from __future__ import annotations

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, refusing, route
from yiwang.doors.hall.edge import REFUSED_STATUS, render, said_done, visible_lot
from yiwang.doors.hall.forms.consenting import ConsentForm
from yiwang.record.journal.api import business_now


@route(permissions.BID)
def consent(request: HttpRequest, code: str) -> HttpResponse:
    """What the own organisation said and what was said to it; the word is given, or taken back."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    back = request.method == "POST" and request.POST.get("do") == "back"
    form = ConsentForm({"leader": "-"} if back else posted(request))
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            if back:
                trading.take_consent_back(actor, code, now)
            else:
                trading.consent(actor, code, form.cleaned_data["leader"].strip().upper(), now)
        if form.is_valid():
            said_done(request)
            return redirect("hall:consent", code=code)
    found = trading.consents_of(actor, lot)
    context = {
        "lot": lot,
        "form": form,
        "given": next((each for each in found if each.member == actor.organisation), None),
        "received": [each for each in found if each.leader == actor.organisation],
        "open_yet": lot.stage == "bidding" and lot.deadline_at is not None and now < lot.deadline_at,
    }
    status = REFUSED_STATUS if request.method == "POST" else 200
    return render(request, "hall/consent.html", context, status=status)
