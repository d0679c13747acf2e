"""Runs the scripts of a city in the order of their instants, the agenda between them, and checks the invariants."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime

from yiwang.pure.kernel.days import on_day_at
from yiwang.pure.kernel.refs import seeded_codes
from yiwang.record.journal.api import Duty, Reader, agenda, public_feed, work
from yiwang.site.simulation import city, invariants, plans
from yiwang.site.simulation.people import settle
from yiwang.site.simulation.script import Script, Tender, World

TODAY = date(2026, 9, 10)
FOUNDED_AT = on_day_at(date(2026, 2, 25), 9)
NOW_AT = on_day_at(TODAY, 10)


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a run: lots, acts, refusals by rule, and the instant at which the clock stands."""

    lots: tuple[str, ...]
    acts: int
    refusals: Mapping[str, int]
    now: datetime


def tenders(world: World, limit: int | None = None) -> list[Tender]:
    """The tenders of the city in the order of their plans."""
    names = city.works(world.rng)
    found = []
    for plan in plans.plans(world.rng, TODAY)[:limit]:
        name, content, region = next(names)
        found.append(
            Tender(
                world,
                plan,
                name,
                content,
                region,
                world.rng.choice(world.tenderees),
                world.rng.choice(world.agencies) if plan.by_agency else None,
                world.rng.randrange(450, 6000) * 1_000_000,
            )
        )
    return found


def work_through(
    readers: Sequence[Reader], duties: Mapping[str, Duty], start: datetime, end: datetime
) -> Iterator[datetime]:
    """Works off all that is due from ``start`` to ``end``, each at its own instant; gives the instants.

    Raises Broken where a reader or duty fails.
    """
    now = start
    while True:
        due = min((each.due_at for each in agenda() if each.due_at <= end), default=None)
        now = end if due is None else max(due, now)
        worked = work(readers, duties, now)
        if worked.failures:
            raise invariants.Broken(f"{worked.failures} readers or duties failed at {now}")
        yield now
        if due is None and not worked.entries and not worked.dues:
            return


class Run:
    """One run of the simulation: a queue of scripts, the city's clock, and the worker's rounds between."""

    def __init__(
        self,
        world: World,
        readers: Sequence[Reader],
        duties: Mapping[str, Duty],
        progress: Callable[[float], None],
    ) -> None:
        self.world = world
        self.readers, self.duties, self.progress = readers, duties, progress
        self.acts = 0
        self.public = 0
        self._order = itertools.count()
        self._queue: list[tuple[datetime, int, Script, Tender]] = []

    def add(self, tender: Tender) -> None:
        script = tender.run()
        heapq.heappush(self._queue, (next(script), next(self._order), script, tender))

    def work_until(self, instant: datetime) -> None:
        """Does everything that is due up to ``instant``, each at its own instant."""
        for moment in work_through(self.readers, self.duties, self.world.now, instant):
            self.world.now = moment

    def until(self, end: datetime) -> None:
        """Lets the city live until ``end``. Raises Broken at the first broken invariant."""
        first = self._queue[0][0]
        while self._queue and self._queue[0][0] <= end:
            instant, _, script, tender = heapq.heappop(self._queue)
            self.work_until(max(instant, self.world.now))
            following = next(script, None)
            self.acts += 1
            self.check(tender)
            if following is not None:
                heapq.heappush(self._queue, (following, next(self._order), script, tender))
            self.progress((self.world.now - first) / (end - first))
        self.work_until(end)

    def check(self, tender: Tender) -> None:
        """The invariants of the lot that was just touched, and of the public feed since the last time."""
        objections = list(invariants.lot_objections(tender.code)) if tender.code else []
        objections += invariants.feed_objections(self.public)
        if objections:
            raise invariants.Broken("; ".join(objections))
        self.public = max(
            (each.number or 0 for each in public_feed(self.public, 10_000)), default=self.public
        )


def build(
    seed: int,
    readers: Sequence[Reader],
    duties: Mapping[str, Duty],
    *,
    limit: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
) -> Built:
    """Builds the city of ``seed`` in a founded rehearsal database; ``limit`` takes only the first plans.

    Raises Broken where an invariant fails, NotRefused where something unlawful went through.
    """
    rng = random.Random(seed)  # noqa: S311 - a simulation has to repeat itself
    with seeded_codes(random.Random(seed + 1)):  # noqa: S311
        world = settle(World(rng, FOUNDED_AT))
        run = Run(world, readers, duties, progress)
        every = tenders(world, limit)
        for each in every:
            run.add(each)
        run.until(NOW_AT)
    return Built(tuple(each.code for each in every if each.code), run.acts, dict(world.refusals), world.now)
