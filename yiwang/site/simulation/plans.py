"""What is to become of each project: when its bids close, how many bid, and where it stops."""

from __future__ import annotations

import random
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, timedelta

from yiwang.law import api as law

REGISTERED, DRAFTED, CONFIRMED, RETURNED = "registered", "drafted", "confirmed", "returned"
BIDDING, CLOSED, OPENED, EVALUATING = "bidding", "closed", "opened", "evaluating"
REPORTED, PUBLICITY_DRAFTED, PUBLICITY, ENDED = "reported", "publicity-drafted", "publicity", "ended"
AWARDED, CONTRACTED, ARCHIVED = "awarded", "contracted", "archived"
VOTING, SCORING, SIGNING = "voting", "scoring", "signing"
DRAW_PLANNED, DRAWN = "draw-planned", "drawn"
TERMINATED, REJECTED_ALL = "terminated", "rejected-all"
TO_THE_END = ARCHIVED


@dataclass(frozen=True, slots=True)
class Plan:
    """One lot's future.

    ``deadline_on`` is the day its bids close, ``bidders`` how many hand in, ``stop`` the last thing that is
    done by people, ``by_agency`` whether an agency runs it, ``tie`` whether the lowest two are equal, ``voice`` what
    bidders ask or object to (see ``voices``), ``method`` how bids are scored ("": lowest price; see ``evaluations``),
    ``lots`` how many lots its project has, which run side by side. ``prequalify``: what becomes of its
    prequalification ("": it has none; see ``prequalifying``), for which ``applicants`` apply; ``consortium`` whether it
    admits consortia and one bids, ``related`` whether two bidders with the same head bid, ``stepped`` whether prices follow each other by one amount.
    """

    deadline_on: date
    bidders: int
    stop: str
    by_agency: bool
    rejects: int = 0
    tie: bool = False
    retender: bool = False
    voice: str = ""
    lots: int = 1
    method: str = ""
    prequalify: str = ""
    applicants: int = 5
    consortium: bool = False
    related: bool = False
    stepped: bool = False


def working_day(day: date, step: int = 1) -> date:
    """``day`` if it is a working day, else the next one in the direction of ``step``."""
    while not law.is_working_day(day):
        day += timedelta(days=step)
    return day


def plans(rng: random.Random, today: date) -> list[Plan]:
    """About forty plans around ``today``: every stage is there, and somebody waits in every role."""

    def plan(days: int, bidders: int, stop: str, **more: bool | int | str) -> Plan:
        return Plan(_on(today, days), bidders, stop, bool(more.pop("by_agency", rng.random() < 0.6)), **more)  # type: ignore[arg-type]

    near = [
        plan(20, 0, REGISTERED, by_agency=False),
        plan(19, 0, REGISTERED, by_agency=True, lots=3),
        plan(20, 0, DRAFTED, by_agency=True),
        plan(21, 0, DRAFTED, by_agency=False),
        plan(21, 0, CONFIRMED, by_agency=True),
        plan(19, 0, RETURNED, by_agency=False),
        plan(1, 4, BIDDING, voice="complaint-made"),
        plan(4, 3, BIDDING, voice="postponed"),
        plan(8, 2, BIDDING, voice="question"),
        plan(9, 3, BIDDING, lots=2, consortium=True),
        plan(6, 3, BIDDING, by_agency=False, voice="complaint-upheld"),
        plan(15, 0, BIDDING, voice="objection-open"),
        plan(0, 4, CLOSED, by_agency=True),
        plan(-14, 4, PUBLICITY, by_agency=False, voice="complaint-new-committee"),
        plan(-1, 3, OPENED, voice="opening-open"),
        plan(-1, 5, EVALUATING, by_agency=True, stepped=True),
        plan(-2, 4, REPORTED, by_agency=False),
        plan(-2, 4, PUBLICITY_DRAFTED, by_agency=True),
        plan(-3, 3, PUBLICITY, voice="result-open", consortium=True),
        plan(-8, 4, PUBLICITY, by_agency=True, voice="complaint-examined"),
        plan(-8, 4, ENDED, by_agency=False, voice="opening"),
        plan(-50, 5, AWARDED, by_agency=True, retender=True, voice="complaint-retender"),
        plan(-30, 5, CONTRACTED, voice="result"),
        plan(-6, 2, TO_THE_END, by_agency=True),
    ]
    past = _past(rng, plan)
    scored = [
        plan(-1, 4, DRAW_PLANNED, method="mean", by_agency=True),
        plan(-1, 4, DRAWN, method="trimmed"),
        plan(-1, 5, SCORING, method="floating", by_agency=True),
        plan(-1, 4, VOTING, method="mean", related=True),
        plan(-2, 5, SIGNING, method="mix"),
        plan(-3, 6, PUBLICITY, method="trimmed"),
        plan(-50, 5, TO_THE_END, method="floating", voice="complaint-ordered"),
        plan(-35, 5, TO_THE_END, method="trimmed", rejects=1, voice="evaluated-again"),
    ]
    clarified = Plan(_on(today, -16), 2, TO_THE_END, True, lots=2, voice="clarified")
    return [*near, *past, *scored, clarified, *_prequalified(today)]


def _on(today: date, days: int) -> date:
    """The working day so many days from today, or the next one in that direction."""
    return working_day(today + timedelta(days=days), -1 if days < 0 else 1)


def _prequalified(today: date) -> list[Plan]:
    """Tenders that prequalify: open for applications, under review, passed, and one that fails with two that passed."""

    def on(days: int) -> date:
        return _on(today, days)

    return [
        Plan(on(38), 0, BIDDING, False, prequalify="applying", applicants=3),
        Plan(on(28), 0, BIDDING, True, prequalify="reviewing"),
        Plan(on(6), 3, BIDDING, False, prequalify="passes"),
        Plan(on(-40), 4, TO_THE_END, True, prequalify="passes"),
        Plan(on(-14), 0, TO_THE_END, True, prequalify="two-pass"),
    ]


def _past(rng: random.Random, plan: Callable[..., Plan]) -> list[Plan]:
    """Tenders that are over, most of them with something odd on their way."""
    complained = [
        plan(
            -rng.randrange(45, 150),
            rng.randrange(3, 8),
            TO_THE_END,
            rejects=rng.choice((0, 0, 1)),
            voice=voice,
        )
        for voice in ("complaint-refused", "complaint-dismissed")
    ]
    return [
        *complained,
        plan(-24, 4, AWARDED, voice="gave-up"),
        plan(-48, 5, TO_THE_END, voice="no-bond"),
        plan(-66, 4, TO_THE_END, voice="reexamined"),
        plan(-40, 4, TO_THE_END, lots=2),
        plan(-60, 2, TO_THE_END, retender=True),
        plan(-96, 1, TO_THE_END, retender=True, voice="second-failure"),
        plan(-75, 4, TERMINATED),
        plan(-80, 4, REJECTED_ALL, voice="objected"),
        plan(-90, 4, TO_THE_END, tie=True, voice="moved"),
        plan(-55, 6, TO_THE_END, rejects=2, voice="result-upheld"),
    ]
