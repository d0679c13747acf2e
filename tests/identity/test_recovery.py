"""A lost second step: codes from paper, each once; resets by two people; everything on record, the owner told."""

from __future__ import annotations

from datetime import datetime, timedelta

import pyotp
import pytest
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.people import COMPANY, PASSWORD, House, admitted, house, kinds_about, registered
from tests.identity.test_login import enrolled, give_password
from tests.identity.test_pages import entered
from yiwang.common.identity import api as identity
from yiwang.common.identity.models import LoginReset, RecoveryCode
from yiwang.common.identity.paper_codes import new_paper_code, paper_digest
from yiwang.common.identity.rules.recovery import (
    ASKED,
    RESET_STATUSES,
    ResetFacts,
    asking_findings,
    deciding_findings,
)
from yiwang.common.identity.throttle import ONE_TIME_CODE, RESET_CODES
from yiwang.pure.kernel.actors import APPLICANT, BIDDER, Actor
from yiwang.pure.kernel.days import iso
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import real_now

RULES_TESTED = (asking_findings, deciding_findings)
REVIEW = "/account/review/"
REASON = "本人到场，手机丢失"


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


def rules(verb) -> list[str]:
    with pytest.raises(Refused) as refused:
        verb()
    return [each.rule for each in refused.value.findings]


def reset(made: House, username: str, password: str, at: datetime) -> str:
    """Two of the house reset a login; gives the code of the person, who has entered the reset code."""
    code = identity.ask_reset(made.operator, username, REASON, at=at)
    paper = identity.decide_reset(made.second_reviewer, code, True, now=real_now(), at=at)
    return identity.redeem_reset(paper, password, address="", now=real_now(), at=at)


def with_codes(username: str = "reviewer") -> tuple[Client, list[str]]:
    """A person who has logged in once, and their recovery codes."""
    client = Client()
    enrolled(client, username)
    return client, client.post("/account/recovery-codes/").context["made"]


def recover(username: str, code: str) -> tuple[Client, int]:
    client = Client()
    give_password(client, username)
    return client, client.post("/account/recovery/", {"code": code}).status_code


class TestRecoveryCodes:
    def test_one_opens_the_login_once_and_asks_for_a_new_second_step(self, made: House) -> None:
        first, codes = with_codes()
        assert first.get(REVIEW).status_code == 200
        client, status = recover("reviewer", codes[3].lower().replace("-", " "))
        assert status == 302
        assert first.get(REVIEW).status_code == 302, "the sessions of before have ended"
        assert client.get(REVIEW).status_code == 302, "without a new second step nothing is open"
        secret = client.get("/account/enrol/").context["secret"]
        done = client.post("/account/enrol/", {"code": pyotp.TOTP(secret).at(real_now())})
        assert len(done.context["made"]) == 10
        assert "安全提醒" in done.content.decode()
        assert "安全提醒" not in client.get(REVIEW).content.decode()
        assert recover("reviewer", codes[3])[1] == 422
        assert recover("reviewer", codes[4])[1] == 422, "the new set made the old one void"
        assert "recovery-used" in kinds_about(identity.person_ref(made.reviewer.person))

    def test_without_the_password_a_code_opens_nothing(self, made: House) -> None:
        _, codes = with_codes()
        stranger = Client()
        assert stranger.post("/account/recovery/", {"code": codes[0]})["Location"] == "/account/login/"
        client = Client()
        give_password(client, "reviewer2")
        assert client.post("/account/recovery/", {"code": codes[0]}).status_code == 422

    def test_they_are_kept_as_digests_alone(self, made: House) -> None:
        _, codes = with_codes()
        kept = {each.sha256 for each in RecoveryCode.objects.all()}
        assert {paper_digest(each) for each in codes} <= kept
        assert not kept & set(codes)
        assert len(set(codes)) == 10

    def test_new_ones_make_the_old_ones_void_and_the_page_shows_them_once(self, made: House) -> None:
        client, codes = with_codes()
        page = client.get("/account/recovery-codes/").content.decode()
        assert codes[0] not in page
        newer = client.post("/account/recovery-codes/").context["made"]
        assert recover("reviewer", codes[0])[1] == 422
        assert recover("reviewer", newer[0])[1] == 302

    def test_they_cannot_be_guessed_through(self, made: House) -> None:
        _, codes = with_codes()
        for _ in range(ONE_TIME_CODE.most):
            assert recover("reviewer", "AAAA-AAAA-AAAA-AAAA")[1] == 422
        assert recover("reviewer", codes[0])[1] == 422
        assert kinds_about(identity.person_ref(made.reviewer.person))[-1] == "login-locked"

    @given(st.integers(0, 18), st.sampled_from("23456789ABCDEFGHJKLMNPQRSTUVWXYZ"))
    def test_every_other_character_is_another_code(self, place: int, char: str) -> None:
        code = new_paper_code()
        if code[place] == "-" or code[place] == char:
            return
        assert paper_digest(code[:place] + char + code[place + 1 :]) != paper_digest(code)
        assert paper_digest(f" {code.lower()}".replace("-", "")) == paper_digest(code)
        assert paper_digest("".join(chr(ord(each) + 0xFEE0) for each in code)) == paper_digest(code)


class TestResets:
    def test_two_people_reset_a_third_who_sets_up_everything_anew(self, made: House, at: datetime) -> None:
        first, codes = with_codes()
        code = identity.ask_reset(made.operator, "reviewer", REASON, at=at)
        paper = identity.decide_reset(made.second_reviewer, code, True, now=real_now(), at=at)
        client = Client()
        form = {"code": paper, "password": "another long secret", "password_again": "another long secret"}
        assert client.post("/account/reset/", form)["Location"] == "/account/enrol/"
        assert first.get(REVIEW).status_code == 302
        assert recover("reviewer", codes[0])[1] == 302, "only to the login: the old password is gone"
        assert give_password(Client(), "reviewer").status_code == 422
        secret = client.get("/account/enrol/").context["secret"]
        done = client.post("/account/enrol/", {"code": pyotp.TOTP(secret).at(real_now())})
        assert done.content.decode().count("安全提醒") == 2
        assert client.get(REVIEW).status_code == 200
        assert Client().post("/account/reset/", form).status_code == 422
        kinds = kinds_about(identity.person_ref(made.reviewer.person))
        assert [each for each in kinds if "reset" in each] == ["reset-asked", "reset-allowed", "login-reset"]

    def test_one_person_alone_resets_nobody(self, made: House, at: datetime) -> None:
        code = identity.ask_reset(made.operator, "reviewer", REASON, at=at)
        decide = lambda by: identity.decide_reset(by, code, True, now=real_now(), at=at)  # noqa: E731
        assert rules(lambda: decide(made.operator)) == ["reset-four-eyes"]
        assert rules(lambda: decide(made.reviewer)) == ["reset-four-eyes"]
        assert rules(lambda: decide(made.supervisor)) == ["reset-not-entitled"]
        assert rules(lambda: decide(Actor("P-0", "", APPLICANT))) == ["no-permission"]
        assert LoginReset.objects.get().status == ASKED
        waits = [
            identity.waiting_verifications(each).resets
            for each in (made.operator, made.reviewer, made.second_reviewer)
        ]
        assert waits == [0, 0, 1], "neither for who asked nor for whom it is asked"
        identity.submit_registration(registered(made, at), COMPANY, at=at)
        assert identity.waiting_verifications(made.reviewer).registrations == 1
        assert identity.waiting_registrations() == 1
        assert decide(made.second_reviewer)
        assert identity.waiting_verifications(made.second_reviewer).resets == 0
        assert rules(lambda: decide(made.second_reviewer)) == ["reset-decided"]

    def test_nobody_asks_for_themselves_or_twice_or_for_strangers(self, made: House, at: datetime) -> None:
        ask = lambda by, who="reviewer": identity.ask_reset(by, who, REASON, at=at)  # noqa: E731
        assert rules(lambda: ask(made.reviewer)) == ["not-oneself"]
        boss = admitted(made, at)
        unknown = rules(lambda: ask(boss, "nobody-at-all"))
        assert rules(lambda: ask(boss, "reviewer")) == unknown == ["reset-not-entitled"]
        ask(made.operator)
        assert rules(lambda: ask(made.second_reviewer)) == ["reset-asked-already"]

    def test_an_administrator_asks_for_a_colleague_and_the_centre_allows(
        self, made: House, at: datetime
    ) -> None:
        boss = admitted(made, at)
        identity.add_person(
            boss, COMPANY, username="liwei", password=PASSWORD, name="李伟", roles=[BIDDER], at=at
        )
        code = identity.ask_reset(boss, "liwei", REASON, at=at)
        assert identity.decide_reset(made.reviewer, code, True, now=real_now(), at=at)
        colleague = identity.add_person(
            boss, COMPANY, username="zhao", password=PASSWORD, name="赵强", roles=[BIDDER], at=at
        )
        other = identity.ask_reset(made.operator, "liwei", REASON, at=at)
        decide = lambda by: identity.decide_reset(by, other, False, now=real_now(), at=at)  # noqa: E731
        assert rules(lambda: decide(Actor(colleague, COMPANY, BIDDER))) == ["reset-not-entitled"]
        assert decide(boss) == ""

    def test_a_code_is_good_for_a_day_and_not_guessed_through(self, made: House, at: datetime) -> None:
        code = identity.ask_reset(made.operator, "reviewer", REASON, at=at)
        now = real_now()
        paper = identity.decide_reset(made.second_reviewer, code, True, now=now, at=at)
        redeem = lambda typed, when, address="203.0.113.9": identity.redeem_reset(  # noqa: E731
            typed, "another long secret", address=address, now=when, at=at
        )
        assert rules(lambda: redeem(paper, now + timedelta(hours=24), "")) == ["reset-code"]
        assert rules(lambda: identity.redeem_reset(paper, "short", address="1", now=now, at=at)) == [
            "password-short"
        ]
        later = now + timedelta(hours=2)
        for _ in range(RESET_CODES.most):
            assert rules(lambda: redeem("AAAA-AAAA-AAAA-AAAA", later)) == ["reset-code"]
        assert rules(lambda: redeem(paper, later)) == ["login-locked"]
        assert redeem(paper, later + timedelta(minutes=15)) == made.reviewer.person

    def test_the_pages_from_asking_to_the_code_on_paper(self, made: House, at: datetime) -> None:
        asking, deciding = Client(), Client()
        enrolled(asking, "operator")
        enrolled(deciding, "reviewer2")
        typed = {"username": "nobody-at-all", "reason": REASON}
        page = asking.post("/account/resets/", typed)
        assert page.status_code == 422
        assert REASON in page.content.decode()
        assert asking.post("/account/resets/", {**typed, "username": "ｒｅｖｉｅｗｅｒ"}).status_code == 302
        code = LoginReset.objects.get().code
        assert "待另一人复核" in asking.get("/account/resets/").content.decode()
        assert asking.post(f"/account/resets/{code}/", {"decision": "allow"}).status_code == 422
        shown = deciding.post(f"/account/resets/{code}/", {"decision": "allow"})
        paper = shown.context["paper"]
        assert paper in shown.content.decode()
        assert paper not in deciding.get("/account/resets/").content.decode()

    FACTS = st.builds(
        ResetFacts,
        person=st.sampled_from("abc"),
        by=st.sampled_from("abc"),
        entitled=st.booleans(),
        asked_by=st.sampled_from("abc"),
        status=st.sampled_from(["", *RESET_STATUSES]),
    )

    @given(FACTS)
    def test_whoever_decides_is_a_third(self, facts: ResetFacts) -> None:
        fine = facts.entitled and facts.status == ASKED and facts.by not in (facts.person, facts.asked_by)
        assert (not list(deciding_findings(facts))) == fine

    @given(FACTS, st.integers(3, 7) | st.integers(298, 302))
    def test_whoever_asks_is_another_and_says_why(self, facts: ResetFacts, length: int) -> None:
        fine = facts.entitled and facts.status != ASKED and facts.by != facts.person and 5 <= length <= 300
        assert (not list(asking_findings(facts, "字" * length))) == fine


def test_ending_all_other_sessions_keeps_this_one(made: House, at: datetime) -> None:
    here, _ = with_codes()
    there = Client()
    who = made.reviewer
    there.post("/account/enter-as/", {"as": f"{who.person}:{who.organisation}:{who.role}"})
    assert there.get(REVIEW).status_code == 200
    assert here.post("/account/sessions/end/").status_code == 302
    assert there.get(REVIEW).status_code == 302
    assert here.get(REVIEW).status_code == 200


def test_a_new_password_wants_a_fresh_login_and_ends_the_other_sessions(made: House, at: datetime) -> None:
    here, _ = with_codes()
    there = entered(made.reviewer)
    form = {"password": "a longer secret now", "password_again": "a longer secret now"}
    assert here.post("/account/password/", {**form, "password_again": "other"}).status_code == 422
    assert here.post("/account/password/", dict.fromkeys(form, "short")).status_code == 422
    assert there.get(REVIEW).status_code == 200
    assert here.post("/account/password/", form).status_code == 302
    assert here.get(REVIEW).status_code == 200
    assert there.get(REVIEW).status_code == 302
    assert give_password(Client(), "reviewer").status_code == 422
    assert give_password(Client(), "reviewer", "a longer secret now").status_code == 302
    assert kinds_about(identity.person_ref(made.reviewer.person))[-1] == "password-changed"
    session = here.session
    session["identity.since"] = "2020-01-01T00:00:00.000000Z"
    session["identity.seen"] = iso(real_now())
    session.save()
    assert "login" in here.post("/account/password/", form)["Location"]
