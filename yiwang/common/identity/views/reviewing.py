"""Pages on which the centre reviews registrations; the supervision reads along."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache

from yiwang.common.identity.forms import ReturnForm
from yiwang.common.identity.models import Organisation
from yiwang.common.identity.permissions import (
    APPOINT_ADMINISTRATORS,
    REVIEW_ORGANISATIONS,
    SEE_ORGANISATIONS,
)
from yiwang.common.identity.queries import NoSuchParty, organisation, waiting_registrations
from yiwang.common.identity.rules.register import ORGANISATION_STATUSES, ROLE_WORDS, STATUS_WORDS, SUBMITTED
from yiwang.common.identity.services.review import admit_organisation, return_registration
from yiwang.common.shell.api import (
    Choice,
    Column,
    bilingual,
    listing,
    not_found,
    posted,
    route,
    wants_excel,
)
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now


def region_words(code: str) -> Words:
    """The name of a region of the city."""
    return Words(*REGIONS[code]) if code in REGIONS else Words(code, code)


_COLUMNS = (
    Column(
        "name",
        Words("单位名称", "Organisation"),
        lambda row: row.name,
        sort="name",
        link=lambda row: reverse("identity:review-one", args=[row.code]),
    ),
    Column("code", Words("统一社会信用代码", "Credit code"), lambda row: row.code, sort="code"),
    Column("region", Words("行政区划", "Region"), lambda row: region_words(row.region), sort="region"),
    Column("submitted", Words("提交时间", "Submitted"), lambda row: row.submitted_at, sort="submitted_at"),
    Column("status", Words("状态", "Status"), lambda row: STATUS_WORDS[row.status], sort="status"),
)
_CHOICES = (
    Choice(
        "status",
        Words("状态", "Status"),
        [(each, STATUS_WORDS[each]) for each in ORGANISATION_STATUSES],
        "status",
    ),
    Choice("region", Words("行政区划", "Region"), [(each, region_words(each)) for each in REGIONS], "region"),
)


@route(SEE_ORGANISATIONS)
@never_cache
def review_list(request: HttpRequest) -> HttpResponse:
    """All organisations; those that await review are one choice of the filter away."""
    found = listing(
        request,
        Organisation.objects.all(),
        _COLUMNS,
        search=("name", "code"),
        choices=_CHOICES,
        order="-submitted",
    )
    if wants_excel(request):
        return found.excel("organisations")
    waiting = waiting_registrations()
    return render(request, "identity/review_list.html", {"listing": found, "waiting": waiting})


@route(SEE_ORGANISATIONS)
@never_cache
def review_one(request: HttpRequest, code: str) -> HttpResponse:
    """One organisation; where it awaits review, the centre admits or returns it here."""
    actor = request.actor
    try:
        party = organisation(code)
    except NoSuchParty:
        return not_found(request)
    row = Organisation.objects.get(code=code)
    sent = posted(request)
    form = ReturnForm(sent if sent is not None and sent.get("verdict") == "return" else None)
    findings: tuple[Finding, ...] = ()
    if request.method == "POST":
        try:
            if request.POST.get("verdict") == "admit":
                admit_organisation(actor, code, at=business_now())
                messages.success(request, bilingual("已准予入库。", "Admitted to the register."))
                return redirect("identity:review")
            if form.is_valid():
                return_registration(actor, code, form.cleaned_data["reasons"], at=business_now())
                messages.success(request, bilingual("已退回申请单位。", "Returned to the organisation."))
                return redirect("identity:review")
        except Refused as refused:
            findings = refused.findings
    context = {
        "party": party,
        "row": row,
        "region": region_words(party.region),
        "roles": [ROLE_WORDS[each] for each in sorted(party.roles)],
        "status": STATUS_WORDS[party.status],
        "form": form,
        "findings": findings,
        "may_appoint": party.admitted and APPOINT_ADMINISTRATORS.allows(actor),
        "may_review": party.status == SUBMITTED and REVIEW_ORGANISATIONS.allows(actor),
    }
    return render(
        request, "identity/review_one.html", context, status=422 if findings or form.errors else 200
    )
