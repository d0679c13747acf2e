"""Copies of messages by mail: who wants them, which letters wait, and sending them.

A letter says that there is a message about a lot, never what it says: who takes part in a tender is secret
(招标投标法 22), and mail is read by others. To an expert it does not even name the lot: who sits on its committee is
secret until the result is determined (招标投标法 37). Letters are written down in the act that reads the journal and sent
outside any transaction, so that a slow mail server holds nobody up; a letter may go out twice, with the same
Message-ID, never not at all while its address works.
"""

from __future__ import annotations

import logging
from collections.abc import Sequence
from datetime import datetime, timedelta
from smtplib import SMTPException

from django.conf import settings
from django.core import signing
from django.core.mail import EmailMessage
from django.db.models import Q, QuerySet
from django.urls import reverse
from django.utils.translation import override

from yiwang.business.trading import api as trading
from yiwang.common.identity.api import members
from yiwang.common.shell.api import LetterText
from yiwang.doors.hall.account_mail import (
    ADDRESS_CHANGED,
    account_letter,
    write_account_letter,
    write_account_letters,
)
from yiwang.doors.hall.categories import category_of
from yiwang.doors.hall.models import Letter, MailCopy
from yiwang.pure.kernel.actors import Actor
from yiwang.pure.kernel.days import shown
from yiwang.pure.kernel.findings import Finding, Refused
from yiwang.pure.kernel.words import Words
from yiwang.record.journal.api import EntryView, Reader, act, birth, real_now, recorded

log = logging.getLogger("yiwang.mail")
AT_A_TIME = 200
LEASE = timedelta(minutes=2)
FIRST_RETRY = timedelta(minutes=1)
LAST_RETRY = timedelta(hours=4)
MOST_ATTEMPTS = 16  # more than a day of a mail server that is away
_SALT = "yiwang.hall.mail"
CONFIRM_SECONDS = 3 * 24 * 3600
MESSAGE = LetterText(
    Words("您有一条新消息", "You have a new message"),
    Words(
        "服务大厅有一条给贵单位的消息，标段编号 {lot}。{due}为保守秘密，邮件不写内容。\n\n请登录后查看：\n{url}",
        "There is a message for your organisation in the service hall, about lot {lot}. {due}Mail does not say what it "
        "is about, for the sake of secrecy.\n\nLog in and read it:\n{url}",
    ),
)
TO_EXPERT = LetterText(
    MESSAGE.subject,
    Words(
        "服务大厅有一条给您的消息。{due}为保守秘密，邮件不写内容，也不写标段。\n\n请登录后查看：\n{url}",
        "There is a message for you in the service hall. {due}Mail says neither what it is about nor of which lot, for the "
        "sake of secrecy.\n\nLog in and read it:\n{url}",
    ),
)
DUE = Words("请在 {due_at}（北京时间）之前处理。", "It asks for an act before {due_at} (Beijing time). ")
CONFIRM = LetterText(
    Words("请确认您的邮箱", "Confirm your address"),
    Words(
        "有人请求把服务大厅的消息提醒发到这个邮箱。\n\n如果是您本人，请在三天内登录并打开下面的链接确认；确认之前不会发送提醒：\n"
        "{url}\n\n不是您本人的，不必理会。",
        "Somebody asked for notes about messages of the service hall to this address.\n\nIf it was you, log in and open "
        "this link within three days; until then nothing is sent here:\n{url}\n\nIf it was not you, do nothing.",
    ),
)


def wish_of(actor: Actor) -> MailCopy | None:
    """The actor's wish for copies, if any."""
    return MailCopy.objects.filter(person=actor.person, organisation=actor.organisation).first()


def wish_copies(actor: Actor, address: str, categories: list[str], language: str, at: datetime) -> None:
    """Copies of these categories go to ``address``; a new address is asked to confirm first."""
    with act():
        known = wish_of(actor)
        _tell_former(known, address, at)
        same = known is not None and known.address == address and known.confirmed_at is not None
        fields = {"address": address, "categories": categories, "language": language, "asked_at": at}
        if not same:
            fields["confirmed_at"] = None
        MailCopy.objects.update_or_create(
            person=actor.person, organisation=actor.organisation, defaults=fields
        )
        if not same:
            Letter.objects.create(person=actor.person, organisation=actor.organisation, made_at=real_now())


def stop_copies(actor: Actor) -> None:
    """No copies any more; the address is forgotten."""
    with act():
        _tell_former(wish_of(actor), "", real_now())
        MailCopy.objects.filter(person=actor.person, organisation=actor.organisation).delete()


def _tell_former(known: MailCopy | None, address: str, at: datetime) -> None:
    """The holder of an address that is given up hears of it there: whoever took an account over cannot silence it."""
    if known is not None and known.confirmed_at is not None and known.address != address:
        write_account_letter(known, ADDRESS_CHANGED, at)


def confirm_address(actor: Actor, token: str, at: datetime) -> None:
    """The holder of the address opened the letter, logged in. Raises Refused."""
    try:
        said = signing.loads(token, salt=_SALT, max_age=CONFIRM_SECONDS)
    except signing.BadSignature as error:
        raise Refused([Finding("mail-token")]) from error
    with act():
        wish = wish_of(actor)
        if wish is None or said != [actor.person, actor.organisation, wish.address]:
            raise Refused([Finding("mail-token")])
        MailCopy.objects.filter(pk=wish.pk, confirmed_at=None).update(confirmed_at=at, since_entry=recorded())


def write_letters(entry: EntryView) -> None:
    """What was told with this entry (or before it) is written down as letters for those who want copies.

    What the entry says of an account is written to its owner.
    """
    write_account_letters(entry)
    lines = trading.uncopied(AT_A_TIME)
    while lines:
        wishes = list(_confirmed_wishes(lines))
        Letter.objects.bulk_create(
            [_letter(line, wish) for line in lines for wish in wishes if _is_for(line, wish)],
            ignore_conflicts=True,
        )
        trading.note_copied(lines, entry.at)
        lines = trading.uncopied(AT_A_TIME)


def _confirmed_wishes(lines: Sequence[trading.ToldLine]) -> QuerySet[MailCopy]:
    """The wishes of the organisations that were told, and of the experts, who act for none."""
    organisations = {each.organisation for each in lines} - {""}
    experts = {each.person for each in lines if not each.organisation}
    theirs = Q(organisation__in=organisations) | Q(organisation="", person__in=experts)
    return MailCopy.objects.filter(theirs, confirmed_at__isnull=False)


def _is_for(line: trading.ToldLine, wish: MailCopy) -> bool:
    if wish.organisation != line.organisation or category_of(line.matter) not in wish.categories:
        return False
    everybody = line.person == "" and line.organisation != ""
    return everybody or line.person == wish.person


def _letter(line: trading.ToldLine, wish: MailCopy) -> Letter:
    """The letter about a message; that to an expert knows no lot."""
    return Letter(
        told=line.id,
        person=wish.person,
        organisation=wish.organisation,
        lot=line.lot if line.organisation else "",
        due_at=line.due_at,
        made_at=real_now(),
    )


READER = Reader("hall-mail", write_letters)


def post_letters(most: int = 50) -> int:
    """Sends letters that wait, at most so many; gives how many were tried. Never call it inside an act."""
    tried = 0
    while tried < most and (letter := _claimed()) is not None:
        tried += 1
        told = _told(letter)
        if told is None:
            Letter.objects.filter(pk=letter.pk).update(given_up_at=real_now(), address="")
        elif _sent(letter, *told):
            Letter.objects.filter(pk=letter.pk).update(sent_at=real_now(), address="")
        else:
            _put_off(letter)
    return tried


def _told(letter: Letter) -> tuple[str, str, str] | None:
    """Address, subject and text of a letter; None where nobody is to have it any more."""
    sender, origin = _sender, settings.ORIGIN
    if letter.event:
        subject, text = account_letter(
            letter.event, letter.at, letter.language, sender=sender(letter.language)
        )
        return letter.address, subject, text
    wish = _wish_behind(letter)
    if wish is None:
        return None
    with override(wish.language):
        if letter.told is None:
            token = signing.dumps([wish.person, wish.organisation, wish.address], salt=_SALT)
            kind, values = CONFIRM, {"url": origin + reverse("hall:mail-confirm", args=[token])}
        else:
            due = DUE.in_language(wish.language).format(due_at=shown(letter.due_at)) if letter.due_at else ""
            url = origin + reverse("hall:messages")
            kind = MESSAGE if letter.organisation else TO_EXPERT
            values = {"lot": letter.lot, "url": url, "due": due}
    subject, text = kind.written(wish.language, values, sender=sender(wish.language), origin=origin)
    return wish.address, subject, text


def _sender(language: str) -> str:
    born = birth()
    return Words(born.centre or "一网", born.centre_en or "Yiwang").in_language(language)


def _claimed() -> Letter | None:
    """The oldest letter that may be tried now, leased to us."""
    now = real_now()
    free = Letter.objects.filter(
        Q(retry_at__isnull=True) | Q(retry_at__lte=now), sent_at__isnull=True, given_up_at__isnull=True
    )
    if not free.exists():
        return None
    with act():
        letter = free.select_for_update(skip_locked=True).first()
        if letter is not None:
            letter.retry_at, letter.attempts = now + LEASE, letter.attempts + 1
            letter.save(update_fields=["retry_at", "attempts"])
    return letter


def _wish_behind(letter: Letter) -> MailCopy | None:
    """The wish for this letter, where it still stands and its person still acts for the organisation, or is an expert."""
    wish = MailCopy.objects.filter(person=letter.person, organisation=letter.organisation).first()
    if wish is None or (letter.told is not None and wish.confirmed_at is None):
        return None
    return wish if any(each.organisation == letter.organisation for each in members(letter.person)) else None


def _sent(letter: Letter, address: str, subject: str, text: str) -> bool:
    host = settings.DEFAULT_FROM_EMAIL.rpartition("@")[2]
    headers = {"Message-ID": f"<letter-{letter.pk}@{host}>", "Auto-Submitted": "auto-generated"}
    try:
        EmailMessage(subject=subject, body=text, to=[address], headers=headers).send()
    except (
        SMTPException,
        OSError,
        ValueError,
    ) as error:  # ValueError: an address that no letter can be written to
        # Never the error itself: what a mail server says repeats the address.
        log.warning("letter %s was not sent: %s", letter.pk, type(error).__name__)
        return False
    return True


def _put_off(letter: Letter) -> None:
    now = real_now()
    if letter.attempts >= MOST_ATTEMPTS:
        Letter.objects.filter(pk=letter.pk).update(given_up_at=now, address="")
        return
    wait = min(FIRST_RETRY * 2 ** (letter.attempts - 1), LAST_RETRY)
    Letter.objects.filter(pk=letter.pk).update(retry_at=now + wait)
