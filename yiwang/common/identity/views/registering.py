"""Pages of an organisation on its way to the register, and of its people."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters

from yiwang.common.identity import sessions
from yiwang.common.identity.address import client_address
from yiwang.common.identity.forms import ColleagueForm, OrganisationForm, RegistrationForm
from yiwang.common.identity.models import Organisation
from yiwang.common.identity.permissions import EDIT_ORGANISATION, MANAGE_PEOPLE, REGISTER_ORGANISATION
from yiwang.common.identity.queries import Party, administers, colleagues, organisation
from yiwang.common.identity.rules.register import (
    ADMITTED,
    DRAFT,
    RETURNED,
    ROLE_WORDS,
    STATUS_WORDS,
    SUBMITTED,
)
from yiwang.common.identity.services.people import add_person
from yiwang.common.identity.services.registration import (
    edit_organisation,
    register_with_person,
    submit_registration,
)
from yiwang.common.identity.throttle import REGISTRATION, note_tries, wait_seconds
from yiwang.common.shell.api import (
    DONE,
    NEXT,
    NOW,
    Stage,
    bilingual,
    not_found,
    posted,
    refusing,
    route,
    too_many,
)
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now, real_now

_FIELDS = ("name", "region", "address", "contact_name", "contact_phone", "roles")


@sensitive_post_parameters("password", "password_again")
@route(REGISTER_ORGANISATION)
@never_cache
def register(request: HttpRequest) -> HttpResponse:
    """A new organisation and its first person, who then ties an authenticator and submits for review."""
    form = RegistrationForm(posted(request))
    if request.method == "POST":
        now = real_now()
        tries = [(REGISTRATION, client_address(request))]
        wait = wait_seconds(tries, now)
        if wait:
            return too_many(request, wait)
        note_tries(tries, now)
        if form.is_valid():
            given = {key: value for key, value in form.cleaned_data.items() if key != "password_again"}
            with refusing(form):
                person, _ = register_with_person(**given, at=business_now())
                sessions.begin(request, person, "", now)
                return redirect("identity:enrol")
    return render(request, "identity/register.html", {"form": form}, status=422 if form.errors else 200)


def registration_stages(party: Party) -> list[Stage]:
    """The way of a registration: filled in, reviewed, admitted."""
    applicant, centre = Words("本单位", "the organisation"), Words("交易中心", "the centre")
    states = {
        DRAFT: (NOW, NEXT, NEXT),
        RETURNED: (NOW, NEXT, NEXT),
        SUBMITTED: (DONE, NOW, NEXT),
        ADMITTED: (DONE, DONE, DONE),
    }[party.status]
    return [
        Stage(Words("填写登记信息", "Fill in"), states[0], applicant),
        Stage(Words("审核", "Review"), states[1], centre),
        Stage(Words("入库", "Admitted"), states[2]),
    ]


@route(EDIT_ORGANISATION)
@never_cache
def my_organisation(request: HttpRequest) -> HttpResponse:
    """The own registration: its state, the reasons of a return, correcting it, submitting it."""
    actor: Actor = request.actor
    if not actor.organisation:
        return not_found(request)
    party = organisation(actor.organisation)
    initial = {each: getattr(party, each) for each in _FIELDS}
    form = OrganisationForm(posted(request), initial={**initial, "roles": sorted(party.roles)})
    if request.method == "POST" and form.is_valid():
        at = business_now()
        with refusing(form):
            changed = set(form.changed_data)
            if changed or "submit" not in request.POST:
                edit_organisation(actor, party.code, **form.cleaned_data, at=at)
            if "submit" in request.POST:
                submit_registration(actor, party.code, at=at)
                messages.success(request, bilingual("已提交审核。", "Submitted for review."))
            else:
                messages.success(request, bilingual("已保存。", "Saved."))
            return redirect("identity:my-organisation")
    return render(
        request,
        "identity/my_organisation.html",
        {
            "form": form,
            "party": party,
            "status": STATUS_WORDS[party.status],
            "stages": registration_stages(party),
            "reasons": Organisation.objects.get(code=party.code).reasons,
            "editable": party.status != SUBMITTED and administers(actor),
            "submittable": party.status in (DRAFT, RETURNED),
            "admitted": party.admitted,
            "role_words": [ROLE_WORDS[each] for each in sorted(party.roles)],
        },
        status=422 if form.errors else 200,
    )


@sensitive_post_parameters("password", "password_again")
@route(MANAGE_PEOPLE)
@never_cache
def people(request: HttpRequest) -> HttpResponse:
    """Who acts for the own organisation; an administrator adds a colleague."""
    actor: Actor = request.actor
    party = organisation(actor.organisation)
    form = ColleagueForm(posted(request), roles=tuple(sorted(party.roles)))
    if request.method == "POST" and form.is_valid():
        given = form.cleaned_data
        with refusing(form):
            add_person(
                actor,
                party.code,
                username=given["username"],
                password=given["password"],
                name=given["person_name"],
                phone=given["person_phone"],
                roles=given["roles"],
                administrator=given["administrator"],
                at=business_now(),
            )
            messages.success(request, bilingual("已添加人员。", "The person was added."))
            return redirect("identity:people")
    return render(
        request,
        "identity/people.html",
        {
            "form": form,
            "party": party,
            "people": [
                (each, [(seat, ROLE_WORDS[seat.role]) for seat in each.seats])
                for each in colleagues(party.code)
            ],
            "administers": administers(actor),
        },
        status=422 if form.errors else 200,
    )
