"""Bids handed in by 16 and 64 clients to one lot, over HTTP, on SQLite and PostgreSQL (with fsync).

Every client is another bidder: a first bid, then replacements, each with a small PDF, each followed by the download of
the receipt. Client and server share the machine. None may be refused, and every receipt must be found in the
database afterwards. ``python -m bench.submissions [--clients 16 64] [--bids 6] [--database sqlite postgres]``.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from concurrent.futures import ThreadPoolExecutor
from statistics import median
from time import perf_counter
from typing import Any

from bench.bidding import BidderClient, Refusal, attempt
from bench.servers import POSTGRES, SQLITE, database, machine, run_inside, serving
from bench.verdicts import Verdicts

INSIDE_SECONDS = 900


def main(arguments: list[str]) -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--clients", type=int, nargs="+", default=[16, 64])
    parser.add_argument("--bids", type=int, default=6, help="bids of each client")
    parser.add_argument("--database", nargs="+", default=[SQLITE, POSTGRES], choices=[SQLITE, POSTGRES])
    parser.add_argument("--inside", action="store_true", help=argparse.SUPPRESS)
    options = parser.parse_args(arguments)
    if options.inside:
        for row in measured(options.clients, options.bids):
            print(json.dumps(row), flush=True)
        return 0
    print(f"bids to one lot over HTTP ({machine()})")
    verdicts = Verdicts("submissions")
    for name in options.database:
        for row in _rows(name, options.clients, options.bids):
            what = f"{name}, {row['clients']} clients, {row['bids']} bids"
            verdicts.most(f"{what}: refused or lost", row["refused"] + row["lost"], 0, "", 0)
            verdicts.note(f"{what}: bids a second", f"{row['per_second']:.1f}")
            verdicts.note(f"{what}: p50, p99", f"{row['p50_ms']:.0f}, {row['p99_ms']:.0f} ms")
    return verdicts.status


def _rows(name: str, clients: list[int], bids: int) -> list[dict[str, Any]]:
    asked = ["--inside", "--bids", str(bids), "--clients", *map(str, clients)]
    with database(name) as environment:
        return [
            json.loads(line) for line in run_inside("bench.submissions", environment, asked, INSIDE_SECONDS)
        ]


def measured(clients: list[int], bids: int) -> list[dict[str, Any]]:
    """One row for each number of clients, each with a lot of its own, over the database of the environment."""
    from bench.tenders import prepare

    scene = prepare(len(clients), max(clients))
    rows = []
    with serving() as server:
        for lot, count in zip(scene.lots, clients, strict=True):
            chosen = scene.bidders[:count]
            with ThreadPoolExecutor(count) as pool:
                begun = perf_counter()
                told = list(
                    pool.map(lambda each, code=lot.code: _bidder(server.port, each, code, bids), chosen)
                )
                took = perf_counter() - begun
            rows.append((lot.code, count, took, told))
    return [_row(*each) for each in rows]


def _bidder(port: int, bidder: Any, lot: str, bids: int) -> tuple[list[float], list[dict[str, Any]], int]:
    """What one bidder saw: milliseconds of each acknowledged bid, receipts, refusals."""
    client = BidderClient(port, bidder.session, timeout_seconds=120)
    spent, receipts, refused = [], [], 0
    for number in range(bids):
        bid = attempt(lot, bidder.actor.organisation, 1_000_000 + number, replace=number > 0)
        begun = perf_counter()
        try:
            client.hand_in(bid)
            spent.append((perf_counter() - begun) * 1000)
            receipts.append(client.receipt(lot))
        except Refusal as refusal:
            print(f"refused: {refusal}", file=sys.stderr)
            refused += 1
    client.close()
    return spent, receipts, refused


def _row(
    lot: str, clients: int, took: float, told: list[tuple[list[float], list[dict[str, Any]], int]]
) -> dict[str, Any]:
    """The figures of one run, after every receipt was looked up in the database."""
    from yiwang.business.trading.models import Envelope

    kept = {each.code: each for each in Envelope.objects.filter(lot__code=lot)}
    spent = sorted(each for times, _, _ in told for each in times)
    receipts = [each for _, found, _ in told for each in found]
    found = [each for each in receipts if each["envelope"] in kept]
    same = [each for each in found if kept[each["envelope"]].leaf_hash == each["leaf_hash"]]
    return {
        "clients": clients,
        "bids": len(spent),
        "refused": sum(refused for _, _, refused in told),
        "lost": len(receipts) - len(same) + abs(len(kept) - len(spent)),
        "per_second": len(spent) / took,
        "p50_ms": median(spent),
        "p99_ms": spent[min(len(spent) - 1, int(len(spent) * 0.99))],
        "load": os.getloadavg()[0],
    }


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
