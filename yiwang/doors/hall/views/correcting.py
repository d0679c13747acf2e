"""Corrections of published notices, and postponements of the deadline."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import posted, route
from yiwang.doors.hall.edge import Guide, language, rehearsed, visible_lot
from yiwang.doors.hall.forms.asking import NO, YES
from yiwang.doors.hall.forms.correcting import CorrectionForm, PostponementForm
from yiwang.doors.hall.proposals import deadline_anew, next_office_hour
from yiwang.doors.hall.sharing import announced_with, sharing_lots
from yiwang.record.journal.api import business_now


def _previewed(notice: notices.Notice) -> dict[str, Any]:
    return {"title": notice.title, "rows": notices.detailed_rows(notice, language())}


@route(permissions.DRAFT_NOTICE)
def correct(request: HttpRequest, code: str) -> HttpResponse:
    """Drafts a correction of a published notice of the lot."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    published = notices.notices(about=lot.ref, status=notices.PUBLISHED)
    initial = {"original": request.GET.get("original", ""), "affects_bids": NO}
    form = CorrectionForm(published, sharing_lots(actor, lot, published), posted(request), initial=initial)

    def draft() -> notices.Notice:
        typed = form.cleaned_data
        lots = form.lots(code)
        said = (
            typed["original"],
            typed["content"],
            typed["affects_bids"] == YES,
            now,
            typed["opening_place"],
        )
        if len(lots) > 1:
            return trading.draft_correction_together(actor, lots, *said)
        return trading.draft_correction(actor, code, *said)

    return Guide(
        template="hall/correct.html",
        preview_template="hall/notice_preview.html",
        forms={"form": form},
        preview=lambda: _previewed(rehearsed(draft)),
        take=lambda: reverse("hall:notice", args=[draft().code]),
        context={"lot": lot, "published": published, "now": now},
    ).answer(request)


@route(permissions.DRAFT_NOTICE)
def postpone(request: HttpRequest, code: str) -> HttpResponse:
    """Drafts the notice that puts the deadline off."""
    actor, now = request.actor, business_now()
    lot = visible_lot(actor, code)
    publish_at = next_office_hour(now)
    moved = deadline_anew(max(publish_at, lot.deadline_at), lot.deadline_at) if lot.deadline_at else None
    others = [] if lot.phase else announced_with(actor, lot)
    form = PostponementForm(others, posted(request), initial={"publish_at": publish_at, "deadline_at": moved})
    if lot.phase:
        form.about_prequalification()

    def draft() -> notices.Notice:
        typed, lots = form.cleaned_data, form.lots(code)
        if len(lots) > 1:
            return trading.draft_postponement_together(
                actor, lots, typed["reason"], typed["deadline_at"], typed["publish_at"], now
            )
        return trading.draft_postponement(
            actor, code, typed["reason"], typed["deadline_at"], typed["publish_at"], now
        )

    return Guide(
        template="hall/postpone.html",
        preview_template="hall/notice_preview.html",
        forms={"form": form},
        preview=lambda: _previewed(rehearsed(draft)),
        take=lambda: reverse("hall:notice", args=[draft().code]),
        context={"lot": lot, "now": now},
    ).answer(request)
