"""Forms of identity; what they refuse beyond their shape, the verbs say."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django import forms

from yiwang.common.identity.rules.credentials import AMOUNT, DAY, PARTS, Part
from yiwang.common.identity.rules.experts import KIND_WORDS
from yiwang.common.identity.rules.register import MARKET_ROLES, ROLE_WORDS
from yiwang.common.identity.rules.ties import TiesFacts
from yiwang.common.shell.api import AmountField, DayField, HouseForm, bilingual
from yiwang.pure.kernel.codes import REGIONS

TEL = {"inputmode": "tel", "autocomplete": "tel"}


def _roles(roles: tuple[str, ...]) -> list[tuple[str, Any]]:
    return [(each, bilingual(ROLE_WORDS[each].zh, ROLE_WORDS[each].en)) for each in roles]


class LoginForm(HouseForm):
    username = forms.CharField(
        label=bilingual("登录名", "Login name"),
        help_text=bilingual(
            "注册时填写的登录名或手机号码。", "The name or mobile number given at registration."
        ),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        max_length=64,
    )
    password = forms.CharField(
        label=bilingual("密码", "Password"),
        widget=forms.PasswordInput(attrs={"autocomplete": "current-password"}),
        strip=False,
        max_length=128,
    )


class CodeForm(HouseForm):
    code = forms.CharField(
        label=bilingual("动态口令", "One-time code"),
        help_text=bilingual(
            "身份验证器当前显示的 6 位数字。", "The six digits that your authenticator shows now."
        ),
        widget=forms.TextInput(
            attrs={
                "inputmode": "numeric",
                "autocomplete": "one-time-code",
                "class": "is-code",
                "pattern": "[0-9 ]*",
            }
        ),
        max_length=8,
    )


PAPER = {"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false", "class": "is-code"}


class RecoveryForm(HouseForm):
    code = forms.CharField(
        label=bilingual("恢复码", "Recovery code"),
        help_text=bilingual(
            "四组，每组四位；每个恢复码只能用一次。", "Four groups of four; each code works once."
        ),
        widget=forms.TextInput(attrs=PAPER),
        max_length=40,
    )


class ResetForm(HouseForm):
    """Asking for somebody's login to be reset."""

    username = forms.CharField(
        label=bilingual("登录名", "Login name"),
        widget=forms.TextInput(
            attrs={"autocapitalize": "none", "autocomplete": "off", "spellcheck": "false"}
        ),
        max_length=64,
    )
    reason = forms.CharField(
        label=bilingual("理由", "Reason"),
        help_text=bilingual(
            "例如：本人到场，持身份证申请，手机丢失。",
            "For example: came in person with their identity card, lost the phone.",
        ),
        widget=forms.Textarea(attrs={"rows": 3}),
        max_length=300,
    )


class AdministratorForm(ResetForm):
    """Asking that somebody administer an organisation whose administrator is gone."""

    organisation = forms.CharField(
        label=bilingual("统一社会信用代码", "Unified social credit code"),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
        max_length=18,
    )
    field_order = ("organisation", "username", "reason")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.fields["reason"].help_text = bilingual(
            "例如：原管理员已离职，单位出具加盖公章的申请。",
            "For example: the administrator has left; the organisation asks under its seal.",
        )


class PasskeyForm(HouseForm):
    """A name for a new passkey; the script of the page adds what the browser made."""

    name = forms.CharField(
        label=bilingual("名称", "Name"),
        help_text=bilingual(
            "便于您辨认，例如：办公电脑、蓝色安全密钥。",
            "To tell it from others, for example: office computer.",
        ),
        max_length=60,
    )
    credential = forms.CharField(widget=forms.HiddenInput, required=False, max_length=16_384)


class OrganisationForm(HouseForm):
    name = forms.CharField(
        label=bilingual("单位名称", "Name of the organisation"),
        help_text=bilingual("与营业执照或登记证书一致。", "As on the licence or certificate."),
        widget=forms.TextInput(attrs={"autocomplete": "organization"}),
        max_length=120,
    )
    region = forms.ChoiceField(
        label=bilingual("所在行政区划", "Region"),
        choices=[
            ("", bilingual("请选择", "Choose")),
            *((code, bilingual(f"{zh}（{code}）", f"{en} ({code})")) for code, (zh, en) in REGIONS.items()),
        ],
    )
    address = forms.CharField(
        label=bilingual("地址", "Address"),
        widget=forms.TextInput(attrs={"autocomplete": "street-address"}),
        max_length=200,
    )
    roles = forms.MultipleChoiceField(
        label=bilingual("申请的主体身份", "Roles asked for"),
        help_text=bilingual("可多选。", "Choose one or more."),
        choices=_roles(MARKET_ROLES),
        widget=forms.CheckboxSelectMultiple,
    )
    contact_name = forms.CharField(
        label=bilingual("联系人", "Contact"),
        max_length=60,
        widget=forms.TextInput(attrs={"autocomplete": "name"}),
    )
    contact_phone = forms.CharField(
        label=bilingual("联系电话", "Contact's telephone"), max_length=20, widget=forms.TextInput(attrs=TEL)
    )


def chosen_password(zh: str, en: str) -> forms.CharField:
    """The field of a password that somebody chooses."""
    return forms.CharField(
        label=bilingual(zh, en),
        help_text=bilingual(
            "至少 10 位，不要使用常见密码。", "At least 10 characters, and no common password."
        ),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=128,
    )


def password_again_field() -> forms.CharField:
    """The chosen password once more, against a slip of the finger."""
    return forms.CharField(
        label=bilingual("再次输入密码", "Password again"),
        widget=forms.PasswordInput(attrs={"autocomplete": "new-password"}),
        strip=False,
        max_length=128,
    )


def same_passwords(form: HouseForm) -> dict[str, Any]:
    """What was cleaned; two different passwords are an error of the second."""
    cleaned = form.cleaned_data
    if cleaned.get("password") != cleaned.get("password_again"):
        form.add_error(
            "password_again",
            bilingual("两次输入的密码不一致，请重新输入。", "The two passwords differ; enter them again."),
        )
    return cleaned


class PersonForm(HouseForm):
    person_name = forms.CharField(
        label=bilingual("姓名", "Name"), max_length=60, widget=forms.TextInput(attrs={"autocomplete": "name"})
    )
    person_phone = forms.CharField(
        label=bilingual("手机号码", "Mobile number"), max_length=20, widget=forms.TextInput(attrs=TEL)
    )
    username = forms.CharField(
        label=bilingual("登录名", "Login name"),
        help_text=bilingual("3 至 64 位，可用手机号码。", "3 to 64 characters; a mobile number will do."),
        widget=forms.TextInput(
            attrs={"autocomplete": "username", "autocapitalize": "none", "spellcheck": "false"}
        ),
        max_length=64,
    )
    password = chosen_password("密码", "Password")
    password_again = password_again_field()

    def clean(self) -> dict[str, Any]:
        return same_passwords(self)


class PasswordForm(HouseForm):
    """A new password, twice."""

    password = chosen_password("新密码", "New password")
    password_again = password_again_field()

    def clean(self) -> dict[str, Any]:
        return same_passwords(self)


class NewPasswordForm(PasswordForm):
    """The code of an allowed reset and a new password."""

    field_order = ("code",)
    code = forms.CharField(
        label=bilingual("重置码", "Reset code"),
        help_text=bilingual(
            "由管理人员当面交给您，24 小时内有效。", "Handed to you by an administrator; good for 24 hours."
        ),
        widget=forms.TextInput(attrs=PAPER),
        max_length=40,
    )


class RegistrationForm(OrganisationForm, PersonForm):
    """A new organisation and its first person, on one page."""

    code = forms.CharField(
        label=bilingual("统一社会信用代码", "Unified social credit code"),
        help_text=bilingual("18 位，见营业执照或登记证书。", "18 characters, on the licence or certificate."),
        widget=forms.TextInput(
            attrs={"autocapitalize": "characters", "autocomplete": "off", "spellcheck": "false"}
        ),
        max_length=24,
    )
    field_order = ("code", "name", "region", "address", "roles", "contact_name", "contact_phone")

    def clean_code(self) -> str:
        return "".join(self.cleaned_data["code"].split()).upper()

    organisation_part = ("code", "name", "region", "address", "roles", "contact_name", "contact_phone")
    person_part = ("person_name", "person_phone", "username", "password", "password_again")

    def organisation_fields(self) -> list[forms.BoundField]:
        return [self[each] for each in self.organisation_part]

    def person_fields(self) -> list[forms.BoundField]:
        return [self[each] for each in self.person_part]


class ColleagueForm(PersonForm):
    """A further person of the organisation; ``roles`` are those that the organisation holds."""

    roles = forms.MultipleChoiceField(
        label=bilingual("身份", "Roles"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    administrator = forms.BooleanField(
        label=bilingual("本单位管理员", "Administrator of the organisation"), required=False
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = _roles(roles)


class ExpertForm(PersonForm):
    """Somebody who may sit on evaluation committees; the login is theirs alone."""

    name = forms.CharField(label=bilingual("姓名", "Name"), max_length=60)
    phone = forms.CharField(
        label=bilingual("手机号码", "Mobile number"), max_length=20, widget=forms.TextInput(attrs=TEL)
    )
    person_name = None
    person_phone = None
    kind = forms.ChoiceField(
        label=bilingual("类别", "Kind"),
        choices=[
            ("", bilingual("请选择", "Choose")),
            *((kind, bilingual(words.zh, words.en)) for kind, words in KIND_WORDS.items()),
        ],
    )
    specialty = forms.CharField(
        label=bilingual("专业", "Field"),
        help_text=bilingual(
            "抽取时按专业名称对应，请用统一的名称。", "Draws go by this name: keep to one wording."
        ),
        max_length=60,
    )
    also = forms.CharField(
        label=bilingual("其他专业", "Further fields"),
        help_text=bilingual(
            "可不填；多个专业用顿号或者逗号分开。", "Optional; several are parted by commas."
        ),
        max_length=320,
        required=False,
    )
    city = forms.CharField(label=bilingual("所在城市", "City"), max_length=40, required=False)
    title = forms.CharField(
        label=bilingual("高级职称", "Senior title"),
        help_text=bilingual("招标人代表可不填。", "Not for a tenderee's representative."),
        max_length=60,
        required=False,
    )
    standing = forms.CharField(
        label=bilingual("同等专业水平的依据", "Grounds of an equal professional standing"),
        help_text=bilingual("没有高级职称的专家填写。", "For an expert without a senior title."),
        max_length=200,
        required=False,
    )
    years = forms.IntegerField(
        label=bilingual("从事相关领域工作年限", "Years in the field"),
        min_value=0,
        max_value=80,
        required=False,
        widget=forms.NumberInput(attrs={"inputmode": "numeric"}),
    )
    employer = forms.CharField(label=bilingual("工作单位", "Employer"), max_length=120, required=False)
    employer_code = forms.CharField(
        label=bilingual("单位统一社会信用代码", "Employer's code"),
        help_text=bilingual(
            "用于核对与投标人的利害关系。", "Compared with the bidders for conflicts of interest."
        ),
        max_length=18,
        required=False,
    )
    field_order = (
        "name", "kind", "specialty", "also", "city", "title", "standing", "years", "employer", "employer_code", "phone",
        "username", "password", "password_again",
    )  # fmt: skip

    def specialties(self) -> tuple[str, ...]:
        """The further fields as typed, each once. Only after ``is_valid()``."""
        typed = re.split(r"[、，,;；\n]", self.cleaned_data["also"])
        return tuple(dict.fromkeys(each.strip() for each in typed if each.strip()))


class AwayForm(HouseForm):
    """Until when an expert cannot come."""

    until_on = DayField(
        label=bilingual("暂不参加评标，至（含当日）", "Away until (that day included)"),
        help_text=bilingual("留空表示可以参加。", "Leave empty: you can come."),
        required=False,
    )


class AvoidanceForm(HouseForm):
    """With whom an expert has an interest."""

    organisation = forms.CharField(
        label=bilingual("单位统一社会信用代码", "Code of the organisation"), max_length=18
    )
    reason = forms.CharField(
        label=bilingual("回避事由", "What the interest is"),
        help_text=bilingual(
            "例如：曾在该单位任职、近亲属任职、承担其咨询业务。",
            "Such as: worked there, a relative works there, advises it.",
        ),
        max_length=200,
    )


class TiesForm(HouseForm):
    """Who heads the organisation, and who controls or manages it: one organisation a line, code and name."""

    head = forms.CharField(label=bilingual("单位负责人姓名", "Name of the head"), max_length=60)
    number = forms.CharField(
        label=bilingual("单位负责人身份证件号码", "Identity number of the head"),
        help_text=bilingual(
            "不保存号码，只保存比对用的标记。", "The number is not kept, only a mark to compare."
        ),
        max_length=18,
        required=False,
        widget=forms.TextInput(attrs={"autocomplete": "off"}),
    )
    controllers = forms.CharField(
        label=bilingual("对本单位控股的单位", "Who controls your organisation"),
        help_text=bilingual(
            "每行一个：统一社会信用代码、空格、名称；没有的不填。",
            "One a line: credit code, a space, name. Empty for nobody.",
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )
    managers = forms.CharField(
        label=bilingual("对本单位有管理关系的单位", "Who manages your organisation"),
        help_text=bilingual(
            "例如行政主管单位；每行一个，格式同上。", "Such as a superior body; one a line, as above."
        ),
        max_length=2000,
        required=False,
        widget=forms.Textarea(attrs={"rows": 3}),
    )

    def __init__(self, *args: Any, known: bool = False, **options: Any) -> None:
        super().__init__(*args, **options)
        if known:
            self.fields["number"].help_text = bilingual(
                "负责人没有变化的不必再填；不保存号码，只保存比对用的标记。",
                "Leave it empty where the head is the same. The number is not kept, only a mark to compare.",
            )

    def facts(self) -> TiesFacts:
        """The declaration as typed. Only after ``is_valid()``."""
        typed = self.cleaned_data
        return TiesFacts(
            head=typed["head"],
            number=typed["number"].strip().upper(),
            controllers=_coded(typed["controllers"]),
            managers=_coded(typed["managers"]),
        )


def _coded(text: str) -> tuple[tuple[str, str], ...]:
    """(code, name) of each line that has anything."""
    parted = (each.split(maxsplit=1) for each in text.splitlines() if each.strip())
    return tuple((code.upper(), " ".join(rest).strip()) for code, *rest in parted)


class KeyForm(HouseForm):
    """A name by which the organisation will know a new API key."""

    name = forms.CharField(
        label=bilingual("用途", "What it is for"),
        help_text=bilingual("例如：投标工具一号机。", "For example: bidding tool, machine one."),
        max_length=60,
    )


class ReturnForm(HouseForm):
    reasons = forms.CharField(
        label=bilingual("退回理由", "Reasons for the return"),
        help_text=bilingual(
            "一行一条，写明需要更正什么。申请单位会看到。",
            "One a line: what is to be corrected. The organisation will read it.",
        ),
        widget=forms.Textarea(attrs={"rows": 5}),
        max_length=2000,
    )

    def clean_reasons(self) -> list[str]:
        return [each.strip() for each in self.cleaned_data["reasons"].splitlines() if each.strip()]


class SeatForm(HouseForm):
    """One more role for a colleague, with its end if it has one."""

    role = forms.ChoiceField(label=bilingual("身份", "Role"), choices=())
    ends_on = DayField(
        label=bilingual("截止日期", "Until (day)"),
        help_text=bilingual(
            "当日 24 时自动终止；不填则长期有效。", "Ends by itself at the end of that day; empty: no end."
        ),
        required=False,
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(roles)


class InvitationForm(HouseForm):
    """Whom an administrator invites, and to which roles."""

    name = forms.CharField(
        label=bilingual("邀请谁", "Whom"),
        help_text=bilingual("对方的姓名，仅本单位可见。", "Their name, for your organisation only."),
        max_length=60,
    )
    roles = forms.MultipleChoiceField(
        label=bilingual("身份", "Roles"), choices=(), widget=forms.CheckboxSelectMultiple
    )
    administrator = forms.BooleanField(
        label=bilingual("本单位管理员", "Administrator of the organisation"), required=False
    )
    ends_on = DayField(
        label=bilingual("身份截止日期", "Roles until (day)"),
        help_text=bilingual(
            "当日 24 时自动终止；不填则长期有效。",
            "They end by themselves at the end of that day; empty: no end.",
        ),
        required=False,
    )

    def __init__(self, *args: Any, roles: tuple[str, ...], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["roles"].choices = _roles(roles)


class AcceptHereForm(HouseForm):
    """The code of an invitation."""

    code = forms.CharField(
        label=bilingual("邀请码", "Invitation code"),
        help_text=bilingual(
            "由单位管理员交给您，七天内有效，只能用一次。",
            "From the organisation's administrator; good for seven days and once.",
        ),
        widget=forms.TextInput(attrs={**PAPER, "data-from-fragment": ""}),
        max_length=40,
    )


class AcceptForm(AcceptHereForm, PersonForm):
    """The code of an invitation and the new login of whoever accepts it."""

    field_order = ("code",)


class DelegationForm(HouseForm):
    """Which own role a colleague is to act in, until when."""

    person = forms.ChoiceField(label=bilingual("受托人", "Colleague"), choices=())
    role = forms.ChoiceField(label=bilingual("委托的身份", "Role"), choices=())
    ends_on = DayField(
        label=bilingual("截止日期", "Until (day)"),
        help_text=bilingual(
            "当日 24 时自动终止，最长 90 天。", "Ends by itself at the end of that day; 90 days at most."
        ),
    )

    def __init__(
        self, *args: Any, roles: tuple[str, ...], colleagues: list[tuple[str, str]], **kwargs: Any
    ) -> None:
        super().__init__(*args, **kwargs)
        self.fields["role"].choices = _roles(roles)
        self.fields["person"].choices = colleagues


class _SeveralFiles(forms.ClearableFileInput):
    allow_multiple_selected = True


class _Papers(forms.FileField):
    """Several files; the view stores them, the verb says whether there must be any."""

    def clean(self, value: Any, initial: Any = None) -> Any:
        return value


class CredentialForm(HouseForm):
    """The parts of a credential of one kind; what is wrong with them the verb says, all at once."""

    def __init__(self, *args: Any, kind: str, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        for part in PARTS[kind]:
            self.fields[part.name] = _part_field(part)
        self.fields["documents"] = _Papers(
            label=bilingual("证明材料", "Documents as proof"),
            help_text=bilingual(
                "证书或合同、验收证明的扫描件，PDF、PNG 或 JPG，每份不超过 20 MB；已上传的会保留。",
                "Scans of the certificate, or of contract and acceptance: PDF, PNG or JPG, 20 MB each; what is uploaded is kept.",
            ),
            widget=_SeveralFiles(attrs={"accept": ".pdf,.png,.jpg,.jpeg"}),
            required=False,
        )
        self.fields["documents"].needed = True

    def facts(self) -> dict[str, Any]:
        """The parts as the verb takes them: days as ISO text, amounts in fen. Only after ``is_valid()``."""
        typed = {name: value for name, value in self.cleaned_data.items() if name != "documents"}
        return {
            name: value.isoformat() if isinstance(value, date) else value for name, value in typed.items()
        }


def _part_field(part: Part) -> forms.Field:
    """The input of a part; the rule refuses what is missing, together with all else, and the label knows it."""
    label = bilingual(part.words.zh, part.words.en)
    field: forms.Field
    if part.type == DAY:
        field = DayField(label=label, required=False)
    elif part.type == AMOUNT:
        field = AmountField(label=label, required=False)
    else:
        field = forms.CharField(label=label, required=False, max_length=part.longest)
    field.needed = part.needed
    return field
