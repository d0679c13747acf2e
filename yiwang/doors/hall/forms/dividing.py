"""Forms of the division of work: who is in charge, who is away."""

from __future__ import annotations

from typing import Any

from django import forms

from yiwang.common.shell.api import DayField, HouseForm, bilingual

NOBODY = ("", bilingual("（无人负责）", "(nobody)"))


class ChargeForm(HouseForm):
    """Who is in charge of a lot, or of several."""

    person = forms.ChoiceField(label=bilingual("负责人", "In charge"), required=False)

    def __init__(self, mates: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["person"].choices = [NOBODY, *mates]


class AbsenceForm(HouseForm):
    """From when to when somebody is away, and who stands in."""

    since_on = DayField(label=bilingual("从", "From"))
    until_on = DayField(label=bilingual("到（含当日）", "Until (that day included)"))
    deputy = forms.ChoiceField(
        label=bilingual("代理人", "Deputy"),
        help_text=bilingual(
            "代理期间，您负责的标段也出现在代理人的“我负责的”中；代理人以自己的身份办理。",
            "In that time your lots are among the deputy's own; the deputy acts as themselves.",
        ),
    )

    def __init__(self, mates: list[tuple[str, str]], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["deputy"].choices = [("", "—"), *mates]
