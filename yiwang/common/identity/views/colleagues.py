"""Pages on which an administrator manages their people, and a holder of a role delegates it."""

from __future__ import annotations

from datetime import datetime

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_POST

from yiwang.common.identity import sessions
from yiwang.common.identity.address import client_address
from yiwang.common.identity.forms import (
    AcceptForm,
    AcceptHereForm,
    DelegationForm,
    InvitationForm,
    SeatForm,
)
from yiwang.common.identity.permissions import ACCEPT_INVITATION, DELEGATE, MANAGE_PEOPLE
from yiwang.common.identity.queries import (
    Colleague,
    administers,
    colleagues,
    invitations_of,
    members,
    organisation,
)
from yiwang.common.identity.rules.register import ROLE_WORDS
from yiwang.common.identity.services.colleagues import (
    delegate,
    hand_over,
    resume_colleague,
    set_administrator,
    suspend_colleague,
)
from yiwang.common.identity.services.invitations import (
    NewPerson,
    accept_invitation,
    invite,
    withdraw_invitation,
)
from yiwang.common.identity.services.memberships import end_membership, grant_membership
from yiwang.common.shell.api import HouseForm, bilingual, not_found, posted, refusing, route
from yiwang.pure.kernel.actors import VISITOR, Actor
from yiwang.record.journal.api import business_now, real_now

DONE = bilingual("已办理。", "Done.")


@route(MANAGE_PEOPLE)
@never_cache
def colleague(request: HttpRequest, code: str) -> HttpResponse:
    """One person of the organisation: roles, until when, administrator, suspended; an administrator changes it."""
    actor: Actor = request.actor
    found = next((each for each in colleagues(actor.organisation) if each.person == code), None)
    if found is None or not administers(actor):
        return not_found(request)
    roles = tuple(sorted(organisation(actor.organisation).roles))
    wanted = request.POST.get("do", "")
    form = SeatForm(posted(request) if wanted in ("", "grant") else None, roles=roles)
    plain = HouseForm(request.POST if request.method == "POST" else None)
    taking = form if wanted == "grant" else plain
    if request.method == "POST" and taking.is_valid():
        with refusing(taking):
            _change(actor, found, form, wanted, business_now())
            messages.success(request, DONE)
            here = any(each.person == code for each in colleagues(actor.organisation))
            return redirect(
                reverse("identity:colleague", args=[code])
                if here and administers(actor)
                else "identity:people"
            )
    context = {
        "form": form,
        "plain": plain,
        "colleague": found,
        "seats": [(each, ROLE_WORDS[each.role]) for each in found.seats],
        "oneself": code == actor.person,
    }
    failed = form.errors or plain.errors
    return render(request, "identity/colleague.html", context, status=422 if failed else 200)


def _change(actor: Actor, found: Colleague, form: SeatForm, wanted: str, at: datetime) -> None:
    """Does what the button that was pressed says; any other value does nothing."""
    person = found.person
    match wanted.split(":"):
        case ["grant"]:
            grant_membership(
                actor,
                person=person,
                organisation=actor.organisation,
                role=form.cleaned_data["role"],
                ends_on=form.cleaned_data["ends_on"],
                administrator=found.administrator,
                at=at,
            )
        case ["end", role]:
            end_membership(actor, person=person, organisation=actor.organisation, role=role, at=at)
        case ["suspend"]:
            suspend_colleague(actor, person, at=at)
        case ["resume"]:
            resume_colleague(actor, person, at=at)
        case ["administrator"]:
            set_administrator(actor, person, True, at=at)
        case ["no-administrator"]:
            set_administrator(actor, person, False, at=at)
        case ["hand-over"]:
            hand_over(actor, person, at=at)


@route(MANAGE_PEOPLE)
@never_cache
def invitations(request: HttpRequest) -> HttpResponse:
    """The open invitations; a new one shows its code on the answer alone."""
    actor: Actor = request.actor
    party = organisation(actor.organisation)
    form = InvitationForm(posted(request), roles=tuple(sorted(party.roles)))
    paper = ""
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            paper = invite(actor, **form.cleaned_data, now=real_now(), at=business_now())
            form = InvitationForm(None, roles=tuple(sorted(party.roles)))
    lines = invitations_of(party.code)
    context = {
        "form": form,
        "party": party,
        "paper": paper,
        "address": request.build_absolute_uri(reverse("identity:accept")),
        "invitations": [(each, [ROLE_WORDS[role] for role in each.roles]) for each in lines],
        "administers": administers(actor),
        "now": real_now(),
    }
    return render(request, "identity/invitations.html", context, status=422 if form.errors else 200)


@route(MANAGE_PEOPLE)
@require_POST
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraws an open invitation."""
    withdraw_invitation(request.actor, code, at=business_now())
    messages.success(request, bilingual("邀请已撤回。", "The invitation was withdrawn."))
    return redirect("identity:invitations")


@sensitive_post_parameters("password", "password_again")
@route(ACCEPT_INVITATION)
@never_cache
def accept(request: HttpRequest) -> HttpResponse:
    """Whoever was handed an invitation accepts it: with the login they have, or with a new one."""
    actor: Actor = request.actor
    visitor = actor.role == VISITOR
    form = (AcceptForm if visitor else AcceptHereForm)(posted(request))
    if request.method == "POST" and form.is_valid():
        given, now = form.cleaned_data, real_now()
        new = (
            NewPerson(given["username"], given["password"], given["person_name"], given["person_phone"])
            if visitor
            else None
        )
        with refusing(form):
            address = client_address(request)
            person = accept_invitation(actor, given["code"], new, address=address, now=now, at=business_now())
            if not visitor:
                messages.success(request, bilingual("已加入单位。", "You have joined the organisation."))
                return redirect("identity:choose")
            sessions.begin(request, person, "", now)
            return redirect("identity:enrol")
    context = {"form": form, "visitor": visitor}
    return render(request, "identity/accept.html", context, status=422 if form.errors else 200)


@route(DELEGATE)
@never_cache
def delegation(request: HttpRequest) -> HttpResponse:
    """A holder of roles lets a colleague act in one of them for some time; what is delegated now."""
    actor: Actor = request.actor
    everybody = colleagues(actor.organisation)
    own = tuple(
        sorted({each.role for each in members(actor.person) if each.organisation == actor.organisation})
    )
    others = [(each.person, each.name) for each in everybody if each.person != actor.person]
    form = DelegationForm(posted(request), roles=own, colleagues=others)
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            given = form.cleaned_data
            delegate(actor, given["person"], given["role"], given["ends_on"], at=business_now())
            messages.success(request, bilingual("委托已生效。", "The delegation is in force."))
            return redirect("identity:delegation")
    delegated = [
        (each, seat, ROLE_WORDS[seat.role]) for each in everybody for seat in each.seats if seat.delegated_by
    ]
    context = {"form": form, "delegated": delegated, "alone": not others}
    return render(request, "identity/delegation.html", context, status=422 if form.errors else 200)
