"""How fast this core is just now: it shares its silicon with others, of whom no clock of the system says anything.

A core that runs two threads at once gives each of them half and charges both for the whole: CPU time of the same work
was seen to be 1.0 and 1.9 within a second on an idle machine. So a fixed piece of work is timed beside what is measured.
"""

from __future__ import annotations

import os
import time

STEPS = 10_000
OF_FULL = 1.2  # up to so much slower than the fastest ever seen is still full pace
SOUGHT = 400  # so often the work is done to see how fast the core can be
WAITED = 50  # looks, 10 ms apart
NAMED = 20_000_000  # steps, for people: "counts to 20 million in 1.6 s"


class Pace:
    """Knows the fastest that the work was ever done in this process, in milliseconds of CPU.

    ``others``: processes that work for this one while it waits, as a backend of PostgreSQL does: they are kept on its core.
    """

    def __init__(self) -> None:
        self.fastest = float("inf")
        self.others: list[int] = []
        self._cores = sorted(os.sched_getaffinity(0))
        for number in range(SOUGHT):
            self._go_to(self._cores[number % len(self._cores)])
            self.now()
            time.sleep(0.005)

    def now(self) -> float:
        """Does the work once; how long it took."""
        begun, count = time.process_time_ns(), 0
        while count < STEPS:
            count += 1
        took = (time.process_time_ns() - begun) / 1e6
        self.fastest = min(self.fastest, took)
        return took

    def wait(self) -> None:
        """Goes to a core that runs at full pace; waits for one, not for ever: what comes afterwards may still be slow."""
        for _ in range(WAITED):
            if self.is_full(max(self.now(), self.now())):
                return
            self._cores.append(self._cores.pop(0))
            self._go_to(self._cores[0])
            time.sleep(0.01)

    def _go_to(self, core: int) -> None:
        for each in (0, *self.others):
            os.sched_setaffinity(each, {core})

    def is_full(self, took: float) -> bool:
        """Whether the core ran at its full pace when the work took so long."""
        return took <= self.fastest * OF_FULL

    def __str__(self) -> str:
        return f"full pace: counts to {NAMED:,} in {self.fastest * NAMED / STEPS / 1e3:.1f} s"
