"""Questions and clarifications."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from django import forms

from yiwang.business.trading.api import NewClarification, QuestionLine
from yiwang.common.shell.api import HouseForm
from yiwang.doors.hall.forms.fields import Choice, Instant, Text, Uploads, said
from yiwang.doors.hall.forms.others import ForOthersToo
from yiwang.pure.kernel.words import Words

MAX_TEXT = 4000
YES, NO = "yes", "no"


class QuestionForm(HouseForm):
    """A question about the tender documents."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    text = Text(
        label=said("要问什么", "Your question"),
        rows=6,
        max_length=MAX_TEXT,
        help_text=said(
            "请注明文件名和页码。不要写出贵单位的名称：没有人会知道是谁提的问题。",
            "Name the document and the page. Leave out who you are: nobody learns who asked.",
        ),
    )
    papers = Uploads(
        label=said("附件", "Files"),
        required=False,
        help_text=said(
            "没有可不传。文件名不会示人，文件内容请自行隐去单位名称。",
            "None needed. File names are not shown; take your name out of the files themselves.",
        ),
    )


class ClarificationForm(ForOthersToo):
    """A clarification or amendment of the tender documents, of one lot or of several that share a tender notice."""

    content = Text(
        label=said("澄清或者修改的内容（将公开）", "What is clarified or amended (public)"),
        rows=8,
        max_length=MAX_TEXT,
        help_text=said(
            "逐条写明对应的文件和页码；不要提及是谁提的问题（招标投标法第二十二条）。",
            "Point by point, with document and page; never say who asked (Bidding Law, art. 22).",
        ),
    )
    answers = forms.MultipleChoiceField(
        label=said("答复的提问", "Questions that it answers"),
        required=False,
        widget=forms.CheckboxSelectMultiple(),
    )
    affects_bids = Choice(
        label=said("是否可能影响投标文件编制", "May it affect bids?"),
        widget=forms.RadioSelect(),
        choices=[
            (YES, said("可能影响", "It may affect bids")),
            (NO, said("不影响", "It does not affect bids")),
        ],
        help_text=said(
            "可能影响的，距投标截止不足十五日须同时顺延（招标投标法实施条例第二十一条）；拿不准的按可能影响处理。",
            "If it may, and fewer than 15 days are left, the deadline moves with it (Implementing Regulations of the Bidding Law, art. 21). When in doubt, it may.",
        ),
    )
    publish_at = Instant(label=said("发布时间", "Publication"))
    deadline_at = Instant(
        label=said("新的投标截止时间（开标时间）", "New deadline for bids (opening)"),
        required=False,
        help_text=said("不顺延的留空。", "Leave empty where it does not move."),
    )
    papers = Uploads(
        label=said("随附文件", "Files"),
        required=False,
        help_text=said(
            "发布后成为招标文件的一部分。", "They become part of the tender documents with the publication."
        ),
    )

    def __init__(
        self,
        questions: Sequence[QuestionLine],
        others: Sequence[tuple[Any, Sequence[QuestionLine]]],
        *args: Any,
        **options: Any,
    ) -> None:
        """``others`` are the lots that can share it, each with its questions."""
        super().__init__([lot for lot, _ in others], *args, **options)
        self._asked_in = {each.code: lot for lot, theirs in others for each in theirs if not each.answered_in}
        field: Any = self.fields["answers"]
        field.choices = [
            *((each.code, each.text[:120]) for each in questions if not each.answered_in),
            *(
                (each.code, f"{lot.name}：{each.text[:120]}")
                for lot, theirs in others
                for each in theirs
                if not each.answered_in
            ),
        ]
        if not field.choices:
            self.fields.pop("answers")

    def clean(self) -> dict[str, Any]:
        typed = super().clean() or self.cleaned_data
        chosen = typed.get("others", ())
        asked_in = {each: self._asked_in[each] for each in typed.get("answers", ()) if each in self._asked_in}
        for lot in {each.code: each for each in asked_in.values() if each.code not in chosen}.values():
            self.add_error(
                "others",
                said(
                    f"所选的提问是{lot.name}的：请同时选择该标段，或者不选这个提问。",
                    f"A chosen question was asked in {lot.name}: choose that lot too, or leave the question out.",
                ),
            )
        return typed

    def about_prequalification(self) -> None:
        """The words of the form where applications are handed in, not bids (W05)."""
        affects: Any = self.fields["affects_bids"]
        affects.label = said("是否可能影响资格预审申请文件编制", "May it affect applications?")
        affects.choices = [
            (YES, said("可能影响", "It may affect applications")),
            (NO, said("不影响", "It does not affect applications")),
        ]
        affects.help_text = said(
            "可能影响的，距申请截止不足三日须同时顺延（招标投标法实施条例第二十一条）；拿不准的按可能影响处理。",
            "If it may, and fewer than 3 days are left, the deadline moves with it (Implementing Regulations of the Bidding Law, art. 21). When in doubt, it may.",
        )
        self.fields["deadline_at"].label = said("新的申请截止时间", "New deadline for applications")
        self.fields["papers"].help_text = said(
            "发布后成为资格预审文件的一部分。",
            "They become part of the prequalification documents with the publication.",
        )

    def clarification(self, papers: list[tuple[str, str]]) -> NewClarification:
        """The clarification as typed, with the stored ``papers`` (sha256, name). Only after ``is_valid()``."""
        typed = self.cleaned_data
        return NewClarification(
            content=typed["content"],
            affects_bids=typed["affects_bids"] == YES,
            publish_at=typed["publish_at"],
            new_deadline_at=typed["deadline_at"],
            papers=papers,
            answers=typed.get("answers", ()),
        )


class ObjectionForm(HouseForm):
    """An objection to documents, opening or result; who did not take part so far states an interest."""

    key = forms.CharField(widget=forms.HiddenInput(), max_length=64)
    interest = Text(
        label=said("利害关系", "How it concerns you"),
        rows=3,
        max_length=500,
    )
    text = Text(
        label=said("异议事项、依据和请求", "What you object to, why, and what you ask for"),
        rows=8,
        max_length=MAX_TEXT,
    )
    papers = Uploads(
        label=said("附件", "Files"),
        required=False,
        help_text=said(
            "没有可不传。文件名不会示人，文件内容请自行隐去单位名称。",
            "None needed. File names are not shown; take your name out of the files themselves.",
        ),
    )

    def __init__(self, interest_in: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        if interest_in:
            self.fields["interest"].help_text = INTEREST_HELP[interest_in]
        else:
            self.fields.pop("interest")


INTEREST_HELP = {
    "documents": said(
        "贵单位未获取本标段招标文件，须说明与其有何利害关系（招标投标法实施条例第二十二条）。",
        "You have not taken the documents of this lot: say how they concern you (Implementing Regulations of the Bidding Law, art. 22).",
    ),
    "result": said(
        "贵单位未参加本标段投标，须说明与评标结果有何利害关系（招标投标法实施条例第五十四条）。",
        "You did not bid for this lot: say how the result concerns you (Implementing Regulations of the Bidding Law, art. 54).",
    ),
}


DISMISSED = "dismissed"
REMEDIES = (
    (DISMISSED, Words("异议不成立", "The objection is not upheld")),
    (
        "re-evaluation",
        Words("异议成立，由原评标委员会重新评审", "Upheld: the same committee evaluates again"),
    ),
    ("publicity", Words("异议成立，更正后重新公示", "Upheld: the publicity is corrected and held again")),
    ("retender", Words("异议成立，重新招标", "Upheld: the tender is held again")),
)
REMEDY_WORDS = dict(REMEDIES)


class AnswerForm(HouseForm):
    """The answer to an objection; what may follow from it depends on what was objected to."""

    text = Text(label=said("答复", "Answer"), rows=8, max_length=MAX_TEXT)
    amends = Choice(
        label=said("是否因此修改文件", "Does it change the documents?"),
        widget=forms.RadioSelect(),
        choices=[
            (NO, said("不修改", "It does not")),
            (YES, said("将修改，另发澄清、修改通知", "It does: an amendment follows")),
        ],
        help_text=said(
            "修改通知发布之前不截止、不开标（招标投标法实施条例第二十一条）。",
            "Nothing is closed or opened before the amendment is published (Implementing Regulations of the Bidding Law, art. 21).",
        ),
    )
    remedy = Choice(
        label=said("处理结果", "What follows"),
        widget=forms.RadioSelect(),
        choices=[(value, said(words.zh, words.en)) for value, words in REMEDIES],
        help_text=said(
            "全部异议答复后生效；异议成立的，原公示随即失效。",
            "It takes effect once every objection is answered; where one is upheld, the publicity is void.",
        ),
    )
    papers = Uploads(label=said("附件", "Files"), required=False)

    def __init__(self, matter: str, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for name, needed in (("amends", ("documents", "prequalification")), ("remedy", ("result",))):
            if matter not in needed:
                self.fields.pop(name)

    def chosen_remedy(self) -> str:
        """The remedy chosen; "" where the objection is dismissed or has none. Only after ``is_valid()``."""
        chosen = str(self.cleaned_data.get("remedy", DISMISSED))
        return "" if chosen == DISMISSED else chosen

    def remedy_words(self) -> Words | None:
        """The chosen outcome in words; None where the form does not ask for one."""
        return REMEDY_WORDS.get(self.cleaned_data.get("remedy", ""))
