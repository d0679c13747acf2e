"""An administrator and their people: invited, given roles until a day, suspended; never without an administrator."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pyotp
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.people import COMPANY, PASSWORD, House, admitted, house, kinds_about
from tests.identity.test_pages import entered
from tests.identity.test_recovery import rules
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import Invitation, Membership, Person
from yiwang.common.identity.rules.people import (
    DELEGATED_AT_MOST,
    INVITATIONS_AT_MOST,
    DelegationFacts,
    delegation_findings,
    ends_findings,
    invitation_findings,
    last_administrator_findings,
)
from yiwang.common.identity.throttle import RESET_CODES
from yiwang.pure.kernel.actors import ANYONE, APPLICANT, BIDDER, CENTRE, TENDEREE, Actor
from yiwang.pure.kernel.days import end_of, local_day
from yiwang.record.journal.api import advance_rehearsal, agenda, business_now, real_now, work

RULES_TESTED = (
    last_administrator_findings,
    ends_findings,
    invitation_findings,
    delegation_findings,
)
TODAY = date(2026, 3, 2)
NEW = identity.NewPerson("liwei", PASSWORD, "李伟", "13893800002")


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


@pytest.fixture
def boss(made: House, at: datetime) -> Actor:
    return admitted(made, at)


def colleague(boss: Actor, at: datetime, username: str = "liwei", role: str = BIDDER) -> Actor:
    code = identity.add_person(
        boss, COMPANY, username=username, password=PASSWORD, name="李伟", roles=[role], at=at
    )
    return Actor(code, COMPANY, role)


def accept(paper: str, at: datetime, by: Actor = ANYONE, new: identity.NewPerson | None = NEW, **more) -> str:
    more = {"address": "", "now": real_now(), **more}
    return identity.accept_invitation(by, paper, new, at=at, **more)


class TestInvitations:
    def test_who_is_invited_makes_a_login_and_holds_the_roles_until_their_end(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        ends_on = TODAY + timedelta(days=30)
        paper = identity.invite(boss, "李伟", [BIDDER], now=real_now(), at=at, ends_on=ends_on)
        person = accept(paper, at)
        [member] = identity.members(person)
        assert (member.organisation, member.role, member.administrator) == (COMPANY, BIDDER, False)
        assert Membership.objects.get(person__code=person).ends_at == end_of(ends_on)
        assert kinds_about(identity.person_ref(person)) == [
            "person-created",
            "invitation-accepted",
            "membership-granted",
        ]

    def test_a_code_opens_once_not_after_its_week_and_not_withdrawn(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        now = real_now()
        papers = [identity.invite(boss, "李伟", [BIDDER], now=now, at=at) for _ in range(3)]
        accept(papers[0], at)
        assert rules(lambda: accept(papers[0], at)) == ["invitation-code"]
        assert rules(lambda: accept(papers[1], at, now=now + timedelta(days=7))) == ["invitation-code"]
        code = Invitation.objects.order_by("pk").last().code
        identity.withdraw_invitation(boss, code, at=at)
        assert rules(lambda: accept(papers[2], at)) == ["invitation-code"]
        assert rules(lambda: identity.withdraw_invitation(boss, code, at=at)) == ["invitation-unknown"]
        assert Person.objects.filter(username="liwei").count() == 1

    def test_codes_cannot_be_guessed_through(self, made: House, boss: Actor, at: datetime) -> None:
        paper = identity.invite(boss, "李伟", [BIDDER], now=real_now(), at=at)
        for _ in range(RESET_CODES.most):
            assert rules(lambda: accept("AAAA-AAAA-AAAA-AAAA", at, address="203.0.113.9")) == [
                "invitation-code"
            ]
        assert rules(lambda: accept(paper, at, address="203.0.113.9")) == ["login-locked"]
        assert accept(paper, at, address="203.0.113.10")

    def test_a_refused_login_name_leaves_the_invitation_open(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        paper = identity.invite(boss, "李伟", [BIDDER], now=real_now(), at=at)
        wrong = identity.NewPerson("reviewer", "short", "李", "12")
        assert set(rules(lambda: accept(paper, at, new=wrong))) == {
            "username-taken",
            "password-short",
            "text-length",
            "phone",
        }
        assert accept(paper, at)

    def test_who_has_a_login_accepts_with_it_but_a_reviewer_becomes_no_bidder(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        paper = identity.invite(boss, "某人", [BIDDER], now=real_now(), at=at)
        assert rules(lambda: accept(paper, at, made.reviewer, None)) == ["roles-conflict"]
        code = identity.create_person("someone", PASSWORD, "某人甲", at=at)
        assert accept(paper, at, Actor(code, "", APPLICANT), None) == code
        assert [each.role for each in identity.members(code)] == [BIDDER]

    def test_only_an_administrator_invites_and_only_to_roles_held(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        other = colleague(boss, at)
        invite = lambda by, roles: identity.invite(by, "某人甲", roles, now=real_now(), at=at)  # noqa: E731
        assert rules(lambda: invite(other, [BIDDER])) == ["not-administrator"]
        for roles in ([], [CENTRE], ["agency"]):
            assert rules(lambda roles=roles: invite(boss, roles)) == ["role-needed"]
        assert rules(
            lambda: identity.invite(boss, "某人甲", [BIDDER], now=real_now(), at=at, ends_on=date(2026, 3, 1))
        ) == ["ends-in-the-past"]

    def test_the_pages_from_the_invitation_to_the_second_step(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        client = entered(boss)
        page = client.post("/account/organisation/invitations/", {"name": "李伟", "roles": [BIDDER]})
        paper = page.context["paper"]
        assert f"/account/invitation/#{paper}" in page.content.decode()
        assert paper not in client.get("/account/organisation/invitations/").content.decode()
        visitor = Client()
        form = {
            "code": paper,
            "person_name": "李伟",
            "person_phone": "13893800002",
            "username": "liwei",
            "password": PASSWORD,
            "password_again": PASSWORD,
        }
        refused = visitor.post("/account/invitation/", {**form, "username": "reviewer"})
        assert refused.status_code == 422
        assert "13893800002" in refused.content.decode()
        assert visitor.post("/account/invitation/", form)["Location"] == "/account/enrol/"
        secret = visitor.get("/account/enrol/").context["secret"]
        visitor.post("/account/enrol/", {"code": pyotp.TOTP(secret).at(real_now())})
        assert visitor.get("/account/organisation/people/").status_code == 200
        assert "李伟" in client.get("/account/organisation/people/").content.decode()

    @given(
        st.sampled_from([[], [BIDDER], [BIDDER, TENDEREE], [CENTRE]]),
        st.integers(INVITATIONS_AT_MOST - 1, INVITATIONS_AT_MOST + 1),
        st.integers(1, 3) | st.integers(59, 62),
    )
    def test_an_invitation_names_somebody_and_roles_that_are_held(
        self, wanted: list[str], waiting: int, length: int
    ) -> None:
        found = {
            each.rule for each in invitation_findings("字" * length, wanted, [BIDDER, TENDEREE], waiting)
        }
        assert ("role-needed" in found) == (not wanted or CENTRE in wanted)
        assert ("text-length" in found) == (not 2 <= length <= 60)
        assert ("invitations-too-many" in found) == (waiting >= INVITATIONS_AT_MOST)


class TestAdministrators:
    def test_the_last_one_cannot_go_in_any_way(self, made: House, boss: Actor, at: datetime) -> None:
        other = colleague(boss, at)
        last = ["last-administrator"]
        assert rules(lambda: identity.set_administrator(boss, boss.person, False, at=at)) == last
        identity.set_administrator(boss, other.person, True, at=at)
        identity.set_administrator(other, boss.person, False, at=at)
        assert rules(lambda: identity.suspend_colleague(other, other.person, at=at)) == ["not-oneself", *last]
        end = lambda by: identity.end_membership(  # noqa: E731
            by, person=other.person, organisation=COMPANY, role=BIDDER, at=at
        )
        assert rules(lambda: end(other)) == ["not-oneself", *last]
        assert rules(lambda: end(boss)) == ["not-administrator", *last]
        identity.set_administrator(other, boss.person, True, at=at)
        end(boss)
        assert [each.person for each in identity.colleagues(COMPANY)] == [boss.person]

    def test_the_administration_is_handed_over_in_one_step(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        other = colleague(boss, at)
        identity.hand_over(boss, other.person, at=at)
        assert {each.person for each in identity.people_of(COMPANY) if each.administrator} == {other.person}
        assert rules(lambda: identity.hand_over(boss, boss.person, at=at)) == [
            "not-administrator",
            "not-oneself",
        ]
        assert kinds_about(identity.person_ref(other.person))[-1] == "administrator-changed"

    @given(st.sets(st.sampled_from("abc")), st.sampled_from("abc"))
    def test_one_who_can_act_always_remains(self, administrators: set[str], leaving: str) -> None:
        refused = bool(list(last_administrator_findings(administrators, leaving)))
        assert refused == (bool(administrators) and not administrators - {leaving})


class TestSuspension:
    def test_who_is_suspended_acts_no_more_until_resumed(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        other = colleague(boss, at)
        client = entered(other)
        assert client.get("/account/organisation/people/").status_code == 200
        identity.suspend_colleague(boss, other.person, at=at)
        assert client.get("/account/organisation/people/").status_code == 403
        assert identity.members(other.person) == []
        assert [each.suspended for each in identity.colleagues(COMPANY) if each.person == other.person] == [
            True
        ]
        identity.resume_colleague(boss, other.person, at=at)
        assert client.get("/account/organisation/people/").status_code == 200

    def test_a_suspended_persons_key_works_no_more(self, made: House, boss: Actor, at: datetime) -> None:
        other = colleague(boss, at)
        identity.set_administrator(boss, other.person, True, at=at)
        key = identity.make_key(other, "投标工具", at=at).key
        assert identity.actor_of_key(key) == other
        identity.suspend_colleague(boss, other.person, at=at)
        assert identity.actor_of_key(key) is None

    def test_it_is_a_matter_of_the_own_organisation(self, made: House, boss: Actor, at: datetime) -> None:
        for verb in (identity.suspend_colleague, identity.resume_colleague, identity.hand_over):
            assert rules(lambda verb=verb: verb(boss, made.reviewer.person, at=at)) == [
                "person-not-colleague"
            ]


class TestEnds:
    def test_a_role_ends_at_its_instant_even_before_the_worker_comes(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        other = colleague(boss, at)
        day = local_day(at)
        identity.grant_membership(
            boss, person=other.person, organisation=COMPANY, role=TENDEREE, ends_on=day, at=at
        )
        client = entered(Actor(other.person, COMPANY, TENDEREE))
        assert client.get("/account/organisation/people/").wsgi_request.actor.role == TENDEREE
        [due] = [each for each in agenda() if each.duty == "membership-ends"]
        assert due.due_at == end_of(day)
        advance_rehearsal(end_of(day), made.operator)
        assert client.get("/account/organisation/people/").wsgi_request.actor.role == BIDDER
        work((), identity.DUTIES, business_now())
        assert [each.role for each in identity.members(other.person)] == [BIDDER]

    def test_a_key_ends_with_its_role_even_before_the_worker_comes(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        person = colleague(boss, at).person
        day = local_day(at)
        identity.grant_membership(
            boss, person=person, organisation=COMPANY, role=TENDEREE, ends_on=day, at=at
        )
        identity.set_administrator(boss, person, True, at=at)
        actor = Actor(person, COMPANY, TENDEREE)
        key = identity.make_key(actor, "招标工具", at=at).key
        ends = end_of(day)
        assert identity.actor_of_key(key, lambda: ends - timedelta(microseconds=1)) == actor
        assert identity.actor_of_key(key, lambda: ends) is None

    @given(st.integers(-2, 2) | st.integers(-400, 400))
    def test_an_end_lies_today_or_later(self, days: int) -> None:
        assert bool(list(ends_findings(TODAY + timedelta(days=days), TODAY))) == (days < 0)
        assert not list(ends_findings(None, TODAY))


class TestDelegation:
    def test_a_colleague_acts_in_the_role_until_the_day_and_does_not_pass_it_on(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        other = colleague(boss, at)
        third = colleague(boss, at, "zhaoqiang")
        until = TODAY + timedelta(days=10)
        identity.delegate(boss, other.person, TENDEREE, until, at=at)
        assert {each.role for each in identity.members(other.person)} == {BIDDER, TENDEREE}
        assert not any(each.administrator for each in identity.members(other.person))
        acting = Actor(other.person, COMPANY, TENDEREE)
        assert rules(lambda: identity.delegate(acting, third.person, TENDEREE, until, at=at)) == [
            "delegation-not-own"
        ]
        assert kinds_about(identity.person_ref(other.person))[-1] == "membership-delegated"

    def test_nobody_delegates_to_strangers_or_roles_not_held(
        self, made: House, boss: Actor, at: datetime
    ) -> None:
        other = colleague(boss, at)
        until = TODAY + timedelta(days=10)
        assert "delegation-colleague" in rules(
            lambda: identity.delegate(boss, made.reviewer.person, TENDEREE, until, at=at)
        )
        assert "delegation-not-own" in rules(
            lambda: identity.delegate(other, boss.person, TENDEREE, until, at=at)
        )

    @given(
        st.builds(
            DelegationFacts,
            by=st.sampled_from("ab"),
            to=st.sampled_from("ab"),
            own=st.booleans(),
            delegated=st.booleans(),
            colleague=st.booleans(),
        ),
        st.integers(-2, 2) | st.integers(DELEGATED_AT_MOST - 2, DELEGATED_AT_MOST + 2) | st.none(),
    )
    def test_the_limits_of_a_delegation(self, facts: DelegationFacts, days: int | None) -> None:
        ends_on = None if days is None else TODAY + timedelta(days=days)
        fine = facts.own and not facts.delegated and facts.colleague and facts.by != facts.to
        fine = fine and days is not None and 0 <= days <= DELEGATED_AT_MOST
        assert (not list(delegation_findings(facts, ends_on, TODAY))) == fine


def test_the_page_of_a_colleague_does_everything_and_is_for_administrators_alone(
    made: House, boss: Actor, at: datetime
) -> None:
    other = colleague(boss, at)
    client, path = entered(boss), f"/account/organisation/people/{other.person}/"
    for do, shown in (
        ("suspend", "已暂停"),
        ("resume", "暂停此人的全部身份"),
        ("administrator", "取消管理员"),
        ("no-administrator", "设为管理员"),
    ):
        assert client.post(path, {"do": do}).status_code == 302
        assert shown in client.get(path).content.decode()
    assert client.post(path, {"do": "grant", "role": TENDEREE, "ends_on": "2020-01-01"}).status_code == 422
    assert client.post(path, {"do": "grant", "role": TENDEREE, "ends_on": "2026-12-31"}).status_code == 302
    assert "2026-12-31 24:00" in client.get(path).content.decode()
    assert client.post(path, {"do": f"end:{TENDEREE}"}).status_code == 302
    assert client.post(path, {"do": "nonsense"}).status_code == 302
    assert entered(other).get(path).status_code == 404
    assert client.get("/account/organisation/people/P-NOBODY000000/").status_code == 404
    assert client.get(f"/en{path}").status_code == 200
    page = entered(boss).get("/account/organisation/delegation/").content.decode()
    assert "李伟" in page
    assert client.post(path, {"do": "hand-over"}).status_code == 302
    assert client.get(path).status_code == 404
