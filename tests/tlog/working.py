"""A writer in a process of its own: adds batches to the log in a folder until it is killed, and says how far it is."""

from __future__ import annotations

import random
import sys
from pathlib import Path

from tests.tlog.worlds import AT, LOG_KEY, entries
from yiwang.pure.tlog.api import FolderStorage, Log, sign_checkpoint

if __name__ == "__main__":
    folder, seed = Path(sys.argv[1]), int(sys.argv[2])
    chance = random.Random(seed)
    with FolderStorage(folder, writer=True, tail_limit=20_000) as storage:
        log = Log(storage, writer=True)
        while log.size < 200_000:
            log.append(entries(log.size, log.size + chance.choice([1, 1, 7, 100, 256, 600])))
            sign_checkpoint(log, [LOG_KEY], AT)
            print(log.size, flush=True)
