"""Named points of an act at which a process may die: for simulations, which die there on purpose."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

BEFORE_COMMIT = "before-commit"
"""Everything of the act is done, nothing is durable."""
AFTER_COMMIT = "after-commit"
"""The act is durable, nobody has been answered."""
READ = "read"
"""A reader has taken an entry, its cursor does not say so yet."""
DUTY = "duty"
"""A worker has claimed a duty and not begun it."""
POINTS = (BEFORE_COMMIT, AFTER_COMMIT, READ, DUTY)

_hook: Callable[[str], None] | None = None


def passing(point: str) -> None:
    """Says that this thread passes ``point``."""
    if _hook is not None:
        _hook(point)


@contextmanager
def watched(hook: Callable[[str], None]) -> Iterator[None]:
    """``hook`` is told of every point that this process passes; what it raises is raised there. Not in production."""
    global _hook
    before, _hook = _hook, hook
    try:
        yield
    finally:
        _hook = before
