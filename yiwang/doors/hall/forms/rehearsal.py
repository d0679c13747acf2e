"""The rehearsal clock."""

from __future__ import annotations

from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Instant, said


class ClockForm(HouseForm):
    """An instant to which the rehearsal clock moves."""

    to = Instant(label=said("前进到", "Move to"), required=False)
