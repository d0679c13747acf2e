"""A process that records in four threads until it is killed: ``python -m tests.journal.recorder``.

One line for each entry once its act is committed: ``about n leaf_hash``. With ``migrate`` as its argument it only
makes the journal's tables.
"""

from __future__ import annotations

import os
import sys
import threading
from datetime import UTC, datetime

import django
from django.core.management import call_command

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "yiwang.site.settings")
django.setup()

from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.pure.kernel.refs import Ref
from yiwang.record.journal.api import act, kind, record, sequence

AT = datetime(2026, 3, 2, 2, tzinfo=UTC)
DONE = kind("thing-done", public="now", zh="事项", en="Thing done")
HIDDEN = kind("thing-hidden", public="after:thing-done", zh="事项", en="Thing hidden")
PRINTING = threading.Lock()


def work(thread: int) -> None:
    number = 0
    while True:
        number += 1
        about = Ref("tests", "thread", f"T{number % 3}")
        with act():
            one = record(
                HIDDEN, about=about, by=SYSTEM_ACTOR, at=AT, facts={"thread": thread, "number": number}
            )
            two = record(DONE, about=about, by=SYSTEM_ACTOR, at=AT, facts={"after": one.n})
        with PRINTING:
            os.write(1, b"".join(f"{each.about} {each.n} {each.leaf_hash}\n".encode() for each in (one, two)))
        if number % 5 == 0:
            sequence(limit=20)


if __name__ == "__main__":
    if "migrate" in sys.argv:
        call_command("migrate", "journal", verbosity=0, skip_checks=True)
    else:
        for thread in range(4):
            threading.Thread(target=work, args=(thread,)).start()
