"""Logging in: two factors, nothing learnt by guessing, lockouts that survive a restart, roles checked every time."""

from __future__ import annotations

import base64
from datetime import datetime, timedelta
from importlib import import_module

import pyotp
import pytest
from django.apps import apps
from django.conf import settings
from django.core.cache import cache
from django.db import connection
from django.test import Client
from hypothesis import given
from hypothesis import strategies as st

from tests.identity.people import COMPANY, PASSWORD, House, admitted, house, kinds_about
from yiwang.common.identity import api as identity
from yiwang.common.identity import codes
from yiwang.common.identity.address import client_address
from yiwang.common.identity.models import Attempt, Person
from yiwang.common.identity.rules.recovery import RECOVERY_CODES
from yiwang.common.identity.rules.register import login_name
from yiwang.common.identity.throttle import (
    LOGIN,
    LOGIN_FROM_ADDRESS,
    ONE_TIME_CODE,
    Limit,
    forget_tries,
    note_tries,
    wait_seconds,
)
from yiwang.pure.kernel.actors import BIDDER, TENDEREE
from yiwang.pure.kernel.findings import Refused
from yiwang.record.journal.api import found, real_now

LOGIN_PAGE = "/account/login/"
SECOND = timedelta(seconds=1)


@pytest.fixture
def made(rehearsal: object, at: datetime) -> House:
    return house(at)


def give_password(client: Client, username: str, password: str = PASSWORD, **more: str):
    return client.post(LOGIN_PAGE, {"username": username, "password": password, **more})


def enrolled(client: Client, username: str, **more: str) -> str:
    """Logs ``username`` in for the first time; gives the secret of the one-time codes."""
    assert give_password(client, username, **more)["Location"] == "/account/enrol/"
    secret = client.get("/account/enrol/").context["secret"]
    answer = client.post("/account/enrol/", {"code": pyotp.TOTP(secret).at(real_now())})
    assert answer.status_code == 200, answer.content.decode()
    assert len(answer.context["made"]) == RECOVERY_CODES
    return secret


def later_code(secret: str) -> str:
    """A code one step ahead of now: valid (clocks differ) and not used yet."""
    return pyotp.TOTP(secret).at(real_now() + timedelta(seconds=30))


class TestTwoFactors:
    def test_first_login_enrols_the_next_asks_for_the_code(self, made: House) -> None:
        client = Client()
        secret = enrolled(client, "reviewer")
        assert client.get("/account/review/").status_code == 200
        again = Client()
        assert give_password(again, "reviewer")["Location"] == "/account/one-time-code/"
        assert again.post("/account/one-time-code/", {"code": later_code(secret)}).status_code == 302
        assert again.get("/account/review/").status_code == 200
        kinds = kinds_about(identity.person_ref(made.reviewer.person))
        assert kinds[-4:] == ["person-enrolled", "logged-in", "recovery-codes-made", "logged-in"]

    def test_the_password_alone_opens_nothing(self, made: House) -> None:
        client = Client()
        give_password(client, "reviewer")
        assert client.get("/account/review/").status_code == 302
        assert "_auth_user_id" not in client.session

    def test_a_code_works_once(self, made: House) -> None:
        secret = enrolled(Client(), "reviewer")
        code = later_code(secret)
        answers = []
        for client in (Client(), Client()):
            give_password(client, "reviewer")
            answers.append(client.post("/account/one-time-code/", {"code": code}).status_code)
        assert answers == [302, 422]

    def test_the_secret_is_sealed_at_rest_and_opens_with_an_older_key(self, made: House, settings) -> None:
        secret = enrolled(Client(), "reviewer")
        sealed = Person.objects.get(code=made.reviewer.person).totp_sealed
        assert secret not in sealed
        settings.SECRET_KEY_FALLBACKS = [settings.SECRET_KEY]
        settings.SECRET_KEY = "another-key-of-the-house"
        assert codes.unseal(sealed) == secret

    def test_a_second_enrolment_does_not_replace_the_first(self, made: House) -> None:
        first, second = Client(), Client()
        for client in (first, second):
            give_password(client, "reviewer")
        secrets = [client.get("/account/enrol/").context["secret"] for client in (first, second)]
        assert secrets[0] != secrets[1]
        assert (
            first.post("/account/enrol/", {"code": pyotp.TOTP(secrets[0]).at(real_now())}).status_code == 200
        )
        answer = second.post("/account/enrol/", {"code": pyotp.TOTP(secrets[1]).at(real_now())})
        assert answer["Location"] == "/account/one-time-code/"

    def test_the_session_gets_a_new_key_at_each_step(self, made: House) -> None:
        client = Client()
        client.get(LOGIN_PAGE)
        give_password(client, "reviewer")
        pending = client.session.session_key
        secret = client.get("/account/enrol/").context["secret"]
        client.post("/account/enrol/", {"code": pyotp.TOTP(secret).at(real_now())})
        assert client.session.session_key != pending

    def test_the_second_step_expires(self, made: House) -> None:
        client = Client()
        give_password(client, "reviewer")
        session = client.session
        kept = session["identity.pending"]
        kept["since"] = "2020-01-01T00:00:00.000000Z"
        session["identity.pending"] = kept
        session.save()
        assert client.get("/account/enrol/")["Location"] == LOGIN_PAGE

    @given(st.integers(-3, 3))
    def test_codes_of_the_neighbouring_steps_count_and_no_others(self, offset: int) -> None:
        now = datetime.fromisoformat("2026-03-02T02:00:05+00:00")
        secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
        code = pyotp.TOTP(secret).at(now + timedelta(seconds=30 * offset))
        step = codes.step_of(secret, code, now, 0)
        assert (step is not None) == (abs(offset) <= 1)
        if step is not None:
            assert codes.step_of(secret, code, now, step) is None

    def test_the_codes_are_those_of_rfc_6238(self) -> None:
        """RFC 6238, appendix B, SHA-1, the last six of its eight digits."""
        key = base64.b32encode(b"12345678901234567890").decode()
        for seconds, code in ((59, "287082"), (1111111109, "081804"), (2000000000, "279037")):
            now = datetime.fromtimestamp(seconds, tz=real_now().tzinfo)
            assert codes.step_of(key, code, now, 0) == seconds // 30
            wide = "".join(chr(ord(each) + 0xFEE0) for each in code)  # as a Chinese keyboard writes it
            assert codes.step_of(key, f"{wide[:3]}　{wide[3:]}", now, 0) == seconds // 30


def wide(name: str) -> str:
    """``name`` as a Chinese keyboard writes it in full width."""
    return "".join(chr(ord(each) + 0xFEE0) if "!" <= each <= "~" else each for each in name)


class TestWidth:
    @pytest.mark.parametrize("mine", ["13893800001", "ｌｉｗｅｉ＠９", "李伟－１", "Liwei.9"])
    def test_a_name_is_one_login_in_both_widths(self, made: House, at: datetime, mine: str) -> None:
        plain = login_name(mine)
        person = identity.create_person(mine, PASSWORD, "李伟", at=at)
        assert Person.objects.get(code=person).username == plain
        for typed in (plain, wide(plain), f"　{wide(plain)} "):
            assert give_password(Client(), typed)["Location"] == "/account/enrol/", typed
            with pytest.raises(Refused) as refused:
                identity.create_person(typed, PASSWORD, "王强", at=at)
            assert [each.rule for each in refused.value.findings] == ["username-taken"]
        assert give_password(Client(), plain.swapcase()).status_code == (
            302 if plain.swapcase() == plain else 422
        )

    def test_wrong_passwords_count_for_the_name_in_whichever_width(self, made: House) -> None:
        for number in range(LOGIN_FROM_ADDRESS.most):
            give_password(Client(), ("reviewer", wide("reviewer"))[number % 2], "wrong password")
        for name in ("reviewer", wide("reviewer")):
            answer = give_password(Client(), name)
            assert answer.status_code == 422
            assert "15 分钟" in answer.content.decode()

    def test_names_from_before_become_plain_and_two_of_one_name_stay_apart(
        self, made: House, at: datetime
    ) -> None:
        first, second, third = (
            identity.create_person(each, PASSWORD, "李伟", at=at) for each in ("first", "second", "third")
        )
        Person.objects.filter(code=first).update(username=wide("alone-1"))
        Person.objects.filter(code=second).update(username=wide("both-2"))
        Person.objects.filter(code=third).update(username="both-2")
        import_module("yiwang.common.identity.migrations.0012_login_names_of_one_width").narrow(
            apps, connection.schema_editor()
        )
        names = dict(Person.objects.filter(code__in=(first, second, third)).values_list("code", "username"))
        assert names == {first: "alone-1", second: wide("both-2"), third: "both-2"}
        found = [
            Person.objects.get_by_natural_key(each).code
            for each in (wide("alone-1"), wide("both-2"), "both-2")
        ]
        assert found == [first, second, third]


class TestGuessing:
    def test_unknown_wrong_and_closed_look_the_same(self, made: House, at: datetime) -> None:
        identity.close_person(made.operator, made.second_reviewer.person, at=at)
        pages = []
        for username, password in (
            ("nobody-at-all", PASSWORD),
            ("reviewer", "wrong password"),
            ("reviewer2", PASSWORD),
        ):
            answer = give_password(Client(), username, password)
            assert answer.status_code == 422
            pages.append(str(answer.context["form"].non_field_errors()))
        assert len(set(pages)) == 1

    @pytest.mark.parametrize("username", ["reviewer", "nobody-at-all"])
    def test_five_wrong_passwords_lock_even_the_right_one(self, made: House, username: str) -> None:
        for _ in range(LOGIN_FROM_ADDRESS.most):
            give_password(Client(), username, "wrong password")
        cache.clear()  # nothing of it lives in the memory of a process
        answer = give_password(Client(), username)
        assert answer.status_code == 422
        assert "15 分钟" in answer.content.decode()

    def test_another_address_is_not_locked_out(self, made: House) -> None:
        for _ in range(LOGIN_FROM_ADDRESS.most):
            give_password(Client(), "reviewer", "wrong password")
        elsewhere = Client(REMOTE_ADDR="203.0.113.9")
        assert give_password(elsewhere, "reviewer").status_code == 302

    def test_a_success_forgives_earlier_mistakes(self, made: House) -> None:
        for _ in range(2):
            for _ in range(LOGIN_FROM_ADDRESS.most - 1):
                assert give_password(Client(), "reviewer", "wrong password").status_code == 422
            assert give_password(Client(), "reviewer").status_code == 302

    def test_one_time_codes_cannot_be_guessed_through(self, made: House) -> None:
        secret = enrolled(Client(), "reviewer")
        client = Client()
        give_password(client, "reviewer")
        for _ in range(ONE_TIME_CODE.most):
            assert client.post("/account/one-time-code/", {"code": "000000"}).status_code == 422
        assert client.post("/account/one-time-code/", {"code": later_code(secret)}).status_code == 422
        assert kinds_about(identity.person_ref(made.reviewer.person))[-1] == "login-locked"

    def test_the_table_names_nobody(self, made: House) -> None:
        give_password(Client(), "reviewer", "wrong password")
        assert Attempt.objects.count() == 3
        assert all(len(each.key) == 64 and "reviewer" not in each.key for each in Attempt.objects.all())

    def test_the_header_of_a_proxy_counts_only_where_the_house_says_so(self, made: House, settings) -> None:
        def tries(address: str):
            for _ in range(LOGIN_FROM_ADDRESS.most):
                client = Client(headers={"X-Real-IP": address})
                give_password(client, "reviewer", "wrong password")
            return give_password(Client(headers={"X-Real-IP": "198.51.100.7"}), "reviewer")

        settings.CLIENT_ADDRESS_HEADER = "X-Real-IP"
        assert tries("203.0.113.9").status_code == 302
        settings.CLIENT_ADDRESS_HEADER = ""
        assert tries("203.0.113.10").status_code == 422

    def test_of_a_list_in_that_header_only_what_the_nearest_proxy_added_counts(self, settings, rf) -> None:
        settings.CLIENT_ADDRESS_HEADER = "X-Forwarded-For"
        for claimed in ("198.51.100.7", "203.0.113.1, 198.51.100.7", "made up, 10.0.0.1,198.51.100.7 "):
            assert client_address(rf.get("/", headers={"X-Forwarded-For": claimed})) == "198.51.100.7"
        assert client_address(rf.get("/")) == "127.0.0.1"


class TestLimits:
    LIMIT = Limit("test", 3, 60, 120)

    @pytest.mark.parametrize(("seconds", "wait"), [(0, 121), (119, 2), (120, 0), (121, 0)])
    def test_a_lock_ends_at_its_second(
        self, rehearsal: object, at: datetime, seconds: int, wait: int
    ) -> None:
        tries = [(self.LIMIT, "x")]
        assert [note_tries(tries, at) for _ in range(3)] == [False, False, True]
        assert wait_seconds(tries, at + seconds * SECOND) == wait

    @pytest.mark.parametrize(("gap", "locked"), [(59, True), (60, False)])
    def test_only_tries_within_the_window_add_up(
        self, rehearsal: object, at: datetime, gap: int, locked: bool
    ) -> None:
        tries = [(self.LIMIT, "x")]
        note_tries(tries, at)
        note_tries(tries, at)
        assert note_tries(tries, at + gap * SECOND) is locked

    def test_after_a_lock_counting_begins_again(self, rehearsal: object, at: datetime) -> None:
        tries = [(self.LIMIT, "x")]
        for _ in range(3):
            note_tries(tries, at)
        assert note_tries(tries, at + 120 * SECOND) is False
        assert wait_seconds(tries, at + 120 * SECOND) == 0

    def test_subjects_do_not_touch_each_other(self, rehearsal: object, at: datetime) -> None:
        for _ in range(3):
            note_tries([(self.LIMIT, "x")], at)
        assert wait_seconds([(self.LIMIT, "y"), (LOGIN, "x")], at) == 0
        forget_tries([(self.LIMIT, "x")])
        assert wait_seconds([(self.LIMIT, "x")], at) == 0

    def test_old_counters_are_thrown_away(self, rehearsal: object, at: datetime) -> None:
        note_tries([(self.LIMIT, "x")], at)
        note_tries([(self.LIMIT, "y")], at + timedelta(days=3))
        assert Attempt.objects.count() == 1


class TestRoles:
    def test_who_holds_several_roles_chooses_one(self, made: House, at: datetime) -> None:
        admitted(made, at)
        client = Client()
        enrolled(client, "applicant", next="/account/organisation/")
        page = client.get("/account/choose/", {"next": "/account/organisation/"})
        assert [each.role for each, _ in page.context["held"]] == [BIDDER, TENDEREE]
        answer = client.post(
            "/account/choose/", {"as": f"{COMPANY}:{TENDEREE}", "next": "/account/organisation/"}
        )
        assert answer["Location"] == "/account/organisation/"
        chosen = client.get("/account/organisation/").wsgi_request.actor
        assert (chosen.organisation, chosen.role) == (COMPANY, TENDEREE)

    def test_a_role_not_held_cannot_be_chosen(self, made: House, at: datetime) -> None:
        client = Client()
        enrolled(client, "reviewer")
        client.post("/account/choose/", {"as": f"{COMPANY}:{TENDEREE}"})
        assert client.get("/account/review/").wsgi_request.actor == made.reviewer

    def test_a_role_ended_a_second_ago_acts_no_more(self, made: House, at: datetime) -> None:
        client = Client()
        enrolled(client, "reviewer")
        assert client.get("/account/review/").status_code == 200
        identity.end_membership(
            made.operator,
            person=made.reviewer.person,
            organisation=made.reviewer.organisation,
            role="centre",
            at=at,
        )
        assert client.get("/account/review/").status_code == 403
        identity.close_person(made.operator, made.reviewer.person, at=at)
        assert client.get("/account/review/").status_code == 302

    def test_logging_out_ends_the_session_and_needs_a_post(self, made: House) -> None:
        client = Client()
        enrolled(client, "reviewer")
        assert client.get("/account/logout/").status_code == 405
        client.post("/account/logout/")
        assert client.get("/account/review/").status_code == 302

    @pytest.mark.parametrize("url", ["https://evil.example/", "//evil.example/", "javascript:alert(1)"])
    def test_nobody_is_sent_to_another_site(self, made: House, url: str) -> None:
        client = Client()
        give_password(client, "reviewer", next=url)
        secret = client.get("/account/enrol/").context["secret"]
        answer = client.post("/account/enrol/", {"code": pyotp.TOTP(secret).at(real_now())})
        assert answer.context["next"].startswith("/")
        assert "evil" not in answer.context["next"]
        assert "javascript" not in answer.context["next"]


class TestEnterAs:
    def test_in_a_rehearsal_anybody_enters_as_anybody(self, made: House) -> None:
        client = Client()
        page = client.get("/account/enter-as/")
        assert "审核员" in page.content.decode()
        who = made.reviewer
        client.post("/account/enter-as/", {"as": f"{who.person}:{who.organisation}:{who.role}"})
        assert client.get("/account/review/").wsgi_request.actor == who

    def test_nobody_enters_in_a_role_that_the_person_does_not_hold(self, made: House) -> None:
        client = Client()
        forged = f"{made.reviewer.person}:{made.reviewer.organisation}:operator"
        assert client.post("/account/enter-as/", {"as": forged}).status_code == 404
        assert "_auth_user_id" not in client.session

    def test_in_a_real_database_the_page_does_not_exist(self, db: None, at: datetime) -> None:
        found("real", at)
        made = house(at)
        who = f"{made.reviewer.person}:{made.reviewer.organisation}:{made.reviewer.role}"
        client = Client()
        assert client.get("/account/enter-as/").status_code == 404
        assert client.post("/account/enter-as/", {"as": who}).status_code == 404
        assert "_auth_user_id" not in client.session
        assert "enter-as" not in client.get(LOGIN_PAGE).content.decode()


def test_the_form_refuses_a_request_without_its_token(made: House) -> None:
    strict = Client(enforce_csrf_checks=True)
    answer = strict.post(LOGIN_PAGE, {"username": "reviewer", "password": PASSWORD})
    assert answer.status_code == 403
    assert settings.CSRF_FAILURE_VIEW.startswith("yiwang.common.shell")
