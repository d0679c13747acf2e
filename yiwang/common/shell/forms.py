"""Forms of the house: amounts in yuan, instants of Asia/Shanghai, refusals of verbs shown at their field."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import date, datetime
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, QueryDict

from yiwang.common.shell.speech import bilingual, say
from yiwang.pure.kernel.days import SHANGHAI, local
from yiwang.pure.kernel.findings import REFUSAL, Finding, Refused
from yiwang.pure.kernel.money import NotMoney, fen_from_yuan, yuan
from yiwang.pure.kernel.texts import strange_place
from yiwang.pure.kernel.words import Words

PHONE_INPUT = {"inputmode": "tel", "autocomplete": "tel"}


def refuse_strange_signs(text: str) -> None:
    """Raises ValidationError where a typed text has a sign that feeds, Excel and Word files cannot carry."""
    place = strange_place(text)
    if place:
        beside = "…".join((text[max(0, place - 6) : place - 1], text[place : place + 5]))
        raise ValidationError(
            bilingual(
                f"第 {place} 个字符（“{beside}”中间）是看不见的控制字符，请删除后重新输入。",
                f"Character {place} (in the middle of “{beside}”) is an invisible control character: delete it.",
            )
        )


class HouseForm(forms.Form):
    """A form in one column whose errors may also come from a verb (:meth:`take`, :func:`refusing`)."""

    required_css_class = "is-required"
    use_required_attribute = False  # the summary of all errors is better than the browser's first one
    depending: frozenset[str] = frozenset()  # what another answer makes necessary: not marked as optional

    def full_clean(self) -> None:
        """As Django's; texts but passwords must consist of signs that can be carried everywhere."""
        for field in self.fields.values():
            secret = isinstance(field.widget, forms.PasswordInput)
            if (
                isinstance(field, forms.CharField)
                and not secret
                and refuse_strange_signs not in field.validators
            ):
                field.validators.append(refuse_strange_signs)
        super().full_clean()

    def take(self, findings: tuple[Finding, ...]) -> None:
        """Shows every refusal at its field, or at the head where the form has no such field."""
        for each in findings:
            if each.level == REFUSAL:
                self.add_error(each.field if each.field in self.fields else None, say(each))


def posted(request: HttpRequest) -> QueryDict | None:
    """What was sent, also where it is empty; None where nothing was: the first argument of a form.

    On a GET it is what the person had typed here before their session ran out: it fills the form again. So a
    bound form alone is no reason to act: ask ``request.method`` first.
    """
    return request.POST if request.method == "POST" else getattr(request, "kept", None)


@contextmanager
def refusing(form: HouseForm) -> Iterator[None]:
    """Within the block a Refused of a verb becomes errors of ``form``; ask ``form.is_valid()`` afterwards.

    ``form`` must be bound and cleaned before.
    """
    try:
        yield
    except Refused as refused:
        form.take(refused.findings)


class _AmountInput(forms.TextInput):
    def format_value(self, value: Any) -> str | None:
        if isinstance(value, int):
            return f"{yuan(value):.2f}"
        return super().format_value(value)


class AmountField(forms.CharField):
    """An amount: typed in yuan (at most two decimals, separators allowed), cleaned to fen."""

    widget = _AmountInput
    unit = Words("元", "CNY")

    def __init__(self, *, at_least_fen: int = 0, **kwargs: Any) -> None:
        self.at_least_fen = at_least_fen
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        return {
            **super().widget_attrs(widget),
            "inputmode": "decimal",
            "autocomplete": "off",
            "class": "is-amount",
        }

    def clean(self, value: Any) -> int | None:
        text = super().clean(value)
        if text in self.empty_values:
            return None
        try:
            fen = fen_from_yuan(text)
        except NotMoney as error:
            raise ValidationError(
                bilingual(
                    "请填写金额，单位为元，最多两位小数。",
                    "Enter an amount in yuan with at most two decimals.",
                )
            ) from error
        if fen < self.at_least_fen:
            least = f"{yuan(self.at_least_fen):,.2f}"
            raise ValidationError(
                bilingual(f"金额不得少于 {least} 元。", f"The amount must be at least CNY {least}.")
            )
        return fen

    def has_changed(self, initial: Any, data: Any) -> bool:
        shown = f"{yuan(initial):.2f}" if isinstance(initial, int) else initial
        return super().has_changed(shown, data)


class MailField(forms.EmailField):
    """A mail address that a letter can be sent to: its domain can be written for the net (RFC 3490), and nothing in it
    reads as another address in a header (RFC 2047)."""

    def __init__(self, **kwargs: Any) -> None:
        said = bilingual(
            "不是有效的邮箱地址，应当像“名称@单位.cn”。",
            "This is no mail address: it has the form name@organisation.cn.",
        )
        widget = forms.EmailInput(attrs={"autocomplete": "email", "inputmode": "email"})
        super().__init__(error_messages={"invalid": said}, widget=widget, max_length=254, **kwargs)

    def clean(self, value: Any) -> str:
        address: str = super().clean(value)
        try:
            address.rpartition("@")[2].encode("idna")
        except UnicodeError as error:
            raise ValidationError(self.error_messages["invalid"], "invalid") from error
        if "=?" in address:
            raise ValidationError(self.error_messages["invalid"], "invalid")
        return address


INSTANT_YEARS = range(2000, 2100)
"""Years of what is planned or happens: the rows of law begin in 2000, and a count must not run off the calendar."""
DAY_YEARS = range(1900, 2200)
"""Years of days on papers: certificates, births, long validities."""


def check_year(year: int, years: range) -> None:
    """Raises ValidationError where a typed year is none that can be meant."""
    if year not in years:
        raise ValidationError(
            bilingual(
                f"年份应在 {years[0]} 至 {years[-1]} 之间，请核对。",
                f"The year must lie between {years[0]} and {years[-1]}: check what you typed.",
            )
        )


class _InstantInput(forms.DateTimeInput):
    input_type = "datetime-local"

    def format_value(self, value: Any) -> str | None:
        if isinstance(value, datetime):
            shown = local(value) if value.tzinfo is not None else value
            return shown.strftime("%Y-%m-%dT%H:%M")
        return value or None


class InstantField(forms.Field):
    """An instant in one of INSTANT_YEARS: typed as wall-clock time of Asia/Shanghai, cleaned to an aware datetime."""

    widget = _InstantInput
    unit = Words("北京时间", "Beijing time")

    def to_python(self, value: Any) -> datetime | None:
        if value in self.empty_values:
            return None
        if isinstance(value, datetime):
            return value
        try:
            typed = datetime.fromisoformat(str(value).strip())
        except ValueError as error:
            raise ValidationError(
                bilingual(
                    "请填写日期和时间，例如 2026-11-23 14:00。",
                    "Enter a day and a time, for example 2026-11-23 14:00.",
                )
            ) from error
        check_year(typed.year, INSTANT_YEARS)
        return typed if typed.tzinfo is not None else typed.replace(tzinfo=SHANGHAI)


class DayField(forms.DateField):
    """A calendar day of Asia/Shanghai in one of DAY_YEARS."""

    widget = forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(input_formats=["%Y-%m-%d"], **kwargs)

    def to_python(self, value: Any) -> date | None:
        day = super().to_python(value)
        if day is not None:
            check_year(day.year, DAY_YEARS)
        return day


class DocumentField(forms.FileField):
    """One file; the page shows its size and refuses it before the upload where it is over ``max_bytes``."""

    def __init__(self, *, max_bytes: int, accept: str = "", **kwargs: Any) -> None:
        self.max_bytes = max_bytes
        self.accept = accept
        super().__init__(**kwargs)

    def widget_attrs(self, widget: forms.Widget) -> dict[str, Any]:
        attributes = {**super().widget_attrs(widget), "data-max-bytes": str(self.max_bytes)}
        return {**attributes, "accept": self.accept} if self.accept else attributes

    def clean(self, data: Any, initial: Any = None) -> Any:
        file = super().clean(data, initial)
        if isinstance(file, UploadedFile) and (file.size or 0) > self.max_bytes:
            megabytes = self.max_bytes // (1024 * 1024)
            raise ValidationError(
                bilingual(
                    f"文件不得超过 {megabytes} MB，请压缩或拆分后重新上传。",
                    f"The file must not exceed {megabytes} MB: compress or split it and upload it again.",
                )
            )
        return file
