"""The form of copies by mail."""

from __future__ import annotations

from django import forms

from yiwang.common.shell.api import HouseForm, bilingual
from yiwang.doors.hall.categories import CATEGORY_WORDS


class MailForm(HouseForm):
    """Where copies go, and of what."""

    address = forms.EmailField(
        error_messages={
            "invalid": bilingual(
                "不是有效的邮箱地址，应当像“名称@单位.cn”。",
                "This is no mail address: it has the form name@organisation.cn.",
            )
        },
        label=bilingual("邮箱", "Mail address"),
        help_text=bilingual(
            "我们先发一封确认邮件；确认之前不发提醒。",
            "A letter asks you to confirm it first; until then nothing is sent there.",
        ),
        widget=forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"}),
        max_length=254,
    )
    categories = forms.MultipleChoiceField(
        label=bilingual("哪些消息要提醒", "Messages to be told of"),
        choices=[(key, bilingual(words.zh, words.en)) for key, words in CATEGORY_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
