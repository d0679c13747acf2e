"""Prints the journal of a simulated city, salts, commitments and ``prev`` aside: ``python -m … SEED LIMIT``.

The invariants are looked at at the end only: what is tested is that the same seed gives the same.
"""

import json
import sys

import django

django.setup()

from django.core.management import call_command

from yiwang.business.trading import api as trading
from yiwang.common.notices import api as notices
from yiwang.pure.kernel.canonical import loads
from yiwang.record.journal.api import found, public_feed
from yiwang.record.journal.models import Entry
from yiwang.site.simulation.running import FOUNDED_AT, build

seed, limit = int(sys.argv[1]), int(sys.argv[2])
duties = {**notices.DUTIES, **trading.DUTIES}
call_command("migrate", verbosity=0)
found("rehearsal", FOUNDED_AT)
build(seed, (trading.READER,), duties, limit=limit, watched=False)
numbers = {each.id: each.number for each in public_feed(0, 100_000)}
for row in Entry.objects.order_by("id"):
    leaf = loads(bytes(row.leaf))
    known = {key: value for key, value in leaf.items() if key not in ("c", "prev")}
    print(json.dumps([row.kind, row.about, row.n, numbers.get(row.id), known], sort_keys=True))
