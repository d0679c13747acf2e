"""Letters to the owner of an account: what happened to it, when, and what to do where it was not them.

They go to the addresses that the owner has confirmed, and to that of the account, as known when it happened. They
name neither the person nor the organisation.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.conf import settings
from django.urls import reverse
from django.utils.translation import override

from yiwang.common.identity.api import ACCOUNT_EVENTS, address_of
from yiwang.common.shell.api import LetterText
from yiwang.doors.hall.models import Letter, MailCopy
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import EntryView, real_now

ADDRESS_CHANGED = "mail-address-changed"
HOUSE_LANGUAGE = "zh-hans"
EVENT_WORDS: Mapping[str, Words] = {
    **ACCOUNT_EVENTS,
    ADDRESS_CHANGED: Words("这个邮箱不再接收提醒", "Notes go to this address no more"),
}
ACCOUNT = LetterText(
    Words("账号安全：{what}", "Your account: {what}"),
    Words(
        "{at}（北京时间），您的账号发生变动：{what}。{more}\n\n"
        "如果是您本人所为，不必处理。如果不是，请立即登录，修改密码并退出其他设备：\n{url}\n\n"
        "不能登录的，请马上联系本单位管理员或者交易中心重置登录。",
        "At {at} (Beijing time) something happened to your account: {what}. {more}\n\n"
        "If it was you, nothing is to be done. If it was not, log in at once, change your password and end your other "
        "sessions:\n{url}\n\n"
        "If you cannot log in, ask an administrator of your organisation or the centre to reset your login.",
    ),
)
# What others did about the account: whoever reads it did not do it themselves, and asks whoever may know.
BY_OTHERS = LetterText(
    ACCOUNT.subject,
    Words(
        "{at}（北京时间），您的账号发生变动：{what}。{more}\n\n"
        "这是单位管理员或者交易中心办理的。登录后可以查看账号现在的状态：\n{url}\n\n"
        "如有疑问，或者并不知情，请马上联系本单位管理员或者交易中心。",
        "At {at} (Beijing time) something happened to your account: {what}. {more}\n\n"
        "An administrator of your organisation or the centre did it. Log in to see how your account stands:\n{url}\n\n"
        "If you have doubts, or did not know of it, ask your administrator or the centre at once.",
    ),
)
DONE_BY_OTHERS = frozenset(
    {
        "person-closed", "reset-asked", "reset-allowed", "reset-declined", "membership-granted", "membership-ended",
        "membership-suspended", "membership-resumed", "membership-delegated", "administrator-changed",
        "administrator-asked", "administrator-appointed", "administrator-declined",
    }
)  # fmt: skip
MORE: Mapping[str, Words] = {
    "reset-asked": Words(
        "重置要由另一个人批准才会生效。", "It takes effect only if a second person allows it."
    ),
    "reset-allowed": Words(
        "批准人会把一次性代码交给您，24 小时内有效；不是您请求的，请不要使用并立即告知交易中心。",
        "Whoever allowed it hands you a code that is good for 24 hours. If you did not ask for it, do not use it and "
        "tell the centre at once.",
    ),
    "recovery-used": Words(
        "原有的通行密钥和动态口令已经失效。", "Passkeys and one-time codes of before are void."
    ),
    "login-reset": Words(
        "原有的密码、通行密钥、动态口令和恢复码已经失效。",
        "Password, passkeys, one-time codes and recovery codes of before are void.",
    ),
    "passkey-copied": Words(
        "这次登录已被拒绝，请吊销这把通行密钥。", "That login was refused: revoke this passkey."
    ),
    "login-locked": Words(
        "有人多次输错，登录暂时锁定，稍后自动解除。",
        "Somebody got it wrong too often; the lock ends by itself after a while.",
    ),
}
NOTHING = Words("", "")


def account_letter(event: str, at: datetime | None, language: str, *, sender: str) -> tuple[str, str]:
    """Subject and text of the letter about ``event``; ``sender`` is the name of the centre."""
    with override(language):
        url = settings.ORIGIN + reverse("identity:passkeys")
    values = {
        "what": EVENT_WORDS[event].in_language(language),
        "more": MORE.get(event, NOTHING).in_language(language),
        "at": shown(at) if at else "",
        "url": url,
    }
    kind = BY_OTHERS if event in DONE_BY_OTHERS else ACCOUNT
    return kind.written(language, values, sender=sender, origin=settings.ORIGIN)


def write_account_letters(entry: EntryView) -> None:
    """What the journal says of an account is written down as letters to its owner."""
    if entry.kind not in ACCOUNT_EVENTS or (entry.about.room, entry.about.kind) != ("identity", "person"):
        return
    person = entry.about.code
    confirmed = MailCopy.objects.filter(person=person, confirmed_at__isnull=False, since_entry__lt=entry.id)
    wishes = list(confirmed.order_by("pk"))
    languages = {each.address: each.language for each in reversed(wishes)}
    own = address_of(person)
    if own:
        languages.setdefault(own, HOUSE_LANGUAGE)
    Letter.objects.bulk_create(
        _letter(person, address, language, entry.kind, entry.at) for address, language in languages.items()
    )


def write_account_letter(wish: Any, event: str, at: datetime) -> None:
    """One letter about ``event`` to the address of a wish; inside an act."""
    _letter(wish.person, wish.address, wish.language, event, at).save()


def _letter(person: str, address: str, language: str, event: str, at: datetime) -> Letter:
    return Letter(
        person=person,
        organisation="",
        event=event,
        at=at,
        address=address,
        language=language,
        made_at=real_now(),
    )
