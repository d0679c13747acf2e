"""The word of a member of a consortium."""

from __future__ import annotations

from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Text, said


class ConsentForm(HouseForm):
    """Under which leader the own organisation bids."""

    leader = Text(
        label=said("牵头人的统一社会信用代码", "Credit code of the leader"),
        max_length=18,
        help_text=said("18 位，由牵头人告知。", "18 characters; the leader knows it."),
    )
