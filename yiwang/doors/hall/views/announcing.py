"""From the draft of a notice to its publication."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity.api import organisation
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import posted, route, say
from yiwang.doors.hall.edge import (
    READ_NOTICE,
    REFUSED_STATUS,
    Guide,
    bars_against,
    confirmed,
    language,
    reasons_of,
    rehearsed,
    render,
    said_done,
    sees_everything,
    visible_lot,
)
from yiwang.doors.hall.forms.method import method_forms, method_terms
from yiwang.doors.hall.forms.notices import (
    ConfirmForm,
    PublicityForm,
    ReturnForm,
    TermsForm,
    closed_fields,
    initial_of,
)
from yiwang.doors.hall.links import after_this
from yiwang.doors.hall.papers import Paper, papers_of, token_of
from yiwang.doors.hall.proposals import next_half_hour, publicity_from, publicity_start, timetable_from
from yiwang.doors.hall.proposals import next_office_hour as office_hour
from yiwang.doors.hall.sharing import shared_notice
from yiwang.doors.hall.standing import marked
from yiwang.law import api as law
from yiwang.pure.kernel.actors import AGENCY, CENTRE, TENDEREE, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now

TIMES = ("publish_at", "documents_from_at", "documents_until_on", "deadline_at")


@route(permissions.DRAFT_NOTICE)
def tender_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The guided form of the tender notice."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    typed, timetable = recalculated(request, now)
    form = TermsForm(typed, request.FILES or None, initial=timetable.initial() | initial_of(lot))
    if lot.prequalifies:
        closed_fields(form, "consortium_allowed")  # said in the prequalification notice
    method, criteria = method_forms(request, trading.terms_from_json(lot.method), local_day(now))
    papers, findings = _papers(request, actor, lot)
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])

    def draft() -> notices.Notice:
        stored = [(paper.sha256, paper.name) for paper in papers]
        terms = form.terms(stored, method_terms(method, criteria))
        return trading.draft_tender_notice(actor, code, terms, now)

    def preview() -> dict[str, Any]:
        return notice_shown(rehearsed(draft))

    def take() -> str:
        return reverse("hall:notice", args=[draft().code])

    return Guide(
        template="hall/tender_notice.html",
        edit="recalculate" in request.POST or "add_criteria" in request.POST,
        preview_template="hall/tender_notice_preview.html",
        forms={"form": form, "method_form": method, "criteria": criteria},
        preview=preview,
        take=take,
        context={
            "lot": lot,
            "papers": papers,
            "clocks": timetable.clocks,
            "now": now,
            "sharing": shared_notice(actor, lot, "tender-notice"),
        },
        names={"documents": "papers"},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _papers(request: HttpRequest, actor: Actor, lot: Any) -> tuple[list[Paper], list[Any]]:
    """Papers of this form; those of an earlier draft of the lot to begin with."""
    if request.method == "POST":
        return papers_of(request, actor, DOCUMENT_TYPES)
    if lot.phase and lot.prequalifies and lot.stage == "prequalified":
        return [], []
    earlier = [
        Paper(each.sha256, each.name, each.size, token_of(actor, each.sha256, each.name, each.size))
        for each in trading.documents_of(lot)
    ]
    return earlier, []


def recalculated(request: HttpRequest, now: datetime) -> tuple[Any, Any]:
    """What was typed and the shortest timetable from the publication in it; on request filled in anew."""
    proposal = timetable_from(office_hour(now))
    sent = posted(request)
    if sent is None:
        return None, proposal
    typed = sent.copy()
    asked = TermsForm(typed).fields["publish_at"]
    try:
        publish_at = asked.clean(typed.get("publish_at"))
    except ValidationError:
        publish_at = None
    if publish_at is not None:
        proposal = timetable_from(publish_at)
    if "recalculate" in typed:
        form = TermsForm(initial=proposal.initial())
        for name in TIMES:
            typed[name] = form[name].field.widget.format_value(form[name].value())
    return typed, proposal


@route(permissions.DRAFT_NOTICE)
def publicity(request: HttpRequest, code: str) -> HttpResponse:
    """The guided form of the publicity of the shortlisted bidders."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    received_at, on = lot.report_received_at or now, lot.law_on or local_day(now)
    proposal = publicity_from(publicity_start(now, received_at, on), received_at, on)
    initial = {
        "publish_at": proposal.publish_at,
        "publicity_until_on": proposal.until_on,
        "contact": objection_contact(lot.project.tenderee),
    }
    form = PublicityForm(posted(request), initial=initial)

    def draft() -> notices.Notice:
        typed = form.cleaned_data
        return trading.draft_publicity(
            actor, code, typed["publish_at"], typed["publicity_until_on"], typed["contact"], now
        )

    return Guide(
        template="hall/publicity.html",
        preview_template="hall/notice_preview.html",
        forms={"form": form},
        preview=lambda: notice_shown(rehearsed(draft)),
        take=lambda: reverse("hall:notice", args=[draft().code]),
        context={
            "lot": lot,
            "page": trading.lot_page(lot, everything=True),
            "clocks": proposal.clocks,
            "now": now,
            "sharing": shared_notice(actor, lot, "candidates-publicity"),
        },
    ).answer(request)


def notice_shown(notice: notices.Notice) -> dict[str, Any]:
    """Title and fields of a notice exactly as they will be published."""
    return {"title": notice.title, "rows": notices.detailed_rows(notice, language())}


def objection_contact(tenderee: str) -> str:
    """Where objections go: the tenderee with its contact."""
    party = organisation(tenderee)
    return f"{party.name} {party.contact_name} {party.contact_phone}"


@route(permissions.DRAFT_NOTICE)
def result_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The result notice, filled from the record: shown, then drafted."""
    return _from_record(request, code, trading.draft_result_notice, "result-notice")


@route(permissions.DRAFT_NOTICE)
def failure_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The notice of a failed or terminated tender, filled from the record."""
    return _from_record(request, code, trading.draft_failure_notice, "failed-tender")


@route(permissions.DRAFT_NOTICE)
def contract_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The notice of a signed contract, filled from the record."""
    return _from_record(request, code, trading.draft_contract_notice, "contract-notice")


def _from_record(request: HttpRequest, code: str, verb: Any, form: str) -> HttpResponse:
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    return confirmed(
        request,
        "hall/notice_from_record.html",
        {"lot": lot, "now": now, "sharing": shared_notice(actor, lot, form)},
        lambda: verb(actor, code, now),
        lambda drafted: reverse("hall:notice", args=[drafted.code]),
        shown=notice_shown,
    )


def visible_notice(actor: Actor, code: str) -> tuple[notices.Notice, Any]:
    """The notice and its (first) lot. Http404 where the actor may not see it: before publication only its parties do."""
    try:
        notice = notices.notice(code)
    except notices.UnknownNotice as error:
        raise Http404(code) from error
    if notice.about.room != "trading":
        raise Http404(code)
    lot = visible_lot(actor, notice.matters[0].code)
    if notice.status != notices.PUBLISHED and not sees_everything(actor):
        raise Http404(code)
    return notice, lot


def _context(actor: Actor, notice: notices.Notice, lot: Any, now: datetime) -> dict[str, Any]:
    return {
        "notice": notice,
        "marked": marked([notice])[0],
        "lot": lot,
        "now": now,
        "rows": notices.detailed_rows(notice, language()),
        "form_words": law.notice_form(notice.form, notice.law_on),
        "may_confirm": actor.role == TENDEREE
        and notice.status in ("draft", "returned")
        and actor.person not in notice.authors,
        "own_draft": actor.role == TENDEREE
        and notice.status in ("draft", "returned")
        and actor.person in notice.authors,
        "may_check": actor.role == CENTRE and notice.status == "confirmed",
        "may_take_back": permissions.DRAFT_NOTICE.allows(actor)
        and notice.status
        in (
            ("draft", "returned") if actor.role == AGENCY else ("draft", "returned", "confirmed", "scheduled")
        ),
        "documents": trading.documents_of(lot)
        if notice.form in ("tender-notice", "bid-invitation", "prequalification-notice")
        else (),
    }


@route(READ_NOTICE)
@require_GET
def notice_page(request: HttpRequest, code: str) -> HttpResponse:
    """A notice as it stands: its text, where it is on its way, its digest."""
    actor, now = request.actor, business_now()
    notice, lot = visible_notice(actor, code)
    trading.note_reading(actor, lot.code, f"notice {code}", now)
    return render(request, "hall/notice.html", _context(actor, notice, lot, now))


@route(permissions.CONFIRM_NOTICE)
def notice_confirm(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee sets the instant, sees the canonical text, and confirms once."""
    actor, now = request.actor, business_now()
    notice, lot = visible_notice(actor, code)
    form = ConfirmForm(posted(request), initial={"publish_at": _planned(notice, lot, now)})

    def confirm() -> notices.Notice:
        return trading.confirm_notice(actor, code, form.cleaned_data["publish_at"], now)

    def preview() -> dict[str, Any]:
        shown = rehearsed(confirm)
        return {"body": shown.body, "publish_at": shown.publish_at}

    def take() -> str:
        done = confirm()
        return _next_in_queue(request, notice, now) or reverse("hall:notice", args=[done.code])

    return Guide(
        template="hall/notice_confirm.html",
        preview_template="hall/notice_confirm_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={**_context(actor, notice, lot, now), "queue_left": _queue_left(request, notice, now)},
    ).answer(request)


def _planned(notice: notices.Notice, lot: Any, now: datetime) -> datetime:
    """The instant that the draft foresaw; soon, where it foresaw none or that has passed."""
    planned = {
        "tender-notice": lot.publish_at,
        "bid-invitation": lot.publish_at,
        "prequalification-notice": lot.publish_at,
        "candidates-publicity": lot.publicity_from_at,
    }.get(notice.form)
    clarification = trading.clarification_of(notice.code)
    if clarification is not None:
        planned = clarification.planned_at
    return planned if planned is not None and planned > now else next_half_hour(now)


@route(permissions.CHECK_NOTICE)
def notice_check(request: HttpRequest, code: str) -> HttpResponse:
    """The centre looks at the form of a notice: it passes, or goes back with reasons."""
    actor, now = request.actor, business_now()
    notice, lot = visible_notice(actor, code)
    sent = posted(request)
    returning = sent is not None and sent.get("decision") == "return"
    form = ReturnForm(sent if returning else None)
    context = {
        **_context(actor, notice, lot, now),
        "form": form,
        "queue_left": _queue_left(request, notice, now),
    }
    if request.method != "POST":
        context["bars"] = bars_against(lambda: trading.pass_notice(actor, code, now))
        return render(request, "hall/notice_check.html", context)
    if returning and not form.is_valid():
        return render(request, "hall/notice_check.html", context, status=REFUSED_STATUS)
    try:
        if returning:
            trading.return_notice(actor, code, form.cleaned_data["reasons"], now)
        else:
            trading.pass_notice(actor, code, now)
    except Refused as refused:
        context["findings" if returning else "bars"] = reasons_of(refused)
        return render(request, "hall/notice_check.html", context, status=REFUSED_STATUS)
    said_done(request)
    return redirect(_next_in_queue(request, notice, now) or reverse("hall:lot", args=[lot.code]))


_QUEUE_OF = {CENTRE: "check-notice", TENDEREE: "confirm-notice"}


def _others(request: HttpRequest, notice: notices.Notice, now: datetime) -> list[str]:
    """The pages of the other notices in the queue that the reader works through; none outside a queue."""
    step = _QUEUE_OF.get(request.actor.role)
    if request.GET.get("queue") != "yes" or step is None:
        return []
    return after_this(request.actor, step, notice.code, now)


def _queue_left(request: HttpRequest, notice: notices.Notice, now: datetime) -> int:
    return len(_others(request, notice, now))


def _next_in_queue(request: HttpRequest, notice: notices.Notice, now: datetime) -> str:
    """Where a queue goes on; "" where there is none or it is done."""
    return next(iter(_others(request, notice, now)), "")


@route(permissions.DRAFT_NOTICE)
def notice_take_back(request: HttpRequest, code: str) -> HttpResponse:
    """Gives up a notice that is not published, so that it can be drafted again."""
    actor, now = request.actor, business_now()
    notice, lot = visible_notice(actor, code)

    return confirmed(
        request,
        "hall/notice_take_back.html",
        _context(actor, notice, lot, now),
        lambda: trading.take_back_notice(actor, code, now),
        lambda _: reverse("hall:lot", args=[lot.code]),
    )
