"""Which lots of a project are ready for the same notice: those that can share one."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.business.trading.models import Lot
from yiwang.business.trading.queries import lots_for
from yiwang.business.trading.services.announcing import PUBLICITY, RESULT, RESULT_STAGES, TENDER
from yiwang.business.trading.surroundings import surroundings_of
from yiwang.pure.kernel.actors import Actor


def lots_ready(actor: Actor, project: str) -> Mapping[str, list[Lot]]:
    """The lots of a project that wait for a tender notice, a publicity, a result notice, by the form of the notice."""
    stages = {"registered": TENDER, "reported": PUBLICITY, **dict.fromkeys(RESULT_STAGES, RESULT)}
    lots = list(lots_for(actor).filter(project__code=project, stage__in=stages).order_by("code"))
    ready: dict[str, list[Lot]] = {TENDER: [], PUBLICITY: [], RESULT: []}
    around = surroundings_of(lots)
    for lot in lots:
        form = stages[lot.stage]
        if form == TENDER or form not in around.drafted(lot):
            ready[form].append(lot)
    return ready
