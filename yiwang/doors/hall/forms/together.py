"""Handing in bids for several lots of a project: one form a lot, and what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from yiwang.business.trading.api import MOST_TOGETHER
from yiwang.common.identity.api import CredentialLine
from yiwang.common.shell.api import say
from yiwang.doors.hall.forms.bidding import PAPER_FIELDS, BidForm
from yiwang.doors.hall.papers import KIND_SIGN
from yiwang.pure.kernel.findings import Finding

SHEET_FIELDS = (
    "price",
    "period_days",
    "deposit",
    "quality",
    "manager_credential",
    "manager",
    "manager_certificate",
)
NOT_OF_A_LOT = ("key", "credentials")


class CommonForm(BidForm):
    """What goes with every bid of the page: verified records and papers; the key that makes a second click harmless."""

    def __init__(self, *args: Any, register: Sequence[CredentialLine] = (), **options: Any) -> None:
        super().__init__(*args, register=register, **options)
        for name in SHEET_FIELDS:
            self.fields.pop(name, None)

    def clean(self) -> dict[str, Any]:
        return self.cleaned_data


class LotBidForm(BidForm):
    """The opening sheet of one lot, and papers for that lot alone. Its fields carry the code of the lot."""

    def __init__(self, lot: Any, *args: Any, chosen: bool, **options: Any) -> None:
        super().__init__(*args, prefix=lot.code, initial={"deposit": lot.deposit_fen}, **options)
        self.lot, self.chosen = lot, chosen
        for name in NOT_OF_A_LOT:
            self.fields.pop(name, None)
        for name, kind in PAPER_FIELDS.items():
            self.fields[name].widget.attrs["data-kind"] = f"{lot.code}{KIND_SIGN}{kind}"

    @property
    def sheet_fields(self) -> list[forms.BoundField]:
        """The inputs of the opening sheet, in order."""
        return [self[name] for name in SHEET_FIELDS if name in self.fields]

    @property
    def paper_fields(self) -> list[forms.BoundField]:
        """The inputs for papers of this lot."""
        return [self[name] for name in PAPER_FIELDS]


class BidsForm:
    """All forms of the page as one, as far as a guided step asks: only the lots that were chosen are looked at."""

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, Any] | None,
        lots: Iterable[Any],
        chosen: Sequence[str],
        *,
        key: str,
        register: Sequence[CredentialLine],
    ) -> None:
        self.common = CommonForm(data, files, initial={"key": key}, register=register)
        self.lots = [
            LotBidForm(each, data, files, chosen=each.code in chosen, register=register) for each in lots
        ]
        self.by_lot = {each.lot.code: each for each in self.lots}
        self.is_bound = self.common.is_bound

    @property
    def forms(self) -> list[BidForm]:
        return [self.common, *self.lots]

    @property
    def chosen(self) -> list[LotBidForm]:
        """The forms of the lots that are bid for."""
        return [each for each in self.lots if each.chosen]

    @property
    def fields(self) -> dict[str, Any]:
        """What a finding may name: a lot by its code, an input of the common part, an input of a lot with its code."""
        of_lots = {
            f"{code}-{name}": field
            for code, form in self.by_lot.items()
            for name, field in form.fields.items()
        }
        return {**dict.fromkeys(self.by_lot), **self.common.fields, **of_lots}

    def is_valid(self) -> bool:
        for each in self.lots:
            if not each.chosen:
                each.errors.clear()  # what stands there is kept as it was typed, and asked about when it is chosen
        return not [each for each in [self.common, *self.chosen] if not each.is_valid()]

    def add_error(self, field: str | None, error: ValidationError | str) -> None:
        """Puts a refusal where it belongs: to the lot that it names, to one of its inputs, or to the common part."""
        code, _, name = (field or "").partition("-")
        if code in self.by_lot:
            self.by_lot[code].add_error(name or None, error)
        else:
            self.common.add_error(field, error)

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Puts every refusal at its place; what belongs to no input stands above the form."""
        for each in findings:
            self.add_error(each.field if each.field in self.fields else None, say(each))

    @property
    def has_errors(self) -> bool:
        return any(each.errors for each in [self.common, *self.chosen])

    @property
    def too_many(self) -> bool:
        """Whether there are more lots than one act takes."""
        return len(self.lots) > MOST_TOGETHER


def bid_fields(codes: Iterable[str]) -> dict[str, str]:
    """The inputs for papers by name, with the kind of what they bring: those of all lots, then those of each."""
    of_lots = {
        f"{code}-{name}": f"{code}{KIND_SIGN}{kind}" for code in codes for name, kind in PAPER_FIELDS.items()
    }
    return {**PAPER_FIELDS, **of_lots}
