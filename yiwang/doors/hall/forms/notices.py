"""The tender notice and the other notices of a lot: timetable, terms, confirmation and check of form."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.business.trading.api import MethodTerms, Terms
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Amount, Day, Instant, Number, Text, Uploads, said


class TermsForm(HouseForm):
    """Timetable and terms of a tender. The law's minima are proposed; a shorter one is refused at its field."""

    publish_at = Instant(
        label=said("公告发布时间", "Publication of the notice"),
        help_text=said(
            "北京时间。可改动；最终由招标人确认时确定。",
            "Beijing time. The tenderee fixes it when confirming.",
        ),
    )
    documents_from_at = Instant(label=said("招标文件获取开始", "Documents available from"))
    documents_until_on = Day(
        label=said("招标文件获取截止日", "Documents available until (day)"),
        help_text=said("至当日24时。", "To the end of that day."),
    )
    deadline_at = Instant(label=said("投标截止时间（开标时间）", "Deadline for bids (opening)"))
    opening_place = Text(label=said("开标地点", "Place of the opening"), max_length=200)
    qualification = Text(
        label=said("投标人资格要求", "Qualification that bidders need"), rows=5, max_length=10_000
    )
    consortium_allowed = forms.BooleanField(label=said("接受联合体投标", "Consortia may bid"), required=False)
    ceiling_fen = Amount(
        label=said("最高投标限价（元）", "Ceiling price (yuan)"),
        required=False,
        help_text=said("不设限价的留空。", "Leave empty for none."),
    )
    deposit_fen = Amount(
        label=said("投标保证金（元）", "Deposit (yuan)"),
        help_text=said("不收取的填 0。", "Enter 0 for none."),
    )
    validity_days = Number(
        label=said("投标有效期（日历天）", "Bids stay valid for (calendar days)"), min_value=1
    )
    period_days = Number(label=said("工期（日历天）", "Period of the works (calendar days)"), min_value=1)
    papers = Uploads(
        label=said("招标文件", "Tender documents"),
        help_text=said("可一次选择多个文件；已上传的会保留。", "Several at once; what is uploaded is kept."),
    )

    def terms(self, papers: list[tuple[str, str]], method: MethodTerms) -> Terms:
        """The terms as typed, with the stored ``papers`` (sha256, name) and the method. Only after ``is_valid()``."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "papers"}
        return Terms(**{"consortium_allowed": False, **typed}, papers=papers, method=method)


class PublicityForm(HouseForm):
    """Publicity of the shortlisted bidders."""

    publish_at = Instant(label=said("公示发布时间", "Publicity starts"))
    publicity_until_on = Day(
        label=said("公示截止日", "Last day of the publicity"),
        help_text=said("至当日24时。", "To the end of that day."),
    )
    contact = Text(
        label=said("异议渠道和联系方式", "Where and how to object"),
        max_length=300,
        help_text=said(
            "投标人或者其他利害关系人应当在公示期间提出异议（招标投标法实施条例第五十四条）。",
            "Bidders and others concerned object while publicity runs (Implementing Regulations of the Bidding Law, art. 54).",
        ),
    )


class ConfirmForm(HouseForm):
    """The tenderee's confirmation of a notice."""

    publish_at = Instant(label=said("发布时间", "Instant of publication"))


class ReturnForm(HouseForm):
    """What the form of a notice lacks, in the centre's words."""

    reasons = Text(
        label=said(
            "退回理由（形式上缺什么、请怎样改）",
            "Why it is returned: what the form lacks, and how to mend it",
        ),
        rows=4,
        max_length=2000,
    )


def closed_fields(form: forms.Form, *names: str) -> forms.Form:
    """The form without ``names``: for notices that lack them."""
    for name in names:
        form.fields.pop(name)
    return form


def initial_of(lot: Any) -> dict[str, Any]:
    """What the form already knows of a lot: a returned notice is drafted again from its last terms."""
    return {
        "opening_place": lot.opening_place,
        "qualification": lot.qualification,
        "consortium_allowed": lot.consortium_allowed,
        "ceiling_fen": lot.ceiling_fen,
        "deposit_fen": lot.deposit_fen,
        "validity_days": lot.validity_days or 90,
        "period_days": lot.period_days or None,
    }
