"""Projects and lots: the list, the registration, the page of a lot."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.identity.api import organisation, person_names
from yiwang.common.notices import api as notices
from yiwang.common.shell.api import NEXT, NOW, posted, route
from yiwang.doors.hall.beside import besides
from yiwang.doors.hall.dialogue import dialogue_of
from yiwang.doors.hall.edge import Guide, new_key, render, sees_everything, visible_lot
from yiwang.doors.hall.forms.projects import LotForms, ProjectForm
from yiwang.doors.hall.links import tasks
from yiwang.doors.hall.offers import downloads, may_read_letter
from yiwang.doors.hall.progress import is_awaited, stages
from yiwang.doors.hall.sharing import shared_bids, shared_notices
from yiwang.doors.hall.standing import changed_terms, marked
from yiwang.doors.hall.timelines import entries_of
from yiwang.doors.hall.views.committee import may_read_report
from yiwang.doors.hall.waiting import waits
from yiwang.pure.kernel.actors import BIDDER, CENTRE, SUPERVISOR, TENDEREE, Actor
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now, once

FINAL = ("archived", "terminated", "failed")
MAY_REJECT_ALL = ("evaluating",)
TERMINABLE = (
    "registered",
    "pq-announcing",
    "applying",
    "reviewing",
    "prequalified",
    "announcing",
    "bidding",
    "closed",
    "opened",
    "evaluating",
    "reported",
    "publicity",
    "publicity-ended",
)


@route(permissions.REGISTER_PROJECT)
def register(request: HttpRequest) -> HttpResponse:
    """Registers a project with one lot or several."""
    actor = request.actor
    now = business_now()
    typed = _with_another_lot(request)
    form = ProjectForm(actor, typed, initial={"key": new_key()})
    lots = LotForms(typed, prefix="lots")

    def project() -> trading.NewProject:
        return form.project([each.lot() for each in lots if each.cleaned_data])

    def preview() -> dict[str, Any]:
        new = project()
        return {
            "project": new,
            "tenderee": _name(new.tenderee),
            "agency": _name(new.agency),
            "region": Words(*REGIONS[new.region]),
        }

    def take() -> str:
        new = project()
        done = once(
            form.cleaned_data["key"],
            actor,
            _as_json(new),
            lambda: {"project": trading.register_project(actor, new, now).code},
        )
        return reverse("hall:project", args=[done["project"]])

    return Guide(
        template="hall/register.html",
        edit="add_lot" in request.POST,
        preview_template="hall/register_preview.html",
        forms={"form": form, "lots": lots},
        preview=preview,
        take=take,
    ).answer(request)


def _with_another_lot(request: HttpRequest) -> Any:
    """What was typed; with one more empty lot where that was asked for (works without JavaScript)."""
    sent = posted(request)
    if sent is None:
        return None
    typed = sent.copy()
    if "add_lot" in typed:
        count = typed.get("lots-TOTAL_FORMS", "1")
        typed["lots-TOTAL_FORMS"] = str(min(int(count) + 1, 50) if count.isdigit() else 1)
    return typed


def _name(code: str) -> str:
    return organisation(code).name if code else ""


def _as_json(new: trading.NewProject) -> dict[str, Any]:
    return {
        "name": new.name,
        "tenderee": new.tenderee,
        "agency": new.agency,
        "region": new.region,
        "funds": new.funds,
        "approval": new.approval,
        "state_funded": new.state_funded,
        "lots": [[each.name, each.content, each.estimate_fen, each.period_days] for each in new.lots],
    }


def _session(actor: Actor, code: str) -> int:
    """How many lots the actor may open together; 0 where it is not more than one."""
    count = len(trading.lots_of_session(code)) if permissions.OPEN_BIDS.allows(actor) else 0
    return count if count > 1 else 0


def _together(actor: Actor, code: str) -> int:
    """How many lots of the project a bidder may take the documents of at once; 0 where it is not more than one."""
    if not permissions.TAKE_DOCUMENTS.allows(actor):
        return 0
    count = trading.lots_for(actor).filter(project__code=code, stage="bidding").count()
    return count if count > 1 else 0


@route(permissions.READ_LOT)
@require_GET
def project(request: HttpRequest, code: str) -> HttpResponse:
    """A project with its lots and what comes next for each."""
    actor, now = request.actor, business_now()
    mine = trading.lots_for(actor).filter(project__code=code).first()
    if mine is None:
        visible_lot(actor, code)
    page = trading.project_page(code, everything=sees_everything(actor))
    of_project = trading.lots_for(actor).filter(project__code=code)
    todos = tasks(trading.todos(actor, now, of_project), now)
    return render(
        request,
        "hall/project.html",
        {
            "project": page,
            "tasks": todos,
            "now": now,
            "session": _session(actor, code),
            "together": _together(actor, code),
            "sharing": shared_notices(actor, code),
            "bids": shared_bids(actor, code, now),
            "may_archive": permissions.EXPORT_ARCHIVE.allows(actor),
        },
    )


@route(permissions.READ_LOT)
@require_GET
def lot(request: HttpRequest, code: str) -> HttpResponse:
    """Everything about a lot that the actor may see, and what may be done now or later."""
    actor, now = request.actor, business_now()
    stored = visible_lot(actor, code)
    trading.note_reading(actor, code, "lot page", now)
    page = trading.lot_page(stored, everything=sees_everything(actor))
    todos = trading.todos(actor, now, trading.lots_for(actor).filter(code=code))
    of_lot = notices.notices(about=stored.ref)
    ready = tasks([each for each in todos if each.waiting is None], now)
    beside_tasks = {each.todo.clock.limit.id for each in ready if each.todo.clock}
    standing_order, ran_on = trading.orders_beside(stored, page, now)
    own, line = _own_bid(actor, stored), stages(page)
    context = {
        "now": now,
        "lot": page,
        "project": stored.project,
        "parties": trading.project_page(stored.project.code, everything=False),
        "ready": ready,
        "later": [each for each in todos if each.waiting is not None],
        "standing_order": standing_order,
        "ran_on": ran_on,
        "waits": waits(actor, page, [each for each in of_lot if each.status not in ("published", "dropped")]),
        "notices": marked(_shown_notices(actor, of_lot)),
        "changed": changed_terms(page),
        "documents": trading.documents_of(stored),
        "stages": line,
        "here": next((each for each in line if each.state == NOW), None),
        "after": next((each for each in line if each.state == NEXT), None),
        "running": [
            each for each in page.clocks if is_awaited(each, now) and each.limit.id not in beside_tasks
        ],
        "passed": [each for each in page.clocks if not is_awaited(each, now)],
        "dialogue": dialogue_of(actor, stored, of_lot, now) if stored.law_on else None,
        "decided": sees_everything(actor) or any(row.status for row in page.records),
        "own": own,
        "own_at": own.received_at if own else None,
        "terms_public": trading.terms_public(stored) or sees_everything(actor),
        "own_application": trading.own_application(stored, actor.organisation)
        if actor.role == BIDDER
        else None,
        "timeline": entries_of(stored.project.ref, stored.ref),
        "besides": besides(actor, stored, page, now),
        "papers_for": code if sees_everything(actor) else "",
        "may_terminate": actor.role == TENDEREE and page.stage in TERMINABLE,
        "may_reject_all": actor.role == CENTRE
        and page.stage in MAY_REJECT_ALL
        and not trading.is_online(stored),
        "may_export": permissions.EXPORT_TIMELINE.allows(actor),
        "may_read_letter": may_read_letter(actor, page),
        "may_divide": permissions.DIVIDE_WORK.allows(actor),
        "charge_name": _charge_name(actor, stored),
        "may_read_report": stored.report_received_at is not None and may_read_report(actor, stored),
        "rounds": trading.rounds_for(actor, stored),
        "downloads": downloads(actor, page),
        "signs": trading.sign_lines(actor, stored) if actor.role == SUPERVISOR and page.records else (),
    }
    return render(request, "hall/lot.html", context)


def _charge_name(actor: Actor, stored: Any) -> str:
    """The name of who is in charge of a lot in the actor's own organisation."""
    code = trading.person_in_charge(actor, stored) if permissions.DIVIDE_WORK.allows(actor) else ""
    return person_names([code]).get(code, "") if code else ""


def _shown_notices(actor: Actor, of_lot: list[notices.Notice]) -> list[notices.Notice]:
    if sees_everything(actor):
        return [each for each in of_lot if each.status != "dropped"]
    return [each for each in of_lot if each.status == "published"]


def _own_bid(actor: Actor, stored: Any) -> trading.Receipt | None:
    if actor.role != BIDDER:
        return None
    envelope = trading.own_envelope(stored, actor.organisation)
    return trading.receipt_of(envelope) if envelope is not None else None
