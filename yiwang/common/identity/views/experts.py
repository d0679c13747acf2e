"""The list of experts, kept by the centre; what an expert says about themselves: away, and whom they avoid."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.common.identity.forms import AvoidanceForm, AwayForm, ExpertForm
from yiwang.common.identity.permissions import BE_EXPERT, REGISTER_EXPERTS
from yiwang.common.identity.queries import experts, organisation_names
from yiwang.common.identity.rules.experts import KIND_WORDS, ExpertFacts
from yiwang.common.identity.services.experts import be_away, declare_avoidance, end_avoidance, register_expert
from yiwang.common.shell.api import bilingual, not_found, posted, refusing, route
from yiwang.pure.kernel.days import local_day
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
            also=form.specialties(),
            city=given["city"],
            standing=given["standing"],
        )
        with refusing(form):
            register_expert(
                request.actor, given["username"], given["password"], facts, at=business_now(),
                phone=given["phone"],
            )  # fmt: skip
            messages.success(request, bilingual("已登记。", "Registered."))
            return redirect("identity:experts")
    listed = [(each, KIND_WORDS[each.kind]) for each in experts()]
    context = {"form": form, "experts": listed, "today": local_day(business_now())}
    return render(request, "identity/experts.html", context, status=422 if form.errors else 200)


@route(BE_EXPERT)
@never_cache
def my_expertise(request: HttpRequest) -> HttpResponse:
    """An expert's own entry: when they can come, and with whom they have an interest (回避)."""
    actor, now = request.actor, business_now()
    line = next(iter(experts([actor.person])), None)
    if line is None:
        return not_found(request)
    what = request.POST.get("what", "")
    away = AwayForm(posted(request) if what == "away" else None, initial={"until_on": line.away_until_on})
    avoidance = AvoidanceForm(posted(request) if what == "avoid" else None)
    done = False
    if what == "away" and away.is_valid():
        with refusing(away):
            be_away(actor, away.cleaned_data["until_on"], at=now)
            done = True
    elif what == "avoid" and avoidance.is_valid():
        with refusing(avoidance):
            given = avoidance.cleaned_data
            declare_avoidance(actor, given["organisation"].strip().upper(), given["reason"], at=now)
            done = True
    elif what == "end":
        end_avoidance(actor, request.POST.get("organisation", ""), at=now)
        done = True
    if done:
        messages.success(request, bilingual("已保存。", "Saved."))
        return redirect("identity:my-expertise")
    names = organisation_names(line.avoids)
    context = {
        "line": line,
        "kind": KIND_WORDS[line.kind],
        "away": away,
        "avoidance": avoidance,
        "avoids": [(each, names.get(each, "")) for each in line.avoids],
        "today": local_day(now),
    }
    return render(
        request, "identity/my_expertise.html", context, status=422 if away.errors or avoidance.errors else 200
    )
