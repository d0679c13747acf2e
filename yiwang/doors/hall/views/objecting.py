"""Objections to the tender documents, the opening and the result, and their answers."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, route, say
from yiwang.doors.hall.edge import Guide, new_key, note_warnings, rehearsed, visible_lot
from yiwang.doors.hall.forms.asking import REMEDY_WORDS, YES, AnswerForm, ObjectionForm
from yiwang.doors.hall.papers import papers_of
from yiwang.doors.hall.views.bidding import download
from yiwang.law import api as law
from yiwang.record.files.api import DOCUMENT_TYPES
from yiwang.record.journal.api import business_now, once

DOCUMENTS, OPENING, RESULT = "documents", "opening", "result"


@route(permissions.OBJECT)
def objecting(request: HttpRequest, code: str) -> HttpResponse:
    """Objects to the documents of a lot: what it does to the tender is said before it is done."""
    return _objecting(request, code, DOCUMENTS)


@route(permissions.OBJECT)
def objecting_to_opening(request: HttpRequest, code: str) -> HttpResponse:
    """Objects to the opening, on the spot (W09): words and name go into its public record."""
    return _objecting(request, code, OPENING)


@route(permissions.OBJECT)
def objecting_to_result(request: HttpRequest, code: str) -> HttpResponse:
    """Objects to the result while it is publicised."""
    return _objecting(request, code, RESULT)


def _clock(lot: Any, matter: str) -> law.Clock | None:
    """The period in which the objection has to be raised."""
    if lot.law_on is None:
        return None
    if matter == DOCUMENTS and lot.deadline_at is not None:
        limit = "W06" if lot.stage == "applying" else "W07"
        return law.clock(limit, lot.deadline_at, on=lot.law_on)
    if matter == RESULT and lot.publicity_from_at is not None and lot.stage == "publicity":
        return law.clock("W21", lot.publicity_from_at, on=lot.law_on)
    return None


def _objecting(request: HttpRequest, code: str, matter: str) -> HttpResponse:
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    own = any(each.bidder == actor.organisation for each in trading.opening_rows(lot))
    stands = {RESULT: own, DOCUMENTS: trading.has_taken(lot, actor.organisation)}
    form = ObjectionForm(
        "" if stands.get(matter, True) else matter,
        posted(request),
        request.FILES or None,
        initial={"key": new_key()},
    )
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    named = [(paper.sha256, paper.name) for paper in papers]

    def raised() -> dict[str, str]:
        typed = form.cleaned_data
        if matter == OPENING:
            made = trading.object_to_opening(actor, code, typed["text"], named, now)
        else:
            verb = trading.object_to_result if matter == RESULT else trading.object_to_documents
            made = verb(actor, code, typed["text"], named, now, typed.get("interest", ""))
        return {"objection": made.code}

    def take() -> str:
        asked = {
            "lot": code,
            "matter": matter,
            "text": form.cleaned_data["text"],
            "papers": [sha256 for sha256, _ in named],
        }
        once(form.cleaned_data["key"], actor, asked, raised)
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/object.html",
        preview_template="hall/object_preview.html",
        forms={"form": form},
        preview=lambda: {
            **rehearsed(raised),
            "text": form.cleaned_data["text"],
            "interest": form.cleaned_data.get("interest", ""),
        },
        take=take,
        context={
            "lot": lot,
            "papers": papers,
            "matter": matter,
            "clock": _clock(lot, matter),
            "now": now,
        },
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


@route(permissions.ANSWER)
def answering(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee's side answers an objection; ``code`` is that of the objection."""
    actor, now = request.actor, business_now()
    lot, objection = _visible(actor, code)
    form = AnswerForm(objection.matter, posted(request), request.FILES or None)
    papers, findings = papers_of(request, actor, DOCUMENT_TYPES) if request.method == "POST" else ([], [])
    if findings and form.is_valid():
        form.add_error("papers", [say(each) for each in findings])
    named = [(paper.sha256, paper.name) for paper in papers]

    def answer() -> Any:
        typed, amends = form.cleaned_data, form.cleaned_data.get("amends") == YES
        remedy = form.chosen_remedy()
        return trading.answer_objection(actor, code, typed["text"], named, amends, now, remedy)

    def answered() -> tuple[Any, bool]:
        _, warnings = answer()
        return warnings, bool(trading.promised_remedies(lot))

    def preview() -> dict[str, Any]:
        warnings, undone = rehearsed(answered)
        typed = form.cleaned_data
        return {
            "warnings": warnings,
            "text": typed["text"],
            "amends": typed.get("amends") == YES,
            "remedy": form.remedy_words(),
            **_following(actor, lot, code, form.chosen_remedy(), undone),
        }

    def take() -> str:
        _, warnings = answer()
        note_warnings(request, warnings)
        return reverse("hall:lot", args=[lot.code])

    return Guide(
        template="hall/answer.html",
        preview_template="hall/answer_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={"lot": lot, "objection": objection, "papers": papers, "now": now},
        tokens=lambda: [paper.token for paper in papers],
    ).answer(request)


def _following(actor: Any, lot: Any, code: str, remedy: str, undone: bool) -> dict[str, Any]:
    """What follows from the answer to objection ``code``, with what was promised to others before it.

    ``undone``: after it something that was promised still waits.
    """
    promised = trading.promised_remedies(lot, but=code)
    decides = trading.heaviest_remedy([*promised, remedy])
    return {
        "promised": [REMEDY_WORDS[each] for each in promised],
        "decides": REMEDY_WORDS.get(decides),
        "moot": trading.orders_made_moot(actor, lot, "annul") if decides == "retender" else (),
        "waits": undone and decides == "re-evaluation" and trading.is_ordered_a_new_committee(actor, lot),
        "undone": undone,
    }


def _visible(actor: Any, code: str) -> tuple[Any, trading.ObjectionLine]:
    """The objection with its lot. Http404 where the actor may not read it."""
    try:
        return trading.objection_of(actor, code)
    except trading.UnknownProject as error:
        raise Http404(code) from error


@route(permissions.READ_LOT)
@require_GET
def objection_paper(request: HttpRequest, code: str, sha256: str) -> HttpResponseBase:
    """A paper of an objection or of its answer."""
    try:
        paper = trading.objection_paper(request.actor, code, sha256)
    except trading.UnknownProject as error:
        raise Http404(code) from error
    return download(paper.sha256, paper.name)
