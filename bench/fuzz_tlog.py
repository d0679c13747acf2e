"""Fuzzes every parser of the transparency log: ``python -m bench.fuzz_tlog [--seconds 600] [--jobs 2] [NAME …]``.

A parser must refuse or give back byte for byte what it read; anything else is a finding (``bench.fuzzing``).
"""

from __future__ import annotations

import sys
from collections.abc import Callable
from contextlib import AbstractContextManager
from typing import Any

from bench import fuzzing


def load(name: str, instrumented: Callable[[list[str]], AbstractContextManager[Any]]) -> fuzzing.Target:
    """The target of one parser, and the texts to begin from."""
    with instrumented(["yiwang.pure.tlog"]):
        from tests.tlog.parsers import PARSERS
        from yiwang.pure.kernel.findings import Refused

    parser, seeds = PARSERS[name]

    def target(raw: bytes) -> None:
        try:
            given = parser(raw)
        except Refused:
            return
        if given != raw:
            raise AssertionError(f"{name}: {raw!r} came back as {given!r}")

    return target, list(seeds)


def names() -> list[str]:
    """Every parser by name."""
    from tests.tlog.parsers import PARSERS

    return list(PARSERS)


if __name__ == "__main__":
    sys.exit(fuzzing.main("bench.fuzz_tlog", __doc__, names, load))
