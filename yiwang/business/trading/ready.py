"""Which lots of a project are ready for the same notice: those that can share one."""

from __future__ import annotations

from collections.abc import Mapping

from yiwang.business.trading.models import Lot
from yiwang.business.trading.queries import lots_for
from yiwang.business.trading.services.announcing import FAILURE, FROM_RECORD, PUBLICITY, TENDER
from yiwang.business.trading.surroundings import surroundings_of
from yiwang.pure.kernel.actors import Actor

WAITING: Mapping[str, tuple[str, ...]] = {
    TENDER: ("registered",),
    PUBLICITY: ("reported",),
    **{form: kind.stages for form, kind in FROM_RECORD.items()},
}


def lots_ready(actor: Actor, project: str) -> Mapping[str, list[Lot]]:
    """The lots of a project that wait for a notice which several can share, by the form of the notice.

    A lot that ended before anybody heard of it waits for no notice of its end.
    """
    stages = {stage for each in WAITING.values() for stage in each}
    lots = list(lots_for(actor).filter(project__code=project, stage__in=stages).order_by("code"))
    around = surroundings_of(lots)
    return {
        form: [
            lot
            for lot in lots
            if lot.stage in waiting
            and (form == TENDER or form not in around.drafted(lot))
            and not (form == FAILURE and lot.law_on is None)
        ]
        for form, waiting in WAITING.items()
    }
