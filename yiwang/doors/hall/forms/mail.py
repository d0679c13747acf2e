"""The form of copies by mail."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django import forms

from yiwang.common.shell.api import HouseForm, MailField, bilingual
from yiwang.pure.kernel.words import Words


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
        widget=forms.CheckboxSelectMultiple,
    )

    def __init__(self, categories: Mapping[str, Words], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        field: Any = self.fields["categories"]
        field.choices = [(key, bilingual(words.zh, words.en)) for key, words in categories.items()]
