"""Runs the scripts of a city in the order of their instants, the agenda between them, and checks the invariants."""

from __future__ import annotations

import heapq
import itertools
import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date, datetime

from yiwang.pure.kernel.days import on_day_at
from yiwang.pure.kernel.findings import Refused
from yiwang.pure.kernel.refs import seeded_codes
from yiwang.record.journal.api import ROUND, Duty, Reader, Worked, next_due, work
from yiwang.site.simulation import city, invariants, line, plans
from yiwang.site.simulation.credentials import furnish, people_of_a_bidder
from yiwang.site.simulation.faults import Faults, Trouble
from yiwang.site.simulation.offices import settle_offices
from yiwang.site.simulation.people import settle
from yiwang.site.simulation.script import Script, Tender, World

TODAY = date(2026, 9, 10)
FOUNDED_AT = on_day_at(date(2026, 2, 25), 9)
NOW_AT = on_day_at(TODAY, 10)


@dataclass(frozen=True, slots=True)
class Built:
    """What came of a run: lots, acts, refusals by rule, and the instant at which the clock stands.

    Of a troubled one also the ``faults`` met, and which rules made people give a plan up.
    """

    lots: tuple[str, ...]
    acts: int
    refusals: Mapping[str, int]
    now: datetime
    faults: Mapping[str, int] = field(default_factory=dict)
    given_up: Mapping[str, int] = field(default_factory=dict)


def tenders(world: World, limit: int | None = None, pick: int | None = None) -> list[Tender]:
    """The tenders of the city in the order of their plans: all, the first ``limit``, or ``pick`` of them at random."""
    names = city.works(world.rng)
    chosen = plans.plans(world.rng, TODAY)[:limit]
    if pick is not None:
        chosen = world.rng.sample(chosen, pick)
    found = []
    for plan in chosen:
        name, content, region = next(names)
        tender = Tender(
            world,
            plan,
            name,
            content,
            region,
            world.rng.choice(world.tenderees),
            world.rng.choice(world.agencies) if plan.by_agency else None,
            world.rng.randrange(450, 6000) * 1_000_000,
        )
        found.append(tender)
        if plan.lots > 1:
            found.append(replace(tender, sibling=tender))
    return found


Round = Callable[[Sequence[Reader], Mapping[str, Duty], datetime], Worked]


def work_through(
    readers: Sequence[Reader],
    duties: Mapping[str, Duty],
    start: datetime,
    end: datetime,
    one_round: Round = work,
) -> Iterator[datetime]:
    """Works off all that is due from ``start`` to ``end``, each at its own instant; gives the instants.

    Raises Broken where a reader or duty fails.
    """
    now = start
    while True:
        due = next_due(end)
        now = end if due is None else max(due, now)
        worked = one_round(readers, duties, now)
        if worked.failures:
            raise invariants.Broken(f"{worked.failures} readers or duties failed at {now}")
        yield now
        if due is None and worked.steps < ROUND:  # a round that does less than it may has left nothing
            return


class Run:
    """One run of the simulation: a queue of scripts, the city's clock, and the worker's rounds between."""

    def __init__(
        self,
        world: World,
        readers: Sequence[Reader],
        duties: Mapping[str, Duty],
        progress: Callable[[float], None],
        trouble: Trouble | None = None,
        watched: bool = True,
    ) -> None:
        self.watched = watched
        self.world = world
        self.readers, self.duties, self.progress = readers, duties, progress
        self.trouble = trouble
        self.acts = 0
        self.given_up: Counter[str] = Counter()
        self._watch = invariants.Watch()
        self._asleep_until = world.now
        self._order = itertools.count()
        self._queue: list[tuple[datetime, int, Script, Tender]] = []

    def add(self, tender: Tender) -> None:
        script = tender.run()
        heapq.heappush(self._queue, (next(script), next(self._order), script, tender))

    def work_until(self, instant: datetime) -> None:
        """Does everything that is due up to ``instant``, each at its own instant, or later where the worker sleeps."""
        if self.trouble is None:
            self._work(self.world.now, instant)
            return
        if instant >= self._asleep_until:
            self._work(max(self.world.now, self._asleep_until), instant)
            self._asleep_until = instant + self.trouble.sleep()
        self.world.now = instant + self.trouble.jump()

    def _work(self, start: datetime, end: datetime) -> None:
        one_round = self.trouble.round if self.trouble else work
        for moment in work_through(self.readers, self.duties, start, end, one_round):
            self.world.now = moment

    def until(self, end: datetime) -> None:
        """Lets the city live until ``end``. Raises Broken at the first broken invariant."""
        first = self._queue[0][0]
        with line.troubled(self.trouble):
            while self._queue and self._queue[0][0] <= end:
                instant, _, script, tender = heapq.heappop(self._queue)
                self.work_until(max(instant, self.world.now))
                following = self._go_on(script)
                self.acts += 1
                if self.watched:
                    self.check(tender)
                if following is not None:
                    heapq.heappush(self._queue, (following, next(self._order), script, tender))
                self.progress((self.world.now - first) / (end - first))
        self._work(self.world.now, max(end, self.world.now))

    def _go_on(self, script: Script) -> datetime | None:
        """The next act of a script. What the law refuses because of a fault makes its people give the plan up."""
        try:
            return next(script, None)
        except Refused as refused:
            if self.trouble is None:
                raise
            self.given_up.update(each.rule for each in refused.findings)
            return None

    def check(self, tender: Tender) -> None:
        """The invariants of the lot that was just touched, and of the journal since the last time. Raises Broken."""
        self._watch.check([tender.code] if tender.code else [])

    def check_all(self, lots: Sequence[str]) -> None:
        """The invariants of these lots and of all that is public, from the beginning. Raises Broken."""
        self._watch.whole(lots)


def build(
    seed: int,
    readers: Sequence[Reader],
    duties: Mapping[str, Duty],
    *,
    limit: int | None = None,
    progress: Callable[[float], None] = lambda share: None,
    faults: Faults | None = None,
    pick: int | None = None,
    watched: bool = True,
) -> Built:
    """Builds the city of ``seed`` in a founded rehearsal database.

    The invariants are looked at after every act, or (not ``watched``) once, when all is done.
    ``limit`` takes only the first plans, ``pick`` as many at random in a small city; ``faults`` trouble it.
    Raises Broken where an invariant fails, NotRefused where something unlawful went through.
    """
    rng = random.Random(seed)  # noqa: S311 - a simulation has to repeat itself
    trouble = Trouble(faults, random.Random(seed + 2)) if faults else None  # noqa: S311
    with seeded_codes(random.Random(seed + 1)):  # noqa: S311
        world = settle(World(rng, FOUNDED_AT), small=pick is not None)
        if pick is None:
            furnish(world)
        run = Run(world, readers, duties, progress, trouble, watched)
        every = tenders(world, limit, pick)
        for each in every:
            run.add(each)
        run.until(NOW_AT)
        if pick is None:
            people_of_a_bidder(world)
            settle_offices(world)
    lots = tuple(each.code for each in every if each.code)
    run.check_all(lots)
    met = trouble.met if trouble else {}
    return Built(lots, run.acts, dict(world.refusals), world.now, dict(met), dict(run.given_up))
