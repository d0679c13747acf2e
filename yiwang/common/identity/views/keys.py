"""The API keys of an organisation: made, shown once, revoked."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache

from yiwang.common.identity.forms import KeyForm
from yiwang.common.identity.permissions import MANAGE_KEYS
from yiwang.common.identity.queries import administers, keys_of, organisation
from yiwang.common.identity.rules.register import ROLE_WORDS
from yiwang.common.identity.services.keys import NewKey, make_key, revoke_key
from yiwang.common.shell.api import bilingual, not_found, posted, refusing, route
from yiwang.pure.kernel.actors import Actor
from yiwang.record.journal.api import business_now


@route(MANAGE_KEYS)
@never_cache
def keys(request: HttpRequest) -> HttpResponse:
    """The working keys; an administrator makes one and sees it this once, on the answer itself."""
    actor: Actor = request.actor
    form = KeyForm(posted(request))
    made: NewKey | None = None
    if request.method == "POST" and form.is_valid():
        with refusing(form):
            made = make_key(actor, form.cleaned_data["name"], at=business_now())
            form = KeyForm(None)
    return render(
        request,
        "identity/keys.html",
        {
            "form": form,
            "made": made,
            "party": organisation(actor.organisation),
            "role": ROLE_WORDS[actor.role],
            "keys": [(each, ROLE_WORDS[each.role]) for each in keys_of(actor.organisation)],
            "administers": administers(actor),
        },
        status=422 if form.errors else 200,
    )


@route(MANAGE_KEYS)
@never_cache
def revoke(request: HttpRequest, code: str) -> HttpResponse:
    """Asks once, then the key works no more."""
    actor: Actor = request.actor
    key = next((each for each in keys_of(actor.organisation) if each.code == code), None)
    if key is None or not administers(actor):
        return not_found(request)
    if request.method == "POST":
        revoke_key(actor, code, at=business_now())
        messages.success(request, bilingual("密钥已吊销。", "The key was revoked."))
        return redirect("identity:keys")
    return render(request, "identity/key_revoke.html", {"key": key})
