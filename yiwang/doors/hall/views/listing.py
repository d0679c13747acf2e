"""The list of lots: filter, sort, search and page in the address, and Excel."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.views.decorators.http import require_GET

from yiwang.business.trading import api as trading
from yiwang.business.trading.api import permissions
from yiwang.common.shell.api import Choice, Column, listing, route, wants_excel
from yiwang.doors.hall.edge import render
from yiwang.law import api as law
from yiwang.pure.kernel.actors import BIDDER
from yiwang.pure.kernel.codes import REGIONS
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import business_now

WORKS_OPEN = "works-open"


def _columns(stages: dict[str, Words]) -> list[Column]:
    return [
        Column(
            "name",
            Words("标段", "Lot"),
            lambda lot: f"{lot.project.name} · {lot.name}",
            sort="project__name",
            link=lambda lot: reverse("hall:lot", args=[lot.code]),
        ),
        Column("code", Words("编号", "Code"), lambda lot: lot.code, sort="code"),
        Column(
            "region",
            Words("区县", "District"),
            lambda lot: Words(*REGIONS.get(lot.project.region, (lot.project.region, lot.project.region))),
            sort="project__region",
        ),
        Column(
            "stage", Words("阶段", "Stage"), lambda lot: stages.get(lot.stage, Words(lot.stage, lot.stage))
        ),
        Column(
            "estimate",
            Words("估算价", "Estimate"),
            lambda lot: lot.estimate_fen,
            sort="estimate_fen",
            amount=True,
        ),
        Column("deadline", Words("投标截止", "Deadline"), lambda lot: lot.deadline_at, sort="deadline_at"),
        Column(
            "since",
            Words("进入本阶段", "In this stage since"),
            lambda lot: lot.stage_since_at,
            sort="stage_since_at",
        ),
    ]


@route(permissions.READ_LOT)
@require_GET
def lots(request: HttpRequest) -> HttpResponse:
    """The lots that the actor may see; for bidders all that were announced, or those they took part in."""
    actor, now = request.actor, business_now()
    stages = {each.id: each.words for each in law.procedure(WORKS_OPEN, on=local_day(now)).stages}
    mine = actor.role == BIDDER and request.GET.get("mine") == "yes"
    found: Any = trading.my_lots(actor) if mine else trading.lots_for(actor)
    shown = listing(
        request,
        found,
        _columns(stages),
        search=("name", "code", "project__name", "project__code"),
        choices=[
            Choice("stage", Words("阶段", "Stage"), list(stages.items()), "stage"),
            Choice(
                "region",
                Words("区县", "District"),
                [(code, Words(*names)) for code, names in REGIONS.items()],
                "project__region",
            ),
        ],
        order="-since",
        extra={"mine": "yes"} if mine else None,
    )
    if wants_excel(request):
        return shown.excel("lots")
    context = {"listing": shown, "bidder": actor.role == BIDDER, "mine": mine, "now": now}
    return render(request, "hall/lots.html", context)
