"""Pages on which the centre keeps the list of experts."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.common.identity.forms import ExpertForm
from yiwang.common.identity.permissions import REGISTER_EXPERTS
from yiwang.common.identity.queries import experts
from yiwang.common.identity.rules.experts import KIND_WORDS, ExpertFacts
from yiwang.common.identity.services.experts import register_expert
from yiwang.common.shell.api import bilingual, posted, refusing, route
from yiwang.record.journal.api import business_now


@sensitive_post_parameters("password", "password_again")
@route(REGISTER_EXPERTS)
@never_cache
def expert_list(request: HttpRequest) -> HttpResponse:
    """Who may sit on committees; the centre adds one with a login."""
    form = ExpertForm(posted(request))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        facts = ExpertFacts(
            name=given["name"],
            kind=given["kind"],
            specialty=given["specialty"],
            title=given["title"],
            years=given["years"] or 0,
            employer=given["employer"],
            employer_code=given["employer_code"].upper(),
        )
        with refusing(form):
            register_expert(
                request.actor, given["username"], given["password"], facts, at=business_now(),
                phone=given["phone"],
            )  # fmt: skip
            messages.success(request, bilingual("已登记。", "Registered."))
            return redirect("identity:experts")
    context = {"form": form, "experts": [(each, KIND_WORDS[each.kind]) for each in experts()]}
    return render(request, "identity/experts.html", context, status=422 if form.errors else 200)
