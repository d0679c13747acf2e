"""What a bench promised, what it measured, and whether that is enough: printed, and handed to ``make bench``."""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path

REPORT = "YIWANG_BENCH_REPORT"  # a file to which every line is added, where it is set


@dataclass(frozen=True, slots=True)
class Line:
    """One figure; ``goal`` is "" and ``met`` true where nothing was promised."""

    bench: str
    what: str
    goal: str
    figure: str
    met: bool

    def shown(self) -> str:
        verdict = "" if not self.goal else "met" if self.met else "MISSED"
        return f"{self.what:64}{self.goal:>14}{self.figure:>22}  {verdict}".rstrip()


HEAD = f"{'':64}{'goal':>14}{'figure':>22}  verdict"


@dataclass
class Verdicts:
    """The figures of one bench, each printed when it is known."""

    bench: str
    missed: list[str] = field(default_factory=list)

    def __post_init__(self) -> None:
        print(HEAD)

    def note(self, what: str, figure: str, goal: str = "", met: bool = True) -> None:
        """Prints a figure with its verdict and hands it on."""
        line = Line(self.bench, what, goal, figure, met)
        if not met:
            self.missed.append(what)
        print(line.shown(), flush=True)
        if os.environ.get(REPORT):
            with Path(os.environ[REPORT]).open("a") as file:
                file.write(json.dumps(asdict(line), ensure_ascii=False) + "\n")

    def most(self, what: str, value: float, limit: float, unit: str, places: int = 2) -> None:
        """A figure that must not be above ``limit``."""
        self.note(what, f"{value:,.{places}f} {unit}", f"≤ {limit:g} {unit}", value <= limit)

    def least(self, what: str, value: float, limit: float, unit: str = "", places: int = 2) -> None:
        """A figure that must not be below ``limit``."""
        self.note(
            what, f"{value:,.{places}f} {unit}".rstrip(), f"≥ {limit:g} {unit}".rstrip(), value >= limit
        )

    @property
    def status(self) -> int:
        """The exit status of the bench."""
        return 1 if self.missed else 0


def read(report: Path) -> list[Line]:
    """What benches added to a report."""
    return [Line(**json.loads(each)) for each in report.read_text().splitlines()] if report.exists() else []
