"""What goes wrong in a troubled city: late workers, repeated requests, processes that die, clocks that jump."""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.canonical import digest
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import POINTS, Duty, EntryView, Reader, Worked, once, recorded, watched, work
from yiwang.site.simulation.invariants import Broken

BEFORE_COMMIT = "before-commit"
ON_RECORD = ("outage",)  # refusals that leave an entry
ANEW = ("register_", "ask", "object_", "complain")  # what makes another thing each time that it is said


@dataclass(frozen=True, slots=True)
class Faults:
    """How much goes wrong, as shares: of the worker's rounds that come ``late`` (by up to ``hours``), of acts and
    rounds in which the process will ``die``, of requests sent ``again``, of entries shown to a reader ``twice``,
    of acts after which the clock will ``jump``.
    """

    late: float = 0.15
    hours: int = 30
    die: float = 0.2
    again: float = 0.2
    twice: float = 0.2
    jump: float = 0.02


class Died(BaseException):
    """The process ends here: nothing that catches errors catches this."""


class Trouble:
    """Faults by a random source of their own, so that a seed makes the same plans with and without them."""

    def __init__(self, faults: Faults, rng: random.Random) -> None:
        self.faults, self.rng = faults, rng
        self.met: Counter[str] = Counter()

    def happens(self, share: float) -> bool:
        return self.rng.random() < share

    @contextmanager
    def dying(self, points: Sequence[str]) -> Iterator[None]:
        """At times the process dies inside, at one of ``points`` or at the second passing of it. Raises Died."""
        if not self.happens(self.faults.die):
            yield
            return
        point, passings = self.rng.choice(points), self.rng.randrange(1, 3)

        def hook(passed: str) -> None:
            nonlocal passings
            if passed == point:
                passings -= 1
                if passings == 0:
                    self.met[f"died {point}"] += 1
                    raise Died

        with watched(hook):
            yield

    # acts of people

    def send(self, verb: Callable[..., Any], by: Actor, *arguments: Any, **named: Any) -> Any:
        """Sends a verb until it is answered, perhaps once more. Raises Refused, Broken."""
        if self.happens(0.5):
            return self._with_key(verb, by, *arguments, **named)
        before = recorded()
        try:
            answer = self._alive(lambda: verb(by, *arguments, **named), (BEFORE_COMMIT,))
        except Refused as refused:
            self._nothing_recorded(before, verb, refused)
            raise
        if self.happens(self.faults.again) and not verb.__name__.startswith(ANEW):
            self._again(verb, by, *arguments, **named)
        return answer

    def _alive(self, run: Callable[[], Any], points: Sequence[str]) -> Any:
        """What ``run`` answers to a person who asks again until somebody is there to answer."""
        while True:
            try:
                with self.dying(points):
                    return run()
            except Died:
                continue

    def _nothing_recorded(self, before: int, verb: Callable[..., Any], refused: Refused) -> None:
        if recorded() != before and not {each.rule for each in refused.findings} & set(ON_RECORD):
            raise Broken(f"{verb.__name__} was refused and left an entry: {refused}")

    def _again(self, verb: Callable[..., Any], by: Actor, *arguments: Any, **named: Any) -> None:
        """The same without a key: refused without a trace, or lawfully done once more."""
        before = recorded()
        try:
            verb(by, *arguments, **named)
            self.met["again, done again"] += 1
        except Refused as refused:
            self._nothing_recorded(before, verb, refused)
            self.met["again, refused"] += 1

    def _with_key(self, verb: Callable[..., Any], by: Actor, *arguments: Any, **named: Any) -> Any:
        """The same act under one key, as forms and the API send it: done once, whatever happens to the answers."""
        key = f"{self.rng.getrandbits(64):x}"
        request = digest([verb.__name__, repr((by, arguments, named))])
        answers: list[Any] = []

        def run() -> dict[str, str]:
            answers.append(verb(by, *arguments, **named))
            return {"done": key}

        def sent() -> dict[str, str]:
            return once(key, by, request, run)

        before = recorded()
        try:
            first = self._alive(sent, (BEFORE_COMMIT, "after-commit"))
        except Refused as refused:
            self._nothing_recorded(before, verb, refused)
            raise
        if self.happens(self.faults.again):
            self._repeated(key, by, first, sent, answers)
        return answers[-1]

    def _repeated(
        self,
        key: str,
        by: Actor,
        first: Mapping[str, str],
        sent: Callable[[], dict[str, str]],
        answers: list[Any],
    ) -> None:
        before, done = recorded(), len(answers)
        if sent() != first or len(answers) != done or recorded() != before:
            raise Broken(f"{key}: repeated under its key and done again")
        try:
            once(key, by, "something else", dict)
        except Refused:
            self.met["again, under its key"] += 1
        else:
            raise Broken(f"{key}: another request was taken under the same key")

    # the worker

    def sleep(self) -> timedelta:
        """How late the worker's next round is; mostly not at all."""
        if not self.happens(self.faults.late):
            return timedelta()
        self.met["late rounds"] += 1
        return timedelta(hours=self.rng.randrange(1, self.faults.hours + 1))

    def jump(self) -> timedelta:
        """By how much the clock jumps forward now; mostly not at all."""
        if not self.happens(self.faults.jump):
            return timedelta()
        self.met["jumps"] += 1
        return timedelta(hours=self.rng.randrange(1, 72))

    def round(self, readers: Sequence[Reader], duties: Mapping[str, Duty], now: datetime) -> Worked:
        """One round of a worker that may die in it; another one begins at once."""
        shown = [Reader(each.name, self._twice(each.run)) for each in readers]
        worked: Worked = self._alive(lambda: work(shown, duties, now), POINTS)
        return worked

    def _twice(self, run: Callable[[EntryView], None]) -> Callable[[EntryView], None]:
        def shown(entry: EntryView) -> None:
            run(entry)
            if self.happens(self.faults.twice):
                self.met["shown twice"] += 1
                run(entry)

        return shown
