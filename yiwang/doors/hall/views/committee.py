"""Pages of a committee that sits online, for the centre, the tenderee and the bidders: progress, never scores."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import Guide, confirmed, note_warnings, rehearsed, render, visible_lot
from yiwang.doors.hall.forms.choosing import ElsewhereForm
from yiwang.doors.hall.forms.evaluating import ReportForm
from yiwang.doors.hall.forms.sitting import (
    AcceptanceForm,
    ExtensionForm,
    PaperReplacementForm,
    RefusalForm,
    ReplacementForm,
)
from yiwang.doors.hall.proposals import next_half_hour
from yiwang.pure.kernel.actors import AGENCY, CENTRE, EXPERT, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.findings import Finding
from yiwang.record.journal.api import business_now


@route(permissions.EVALUATE)
def end_review(request: HttpRequest, code: str) -> HttpResponse:
    """The preliminary review ends: what stands is at its price."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = trading.opening_rows(lot, everything=True)

    return confirmed(
        request,
        "hall/end_review.html",
        {"lot": lot, "rows": rows, "now": now},
        lambda: trading.end_review(actor, code, now),
        lambda _: reverse("hall:evaluation", args=[code]),
    )


@route(permissions.EVALUATE)
def replace_member(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """Another person takes a seat; what was done from it is void, on paper all that was entered."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    member = lot.committee.filter(number=number, replaced_at=None).first()
    if member is None:
        raise Http404(str(number))
    panel = trading.panel_page(actor, lot)
    form = _follower_form(request, lot, member, panel)
    where = ElsewhereForm(posted(request))

    def replace() -> str:
        why, (person, on_paper) = form.cleaned_data["why"], form.newcomer(member.kind)
        trading.replace_member(actor, code, number, why, person, now, where.elsewhere(), on_paper)
        return reverse("hall:evaluation", args=[code])

    return Guide(
        template="hall/replace_member.html",
        preview_template="hall/replace_member_preview.html",
        forms={"form": form, "where": where},
        preview=lambda: {
            "url": rehearsed(replace),
            "new": form.shown,
            "told_apart": form.cleaned_data.get("told_apart"),
            "cause": dict(form.fields["why"].choices)[form.cleaned_data["why"]],
        },
        take=replace,
        context={"lot": lot, "member": member, "panel": panel, "now": now},
        names={"members": "person" if member.person else "name"},
    ).answer(request)


def _follower_form(request: HttpRequest, lot: Any, member: Any, panel: Any) -> Any:
    """Who follows: by a login, of a drawn committee by one of those who accepted; on paper somebody written down."""
    if not member.person:
        return PaperReplacementForm(posted(request), namesakes=True)
    seated = lot.committee.values_list("person", flat=True)
    return ReplacementForm(seated, posted(request), drawn=panel.accepted if panel.held else None)


@route(permissions.EVALUATE)
def deem_signed(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A member neither signs nor explains: noted, and taken to agree."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    member = lot.committee.filter(number=number, replaced_at=None).first()
    if member is None:
        raise Http404(str(number))
    form = RefusalForm(posted(request))

    def deem() -> str:
        trading.deem_signed(actor, code, number, form.cleaned_data["text"], now)
        return reverse("hall:evaluation", args=[code])

    return Guide(
        template="hall/deem_signed.html",
        preview_template="hall/deem_signed_preview.html",
        forms={"form": form},
        preview=lambda: {"url": rehearsed(deem)},
        take=deem,
        context={"lot": lot, "member": member, "now": now},
    ).answer(request)


@route(permissions.EVALUATE)
def draw_up(request: HttpRequest, code: str) -> HttpResponse:
    """The report is drawn up for the members to sign; the order is that of the calculation."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    rows = {row.bidder: row for row in trading.opening_rows(lot, everything=True)}
    made = trading.calculation_now(lot, scored_only=False)
    placed = made.order if made is not None else ()
    ordered = [rows[each.bidder] for each in placed]
    proposed = dict(zip(("first", "second", "third"), (each.bidder for each in placed), strict=False))
    form = ReportForm(ordered, posted(request), initial=proposed)

    def draw() -> Any:
        return trading.draw_up_report(actor, code, form.ranking(), form.cleaned_data["tie_break"], now)

    def take() -> str:
        draw()
        return reverse("hall:evaluation", args=[code])

    def preview() -> dict[str, Any]:
        rehearsed(draw)
        return {"ranked": [rows[each] for each in form.ranking()]}

    return Guide(
        template="hall/draw_up.html",
        preview_template="hall/draw_up_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={"lot": lot, "placed": placed, "calculation": made, "now": now},
        names={"ranking": "first"},
    ).answer(request)


@route(permissions.EVALUATE)
def hand_in_report(request: HttpRequest, code: str) -> HttpResponse:
    """The signed report goes to the tenderee."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    def received(warnings: tuple[Finding, ...]) -> str:
        note_warnings(request, warnings)
        return reverse("hall:lot", args=[code])

    return confirmed(
        request,
        "hall/hand_in_report.html",
        {"lot": lot, "report": trading.evaluation_report_of(lot), "now": now},
        lambda: trading.receive_report(actor, code, [], "", now),
        received,
    )


def may_read_report(actor: Actor, lot: Any) -> bool:
    """The centre, the supervisor and the members; the tenderee's side once it was handed in (招标投标法 40)."""
    if actor.role in (CENTRE, SUPERVISOR, EXPERT):
        return True
    return actor.role in (TENDEREE, AGENCY) and lot.report_received_at is not None


@route(permissions.READ_LOT)
@require_GET
def evaluation_report(request: HttpRequest, code: str) -> HttpResponse:
    """The evaluation report as it stands."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    if not may_read_report(actor, lot) or not lot.committee.exists():
        raise Http404(code)
    page = trading.sitting_page(actor, code)
    if lot.report_received_at is None and not page.all_in and page.scores:
        raise Http404(code)
    trading.note_reading(actor, code, "evaluation report", now)
    report = trading.evaluation_report_of(lot)
    names_told = actor.role in (CENTRE, SUPERVISOR) or lot.report_received_at is not None
    context = {"lot": lot, "report": report, "names_told": names_told, "now": now}
    context["checks_names"] = actor.role in (CENTRE, SUPERVISOR)
    context["rounds"] = trading.rounds_for(actor, lot)
    return render(request, "hall/evaluation_report.html", context)


@route(permissions.READ_LOT)
@require_GET
def earlier_round(request: HttpRequest, code: str, number: int) -> HttpResponse:
    """A round of the evaluation that was undone: its report and its sheets, as they were then."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    shown = next((each for each in trading.rounds_for(actor, lot) if each.number == number), None)
    if shown is None:
        raise Http404(str(number))
    trading.note_reading(actor, code, "evaluation report", now)
    names_told = actor.role != EXPERT or lot.report_received_at is not None
    context = {"lot": lot, "round": shown, "report": shown.report, "names_told": names_told, "now": now}
    return render(request, "hall/earlier_round.html", context)


@route(permissions.ANSWER)
def extend_time(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee extends the time of the evaluation."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = ExtensionForm(posted(request), initial={"until_at": next_half_hour(now)})

    def extend() -> str:
        trading.extend_time(actor, code, form.cleaned_data["until_at"], now)
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/extend_time.html",
        preview_template="hall/extend_time_preview.html",
        forms={"form": form},
        preview=lambda: {"url": rehearsed(extend), "until_at": form.cleaned_data["until_at"]},
        take=extend,
        context={"lot": lot, "now": now},
    ).answer(request)


@route(permissions.BID)
def answer_committee(request: HttpRequest, code: str) -> HttpResponse:
    """A bidder answers what the committee asked in writing."""
    actor, now = request.actor, business_now()
    inquiry = next((each for each in trading.inquiries_to(actor) if each.code == code), None)
    if inquiry is None:
        raise Http404(code)
    lot = visible_lot(actor, inquiry.lot)
    form = AcceptanceForm(inquiry.unclear == "arithmetic", posted(request))

    def answer() -> str:
        trading.answer_committee(actor, code, form.cleaned_data["text"], form.acceptance, now)
        return reverse("hall:lot", args=[lot.code])

    return Guide(
        template="hall/answer_committee.html",
        preview_template="hall/answer_committee_preview.html",
        forms={"form": form},
        preview=lambda: {"url": rehearsed(answer)},
        take=answer,
        context={"lot": lot, "inquiry": inquiry, "now": now},
    ).answer(request)
