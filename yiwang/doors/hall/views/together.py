"""A bidder takes the documents of several lots of a project in one act."""

from __future__ import annotations

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import route
from yiwang.doors.hall.edge import REFUSED_STATUS, render, said
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now


@route(permissions.TAKE_DOCUMENTS)
@require_http_methods(["GET", "POST"])
def take_documents(request: HttpRequest, code: str) -> HttpResponse:
    """The lots of a project that are open for bids: chosen together, taken all or none."""
    actor, now = request.actor, business_now()
    lots = list(trading.lots_for(actor).filter(project__code=code, law_on__isnull=False).order_by("code"))
    if not lots:
        raise Http404(code)
    chosen = request.POST.getlist("lots")
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            taken = trading.take_documents_together(actor, chosen, now)
            count = len(taken)
            done = Words(f"已获取 {count} 个标段的招标文件", f"Documents of {count} lots were taken")
            messages.success(request, said(done))
            return redirect("hall:take-together", code=code)
        except Refused as refused:
            findings = refused.findings
    rows = [(lot, trading.has_taken(lot, actor.organisation), _of(findings, lot.code)) for lot in lots]
    context = {
        "project": lots[0].project,
        "rows": rows,
        "open": bool(findings) or any(lot.stage == "bidding" and not taken for lot, taken, _ in rows),
        "chosen": chosen or [lot.code for lot in lots if lot.stage == "bidding"],
        "findings": [each for each in findings if each.field not in {lot.code for lot in lots}],
        "refused": bool(findings),
        "now": now,
    }
    status = REFUSED_STATUS if findings else 200
    return render(request, "hall/take_together.html", context, status=status)


def _of(findings: tuple[Finding, ...], code: str) -> list[Finding]:
    return [each for each in findings if each.field == code]
