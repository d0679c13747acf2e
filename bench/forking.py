"""A forked process whose threads call the verbs of trading, killed after some acknowledgements.

Bidders take the documents, ask, bid, replace and withdraw in one lot while the centre closes, opens and evaluates the
lot of the round before, to whose opening a bidder objects, and the tenderee awards others, signs and pays back. What a verb has returned for is told through a pipe, in one line, and must be there afterwards.
"""

from __future__ import annotations

import io
import json
import os
import random
import signal
import threading
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import asdict

from bench.tenders import Scene, SeatedBidder  # isort: skip - it sets Django up
from django.db import connection

from bench.audit import Acknowledged
from bench.bidding import Attempt, attempt
from yiwang.business.trading import api as trading
from yiwang.pure.kernel.days import local_day
from yiwang.pure.kernel.findings import Refused
from yiwang.record.files import api as files
from yiwang.record.journal.api import business_now
from yiwang.site.worker import start_in_thread

PATIENCE_SECONDS = 20.0
MOST_ACTS = 2000  # of one bidder in one round
CLIENTS = 4
DRAWN = trading.DrawnElsewhere(pool="省综合评标专家库", record="2026-1")
Act = tuple[str, str]  # the kind of the entry, and what it is about
KINDS = ("technical", "economic", "technical", "technical", "representative")


def forked(
    scene: Scene, lot: str, before: str, count: int, delay: float, opened: bool = False
) -> tuple[list[Acknowledged], list[Act]]:
    """Bids and other acts that a forked process acknowledged before it was killed.

    That is ``delay`` seconds after ``count`` of them, or with ``opened`` after the lot ``before`` was closed, and opened or
    failed.
    """
    connection.close()
    heard, told = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(heard)
        _child(scene, lot, before, told)
    os.close(told)
    patience = threading.Timer(PATIENCE_SECONDS, os.kill, (child, signal.SIGKILL))
    patience.start()
    with os.fdopen(heard, "rb") as pipe:
        lines = []
        while (opened or len(lines) < count) and (line := pipe.readline()):
            lines.append(line)
            opened = opened and b"bids-opened" not in line and b"lot-failed" not in line
        time.sleep(delay)
        os.kill(child, signal.SIGKILL)
        lines += pipe.readlines()
    patience.cancel()
    patience.join()
    os.waitpid(child, 0)
    bids: list[Acknowledged] = []
    acts: list[Act] = []
    for said in (
        json.loads(line) for line in lines if line.endswith(b"\n")
    ):  # others were never said to the end
        if "bid" in said:
            bids.append(Acknowledged(Attempt(**said["bid"]), said["receipt"]))
        else:
            acts.append((said["kind"], said["about"]))
    return bids, acts


def _child(scene: Scene, lot: str, before: str, told: int) -> None:
    """The forked process: a worker, a thread for each bidder and one for the centre, until it is killed."""
    start_in_thread()

    def say(what: dict[str, object]) -> None:
        os.write(told, json.dumps(what).encode() + b"\n")  # < PIPE_BUF: whole

    threads = [threading.Thread(target=_bidder, args=(each, lot, say)) for each in scene.bidders[:CLIENTS]]
    threads.append(threading.Thread(target=_centre, args=(scene, before, say)))
    threads.append(threading.Thread(target=_host, args=(scene, say)))
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    os._exit(0)


def _bidder(bidder: SeatedBidder, lot: str, say: Callable[[dict[str, object]], None]) -> None:
    """What one bidder does in the lot."""
    by, rng, standing = bidder.actor, random.Random(f"{lot}{bidder.actor.organisation}"), False
    taking = trading.take_documents(by, lot, business_now())
    say({"kind": "documents-taken", "about": f"trading:taking:{taking.code}"})
    for number in range(MOST_ACTS):
        chance = rng.random()
        if chance < 0.1:
            asked = trading.ask(by, lot, f"第{number}问", [], business_now())
            say({"kind": "question-asked", "about": str(asked.ref)})
        elif chance < 0.2 and standing:
            own = trading.own_envelope(trading.find_lot(lot), by.organisation)
            assert own is not None
            trading.withdraw_bid(by, lot, business_now())
            say({"kind": "bid-withdrawn", "about": str(own.ref)})
            standing = False
        else:
            say(_handed_in(bidder, lot, number, standing))
            standing = True


def _handed_in(bidder: SeatedBidder, lot: str, number: int, replace: bool) -> dict[str, object]:
    bid = attempt(lot, bidder.actor.organisation, 1_000_000 + number, replace=replace)
    text = f"%PDF-1.4\n% {bid.key}\n%%EOF\n".encode()
    paper = files.store(io.BytesIO(text), name="bid.pdf", max_bytes=len(text), types=files.BID_TYPES)
    sheet = trading.SheetFacts(
        price_fen=bid.price_yuan * 100,
        period_days=180,
        deposit_fen=10_000_000,
        quality="合格",
        manager="张建国",
        manager_certificate="甘262000000001",
    )
    receipt = trading.submit_bid(
        bidder.actor, lot, sheet, [(paper.sha256, "bid.pdf")], business_now(), replace=bid.replace
    )
    return {"bid": asdict(bid), "receipt": receipt.as_json()}


def _centre(scene: Scene, lot: str, say: Callable[[dict[str, object]], None]) -> None:
    """The centre waits for the closing of the lot of the round before, opens it and has it evaluated."""
    if not lot:
        return
    about = str(trading.find_lot(lot).ref)
    while trading.find_lot(lot).stage == "bidding":
        time.sleep(0.05)
    if trading.find_lot(lot).stage == "failed":  # too few bidders in a round that was short
        say({"kind": "lot-failed", "about": about})
        return
    with suppress(Refused):
        bids = trading.open_bids(scene.centre, lot, business_now())
        say({"kind": "bids-opened", "about": about})
        _objected(scene, lot, bids[-1].bidder, say)
        members = [trading.MemberFacts(name=f"专家{n}", kind=kind) for n, kind in enumerate(KINDS)]
        trading.enter_committee(scene.centre, lot, members, business_now(), DRAWN)
        say({"kind": "committee-entered", "about": about})
        for each in bids:
            trading.evaluate_bid(scene.centre, lot, each.bidder, each.price_fen, "", business_now())
            say({"kind": "bid-evaluated", "about": about})


def _objected(scene: Scene, lot: str, bidder: str, say: Callable[[dict[str, object]], None]) -> None:
    """A bidder objects to the opening and is answered there."""
    about = str(trading.find_lot(lot).ref)
    by = next(each.actor for each in scene.bidders if each.actor.organisation == bidder)
    objection = trading.object_to_opening(by, lot, "唱标的工期与投标文件不一致。", [], business_now())
    say({"kind": "opening-objected", "about": about})
    trading.answer_objection(scene.host, objection.code, "宣读无误。", [], False, business_now())
    say({"kind": "objection-answered", "about": about})


def _host(scene: Scene, say: Callable[[dict[str, object]], None]) -> None:
    """The tenderee goes on with a decided lot where the process before was killed: award, contract, refunds."""
    for code in scene.decided:
        lot = trading.find_lot(code)
        rows = trading.opening_rows(lot, everything=True)
        refunds = trading.refunds_for(scene.host, business_now(), lot)
        if sum(each.done_on is not None for each in refunds) == len(rows):
            continue  # all of it was done by those who were killed before
        first = next(each for each in rows if each.rank == 1)
        if lot.stage == "publicity-ended":
            trading.award(scene.host, code, first.bidder, business_now())
            say({"kind": "award-decided", "about": str(lot.ref)})
            lot.refresh_from_db()
        if lot.stage == "awarded":
            now, price = business_now(), first.price_fen
            trading.sign_contract(scene.host, code, f"HT-{code}", price, 0, local_day(now), now)
            say({"kind": "contract-signed", "about": str(lot.ref)})
        _paid_back(scene, code, len(rows), say)
        return


def _paid_back(scene: Scene, code: str, owed: int, say: Callable[[dict[str, object]], None]) -> None:
    """Every deposit goes back once the worker has put on record that it is owed."""
    lot = trading.find_lot(code)
    while len(found := trading.refunds_for(scene.host, business_now(), lot)) < owed:
        time.sleep(0.02)
    for each in found:
        if each.done_on is None:
            now = business_now()
            trading.note_refund(scene.host, each.code, local_day(now), now)
            say({"kind": "refund-done", "about": f"funds:refund:{each.code}"})
