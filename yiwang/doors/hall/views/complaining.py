"""Complaints as their parties see them: made, read, withdrawn, answered; nobody else learns that there is one."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity import api as identity
from yiwang.common.shell.api import download as given_away
from yiwang.common.shell.api import posted, route, say
from yiwang.doors.hall.complaint_acts import ACTS, confirm_act, mending_of, typed_act, typed_rows
from yiwang.doors.hall.edge import Guide, language, new_key, rehearsed, render, visible_lot
from yiwang.doors.hall.forms.complaining import ComplaintForm, CorrectionForm, ExplanationForm
from yiwang.doors.hall.offers import MEDIA_TYPES, rendered
from yiwang.doors.hall.papers import papers_of
from yiwang.doors.hall.views.bidding import download
from yiwang.law import api as law
from yiwang.pure.kernel.findings import Finding
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now, once


@route(permissions.COMPLAIN)
def complaining(request: HttpRequest, code: str) -> HttpResponse:
    """Complains to a supervisory body about a lot; what the law notes of it is said before it is sent."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    if lot.law_on is None:
        raise Http404(code)
    respondents = trading.respondents_of(lot, actor.organisation)
    named = identity.organisation_names(respondents)
    form = ComplaintForm(
        trading.is_concerned_by(actor, lot),
        [(each, named[each]) for each in respondents],
        trading.authorities(),
        posted(request),
        request.FILES or None,
        initial={"key": new_key()},
    )
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if form.is_bound:
        # Where every field alone is filled in, the verb says the rest.
        for each in findings if form.is_valid() else [*findings, *_lacking(lot, form, papers or findings)]:
            form.add_error(each.field or "papers", say(each))

    def new() -> trading.NewComplaint:
        typed = form.cleaned_data
        return trading.NewComplaint(
            matter=typed["matter"],
            respondent=typed["respondent"],
            authority=typed["authority"],
            learnt_on=typed["learnt_on"],
            text=typed["text"],
            request=typed["request"],
            papers=[(each.sha256, each.name) for each in papers],
            interest=typed.get("interest", ""),
        )

    def preview() -> dict[str, Any]:
        _, warnings = rehearsed(lambda: trading.complain(actor, code, new(), now))
        return {"warnings": warnings, "rows": typed_rows(form)}

    def take() -> str:
        made = once(
            form.cleaned_data["key"], actor, _asked(code, new()), lambda: _made(actor, code, new(), now)
        )
        return reverse("hall:complaint", args=[made["complaint"]])

    return Guide(
        template="hall/complain.html",
        preview_template="hall/complain_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={"lot": lot, "papers": papers, "now": now},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _lacking(lot: Any, form: ComplaintForm, papers: Any) -> list[Finding]:
    """What a field alone cannot miss, so that all is said at once: the proof, and how it concerns who takes no part."""
    source = law.limit("W27", on=lot.law_on).source
    found = [] if papers else [Finding("complaint-proof-missing", source, field="papers")]
    if "interest" in form.fields and not form.cleaned_data.get("interest"):
        found.append(Finding("complaint-interest-missing", source, field="interest"))
    return found


def _asked(code: str, new: trading.NewComplaint) -> dict[str, Any]:
    """What a second sending has to be equal in."""
    learnt_on = new.learnt_on.isoformat() if new.learnt_on else ""
    return {
        "lot": code, "matter": new.matter, "respondent": new.respondent, "authority": new.authority,
        "learnt_on": learnt_on, "text": new.text, "request": new.request, "interest": new.interest,
        "papers": [sha256 for sha256, _ in new.papers],
    }  # fmt: skip


def _made(actor: Any, code: str, new: trading.NewComplaint, now: Any) -> dict[str, str]:
    complaint, _ = trading.complain(actor, code, new, now)
    return {"complaint": complaint.code}


def visible_complaint(actor: Any, code: str) -> tuple[Any, trading.ComplaintPage]:
    """The complaint with its lot. Http404 where the actor may not know of it."""
    try:
        return trading.complaint_page(actor, code)
    except trading.UnknownProject as error:
        raise Http404(code) from error


@route(permissions.READ_COMPLAINTS)
@require_GET
def complaint(request: HttpRequest, code: str) -> HttpResponse:
    """A complaint as the actor may see it, with what may be done about it now."""
    actor, now = request.actor, business_now()
    lot, page = visible_complaint(actor, code)
    trading.note_reading(actor, lot.code, "complaint", now)
    acts = [each for each in ACTS if each.open(page)]
    mends = mending_of(actor, lot, page, now)
    context = {"lot": lot, "page": page, "acts": acts, "mends": mends, "now": now}
    return render(request, "hall/complaint.html", context)


@route(permissions.READ_COMPLAINTS)
@require_GET
def complaint_paper(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A paper of a complaint, of its decision, or of an answer to the supervisor."""
    lot, _ = visible_complaint(request.actor, code)
    try:
        paper = trading.complaint_paper(request.actor, code, sha256)
    except trading.UnknownProject as error:
        raise Http404(code) from error
    trading.note_reading(request.actor, lot.code, "complaint", business_now())
    return download(paper.sha256, paper.name)


@route(permissions.READ_COMPLAINTS)
@require_GET
def decision_paper(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """The decision as PDF or Word, for whoever may read it; the respondent's does not say who complained."""
    lot, page = visible_complaint(request.actor, code)
    if ending not in ("pdf", "docx"):
        raise Http404(ending)
    try:
        content = rendered(trading.decision_paper(lot, page, language()), ending)
    except trading.NoSuchPaper as error:
        raise Http404(code) from error
    trading.note_reading(request.actor, lot.code, "complaint", business_now())
    return given_away(content, MEDIA_TYPES[ending], f"{code}-decision.{ending}")


@route(permissions.COMPLAIN)
def withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """The complainant takes the complaint back."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)
    return confirm_act(request, "withdraw", found, lambda: trading.withdraw_complaint(actor, code, now))


@route(permissions.ANSWER_SUPERVISOR)
def answering(request: HttpRequest, code: str) -> HttpResponse:
    """The respondent answers what the supervisor asked."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)
    form = ExplanationForm(posted(request), request.FILES or None)

    def answer(typed: dict[str, Any], papers: list[tuple[str, str]]) -> None:
        trading.answer_complaint(actor, code, typed["text"], papers, now)

    return typed_act(request, "answer", found, form, answer)


@route(permissions.CARRY_OUT_DECISION)
def correction(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee states how it carried out what a decision orders."""
    actor, now = request.actor, business_now()
    found = visible_complaint(actor, code)

    def state(typed: dict[str, Any], papers: list[tuple[str, str]]) -> None:
        trading.state_correction(actor, code, typed["text"], now)

    return typed_act(request, "correction", found, CorrectionForm(posted(request)), state)


@route(permissions.CARRY_OUT_DECISION)
def evaluate_again(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee evaluates again, as a decision orders."""
    actor, now = request.actor, business_now()

    def again() -> None:
        trading.evaluate_again(actor, code, now)

    found = visible_complaint(actor, code)
    act = "evaluate-anew" if found[1].correction_id == "evaluate-new-committee" else "evaluate-again"
    return confirm_act(request, act, found, again)


@route(permissions.CARRY_OUT_DECISION)
def tender_again(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee ends the tender to hold it again, as a decision orders."""
    actor, now = request.actor, business_now()

    def again() -> None:
        trading.tender_again(actor, code, now)

    found = visible_complaint(actor, code)
    moot = trading.orders_made_moot(actor, found[0], "annul-by-order")
    return confirm_act(request, "tender-again", found, again, moot)
