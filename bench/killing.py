"""The inside of ``bench.kills``: rounds of bids and kills over the database that the environment names, and their audit."""

from __future__ import annotations

import http.client
import json
import os
import random
import sys
import threading
import time
import traceback
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bench.tenders import APART, Scene, SeatedBidder, prepare  # isort: skip - it sets Django up
from bench.audit import (
    Acknowledged,
    Audit,
    acknowledged_objections,
    act_objections,
    closing_objections,
    settle,
)
from bench.bidding import Attempt, BidderClient, Refusal, attempt
from bench.forking import forked
from bench.restoring import prepared
from bench.servers import Server
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal.api import advance_rehearsal, business_now, work

HTTP = "http"
CLIENTS = 8
MOST_ACKNOWLEDGED = 16  # before a kill; how many it is to be, and how long after that, is random
MOST_ACTS = 50  # at the level of verbs, where most acts are not bids
LATEST_KILL_SECONDS = 0.3
PATIENCE_SECONDS = 20.0
MOST_BIDS = 2000  # of one client in one round
COUNTED = {
    "bids-opened": "opened_under_fire",
    "objection-answered": "objections",
    "award-decided": "awards",
    "refund-done": "refunds",
}
CUT = (OSError, http.client.HTTPException)


@dataclass(slots=True)
class Told:
    """What the clients of one round know: acknowledged bids, what was left unanswered, refusals."""

    acknowledged: list[Acknowledged] = field(default_factory=list)
    unanswered: list[Attempt] = field(default_factory=list)
    refused: list[str] = field(default_factory=list)


class Round:
    """The clients of one round at one server: first the unanswered bids of the round before, then new ones."""

    def __init__(self, port: int, lot: str, first_price: int, before: list[Attempt]) -> None:
        self.port, self.lot, self.first_price = port, lot, first_price
        self.before = before
        self.told, self.retried = Told(), Told()
        self.over = threading.Event()

    def client(self, bidder: SeatedBidder) -> None:
        """Hands in bids of one bidder until the connection is cut."""
        organisation = bidder.actor.organisation
        client = BidderClient(self.port, bidder.session)
        try:
            for bid in (each for each in self.before if each.organisation == organisation):
                if not self._hand_in(client, bid, self.retried):
                    return
            for number in range(MOST_BIDS):
                bid = attempt(self.lot, organisation, self.first_price + number, replace=number > 0)
                if self.over.is_set() or not self._hand_in(client, bid, self.told):
                    return
        finally:
            client.close()

    def wait_for(self, count: int) -> None:
        """Returns when so many bids are acknowledged, or when that takes too long."""
        give_up = time.monotonic() + PATIENCE_SECONDS
        while len(self.told.acknowledged) < count and time.monotonic() < give_up:
            time.sleep(0.005)

    def _hand_in(self, client: BidderClient, bid: Attempt, told: Told) -> bool:
        """Whether to go on: the server answered."""
        try:
            client.hand_in(bid)
        except Refusal as refusal:
            told.refused.append(str(refusal))
            return True
        except CUT:
            told.unanswered.append(bid)
            return False
        known = Acknowledged(bid)
        told.acknowledged.append(known)
        try:
            known.receipt = client.receipt(bid.lot)
        except CUT:
            return False
        return True


class Harness:
    """All rounds over one database, and what they came to."""

    def __init__(self, scene: Scene, seed: int) -> None:
        self.scene = scene
        self.rng = random.Random(seed)
        self.audit = Audit()
        self.acts: list[tuple[str, str]] = []
        self.acknowledged: dict[str, list[Acknowledged]] = {each.code: [] for each in scene.lots}
        self.unanswered: list[Attempt] = []
        self.counts: Counter[str] = Counter()
        self.objections: list[str] = []

    def http_kill(self, number: int) -> None:
        """One round with a server of its own."""
        lot = self.scene.lots[number]
        server = Server()
        try:
            server.wait()
            this = Round(server.port, lot.code, 1_000_000, self.unanswered)
            clients = [threading.Thread(target=this.client, args=(each,)) for each in self.scene.bidders]
            for each in clients:
                each.start()
            this.wait_for(self.rng.randint(0, MOST_ACKNOWLEDGED))
            time.sleep(self.rng.uniform(0, LATEST_KILL_SECONDS))
        finally:
            server.kill()
        this.over.set()
        for each in clients:
            each.join()
        self._note(this)
        self.check(lot.code)

    def _note(self, this: Round) -> None:
        for told in (this.told, this.retried):
            for known in told.acknowledged:
                self.acknowledged[known.bid.lot].append(known)
                self.counts["receipts"] += known.receipt is not None
            self.objections += [f"refused: {each}" for each in told.refused]
        answered = {each.bid.key for each in this.retried.acknowledged}
        again = [each for each in self.unanswered if each.key not in answered and each.lot == this.lot]
        self.unanswered = this.told.unanswered + again
        self.counts["repeated"] += len(answered)
        self.counts["unanswered"] += len(this.told.unanswered)

    def verb_kill(self, number: int) -> None:
        """One round with a forked process whose threads call the verb."""
        lot = self.scene.lots[number]
        count, delay = self.rng.randint(0, MOST_ACTS), self.rng.uniform(0, LATEST_KILL_SECONDS)
        before = self.scene.lots[number - 2].code if number > 1 else ""  # its deadline has passed
        opened = bool(before) and number % 2 == 0  # every second time only once the lot before is opened
        acknowledged, acts = forked(self.scene, lot.code, before, count, delay, opened)
        self.acknowledged[lot.code] += acknowledged
        self.acts += acts
        self.counts["receipts"] += len(acknowledged)
        self.counts["other_acts"] += len(acts)
        for kind, name in COUNTED.items():
            self.counts[name] += sum(each == kind for each, _ in acts)
        self.check(lot.code)

    def check(self, lot: str) -> None:
        """Audits what came since the last kill."""
        self.counts["kills"] += 1
        settle()
        self.objections += self.audit.objections()
        self.objections += acknowledged_objections(self.acknowledged[lot], lot)

    def pass_deadline(self, number: int) -> None:
        """The clock passes the deadline of a lot and the grace of its closing, while nobody serves."""
        advance_rehearsal(self.scene.lots[number].deadline_at + APART / 2, SYSTEM_ACTOR)

    def finish(self) -> None:
        """Closes what is still to be closed, then audits everything from the beginning."""
        for number in range(len(self.scene.lots)):
            self.counts["closed_by_servers"] += (
                trading.find_lot(self.scene.lots[number].code).stage != "bidding"
            )
        self.pass_deadline(-1)
        give_up = time.monotonic() + 120
        while any(trading.find_lot(each.code).stage == "bidding" for each in self.scene.lots):
            work((trading.READER,), trading.DUTIES, business_now())
            if time.monotonic() > give_up:
                self.objections.append("lots were not closed")
                break
        settle()
        self.audit.again()
        self.objections += self.audit.objections()
        self.objections += act_objections(self.acts)
        for lot, told in self.acknowledged.items():
            self.objections += acknowledged_objections(told, lot)
            self.objections += closing_objections(lot)
            self.counts["acknowledged"] += len(told)
        self.counts["envelopes"], self.counts["entries"] = self.audit.envelopes, self.audit.entries


def measured(kills: int, level: str, seed: int, scene: Scene) -> dict[str, Any]:
    """Kills so many servers over the database of the environment; counts and objections."""
    harness = Harness(scene, seed)
    kill: Callable[[int], None] = harness.http_kill if level == HTTP else harness.verb_kill
    begun = time.monotonic()
    for number in range(kills):
        kill(number)
        if number:
            harness.pass_deadline(number - 1)
        print(
            f"kill {number + 1}: {dict(harness.counts)} {harness.objections[:3]}", file=sys.stderr, flush=True
        )
    harness.finish()
    seconds = time.monotonic() - begun
    return {**harness.counts, "seconds": round(seconds), "objections": harness.objections}


def main(kills: int, level: str, seeds: list[int]) -> None:
    """Prepares once; then, for each seed, a process of its own measures over what was prepared. JSON, a line a seed."""
    scene = prepare(kills + 1, CLIENTS, decided=0 if level == HTTP else max(2, kills // 2))
    with prepared() as restore:
        for number, seed in enumerate(seeds):
            if number:
                restore()
            child = os.fork()
            if child == 0:
                try:
                    print(json.dumps(measured(kills, level, seed, scene)), flush=True)
                except BaseException:
                    traceback.print_exc()
                    os._exit(1)
                os._exit(0)
            if os.waitpid(child, 0)[1]:
                sys.exit(f"seed {seed}: the measurement itself broke")


if __name__ == "__main__":
    main(int(sys.argv[1]), sys.argv[2], [int(each) for each in sys.argv[3:]])
