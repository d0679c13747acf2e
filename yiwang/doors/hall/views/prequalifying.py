"""Prequalification: its notice, applications, their review, and the result."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity.api import usable_credentials
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import download as given_away
from yiwang.common.shell.api import posted, route, say
from yiwang.doors.hall.edge import (
    REFUSED_STATUS,
    Guide,
    confirmed,
    language,
    new_key,
    refuse_at_fields,
    rehearsed,
    render,
    said_done,
    visible_lot,
)
from yiwang.doors.hall.forms.choosing import ElsewhereForm
from yiwang.doors.hall.forms.evaluating import LEAST_MEMBERS, MemberForms
from yiwang.doors.hall.forms.prequalifying import ApplicationForm, PrequalificationForm, ReviewForm
from yiwang.doors.hall.forms.sitting import PaperReplacementForm, ReplacementForm, listed_experts
from yiwang.doors.hall.offers import rendered
from yiwang.doors.hall.papers import papers_of, with_credentials
from yiwang.doors.hall.proposals import next_office_hour, prequalification_from
from yiwang.doors.hall.views.bidding import download
from yiwang.doors.hall.views.evaluating import with_more_members
from yiwang.pure.kernel.actors import CENTRE, EXPERT, Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.papers.api import PDF
from yiwang.record.files.api import BID_TYPES, DOCUMENT_TYPES
from yiwang.record.journal.api import business_now, once

TIMES = ("publish_at", "documents_from_at", "documents_until_on", "deadline_at")


@route(permissions.DRAFT_NOTICE)
def prequalification_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The guided form of the prequalification notice."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    typed, timetable = _recalculated(request, now)
    initial = {"qualification": lot.qualification, "consortium_allowed": lot.consortium_allowed}
    form = PrequalificationForm(typed, request.FILES or None, initial=timetable.initial() | initial)
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])

    def draft() -> notices.Notice:
        terms = form.terms([(paper.sha256, paper.name) for paper in papers])
        return trading.draft_prequalification(actor, code, terms, now)

    def preview() -> dict[str, Any]:
        notice = rehearsed(draft)
        return {"title": notice.title, "rows": notices.detailed_rows(notice, language())}

    return Guide(
        template="hall/prequalification_notice.html",
        edit="recalculate" in request.POST,
        preview_template="hall/prequalification_notice_preview.html",
        forms={"form": form},
        preview=preview,
        take=lambda: reverse("hall:notice", args=[draft().code]),
        context={"lot": lot, "papers": papers, "clocks": timetable.clocks, "now": now},
        names={"documents": "papers"},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _recalculated(request: HttpRequest, now: datetime) -> tuple[Any, Any]:
    """What was typed and the shortest timetable from the publication in it; on request filled in anew."""
    proposal = prequalification_from(next_office_hour(now))
    sent = posted(request)
    if sent is None:
        return None, proposal
    typed = sent.copy()
    try:
        publish_at = PrequalificationForm(typed).fields["publish_at"].clean(typed.get("publish_at"))
    except ValidationError:
        publish_at = None
    if publish_at is not None:
        proposal = prequalification_from(publish_at)
    if "recalculate" in typed:
        form = PrequalificationForm(initial=proposal.initial())
        for name in TIMES:
            typed[name] = form[name].field.widget.format_value(form[name].value())
    return typed, proposal


@route(permissions.APPLY)
def apply(request: HttpRequest, code: str) -> HttpResponse:
    """Hands in an application to prequalify."""
    return _apply(request, code, replace=False)


@route(permissions.APPLY)
def application_replace(request: HttpRequest, code: str) -> HttpResponse:
    """Hands in another application in place of the standing one."""
    return _apply(request, code, replace=True)


def _open_yet(lot: Any, at: datetime) -> bool:
    return lot.stage == "applying" and lot.deadline_at is not None and at < lot.deadline_at


def _apply(request: HttpRequest, code: str, *, replace: bool) -> HttpResponse:
    # The body is read to its last byte before the clock is: received_at decides, as with bids.
    uploads = request.FILES
    received_at = business_now()
    actor = request.actor
    lot = visible_lot(actor, code)
    form = ApplicationForm(
        posted(request),
        uploads or None,
        initial={"key": new_key()},
        consortium=lot.consortium_allowed,
        register=usable_credentials(actor.organisation, local_day(received_at)),
    )
    papers, findings = papers_of(request, actor, BID_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    if request.method == "POST" and form.is_valid() and form.cleaned_data.get("credentials"):
        try:
            papers = with_credentials(actor, papers, form.cleaned_data["credentials"], received_at)
        except Refused as refused:
            refuse_at_fields(form, refused)
    named = [(paper.sha256, paper.name) for paper in papers]

    def send() -> dict[str, str]:
        members = form.cleaned_data.get("members") or []
        made = trading.submit_application(actor, code, named, received_at, members=members, replace=replace)
        return {"application": made.code}

    def take() -> str:
        members = form.cleaned_data.get("members") or []
        asked = {
            "lot": code,
            "papers": [sha256 for sha256, _ in named],
            "members": members,
            "replace": replace,
        }
        once(form.cleaned_data["key"], actor, asked, send)
        return reverse("hall:application", args=[code])

    return Guide(
        template="hall/apply.html",
        preview_template="hall/apply_preview.html",
        forms={"form": form},
        preview=lambda: {**rehearsed(send), "members": form.cleaned_data.get("members") or []},
        take=take,
        context={
            "lot": lot,
            "papers": papers,
            "now": received_at,
            "replace": replace,
            "open_yet": _open_yet(lot, received_at),
        },
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _own(actor: Actor, code: str) -> tuple[Any, trading.ApplicationLine]:
    """The lot and the actor's standing application. Http404 where there is none."""
    lot = visible_lot(actor, code)
    lines = trading.applications_of(actor, lot)
    if not lines:
        raise Http404(code)
    return lot, lines[0]


@route(permissions.APPLY)
@require_GET
def application(request: HttpRequest, code: str) -> HttpResponse:
    """The standing application of my organisation, what can still be done about it, and its result."""
    now = business_now()
    lot, line = _own(request.actor, code)
    context = {"lot": lot, "line": line, "now": now, "open_yet": _open_yet(lot, now)}
    return render(request, "hall/application.html", context)


@route(permissions.APPLY)
@require_GET
def application_receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt of the standing application as PDF."""
    lot = visible_lot(request.actor, code)
    row = trading.own_application(lot, request.actor.organisation)
    if row is None:
        raise Http404(code)
    content = rendered(trading.application_receipt_paper(lot, row, language()), "pdf")
    return given_away(content, PDF, f"receipt-{row.code}.pdf")


@route(permissions.APPLY)
def application_withdraw(request: HttpRequest, code: str) -> HttpResponse:
    """Withdraws the standing application, asked once."""
    received_at, actor = business_now(), request.actor
    lot, line = _own(actor, code)

    return confirmed(
        request,
        "hall/application_withdraw.html",
        {"lot": lot, "line": line, "now": received_at},
        lambda: trading.withdraw_application(actor, code, received_at),
        lambda _: reverse("hall:lot", args=[code]),
    )


@route(permissions.READ_APPLICATIONS)
@require_GET
def applications(request: HttpRequest, code: str) -> HttpResponse:
    """The applications after their deadline: what was found about each, and by whom."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    lines = trading.applications_of(actor, lot)
    trading.note_reading(actor, code, "applications to prequalify", now)
    undecided = sum(each.passed is None for each in lines)
    members = trading.review_members(lot)
    context = {
        "lot": lot,
        "page": trading.lot_page(lot, everything=True),
        "lines": lines,
        "open": trading.may_read_applications(actor, lot),
        "undecided": undecided,
        "members": members if actor.role != EXPERT else (),
        "reviews": _reviews(actor, lot, members),
        "may_notify": permissions.NOTIFY_APPLICANTS.allows(actor)
        and lot.stage == "reviewing"
        and not undecided,
        "may_replace": permissions.EVALUATE.allows(actor) and lot.stage == "reviewing",
        "may_enter": permissions.EVALUATE.allows(actor) and lot.stage == "reviewing" and not members,
        "now": now,
    }
    return render(request, "hall/applications.html", context)


def _reviews(actor: Actor, lot: Any, members: tuple[tuple[int, str, str, bool], ...]) -> bool:
    """Whether the actor is who decides about applications here (the verbs ask again)."""
    if lot.stage != "reviewing":
        return False
    if actor.role == EXPERT:
        return True
    if not permissions.REVIEW.allows(actor):
        return False
    hosts = not members and not lot.project.state_funded
    paper = bool(members) and not any(online for *_, online in members)
    return paper if actor.role == CENTRE else hosts


@route(permissions.DECIDE_APPLICATIONS)
def review(request: HttpRequest, code: str) -> HttpResponse:
    """What is found about one application: the vote of a member, or the decision."""
    actor, now = request.actor, business_now()
    try:
        lot, line = trading.application_of(actor, code)
    except trading.UnknownProject as error:
        raise Http404(code) from error
    visible_lot(actor, lot.code)
    page = trading.lot_page(lot, everything=True)
    limited = page.prequalification is not None and page.prequalification.most > 0
    form = ReviewForm(posted(request), limited=limited)
    if request.method == "POST" and form.is_valid():
        verb = trading.review_application if actor.role == EXPERT else trading.decide_application
        try:
            verb(actor, code, *form.found(), now)
            said_done(request)
            return redirect("hall:applications", code=lot.code)
        except Refused as refused:
            refuse_at_fields(form, refused)
    status = REFUSED_STATUS if form.errors else 200
    context = {
        "lot": lot,
        "page": page,
        "line": line,
        "form": form,
        "votes": actor.role == EXPERT,
        "now": now,
    }
    return render(request, "hall/application_review.html", context, status=status)


@route(permissions.READ_LOT)
@require_GET
def application_paper(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A paper of an application, for who may read it."""
    actor = request.actor
    try:
        paper = trading.application_paper(actor, code, sha256)
        lot, _ = trading.application_of(actor, code)
    except trading.UnknownProject as error:
        raise Http404(code) from error
    trading.note_reading(actor, lot.code, "paper of an application", business_now())
    return download(paper.sha256, paper.name)


@route(permissions.READ_LOT)
@require_GET
def result_paper(request: HttpRequest, code: str) -> HttpResponseBase:
    """The result notice of an application as PDF, for the applicant and who may read applications."""
    try:
        trading.application_of(request.actor, code)
        paper = trading.prequalification_paper(code, language())
    except (trading.UnknownProject, trading.NoSuchPaper) as error:
        raise Http404(code) from error
    return given_away(rendered(paper, "pdf"), PDF, f"prequalification-{code}.pdf")


@route(permissions.EVALUATE)
def review_committee(request: HttpRequest, code: str) -> HttpResponse:
    """Enters the committee that reviews the applications."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    typed = with_more_members(request)
    listed = listed_experts()
    members = MemberForms(typed, prefix="members", form_kwargs={"listed": listed, "online": False})
    form = ElsewhereForm(typed)

    def given() -> list[trading.MemberFacts]:
        return [member for member in (each.member() for each in members) if member is not None]

    def entered() -> Any:
        return trading.enter_review_committee(actor, code, given(), now, form.elsewhere())

    def take() -> str:
        entered()
        return reverse("hall:applications", args=[code])

    return Guide(
        template="hall/review_committee.html",
        edit="add_members" in request.POST,
        preview_template="hall/review_committee_preview.html",
        forms={"form": form, "members": members},
        preview=lambda: {"given": rehearsed(entered)},
        take=take,
        context={"lot": lot, "now": now, "least": LEAST_MEMBERS, "listed": listed},
    ).answer(request)


@route(permissions.NOTIFY_APPLICANTS)
def notify(request: HttpRequest, code: str) -> HttpResponse:
    """Tells every applicant the result, asked once; what follows from it is said before."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    return confirmed(
        request,
        "hall/prequalification_notify.html",
        {"lot": lot, "now": now, "lines": trading.applications_of(actor, lot)},
        lambda: trading.notify_results(actor, code, now),
        lambda _: reverse("hall:lot", args=[code]),
        shown=lambda done: {"stage_after": done.stage},
    )


@route(permissions.EVALUATE)
def replace_reviewer(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Another person takes a seat of the review committee; what was voted from it is void."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    standing = lot.reviewers.filter(replaced_at=None)
    member = standing.filter(number=number).first()
    if member is None:
        raise Http404(str(number))
    where = ElsewhereForm(posted(request))
    form: Any = PaperReplacementForm(posted(request))
    if member.person:
        form = ReplacementForm(lot.reviewers.values_list("person", flat=True), posted(request))

    def replace() -> str:
        why, (person, on_paper) = form.cleaned_data["why"], form.newcomer(member.kind)
        trading.replace_reviewer(actor, code, number, why, person, now, where.elsewhere(), on_paper)
        return reverse("hall:applications", args=[code])

    return Guide(
        template="hall/replace_reviewer.html",
        preview_template="hall/replace_reviewer_preview.html",
        forms={"form": form, "where": where},
        preview=lambda: {
            "url": rehearsed(replace),
            "new": form.shown,
            "cause": dict(form.fields["why"].choices)[form.cleaned_data["why"]],
        },
        take=replace,
        context={"lot": lot, "member": member, "now": now},
        names={"members": "person" if member.person else "name"},
    ).answer(request)
