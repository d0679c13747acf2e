"""Handing in a bid."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.forms.formsets import BaseFormSet
from django.http import QueryDict

from yiwang.business.trading.api import AGREEMENT, PartnerFacts, SheetFacts
from yiwang.common.identity.api import PERSONNEL, CredentialLine, manager_certificate
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import REQUIRED, Amount, Number, Text, Uploads, said

CERTIFICATE_AT_MOST = 100
FROZEN = said(
    "以核验时的内容冻结为一份快照，连同证明材料一并附上，不必重复上传。",
    "Frozen as they were verified, with their papers; nothing is uploaded again.",
)


def record_words(record: CredentialLine) -> str:
    """A verified record as a form offers it: its name and number."""
    return f"{record.name}（{record.shown.facts.get('number', '')}）"


class BidForm(HouseForm):
    """The opening sheet (开标一览表) and the papers of a bid."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    price = Amount(
        label=said("投标报价（元）", "Price (yuan)"),
        help_text=said("开标时当众宣读，最多两位小数。", "Read out at the opening; at most two decimals."),
    )
    period_days = Number(
        label=said("工期（日历天）", "Period (calendar days)"), min_value=1, max_value=36_500
    )
    deposit = Amount(
        label=said("已交投标保证金（元）", "Deposit paid (yuan)"),
        help_text=said("没有要求的填 0。", "Enter 0 where none is asked."),
    )
    quality = Text(
        label=said("质量承诺", "Promised quality"),
        max_length=200,
        help_text=said(
            "按招标文件的质量标准填写，例如：合格。", "By the standard of the documents, for example: 合格."
        ),
    )
    manager_credential = forms.ChoiceField(
        label=said("从资信记录选择项目经理", "Project manager from your verified records"),
        required=False,
        help_text=said(
            "选择后不必再填写姓名和证书号，证书随投标文件附上。",
            "Then name and certificate need not be typed, and the certificate goes with the bid.",
        ),
    )
    manager = Text(label=said("项目经理", "Project manager"), max_length=60)
    manager_certificate = Text(
        label=said("项目经理注册证书号", "Manager's certificate"),
        max_length=CERTIFICATE_AT_MOST,
        help_text=said("中标候选人公示时公开。", "Published with the publicity of the shortlisted bidders."),
    )
    credentials = forms.MultipleChoiceField(
        label=said("随投标文件附上的资信记录", "Verified records that go with the bid"),
        required=False,
        widget=forms.CheckboxSelectMultiple,
        help_text=FROZEN,
    )
    leader_work = Text(
        label=said("本单位（牵头人）承担的工作", "What your organisation, the leader, takes over"),
        max_length=200,
        required=False,
        help_text=said("单独投标的不填本栏和联合体成员。", "Leave this and the members empty to bid alone."),
    )
    leader_percent = Number(
        label=said("本单位承担工作的比例（%）", "Your share of the work (%)"), max_value=99, required=False
    )
    papers_agreement = Uploads(
        kind=AGREEMENT,
        label=said("共同投标协议", "Consortium agreement"),
        required=False,
        help_text=said(
            "联合体投标必须提交，约定各方承担的工作和责任（招标投标法第三十一条）。",
            "A consortium must hand it in; it says who does what (Bidding Law, art. 31).",
        ),
    )
    papers_technical = Uploads(
        kind="technical",
        label=said("技术文件", "Technical papers"),
        required=False,
        help_text=said(
            "施工组织设计等。可一次选择多个文件，中断后可以继续。",
            "Several at once; an upload that breaks off goes on.",
        ),
    )
    papers_commercial = Uploads(
        kind="commercial",
        label=said("商务文件", "Commercial papers"),
        required=False,
        help_text=said("资格、业绩、人员等证明材料。", "Qualification, performance, personnel."),
    )
    papers_price = Uploads(
        kind="price",
        label=said("报价文件", "Price papers"),
        required=False,
        help_text=said("投标函、已标价工程量清单。", "Letter of tender, priced bill of quantities."),
    )
    papers = Uploads(
        kind="other",
        label=said("其他文件", "Other papers"),
        required=False,
        help_text=said("不属于以上各类的文件。", "What belongs to none of these."),
    )

    def __init__(
        self, *args: Any, register: Sequence[CredentialLine] = (), consortia: bool = False, **options: Any
    ) -> None:
        """``register`` are the verified records of the bidder that are valid now; ``consortia``: they are admitted."""
        super().__init__(*args, **options)
        if not consortia:
            for name in ("leader_work", "leader_percent", "papers_agreement"):
                del self.fields[name]
        self._managers = {each.code: each for each in register if each.kind == PERSONNEL}
        self._offer(
            "manager_credential", list(self._managers.values()), ("", said("自行填写", "Type it below"))
        )
        self._offer("credentials", list(register))
        if self.data.get(self.add_prefix("manager_credential")) in self._managers:
            self.fields["manager"].required = self.fields["manager_certificate"].required = False

    def as_prequalified(self) -> None:
        """The bidder leads the consortium with which it prequalified: who does what is needed, and the agreement.

        What is missing the verb refuses, with the article.
        """
        wanted: list[Any] = [
            self.fields[each] for each in ("leader_work", "leader_percent", "papers_agreement")
        ]
        for field in wanted:
            field.needed = True
        self.fields["leader_work"].help_text = ""

    def _offer(self, name: str, lines: list[CredentialLine], *first: tuple[str, Any]) -> None:
        choices = [(each.code, record_words(each)) for each in lines]
        if choices:
            self.fields[name].choices = [*first, *choices]
        else:
            del self.fields[name]

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        chosen = self._managers.get(typed.get("manager_credential", ""))
        if chosen is not None:
            facts = chosen.shown.facts
            typed["manager"] = str(facts["person_name"])
            typed["manager_certificate"] = manager_certificate(facts, CERTIFICATE_AT_MOST)
        return typed

    def chosen_credentials(self) -> list[str]:
        """The codes of the records that go with the bid. Only after ``is_valid()``."""
        chosen = {*self.cleaned_data.get("credentials", []), self.cleaned_data.get("manager_credential", "")}
        return sorted(chosen - {""})

    def consortium(
        self, leader: tuple[str, str], members: Sequence[PartnerFacts]
    ) -> tuple[PartnerFacts, ...]:
        """The members of the consortium, ``leader`` (code, name) in front; none where nobody else was entered."""
        typed = self.cleaned_data
        if not members and not typed.get("leader_work"):
            return ()
        own = PartnerFacts(
            code=leader[0], name=leader[1], work=typed.get("leader_work", ""),
            percent=typed.get("leader_percent") or 0,
        )  # fmt: skip
        return (own, *members)

    def sheet(self, consortium: tuple[PartnerFacts, ...] = ()) -> SheetFacts:
        """The opening sheet as typed. Only after ``is_valid()``."""
        typed = self.cleaned_data
        return SheetFacts(
            price_fen=typed["price"],
            period_days=typed["period_days"],
            deposit_fen=typed["deposit"],
            quality=typed["quality"],
            manager=typed["manager"],
            manager_certificate=typed["manager_certificate"],
            consortium=consortium,
        )


class PartnerForm(HouseForm):
    """Another member of a consortium. A line that is left empty is no member."""

    code = Text(label=said("统一社会信用代码", "Credit code"), max_length=18, required=False)
    name = Text(label=said("单位名称", "Name"), max_length=120, required=False)
    work = Text(label=said("承担的工作", "What it takes over"), max_length=200, required=False)
    percent = Number(label=said("工作比例（%）", "Share of the work (%)"), max_value=99, required=False)

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        if any(typed.get(each) for each in ("code", "name", "work", "percent")):
            for each in ("code", "name", "work", "percent"):
                if not typed.get(each) and each not in self.errors:
                    self.add_error(each, ValidationError(REQUIRED, code="required"))
        return typed

    def partner(self) -> PartnerFacts | None:
        """The member as typed; None for an empty line. Only after ``is_valid()``."""
        typed = self.cleaned_data
        if not typed.get("code"):
            return None
        return PartnerFacts(
            code=typed["code"].upper(), name=typed["name"], work=typed["work"], percent=typed["percent"]
        )


_MOST_OTHERS = 7
_PartnerForms = forms.formset_factory(PartnerForm, extra=3, max_num=_MOST_OTHERS, absolute_max=_MOST_OTHERS)
_FixedPartners = forms.formset_factory(PartnerForm, extra=0, max_num=_MOST_OTHERS, absolute_max=_MOST_OTHERS)


def partner_forms(
    typed: QueryDict | None, prequalified: Sequence[tuple[str, str]] = ()
) -> BaseFormSet[PartnerForm]:
    """Lines for the other members of a consortium; bound where they were sent: who bids alone leaves them out.

    Members (code, name) that ``prequalified`` with the bidder stand there already, and nobody beside them (招标条例 37).
    """
    sent = typed if typed is not None and "partners-TOTAL_FORMS" in typed else None
    if not prequalified:
        return _PartnerForms(sent, prefix="partners")
    known = [{"code": code, "name": name} for code, name in prequalified]
    lines = _FixedPartners(sent, prefix="partners", initial=known)
    for line in lines:
        for name in ("code", "name"):
            line.fields[name].widget.attrs["readonly"] = True
        every: list[Any] = list(line.fields.values())
        for field in every:
            field.needed = True
    return lines


def partners_in(lines: BaseFormSet[PartnerForm]) -> list[PartnerFacts]:
    """The other members as typed. Only after ``is_valid()``."""
    typed = [each.partner() for each in lines] if lines.is_bound else []
    return [each for each in typed if each is not None]


PAPER_FIELDS = {
    "papers_technical": "technical",
    "papers_commercial": "commercial",
    "papers_price": "price",
    "papers": "other",
}
# With a consortium its agreement comes beside them.
WITH_AGREEMENT = {**PAPER_FIELDS, "papers_agreement": AGREEMENT}
