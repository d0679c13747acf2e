"""The public calculation of an award as programs read it, kept for what it depends on: same record, same bytes.

Only what came out whole is kept: where a document could not be read, it is tried again the next time.
"""

from __future__ import annotations

import threading
import zlib
from collections import OrderedDict
from collections.abc import Callable

from pydantic_core import to_json

from yiwang.business.trading.calculation_json import calculation_json
from yiwang.business.trading.models import Award
from yiwang.business.trading.recomputing import calculation_digest, calculation_of

MOST_KEPT = 1000  # packed: some kilobytes each

_kept: OrderedDict[str, bytes] = OrderedDict()
_lock = threading.Lock()


def calculation_text(lot_code: str, before: Callable[[], None]) -> bytes | None:
    """The calculation as JSON; None before the award is public. ``before`` is called where it has to be made, and may raise."""
    if not Award.objects.filter(lot__code=lot_code, withdrawn_at=None).exists():
        return None
    place = f"{lot_code} {calculation_digest(lot_code)}"
    with _lock:
        packed = _kept.get(place)
        if packed is not None:
            _kept.move_to_end(place)
    if packed is not None:
        return zlib.decompress(packed)
    before()
    made = calculation_of(lot_code)
    if made is None:
        return None
    text = to_json(calculation_json(made))
    if made.sections and not made.findings:
        _keep(place, zlib.compress(text))
    return text


def _keep(place: str, packed: bytes) -> None:
    with _lock:
        _kept[place] = packed
        while len(_kept) > MOST_KEPT:
            _kept.popitem(last=False)
