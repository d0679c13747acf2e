"""Founds the city of the journeys in YIWANG_HOME and prints who lives in it. A program: run it in its own process.

It holds the people of the simulation and one lot that takes bids until the end of the year; every other tender
is what the stories make of it.
"""

from __future__ import annotations

import json
import os
import random
import sys
from dataclasses import replace
from datetime import date, datetime, timedelta

import django
from django.core.management import call_command

FOUNDED_AT = (
    "2026-03-02T09:00+08:00"  # a Monday: no holiday of the year falls into the shortest tender from here
)
OPEN_UNTIL = date(2026, 12, 21)


def main() -> None:
    os.environ["DJANGO_SETTINGS_MODULE"] = "yiwang.site.settings"
    django.setup()
    call_command("migrate", verbosity=0)
    json.dump(found_city(datetime.fromisoformat(FOUNDED_AT)), sys.stdout)


def found_city(at: datetime) -> dict[str, object]:
    """Founds the rehearsal at ``at``; codes of the people by role, of the open lot, and the instant it is now."""
    from yiwang.business.trading import api as trading
    from yiwang.pure.kernel.actors import SYSTEM_ACTOR
    from yiwang.pure.kernel.refs import seeded_codes
    from yiwang.record.journal.api import advance_rehearsal, found
    from yiwang.site.readers import DUTIES, READERS
    from yiwang.site.simulation import people, plans
    from yiwang.site.simulation.running import Run
    from yiwang.site.simulation.script import Tender, World

    class OpenLot(Tender):
        def begins_at(self) -> datetime:
            return self.world.now

        def terms(self, publish_at: datetime, short_by: int = 0) -> trading.Terms:
            lawful = super().terms(publish_at, short_by)  # the clock goes on while the stories are told
            return replace(lawful, documents_until_on=OPEN_UNTIL - timedelta(days=1))

    found("rehearsal", at, centre=people.CENTRE_NAME, centre_en=people.CENTRE_NAME_EN, region=people.REGION)
    with seeded_codes(random.Random(2)):
        world = people.settle(World(random.Random(1), at))
        run = Run(world, READERS, DUTIES, lambda share: None)
        plan = plans.Plan(OPEN_UNTIL, bidders=0, stop=plans.BIDDING, by_agency=False)
        hosts = world.tenderees[-1]
        tender = OpenLot(world, plan, "河道治理工程", "河道清淤疏浚。", "620502", hosts, None, 900_000_000)
        run.add(tender)
        run.until(at + timedelta(days=2))
    advance_rehearsal(world.now, SYSTEM_ACTOR)
    seats = {
        "tenderee": [each for pair in world.tenderees for each in pair],
        "agency": world.agencies,
        "bidder": world.bidders,
        "centre": world.centre,
        "supervisor": world.supervisors,
        "expert": world.judges,
    }
    return {
        "people": {
            role: [f"{each.person}:{each.organisation}:{each.role}" for each in actors]
            for role, actors in seats.items()
        },
        "lot": tender.code,
    }


if __name__ == "__main__":
    main()
