"""Handing in bids for several lots of a project: one form a lot, and what they have in common."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from django import forms
from django.core.exceptions import NON_FIELD_ERRORS
from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from yiwang.business.trading.api import PartnerFacts
from yiwang.common.identity.api import CredentialLine
from yiwang.common.shell.api import HouseForm, say
from yiwang.doors.hall.forms.bidding import WITH_AGREEMENT, BidForm, PartnerForm, partner_forms, partners_in
from yiwang.doors.hall.forms.fields import said
from yiwang.doors.hall.forms.others import ChosenLots
from yiwang.doors.hall.papers import KIND_SIGN
from yiwang.pure.kernel.findings import REFUSAL, Finding

SHEET_FIELDS = (
    "price",
    "period_days",
    "deposit",
    "quality",
    "manager_credential",
    "manager",
    "manager_certificate",
)
NOT_OF_A_LOT = ("key", "credentials", "leader_work", "leader_percent")
FOR_NO_LOT = said(
    "填写了联合体，但所选标段都没有勾选“以联合体投标”：请勾选，或者清空联合体。",
    "A consortium was entered, but no lot chosen is ticked to be bid for by it: tick one, or clear the consortium.",
)


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

    joint = forms.BooleanField(
        label=said("以联合体投标", "Bid as the consortium"),
        required=False,
        help_text=said(
            "成员在下方“联合体”一栏填写；没有填写的，以本单位名义投标。",
            "Its members are entered under “Consortium” below; where none are, your organisation bids alone.",
        ),
    )

    def __init__(self, lot: Any, *args: Any, chosen: bool, consortia: bool, **options: Any) -> None:
        initial = {"deposit": lot.deposit_fen, "joint": True}
        super().__init__(*args, prefix=lot.code, initial=initial, consortia=consortia, **options)
        self.lot, self.chosen = lot, chosen
        for name in (*NOT_OF_A_LOT, *(() if consortia else ("joint",))):
            self.fields.pop(name, None)
        for bound in self.paper_fields:
            self.fields[bound.name].widget.attrs["data-kind"] = (
                f"{lot.code}{KIND_SIGN}{WITH_AGREEMENT[bound.name]}"
            )

    @property
    def sheet_fields(self) -> list[forms.BoundField]:
        """The inputs of the opening sheet, in order."""
        return [self[name] for name in SHEET_FIELDS if name in self.fields]

    @property
    def paper_fields(self) -> list[forms.BoundField]:
        """The inputs for papers of this lot."""
        return [self[name] for name in WITH_AGREEMENT if name in self.fields]

    def is_joint(self) -> bool:
        """Whether the consortium of the page bids for this lot. Only after ``is_valid()``."""
        return bool(self.cleaned_data.get("joint"))


class LotsForm:
    """Forms of several lots and what they have in common as one, as far as a guided step asks.

    Only the lots that were chosen are looked at; what stands at the others is kept as it was typed.
    """

    aliases: Mapping[str, str] = {}

    def __init__(self, common: HouseForm, lots: Sequence[Any]) -> None:
        """``lots`` are forms with ``lot`` and ``chosen``, each with the code of its lot as its prefix."""
        self.common, self.lots = common, lots
        self.by_lot = {each.lot.code: each for each in lots}
        self.is_bound = common.is_bound

    @property
    def forms(self) -> list[Any]:
        return [self.common, *self.lots]

    @property
    def chosen(self) -> list[Any]:
        """The forms of the lots that were chosen."""
        return [each for each in self.lots if each.chosen]

    def is_valid(self) -> bool:
        for each in self.lots:
            if not each.chosen:
                each.errors.clear()
        return not [each for each in [self.common, *self.chosen] if not each.is_valid()]

    @property
    def has_errors(self) -> bool:
        return any(each.errors for each in [self.common, *self.chosen])

    def refuse(self, findings: Iterable[Finding]) -> None:
        """Puts every refusal where it belongs: to the lot that it names, to an input of it or of the common part.

        What is said of an input that the lots share is said once; what belongs to no input stands above the form.
        """
        for each in findings:
            if each.level == REFUSAL:
                self._place(each.field.replace(".", "-"), say(each))

    def _place(self, field: str, said: str) -> None:
        code, _, name = field.partition("-")
        form = self.by_lot.get(code)
        name = self.aliases.get(name, name) if form else self.aliases.get(field, field)
        if form is not None and name not in form.fields and name in self.common.fields:
            form = None
        placed = form or self.common
        where = name if name in placed.fields else None
        if said not in placed.errors.get(where or NON_FIELD_ERRORS, ()):
            placed.add_error(where, said)


class BidsForm(LotsForm):
    """Bids in several lots; one consortium, which bids for those of them that are ticked."""

    aliases = {"consortium": "leader_work"}

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, Any] | None,
        lots: Sequence[Any],
        chosen: Sequence[str],
        *,
        key: str,
        register: Sequence[CredentialLine],
        prequalified: Mapping[str, Sequence[tuple[str, str]]],
    ) -> None:
        """``prequalified``: by lot the other members with which the bidder prequalified, none where it did alone."""
        admitting = {
            each.code for each in lots if each.consortium_allowed and prequalified.get(each.code, (None,))
        }
        super().__init__(
            CommonForm(data, files, initial={"key": key}, register=register, consortia=bool(admitting)),
            [
                LotBidForm(
                    each,
                    data,
                    files,
                    chosen=each.code in chosen,
                    consortia=each.code in admitting,
                    register=register,
                )
                for each in lots
            ],
        )
        self.consortia = bool(admitting)
        self.prequalified_with = next((each for each in prequalified.values() if each), ())
        # Members that stand in the form already are nobody's where no lot chosen is bid for with them.
        ticked = data is not None and any(f"{code}-joint" in data for code in chosen)
        sent = data if admitting and (ticked or not self.prequalified_with) else None
        self.partners = partner_forms(sent, self.prequalified_with)
        if self.prequalified_with:
            self.common.as_prequalified()

    @property
    def forms(self) -> list[Any]:
        return [*super().forms, *self._lines]

    @property
    def _lines(self) -> list[PartnerForm]:
        return self.partners.forms if self.partners.is_bound else []

    @property
    def has_errors(self) -> bool:
        return super().has_errors or any(each.errors for each in self._lines)

    def is_valid(self) -> bool:
        lines = not self.partners.is_bound or self.partners.is_valid()
        if not super().is_valid() or not lines:
            return False
        if self.consortium(("", "")) and not any(each.is_joint() for each in self.chosen):
            self.common.add_error("leader_work", FOR_NO_LOT)
        return not self.has_errors

    def consortium(self, leader: tuple[str, str]) -> tuple[PartnerFacts, ...]:
        """The members as typed, ``leader`` (code, name) in front; none where no other was. Only after ``is_valid()``."""
        return self.common.consortium(leader, partners_in(self.partners)) if self.consortia else ()


class BidsToWithdraw(ChosenLots):
    """Which of the bids that stand are withdrawn."""

    def __init__(self, standing: Sequence[Any], *args: Any, **options: Any) -> None:
        super().__init__(standing, *args, initial={"lots": []}, **options)
        self.fields["lots"].label = said("撤回哪些标段的投标文件", "Bids to withdraw")
        self.fields["lots"].error_messages["required"] = said("请选择标段。", "Choose a lot.")


def bid_fields(codes: Iterable[str]) -> dict[str, str]:
    """The inputs for papers by name, with the kind of what they bring: those of all lots, then those of each."""
    of_lots = {
        f"{code}-{name}": f"{code}{KIND_SIGN}{kind}"
        for code in codes
        for name, kind in WITH_AGREEMENT.items()
    }
    return {**WITH_AGREEMENT, **of_lots}
