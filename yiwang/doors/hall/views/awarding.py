"""Award, contract, archive; termination and re-tender."""

from __future__ import annotations

import json
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import Guide, confirmed, new_key, note_warnings, rehearsed, render, visible_lot
from yiwang.doors.hall.forms.awarding import AwardForm, ContractForm, EndingForm
from yiwang.doors.hall.views.passing import left_of
from yiwang.doors.hall.views.projects import may_read_letter
from yiwang.pure.kernel.days import from_iso, local_day
from yiwang.record.files import api as files
from yiwang.record.journal.api import business_now, once, timeline


def _letter(sha256: str) -> dict[str, Any]:
    """The award letter as stored: canonical JSON, with the instant read back."""
    with files.open_document(sha256) as stream:
        letter: dict[str, Any] = json.load(stream)
    return {**letter, "sent_at": from_iso(letter["sent_at"])}


@route(permissions.AWARD)
def award(request: HttpRequest, code: str) -> HttpResponse:
    """Decides the award; shows the letter and who else is told, and asks once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    page = trading.lot_page(lot, everything=True)
    ranked = left_of(lot)
    initial = {"key": new_key(), "bidder": ranked[0].bidder if ranked else ""}
    form = AwardForm(ranked, posted(request), initial=initial)

    def decide() -> dict[str, Any]:
        decided = trading.award(actor, code, form.cleaned_data["bidder"], now)
        return {"letter_number": decided.letter_number, "letter_sha256": decided.letter}

    def decide_and_read() -> dict[str, Any]:
        decided = decide()
        return {**decided, "letter": _letter(decided["letter_sha256"])}

    def preview() -> dict[str, Any]:
        others = [row for row in page.records if row.bidder != form.cleaned_data["bidder"]]
        return {**rehearsed(decide_and_read), "others": others}

    def take() -> str:
        asked = {"lot": code, "bidder": form.cleaned_data["bidder"]}
        once(form.cleaned_data["key"], actor, asked, decide)
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/award.html",
        preview_template="hall/award_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={"lot": lot, "page": page, "ranked": ranked, "now": now},
    ).answer(request)


@route(permissions.READ_LOT)
@require_GET
def letter(request: HttpRequest, code: str) -> HttpResponse:
    """The award letter, to print."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    page = trading.lot_page(lot, everything=True)
    letters = [each for each in timeline(lot.ref) if each.kind == "award-decided"]
    decided = letters[-1] if letters else None  # an earlier one was withdrawn
    if decided is None or not may_read_letter(actor, page):
        raise Http404(code)
    sha256 = decided.documents[0]
    trading.note_reading(actor, code, "award letter", now)
    return render(
        request, "hall/letter.html", {"lot": lot, "letter": _letter(sha256), "sha256": sha256, "now": now}
    )


@route(permissions.CONTRACT)
def contract(request: HttpRequest, code: str) -> HttpResponse:
    """Enters the written contract."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    page = trading.lot_page(lot, everything=True)
    initial = {"signed_on": local_day(now), "bond": 0}
    if page.winner is not None:
        initial["amount"] = page.winner.price_fen
    form = ContractForm(posted(request), initial=initial)

    def sign() -> Any:
        typed = form.cleaned_data
        return trading.sign_contract(
            actor, code, typed["number"], typed["amount"], typed["bond"], typed["signed_on"], now
        )

    def preview() -> dict[str, Any]:
        _, warnings = rehearsed(sign)
        return {"typed": form.cleaned_data, "warnings": warnings}

    def take() -> str:
        _, warnings = sign()
        note_warnings(request, warnings)
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/contract.html",
        preview_template="hall/contract_preview.html",
        forms={"form": form},
        preview=preview,
        take=take,
        context={"lot": lot, "page": page, "clocks": page.clocks, "now": now},
    ).answer(request)


@route(permissions.ARCHIVE)
def archive(request: HttpRequest, code: str) -> HttpResponse:
    """Archives a contracted lot, asked once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    return confirmed(
        request,
        "hall/archive.html",
        {"lot": lot, "page": trading.lot_page(lot, everything=True)},
        lambda: trading.archive(actor, code, now),
        lambda _: reverse("hall:lot", args=[code]),
    )


@route(permissions.TERMINATE)
def terminate(request: HttpRequest, code: str) -> HttpResponse:
    """The tenderee ends the tender, or annuls unlawful documents: the reason, then asked once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    form = EndingForm(lot.law_on is not None, posted(request))

    def preview() -> dict[str, Any]:
        annuls = form.cleaned_data.get("ending") == EndingForm.UNLAWFUL
        return {
            "url": rehearsed(end),
            "reason": form.cleaned_data["reason"],
            "annuls": annuls,
            "moot": trading.orders_made_moot(actor, lot, "annul-documents" if annuls else "terminate"),
        }

    def end() -> str:
        annuls = form.cleaned_data.get("ending") == EndingForm.UNLAWFUL
        verb = trading.annul_documents if annuls else trading.terminate
        verb(actor, code, form.cleaned_data["reason"], now)
        return reverse("hall:lot", args=[code])

    return Guide(
        template="hall/terminate.html",
        preview_template="hall/terminate_preview.html",
        forms={"form": form},
        preview=preview,
        take=end,
        context={"lot": lot, "now": now},
    ).answer(request)


@route(permissions.RETENDER)
def retender(request: HttpRequest, code: str) -> HttpResponse:
    """A new lot in place of one that failed, asked once."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)

    page = trading.lot_page(lot, everything=True)
    return confirmed(
        request,
        "hall/retender.html",
        {"lot": lot, "page": page, "may_forgo": permissions.TERMINATE.allows(actor)},
        lambda: trading.retender(actor, code, now),
        lambda made: reverse("hall:lot", args=[made.code]),
    )
