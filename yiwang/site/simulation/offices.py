"""Life in the offices of the city: who is in charge of what, who is away, what was read, which lists are kept."""

from __future__ import annotations

from datetime import timedelta

from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.doors.hall import api as hall
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import local_day
from yiwang.site.simulation.script import World

READ_AFTER = timedelta(days=12)
VIEWS = {
    "centre": (("七日内到期", "due=7&standing=live"), ("等待开标评标", "stage=opened")),
    "supervisor": (("超期标段", "due=overdue"), ("暂停标段", "standing=suspended")),
    "tenderee": (("我负责的", "standing=live&whose=mine"),),
    "agency": (("三日内到期", "due=3"),),
}


def settle_offices(world: World) -> None:
    """Divides the work of the city as it stands at ``world.now``: every third lot is left to nobody."""
    _miss_an_administrator(world)
    for people in (*world.tenderees, tuple(world.centre[:3])):
        _divide(people, world)
    for people in (*world.tenderees[:2], tuple(world.centre[:3])):
        _leave(people, world)
    for person in (*(each[0] for each in world.tenderees), *world.agencies, *world.bidders):
        old = trading.messages_for(person).filter(told_at__lte=world.now - READ_AFTER)
        trading.mark_messages_read(person, world.now, old)
    first = [world.centre[0], world.supervisors[0], world.tenderees[0][0], world.agencies[0]]
    for person in first:
        for name, query in VIEWS[person.role]:
            hall.save_view(person, "lots", name, query, world.now)


def _divide(people: tuple[Actor, ...], world: World) -> None:
    lots = trading.lots_for(people[0]).filter(stage__in=trading.LIVE).order_by("code")
    codes = list(lots.values_list("code", flat=True))
    for number, person in enumerate(people[:2]):
        mine = codes[number::3]
        if mine:
            trading.give_lots(people[0], mine, person.person, world.now)


def _leave(people: tuple[Actor, ...], world: World) -> None:
    """The second of an office is away for a week, the first stands in."""
    today = local_day(world.now)
    trading.note_absence(people[1], people[0].person, today, today + timedelta(days=6), world.now)


def _miss_an_administrator(world: World) -> None:
    """One organisation's administrator cannot be reached: the centre asks for a new one, and nobody has decided yet."""
    body = world.tenderees[-1][0].organisation
    others = [each for each in identity.colleagues(body) if not each.administrator]
    if others:
        reason = "原管理员已离职，单位出具加盖公章的申请。"
        identity.ask_administrator(world.centre[0], body, others[0].username, reason, at=world.now)
