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
from tests.hall.world import City, Person, plain
from tests.trading.sitting import to_sitting
from tests.trading.test_corrections import upheld
from tests.trading.world import Market, market
from yiwang.business.trading import api as trading
from yiwang.common.identity import api as identity
from yiwang.doors.hall import mail
from yiwang.doors.hall.categories import (
    CATEGORY_WORDS,
    KNOWN_MATTERS,
    OTHER,
    categories_for,
    category_of,
    matters_of,
)
from yiwang.doors.hall.models import Letter, MailCopy
from yiwang.doors.hall.words import MESSAGES
from yiwang.pure.kernel.actors import SYSTEM_ACTOR, Actor
from yiwang.record.journal import api as journal

ADDRESS = "clerk@example.invalid"
EVERYTHING = list(categories_for("tenderee"))
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
    wish(city, EVERYTHING)
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
    fields = {"address": unwritable, "categories": EVERYTHING}
    assert "不是有效的邮箱地址" in city.host.send("/hall/messages/mail/", fields, 422)
    wish(city, EVERYTHING)
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
    wish(city, EVERYTHING)
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


def confirmed_wish(actor: Actor, address: str, categories: list[str], prefix: str = "") -> None:
    """Somebody asks for copies on the page of the settings, and opens the letter that asks to confirm the address."""
    person = Person(actor)
    person.send(f"{prefix}/hall/messages/mail/", {"address": address, "categories": categories})
    assert mail.post_letters() == 1
    person.send(urlsplit(re.search(r"http\S+", django_mail.outbox.pop().body)[0]).path)


def stood_down(town: Market) -> str:
    """All members are told that they sit no more; the code of the complaint of which they learn nothing."""
    code = upheld(town, "evaluate-new-committee", respondent=town.hosts[0].organisation, matter="other")
    trading.evaluate_again(town.hosts[0], code, town.now)
    read_journal()
    return code


@pytest.mark.parametrize(
    ("prefix", "says"), [("", "有一条给您的消息"), ("/en", "There is a message for you")]
)
@pytest.mark.django_db
def test_a_copy_to_an_expert_names_neither_lot_nor_matter_and_goes_to_nobody_else(
    prefix: str, says: str
) -> None:
    town = market()
    member, other, third = to_sitting(town)[:3]
    page = plain(Person(member).get(f"{prefix}/hall/messages/mail/"))
    assert ("评标委员会工作" if not prefix else "Work on committees") in page
    assert ("第三十七条" if not prefix else "art. 37") in page
    confirmed_wish(member, ADDRESS, ["committees"], prefix)
    confirmed_wish(other, "other@example.invalid", ["other"])
    mail.wish_copies(third, "third@example.invalid", ["committees"], "zh-hans", town.now)
    mail.post_letters()
    django_mail.outbox.clear()
    code = stood_down(town)
    assert mail.post_letters() == 1
    (letter,) = django_mail.outbox
    assert letter.to == [ADDRESS]
    assert says in letter.body
    lot = trading.find_lot(town.lot)
    secrets = (lot.code, lot.project.code, lot.name, lot.project.name, code, "评标", "退出", "committee")
    assert [each for each in secrets if each in letter.body + letter.subject] == []
    assert set(Letter.objects.values_list("lot", flat=True)) == {""}, "nor does the letter know it"


@pytest.mark.django_db
def test_an_expert_who_left_the_pool_gets_no_copies_any_more() -> None:
    town = market()
    member = to_sitting(town)[0]
    confirmed_wish(member, ADDRESS, ["committees"])
    stood_down(town)
    identity.end_expert(town.staff.opener, member.person, at=town.now)
    assert mail.post_letters() == 1
    assert django_mail.outbox == []
    assert Letter.objects.get(told__isnull=False).given_up_at is not None


@pytest.mark.django_db
def test_experts_and_organisations_choose_among_their_own_categories() -> None:
    town = market()
    member = to_sitting(town)[0]
    path = "/hall/messages/mail/"
    for actor, mine, theirs in ((member, "committees", "notices"), (town.hosts[0], "notices", "committees")):
        page = Person(actor).get(path)
        assert (f'value="{mine}"' in page, f'value="{theirs}"' in page) == (True, False)
        Person(actor).send(path, {"address": ADDRESS, "categories": [theirs]}, 422)
        assert not MailCopy.objects.filter(person=actor.person).exists()
