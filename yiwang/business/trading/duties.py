"""What the agenda makes this room do when an instant comes."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from yiwang.business.trading.services.announcing import (
    END_PUBLICITY_DUTY,
    end_publicity,
    publish_when_due,
)
from yiwang.business.trading.services.bidding import close_lot
from yiwang.business.trading.services.deadlines import CLOSE_DUTY
from yiwang.business.trading.services.prequalifying import close_applications
from yiwang.common.notices import api as notices
from yiwang.record.journal.api import Due, Duty


def _close(due: Due, now: datetime) -> None:
    """Of applications or of bids, whichever the lot is open for."""
    close_applications(due.about.code, now)
    close_lot(due.about.code, now)


def _end_publicity(due: Due, now: datetime) -> None:
    end_publicity(due.about.code, now)


DUTIES: Mapping[str, Duty] = {
    CLOSE_DUTY: _close,
    END_PUBLICITY_DUTY: _end_publicity,
    # Notices publishes; for a lot's notices this room is asked first whether they still may appear.
    notices.PUBLISH_DUTY: publish_when_due,
}
