"""The form with which a search is followed by mail."""

from __future__ import annotations

from django import forms

from yiwang.common.shell.api import HouseForm, MailField, bilingual

IMMEDIATE, DAILY = "immediate", "daily"


class FollowForm(HouseForm):
    """Where letters go and how often."""

    address = MailField(
        label=bilingual("邮箱", "Mail address"),
        help_text=bilingual(
            "先发一封确认邮件，确认之前不发公告。邮箱只用于发送，不公开，退订时删除。",
            "A letter asks you to confirm first. The address is used for this alone, never shown, and deleted at the end.",
        ),
    )
    often = forms.ChoiceField(
        label=bilingual("多久一次", "How often"),
        choices=[
            (DAILY, bilingual("每天一封（早上八点）", "Once a day (at eight)")),
            (IMMEDIATE, bilingual("随时（最快十分钟一封）", "At once (a letter in ten minutes at most)")),
        ],
        widget=forms.RadioSelect,
        initial=DAILY,
    )
