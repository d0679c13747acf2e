"""How the experts of a committee that sits online are chosen: planned before the opening, drawn after it, called in order."""

from __future__ import annotations

from collections.abc import Generator
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from yiwang.common.identity import api as identity
from yiwang.pure.kernel.actors import EXPERT, Actor
from yiwang.site.simulation import plans

if TYPE_CHECKING:
    from yiwang.business.trading import api as trading
    from yiwang.site.simulation.script import Tender
else:
    from yiwang.site.simulation.line import trading  # the same verbs, over a line that may be troubled

WANTED = (
    trading.Wanted(kind="technical", specialty="房屋建筑", count=3),
    trading.Wanted(kind="economic", specialty="工程造价", count=1),
)


def plan(tender: Tender) -> None:
    """The tenderee's side plans the draw; a plan for a committee that is too small is refused."""
    world, code = tender.world, tender.code
    named = [each.person for each in identity.experts() if each.kind == "representative"]
    with world.refused("W16"):
        trading.plan_expert_draw(tender.drafter, code, WANTED[:1], named, world.now)
    trading.plan_expert_draw(tender.drafter, code, WANTED, named, world.now)


def choose(tender: Tender) -> Generator[datetime, None, None]:
    """Drawn after the opening; one declines, one cannot be reached, the next in the order come; then the committee sits.

    In some plans it is the visitor who draws, or who answers a call.
    """
    world, code, centre = tender.world, tender.code, tender.world.centre[1]
    if not trading.panel_page(centre, trading.find_lot(code)).draws:
        plan(tender)  # its instant fell behind the opening
    if tender.plan.stop == plans.DRAW_PLANNED:
        return
    trading.hold_expert_draw(centre, code, world.now)
    with world.refused("W16"):
        trading.seat_drawn_experts(centre, code, world.now)
    yield world.now + timedelta(minutes=8)
    for number in range(12):
        waiting = _waiting(tender)
        if not waiting:
            break
        who, ticket = waiting[0]
        if number == 0:
            trading.answer_call(who, ticket, False, "time", "当日在外地评标", world.now)
        elif number == 2:
            trading.note_unreached(centre, ticket, "两个号码各拨打三次，均无人接听", world.now)
        elif tender.plan.stop == plans.DRAWN and len(waiting) < 3:
            return
        else:
            trading.answer_call(who, ticket, True, "", "", world.now)
        yield world.now + timedelta(minutes=3)
    trading.seat_drawn_experts(centre, code, world.now)


def _waiting(tender: Tender) -> list[tuple[Actor, str]]:
    """Who was called and has not answered, with the ticket."""
    people = [Actor(each.person, "", EXPERT) for each in identity.experts() if each.kind != "representative"]
    found = [(each, call) for each in people for call in trading.calls_to(each)]
    return sorted(
        ((each, call.code) for each, call in found if call.open and call.lot == tender.code),
        key=lambda pair: pair[1],
    )
