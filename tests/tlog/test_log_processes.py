"""Real processes: a writer killed with SIGKILL at any moment, and a reader beside a writer that does not stop."""

from __future__ import annotations

import random
import subprocess
import sys
import time
from pathlib import Path

from tests.tlog.worlds import AT, ORIGIN, memory_log
from yiwang.pure.tlog.api import FolderStorage, Log, audit_log, begin_log

ROOT = Path(__file__).parent.parent.parent
EXPECTED = memory_log(0)


def expected_root(size: int) -> bytes:
    if size > EXPECTED.size:
        EXPECTED.append(b"entry %d" % number for number in range(EXPECTED.size, size))
    return EXPECTED.root(size)


def begun(folder: Path) -> Path:
    with FolderStorage(folder, writer=True) as storage:
        begin_log(storage, ORIGIN, AT)
    return folder


def writer(folder: Path, seed: int) -> subprocess.Popen[bytes]:
    command = [sys.executable, "-m", "tests.tlog.working", str(folder), str(seed)]
    return subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE)


def test_a_writer_killed_at_any_moment_loses_nothing_that_it_said(tmp_path):
    begun(tmp_path)
    chance = random.Random(7)
    for round_ in range(12):
        process = writer(tmp_path, round_)
        assert process.stdout is not None
        process.stdout.readline()  # it has begun
        time.sleep(chance.random() * 0.15)
        process.kill()
        said = process.stdout.read().split()
        process.stdout.close()
        process.wait()
        with FolderStorage(tmp_path, writer=True) as storage:
            log = Log(storage, writer=True)
            assert log.size >= (int(said[-1]) if said and said[-1] else 0)
            assert log.root() == expected_root(log.size)
            assert audit_log(log).findings == ()
    assert log.size > 1000


def test_a_reader_beside_a_writer_always_sees_a_whole_log(tmp_path):
    process = writer(begun(tmp_path), 1)
    assert process.stdout is not None
    process.stdout.readline()
    reader = Log(FolderStorage(tmp_path))
    sizes = set()
    until = time.monotonic() + 2
    while time.monotonic() < until:
        reader.refresh()
        assert reader.root() == expected_root(reader.size)
        last = reader.last_checkpoint()
        assert last is not None
        sizes.add(reader.size)
    process.kill()
    process.stdout.close()
    process.wait()
    assert len(sizes) > 5
