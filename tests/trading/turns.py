"""Turns that the life of a tender takes seldom by chance: the state machine is led to them and goes on from there."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from yiwang.business.trading import api as trading
from yiwang.site.simulation.papers import stored_pdf

NOBODY = 99  # the one who should act does
SECOND, HOUR = timedelta(seconds=1), timedelta(hours=1)
MOST = 20

# What happened, and the stage in which it begins.
TURNS = {
    "objected": "bidding",
    "opening-objected": "opened",
    "result-objected": "publicity",
    "corrected": "bidding",
    "terminated": "bidding",
    "failed-twice": "failed",
    "second-ranked": "publicity-ended",
    "gave-up": "awarded",
    "paid-back": "contracted",
}


class Turns:
    """What leads a machine to each of :data:`TURNS`; all of it goes through its rules."""

    lots: list[str]
    lot: Any
    town: Any
    now: Any
    act: Any
    until: Any
    go_on: Any
    few: bool

    def take_turn(self: Any, turn: str) -> None:
        getattr(self, "_turn_" + turn.replace("-", "_"))()

    def _turn_objected(self: Any) -> None:
        self.object(NOBODY, 1, "documents", False)

    def _turn_opening_objected(self: Any) -> None:
        self.object(NOBODY, 1, "opening", False)

    def _turn_result_objected(self: Any) -> None:
        self.object(NOBODY, 1, "result", True)

    def _turn_corrected(self: Any) -> None:
        self.correct_a_notice(NOBODY)
        self.publish_the_draft(1)

    def _turn_terminated(self: Any) -> None:
        self.terminate(NOBODY, 0)
        self.draft_notice(NOBODY, "failure")
        self.publish_the_draft(26)
        self._turn_paid_back()

    def _turn_failed_twice(self: Any) -> None:
        self.draft_notice(NOBODY, "failure")
        self.publish_the_draft(26)
        self.retender(NOBODY)
        for _ in range(MOST):
            if self.lot.stage == "failed":
                return
            self.go_on()

    def _turn_second_ranked(self: Any) -> None:
        first, second = self._ranked()[:2]
        self._pass_over(first)
        self.act(trading.award, self.town.hosts[0], self.lots[-1], second, self.now)

    def _turn_gave_up(self: Any) -> None:
        """The winner gives up after the letter; the second in rank is awarded."""
        first, second = self._ranked()[:2]
        self._pass_over(first)
        self.act(trading.award, self.town.hosts[0], self.lots[-1], second, self.now)

    def _turn_paid_back(self: Any) -> None:
        self.until(self.now + HOUR, working=True)
        for place in range(5):
            self.pay_back(NOBODY, place)

    def _pass_over(self: Any, bidder: str) -> None:
        by, papers = self.town.hosts[0], [stored_pdf("放弃声明")]
        self.act(trading.pass_over, by, self.lots[-1], bidder, "gave-up", "书面放弃", papers, self.now)

    def _ranked(self: Any) -> list[str]:
        rows = [row for row in trading.opening_rows(self.lot, everything=True) if row.rank]
        return [row.bidder for row in sorted(rows, key=lambda row: row.rank)] or ["", ""]
