"""Complaints to the supervisor: what the complainant writes, what the body decides, what the respondent answers."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Any

from django import forms

from yiwang.business.trading.api import MATTER_WORDS, OUTCOME_WORDS
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Choice, Day, Text, Uploads, said
from yiwang.law import api as law
from yiwang.pure.kernel.words import Words

MAX_TEXT = 4000
YES = "yes"
Options = Sequence[tuple[str, str]]


def _options(words: dict[str, Words]) -> list[tuple[str, str]]:
    return [(value, said(each.zh, each.en)) for value, each in words.items()]


class ComplaintForm(HouseForm):
    """A complaint: what about, of whom, to whom, since when known, facts, request, proof (招标条例 60)."""

    depending = frozenset({"interest", "papers"})
    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    matter = Choice(
        label=said("投诉事项", "What it is about"),
        widget=forms.RadioSelect(),
        choices=_options(MATTER_WORDS),
        help_text=said(
            "就招标文件、开标、评标结果投诉的，应当先向招标人提出异议（招标投标法实施条例第六十条）。",
            "About documents, opening and result an objection to the tenderee comes first (Implementing Regulations of the Bidding Law, art. 60).",
        ),
    )
    respondent = Choice(label=said("被投诉人", "Whom it is about"))
    authority = Choice(label=said("向哪个部门投诉", "The body that you complain to"))
    learnt_on = Day(
        label=said("何日知道或者应当知道", "When you learnt of it"),
        help_text=said(
            "投诉期限从该日的次日起算，异议答复期间不计（招标投标法实施条例第六十条）。",
            "The time for complaining runs from the next day; the time until an objection is answered does not count (Implementing Regulations of the Bidding Law, art. 60).",
        ),
    )
    interest = Text(
        label=said("利害关系", "How it concerns you"),
        rows=3,
        max_length=500,
        required=False,
        help_text=said(
            "贵单位未参加本标段，须说明有何利害关系（招标投标法实施条例第六十条）。",
            "You did not take part in this lot: say how it concerns you (Implementing Regulations of the Bidding Law, art. 60).",
        ),
    )
    text = Text(label=said("事实和依据", "Facts, and what they break"), rows=8, max_length=MAX_TEXT)
    request = Text(
        label=said("请求", "What you ask for"),
        rows=4,
        max_length=MAX_TEXT,
        help_text=said(
            "请求应当明确：希望行政监督部门作出什么处理。", "Be definite: what the supervisor shall do."
        ),
    )
    papers = Uploads(
        label=said("证明材料", "Proof"),
        required=False,
        help_text=said(
            "至少一个文件。只有受理投诉的行政监督部门能够查阅，不转给被投诉人。",
            "At least one file. Only the body that you complain to reads it; the respondent does not.",
        ),
    )

    def __init__(
        self, concerned: bool, respondents: Options, authorities: Options, *args: Any, **options: Any
    ) -> None:
        super().__init__(*args, **options)
        for name, choices in (("respondent", respondents), ("authority", authorities)):
            field: Any = self.fields[name]
            field.choices = choices if len(choices) == 1 else [("", said("请选择", "Choose")), *choices]
        if concerned:
            self.fields.pop("interest")


class RefusalForm(HouseForm):
    """On which ground of the law a complaint is not accepted, and why."""

    ground = Choice(label=said("不予受理的情形", "Ground"), widget=forms.RadioSelect())
    reason = Text(
        label=said("理由（告知投诉人）", "Reason (told to the complainant)"), rows=6, max_length=MAX_TEXT
    )

    def __init__(self, on: date, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["ground"]
        choices = law.rule("W27-refusal", on=on).choices
        field.choices = [(each.id, said(each.words.zh, each.words.en)) for each in choices]


class InquiryForm(HouseForm):
    """What the respondent has to explain."""

    text = Text(label=said("要求说明的事项", "What has to be explained"), rows=6, max_length=MAX_TEXT)
    until_on = Day(
        label=said("说明的最后一日", "Last day for the answer"),
        required=False,
        help_text=said(
            "法律没有规定期限，由贵部门确定；可以不填。", "No law sets it: your body does, or leaves it open."
        ),
    )


class OrderForm(HouseForm):
    """Why the tender has to stand still."""

    reason = Text(label=said("暂停的理由", "Why it is suspended"), rows=5, max_length=MAX_TEXT)


class AppraisalForm(HouseForm):
    """What is inspected, tested, appraised or reviewed."""

    text = Text(
        label=said("送检验、检测、鉴定、评审的事项和机构", "What is appraised, and by whom"),
        rows=4,
        max_length=MAX_TEXT,
    )


class DecisionForm(HouseForm):
    """The decision: its outcome, what was found and what follows."""

    depending = frozenset({"ground", "correction"})
    outcome = Choice(
        label=said("处理结果", "Outcome"), widget=forms.RadioSelect(), choices=_options(OUTCOME_WORDS)
    )
    ground = Choice(
        label=said("驳回的情形", "Bad faith"),
        required=False,
        help_text=said("仅在因此驳回时选择。", "Only where it is rejected for that."),
    )
    correction = Choice(
        label=said("责令招标人改正", "What the tenderee is ordered to correct"),
        required=False,
        help_text=said(
            "投诉成立时选择；平台不代为撤销，由招标人执行，执行后告知贵部门。",
            "Where it is upheld. The platform undoes nothing by itself: the tenderee does, and your body is told.",
        ),
    )
    reason = Text(
        label=said("查明的事实、理由和处理意见", "What was found, why, and what follows"),
        rows=10,
        max_length=MAX_TEXT,
    )
    keeps = forms.BooleanField(
        label=said("投诉成立，改正之前继续暂停", "Upheld: the suspension stays until it is mended"),
        required=False,
    )
    papers = Uploads(
        label=said("附件", "Files"),
        required=False,
        help_text=said(
            "处理决定书由平台按以上内容生成（PDF、Word）；贵部门另行制发的，可以在此上传。",
            "The decision is made as an official paper (PDF, Word) from what is typed here; one that your body issues beside it can be added.",
        ),
    )

    def __init__(self, on: date, ordered: bool, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, rule in (("ground", "W28-bad-faith"), ("correction", "W28-correction")):
            field: Any = self.fields[name]
            field.choices = [("", said("不适用", "does not apply"))] + [
                (each.id, said(each.words.zh, each.words.en)) for each in law.rule(rule, on=on).choices
            ]
        if not ordered:
            self.fields.pop("keeps")


class ExplanationForm(HouseForm):
    """What the respondent answers the supervisor."""

    text = Text(label=said("说明", "Your answer"), rows=8, max_length=MAX_TEXT)
    papers = Uploads(label=said("有关资料", "Files"), required=False)


class CorrectionForm(HouseForm):
    """How a tenderee carried out what a decision orders."""

    text = Text(
        label=said("如何执行", "How it was carried out"),
        rows=6,
        max_length=MAX_TEXT,
        help_text=said(
            "在平台上办理的改正会自动登记；其他方式的执行在此说明。",
            "What is corrected here by a step of the tender is recorded by itself; say here what was done otherwise.",
        ),
    )
