"""With SQLite one process owns the home folder, and a killed one leaves no lock behind."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from yiwang.record.journal.api import HomeInUse, hold_home, home_in_use

HOLDER = """
import sys, pathlib, time
from yiwang.record.journal.home import hold_home
with hold_home(pathlib.Path(sys.argv[1])):
    print("holding", flush=True)
    time.sleep(60)
"""


def test_a_home_is_held_by_one_at_a_time(tmp_path: Path) -> None:
    home = tmp_path / "new" / "home"
    assert not home_in_use(home)
    with hold_home(home):
        assert home_in_use(home)
        with pytest.raises(HomeInUse, match=str(os.getpid())), hold_home(home):
            raise AssertionError("held twice")
        assert home_in_use(home)
    assert not home_in_use(home)
    with hold_home(home):
        assert home_in_use(home)


def test_a_home_is_free_after_an_error(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="broken"), hold_home(tmp_path):
        raise ValueError("broken")
    assert not home_in_use(tmp_path)


def test_looking_does_not_hold(tmp_path: Path) -> None:
    with hold_home(tmp_path):
        pass
    assert not home_in_use(tmp_path)
    assert not home_in_use(tmp_path)


def test_a_killed_process_leaves_its_home_free(tmp_path: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", HOLDER, str(tmp_path)], stdout=subprocess.PIPE) as holder:
        assert holder.stdout is not None
        assert holder.stdout.readline() == b"holding\n"
        assert home_in_use(tmp_path)
        with pytest.raises(HomeInUse, match=str(holder.pid)), hold_home(tmp_path):
            raise AssertionError("held twice")
        holder.send_signal(signal.SIGKILL)
        holder.wait(10)
    with hold_home(tmp_path):
        assert home_in_use(tmp_path)
