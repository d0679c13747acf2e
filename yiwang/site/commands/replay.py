"""``yiwang replay``: real contracts through the real verbs, in a scratch database of its own."""

from __future__ import annotations

import argparse
import json
import random
import sys
from collections import Counter

from django.core.management import call_command

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.days import on_day_at
from yiwang.record.journal.api import found
from yiwang.site.replaying.records import SAMPLE, BadRecords, contracts
from yiwang.site.replaying.running import BEGINS_ON, DIFFERS, EQUAL, REFUSED, SKIPPED, Case, Replay
from yiwang.site.simulation.people import CENTRE_NAME, CENTRE_NAME_EN, REGION, Staff, establish_house
from yiwang.site.stopping import Stop

WORDS = {
    EQUAL: "一致 equal",
    DIFFERS: "不同 differs",
    REFUSED: "依法拒绝 refused",
    SKIPPED: "跳过 skipped",
}


def replay(args: argparse.Namespace) -> int:
    """Replays the contracts of a file and prints what came of each; 0 unless the file cannot be used."""
    path = args.file or SAMPLE
    try:
        recorded = contracts(path, args.country, args.limit)
    except (BadRecords, OSError) as error:
        raise Stop(str(error)) from error
    if not recorded:
        raise Stop(f"{path}: 没有符合条件的合同 / no contract matches")
    call_command("migrate", verbosity=0)
    founded_at = on_day_at(BEGINS_ON.replace(day=1), 9)
    found("rehearsal", founded_at, centre=CENTRE_NAME, centre_en=CENTRE_NAME_EN, region=REGION)
    house = establish_house(random.Random(2025), founded_at)  # noqa: S311 - invented people
    staff = Staff(*house["centre"][:2])
    duties = {**notices.DUTIES, **trading.DUTIES}
    cases = Replay(recorded, staff, duties, lambda title: print(title, file=sys.stderr)).run()
    print(_json(cases) if args.json else _table(cases))
    return 0


def _totals(cases: list[Case]) -> dict[str, int]:
    counted = Counter(each.outcome for each in cases)
    return {outcome: counted[outcome] for outcome in WORDS} | {"contracts": len(cases)}


def _json(cases: list[Case]) -> str:
    rows = [
        {"contract": each.contract.code, "outcome": each.outcome, "reason": each.reason} for each in cases
    ]
    return json.dumps({"totals": _totals(cases), "contracts": rows}, ensure_ascii=False, indent=1)


def _table(cases: list[Case]) -> str:
    lines = [f"{each.contract.code:<16} {WORDS[each.outcome]:<16} {each.reason}" for each in cases]
    totals = _totals(cases)
    lines.append("")
    lines += [f"{words:<18} {totals[outcome]:>6}" for outcome, words in WORDS.items()]
    return "\n".join(lines)
