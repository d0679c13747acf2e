"""Questions about the documents, and the clarifications that answer them."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import posted, route, say
from yiwang.doors.hall.edge import Guide, language, new_key, rehearsed, render, visible_lot
from yiwang.doors.hall.forms.asking import NO, YES, ClarificationForm, QuestionForm
from yiwang.doors.hall.papers import papers_of
from yiwang.doors.hall.proposals import deadline_after, deadline_anew, next_office_hour
from yiwang.doors.hall.sharing import announced_with
from yiwang.doors.hall.views.bidding import download
from yiwang.law import api as law
from yiwang.pure.kernel.actors import Actor
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now, once


@route(permissions.ASK)
def ask(request: HttpRequest, code: str) -> HttpResponse:
    """Asks about the documents of a lot; the page says that nobody learns who did."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = QuestionForm(posted(request), request.FILES or None, initial={"key": new_key()})
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    named = [(paper.sha256, paper.name) for paper in papers]

    def send() -> dict[str, str]:
        return {"question": trading.ask(actor, code, form.cleaned_data["text"], named, now).code}

    def take() -> str:
        asked = {"lot": code, "text": form.cleaned_data["text"], "papers": [sha256 for sha256, _ in named]}
        once(form.cleaned_data["key"], actor, asked, send)
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/ask.html",
        preview_template="hall/ask_preview.html",
        forms={"form": form},
        preview=lambda: {**rehearsed(send), "text": form.cleaned_data["text"]},
        take=take,
        context={"lot": lot, "papers": papers, "now": now},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


@route(permissions.READ_LOT)
@require_GET
def question_paper(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A paper of a question, under a name that does not tell who sent it."""
    try:
        paper = trading.question_paper(request.actor, code, sha256)
    except trading.UnknownProject as error:
        raise Http404(code) from error
    return download(paper.sha256, paper.name)


@route(permissions.DRAFT_NOTICE)
def clarify(request: HttpRequest, code: str) -> HttpResponse:
    """Drafts a clarification or amendment; the earliest lawful deadline is proposed where it has to move (W04)."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    if lot.deadline_at is None or lot.law_on is None:
        return render(request, "hall/clarify_closed.html", {"lot": lot, "now": now})
    publish_at = next_office_hour(now)
    limit = "W05" if lot.stage == "applying" else "W04"
    amending = lot.postponed_at is None or trading.amendment_due(lot)
    moved = (
        deadline_after(publish_at, lot.deadline_at, lot.law_on, limit)
        if amending
        else deadline_anew(publish_at, lot.deadline_at)
    )
    questions = trading.questions_of(actor, lot)
    initial = _initial(publish_at, moved, questions, amending)
    others = [(each, trading.questions_of(actor, each)) for each in _others(actor, lot)]
    form = ClarificationForm(questions, others, posted(request), request.FILES or None, initial=initial)
    if lot.phase:
        form.about_prequalification()
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])

    def draft() -> notices.Notice:
        new, lots = form.clarification([(paper.sha256, paper.name) for paper in papers]), form.lots(code)
        if len(lots) > 1:
            return trading.draft_clarification_together(actor, lots, new, now)
        return trading.draft_clarification(actor, code, new, now)

    def preview() -> dict[str, Any]:
        notice = rehearsed(draft)
        return {
            "title": notice.title,
            "rows": notices.detailed_rows(notice, language()),
            "moved_at": form.cleaned_data["deadline_at"],
        }

    return Guide(
        template="hall/clarify.html",
        preview_template="hall/clarify_preview.html",
        forms={"form": form},
        preview=preview,
        take=lambda: reverse("hall:notice", args=[draft().code]),
        context={
            "lot": lot,
            "papers": papers,
            "questions": [each for each in questions if not each.answered_in],
            "clocks": (law.clock(limit, moved or lot.deadline_at, on=lot.law_on),),
            "now": now,
        },
        names={"text": "content"},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _others(actor: Actor, lot: Any) -> list[Any]:
    """The lots that can share a clarification: those of the same tender notice."""
    return [] if lot.phase else announced_with(actor, lot)


def _initial(
    publish_at: datetime,
    moved: datetime | None,
    questions: tuple[trading.QuestionLine, ...],
    amending: bool,
) -> dict[str, Any]:
    return {
        "publish_at": publish_at,
        "deadline_at": moved,
        "affects_bids": YES if amending else NO,
        "answers": [each.code for each in questions if not each.answered_in],
    }
