"""The message centre: who is told what, what comes first, who read it, and what mail may say."""

from __future__ import annotations

import re
from datetime import timedelta
from smtplib import SMTPServerDisconnected
from urllib.parse import urlsplit

import pytest
from django.core import mail as django_mail
from django.core.mail.backends.locmem import EmailBackend

from tests.hall import story
from tests.hall.world import City, plain
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.doors.hall import mail
from yiwang.doors.hall.categories import CATEGORY_WORDS, KNOWN_MATTERS, OTHER, category_of, matters_of
from yiwang.doors.hall.models import Letter, MailCopy
from yiwang.doors.hall.words import MESSAGES
from yiwang.pure.kernel.actors import SYSTEM_ACTOR
from yiwang.record.journal import api as journal

ADDRESS = "clerk@example.invalid"
QUESTION = "第3页的桩长以哪张图为准？"


def asked(city: City) -> str:
    """A lot about which a bidder asked a question and raised an objection; its code."""
    code = story.announce(city)
    bidder, now = city.bidders[0], journal.business_now()
    bidder.send(f"/hall/lots/{code}/documents/")
    trading.ask(bidder.actor, code, QUESTION, [], now)
    trading.object_to_documents(bidder.actor, code, "资格条件过高。", [], now + timedelta(minutes=1))
    return code


def read_journal() -> None:
    while journal.work((mail.READER,), {}, journal.business_now()).entries:
        pass


def test_every_matter_has_words_and_a_category_and_the_rest_is_other() -> None:
    assert set(KNOWN_MATTERS) >= set(MESSAGES) - {"lot-given"}
    assert category_of("never-heard-of") == OTHER
    assert sorted(each for key in CATEGORY_WORDS for each in matters_of(key)) == sorted(KNOWN_MATTERS)


def test_what_ends_first_comes_first_and_leads_to_its_act(city: City) -> None:
    code = asked(city)
    page = city.host.get("/hall/messages/")
    assert page.index("有人对招标文件提出异议") < page.index("有人就文件提问")
    objection, question = trading.messages_for(city.host.actor)
    assert objection.due_at is not None
    place = city.host.send(f"/hall/messages/{objection.pk}/", {"as": "open"})
    assert place == f"/hall/objections/{objection.document}/answer/"
    assert city.host.send(f"/hall/messages/{question.pk}/", {"as": "open"}) == f"/hall/lots/{code}/clarify/"


def test_a_message_is_read_for_the_organisation_and_says_by_whom(city: City) -> None:
    asked(city)
    first, second = trading.messages_for(city.host.actor)
    assert 'class="count">2<' in city.host.get("/hall/")
    city.host.send(f"/hall/messages/{first.pk}/", {"as": "read"})
    page = plain(city.second_host.get("/hall/messages/"))
    assert "赵建国 已阅" in page
    city.second_host.send(f"/hall/messages/{first.pk}/", {"as": "unread"})
    assert trading.messages_for(city.host.actor).filter(read_at=None).count() == 2
    city.host.send("/hall/messages/read/?category=dialogue")
    unread = trading.messages_for(city.host.actor).filter(read_at=None)
    assert [each.pk for each in unread] == [first.pk]
    assert second.pk != first.pk


def test_filters_search_and_excel(city: City) -> None:
    code = asked(city)
    assert "提出异议" not in plain(city.host.get("/hall/messages/?category=dialogue")).split("共 1 条")[1]
    assert "共 2 条" in plain(city.host.get(f"/hall/messages/?q={code}&state=unread"))
    assert "没有符合条件的记录" in plain(city.host.get("/hall/messages/?state=read"))
    assert city.host.client.get("/hall/messages/?format=excel").content.startswith(b"PK")


def test_nobody_reads_or_marks_what_another_organisation_was_told(city: City) -> None:
    asked(city)
    message = trading.messages_for(city.host.actor)[0]
    assert "提出异议" not in plain(city.stranger.get("/hall/messages/")).split("共")[-1]
    refusal = plain(city.stranger.send(f"/hall/messages/{message.pk}/", {"as": "read"}, 422))
    assert "不是发给贵单位的" in refusal
    message.refresh_from_db()
    assert message.read_at is None


def test_a_form_leads_back_only_to_this_site(city: City) -> None:
    asked(city)
    message = trading.messages_for(city.host.actor)[0]
    fields = {"as": "read", "back": "https://elsewhere.invalid/"}
    assert (
        city.host.client.post(f"/hall/messages/{message.pk}/", fields).headers["Location"]
        == "/hall/messages/"
    )


def wish(city: City, categories: list[str]) -> str:
    """The host asks for copies and confirms the address; the text of the letter that asked."""
    city.host.send("/hall/messages/mail/", {"address": ADDRESS, "categories": categories})
    assert mail.post_letters() == 1
    letter = django_mail.outbox.pop()
    assert letter.to == [ADDRESS]
    path = urlsplit(re.search(r"http\S+", letter.body)[0]).path
    city.host.send(path)
    return letter.body


def test_mail_says_about_which_lot_and_nothing_else(city: City) -> None:
    wish(city, list(CATEGORY_WORDS))
    code = asked(city)
    read_journal()
    read_journal()
    assert mail.post_letters() == 2
    assert mail.post_letters() == 0
    for each in django_mail.outbox:
        assert code in each.body
        assert QUESTION not in each.body
        for word in ("异议", "提问", "中标", city.host.actor.organisation):
            assert word not in each.body + each.subject


def test_only_confirmed_addresses_and_wished_categories_get_copies(city: City) -> None:
    wish(city, ["objections"])
    city.second_host.send(
        "/hall/messages/mail/", {"address": "other@example.invalid", "categories": ["objections"]}
    )
    mail.post_letters()
    django_mail.outbox.clear()
    asked(city)
    read_journal()
    mail.post_letters()
    assert [each.to for each in django_mail.outbox] == [[ADDRESS]]


def test_a_link_of_another_person_or_a_changed_one_confirms_nothing(city: City) -> None:
    city.host.send("/hall/messages/mail/", {"address": ADDRESS, "categories": ["results"]})
    mail.post_letters()
    path = urlsplit(re.search(r"http\S+", django_mail.outbox[0].body)[0]).path
    assert "链接已失效" in plain(city.second_host.send(path, {}, 422))
    assert "链接已失效" in plain(city.host.send("/hall/messages/mail/changed/", {}, 422))
    assert MailCopy.objects.get().confirmed_at is None
    refused = city.host.send("/hall/messages/mail/", {"address": "not an address", "categories": []}, 422)
    assert "not an address" in refused


def test_an_address_that_no_letter_can_be_written_to_is_refused_and_holds_nobody_up(city: City) -> None:
    unwritable = "x@" + "ü" * 60 + ".de"  # its domain is too long for the net
    fields = {"address": unwritable, "categories": list(CATEGORY_WORDS)}
    assert "不是有效的邮箱地址" in city.host.send("/hall/messages/mail/", fields, 422)
    wish(city, list(CATEGORY_WORDS))
    MailCopy.objects.update(address=unwritable)
    mail.wish_copies(city.bidders[0].actor, ADDRESS, [], "zh-hans", journal.business_now())
    asked(city)
    read_journal()
    assert mail.post_letters() == 3
    assert [each.to for each in django_mail.outbox[-1:]] == [[ADDRESS]]
    assert Letter.objects.filter(sent_at=None, attempts=1).count() == 2


def test_a_letter_that_cannot_be_sent_is_tried_again_and_one_without_a_reader_is_given_up(
    city: City, monkeypatch: pytest.MonkeyPatch
) -> None:
    wish(city, list(CATEGORY_WORDS))
    asked(city)
    read_journal()

    def away(self: EmailBackend, messages: object) -> int:
        raise SMTPServerDisconnected("away")

    with monkeypatch.context() as patched:
        patched.setattr(EmailBackend, "send_messages", away)
        assert mail.post_letters() == 2
    assert mail.post_letters() == 0  # not yet time
    Letter.objects.filter(sent_at=None).update(retry_at=None)
    identity.hand_over(city.host.actor, city.second_host.actor.person, at=journal.business_now())
    identity.end_membership(
        SYSTEM_ACTOR,
        person=city.host.actor.person,
        organisation=city.host.actor.organisation,
        role="tenderee",
        at=journal.business_now(),
    )
    assert mail.post_letters() == 2
    assert django_mail.outbox == []
    assert Letter.objects.filter(given_up_at__isnull=False).count() == 2
