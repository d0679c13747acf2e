"""The line over which the city's people send their acts to trading.

In a quiet city it is the room itself. Within :func:`troubled` every verb goes through a :class:`Trouble`, which may
let it come twice, lose its answer or let the process die on the way. Scripts take ``trading`` from here.
"""

from __future__ import annotations

import inspect
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache, partial
from typing import TYPE_CHECKING, Any

from yiwang.business.trading import api

if TYPE_CHECKING:
    from yiwang.site.simulation.faults import Trouble

_trouble: Trouble | None = None


@contextmanager
def troubled(trouble: Trouble | None) -> Iterator[None]:
    """Within the block verbs are sent through ``trouble``; None changes nothing."""
    global _trouble
    before, _trouble = _trouble, trouble
    try:
        yield
    finally:
        _trouble = before


def trouble() -> Trouble | None:
    """What the line suffers from now."""
    return _trouble


@cache
def is_verb(name: str) -> bool:
    """Whether this name of trading is a verb: a function whose first argument is the actor ``by``."""
    given = getattr(api, name)
    return inspect.isfunction(given) and next(iter(inspect.signature(given).parameters), "") == "by"


class _Line:
    """Looks like the room; its verbs go over the line."""

    def __getattr__(self, name: str) -> Any:
        given = getattr(api, name)
        return given if _trouble is None or not is_verb(name) else partial(_trouble.send, given)


trading = _Line()
