"""Papers to take away: notices, opening record, evaluation report, award letter, contract, receipt."""

from __future__ import annotations

from urllib.parse import quote

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.views.decorators.http import require_GET, require_POST

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import download, route
from yiwang.doors.hall.edge import READ_NOTICE, language, sees_everything, visible_lot
from yiwang.doors.hall.offers import MEDIA_TYPES, OFFERS, rendered
from yiwang.doors.hall.views.announcing import visible_notice
from yiwang.pure.papers.api import PDF, pdf, zipped
from yiwang.record.journal.api import business_now


@route(permissions.READ_LOT)
@require_GET
def paper(request: HttpRequest, code: str, paper: str, ending: str) -> HttpResponse:
    """A paper of a lot as PDF, Word or Excel. There is no such page for who may not have it."""
    actor = request.actor
    lot = visible_lot(actor, code)
    offer = OFFERS.get(paper)
    if offer is None or ending not in offer.endings:
        raise Http404(paper)
    if not offer.may(actor, trading.lot_page(lot, everything=sees_everything(actor))):
        raise Http404(paper)
    try:
        content = offer.made(lot, ending, language())
    except trading.NoSuchPaper as error:
        raise Http404(paper) from error
    trading.note_reading(actor, code, f"paper {paper}", business_now())
    return download(content, MEDIA_TYPES[ending], f"{code}-{paper}.{ending}")


@route(READ_NOTICE)
@require_GET
def notice(request: HttpRequest, code: str, ending: str) -> HttpResponse:
    """A notice as PDF or Word, for whoever may see its page."""
    actor = request.actor
    shown, lot = visible_notice(actor, code)
    if ending not in ("pdf", "docx"):
        raise Http404(ending)
    content = rendered(notices.notice_paper(shown, language()), ending)
    trading.note_reading(actor, lot.code, f"notice {code}", business_now())
    return download(content, MEDIA_TYPES[ending], f"{code}.{ending}")


@route(permissions.BID)
@require_GET
def receipt(request: HttpRequest, code: str) -> HttpResponse:
    """The receipt of the standing bid as PDF."""
    lot = visible_lot(request.actor, code)
    envelope = trading.own_envelope(lot, request.actor.organisation)
    if envelope is None:
        raise Http404(code)
    given = trading.receipt_of(envelope)
    content = pdf(trading.receipt_paper(lot, given, language()))
    return download(content, PDF, f"receipt-{given.envelope}.pdf")


@route(permissions.EXPORT_ARCHIVE)
@require_POST
def project_archive(request: HttpRequest, code: str) -> HttpResponseBase:
    """The archive of a project as a zip, made while it is sent. Who took it away is on record."""
    try:
        whole = trading.export_archive(request.actor, code, business_now())
    except trading.UnknownProject as error:
        raise Http404(code) from error
    response = StreamingHttpResponse(zipped(whole), content_type="application/zip")
    response["Content-Disposition"] = f"attachment; filename*=UTF-8''{quote(whole.name)}.zip"
    response["Cache-Control"] = "private, no-store"
    return response
