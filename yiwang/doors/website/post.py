"""Letters to those who follow a search: what waits for one of them goes out together.

Sent outside any transaction, so that a slow mail server holds nobody up; a letter may go out twice, with the same
Message-ID, never not at all while its address works. Nothing here writes an address into a log.
"""

from __future__ import annotations

import logging
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core.mail import EmailMessage
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import override

from yiwang.business.trading.api import STANDING_WORDS
from yiwang.common.shell.api import LetterText
from yiwang.doors.website import following, places
from yiwang.doors.website.models import NOTICE, Letter, SearchEntry, Subscription
from yiwang.doors.website.words import form_words, region_words, site_name
from yiwang.pure.kernel.days import local_day, shown
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import act, real_now

log = logging.getLogger("yiwang.mail")
LEASE = timedelta(minutes=2)
FIRST_RETRY, LAST_RETRY = timedelta(minutes=1), timedelta(hours=4)
MOST_ATTEMPTS = 12
APART = timedelta(minutes=10)  # between two letters to one address, however many notices appear
MOST_IN_ONE = 100
SEARCH_WORDS = Words("您关注的公告", "Notices that you follow")
CONFIRM = LetterText(
    Words("请确认订阅", "Please confirm your subscription"),
    Words(
        "有人请求把新公告（{search}）发到这个邮箱。\n\n如果是您本人，请在三天内打开下面的链接确认：\n{confirm}\n\n"
        "不是您本人的，不必理会，三天后邮箱会被删除；已经订阅的，可以随时退订：\n{end}",
        "Somebody asked for new notices ({search}) to this address.\n\nIf it was you, open this link within three days "
        "to confirm:\n{confirm}\n\n"
        "If not, do nothing: the address is deleted after three days. Who follows already may end it here:\n{end}",
    ),
)
NEWS = LetterText(
    Words("{count} 条新公告：{search}", "{count} new notice(s): {search}"),
    Words(
        "您订阅的公告（{search}）有 {count} 条新的：\n\n{notices}\n\n"
        "各项截止时间和要求以公告页面为准。不想再收到的，可以随时退订：\n{end}",
        "There are {count} new notice(s) of those that you follow ({search}):\n\n{notices}\n\n"
        "For deadlines and terms the notice's page prevails. To receive no more of these, end it here:\n{end}",
    ),
)


def search_words(row: Subscription, on: datetime) -> Words:
    """A followed search in words."""
    parts = [Words(f"“{row.query}”", f"“{row.query}”")] if row.query else []
    parts += [region_words(row.region)] if row.region else []
    parts += [form_words(row.form, local_day(on))] if row.form else [Words("全部公告", "all notices")]
    return Words("、".join(each.zh for each in parts), ", ".join(each.en for each in parts))


def post_letters(now: datetime, most: int = 50) -> int:
    """Sends to at most so many subscribers what waits for them; gives how many were tried. Never inside an act."""
    tried = 0
    while tried < most and (letters := _claimed(now)):
        tried += 1
        keys = [each.pk for each in letters]
        if _sent(letters, now):
            with act():
                Letter.objects.filter(pk__in=keys).update(sent_at=now)
                if letters[0].notice:
                    Subscription.objects.filter(pk=letters[0].subscription_id).update(last_sent_at=now)
        else:
            _put_off(letters)
    return tried


def _claimed(now: datetime) -> list[Letter]:
    """What waits for one subscriber, leased to us: the question to confirm, or all notices that are due."""
    real = real_now()
    free = Letter.objects.filter(
        Q(retry_at=None) | Q(retry_at__lte=real),
        Q(notice="") | Q(subscription__last_sent_at=None) | Q(subscription__last_sent_at__lte=now - APART),
        due_at__lte=now,
        sent_at=None,
        given_up_at=None,
    )
    if not free.exists():  # a read costs other writers nothing
        return []
    with act():
        first = free.select_for_update(skip_locked=True, of=("self",)).order_by("due_at", "id").first()
        if first is None:
            return []
        together = free.filter(subscription=first.subscription_id).order_by("id")
        together = together.filter(notice="") if first.notice == "" else together.exclude(notice="")
        keys = [
            first.pk,
            *(pk for pk in together.values_list("pk", flat=True)[:MOST_IN_ONE] if pk != first.pk),
        ]
        attempts = first.attempts + 1
        Letter.objects.filter(pk__in=keys).update(retry_at=real + LEASE, attempts=attempts)
        return list(Letter.objects.select_related("subscription").filter(pk__in=keys).order_by("id"))


def _address(name: str, token: str, language: str) -> str:
    with override(language):
        return settings.ORIGIN + reverse(name, args=[token])


def _sent(letters: list[Letter], now: datetime) -> bool:
    row = letters[0].subscription
    search = search_words(row, now).in_language(row.language)
    end = _address("website:subscription-end", following.end_token(row), row.language)
    kind = NEWS
    told = {"search": search, "end": end, "count": str(len(letters)), "notices": ""}
    if letters[0].notice == "":
        kind = CONFIRM
        told["confirm"] = _address("website:subscription-confirm", following.confirm_token(row), row.language)
    else:
        told["notices"] = "\n\n".join(_lines([each.notice for each in letters], row.language))
    subject, text = kind.written(row.language, told, sender=site_name(row.language), origin=settings.ORIGIN)
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    message = EmailMessage(
        subject=subject,
        body=text,
        to=[row.address],
        headers={
            "Message-ID": f"<{row.code}-{letters[0].pk}-{len(letters)}@{host}>",
            "List-Unsubscribe": f"<{end}>",
            "List-Unsubscribe-Post": "List-Unsubscribe=One-Click",  # RFC 8058
            "Auto-Submitted": "auto-generated",
        },
    )
    try:
        message.send()
    except (
        SMTPException,
        OSError,
        ValueError,
    ) as error:  # ValueError: an address that no letter can be written to
        # Never the error itself: what a mail server says repeats the address.
        log.warning("letters of subscription %s were not sent: %s", row.code, type(error).__name__)
        return False
    return True


def _marked(entry: SearchEntry, language: str) -> str:
    said = STANDING_WORDS.get(entry.standing)
    return f"【{said.in_language(language)}】" if said else ""


def _lines(codes: list[str], language: str) -> list[str]:
    """The notices of a letter: title, what and where, and the address of each page."""
    found = SearchEntry.objects.filter(kind=NOTICE, code__in=codes).defer("text").order_by("id")
    return [
        f"{_marked(each, language)}{each.title}\n{form_words(each.form, local_day(each.shown_at)).in_language(language)} · {each.tenderee} · "
        f"{region_words(each.region).in_language(language)} · {shown(each.shown_at, begins=True)}\n"
        f"{settings.ORIGIN}{places.address(places.notice_page(each.code), language)}"
        for each in found
    ]


def _put_off(letters: list[Letter]) -> None:
    keys, now = [each.pk for each in letters], real_now()
    attempts = letters[0].attempts
    with act():
        if attempts >= MOST_ATTEMPTS:
            Letter.objects.filter(pk__in=keys).update(given_up_at=now)
            return
        wait = min(FIRST_RETRY * 2 ** (attempts - 1), LAST_RETRY)
        Letter.objects.filter(pk__in=keys).update(retry_at=now + wait)
