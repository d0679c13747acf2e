"""One notice for several lots of a project: what is common to them, and what each lot says for itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

from django.http import QueryDict
from django.utils.datastructures import MultiValueDict

from yiwang.business.trading.api import LotTerms, MethodTerms, Terms
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Amount, Number, Text, Uploads, said
from yiwang.doors.hall.forms.notices import PublicityForm, TermsForm, closed_fields, initial_of
from yiwang.doors.hall.forms.others import ChosenLots
from yiwang.doors.hall.forms.together import LotsForm
from yiwang.doors.hall.papers import KIND_SIGN, Paper

OF_A_LOT = ("ceiling_fen", "deposit_fen", "period_days")


class LotTermsForm(HouseForm):
    """What the tender notice says of one lot alone."""

    ceiling_fen = Amount(
        label=said("最高投标限价（元）", "Ceiling price (yuan)"),
        required=False,
        help_text=said("不设限价的留空。", "Leave empty for none."),
    )
    deposit_fen = Amount(
        label=said("投标保证金（元）", "Deposit (yuan)"),
        help_text=said("不收取的填 0。", "Enter 0 for none."),
    )
    period_days = Number(label=said("工期（日历天）", "Period of the works (calendar days)"), min_value=1)
    qualification = Text(
        label=said("本标段的投标人资格要求", "Qualification for this lot"),
        rows=3,
        max_length=10_000,
        required=False,
        help_text=said("与共同的要求相同的留空。", "Leave empty where it is the common one."),
    )
    papers = Uploads(
        label=said("只属于本标段的招标文件", "Documents of this lot alone"),
        required=False,
        help_text=said("例如本标段的工程量清单。", "Such as its bill of quantities."),
    )

    def __init__(self, lot: Any, *args: Any, chosen: bool, **options: Any) -> None:
        super().__init__(*args, prefix=lot.code, initial=initial_of(lot) | {"qualification": ""}, **options)
        self.lot, self.chosen = lot, chosen
        self.fields["papers"].widget.attrs["data-kind"] = f"{lot.code}{KIND_SIGN}"


class TermsTogetherForm(LotsForm):
    """The terms of several lots that are announced in one notice."""

    aliases = {"documents": "papers"}

    def __init__(
        self,
        data: QueryDict | None,
        files: MultiValueDict[str, Any] | None,
        lots: Sequence[Any],
        chosen: Sequence[str],
        initial: dict[str, Any],
    ) -> None:
        common = closed_fields(TermsForm(data, files, initial=initial), *OF_A_LOT)
        common.fields["papers"].label = said("各标段共同的招标文件", "Documents common to the lots")
        common.fields["papers"].required = False
        super().__init__(
            common, [LotTermsForm(each, data, files, chosen=each.code in chosen) for each in lots]
        )

    def terms(self, papers: Iterable[Paper], method: MethodTerms) -> list[LotTerms]:
        """The terms of the chosen lots as typed; ``papers`` say whose they are. Only after ``is_valid()``."""
        listed = list(papers)
        return [self._terms(each, listed, method) for each in self.chosen]

    def _terms(self, form: Any, papers: list[Paper], method: MethodTerms) -> LotTerms:
        own = {name: form.cleaned_data[name] for name in OF_A_LOT}
        if form.cleaned_data["qualification"].strip():
            own["qualification"] = form.cleaned_data["qualification"]
        theirs = {each.sha256: each.name for each in papers if each.place in ("", form.lot.code)}
        typed = {name: value for name, value in self.common.cleaned_data.items() if name != "papers"}
        return LotTerms(form.lot.code, Terms(**(typed | own), papers=list(theirs.items()), method=method))


class PublicityTogetherForm(ChosenLots, PublicityForm):
    """Publicity of the shortlisted bidders of several lots."""

    field_order = ("lots", "publish_at", "publicity_until_on", "contact")
