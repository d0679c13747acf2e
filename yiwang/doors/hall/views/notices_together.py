"""One notice for several lots of a project: choose the lots, preview the text, hand in the draft."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import Guide, rehearsed
from yiwang.doors.hall.forms.method import method_forms, method_terms
from yiwang.doors.hall.forms.notices import initial_of
from yiwang.doors.hall.forms.notices_together import PublicityTogetherForm, TermsTogetherForm
from yiwang.doors.hall.forms.others import ChosenLots
from yiwang.doors.hall.papers import KIND_SIGN, Paper, papers_of, token_of
from yiwang.doors.hall.proposals import publicity_from, publicity_start
from yiwang.doors.hall.views.announcing import notice_shown, objection_contact, recalculated
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now

TENDER, PUBLICITY = "tender-notice", "candidates-publicity"
RESULT, FAILURE, CONTRACT = "result-notice", "failed-tender", "contract-notice"


def _ready(actor: Actor, code: str, form: str) -> list[Any]:
    """The lots of the project that can share a notice. Http404 where the actor sees none of the project's."""
    if not trading.lots_for(actor).filter(project__code=code).exists():
        raise Http404(code)
    return trading.lots_ready(actor, code)[form]


@route(permissions.DRAFT_NOTICE)
def tender_notice(request: HttpRequest, code: str) -> HttpResponse:
    """The guided form of one tender notice for several lots: what is common, and the terms of each."""
    actor, now = request.actor, business_now()
    ready = _ready(actor, code, TENDER)
    typed, timetable = recalculated(request, now)
    chosen = typed.getlist("lots") if typed is not None else [each.code for each in ready]
    initial = timetable.initial() | (initial_of(ready[0]) if ready else {})
    form = TermsTogetherForm(typed, request.FILES or None, ready, chosen, initial)
    first = trading.terms_from_json(ready[0].method if ready else {})
    method, criteria = method_forms(request, first, local_day(now))
    papers, findings = _papers(request, actor, ready)
    form.refuse(findings)

    def draft() -> notices.Notice:
        terms = form.terms(papers, method_terms(method, criteria))
        return trading.draft_tender_notice_together(actor, terms, now)

    return Guide(
        template="hall/tender_notice_together.html",
        edit="recalculate" in request.POST or "add_criteria" in request.POST,
        preview_template="hall/notice_together_preview.html",
        forms={"form": form, "method_form": method, "criteria": criteria},
        preview=lambda: notice_shown(rehearsed(draft)),
        take=lambda: reverse("hall:notice", args=[draft().code]),
        context={
            "project": _project(actor, code),
            "lots": [
                (each, [paper for paper in papers if paper.place == each.lot.code]) for each in form.lots
            ],
            "papers": [each for each in papers if not each.place],
            "clocks": timetable.clocks,
            "now": now,
        },
        tokens=lambda: [each.token for each in papers],
    ).answer(request)


def _project(actor: Actor, code: str) -> Any:
    return trading.lots_for(actor).filter(project__code=code)[0].project


def _papers(request: HttpRequest, actor: Actor, lots: list[Any]) -> tuple[list[Paper], list[Any]]:
    """Papers of this form, common or of one lot; those of an earlier draft to begin with, each at its lot."""
    if request.method == "POST":
        kinds = {"papers": "", **{f"{each.code}-papers": f"{each.code}{KIND_SIGN}" for each in lots}}
        return papers_of(request, actor, DOCUMENT_TYPES, kinds=kinds)
    return [_earlier(actor, lot.code, each) for lot in lots for each in trading.documents_of(lot)], []


def _earlier(actor: Actor, lot: str, document: Any) -> Paper:
    token = token_of(actor, document.sha256, document.name, document.size)
    kind = f"{lot}{KIND_SIGN}"
    return Paper(document.sha256, document.name, document.size, f"{kind}{KIND_SIGN}{token}", kind)


@route(permissions.DRAFT_NOTICE)
def publicity(request: HttpRequest, code: str) -> HttpResponse:
    """One publicity of the shortlisted bidders of several lots."""
    actor, now = request.actor, business_now()
    ready, project = _ready(actor, code, PUBLICITY), _project(actor, code)
    # The lot whose report came first says how late it may begin, and by whose law it is counted.
    first = min(ready, key=lambda each: each.report_received_at or now, default=None)
    received_at = (first.report_received_at if first else None) or now
    on = (first.law_on if first else None) or local_day(now)
    proposal = publicity_from(publicity_start(now, received_at, on), received_at, on)
    initial = {
        "publish_at": proposal.publish_at,
        "publicity_until_on": proposal.until_on,
        "contact": objection_contact(project.tenderee),
    }
    form = PublicityTogetherForm(ready, posted(request), initial=initial)

    def draft() -> notices.Notice:
        typed = form.cleaned_data
        return trading.draft_publicity_together(
            actor, typed["lots"], typed["publish_at"], typed["publicity_until_on"], typed["contact"], now
        )

    title = Words("一并编制中标候选人公示", "One publicity for several lots")
    return _chosen(request, project, ready, form, draft, {"title_words": title, "clocks": proposal.clocks})


@route(permissions.DRAFT_NOTICE)
def result_notice(request: HttpRequest, code: str) -> HttpResponse:
    """One result notice for several awarded lots, filled from the record."""
    title = Words("一并编制中标结果公告", "One result notice for several lots")
    return _from_record(request, code, RESULT, trading.draft_result_notice_together, title)


@route(permissions.DRAFT_NOTICE)
def failure_notice(request: HttpRequest, code: str) -> HttpResponse:
    """One notice that the tenders of several lots failed or were terminated."""
    title = Words("一并编制招标失败（终止）公告", "One notice that tenders failed or were terminated")
    return _from_record(request, code, FAILURE, trading.draft_failure_notice_together, title)


@route(permissions.DRAFT_NOTICE)
def contract_notice(request: HttpRequest, code: str) -> HttpResponse:
    """One notice of the contracts of several lots."""
    title = Words("一并编制合同订立公告", "One contract notice for several lots")
    return _from_record(request, code, CONTRACT, trading.draft_contract_notice_together, title)


def _from_record(
    request: HttpRequest,
    code: str,
    kind: str,
    verb: Callable[[Actor, list[str], datetime], notices.Notice],
    title: Words,
) -> HttpResponse:
    actor, now = request.actor, business_now()
    ready, project = _ready(actor, code, kind), _project(actor, code)
    form = ChosenLots(ready, posted(request))

    def draft() -> notices.Notice:
        return verb(actor, form.cleaned_data["lots"], now)

    return _chosen(request, project, ready, form, draft, {"title_words": title})


def _chosen(
    request: HttpRequest,
    project: Any,
    ready: list[Any],
    form: ChosenLots,
    draft: Callable[[], notices.Notice],
    context: dict[str, Any],
) -> HttpResponse:
    """A notice whose text comes from the record: the lots are chosen, then it is shown, then drafted."""
    return Guide(
        template="hall/notice_together.html",
        preview_template="hall/notice_together_preview.html",
        forms={"form": form},
        preview=lambda: notice_shown(rehearsed(draft)),
        take=lambda: reverse("hall:notice", args=[draft().code]),
        context={"project": project, "ready": ready, "now": business_now(), **context},
    ).answer(request)
