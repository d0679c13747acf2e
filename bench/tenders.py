"""A rehearsal city for the benches: lots open for bids, and bidders with a session each, all through the verbs.

Only for a process whose environment names the database; loads Django when it is imported.
"""

from __future__ import annotations

import os
import random
import traceback
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")

import django

django.setup()

from django.contrib.auth import get_user_model  # noqa: E402 - models: only after Django is set up
from django.core.management import call_command  # noqa: E402
from django.db import connection  # noqa: E402
from django.test import Client  # noqa: E402

from yiwang.business.trading import api as trading  # noqa: E402
from yiwang.pure.kernel.actors import CENTRE, SUPERVISOR, SYSTEM_ACTOR, Actor  # noqa: E402
from yiwang.pure.kernel.days import local_day, on_day_at  # noqa: E402
from yiwang.record.journal.api import advance_rehearsal, found, work  # noqa: E402
from yiwang.site.readers import DUTIES, READERS  # noqa: E402
from yiwang.site.simulation.city import credit_code  # noqa: E402
from yiwang.site.simulation.people import REGION, Staff, admit, establish_house  # noqa: E402
from yiwang.site.simulation.plans import BIDDING, ENDED, Plan, working_day  # noqa: E402
from yiwang.site.simulation.running import FOUNDED_AT, Run, work_through  # noqa: E402
from yiwang.site.simulation.script import Tender, World  # noqa: E402

APART = timedelta(minutes=1)  # between the deadlines of two lots


@dataclass(frozen=True, slots=True)
class OpenLot:
    """A lot that takes bids until ``deadline_at``."""

    code: str
    deadline_at: datetime


@dataclass(frozen=True, slots=True)
class SeatedBidder:
    """A bidder's person and the cookie of a session in which the person is logged in."""

    actor: Actor
    session: str


@dataclass(frozen=True, slots=True)
class Scene:
    """What a bench acts on; the rehearsal clock stands at ``now``, when all lots are open."""

    lots: tuple[OpenLot, ...]
    bidders: tuple[SeatedBidder, ...]
    now: datetime
    centre: Actor
    host: Actor
    agent: Actor
    supervisor: Actor
    decided: tuple[str, ...] = ()


def prepare(lots: int, bidders: int, decided: int = 0) -> Scene:
    """Founds the database and brings so many lots to bidding, with so many admitted bidders.

    ``decided`` lots more stand at the end of their publicity, to be awarded by ``host``.
    """
    call_command("migrate", verbosity=0)
    found("rehearsal", FOUNDED_AT, centre="压测中心", centre_en="Bench centre", region=REGION)
    rng = random.Random(7)
    house = establish_house(rng, FOUNDED_AT)
    staff = Staff(*house[CENTRE][:2])
    world = World(
        rng,
        FOUNDED_AT,
        centre=house[CENTRE],
        supervisors=house[SUPERVISOR],
        experts=[f"专家{n}" for n in range(9)],
    )
    hosts = admit(staff, credit_code(rng, REGION, True), "压测招标人", REGION, "tenderee", 2, FOUNDED_AT)
    agents = admit(staff, credit_code(rng, REGION, False), "压测代理机构", REGION, "agency", 1, FOUNDED_AT)
    seated = []
    for number in range(bidders):
        code = credit_code(rng, REGION, False)
        actor = admit(staff, code, f"压测投标人{number}", REGION, "bidder", 1, FOUNDED_AT)[0]
        seated.append(SeatedBidder(actor, _session(actor)))
    world.bidders = [each.actor for each in seated]
    world.names = {each.actor.organisation: f"压测投标人{n}" for n, each in enumerate(seated)}
    awaiting = _decided_lots(world, (hosts[0], hosts[1]), decided) if decided else ()
    now, opened = _open_lots(world, (hosts[0], hosts[1]), lots)
    _apart(lambda: _pages_written(now))
    return Scene(
        opened, tuple(seated), now, house[CENTRE][1], hosts[0], agents[0], house[SUPERVISOR][0], awaiting
    )


def _session(actor: Actor) -> str:
    browser = Client()
    browser.force_login(get_user_model().objects.get(code=actor.person))
    return browser.cookies["sessionid"].value


def _pages_written(now: datetime) -> None:
    """The pages of what was announced, so that a server finds only its own work."""
    while not work(READERS, DUTIES, now, limit=1000).idle:
        pass


def _apart(do: Callable[[], None]) -> None:
    """Does it in a forked process and waits: what makes PDF starts threads, without which no later fork makes any."""
    connection.close()
    child = os.fork()
    if child == 0:
        try:
            do()
        except BaseException:
            traceback.print_exc()
            os._exit(1)
        os._exit(0)
    if os.waitpid(child, 0)[1]:
        raise RuntimeError("the pages of the scene were not written")


def _decided_lots(world: World, hosts: tuple[Actor, Actor], count: int) -> tuple[str, ...]:
    """Lots that live as in the simulation until their publicity has ended and nobody objected."""
    closes_on = working_day(local_day(world.now) + timedelta(days=30))
    plan = Plan(closes_on, 4, ENDED, by_agency=False)
    run = Run(world, (trading.READER,), trading.DUTIES, lambda share: None)
    tenders = [
        Tender(world, plan, f"压测定标工程{number}", "压测", REGION, hosts, None, 1_000_000_000)
        for number in range(count)
    ]
    for each in tenders:
        run.add(each)
    run.until(on_day_at(closes_on + timedelta(days=30), 9))
    return tuple(each.code for each in tenders)


def _open_lots(world: World, hosts: tuple[Actor, Actor], count: int) -> tuple[datetime, tuple[OpenLot, ...]]:
    """Announces so many lots, whose deadlines are a minute apart, and works until all are open."""
    publish_at = on_day_at(working_day(local_day(world.now) + timedelta(days=1)), 9)
    plan = Plan(local_day(publish_at), 0, BIDDING, by_agency=False)
    opened = []
    for number in range(count):
        tender = Tender(world, plan, f"压测工程{number}", "压测", REGION, hosts, None, 1_000_000_000)
        tender.register()
        terms = tender.terms(publish_at)
        deadline_at = terms.deadline_at + number * APART
        terms = replace(terms, deadline_at=deadline_at, documents_until_on=local_day(deadline_at))
        notice = trading.draft_tender_notice(hosts[0], tender.code, terms, world.now)
        trading.confirm_notice(hosts[1], notice.code, publish_at, world.now)
        trading.pass_notice(world.centre[0], notice.code, world.now)
        opened.append(OpenLot(tender.code, terms.deadline_at))
    now = publish_at + timedelta(hours=1)
    for _ in _worked(world.now, now):
        pass
    advance_rehearsal(now, SYSTEM_ACTOR)
    return now, tuple(opened)


def _worked(start: datetime, end: datetime) -> Iterator[datetime]:
    """Only trading follows meanwhile; the website's pages are written once, when all lots are open."""
    return work_through((trading.READER,), trading.DUTIES, start, end)
