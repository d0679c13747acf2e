"""Every kind of mail that goes out, as text in both languages: greeting, what happened, what to do, until when, where."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPRecipientsRefused

import pytest
from django.core import mail as outbox
from django.core.mail.backends.locmem import EmailBackend

from tests.hall import story
from tests.hall.test_messages import ADDRESS, EVERYTHING, asked, read_journal, wish
from tests.hall.world import City
from yiwang.common.identity import api as identity
from yiwang.doors.hall import account_mail, mail
from yiwang.doors.hall.account_mail import ADDRESS_CHANGED, EVENT_WORDS, account_letter
from yiwang.doors.hall.models import Letter, MailCopy
from yiwang.doors.website import post
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal import api as journal

CHINESE = re.compile(r"[\u4e00-\u9fff]")
VALUES = {
    "url": "https://example.invalid/x/", "lot": "C62", "due": "", "search": "“桥”", "confirm": "https://c.invalid/",
    "end": "https://e.invalid/", "count": "2", "notices": "—", "what": "—", "more": "", "at": "2026-11-26 10:00",
}  # fmt: skip
KINDS = {
    "hall-message": mail.MESSAGE,
    "hall-message-to-expert": mail.TO_EXPERT,
    "hall-confirm": mail.CONFIRM,
    "account": account_mail.ACCOUNT,
    "account-by-others": account_mail.BY_OTHERS,
    "subscription-confirm": post.CONFIRM,
    "subscription-news": post.NEWS,
}


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("kind", KINDS)
def test_each_kind_greets_says_where_to_go_and_who_wrote_in_one_language(kind: str, language: str) -> None:
    sender = "天水市公共资源交易中心" if language == "zh-hans" else "Tianshui trading centre"
    subject, text = KINDS[kind].written(language, VALUES, sender=sender, origin="https://example.invalid")
    assert subject.startswith(f"[{sender}] ")
    assert "\n" not in subject
    assert text.startswith("您好：" if language == "zh-hans" else "Dear reader,")
    assert "https://" in text.split(sender)[0], "the link stands before the signature"
    assert text.rstrip().endswith("https://example.invalid")
    assert "{" not in text + subject
    without_search = (subject + text).replace("“桥”", "")
    assert bool(CHINESE.search(without_search)) is (language == "zh-hans")


def test_nobody_is_asked_whether_it_was_them_where_it_can_only_have_been_others() -> None:
    assert set(EVENT_WORDS) > account_mail.DONE_BY_OTHERS
    for event in EVENT_WORDS:
        _, text = account_letter(event, journal.real_now(), "zh-hans", sender="一网")
        assert ("如果是您本人" in text) is (event not in account_mail.DONE_BY_OTHERS)


@pytest.mark.parametrize("language", ["zh-hans", "en"])
@pytest.mark.parametrize("event", EVENT_WORDS)
def test_every_event_of_an_account_has_a_letter_with_instant_remedy_and_link(
    event: str, language: str
) -> None:
    at = journal.real_now()
    subject, text = account_letter(event, at, language, sender="一网" if language == "zh-hans" else "Yiwang")
    assert EVENT_WORDS[event].in_language(language) in subject
    assert EVENT_WORDS[event].in_language(language) in text
    assert re.search(r"\d{4}-\d\d-\d\d \d\d:\d\d", text)
    assert re.search(r"http\S+/account/passkeys/", text)
    assert bool(CHINESE.search(subject + text)) is (language == "zh-hans")


def test_a_message_that_asks_for_an_act_says_until_when_and_still_not_what(city: City) -> None:
    wish(city, ["objections"])
    code = asked(city)
    read_journal()
    assert mail.post_letters() == 1
    (letter,) = outbox.outbox
    assert code in letter.body
    assert re.search(r"请在 \d{4}-\d\d-\d\d 24:00（北京时间）之前处理", letter.body)
    assert "异议" not in letter.body + letter.subject
    assert letter.extra_headers["Auto-Submitted"] == "auto-generated"


def changes(city: City) -> None:
    """A new second step, another password, and a reset that somebody asks for: three events of one account."""
    at = journal.business_now()
    actor = city.host.actor
    identity.make_recovery_codes(actor, at=at)
    identity.ask_reset(SYSTEM_ACTOR, _username(actor.person), "本人到场申请。", at=at)


def _username(person: str) -> str:
    from yiwang.common.identity.models import Person

    return Person.objects.get(code=person).username


def test_the_owner_is_told_at_the_confirmed_address_what_happened_to_the_account(city: City) -> None:
    wish(city, ["results"])
    changes(city)
    read_journal()
    assert mail.post_letters() == 2
    assert [each.to for each in outbox.outbox] == [[ADDRESS], [ADDRESS]]
    subjects = " ".join(each.subject for each in outbox.outbox)
    assert "生成恢复码" in subjects
    assert "申请重置登录" in subjects
    text = "".join(each.body for each in outbox.outbox)
    for secret in (_username(city.host.actor.person), city.host.actor.organisation, "本人到场"):
        assert secret not in text
    assert not Letter.objects.exclude(address="").exists(), "an address is forgotten once its letter went out"


def test_who_takes_an_account_over_cannot_silence_it_by_changing_or_dropping_the_address(city: City) -> None:
    wish(city, ["results"])
    city.host.send("/hall/messages/mail/", {"address": "thief@example.invalid", "categories": ["results"]})
    mail.post_letters()
    told = {each.to[0]: each.subject for each in outbox.outbox}
    assert EVENT_WORDS[ADDRESS_CHANGED].zh in told[ADDRESS]
    MailCopy.objects.update(confirmed_at=journal.business_now())
    outbox.outbox.clear()
    city.host.send("/hall/messages/mail/", {"do": "stop"})
    mail.post_letters()
    assert [each.to for each in outbox.outbox] == [["thief@example.invalid"]]


def test_an_address_that_the_mail_server_refuses_stands_in_no_log(
    city: City, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    wish(city, EVERYTHING)
    story.announce(city)
    asked(city)
    read_journal()

    def refuses(self: EmailBackend, messages: object) -> int:
        raise SMTPRecipientsRefused({ADDRESS: (550, f"no such user {ADDRESS}".encode())})

    monkeypatch.setattr(EmailBackend, "send_messages", refuses)
    assert mail.post_letters() >= 1
    assert "SMTPRecipientsRefused" in caplog.text
    assert ADDRESS not in caplog.text
    assert Letter.objects.filter(retry_at__gt=journal.real_now() + timedelta(seconds=30)).exists()
