"""The form of copies by mail."""

from __future__ import annotations

from django import forms

from yiwang.common.shell.api import HouseForm, MailField, bilingual
from yiwang.doors.hall.categories import CATEGORY_WORDS


class MailForm(HouseForm):
    """Where copies go, and of what."""

    address = MailField(
        label=bilingual("邮箱", "Mail address"),
        help_text=bilingual(
            "我们先发一封确认邮件；确认之前不发提醒。",
            "A letter asks you to confirm it first; until then nothing is sent there.",
        ),
    )
    categories = forms.MultipleChoiceField(
        label=bilingual("哪些消息要提醒", "Messages to be told of"),
        choices=[(key, bilingual(words.zh, words.en)) for key, words in CATEGORY_WORDS.items()],
        widget=forms.CheckboxSelectMultiple,
    )
