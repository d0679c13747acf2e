"""Who paid the deposits of a lot."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from django.forms import BoundField

from yiwang.business.trading import api as trading
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Text, said


class PayersForm(HouseForm):
    """For every opened bid the holder and the number of the account that its deposit came from; both may stay empty."""

    def __init__(
        self,
        bids: Sequence[trading.OpeningRow],
        known: Mapping[str, tuple[str, str]],
        *args: Any,
        **options: Any,
    ) -> None:
        super().__init__(*args, **options)
        self.bids = list(bids)
        for each in self.bids:
            payer, tail = known.get(each.bidder, ("", ""))
            self.fields[f"payer-{each.bidder}"] = Text(
                label=said("付款账户户名", "Holder of the account"),
                required=False,
                initial=payer,
                strip=True,
            )
            self.fields[f"account-{each.bidder}"] = Text(
                label=said("付款账号", "Number of the account"),
                required=False,
                max_length=60,
                help_text=said(
                    f"已登记，尾号 {tail}；不改的留空。",
                    f"Noted, it ends with {tail}; leave it empty to keep it.",
                )
                if tail
                else "",
            )

    @property
    def rows(self) -> Iterator[tuple[trading.OpeningRow, BoundField, BoundField]]:
        """Each bid with its two fields."""
        for each in self.bids:
            yield each, self[f"payer-{each.bidder}"], self[f"account-{each.bidder}"]

    def given(self) -> list[trading.PayerFacts]:
        """What was typed, for every bid. Only after ``is_valid()``."""
        typed = self.cleaned_data
        return [
            trading.PayerFacts(each.bidder, typed[f"payer-{each.bidder}"], typed[f"account-{each.bidder}"])
            for each in self.bids
        ]
